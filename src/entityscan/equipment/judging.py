"""Accept or refuse the candidates of a text, and choose among systems that share a name.

A candidate's level says how much evidence it needs; what is accepted is evidence for the others.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from entityscan.designators import Atoms, Gap, keys_of
from entityscan.equipment.candidates import Candidate, Level
from entityscan.equipment.evidence import Evidence, beside, introduces, predicate
from entityscan.equipment.generic import Phrase, singular
from entityscan.equipment.lexicon import Cues
from entityscan.gazetteer import Category, Family

_SHORTEST_ACRONYM = 4
"""Letters from which an ambiguous acronym may stand on a plural or a verb alone: ``MPs`` may not."""
_LONGEST_CLASS_NOUN = 4
"""Words of a class noun: ``air defence missile system``."""
_MOST_NAMESAKES = 20
"""Ships whose names begin alike that are told apart in one article; bounds the work."""
_VARIANT_END = re.compile(r"[a-z]\d{1,2}[a-z]?")
_ON_SHIPS = "air_defence"
"""A category that also names the ships which carry it: ``Aegis destroyers``."""
_RIVALS = frozenset(("air", "land", "sea"))
"""Domains that exclude each other: no tanker is a frigate."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a candidate is hardware, and the evidence that decided it."""

    accepted: bool
    why: str


SHORT_NAME = Verdict(True, "short name of a ship that the text names in full")


