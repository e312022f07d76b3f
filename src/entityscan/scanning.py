"""The whole job on one screen: read, tag, store, merge, and account for everything."""

import hashlib
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from entityscan.errors import PipelineError
from entityscan.geography import country_named, locate, located, needs_context
from entityscan.merging import ArchivedArticle, merge, merge_archive
from entityscan.reading import Input, ReadOptions, read
from entityscan.records import Document, Entity, Kind, Mention, Result, Skipped
from entityscan.shipped import DEFAULT_MODEL, shipped_model
from entityscan.signatures import copies
from entityscan.store import Store, held
from entityscan.tagging import tag_or_skip
from entityscan.verdicts import Verdict
from entityscan.verdicts import apply as apply_verdicts
from entityscan.verdicts import load as load_verdicts

TAGGING_SIDE = (
    "companies.py",
    "components",
    "data",
    "datelines.py",
    "designators.py",
    "equipment",
    "gazetteer.py",
    "known_names.py",
    "knowledge.py",
    "names.py",
    "partition.py",
    "recogniser",
    "quantities.py",
    "records.py",
    "rules.py",
    "sentences.py",
    "shipped.py",
    "signatures.py",
    "spans.py",
    "spellings.py",
    "surroundings.py",
    "tagging.py",
    "units.py",
    "vetting.py",
    "word_lists.py",
)
"""The parts of this package that decide which mentions are found."""


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """The settings of a run; together with the inputs they decide the result."""

    model: str = DEFAULT_MODEL
    jobs: int = 1
    """Processes; they do not change the result. With more than one, a script needs its
    ``if __name__ == "__main__":``, because processes are spawned."""
    reading: ReadOptions = field(default_factory=ReadOptions)
    equipment: str = ""
    """File of the user's own equipment families, or empty."""
    db: str = ""
    """Scan file that keeps what is found, or empty to keep it in memory."""
    verdicts: str = ""
    """File of the user's verdicts on the rows, or empty."""


@dataclass(slots=True)
class Ledger:
    """What a run read, skipped and found, counted."""

    read: int = 0
    processed: int = 0
    """Different texts among the articles read that are tagged."""
    characters: int = 0
    words: int = 0
    windows: int = 0
    mentions: int = 0
    tagged: int = 0
    """Texts that were tagged in this run; the others were known."""
    stored: int = 0
    """Articles in the scan file."""
    outdated: int = 0
    """Articles in the scan file that were tagged with another model or settings."""
    dropped: dict[str, int] = field(default_factory=dict)
    """Spans that are no mentions, by rule."""
    empty: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)
    """Articles that have the text of another one: id, and the id under which it was processed."""
    near_duplicates: list[tuple[str, str]] = field(default_factory=list)
    """Articles that are nearly the same: id, and the first such article by id."""
    warnings: list[str] = field(default_factory=list)
    """Verdicts that matched nothing."""

    @property
    def problems(self) -> list[Skipped]:
        """What was skipped though the user may have expected it to be read."""
        return [item for item in self.skipped if not item.expected]

    def as_dict(self) -> dict[str, Any]:
        """Return the ledger as the contract's JSON object; how much was known before is not in it."""
        return {
            "articles_read": self.read,
            "articles_processed": self.processed,
            "characters": self.characters,
            "words": self.words,
            "windows": self.windows,
            "mentions": self.mentions,
            "dropped": self.dropped,
            "empty": self.empty,
            "duplicates": _pairs(self.duplicates),
            "near_duplicates": _pairs(self.near_duplicates),
            "skipped": [
                asdict(item) for item in sorted(self.skipped, key=lambda item: (item.path, item.reason))
            ],
        }


def _pairs(found: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"document": one, "same_as": other} for one, other in found]


Watcher = Callable[[Document | Skipped], None]


def scan(
    inputs: Input | Iterable[Input],
    options: ScanOptions | None = None,
    *,
    stdin: BinaryIO | None = None,
    watch: Watcher | None = None,
) -> tuple[Result, Ledger]:
    """Read ``inputs``, find every mention, and merge the mentions into entities.

    With a scan file, texts that it has are not tagged again, and the result is of everything in it.

    Args:
        inputs: Files, folders, ``-``, or documents that are already at hand; one of them, or any number.
        options: Model, processes, how to read, and where to keep what is found.
        stdin: Where ``-`` reads from.
        watch: Called with each article when its mentions are known and with each input that is skipped.

    Returns:
        The result, and what happened on the way.

    Raises:
        PipelineError: when the model cannot be used.
        DataError: when a data file is broken.
        InputError: when the scan file or the verdicts cannot be used.

    >>> result, ledger = scan([Document("a", "Ukraine has Leopard 2A6 tanks. Kyiv wants more Leopards.")])
    >>> leopard = result.entities[-1]
    >>> leopard.name, leopard.attributes["category"], [alias.text for alias in leopard.aliases]
    ('Leopard 2', 'tank', ['Leopard 2A6', 'Leopards'])
    >>> ledger.read, ledger.problems
    (1, [])
    """
    with scanned(inputs, options, stdin=stdin, watch=watch) as (result, ledger):
        return held(result), ledger


