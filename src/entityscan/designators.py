"""The grammar of military designations: ``T-72B3M``, ``F/A-18E/F``, ``9K720``, ``AN/TPY-2``, ``Su-75``.

What comes in is a text; what goes out are its atoms (runs of letters, runs of digits, single marks)
and, for a position in them, the designation that starts there. The families of designations live in
``data/designators.csv``; the parsers here are a few lines each, look a bounded number of atoms ahead
and never go back, so that the time is linear in the length of the text whatever it holds. Knows no
catalogue: whether a designation exists is for the caller to ask.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files

from entityscan.errors import DataError

_DASHES = "\\-\u00ad\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d"
_ATOM = re.compile(rf"[^\W\d_]+|\d+|[^\w\s{_DASHES}]|_")
_DASH_GAP = re.compile(rf"[{_DASHES}]")
_SPACE_GAP = re.compile(r"[ \t\u00a0\u2007\u2009\u200a\u202f\u3000]{1,3}")
_APOSTROPHES = frozenset("‘’ʻʼ")
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХЅІЈ", "ABEKMHOPCTYXSIJ")
_LONGEST_SUFFIX = 8
"""Atoms that one variant suffix may have: ``MKM``, ``A7V``, ``MD-90A``, ``E/F``."""
_LONGEST_LETTERS = 5
"""Letters of one part of a suffix: ``AMTSh`` is the longest in use."""
FIELDS = ("letters", "usual", "joint", "digits", "suffix", "category", "origin", "alone", "example")


class Gap(IntEnum):
    """What stands between two atoms."""

    NONE = 0
    DASH = 1
    SPACE = 2
    BREAK = 3
    """A line break, a spaced dash, the end of the text: no name crosses it."""


@lru_cache(maxsize=2_048)
def fold(word: str) -> str:
    """Return the key of one atom: lower case, without accents, look-alike capitals as Latin.

    >>> fold("Çakır"), fold("Т"), fold("MiG")
    ('cakir', 't', 'mig')
    """
    if word.isascii():
        return word.lower()
    if word in _APOSTROPHES:
        return "'"
    decomposed = unicodedata.normalize("NFKD", latin(word))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).lower().replace("ı", "i")
    return bare or word


def latin(word: str) -> str:
    """Return a word of look-alike capitals (Cyrillic ``Т``) in Latin letters, any other as it is."""
    if word.isascii() or not word.isupper():
        return word
    translated = word.translate(_LOOK_ALIKES)
    return translated if translated.isascii() else word


def first_atom(text: str) -> str:
    """Return the first atom of a text, as written; empty when it has none."""
    match = _ATOM.search(text)
    return match.group() if match else ""


class Atoms:
    """A text cut into atoms, with what stands between them. Dashes and spaces are gaps, not atoms."""

    __slots__ = ("ends", "keys", "starts", "text", "words")

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _ATOM.finditer(text):
            self.words.append(match.group())
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.keys = [fold(word) for word in self.words]

    def __len__(self) -> int:
        return len(self.words)

    def gap(self, index: int) -> Gap:
        """Tell what stands between atom ``index`` and the next one."""
        if not 0 <= index < len(self.words) - 1:
            return Gap.BREAK
        start, end = self.ends[index], self.starts[index + 1]
        if start == end:
            return Gap.NONE
        between = self.text[start : min(end, start + 4)]
        if between == " ":
            return Gap.SPACE
        if between == "-" or (end - start == 1 and _DASH_GAP.match(between)):
            return Gap.DASH
        return Gap.SPACE if end - start < 4 and _SPACE_GAP.fullmatch(between) else Gap.BREAK

    def span(self, first: int, stop: int) -> str:
        """Return the text of the atoms ``first`` to ``stop`` (exclusive)."""
        return self.text[self.starts[first] : self.ends[stop - 1]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of ``data/designators.csv``."""

    letters: str
    """As in the table; a ``?`` stands for any capital letter."""
    usual: str
    """The letters that the designation is known by: ``Su`` for ``Sukhoi``."""
    words: tuple[str, ...]
    """The atoms of the letters, in their usual case."""
    joint: str
    """``dash``: a dash; ``glued``: nothing; ``space``: a space or a dash; ``any``: all of them."""
    digits: tuple[int, int]
    """Least and largest number of digits."""
    suffix: str
    """``letters``; ``number`` or ``decimal`` when a second number belongs to the family (``ZSU-23-4``,
    ``Project 636.3``).
    """
    category: str
    origin: str
    alone: bool
    """Safe without a catalogue entry and without a military cue."""

    @property
    def separator(self) -> str:
        """Return what the usual spelling writes between letters and number."""
        return {"dash": "-", "glued": "", "space": " ", "any": "-"}[self.joint]


