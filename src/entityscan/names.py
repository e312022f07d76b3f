"""Pure string functions on names: keys, acronyms, parts of a person's name, spellings.

Strings and tuples of strings come in and go out; nothing here knows a mention, a gazetteer or a file.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

_SPECIAL = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a"}
    | dict.fromkeys("’‘ʼʻ`´ʹʿʾ′", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
)
_BRITISH = {
    "aluminum": "aluminium", "armored": "armoured", "center": "centre", "defense": "defence", "harbor": "harbour",
    "labor": "labour", "program": "programme", "theater": "theatre", "centers": "centres", "defenses": "defences",
    "saint": "st", "mount": "mt", "fort": "ft",
}  # fmt: skip
_IZE = re.compile(r"iz(e|ed|ation|ations|ing)$")
_POSSESSIVE = re.compile(r"'s?(?=\s|$)")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_NOT_WORD = re.compile(r"[^\w+]+")
_INITIALS_RUN = re.compile(r"\b([A-Z])\.?(?=[A-Z]\.)")

STOP_WORDS = frozenset(
    "of the for and in on to a an de la le les des du d et y und der die das del di at al".split()
)
"""Words that an acronym may leave out."""

PARTICLES = frozenset(
    "van von der den de di da do dos das del della la le du ter ten te zu af av bin ibn ben bint ould st".split()
)
"""Words that belong to the surname which follows them."""

_ARABIC_ARTICLES = frozenset("al el ul as ash an ar at ad az es er ur".split())
_HONORIFICS = frozenset(
    "akhund daw haji hajj hajji hojjatoleslam maulvi mawlawi mullah qari sardar saw sayed sayyed sayyid seyed "
    "seyyed shaikh shaykh sheikh syed u ustad".split()
)
"""Words of respect that newspapers write or leave out before two names or more."""
_RESPECTS = frozenset("bhai sahib".split())
"""The same behind a name."""
_FATHER_OF = {"abu": "abu", "abou": "abu", "umm": "umm"} | dict.fromkeys(
    "abd abdul abdel abdal abdol abdur abdoul".split(), "abd"
)
"""Words that make one name with the next."""
FAITH = "eddin"
"""How the parts of a person's name write ``al-Din`` and its other spellings at the end of a name."""
_OF_THE_FAITH = frozenset("din deen dine eddin eddine uddin addin aldin eldin oddin".split())
"""Words that make one name with the one before: Salah al-Din."""
_ARTICLES_OF_FAITH = _ARABIC_ARTICLES | {"ed", "ud"}
_DIN = re.compile(r"(?<=[a-z]{3})[aeou]{1,2}[dl]?d(?:i|ee|ie)ne?$")
_ABD = re.compile(r"^abd(?![aou]l+ah)(?:[aeou]l{1,2}|ou?l|ur|el)(?=[b-df-hj-np-tv-z][a-z]{3})")
_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}


@lru_cache(maxsize=2_048)
def fold(text: str) -> str:
    """Lower the case and write Latin letters without accents; other scripts stay as they are.

    >>> fold("Erdoğan"), fold("Łódź"), fold("Zaporizhzhia’s")
    ('erdogan', 'lodz', "zaporizhzhia's")
    """
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_SPECIAL))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=2_048)
def words(text: str) -> tuple[str, ...]:
    """Split a name into folded words: no articles in front, possessives, dots or hyphens; one spelling.

    >>> words("the U.S. Department of Defense's"), words("Al-Shabab")
    (('us', 'department', 'of', 'defence'), ('al', 'shabab'))
    """
    plain = fold(text)
    if plain.replace(" ", "").isalnum():  # nearly every name: nothing to take out
        found = plain.split()
    else:
        plain = plain.replace("&", " and ").replace("co-op", "coop")
        plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), plain)
        plain = _POSSESSIVE.sub("", plain).replace("'", "")
        found = [part for part in _NOT_WORD.split(plain) if part]
    parts = [_british(part) for part in found]
    if len(parts) > 1 and parts[0] in {"the", "a", "an"}:
        del parts[0]
    return tuple(parts)


