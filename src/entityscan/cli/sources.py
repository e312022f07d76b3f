"""What ``report`` and ``graph`` start from: a saved result, or articles to scan, with the texts."""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from entityscan.cli.console import fail, progress, say
from entityscan.reading import ReadOptions, read
from entityscan.records import Document, Result, Skipped

_SAVED = (".json", ".sqlite")

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT", help="A scan file (.sqlite), a saved result (.json), or files and folders to scan."
    ),
]


def gather(
    inputs: list[str], *, model: str, jobs: int, equipment: str, quiet: bool
) -> tuple[Result, dict[str, Document]]:
    """Load the one saved result, or scan the inputs.

    Returns:
        The result, and the articles by id; of a saved result those whose text is still at its path.

    Raises:
        EntityscanError: when the result or the model cannot be used.
    """
    if len(inputs) == 1 and inputs[0].lower().endswith(_SAVED):
        result = load_saved(inputs[0])
        articles = _reread(result)
        if missing := len(result.documents) - len(articles):
            say(f"{missing} of {len(result.documents)} articles are not at their paths any more, or changed")
        return result, articles
    return _scan(inputs, model, jobs, equipment, quiet=quiet)


def load_saved(path: str) -> Result:
    """Load a scan file, or the JSON that ``extract`` wrote.

    Raises:
        EntityscanError: when it is neither, or broken.
    """
    if path.lower().endswith(".json"):
        from entityscan.loading import load

        return load(path)
    from entityscan.store import Store

    with Store(path, writing=False, create=False) as store:
        return store.result()


def _scan(
    inputs: list[str], model: str, jobs: int, equipment: str, *, quiet: bool
) -> tuple[Result, dict[str, Document]]:
    from entityscan.scanning import ScanOptions, scan

    seen: dict[str, Document] = {}
    with progress(quiet=quiet, verbose=False) as watch:

        def keep(item: Document | Skipped) -> None:
            if isinstance(item, Document):
                seen[_digest(item)] = item
            watch(item)

        options = ScanOptions(model, jobs, equipment=equipment)
        result, ledger = scan(inputs, options, stdin=sys.stdin.buffer, watch=keep)
    if not ledger.read:
        fail("nothing could be read")
    return result, _by_id(result, seen)


def _reread(result: Result) -> dict[str, Document]:
    """Read the articles of a saved result again, as the run that made it read them."""
    settings: Any = result.run.get("settings", {})
    reading = settings.get("reading") if isinstance(settings, dict) else None
    known = set(ReadOptions.__dataclass_fields__)
    options = ReadOptions(**{k: v for k, v in (reading or {}).items() if k in known})
    paths = sorted({info.path for info in result.documents if info.path})
    found = {_digest(item): item for item in read(paths, options=options) if isinstance(item, Document)}
    return _by_id(result, found)


def _by_id(result: Result, found: Mapping[str, Document]) -> dict[str, Document]:
    return {info.id: found[info.sha256] for info in result.documents if info.sha256 in found}


def _digest(document: Document) -> str:
    import hashlib  # late: --help must stay instant

    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
