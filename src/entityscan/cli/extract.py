"""``entityscan extract``: the main job."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entityscan.cli.cluster import extract_on_ray
from entityscan.cli.console import (
    INTERRUPTED,
    SKIPPED,
    USAGE,
    count,
    errors_told,
    fail,
    progress,
    say,
    write_file,
)
from entityscan.cli.options import Quiet, Scanning, Verdicts, spread
from entityscan.cli.rows import Choice, Target
from entityscan.cli.sources import Articles
from entityscan.errors import InputError
from entityscan.reading import FORMATS, STDIN, ReadOptions, read_list
from entityscan.records import Result
from entityscan.writing import NEED_TEXTS

if TYPE_CHECKING:
    from entityscan.scanning import Ledger

Engine = StrEnum("Engine", ["local", "ray"])
_LOCAL = Engine("local")
InputFormat = StrEnum("InputFormat", {name: name for name in ("auto", *FORMATS)})  # type: ignore[misc]
_BY_SUFFIX = InputFormat("auto")


@spread
def extract(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.", show_default=False),
    ] = None,
    *,
    target: Target,
    choice: Choice,
    db: Annotated[
        str, typer.Option(metavar="FILE", help="Keep everything in this scan file; only new texts are read.")
    ] = "",
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the full account of the run here, as JSON.")
    ] = None,
    scanning: Scanning,
    verdicts: Verdicts = None,
    engine: Annotated[
        Engine, typer.Option(help="Where to work: on this machine, or on a Ray cluster (-o names a folder).")
    ] = _LOCAL,
    address: Annotated[
        str,
        typer.Option(
            metavar="ADDR", help="Ray cluster: auto, or ray://host:port. [default: one started here]"
        ),
    ] = "",
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
    quiet: Quiet = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also name what was passed over.")] = False,
) -> None:
    """Find and merge the names in articles."""
    with errors_told():
        paths = _inputs(inputs or [], files_from, null)
        reading = ReadOptions(encoding, input_format.value, text_field, id_field, title_field, date_field)
        if engine is Engine("ray"):
            local = {"--db": db, "--report": report, "--verdicts": verdicts, "--mentions": target.mentions}
            _refuse({**local, "--format": target.output_format})
            options = scanning.options(reading=reading)
            extract_on_ray(paths, target.output, options, address=address, quiet=quiet, verbose=verbose)
            return
        wants_texts = target.chosen() in NEED_TEXTS
        with ExitStack() as stack:
            with _interrupts_told(db), progress(quiet=quiet, verbose=verbose) as watch:
                from entityscan.scanning import scanned

                options = scanning.options(reading=reading, db=db, verdicts=str(verdicts or ""))
                articles = Articles(watch, keeping=wants_texts)
                run = scanned(paths, options, stdin=sys.stdin.buffer, watch=articles)
                result, ledger = stack.enter_context(run)
            for message in ledger.warnings:
                say(message)
            if report is not None:
                write_file(report, [_report(ledger, result)])
            if not ledger.read and not result.documents:
                fail(
                    "nothing could be read"
                    if ledger.problems
                    else "no articles found; name files or folders with text"
                )
            texts = {key: article.text for key, article in articles.of(result).items()} if wants_texts else {}
            result = choice.of(result)
            target.write(result, texts)
            if not quiet:
                say(_summary(ledger, result, db))
            if ledger.problems:
                raise typer.Exit(SKIPPED)


def _refuse(local: Mapping[str, object]) -> None:
    """Refuse options that only the local engine has."""
    if given := [name for name, value in local.items() if value]:
        raise typer.BadParameter(
            f"{', '.join(given)} cannot be used with --engine ray", param_hint="--engine"
        )


@contextmanager
def _interrupts_told(db: str) -> Iterator[None]:
    """Say what Ctrl-C leaves behind."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted; {db} keeps what is finished, run again to go on" if db else "interrupted")
        raise typer.Exit(INTERRUPTED) from None


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


def _report(ledger: "Ledger", result: Result) -> bytes:
    import orjson

    entities = Counter(entity.kind.value for entity in result.entities)
    whole = {
        "schema": "entityscan-report/1",
        "run": dict(result.run),
        "tagged_now": ledger.tagged,
        "articles_stored": ledger.stored,
        "articles_outdated": ledger.outdated,
        "entities": dict(sorted(entities.items())),
    }
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def _summary(ledger: "Ledger", result: Result, db: str) -> str:
    parts = [
        count(ledger.read, "article"),
        count(ledger.words, "word"),
        count(ledger.mentions, "mention"),
        count(len(result.entities), "entity", "entities"),
    ]
    passed = len(ledger.skipped) - len(ledger.problems)
    notes = [
        f"{count(len(ledger.duplicates), 'duplicate')} processed once" if ledger.duplicates else "",
        count(len(ledger.near_duplicates), "near-duplicate") if ledger.near_duplicates else "",
        f"{count(len(ledger.problems), 'input')} skipped" if ledger.problems else "",
        f"{count(passed, 'hidden or binary file')} passed over" if passed else "",
        f"{count(ledger.tagged, 'text')} new, {count(ledger.stored, 'article')} in {db}" if db else "",
        f"{count(ledger.outdated, 'article')} of other settings, read again to renew"
        if ledger.outdated
        else "",
    ]
    return "; ".join([", ".join(parts), *filter(None, notes)])
