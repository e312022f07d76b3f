"""The result as a table for a terminal: grouped by kind, fitted to any width, names never cut away."""

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from entityscan.records import Entity, Kind, Mention, Result

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_HEADINGS = {
    Kind.PERSON: "People",
    Kind.PLACE: "Places",
    Kind.ORGANISATION: "Organisations",
    Kind.EQUIPMENT: "Equipment",
}
COLORS = {Kind.PERSON: "cyan", Kind.PLACE: "green", Kind.ORGANISATION: "yellow", Kind.EQUIPMENT: "magenta"}
_JOINERS = "\u200c\u200d"  # Persian, Indian scripts and emoji are spelt with them
_FORMS_SHOWN = 5  # other spellings listed in a row; the rest is counted
_NARROW, _TINY = 76, 50  # columns under which details, then other spellings, are left out
_SENTENCE_SHOWN = 160  # code points of a mention's sentence


def render(result: Result, mentions: bool, *, width: int, color: bool) -> str:
    """Draw the entities, or the mentions, as text ending in a line feed.

    Args:
        result: What to draw, in the order to draw it.
        mentions: Draw mention rows instead of entity rows.
        width: Columns of the terminal, at least 20.
        color: Write colour codes.
    """
    console = _console(width, color)
    if not result.entities:
        console.print("No entities found.")
    elif mentions:
        console.print(_mention_table(result.entities))
    else:
        for table in _entity_tables(result.entities, width):
            console.print(table)
    return _drawn(console)


def render_rows(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, color: bool
) -> str:
    """Draw any rows under a title as text ending in a line feed; the first column is aligned to the left."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console = _console(width, color)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", title=title, title_justify="left")
    text_columns = {index for row in rows for index, cell in enumerate(row) if not cell[:1].isdigit()}
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", justify="left" if index in text_columns else "right")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console.print(table)
    return _drawn(console)


def drawn(lines: Iterable["Text"], *, width: int, color: bool) -> str:
    """Draw lines of styled text, wrapped to the width, as text ending in a line feed."""
    console = _console(width, color)
    for line in lines:
        console.print(line)
    return _drawn(console)


def _console(width: int, color: bool) -> "Console":
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=max(width, 20),
        force_terminal=color,
        color_system="standard" if color else None,
        legacy_windows=False,
        highlight=False,
        _environ={},
    )


def _drawn(console: "Console") -> str:
    drawn: str = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def _entity_tables(entities: Sequence[Entity], width: int) -> list["Table"]:
    tables = []
    for kind, heading in _HEADINGS.items():
        rows = [entity for entity in entities if entity.kind is kind]
        if rows:
            tables.append(_entity_table(heading, COLORS[kind], rows, width))
    return tables


def _entity_table(heading: str, color: str, rows: Sequence[Entity], width: int) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, header_style="bold")
    table.add_column(Text(f"{heading} ({len(rows)})", style=f"bold {color}"), ratio=5, overflow="fold")
    table.add_column("Mentions" if width >= _TINY else "N", justify="right", no_wrap=True)
    if width >= _TINY:
        table.add_column("Articles", justify="right", no_wrap=True)
        table.add_column("Also written", ratio=6, overflow="fold")
    if width >= _NARROW:
        table.add_column("Details", ratio=4, overflow="fold", style="dim")
    for entity in rows:
        cells = [
            entity.name,
            str(len(entity.mentions)),
            str(entity.documents),
            other_forms(entity),
            details(entity),
        ]
        shown = [Text(printable(cell)) for cell in cells[: len(table.columns)]]
        table.add_row(*shown)
    return table


def other_forms(entity: Entity, most: int = _FORMS_SHOWN) -> str:
    """Return the other spellings of an entity with their counts, the most frequent first."""
    forms = [
        f"{alias.text} ×{alias.count}" if alias.count > 1 else alias.text
        for alias in entity.aliases
        if alias.text != entity.name
    ]
    more = len(forms) - most
    return ", ".join(forms[:most]) + (f", and {more} more" if more > 0 else "")


def details(entity: Entity) -> str:
    """Return what is known of an entity, in a few words."""
    known = entity.attributes
    from entityscan.gazetteer import load_categories  # late: --help must stay instant

    category = load_categories().get(known.get("category", ""))
    parts = [category.label] if category else []
    parts += [str(known[name]) for name in ("acronym", "country", "origin") if known.get(name)]
    if known.get("titles"):
        parts.append(str(known["titles"][0]))
    if known.get("variants"):
        parts.append("variants: " + ", ".join(known["variants"]))
    if known.get("ambiguous"):
        parts.append("short for several")
    return " · ".join(parts)


def _mention_table(entities: Sequence[Entity]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, header_style="bold")
    for heading, ratio in (("Place in the text", 4), ("Text", 3), ("Entity", 3), ("Sentence", 8)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    pairs = [(mention, entity) for entity in entities for mention in entity.mentions]
    for mention, entity in sorted(pairs, key=lambda pair: (pair[0].document, pair[0].start)):
        place = f"{mention.document}:{mention.start}-{mention.end}"
        style = COLORS[entity.kind]
        table.add_row(
            Text(printable(place)),
            Text(printable(mention.text), style=style),
            Text(printable(entity.name)),
            Text(printable(_excerpt(mention))),
        )
    return table


def _excerpt(mention: Mention) -> str:
    sentence = " ".join(mention.sentence.split())
    return sentence if len(sentence) <= _SENTENCE_SHOWN else sentence[: _SENTENCE_SHOWN - 1] + "…"


def printable(text: str) -> str:
    """Replace what could steer a terminal: control characters and marks that change the direction of text."""
    if text.isprintable():
        return text
    return "".join(
        ch if ch.isprintable() or ch in _JOINERS else " " if ch.isspace() else "\ufffd" for ch in text
    )
