"""Names of hardware: catalogue hits, designations, ships, classes, as candidates.

One pass from left to right; every reader looks a bounded number of atoms ahead. How sure a
candidate is goes with it (:class:`~entityscan.equipment.candidates.Level`); the evidence for the
unsure ones is weighed elsewhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

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
from entityscan.equipment.candidates import ROMAN, Candidate, Level
from entityscan.equipment.catalogue import Catalogue, Hit, Spelling
from entityscan.equipment.lexicon import Cues
from entityscan.equipment.ships import ShipReader
from entityscan.gazetteer import Family
from entityscan.records import Source

_SHORTEST_NAME = 4
"""Letters of a name that takes a dashed suffix behind a code: ``9K720 Iskander-M``."""
_LONGEST_VARIANT = 2
"""Letters of a variant that shares the designation before it."""
_SHORT_CODE = 3
"""Letters and digits of a code that means too much to stand alone: ``M4``, ``K2``, ``U-2``."""


def starts_of(
    catalogue: Catalogue, cues: Cues, ships: ShipReader, stems: Mapping[str, Family]
) -> frozenset[str]:
    """Return the keys of all atoms that a candidate may start with."""
    codes = {keys[0].lower() for keys in ships.hulls} | {prefix.lower() for prefix in ships.prefixes}
    return catalogue.starts.union(load_starts(), cues.makers, stems, codes, ("class",))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads candidates; holds the catalogue and the lists."""

    catalogue: Catalogue
    starts: frozenset[str]
    """Keys of the atoms that a candidate may start with; see :func:`starts_of`."""
    cues: Cues
    ships: ShipReader
    stems: Mapping[str, Family]
    """Names that come with numbers, ``shahed``, and one family of the series."""
    forms: frozenset[str]
    """Legal forms that may stand behind a maker: ``corp``."""
    naval: frozenset[str]
    """Categories of ships."""

    def read(self, atoms: Atoms) -> list[Candidate]:
        """Return all candidates of a text, not overlapping, in order."""
        found: list[Candidate] = []
        index = 0
        while index < len(atoms):
            if atoms.keys[index] in self.starts and _may_begin(atoms, index):
                for candidate in self._read_at(atoms, index, found):
                    found.append(candidate)
                    index = candidate.stop - 1
            index += 1
        return _with_short_names(atoms, _with_hulls(atoms, found))

    def _read_at(self, atoms: Atoms, index: int, found: list[Candidate]) -> Iterator[Candidate]:
        if atoms.keys[index] == "class":
            candidate = self.ships.read_class(atoms, index, found)
        else:
            made, name = self._read_made(atoms, index), self._read_name(atoms, index)
            candidate = made if name is None or (made is not None and made.stop > name.stop) else name
        if candidate is None:
            return
        yield candidate
        if candidate.ship:
            yield from self.ships.read_bracketed_hull(atoms, candidate)
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
                stop += atoms.keys[stop] in self.forms
                stop += stop < len(atoms) and atoms.words[stop] == "."
                if any(atoms.gap(index) == Gap.BREAK for index in range(first, stop)):
                    continue
                inner = self._read_name(atoms, stop) if stop < len(atoms) else None
                if inner is not None and not inner.ship:
                    level = max(inner.level, Level.WEAK)
                    return replace(inner, first=first, level=level)
        return None

    def _read_name(self, atoms: Atoms, first: int) -> Candidate | None:
        if atoms.words[first] in self.ships.prefixes:
            ship = self.ships.read_ship(atoms, first)
            if ship is not None:
                return ship
        if first and atoms.words[first - 1] == "&" and atoms.gap(first - 1) == Gap.NONE:
            return None  # the P 500 of S&P 500
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
            return self.ships.read_hull(atoms, first)
        found = max(readings, key=lambda reading: reading.stop)
        whole = self._extend(atoms, found)
        coded = any(tuple(atoms.keys[first : name.stop]) in self.cues.codes for name in (found, whole))
        return None if coded else whole

    def _from_catalogue(self, atoms: Atoms, first: int) -> Candidate | None:
        hit = self.catalogue.find(atoms, first)
        if hit is None:
            return None
        if hit.plural and (several := tuple(s for s in hit.spellings if not s.family.individual)):
            hit = replace(hit, spellings=several)  # Lancasters are no ship called Lancaster
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
            titled=hit.titled,
            needs_noun=all(spelling.needs_noun for spelling in hit.spellings),
            ship=tuple(_ship_keys(spelling, self.ships.prefixes)) if spelling.family.individual else (),
        )

    def _level(self, hit: Hit) -> Level:
        spelling = hit.spellings[0]
        bare_ship = spelling.family.individual and spelling.words[0] not in self.ships.prefixes
        declared = [spelling for spelling in hit.spellings if not spelling.needs_noun]
        if not declared or any(s.ambiguous for s in declared) or (bare_ship and not spelling.is_code):
            return Level.AMBIGUOUS
        short = _is_short(spelling)
        return Level.WEAK if hit.loose or short or spelling.is_plain else Level.CERTAIN

    def _from_grammar(self, atoms: Atoms, first: int) -> Candidate | None:
        found = parse(atoms, first)
        if found is None:
            return None
        variants = found.variant, found.variant.partition("/")[0]  # Tu-22M3/M3M
        known = next(filter(None, map(self.catalogue.get, (*variants, found.family))), ())
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
        stop = candidate.stop
        named_class = candidate.code and atoms.words[stop - 1].isalpha() and atoms.gap(stop - 1) == Gap.DASH
        spaced = candidate.code and candidate.category in self.naval and atoms.gap(stop - 1) == Gap.SPACE
        if (named_class or spaced) and atoms.keys[stop] == "class" and not candidate.plural:
            return replace(candidate, stop=stop + 1)  # Type 45 Daring-class, Type 23 class
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
        lettered = atoms.words[number].rstrip("ABC") in ROMAN and atoms.words[number][0] in "IVX"
        if not (atoms.words[number].isdigit() or lettered):
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
        numbered = atoms.gap(stop) == Gap.SPACE and atoms.words[stop + 1] in ROMAN
        if own:
            options = tuple(o for o in candidate.options if o.family.name == candidate.family)
            candidate = replace(candidate, level=Level.CERTAIN, options=options)
        return replace(candidate, stop=stop + 1 + numbered)

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

    def _read_coordinated(self, atoms: Atoms, whole: Candidate) -> Iterator[Candidate]:
        """Read the bare numbers that share the letters of a designation: ``Il-76/78``, ``Su-30 and -35s``."""
        letters = _letters(atoms, whole)
        for _ in range(3):
            variant = _bare_variant(atoms, whole)
            if variant is not None:
                yield variant
                return
            first = _bare_number(atoms, whole.stop)
            if first is None or not letters or parse(atoms, first) is not None:
                return
            stop, suffix = read_suffix(atoms, first + 1)
            plural = plural_stop(atoms, stop)
            bare = atoms.words[first - 1] in ("and", "or", ",") and atoms.gap(first - 1) == Gap.SPACE
            family = letters + atoms.words[first]
            known = self.catalogue.get(family + suffix) or self.catalogue.get(family)
            if not at_boundary(atoms, plural) or (bare and not (known and plural > stop and whole.plural)):
                return
            stop = plural
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
                plural=atoms.words[stop - 1] == "s",
                lead=int(atoms.words[first - 1] != "/" and not bare),
            )
            yield whole


