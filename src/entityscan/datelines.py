"""The dateline of a news story: ``KYIV, Ukraine, Sept 12 (Reuters) - Officials said ...``.

A text comes in; the place and the agency that its datelines name go out. The form alone says what they are, however
rare the town or the agency. Words that stand there without being a place are in ``data/datelines.txt``.
"""

import re
from collections.abc import Iterator

from entityscan.records import Kind
from entityscan.word_lists import word_lists

_UNBRACKETED = re.compile(
    r"([^\W\d_a-z][\w.'’-]+(?: [^\W\d_a-z][\w.'’-]+){0,3})(?:, [\w ]+)? (CNN)"
)  # agencies that write no brackets
_LONGEST = 120  # code points up to the dash
_LINE = re.compile(r"^[ \t]*(?=\S)", re.MULTILINE)
_DASH = re.compile(r"[ \t]*(?:—|–|--|-)[ \t]+(?=[\"“'‘]?[^\W\d_a-z][^\n]*[a-z])")
_UPPER = r"[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ.'’]+"
_PLACES = re.compile(rf"{_UPPER}(?:[ -]{_UPPER}){{0,3}}(?:/{_UPPER}(?:[ -]{_UPPER}){{0,3}})*")
_AGENCY = re.compile(r"\(([^\W\d_a-z][\w.&'’]*(?:[ -][\w.&'’]+){0,4})\)$")
_REST = re.compile(r"(?:,[ \t]+[\w.]+(?:[ \t][\w.]+){0,3})*[ \t]*(?:\([^()\n]{2,40}\))?$")


def dateline_names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find the places in capitals and the agencies in brackets before the dash of a dateline.

    Yields:
        Start and end in code points, and the kind.

    >>> text = "KYIV, Ukraine (Meridian Press) - Officials said so."
    >>> [(text[start:end], kind.value) for start, end, kind in dateline_names(text)]
    [('KYIV', 'place'), ('Meridian Press', 'organisation')]
    """
    for line in _LINE.finditer(text):
        dash = _DASH.search(text, line.end(), line.end() + _LONGEST)
        if dash is None or "\n" in text[line.end() : dash.start()]:
            continue
        yield from _names_before(text, line.end(), dash.start())


def _names_before(text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
    if unbracketed := _UNBRACKETED.fullmatch(text, start, end):
        yield *unbracketed.span(1), Kind.PLACE
        yield *unbracketed.span(2), Kind.ORGANISATION
        return
    places = _PLACES.match(text, start, end)
    agency = _AGENCY.search(text, start, end)
    capitals = places is not None and _REST.match(text, places.end(), end) is not None
    if (
        places is not None
        and capitals
        and word_lists("datelines")[""].isdisjoint(re.findall(r"\w+", places.group()))
    ):
        at = start
        for place in places.group().split("/"):
            yield at, at + len(place), Kind.PLACE
            at += len(place) + 1
    if agency is not None and (capitals or text[start:end].count(" ") < _MOST_WORDS):
        yield *agency.span(1), Kind.ORGANISATION


_MOST_WORDS = 8  # before the dash, where the place is not in capitals
