"""Common nouns for hardware with the modifiers that say what kind: ``long-range cruise missiles``.

Reads phrases only; whether a phrase counts (military text, next to a name) is decided elsewhere.
"""

import re
from dataclasses import dataclass

from entityscan.designators import Atoms, Gap
from entityscan.equipment.lexicon import Head, Nouns

_MOST_MODIFIERS = 6
_LONGEST_UNIT = 7
"""Atoms of one hyphenated unit, ``surface-to-air`` has three."""
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)-gen(?:eration)?")
_CLAUSE_DASHES = "—―"
"""Dashes that part clauses even without spaces: ``systems—guns that move``."""
_QUOTES = "\"'“”‘’«»"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A generic phrase by positions of atoms."""

    first: int
    stop: int
    head_first: int
    kind: str
    """Singular, trivial variation merged: ``cruise missile``."""
    head: Head
    modifiers: tuple[str, ...]
    plural: bool


def singular(key: str) -> tuple[str, ...]:
    """Return what a word may be the plural of, itself first."""
    forms = [key]
    if key.endswith("s") and len(key) > 2:
        forms.append(key[:-1])
        if key.endswith("es"):
            forms.append(key[:-2])
        if key.endswith("ies"):
            forms.append(key[:-3] + "y")
    return tuple(forms)


def read_head(atoms: Atoms, first: int, nouns: Nouns) -> tuple[Head, int, bool] | None:
    """Return the longest head noun that starts at an atom, where it stops, and whether it is plural."""
    key = nouns.spellings.get(atoms.keys[first], atoms.keys[first])
    for form in singular(key):
        for head in nouns.heads.get(form, ()):
            stop = first + len(head.keys)
            if form != key and len(head.keys) > 1:
                continue
            plural = _rest_fits(atoms, first, head, nouns)
            if plural is None or not _word_ends(atoms, stop) or not _acronym_fits(atoms, first, head):
                continue
            dashed = atoms.gap(first) == Gap.DASH
            if len(head.keys) == 1 or dashed or not _starts_name(atoms, first, stop - 1):
                return head, stop, plural
    return None


def _acronym_fits(atoms: Atoms, first: int, head: Head) -> bool:
    """Tell whether an acronym keeps its capitals: ``SAMs``, not ``Sam``."""
    return not head.acronym or atoms.words[first].removesuffix("s").isupper()


def _rest_fits(atoms: Atoms, first: int, head: Head, nouns: Nouns) -> bool | None:
    """Compare all atoms of a head; return whether the last is plural, or None when they differ."""
    last = len(head.keys) - 1
    if first + last >= len(atoms):
        return None
    plural = False
    for offset, expected in enumerate(head.keys):
        index = first + offset
        glued = (
            atoms.gap(index - 1) == Gap.NONE and "".join(atoms.keys[index - 1 : index + 1]).isalnum()
        )  # 6x6
        if offset and atoms.gap(index - 1) not in (Gap.SPACE, Gap.DASH) and not glued:
            return None
        key = nouns.spellings.get(atoms.keys[index], atoms.keys[index])
        if key == expected:
            continue
        if offset < last or expected not in singular(key):
            return None
        plural = True
    return plural


def _word_ends(atoms: Atoms, stop: int) -> bool:
    gap = atoms.gap(stop - 1)
    return gap != Gap.NONE or not atoms.words[stop].isalnum()


def read_phrase(atoms: Atoms, first: int, nouns: Nouns, *, left: int = 0) -> Phrase | None:
    """Read the phrase whose head starts at an atom.

    Args:
        atoms: The text.
        first: Where the head starts.
        nouns: The lexicon.
        left: Modifiers are not looked for before this atom.
    """
    found = read_head(atoms, first, nouns)
    if found is None or _is_tail(atoms, first):
        return None
    head, stop, plural = found
    if atoms.gap(stop - 1) == Gap.DASH and atoms.keys[stop] in nouns.endings:
        return None  # the rocket of a rocket-launched drone
    before: list[str] = []
    while not plural and atoms.gap(stop - 1) == Gap.SPACE and len(before) < _MOST_MODIFIERS:
        following = read_head(atoms, stop, nouns)
        if following is None:
            break
        before.append(" ".join(head.keys))
        head, stop, plural = following
    start, modifiers = read_modifiers(atoms, first, nouns, left=left)
    modifiers = (*modifiers, *before)
    return Phrase(start, stop, first, _kind(head, modifiers, nouns), head, modifiers, plural)


def _is_tail(atoms: Atoms, first: int) -> bool:
    """Tell whether an atom is the tail of a compound, ``anti-tank``; a dash may also part clauses."""
    if first == 0 or atoms.gap(first - 1) not in (Gap.NONE, Gap.DASH) or not atoms.words[first - 1].isalnum():
        return False
    return atoms.text[atoms.starts[first] - 1] not in _CLAUSE_DASHES


def read_modifiers(atoms: Atoms, first: int, nouns: Nouns, *, left: int) -> tuple[int, tuple[str, ...]]:
    """Read the modifiers of kind before an atom, going left."""
    found: list[str] = []
    starts: list[int] = []
    head = first
    while len(found) < _MOST_MODIFIERS and first > left:
        quoted = _quoted(atoms, first, nouns, left)
        if quoted is not None:
            first, word = quoted
        else:
            step = _modifier_before(atoms, first, nouns, left)
            if step is None:
                break
            first, word = step
        found.append(word)
        starts.append(first)
    if found and found[-1] in nouns.verbs and atoms.keys[starts[-1] - 1] in nouns.verb_before:
        found.pop()  # to supply shells
        starts.pop()
        first = starts[-1] if starts else head
    return first, tuple(reversed(found))


def _quoted(atoms: Atoms, first: int, nouns: Nouns, left: int) -> tuple[int, str] | None:
    """Read a modifier in quotes: ``"kamikaze" drones``."""
    if first - 3 < left or atoms.words[first - 1] not in _QUOTES or atoms.words[first - 3] not in _QUOTES:
        return None
    return (first - 3, atoms.keys[first - 2]) if atoms.keys[first - 2] in nouns.modifiers else None


def _modifier_before(atoms: Atoms, first: int, nouns: Nouns, left: int) -> tuple[int, str] | None:
    """Read one modifier of one, two or three units (``long-range``, ``short range``, ``surface to air``)."""
    start, text = first, ""
    for _ in range(3):
        unit = _unit_before(atoms, start, left)
        if unit is None:
            return None
        start, word = unit
        if _starts_name(atoms, start, first):
            return None
        single = not text
        text = f"{word}-{text}" if text else word
        text = nouns.spellings.get(text, text)
        if is_modifier(text, nouns) if single else _is_joint_modifier(text, nouns):
            longer = _unit_before(atoms, start, left)
            joined = f"{longer[1]}-{text}" if longer else ""
            if longer and (joined in nouns.modifiers or _is_measure(joined, nouns)):
                return longer[0], joined
            return start, text
    return None


def _starts_name(atoms: Atoms, start: int, first: int) -> bool:
    """Tell whether a capitalised unit before a small word belongs to a name: ``Coast Guard vessel``."""
    word = atoms.words[start]
    if not word[0].isupper() or (word.isupper() and len(word) > 1) or not atoms.words[first].islower():
        return False
    return start > 0 and atoms.gap(start - 1) == Gap.SPACE and atoms.words[start - 1].isalnum()


def _unit_before(atoms: Atoms, first: int, left: int) -> tuple[int, str] | None:
    """Return the hyphenated unit that ends before an atom, as one folded word."""
    if first <= left or (atoms.gap(first - 1) != Gap.SPACE and not _glued_measure(atoms, first)):
        return None
    index = first - 1
    if not atoms.words[index].isalnum():
        return None
    text = atoms.keys[index]
    while index > max(left, first - _LONGEST_UNIT) and atoms.gap(index - 1) in (Gap.NONE, Gap.DASH):
        word = atoms.words[index - 1]
        if not (word.isalnum() or (word in (".", ",") and text[0].isdigit())):
            break
        text = atoms.keys[index - 1] + ("-" if atoms.gap(index - 1) == Gap.DASH else "") + text
        index -= 1
    return index, text


def _glued_measure(atoms: Atoms, first: int) -> bool:
    return atoms.gap(first - 1) == Gap.DASH and atoms.keys[first - 1] == "mm"


def is_modifier(text: str, nouns: Nouns) -> bool:
    """Tell whether a unit says what kind of hardware it is.

    >>> from entityscan.equipment.lexicon import load_nouns
    >>> [is_modifier(unit, load_nouns()) for unit in ("laser-guided", "155mm", "russian")]
    [True, True, False]
    """
    if text in nouns.modifiers or _is_measure(text, nouns) or _ORDINAL.fullmatch(text[:20]):
        return True
    first, dash, last = text.rpartition("-")
    return bool(dash) and (last in nouns.endings or first in nouns.beginnings)


def _is_joint_modifier(text: str, nouns: Nouns) -> bool:
    """Tell whether words without a dash are one modifier: ``short range``, ``500 pound``, ``5th generation``."""
    return text in nouns.modifiers or _is_measure(text, nouns) or bool(_ORDINAL.fullmatch(text[:20]))


def _is_measure(text: str, nouns: Nouns) -> bool:
    """Tell whether a unit is a calibre or a weight: ``155mm``, ``155-mm``, ``7.62mm``, ``500-pound``."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(number) :]
    return (
        unit in nouns.measures
        and bool(number)
        and number.rstrip("-").replace(".", "").replace(",", "").isdigit()
    )


