"""Manual page and completion: made from the same source as ``--help``, and understood by the real programs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from entityscan.cli import app, manual

COMMANDS = list(manual.commands(typer.main.get_command(app), "entityscan"))
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
INSTALLED = pytest.mark.skipif(
    shutil.which("entityscan", path=PATH) is None, reason="the command entityscan is not installed"
)


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")


def run(*command: str, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": PATH, **more.pop("environment", {})}
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=False, **more
    )


def page() -> str:
    done = run(sys.executable, "-m", "entityscan", "man")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_command_is_known_by_one_short_line() -> None:
    shown = run(sys.executable, "-m", "entityscan", "--help", environment={"COLUMNS": "80"}).stdout
    assert len(COMMANDS) > 15
    assert "..." not in shown.split("Commands:")[1]


def test_the_manual_page_has_every_command_and_option() -> None:
    text = page().replace("\\-", "-").replace("\\(aq", "'")
    for command in COMMANDS:
        assert command.usage.removeprefix("entityscan ") in text
        for term, words in command.options:
            assert f"\\fB{term}\\fR" in text
            assert words in text


@needs("groff")
def test_the_manual_page_is_sound_roff() -> None:
    done = run("groff", "-man", "-Tutf8", "-ww", "-z", input=page())
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs("man")
def test_man_shows_the_page(tmp_path: Path) -> None:
    (tmp_path / "entityscan.1").write_text(page())
    shown = run("man", "-P", "cat", "-l", str(tmp_path / "entityscan.1"), environment={"MANWIDTH": "80"})
    assert "entityscan extract [OPTIONS] [INPUT]..." in shown.stdout
    assert "Your own equipment families (CSV or TOML); they win over ours." in shown.stdout
    assert "cat article.txt | entityscan extract - | jq -r .name" in shown.stdout


def test_roff_takes_no_text_for_a_request() -> None:
    assert manual._roff(".gitignore") == "\\&.gitignore"
    assert manual._roff("'quoted' a-b \\n") == "\\(aqquoted\\(aq a\\-b \\en"


def completion(shell: str, folder: Path) -> Path:
    script = run("entityscan", environment={"_ENTITYSCAN_COMPLETE": f"source_{shell}"})
    assert script.returncode == 0
    file = folder / f"completion.{shell}"
    file.write_text(script.stdout)
    return file


CASES = [
    ("entityscan extr", ["extract"]),
    ("entityscan extract --ki", ["--kind"]),
    ("entityscan extract --kind pl", ["place"]),
    ("entityscan extract -f geo", ["geojson"]),
    ("entityscan catalogue se", ["search"]),
    ("entityscan extract arti", ["articles"]),
]


@INSTALLED
@needs("bash")
def test_completion_in_bash(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    lines = [f"source {completion('bash', tmp_path)}"]
    for line, _ in CASES[:-1]:
        words = " ".join(f"'{word}'" for word in line.split())
        lines.append(f"COMP_WORDS=({words}); COMP_CWORD={len(line.split()) - 1}")
        lines.append('_entityscan_completion entityscan; echo "${COMPREPLY[@]}"')
    done = run("bash", "--norc", "-c", "\n".join(lines), cwd=tmp_path)
    assert done.stdout.splitlines() == [" ".join(found) for _, found in CASES[:-1]]
    assert done.stderr == ""


@INSTALLED
@needs("bash")
def test_bash_completes_files_where_nothing_else_fits(tmp_path: Path) -> None:
    assert "complete -o default -F" in completion("bash", tmp_path).read_text()


@INSTALLED
@needs("fish")
def test_completion_in_fish(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    asked = "; ".join(f'complete -C "{line}"' for line, _ in CASES)
    done = run("fish", "--no-config", "-c", f"source {completion('fish', tmp_path)}; {asked}", cwd=tmp_path)
    found = [line.split("\t")[0].rstrip("/") for line in done.stdout.splitlines()]
    assert found == [word for _, words in CASES for word in words]


ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; autoload -U compinit; compinit -u; source %s; cd %s'
sleep 1
for line in %s; do zpty -w -n shell "$line"$'\\t'; sleep 1.5; zpty -w -n shell $'\\x15'; done
zpty -w shell ': FINISHED'
zpty -r shell shown '*FINISHED*'
print -r -- "$shown"
"""


@INSTALLED
@needs("zsh")
@pytest.mark.slow
def test_completion_in_zsh(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    cases = CASES[0], CASES[2], CASES[-1]
    typed = " ".join(f"'{line}'" for line, _ in cases)
    done = run("zsh", "-f", "-c", ZSH % (completion("zsh", tmp_path), tmp_path, typed), cwd=tmp_path)
    for line, [word] in cases:
        assert f"{line.rpartition(' ')[0]} {word}" in done.stdout
