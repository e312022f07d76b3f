"""Find military hardware in a text: names from catalogue and grammar, common nouns from the lexicon."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from entityscan.designators import Atoms, Gap, fold
from entityscan.equipment.candidates import Candidate, Level
from entityscan.equipment.catalogue import Catalogue
from entityscan.equipment.classes import ShipClasses
from entityscan.equipment.evidence import Evidence, joins
from entityscan.equipment.generic import Phrase, is_verb, names_other_thing, read_phrase, singular
from entityscan.equipment.judging import SHORT_NAME, Judge, Verdict, categories_by_noun, choose
from entityscan.equipment.lexicon import (
    load_cues,
    load_hulls,
    load_nouns,
    load_prefixes,
    load_shared_prefixes,
)
from entityscan.equipment.named import Reader, starts_of
from entityscan.equipment.ships import ShipReader
from entityscan.equipment.unlisted import read_acronyms, read_coded, read_given
from entityscan.gazetteer import USER, Category, Family, load_categories, load_equipment
from entityscan.knowledge import load_places, word_roles
from entityscan.records import Source


@dataclass(frozen=True, slots=True)
class Match:
    """One mention of hardware in a text."""

    start: int
    end: int
    """Half-open, in code points: ``text[start:end] == match.text``."""
    text: str
    category: str
    family: str
    """The family; for common nouns the kind in the singular, ``cruise missile``."""
    variant: str
    """The variant when the text names one, else empty."""
    origin: str
    """ISO 3166-1 alpha-2, or empty when unknown."""
    generic: bool
    source: Source
    certain: bool
    """False when a statistical model's span should win."""
    ship_class: str = ""
    """An individual ship's class, as the catalogue names it; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A possible name of hardware and the decision on it."""

    match: Match
    accepted: bool
    why: str
    """The evidence that decided, for people to read."""


