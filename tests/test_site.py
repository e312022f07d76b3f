"""The documentation as a site: it builds without a warning and has everything."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from conftest import ROOT

from entityscan import rules
from entityscan.cli import app, manual

ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "NO_MKDOCS_2_WARNING": "1",
}


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