@contextmanager
def scanned(
    inputs: Input | Iterable[Input],
    options: ScanOptions | None = None,
    *,
    stdin: BinaryIO | None = None,
    watch: Watcher | None = None,
) -> Iterator[tuple[Result, Ledger]]:
    """Do what :func:`scan` does; the result is read from its file while the context lasts, and never held."""
    if isinstance(inputs, str | os.PathLike | Document):  # a bare path is one input, not its letters
        inputs = [inputs]
    options = options or ScanOptions()
    verdicts = load_verdicts(options.verdicts) if options.verdicts else ()
    ledger = Ledger()
    with Store(options.db) as store:
        settings = tagging_settings(options) if options.db else {}
        store.begin(_digest(repr(settings).encode()), settings)
        try:
            _tag_new(store, read(inputs, options=options.reading, stdin=stdin), options, ledger, watch)
        finally:
            store.commit()  # also when interrupted: finished work is kept
        merge_stored(store, verdicts=verdicts, warn=ledger.warnings.append)
        _account(store, ledger)
        store.save_run(run_record(options, ledger), ledger.skipped, _events(ledger))
        yield store.result(), ledger


def merge_stored(
    store: Store, *, verdicts: Sequence[Verdict] = (), warn: Callable[[str], object] = lambda _: None
) -> Sequence[Entity]:
    """Merge the mentions in a scan file anew and store the entities there; texts are not needed.

    Args:
        store: What was found.
        verdicts: What the user decided.
        warn: Called with a message for each verdict that matched nothing.

    Returns:
        The entities, which are read from the file when they are asked for.
    """
    store.prune()
    with store.remaking():
        rows = merge_archive(lambda: _archived(store), store.place, adjectives=store.adjectives())
        for entity, number in rows:
            store.put(entity, number)
        store.settle()
        if verdicts:
            before = list(store.entities())
            applied = apply_verdicts(verdicts, before, store.published())
            store.exchange(_without(before, applied.entities), _without(applied.entities, before))
            for message in applied.unmatched:
                warn(message)
        owners = store.entities(Kind.PLACE, Kind.ORGANISATION)
        named = ((entity.id, country_named(entity)) for entity in owners)
        store.note_countries((entity_id, country) for entity_id, country in named if country)
        store.amend(_located(store))
        store.note_copies(copies(store.signatures()))
        independent = store.independent_documents()
        store.amend((name, {**facts, "independent_documents": number}) for name, number, facts in independent)
    return store.entities()


def _archived(store: Store) -> Iterator[ArchivedArticle]:
    for number, published, mentions in store.articles():
        yield ArchivedArticle(number, mentions, published)


def _without(entities: Iterable[Entity], others: Iterable[Entity]) -> list[Entity]:
    """Leave out the entities that are the very same as one of the others."""
    known = {id(entity) for entity in others}
    return [entity for entity in entities if id(entity) not in known]


