"""The class of an individual ship: from its hull number or name in ``data/ship_classes.csv``, or from the text.

A ship and its class stay two things; the class is only written on the ship.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from entityscan.designators import Atoms
from entityscan.equipment.candidates import Candidate
from entityscan.equipment.lexicon import load_ship_classes
from entityscan.gazetteer import Category, Family

_MOST_BETWEEN = 7
"""Atoms between a ship and its class: ``USS Carney (DDG-64), a US Arleigh Burke-class``."""
_LINKS = frozenset('( ) , a an the is was - “ ” "'.split())


@dataclass(frozen=True, slots=True)
class ShipClasses:
    """Knows the class of ships; holds the catalogue's individual ships."""

    individuals: frozenset[str]
    """Names of the families that are one ship."""
    known: Mapping[str, str]
    """Class by family name."""
    demonyms: frozenset[str]
    """Folded nationality words, which may stand between a ship and its class."""

    naval: frozenset[str]
    """Categories of ships."""

    @classmethod
    def of(
        cls, families: Iterable[Family], categories: Mapping[str, Category], demonyms: frozenset[str]
    ) -> "ShipClasses":
        """Look up every individual ship of a catalogue by name and hull number."""
        ships = [family for family in families if family.individual]
        table = load_ship_classes()
        found = {
            ship.name: table[spelling]
            for ship in ships
            for spelling in reversed(ship.spellings)
            if spelling in table
        }
        naval = frozenset(name for name, category in categories.items() if category.domain == "sea")
        return cls(frozenset(ship.name for ship in ships), found, demonyms, naval)

    def add(self, atoms: Atoms, names: Sequence[Candidate]) -> list[Candidate]:
        """Write its class on every ship among the names of a text; what the text says wins."""
        ships = self.individuals.union(name.family for name in names if name.ship)
        said = dict(self._said(atoms, names, ships))
        return [
            replace(name, ship_class=said.get(name.family) or self.known.get(name.family, ""))
            if name.family in ships
            else name
            for name in names
        ]

    def _said(self, atoms: Atoms, names: Sequence[Candidate], ships: Set[str]) -> Iterator[tuple[str, str]]:
        """Yield ship and class where the text puts them together."""
        whole = (name for name in names if not (name.code and name.family in ships))
        for left, right in pairwise(whole):
            if left.category not in self.naval or (left.family in ships) == (right.family in ships):
                continue
            if right.family in ships and self._describes(atoms, left.stop, right.first):
                yield right.family, left.family
            elif right.category in self.naval and self._is_apposition(atoms, left.stop, right.first):
                yield left.family, right.family

    def _describes(self, atoms: Atoms, first: int, stop: int) -> bool:
        """Tell whether only small words stand between a class and a ship: ``Kilo-class submarine Rostov``."""
        words = atoms.words[first:stop]
        return stop - first <= _MOST_BETWEEN and all(word.isalpha() and word.islower() for word in words)

    def _is_apposition(self, atoms: Atoms, first: int, stop: int) -> bool:
        """Tell whether a class is said of the ship before it: ``USS Carney (DDG-64), an Arleigh Burke-class``."""
        keys = atoms.keys[first:stop]
        if not 0 < len(keys) <= _MOST_BETWEEN or not {"a", "an", "the", "("} & set(keys):
            return False
        return all(
            key in _LINKS or key.isdigit() or key in self.demonyms or atoms.words[first + offset].isupper()
            for offset, key in enumerate(keys)
        )
