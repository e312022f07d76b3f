"""Compare two results: which entities are new, gone, merged, split, renamed, or mentioned more or less.

Entities of the two results belong together when they share a mention of the same text, or an id. An
article is the same one when its text is, whatever its path.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from entityscan.records import DocumentInfo, Entity, Result

SCHEMA = "entityscan-diff/1"


class Change(StrEnum):
    """What happened to an entity; in the order of the table."""

    MERGED = "merged"
    """Several entities became one."""
    SPLIT = "split"
    """One entity became several."""
    NEW = "new"
    GONE = "gone"
    RELABELLED = "relabelled"
    """Another kind: an organisation that was a place."""
    RENAMED = "renamed"
    GROWN = "grown"
    SHRUNK = "shrunk"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, with the entities before and after it."""

    change: Change
    old: tuple[Entity, ...]
    new: tuple[Entity, ...]

    @property
    def shown(self) -> Entity:
        """The entity that stands for the change: the new one where there is any."""
        return (self.new or self.old)[0]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two results."""

    differences: tuple[Difference, ...]
    """By change, then mentions of the shown entity descending, then name."""
    added: tuple[str, ...]
    """Ids of articles whose text only the new result has."""
    removed: tuple[str, ...]
    """Ids of articles whose text only the old result has."""

    @property
    def same(self) -> bool:
        """True when no entity differs."""
        return not self.differences


def diff(old: Result, new: Result) -> Comparison:
    """Compare ``old`` with ``new``.

    Two entities belong together when most of the mentions that one shares with the other result are
    in the other. One entity can have two changes, such as renamed and grown.
    """
    before = {entity.id: entity for entity in old.entities}
    after = {entity.id: entity for entity in new.entities}
    pairs = _pairs(old, new)
    successors: dict[str, list[str]] = defaultdict(list)
    ancestors: dict[str, list[str]] = defaultdict(list)
    for left, right in sorted(pairs):
        successors[left].append(right)
        ancestors[right].append(left)
    found: list[Difference] = []
    for key, entity in after.items():
        origins = tuple(before[item] for item in ancestors[key])
        if not origins:
            found.append(Difference(Change.NEW, (), (entity,)))
        elif len(origins) > 1:
            found.append(Difference(Change.MERGED, origins, (entity,)))
        elif len(successors[origins[0].id]) == 1:
            found += _compared(origins[0], entity)
    for key, entity in before.items():
        results = tuple(after[item] for item in successors[key])
        if not results:
            found.append(Difference(Change.GONE, (entity,), ()))
        elif len(results) > 1:
            found.append(Difference(Change.SPLIT, (entity,), results))
    return Comparison(
        tuple(sorted(found, key=_order)),
        tuple(_only(new.documents, old.documents)),
        tuple(_only(old.documents, new.documents)),
    )


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as a JSON object of schema ``entityscan-diff/1``."""
    counts = Counter(item.change for item in comparison.differences)
    return {
        "schema": SCHEMA,
        "same": comparison.same,
        "counts": {change.value: counts[change] for change in Change},
        "articles": {"added": comparison.added, "removed": comparison.removed},
        "changes": [
            {
                "change": item.change.value,
                "old": [_summary(entity) for entity in item.old],
                "new": [_summary(entity) for entity in item.new],
            }
            for item in comparison.differences
        ],
    }


def rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return the comparison as rows of a table: change, kind, before, after, mentions before and after."""
    return [
        (
            item.change.value,
            item.shown.kind.value,
            _names(item.old),
            _names(item.new),
            f"{_mentions(item.old)} → {_mentions(item.new)}",
        )
        for item in comparison.differences
    ]


def _pairs(old: Result, new: Result) -> set[tuple[str, str]]:
    """Give the ids of entities that belong together, old and new."""
    owner = dict(_places(new))
    shared: Counter[tuple[str, str]] = Counter(
        (left, owner[place]) for place, left in _places(old) if place in owner
    )
    linked = {key for pair in shared for key in pair}  # shared mentions say more than an id
    known = {entity.id for entity in old.entities} & {entity.id for entity in new.entities}
    return _best(shared, 0) | _best(shared, 1) | {(key, key) for key in known - linked}


def _best(shared: Mapping[tuple[str, str], int], side: int) -> set[tuple[str, str]]:
    """Give each entity of one side its partner: the one with most shared mentions."""
    best: dict[str, tuple[str, str]] = {}
    for pair in sorted(shared, key=lambda pair: (-shared[pair], pair[0] != pair[1], pair)):
        best.setdefault(pair[side], pair)
    return set(best.values())


def _places(result: Result) -> Iterable[tuple[tuple[str, int, int], str]]:
    """Yield every mention as (article, start, end), with its entity's id."""
    digests = {info.id: info.sha256 for info in result.documents}
    for entity in result.entities:
        for found in entity.mentions:
            yield (digests.get(found.document, found.document), found.start, found.end), entity.id


def _compared(old: Entity, new: Entity) -> list[Difference]:
    changes = []
    if old.kind is not new.kind:
        changes.append(Change.RELABELLED)
    if old.name != new.name:
        changes.append(Change.RENAMED)
    if len(old.mentions) != len(new.mentions):
        changes.append(Change.GROWN if len(old.mentions) < len(new.mentions) else Change.SHRUNK)
    return [Difference(change, (old,), (new,)) for change in changes]


def _only(here: Sequence[DocumentInfo], there: Sequence[DocumentInfo]) -> list[str]:
    known = {info.sha256 for info in there}
    return sorted(info.id for info in here if info.sha256 not in known)


def _order(item: Difference) -> tuple[int, int, str, str]:
    shown = item.shown
    return list(Change).index(item.change), -len(shown.mentions), shown.name, shown.id


def _summary(entity: Entity) -> dict[str, Any]:
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "mentions": len(entity.mentions),
        "documents": entity.documents,
    }


def _names(entities: Iterable[Entity]) -> str:
    return " + ".join(entity.name for entity in entities)


def _mentions(entities: Iterable[Entity]) -> int:
    return sum(len(entity.mentions) for entity in entities)
