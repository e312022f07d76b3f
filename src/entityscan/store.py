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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from importlib.resources import files
from operator import eq
from pathlib import Path
from typing import Any, Self, TypeVar, overload

import orjson

from entityscan.errors import InputError
from entityscan.quantities import as_record
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
from entityscan.sentences import count_words

T = TypeVar("T")

TEMPORARY = ""
"""Path of a store that ends with the process: a file that SQLite makes when it must, and removes."""
SCHEMA_VERSION = 3
"""Raise it whenever ``data/scan_file.sql`` changes more than its comments; a test holds the two together."""
_APPLICATION = 0x45534E31  # "ESN1", marks the file as ours
_COMMIT_TEXTS, _COMMIT_SECONDS = 200, 2.0  # a batch ends with whichever comes first
MENTION_FIELDS = (
    "start, end, text, kind, source, score, title, category, family, variant, origin, generic, ship_class, "
    "same_as, same_as_cue, setting, quantity"
).split(", ")
_COLUMNS = ", ".join(f'mentions."{field}"' for field in MENTION_FIELDS)
_REMADE = ("entities", "aliases", "receipts")
"""Tables that a merge makes anew; the second and third refer to the first."""
_KINDS = {kind.value: kind for kind in Kind}
_SOURCES = {source.value: source for source in Source}
_STDIN = "-"


