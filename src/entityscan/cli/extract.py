"""``entityscan extract``: the main job."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from entityscan.cli.console import (
    SKIPPED,
    USAGE,
    count,
    errors_told,
    fail,
    progress,
    say,
    terminal,
    write_file,
    write_out,
)
from entityscan.cli.options import Equipment, Jobs, Kinds, Model
from entityscan.errors import InputError
from entityscan.reading import FORMATS, STDIN, ReadOptions, read_list
from entityscan.records import Entity, Kind, Result
from entityscan.tagging import DEFAULT_MODEL
from entityscan.writing import ORDERS, SUFFIXES, WRITERS, WriteOptions, select

if TYPE_CHECKING:
    from entityscan.scanning import Ledger

_KIND_ORDER = {kind: number for number, kind in enumerate(Kind)}

OutputFormat = StrEnum("OutputFormat", {name: name for name in WRITERS})  # type: ignore[misc]
InputFormat = StrEnum("InputFormat", {name: name for name in ("auto", *FORMATS)})  # type: ignore[misc]
Order = StrEnum("Order", {name: name for name in ORDERS})  # type: ignore[misc]
_BY_SUFFIX, _BY_MENTIONS = InputFormat("auto"), Order("mentions")


def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ] = None,
    output_format: Annotated[
        OutputFormat | None,
        typer.Option("--format", "-f", help="Output format. [default: table at a terminal, jsonl in a pipe]"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here; the suffix sets the format."),
    ] = None,
    mentions: Annotated[
        bool, typer.Option("--mentions", help="Write mention rows instead of entity rows.")
    ] = False,
    kind: Kinds = None,
    min_mentions: Annotated[
        int, typer.Option(min=1, metavar="N", help="Only entities with at least N mentions.")
    ] = 1,
    named_only: Annotated[
        bool, typer.Option("--named-only", help="Leave out common nouns such as 'tanks'.")
    ] = False,
    sort: Annotated[Order, typer.Option(help="Order of the rows inside each kind.")] = _BY_MENTIONS,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="At most N rows of each kind.")
    ] = None,
    model: Model = DEFAULT_MODEL,
    equipment: Equipment = None,
    jobs: Jobs = 1,
    files_from: Annotated[
        str | None,
        typer.Option(metavar="LIST", help="Read input paths from this file, or - for standard input."),
    ] = None,
    null: Annotated[
        bool, typer.Option("-0", "--null", help="Paths in LIST end in NUL, not in a line feed.")
    ] = False,
    input_format: Annotated[
        InputFormat, typer.Option(help="Input format; auto goes by suffix.")
    ] = _BY_SUFFIX,
    encoding: Annotated[
        str, typer.Option(metavar="NAME", help="Force an encoding. [default: UTF-8, or the BOM's]")
    ] = "",
    text_field: Annotated[str, typer.Option(metavar="NAME", help="JSONL field of the text.")] = "text",
    id_field: Annotated[str, typer.Option(metavar="NAME", help="JSONL field of the id.")] = "id",
    title_field: Annotated[str, typer.Option(metavar="NAME", help="JSONL field of the title.")] = "title",
    date_field: Annotated[str, typer.Option(metavar="NAME", help="JSONL field of the date.")] = "published",
    no_run: Annotated[
        bool, typer.Option("--no-run", help="JSON: leave out 'run', so outputs can be compared.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No progress and no summary; only problems.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also name what was passed over.")] = False,
) -> None:
    """Find and merge the names in articles."""
    with errors_told():
        paths = _inputs(inputs or [], files_from, null)
        chosen = _format(output_format, output)
        reading = ReadOptions(encoding, input_format.value, text_field, id_field, title_field, date_field)
        with progress(quiet=quiet, verbose=verbose) as watch:
            from entityscan.scanning import ScanOptions, scan

            result, ledger = scan(
                paths,
                ScanOptions(model, jobs, reading, str(equipment or "")),
                stdin=sys.stdin.buffer,
                watch=watch,
            )
        if not ledger.read:
            fail(
                "nothing could be read"
                if ledger.problems
                else "no articles found; name files or folders with text"
            )
        result = replace(
            result, entities=tuple(_rows(result.entities, kind or [], min_mentions, named_only, sort, limit))
        )
        _write(result, chosen, output, mentions=mentions, run=not no_run)
        if not quiet:
            say(_summary(ledger, result))
        if ledger.problems:
            raise typer.Exit(SKIPPED)


def _inputs(inputs: list[str], files_from: str | None, null: bool) -> Iterator[str]:
    """Return the input paths; a terminal without any gets help, never a wait."""
    if files_from is None and not inputs and sys.stdin.isatty():
        typer.echo("Usage: entityscan extract [OPTIONS] [INPUT]...", err=True)
        typer.echo(
            "Name files or folders with articles, or pipe a text in. Try 'entityscan extract --help'.",
            err=True,
        )
        raise typer.Exit(USAGE)
    if files_from is None:
        return iter(inputs or [STDIN])
    if files_from == STDIN and STDIN in inputs:
        raise typer.BadParameter(
            "standard input cannot be both the list and an article", param_hint="--files-from"
        )
    try:
        data = sys.stdin.buffer.read() if files_from == STDIN else Path(files_from).read_bytes()
    except OSError as err:
        raise InputError(
            f"{files_from}: {(err.strerror or str(err)).lower()}; give the list of inputs as a file"
        ) from err
    return iter([*inputs, *read_list(data, null_separated=null)])


def _format(wanted: Any, output: Path | None) -> str:
    if wanted is not None:
        return str(wanted.value)
    if output is not None:
        if output.suffix.lower() not in SUFFIXES:
            raise typer.BadParameter(
                f"{output}: no format is known by that suffix; add --format, or end in one of {' '.join(SUFFIXES)}",
                param_hint="--output",
            )
        return SUFFIXES[output.suffix.lower()]
    return "table" if sys.stdout.isatty() else "jsonl"


def _rows(
    entities: Iterable[Entity],
    kinds: list[Kind],
    min_mentions: int,
    named_only: bool,
    sort: Any,
    limit: int | None,
) -> list[Entity]:
    chosen = select(entities, kinds=kinds, min_mentions=min_mentions, named_only=named_only)
    order = ORDERS[sort.value]
    chosen.sort(key=lambda e: (_KIND_ORDER[e.kind], bool(e.attributes.get("generic")), order(e)))
    if limit is None:
        return chosen
    return [entity for kind in Kind for entity in [e for e in chosen if e.kind is kind][:limit]]


def _write(result: Result, output_format: str, output: Path | None, *, mentions: bool, run: bool) -> None:
    width, color = terminal()
    options = WriteOptions(mentions=mentions, run=run, width=width, color=color and output is None)
    chunks = WRITERS[output_format](result, options)
    if output is not None:
        write_file(output, chunks)
    else:
        write_out(chunks)


def _summary(ledger: "Ledger", result: Result) -> str:
    parts = [
        count(ledger.read, "article"),
        count(ledger.words, "word"),
        count(ledger.mentions, "mention"),
        count(len(result.entities), "entity", "entities"),
    ]
    notes = [
        f"{count(len(ledger.duplicates), 'duplicate')} processed once" if ledger.duplicates else "",
        f"{count(len(ledger.problems), 'input')} skipped" if ledger.problems else "",
        f"{count(passed, 'hidden or binary file')} passed over"
        if (passed := len(ledger.skipped) - len(ledger.problems))
        else "",
    ]
    return "; ".join([", ".join(parts), *filter(None, notes)])
