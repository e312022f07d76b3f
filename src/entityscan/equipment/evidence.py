"""Does the text speak of military hardware? Evidence for and against names that also mean something else."""

from bisect import bisect_left
from collections.abc import Sequence

from entityscan.designators import Atoms, Gap
from entityscan.equipment.candidates import Candidate
from entityscan.equipment.generic import Phrase
from entityscan.equipment.lexicon import Cues

_WINDOW = 40
"""Atoms looked at on either side: a long sentence."""
_NEAR = 4
"""Atoms between a name and a verb or noun that speaks for it."""
_LIST = 6
"""Atoms between two names of one list."""
_FEW = 4
"""Military words that make a short article military."""
_AIRLINE_WORDS = 3
"""Words of civil aviation that make an article one about airliners."""
_SHARE = 120
"""Atoms for one military word in a longer article that make it military."""


class Evidence:
    """Looks around a place in one text."""

    def __init__(
        self, atoms: Atoms, cues: Cues, certain: Sequence[Candidate], phrases: Sequence[Phrase] = ()
    ) -> None:
        self._atoms, self._cues = atoms, cues
        self._phrases = [phrase.first for phrase in phrases]
        self._military = [i for i, key in enumerate(atoms.keys) if key in cues.military]
        self.persons: set[str] = set()
        """Keys of the words that the text uses as a surname somewhere."""
        self._names: list[int] = []
        self._name_keys: set[int] = set()
        self._ship_names: set[tuple[str, ...]] = set()
        self._ships: dict[int, bool] = {}
        """Where ships' names stop, and whether a plural noun stands before the first of the list."""
        self._kinds = {
            index for p in phrases if p.head.strength == "strong" for index in range(p.first, p.stop)
        }
        """Atoms of common nouns that mean hardware in any text."""
        self.families: set[str] = set()
        for candidate in certain:
            self.add(candidate)
        self._names.sort()
        words = len(self._military) + 2 * len(certain)
        civil = sum(key in cues.civil_air for key in atoms.keys)
        self.civil_aviation = civil >= max(_AIRLINE_WORDS, len(certain))
        self.naval_text = not cues.ship_words.isdisjoint(atoms.keys)
        self.military_text = words >= max(_FEW, len(atoms) / _SHARE)

    def add(self, candidate: Candidate) -> None:
        """Take a name as certain: it is evidence for its neighbours."""
        self.families.add(candidate.family)
        if candidate.ship or candidate.code:
            first = candidate.first
            behind = first > 1 and self._atoms.keys[first - 1].endswith("s")
            plural = behind and self._atoms.keys[first - 1] in self._cues.ship_words
            self._ships[candidate.stop] = plural or self._list_before(first, place=True)
        if candidate.first not in self._name_keys:
            self._name_keys.add(candidate.first)
            self._names.insert(bisect_left(self._names, candidate.first), candidate.first)

    def note_ship(self, name: tuple[str, ...]) -> None:
        """Remember the name of one ship, by its atom keys."""
        self._ship_names.add(name)

    def is_ship(self, first: int, stop: int) -> bool:
        """Tell whether the text has a ship of that name, or says that it is one: ``warship Sukanya``."""
        before = self._atoms.keys[first - 1] if first else ""
        return before in self._cues.ship_words or tuple(self._atoms.keys[first:stop]) in self._ship_names

    def continues_ships(self, first: int, *, place: bool) -> bool:
        """Tell whether a name goes on a list of ships: ``HMS Argyll and Westminster``.

        Args:
            first: Where the name starts.
            place: The name is a place's too; then a plural noun must stand before the list.
        """
        return self._list_before(first, place=place)

    def _list_before(self, first: int, *, place: bool) -> bool:
        if first < _NEAR - 2 or self._atoms.keys[first - 1] not in ("and", ","):
            return False
        stop = first - 1
        while stop and self._atoms.words[stop - 1] in "),":
            stop -= 1
        return stop in self._ships and (self._ships[stop] or not place)

    def is_named_kind(self, first: int, stop: int) -> bool:
        """Tell whether a noun that means hardware in any text stands before or behind a place."""
        around = (*range(max(0, first - _NEAR), first), *range(stop, stop + _NEAR))
        return not self._kinds.isdisjoint(around)

    def after_force(self, first: int) -> bool:
        """Tell whether an air force or army stands right before a place: ``RAF Typhoons``."""
        atoms = self._atoms
        if not first or atoms.gap(first - 1) != Gap.SPACE:
            return False
        word, key = atoms.words[first - 1], atoms.keys[first - 1]
        return key in self._cues.forces and word[0].isupper()

    def sentence(self, first: int, stop: int) -> tuple[int, int]:
        """Return the atoms of the sentence around a place, at most a window on each side."""
        left, right = first, stop
        while left > max(0, first - _WINDOW) and not self._ends_sentence(left - 1):
            left -= 1
        while right < min(len(self._atoms), stop + _WINDOW) and not self._ends_sentence(right - 1):
            right += 1
        return left, right

    def _ends_sentence(self, index: int) -> bool:
        atoms = self._atoms
        gap = atoms.gap(index)
        if gap == Gap.BREAK:
            return (
                "\n" in atoms.text[atoms.ends[index] : atoms.starts[index + 1]]
                if index + 1 < len(atoms)
                else True
            )
        if atoms.words[index] not in ".!?" or gap != Gap.SPACE:
            return False
        return atoms.words[index + 1][0].isupper() and len(atoms.words[index - 1]) > 1

    def is_military(self, first: int, stop: int) -> bool:
        """Tell whether the article or the sentence around a place speaks of the military."""
        if self.military_text:
            return True
        left, right = self.sentence(first, stop)
        return self._between(self._military, left, right, first, stop) or self._between(
            self._names, left, right, first, stop
        )

    def has_word(self, first: int, stop: int, words: frozenset[str]) -> bool:
        """Tell whether the sentence around a place holds one of the words, outside the place."""
        left, right = self.sentence(first, stop)
        keys = self._atoms.keys
        return not words.isdisjoint(keys[left:first]) or not words.isdisjoint(keys[stop:right])

    @staticmethod
    def _between(positions: list[int], left: int, right: int, first: int, stop: int) -> bool:
        index = bisect_left(positions, left)
        while index < len(positions) and positions[index] < right:
            if not first <= positions[index] < stop:
                return True
            index += 1
        return False

    def near_name(self, first: int, stop: int) -> bool:
        """Tell whether another name of hardware is listed beside a place: ``Abrams and Challengers``."""
        return self._is_listed(self._names, first, stop)

    def near_hardware(self, first: int, stop: int) -> bool:
        """Tell whether a common noun for hardware is listed beside a place: ``155mm shells, Bradleys``."""
        return self._is_listed(self._phrases, first, stop)

    def _is_listed(self, positions: list[int], first: int, stop: int) -> bool:
        index = bisect_left(positions, first - _LIST)
        while index < len(positions) and positions[index] < stop + _LIST:
            position = positions[index]
            between = range(position, first) if position < first else range(stop, position)
            if not first <= position < stop and self._is_list(between):
                return True
            index += 1
        return False

    def _is_list(self, between: range) -> bool:
        words = [self._atoms.words[i] for i in between]
        return any(word in (",", "/", "and", "or", "&", ";") for word in words) and "." not in words

    def near_action(self, first: int, stop: int) -> bool:
        """Tell whether something that hardware does or suffers stands beside a place."""
        keys, actions = self._atoms.keys, self._cues.actions
        return not actions.isdisjoint(keys[max(0, first - _NEAR) : first]) or not actions.isdisjoint(
            keys[stop : stop + _NEAR]
        )

    def is_person(self, first: int, stop: int) -> bool:
        """Tell whether a title or a first name stands before a place, or a verb of speech behind it."""
        atoms = self._atoms
        if (
            first
            and atoms.words[first - 1] == "."
            and first > 1
            and atoms.keys[first - 2] in self._cues.titles
        ):
            return True
        if first and atoms.gap(first - 1) == Gap.SPACE and atoms.keys[first - 1] in self._cues.titles:
            return True
        return (
            stop < len(atoms) and atoms.gap(stop - 1) == Gap.SPACE and atoms.keys[stop] in self._cues.speech
        )

    def note_person(self, first: int, stop: int) -> None:
        """Remember a word that stands behind a title or a first name, or before a verb of speech."""
        before = first > 0 and self._atoms.gap(first - 1) == Gap.SPACE and self._is_name_word(first - 1)
        named = before and not self.starts_sentence(first - 1) and self._atoms.keys[first - 1] != "the"
        if stop == first + 1 and (named or self.is_person(first, stop)):
            self.persons.add(self._atoms.keys[first])

    def in_longer_name(self, first: int, stop: int) -> bool:
        """Tell whether a capitalised word stands beside a place: ``Omar Bradley``, ``Patriot Act``."""
        atoms = self._atoms
        before = first > 0 and atoms.gap(first - 1) == Gap.SPACE and self._is_name_word(first - 1)
        after = stop < len(atoms) and atoms.gap(stop - 1) == Gap.SPACE and self._is_name_word(stop)
        return after or (before and not self.starts_sentence(first - 1))

    def _is_name_word(self, index: int) -> bool:
        word, key = self._atoms.words[index], self._atoms.keys[index]
        cues = self._cues
        if not word[0].isupper() or key in cues.demonyms or key in cues.ship_words or key in cues.owners:
            return False
        return key not in self._cues.military and not word.isupper()

    def starts_sentence(self, index: int) -> bool:
        """Tell whether an atom is the first of a sentence or of a quotation."""
        return index == 0 or self._ends_sentence(index - 1) or self._atoms.words[index - 1] in '"“‘'

    def in_headline(self, first: int) -> bool:
        """Tell whether most words around a place are capitalised, as in a headline."""
        left, right = self.sentence(first, first + 1)
        words = [word for word in self._atoms.words[left:right] if word.isalpha() and len(word) > 3]
        return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.7 * len(words)

    def after_number(self, first: int) -> bool:
        """Tell whether a quantity stands before a place, with at most an owner between: ``six Luftwaffe``."""
        words, keys = self._atoms.words, self._atoms.keys
        index, left = first, max(0, first - _NEAR)
        while index > left and words[index - 1][0].isupper() and keys[index - 1] not in _NUMBERS:
            index -= 1
        return index > 0 and (words[index - 1].isdigit() or keys[index - 1] in _NUMBERS)

    def before_use(self, stop: int) -> bool:
        """Tell whether those who use hardware, or its number, follow: ``Apache pilots``, ``the Bradley fleet``."""
        atoms = self._atoms
        return stop < len(atoms) and atoms.gap(stop - 1) == Gap.SPACE and atoms.keys[stop] in self._cues.uses

    def stands_alone(self, first: int, stop: int, articles: tuple[str, ...]) -> bool:
        """Tell whether one of the articles stands before a place and no noun behind it."""
        atoms = self._atoms
        if first == 0 or atoms.keys[first - 1] not in articles:
            return False
        if stop >= len(atoms) or atoms.gap(stop - 1) in (Gap.BREAK, Gap.NONE):
            return stop >= len(atoms) or not atoms.words[stop][0].isalnum()
        return atoms.gap(stop - 1) == Gap.SPACE and atoms.keys[stop] in self._cues.function_words

    def after_article(self, first: int) -> bool:
        """Tell whether ``the`` stands before a place."""
        return first > 0 and self._atoms.keys[first - 1] == "the"


