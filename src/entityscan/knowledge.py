"""Who and what is well known: countries, places, organisations, people, words that make up names.

Files under ``data/`` become frozen records, read late and once; ``data/README.md`` documents their
columns. Nothing here decides that two mentions are one thing: that is the work of ``rules``.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from entityscan.errors import DataError
from entityscan.names import fold, name_key, name_part

_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Known:
    """One well-known place, organisation or person, and the spellings that mean it."""

    name: str
    """As a reader expects it in the table."""
    names: tuple[str, ...]
    """Other names and spellings, acronyms too."""
    country: str = ""
    """ISO 3166-1 alpha-2, or empty: none, several or unknown."""
    type: str = ""
    """``country``, ``city``, ``military``, ``company``, ...; people: ``m``, ``f`` or empty."""
    acronym: str = ""
    """Organisations: the acronym that the news uses."""
    bare: tuple[str, ...] = ()
    """People: single names that mean this person when nobody else fits."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every full spelling, the name first."""
        return tuple(dict.fromkeys(filter(None, (self.name, *self.names, self.acronym))))


@dataclass(frozen=True, slots=True)
class GivenName:
    """What is known about a given name."""

    gender: str
    """``m``, ``f`` or empty."""
    group: str
    """The folded name under which transliterations of one name meet."""
    long_forms: frozenset[str]
    """Groups of the names that this one may be short for."""
    family: str
    """The folded name under which the forms of one name in several languages meet."""
    west: bool
    """True for names of Western Europe and America, which are not transliterated."""


Index = Mapping[str, tuple[Known, ...]]
"""From :func:`~entityscan.names.name_key` to the records that own the spelling."""


def _rows(name: str, fields: tuple[str, ...]) -> Iterator[list[str]]:
    with (files("entityscan") / "data" / name).open(encoding="utf-8") as stream:
        reader = csv.reader(stream)
        if tuple(next(reader, ())) != fields:
            raise DataError(f"data/{name}:1: the header must be {','.join(fields)}")
        for row in reader:
            if len(row) != len(fields) or not row[0]:
                raise DataError(
                    f"data/{name}:{reader.line_num}: expected {len(fields)} cells, the first not empty"
                )
            yield row


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(_SEPARATOR)) if cell else ()


def _index(records: Iterable[Known]) -> Index:
    owners: dict[str, dict[str, Known]] = defaultdict(dict)
    for record in records:
        for spelling in record.spellings:
            owners[name_key(spelling)][record.name] = record
    return MappingProxyType({key: tuple(found.values()) for key, found in owners.items()})


@lru_cache(maxsize=1)
def load_countries() -> tuple[Known, ...]:
    """Read ``countries.csv``: one record a country or territory that the news treats like one."""
    rows = _rows("countries.csv", ("code", "name", "names", "demonyms"))
    return tuple(Known(name, _split(names), code, "country") for code, name, names, _ in rows)


@lru_cache(maxsize=1)
def load_places() -> tuple[Known, ...]:
    """Read countries and ``places.csv``."""
    rows = _rows("places.csv", ("name", "names", "country", "type"))
    return load_countries() + tuple(
        Known(name, _split(names), country, kind) for name, names, country, kind in rows
    )


@lru_cache(maxsize=1)
def load_organisations() -> tuple[Known, ...]:
    """Read ``organisations.csv``."""
    rows = _rows("organisations.csv", ("name", "names", "acronym", "country", "type"))
    return tuple(
        Known(name, _split(names), country, kind, acronym) for name, names, acronym, country, kind in rows
    )


@lru_cache(maxsize=1)
def load_people() -> tuple[Known, ...]:
    """Read ``people.csv``."""
    rows = _rows("people.csv", ("name", "names", "bare", "gender"))
    return tuple(
        Known(name, _split(names), "", gender, "", _split(bare)) for name, names, bare, gender in rows
    )


@lru_cache(maxsize=1)
def places() -> Index:
    """Give the owners of every spelling of a known place."""
    return _index(load_places())


@lru_cache(maxsize=1)
def organisations() -> Index:
    """Give the owners of every spelling of a known organisation."""
    return _index(load_organisations())


