"""The scan file: everything that runs found, in one SQLite file that other tools can read.

What comes in: articles, their mentions and, after merging, the entities. What goes out: the same
values again. The schema is ``data/scan_file.sql``, explained in ``docs/archives.md``.

A text is stored once, by its hash, with the fingerprint of the model and settings that it was tagged
with; an article that is read again costs a look-up. Writes are committed in batches, in one
transaction each, so that a run that is killed at any moment loses at most the last batch. One run
writes at a time; readers are never blocked. Texts themselves are not stored.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, TypeVar, overload

import orjson

from entityscan.errors import InputError
from entityscan.records import (
    Alias,
    Document,
    DocumentInfo,
    Entity,
    Kind,
    Mention,
    Quantity,
    Receipt,
    Result,
    Skipped,
    Source,
)

T = TypeVar("T")

MEMORY = ":memory:"
"""Path of a store that ends with the process."""
SCHEMA_VERSION = 2
"""Raise it whenever ``data/scan_file.sql`` changes more than its comments; a test holds the two together."""
_APPLICATION = 0x45534E31  # "ESN1", marks the file as ours
_COMMIT_TEXTS, _COMMIT_SECONDS = 200, 2.0  # a batch ends with whichever comes first
MENTION_FIELDS = (
    "start, end, text, kind, source, score, title, category, family, variant, origin, generic, ship_class, "
    "same_as, same_as_cue, setting, quantity"
).split(", ")
_COLUMNS = ", ".join(f'mentions."{field}"' for field in MENTION_FIELDS)
_KINDS = {kind.value: kind for kind in Kind}
_SOURCES = {source.value: source for source in Source}
_STDIN = "-"


class Store:
    """A scan file, open for one run; use it in a ``with`` statement."""

    def __init__(self, path: str = MEMORY, *, writing: bool = True, create: bool = True) -> None:
        """Open the file.

        Args:
            path: The file, made when it is missing; or :data:`MEMORY`.
            writing: Whether this process will write; only one at a time may.
            create: False to refuse a file that is missing.

        Raises:
            InputError: when it is missing, no scan file, from another version, or in use.
        """
        self.path = path
        self._lock: sqlite3.Connection | None = None
        self._uncommitted, self._committed_at = 0, time.monotonic()
        self.fingerprint = ""
        self.run_id = 0
        if path != MEMORY and not create and not Path(path).is_file():
            raise InputError(f"{path}: no such file; 'entityscan extract --db' makes it")
        if path != MEMORY and writing:
            self._lock = _locked(path)
        try:
            with _errors_named(path):
                self._db = sqlite3.connect(path, isolation_level=None)
                self._db.execute("PRAGMA busy_timeout = 10000")
                self._prepare()
        except InputError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):  # a full disk, a damaged file
            raise InputError(f"{self.path}: {str(error).lower()}; what was committed is kept") from error

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        if hasattr(self, "_db"):
            self._db.close()
        if self._lock is not None:
            Path(_lock_path(self.path)).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _prepare(self) -> None:
        [application], [version] = (
            self._db.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
        )
        [tables] = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables == 0 and application == 0:
            self._db.execute("PRAGMA journal_mode = WAL")
            schema = files("entityscan").joinpath("data/scan_file.sql").read_text("utf-8")
            marks = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {SCHEMA_VERSION};"
            self._db.executescript(f"BEGIN IMMEDIATE; {schema} {marks} COMMIT;")
        elif application != _APPLICATION:
            raise InputError(f"{self.path}: a database, but no scan file of entityscan; name another file")
        elif version != SCHEMA_VERSION:
            raise InputError(
                f"{self.path}: scan file of schema {version}, this version reads {SCHEMA_VERSION}; scan into a new file"
            )
        # NORMAL is safe against a killed process; after a power cut the last batches may be missing.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")

    # ------------------------------------------------------------ a run

    def begin(self, fingerprint: str, settings: Mapping[str, Any]) -> None:
        """Start a run whose model and settings have this fingerprint."""
        self.fingerprint = fingerprint
        with self._transaction():
            self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (fingerprint, _json(settings)))
            self.run_id = self._db.execute("INSERT INTO runs (record) VALUES (NULL)").lastrowid or 0

    def register(self, document: Document, sha256: str) -> int | None:
        """Note an article that was read.

        Returns:
            The number of its text when the text must be tagged, None when it is known or taken up.
        """
        self._begin_batch()
        row = self._db.execute(
            "SELECT text_id, fingerprint, run_id FROM texts WHERE sha256 = ?", (sha256,)
        ).fetchone()
        if row is None:
            text_id = self._db.execute(
                "INSERT INTO texts (sha256, run_id, characters, words) VALUES (?, ?, ?, ?)",
                (sha256, self.run_id, len(document.text), len(document.text.split())),
            ).lastrowid
            wanted = True
        else:
            text_id, fingerprint, run_id = row
            wanted = fingerprint != self.fingerprint and run_id != self.run_id
            if wanted:
                self._db.execute("UPDATE texts SET run_id = ? WHERE text_id = ?", (self.run_id, text_id))
        self._db.execute(
            "INSERT OR REPLACE INTO documents (document, path, text_id, run_id, title, published, url) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self._free_id(document, text_id),
                document.path,
                text_id,
                self.run_id,
                document.title,
                document.published,
                document.url,
            ),
        )
        return text_id if wanted else None

    def _free_id(self, document: Document, text_id: int | None) -> str:
        """Give the article's id, with a number when another article has it.

        The same id from the same path is the same article, changed or not; standard input has no path
        that could tell two articles apart.
        """
        name, number = document.id, 1
        while row := self._db.execute(
            "SELECT path, text_id FROM documents WHERE document = ?", (name,)
        ).fetchone():
            if row == (document.path, text_id) or (row[0] == document.path and document.path != _STDIN):
                break
            number += 1
            name = f"{document.id}#{number}"
        return name

    def add(
        self,
        text_id: int,
        mentions: Sequence[Mention],
        *,
        windows: int = 0,
        dropped: Mapping[str, int] | None = None,
        adjectives: Mapping[str, int] | None = None,
        signature: bytes | None = None,
    ) -> None:
        """Store what was found in a text, in place of what was known of it."""
        self._begin_batch()
        self._forget(text_id)
        sentence_ids: dict[str, int] = {}
        for sentence in dict.fromkeys(mention.sentence for mention in mentions if mention.sentence):
            sentence_ids[sentence] = (
                self._db.execute(
                    "INSERT INTO sentences (text_id, sentence) VALUES (?, ?)", (text_id, sentence)
                ).lastrowid
                or 0
            )
        marks = ", ".join("?" * (len(MENTION_FIELDS) + 2))
        columns = ", ".join(f'"{field}"' for field in MENTION_FIELDS)
        self._db.executemany(
            f"INSERT INTO mentions (text_id, {columns}, sentence_id) VALUES ({marks})",  # noqa: S608 - our own names
            ((text_id, *values_of(mention), sentence_ids.get(mention.sentence)) for mention in mentions),
        )
        self._db.execute(
            "UPDATE texts SET fingerprint = ?, windows = ?, dropped = ?, adjectives = ?, signature = ? WHERE text_id = ?",
            (self.fingerprint, windows, _json(dropped or {}), _json(adjectives or {}), signature, text_id),
        )
        self._end_text()

    def fail(self, text_id: int) -> None:
        """Note that a text could not be tagged, so that the next run tries again."""
        self._begin_batch()
        self._forget(text_id)
        self._db.execute("UPDATE texts SET fingerprint = '' WHERE text_id = ?", (text_id,))
        self._end_text()

    def _forget(self, text_id: int) -> None:
        self._db.execute("DELETE FROM mentions WHERE text_id = ?", (text_id,))
        self._db.execute("DELETE FROM sentences WHERE text_id = ?", (text_id,))

    def commit(self) -> None:
        """Make everything up to now safe."""
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._uncommitted, self._committed_at = 0, time.monotonic()

    def prune(self) -> None:
        """Remove the texts that no article has any more."""
        self._begin_batch()
        self._db.execute("DELETE FROM texts WHERE text_id NOT IN (SELECT text_id FROM documents)")
        self.commit()

    def _begin_batch(self) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN IMMEDIATE")

    def _end_text(self) -> None:
        self._uncommitted += 1
        if self._uncommitted >= _COMMIT_TEXTS or time.monotonic() - self._committed_at > _COMMIT_SECONDS:
            self.commit()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.commit()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # ------------------------------------------------------------ what is in it

    def mentions(self) -> Iterator[Mention]:
        """Yield all mentions as they were tagged, under the article that stands for their text."""
        for document, text_id in self._db.execute("SELECT document, text_id FROM articles ORDER BY document"):
            sentences = dict(
                self._db.execute("SELECT sentence_id, sentence FROM sentences WHERE text_id = ?", (text_id,))
            )
            rows = self._db.execute(
                f"SELECT {_COLUMNS}, sentence_id FROM mentions WHERE text_id = ? ORDER BY start",  # noqa: S608 - our own names
                (text_id,),
            )
            for *values, sentence in rows:
                yield mention_of(document, values, sentences.get(sentence, ""))

    def documents(self) -> list[DocumentInfo]:
        """Return the articles that stand for the tagged texts, by id."""
        return list(self._documents())

    def _documents(self) -> Iterator[DocumentInfo]:
        rows = self._db.execute(
            "SELECT document, path, sha256, characters, title, published FROM articles ORDER BY document"
        )
        for row in rows:
            yield DocumentInfo(*row)

    def published(self) -> dict[str, str]:
        """Return the dates that are known, by article."""
        return dict(self._db.execute("SELECT document, published FROM articles WHERE published <> ''"))

    def signatures(self) -> list[tuple[str, bytes]]:
        """Return the signature of every article that has one, by id."""
        return self._db.execute(
            "SELECT document, signature FROM articles JOIN texts USING (text_id) "
            "WHERE signature IS NOT NULL ORDER BY document"
        ).fetchall()

    def outdated(self) -> int:
        """Count the articles that were tagged with other settings than this run's."""
        [number] = self._db.execute(
            "SELECT count(*) FROM articles JOIN texts USING (text_id) WHERE fingerprint <> ?",
            (self.fingerprint,),
        ).fetchone()
        return int(number)

    def counts(self) -> dict[str, int]:
        """Count what this run read, text by text, and the articles that are stored in all."""
        columns = ("processed", "tagged", "characters", "words", "windows", "mentions")
        row = self._db.execute(
            "SELECT sum(fingerprint = :own), sum(fingerprint = :own AND run_id = :run), sum(characters), sum(words), "
            "sum(windows), sum((SELECT count(*) FROM mentions WHERE mentions.text_id = texts.text_id)) "
            "FROM texts WHERE text_id IN (SELECT text_id FROM documents WHERE run_id = :run)",
            {"run": self.run_id, "own": self.fingerprint},
        ).fetchone()
        found = {column: number or 0 for column, number in zip(columns, row, strict=True)}
        [found["read"]] = self._db.execute(
            "SELECT count(*) FROM documents WHERE run_id = ?", (self.run_id,)
        ).fetchone()
        [found["stored"]] = self._db.execute("SELECT count(*) FROM documents").fetchone()
        return found

    def dropped(self) -> dict[str, int]:
        """Count the spans that are no mentions in the texts that this run read, by rule."""
        rows = self._db.execute(
            "SELECT json_each.key, sum(json_each.value) FROM texts, json_each(texts.dropped) WHERE text_id IN "
            "(SELECT text_id FROM documents WHERE run_id = ?) GROUP BY json_each.key ORDER BY json_each.key",
            (self.run_id,),
        )
        return {rule: int(number) for rule, number in rows if number}

    def adjectives(self) -> dict[str, int]:
        """Count the adjectives of each country in all tagged texts, by ISO code."""
        rows = self._db.execute(
            "SELECT json_each.key, sum(json_each.value) FROM texts, json_each(texts.adjectives) "
            "GROUP BY json_each.key ORDER BY json_each.key"
        )
        return {country: int(number) for country, number in rows}

    def empty(self) -> list[str]:
        """Return the articles without a word that this run read."""
        rows = self._db.execute(
            "SELECT min(document) FROM documents JOIN texts USING (text_id) "
            "WHERE words = 0 AND documents.run_id = ? GROUP BY text_id ORDER BY 1",
            (self.run_id,),
        )
        return [document for (document,) in rows]

    def duplicates(self) -> list[tuple[str, str]]:
        """Return the articles of this run whose text another one stands for, and that one."""
        return self._db.execute(
            "SELECT document, kept FROM documents JOIN "
            "(SELECT text_id, min(document) AS kept FROM documents GROUP BY text_id) USING (text_id) "
            "WHERE document <> kept AND run_id = ? ORDER BY document",
            (self.run_id,),
        ).fetchall()

    # ------------------------------------------------------------ entities

    def save_entities(self, entities: Sequence[Entity]) -> None:
        """Store the entities in place of the last ones, and which mention belongs to which."""
        text_ids = dict(self._db.execute("SELECT document, text_id FROM articles"))
        with self._transaction():
            for table in ("receipts", "aliases", "entities"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self._db.executemany(
                "INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ((e.id, rank, *_entity_values(e)) for rank, e in enumerate(entities)),
            )
            self._db.executemany(
                "INSERT INTO aliases VALUES (?, ?, ?, ?)",
                ((e.id, n, a.text, a.count) for e in entities for n, a in enumerate(e.aliases)),
            )
            self._db.executemany(
                "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (e.id, n, r.rule, r.left, r.right, r.document, r.start, r.end)
                    for e in entities
                    for n, r in enumerate(e.why)
                ),
            )
            [number] = self._db.execute("SELECT count(*) FROM mentions").fetchone()
            if number > sum(len(entity.mentions) for entity in entities):  # a verdict dropped some
                self._db.execute("UPDATE mentions SET entity = NULL")
            self._db.executemany(
                "UPDATE mentions SET entity = ? WHERE text_id = ? AND start = ? AND entity IS NOT ?",
                ((e.id, text_ids[m.document], m.start, e.id) for e in entities for m in e.mentions),
            )

    def save_run(
        self, record: Mapping[str, Any], skipped: Iterable[Skipped], pairs: Iterable[tuple[str, str, str]]
    ) -> None:
        """Store the record of this run, and its ledger row by row.

        Args:
            record: The ``run`` part of the output.
            skipped: Inputs that were not read.
            pairs: Further rows: event, article, detail.
        """
        rows = [("passed over" if item.expected else "skipped", item.path, item.reason) for item in skipped]
        with self._transaction():
            self._db.executemany(
                "INSERT INTO ledger VALUES (?, ?, ?, ?)", ((self.run_id, *row) for row in [*rows, *pairs])
            )
            self._db.execute("UPDATE runs SET record = ? WHERE run_id = ?", (_json(record), self.run_id))

    def result(self) -> Result:
        """Return the entities of the last merge, with the record of the last whole run.

        Entities and articles are read from the file one by one, each time that they are asked for, so the store
        must stay open.

        Raises:
            InputError: when the mentions were never merged.
        """
        row = self._db.execute(
            "SELECT record FROM runs WHERE record IS NOT NULL ORDER BY run_id DESC"
        ).fetchone()
        if row is None:
            raise InputError(
                f"{self.path}: no run has finished; run 'entityscan extract --db' again to continue it"
            )
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS standing (text_id INTEGER PRIMARY KEY, document TEXT)"
        )
        self._db.execute("DELETE FROM standing")
        self._db.execute("INSERT INTO standing SELECT text_id, document FROM articles")
        [entities] = self._db.execute("SELECT count(*) FROM entities").fetchone()
        [articles] = self._db.execute("SELECT count(*) FROM standing").fetchone()
        documents = Rows(articles, self._documents)
        return Result(Rows(entities, self._entities), documents, orjson.loads(row[0]))

    def _entities(self) -> Iterator[Entity]:
        rows = self._db.execute(
            "SELECT entity, kind, name, documents, first_seen, last_seen, attributes FROM entities ORDER BY position"
        )
        for entity, kind, name, documents, first, last, attributes in rows:
            aliases = self._db.execute(
                "SELECT alias, count FROM aliases WHERE entity = ? ORDER BY position", (entity,)
            )
            receipts = self._db.execute(
                'SELECT rule, "left", "right", document, start, "end" FROM receipts WHERE entity = ? ORDER BY position',
                (entity,),
            )
            yield Entity(
                entity,
                _KINDS[kind],
                name,
                tuple(Alias(*values) for values in aliases),
                _of_kind(self._mentions_of(entity), _KINDS[kind]),
                documents,
                first,
                last,
                orjson.loads(attributes),
                tuple(Receipt(*values) for values in receipts),
            )

    def _mentions_of(self, entity: str) -> Iterator[Mention]:
        rows = self._db.execute(
            f"SELECT standing.document, {_COLUMNS}, sentence FROM mentions JOIN standing USING (text_id) "  # noqa: S608 - our own names
            "LEFT JOIN sentences USING (sentence_id) WHERE entity = ? ORDER BY standing.document, start",
            (entity,),
        )
        for document, *values, sentence in rows:
            yield mention_of(document, values, sentence or "")


