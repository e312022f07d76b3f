"""Compare the mentions of one article with its gold: what is right, wrong, or does not count.

Both sides are normalised first (article, title, possessive, outer punctuation), because annotators
draw these borders differently. A country counts as found whether it is called a place or an
organisation. Pronouns, demonyms, and common nouns for people, places and organisations are optional
in the gold: finding them is neither rewarded nor punished; so are spans marked ``maybe`` or ``nested``.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from entityscan.evaluation.gold import ANY, GoldDocument, GoldSpan
from entityscan.evaluation.predictions import Prediction
from entityscan.records import Kind

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$")
_OPENERS, _CLOSERS = "([", ")].+"  # punctuation that may belong to a name
_EITHER = {Kind.PLACE, Kind.ORGANISATION}


class Borders(NamedTuple):
    """Offsets of a normalised span; two mentions with the same borders are the same mention."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Matching:
    """How spans are compared."""

    kinds: frozenset[Kind] = frozenset(Kind)
    named_only: bool = True
    """Equipment: common nouns (``tanks``) do not count."""
    overlap: frozenset[Kind] = frozenset()
    """Kinds for which any overlap is enough."""
    normalise: bool = True
    """False: exact offsets and kinds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The mentions of one article, judged. Gold and predictions in order."""

    right: list[tuple[Borders, Kind]] = field(default_factory=list)
    """Found gold, with the gold's kind."""
    invented: list[tuple[Borders, Kind]] = field(default_factory=list)
    """Predictions that match nothing, with the predicted kind."""
    missed: list[tuple[Borders, Kind]] = field(default_factory=list)
    """Gold that nothing matched."""


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    lists = tomllib.loads((files("entityscan") / "data" / "scoring.toml").read_text("utf-8"))
    lists["peoples"] += [f"{word}s" for word in lists["peoples"]]
    return {name: frozenset(words) for name, words in lists.items()}


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(_words()["titles"]))
    return re.compile(rf"(?:(?:{words})\.?\s+)+", re.IGNORECASE)


def is_country(text: str) -> bool:
    """Say whether a name is a country's, or one that is place and organisation alike (``EU``)."""
    return text.casefold() in _words()["countries"]


def is_demonym(text: str) -> bool:
    """Say whether a word names a people (``Russian``, ``Ukrainians``)."""
    return text.casefold() in _words()["peoples"]


def is_pronoun(text: str) -> bool:
    """Say whether a word is a pronoun; ``US`` is none."""
    return text.casefold() in _words()["pronouns"] and (text == "I" or not text.isupper())


def looks_named(text: str) -> bool:
    """Say whether a mention looks like a name: a capital letter or a digit in it."""
    return any(letter.isupper() or letter.isdigit() for letter in text)


def normalise(text: str, start: int, end: int, kind: Kind | None) -> Borders:
    """Leave off outer punctuation, a leading article, a person's titles and a possessive."""
    while start < end and not (text[start].isalnum() or text[start] in _OPENERS):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in _CLOSERS):
        end -= 1
    for pattern in (_ARTICLE, _titles()) if kind is Kind.PERSON else (_ARTICLE,):
        found = pattern.match(text[start:end])
        if found and start + found.end() < end:
            start += found.end()
    if _POSSESSIVE.search(text[start:end]):
        end -= 2
    return Borders(start, end)


def borders(text: str, start: int, end: int, kind: Kind | None, matching: Matching) -> Borders:
    """Give the borders by which a span is compared."""
    return normalise(text, start, end, kind) if matching.normalise else Borders(start, end)


class _Gold:
    """The gold of one article, sorted into what must be found and what does not count."""

    def __init__(self, document: GoldDocument, matching: Matching) -> None:
        self.must: dict[Borders, Kind] = {}
        self._optional: list[tuple[Borders, Kind | str | None]] = []
        first, last = document.scored or (0, len(document.text))
        for span in document.spans:
            if first <= span.start and span.end <= last:
                self._add(span, document.text, matching)

    def _add(self, span: GoldSpan, text: str, matching: Matching) -> None:
        place = borders(text, span.start, span.end, span.kind, matching)
        if span.maybe or span.nested:
            self._optional.append((Borders(span.start, span.end), span.maybe or span.kind))
            self._optional.append((place, span.kind))
        elif _is_optional(span, text, matching):
            self._optional.append((place, ANY))
        elif span.kind in matching.kinds and span.kind is not None:
            self.must.setdefault(place, span.kind)
        else:
            self._optional.append((place, span.kind))

    def does_not_count(self, place: Borders, kind: Kind, text: str) -> bool:
        if any(of in (ANY, kind) and _overlap(place, other) for other, of in self._optional):
            return True
        return is_country(text) and any(place == other for other, _ in self._optional)


def _is_optional(span: GoldSpan, text: str, matching: Matching) -> bool:
    words = text[span.start : span.end]
    place = normalise(text, span.start, span.end, span.kind)
    if is_pronoun(words) or is_demonym(text[place.start : place.end]):
        return True
    named = looks_named(words) if span.named is None else span.named
    return not named and (span.kind is not Kind.EQUIPMENT or matching.named_only)


def _overlap(left: Borders, right: Borders) -> bool:
    return left.start < right.end and right.start < left.end


def compare(document: GoldDocument, predictions: Sequence[Prediction], matching: Matching) -> Outcome:
    """Judge the predicted mentions of one article.

    Args:
        document: The article and its gold.
        predictions: Those of this article only. A mention predicted twice counts once.
        matching: How spans are compared.
    """
    gold, outcome = _Gold(document, matching), Outcome()
    found: set[Borders] = set()
    first, last = document.scored or (0, len(document.text))
    for prediction in predictions:
        kind = prediction.kind
        if kind not in matching.kinds or prediction.start < first or prediction.end > last:
            continue
        place = borders(document.text, prediction.start, prediction.end, kind, matching)
        text = document.text[place.start : place.end]
        if kind is Kind.EQUIPMENT and matching.named_only and not looks_named(text):
            continue
        match = _match(gold.must, found, place, kind, text, matching)
        if match is not None:
            if match not in found:
                found.add(match)
                outcome.right.append((match, gold.must[match]))
        elif not gold.does_not_count(place, kind, text):
            outcome.invented.append((place, kind))
    outcome.missed.extend((place, kind) for place, kind in gold.must.items() if place not in found)
    return outcome


def _match(
    must: dict[Borders, Kind],
    found: set[Borders],
    place: Borders,
    kind: Kind,
    text: str,
    matching: Matching,
) -> Borders | None:
    """Find the gold mention that a prediction hits, or None."""
    wanted = must.get(place)
    either = matching.normalise and wanted in _EITHER and kind in _EITHER and is_country(text)
    if wanted is kind or either:
        return place
    if kind in matching.overlap:
        for other, of in must.items():
            if of is kind and other not in found and _overlap(place, other):
                return other
    return None


def by_document(predictions: Sequence[Prediction]) -> dict[str, list[Prediction]]:
    """Sort predictions into articles, keeping their order."""
    found: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        found[prediction.document].append(prediction)
    return found
