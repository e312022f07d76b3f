"""The three steps of both rounds: pairs that share a key, links that rules give, groups that no veto keeps apart."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar

from entityscan import rules
from entityscan.records import Kind, Mention
from entityscan.rules import Form

T = TypeVar("T")

LARGEST_BLOCK = 100
"""Names that share a key and are all compared with each other; in 4,500 news articles there are 35 at most."""
whole = attrgetter(*(item.name for item in fields(Mention) if item.compare))
"""Sort key that sees every compared field of a mention; faster than its own comparison."""


@dataclass(frozen=True, slots=True)
class Link:
    """A reason to join two forms; the place of ``left`` shows it."""

    rule: str
    left: Form
    right: Form
    certain: bool = False
    """True when the text itself equates the two, so that no veto speaks against it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What one document calls one thing."""

    forms: tuple[Form, ...]
    links: tuple[Link, ...]
    identity: str
    """Clusters of equal identity are one entity."""
    name: str = ""
    """Name of the known thing that the identity stands for, or empty."""
    rule: str = "same name"
    """Why this cluster has that identity."""
    ambiguous: bool = False
    beside: tuple[str, ...] = ()
    """Identities of all names in its document, this one among them, in order."""
    labels: Mapping[Mention, Kind] = field(default_factory=dict)
    """Kinds that its mentions were labelled with, of those that have another now."""
    published: str = ""
    """ISO 8601 date of its document, or empty."""
    namesake: str = ""
    """Person: what the articles say that tells this one from another of that name, or empty."""

    @property
    def kind(self) -> Kind:
        """Kind of all its forms."""
        return self.forms[0].kind


def candidate_pairs(forms: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    """Yield every two forms of one kind that share a key, and enough besides, each pair once."""
    blocks: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for index, form in enumerate(forms):
        for key in rules.keys(form):
            blocks[form.kind, key].append(index)
    meeting = list(map(rules.meeting_keys, forms))
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        for pair in pairs_of(block, meeting.__getitem__):
            if pair not in seen:
                seen.add(pair)
                left, right = forms[pair[0]], forms[pair[1]]
                if rules.share_enough(left, right):
                    yield left, right


def pairs_of(
    block: Sequence[T],
    keys: Callable[[T], Iterable[Hashable] | None] = lambda _: None,
    near: int | None = None,
) -> Iterator[tuple[T, T]]:
    """Yield every two of a block that may meet; of a block larger than any real article makes, only those near each other.

    So the work grows with the number of names, not with its square.

    Args:
        block: Things that share a key.
        keys: Further keys of a thing, of which those that meet share one; None when it may meet all.
        near: With how many of the next each is paired in a large block; ``LARGEST_BLOCK`` when not given.
    """
    next_ones = LARGEST_BLOCK if near is None or len(block) <= LARGEST_BLOCK else near
    found = list(map(keys, block))
    places: dict[Hashable, list[int]] = defaultdict(list)
    for place, own in enumerate(found):
        for key in (None,) if own is None else own:
            places[key].append(place)
    for place, own in enumerate(found):
        later: Iterable[int] = range(place + 1, min(place + 1 + next_ones, len(block)))
        if own is not None:
            rows = (places[key] for key in (*own, None) if key in places)
            later = sorted({other for row in rows for other in _between(row, place, place + next_ones)})
        for other in later:
            yield block[place], block[other]


def _between(places: list[int], after: int, last: int) -> list[int]:
    return places[bisect_right(places, after) : bisect_right(places, last)]


def judge(pairs: Iterable[tuple[Form, Form]]) -> list[Link]:
    """Give a link for every pair that a rule joins and no veto keeps apart."""
    links = []
    for left, right in pairs:
        rule = rules.reason(left, right)
        if rule and not rules.veto(left, right):
            links.append(Link(rule, left, right))
    return links


class Groups:
    """Forms in groups that only ever grow, and never across a veto."""

    def __init__(self, forms: Iterable[Form], vetoed: Callable[[Form, Form], object] = rules.veto) -> None:
        self._members = {form: [form] for form in forms}
        self._vetoed = lru_cache(maxsize=None)(vetoed)
        self._heard: dict[int, dict[Hashable, Form]] = {}
        """By group the forms that speak for all whom vetoes see alike, where they are fewer."""
        self.links: list[Link] = []

    def of(self, form: Form) -> list[Form]:
        """Give the group of a form, itself among it."""
        return self._members[form]

    def add(self, form: Form) -> None:
        """Start a group of one."""
        self._members[form] = [form]

    def drop(self, form: Form) -> None:
        """Take out a form that is a group of its own."""
        self._heard.pop(id(self._members.pop(form)), None)

    def __contains__(self, form: Form) -> bool:
        return form in self._members

    def join(self, link: Link) -> bool:
        """Join the groups of a link's two forms, unless a pair across them is vetoed."""
        left, right = self._members[link.left], self._members[link.right]
        if left is not right:
            ours, theirs = self._speakers(left), self._speakers(right)
            if not link.certain and any(
                self._vetoed(one, two) for one in ours.values() for two in theirs.values()
            ):
                return False
            if len(left) < len(right):  # whoever moves is in a group at least twice as large then
                left, right, ours, theirs = right, left, theirs, ours
            left.extend(right)
            ours.update(theirs)
            self._heard.pop(id(right), None)
            for form in right:
                self._members[form] = left
        self.links.append(link)
        return True

    def _speakers(self, members: list[Form]) -> dict[Hashable, Form]:
        """Give one form of a group for all that vetoes see alike."""
        return self._heard.setdefault(id(members), {rules.veto_key(members[0]): members[0]})

    def __iter__(self) -> Iterator[list[Form]]:
        """Yield every group once, in the order of its first form."""
        seen: set[int] = set()
        for members in self._members.values():
            if id(members) not in seen:
                seen.add(id(members))
                yield members


def group(
    forms: Iterable[Form], links: Iterable[Link], vetoed: Callable[[Form, Form], object] = rules.veto
) -> list[list[Form]]:
    """Join the forms along the links, in their order, where no pair across two groups is vetoed."""
    groups = Groups(forms, vetoed)
    for link in links:
        groups.join(link)
    return [sorted(members) for members in groups]
