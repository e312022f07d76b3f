"""Names of hardware: catalogue hits, designations, ships, classes, as candidates.

One pass from left to right; every reader looks a bounded number of atoms ahead. How sure a
candidate is goes with it (:class:`Level`); the evidence for the unsure ones is weighed elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from entityscan.designators import (
    Atoms,
    Designation,
    Gap,
    at_boundary,
    keys_of,
    load_starts,
    parse,
    plural_stop,
    read_suffix,
)
from entityscan.equipment.catalogue import Catalogue, Hit, Spelling
from entityscan.equipment.generic import singular
from entityscan.equipment.lexicon import Cues, Hull
from entityscan.gazetteer import Family
from entityscan.records import Source

_LONGEST_SHIP_NAME = 7
_LONGEST_CLASS_NAME = 5
_SHORTEST_NAME = 4
"""Letters of a name that takes a dashed suffix behind a code: ``9K720 Iskander-M``."""
_SHORT_CODE = 3
"""Letters and digits of a code that means too much to stand alone: ``M4``, ``K2``, ``U-2``."""
_LOWER_IN_NAME = frozenset("al da de del di do dos la le of van von".split())
_FUNCTION_WORDS = frozenset("and as at by for from in near of off on the to while with".split())
"""Words that end a ship's name in a line of capitals."""
_ROMAN = frozenset("I II III IV V VI VII VIII IX X".split())


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
    needs_noun: bool = False
    """Known with a class noun only: the noun must stand beside it."""
    lead: int = 0
    """Code points before the first atom that belong to the name: the dash of ``-35s``."""
    ship: tuple[str, ...] = ()
    """Atom keys of an individual ship's name, without prefix."""


