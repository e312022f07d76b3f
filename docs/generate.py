"""Pages of the site that are made from code and from files elsewhere in the repository; a hook of MkDocs.

``console`` blocks that hold only a command are run over the samples while the site is built, so that the output
on a page is what the command prints.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
COPIES = {
    "index.md": "README.md",
    "changes.md": "CHANGELOG.md",
    "benchmark.md": "bench/README.md",
    "model.md": "models/en_entityscan_news/README.md",
}
"""Pages that are files of the repository."""
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)")
_COMMAND = re.compile(r"```console\n\$ (entityscan [^\n]+)\n```")
_SESSIONS: dict[str, tempfile.TemporaryDirectory[str]] = {}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are copied and generated."""
    for page, source in COPIES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text("utf-8")))
    for page, make in PAGES.items():
        files.append(File.generated(config, f"reference/{page}.md", content="\n".join(make()) + "\n"))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001 - a hook
    """Turn links between files of the repository into links between pages, and run the commands."""
    here = Path(COPIES.get(page.file.src_uri, f"docs/{page.file.src_uri}")).parent
    pages = {source: name for name, source in COPIES.items()}

    def turned(match: re.Match[str]) -> str:
        target = os.path.normpath(here / match[1]).replace(os.sep, "/")
        name = pages.get(target, target.removeprefix("docs/") if target.startswith("docs/") else "")
        if not name:
            raise PluginError(f"{page.file.src_uri}: {match[1]} is no page of the site")
        relative = os.path.relpath(name, Path(page.file.src_uri).parent).replace(os.sep, "/")
        return f"]({relative}{match[2] or ''})"

    markdown = _LINK.sub(turned, markdown)
    return _COMMAND.sub(lambda match: _run(page.file.src_uri, match[1]), markdown)


def _run(page: str, command: str) -> str:
    """Run a command of a page, in a folder that the page's commands share, and show what it prints."""
    if page not in _SESSIONS:
        _SESSIONS[page] = tempfile.TemporaryDirectory()
        Path(_SESSIONS[page].name, "samples").symlink_to(ROOT / "samples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=_SESSIONS[page].name,
        env={**os.environ, "PATH": path, "COLUMNS": "96", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode or "nothing has that name" in done.stderr:  # that a verdict did nothing is no failure
        raise PluginError(f"{page}: {command!r} failed: {done.stderr}")
    return f"```console\n$ {command}\n{done.stdout or done.stderr}```"


def _commands() -> Iterator[str]:
    import typer

    from entityscan.cli import app, manual

    yield "# Commands\n\nMade from `--help`. `entityscan man | man -l -` shows the same in a terminal.\n"
    yield manual.markdown(typer.main.get_command(app), "entityscan")
    yield "## Exit codes\n\n| code | meaning |\n|---|---|"
    yield from (f"| {code} | {text} |" for code, text in manual.EXIT_CODES)


def _schema() -> Iterator[str]:
    from entityscan.schemas import schema

    whole = schema()
    yield "# JSON Schema\n\n`entityscan schema` prints it, `entityscan schema entity` and `mention` that of a line.\n"
    for name, part in {"result": whole, **whole["$defs"]}.items():
        if "properties" in part:
            yield f"## {name}\n\n{part['description']}\n\n| field | type | always | meaning |\n|---|---|---|---|"
            for field, what in part["properties"].items():
                always = "yes" if field in part["required"] else ""
                yield f"| `{field}` | {_type(what)} | {always} | {_meaning(what, whole)} |"
            yield ""


def _type(what: dict[str, Any]) -> str:
    if "$ref" in what:
        name = what["$ref"].rpartition("/")[2]
        return name if name == "kind" else f"[{name}](#{name})"
    if "anyOf" in what:
        return " or ".join(map(_type, what["anyOf"]))
    if "enum" in what:
        return ", ".join(f"`{value}`" for value in what["enum"])
    if "const" in what:
        return f"`{str(what['const']).lower()}`"
    if what.get("type") == "array":
        return f"list of {_type(what['items'])}"
    kinds = what.get("type", "object")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)


def _meaning(what: dict[str, Any], whole: dict[str, Any]) -> str:
    found = what.get("description") or whole["$defs"].get(what.get("$ref", "").rpartition("/")[2], {}).get(
        "description"
    )
    return str(found or "")


def _rules() -> Iterator[str]:
    from entityscan.rules import RULES, SHORT_RULES, VETOES

    yield "# Merge rules\n\nA rule's name stands in the receipts (`why`) of a row. [How it decides](../how-it-decides.md) tells"
    yield "when they are asked.\n"
    groups = {
        "Names of equal standing": RULES,
        "A short name and the full name that it needs": SHORT_RULES,
        "Vetoes: what keeps apart": VETOES,
    }
    for title, rules in groups.items():
        yield f"## {title}\n\n| rule | meaning |\n|---|---|"
        for rule in rules:
            help_text = " ".join((rule.test.__doc__ or "").split("\n\n")[0].split()).replace("|", "\\|")
            yield f"| {rule.name} | {help_text} |"
        yield ""


def _catalogue() -> Iterator[str]:
    from entityscan.gazetteer import load_categories, load_equipment

    families = Counter(family.category for family in load_equipment())
    yield f"# Equipment catalogue\n\n{sum(families.values()):,} families in {len(families)} categories. `entityscan catalogue"
    yield "search NAME` says what a name means, `catalogue list --category tank` lists a category.\n"
    yield "| domain | category | families | nouns that name it |\n|---|---|---|---|"
    for name, category in load_categories().items():
        yield f"| {category.domain} | `{name}` | {families[name]:,} | {', '.join(category.nouns)} |"


def _python() -> Iterator[str]:
    import entityscan

    yield "# Python\n\nThe public surface; [Use it as a library](../library.md) shows it at work.\n"
    first = [name for name in entityscan.__all__ if name[0].islower()]
    for name in [*first, *(name for name in entityscan.__all__ if name not in first)]:
        module = getattr(entityscan, name).__module__
        yield f"::: {module}.{name}\n"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands": _commands,
    "schema": _schema,
    "python": _python,
    "rules": _rules,
    "catalogue": _catalogue,
}
"""Pages that are made from code."""
