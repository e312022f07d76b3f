"""What the components pass on: spans with the facts that a label cannot hold, written to ``doc.ents`` and read back."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc, Span

from entityscan.equipment import Match
from entityscan.records import Kind, Source

EXTENSION = "entityscan"
"""Name of the span extension, ``span._.entityscan``."""
DROPPED = "entityscan_dropped"
"""Key in ``doc.user_data``: spans that are no mentions, counted by the rule that dropped them."""
EVENTS = "entityscan_events"
"""Key in ``doc.user_data``: ranges of operations and exercises, in which no equipment is meant either."""
_SURE = 0.8  # score from which the recogniser's names of equipment are mostly right, on held-out articles


@dataclass(frozen=True, slots=True)
class SpanFacts:
    """What is known of a span besides its place and label."""

    source: Source = Source.MODEL
    score: float | None = None
    title: str = ""
    match: Match | None = None
    """Equipment: what the finder says of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mention in the making."""

    start: int
    end: int
    kind: Kind
    facts: SpanFacts


def facts(span: Span) -> SpanFacts:
    """Return the facts of a span in ``doc.ents``; those of a plain recogniser's span are the defaults."""
    known = span._.get(EXTENSION) if Span.has_extension(EXTENSION) else None
    return known if known is not None else SpanFacts()


def is_certain(name: Found) -> bool:
    """Tell whether the recogniser read a name of equipment here, and is sure of it."""
    score = name.facts.score
    return name.facts.source is not Source.PATTERN and (score is None or score >= _SURE)


def register_extension() -> None:
    """Make room for the facts of spans."""
    if not Span.has_extension(EXTENSION):
        Span.set_extension(EXTENSION, default=None)


def without_overlaps(found: list[Found], key: object = None) -> list[Found]:
    """Keep spans that do not overlap: the earlier in the list, or the greater by ``key``, wins."""
    ranked = sorted(found, key=key, reverse=True) if callable(key) else found
    taken: set[int] = set()
    kept: list[Found] = []
    for item in ranked:
        if taken.isdisjoint(range(item.start, item.end)):
            taken.update(range(item.start, item.end))
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def set_entities(doc: Doc, found: Iterable[Found]) -> None:
    """Make ``found`` the entities of ``doc``, cutting tokens where a span begins or ends inside one."""
    items = list(found)
    _split_tokens(doc, sorted({offset for item in items for offset in (item.start, item.end)}))
    spans = []
    for item in items:
        span = doc.char_span(item.start, item.end, label=item.kind.value)
        if span is None:
            raise AssertionError(f"span {item.start}:{item.end} does not fit the tokens")
        spans.append(span)
    doc.set_ents(spans)
    for span, item in zip(spans, items, strict=True):
        span._.set(EXTENSION, item.facts)


def _split_tokens(doc: Doc, offsets: list[int]) -> None:
    """Cut tokens so that every offset is a token boundary; nearly always nothing is to do."""
    starts, lengths = doc.to_array(["IDX", "LENGTH"]).T
    boundaries = {*starts.tolist(), *(starts + lengths).tolist()}
    wanted: dict[int, list[int]] = {}
    for offset in offsets:
        if offset not in boundaries:
            index = int(starts.searchsorted(offset)) - 1
            wanted.setdefault(index, []).append(offset - int(starts[index]))
    if not wanted:
        return
    with doc.retokenize() as retokenizer:
        for index, cuts in wanted.items():
            token = doc[index]
            parts = [token.text[a:b] for a, b in pairwise([0, *cuts, len(token.text)])]
            retokenizer.split(token, parts, heads=[(token, 0)] * len(parts))
