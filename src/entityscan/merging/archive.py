"""Merging of an archive that memory need not hold: the steps of :func:`~entityscan.merging.merge`, one after the other.

Articles come in twice, one at a time: first to count the votes on each name, then to be merged. What must meet is
sorted on disk by a database that ends with the merge: the votes on one name, the persons of one block of spellings,
the clusters of one identity. Rows go out as soon as they are made, without their mentions. Memory holds one article,
one block, what is said of one row, and the exceptions: persons that are spelled in several ways.
"""

import marshal
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from entityscan.kinds import Votes, votes_of
from entityscan.merging import across
from entityscan.merging.document import merge_article
from entityscan.merging.namesakes import Doubts, told_apart
from entityscan.merging.packing import pack, unpack
from entityscan.merging.rows import Row, entity_of, hashed, with_adjectives, with_distinct_ids
from entityscan.merging.steps import Cluster
from entityscan.records import Entity, Kind, Mention
from entityscan.rules import Form

_SCHEMA = """
CREATE TABLE votes (name TEXT, person INTEGER, place INTEGER, organisation INTEGER, document TEXT, text TEXT);
CREATE TABLE disputed (
  name TEXT PRIMARY KEY, person INTEGER, place INTEGER, organisation INTEGER, document TEXT, text TEXT, varied INTEGER
) WITHOUT ROWID;
CREATE TABLE named (article INTEGER PRIMARY KEY, identities BLOB);
CREATE TABLE clusters (kind TEXT, identity TEXT, article INTEGER, cluster BLOB);
CREATE TABLE blocks (block TEXT, cluster BLOB);
CREATE TABLE same (identity TEXT PRIMARY KEY, other TEXT) WITHOUT ROWID;
"""
_REMEMBERED = 2_048  # names whose votes are not looked up again
_VOTED = (Kind.PERSON, Kind.PLACE, Kind.ORGANISATION)  # equipment was settled by the words around it


@dataclass(frozen=True, slots=True)
class ArchivedArticle:
    """What was found in one document of an archive."""

    number: int
    """By which the caller knows it."""
    mentions: Sequence[Mention]
    """By offset."""
    published: str = ""
    """ISO 8601 date, or empty."""


Placed = Callable[[str, int, Sequence[Mention], Mapping[Mention, Kind]], object]
"""Is told the row's id, the article's number, the row's mentions there, and the kind that some of them were labelled
with before; a later word on a mention replaces an earlier one."""