@dataclass(frozen=True, slots=True)
class Judge:
    """Weighs the evidence for the candidates of a text; holds the lists."""

    cues: Cues
    categories: Mapping[str, Category]
    by_noun: Mapping[str, frozenset[str]]
    """Categories that a class noun names; see :func:`categories_by_noun`."""
    places: frozenset[str]
    """Folded names of well-known places."""

    def decide(
        self, atoms: Atoms, candidates: Sequence[Candidate], phrases: Sequence[Phrase]
    ) -> tuple[list[Candidate], Evidence, list[tuple[Candidate, Verdict]]]:
        """Weigh the evidence for every candidate.

        Returns:
            The accepted candidates in order, what is known of the text, and every candidate with its verdict.
        """
        sure = [candidate for candidate in candidates if candidate.level == Level.CERTAIN]
        candidates = _with_short_variants(atoms, candidates, sure)
        evidence = Evidence(atoms, self.cues, sure, phrases)
        for candidate in candidates:
            if candidate.level == Level.AMBIGUOUS or candidate.plain:
                evidence.note_person(candidate.first, candidate.stop)
            if candidate.ship:
                evidence.note_ship(candidate.ship)
        firsts = [phrase.first for phrase in phrases]
        votes = Counter(candidate.family for candidate in sure)
        accepted: dict[int, Candidate] = {}
        nouns: dict[int, frozenset[str]] = {}
        verdicts: dict[int, tuple[Candidate, Verdict]] = {}
        waiting = list(candidates)
        for _ in range(2):  # a name accepted in the first round is evidence in the second
            refused = []
            for candidate in waiting:
                candidate = _as_listed_ship(atoms, candidate, evidence)
                near = _near(phrases, firsts, candidate)
                classes = self._classes(atoms, candidate, near)
                chosen = choose(candidate, classes, self.categories, votes)
                example = introduces(atoms, candidate.first, near, self.cues.examples)
                verdict = self._weigh(atoms, chosen, evidence, classes=classes, example=example)
                verdicts[candidate.first] = chosen, verdict
                if verdict.accepted:
                    accepted[chosen.first], nouns[chosen.first] = chosen, classes
                    evidence.add(chosen)
                else:
                    refused.append(candidate)
            waiting = refused
        votes = Counter(c.family for first, c in accepted.items() if nouns[first] or not _is_shared(c))
        accepted = {first: choose(c, nouns[first], self.categories, votes) for first, c in accepted.items()}
        names = self._with_ships(atoms, accepted, evidence)
        return names, evidence, list(verdicts.values())

    def _classes(self, atoms: Atoms, candidate: Candidate, near: Sequence[Phrase]) -> frozenset[str]:
        """Return the categories that a class noun beside a name speaks for; empty when there is none."""
        stop = candidate.stop
        found: frozenset[str] = frozenset()
        phrase = beside(atoms, candidate.first, stop, near) or predicate(
            atoms, stop, near, self.cues.function_words
        )
        if phrase is not None and not (_is_bare_class(candidate) and phrase.stop <= candidate.first):
            found = self.by_noun.get(phrase.head.kind, frozenset()) | {phrase.head.category}
        if candidate.options and atoms.gap(stop - 1) == Gap.SPACE:
            following = [singular(key)[-1] for key in atoms.keys[stop : stop + _LONGEST_CLASS_NOUN]]
            for length in range(len(following), 0, -1):
                found |= self.by_noun.get(" ".join(following[:length]), frozenset())
        return found

    def _weigh(
        self,
        atoms: Atoms,
        candidate: Candidate,
        evidence: Evidence,
        *,
        classes: frozenset[str],
        example: bool,
    ) -> Verdict:
        """Decide on one candidate by how much evidence its level asks for."""
        first, stop = candidate.first, candidate.stop
        if candidate.level == Level.CERTAIN:
            if not candidate.code and not candidate.ship and not evidence.is_military(first, stop):
                civil = evidence.has_word(first, stop, self.cues.civil)
                if civil:
                    return Verdict(False, "civil sentence")
            group = bool(candidate.ship) and self._is_group(atoms, stop)
            return Verdict(not group, "name of a unit or group" if group else "the name means nothing else")
        if self._is_civil_craft(atoms, first) and candidate.category not in classes:
            return Verdict(False, "name of a civil ship or car")
        cue = f"class noun beside it ({', '.join(sorted(classes))})" if classes else ""
        cue = cue or ("example of a class" if example else "")
        if candidate.level == Level.WEAK:
            return self._weigh_weak(atoms, candidate, evidence, cue)
        if self._is_group(atoms, stop):
            return Verdict(False, "name of a unit or group")
        if evidence.is_person(first, stop):
            return Verdict(False, "name of a person: a title before it or a verb of speech behind it")
        if classes and not self._agree(candidate, classes):
            return Verdict(False, f"another kind of thing beside it ({', '.join(sorted(classes))})")
        if cue:
            named = candidate.category in classes and (candidate.code or bool(candidate.ship))
            military = named or evidence.is_named_kind(first, stop) or evidence.is_military(first, stop)
            return Verdict(military, cue if military else f"{cue}, but no military text")
        against = self._speaks_against(atoms, candidate, evidence)
        if against:
            return Verdict(False, against)
        reason = self._speaks_for(atoms, candidate, evidence)
        return Verdict(bool(reason), reason or "no evidence that it is hardware")

    def _weigh_weak(self, atoms: Atoms, candidate: Candidate, evidence: Evidence, cue: str) -> Verdict:
        first, stop = candidate.first, candidate.stop
        if candidate.plain and self._is_group(atoms, stop):
            return Verdict(False, "name of a unit or group")
        if cue:
            return Verdict(True, cue)
        if candidate.titled and (evidence.starts_sentence(first) or evidence.in_headline(first)):
            return Verdict(False, "a word that has a capital for its place")
        if candidate.plain and evidence.in_longer_name(first, stop):
            return Verdict(False, "part of a longer name")
        if candidate.plain and atoms.keys[first] in evidence.persons:
            return Verdict(False, "surname of a person in the text")
        military = evidence.is_military(first, stop)
        return Verdict(military, "military text" if military else "no military text")

    def _agree(self, candidate: Candidate, classes: frozenset[str]) -> bool:
        """Tell whether a class noun may name what a candidate is: a tanker is no frigate, a drone may sail."""
        if any(option.nickname and option.family.name == candidate.family for option in candidate.options):
            return self._domain(candidate.category) in {self._domain(name) for name in classes}
        if "uav" in classes:
            return True
        own = {self._domain(option.family.category) for option in candidate.options} or {
            self._domain(candidate.category)
        }
        spoken = {self._domain(name) for name in classes}
        carried = candidate.category == _ON_SHIPS and spoken == {"sea"}
        return carried or not own.isdisjoint(spoken) or not (own <= _RIVALS and spoken <= _RIVALS)

    def _domain(self, category: str) -> str:
        return self.categories[category].domain if category in self.categories else ""

    def _speaks_against(self, atoms: Atoms, candidate: Candidate, evidence: Evidence) -> str:
        """Say what makes a person, a longer name or a civil word of an ambiguous name, or nothing."""
        first, stop = candidate.first, candidate.stop
        if _is_bare_class(candidate) and evidence.is_ship(first, stop):
            return "name of one ship"
        if candidate.needs_noun and candidate.family not in evidence.families:
            return "known with its class noun only"
        if not (candidate.plural and evidence.after_number(first)):  # six Luftwaffe Leopards
            if stop == first + 1 and atoms.keys[first] in evidence.persons:
                return "surname of a person in the text"
            if evidence.in_longer_name(first, stop) and not evidence.in_headline(first):
                return "part of a longer name"
        return "civil sentence" if evidence.has_word(first, stop, self.cues.civil) else ""

    def _speaks_for(self, atoms: Atoms, candidate: Candidate, evidence: Evidence) -> str:
        """Say which list, number, plural, fuller form or verb speaks for an ambiguous name, or nothing."""
        first, stop = candidate.first, candidate.stop
        place = stop == first + 1 and atoms.keys[first] in self.places
        if candidate.ship:
            return self._speaks_for_ship(atoms, candidate, evidence, place=place)
        if place:
            return ""
        if evidence.is_military(first, stop):
            if evidence.near_name(first, stop):
                return "listed with another system"
            if candidate.plural and evidence.after_number(first):
                return "number and plural"
            if candidate.plural and evidence.near_hardware(first, stop):
                return "listed with hardware"
            if candidate.plural and evidence.after_force(first):
                return "plural behind the force that has it"
        return self._speaks_in_military_text(atoms, candidate, evidence) if evidence.military_text else ""

    def _speaks_in_military_text(self, atoms: Atoms, candidate: Candidate, evidence: Evidence) -> str:
        first, stop = candidate.first, candidate.stop
        if candidate.family in evidence.families:
            return "fuller form or sure mention in the text"
        if evidence.before_use(stop):
            return "crew, fleet or the like behind it"
        letters = atoms.words[stop - 1].removesuffix("s")
        if letters.isupper() and len(letters) < _SHORTEST_ACRONYM and stop == first + 1:
            return ""
        if candidate.plural:
            return "plural in a military text"
        if candidate.plain and evidence.stands_alone(first, stop, ("a", "an")):
            return "indefinite article in a military text"
        return "military verb beside it" if evidence.near_action(first, stop) else ""

    def _speaks_for_ship(self, atoms: Atoms, candidate: Candidate, evidence: Evidence, *, place: bool) -> str:
        first, stop = candidate.first, candidate.stop
        if evidence.continues_ships(first, place=place):
            return "listed behind another ship"
        naval = evidence.has_word(first, stop, self.cues.ship_words)
        if naval and atoms.keys[first] != candidate.ship[0]:
            return "a ship's prefix and a naval word in the sentence"
        usual = atoms.keys[first] in self.cues.with_article
        if place and not usual and evidence.naval_text and evidence.stands_alone(first, stop, ("the",)):
            return "a place's name with an article"
        article = evidence.after_article(first)
        if article and not place and candidate.family in evidence.families:
            return "fuller form in the text, and an article"
        if article and evidence.naval_text and evidence.near_name(first, stop):
            return "listed with another ship or system"
        if naval:
            if article:
                return "article and a naval word in the sentence"
            if candidate.family in evidence.families and not place:
                return "fuller form in the text and a naval word in the sentence"
        return ""

    def _is_civil_craft(self, atoms: Atoms, first: int) -> bool:
        """Tell whether a noun that is mostly civil stands before a name: ``the tanker Ceres``."""
        return any(
            tuple(atoms.keys[max(0, first - length) : first]) in self.cues.civil_craft for length in (1, 2)
        )

    def _is_group(self, atoms: Atoms, stop: int) -> bool:
        return any(tuple(atoms.keys[stop : stop + length]) in self.cues.groups for length in (1, 2, 3))

    def _with_ships(
        self, atoms: Atoms, accepted: dict[int, Candidate], evidence: Evidence
    ) -> list[Candidate]:
        """Add the short names of ships that the text names in full: ``the Lincoln``."""
        ships: dict[str, dict[tuple[str, ...], Candidate]] = {}
        for candidate in accepted.values():
            if candidate.ship and candidate.level != Level.AMBIGUOUS:
                for keys in (candidate.ship, candidate.ship[-1:]):
                    if len("".join(keys)) > 2:
                        ships.setdefault(keys[0], {}).setdefault(keys, candidate)
        if ships:
            self._add_short_names(atoms, ships, accepted, evidence)
        return sorted(accepted.values(), key=lambda candidate: candidate.first)

    def _add_short_names(
        self,
        atoms: Atoms,
        ships: Mapping[str, Mapping[tuple[str, ...], Candidate]],
        accepted: dict[int, Candidate],
        evidence: Evidence,
    ) -> None:
        covered = {
            index for candidate in accepted.values() for index in range(candidate.first, candidate.stop)
        }
        by_length = {
            key: sorted(names.items(), key=lambda row: -len(row[0]))[:_MOST_NAMESAKES]
            for key, names in ships.items()
        }
        for index, key in enumerate(atoms.keys):
            for keys, ship in by_length.get(key, ()):
                stop = index + len(keys)
                fits = tuple(atoms.keys[index:stop]) == keys and covered.isdisjoint(range(index, stop))
                if fits and self._is_ship(atoms, index, stop, evidence):
                    covered.update(range(index, stop))
                    accepted[index] = replace(ship, first=index, stop=stop, level=Level.WEAK, ship=())
                    break

    def _is_ship(self, atoms: Atoms, first: int, stop: int, evidence: Evidence) -> bool:
        """Tell whether a ship's bare name means the ship here, and no person or place."""
        if (
            not atoms.words[first][0].isupper()
            or self._is_group(atoms, stop)
            or evidence.is_person(first, stop)
        ):
            return False
        hull_follows = stop + 1 < len(atoms) and atoms.words[stop] == "(" and atoms.words[stop + 1].isupper()
        if hull_follows:
            return True
        if evidence.in_longer_name(first, stop):
            return False
        if stop > first + 1 and evidence.military_text:
            return not evidence.has_word(first, stop, self.cues.namesakes)
        if stop == first + 1 and atoms.keys[first] in self.places:
            return evidence.stands_alone(first, stop, ("the",))
        return evidence.after_article(first) or evidence.has_word(first, stop, self.cues.ship_words)