class EquipmentFinder:
    """Finds equipment by catalogue, designation grammar and lexicon. Reusable; holds no text."""

    def __init__(
        self, families: Iterable[Family] | None = None, categories: Mapping[str, Category] | None = None
    ) -> None:
        """Prepare the look-up tables.

        Args:
            families: The catalogue; the one that ships with the package when None.
            categories: The taxonomy; the one that ships with the package when None.
        """
        rows = tuple(load_equipment() if families is None else families)
        self._categories = load_categories() if categories is None else categories
        self._own = frozenset(family.name for family in rows if USER in family.source)
        self._cues, self._nouns = load_cues(), load_nouns()
        common = self._nouns.modifiers | self._cues.not_nicknames
        self._catalogue = Catalogue(rows, self._categories, common, self._cues.makers)
        self._ships = ShipReader(
            self._catalogue, self._cues, load_prefixes(), load_hulls(), load_shared_prefixes()
        )
        tables = self._cues, self._ships, _stems(rows)
        naval = frozenset(name for name, category in self._categories.items() if category.domain == "sea")
        starts = starts_of(self._catalogue, *tables)
        self._reader = Reader(self._catalogue, starts, *tables, word_roles()["legal form"], naval)
        self._makers_end = frozenset(keys[-1] for makers in self._cues.makers.values() for keys in makers)
        places = frozenset(fold(name) for place in load_places() for name in place.spellings)
        by_noun = categories_by_noun(self._categories)
        self._judge = Judge(self._cues, self._categories, by_noun, places)
        self._classes = ShipClasses.of(rows, self._categories, self._cues.demonyms)
        self._head_keys = frozenset(self._nouns.heads) | frozenset(self._nouns.spellings)

    def find(self, text: str) -> list[Match]:
        """Return all equipment in a text, sorted, not overlapping.

        Args:
            text: Any text; takes time in proportion to its length.
        """
        atoms = Atoms(text)
        names, evidence, _, phrases = self._read(atoms)
        generic = self._generic(atoms, names, phrases, evidence)
        matches = [self._sourced(_match(atoms, name)) for name in names] + generic
        return sorted(matches, key=lambda match: match.start)

    def explain(self, text: str) -> list[Finding]:
        """Return every name in a text that may be hardware, accepted or not, and the evidence that decided.

        Names of hardware only; common nouns need no evidence of their own.
        """
        atoms = Atoms(text)
        names, _, verdicts, _ = self._read(atoms)
        weighed = {candidate.first: verdict for candidate, verdict in verdicts if verdict.accepted}
        accepted = [(name, weighed.get(name.first, SHORT_NAME)) for name in names]
        taken = {index for name in names for index in range(name.first, name.stop)}
        refused = [
            row
            for row in verdicts
            if not row[1].accepted and taken.isdisjoint(range(row[0].first, row[0].stop))
        ]
        findings = [
            Finding(self._sourced(_match(atoms, candidate)), verdict.accepted, verdict.why)
            for candidate, verdict in [*accepted, *refused]
        ]
        return sorted(findings, key=lambda finding: finding.match.start)

    def _read(
        self, atoms: Atoms
    ) -> tuple[list[Candidate], Evidence, list[tuple[Candidate, Verdict]], list[Phrase]]:
        """Return the names of a text, what is known of it, every candidate's verdict, and the common nouns."""
        candidates = self._reader.read(atoms)
        phrases = self._phrases(atoms, candidates)
        candidates = self._with_unlisted(atoms, candidates, phrases)
        names, evidence, verdicts = self._judge.decide(atoms, candidates, phrases)
        return self._classes.add(atoms, names), evidence, verdicts, phrases

    def _sourced(self, match: Match) -> Match:
        """Say so when the family is from the user's own file."""
        return replace(match, source=Source.USER) if match.family in self._own else match

    def is_military(self, text: str) -> bool:
        """Tell whether a text has any word of the military."""
        return not self._cues.military.isdisjoint(Atoms(text).keys)

    def describe(self, surface: str, after: str = "", before: str = "") -> Match | None:
        """Return what is known of a span that somebody else found.

        Args:
            surface: The text of the span.
            after: The text that follows it, for the class noun (``missiles`` behind ``Foobar``).
            before: The text before it: a tanker is no warship.

        Returns:
            A match over the whole surface (offsets from 0), or None when it holds no letter or digit, is
            a maker's name or a civil ship's, or an ambiguous word in civil company.
        """
        atoms = Atoms(surface)
        if not any(word.isalnum() for word in atoms.words) or self._is_maker(atoms):
            return None
        if (
            self._ends_in_civil_craft(before)
            or self._is_civil_ship(atoms)
            or self._begins_with_civil_craft(after)
        ):
            return None
        noun = self._noun_after(after)
        classes = frozenset((noun.head.category,)) if noun else frozenset()
        whole = sum(map(str.isalnum, atoms.words))
        candidates = [
            candidate
            for candidate in self._reader.read(atoms)
            if candidate.level != Level.AMBIGUOUS
            or (candidate.stop - candidate.first >= whole and (classes or not candidate.needs_noun))
        ]
        if candidates:
            best = max(candidates, key=lambda candidate: candidate.stop - candidate.first)
            best = choose(best, classes, self._categories, Counter())
            ambiguous = best.level == Level.AMBIGUOUS
            if ambiguous and ((best.plain and self._is_civil(before, after)) or self._is_group(after)):
                return None
            return replace(
                _match(atoms, best),
                start=0,
                end=len(surface),
                text=surface,
                certain=best.level == Level.CERTAIN,
            )
        return (
            self._describe_common(atoms, surface)
            or self._describe_respelt(surface, after, lower=bool(noun) and surface.islower())
            or self._describe_unknown(surface, noun)
        )

    def _describe_respelt(self, surface: str, after: str, *, lower: bool) -> Match | None:
        """Find a name in the catalogue that the text spells otherwise, or None.

        A dash between spaces (``AK - 47``), no capital before a class noun (``tomahawk missiles``), or ``class`` only
        behind the last of several (``Virginia and Yasen classes``).
        """
        spellings = [re.sub(r"(?<=\w) [-\u2013] (?=\d)", "-", surface)]
        if lower:
            spellings.append(surface.capitalize())
        if _CLASSES_AFTER.match(after):
            spellings.append(f"{surface}-class")
        for spelling in spellings:
            atoms = Atoms(spelling)
            found = self._reader.read(atoms) if spelling != surface else ()
            whole = [one for one in found if one.source is Source.CATALOGUE and one.stop == len(atoms)]
            if whole:
                return replace(
                    _match(atoms, whole[0]), start=0, end=len(surface), text=surface, certain=False
                )
        return None

    def _is_civil(self, before: str, after: str) -> bool:
        """Tell whether a civil word stands near a name that is a word of the language too: ``Apache servers``."""
        return not self._cues.civil.isdisjoint([*Atoms(before).keys, *Atoms(after).keys])

    def is_maker(self, surface: str) -> bool:
        """Tell whether a name is that of a maker of weapons: ``Damen``."""
        atoms = Atoms(surface)
        return bool(len(atoms)) and self._is_maker(atoms)

    def _is_group(self, after: str) -> bool:
        """Tell whether the text behind a name makes a unit or a people of it: ``Apache grandmother``."""
        keys = Atoms(after).keys
        return any(tuple(keys[:length]) in self._cues.groups for length in (1, 2, 3))

    def _is_maker(self, atoms: Atoms) -> bool:
        return tuple(atoms.keys) in self._cues.makers.get(atoms.keys[0], ())

    def _is_civil_ship(self, atoms: Atoms) -> bool:
        """Tell whether a name opens with a merchant ship's prefix: ``MV Galaxy Leader``."""
        return any(
            tuple(atoms.keys[:length]) in self._cues.civil_craft and atoms.gap(length - 1) == Gap.SPACE
            for length in (1, 3)
        )

    def _ends_in_civil_craft(self, before: str) -> bool:
        keys = [key for key in Atoms(before[-60:]).keys if key not in '",“‘(']
        return any(tuple(keys[-length:]) in self._cues.civil_craft for length in (1, 2))

    def _begins_with_civil_craft(self, after: str) -> bool:
        keys = Atoms(after[:40]).keys if after[:1] == " " else []
        return any(tuple(keys[:length]) in self._cues.civil_behind for length in (1, 2))

    def _describe_common(self, atoms: Atoms, surface: str) -> Match | None:
        for index in range(len(atoms)):
            phrase = read_phrase(atoms, index, self._nouns) if self._may_start(atoms.keys[index]) else None
            if phrase is not None and phrase.stop == len(atoms):
                named = any(word[0].isupper() for word in atoms.words[1 : phrase.first])
                titled = len(atoms) > 1 and all(word[0].isupper() for word in atoms.words)
                if not named and not (titled and not surface.isupper()):
                    return Match(
                        0,
                        len(surface),
                        surface,
                        phrase.head.category,
                        phrase.kind,
                        "",
                        "",
                        True,
                        Source.LEXICON,
                        False,
                    )
        return None

    def _describe_unknown(self, surface: str, noun: Phrase | None) -> Match:
        name = " ".join(surface.strip("\"'“”‘’ ").split())
        if len(name) > 3 and name.endswith("s") and (name[-2].isdigit() or name[-2].isupper()):
            name = name[:-1]
        family, _, version = name.rpartition(" ")
        is_version = bool(family) and "." in version and version.replace(".", "").isdigit()
        category = noun.head.category if noun else ""
        family, variant = (family, name) if is_version else (name, "")
        return Match(0, len(surface), surface, category, family, variant, "", False, Source.MODEL, False)

    def _noun_after(self, after: str) -> Phrase | None:
        atoms = Atoms(after[:120])
        for index in range(min(len(atoms), 6)):
            if index and atoms.gap(index - 1) == Gap.BREAK:
                return None
            phrase = read_phrase(atoms, index, self._nouns) if self._may_start(atoms.keys[index]) else None
            if phrase is not None:
                return phrase if phrase.first == 0 else None
        return None

    def _may_start(self, key: str) -> bool:
        return key in self._head_keys or (
            key[-1] == "s" and any(form in self._head_keys for form in singular(key))
        )

    def _phrases(self, atoms: Atoms, candidates: Sequence[Candidate]) -> list[Phrase]:
        """Return all generic phrases outside the sure names, not overlapping, in order."""
        taken = [candidate for candidate in candidates if candidate.level != Level.AMBIGUOUS]
        stops = [candidate.stop for candidate in taken]
        phrases: list[Phrase] = []
        left = index = 0
        while index < len(atoms):
            phrase = None
            if self._may_start(atoms.keys[index]):
                place = bisect_right(stops, index)
                if place < len(taken) and taken[place].first <= index:
                    index = taken[place].stop
                    continue
                floor = max(left, stops[place - 1] if place else 0)
                phrase = read_phrase(atoms, index, self._nouns, left=floor)
            if phrase is None or is_verb(atoms, phrase, self._nouns):
                index += 1
            else:
                phrases.append(phrase)
                left = index = phrase.stop
        return phrases

    def _with_unlisted(
        self, atoms: Atoms, candidates: list[Candidate], phrases: Sequence[Phrase]
    ) -> list[Candidate]:
        """Add the names that no list has, beside a class noun: ``the destroyer Guilin``, ``the RAIDER 50 drone``."""
        sure = {index for c in candidates if c.level != Level.AMBIGUOUS for index in range(c.first, c.stop)}
        longest = {c.first: c.stop for c in candidates if not c.needs_noun}
        added: list[Candidate] = []
        for phrase in phrases:
            for name in self._unlisted(atoms, phrase):
                place = range(name.first, name.stop)
                known = longest.get(name.first, 0) >= name.stop
                if not known and sure.isdisjoint(place):
                    added.append(name)
                    sure.update(place)
        taken = {index for name in added for index in range(name.first, name.stop)}
        kept = [c for c in candidates if taken.isdisjoint(range(c.first, c.stop))]
        return sorted([*kept, *added], key=lambda candidate: candidate.first)

    def _unlisted(self, atoms: Atoms, phrase: Phrase) -> Iterator[Candidate]:
        if names_other_thing(atoms, phrase, self._nouns):
            return
        if phrase.head.strength == "modified" and not self._has_kind(phrase):
            return  # a fishing vessel named Salahuddin
        readings = [
            read_coded(atoms, phrase, self._cues),
            read_given(atoms, phrase, self._cues),
        ]
        if self._may_precede_ship(atoms, phrase):
            readings.append(self._ships.read_bare_ship(atoms, phrase.stop, phrase.head.category))
        yield from (reading for reading in readings if reading is not None)

    def _may_precede_ship(self, atoms: Atoms, phrase: Phrase) -> bool:
        """Tell whether a common noun is one ship's: ``the destroyer``, but not ``the flag carrier``."""
        category = self._categories.get(phrase.head.category)
        naval = category is not None and category.domain == "sea" and category.name not in ("usv", "uuv")
        single = not phrase.plural and phrase.head.strength != "modified"
        return naval and single and atoms.words[phrase.stop - 1].islower()

    def _generic(
        self, atoms: Atoms, names: Sequence[Candidate], phrases: Sequence[Phrase], evidence: Evidence
    ) -> list[Match]:
        """Return the common nouns that stand for themselves: not beside a name, in a military text."""
        firsts = [name.first for name in names]
        stops = [name.stop for name in names]
        kept = []
        for phrase in phrases:
            after = bisect_left(firsts, phrase.first)
            before = bisect_right(stops, phrase.first) - 1
            if before >= 0 and joins(atoms, stops[before], phrase.first):
                stops[before] = phrase.stop  # a bracket behind it repeats the noun: drones (UAVs)
                continue
            if any(
                firsts[i] < phrase.stop and stops[i] > phrase.first
                for i in (after - 1, after)
                if 0 <= i < len(names)
            ):
                continue
            if after < len(names) and joins(atoms, phrase.stop, firsts[after]):
                continue
            if self._is_hardware(atoms, phrase, evidence):
                kept.append(phrase)
        taken = {index for name in names for index in range(name.first, name.stop)}
        taken.update(index for phrase in phrases for index in range(phrase.first, phrase.stop))
        kept += _abbreviated(atoms, kept, taken)
        return [_generic_match(atoms, phrase) for phrase in kept]

    def _is_hardware(self, atoms: Atoms, phrase: Phrase, evidence: Evidence) -> bool:
        if names_other_thing(atoms, phrase, self._nouns) or self._in_name(atoms, phrase, evidence):
            return False
        if phrase.head.strength == "strong":
            return True
        if phrase.head.strength == "modified" and not self._has_kind(phrase):
            words = self._nouns.bare.get(phrase.head.keys[0])
            return words is not None and evidence.has_word(phrase.first, phrase.stop, words)
        if evidence.civil_aviation and phrase.head.kind in ("aircraft", "jet") and not phrase.modifiers:
            return False
        return evidence.is_military(phrase.first, phrase.stop)

    def _in_name(self, atoms: Atoms, phrase: Phrase, evidence: Evidence) -> bool:
        """Tell whether a capitalised phrase is part of another name: ``Missile Defense Agency``, ``Raytheon Missiles``."""
        words = [word for word in atoms.words[phrase.first : phrase.stop] if word.isalpha()]
        if not all(word[0].isupper() for word in words) or evidence.in_headline(phrase.first):
            return False
        first, stop = phrase.first, phrase.stop
        before = first > 0 and atoms.gap(first - 1) == Gap.SPACE and atoms.words[first - 1][0].isupper()
        if before and atoms.keys[first - 1] in self._makers_end:
            return True
        after = stop < len(atoms) and atoms.gap(stop - 1) == Gap.SPACE
        return after and atoms.words[stop][0].isupper()

    def _has_kind(self, phrase: Phrase) -> bool:
        """Tell whether a noun that is mostly something else has a modifier that makes hardware of it."""
        needed = self._nouns.needs.get(phrase.head.keys[-1])
        return bool(phrase.modifiers) and (needed is None or not needed.isdisjoint(phrase.modifiers))