_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve dozen dozens several few many some more hundreds "
    "thousands both no any".split()
)

_GIVEN = frozenset("called codenamed designated dubbed named nicknamed".split())


def beside(atoms: Atoms, first: int, stop: int, phrases: Sequence[Phrase]) -> Phrase | None:
    """Return the class noun directly behind or before a name: ``Leopard tanks``, ``the cruiser Moskva``."""
    for phrase in phrases:
        if joins(atoms, stop, phrase.first) and not opens_bracket(atoms, phrase.first):
            return phrase
    for phrase in phrases:
        alone = not phrase.plural or (_goes_on(atoms, stop) and atoms.words[first][0].isupper())
        if joins(atoms, phrase.stop, first) and alone:
            return phrase
    return None


def _goes_on(atoms: Atoms, stop: int) -> bool:
    """Tell whether a list goes on with another name: ``the destroyers Carney and Gravely``."""
    if stop + 1 >= len(atoms) or atoms.keys[stop] not in ("and", ","):
        return False
    return atoms.words[stop + 1][0].isupper()


def predicate(atoms: Atoms, stop: int, phrases: Sequence[Phrase], ends: frozenset[str]) -> Phrase | None:
    """Return the class noun that a sentence says a name is: ``Javelin is an anti-tank missile``."""
    if atoms.keys[stop : stop + 1] not in (["is"], ["was"]) or atoms.keys[stop + 1 : stop + 2] not in (
        ["a"],
        ["an"],
    ):
        return None
    for phrase in phrases:
        closes = atoms.gap(phrase.stop - 1) != Gap.SPACE or atoms.keys[phrase.stop] in ends
        if phrase.first == stop + 2 and closes:
            return phrase
    return None


def introduces(atoms: Atoms, first: int, phrases: Sequence[Phrase], examples: frozenset[str]) -> bool:
    """Tell whether a name is given as an example of a class: ``missiles such as the Harpoon``."""
    stops = {phrase.stop for phrase in phrases}
    index = first
    while index > max(0, first - _NEAR) and (
        atoms.keys[index - 1] in examples or atoms.words[index - 1] in ',“"'
    ):
        index -= 1
    given = index < first - 1 or atoms.keys[first - 1] in _GIVEN
    return given and index in stops and atoms.gap(index - 1) != Gap.BREAK


def opens_bracket(atoms: Atoms, first: int) -> bool:
    """Tell whether an opening bracket stands right before a place."""
    return first > 0 and atoms.words[first - 1] == "("


def joins(atoms: Atoms, stop: int, first: int) -> bool:
    """Tell whether only a space, or a quotation mark or bracket, stands between two places."""
    if first == stop:
        return atoms.gap(stop - 1) in (Gap.SPACE, Gap.DASH, Gap.NONE)
    return first == stop + 1 and atoms.words[stop] in "\"“”’'»)(" and atoms.gap(stop) != Gap.BREAK