@lru_cache(maxsize=2_048)
def name_key(text: str) -> str:
    """Give the string under which spellings that differ in case, accents, dots or hyphens meet.

    >>> name_key("Nord-Stream") == name_key("the nord stream")
    True
    """
    return " ".join(words(text))


_PLURAL_DIGIT = re.compile(r"(?<=\d[a-z])s$|(?<=\d)s$")


@lru_cache(maxsize=2_048)
def designation_key(text: str) -> str:
    """Give the key of a weapon's designation: no spaces or hyphens, no plural ``s`` after a number.

    >>> {designation_key(text) for text in ("F-16", "F16s", "f 16")}
    {'f16'}
    """
    return _PLURAL_DIGIT.sub("", name_key(text).replace(" ", ""))


def _british(word: str) -> str:
    if word in _BRITISH:
        return _BRITISH[word]
    return _IZE.sub(r"is\1", word) if len(word) > 6 else word


@lru_cache(maxsize=2_048)
def is_acronym(text: str) -> bool:
    """Tell whether a name is one word of letters that stand for other words.

    >>> [is_acronym(name) for name in ("NATO", "U.S.", "DoD", "PLAN", "Nato", "IS", "X", "TASS2000")]
    [True, True, True, True, False, True, False, False]
    """
    letters = text.replace(".", "").replace("&", "")
    capitals = sum(char.isupper() for char in letters)
    return (
        2 <= len(letters) <= 9
        and letters.isalpha()
        and letters[0].isupper()
        and capitals * 2 >= len(letters) > 1
    )


def letters_of(text: str) -> str:
    """Give the letters of an acronym, folded (``u.s.`` is ``us``)."""
    return fold(text).replace(".", "").replace("&", "")


@lru_cache(maxsize=2_048)
def stands_for(acronym: str, name: str) -> bool:
    """Tell whether the letters of an acronym begin the words of a longer name, in order.

    Small words may be left out or counted, a final ``s`` may be a plural, and from five letters
    on a word may give up to four letters (``CENTCOM``).

    >>> stands_for("ISW", "Institute for the Study of War"), stands_for("CENTCOM", "Central Command")
    (True, True)
    >>> stands_for("CSIS", "Center for Strategic and International Studies"), stands_for("CDU", "Cuba")
    (True, False)
    """
    letters = letters_of(acronym)
    parts = words(name)
    if len(parts) < 2 or len(letters) > 4 * len(parts):
        return False
    longest = 4 if len(letters) >= 5 else 1
    if _spell(letters, parts, longest):
        return True
    plural = acronym.endswith("s") and len(letters) > 2
    return plural and _spell(letters[:-1], parts, longest)


def _spell(letters: str, parts: Sequence[str], longest: int) -> bool:
    """Tell whether ``letters`` can be taken from the beginnings of ``parts``, each content word used."""
    if not parts:
        return not letters
    if parts[0] in STOP_WORDS and _spell(letters, parts[1:], longest):
        return True
    for size in range(1, longest + 1):
        if letters[:size] != parts[0][:size] or len(letters) < size:
            return False
        if _spell(letters[size:], parts[1:], longest):
            return True
    return False


# ---------------------------------------------------------------- persons


@dataclass(frozen=True, slots=True)
class PersonName:
    """The parts of a person's name, folded; particles and Arabic articles are left out of ``parts``."""

    parts: tuple[str, ...]
    suffix: str = ""
    """``jr``, ``sr``, ``ii``, ``iii``, ``iv`` or empty."""
    compound: bool = field(default=False, compare=False)
    """True for one part that is written as two words: Abdul Haq. It may be all of a person's name."""

    @property
    def full(self) -> bool:
        """True when there is more than one part."""
        return len(self.parts) > 1