class Store:
    """A scan file, open for one run; use it in a ``with`` statement."""

    def __init__(self, path: str = TEMPORARY, *, writing: bool = True, create: bool = True) -> None:
        """Open the file.

        Args:
            path: The file, made when it is missing; or :data:`TEMPORARY`.
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
        if path != TEMPORARY and not create and not Path(path).is_file():
            raise InputError(f"{path}: no such file; 'entityscan extract --db' makes it")
        if path != TEMPORARY and writing:
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
                (sha256, self.run_id, len(document.text), count_words(document.text)),
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
        for _, _, mentions in self.articles():
            yield from mentions

    def articles(self) -> Iterator[tuple[int, str, list[Mention]]]:
        """Yield number, date and mentions, as they were tagged, of the article that stands for each text, by its id."""
        self._stand()
        rows = self._db.execute(
            "SELECT standing.text_id, standing.document, published FROM standing JOIN documents USING (document) "
            "ORDER BY standing.document"
        )
        for text_id, document, published in rows:
            sentences = dict(
                self._db.execute("SELECT sentence_id, sentence FROM sentences WHERE text_id = ?", (text_id,))
            )
            mentions = self._db.execute(
                f"SELECT sentence_id, {_COLUMNS} FROM mentions WHERE mentions.text_id = ? ORDER BY start",  # noqa: S608 - our own names
                (text_id,),
            )
            yield (
                text_id,
                published,
                [mention_of(document, values, sentences.get(sentence, "")) for sentence, *values in mentions],
            )

    def _stand(self) -> None:
        """Note which article stands for each text: the first by id."""
        self._db.execute(
            "CREATE TEMP TABLE IF NOT EXISTS standing (text_id INTEGER PRIMARY KEY, document TEXT UNIQUE)"
        )
        self._db.execute("DELETE FROM standing")
        self._db.execute(
            "INSERT INTO standing SELECT text_id, min(document) FROM documents JOIN texts USING (text_id) "
            "WHERE fingerprint <> '' GROUP BY text_id"
        )

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

    def signatures(self) -> Sequence[tuple[str, bytes]]:
        """Give the signature of every article that has one, by id; they are read when they are asked for."""
        self._stand()
        self._db.execute("DROP TABLE IF EXISTS signed")
        self._db.execute(
            "CREATE TEMP TABLE signed AS SELECT standing.text_id, document FROM standing JOIN texts USING (text_id) "
            "WHERE signature IS NOT NULL ORDER BY document"
        )
        return _Signatures(self._db)

    def note_copies(self, first: Mapping[str, str]) -> None:
        """Note for each article that has copies, itself included, the first of them."""
        self._db.execute("DROP TABLE IF EXISTS copies")
        self._db.execute("CREATE TEMP TABLE copies (text_id INTEGER PRIMARY KEY, kept TEXT)")
        self._db.executemany(
            "INSERT INTO copies SELECT text_id, ? FROM standing WHERE document = ?",
            ((kept, document) for document, kept in first.items()),
        )

    def near_duplicates(self) -> list[tuple[str, str]]:
        """Return the articles that are copies of others, as the last merge noted them, each with the first of them."""
        return self._db.execute(
            "SELECT document, kept FROM copies JOIN standing USING (text_id) WHERE document <> kept ORDER BY document"
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

    @contextmanager
    def remaking(self) -> Iterator[None]:
        """Make all entities anew, by :meth:`place` and :meth:`put`, then :meth:`settle`; if that fails, the last ones stay."""
        with self._transaction():
            for table in _REMADE:
                self._db.execute(f"CREATE TEMP TABLE new_{table} AS SELECT * FROM {table} LIMIT 0")  # noqa: S608 - our own names
            self._db.execute(
                "CREATE TEMP TABLE placed (text_id INTEGER, start INTEGER, entity TEXT, agreed TEXT)"
            )
            yield
            for table in (*(f"new_{name}" for name in _REMADE), "placed"):
                self._db.execute(f"DROP TABLE {table}")
            self._db.execute("DROP TABLE IF EXISTS countries")

    def place(
        self, entity: str, text_id: int, mentions: Sequence[Mention], labels: Mapping[Mention, Kind]
    ) -> None:
        """Note that these mentions of a text belong to an entity.

        Args:
            entity: Its id.
            text_id: Number of the text.
            mentions: As merging sees them.
            labels: The kinds that some of them were tagged with, where merging found another.
        """
        self._db.executemany(
            "INSERT INTO placed VALUES (?, ?, ?, ?)",
            [
                (text_id, one.start, entity, _agreed(one) if labels and one in labels else None)
                for one in mentions
            ],
        )

    def put(self, entity: Entity, number: int) -> None:
        """Take in an entity, whose mentions are noted by :meth:`place`; there are so many."""
        self._insert(entity, number, "new_")

    def settle(self) -> None:
        """Put what was noted into the tables, in order, so that the file is written from front to back."""
        with self._without_indexes():
            self._db.executemany(
                "UPDATE mentions SET entity = ?, agreed = ? WHERE text_id = ? AND start = ? "
                "AND (entity IS NOT ? OR agreed IS NOT ?)",
                self._db.execute(
                    "SELECT entity, agreed, text_id, start, entity, agreed FROM placed ORDER BY text_id, start, rowid"
                ),
            )
            for table in reversed(_REMADE):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            for table in _REMADE:
                self._db.execute(f"INSERT INTO {table} SELECT * FROM new_{table} ORDER BY 1, 2")  # noqa: S608 - our own names
            self._rank()

    def exchange(self, old: Iterable[Entity], new: Iterable[Entity]) -> None:
        """Put entities in the place of others."""
        new = list(map(_held, new))  # read before they are gone
        for entity in old:
            self._db.execute("UPDATE mentions SET entity = NULL WHERE entity = ?", (entity.id,))
            for table in reversed(_REMADE):
                self._db.execute(f"DELETE FROM {table} WHERE entity = ?", (entity.id,))  # noqa: S608 - our own names
        for entity in new:
            self._insert(entity, len(entity.mentions))
            self._db.executemany(
                "UPDATE mentions SET entity = ? WHERE start = ? AND text_id = "
                "(SELECT text_id FROM standing WHERE document = ?)",
                ((entity.id, one.start, one.document) for one in entity.mentions),
            )
        self._rank()

    def _insert(self, entity: Entity, number: int, prefix: str = "") -> None:
        values = (entity.kind, entity.name, number, entity.documents, entity.first_seen, entity.last_seen)
        self._db.execute(
            f"INSERT INTO {prefix}entities VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            (entity.id, *values, _json(_counted(entity.attributes))),
        )
        self._db.executemany(
            f"INSERT INTO {prefix}aliases VALUES (?, ?, ?, ?)",  # noqa: S608 - our own names
            ((entity.id, n, alias.text, alias.count) for n, alias in enumerate(entity.aliases)),
        )
        self._db.executemany(
            f"INSERT INTO {prefix}receipts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            (
                (entity.id, n, r.rule, r.left, r.right, r.document, r.start, r.end)
                for n, r in enumerate(entity.why)
            ),
        )

    def _rank(self) -> None:
        """Number the entities in the order of the output contract."""
        kinds = " ".join(f"WHEN '{kind}' THEN {rank}" for rank, kind in enumerate(Kind))
        self._db.execute("CREATE TEMP TABLE ranks (position INTEGER PRIMARY KEY, entity TEXT UNIQUE)")
        self._db.execute(
            f"INSERT INTO ranks (entity) SELECT entity FROM entities ORDER BY CASE kind {kinds} END, "  # noqa: S608 - our own names
            f"kind = '{Kind.EQUIPMENT}' AND json_extract(attributes, '$.generic') IS NOT NULL, "
            "mentions DESC, documents DESC, name, entity"
        )
        self._db.execute(
            "UPDATE entities SET position = (SELECT position - 1 FROM ranks WHERE ranks.entity = entities.entity)"
        )
        self._db.execute("DROP TABLE ranks")

    @contextmanager
    def _without_indexes(self) -> Iterator[None]:
        """Make the indexes on entities anew after much has changed: that is faster than to keep them."""
        found = self._db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND (name = 'mentions_entity' OR tbl_name IN ('entities', 'aliases'))"
        ).fetchall()
        for name, _ in found:
            self._db.execute(f"DROP INDEX {name}")
        yield
        for _, sql in found:
            self._db.execute(sql)

    def note_countries(self, named: Iterable[tuple[str, str]]) -> None:
        """Count for every text the countries that its mentions name.

        Args:
            named: Ids of entities, each with the country that its mentions name.
        """
        self._db.execute("CREATE TEMP TABLE named (entity TEXT PRIMARY KEY, country TEXT) WITHOUT ROWID")
        self._db.executemany("INSERT INTO named VALUES (?, ?)", named)
        self._db.execute(
            "CREATE TEMP TABLE countries (text_id INTEGER, country TEXT, number INTEGER, "
            "PRIMARY KEY (text_id, country)) WITHOUT ROWID"
        )
        self._db.execute(
            "INSERT INTO countries SELECT text_id, country, count(*) FROM mentions JOIN named USING (entity) "
            "GROUP BY text_id, country"
        )
        self._db.execute("DROP TABLE named")

    def countries_beside(self, entity: str) -> Counter[str]:
        """Count the countries that the texts of an entity name; see :meth:`note_countries`."""
        rows = self._db.execute(
            "SELECT country, sum(number) FROM (SELECT DISTINCT text_id FROM mentions WHERE entity = ?) "
            "JOIN countries USING (text_id) GROUP BY country",
            (entity,),
        )
        return Counter(dict(rows))

    def amend(self, attributes: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
        """Give entities other attributes.

        Args:
            attributes: Ids, each with all attributes; may be worked out from what is read here.
        """
        self._db.execute("CREATE TEMP TABLE amended (attributes TEXT, entity TEXT)")
        self._db.executemany(
            "INSERT INTO amended VALUES (?, ?)",
            ((_json(_counted(found)), entity) for entity, found in attributes),
        )
        self._db.executemany(
            "UPDATE entities SET attributes = ? WHERE entity = ?", self._db.execute("SELECT * FROM amended")
        )
        self._db.execute("DROP TABLE amended")

    def independent_documents(self) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """Yield the entities that copies name: id, number of documents if copies count once, and attributes."""
        rows = self._db.execute(
            "SELECT entity, documents - count(DISTINCT text_id) + count(DISTINCT kept), attributes FROM copies "
            "CROSS JOIN mentions USING (text_id) JOIN entities USING (entity) "
            "GROUP BY entity HAVING count(DISTINCT text_id) > count(DISTINCT kept)"
        )
        for entity, number, attributes in rows:
            yield entity, number, orjson.loads(attributes)

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
        self._stand()
        [articles] = self._db.execute("SELECT count(*) FROM standing").fetchone()
        return Result(self.entities(), Rows(articles, self._documents), orjson.loads(row[0]))

    def entities(self, *kinds: Kind) -> "Rows[Entity]":
        """Give the entities of the last merge, or those of some kinds; they and their mentions are read when asked for."""
        chosen = kinds or tuple(Kind)
        marks = ", ".join("?" * len(chosen))
        [number] = self._db.execute(
            f"SELECT count(*) FROM entities WHERE kind IN ({marks})",  # noqa: S608 - our own names
            chosen,
        ).fetchone()
        read = partial(self._entities, chosen)
        return Rows(number, read) if kinds else _Stored(number, read, self._by_place)

    def _entities(self, kinds: Sequence[Kind]) -> Iterator[Entity]:
        marks = ", ".join("?" * len(kinds))
        rows = self._db.execute(
            "SELECT entity, kind, name, mentions, documents, first_seen, last_seen, attributes FROM entities "  # noqa: S608 - our own names
            f"WHERE kind IN ({marks}) ORDER BY position",
            kinds,
        )
        for entity, kind, name, mentions, documents, first, last, attributes in rows:
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
                Rows(mentions, partial(self._mentions_of, entity, _KINDS[kind])),
                documents,
                first,
                last,
                self._with_quantities(entity, orjson.loads(attributes)),
                tuple(Receipt(*values) for values in receipts),
            )

    def _with_quantities(self, entity: str, attributes: dict[str, Any]) -> dict[str, Any]:
        """Give the quantities of the mentions in the place of their number."""
        if number := attributes.get("quantities"):
            attributes["quantities"] = Rows(number, partial(self._quantities_of, entity))
        return attributes

    def _quantities_of(self, entity: str) -> Iterator[dict[str, Any]]:
        rows = self._db.execute(
            "SELECT document, quantity FROM mentions JOIN standing USING (text_id) "
            "WHERE entity = ? AND quantity IS NOT NULL AND agreed IS NULL ORDER BY document, start",
            (entity,),
        )
        for document, quantity in rows:
            yield {**as_record(Quantity(**orjson.loads(quantity))), "document": document}

    def _mentions_of(self, entity: str, kind: Kind) -> Iterator[Mention]:
        rows = self._db.execute(
            f"SELECT standing.document, sentence, agreed, {_COLUMNS} FROM mentions JOIN standing USING (text_id) "  # noqa: S608 - our own names
            "LEFT JOIN sentences USING (sentence_id) WHERE entity = ? ORDER BY standing.document, start",
            (entity,),
        )
        for document, sentence, agreed, *values in rows:
            found = mention_of(document, orjson.loads(agreed) if agreed else values, sentence or "")
            yield _as_kind(found, kind)

    def _by_place(self) -> Iterator[tuple[Mention, str, str]]:
        for text_id, document in self._db.execute("SELECT text_id, document FROM standing ORDER BY document"):
            rows = self._db.execute(
                f"SELECT sentence, agreed, entities.entity, entities.kind, entities.name, {_COLUMNS} FROM mentions "  # noqa: S608 - our own names
                "JOIN entities USING (entity) LEFT JOIN sentences USING (sentence_id) WHERE mentions.text_id = ? ORDER BY start",
                (text_id,),
            )
            for sentence, agreed, entity, kind, name, *values in rows:
                found = mention_of(document, orjson.loads(agreed) if agreed else values, sentence or "")
                yield _as_kind(found, _KINDS[kind]), entity, name


def _as_kind(mention: Mention, kind: Kind) -> Mention:
    return mention if mention.kind is kind else replace(mention, kind=kind, title="")  # by a verdict


def held(result: Result) -> Result:
    """Give a result with everything in memory, so that its store may be closed."""
    return replace(result, entities=tuple(map(_held, result.entities)), documents=tuple(result.documents))


def _held(entity: Entity) -> Entity:
    attributes = {
        key: list(value) if isinstance(value, Rows) else value for key, value in entity.attributes.items()
    }
    return replace(entity, mentions=tuple(entity.mentions), attributes=attributes)


def _counted(attributes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the number of quantities in their place: they are with the mentions."""
    found = attributes.get("quantities")
    return attributes if not isinstance(found, Sequence) else {**attributes, "quantities": len(found)}


