"""Text to the numbers that the recogniser reads: words, word pieces, shapes.

A *word* is a run of letters and digits or one other visible character, so every boundary of a mention
is a boundary of a word (``T-72B3M`` is three words). A word is cut into *pieces* of the encoder's
vocabulary. The vocabulary knows no capitals and no line breaks; what it loses comes back as the
*shape* of each piece. The same code prepares training data and articles: there is one reading of a text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
"""One word: letters and digits, or one symbol."""

NO_GAP, SPACE, NEWLINE = 0, 1, 2
"""What stands before a word: nothing, white space, or white space with a line break."""

_KINDS = (
    "special",
    "lower",
    "title",
    "upper",
    "initial",
    "mixed",
    "digits",
    "code",
    "measure",
    "caseless",
    "ascii",
    "symbol",
)
SHAPE_COUNT = len(_KINDS) * 6
"""Number of different shapes: kind of word, gap before it (3), first or continued piece (2)."""
SPECIAL_SHAPE = 0
"""Shape of the markers before and after the text and of padding."""

_LONGEST_WORD = 60
"""Longer words (hashes, run-together text) become one unknown piece."""
_MOST_KNOWN = 50_000
"""Words that are remembered; more would only cost memory (a year of news has more, but most occur once)."""
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")


@lru_cache(maxsize=_MOST_KNOWN)
def word_kind(word: str) -> int:
    """Return which of the kinds of word this is, as a small number.

    >>> [_KINDS[word_kind(word)] for word in ("NATO", "Kyiv", "72B3M", "155mm", "-", "–", "北")]
    ['upper', 'title', 'code', 'measure', 'ascii', 'symbol', 'caseless']
    """
    return _KINDS.index(_kind_name(word))


def _kind_name(word: str) -> str:
    if not word[0].isalnum():
        return "ascii" if word.isascii() else "symbol"
    if word.isdigit():
        return "digits"
    upper, lower = any(map(str.isupper, word)), any(map(str.islower, word))
    if any(map(str.isdigit, word)):
        return "code" if upper else "measure"
    if not upper:
        return "lower" if lower else "caseless"
    if not lower:
        return "upper" if len(word) > 1 else "initial"
    return "title" if word[0].isupper() and word[1:].islower() else "mixed"


def word_gaps(text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return what stands before each word; the first word of a text starts a line."""
    gaps, end = [NEWLINE] if spans else [], spans[0][1] if spans else 0
    for start, next_end in spans[1:]:
        gap = NO_GAP if start == end else NEWLINE if "\n" in text[end:start] else SPACE
        gaps.append(gap)
        end = next_end
    return gaps


class WordPieces:
    """Cuts words into pieces of an uncased vocabulary, longest match first.

    Args:
        vocabulary: All pieces in the order of their numbers; a piece that continues a word starts with ``##``.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self._number = {piece: number for number, piece in enumerate(self.vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}
        self.start, self.end = self._number["[CLS]"], self._number["[SEP]"]
        self.padding, self._unknown = self._number["[PAD]"], self._number["[UNK]"]

    def pieces(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the pieces of a word, at least one."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[word] = self._cut(word)
        return known

    def shapes(self, word: str, gap: int, count: int) -> list[int]:
        """Return the shapes of the ``count`` pieces of a word."""
        first = word_kind(word) * 6 + gap * 2
        return [first] + [first + 1] * (count - 1)

    def _cut(self, word: str) -> tuple[int, ...]:
        plain = _without_marks(word)
        if not plain or len(plain) > _LONGEST_WORD:
            return (self._unknown,)
        parts = [part for part in re.split(f"({_CJK.pattern})", plain) if part]
        return tuple(number for part in parts for number in self._match(part))

    def _match(self, part: str) -> list[int]:
        found, start = [], 0
        while start < len(part):
            for end in range(len(part), start, -1):
                number = self._number.get(("##" if start else "") + part[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            found.append(number)
            start = end
        return found


def _without_marks(word: str) -> str:
    """Lower the case and drop accents, as the vocabulary was made."""
    if word.isascii():
        return word.lower()
    parts = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in parts if unicodedata.category(char) not in ("Mn", "Cf", "Cc"))
