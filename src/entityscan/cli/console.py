"""Talking to a person: messages, errors as one line, the terminal, files, progress."""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn

import typer

from entityscan.errors import EntityscanError, InputError
from entityscan.records import Document, Skipped
from entityscan.table import printable

FAILED, USAGE, SKIPPED, INTERRUPTED = 1, 2, 3, 130


def say(message: str) -> None:
    """Write one line to standard error; names in it cannot steer the terminal."""
    with suppress(OSError):  # nobody listens, which must not lose the result
        sys.stderr.write(f"entityscan: {printable(message)}\n")
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
    except BrokenPipeError:  # the reader has seen enough (| head), which is no failure
        _abandon_output()
        raise typer.Exit(0) from None
    except OSError as err:
        _abandon_output()
        fail(f"{err.filename or 'standard output'}: {(err.strerror or str(err)).lower()}", code)
    except MemoryError:
        fail("out of memory; read fewer or shorter articles at a time, or add --db", code)


def make_ready() -> None:
    """Prepare the process: streams that the caller closed, and signals that end it as Ctrl-C does."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:  # its number would go to the next file that is opened
            descriptor = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if descriptor != number:
                os.dup2(descriptor, number)
            stream = open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_DFL:
            signal.signal(getattr(signal, name), signal.default_int_handler)


def _abandon_output() -> None:
    """Let what waits for standard output go, so that Python does not fail over it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def terminal() -> tuple[int, bool]:
    """Return the columns of the terminal, and whether it wants colour."""
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return shutil.get_terminal_size((100, 24)).columns, color


def write_out(chunks: Iterable[bytes]) -> None:
    """Write data to standard output."""
    with errors_told():
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def write_file(output: Path, chunks: Iterable[bytes]) -> None:
    """Write to a temporary file beside ``output`` and rename it, so that a reader never sees half a file.

    A link stays a link, and a device or a pipe (``/dev/stdout``) is written to, never replaced.
    """
    try:
        if output.exists() and not output.is_file():
            with output.open("wb") as stream:
                stream.writelines(chunks)
        else:
            target = output.resolve()
            if target.is_symlink():  # links in a circle; before Python 3.13 resolve() says so itself
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            _replace(target, chunks)
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError) as err:  # RuntimeError: links in a circle
        reason = (getattr(err, "strerror", None) or str(err)).lower()
        raise InputError(f"{output}: {reason}; the result was not written") from err


def write_folder(output: Path, archive: Iterable[bytes]) -> None:
    """Write what a ZIP archive holds as a new folder; it is there whole or not at all."""
    import tempfile
    import zipfile
    from io import BytesIO

    try:
        with tempfile.TemporaryDirectory(prefix=".entityscan-", dir=output.resolve().parent) as temporary:
            made = Path(temporary, "made")
            with zipfile.ZipFile(BytesIO(b"".join(archive))) as packed:
                packed.extractall(made)
            made.replace(output)
    except OSError as err:
        raise InputError(
            f"{output}: {(err.strerror or str(err)).lower()}; the result was not written"
        ) from err


def _replace(output: Path, chunks: Iterable[bytes]) -> None:
    import tempfile  # late: --help must stay instant

    descriptor, temporary = tempfile.mkstemp(prefix=".entityscan-", dir=output.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.writelines(chunks)
        mode = output.stat().st_mode & 0o777 if output.exists() else 0o666 & ~_umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(output)
    except BaseException:  # also when interrupted: nothing is left behind
        Path(temporary).unlink(missing_ok=True)
        raise


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
