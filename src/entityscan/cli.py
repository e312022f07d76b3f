"""The command line: parse, call, write, and say what happened.

The only module that talks to a person: it alone reads arguments, the environment and the terminal,
prints, and exits. Data goes to standard output and everything else to standard error. What is slow
to import (spaCy, rich) is imported inside the functions that need it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from entityscan.errors import EntityscanError, InputError
from entityscan.reading import FORMATS, STDIN, ReadOptions, read_list
from entityscan.records import Document, Entity, Kind, Result, Skipped
from entityscan.tagging import DEFAULT_MODEL
from entityscan.writing import ORDERS, SUFFIXES, WRITERS, WriteOptions, select

if TYPE_CHECKING:
    from entityscan.scanning import Ledger

FAILED, USAGE, SKIPPED, INTERRUPTED = 1, 2, 3, 130
_KIND_ORDER = {kind: number for number, kind in enumerate(Kind)}

OutputFormat = StrEnum("OutputFormat", {name: name for name in WRITERS})  # type: ignore[misc]
InputFormat = StrEnum("InputFormat", {name: name for name in ("auto", *FORMATS)})  # type: ignore[misc]
Order = StrEnum("Order", {name: name for name in ORDERS})  # type: ignore[misc]

Grouping = StrEnum("Grouping", ["source", "document"])
_BY_SUFFIX, _BY_MENTIONS = InputFormat("auto"), Order("mentions")

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Find every person, place, organisation and piece of military equipment in English news "
        "articles, merged into one table.\n\n"
        "Try: entityscan extract articles/"
    ),
)

Model = Annotated[
    str, typer.Option("--model", "-m", metavar="NAME_OR_PATH", help="Installed spaCy pipeline, or a folder.")
]


def main() -> None:
    """Run the command line; the console script's entry point."""
    app()


def _show_version(wanted: bool) -> None:
    if not wanted:
        return
    import platform

    from entityscan.scanning import package_version

    typer.echo(f"entityscan {package_version('entityscan')}")
    typer.echo(f"python {platform.python_version()}")
    typer.echo(f"spacy {package_version('spacy')}")
    typer.echo(f"model {DEFAULT_MODEL} {package_version(DEFAULT_MODEL)}")
    raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show versions and exit.")
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command(
    epilog="\b\nExamples:\n  entityscan extract articles/\n  entityscan extract articles/ -o entities.json\n"
    "  cat article.txt | entityscan extract - | jq -r .name"
)
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
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", "-k", help="Only this kind; may be repeated.")
    ] = None,
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
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes.")] = 1,
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
    with _errors_told():
        paths = _inputs(inputs or [], files_from, null)
        chosen = _format(output_format, output)
        reading = ReadOptions(encoding, input_format.value, text_field, id_field, title_field, date_field)
        with _progress(quiet=quiet, verbose=verbose) as watch:
            from entityscan.scanning import ScanOptions, scan

            result, ledger = scan(
                paths,
                ScanOptions(model=model, jobs=jobs, reading=reading),
                stdin=sys.stdin.buffer,
                watch=watch,
            )
        if not ledger.read:
            _fail(
                "nothing could be read"
                if ledger.problems
                else "no articles found; name files or folders with text"
            )
        result = replace(
            result, entities=tuple(_rows(result.entities, kind or [], min_mentions, named_only, sort, limit))
        )
        _write(result, chosen, output, mentions=mentions, run=not no_run)
        if not quiet:
            _say(_summary(ledger, result))
        if ledger.problems:
            raise typer.Exit(SKIPPED)