_CLASSES_AFTER = re.compile(r"(?:, | and | or )[^.;:]{1,40}?[ -]classes\b")
_NUMBERED = re.compile(r"([^\W\d_]{4,})[\s-]*\d+")


def _stems(families: Iterable[Family]) -> dict[str, Family]:
    """Return the names that come with numbers, two of them at least: ``Shahed`` of ``Shahed-131`` and ``-136``."""
    found: dict[str, list[Family]] = {}
    for family in families:
        for name in {family.name, *family.names}:
            if match := _NUMBERED.fullmatch(name):
                found.setdefault(fold(match.group(1)), []).append(family)
    return {stem: rows[0] for stem, rows in found.items()}


def _abbreviated(atoms: Atoms, phrases: Sequence[Phrase], taken: Set[int]) -> Iterator[Phrase]:
    """Yield the acronyms of the phrases, wherever the text uses them."""
    acronyms = read_acronyms(atoms, phrases)
    if acronyms:
        for index, word in enumerate(atoms.words):
            phrase = acronyms.get(word.removesuffix("s"))
            if phrase is not None and index not in taken:
                yield replace(phrase, first=index, stop=index + 1, head_first=index)


def _match(atoms: Atoms, name: Candidate) -> Match:
    start, end = atoms.starts[name.first] - name.lead, atoms.ends[name.stop - 1]
    return Match(
        start, end, atoms.text[start:end], name.category, name.family, name.variant, name.origin,
        generic=False, source=name.source, certain=name.level == Level.CERTAIN, ship_class=name.ship_class,
    )  # fmt: skip


def _generic_match(atoms: Atoms, phrase: Phrase) -> Match:
    start, end = atoms.starts[phrase.first], atoms.ends[phrase.stop - 1]
    certain = phrase.head.strength == "strong"
    return Match(
        start,
        end,
        atoms.text[start:end],
        phrase.head.category,
        phrase.kind,
        "",
        "",
        True,
        Source.LEXICON,
        certain,
    )
