"""Measures of merging: how well one partition of mentions agrees with another.

A partition is a mapping from mention to cluster id. Both sides may hold mentions that the other
lacks: a gold mention without a prediction costs recall, a prediction without gold costs precision.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Partition = Mapping[Any, Hashable]
"""Mention -> id of its cluster."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and their harmonic mean, each 0..1."""

    precision: float
    recall: float
    f1: float


def _agreement(precision: float, recall: float) -> Agreement:
    total = precision + recall
    return Agreement(precision, recall, 2 * precision * recall / total if total else 0.0)


def _ratio(part: float, whole: float, *, empty: float = 0.0) -> float:
    return part / whole if whole else empty


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Sizes of the clusters of both sides and of what they share."""

    key: Counter[Hashable]
    response: Counter[Hashable]
    both: Counter[tuple[Hashable, Hashable]]


def _overlap(key: Partition, response: Partition) -> _Overlap:
    both = Counter((cluster, response[mention]) for mention, cluster in key.items() if mention in response)
    return _Overlap(Counter(key.values()), Counter(response.values()), both)


def b_cubed(key: Partition, response: Partition) -> Agreement:
    """B-cubed (Bagga and Baldwin 1998): per mention, the share of its cluster that is right."""
    seen = _overlap(key, response)
    recall = sum(n * n / seen.key[gold] for (gold, _), n in seen.both.items())
    precision = sum(n * n / seen.response[found] for (_, found), n in seen.both.items())
    return _agreement(_ratio(precision, len(response)), _ratio(recall, len(key)))


def _links(size: int) -> int:
    return size * (size - 1) // 2


def pairwise(key: Partition, response: Partition) -> Agreement:
    """Pairs of mentions put together; precision or recall is 1 where there is no pair to judge."""
    seen = _overlap(key, response)
    shared = sum(map(_links, seen.both.values()))
    precision = _ratio(shared, sum(map(_links, seen.response.values())), empty=1.0)
    return _agreement(precision, _ratio(shared, sum(map(_links, seen.key.values())), empty=1.0))


def lea(key: Partition, response: Partition) -> Agreement:
    """LEA (Moosavi and Strube 2016): per entity, the share of its links that is found, by its size.

    An entity of one mention has one link, to itself; it is found when the other side has the same
    mention alone.
    """
    seen = _overlap(key, response)
    found: dict[str, float] = {"key": 0.0, "response": 0.0}
    for (gold, answer), n in seen.both.items():
        sizes = {"key": seen.key[gold], "response": seen.response[answer]}
        alone = all(size == 1 for size in sizes.values())
        for side, size in sizes.items():
            found[side] += size * _links(n) / _links(size) if size > 1 else float(alone)
    return _agreement(_ratio(found["response"], len(response)), _ratio(found["key"], len(key)))


def ceaf_e(key: Partition, response: Partition) -> Agreement:
    """Entity-based CEAF (Luo 2005): the best one-to-one alignment of entities, by their Dice overlap."""
    seen = _overlap(key, response)
    total = sum(_best_total(part, seen) for part in _components(seen.both))
    return _agreement(_ratio(total, len(seen.response)), _ratio(total, len(seen.key)))


def _components(
    edges: Iterable[tuple[Hashable, Hashable]],
) -> list[list[tuple[Hashable, Hashable]]]:
    """Part the overlaps into groups that share no cluster: each can be aligned by itself."""
    of_key: dict[Hashable, list[tuple[Hashable, Hashable]]] = defaultdict(list)
    of_response: dict[Hashable, list[tuple[Hashable, Hashable]]] = defaultdict(list)
    for edge in edges:
        of_key[edge[0]].append(edge)
        of_response[edge[1]].append(edge)
    parts, seen = [], set()
    for start in [found[0] for found in of_key.values()]:
        if start in seen:
            continue
        seen.add(start)
        part, waiting = [], [start]
        while waiting:
            edge = waiting.pop()
            part.append(edge)
            near = {*of_key[edge[0]], *of_response[edge[1]]} - seen
            seen |= near
            waiting.extend(near)
        parts.append(part)
    return parts


def _best_total(part: list[tuple[Hashable, Hashable]], seen: _Overlap) -> float:
    golds = {gold: row for row, gold in enumerate(dict.fromkeys(gold for gold, _ in part))}
    answers = {answer: column for column, answer in enumerate(dict.fromkeys(answer for _, answer in part))}
    gain = np.zeros((len(golds), len(answers)))
    for gold, answer in part:
        dice = 2 * seen.both[gold, answer] / (seen.key[gold] + seen.response[answer])
        gain[golds[gold], answers[answer]] = dice
    return float(gain.max()) if 1 in gain.shape else best_assignment(gain)


def best_assignment(gain: NDArray[np.float64]) -> float:
    """Give the largest total of a one-to-one assignment of rows to columns.

    The Hungarian method with potentials, O(rows² · columns) with the inner loop in numpy: seconds for
    a thousand entities that are all entangled, which only a broken merging shows.
    """
    cost = -(gain if gain.shape[0] <= gain.shape[1] else gain.T)
    rows, columns = cost.shape
    of_row, of_column = np.zeros(rows + 1), np.zeros(columns + 1)  # potentials; column 0 is a dummy
    owner = np.zeros(columns + 1, dtype=np.intp)  # 1-based row that holds the column, 0: free
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least = np.full(columns + 1, np.inf)
        came_from = np.zeros(columns + 1, dtype=np.intp)
        used = np.zeros(columns + 1, dtype=bool)
        while owner[column] != 0:
            used[column] = True
            here = owner[column]
            slack = cost[here - 1] - of_row[here] - of_column[1:]
            better = ~used[1:] & (slack < least[1:])
            least[1:][better] = slack[better]
            came_from[1:][better] = column
            following = 1 + int(np.argmin(np.where(used[1:], np.inf, least[1:])))
            step = least[following]
            of_row[owner[used]] += step
            of_column[used] -= step
            least[~used] -= step
            column = following
        while column:
            owner[column] = owner[came_from[column]]
            column = int(came_from[column])
    return float(-sum(cost[owner[c] - 1, c - 1] for c in range(1, columns + 1) if owner[c]))


MEASURES = {"b_cubed": b_cubed, "pairwise": pairwise, "ceaf_e": ceaf_e, "lea": lea}
"""Every measure of merging by its name in the report."""
