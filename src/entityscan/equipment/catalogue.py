"""Catalogue look-up on atoms: every spelling of every family in one trie.

A spelling matches with a dash, a space or nothing between letters and digits (``F-16``, ``F16``,
``F 16``), with accents or without, with look-alike Cyrillic capitals, with a plural s. Capitals are
kept: ``leopard`` is an animal.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from entityscan.designators import (
    Atoms,
    Gap,
    at_boundary,
    first_atom,
    fold,
    is_longer_number,
    keys_of,
    latin,
    plural_stop,
    read_suffix,
    starts_inside,
)
from entityscan.gazetteer import Category, Family

_SHORTEST_TITLE_ACRONYM = 5
"""British papers write ``Himars`` and ``Atacms``; shorter ones (``Ram``, ``Law``) are words."""
_LONGEST_ACRONYM = 6
"""Letters up to which a last capital S belongs to an acronym: ``NASAMS``."""
_LONGEST_NOUN = 4
"""Words of a class noun before a name: ``aircraft carrier Fujian``."""
_LONGEST_SHORT_CODE = 4
"""Letters and digits up to which a code without its dash is something else: ``SR10``."""
_CLASS = " class"
_TYPE_AND_NUMBER = 2
_INITIAL = re.compile(r"\b([A-Z])\.")
_SYLLABLES = re.compile(r"([A-Z][a-z]+)-([a-z]+)")
_LONG_WORD = 4
"""Letters of a word from which a letter behind a space may belong to it: ``IRIS T``, but not ``F C``."""
_ATOMS_OF_A_PAIR = 3
_SHORTEST_NICKNAME = 4
_SHORTEST_LOWER_CODE = 2
"""Letters and digits up to which a code in lower case is something else: ``a-5``."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling of one family."""

    family: Family
    text: str
    words: tuple[str, ...]
    joined: tuple[bool, ...]
    """For each atom: written without a space behind the one before."""
    dashed: tuple[bool, ...]
    """For each atom: written with a dash before it."""
    variant: str
    """The spelling itself when it names a variant, else empty."""
    ambiguous: bool
    needs_noun: bool = False
    """Listed only with a class noun (``Voronezh radar``): without one it is something else."""
    nickname: bool = False
    """Listed only behind a designation or a maker (``AIM-54 Phoenix``): the class noun must be of its domain."""

    @property
    def is_code(self) -> bool:
        """Tell whether the spelling holds a digit."""
        return any(word.isdigit() for word in self.words)

    @property
    def is_short(self) -> bool:
        """Tell whether a code has so few characters that, without its dash, it is something else: ``SR-10``."""
        return sum(map(len, self.words)) <= _LONGEST_SHORT_CODE

    @property
    def is_plain(self) -> bool:
        """Tell whether the spelling is one capitalised word: ``Kinzhal``."""
        return " " not in self.text and not self.is_code and not self.text.isupper()


@dataclass(frozen=True, slots=True)
class Hit:
    """Spellings found at one place: several when systems share a name."""

    first: int
    stop: int
    spellings: tuple[Spelling, ...]
    plural: bool
    variant: str
    """The variant that an unlisted suffix makes: ``F-16`` and ``CM``; empty when there is none."""
    loose: bool
    """Written with a space or in a case that the catalogue does not have: needs more evidence."""
    titled: bool = False
    """An acronym written like a word, ``Himars``: where any word has a capital it may be one, ``Pirate``."""


class _Node(dict[str, "_Node"]):
    __slots__ = ("spellings",)

    def __init__(self) -> None:
        self.spellings: list[Spelling] = []


class _Root(_Node):
    """The first atoms of all spellings; what hangs below one is built when a text has it."""

    __slots__ = ("build",)

    def __init__(self, build: Callable[[str], None]) -> None:
        super().__init__()
        self.build = build

    def get(self, key: str, default: _Node | None = None) -> _Node | None:  # type: ignore[override]
        self.build(key)
        return super().get(key, default)