@app.command(
    epilog="\b\nExamples:\n  entityscan evaluate gold.jsonl --errors 10\n"
    "  entityscan evaluate gold.jsonl --predictions mentions.jsonl --json"
)
def evaluate(
    gold: Annotated[
        list[Path],
        typer.Argument(metavar="GOLD", help="Annotated articles: JSONL with spans, CoNLL/IOB, or .spacy."),
    ],
    predictions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Measure these mention rows (JSONL) instead of running the pipeline."
        ),
    ] = None,
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", "-k", help="Only this kind; may be repeated.")
    ] = None,
    errors: Annotated[
        int, typer.Option(min=0, metavar="N", help="Show the N worst mistakes of each class.")
    ] = 0,
    by: Annotated[Grouping | None, typer.Option(help="Also figures for each of these apart.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")] = False,
    model: Model = DEFAULT_MODEL,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes.")] = 1,
) -> None:
    """Measure accuracy and merging against annotated articles."""
    with _errors_told():
        import orjson

        from entityscan import evaluation

        articles = evaluation.read_gold(gold)
        if predictions is not None:
            found = evaluation.read_predictions(predictions)
        else:
            from entityscan.scanning import ScanOptions, scan_documents

            documents = (Document(article.id, article.text) for article in articles)
            found = evaluation.from_entities(scan_documents(documents, ScanOptions(model=model, jobs=jobs)))
        options = evaluation.EvaluationOptions(frozenset(kind or ()), by.value if by else "", errors)
        report = evaluation.evaluate(articles, found, options)
        if as_json:
            _print([orjson.dumps(evaluation.as_json(report), option=orjson.OPT_INDENT_2) + b"\n"])
            return
        from entityscan.table import render_rows

        width, color = _terminal()
        _print(
            render_rows(table.title, table.columns, table.rows, width=width, color=color).encode()
            for table in evaluation.tables(report)
        )


@app.command()
def kinds() -> None:
    """List the kinds of entity, and the categories of equipment."""
    from entityscan.gazetteer import load_categories

    with _errors_told():
        for kind in Kind:
            typer.echo(kind.value)
        for name, category in load_categories().items():
            typer.echo(f"equipment\t{category.domain}\t{name}\t{category.label}")


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
    width, color = _terminal()
    options = WriteOptions(mentions=mentions, run=run, width=width, color=color and output is None)
    chunks = WRITERS[output_format](result, options)
    if output is not None:
        _write_file(output, chunks)
    else:
        _print(chunks)


def _terminal() -> tuple[int, bool]:
    """Return the columns of the terminal, and whether it wants colour."""
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return shutil.get_terminal_size((100, 24)).columns, color


def _print(chunks: Iterable[bytes]) -> None:
    try:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough (| head), which is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def _write_file(output: Path, chunks: Iterable[bytes]) -> None:
    """Write to a temporary file beside ``output`` and rename it, so that a reader never sees half a file."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(chunks)
        mode = output.stat().st_mode & 0o777 if output.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(output)
    except OSError as err:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise InputError(
            f"{output}: {(err.strerror or str(err)).lower()}; the result was not written"
        ) from err


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def _progress(*, quiet: bool, verbose: bool) -> Iterator[Any]:
    """Tell what is skipped as it happens, and show a counter when a person is watching."""
    if quiet or not sys.stderr.isatty():
        yield lambda item: _tell(item, verbose=verbose)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.completed} articles read"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading", total=None)

        def watch(item: Document | Skipped) -> None:
            if isinstance(item, Document):
                progress.advance(task)
            else:
                _tell(item, verbose=verbose)

        yield watch


def _tell(item: Document | Skipped, *, verbose: bool) -> None:
    if isinstance(item, Skipped) and (verbose or not item.expected):
        _say(f"{item.path}: {'passed over: ' if item.expected else ''}{item.reason}")
    elif isinstance(item, Document) and not item.text.strip():
        _say(f"{item.id}: empty, nothing to find")


def _summary(ledger: "Ledger", result: Result) -> str:
    parts = [
        _count(ledger.read, "article"),
        _count(ledger.words, "word"),
        _count(ledger.mentions, "mention"),
        _count(len(result.entities), "entity", "entities"),
    ]
    notes = [
        f"{_count(len(ledger.duplicates), 'duplicate')} processed once" if ledger.duplicates else "",
        f"{_count(len(ledger.problems), 'input')} skipped" if ledger.problems else "",
        f"{_count(passed, 'hidden or binary file')} passed over"
        if (passed := len(ledger.skipped) - len(ledger.problems))
        else "",
    ]
    return "; ".join([", ".join(parts), *filter(None, notes)])


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _say(message: str) -> None:
    sys.stderr.write(f"entityscan: {message}\n")
    sys.stderr.flush()


def _fail(message: str) -> NoReturn:
    _say(message)
    raise typer.Exit(FAILED)


@contextmanager
def _errors_told() -> Iterator[None]:
    """Turn errors that entityscan raises on purpose into one line; a bug stays a traceback."""
    try:
        yield
    except EntityscanError as err:
        _fail(str(err))
    except KeyboardInterrupt:
        _say("interrupted")
        raise typer.Exit(INTERRUPTED) from None
