"""Label scores of words to mentions, and the windows in which a long text is read.

Labels are numbers: 0 is outside, ``1 + 2 * kind`` begins a mention of a kind and ``2 + 2 * kind`` continues it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from entityscan.recogniser.pieces import NEWLINE

Scores = NDArray[np.float32]

_NEVER = -1e4
"""Added to the score of a label that may not follow; far below any real score."""


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Words ``start`` to ``end`` are a mention of this kind."""

    start: int
    end: int
    kind: int
    score: float
    """Probability that borders and kind are right, 0..1."""


def windows_of(lengths: Sequence[int], size: int, breaks: Iterable[int] = ()) -> Iterator[tuple[int, int]]:
    """Cut a text into windows of about equal length that begin, where they can, with a sentence.

    Whole sentences need no overlap: what stands before a sentence helps little to read it (measured), and
    reading it twice costs much.

    Args:
        lengths: Number of pieces of each word, each less than ``size - 2``.
        size: Most pieces in a window, the start and end marker included.
        breaks: Words that begin a sentence, ascending.

    Yields:
        Half-open ranges of words, without gap or overlap.
    """
    ends = list(accumulate(lengths, initial=0))  # pieces before each word, and in all
    borders, room, start = list(breaks), size - 2, 0
    while start < len(lengths):
        rest = ends[-1] - ends[start]
        end = len(lengths)
        if rest > room:
            last = max(bisect_right(ends, ends[start] + room) - 1, start + 1)
            ideal = ends[start] + rest / -(-rest // room)
            least = bisect_left(ends, ends[start] + (ideal - ends[start]) / 2)
            possible = borders[bisect_left(borders, least) : bisect_right(borders, last)]
            end = min(possible, key=lambda word: abs(ends[word] - ideal), default=last)
        yield start, end
        start = end


def log_probabilities(scores: Scores) -> Scores:
    """Return the logarithms of the probabilities of the labels of each word."""
    shifted = scores - scores.max(axis=1, keepdims=True, initial=_NEVER)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), np.float32)


def decode(scores: Scores, gaps: Sequence[int]) -> list[Found]:
    """Find the best sequence of labels in which every mention begins properly and ends within its line.

    Args:
        scores: Log probabilities, one row a word, one column a label.
        gaps: What stands before each word.

    Returns:
        The mentions in order.
    """
    if not len(scores):
        return []
    labels = best_path(scores, gaps)
    found: list[Found] = []
    start = -1
    for index, label in enumerate([*labels, 0]):
        if start >= 0 and (label == 0 or label % 2 == 1):
            found.append(_found(scores, labels, start, index))
            start = -1
        if label % 2 == 1:
            start = index
    return found


def _found(scores: Scores, labels: Sequence[int], start: int, end: int) -> Found:
    """Return a mention with its score: every word has its label, and the next word does not continue it."""
    kind = (labels[start] - 1) // 2
    score = sum(float(scores[index, labels[index]]) for index in range(start, end))
    if end < len(labels):
        score += float(np.log1p(-min(np.exp(scores[end, 2 + 2 * kind]), 0.999)))
    return Found(start, end, kind, float(np.exp(score)))


_SURELY_NONE = -1e-4
"""Log probability of a word that every sequence worth a thought leaves out of names."""


def best_path(scores: Scores, gaps: Sequence[int]) -> list[int]:
    """Return the label of each word in the best sequence of labels that is allowed.

    The best label of each word alone is the answer wherever it breaks no rule. No rule reaches across a line break or
    a word that is surely no name, so only what lies between them and breaks a rule is searched.
    """
    labels = scores.argmax(axis=1)
    starts = (np.asarray(gaps) == NEWLINE) | (scores[:, 0] > _SURELY_NONE)
    starts[0] = True
    before = np.concatenate(([0], labels[:-1]))
    continues = (labels > 0) & (labels % 2 == 0)
    broken = continues & (starts | ((before != labels) & (before != labels - 1)))
    if broken.any():
        borders = [*np.flatnonzero(starts), len(labels)]
        for start, end in pairwise(borders):
            if broken[start:end].any():
                labels[start:end] = _search(scores[start:end])
    return [int(label) for label in labels]


def _search(scores: Scores) -> list[int]:
    """Return the best sequence of labels of one line (Viterbi with hard transitions).

    A continuing label may only follow the two labels of its own kind, so the best label before it is the better
    of two, and the best label before any other is the best of all: no table of transitions is needed. Thirteen
    numbers a word are too few for numpy to be faster than lists (measured: five times slower).
    """
    rows: list[list[float]] = scores.tolist()
    insides = range(2, len(rows[0]), 2)
    total = rows[0]
    for inside in insides:
        total[inside] += _NEVER
    back: list[list[int]] = []
    for row in rows[1:]:
        most = max(total)
        before = [total.index(most)] * len(row)
        new = [score + most for score in row]
        for inside in insides:
            before[inside] = inside if total[inside] > total[inside - 1] else inside - 1
            new[inside] = row[inside] + total[before[inside]]
        back.append(before)
        total = new
    path = [total.index(max(total))]
    for before in reversed(back):
        path.append(before[path[-1]])
    return path[::-1]