class Catalogue:
    """All spellings of the families, ready for look-up.

    A text meets few of the families, so a spelling enters the trie when its first atom is asked for.
    """

    def __init__(
        self,
        families: Iterable[Family],
        categories: Mapping[str, Category],
        common: frozenset[str] = frozenset(),
        makers: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType({}),
    ) -> None:
        """Index the spellings.

        Args:
            families: The catalogue.
            categories: The taxonomy; its class nouns are no part of a name.
            common: Adjectives that are no name when the class noun is taken away: ``guided``.
            makers: Companies that stand in front of a name, as atom keys by the first of them.
        """
        self._common, self._makers = common, makers
        nouns = (noun for category in categories.values() for noun in category.nouns)
        self._nouns = frozenset(nouns)
        self._acronyms = frozenset(noun for noun in self._nouns if noun.isupper())
        self._root: _Node = _Root(self._build)
        self._waiting: dict[str, list[tuple[Family, str]]] = defaultdict(list)
        self._nicknames: dict[str, list[tuple[Family, str, bool]]] = defaultdict(list)
        self._noun_words = frozenset(noun.split()[0] for noun in self._nouns)
        for family in families:
            for name in family.spellings:
                first, words = first_atom(name), name.split()
                key = fold(first)
                # A class noun in front is no part of the name, and a slash makes a second spelling.
                if words[0] in self._noun_words or name[len(first) : len(first) + 1] == "/":
                    self._add_spelling(family, name)
                else:
                    self._waiting[key].append((family, name))
                one = family.individual or len(words) == 1
                nickname = "" if one else self._nickname(words, self._makers.get(key, ()))
                if nickname:
                    self._nicknames[fold(first_atom(nickname))].append(
                        (family, nickname, name.endswith(_CLASS))
                    )
        firsts = {*self._root, *self._waiting, *self._nicknames}
        self.starts = frozenset(firsts).union(name + ending for name in firsts for ending in ("s", "es"))

    def _build(self, key: str) -> None:
        """Add the spellings that wait for their first atom."""
        for family, name in self._waiting.pop(key, ()):
            self._add_spelling(family, name)
        for family, name, is_class in self._nicknames.pop(key, ()):
            known = [spelling for spelling in self.get(name) if spelling.text == name]
            # the ship that a class is named after has the name
            if not known or (not is_class and all(spelling.ambiguous for spelling in known)):
                self._add(family, name, "", ambiguous=True, needs_noun=True, nickname=True)

    def _nickname(self, words: list[str], makers: tuple[tuple[str, ...], ...]) -> str:
        """Return what a name is without maker, designation and ``class``: ``Phoenix`` of ``AIM-54 Phoenix``."""
        if words[-1] == "class":
            rest = words[:-1]
        elif words[0] == "Type" and words[1].startswith("0") and len(words) == _TYPE_AND_NUMBER:
            return f"Type {words[1].lstrip('0')}"  # Type 95 for Type 095
        else:
            front = _maker_words(words, makers)
            rest = words[front:]
            while rest and any(map(str.isdigit, rest[0])):
                rest = rest[1:]
            if len(rest) == len(words):
                return ""
        return " ".join(rest) if rest and self._is_nickname(rest) else ""

    def _is_nickname(self, words: list[str]) -> bool:
        """Tell whether words may name a system alone: capitalised, and the first no acronym, noun or adjective."""
        first = words[0]
        name = len(first) >= _SHORTEST_NICKNAME and first[1:].islower()
        common = fold(first) in self._common or first.lower() in self._noun_words
        return name and not common and all(word[0].isupper() and word.isalpha() for word in words)

    def _add_spelling(self, family: Family, name: str) -> None:
        ambiguous = set(family.ambiguous)
        if name == family.name or name in family.names:
            self._add_name(family, name, _variant_in(name, family, frozenset(family.variants)), ambiguous)
        if name in family.variants:
            variant = "" if name == family.name.split()[0] else name
            self._add_name(family, name, variant, ambiguous)
        if name in ambiguous:
            self._add(family, name, "", ambiguous=True)

    def _add_name(self, family: Family, name: str, variant: str, ambiguous: set[str]) -> None:
        """Add a name without its class noun; what is left may be a plain word that needs the noun."""
        bare = self._bare(name)
        if _is_pair(bare) or (not any(map(str.isupper, name)) and not any(map(str.isdigit, name))):
            return
        if not any(map(str.isupper, bare)) and bare != name:
            return  # 105mm of 105mm howitzer
        if bare != name and all(fold(word) in self._common for word in bare.split()):
            return
        if bare == name:
            self._add(family, name, variant, ambiguous=name in ambiguous)
        elif bare in ambiguous or _is_distinctive(bare):
            self._add(family, bare, variant, ambiguous=bare in ambiguous)
        else:
            self._add(family, bare, variant, ambiguous=True, needs_noun=True)

    def _bare(self, name: str) -> str:
        """Return a name without the class noun and the bracket around it: ``Kilo-class``, ``K1``, ``Moskva``."""
        if name.endswith(")"):
            name = name.partition(" (")[0]
        words = name.split()
        for length in range(min(len(words) - 1, _LONGEST_NOUN), 0, -1):
            if " ".join(words[:length]) in self._nouns:
                words = words[length:]
                break
        while len(words) > 1 and (words[-1] in self._acronyms or _is_description(words[-1])):
            words.pop()
        return " ".join(words)

    def _add(
        self,
        family: Family,
        text: str,
        variant: str,
        *,
        ambiguous: bool,
        needs_noun: bool = False,
        nickname: bool = False,
    ) -> None:
        atoms = Atoms(text)
        joined = (False, *(atoms.gap(i) != Gap.SPACE for i in range(len(atoms) - 1)))
        dashed = (False, *(atoms.gap(i) == Gap.DASH for i in range(len(atoms) - 1)))
        if atoms.words[1:2] == ["/"] and len(atoms.words[0]) == len(atoms.words[2]) == 1:
            glued = text.replace("/", "", 1)  # FA-18 for F/A-18
            self._add(family, glued, variant, ambiguous=ambiguous, needs_noun=needs_noun)
        elif atoms.words[1:2] == ["/"] and len(atoms) == _ATOMS_OF_A_PAIR and text.isupper():
            dashed_text = text.replace("/", "-")  # SAMP-T for SAMP/T
            self._add(family, dashed_text, variant, ambiguous=ambiguous, needs_noun=needs_noun)
        for other in _respelt(family, text):
            self._add(family, other, variant, ambiguous=ambiguous, needs_noun=needs_noun, nickname=nickname)
        node = self._root
        for key in atoms.keys:
            node = node.setdefault(key, _Node())
        spelling = Spelling(
            family,
            text,
            tuple(map(latin, atoms.words)),
            joined,
            dashed,
            variant,
            ambiguous,
            needs_noun,
            nickname,
        )
        known = [other for other in node.spellings if other.family is family]
        if not known and atoms.words:
            node.spellings.append(spelling)
        elif known and _rank(spelling) < _rank(known[0]):
            node.spellings[node.spellings.index(known[0])] = spelling

    def get(self, spelling: str) -> tuple[Spelling, ...]:
        """Return the spellings that are written like this one, whatever the case."""
        node = self._root
        for key in Atoms(spelling).keys:
            following = node.get(key)
            if following is None:
                return ()
            node = following
        return tuple(node.spellings)

    def find(self, atoms: Atoms, first: int) -> Hit | None:
        """Return the longest spelling that starts at an atom."""
        node, best, index = self._root, None, first
        while index < len(atoms):
            if index > first and atoms.gap(index - 1) == Gap.BREAK:
                break
            following = node.get(atoms.keys[index])
            best = self._end(atoms, first, index, node, following) or best
            if following is None:
                break
            node, index = following, index + 1
        if best is None or starts_inside(atoms, first):
            return None
        in_address = best.loose and atoms.words[first].islower() and atoms.gap(first - 1) == Gap.DASH
        return None if in_address else best

    def _end(self, atoms: Atoms, first: int, index: int, node: _Node, following: _Node | None) -> Hit | None:
        """Return the hit that ends with atom ``index``, singular or plural."""
        if following is not None and following.spellings:
            stop = plural_stop(atoms, index + 1)
            hit = self._hit(atoms, first, stop, following.spellings, plural=stop > index + 1)
            if hit is not None:
                return hit
        word = atoms.keys[index]
        for ending in ("s", "es"):
            if (
                word.endswith(ending)
                and len(word) > len(ending) + (len(ending) > 1)
                and (atoms.words[index][-1] == "s" or len(word) > _LONGEST_ACRONYM)
            ):
                singular = node.get(word[: -len(ending)])
                if singular is not None and singular.spellings:
                    return self._hit(atoms, first, index + 1, singular.spellings, plural=True)
        return None

    def _hit(
        self, atoms: Atoms, first: int, stop: int, spellings: list[Spelling], *, plural: bool
    ) -> Hit | None:
        suffix = ""
        if not at_boundary(atoms, stop) and atoms.words[stop - 1].isdigit():
            if atoms.gap(stop - 2) == Gap.NONE and stop - first == _SHORTEST_LOWER_CODE:
                return None  # B2B
            stop, suffix = read_suffix(atoms, stop)
            stop = plural_stop(atoms, stop) if suffix else stop
        if (
            not at_boundary(atoms, stop)
            or (suffix and not spellings[0].is_code)
            or is_longer_number(atoms, stop)
        ):
            return None
        fits = [
            fit for spelling in spellings if (fit := _fit(atoms, first, spelling, plural=plural)) is not None
        ]
        if not fits:
            return None
        loose = all(loose for _, loose in fits)
        variant = fits[0][0].text + suffix if suffix else ""
        titled = all(
            _is_titled_acronym(atoms.words[first].removesuffix("s"), spelling.words[0])
            and len(spelling.words) == 1
            for spelling, _ in fits
        )
        if titled and plural:
            return None  # Pirates are no PIRATE
        return Hit(first, stop, tuple(s for s, _ in fits), plural, variant, loose, titled)


