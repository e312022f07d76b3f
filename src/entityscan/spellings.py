"""When two persons' names are one name in two spellings: transliterations, patronymics, middle names.

Parts of names come in (:class:`~entityscan.names.PersonName`), yes or no comes out. Names in Latin
script must agree in every letter; names of other scripts may differ as their transliterations do:
in vowels, in words written together or apart, in the order of three words or more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from entityscan import knowledge
from entityscan.names import PersonName, sound_key, spelling_distance, spelling_key

_LONG_WORD = 4
"""Shorter name words must agree in every letter: Li is not Lu, Kim is not Kam."""
_LETTERS_CHANGED = 0.2
"""Spelling distance that a name word may cost for each of its letters."""
_SAME, _ALIKE, _RELATED, _FAINT = 4, 3, 2, 1
"""How near two words are: one word in two transliterations, alike, one name in two languages, the same consonants."""
_SHARE = {_SAME: 1.0, _ALIKE: 0.8, _RELATED: 0.7, _FAINT: 0.5}
"""How much of its weight a word keeps when it is only so near."""
_TELLING = 3.0
"""Weight of the words that tell a person from all others of the articles."""
_MORE = 0.5
"""So much more must they weigh when they are only alike, and when they are in another order."""
_MOST_WORDS = 6
"""More words of a name are not compared."""
_STEM_ENDS = ("ei", "ey", "ai", "ay", "iy", "i", "y", "o", "a", "")
_PATRONYMIC = re.compile(r"(?<=[a-z]{3})(?:[aoiye]+[vw](?:[iy]ch?|it?sch|itch)|[aoiye]+vna|[aoe]una|ichna)$")
_ARTICLE = re.compile(r"^[ae]l(?=[^aeiou][a-z]{3})")
_HISSES = re.compile(r"tsch|sch|tch|sh|ch|zh")
_SILENT = re.compile(r"kh|gh|dj|[kgqhxj]|(?<=[aeiouy])[vw](?=[^aeiouy]|$)")
"""What some languages say or write and their neighbours do not."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What two names have in common when their words are set side by side."""

    near: tuple[int, ...] = ()
    """For each two words how near they are, 1 to 4; two words written together count once."""
    weight: float = 0.0
    """How much the shared words tell: short words and given names 1, others 2, very long ones 3."""
    left_over: tuple[int, int] = (0, 0)
    """Words of the first name that the other lacks, and the other way round."""

    @property
    def worst(self) -> int:
        """The least near two words; 0 when there are none."""
        return min(self.near, default=0)


def same_spelt(left: PersonName, right: PersonName) -> bool:
    """Tell whether two names are the same words in other spellings, in the same order."""
    if left.suffix != right.suffix:
        return False
    if len(left.parts) == len(right.parts) and all(map(same_word, left.parts, right.parts)):
        return True
    if not (left.full and right.full):
        return False
    if "".join(left.parts) == "".join(right.parts):
        return True
    if _exact(left) or _exact(right):
        return False
    shared = common_words(left.parts, right.parts)
    if shared.left_over == (0, 0) and shared.worst >= _ALIKE and len(shared.near) > 1:
        return True
    if nearness(left.parts[0], right.parts[0]) >= _ALIKE and _all_but_one(shared):
        return True
    turned = (shared, *(common_words(left.parts, parts) for parts in _turns(right.parts)))
    return any(_many_words(found) for found in turned)


def same_but_middle(left: PersonName, right: PersonName) -> bool:
    """Tell whether first and last names agree and the middle of one is part of the other's."""
    if not (left.full and right.full) or left.suffix != right.suffix:
        return False
    west = _spelt_west(left) or _spelt_west(right)
    first, last = (nearness(left.parts[end], right.parts[end]) for end in (0, -1))
    if min(first, last) < (_SAME if west else _ALIKE):
        return False
    weight = _SHARE[first] * _weight(left.parts[0]) + _SHARE[last] * _weight(left.parts[-1])
    if last < _SAME and weight < _TELLING:
        return False
    short, long = sorted((left.parts[1:-1], right.parts[1:-1]), key=len)
    rest = iter(long)
    return all(any(same_or_initial(word, other) for other in rest) for word in short)


