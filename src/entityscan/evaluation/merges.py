"""The quality of merging on one corpus: inside articles and across, on four measures.

Three views. ``matched``: only gold mentions that the system found, so that merging is judged alone.
``end_to_end``: every gold mention; one that was not found stands alone. ``whole``: every gold mention
and every invented one; what was not found is missing from the answer, not alone in it.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from entityscan.evaluation.clusters import MEASURES, Agreement, Partition
from entityscan.evaluation.gold import GoldDocument, GoldSpan
from entityscan.evaluation.intervals import Interval, mean_interval
from entityscan.evaluation.predictions import Prediction
from entityscan.evaluation.spans import (
    Borders,
    Outcome,
    is_demonym,
    is_pronoun,
    looks_named,
    normalise,
)
from entityscan.records import Kind

Place = tuple[str, Borders]
"""A mention: its article's id and its normalised borders."""


@dataclass(frozen=True, slots=True)
class Clusterings:
    """Both sides' partitions of the mentions, as they are compared."""

    gold: dict[Place, Hashable]
    predicted: dict[Place, Hashable]
    """Those that the gold has too, and the invented ones."""

    def matched(self) -> tuple[Partition, Partition]:
        """Restrict both sides to the mentions that both have."""
        common = self.gold.keys() & self.predicted.keys()
        return (
            {place: entity for place, entity in self.gold.items() if place in common},
            {place: entity for place, entity in self.predicted.items() if place in common},
        )

    def end_to_end(self) -> tuple[Partition, Partition]:
        """Put each gold mention that was not found in a cluster of its own."""
        return self.gold, {place: self.predicted.get(place, ("missed", place)) for place in self.gold}

    def whole(self) -> tuple[Partition, Partition]:
        """Leave both sides as they are."""
        return self.gold, self.predicted


VIEWS = {
    "matched": Clusterings.matched,
    "end_to_end": Clusterings.end_to_end,
    "whole": Clusterings.whole,
}


@dataclass(frozen=True, slots=True)
class MergeScore:
    """The quality of merging in one scope: inside articles, or across all of them."""

    gold_mentions: int
    found_mentions: int
    gold_entities: int
    found_entities: int
    """Predicted entities that hold at least one of the found gold mentions."""
    views: Mapping[str, Mapping[str, Agreement]] = field(default_factory=dict)
    """``VIEWS`` -> ``MEASURES`` -> figures."""
    b_cubed_interval: Mapping[str, Interval | None] = field(default_factory=dict)
    """95 % interval of the B-cubed F1 for each view but ``whole``, over articles."""


def clusterings(
    documents: Sequence[GoldDocument],
    predictions: Mapping[str, Sequence[Prediction]],
    outcomes: Mapping[str, Outcome],
    *,
    kinds: frozenset[Kind],
    across: bool,
) -> Clusterings:
    """Collect both partitions.

    Args:
        documents: The gold.
        predictions: By article; those without an entity id are left out.
        outcomes: By article; says which predictions are invented.
        kinds: Gold of other kinds is left out.
        across: One partition over all articles, from the ids that hold across; else one an article.
    """
    gold: dict[Place, Hashable] = {}
    predicted: dict[Place, Hashable] = {}
    for document in documents:
        first, last = document.scored or (0, len(document.text))
        here: dict[Place, Hashable] = {}
        for span in document.spans:
            identity = _identity(span, document.id, across=across)
            if identity is None or span.kind not in kinds or span.start < first or span.end > last:
                continue
            if _counts(span, document.text):
                place = normalise(document.text, span.start, span.end, span.kind)
                here.setdefault((document.id, place), identity)
        gold.update(here)
        invented = {(document.id, place) for place, _ in outcomes[document.id].invented}
        for prediction in predictions.get(document.id, ()):
            place = normalise(document.text, prediction.start, prediction.end, prediction.kind)
            key = (document.id, place)
            if prediction.entity and (key in here or key in invented):
                predicted[key] = prediction.entity if across else (document.id, prediction.entity)
    return Clusterings(gold, predicted)


def _identity(span: GoldSpan, document: str, *, across: bool) -> Hashable:
    if across:
        if not span.entity:
            return None
        return span.entity if span.is_global else (document, span.entity)
    local = span.cluster or span.entity
    return (document, local) if local else None


def _counts(span: GoldSpan, text: str) -> bool:
    """Say whether merging is judged on a gold mention: a name, no pronoun, no demonym."""
    words = text[span.start : span.end]
    named = looks_named(words) if span.named is None else span.named
    return named and not is_pronoun(words) and not is_demonym(words)


def merge_score(pair: Clusterings, samples: NDArray[np.int64] | None, order: Sequence[str]) -> MergeScore:
    """Measure one scope.

    Args:
        pair: Both partitions.
        samples: Resamples of the articles, or None for no intervals.
        order: Article ids in the order of the columns of ``samples``.
    """
    common = pair.gold.keys() & pair.predicted.keys()
    return MergeScore(
        gold_mentions=len(pair.gold),
        found_mentions=len(common),
        gold_entities=len(set(pair.gold.values())),
        found_entities=len({pair.predicted[place] for place in common}),
        views={
            name: {measure: judge(*view(pair)) for measure, judge in MEASURES.items()}
            for name, view in VIEWS.items()
        },
        b_cubed_interval={
            name: None if samples is None else _b_cubed_interval(*VIEWS[name](pair), samples, order)
            for name in ("matched", "end_to_end")
        },
    )


def _b_cubed_interval(
    gold: Partition, predicted: Partition, samples: NDArray[np.int64], order: Sequence[str]
) -> Interval | None:
    """Resample articles while the clusters stay as they are: each mention keeps its precision and recall."""
    sizes, answers = Counter(gold.values()), Counter(predicted.values())
    both = Counter((entity, predicted[place]) for place, entity in gold.items())
    sums = {name: [0.0, 0.0, 0.0] for name in order}
    for place, entity in gold.items():
        shared, row = both[entity, predicted[place]], sums[place[0]]
        row[0] += shared / answers[predicted[place]]
        row[1] += shared / sizes[entity]
        row[2] += 1
    return mean_interval([sums[name] for name in order], samples)