def _with_short_variants(
    atoms: Atoms, candidates: Sequence[Candidate], sure: Sequence[Candidate]
) -> list[Candidate]:
    """Return the candidates; one that is the end of a variant of a sure system is that: ``C5`` beside ``AIM-120``."""
    ends: dict[str, tuple[Candidate, str]] = {}
    for system in sure:
        for option in system.options:
            if option.family.name == system.family:
                ends |= {end: (system, variant) for end, variant in _variant_ends(option.family).items()}
    families = {system.family for system in sure}
    return [_as_short_variant(atoms, c, ends) if c.family not in families else c for c in candidates]


def _as_short_variant(
    atoms: Atoms, candidate: Candidate, ends: Mapping[str, tuple[Candidate, str]]
) -> Candidate:
    short = "".join(filter(str.isalnum, atoms.keys[candidate.first : candidate.stop]))
    system, variant = ends.get(short.removesuffix("s") if candidate.plural else short, (None, ""))
    if system is None:
        return candidate
    return replace(
        candidate,
        family=system.family,
        category=system.category,
        origin=system.origin,
        variant=variant,
        options=system.options,
    )


@lru_cache(maxsize=1000)
def _variant_ends(family: Family) -> Mapping[str, str]:
    """Give the variants of a family by what they have behind its name: ``c5`` of ``AIM-120C-5``."""
    names = {"".join(filter(str.isalnum, name.lower())) for name in (family.name, *family.names)}
    ends = {}
    for variant in family.variants:
        key = "".join(filter(str.isalnum, variant.lower()))
        for name in names:
            if key.startswith(name) and _VARIANT_END.fullmatch(key, len(name)):
                ends[key[len(name) :]] = variant
    return ends