def same_but_turned(left: PersonName, right: PersonName) -> bool:
    """Tell whether two names are the same words in another order: Belin Ivan, Ivan Belin."""
    if (
        not (left.full and right.full)
        or left.suffix != right.suffix
        or _spelt_west(left) != _spelt_west(right)
    ):
        return False
    least = _SAME if _spelt_west(left) else _ALIKE
    return any(
        shared.left_over == (0, 0) and shared.worst >= least
        for shared in (common_words(left.parts, parts) for parts in _turns(right.parts))
    )


def same_but_left_out(left: PersonName, right: PersonName) -> bool:
    """Tell whether all words of one name are in the other, and tell enough to be the same person's."""
    if not (left.full and right.full) or left.suffix != right.suffix:
        return False
    if _exact(left) or _exact(right):
        return False
    orders = (right.parts, *_turns(right.parts))
    found = [common_words(left.parts, parts) for parts in orders]
    return any(
        len(shared.near) > 1
        and min(shared.left_over) == 0
        and max(shared.near) == _SAME
        and shared.worst >= _ALIKE
        and shared.weight >= _TELLING + _MORE * (shared.worst < _SAME) + _MORE * bool(number)
        for number, shared in enumerate(found)
    )


def is_telling(left: PersonName, right: PersonName) -> bool:
    """Tell whether what two names share is rare enough to be one person's in two articles."""
    turned = (right.parts, *_turns(right.parts))
    return max(common_words(left.parts, parts).weight for parts in turned) >= _TELLING


def same_word(left: str, right: str) -> bool:
    """Tell whether two folded name words are one word in two transliterations."""
    if left == right:
        return True
    if len(left) < 2 or len(right) < 2:
        return False
    groups = knowledge.given_names()
    if left in groups and right in groups:
        return groups[left].group == groups[right].group
    return spelling_key(left) == spelling_key(right)


def same_or_initial(left: str, right: str) -> bool:
    """Tell whether two folded name words are one word, or one is the other's first letter."""
    return same_word(left, right) or (min(len(left), len(right)) == 1 and left[0] == right[0])


@lru_cache(maxsize=100_000)
def nearness(left: str, right: str) -> int:
    """Tell how near two folded name words are: 4 the same, 3 alike, 2 related, 1 the same consonants, 0 two words."""
    if same_word(left, right):
        return _SAME
    groups = knowledge.given_names()
    if left in groups and right in groups:
        return _RELATED if groups[left].family == groups[right].family else 0
    plain = _ARTICLE.sub("", left), _ARTICLE.sub("", right)
    shorter = min(map(len, plain))
    if shorter >= _LONG_WORD and spelling_distance(*plain) <= _LETTERS_CHANGED * shorter:
        return _ALIKE
    if _related_patronymic(left, right):
        return _RELATED
    return _FAINT if shorter >= _LONG_WORD and _same_consonants(*plain) else 0


@lru_cache(maxsize=50_000)
def common_words(left: tuple[str, ...], right: tuple[str, ...]) -> Shared:
    """Set the words of two names side by side, in order, so that the shared words weigh most."""
    left, right = left[:_MOST_WORDS], right[:_MOST_WORDS]
    best = {(0, 0): Shared()}

    def offer(place: tuple[int, int], before: Shared, near: int, word: str, lost: tuple[int, int]) -> None:
        found = Shared(
            (*before.near, near) if near else before.near,
            before.weight + _SHARE.get(near, 0.0) * (_weight(word) if near else 0.0),
            (before.left_over[0] + lost[0], before.left_over[1] + lost[1]),
        )
        if place not in best or _rank(found) > _rank(best[place]):
            best[place] = found

    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            before = best[i, j]
            if i < len(left):
                offer((i + 1, j), before, 0, "", (1, 0))
            if j < len(right):
                offer((i, j + 1), before, 0, "", (0, 1))
            for one, two in ((1, 1), (2, 1), (1, 2)):
                if i + one <= len(left) and j + two <= len(right):
                    words = "".join(left[i : i + one]), "".join(right[j : j + two])
                    if one != two and abs(len(words[0]) - len(words[1])) > _LONG_WORD:
                        continue
                    near = nearness(*words)
                    if near >= (_FAINT if one == two else _ALIKE):
                        offer((i + one, j + two), before, near, min(words, key=len), (0, 0))
    return best[len(left), len(right)]


