"""A possible name of hardware in a text, and how much evidence it needs."""

from dataclasses import dataclass
from enum import IntEnum

from entityscan.equipment.catalogue import Spelling
from entityscan.records import Source

ROMAN = frozenset("I II III IV V VI VII VIII IX X".split())


class Level(IntEnum):
    """How much evidence a candidate needs."""

    AMBIGUOUS = 0
    """Also a word, a person, a place: evidence of its own."""
    WEAK = 1
    """A military text."""
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name by positions of atoms, with what it would be."""

    first: int
    stop: int
    family: str
    variant: str
    category: str
    origin: str
    level: Level
    source: Source
    plural: bool = False
    plain: bool = False
    """One capitalised word, which may also be part of another name."""
    code: bool = False
    """Made of letters and digits."""
    options: tuple[Spelling, ...] = ()
    """What the catalogue has for it."""
    titled: bool = False
    """An acronym written like a word, ``Himars``."""
    needs_noun: bool = False
    """Known with a class noun only: the noun must stand beside it."""
    lead: int = 0
    """Code points before the first atom that belong to the name: the dash of ``-35s``."""
    ship: tuple[str, ...] = ()
    """Atom keys of an individual ship's name, without prefix."""
    ship_class: str = ""
    """Family of the ship's class, when the catalogue or the text tells."""
