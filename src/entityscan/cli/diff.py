"""``entityscan diff``: what changed between two saved results."""

from pathlib import Path
from typing import Annotated

import typer

from entityscan.cli.console import USAGE, errors_told, say, terminal, write_out
from entityscan.cli.sources import load_saved

DIFFERENT, TROUBLE = 1, USAGE  # as diff(1) has it


def diff(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="A scan file (.sqlite) or a saved result (.json).")
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another one.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the exit code.")] = False,
) -> None:
    """Show what differs between two results.

    Which entities are new, gone, merged, split, renamed, or mentioned more or less.

    Exit code 0: the same; 1: different; 2: trouble.
    """
    with errors_told(TROUBLE):
        from entityscan import diffing

        comparison = diffing.diff(load_saved(str(old)), load_saved(str(new)))
        if as_json and not quiet:
            import orjson

            write_out([orjson.dumps(diffing.as_json(comparison), option=orjson.OPT_INDENT_2) + b"\n"])
        elif not quiet:
            _show(diffing.rows(comparison))
            for what, ids in (("only in NEW", comparison.added), ("only in OLD", comparison.removed)):
                if ids:
                    say(f"articles {what}: {', '.join(ids[:5])}{' ...' if len(ids) > 5 else ''}")
        raise typer.Exit(0 if comparison.same else DIFFERENT)


def _show(rows: list[tuple[str, ...]]) -> None:
    from entityscan.table import render_rows

    if rows:
        width, color = terminal()
        columns = ("change", "kind", "before", "after", "mentions")
        write_out([render_rows("", columns, rows, width=width, color=color).encode("utf-8", "replace")])