def merge_archive(
    articles: Callable[[], Iterable[ArchivedArticle]],
    placed: Placed,
    *,
    adjectives: Mapping[str, int] | None = None,
) -> Iterator[tuple[Entity, int]]:
    """Group the mentions of one thing into one entity; the rows are those of :func:`~entityscan.merging.merge`.

    Args:
        articles: Gives all articles by document, each time that it is called.
        placed: Is told which mentions belong to a row, before the row is given.
        adjectives: How often the texts use adjectives of a country, by ISO code.

    Yields:
        Every row without its mentions, and how many there are; in no order. Of its quantities it has the number, too.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as db:  # a file that SQLite makes and removes
        db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA} BEGIN")
        _count_votes(db, articles())
        _merge_articles(db, articles())
        _find_same_persons(db)
        for entity, number in _rows(db, placed):
            yield with_adjectives(entity, adjectives or {}), number


def _count_votes(db: sqlite3.Connection, articles: Iterable[ArchivedArticle]) -> None:
    """Count how all articles use each name, and keep the names that they do not use alike."""
    db.executemany(
        "INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?)",
        (
            (name, *(votes.kinds[kind] for kind in _VOTED), votes.document, votes.text)
            for article in articles
            for name, votes in votes_of(article.mentions).items()
        ),
    )
    db.execute(  # text is that of the first document, as SQLite promises where min() stands alone
        "INSERT INTO disputed SELECT name, sum(person), sum(place), sum(organisation), min(document), text, "
        "count(DISTINCT text) > 1 AS varied FROM votes GROUP BY name "
        "HAVING varied OR (sum(person) > 0) + (sum(place) > 0) + (sum(organisation) > 0) > 1"
    )
    db.execute("DELETE FROM votes")


class _Disputed(Mapping[str, Votes]):
    """The votes on the names that articles use differently, looked up one by one."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._find = lru_cache(maxsize=_REMEMBERED)(self._looked_up)

    def _looked_up(self, name: str) -> Votes | None:
        row = self._db.execute("SELECT * FROM disputed WHERE name = ?", (name,)).fetchone()
        if row is None:
            return None
        _, *counts, document, text, varied = row
        kinds = Counter({kind: count for kind, count in zip(_VOTED, counts, strict=True) if count})
        return Votes(kinds, document, text, bool(varied))

    def __getitem__(self, name: str) -> Votes:
        found = self._find(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return (name for (name,) in self._db.execute("SELECT name FROM disputed"))

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM disputed").fetchone()[0])


def _merge_articles(db: sqlite3.Connection, articles: Iterable[ArchivedArticle]) -> None:
    """Merge each article by itself."""
    everywhere = _Disputed(db)
    for article in articles:
        clusters = merge_article(article.mentions, everywhere, article.published).clusters
        beside = next((one.beside for one in clusters if one.beside), ())  # all persons have the same
        db.execute("INSERT INTO named VALUES (?, ?)", (article.number, marshal.dumps(beside)))
        db.executemany(
            "INSERT INTO clusters VALUES (?, ?, ?, ?)",
            (
                (one.kind.value, one.identity, article.number, pack(one))
                for one in sorted(clusters, key=lambda cluster: cluster.forms)
            ),
        )


def _find_same_persons(db: sqlite3.Connection) -> None:
    """Link the persons whose full names are spellings of one."""
    db.executemany(
        "INSERT INTO blocks VALUES (?, ?)",
        (
            (" ".join(key), pack(Cluster((form,), (), identity)))
            for identity, form in _full_names(db)
            for key in across.blocks([form])
        ),
    )
    identities: dict[Form, str] = {}
    links = {}
    blocks = db.execute("SELECT block, cluster FROM blocks ORDER BY block")
    for _, rows in groupby(blocks, key=lambda row: row[0]):
        members = {found.forms[0]: found.identity for found in (unpack(packed) for _, packed in rows)}
        for link in across.spelling_links([members]) if len(members) > 1 else ():
            links[link.left, link.right] = link
            identities |= {form: members[form] for form in (link.left, link.right)}
    persons = {identity: form for form, identity in identities.items()}
    db.executemany("INSERT INTO same VALUES (?, ?)", across.same_persons(persons, links.values()).items())
    db.execute("DELETE FROM blocks")


def _full_names(db: sqlite3.Connection) -> Iterator[tuple[str, Form]]:
    """Yield every person with the form that stands for them in comparisons."""
    rows = db.execute(
        "SELECT identity, cluster FROM clusters WHERE kind = ? ORDER BY identity", (Kind.PERSON.value,)
    )
    for _, own in groupby(rows, key=lambda row: row[0]):
        yield from across.full_names(unpack(packed) for _, packed in own).items()


def _rows(db: sqlite3.Connection, placed: Placed) -> Iterator[tuple[Entity, int]]:
    """Make the rows, each from the clusters of one identity by document."""
    rows = db.execute(
        "SELECT kind, coalesce(other, clusters.identity) AS met, article, cluster, clusters.rowid FROM clusters "
        "LEFT JOIN same ON same.identity = clusters.identity AND kind = ? ORDER BY 1, 2, 5",
        (Kind.PERSON.value,),
    )
    for (kind, identity), own in groupby(rows, key=lambda row: row[:2]):
        entity_id = hashed(Kind(kind), identity)
        row, doubts, numbers = Row(keeping=False), Doubts(), array("q")
        for article, together in groupby(own, key=lambda row: row[2]):
            clusters = []
            for *_, packed, number in together:
                clusters.append(unpack(packed))
                doubts.add(clusters[-1])
                numbers.append(number)
            _place(placed, entity_id, article, row.add(clusters), clusters)
        if doubts:
            yield from _told_apart(db, placed, numbers)
        else:
            yield row.entity(), len(row)


def _told_apart(
    db: sqlite3.Connection, placed: Placed, numbers: Iterable[int]
) -> Iterator[tuple[Entity, int]]:
    """Make the rows of the namesakes in a group; such a group is held."""
    group, articles = [], {}
    for number in numbers:
        [(article, packed, named)] = db.execute(
            "SELECT article, cluster, identities FROM clusters JOIN named USING (article) WHERE clusters.rowid = ?",
            (number,),
        )
        group.append(replace(unpack(packed), beside=marshal.loads(named)))  # noqa: S302 - made by this run
        articles[group[-1].forms[0].document] = article
    parts = told_apart(group)
    labels = {mention: kind for cluster in group for mention, kind in cluster.labels.items()}
    for entity in with_distinct_ids(map(entity_of, parts)):
        for document, own in groupby(entity.mentions, key=lambda mention: mention.document):
            placed(entity.id, articles[document], list(own), labels)
        yield replace(entity, mentions=()), len(entity.mentions)


def _place(
    placed: Placed, entity_id: str, article: int, mentions: Sequence[Mention], clusters: Sequence[Cluster]
) -> None:
    labels: dict[Mention, Kind] = {}
    for cluster in clusters:
        labels |= cluster.labels
    placed(entity_id, article, mentions, labels)