@lru_cache(maxsize=2_048)
def person_name(text: str) -> PersonName:
    """Take a person's name apart.

    >>> person_name("Ursula von der Leyen").parts, person_name("Bashar al-Assad").parts
    (('ursula', 'leyen'), ('bashar', 'assad'))
    >>> name = person_name("J.M. Berger Jr.")
    >>> name.parts, name.suffix, person_name("Abd al-Rahman Khan").parts
    (('j', 'm', 'berger'), 'jr', ('abdrahman', 'khan'))
    """
    spaced = _INITIALS_RUN.sub(r"\1 ", text).replace("tš", "tch").replace("TŠ", "TCH")
    found = list(words(spaced))
    while len(found) > 2 and found[0] in _HONORIFICS:
        del found[0]
    if len(found) > 2 and found[-1] in _RESPECTS:
        found.pop()
    suffix = ""
    while len(found) > 1 and found[-1] in _SUFFIXES:
        suffix = _SUFFIXES[found.pop()]
    parts = _parts(found)
    compound = len(parts) == 1 < len(found) and (found[0] in _FATHER_OF or found[-1] in _OF_THE_FAITH)
    return PersonName(parts, suffix, compound)


@lru_cache(maxsize=2_048)
def name_part(word: str) -> str:
    """Write one folded name word as :attr:`PersonName.parts` has it.

    >>> name_part("abdulrahman"), name_part("nasruddin")
    ('abdrahman', 'nasreddin')
    """
    return _ABD.sub("abd", _DIN.sub(FAITH, word))


def _parts(found: Sequence[str]) -> tuple[str, ...]:
    """Leave out particles and articles, and write together what makes one name."""
    parts: list[str] = []
    prefix = ""
    for index, word in enumerate(found):
        last = index == len(found) - 1
        if not last and (word in PARTICLES or word in _ARABIC_ARTICLES):
            continue
        if parts and not last and word in _ARTICLES_OF_FAITH and found[index + 1] in _OF_THE_FAITH:
            continue
        if not last and word in _FATHER_OF:
            prefix = _FATHER_OF[word]
        elif parts and word in _OF_THE_FAITH and (word != "din" or found[index - 1] in _ARTICLES_OF_FAITH):
            parts[-1] += FAITH
        else:
            parts.append(prefix + name_part(word))
            prefix = ""
    return tuple(parts)


_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"(?:yahu|iahu)$", "iahu"),
        (r"^n(?=[bcdfgkjtsz][a-z]{3})", ""),
        (r"(?<=i)j(?=[aeou])", "y"),
        (r"(?<=[a-z]{3}a)x$", "h"),
        (r"^dz(?=[im])", "d"),
        (r"ck(?=(?:i|y|ij|iy|yi|aya|aja)$)", "tsk"),
        (r"(?<=e)c$", "ts"),
        (r"(?<=[bdflnrstvz])yo(?=v|dor|sh)", "e"),
        (r"sch|tsch", "sh"),
        (r"tch|tsh", "ch"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"th", "t"),
        (r"ph", "f"),
        (r"zh|dj|j", "j"),
        (r"ck|q|k|c(?=[aou])", "k"),
        (r"x", "ks"),
        (r"ts|tz|cz", "ts"),
        (r"w", "v"),
        (r"(?<=[bdfgklmnprstvz])[iy]e", "e"),
        (r"(?<=.)[iy]o", "o"),
        (r"^[yj]e", "e"),
        (r"(?:yy|iy|ij|yj|ii|yi|ei|ey|ie|y|i|j)+$", "i"),
        (r"(?:ee|ei|ey|y)", "i"),
        (r"(?:ou|oo)", "u"),
        (r"ah$", "a"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=2_048)
def spelling_key(word: str) -> str:
    """Give the key under which transliterations of one folded name word meet, vowels kept.

    >>> len({spelling_key(word) for word in ("zelensky", "zelenskyy", "zelenskiy", "zelenskii")})
    1
    >>> spelling_key("sergei") == spelling_key("sergey"), spelling_key("hassan") == spelling_key("hussein")
    (True, False)
    """
    for pattern, by in _SPELLINGS:
        word = pattern.sub(by, word)
    return word


_SOUNDS = str.maketrans("pfwzcjxqgt", "bvvsssskkd")
_COARSE = (
    (re.compile(r"(?:au|ou|av|ev|ov|eu|iev|yov)$"), "v"),
    (re.compile(r"dz|ts|tz|th|dh"), "d"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"sch|sh|zh|ch|dj"), "s"),
    (re.compile(r"kh|gh|ck|q|c(?=[aoulr])"), "k"),
    (re.compile(r"[aeiouyh]"), ""),
)


