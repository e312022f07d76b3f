"""Measure a system on one corpus and lay the figures out.

:func:`evaluate` makes a :class:`Report`; :func:`as_json` and :func:`tables` turn it into what a program
or a person reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from entityscan.errors import InputError
from entityscan.evaluation.gold import GoldDocument
from entityscan.evaluation.intervals import Score, draws, score
from entityscan.evaluation.merges import MergeScore, clusterings, merge_score
from entityscan.evaluation.mistakes import Mistake, MistakeClass, mistakes, totals
from entityscan.evaluation.predictions import Prediction
from entityscan.evaluation.spans import Matching, Outcome, by_document, compare
from entityscan.records import Kind

SCHEMA = "entityscan-evaluation/1"
ALL = "all"
GROUPINGS = ("source", "document")


@dataclass(frozen=True, slots=True)
class EvaluationOptions:
    """What is measured, and how much is told."""

    kinds: frozenset[Kind] = frozenset()
    """Empty: those that the gold annotates."""
    by: str = ""
    """One of ``GROUPINGS`` for figures apart, or empty."""
    errors: int = 0
    """Worst mistakes to list for each class."""
    seed: int = 0
    """Of the bootstrap."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured on one corpus. Figures are 0..1."""

    documents: int
    characters: int
    predictions: int
    kinds: tuple[Kind, ...]
    spans: Mapping[str, Mapping[str, Score]]
    """Way of matching -> kind or ``all`` -> figures. The ways: ``normalised``, ``overlap``, ``strict``;
    equipment is named there. ``equipment_all`` and ``equipment_all_overlap`` hold equipment with
    common nouns."""
    merging: Mapping[str, MergeScore] = field(default_factory=dict)
    """``inside`` articles and ``across`` them; a scope is absent where the gold has no ids for it."""
    groups: Mapping[str, Mapping[str, Score]] = field(default_factory=dict)
    """Group of articles -> kind or ``all`` -> figures, normalised, as ``by`` asks."""
    mistake_totals: Mapping[str, int] = field(default_factory=dict)
    """By class; normalised, common nouns for equipment included."""
    mistakes: tuple[Mistake, ...] = ()


def evaluate(
    gold: Sequence[GoldDocument],
    predictions: Iterable[Prediction],
    options: EvaluationOptions | None = None,
) -> Report:
    """Compare predictions with gold.

    Args:
        gold: From :func:`~entityscan.evaluation.gold_files.read_gold`.
        predictions: Of any articles; those of articles that the gold lacks are an error.
        options: None for the defaults.

    Raises:
        InputError: when a prediction is of an article that is not in the gold, or reaches past its
            end: it was made on other texts.
    """
    options = options or EvaluationOptions()
    found = list(predictions)
    _check(gold, found)
    per_article = by_document(found)
    kinds = options.kinds or _annotated(gold)
    samples = draws(len(gold), options.seed)
    ways = {name: _outcomes(gold, per_article, way) for name, way in _ways(kinds).items()}
    normalised = ways["normalised"]
    every_mention = _outcomes(gold, per_article, Matching(kinds, named_only=False))
    merging, pair = {}, None
    for scope, across in (("inside", False), ("across", True)):
        if not any(span.entity and (span.is_global or not across) for doc in gold for span in doc.spans):
            continue
        pair = clusterings(gold, per_article, every_mention, kinds=kinds, across=across)
        if pair.predicted:
            merging[scope] = merge_score(pair, samples, [document.id for document in gold])
    found_mistakes = mistakes(gold, every_mention, pair)
    return Report(
        documents=len(gold),
        characters=sum(len(document.text) for document in gold),
        predictions=len(found),
        kinds=tuple(kind for kind in Kind if kind in kinds),
        spans={
            name: _scores(list(way.values()), _kinds_of(name, kinds), samples) for name, way in ways.items()
        },
        merging=merging,
        groups=_groups(gold, normalised, kinds, options),
        mistake_totals=totals(found_mistakes),
        mistakes=tuple(_worst(found_mistakes, options.errors)),
    )


def _ways(kinds: frozenset[Kind]) -> dict[str, Matching]:
    ways = {
        "normalised": Matching(kinds),
        "overlap": Matching(kinds, overlap=kinds),
        "strict": Matching(kinds, normalise=False),
    }
    equipment = frozenset({Kind.EQUIPMENT})
    if Kind.EQUIPMENT in kinds:
        ways["equipment_all"] = Matching(equipment, named_only=False)
        ways["equipment_all_overlap"] = Matching(equipment, named_only=False, overlap=equipment)
    return ways


def _kinds_of(way: str, kinds: frozenset[Kind]) -> frozenset[Kind]:
    return frozenset({Kind.EQUIPMENT}) if way.startswith("equipment") else kinds


def _check(gold: Sequence[GoldDocument], predictions: Iterable[Prediction]) -> None:
    texts = {document.id: document.text for document in gold}
    for prediction in predictions:
        text = texts.get(prediction.document)
        if text is None:
            raise InputError(f"prediction in {prediction.document!r}: the gold has no such article")
        there = text[prediction.start : prediction.end]
        if prediction.end > len(text):
            trouble = f"the article has only {len(text)} characters"
        elif prediction.text not in ("", there):
            trouble = f"the article has {there!r} there, not {prediction.text!r}"
        else:
            continue
        raise InputError(
            f"prediction at {prediction.start}..{prediction.end} in {prediction.document!r}: {trouble}; "
            "it was made on another text"
        )


def _annotated(gold: Iterable[GoldDocument]) -> frozenset[Kind]:
    kinds = frozenset(
        span.kind for document in gold for span in document.spans if span.kind is not None and not span.maybe
    )
    return kinds or frozenset(Kind)