def starts_of(
    catalogue: Catalogue,
    cues: Cues,
    prefixes: Mapping[str, str],
    hulls: Mapping[tuple[str, ...], Hull],
    stems: Mapping[str, Family],
) -> frozenset[str]:
    """Return the keys of all atoms that a candidate may start with."""
    codes = {keys[0].lower() for keys in hulls} | {prefix.lower() for prefix in prefixes}
    return catalogue.starts.union(load_starts(), cues.makers, stems, codes, ("class",))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads candidates; holds the catalogue and the lists."""

    catalogue: Catalogue
    starts: frozenset[str]
    """Keys of the atoms that a candidate may start with; see :func:`starts_of`."""
    cues: Cues
    prefixes: Mapping[str, str]
    hulls: Mapping[tuple[str, ...], Hull]
    stems: Mapping[str, Family]
    """Names that come with numbers, ``shahed``, and one family of the series."""

    def read(self, atoms: Atoms) -> list[Candidate]:
        """Return all candidates of a text, not overlapping, in order."""
        found: list[Candidate] = []
        index = 0
        while index < len(atoms):
            if atoms.keys[index] in self.starts:
                for candidate in self._read_at(atoms, index, found):
                    found.append(candidate)
                    index = candidate.stop - 1
            index += 1
        return found

    def _read_at(self, atoms: Atoms, index: int, found: list[Candidate]) -> Iterator[Candidate]:
        if atoms.keys[index] == "class":
            candidate = self._read_class(atoms, index, found)
        else:
            made, name = self._read_made(atoms, index), self._read_name(atoms, index)
            candidate = made if name is None or (made is not None and made.stop > name.stop) else name
        if candidate is None:
            return
        yield candidate
        if candidate.ship:
            yield from self._read_bracketed_hull(atoms, candidate)
        elif candidate.code:
            yield from self._read_coordinated(atoms, candidate)

    def _read_made(self, atoms: Atoms, first: int) -> Candidate | None:
        """Read a maker and the designation behind it: ``Lockheed Martin F-35``."""
        for keys in self.cues.makers.get(atoms.keys[first], ()):
            stop = first + len(keys)
            if (
                tuple(atoms.keys[first:stop]) == keys
                and atoms.gap(stop - 1) == Gap.SPACE
                and atoms.words[first][0].isupper()
            ):
                inner = self._read_name(atoms, stop)
                if inner is not None and not inner.ship:
                    level = max(inner.level, Level.WEAK)
                    return replace(inner, first=first, level=level)
        return None

    def _read_name(self, atoms: Atoms, first: int) -> Candidate | None:
        if atoms.words[first] in self.prefixes:
            ship = self._read_ship(atoms, first)
            if ship is not None:
                return ship
        readings = [
            reading
            for reading in (
                self._from_catalogue(atoms, first),
                self._from_grammar(atoms, first),
                self._from_stem(atoms, first),
            )
            if reading is not None
        ]
        if not readings:
            return self._read_hull(atoms, first)
        return self._extend(atoms, max(readings, key=lambda reading: reading.stop))

    def _from_catalogue(self, atoms: Atoms, first: int) -> Candidate | None:
        hit = self.catalogue.find(atoms, first)
        if hit is None:
            return None
        spelling = hit.spellings[0]
        return Candidate(
            first,
            hit.stop,
            spelling.family.name,
            hit.variant or spelling.variant,
            spelling.family.category,
            spelling.family.origin,
            self._level(hit),
            Source.CATALOGUE,
            plural=hit.plural,
            plain=spelling.is_plain,
            code=spelling.is_code,
            options=hit.spellings,
            needs_noun=all(spelling.needs_noun for spelling in hit.spellings),
            ship=tuple(_ship_keys(spelling, self.prefixes)) if spelling.family.individual else (),
        )

    def _level(self, hit: Hit) -> Level:
        spelling = hit.spellings[0]
        bare_ship = spelling.family.individual and spelling.words[0] not in self.prefixes
        if all(spelling.ambiguous for spelling in hit.spellings) or (bare_ship and not spelling.is_code):
            return Level.AMBIGUOUS
        short = _is_short(spelling)
        return Level.WEAK if hit.loose or short or spelling.is_plain else Level.CERTAIN

    def _from_grammar(self, atoms: Atoms, first: int) -> Candidate | None:
        found = parse(atoms, first)
        if found is None:
            return None
        known = self.catalogue.get(found.variant) or self.catalogue.get(found.family)
        level = Level.CERTAIN if found.alone else Level.WEAK
        if known:
            return self._known(found, known, level)
        return Candidate(
            found.first,
            found.stop,
            found.family,
            found.variant,
            found.category,
            found.origin,
            level,
            Source.PATTERN,
            plural=atoms.words[found.stop - 1] == "s",
            code=True,
        )

    def _known(self, found: Designation, known: tuple[Spelling, ...], level: Level) -> Candidate:
        family = known[0].family
        variant = found.variant or known[0].variant
        return Candidate(
            found.first,
            found.stop,
            family.name,
            variant,
            family.category,
            family.origin,
            level,
            Source.CATALOGUE,
            code=True,
            options=known,
        )

    def _from_stem(self, atoms: Atoms, first: int) -> Candidate | None:
        """Read a new number of a known series: ``Fattah-2``."""
        sibling = self.stems.get(atoms.keys[first])
        number = first + 1
        if sibling is None or not atoms.words[first][0].isupper() or atoms.gap(first) != Gap.DASH:
            return None
        digits = atoms.words[number]
        if not digits.isdigit() or len(digits) > 3:
            return None
        stop, suffix = read_suffix(atoms, number + 1)
        stop = plural_stop(atoms, stop)
        if not at_boundary(atoms, stop):
            return None
        family = f"{atoms.words[first].capitalize()}-{digits}"
        return Candidate(
            first, stop, family, family + suffix if suffix else "", sibling.category, sibling.origin,
            Level.CERTAIN, Source.PATTERN, code=True,
        )  # fmt: skip

    def _extend(self, atoms: Atoms, candidate: Candidate) -> Candidate:
        """Add nickname, mark and dashed suffix: ``F-16 Fighting Falcon``, ``Harpoon Block II``, ``Iskander-M``."""
        for _ in range(3):
            longer = (
                self._dashed(atoms, candidate)
                or self._marked(atoms, candidate)
                or self._nicknamed(atoms, candidate)
            )
            if longer is None:
                break
            candidate = longer
        return candidate

    def _dashed(self, atoms: Atoms, candidate: Candidate) -> Candidate | None:
        stop = candidate.stop
        if candidate.ship or atoms.gap(stop - 1) != Gap.DASH:
            return None
        if candidate.code and len(atoms.words[stop - 1]) < _SHORTEST_NAME:
            return None
        word = atoms.words[stop]
        if not (word.isalpha() and word.isupper() and len(word) <= 2):
            return None
        end = stop + 1
        while (
            end < min(len(atoms), stop + 4)
            and atoms.gap(end - 1) == Gap.NONE
            and _is_upper_code(atoms.words[end])
        ):
            end += 1
        end = plural_stop(atoms, end)
        if not at_boundary(atoms, end) or atoms.gap(end - 1) == Gap.DASH:
            return None
        suffix = atoms.span(stop, end).removesuffix("s")
        level = max(candidate.level, Level.WEAK)
        base = _base(candidate) if not candidate.code else atoms.words[stop - 1]
        return replace(candidate, stop=end, variant=f"{base}-{suffix}", level=level)

    def _marked(self, atoms: Atoms, candidate: Candidate) -> Candidate | None:
        stop = candidate.stop
        if (
            candidate.ship
            or atoms.gap(stop - 1) not in (Gap.SPACE, Gap.DASH)
            or atoms.words[stop] not in self.cues.marks
        ):
            return None
        number = stop + 1
        if number >= len(atoms) or atoms.gap(stop) == Gap.BREAK:
            return self._lettered(atoms, candidate)
        if not (atoms.words[number].isdigit() or atoms.words[number] in _ROMAN):
            return self._lettered(atoms, candidate)
        end, _ = read_suffix(atoms, number + 1)
        if (
            end == number + 1
            and end < len(atoms)
            and atoms.gap(number) == Gap.NONE
            and len(atoms.words[end]) == 1
        ):
            end += atoms.words[end].isupper()
        if not at_boundary(atoms, end):
            return None
        variant = f"{candidate.variant or _base(candidate)} {atoms.span(stop, end)}"
        return replace(candidate, stop=end, variant=variant, level=max(candidate.level, Level.WEAK))

    def _lettered(self, atoms: Atoms, candidate: Candidate) -> Candidate | None:
        """Read a mark without a number: ``PAC-2 GEM``."""
        stop = candidate.stop
        if not atoms.words[stop].isupper() or len(atoms.words[stop]) < 3 or not at_boundary(atoms, stop + 1):
            return None
        variant = f"{candidate.variant or _base(candidate)} {atoms.words[stop]}"
        return replace(candidate, stop=stop + 1, variant=variant)

    def _nicknamed(self, atoms: Atoms, candidate: Candidate) -> Candidate | None:
        stop = candidate.stop
        if atoms.gap(stop - 1) != Gap.SPACE or candidate.plural or candidate.ship:
            return None
        if not atoms.words[stop][0].isupper():
            return None
        hit = self.catalogue.find(atoms, stop)
        families = {spelling.family.name for spelling in candidate.options}
        if hit is not None and any(spelling.family.name in families for spelling in hit.spellings):
            return self._merge(candidate, hit)
        if hit is not None and candidate.code and not candidate.options and not hit.spellings[0].is_code:
            return self._adopt(candidate, hit)
        own = atoms.keys[stop] in keys_of(candidate.family)
        known = own or (candidate.code and atoms.keys[stop] in self.cues.nicknames)
        if not known or not at_boundary(atoms, stop + 1):
            return None
        numbered = atoms.gap(stop) == Gap.SPACE and atoms.words[stop + 1] in _ROMAN
        level = Level.CERTAIN if own else candidate.level
        return replace(candidate, stop=stop + 1 + numbered, level=level)

    def _adopt(self, candidate: Candidate, hit: Hit) -> Candidate:
        """Give an unlisted designation the family of the name behind it: ``HH-60G Pave Hawk``."""
        family = hit.spellings[0].family
        return replace(
            candidate,
            stop=hit.stop,
            family=family.name,
            category=family.category,
            origin=family.origin,
            variant=candidate.variant or candidate.family,
            options=hit.spellings,
            level=Level.CERTAIN,
        )

    def _merge(self, candidate: Candidate, hit: Hit) -> Candidate:
        """Join a designation and a name of the same family; both agree, so no more evidence is needed."""
        names = {spelling.family.name for spelling in hit.spellings}
        options = tuple(spelling for spelling in candidate.options if spelling.family.name in names)
        family = options[0].family
        return replace(
            candidate, stop=hit.stop, family=family.name, category=family.category, origin=family.origin,
            variant=candidate.variant or options[0].variant, options=options, level=Level.CERTAIN, plural=hit.plural,
        )  # fmt: skip

    def _read_ship(self, atoms: Atoms, first: int) -> Candidate | None:
        """Read a prefix and the ship's name behind it: ``USS Gerald R. Ford``."""
        if atoms.gap(first) != Gap.SPACE:
            return None
        hit = self.catalogue.find(atoms, first) or self.catalogue.find(atoms, first + 1)
        stop = self._name_stop(atoms, first + 1)
        known = None
        if hit is not None and hit.spellings[0].family.individual and hit.stop >= stop:
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
            Level.CERTAIN,
            Source.CATALOGUE if known else Source.PATTERN,
            ship=tuple(key for key in atoms.keys[first + 1 : stop] if key.isalnum()),
        )

    def read_bare_ship(self, atoms: Atoms, first: int, category: str) -> Candidate | None:
        """Read a ship's name without prefix, where a naval noun stands before it."""
        if first >= len(atoms) or atoms.gap(first - 1) != Gap.SPACE:
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
            elif not (word in _LOWER_IN_NAME and index > first and gap != Gap.NONE):
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

    def _is_group(self, atoms: Atoms, stop: int) -> bool:
        """Tell whether a unit's words follow: ``USS Nimitz Carrier Strike Group``."""
        return atoms.gap(stop - 1) == Gap.SPACE and any(
            tuple(atoms.keys[stop : stop + length]) in self.cues.groups for length in (1, 2, 3)
        )

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

    def _read_hull(self, atoms: Atoms, first: int) -> Candidate | None:
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

    def _read_bracketed_hull(self, atoms: Atoms, ship: Candidate) -> Iterator[Candidate]:
        """Read the hull number in brackets behind a ship as one more mention of it."""
        first = ship.stop + 1
        if first >= len(atoms) or atoms.words[ship.stop] != "(" or atoms.gap(ship.stop - 1) == Gap.BREAK:
            return
        found = self._hull_stop(atoms, first)
        if found is not None:
            yield replace(
                ship,
                first=first,
                stop=found[0],
                level=Level.CERTAIN,
                category=found[1].category,
                code=True,
                ship=(),
            )

    def _read_coordinated(self, atoms: Atoms, whole: Candidate) -> Iterator[Candidate]:
        """Read the bare numbers that share the letters of a designation: ``Il-76/78``, ``Su-30 and -35s``."""
        letters = _letters(atoms, whole)
        for _ in range(3):
            first = _bare_number(atoms, whole.stop)
            if first is None or not letters:
                return
            stop, suffix = read_suffix(atoms, first + 1)
            stop = plural_stop(atoms, stop)
            if not at_boundary(atoms, stop):
                return
            family = letters + atoms.words[first]
            known = self.catalogue.get(family + suffix) or self.catalogue.get(family)
            row = known[0].family if known else None
            whole = Candidate(
                first,
                stop,
                row.name if row else family,
                family + suffix if suffix else "",
                row.category if row else whole.category,
                row.origin if row else whole.origin,
                whole.level,
                Source.CATALOGUE if known else Source.PATTERN,
                options=known,
                lead=int(atoms.words[first - 1] != "/"),
            )
            yield whole

    def _read_class(self, atoms: Atoms, index: int, found: list[Candidate]) -> Candidate | None:
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
        return Gap.BREAK not in joints and all(atoms.words[i] in _ROMAN for i in between)

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