def _kind(head: Head, modifiers: tuple[str, ...], nouns: Nouns) -> str:
    kept = [word for word in modifiers if word not in nouns.dropped and word not in head.kind.split()]
    if head.kind == "drone":
        kept = [word for word in kept if word not in ("unmanned", "uncrewed", "pilotless")]
    kind = " ".join([*(word for word in kept if not _is_weight(word, nouns)), head.kind])
    return nouns.kinds.get(kind, kind)


def _is_weight(word: str, nouns: Nouns) -> bool:
    """Tell whether a modifier is a weight, which does not make another kind (a calibre does)."""
    return _is_measure(word, nouns) and not word.endswith("mm")


def is_verb(atoms: Atoms, phrase: Phrase, nouns: Nouns) -> bool:
    """Tell whether a noun is a verb here: ``they can mine the strait``."""
    before = _unit_before(atoms, phrase.first, 0)
    single = not phrase.plural and len(phrase.head.keys) == 1
    return single and before is not None and before[1] in nouns.verb_before


def names_other_thing(atoms: Atoms, phrase: Phrase, nouns: Nouns) -> bool:
    """Tell whether the words around make another thing of it: ``think tank``, ``carrier group``."""
    before = _unit_before(atoms, phrase.first, 0)
    head = " ".join(phrase.head.keys)
    if before is not None and (before[1] in nouns.not_after or f"{before[1]} {head}" in nouns.civil):
        return True
    if " ".join(atoms.keys[max(0, phrase.first - 2) : phrase.stop]) in nouns.civil:
        return True
    if phrase.modifiers and f"{phrase.modifiers[-1]} {phrase.head.keys[-1]}" in nouns.civil:
        return True
    if is_verb(atoms, phrase, nouns):
        return True
    if atoms.gap(phrase.stop - 1) not in (Gap.SPACE, Gap.DASH):
        return False
    behind = atoms.keys[phrase.stop - 1 : phrase.stop + 2]
    if " ".join(behind[:2]) in nouns.civil or " ".join(behind) in nouns.civil:
        return True
    if phrase.plural:
        return False
    following = nouns.spellings.get(atoms.keys[phrase.stop], atoms.keys[phrase.stop])
    if following in nouns.not_before:
        return True
    pair = (
        atoms.gap(phrase.stop) == Gap.SPACE
        and f"{following}-{atoms.keys[phrase.stop + 1]}" in nouns.not_before
    )
    return bool(pair)