@dataclass(frozen=True, slots=True)
class Designation:
    """A designation that the grammar reads, by positions of atoms."""

    first: int
    stop: int
    """One past the last atom."""
    family: str
    """Letters and number, ``T-72``."""
    variant: str
    """The usual spelling with its suffix, ``T-72B3``; empty when there is none."""
    category: str
    origin: str
    alone: bool


def keys_of(spelling: str) -> tuple[str, ...]:
    """Return the atom keys of a spelling.

    >>> keys_of("F/A-18E"), keys_of("Storm Shadow")
    (('f', '/', 'a', '18', 'e'), ('storm', 'shadow'))
    """
    return tuple(Atoms(spelling).keys)


def _rules(rows: Iterator[dict[str, str]]) -> Iterator[tuple[tuple[str, ...], Rule]]:
    for row in rows:
        low, _, high = row["digits"].partition("-")
        if row["joint"] not in ("dash", "glued", "space", "any") or row["alone"] not in ("yes", "cue"):
            raise DataError(f"designators.csv: bad row {row['letters']!r}")
        words = _words(row["letters"])
        rule = Rule(
            row["letters"],
            row["usual"] or row["letters"],
            words,
            row["joint"],
            (int(low), int(high)),
            row["suffix"],
            row["category"],
            row["origin"],
            row["alone"] == "yes",
        )
        yield tuple(map(fold, words)), rule


def _words(letters: str) -> tuple[str, ...]:
    """Return the atoms of the letters; a ``?`` in the last one stands for any capital: ``AN/?P?``."""
    front, slash, last = letters.rpartition("/")
    return (*Atoms(front).words, slash, last) if "?" in letters else tuple(Atoms(letters).words)


@lru_cache(maxsize=1)
def load_rules() -> dict[tuple[str, ...], tuple[Rule, ...]]:
    """Read the table of designation families, by the atoms of their letters.

    Raises:
        DataError: a row breaks the schema.
    """
    table: dict[tuple[str, ...], tuple[Rule, ...]] = {}
    with files("entityscan").joinpath("data/designators.csv").open(encoding="utf-8") as stream:
        for keys, rule in _rules(csv.DictReader(stream)):
            table[keys] = (*table.get(keys, ()), rule)
    return table


@lru_cache(maxsize=1)
def load_starts() -> dict[str, tuple[tuple[tuple[str, ...], tuple[Rule, ...]], ...]]:
    """Return the rules by their first atom, those with more atoms first."""
    starts: dict[str, list[tuple[tuple[str, ...], tuple[Rule, ...]]]] = {}
    for keys, rules in load_rules().items():
        starts.setdefault(keys[0], []).append((keys, rules))
    return {
        key: tuple(sorted(rows, key=lambda row: ("?" in row[0][-1], -len(row[0]))))
        for key, rows in starts.items()
    }


def _is_like(word: str, usual: str) -> bool:
    """Tell whether a word is another one, in which ``?`` stands for any letter."""
    if "?" not in usual:
        return word == usual
    return len(word) == len(usual) and all(mine in ("?", its) for its, mine in zip(word, usual, strict=True))


def same_case(written: str, usual: str) -> bool:
    """Tell whether letters are written as usual, or all in capitals, or capitalised (``Mig``, ``IL``)."""
    return written == usual or written == usual.upper() or (len(usual) > 1 and written == usual.capitalize())


def is_suffix(word: str) -> bool:
    """Tell whether letters may be part of a variant suffix: ``B``, ``MKI``, ``MTSh``, ``Bv``."""
    return (
        len(word) <= _LONGEST_LETTERS
        and word[0].isupper()
        and (word.isupper() or sum(map(str.islower, word)) <= 2)
    )