def _respelt(family: Family, text: str) -> Iterator[str]:
    """Yield how else a ship's name is written: ``Dwight D Eisenhower``, ``Yi Sunsin`` for ``Yi Sun-sin``."""
    if family.individual:
        for other in (_INITIAL.sub(r"\1", text), _SYLLABLES.sub(r"\1\2", text)):
            if other != text:
                yield other


def _variant_in(name: str, family: Family, variants: frozenset[str]) -> str:
    """Return the variant whose spelling a longer name opens with: ``M2A2`` of ``M2A2 Bradley``."""
    words = name.split()
    opening = (" ".join(words[:length]) for length in range(len(words) - 1, 0, -1))
    return next((text for text in opening if text in variants and not family.name.startswith(text)), "")


def _is_distinctive(name: str) -> bool:
    """Tell whether a name is a code or a class, or in capitals: no plain word."""
    return (
        any(map(str.isdigit, name))
        or name.endswith(("-class", " class"))
        or (name.isupper() and len(name) > 3)
    )


def _is_description(word: str) -> bool:
    """Tell whether the last word of a name only describes: ``system``, ``anti-ship``, but not ``class``."""
    return len(word) > 2 and word.islower() and word.replace("-", "").isalpha() and word != "class"


def _is_pair(name: str) -> bool:
    """Tell whether a spelling is two names with a slash, each of which is a mention: ``Storm Shadow/SCALP``."""
    left, slash, right = name.partition("/")
    return bool(slash) and len(left.strip()) > 3 and left.strip()[-1].isalpha() and len(right.strip()) > 3


