"""When two persons' names are one name in two spellings: transliterations, patronymics, middle names.

Parts of names come in (:class:`~entityscan.names.PersonName`), yes or no comes out. Names in Latin
script must agree in every letter; names of other scripts may differ as their transliterations do:
in vowels, in words written together or apart, in the order of three words or more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, product

from entityscan import knowledge
from entityscan.names import (
    FAITH,
    PersonName,
    firm_letters,
    sound_key,
    spelling_distance,
    spelling_key,
    transliterated,
)

_LONG_WORD = 4
"""Shorter name words must agree in every letter: Li is not Lu, Kim is not Kam."""
_LETTERS_CHANGED = 0.2
"""Spelling distance that a name word may cost for each of its letters."""
_SAME, _ALIKE, _RELATED, _FAINT, _DOUBTFUL = 5, 4, 3, 2, 1
"""How near two words are: one word in two transliterations, alike, one name in two languages, the same consonants,
the same consonants in two names that differ: Mohammed and Mahmoud."""
_SHARE = {_SAME: 1.0, _ALIKE: 0.8, _RELATED: 0.7, _FAINT: 0.5, _DOUBTFUL: 0.5}
"""How much of its weight a word keeps when it is only so near."""
_TELLING = 3.0
"""Weight of the words that tell a person from all others of the articles."""
_MORE = 0.5
"""So much more must they weigh when they are only alike, and when they are in another order."""
_GIVEN_AND_SURNAME = 2
_MOST_WORDS = 6
"""More words of a name are not compared."""
_STEM_ENDS = ("ei", "ey", "ai", "ay", "iy", "i", "y", "o", "a", "")
_PATRONYMIC = re.compile(r"(?<=[a-z]{3})(?:[aoiye]+[vw](?:[iy]ch?|it?sch|itch)|[aoiye]+vna|[aoe]una|ichna)$")
_BEFORE = ("abd", "abu", "umm")
_SERVANT = "abd"
"""How it writes ``Abdul`` before a name."""
_KOREAN_WORDS = 3
_HARD = re.compile(r"^(?:ch|[kpt])")
_SOFT = {"ch": "j", "k": "g", "p": "b", "t": "d"}
"""Consonants that one romanisation of Korean writes for the other's."""
_ARTICLE = re.compile(r"^[ae]l(?=[^aeiou][a-z]{3})")
_HEARD = (
    (re.compile(r"^n(?=[bcdfgkjtsz])"), ""),
    (re.compile(r"(?<=[a-z]{3})o?u(?=[aeiy])"), "w"),
)
_HISSES = re.compile(r"tsch|sch|tch|sh|ch|zh")
_SILENT = re.compile(r"kh|gh|dj|[kgqhxj]|(?<=[aeiouy])[vw](?=[^aeiouy]|$)")
"""What some languages say or write and their neighbours do not."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What two names have in common when their words are set side by side."""

    near: tuple[int, ...] = ()
    """For each two words how near they are, 1 to 5; two words written together count once."""
    weight: float = 0.0
    """How much the shared words tell: short words and given names 1, others 2, very long ones 3."""
    left_over: tuple[int, int] = (0, 0)
    """Words of the first name that the other lacks, and the other way round."""

    @property
    def worst(self) -> int:
        """The least near two words; 0 when there are none."""
        return min(self.near, default=0)


_Row = tuple[float, int, tuple[int, ...], int]
"""Weight, words left over in both, how near the others are, words left over in the first."""
_SIZES = ((1, 1), (2, 1), (1, 2))


def same_spelt(left: PersonName, right: PersonName) -> bool:
    """Tell whether two names are the same words in other spellings, in the same order."""
    if left.suffix != right.suffix:
        return False
    if len(left.parts) == len(right.parts) and all(map(same_word, left.parts, right.parts)):
        return True
    if not (left.full and right.full):
        return left.compound and right.compound and _same_compound(left.parts[0], right.parts[0])
    if "".join(left.parts) == "".join(right.parts) or _same_syllables(left, right):
        return True
    exact = _exact(left), _exact(right)
    if all(exact) and (
        len(left.parts) == _GIVEN_AND_SURNAME or _surname_first(left) or _surname_first(right)
    ):
        return False
    shared = common_words(left.parts, right.parts)
    if _all_the_same_but_one(shared) and not (_surname_first(left) or _surname_first(right)):
        return True
    if not all(exact) and _related_and_rare(left, right, shared):
        return True
    if any(exact):
        return False
    if _clipped(left, right) or _same_words(left.parts, right.parts):
        return True
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
    if _second_surname(left.parts, right.parts):
        return True
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