def _may_begin(atoms: Atoms, index: int) -> bool:
    """Tell whether a name may begin here: two in three of the words that begin one somewhere are ``the`` and the like.

    A word in lower case needs a number, a capital or a mark next to it: ``su-30``, ``f/a-18``, ``al-Samoud``, ``class``.
    """
    word = atoms.words[index]
    if word == "class" or (word.isalnum() and not word.islower()):
        return True
    following = atoms.words[index + 1] if index + 1 < len(atoms) else ""
    return not (following.islower() if word.isalpha() else following.isalpha())


def _with_hulls(atoms: Atoms, found: list[Candidate]) -> list[Candidate]:
    """Give a hull number the ship that the text gives it elsewhere: ``USS Nimitz (CVN 68)``."""
    ships = {
        tuple(atoms.keys[hull.first : hull.stop]): hull
        for ship, hull in pairwise(found)
        if ship.ship and hull.code and hull.family == ship.family
    }
    return [
        replace(ships[keys], first=candidate.first, stop=candidate.stop)
        if (keys := tuple(atoms.keys[candidate.first : candidate.stop])) in ships
        else candidate
        for candidate in found
    ]


def _with_short_names(atoms: Atoms, found: list[Candidate]) -> list[Candidate]:
    """Give a prefix and surname the ship that the text names in full: ``USS Ford`` beside ``USS Gerald R. Ford``."""
    full = {
        (atoms.words[ship.first], ship.ship[-1]): ship
        for ship in found
        if len(ship.ship) > 1 and ship.level == Level.CERTAIN
    }
    short = {
        name.family: full[place]
        for name in found
        if len(name.ship) == 1 and (place := (atoms.words[name.first], name.ship[0])) in full
    }
    return [
        replace(short[name.family], first=name.first, stop=name.stop) if name.family in short else name
        for name in found
    ]