def _outcomes(
    gold: Iterable[GoldDocument], predictions: Mapping[str, list[Prediction]], matching: Matching
) -> dict[str, Outcome]:
    return {document.id: compare(document, predictions.get(document.id, []), matching) for document in gold}


def _scores(
    outcomes: Sequence[Outcome], kinds: Iterable[Kind], samples: NDArray[np.int64] | None
) -> dict[str, Score]:
    wanted = frozenset(kinds)
    rows: dict[str, frozenset[Kind]] = {str(kind): frozenset({kind}) for kind in Kind if kind in wanted}
    if len(rows) > 1:
        rows[ALL] = wanted
    return {
        name: score([_counts(outcome, those) for outcome in outcomes], samples)
        for name, those in rows.items()
    }


def _counts(outcome: Outcome, kinds: frozenset[Kind]) -> tuple[int, int, int]:
    right, invented, missed = (
        sum(kind in kinds for _, kind in found) for found in (outcome.right, outcome.invented, outcome.missed)
    )
    return right, invented, missed


def _groups(
    gold: Sequence[GoldDocument],
    outcomes: Mapping[str, Outcome],
    kinds: frozenset[Kind],
    options: EvaluationOptions,
) -> dict[str, dict[str, Score]]:
    if not options.by:
        return {}
    members: dict[str, list[Outcome]] = {}
    for document in gold:
        name = document.id if options.by == "document" else document.source
        members.setdefault(name, []).append(outcomes[document.id])
    return {name: _scores(those, kinds, draws(len(those), options.seed)) for name, those in members.items()}


def _worst(found: Iterable[Mistake], number: int) -> Iterable[Mistake]:
    left = dict.fromkeys(MistakeClass, number)
    for mistake in found:
        left[mistake.type] -= 1
        if left[mistake.type] >= 0:
            yield mistake


def as_json(report: Report) -> dict[str, Any]:
    """Give the report as plain values; ``docs/evaluate.md`` documents the fields."""
    return {"schema": SCHEMA, **asdict(report)}


# --- tables


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a person: figures in per cent with one decimal."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_WAYS = {
    "normalised": "",
    "overlap": " (overlap)",
    "strict": " (strict)",
    "equipment_all": " with common nouns",
    "equipment_all_overlap": " with common nouns (overlap)",
}
_MEASURES = {"b_cubed": "B³", "pairwise": "pairwise", "ceaf_e": "CEAF-e", "lea": "LEA"}
_VIEWS = {"matched": "found mentions", "end_to_end": "end to end", "whole": "with invented"}


def tables(report: Report) -> list[Table]:
    """Lay a report out as tables, in the order in which a person reads them."""
    found = [_span_table(report)]
    if report.groups:
        found.append(_group_table(report))
    if report.merging:
        found.append(_merge_table(report))
    found.append(_mistake_totals_table(report))
    if report.mistakes:
        found.append(_mistake_table(report))
    return found


def _per_cent(value: float) -> str:
    return f"{100 * value:.1f}"


def _with_interval(value: float, interval: tuple[float, float] | None) -> str:
    if interval is None:
        return _per_cent(value)
    return f"{_per_cent(value)} [{_per_cent(interval[0])}, {_per_cent(interval[1])}]"


def _score_cells(found: Score) -> tuple[str, ...]:
    return (
        _with_interval(found.precision, found.precision_interval),
        _with_interval(found.recall, found.recall_interval),
        _with_interval(found.f1, found.f1_interval),
        str(found.support),
    )


_SCORE_COLUMNS = ("precision", "recall", "F1", "gold mentions")


def _span_table(report: Report) -> Table:
    rows = tuple(
        (f"{kind}{suffix}", *_score_cells(found))
        for way, suffix in _WAYS.items()
        for kind, found in report.spans.get(way, {}).items()
    )
    title = f"Mentions in {report.documents} articles, % with 95 % intervals; equipment: names only"
    return Table(title, ("kind", *_SCORE_COLUMNS), rows)


def _group_table(report: Report) -> Table:
    rows = tuple(
        (name, kind, *_score_cells(found))
        for name, kinds in report.groups.items()
        for kind, found in kinds.items()
    )
    return Table("Mentions by group", ("group", "kind", *_SCORE_COLUMNS), rows)


def _merge_table(report: Report) -> Table:
    rows = tuple(
        (
            f"{scope} articles" if scope == "inside" else "across articles",
            _VIEWS[view],
            _MEASURES[measure],
            _per_cent(found.precision),
            _per_cent(found.recall),
            _with_interval(found.f1, scored.b_cubed_interval.get(view) if measure == "b_cubed" else None),
        )
        for scope, scored in report.merging.items()
        for view, measures in scored.views.items()
        for measure, found in measures.items()
    )
    counts = "; ".join(
        f"{scope}: {scored.found_mentions} of {scored.gold_mentions} mentions found, "
        f"{scored.gold_entities} entities"
        for scope, scored in report.merging.items()
    )
    return Table(
        f"Merging, % ({counts})", ("scope", "mentions", "measure", "precision", "recall", "F1"), rows
    )


def _mistake_totals_table(report: Report) -> Table:
    rows = tuple((str(name), str(count)) for name, count in report.mistake_totals.items())
    return Table("Mistakes", ("class", "mentions"), rows)


def _mistake_table(report: Report) -> Table:
    rows = tuple(
        (
            str(found.type),
            str(found.count),
            found.words,
            found.kinds,
            f"{first.document}:{first.start}",
            first.snippet,
        )
        for found in report.mistakes
        for first in found.examples[:1]
    )
    return Table("Worst mistakes", ("class", "count", "words", "kind", "where", "context"), rows)