def _located(store: Store) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the places whose articles say where they are, with all attributes."""
    for entity in store.entities(Kind.PLACE):
        context = store.countries_beside(entity.id) if needs_context(entity) else Counter[str]()
        found = located(entity, context)
        if found is not entity:
            yield entity.id, found.attributes


def with_independent_documents(entity: Entity, first: dict[str, str]) -> Entity:
    """Note how many documents there are when copies of one report count once, if that is fewer."""
    number = len({first.get(mention.document, mention.document) for mention in entity.mentions})
    if number == entity.documents:
        return entity
    return replace(entity, attributes={**entity.attributes, "independent_documents": number})


def scan_documents(documents: Iterable[Document], options: ScanOptions | None = None) -> list[Entity]:
    """Find and merge the mentions of documents that are already at hand; their ids must be unique.

    Raises:
        PipelineError: when the model cannot be used or a document cannot be tagged.
    """
    options = options or ScanOptions()
    published: dict[str, str] = {}
    mentions: list[Mention] = []
    adjectives: Counter[str] = Counter()
    tagging = tag_or_skip(documents, model=options.model, equipment=options.equipment, jobs=options.jobs)
    for document, found in tagging:
        if isinstance(found, Skipped):
            raise PipelineError(f"{found.path}: {found.reason}")
        mentions += found.mentions
        adjectives.update(found.adjectives)
        if document.published:
            published[document.id] = document.published
    return locate(merge(mentions, published=published, adjectives=adjectives))


def _tag_new(
    store: Store,
    found: Iterable[Document | Skipped],
    options: ScanOptions,
    ledger: Ledger,
    watch: Watcher | None,
) -> None:
    """Tag each text that the store does not have, and store what is found."""
    text_ids: dict[str, int] = {}  # of the documents on their way
    failures: list[Skipped] = []
    done = 0

    def tell(item: Document | Skipped) -> None:
        if isinstance(item, Skipped):
            ledger.skipped.append(item)
        if watch is not None:
            watch(item)

    def unknown() -> Iterator[Document]:
        for item in found:
            text_id = None
            if isinstance(item, Document):
                text_id = store.register(item, _digest(item.text.encode("utf-8", "surrogatepass")))
            if text_id is not None and isinstance(item, Document):
                text_ids[item.id] = text_id
                yield item
            else:
                tell(item)

    tagging = tag_or_skip(unknown(), model=options.model, equipment=options.equipment, jobs=options.jobs)
    for document, tagged in tagging:
        text_id = text_ids.pop(document.id)
        if isinstance(tagged, Skipped):
            store.fail(text_id)
            failures.append(tagged)
            tell(tagged)
            continue
        store.add(
            text_id,
            tagged.mentions,
            windows=tagged.windows,
            dropped=tagged.dropped,
            adjectives=tagged.adjectives,
            signature=tagged.signature,
        )
        tell(document)
        done += 1
    if failures and not done:  # not one article is to blame, but what all have in common
        raise PipelineError(f"no article could be tagged: {failures[0].path}: {failures[0].reason}")


def _account(store: Store, ledger: Ledger) -> None:
    """Fill in the ledger what the store can count."""
    counts = store.counts()
    ledger.read, ledger.processed = counts["read"], counts["processed"]
    ledger.characters, ledger.words, ledger.windows = counts["characters"], counts["words"], counts["windows"]
    ledger.mentions, ledger.tagged, ledger.stored = counts["mentions"], counts["tagged"], counts["stored"]
    ledger.outdated = store.outdated()
    ledger.dropped, ledger.empty, ledger.duplicates = store.dropped(), store.empty(), store.duplicates()
    ledger.near_duplicates = store.near_duplicates()


def _events(ledger: Ledger) -> Iterator[tuple[str, str, str]]:
    """Yield what the ledger names besides skipped inputs: event, article, detail."""
    yield from (("empty", document, "") for document in ledger.empty)
    yield from (("duplicate", *pair) for pair in ledger.duplicates)
    yield from (("near-duplicate", *pair) for pair in ledger.near_duplicates)


def run_record(options: ScanOptions, ledger: Ledger) -> dict[str, Any]:
    """Return the ``run`` part of the output: versions, settings, ledger."""
    return {
        "entityscan": package_version("entityscan"),
        "python": platform.python_version(),
        "spacy": package_version("spacy"),
        "model": {"name": options.model, "version": model_version(options.model)},
        "settings": {
            "reading": asdict(options.reading),
            "equipment": options.equipment or None,
            "verdicts": options.verdicts or None,
        },
        "ledger": ledger.as_dict(),
    }


def tagging_settings(options: ScanOptions) -> dict[str, Any]:
    """Return everything that decides which mentions are found in a text, files by their hash."""
    folder = shipped_model(options.model) or Path(options.model)
    package = Path(__file__).parent
    return {
        "entityscan": package_version("entityscan"),
        "code": _digest_of(package / name for name in TAGGING_SIDE),
        "spacy": package_version("spacy"),
        "model": options.model,
        "model_version": _digest_of([folder]) if folder.is_dir() else package_version(options.model),
        "equipment": _digest_of([Path(options.equipment)]) if options.equipment else None,
    }


def _digest_of(paths: Iterable[Path]) -> str:
    """Hash files, and folders with the names of their files; what is missing has an empty hash."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(path)}\n{file.stat().st_size}\n".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def package_version(name: str) -> str:
    """Return the installed version of a package, or ``unknown``; imports nothing."""
    try:
        return version(name.replace("_", "-"))
    except (PackageNotFoundError, ValueError):
        return "unknown"


def model_version(model: str) -> str:
    """Return the version of a pipeline, by its folder's ``meta.json`` or its package, or ``unknown``."""
    meta = (shipped_model(model) or Path(model)) / "meta.json"
    if not meta.is_file():
        return package_version(model)
    return str(orjson.loads(meta.read_bytes()).get("version", "unknown"))
