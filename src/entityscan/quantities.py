"""How many: the count that a text gives before the name of something, ``at least 20 Leopard tanks``.

Pure functions over a text and a span. The words are in ``data/quantities.toml``; a bounded number of
tokens before the span is read, from right to left, so that the time does not depend on the text.
Calibres, designations, years, dates and sums of money are no counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from entityscan.records import Quantity

_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]|_")
_WINDOW = 120
"""Code points before and behind the span that are read."""
_MOST_FILLERS = 4
_MOST_WORDS = 6
"""Words of one number: ``one hundred and twenty five thousand``."""
_LONGEST_BOUND = 3
_YEARS = range(1900, 2100)
_DETERMINERS = frozenset("the its their these those our his her".split())
_RANGE_JOINTS = frozenset("- – — to or and".split())
_NO_COUNT_BEFORE = frozenset("-–/.:#$€£¥₹%+(")
"""Marks that, glued before a number, make something else of it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of ``data/quantities.toml``."""

    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    vague: Mapping[str, int]
    """The least that a vague word stands for: ``dozens``."""
    bounds: Mapping[tuple[str, ...], str]
    fillers: frozenset[str]
    fillings: frozenset[str]
    labels: frozenset[str]
    counted: frozenset[str]
    same: frozenset[str]
    passed: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number, range or vague word by positions of tokens; ``stop`` is one past the last."""

    first: int
    stop: int
    low: int | None
    high: int | None


@lru_cache(maxsize=1)
def load_words() -> Words:
    """Read the words that count."""
    import tomllib  # late: the command line shows its help without it

    data = tomllib.loads(files("entityscan").joinpath("data/quantities.toml").read_text("utf-8"))
    bounds = {tuple(phrase.split()): sort for sort, phrases in data["bounds"].items() for phrase in phrases}
    lists = ("fillers", "fillings", "labels", "counted", "same", "passed")
    return Words(
        numbers=data["numbers"],
        scales=data["scales"],
        vague={word: least for word, (least, _) in data["vague"].items()},
        bounds=bounds,
        **{name: frozenset(data[name]) for name in lists},
    )


def quantity_of(text: str, start: int, end: int, *, left: int = 0, generic: bool = False) -> Quantity | None:
    """Return the count that stands before a span, or None.

    Args:
        text: The whole text.
        start: Where the span starts.
        end: Where it ends.
        left: Nothing before this offset is read: the start of the sentence.
        generic: The span is a common noun, which says by itself whether it is one or several.

    >>> found = quantity_of("They sent at least 20 Leopard tanks.", 22, 29)
    >>> found.low, found.high, found.text
    (20, None, 'at least 20')
    """
    left = max(left, start - _WINDOW)
    tokens = _tokens(text, left, start)
    amount = _read(tokens, text)
    if amount is None or (amount.high != 1 and not _is_several(text, start, end, generic=generic)):
        return None
    first, last = tokens[amount.first], tokens[amount.stop - 1]
    return Quantity(amount.low, amount.high, text[first.start : last.end], first.start, last.end)


def as_record(quantity: Quantity) -> dict[str, Any]:
    """Return a count as it is written: ``value`` when it is one number, else ``low`` and ``high`` as known."""
    found: dict[str, Any] = {}
    if quantity.low == quantity.high:
        found["value"] = quantity.low
    else:
        found |= {} if quantity.low is None else {"low": quantity.low}
        found |= {} if quantity.high is None else {"high": quantity.high}
    return {**found, "text": quantity.text, "start": quantity.start, "end": quantity.end}


def _tokens(text: str, left: int, right: int) -> list[_Token]:
    return [
        _Token(match.group(), match.group().lower(), match.start(), match.end())
        for match in _TOKEN.finditer(text, left, right)
    ]


def _read(tokens: Sequence[_Token], text: str) -> _Amount | None:
    stop = _before_fillers(tokens)
    stop, at_least = _before_plus(tokens, stop)
    amount = _amount(tokens, stop)
    if amount is None:
        return None
    amount = _range(tokens, amount) or amount
    if at_least:
        amount = _Amount(amount.first, amount.stop, amount.low, None)
    bounded = _bounded(tokens, amount)
    return None if _is_other_number(tokens, amount, text, bounded=bounded is not None) else bounded or amount


def _before_fillers(tokens: Sequence[_Token]) -> int:
    """Return one past the last token of what may be a number: words such as ``new`` and ``Russian`` are passed."""
    stop, words = len(tokens), load_words()
    if stop and tokens[stop - 1].key in ("x", "×"):
        stop -= 1
    for _ in range(_MOST_FILLERS):
        if not stop or not _is_filler(tokens[stop - 1], words):
            break
        stop -= 1
    if stop > 1 and tokens[stop - 1].key in _DETERMINERS and tokens[stop - 2].key == "of":
        return stop - 2
    counts = stop > 1 and _is_noun_of_number(tokens[stop - 2].key, words)
    return stop - 1 if counts and tokens[stop - 1].key == "of" else stop


def _is_noun_of_number(key: str, words: Words) -> bool:
    return key in words.vague or key in ("pair", "couple", "trio") or key in words.scales


def _is_filler(token: _Token, words: Words) -> bool:
    if token.key in words.numbers or token.key in words.vague or token.key in words.scales:
        return False
    _, dash, ending = token.key.rpartition("-")
    if token.key in words.fillers or (dash and ending in words.fillings):
        return True
    return token.text[0].isupper() and token.key not in words.labels and (token.key,) not in words.bounds


def _before_plus(tokens: Sequence[_Token], stop: int) -> tuple[int, bool]:
    """Step over ``+``, ``-plus`` and ``or more`` behind a number, which make it the least."""
    before = [token.key for token in tokens[:stop]]
    if before[-2:] == ["-", "plus"]:
        return stop - 2, True
    if before[-1:] in (["+"], ["plus"]) or (
        before[-1:] == ["or"] and tokens[stop:] and tokens[stop].key == "more"
    ):
        return stop - 1, True
    return stop, False


