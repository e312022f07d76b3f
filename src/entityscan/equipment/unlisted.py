"""Names that no list has, known by the class noun beside them: ``the RAIDER 50 drone``, ``decoys named Gerbera``.

A class noun makes hardware of a code (letters and a number) before it, or of a name that the text
says the hardware has. Words without a number before a class noun are mostly owners (``Hezbollah
rockets``), so they are no names.
"""

from collections.abc import Iterable, Sequence

from entityscan.designators import Atoms, Gap, at_boundary, read_suffix
from entityscan.equipment.candidates import Candidate, Level
from entityscan.equipment.generic import Phrase
from entityscan.equipment.lexicon import Cues
from entityscan.records import Source

_LONGEST_CODE = 4
"""Atoms of a code: ``AGPU 1.1`` has four."""
_MOST_DIGITS = 4
_SHORTEST_WORD = 3
"""Letters of a word before a number; shorter ones are read by the grammar or are something else."""
_LONGEST_NAMING = 3
_LONGEST_NAME = 3


def read_coded(atoms: Atoms, phrase: Phrase, cues: Cues) -> Candidate | None:
    """Read a word with a number right before a class noun: ``RAIDER 50``, ``Armtrac 400``, ``AGPU 1.1``."""
    stop = phrase.first
    if stop < 2 or atoms.gap(stop - 1) != Gap.SPACE:
        return None
    for first in range(stop - 2, max(-1, stop - _LONGEST_CODE - 1), -1):
        word = atoms.words[first]
        if not word.isalpha():
            if not (word.isdigit() or word == "."):
                return None
            continue
        return _code(atoms, first, stop, phrase, cues)
    return None


def _code(atoms: Atoms, first: int, stop: int, phrase: Phrase, cues: Cues) -> Candidate | None:
    word, number = atoms.words[first], first + 1
    fits = len(word) >= _SHORTEST_WORD and word[0].isupper() and atoms.keys[first] not in cues.not_codes
    if not fits or atoms.gap(first) not in (Gap.SPACE, Gap.DASH) or atoms.gap(first - 1) != Gap.SPACE:
        return None
    digits = atoms.words[number]
    if not digits.isdigit() or len(digits) > _MOST_DIGITS or atoms.words[first - 1][0].isupper():
        return None
    end, _ = read_suffix(atoms, number + 1)
    if end < stop and atoms.words[end] == "." and end + 2 == stop:
        end = stop
    if end != stop or not at_boundary(atoms, stop):
        return None
    name = atoms.span(first, stop)
    return Candidate(
        first, stop, name, "", phrase.head.category, "", Level.WEAK, Source.PATTERN, code=True,
    )  # fmt: skip


def read_given(atoms: Atoms, phrase: Phrase, cues: Cues) -> Candidate | None:
    """Read the name that a text gives to hardware: ``decoys named Gerbera``, ``a drone called "Batyr"``."""
    first = phrase.stop
    for length in range(_LONGEST_NAMING, 0, -1):
        if tuple(atoms.keys[first : first + length]) in cues.naming:
            first += length
            break
    else:
        return None
    if first < len(atoms) and atoms.words[first] in "\"“‘'":
        first += 1
    stop = first
    while stop < min(len(atoms), first + _LONGEST_NAME) and _is_name_word(atoms, stop, first, cues):
        stop += 1
    if stop == first or any(atoms.gap(i) == Gap.BREAK for i in range(phrase.stop - 1, first - 1)):
        return None
    name = atoms.span(first, stop)
    return Candidate(first, stop, name, "", phrase.head.category, "", Level.WEAK, Source.PATTERN)


def _is_name_word(atoms: Atoms, index: int, first: int, cues: Cues) -> bool:
    word = atoms.words[index]
    if index > first and atoms.gap(index - 1) not in (Gap.SPACE, Gap.DASH):
        return False
    if index > first and word.isdigit():
        return len(word) <= _MOST_DIGITS
    return word[0].isupper() and atoms.keys[index] not in cues.demonyms


def read_acronyms(atoms: Atoms, phrases: Iterable[Phrase]) -> dict[str, Phrase]:
    """Return the acronyms that a text gives in brackets for common nouns: ``... air-to-air missiles (BVRAAM)``."""
    found: dict[str, Phrase] = {}
    for phrase in phrases:
        bracket = atoms.words[phrase.stop : phrase.stop + 3]
        if len(bracket) == 3 and bracket[0] == "(" and bracket[2] == ")":
            acronym = bracket[1].removesuffix("s")
            words = atoms.keys[phrase.first : phrase.stop]
            if _SHORTEST_WORD <= len(acronym) <= len(words) + 1 and _abbreviates(acronym, words):
                found[acronym] = phrase
    return found


def _abbreviates(acronym: str, words: Sequence[str]) -> bool:
    """Tell whether capitals are initials of the words, in their order; words may be left out."""
    initials = iter(word[0] for word in words)
    return acronym.isalpha() and acronym.isupper() and all(letter in initials for letter in acronym.lower())