def _ship_keys(spelling: Spelling, prefixes: Mapping[str, str]) -> Iterator[str]:
    words = spelling.words[1:] if spelling.words[0] in prefixes else spelling.words
    return (word.lower() for word in words if word.isalnum())


def _is_short(spelling: Spelling) -> bool:
    """Tell whether a spelling is too short to stand alone: ``M1``, ``B-2``, ``M60``; ``T-72`` is not."""
    length = sum(map(len, spelling.words))
    return length < _SHORT_CODE or (length == _SHORT_CODE and not any(spelling.dashed))


def _is_upper_code(word: str) -> bool:
    return word.isdigit() or (word.isalpha() and word.isupper())


def _is_abbreviation(word: str) -> bool:
    return len(word) == 1 or word in ("Jr", "St", "Sgt")


def _is_hull_ahead(atoms: Atoms, index: int, hulls: Mapping[tuple[str, ...], Hull]) -> bool:
    return (atoms.words[index],) in hulls and index + 1 < len(atoms) and atoms.words[index + 1].isdigit()


def _base(candidate: Candidate) -> str:
    """Return the spelling that a suffix goes behind: the catalogue's, else the family."""
    return candidate.options[0].text if candidate.options else candidate.family


def _letters(atoms: Atoms, candidate: Candidate) -> str:
    """Return the letters of a designation with what joins them to the number: ``Su-``."""
    for index in range(candidate.first, candidate.stop - 1):
        if atoms.words[index].isalpha() and atoms.words[index + 1].isdigit():
            return atoms.text[atoms.starts[index] : atoms.starts[index + 1]]
    return ""


def _bare_number(atoms: Atoms, stop: int) -> int | None:
    """Return the atom of a bare number that shares the letters before: behind a slash or ``and -``."""
    if stop + 1 >= len(atoms) or not atoms.words[stop + 1].isdigit():
        return None
    if atoms.words[stop] == "/" and atoms.gap(stop - 1) == atoms.gap(stop) == Gap.NONE:
        return stop + 1
    between = atoms.text[atoms.ends[stop] : atoms.starts[stop + 1]]
    dashed = len(between) == 2 and between[0] == " " and atoms.keys[stop] in ("and", "or", ",")
    return stop + 1 if dashed else None