def _second_surname(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether one name has the mother's surname too: Nicolás Maduro, Nicolás Maduro Moros."""
    short, long = sorted((left, right), key=len)
    return (
        len(long) == len(short) + 1
        and short[0] in knowledge.word_roles()["two surnames"]
        and short[-1] not in knowledge.given_names()
        and short[-1] not in knowledge.word_roles()["two surnames"]
        and all(map(same_word, short, long))
    )


def is_telling(left: PersonName, right: PersonName) -> bool:
    """Tell whether what two names share is rare enough to be one person's in two articles."""
    turned = (right.parts, *_turns(right.parts))
    common = len(_common_surnames().intersection(left.parts, right.parts))
    return max(common_words(left.parts, parts).weight for parts in turned) - common >= _TELLING


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


@lru_cache(maxsize=2_048)
def nearness(left: str, right: str) -> int:
    """Tell how near two folded name words are: 5 the same, 4 alike, 3 related, 2 or 1 the same consonants, 0 not."""
    if same_word(left, right):
        return _SAME
    groups = knowledge.given_names()
    if left in groups and right in groups:
        if groups[left].family == groups[right].family:
            return _RELATED
        return _DOUBTFUL if _same_consonants(left, right) else 0
    if _name_served(left) == _name_served(right):
        return _RELATED
    if _alike(left, right):
        return _ALIKE
    if _related_patronymic(left, right):
        return _RELATED
    plain = _ARTICLE.sub("", left), _ARTICLE.sub("", right)
    return _FAINT if min(map(len, plain)) >= _LONG_WORD and _same_consonants(*plain) else 0


@lru_cache(maxsize=2_048)
def common_words(left: tuple[str, ...], right: tuple[str, ...]) -> Shared:
    """Set the words of two names side by side, in order, so that the shared words weigh most."""
    left, right = left[:_MOST_WORDS], right[:_MOST_WORDS]
    if len(left) == len(right) == _GIVEN_AND_SURNAME and (shared := _both(left, right)):
        return shared
    best: list[list[_Row]] = [[(0.0, 0, (), 0)] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            offers = [_matched(best, left, right, i, j, *sizes) for sizes in _SIZES]
            if i:
                offers.append(_lost(best[i - 1][j], 1))
            if j:
                offers.append(_lost(best[i][j - 1], 0))
            best[i][j] = max(filter(None, offers), key=_rank, default=best[0][0])
    weight, lost, near, lost_left = best[-1][-1]
    return Shared(near, weight, (lost_left, lost - lost_left))


def _both(left: Sequence[str], right: Sequence[str]) -> Shared | None:
    """Give the common words of two names of two words when both are near; most pairs are of this kind."""
    near = tuple(map(nearness, left, right))
    if min(near) <= _DOUBTFUL:
        return None
    weights = (_weight(min(words, key=len)) for words in zip(left, right, strict=True))
    return Shared(near, sum(_SHARE[one] * weight for one, weight in zip(near, weights, strict=True)))


def _lost(before: "_Row", left: int) -> "_Row":
    weight, lost, near, lost_left = before
    return weight, lost + 1, near, lost_left + left


def _matched(
    best: Sequence[Sequence["_Row"]],
    left: Sequence[str],
    right: Sequence[str],
    i: int,
    j: int,
    one: int,
    two: int,
) -> "_Row | None":
    """Give the row in which the last words before ``i`` and ``j`` are set side by side, or None."""
    if i < one or j < two:
        return None
    words = "".join(left[i - one : i]), "".join(right[j - two : j])
    if one != two and abs(len(words[0]) - len(words[1])) > _LONG_WORD:
        return None
    near = nearness(*words)
    if near < (_DOUBTFUL if one == two else _ALIKE) or (near == _DOUBTFUL and not (i > one and j > two)):
        return None  # brothers: Hassan and Hussein, sons of one father
    weight, lost, found, lost_left = best[i - one][j - two]
    return weight + _SHARE[near] * _weight(min(words, key=len)), lost, (*found, near), lost_left


def person_blocks(name: PersonName) -> Iterator[tuple[str, str]]:
    """Yield the keys under which full names of persons meet across documents: consonants of each two words."""
    parts = name.parts[:_MOST_WORDS]
    rows = [parts] + [
        (*parts[:at], parts[at] + parts[at + 1], *parts[at + 2 :])
        for at in range(len(parts) - 1)
        if len(parts) > 2
    ]
    seen = set()
    if name.compound:
        yield _coarse(parts[0]), ""
    for row in rows:
        for one, two in combinations(map(_coarse, row), 2):
            key = (min(one, two), max(one, two))
            if key not in seen:
                seen.add(key)
                yield key


@lru_cache(maxsize=2_048)
def _coarse(word: str) -> str:
    """Give the consonants of a word that nearly all spellings share."""
    group = knowledge.given_names().get(word)
    stem = (group.family if group else _ARTICLE.sub("", word)).removesuffix(FAITH)
    root = _PATRONYMIC.sub("", stem)
    return _consonants(stem if root == stem else _family(root))[:3]


@lru_cache(maxsize=2_048)
def _consonants(word: str) -> str:
    """Give the consonants of a word but those that one language says and another does not."""
    for pattern, by in _HEARD:
        word = pattern.sub(by, word)
    return sound_key(_SILENT.sub("", _HISSES.sub("s", word)).rstrip("aeiouy"))


@lru_cache(maxsize=2_048)
def pair_keys(parts: tuple[str, ...]) -> frozenset[tuple[str, ...]] | None:
    """Give keys of a name: of two names that are spellings of one, each has a key of the other's.

    None stands for any key; names of more than two words have it, since their words may be written together.
    """
    if len(parts) != _GIVEN_AND_SURNAME or any(part.endswith(FAITH) for part in parts):
        return None
    one, two = map(_near_keys, parts)
    return frozenset({("".join(parts),), *((min(pair), max(pair)) for pair in product(one, two))})


def may_agree(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether two names may be spellings of one: a quick look at their words, before all rules are asked."""
    if pair_keys(left) is None or pair_keys(right) is None:
        return True
    (one, two), (three, four) = left, right
    return (
        (_may_be_near(one, three) and _may_be_near(two, four))
        or (_may_be_near(one, four) and _may_be_near(two, three))
        or "".join(left) == "".join(right)
    )


def _may_be_near(left: str, right: str) -> bool:
    """Tell whether two words may be related or nearer; what :func:`nearness` says in full."""
    if not _near_keys(left) & _near_keys(right):
        return False
    return bool(_kin(left) & _kin(right)) or _alike(left, right)


def _alike(left: str, right: str) -> bool:
    """Tell whether two words are spelt as one word may be."""
    left, right = _ARTICLE.sub("", left), _ARTICLE.sub("", right)
    shorter = min(len(left), len(right))
    return shorter >= _LONG_WORD and spelling_distance(left, right) <= _LETTERS_CHANGED * shorter


@lru_cache(maxsize=2_048)
def _near_keys(word: str) -> frozenset[str]:
    """Give keys of a word: two words that may be near share one."""
    spellings = transliterated(_ARTICLE.sub("", word)), spelling_key(word), spelling_key(_name_served(word))
    return _kin(word) | frozenset(map(firm_letters, spellings))


@lru_cache(maxsize=2_048)
def _kin(word: str) -> frozenset[str]:
    """Give keys of a word that those share that are one word, or one name in two languages or in short."""
    found = {f"spelt {spelling_key(word)}", f"spelt {spelling_key(_name_served(word))}"}
    if group := knowledge.given_names().get(word):
        found |= {f"family {group.family}", *(f"group {name}" for name in (group.group, *group.long_forms))}
    root = _PATRONYMIC.sub("", word)
    if root != word:
        found.add(f"father {sound_key(_family(root))}")
    return frozenset(found)


def _name_served(word: str) -> str:
    return word.removeprefix(_SERVANT)


def _rank(row: "_Row") -> tuple[float, int]:
    return row[0], -row[1]


def _weight(word: str) -> float:
    if word in knowledge.given_names() or len(word) == _LONG_WORD:
        return 1.0
    if len(word) < _LONG_WORD:
        return 0.5
    return 2.0 if len(word) < 2 * _LONG_WORD else 3.0


@lru_cache(maxsize=1)
def _common_surnames() -> frozenset[str]:
    return knowledge.word_roles()["common surname"]


def _many_words(shared: Shared) -> bool:
    """Tell whether three words or more agree, one of them perhaps faintly, and one name lacks none of the other's."""
    return (
        len(shared.near) > 2
        and min(shared.left_over) == 0
        and sorted(shared.near)[1] > _FAINT
        and (shared.worst > _DOUBTFUL or shared.weight >= _TELLING)
    )


def _same_compound(left: str, right: str) -> bool:
    """Tell whether two names are alike behind ``Abu`` or ``Abdul`` too."""
    stems = [word[len(before) :] for word in (left, right) for before in _BEFORE if word.startswith(before)]
    return nearness(left, right) >= _ALIKE and (len(stems) < 2 or nearness(*stems) >= _ALIKE)


def _all_the_same_but_one(shared: Shared) -> bool:
    """Tell whether three words or more are the same but for one, and that, not the first, is alike."""
    return (
        len(shared.near) > 2
        and shared.left_over == (0, 0)
        and shared.near[0] == _SAME
        and sorted(shared.near)[:2] == [_ALIKE, _SAME]
    )


def _same_words(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether three words or more are the same in any order, and tell the person."""
    rest = list(right)
    for word in left:
        found = next((other for other in rest if same_word(word, other)), None)
        if found is None:
            return False
        rest.remove(found)
    return not rest and len(left) > 2 and sum(map(_weight, left)) > _TELLING


def _related_and_rare(left: PersonName, right: PersonName, shared: Shared) -> bool:
    """Tell whether one name in two languages stands before one rare surname: Halina, Galina Vasilkovskaya."""
    short, long = sorted((left.parts, right.parts), key=len)
    patronymic_left_out = len(short) == 2 and len(long) == 3 and bool(_PATRONYMIC.search(long[1]))
    return (
        (len(long) == 2 or patronymic_left_out)
        and shared.near in ((_RELATED, _SAME), (_RELATED, _ALIKE))
        and _common_surnames().isdisjoint((short[-1], long[-1]))
        and _weight(short[-1]) * _SHARE[shared.near[1]] + _SHARE[_RELATED] >= _TELLING
    )


def _clipped(left: PersonName, right: PersonName) -> bool:
    """Tell whether one given name is the beginning of the other: Siraj, Sirajuddin Haqqani."""
    short, long = sorted((left, right), key=lambda name: len(name.parts[0]))
    stem = long.parts[0].removesuffix(FAITH)
    if stem == long.parts[0] or len(stem) < _LONG_WORD or nearness(stem, short.parts[0]) < _ALIKE:
        return False
    whole = replace(long, parts=(short.parts[0], *long.parts[1:]))
    return is_telling(short, whole) and (same_spelt(short, whole) or same_but_left_out(short, whole))


def _same_syllables(left: PersonName, right: PersonName) -> bool:
    """Tell whether two Korean names are the same in two romanisations: Pak Bong Nam, Pong Nam Park."""
    one = _syllables(left)
    return one is not None and one == _syllables(right)


def _syllables(name: PersonName) -> tuple[str, ...] | None:
    """Give surname and syllables of a Korean name in one romanisation, None for any other name."""
    surnames = _korean_surnames()
    orders = (name.parts, (name.parts[-1], *name.parts[:-1]))
    found = next((parts for parts in orders if parts[0] in surnames), ())
    if len(found) != _KOREAN_WORDS:
        return None
    return surnames[found[0]], *(_HARD.sub(lambda match: _SOFT[match[0]], word) for word in found[1:])


@lru_cache(maxsize=1)
def _korean_surnames() -> Mapping[str, str]:
    """Give the first of the spellings of every Korean surname."""
    lines = (line.split() for line in knowledge.word_roles()["Korean surname"])
    return {word: spellings[0] for spellings in lines for word in spellings}


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