class Rows(Sequence[T]):
    """Values that are read when they are asked for, so that none is held."""

    def __init__(self, number: int, read: Callable[[], Iterator[T]]) -> None:
        self._number, self._read = number, read

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[T]:
        return self._read()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return tuple(self._read())[index]


def _entity_values(entity: Entity) -> tuple[Any, ...]:
    return (
        entity.kind,
        entity.name,
        len(entity.mentions),
        entity.documents,
        entity.first_seen,
        entity.last_seen,
        _json(entity.attributes),
    )


def values_of(mention: Mention) -> tuple[Any, ...]:
    """Give the values of a mention's columns, :data:`MENTION_FIELDS`."""
    *values, quantity = (getattr(mention, field) for field in MENTION_FIELDS)
    return (*values, _json(asdict(quantity)) if quantity else None)


def mention_of(document: str, values: Sequence[Any], sentence: str) -> Mention:
    """Make a mention from its columns."""
    fields = dict(zip(MENTION_FIELDS, values, strict=True))
    fields["kind"], fields["source"] = _KINDS[fields["kind"]], _SOURCES[fields["source"]]
    fields["generic"] = bool(fields["generic"])
    if fields["quantity"] is not None:
        fields["quantity"] = Quantity(**orjson.loads(fields["quantity"]))
    return Mention(document, sentence=sentence, **fields)


def _of_kind(mentions: Iterable[Mention], kind: Kind) -> tuple[Mention, ...]:
    """Give the mentions the kind that merging agreed on."""
    return tuple(
        mention if mention.kind is kind else replace(mention, kind=kind, title="") for mention in mentions
    )


def _json(value: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(value)).decode()


def _lock_path(path: str) -> str:
    return f"{path}-lock"


def _locked(path: str) -> sqlite3.Connection:
    """Hold a lock beside the file until the process ends, in whatever way."""
    with _errors_named(path):
        lock = sqlite3.connect(_lock_path(path), timeout=0, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as err:
            lock.close()
            if err.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise InputError(f"{path}: another run is writing to it; wait until it has ended") from None
            raise
    return lock


@contextmanager
def _errors_named(path: str) -> Iterator[None]:
    """Turn what SQLite says of a file into an error that names it."""
    try:
        yield
    except sqlite3.Error as err:
        raise InputError(f"{path}: {str(err).lower()}; it cannot be used as a scan file") from err