def _ship_keys(spelling: Spelling, prefixes: Mapping[str, str]) -> Iterator[str]:
    words = spelling.words[1:] if spelling.words[0] in prefixes else spelling.words
    return (word.lower() for word in words if word.isalnum())


def _is_short(spelling: Spelling) -> bool:
    """Tell whether a spelling is too short to stand alone: ``M1``, ``B-2``, ``M60``; ``T-72`` is not."""
    length = sum(map(len, spelling.words))
    return length < _SHORT_CODE or (length == _SHORT_CODE and not any(spelling.dashed))


def _is_upper_code(word: str) -> bool:
    return word.isdigit() or (word.isalpha() and word.isupper())


def _base(candidate: Candidate) -> str:
    """Return the spelling that a suffix goes behind: the catalogue's, else the family."""
    return candidate.options[0].text if candidate.options else candidate.family


def _letters(atoms: Atoms, candidate: Candidate) -> str:
    """Return the letters of a designation with what joins them to the number: ``Su-``."""
    for index in range(candidate.first, candidate.stop - 1):
        if atoms.words[index].isalpha() and atoms.words[index + 1].isdigit():
            return atoms.text[atoms.starts[index] : atoms.starts[index + 1]]
    return ""


def _bare_variant(atoms: Atoms, whole: Candidate) -> Candidate | None:
    """Return the bare letters that are one more variant of a plural: ``F-16AMs and BMs``."""
    index = whole.stop + 1
    if index >= len(atoms) or atoms.keys[whole.stop] not in ("and", "or") or not whole.variant:
        return None
    letters = atoms.words[index].removesuffix("s")
    plural = atoms.words[index] != letters and atoms.words[whole.stop - 1].endswith("s")
    if not (plural and letters.isupper() and len(letters) <= _LONGEST_VARIANT) or not at_boundary(
        atoms, index + 1
    ):
        return None
    base = whole.variant.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return replace(whole, first=index, stop=index + 1, variant=base + letters, ship=())


def _bare_number(atoms: Atoms, stop: int) -> int | None:
    """Return the atom of a bare number that shares the letters before: behind a slash, ``and -`` or ``and``."""
    if stop + 1 >= len(atoms) or not atoms.words[stop + 1].isdigit():
        return None
    if atoms.words[stop] == "/" and atoms.gap(stop - 1) == atoms.gap(stop) == Gap.NONE:
        return stop + 1
    between = atoms.text[atoms.ends[stop] : atoms.starts[stop + 1]]
    joint = between == " " or (len(between) == 2 and between[0] == " ")
    return stop + 1 if joint and atoms.keys[stop] in ("and", "or", ",") else None
