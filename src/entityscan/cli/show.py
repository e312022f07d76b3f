"""``entityscan show``: walk through a result, and look into one entity."""

import os
import re
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from entityscan.cli.console import errors_told, fail, terminal, write_out
from entityscan.cli.options import Scanning, spread
from entityscan.cli.rows import Choice, called
from entityscan.cli.sources import Inputs, found_in
from entityscan.records import DocumentInfo, Entity, Result

_KEYS = {  # what terminals send, on Unix and on Windows
    "up": ("\x1b[A", "\x1bOA", "\xe0H", "\x00H"),
    "down": ("\x1b[B", "\x1bOB", "\xe0P", "\x00P"),
    "right": ("\x1b[C", "\x1bOC", "\xe0M", "\x00M"),
    "left": ("\x1b[D", "\x1bOD", "\xe0K", "\x00K"),
    "page up": ("\x1b[5~", "\xe0I", "\x00I"),
    "page down": ("\x1b[6~", "\xe0Q", "\x00Q", " "),
    "home": ("\x1b[H", "\x1bOH", "\x1b[1~", "\xe0G", "\x00G"),
    "end": ("\x1b[F", "\x1bOF", "\x1b[4~", "\xe0O", "\x00O"),
    "enter": ("\r", "\n"),
    "backspace": ("\x7f", "\x08"),
    "escape": ("\x1b",),
    "tab": ("\t",),
}
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])?|[\xe0\x00].|.", re.DOTALL)
_NAMES = {sent: name for name, all_sent in _KEYS.items() for sent in all_sent}


@spread
def show(
    inputs: Inputs,
    *,
    entity: Annotated[
        str,
        typer.Option("--entity", "-e", metavar="NAME", help="Show this one: a name, any alias, or an id."),
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Print; do not wait for keys.")] = False,
    choice: Choice,
    scanning: Scanning,
) -> None:
    """Walk through the table and into entities.

    One entity is shown with its sentences. Keys move at a terminal; with --plain, and in a pipe, the table or the entity is printed.
    """
    with errors_told():
        result = choice.of(found_in(inputs, scanning, quiet=plain))
        chosen = called(entity, result.entities) if entity else []
        if entity and not chosen:
            fail(f"no row is called {entity!r}; 'entityscan show' without --entity lists the rows")
        if not plain and _has_keys():
            _walk(result, chosen)
        elif chosen:
            _print(chosen, _documents(result))
        else:
            from entityscan.table import render

            width, color = terminal()
            write_out([render(result, False, width=width, color=color).encode("utf-8", "replace")])


def _has_keys() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _documents(result: Result) -> dict[str, DocumentInfo]:
    return {info.id: info for info in result.documents}


def _print(chosen: Sequence[Entity], documents: dict[str, DocumentInfo]) -> None:
    from entityscan.browsing import about
    from entityscan.table import drawn

    width, color = terminal()
    texts = (drawn(about(entity, documents, width), width=width, color=color) for entity in chosen)
    write_out(["\n".join(texts).encode("utf-8", "replace")])


def _walk(result: Result, chosen: Sequence[Entity]) -> None:
    """Draw, wait for a key, until the person leaves."""
    from rich.console import Console, Group

    from entityscan.browsing import Browser

    browser = Browser(chosen or result.entities, _documents(result), opened=len(chosen) == 1)
    console = Console(highlight=False)
    with console.screen() as screen:
        going = True
        while going:
            screen.update(Group(*browser.lines(*console.size)))
            try:
                sent = typer.getchar()  # more than one when keys come fast
            except EOFError:
                return
            going = all(browser.press(_NAMES.get(key, key)) for key in _KEY.findall(sent))
