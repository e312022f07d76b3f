"""Military units: the echelon, the number and the branch that a name says.

``47th Mechanized Brigade`` is brigade 47, mechanized; ``VMFA-121`` is squadron 121, marine fighter attack. The words for
echelons are in ``data/units.csv``.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from entityscan.names import words

_BRACKET = re.compile(r"\([^)]*\)")
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
}
_ROMAN |= {"xii": 12, "xiv": 14, "xv": 15, "xvi": 16, "xviii": 18, "xix": 19, "xx": 20}
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True)
)
_ONES = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth".split()
_ORDINALS = {word: number for number, word in enumerate(_ONES, start=1)}
_NUMBER = re.compile(r"(\d{1,4})(?:st|nd|rd|d|th)?")
_LONGEST = 3  # words of an echelon
_NOT_BRANCH = frozenset("and no of the independent separate".split())


@dataclass(frozen=True, slots=True)
class Unit:
    """What the name of a military unit says."""

    echelon: str
    """``brigade``, ``fleet``, ``squadron``, ...; the values of the column in ``data/units.csv``."""
    number: str
    """In figures, empty when the name has none."""
    branch: frozenset[str]
    """The other words: ``mechanised``, ``marine``; those of the unit above it, which a comma sets apart."""


@dataclass(frozen=True, slots=True)
class _Word:
    echelon: str
    branch: frozenset[str]
    alone: bool
    """A unit also without a number: ``fleet``, not ``company``."""
    short: bool
    """Stands in capitals before a number: ``VMFA-121``."""


@lru_cache(maxsize=1)
def _echelons() -> Mapping[tuple[str, ...], _Word]:
    with files("entityscan").joinpath("data", "units.csv").open(encoding="utf-8") as stream:
        return MappingProxyType(
            {
                tuple(row["word"].split()): _Word(
                    row["echelon"], frozenset(row["branch"].split()), bool(row["alone"]), bool(row["short"])
                )
                for row in csv.DictReader(stream)
            }
        )


@lru_cache(maxsize=1)
def designators() -> frozenset[str]:
    """Give the short forms that stand before a number, in capitals: ``VMFA`` of ``VMFA-121``."""
    return frozenset(word[0].upper() for word, found in _echelons().items() if found.short)


@lru_cache(maxsize=2_048)
def unit_of(text: str) -> Unit | None:
    """Take the name of a military unit apart; None when it is none.

    >>> unit_of("Fifth Fleet"), unit_of("Ford Motor Company")
    (Unit(echelon='fleet', number='5', branch=frozenset()), None)
    >>> unit_of("VMFA-121").number, unit_of("155th Guards Naval Infantry Brigade").echelon
    ('121', 'brigade')
    """
    name, _, parent = text.partition(",")
    found = words(_BRACKET.sub(" ", name))
    for length in range(_LONGEST, 0, -1):
        for start in range(len(found) - length, -1, -1):
            word = _echelons().get(found[start : start + length])
            if word is not None:
                unit = _unit(found[:start], found[start + length :], word)
                return unit and replace(unit, branch=unit.branch | frozenset(words(parent)))
    return None


def _unit(before: tuple[str, ...], after: tuple[str, ...], word: _Word) -> Unit | None:
    """Return the unit of the words around its echelon: the number before it, or right after it."""
    number, left = "", before
    if after and (digits := _figures(after[:1], word)):
        number, after = digits, after[1:]
    else:
        for size in (2, 1):
            for start in range(len(before) - size + 1):
                if not number and (digits := _figures(before[start : start + size], word)):
                    number, left = digits, before[:start] + before[start + size :]
    if after or not (number or word.alone) or (not number and not left):
        return None
    return Unit(word.echelon, number, word.branch | (frozenset(left) - _NOT_BRANCH))


def _figures(found: tuple[str, ...], word: _Word) -> str:
    """Write ``7th``, ``seventh``, ``twenty first`` and, of a corps, ``xviii`` as figures; empty when it is no number."""
    if len(found) == 2:
        tens, ones = _TENS.get(found[0], 0), _ORDINALS.get(found[1], 10)
        return str(tens + ones) if tens and ones < 10 else ""
    [one] = found
    if match := _NUMBER.fullmatch(one):
        return match[1].lstrip("0") or "0"
    if word.echelon in ("corps", "expeditionary force") and one in _ROMAN:
        return str(_ROMAN[one])
    return str(_ORDINALS.get(one, ""))