def _rank(spelling: Spelling) -> int:
    """Order the two readings of one spelling of one family: declared ambiguous, plain, stripped of its noun."""
    return 2 if spelling.needs_noun else int(not spelling.ambiguous)


def _fit(atoms: Atoms, first: int, spelling: Spelling, *, plural: bool) -> tuple[Spelling, bool] | None:
    """Compare case and joints; return the spelling and whether the match is loose."""
    odd_case = odd_joint = False
    last = len(spelling.words) - 1
    for offset, usual in enumerate(spelling.words):
        written = latin(atoms.words[first + offset])
        if plural and offset == last and not written.isdigit() and _is_plural(written, usual):
            double = written.casefold().endswith("es") and not usual.casefold().endswith("e")
            written = written[: -2 if double else -1]
        odd_case = odd_case or _is_titled_acronym(written, usual)
        if not _case_fits(written, usual):
            lower = written == usual.casefold() and atoms.words[first].islower()
            if not (spelling.is_code and len(spelling.words) > 1 and lower):
                return None  # J-20s is no J-20S
            odd_case = True
        gap = atoms.gap(first + offset - 1) if offset else Gap.NONE
        if offset and gap == Gap.NONE and spelling.dashed[offset] and spelling.is_short:
            odd_joint = True
        if offset and spelling.joined[offset] and gap == Gap.SPACE:
            if len(written) <= 2 and written.isalpha() and len(spelling.words[offset - 1]) < _LONG_WORD:
                return None
            odd_joint = odd_joint or len(spelling.words[offset - 1]) <= 2
        respelt = spelling.is_code and written != usual and offset < last and written.isalpha()
        odd_joint = odd_joint or (respelt and spelling.is_short)  # IL-2 is a protein too
        if respelt and atoms.gap(first + offset) == Gap.NONE and spelling.dashed[offset + 1]:
            return None  # MI6 is no Mi-6
    if odd_case and spelling.is_code and (odd_joint or len("".join(spelling.words)) <= _SHORTEST_LOWER_CODE):
        return None
    return spelling, odd_case or odd_joint


def _is_plural(written: str, usual: str) -> bool:
    """Tell whether the last letter is a plural s; a capital one only of a word in a line of capitals."""
    return written.endswith("s") or (written.endswith("S") and written.isupper() and not usual.isupper())


def _is_titled_acronym(written: str, usual: str) -> bool:
    """Tell whether an acronym is written like a word, ``Himars``: it may be one, ``Spear``."""
    return len(usual) > 1 and usual.isupper() and usual.isalpha() and not written.isupper()


def _case_fits(written: str, usual: str) -> bool:
    if written == usual or not usual[0].isupper():
        return True
    if usual.isupper() and len(usual) > 1:
        return written.isupper() or (len(usual) >= _SHORTEST_TITLE_ACRONYM and written == usual.capitalize())
    return written[:1].isupper()


def _maker_words(words: list[str], makers: tuple[tuple[str, ...], ...]) -> int:
    """Return how many words in front of a name are its maker's: two of ``Lockheed Martin F-35``."""
    if not makers:
        return 0
    keys = keys_of(" ".join(words))
    maker = next((maker for maker in makers if keys[: len(maker)] == maker), ())
    return next((n for n in range(1, len(words)) if keys_of(" ".join(words[:n])) == maker), 0)