def read_suffix(atoms: Atoms, stop: int) -> tuple[int, str]:
    """Read the letters and digits glued behind a designation.

    Args:
        atoms: The text.
        stop: One past the last atom of the designation.

    Returns:
        One past the last atom of the suffix, and the suffix without plural s: ``B3M``, ``E/F``.
    """
    index, suffix = stop, ""
    if _is_spaced_pair(atoms, stop):
        return stop + 3, atoms.span(stop, stop + 3)
    while index < min(len(atoms), stop + _LONGEST_SUFFIX):
        gap, word = atoms.gap(index - 1), atoms.words[index]
        if gap == Gap.NONE and word.isdigit() and suffix and len(word) <= 3:
            suffix += word
        elif gap == Gap.NONE and word.isalpha() and is_suffix(bare := _singular(word)):
            suffix += bare
            if bare != word:
                return index + 1, suffix
        elif word == "/" and _slash_letter(atoms, index, suffix):
            index += 1
            bare = _singular(atoms.words[index])
            suffix += "/" + bare
            if bare != atoms.words[index]:
                return index + 1, suffix
        elif (
            gap == Gap.DASH
            and suffix
            and word.isdigit()
            and len(word) <= 2
            and atoms.words[index - 1].isalpha()
        ):
            suffix += "-" + word
        else:
            break
        index += 1
    return index, suffix


def _is_spaced_pair(atoms: Atoms, stop: int) -> bool:
    """Tell whether two variant letters follow a space: ``F/A-18 E/F``."""
    if stop + 2 >= len(atoms) or atoms.gap(stop - 1) != Gap.SPACE or atoms.words[stop + 1] != "/":
        return False
    letters = atoms.words[stop] + atoms.words[stop + 2]
    glued = atoms.gap(stop) == atoms.gap(stop + 1) == Gap.NONE and atoms.gap(stop + 2) != Gap.NONE
    return glued and len(letters) == 2 and letters.isalpha() and letters.isupper()


def _slash_letter(atoms: Atoms, index: int, suffix: str) -> bool:
    """Tell whether a slash joins two variants: ``C/D``, ``K/KUB``, ``V/W``."""
    if atoms.gap(index - 1) != Gap.NONE or atoms.gap(index) != Gap.NONE:
        return False
    following = _singular(atoms.words[index + 1])
    if suffix:
        letters = following.isalpha() and following.isupper() and len(following) <= 3
        return letters and not _numbered(atoms, index + 1)
    return len(following) == 1 and following.isupper() and atoms.gap(index + 1) > Gap.DASH


def _singular(word: str) -> str:
    """Return suffix letters without the plural s: ``SMs`` is ``SM``, ``s`` stays."""
    return word[:-1] if len(word) > 1 and word.endswith("s") and word[:-1].isupper() else word


def plural_stop(atoms: Atoms, stop: int) -> int:
    """Return ``stop`` moved past a glued plural s (``F-16s``), else as it is."""
    plural = stop < len(atoms) and atoms.words[stop] == "s" and atoms.gap(stop - 1) == Gap.NONE
    return stop + 1 if plural and at_boundary(atoms, stop + 1) else stop


def at_boundary(atoms: Atoms, stop: int) -> bool:
    """Tell whether no letter or digit is glued behind ``stop``."""
    return stop >= len(atoms) or atoms.gap(stop - 1) != Gap.NONE or not atoms.words[stop].isalnum()


def starts_inside(atoms: Atoms, first: int) -> bool:
    """Tell whether ``first`` is the tail of a longer code: the ``16`` of ``KF-16`` or ``N-27`` of ``SS-N-27``."""
    if first == 0:
        return False
    gap, before = atoms.gap(first - 1), atoms.words[first - 1]
    if gap == Gap.NONE:
        whole = before == "/" and len(atoms.words[first]) > 1 and _numbered(atoms, first)  # T-72B/BMP-2
        return before.isalnum() or (before in "/." and not whole and _is_code_character(atoms, first - 2))
    return gap == Gap.DASH and (before.isdigit() or (before.isupper() and before.isalpha()))


