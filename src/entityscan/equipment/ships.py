"""Ships and their classes: ``USS Gerald R. Ford``, ``DDG 112``, ``the destroyer Guilin``, ``Sumner-class``.

Reads candidates from a position in the atoms of a text, a bounded number of atoms ahead or back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from entityscan.designators import Atoms, Gap, at_boundary
from entityscan.equipment.candidates import ROMAN, Candidate, Level
from entityscan.equipment.catalogue import Catalogue
from entityscan.equipment.generic import singular
from entityscan.equipment.lexicon import Cues, Hull
from entityscan.records import Source

_LONGEST_SHIP_NAME = 7
_LONGEST_CLASS_NAME = 5
_LONGEST_PENNANT = 4
"""Letters, and digits, of a pennant number."""
_LOWER_IN_NAME = frozenset("al da de del di do dos la le of van von".split())
_FUNCTION_WORDS = frozenset(
    "after amid and are as at before by during for from has in into is near of off on over the to under was while "
    "will with".split()
)
"""Words that end a ship's name in a line of capitals."""


@dataclass(frozen=True, slots=True)
class ShipReader:
    """Reads ships, hull numbers and classes; holds the catalogue and the lists."""

    catalogue: Catalogue
    cues: Cues
    prefixes: Mapping[str, str]
    hulls: Mapping[tuple[str, ...], Hull]
    shared: frozenset[str]
    """Prefixes that mean other things too; a ship that the catalogue lacks needs evidence behind one."""

    def read_ship(self, atoms: Atoms, first: int) -> Candidate | None:
        """Read a prefix and the ship's name behind it: ``USS Gerald R. Ford``."""
        if atoms.gap(first) != Gap.SPACE:
            return None
        whole = self.catalogue.find(atoms, first)
        ships = whole is None or any(spelling.family.individual for spelling in whole.spellings)
        if whole is not None and not ships:
            if whole.stop > first + 1:
                return None  # IRIS-T is no ship of Iran
            whole = None  # ARA is a vehicle too
        hit = whole or self.catalogue.find(atoms, first + 1)
        stop = self._name_stop(atoms, first + 1)
        known = None
        capitals = atoms.span(first, stop).isupper()  # a line of capitals does not show where the name ends
        if hit is not None and hit.spellings[0].family.individual and (capitals or hit.stop >= stop):
            known, stop = hit.spellings[0].family, hit.stop
        if stop == first + 1 or self._is_group(atoms, stop):
            return None
        origin = self.prefixes[atoms.words[first]]
        return Candidate(
            first,
            stop,
            known.name if known else " ".join(atoms.span(first, stop).split()),
            "",
            known.category if known else "warship",
            origin or (known.origin if known else ""),
            Level.AMBIGUOUS if known is None and atoms.words[first] in self.shared else Level.CERTAIN,
            Source.CATALOGUE if known else Source.PATTERN,
            ship=tuple(key for key in atoms.keys[first + 1 : stop] if key.isalnum()),
        )

    def read_bare_ship(self, atoms: Atoms, first: int, category: str) -> Candidate | None:
        """Read a ship's name without prefix, where a naval noun stands before it."""
        if first >= len(atoms) or atoms.gap(first - 1) != Gap.SPACE:
            return None
        if self._is_known_whole(atoms, first):
            return None
        stop = self._name_stop(atoms, first)
        name = atoms.span(first, stop) if stop > first else ""
        if (
            len(name) < 3
            or name.isupper()
            or atoms.keys[first] in self.cues.demonyms
            or self._is_group(atoms, stop)
        ):
            return None
        if atoms.words[first] in self.prefixes or any(word.isdigit() for word in atoms.words[first:stop]):
            return None
        keys = tuple(key for key in atoms.keys[first:stop] if key.isalnum())
        family = " ".join(name.split())
        return Candidate(first, stop, family, "", category, "", Level.WEAK, Source.PATTERN, ship=keys)

    def _is_known_whole(self, atoms: Atoms, first: int) -> bool:
        """Tell whether the catalogue has the name, and it does not go on: ``Rostov`` goes on in ``Rostov-on-Don``."""
        hit = self.catalogue.find(atoms, first)
        if hit is None or not hit.spellings[0].family.individual:
            return False
        gap = atoms.gap(hit.stop - 1)
        return gap != Gap.DASH and not (gap == Gap.SPACE and atoms.words[hit.stop][0].isupper())

    def _name_stop(self, atoms: Atoms, first: int) -> int:
        """Return where a ship's name ends: capitalised words, initials, ``Jr.``, a number."""
        stop = index = first
        while index < min(len(atoms), first + _LONGEST_SHIP_NAME):
            word, gap = atoms.words[index], atoms.gap(index - 1)
            if gap == Gap.BREAK or (
                index > first and word.isupper() and atoms.keys[index] in _FUNCTION_WORDS
            ):
                break
            if word == "." and gap == Gap.NONE and _is_abbreviation(atoms.words[index - 1]) and index > first:
                stop = index + 1 if atoms.words[index - 1] == "Jr" else stop
            elif (
                word in "’'"
                and gap == Gap.NONE
                and atoms.gap(index) == Gap.NONE
                and atoms.words[index + 1] != "s"
            ):
                pass
            elif (
                word[0].isupper()
                and word not in self.cues.not_in_name
                and not _is_hull_ahead(atoms, index, self.hulls)
            ):
                stop = index + 1
            elif gap == Gap.NONE and index > first + 1 and atoms.words[index - 1] in "’'" and word.isalpha():
                stop = index + 1  # Yan'an
            elif index == first or gap == Gap.NONE or not (word in _LOWER_IN_NAME or gap == Gap.DASH):
                break
            index += 1
        number = (
            stop < len(atoms)
            and stop > first
            and atoms.words[stop].isdigit()
            and atoms.gap(stop - 1) in (Gap.SPACE, Gap.DASH)
        )
        if number and len(atoms.words[stop]) >= 3 and at_boundary(atoms, stop + 1):
            return stop + 1
        return stop

    def _hull_stop(self, atoms: Atoms, first: int) -> tuple[int, Hull] | None:
        for length in (1, 2):
            hull = self.hulls.get(tuple(atoms.words[first : first + length]))
            number = first + length
            if hull is None or number >= len(atoms) or atoms.gap(number - 1) == Gap.BREAK:
                continue
            if (
                atoms.words[number].isdigit()
                and len(atoms.words[number]) <= 4
                and at_boundary(atoms, number + 1)
            ):
                return number + 1, hull
        return None

    def read_hull(self, atoms: Atoms, first: int) -> Candidate | None:
        """Read a hull number without its ship: ``DDG-1000``."""
        found = self._hull_stop(atoms, first)
        if found is None or atoms.gap(found[0] - 2) == Gap.NONE:
            return None
        stop, hull = found
        family = "-".join(atoms.words[first:stop])
        known = self.catalogue.get(family)
        if known:
            row = known[0].family
            return Candidate(
                first,
                stop,
                row.name,
                "",
                row.category,
                row.origin,
                Level.CERTAIN,
                Source.CATALOGUE,
                code=True,
            )
        return Candidate(
            first, stop, family, "", hull.category, hull.origin, Level.WEAK, Source.PATTERN, code=True
        )

    def read_bracketed_hull(self, atoms: Atoms, ship: Candidate) -> Iterator[Candidate]:
        """Read the hull or pennant number in brackets behind a ship as one more mention of it."""
        first = ship.stop + 1
        if first >= len(atoms) or atoms.words[ship.stop] != "(" or atoms.gap(ship.stop - 1) == Gap.BREAK:
            return
        found = self._hull_stop(atoms, first)
        stop, category = (
            (found[0], found[1].category) if found else (_pennant_stop(atoms, first), ship.category)
        )
        if stop is not None:
            yield replace(
                ship, first=first, stop=stop, level=Level.CERTAIN, category=category, code=True, ship=()
            )

    def _is_group(self, atoms: Atoms, stop: int) -> bool:
        """Tell whether a unit's words follow: ``USS Nimitz Carrier Strike Group``."""
        return atoms.gap(stop - 1) == Gap.SPACE and any(
            tuple(atoms.keys[stop : stop + length]) in self.cues.groups for length in (1, 2, 3)
        )

    def read_class(self, atoms: Atoms, index: int, found: list[Candidate]) -> Candidate | None:
        """Read a class that the catalogue lacks: ``Sumner-class``, ``Type 45 Daring-class``."""
        joint = atoms.gap(index - 1)
        while found and self._belongs_to_class(atoms, index, found[-1]):
            found.pop()
        left = found[-1].stop if found else 0
        first = self._class_first(atoms, index, left)
        name = atoms.span(first, index) if first < index else ""
        if len(name) < 3 or not at_boundary(atoms, index + 1):
            return None
        if (
            found
            and found[-1].stop == first
            and atoms.keys[found[-1].first] == "type"
            and atoms.gap(first - 1) == Gap.SPACE
        ):
            first = found.pop().first
        level = Level.WEAK if joint == Gap.DASH or self._names_ships(atoms, index + 1) else Level.AMBIGUOUS
        known = self.catalogue.get(f"{name}-class") or self.catalogue.get(f"{atoms.words[first]}-class")
        if known:
            row = known[0].family
            variant = "" if len(name.split()) == 1 else f"{name}-class"
            return Candidate(
                first, index + 1, row.name, variant, row.category, row.origin, level, Source.CATALOGUE
            )
        return Candidate(first, index + 1, f"{name}-class", "", "warship", "", level, Source.PATTERN)

    def _belongs_to_class(self, atoms: Atoms, index: int, before: Candidate) -> bool:
        """Tell whether a candidate is the name of the class: ``Kilo`` of ``Kilo II-class``."""
        between = range(before.stop, index)
        if before.code or len(between) > 2 or (between and before.level != Level.AMBIGUOUS):
            return False
        joints = [atoms.gap(i - 1) for i in range(before.stop, index + 1)]
        return Gap.BREAK not in joints and all(atoms.words[i] in ROMAN for i in between)

    def _names_ships(self, atoms: Atoms, stop: int) -> bool:
        """Tell whether a naval word follows ``class``: ``Oliver Hazard Perry class of frigates``."""
        return any(singular(key)[-1] in self.cues.ship_words for key in atoms.keys[stop : stop + 4])

    def _class_first(self, atoms: Atoms, index: int, left: int) -> int:
        """Return the first atom of the capitalised words before ``class``."""
        first = index
        while first > max(left, index - _LONGEST_CLASS_NAME):
            word, gap = atoms.words[first - 1], atoms.gap(first - 1)
            initial = (
                word == "." and first - 2 > left and len(atoms.words[first - 2]) == 1 and gap == Gap.SPACE
            )
            if initial and atoms.words[first - 2].isupper():
                first -= 2
                continue
            fits = word[0].isupper() and word.isalpha() and atoms.keys[first - 1] not in self.cues.not_class
            if gap not in (Gap.SPACE, Gap.DASH) or not fits or self._ends_name(atoms, first - 1):
                break
            first -= 1
        return first

    def _ends_name(self, atoms: Atoms, index: int) -> bool:
        return atoms.keys[index] in self.cues.demonyms or atoms.words[index] in self.cues.not_in_name


def _is_abbreviation(word: str) -> bool:
    return len(word) == 1 or word in ("Jr", "St", "Sgt")


def _is_hull_ahead(atoms: Atoms, index: int, hulls: Mapping[tuple[str, ...], Hull]) -> bool:
    return (atoms.words[index],) in hulls and index + 1 < len(atoms) and atoms.words[index + 1].isdigit()


def _pennant_stop(atoms: Atoms, first: int) -> int | None:
    """Return where a pennant number of letters and digits that fills a bracket stops: ``F803``, ``FFS 72``."""
    number, close = first + 1, first + 2
    if close >= len(atoms) or atoms.words[close] != ")" or Gap.BREAK in (atoms.gap(first), atoms.gap(number)):
        return None
    letters, digits = atoms.words[first], atoms.words[number]
    fits = letters.isalpha() and letters.isupper() and len(letters) <= _LONGEST_PENNANT and digits.isdigit()
    return close if fits and len(digits) <= _LONGEST_PENNANT else None
