"""The commands that README and docs show run, where the programs that they pipe to are installed."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
OTHERS = {"datasette"}
"""Programs that do not end."""


def commands_of(page: Path) -> list[str]:
    """The lines of a page's shell blocks, without those that install."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip() and "venv" not in line]


EXAMPLES = [line.split("  #")[0].strip() for line in commands_of(ROOT / "README.md")]
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md") if commands_of(path)
)


def programs(example: str) -> list[str]:
    """The programs that a command line starts: what stands first, and after ``|``, ``&&`` and ``;``."""
    words = shlex.split(example, comments=True)
    starts = [0, *(at + 1 for at, word in enumerate(words) if word in ("|", "&&", ";"))]
    return [words[start] for start in starts]


def missing(example: str) -> list[str]:
    return [program for program in programs(example) if shutil.which(program, path=PATH) is None]


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": PATH},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_programs_of_a_command_line() -> None:
    line = "cat a | entityscan extract - && sqlite3 x 'SELECT a || b; | no' | sort  # | not"
    assert programs(line) == ["cat", "entityscan", "sqlite3", "sort"]


@pytest.mark.parametrize("program", ["jq", "sort", "mlr", "csvcut", "sqlite3", "duckdb"])
def test_readme_has_a_pipe_for_each_well_known_tool(program: str) -> None:
    assert any(program in programs(example)[1:] for example in EXAMPLES)


@pytest.mark.model
@pytest.mark.parametrize("example", EXAMPLES)
def test_readme_examples_run(example: str, tmp_path: Path) -> None:
    if missing(example):
        pytest.skip(f"not installed: {', '.join(missing(example))}")
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    (tmp_path / "articles").mkdir()
    for name in ("politics.txt", "procurement.txt", "wire_report.txt"):
        shutil.copy(ROOT / "samples" / name, tmp_path / "articles")
    shutil.copy(ROOT / "samples" / "wire.jsonl", tmp_path / "feed.jsonl")
    shutil.copy(ROOT / "tests" / "gold" / "gold.jsonl", tmp_path / "gold.jsonl")
    shutil.copy(sorted((ROOT / "samples").glob("*.txt"))[0], tmp_path / "article.txt")
    done = run(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout or any(word in example for word in ("-o ", "> "))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything that the pages speak of."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("articles", "archive"):
        (folder / name).mkdir()
        for article in ("politics.txt", "procurement.txt", "wire_report.txt"):
            shutil.copy(ROOT / "samples" / article, folder / name)
    shutil.copy(ROOT / "samples" / "kosovo.txt", folder / "article.txt")
    for name, page, language in (("mine.csv", "equipment", "csv"), ("verdicts.toml", "verdicts", "toml")):
        text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
        [block] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
        (folder / name).write_text(block.partition("[[different]]")[0])
    command = "extract articles/ -q --db scan.sqlite -o entities.json"
    subprocess.run(
        [sys.executable, "-m", "entityscan", *command.split()],
        cwd=folder,
        env={**os.environ, "PATH": PATH},
        check=True,
        capture_output=True,
    )
    for name, source in (("old.json", "entities.json"), ("new.json", "entities.json")):
        shutil.copy(folder / source, folder / name)
    for name in ("scan.db", "old.sqlite"):
        shutil.copy(folder / "scan.sqlite", folder / name)
    return folder


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_the_commands_on_a_page_run(page: str, scanned: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(scanned, tmp_path / "pages")
    lines = [line for line in commands_of(ROOT / page) if not OTHERS.intersection(programs(line))]
    ran = 0
    for line in lines:
        if missing(line):
            continue
        done = run(line, folder)
        different = line.startswith("entityscan diff") and done.returncode == 1
        assert done.returncode == 0 or different, f"{line}\n{done.stderr}"
        ran += 1
    assert ran


def test_the_own_families_of_the_page_are_the_same_in_both_formats(tmp_path: Path) -> None:
    from entityscan.gazetteer import load_families

    page = (ROOT / "docs" / "equipment.md").read_text("utf-8")
    loaded = []
    for suffix in ("csv", "toml"):
        [text] = re.findall(rf"```{suffix}\n(.*?)```", page, re.DOTALL)
        (tmp_path / f"mine.{suffix}").write_text(text)
        families = load_families(tmp_path / f"mine.{suffix}")
        loaded.append(next(family for family in families if family.name == "Bayonet-9"))
    assert loaded[0] == loaded[1]
