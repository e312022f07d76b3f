"""Name the mistakes: every wrong mention and every wrong merge, by class, the most frequent first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from entityscan.evaluation.gold import GoldDocument
from entityscan.evaluation.merges import Clusterings, Place
from entityscan.evaluation.spans import Borders, Outcome

CONTEXT = 30
"""Code points shown on each side of a mistake."""
_EXAMPLES = 3


class MistakeClass(StrEnum):
    """What went wrong."""

    MISSED = "missed"
    INVENTED = "invented"
    WRONG_KIND = "wrong kind"
    WRONG_BOUNDARY = "wrong boundary"
    WRONGLY_MERGED = "wrongly merged"
    WRONGLY_SPLIT = "wrongly split"


@dataclass(frozen=True, slots=True)
class Example:
    """One place where a mistake was made."""

    document: str
    start: int
    end: int
    snippet: str
    """The text around it on one line, the mention between guillemets."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """The same mistake with the same words, wherever it was made."""

    type: MistakeClass
    words: str
    """The mention, or both sides of it: ``gold → predicted``."""
    kinds: str
    """The kind, or ``gold → predicted``; empty for merges."""
    count: int
    """How often; for merges, how many mentions sit in the wrong entity."""
    examples: tuple[Example, ...]


def mistakes(
    documents: Sequence[GoldDocument], outcomes: Mapping[str, Outcome], pair: Clusterings | None
) -> list[Mistake]:
    """List all mistakes, grouped by class and words; the most frequent of each class first."""
    texts = {document.id: document.text for document in documents}
    groups: dict[tuple[MistakeClass, str, str], list[tuple[str, Borders]]] = defaultdict(list)
    for document in documents:
        for kind_of_mistake, words, kinds, place in _in_article(document.text, outcomes[document.id]):
            groups[kind_of_mistake, words, kinds].append((document.id, place))
    if pair is not None:
        for kind_of_mistake, words, places in _in_merging(texts, pair):
            groups[kind_of_mistake, words, ""].extend(places)
    order = list(MistakeClass)
    ranked = sorted(groups.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0][1:]))
    return [
        Mistake(*name, len(places), tuple(_example(texts, *place) for place in places[:_EXAMPLES]))
        for name, places in ranked
    ]


def _in_article(text: str, outcome: Outcome) -> Iterator[tuple[MistakeClass, str, str, Borders]]:
    missed = dict(outcome.missed)
    for place, kind in outcome.invented:
        words = text[place.start : place.end]
        if place in missed:
            yield MistakeClass.WRONG_KIND, words, f"{missed.pop(place)} → {kind}", place
            continue
        near = next((gold for gold in missed if gold.start < place.end and place.start < gold.end), None)
        if near is None:
            yield MistakeClass.INVENTED, words, str(kind), place
        else:
            of = missed.pop(near)
            kinds = str(kind) if of is kind else f"{of} → {kind}"
            yield MistakeClass.WRONG_BOUNDARY, f"{text[near.start : near.end]} → {words}", kinds, near
    for place, kind in missed.items():
        yield MistakeClass.MISSED, text[place.start : place.end], str(kind), place


def _in_merging(
    texts: Mapping[str, str], pair: Clusterings
) -> Iterator[tuple[MistakeClass, str, list[Place]]]:
    """Compare every group of one side with the largest part that it shares with the other side."""
    common = [place for place in pair.gold if place in pair.predicted]

    def gold(place: Place) -> Hashable:
        return pair.gold[place]

    def predicted(place: Place) -> Hashable:
        return pair.predicted[place]

    for kind, outer, inner, sign in (
        (MistakeClass.WRONGLY_MERGED, predicted, gold, "+"),
        (MistakeClass.WRONGLY_SPLIT, gold, predicted, "|"),
    ):
        for parts in _grouped(common, outer, inner):
            most = max(parts, key=len)
            for part in parts:
                if part is not most:
                    yield kind, f"{_usual(texts, most)} {sign} {_usual(texts, part)}", part


def _grouped(
    places: Iterable[Place],
    outer: Callable[[Place], Hashable],
    inner: Callable[[Place], Hashable],
) -> list[list[list[Place]]]:
    groups: dict[Hashable, dict[Hashable, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        groups[outer(place)][inner(place)].append(place)
    return [list(parts.values()) for parts in groups.values()]


def _usual(texts: Mapping[str, str], places: Sequence[Place]) -> str:
    """Give the words that most of these mentions use."""
    words = Counter(texts[document][place.start : place.end] for document, place in places)
    return " ".join(max(words, key=lambda word: (words[word], word)).split())


def _example(texts: Mapping[str, str], document: str, place: Borders) -> Example:
    text = texts[document]
    before, after = text[max(0, place.start - CONTEXT) : place.start], text[place.end : place.end + CONTEXT]
    snippet = f"{before}«{text[place.start : place.end]}»{after}"
    return Example(document, place.start, place.end, " ".join(snippet.split()))


def totals(found: Iterable[Mistake]) -> dict[str, int]:
    """Count the mistakes of each class."""
    counts = dict.fromkeys(map(str, MistakeClass), 0)
    for mistake in found:
        counts[str(mistake.type)] += mistake.count
    return counts
