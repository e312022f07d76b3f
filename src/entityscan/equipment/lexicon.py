"""The word lists of the equipment finder: cues, generic nouns, ship prefixes, hull codes.

Reads the files ``equipment_cues.toml``, ``generic_equipment.toml``, ``ship_prefixes.csv`` and
``hull_codes.csv`` under ``data/`` into frozen records, late and once.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from entityscan.designators import fold, keys_of
from entityscan.errors import DataError


@dataclass(frozen=True, slots=True)
class Cues:
    """Words for and against a military reading; all but ``not_in_name`` and ``marks`` are folded."""

    military: frozenset[str]
    civil_air: frozenset[str]
    civil: frozenset[str]
    civil_craft: frozenset[tuple[str, ...]]
    """Atom keys."""
    civil_behind: frozenset[tuple[str, ...]]
    """Atom keys."""
    titles: frozenset[str]
    speech: frozenset[str]
    demonyms: frozenset[str]
    makers: Mapping[str, tuple[tuple[str, ...], ...]]
    """By first atom, longest first."""
    nicknames: frozenset[str]
    marks: frozenset[str]
    ship_words: frozenset[str]
    groups: frozenset[tuple[str, ...]]
    not_in_name: frozenset[str]
    not_class: frozenset[str]
    not_nicknames: frozenset[str]
    forces: frozenset[str]
    actions: frozenset[str]
    examples: frozenset[str]
    codes: frozenset[tuple[str, ...]]
    """Atom keys."""
    namesakes: frozenset[str]
    uses: frozenset[str]
    with_article: frozenset[str]
    function_words: frozenset[str]
    not_codes: frozenset[str]
    owners: frozenset[str]
    naming: frozenset[tuple[str, ...]]
    """Atom keys."""


@dataclass(frozen=True, slots=True)
class Head:
    """A noun that names hardware."""

    keys: tuple[str, ...]
    category: str
    kind: str
    """The canonical noun, singular: ``drone`` for ``UAV``."""
    strength: str
    """``strong``, ``context`` or ``modified``; see the data file."""
    acronym: bool
    """Written in capitals: ``SAM``, not ``Sam``."""


@dataclass(frozen=True, slots=True)
class Nouns:
    """The lexicon of generic equipment."""

    heads: Mapping[str, tuple[Head, ...]]
    """By first atom, longest first."""
    modifiers: frozenset[str]
    endings: frozenset[str]
    beginnings: frozenset[str]
    measures: frozenset[str]
    dropped: frozenset[str]
    civil: frozenset[str]
    needs: Mapping[str, frozenset[str]]
    not_before: frozenset[str]
    verb_before: frozenset[str]
    verbs: frozenset[str]
    not_after: frozenset[str]
    spellings: Mapping[str, str]
    kinds: Mapping[str, str]
    bare: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Hull:
    """What a hull code or a ship's prefix tells."""

    category: str
    origin: str


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("entityscan").joinpath("data", name).read_text("utf-8"))


