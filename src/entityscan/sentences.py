"""Where sentences begin and end: pure functions over a string, for showing a mention in its context.

This is a rule for *display*, not linguistics: newspapers' quotes, initials and abbreviations are
handled, and no sentence is longer than :data:`LONGEST`, so that a text without full stops cannot
make every mention carry the whole text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

LONGEST = 1000
"""Longest sentence in code points; a longer one is shown in parts, cut at white space where there is any."""

_ABBREVIATIONS = frozenset(
    "adm brig capt cmdr co col corp cpl dr etc fr gen gov hon inc jr lt ltd maj messrs mr mrs ms mt no pres "
    "prof pvt rep rev sec sen sgt sr st supt vs".split()
)
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
_END = re.compile(r"([.!?…])[\"'”’»)\]]{0,3}\s+(?=[\"'“‘«(\[]{0,2}[A-Z0-9À-ÞĀ-ž])")
_BREAK = re.compile(r"[\r\n]\s*")  # with \s* in front, a run of blanks would be read from each of them
_WORD = re.compile(r"\S+")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_])*)\.$")


def sentence_starts(text: str) -> list[int]:
    """Return the offset of each sentence's first character, ascending; the first is 0 unless ``text`` is empty.

    A line break always ends a sentence.

    >>> sentence_starts("Gen. Milley spoke. He left.")
    [0, 19]
    """
    cuts = {match.end() for match in _BREAK.finditer(text)}
    cuts |= {match.end() for match in _END.finditer(text) if not _is_abbreviation(text, match)}
    starts: list[int] = []
    for start in sorted({0, *cuts} - {len(text)}):
        if starts:
            starts += _parts(text, starts[-1], start)
        starts.append(start)
    if starts:
        starts += _parts(text, starts[-1], len(text))
    return starts


def sentence_at(text: str, starts: list[int], offset: int) -> tuple[int, int]:
    """Return the half-open range of the sentence that holds ``offset``, without outer white space."""
    index = bisect_right(starts, offset)
    start = starts[index - 1] if index else 0
    end = starts[index] if index < len(starts) else len(text)
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _is_abbreviation(text: str, match: re.Match[str]) -> bool:
    if match.group(1) != ".":
        return False
    word = _LAST_WORD.search(text, max(0, match.start() - 20), match.start() + 1)
    if word is None:
        return False
    last = word.group(1)
    return (
        last.lower() in _ABBREVIATIONS
        or (last.lower() in _MONTHS and text[match.end()].isdigit())
        or (len(last) == 1 and last.isupper())  # an initial: J. Smith
        or last == "U.S"
    )


def _parts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the cuts that keep the sentence ``start:end`` under :data:`LONGEST`."""
    while end - start > LONGEST:
        space = text.rfind(" ", start + 1, start + LONGEST)
        start = space + 1 if space > 0 else start + LONGEST
        yield start


def count_words(text: str) -> int:
    """Count what white space parts; a list of a long text's words would be ten times as large as the text.

    >>> count_words(" Gen. Milley spoke.  He left.")
    5
    """
    return sum(1 for _ in _WORD.finditer(text))
