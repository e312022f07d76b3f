"""``entityscan catalogue``: look into the equipment catalogue."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entityscan.cli.console import errors_told, fail, terminal, write_out
from entityscan.cli.options import Equipment
from entityscan.errors import InputError

if TYPE_CHECKING:
    from entityscan.equipment import Finding
    from entityscan.gazetteer import Family

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Look into the equipment catalogue.",
)
Json = Annotated[bool, typer.Option("--json", help="Write JSON lines instead of a table.")]
_EXPLAINED = ("place", "text", "family", "category", "equipment", "evidence")
_COLUMNS = ("family", "category", "origin", "other names", "variants", "needs evidence")


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name, or part of one.")],
    equipment: Equipment = None,
    as_json: Json = False,
) -> None:
    """Show the families that a name means, else those that contain it."""
    with errors_told():
        from entityscan.gazetteer import load_families, spelling_key

        families = load_families(equipment)
        wanted = spelling_key(text)
        exact = [family for family in families if wanted in map(spelling_key, family.spellings)]
        part = [f for f in families if wanted and any(wanted in spelling_key(s) for s in f.spellings)]
        if not (found := exact or part):
            fail(f"nothing in the catalogue is called {text!r}; add it with --equipment FILE")
        _show(found, as_json=as_json)


@app.command()
def show(
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="The family's name, as search prints it.")],
    equipment: Equipment = None,
    as_json: Json = False,
) -> None:
    """Show one family whole."""
    with errors_told():
        from entityscan.gazetteer import load_families

        found = [item for item in load_families(equipment) if item.name.casefold() == family.casefold()]
        if not found:
            fail(f"no family is named {family!r}; try 'entityscan catalogue search'")
        _show(found, as_json=as_json)


@app.command("list")
def list_families(
    category: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this category or domain, such as tank or sea.")
    ] = None,
    equipment: Equipment = None,
    as_json: Json = False,
) -> None:
    """List the families of a category, or all."""
    with errors_told():
        from entityscan.gazetteer import load_categories, load_families

        categories = load_categories()
        known = {*categories, *(item.domain for item in categories.values())}
        if category is not None and category not in known:
            raise InputError(f"no category {category!r}; choose one of: {', '.join(sorted(known))}")
        chosen = [
            family
            for family in load_families(equipment)
            if category in (None, family.category, categories[family.category].domain)
        ]
        _show(chosen, as_json=as_json)


@app.command()
def explain(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="A text, or a file that holds one; - for stdin.")
    ],
    equipment: Equipment = None,
    as_json: Json = False,
) -> None:
    """Show what the catalogue takes for equipment, and why.

    Every possible name, accepted or refused, and the evidence that decided. What is refused here the
    recogniser may still find: 'extract --mentions' names the source.
    """
    from entityscan.equipment import EquipmentFinder
    from entityscan.gazetteer import load_families

    with errors_told():
        findings = EquipmentFinder(load_families(equipment)).explain(_text(text))
        if as_json:
            import orjson

            write_out(orjson.dumps(_finding_record(finding)) + b"\n" for finding in findings)
            return
        from entityscan.table import render_rows

        rows = [
            (
                f"{finding.match.start}-{finding.match.end}",
                finding.match.text,
                finding.match.family,
                finding.match.category,
                "yes" if finding.accepted else "no",
                finding.why,
            )
            for finding in findings
        ]
        width, color = terminal()
        write_out([render_rows("", _EXPLAINED, rows, width=width, color=color).encode()])


def _text(given: str) -> str:
    """Return the text itself, or that of the file or of standard input that is named."""
    if given == "-":
        return sys.stdin.read()
    try:
        return Path(given).read_text("utf-8-sig") if Path(given).is_file() else given
    except UnicodeDecodeError as err:
        raise InputError(f"{given}: not UTF-8 text (byte {err.start})") from err
    except OSError:  # longer than a file name may be
        return given


def _finding_record(finding: "Finding") -> dict[str, Any]:
    match = finding.match
    return {
        "start": match.start,
        "end": match.end,
        "text": match.text,
        "family": match.family,
        "variant": match.variant or None,
        "category": match.category or None,
        "accepted": finding.accepted,
        "why": finding.why,
    }


def _show(families: "Iterable[Family]", *, as_json: bool) -> None:
    if as_json:
        import orjson

        write_out(orjson.dumps(_record(family)) + b"\n" for family in families)
        return
    from entityscan.table import render_rows

    rows = [_row(family) for family in families]
    width, color = terminal()
    write_out([render_rows("", _COLUMNS, rows, width=width, color=color).encode()])


def _row(family: "Family") -> tuple[str, ...]:
    lists = (family.names, family.variants, family.ambiguous)
    return (family.name, family.category, family.origin, *(", ".join(items) for items in lists))


def _record(family: "Family") -> dict[str, Any]:
    from entityscan.gazetteer import load_categories

    return {
        "family": family.name,
        "category": family.category,
        "domain": load_categories()[family.category].domain,
        "origin": family.origin or None,
        "names": family.names,
        "variants": family.variants,
        "ambiguous": family.ambiguous,
        "individual": family.individual,
    }