def _as_listed_ship(atoms: Atoms, candidate: Candidate, evidence: Evidence) -> Candidate:
    """Return a name that goes on a list of ships as that of a ship, where one bears it: ``Tughril, Taimur``."""
    ships = tuple(option for option in candidate.options if option.family.individual)
    if len(ships) in (0, len(candidate.options)) or not evidence.continues_ships(
        candidate.first, place=False
    ):
        return candidate
    family = ships[0].family
    return replace(
        candidate,
        family=family.name,
        variant="",
        category=family.category,
        origin=family.origin,
        options=ships,
        needs_noun=False,
        ship=tuple(atoms.keys[candidate.first : candidate.stop]),
    )


def _near(phrases: Sequence[Phrase], firsts: Sequence[int], candidate: Candidate) -> Sequence[Phrase]:
    """Return the phrases that may touch a candidate."""
    index = bisect_left(firsts, candidate.first)
    return phrases[max(0, index - 1) : index + 3]


def _is_shared(candidate: Candidate) -> bool:
    """Tell whether several systems bear the name."""
    return len({option.family.name for option in candidate.options}) > 1


def _is_bare_class(candidate: Candidate) -> bool:
    """Tell whether a name is a class's without the word: ``Akula``; behind ``the ship`` it is one ship's."""
    return bool(candidate.options) and all(
        option.nickname and option.family.name.endswith(" class") for option in candidate.options
    )


