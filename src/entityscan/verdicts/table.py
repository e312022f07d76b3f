"""Rows in their order, found by name, alias or id, and replaced where they stand."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from entityscan.names import name_key
from entityscan.partition import Partition
from entityscan.records import Entity

_PATTERN = re.compile(r"[*?]")
_Place = tuple[int, ...]
"""Where a row stands; the parts of a row stand where it stood: (3, 0), (3, 1)."""


def is_pattern(name: str) -> bool:
    """Tell whether a name of a verdict is a pattern, such as ``Orlov*``."""
    return _PATTERN.search(name) is not None


def means(name: str, text: str) -> bool:
    """Tell whether a name or pattern of a verdict means a text."""
    if is_pattern(name):
        return fnmatchcase(text.casefold(), name.casefold())
    return name_key(name) == name_key(text)


class Table:
    """Rows that change; a verdict looks at those that it may mean, so that many verdicts on many rows are no product."""

    def __init__(self, rows: Iterable[Entity]) -> None:
        self._rows: dict[_Place, Entity] = {}
        self._places: dict[int, _Place] = {}
        self._by_name: dict[str, set[_Place]] = defaultdict(set)
        self._by_alias: dict[str, set[_Place]] = defaultdict(set)
        self._by_id: dict[str, set[_Place]] = defaultdict(set)
        self._heads = Partition[_Place]()
        """Of rows that were absorbed, where those stand that stand for them."""
        for number, row in enumerate(rows):
            self._add((number,), row)

    def __iter__(self) -> Iterator[Entity]:
        """Yield the rows in order."""
        return iter(self._at(self._rows))

    def called(self, name: str) -> list[Entity]:
        """Give the rows with a name, however it is spelt."""
        return self._at(self._by_name.get(name_key(name), ()))

    def meant(self, name: str) -> list[Entity]:
        """Give the rows that a name of a verdict means: by name, alias or id."""
        if is_pattern(name):
            return [row for row in self if any(means(name, text) for text in _texts(row))]
        key = name_key(name)
        aliased = map(self._heads.head, self._by_alias.get(key, ()))
        return self._at({*self._by_name.get(key, ()), *self._by_id.get(name, ()), *aliased})

    def with_alias(self, names: Sequence[str]) -> list[Entity]:
        """Give the rows that may have one of a verdict's names among their aliases."""
        if any(map(is_pattern, names)):
            return list(self)
        return self._at(set().union(*(self._by_alias.get(name_key(name), ()) for name in names)))

    def absorb(self, row: Entity, other: Entity) -> None:
        """Let a row stand for another, which is only found by its aliases then, until both are :meth:`put`."""
        place = self._places[id(other)]
        self._by_name[name_key(other.name)].discard(place)
        self._by_id[other.id].discard(place)
        self._heads.join(place, self._places[id(row)])

    def put(self, row: Entity, parts: Sequence[Entity]) -> None:
        """Put others in the place of a row, or nothing."""
        place = self._places.pop(id(row))
        del self._rows[place]
        self._by_name[name_key(row.name)].discard(place)
        self._by_id[row.id].discard(place)
        for alias in row.aliases:
            self._by_alias[name_key(alias.text)].discard(place)
        for number, part in enumerate(parts):
            self._add((*place, number) if len(parts) > 1 else place, part)

    def _add(self, place: _Place, row: Entity) -> None:
        self._rows[place] = row
        self._places[id(row)] = place
        self._by_name[name_key(row.name)].add(place)
        self._by_id[row.id].add(place)
        for alias in row.aliases:
            self._by_alias[name_key(alias.text)].add(place)

    def _at(self, places: Iterable[_Place]) -> list[Entity]:
        return [self._rows[place] for place in sorted(places)]


def _texts(row: Entity) -> Iterator[str]:
    yield row.name
    yield from (alias.text for alias in row.aliases)
