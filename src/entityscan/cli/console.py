"""Talking to a person: messages, errors as one line, the terminal, files, progress."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import typer

from entityscan.errors import EntityscanError, InputError
from entityscan.records import Document, Skipped

FAILED, USAGE, SKIPPED, INTERRUPTED = 1, 2, 3, 130


def say(message: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(f"entityscan: {message}\n")
    sys.stderr.flush()


def fail(message: str, code: int = FAILED) -> NoReturn:
    """Say what went wrong and end the command."""
    say(message)
    raise typer.Exit(code)


@contextmanager
def errors_told(code: int = FAILED) -> Iterator[None]:
    """Turn errors that entityscan raises on purpose into one line; a bug stays a traceback."""
    try:
        yield
    except EntityscanError as err:
        fail(str(err), code)
    except KeyboardInterrupt:
        say("interrupted")
        raise typer.Exit(INTERRUPTED) from None


def terminal() -> tuple[int, bool]:
    """Return the columns of the terminal, and whether it wants colour."""
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return shutil.get_terminal_size((100, 24)).columns, color


def write_out(chunks: Iterable[bytes]) -> None:
    """Write data to standard output."""
    try:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough (| head), which is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None


def write_file(output: Path, chunks: Iterable[bytes]) -> None:
    """Write to a temporary file beside ``output`` and rename it, so that a reader never sees half a file."""
    import tempfile  # late: --help must stay instant

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
def progress(*, quiet: bool, verbose: bool) -> Iterator[Any]:
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
        say(f"{item.path}: {'passed over: ' if item.expected else ''}{item.reason}")
    elif isinstance(item, Document) and not item.text.strip():
        say(f"{item.id}: empty, nothing to find")


def count(number: int, one: str, many: str = "") -> str:
    """Give a number with its noun: ``1 article``, ``2,000 articles``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