def person_blocks(name: PersonName) -> Iterator[tuple[str, str]]:
    """Yield the keys under which full names of persons meet across documents: consonants of each two words."""
    parts = name.parts[:_MOST_WORDS]
    rows = [parts] + [
        (*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :])
        for at in range(len(parts) - 1)
        if len(parts) > 2
    ]
    seen = set()
    for row in rows:
        for one, two in combinations(map(_coarse, row), 2):
            key = (min(one, two), max(one, two))
            if key not in seen:
                seen.add(key)
                yield key


@lru_cache(maxsize=200_000)
def _coarse(word: str) -> str:
    """Give the consonants of a word that nearly all spellings share."""
    group = knowledge.given_names().get(word)
    stem = group.family if group else _ARTICLE.sub("", word)
    root = _PATRONYMIC.sub("", stem)
    return _consonants(stem if root == stem else _family(root))[:3]


def _consonants(word: str) -> str:
    """Give the consonants of a word but those that one language says and another does not."""
    return sound_key(_SILENT.sub("", _HISSES.sub("s", word)).rstrip("aeiouy"))


def _rank(shared: Shared) -> tuple[float, int]:
    return shared.weight, -sum(shared.left_over)


def _weight(word: str) -> float:
    if word in knowledge.given_names() or len(word) == _LONG_WORD:
        return 1.0
    if len(word) < _LONG_WORD:
        return 0.5
    return 2.0 if len(word) < 2 * _LONG_WORD else 3.0


def _many_words(shared: Shared) -> bool:
    """Tell whether three words or more agree, one of them perhaps faintly, and one name lacks none of the other's."""
    return len(shared.near) > 2 and min(shared.left_over) == 0 and sorted(shared.near)[1] > _FAINT


def _all_but_one(shared: Shared) -> bool:
    """Tell whether four words or more agree and one word of each name does not."""
    return len(shared.near) > 3 and shared.left_over == (1, 1) and shared.weight >= 2 * _TELLING


def _turns(parts: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
    """Give the orders in which other countries write a name: the last word first, or the first one last."""
    return (*parts[1:], parts[0]), (parts[-1], *parts[:-1])


def _related_patronymic(left: str, right: str) -> bool:
    """Tell whether two words are patronymics of one given name in related languages."""
    one, two = _PATRONYMIC.sub("", left), _PATRONYMIC.sub("", right)
    return one != left and two != right and sound_key(_family(one)) == sound_key(_family(two))


def _same_consonants(left: str, right: str) -> bool:
    """Tell whether two words have the same consonants, two or more."""
    return any(key(left) == key(right) and len(key(left)) > 1 for key in (_consonants, sound_key))


def _family(stem: str) -> str:
    """Give the name that related languages share for the stem of a patronymic, or the stem."""
    groups = knowledge.given_names()
    found = next((groups[stem + end] for end in _STEM_ENDS if stem + end in groups), None)
    return found.family if found else stem


def _surname_first(name: PersonName) -> bool:
    """Tell whether a name begins with an East Asian surname, so that no word of it may differ or be missing."""
    return name.parts[0] in knowledge.word_roles()["surname first"]


def _exact(name: PersonName) -> bool:
    """Tell whether every letter and every word of a name counts."""
    return _spelt_west(name) or _surname_first(name)


def _spelt_west(name: PersonName) -> bool:
    """Tell whether a name comes from a language in Latin script, so that every letter counts."""
    if any(_PATRONYMIC.search(part) for part in name.parts[1:]):
        return False
    names = knowledge.given_names()
    found = [names[part] for part in name.parts[:-1] if part in names]
    return any(given.west for given in found[:1])