def _rows(name: str) -> list[dict[str, str]]:
    with files("entityscan").joinpath("data", name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _folded(words: list[str]) -> frozenset[str]:
    return frozenset(map(fold, words))


def _with_plurals(words: frozenset[str]) -> frozenset[str]:
    return words | {f"{word}s" for word in words}


def _by_first(phrases: list[tuple[str, ...]]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for keys in sorted(phrases, key=len, reverse=True):
        table[keys[0]] = (*table.get(keys[0], ()), keys)
    return MappingProxyType(table)


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """Read the cue lists."""
    data = _toml("equipment_cues.toml")
    return Cues(
        military=_folded(data["military"]),
        civil=_folded(data["civil"]),
        civil_air=_folded(data["civil_air"]),
        civil_craft=frozenset(map(keys_of, data["civil_craft"])),
        civil_behind=frozenset(map(keys_of, data["civil_behind"])),
        titles=_folded(data["titles"]),
        speech=_folded(data["speech"]),
        demonyms=_folded(data["demonyms"]),
        makers=_by_first([keys_of(maker) for maker in data["makers"]]),
        nicknames=_folded(data["nicknames"]),
        marks=frozenset(data["marks"]),
        ship_words=_with_plurals(_folded(data["ship_words"])),
        forces=_folded(data["forces"]),
        groups=frozenset(map(keys_of, data["groups"])),
        not_in_name=frozenset(data["not_in_name"]),
        not_class=_folded(data["not_class"]),
        not_nicknames=_folded(data["not_nicknames"]),
        actions=_folded(data["actions"]),
        examples=_folded(data["examples"]),
        codes=frozenset(map(keys_of, data["codes"])),
        namesakes=_folded(data["namesakes"]),
        uses=_folded(data["uses"]),
        with_article=_folded(data["with_article"]),
        function_words=_folded(data["function_words"]),
        not_codes=_folded(data["not_codes"]),
        owners=_folded(data["owners"]),
        naming=frozenset(map(keys_of, data["naming"])),
    )


def _heads(data: dict[str, Any], spellings: Mapping[str, str]) -> Mapping[str, tuple[Head, ...]]:
    heads: list[Head] = []
    for strength, nouns in data.items():
        for noun, meaning in nouns.items():
            category, _, kind = meaning.partition(": ")
            keys = tuple(spellings.get(key, key) for key in keys_of(noun))
            if not keys or not category:
                raise DataError(f"generic_equipment.toml: bad head {noun!r}")
            heads.append(Head(keys, category, kind or noun, strength, noun.isupper()))
    table: dict[str, tuple[Head, ...]] = {}
    for head in sorted(heads, key=lambda head: -len(head.keys)):
        table[head.keys[0]] = (*table.get(head.keys[0], ()), head)
    return MappingProxyType(table)


@lru_cache(maxsize=1)
def load_nouns() -> Nouns:
    """Read the generic nouns.

    Raises:
        DataError: a head has no category.
    """
    data = _toml("generic_equipment.toml")
    spellings = MappingProxyType(data["spellings"])
    return Nouns(
        heads=_heads(data["heads"], spellings),
        modifiers=_folded(data["modifiers"]),
        endings=_folded(data["endings"]),
        beginnings=_folded(data["beginnings"]),
        measures=_folded(data["measures"]),
        dropped=_folded(data["dropped"]),
        civil=_folded(data["civil"]),
        needs=MappingProxyType({head: _folded(words) for head, words in data["needs"].items()}),
        not_before=_folded(data["not_before"]),
        verb_before=_folded(data["verb_before"]),
        verbs=_folded(data["verbs"]),
        not_after=_folded(data["not_after"]),
        spellings=spellings,
        kinds=MappingProxyType(data["kinds"]),
        bare=MappingProxyType({head: _folded(words) for head, words in data["bare"].items()}),
    )


@lru_cache(maxsize=1)
def load_prefixes() -> Mapping[str, str]:
    """Read the ship prefixes: ``USS`` and the country that uses it."""
    return MappingProxyType({row["prefix"]: row["origin"] for row in _rows("ship_prefixes.csv")})


@lru_cache(maxsize=1)
def load_shared_prefixes() -> frozenset[str]:
    """Read the ship prefixes that mean other things too: ``ARM Holdings``, ``JS Bach``."""
    return frozenset(row["prefix"] for row in _rows("ship_prefixes.csv") if row["shared"])


@lru_cache(maxsize=1)
def load_hulls() -> Mapping[tuple[str, ...], Hull]:
    """Read the hull codes, by their atoms: ``DDG`` is a destroyer."""
    return MappingProxyType(
        {
            tuple(row["code"].split("-")): Hull(row["category"], row["origin"])
            for row in _rows("hull_codes.csv")
        }
    )


@lru_cache(maxsize=1)
def load_ship_classes() -> Mapping[str, str]:
    """Read the class of ships by hull number (``DDG-64``) and by name.

    Raises:
        DataError: two classes claim one ship.
    """
    found: dict[str, str] = {}
    for row in _rows("ship_classes.csv"):
        for members in row["ships"].split(" | "):
            for ship in _hull_range(members):
                if ship in found:
                    raise DataError(f"ship_classes.csv: {ship!r} is in two classes")
                found[ship] = row["class"]
    return MappingProxyType(found)


def _hull_range(members: str) -> list[str]:
    """Return the hull numbers of a range, ``CVN-68:CVN-77``, or the one ship that is named."""
    first, colon, last = members.partition(":")
    if not colon:
        return [members]
    code, _, low = first.rpartition("-")
    return [f"{code}-{number}" for number in range(int(low), int(last.rpartition("-")[2]) + 1)]
