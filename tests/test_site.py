"""The documentation as a site: it builds without a warning, has everything, and the commands on its pages run."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from conftest import ROOT

from entityscan import rules
from entityscan.cli import app, manual

PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "docs").glob("*.md")
    if "```sh\n" in path.read_text("utf-8")
)
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "NO_MKDOCS_2_WARNING": "1",
}
OTHERS = {"datasette"}
"""Programs that do not end, or that a page only names."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("material") is None or importlib.util.find_spec("mkdocstrings") is None:
        pytest.skip("needs pip install -e '.[docs]'")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)],
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not re.search(r"WARNING|ERROR", done.stderr)
    return folder


def text_of(site: Path, page: str) -> str:
    html = (site / page / "index.html").read_text("utf-8")
    article = html[html.index("<article") : html.index("</article")]
    text = re.sub(r"<[^>]+>", "", article)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("&#39;", "'")


@pytest.mark.model
@pytest.mark.slow
def test_the_site_has_every_command_rule_and_public_name(site: Path) -> None:
    import entityscan

    commands = text_of(site, "reference/commands")
    for command in manual.commands(typer.main.get_command(app), "entityscan"):
        assert command.usage in commands
        assert all(term in commands for term, _ in command.options)
    listed = text_of(site, "reference/rules")
    for rule in (*rules.RULES, *rules.SHORT_RULES, *rules.VETOES):
        assert f"\n{rule.name}\n" in listed
    python = text_of(site, "reference/python")
    assert all(name in python for name in entityscan.__all__)


@pytest.mark.model
@pytest.mark.slow
def test_the_tutorial_shows_what_the_commands_print(site: Path) -> None:
    tutorial = text_of(site, "tutorial")
    assert tutorial.count("$ entityscan") == (ROOT / "docs" / "tutorial.md").read_text("utf-8").count(
        "$ entityscan"
    )
    assert "entityscan: 14 articles, 4,041 words" in tutorial
    assert "samples/kosovo.txt,242,248,F-117A" in tutorial


@pytest.mark.model
@pytest.mark.slow
def test_the_site_loads_nothing_from_other_servers(site: Path) -> None:
    for page in site.rglob("*.html"):
        html = page.read_text("utf-8")
        assert not re.findall(r"<(?:script|img|iframe)[^>]+src=\"?https?:", html)
        assert not re.findall(r"<link[^>]+stylesheet[^>]+href=\"?https?:", html)


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
        env=ENVIRONMENT,
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
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    ran = 0
    for line in lines:
        words = shlex.split(line, comments=True)
        starts = [0, *(at + 1 for at, word in enumerate(words) if word in ("|", "&&"))]
        programs = [words[start] for start in starts]
        if OTHERS.intersection(programs) or any(
            shutil.which(program, path=ENVIRONMENT["PATH"]) is None for program in programs
        ):
            continue
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line],
            cwd=folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        different = words[:2] == ["entityscan", "diff"] and done.returncode == 1
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
