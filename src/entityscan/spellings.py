"""When two persons' names are one name in two spellings: transliterations, patronymics, middle names.

Parts of names come in (:class:`~entityscan.names.PersonName`), yes or no comes out. Names in Latin
script must agree in every letter; names of other scripts may differ as their transliterations do.
"""

import re
from collections.abc import Callable, Sequence

from entityscan import knowledge
from entityscan.names import PersonName, sound_key, spelling_distance, spelling_key

_LONG_WORD = 4
"""Shorter name words must agree in every letter: Li is not Lu, Kim is not Kam."""
_LETTERS_CHANGED = 0.2
"""Spelling distance that a name word may cost for each of its letters."""
_STEM_ENDS = ("", "a", "i", "y", "o", "ai", "ei", "iy", "ay")
_PATRONYMIC = re.compile(r"(?<=[a-z]{3})(?:[aoiye]+v[iy]ch?|[aoiye]+vna|[aoe]una|ichna)$")


def same_spelt(left: PersonName, right: PersonName) -> bool:
    """Tell whether two names are the same words in other spellings, in the same order."""
    if left.suffix != right.suffix:
        return False
    if _pairwise(left, right, same_word):
        return True
    if not (left.full and right.full):
        return False
    if "".join(left.parts) == "".join(right.parts):
        return True
    if _spelt_west(left) or _spelt_west(right):
        return False
    if _pairwise(left, right, _similar_word):
        return True
    short, long = sorted((left.parts, right.parts), key=len)
    turned = (*long[1:], long[0]), (long[-1], *long[:-1])
    return len(short) > 2 and any(_in_order(short, parts) for parts in (long, *turned))


def same_but_middle(left: PersonName, right: PersonName) -> bool:
    """Tell whether first and last names agree and the middle of one is part of the other's."""
    if not (left.full and right.full) or left.suffix != right.suffix:
        return False
    same = same_word if _spelt_west(left) or _spelt_west(right) else _similar_word
    if not (same(left.parts[0], right.parts[0]) and same(left.parts[-1], right.parts[-1])):
        return False
    short, long = sorted((left.parts[1:-1], right.parts[1:-1]), key=len)
    rest = iter(long)
    return all(any(same_or_initial(word, other) for other in rest) for word in short)


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


def person_block(name: PersonName) -> tuple[str, str]:
    """Give the key under which full names of persons meet across documents: first and last consonants."""
    group = knowledge.given_names().get(name.parts[0])
    return sound_key(group.family if group else name.parts[0])[:3], sound_key(name.parts[-1])[:4]


def _pairwise(left: PersonName, right: PersonName, same: Callable[[str, str], bool]) -> bool:
    return len(left.parts) == len(right.parts) and all(map(same, left.parts, right.parts))


def _in_order(short: Sequence[str], long: Sequence[str]) -> bool:
    """Tell whether all words of a name of three or more are in another, in order."""
    rest = iter(long)
    return all(any(_near_word(word, other) for other in rest) for word in short)


def _near_word(left: str, right: str) -> bool:
    """Tell whether two words may be one where two other words of the name agree."""
    if _similar_word(left, right) or _related_word(left, right):
        return True
    groups = knowledge.given_names()
    if left in groups and right in groups:
        return False
    return min(len(left), len(right)) > _LONG_WORD and sound_key(left) == sound_key(right)


def _similar_word(left: str, right: str) -> bool:
    """Tell whether two folded name words are near enough to be one word of another script."""
    if same_word(left, right):
        return True
    groups = knowledge.given_names()
    if left in groups and right in groups:
        return False
    shorter = min(len(left), len(right))
    return shorter >= _LONG_WORD and spelling_distance(left, right) <= _LETTERS_CHANGED * shorter


def _related_word(left: str, right: str) -> bool:
    """Tell whether two words are forms of one given name in related languages, or patronymics of such."""
    groups = knowledge.given_names()
    if left in groups and right in groups:
        return groups[left].family == groups[right].family
    one, two = _PATRONYMIC.sub("", left), _PATRONYMIC.sub("", right)
    if one == left or two == right:
        return False
    return sound_key(_family(one)) == sound_key(_family(two))


def _family(stem: str) -> str:
    """Give the name that related languages share for the stem of a patronymic, or the stem."""
    groups = knowledge.given_names()
    found = next((groups[stem + end] for end in _STEM_ENDS if stem + end in groups), None)
    return found.family if found else stem


def _spelt_west(name: PersonName) -> bool:
    """Tell whether a name comes from a language in Latin script, so that every letter counts."""
    if any(_PATRONYMIC.search(part) for part in name.parts[1:]):
        return False
    found = knowledge.given_names().get(name.parts[0])
    return found is not None and found.west
