"""Accept or refuse the candidates of a text, and choose among systems that share a name.

A candidate's level says how much evidence it needs; what is accepted is evidence for the others.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from entityscan.designators import Atoms, Gap, keys_of
from entityscan.equipment.candidates import Candidate, Level
from entityscan.equipment.evidence import Evidence, beside, introduces
from entityscan.equipment.generic import Phrase, singular
from entityscan.equipment.lexicon import Cues
from entityscan.gazetteer import Category

_SHORTEST_ACRONYM = 4
"""Letters from which an ambiguous acronym may stand on a plural or a verb alone: ``MPs`` may not."""
_LONGEST_CLASS_NOUN = 4
"""Words of a class noun: ``air defence missile system``."""
_MOST_NAMESAKES = 20
"""Ships whose names begin alike that are told apart in one article; bounds the work."""


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
    ) -> tuple[list[Candidate], Evidence]:
        """Weigh the evidence for every candidate; return the accepted ones in order."""
        sure = [candidate for candidate in candidates if candidate.level == Level.CERTAIN]
        evidence = Evidence(atoms, self.cues, sure)
        for candidate in candidates:
            if candidate.level == Level.AMBIGUOUS or candidate.plain:
                evidence.note_person(candidate.first, candidate.stop)
        firsts = [phrase.first for phrase in phrases]
        votes = Counter(candidate.family for candidate in sure)
        accepted: dict[int, Candidate] = {}
        nouns: dict[int, frozenset[str]] = {}
        waiting = list(candidates)
        for _ in range(2):  # a name accepted in the first round is evidence in the second
            refused = []
            for candidate in waiting:
                near = _near(phrases, firsts, candidate)
                classes = self._classes(atoms, candidate, near)
                chosen = choose(candidate, classes, self.categories, votes)
                example = introduces(atoms, candidate.first, near, self.cues.examples)
                if self._accept(atoms, chosen, evidence, classed=bool(classes) or example):
                    accepted[chosen.first], nouns[chosen.first] = chosen, classes
                    evidence.add(chosen)
                else:
                    refused.append(candidate)
            waiting = refused
        votes = Counter(c.family for first, c in accepted.items() if nouns[first] or not _is_shared(c))
        accepted = {first: choose(c, nouns[first], self.categories, votes) for first, c in accepted.items()}
        names = self._with_ships(atoms, accepted, evidence)
        return names, evidence

    def _classes(self, atoms: Atoms, candidate: Candidate, near: Sequence[Phrase]) -> frozenset[str]:
        """Return the categories that a class noun beside a name speaks for; empty when there is none."""
        stop = candidate.stop
        found: frozenset[str] = frozenset()
        phrase = beside(atoms, candidate.first, stop, near)
        if phrase is not None:
            found = self.by_noun.get(phrase.head.kind, frozenset()) | {phrase.head.category}
        if candidate.options and atoms.gap(stop - 1) == Gap.SPACE:
            following = [singular(key)[-1] for key in atoms.keys[stop : stop + _LONGEST_CLASS_NOUN]]
            for length in range(len(following), 0, -1):
                found |= self.by_noun.get(" ".join(following[:length]), frozenset())
        return found

    def _accept(self, atoms: Atoms, candidate: Candidate, evidence: Evidence, *, classed: bool) -> bool:
        if candidate.level == Level.CERTAIN:
            return True
        first, stop = candidate.first, candidate.stop
        if candidate.level == Level.WEAK:
            if candidate.plain and self._is_group(atoms, stop):
                return False
            surname = candidate.plain and atoms.keys[first] in evidence.persons
            part = candidate.plain and evidence.in_longer_name(first, stop)
            return classed or (not part and not surname and evidence.is_military(first, stop))
        if self._is_group(atoms, stop) or evidence.is_person(first, stop):
            return False
        if classed:
            return evidence.is_military(first, stop)
        return not self._is_something_else(atoms, candidate, evidence) and self._is_backed(
            atoms, candidate, evidence
        )

    def _is_something_else(self, atoms: Atoms, candidate: Candidate, evidence: Evidence) -> bool:
        """Tell whether an ambiguous name is a person, part of a longer name, or in a civil sentence."""
        first, stop = candidate.first, candidate.stop
        if candidate.needs_noun and candidate.family not in evidence.families:
            return True
        if stop == first + 1 and atoms.keys[first] in evidence.persons:
            return True
        return evidence.in_longer_name(first, stop) or evidence.has_word(first, stop, self.cues.civil)

    def _is_backed(self, atoms: Atoms, candidate: Candidate, evidence: Evidence) -> bool:
        """Tell whether list, number, plural, fuller form or verb speak for an ambiguous name."""
        first, stop = candidate.first, candidate.stop
        if candidate.ship:
            named = evidence.after_article(first) or candidate.family in evidence.families
            return named and evidence.has_word(first, stop, self.cues.ship_words)
        if stop == first + 1 and atoms.keys[first] in self.places:
            return False
        if evidence.near_name(first, stop) or (candidate.plural and evidence.after_number(first)):
            return evidence.is_military(first, stop)
        if candidate.family in evidence.families:
            return evidence.military_text
        letters = atoms.words[stop - 1].removesuffix("s")
        if letters.isupper() and len(letters) < _SHORTEST_ACRONYM and stop == first + 1:
            return False
        return evidence.military_text and (candidate.plural or evidence.near_action(first, stop))

    def _is_group(self, atoms: Atoms, stop: int) -> bool:
        return any(tuple(atoms.keys[stop : stop + length]) in self.cues.groups for length in (1, 2, 3))

    def _with_ships(
        self, atoms: Atoms, accepted: dict[int, Candidate], evidence: Evidence
    ) -> list[Candidate]:
        """Add the short names of ships that the article names in full: ``the Lincoln``."""
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
        return evidence.after_article(first) or evidence.has_word(first, stop, self.cues.ship_words)


def _near(phrases: Sequence[Phrase], firsts: Sequence[int], candidate: Candidate) -> Sequence[Phrase]:
    """Return the phrases that may touch a candidate."""
    index = bisect_left(firsts, candidate.first)
    return phrases[max(0, index - 1) : index + 3]


def _is_shared(candidate: Candidate) -> bool:
    """Tell whether several systems bear the name."""
    return len({option.family.name for option in candidate.options}) > 1


def choose(
    candidate: Candidate, classes: frozenset[str], categories: Mapping[str, Category], votes: Counter[str]
) -> Candidate:
    """Choose among systems that share a name: by class noun, the rest of the article, how well known it is."""
    if not _is_shared(candidate):
        return candidate
    domains = {categories[name].domain for name in classes if name in categories}

    def fit(index: int) -> tuple[int, int, int, int]:
        family = candidate.options[index].family
        own = categories.get(family.category)
        agrees = 2 * (family.category in classes) + (own is not None and own.domain in domains)
        return agrees, votes[family.name], len(family.names) + len(family.variants), -index

    option = candidate.options[max(range(len(candidate.options)), key=fit)]
    return replace(
        candidate,
        family=option.family.name,
        category=option.family.category,
        origin=option.family.origin,
        variant=option.variant or candidate.variant,
    )


def categories_by_noun(categories: Mapping[str, Category]) -> dict[str, frozenset[str]]:
    """Return the categories that each class noun names: ``howitzer``, ``ATGM`` (folded)."""
    found: dict[str, set[str]] = {}
    for category in categories.values():
        for noun in category.nouns:
            found.setdefault(" ".join(keys_of(noun)), set()).add(category.name)
    return {noun: frozenset(names) for noun, names in found.items()}
