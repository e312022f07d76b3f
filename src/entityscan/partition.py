"""Things in groups that only ever grow together: which are one, when one is told of two at a time."""

from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Partition(Generic[T]):
    """Every thing is a group of its own until it is joined.

    >>> groups = Partition[str]()
    >>> groups.join("a", "b"), groups.join("b", "c"), groups.join("c", "a")
    (True, True, False)
    >>> groups.head("a") == groups.head("c"), groups.head("d")
    (True, 'd')
    """

    def __init__(self) -> None:
        self._above: dict[T, T] = {}

    def head(self, thing: T) -> T:
        """Give the one that stands for the group of a thing."""
        above = self._above
        while (upper := above.get(thing, thing)) != thing:
            above[thing] = thing = above.get(upper, upper)  # halves the way for who asks next
        return thing

    def join(self, one: T, other: T) -> bool:
        """Join the group of ``one`` to that of ``other``, whose head stays; False when they are one already."""
        lower, upper = self.head(one), self.head(other)
        if lower != upper:
            self._above[lower] = upper
        return lower != upper