@lru_cache(maxsize=2_048)
def sound_key(word: str) -> str:
    """Give the classes of the consonants of a folded name word: a coarse key that most spellings share.

    >>> sound_key("qaddafi") == sound_key("gadhafi"), sound_key("lukashenko") == sound_key("lukashenka")
    (True, True)
    """
    for pattern, by in _COARSE:
        word = pattern.sub(by, word)
    word = word.translate(_SOUNDS)
    return re.sub(r"(.)\1+", r"\1", word)


_LEFT_OUT = frozenset("aeiouyhj")
_VOWEL_PAIRS = "ae ei iy ou oa ey".split()
_CONSONANT_PAIRS = (
    "bp dt dz gk gq kq hk gh fv vw vu sz jz sc kc ks jy gj zt st Ss Sz Sj SC Ck Ch Cj Cs Cc".split()
)
"""Letters that transliterations exchange; S is sh, C is ch."""
_EXCHANGES: dict[str, dict[str, float]] = {}
"""What it costs to write one letter for another, by both."""
for _cost, _pairs in ((0.25, _VOWEL_PAIRS), (0.5, _CONSONANT_PAIRS)):
    for _pair in _pairs:
        for _letters in (_pair, _pair[::-1]):
            _EXCHANGES.setdefault(_letters[0], {})[_letters[1]] = _cost
_LONG_O = re.compile(r"[ao]w(?=[^aeiouy]|$)")
_EASTERN_V = re.compile(r"(?<=[a-z]{2})[aeo]u(?=sk|$)")
_FIRM = re.compile("[lmnr]")
"""Letters that no transliteration exchanges or leaves out."""
_FLEETING = re.compile("[^blmnr]")
"""All others but for ``b``, which is only exchanged with ``p``."""
_ONE_SOUND = (("sh", "S"), ("ch", "C"))


@lru_cache(maxsize=2_048)
def spelling_distance(left: str, right: str) -> float:
    """Give how far two folded name words are apart as spellings of one word: 0 the same, 9 not at all.

    Letters that transliterations exchange cost little, a vowel or an ``h`` left out a little more, and any
    other difference cannot be paid.

    >>> spelling_distance("naser", "nasr") < 1 < spelling_distance("hansen", "hanson")
    True
    """
    (firm, ours), (others, theirs) = _divided(left), _divided(right)
    return min(sum(map(_change_of_letters, ours, theirs)), 9.0) if firm == others else 9.0


def firm_letters(word: str) -> str:
    """Give the letters of a folded name word that no spelling leaves out: words that are near have the same."""
    return _FLEETING.sub("", word.replace("p", "b"))


@lru_cache(maxsize=2_048)
def _divided(word: str) -> tuple[str, tuple[str, ...]]:
    """Give the firm letters of a word, and what stands before, between and behind them."""
    sounds = transliterated(word)
    return firm_letters(sounds), tuple(_FIRM.split(sounds))


@lru_cache(maxsize=2_048)
def _change_of_letters(left: str, right: str) -> float:
    """Give what it costs to make one run of letters of another."""
    skips = [0.65 if char in _LEFT_OUT else 9.0 for char in right]
    row = [0.0, *accumulate(skips)]
    for char in left:
        skip, costs = (0.65 if char in _LEFT_OUT else 9.0), _EXCHANGES.get(char, {})
        corner, row[0] = row[0], row[0] + skip
        for at, other in enumerate(right, start=1):
            cost = corner + (0.0 if char == other else 9.0)
            if other in costs:
                cost = corner + costs[other]
            corner = row[at]
            for way in (corner + skip, row[at - 1] + skips[at - 1]):  # half as long as with min()
                if way < cost:
                    cost = way
            row[at] = cost
    return row[-1]


@lru_cache(maxsize=2_048)
def transliterated(word: str) -> str:
    """Write a folded name word with one letter for each sound, as :func:`spelling_distance` compares it."""
    word = spelling_key(_EASTERN_V.sub("ov", _LONG_O.sub("o", word)))
    for letters, sound in _ONE_SOUND:
        word = word.replace(letters, sound)
    return word