@lru_cache(maxsize=1)
def people() -> Index:
    """Give the owners of every full spelling of a known person."""
    return _index(load_people())


@lru_cache(maxsize=1)
def famous() -> Index:
    """Give the owners of every single name that means one known person."""
    owners: dict[str, dict[str, Known]] = defaultdict(dict)
    for person in load_people():
        for name in person.bare:
            owners[name_key(name)][person.name] = person
    return MappingProxyType({key: tuple(found.values()) for key, found in owners.items()})


@lru_cache(maxsize=1)
def adjectives() -> Mapping[str, str]:
    """Give the country code of every key that names a country or its people (``russian``, ``us``)."""
    found: dict[str, str] = {}
    for code, name, names, demonyms in _rows("countries.csv", ("code", "name", "names", "demonyms")):
        for spelling in (name, *_split(names), *_split(demonyms)):
            found.setdefault(name_key(spelling), code)
    return MappingProxyType(found)


def _part(name: str) -> str:
    return name_part(fold(name))


@lru_cache(maxsize=1)
def given_names() -> Mapping[str, GivenName]:
    """Give gender, spelling group and long forms of every known given name, by its folded form."""
    genders: dict[str, set[str]] = defaultdict(set)
    groups: dict[str, str] = {}
    long_forms: dict[str, set[str]] = defaultdict(set)
    families: dict[str, str] = {}
    west: set[str] = set()
    fields = ("name", "gender", "spellings", "short_forms", "origin", "related")
    for name, gender, spellings, short_forms, origin, related in _rows("given_names.csv", fields):
        group = _part(name)
        families.update((_part(other), group) for other in _split(related))
        for spelling in (group, *map(_part, _split(spellings))):
            groups[spelling] = group
            genders[spelling].add(gender)
            west.update([spelling] if origin == "west" else [])
        for short in map(_part, _split(short_forms)):
            genders[short].add(gender)
            long_forms[short].add(group)
            west.update([short] if origin == "west" else [])
    return MappingProxyType(
        {
            name: GivenName(
                found.pop() if len(found) == 1 else "",
                group := groups.get(name, name),
                frozenset(long_forms[name]),
                families.get(group, group),
                name in west,
            )
            for name, found in genders.items()
        }
    )


@lru_cache(maxsize=1)
def word_roles() -> Mapping[str, frozenset[str]]:
    """Give the words of each role in names: ``legal form``, ``region``, ``institution``, ..."""
    roles: dict[str, set[str]] = defaultdict(set)
    for role, word in _rows("name_words.csv", ("role", "word")):
        roles[role].add(word)
    return MappingProxyType({role: frozenset(found) for role, found in roles.items()})


@lru_cache(maxsize=1)
def demonyms() -> frozenset[str]:
    """Give the words for a people, a region's people or believers (``russian``, ``arabs``), lower case."""
    rows = list(_rows("countries.csv", ("code", "name", "names", "demonyms")))
    others = (files("entityscan") / "data" / "peoples.txt").read_text("utf-8").splitlines()
    words = {word.lower() for *_, cell in rows for word in _split(cell)}
    words |= {word for word in others if not word.startswith("#")}
    countries = {spelling.lower() for _, name, names, _ in rows for spelling in (name, *_split(names))}
    return frozenset((words | {f"{word}s" for word in words}) - countries)


@lru_cache(maxsize=1)
def demonym_codes() -> Mapping[str, str]:
    """Give the country code of every adjective for a country, as written (``Russian``), that belongs to one alone."""
    owners: dict[str, set[str]] = defaultdict(set)
    names: set[str] = set()
    for code, name, others, demonyms in _rows("countries.csv", ("code", "name", "names", "demonyms")):
        names.update((name, *_split(others)))
        for word in _split(demonyms):
            owners[word].add(code)
    found = {word: codes.pop() for word, codes in owners.items() if len(codes) == 1 and word not in names}
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def callings() -> Mapping[str, str]:
    """Give the calling of every word for one: ``goalkeeper`` is ``sport``."""
    return MappingProxyType(
        {
            word: calling
            for calling, words in _rows("callings.csv", ("calling", "words"))
            for word in _split(words)
        }
    )
