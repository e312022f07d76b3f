"""What ``report``, ``graph`` and others start from: a saved result, or articles to scan, with the texts."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any

import typer

from entityscan.cli.console import fail, progress, say
from entityscan.cli.options import Scanning
from entityscan.reading import FORMATS, ReadOptions, read
from entityscan.records import Document, Result, Skipped

_SAVED = (".json", ".sqlite")

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT", help="A scan file (.sqlite), a saved result (.json), or files and folders to scan."
    ),
]


class Articles:
    """Keeps the articles that a scan reads, to have their texts when it is done."""

    def __init__(self, watch: Callable[[Document | Skipped], None], *, keeping: bool = True) -> None:
        """Stand before what watches the scan."""
        self._watch, self._keeping = watch, keeping
        self._seen: dict[str, Document] = {}

    def __call__(self, item: Document | Skipped) -> None:
        """Take note of what was read or skipped."""
        if self._keeping and isinstance(item, Document):
            self._seen[_digest(item)] = item
        self._watch(item)

    def of(self, result: Result) -> dict[str, Document]:
        """Give the articles of the scan's result by id."""
        return articles_of(result, self._seen)


def gather(inputs: list[str], scanning: Scanning, *, quiet: bool) -> tuple[Result, dict[str, Document]]:
    """Load the one saved result, or scan the inputs.

    Returns:
        The result, and the articles by id; of a saved result those whose text is still at its path.

    Raises:
        EntityscanError: when the result or the model cannot be used.
    """
    if _is_saved(inputs):
        result = load_saved(inputs[0])
        return result, articles_of(result)
    with progress(quiet=quiet, verbose=False) as watch:
        articles = Articles(watch)
        result = _scanned(inputs, scanning, articles)
    return result, articles.of(result)


def found_in(inputs: list[str], scanning: Scanning, *, quiet: bool) -> Result:
    """Load the one saved result, or scan the inputs; the texts are not needed.

    Raises:
        EntityscanError: when the result or the model cannot be used.
    """
    if _is_saved(inputs):
        return load_saved(inputs[0])
    with progress(quiet=quiet, verbose=False) as watch:
        return _scanned(inputs, scanning, watch)


def _is_saved(inputs: list[str]) -> bool:
    return len(inputs) == 1 and inputs[0].lower().endswith(_SAVED)


def _scanned(inputs: list[str], scanning: Scanning, watch: Callable[[Document | Skipped], None]) -> Result:
    from entityscan.scanning import scan

    result, ledger = scan(inputs, scanning.options(), stdin=sys.stdin.buffer, watch=watch)
    if not ledger.read:
        fail("nothing could be read")
    return result


@contextmanager
def saved(path: str) -> Iterator[Result]:
    """Open a scan file, whose rows are read when they are asked for, or the JSON that ``extract`` wrote.

    Raises:
        EntityscanError: when it is neither, or broken.
    """
    if path.lower().endswith(".json"):
        from entityscan.loading import load

        yield load(path)
    else:
        from entityscan.store import Store

        with Store(path, writing=False, create=False) as store:
            yield store.result()


def load_saved(path: str) -> Result:
    """Load a saved result whole; see :func:`saved`."""
    from entityscan.store import held

    with saved(path) as result:
        return held(result)


def articles_of(result: Result, seen: Mapping[str, Document] | None = None) -> dict[str, Document]:
    """Give the articles of a result by id, and say how many are not at hand.

    Args:
        result: What was found in them.
        seen: Articles at hand by the hash of their text; the others are read again at their paths.
    """
    found = {info.id: seen[info.sha256] for info in result.documents if info.sha256 in seen} if seen else {}
    if len(found) < len(result.documents):
        found = _reread(result) | found
    if missing := len(result.documents) - len(found):
        say(f"{missing} of {len(result.documents)} articles are not at their paths any more, or changed")
    return found


def _reread(result: Result) -> dict[str, Document]:
    """Read the articles of a saved result again, as the run that made it read them."""
    settings: Any = result.run.get("settings", {})
    reading = settings.get("reading") if isinstance(settings, dict) else None
    known = {k: v for k, v in reading.items() if isinstance(v, str)} if isinstance(reading, dict) else {}
    options = ReadOptions(**{k: v for k, v in known.items() if k in ReadOptions.__dataclass_fields__})
    if options.input_format not in {"auto", *FORMATS}:
        options = replace(options, input_format="auto")
    # Only files: a result from elsewhere may name a device, which has no end.
    paths = sorted({info.path for info in result.documents if os.path.isfile(info.path)})  # noqa: PTH113
    found = {_digest(item): item for item in read(paths, options=options) if isinstance(item, Document)}
    return {
        info.id: article
        for info in result.documents
        if (article := found.get(info.sha256)) and len(article.text) == info.characters
    }


def _digest(document: Document) -> str:
    import hashlib  # late: --help must stay instant

    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