def _numbered(atoms: Atoms, index: int) -> bool:
    """Tell whether a dash and a number are glued behind an atom."""
    return index + 1 < len(atoms) and atoms.gap(index) == Gap.DASH and atoms.words[index + 1].isdigit()


def _is_code_character(atoms: Atoms, index: int) -> bool:
    return index >= 0 and atoms.gap(index) == Gap.NONE and atoms.words[index].isupper()


def parse(atoms: Atoms, first: int) -> Designation | None:
    """Read the designation that starts at an atom.

    Args:
        atoms: The text.
        first: Position of the first atom.

    Returns:
        The designation, or None. The longest letters win: ``SS-N-27`` over ``SS``.

    >>> parse(Atoms("T-72B3s burnt"), 0)
    Designation(first=0, stop=5, family='T-72', variant='T-72B3', category='tank', origin='RU', alone=True)
    """
    for keys, rules in load_starts().get(atoms.keys[first], ()):
        stop = first + len(keys)
        found = atoms.keys[first:stop]
        if len(found) == len(keys) and all(map(_is_like, found, keys)) and not starts_inside(atoms, first):
            for rule in rules:
                designation = _parse_rule(atoms, first, stop, rule)
                if designation is not None:
                    return designation
    return None


def _parse_rule(atoms: Atoms, first: int, number: int, rule: Rule) -> Designation | None:
    """Read number and suffix behind the letters of one rule."""
    if number >= len(atoms) or not _letters_fit(atoms, first, number, rule):
        return None
    digits, gap = atoms.words[number], atoms.gap(number - 1)
    low, high = rule.digits
    if not (digits.isdigit() and low <= len(digits) <= high) or not _joint_fits(rule, gap):
        return None
    stop, tail = _read_tail(atoms, number + 1, rule)
    if tail is None:
        return None
    usual = atoms.span(first, number) if "?" in rule.usual else rule.usual
    family = usual + rule.separator + digits + tail
    stop, suffix = read_suffix(atoms, stop)
    stop = plural_stop(atoms, stop)
    if not at_boundary(atoms, stop) or is_longer_number(atoms, stop):
        return None
    variant = family + suffix if suffix else ""
    alone = rule.alone and (gap != Gap.SPACE or rule.joint == "space")
    return Designation(first, stop, family, variant, rule.category, rule.origin, alone)


def _letters_fit(atoms: Atoms, first: int, number: int, rule: Rule) -> bool:
    return all(
        same_case(latin(word), usual) or ("?" in usual and word.isupper())
        for word, usual in zip(atoms.words[first:number], rule.words, strict=True)
    )


def _joint_fits(rule: Rule, gap: Gap) -> bool:
    if rule.joint == "glued":
        return gap == Gap.NONE
    return (
        gap == Gap.DASH
        or (rule.joint != "dash" and gap == Gap.SPACE)
        or (rule.joint == "any" and gap == Gap.NONE)
    )


def _read_tail(atoms: Atoms, stop: int, rule: Rule) -> tuple[int, str | None]:
    """Read the second number of ``ZSU-23-4``, which belongs to the family."""
    if rule.suffix == "decimal":
        decimal = is_longer_number(atoms, stop) and len(atoms.words[stop + 1]) == 1
        return (stop + 2, "." + atoms.words[stop + 1]) if decimal else (stop, "")
    if rule.suffix != "number":
        return stop, ""
    if stop < len(atoms) and atoms.gap(stop - 1) == Gap.DASH and atoms.words[stop].isdigit():
        return stop + 1, "-" + atoms.words[stop]
    return stop, None


def is_longer_number(atoms: Atoms, stop: int) -> bool:
    """Tell whether the number before ``stop`` goes on: ``B-2.5``, ``C-130,000``."""
    if stop + 1 >= len(atoms) or atoms.words[stop] not in ".," or not atoms.words[stop - 1].isdigit():
        return False
    joined = atoms.gap(stop - 1) == Gap.NONE and atoms.gap(stop) == Gap.NONE
    return joined and atoms.words[stop + 1].isdigit()