def _amount(tokens: Sequence[_Token], stop: int) -> _Amount | None:
    """Read the one number or vague word that ends before ``stop``."""
    words = load_words()
    if stop <= 0:
        return None
    key = tokens[stop - 1].key
    if key in words.vague:
        return _vague(tokens, stop, words)
    first = stop
    while first and stop - first < _MOST_WORDS and _is_part(tokens, first - 1, stop, words):
        first -= 1
    value = _value([token.key for token in tokens[first:stop]], words)
    if value is None:
        return None
    if first and tokens[first - 1].key in ("a", "an") and (key in words.scales or key in words.numbers):
        first -= 1
        if first and tokens[first - 1].key == "half":
            first, value = first - 1, value // 2
    return _Amount(first, stop, value, value)


def _vague(tokens: Sequence[_Token], stop: int, words: Words) -> _Amount:
    """Read ``dozens``, ``a few``, ``tens of thousands``."""
    first, low = stop - 1, words.vague[tokens[stop - 1].key]
    if first > 1 and tokens[first - 1].key == "of" and tokens[first - 2].key in words.vague:
        low = words.vague[tokens[first - 2].key] * (low // 2)
        first -= 2
    elif first and tokens[first - 1].key == "a":
        first -= 1
    return _Amount(first, stop, low, None)


def _is_part(tokens: Sequence[_Token], index: int, stop: int, words: Words) -> bool:
    """Tell whether a token continues, to the left, the number behind it."""
    key = tokens[index].key
    if index + 1 == stop:
        return _is_number(key, words) or key in words.scales
    following = tokens[index + 1].key
    if key == "and":
        return (
            index > 0 and tokens[index - 1].key in ("hundred", "thousand") and following not in words.scales
        )
    if key in words.scales:
        return following == "and" or following in words.scales or _is_number(following, words)
    return _is_number(key, words) and (
        following in words.scales
        or (key in words.numbers and words.numbers[key] >= 20 and following in words.numbers)
    )


def _is_number(key: str, words: Words) -> bool:
    return key[0].isdecimal() or all(part in words.numbers for part in key.split("-")) or key in words.numbers


def _value(keys: Sequence[str], words: Words) -> int | None:
    """Return the value of the words of one number.

    >>> _value(["two", "hundred", "and", "fifty", "thousand"], load_words())
    250000
    """
    total, current = 0, 0.0
    for key in keys:
        if key in words.scales:
            current = (current or 1) * words.scales[key]
            if words.scales[key] >= 1000:
                total, current = total + round(current), 0
        elif key[0].isdecimal():
            current += float(key.replace(",", ""))
        elif key in words.numbers:
            current += words.numbers[key]
        elif key != "and":
            current += sum(words.numbers[part] for part in key.split("-"))
    value = total + current
    return int(value) if keys and value == int(value) and value > 0 else None


def _range(tokens: Sequence[_Token], high: _Amount) -> _Amount | None:
    """Read what makes a range of a number: ``10 to 15``, ``between 10 and 15``, ``two or three``."""
    joint = high.first - 1
    if joint < 1 or tokens[joint].key not in _RANGE_JOINTS or high.high is None:
        return None
    low = _amount(tokens, joint)
    if low is None or low.low is None or low.low >= high.high:
        return None
    if tokens[joint].key == "and":
        between = low.first and tokens[low.first - 1].key == "between"
        return _Amount(low.first - 1, high.stop, low.low, high.high) if between else None
    return _Amount(low.first, high.stop, low.low, high.high)


def _bounded(tokens: Sequence[_Token], amount: _Amount) -> _Amount | None:
    """Read the phrase before a number that bounds it: ``at least``, ``up to``."""
    for length in range(_LONGEST_BOUND, 0, -1):
        first = amount.first - length
        sort = (
            load_words().bounds.get(tuple(t.key for t in tokens[first : amount.first]))
            if first >= 0
            else None
        )
        if sort is not None and not (sort == "high" and amount.high is None):
            low = None if sort == "high" else amount.low
            high = None if sort == "low" else amount.high
            return _Amount(first, amount.stop, low, high)
    return None


def _is_other_number(tokens: Sequence[_Token], amount: _Amount, text: str, *, bounded: bool) -> bool:
    """Tell whether a number is no count: a year, a date, money, part of a designation."""
    first, last = tokens[amount.first], tokens[amount.stop - 1]
    if last.key[0].isdecimal() and text[last.end : last.end + 1].isalpha():
        return True
    if first.start and text[first.start - 1] in _NO_COUNT_BEFORE - {"("}:
        return True
    if amount.first and tokens[amount.first - 1].key in load_words().labels - {"may"}:
        return True
    if amount.first > 1 and tokens[amount.first - 1].text == "." and first.key[0].isdecimal():
        return tokens[amount.first - 2].key in load_words().labels
    return (
        not bounded
        and last is first
        and len(first.text) == 4
        and first.text.isdecimal()
        and int(first.text) in _YEARS
    )


def _is_several(text: str, start: int, end: int, *, generic: bool) -> bool:
    """Tell whether a span may be counted: a plural, or a name with a plural noun behind it."""
    words, span = load_words(), text[start:end]
    if generic or span.endswith("s"):
        return span.lower().endswith(("s", *words.same))
    for token in _tokens(text, end, end + _WINDOW)[:_MOST_FILLERS]:
        if not token.text[0].isalpha() or token.key in words.passed:
            break
        if token.key in words.counted:
            return True
        if token.key.endswith("s") and token.text.islower():
            return False
    return True