def choose(
    candidate: Candidate, classes: frozenset[str], categories: Mapping[str, Category], votes: Counter[str]
) -> Candidate:
    """Choose among systems that share a name: by class noun, the rest of the article, how well known it is."""
    if not _is_shared(candidate):
        return candidate
    domains = {categories[name].domain for name in classes if name in categories}

    def fit(index: int) -> tuple[bool, bool, int, int, bool, int, int]:
        spelling, family = candidate.options[index], candidate.options[index].family
        own = categories.get(family.category)
        named = family.category in classes
        agrees = 2 * named + (own is not None and own.domain in domains)
        usable = agrees > 0 or votes[family.name] > 0 or not spelling.needs_noun
        # a nickname gives way to a system that the catalogue knows by the bare name
        known = not spelling.nickname or named or votes[family.name] > 0
        size = len(family.names) + len(family.variants)
        return usable, known, agrees, votes[family.name], not spelling.nickname, size, -index

    option = candidate.options[max(range(len(candidate.options)), key=fit)]
    return replace(
        candidate,
        family=option.family.name,
        category=option.family.category,
        origin=option.family.origin,
        variant=option.variant or candidate.variant,
        needs_noun=option.needs_noun,
    )


def categories_by_noun(categories: Mapping[str, Category]) -> dict[str, frozenset[str]]:
    """Return the categories that each class noun names: ``howitzer``, ``ATGM`` (folded)."""
    found: dict[str, set[str]] = {}
    for category in categories.values():
        for noun in category.nouns:
            found.setdefault(" ".join(keys_of(noun)), set()).add(category.name)
    return {noun: frozenset(names) for noun, names in found.items()}
