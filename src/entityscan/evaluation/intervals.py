"""Precision, recall and F1 from counts, with bootstrap intervals over articles.

Mentions of one article are not independent, so whole articles are drawn, with replacement.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLES = 1000
_LOW, _HIGH = 2.5, 97.5  # percentiles: a 95 % interval

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """How well one kind is found; all figures 0..1."""

    precision: float
    recall: float
    f1: float
    support: int
    """Mentions in the gold."""
    right: int
    invented: int
    missed: int
    precision_interval: Interval | None = None
    """95 % interval; None where there are fewer than two articles."""
    recall_interval: Interval | None = None
    f1_interval: Interval | None = None


def draws(articles: int, seed: int) -> NDArray[np.int64]:
    """Draw how often each article is in each of ``SAMPLES`` resamples: one row a resample."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(articles, np.full(articles, 1 / articles), size=SAMPLES)


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _interval(values: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values, [_LOW, _HIGH])
    return float(low), float(high)


def score(counts: Sequence[tuple[int, int, int]], samples: NDArray[np.int64] | None) -> Score:
    """Sum up counts of right, invented and missed mentions, one triple an article.

    Args:
        counts: One triple an article, in the order of the columns of ``samples``.
        samples: From :func:`draws`, or None for no intervals.
    """
    table = np.array(counts, dtype=np.int64).reshape(-1, 3)
    right, invented, missed = (int(total) for total in table.sum(axis=0))
    figures = _figures(np.array([[right, invented, missed]], dtype=np.float64))
    precision, recall, f1 = (float(value[0]) for value in figures)
    intervals: list[Interval | None] = [None] * 3
    if samples is not None and len(counts) > 1:
        intervals = [_interval(values) for values in _figures((samples @ table).astype(np.float64))]
    return Score(precision, recall, f1, right + missed, right, invented, missed, *intervals)


def _figures(totals: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    right, invented, missed = totals.T
    f1 = _ratio(2 * right, 2 * right + invented + missed)
    return _ratio(right, right + invented), _ratio(right, right + missed), f1


def mean_interval(sums: Sequence[Sequence[float]], samples: NDArray[np.int64]) -> Interval | None:
    """Give the interval of the F1 of two means, from each article's sums and its number of mentions.

    Args:
        sums: One row an article: sum of precisions, sum of recalls, number of mentions.
        samples: From :func:`draws`.
    """
    table = np.array(sums, dtype=np.float64).reshape(-1, 3)
    if len(table) < 2 or not table[:, 2].any():
        return None
    precision, recall, mentions = (samples @ table).T
    precision, recall = _ratio(precision, mentions), _ratio(recall, mentions)
    return _interval(_ratio(2 * precision * recall, precision + recall))
