"""The whole job on one screen: read, tag, merge, and account for everything."""

import hashlib
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, BinaryIO

from entityscan.merging import merge
from entityscan.reading import ReadOptions, read
from entityscan.records import Document, DocumentInfo, Entity, Mention, Result, Skipped
from entityscan.tagging import DEFAULT_MODEL, tag


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """The settings of a run; together with the inputs they decide the result."""

    model: str = DEFAULT_MODEL
    jobs: int = 1
    """Processes; they do not change the result."""
    reading: ReadOptions = field(default_factory=ReadOptions)
    equipment: str = ""
    """File of the user's own equipment families, or empty."""


@dataclass(slots=True)
class Ledger:
    """What a run read, skipped and found, counted."""

    read: int = 0
    characters: int = 0
    words: int = 0
    mentions: int = 0
    empty: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """Articles with a text that was read before: id, and the id under which it was processed."""

    @property
    def problems(self) -> list[Skipped]:
        """What was skipped though the user may have expected it to be read."""
        return [item for item in self.skipped if not item.expected]

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as the contract's JSON object."""
        return {
            "articles_read": self.read,
            "articles_processed": self.read - len(self.duplicates),
            "characters": self.characters,
            "words": self.words,
            "mentions": self.mentions,
            "empty": sorted(self.empty),
            "duplicates": [{"document": one, "same_as": other} for one, other in sorted(self.duplicates)],
            "skipped": [
                asdict(item) for item in sorted(self.skipped, key=lambda item: (item.path, item.reason))
            ],
        }


Watcher = Callable[[Document | Skipped], None]


def scan(
    inputs: Iterable[str],
    options: ScanOptions | None = None,
    *,
    stdin: BinaryIO | None = None,
    watch: Watcher | None = None,
) -> tuple[Result, Ledger]:
    """Read ``inputs``, find every mention, and merge the mentions into entities.

    Args:
        inputs: Files, folders, or ``-``.
        options: Model, processes, and how to read.
        stdin: Where ``-`` reads from.
        watch: Called with each article when it is tagged and with each input that is skipped.

    Returns:
        The result, and what happened on the way.

    Raises:
        PipelineError: when the model cannot be used.
        DataError: when a data file is broken.
    """
    options = options or ScanOptions()
    ledger = Ledger()
    texts = _Texts(ledger, watch)
    mentions: list[Mention] = []
    fresh = texts.new(read(inputs, options=options.reading, stdin=stdin))
    for document, found in tag(fresh, model=options.model, equipment=options.equipment, jobs=options.jobs):
        mentions += found
        if watch is not None:
            watch(document)
    mentions = [
        replace(m, document=texts.kept[m.document]) if texts.kept[m.document] != m.document else m
        for m in mentions
    ]
    ledger.mentions = len(mentions)
    published = {info.id: info.published for info in texts.infos() if info.published}
    entities = tuple(merge(mentions, published=published))
    return Result(entities, tuple(texts.infos()), run_record(options, ledger)), ledger


def scan_documents(documents: Iterable[Document], options: ScanOptions | None = None) -> list[Entity]:
    """Find and merge the mentions of documents that are already at hand; their ids must be unique.

    Raises:
        PipelineError: when the model cannot be used.
    """
    options = options or ScanOptions()
    published: dict[str, str] = {}
    mentions: list[Mention] = []
    for document, found in tag(
        documents, model=options.model, equipment=options.equipment, jobs=options.jobs
    ):
        mentions += found
        if document.published:
            published[document.id] = document.published
    return merge(mentions, published=published)


class _Texts:
    """Passes on each text once and remembers what was seen.

    Of several articles with one text the smallest id is kept, so that the result does not depend on
    the order of the inputs.
    """

    def __init__(self, ledger: Ledger, watch: Watcher | None) -> None:
        self.ledger = ledger
        self.watch = watch
        self.kept: dict[str, str] = {}
        self._first: dict[str, str] = {}  # sha256 of a text -> id under which it was tagged
        self._infos: dict[str, DocumentInfo] = {}  # sha256 -> the article that stands for the text

    def new(self, found: Iterable[Document | Skipped]) -> Iterator[Document]:
        """Yield the documents whose text is new; count everything."""
        for item in found:
            if isinstance(item, Skipped):
                self.ledger.skipped.append(item)
                if self.watch is not None:
                    self.watch(item)
            elif self._is_new(item):
                yield item

    def infos(self) -> list[DocumentInfo]:
        """Return what the output says of each processed article, by id."""
        return sorted(self._infos.values(), key=lambda info: info.id)

    def _is_new(self, document: Document) -> bool:
        self.ledger.read += 1
        digest = hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()
        info = DocumentInfo(
            document.id, document.path, digest, len(document.text), document.title, document.published
        )
        if digest in self._infos:
            known = self._infos[digest]
            kept, dropped = sorted((known, info), key=lambda info: info.id)
            self._infos[digest] = kept
            self.kept[self._first[digest]] = kept.id
            self.ledger.duplicates.append((dropped.id, kept.id))
            return False
        self._infos[digest] = info
        self._first[digest] = document.id
        self.kept[document.id] = document.id
        self.ledger.characters += len(document.text)
        self.ledger.words += len(document.text.split())
        if not document.text.strip():
            self.ledger.empty.append(document.id)
        return True


def run_record(options: ScanOptions, ledger: Ledger) -> dict[str, Any]:
    """Return the ``run`` part of the output: versions, settings, ledger."""
    return {
        "entityscan": package_version("entityscan"),
        "python": platform.python_version(),
        "spacy": package_version("spacy"),
        "model": {"name": options.model, "version": package_version(options.model)},
        "settings": {"reading": asdict(options.reading), "equipment": options.equipment or None},
        "ledger": ledger.as_dict(),
    }


def package_version(name: str) -> str:
    """Return the installed version of a package, or ``unknown``; imports nothing."""
    try:
        return version(name.replace("_", "-"))
    except (PackageNotFoundError, ValueError):
        return "unknown"