class Rows(Sequence[T]):
    """Values that are read when they are asked for, so that none is held."""

    def __init__(self, number: int, read: Callable[[], Iterator[T]]) -> None:
        self._number, self._read = number, read

    def __len__(self) -> int:
        return self._number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[T]:
        return self._read()

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return tuple(self._read())[index]


class _Stored(Rows[Entity]):
    """The entities of a scan file, whose mentions can be read in the order of the texts."""

    def __init__(
        self,
        number: int,
        read: Callable[[], Iterator[Entity]],
        by_place: Callable[[], Iterator[tuple[Mention, str, str]]],
    ) -> None:
        super().__init__(number, read)
        self.by_place = by_place


class _Signatures(Sequence[tuple[str, bytes]]):
    """What is noted in ``signed``, by its number there."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM signed").fetchone()[0])

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        return iter(self._db.execute(f"{_SIGNED} ORDER BY signed.rowid"))

    @overload
    def __getitem__(self, index: int) -> tuple[str, bytes]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, bytes]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, bytes] | Sequence[tuple[str, bytes]]:
        if isinstance(index, slice):
            return tuple(self)[index]
        [(document, found)] = self._db.execute(f"{_SIGNED} WHERE signed.rowid = ?", (index + 1,))
        return document, found


_SIGNED = "SELECT document, signature FROM signed JOIN texts USING (text_id)"


def values_of(mention: Mention) -> tuple[Any, ...]:
    """Give the values of a mention's columns, :data:`MENTION_FIELDS`."""
    *values, quantity = (getattr(mention, field) for field in MENTION_FIELDS)
    return (*values, _json(asdict(quantity)) if quantity else None)


def mention_of(document: str, values: Sequence[Any], sentence: str) -> Mention:
    """Make a mention from its columns."""
    start, end, text, kind, source, score, title, category, family, variant, origin, generic, *rest = values
    ship_class, same_as, same_as_cue, setting, quantity = rest
    return Mention(
        document,
        start,
        end,
        text,
        _KINDS[kind],
        _SOURCES[source],
        score,
        sentence,
        title,
        category,
        family,
        variant,
        origin,
        bool(generic),
        same_as,
        same_as_cue,
        setting,
        None if quantity is None else Quantity(**orjson.loads(quantity)),
        ship_class,
    )


def _agreed(mention: Mention) -> str:
    return orjson.dumps(values_of(mention)).decode()


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
