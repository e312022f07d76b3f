"""Verdicts applied: rows come in, corrected rows go out.

A name in a verdict means every row that has it as its name or an alias; an id or a pattern with ``*`` does too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from entityscan.merging.rows import hashed, make_row, mention_attributes, output_order
from entityscan.merging.steps import whole
from entityscan.names import name_key
from entityscan.partition import Partition
from entityscan.records import Entity, Kind, Mention, Receipt
from entityscan.verdicts.reading import Verdict
from entityscan.verdicts.table import Table, is_pattern, means


@dataclass(frozen=True, slots=True)
class Applied:
    """Corrected rows, and the verdicts that found nothing to correct."""

    entities: list[Entity]
    unmatched: list[str]
    """One message each."""


def apply(
    verdicts: Sequence[Verdict], entities: Iterable[Entity], published: Mapping[str, str] | None = None
) -> Applied:
    """Correct rows: drops first, then kinds, what is the same, what is different, and names last.

    Args:
        verdicts: As :func:`load` gives them.
        entities: Rows in any order.
        published: Date of each document that has one.

    Returns:
        The rows in the order of the output contract's kinds and counts, and what matched nothing.
    """
    decided = _Decided(entities, published or {})
    unmatched = []
    everywhere_first = sorted(verdicts, key=lambda verdict: bool(verdict.document))
    for action in ("drop", "kind", "same", "different", "rename"):
        for verdict in everywhere_first:
            if verdict.action == action:
                missing = getattr(decided, action)(verdict)
                unmatched += [f"{verdict}: {missing}"] if missing else []
        decided.settle()
    return Applied(sorted(decided.rows, key=output_order), unmatched)


@dataclass(frozen=True, slots=True)
class _Joined:
    """Rows that are to be one."""

    parts: Sequence["Entity | Receipt | _Joined"]
    """The rows and what joins them, in the order of their receipts; the first row gives its name."""
    first: Mention

    def rows_and_receipts(self) -> tuple[list[Entity], list[Receipt]]:
        """Give all rows, and all receipts in order."""
        rows: list[Entity] = []
        receipts: list[Receipt] = []
        rest: list[Entity | Receipt | _Joined] = [self]
        while rest:  # no recursion: a thousand verdicts nest a thousand deep
            match rest.pop():
                case _Joined() as joined:
                    rest += reversed(joined.parts)
                case Receipt() as receipt:
                    receipts.append(receipt)
                case row:
                    rows.append(row)
                    receipts += row.why
        return rows, receipts


class _Decided:
    """Rows that are being corrected; each method gives what a verdict lacked, or an empty string."""

    def __init__(self, entities: Iterable[Entity], published: Mapping[str, str]) -> None:
        self.rows = Table(entities)
        self._published = published
        self._joined: dict[int, _Joined] = {}
        """By the :func:`id` of their first row, rows that are made one when all verdicts on them are known."""

    def drop(self, verdict: Verdict) -> str:
        """Take rows out, or their mentions in some documents."""
        found = self._named(verdict, verdict.names[0])
        for entity in found:
            inside, outside = _divided(verdict, entity)
            self.rows.put(entity, [self._part(entity, outside)] if inside and outside else [])
        return "" if found else "nothing has that name"

    def kind(self, verdict: Verdict) -> str:
        """Give rows another kind, and join a row of that kind that has their name."""
        kind = Kind(verdict.to)
        found = self._named(verdict, verdict.names[0])
        for entity in (row for row in found if row.kind is not kind):
            inside, outside = _divided(verdict, entity)
            changed = [
                replace(mention, kind=kind, title=mention.title if kind is Kind.PERSON else "")
                for mention in inside
            ]
            other = next((row for row in self.rows.called(entity.name) if row.kind is kind), None)
            moved = self._made(
                hashed(kind, f"verdict {name_key(entity.name)}"), entity.name, changed, {}, entity.why
            )
            self.rows.put(entity, [moved, *([self._part(entity, outside)] if outside else [])])
            if other is not None:
                self._join([other, moved])
                self.settle()
        return "" if found else "nothing has that name"

    def same(self, verdict: Verdict) -> str:
        """Join rows; those that hold in all documents are only noted, so that many on one row make it once."""
        if verdict.document or any(map(is_pattern, verdict.names)):
            self.settle()
        found: dict[str, Entity] = {}
        for name in verdict.names:
            named = self._named(verdict, name)
            if not named:
                return f"nothing is called {name!r}"
            found |= {entity.id: entity for entity in named}
        kind = next(iter(found.values())).kind
        if any(entity.kind is not kind for entity in found.values()):
            return "the rows are of different kinds; add 'of', or a verdict on the kind"
        inside_all: list[Entity] = []
        for entity in found.values():
            inside, outside = _divided(verdict, entity)
            if outside:
                part = self._part(entity, inside, hashed(entity.kind, f"{entity.id} {verdict.document}"))
                self.rows.put(entity, [self._part(entity, outside), part])
                entity = part
            inside_all.append(entity)
        self._join(inside_all)
        return ""

    def different(self, verdict: Verdict) -> str:
        """Split rows that have several of the names, or what some documents say from the rest."""
        if len(verdict.names) == 1:
            found = self._named(verdict, verdict.names[0])
            for entity in found:
                inside, outside = _divided(verdict, entity)
                if inside and outside:
                    key = f"{entity.id} {verdict.document}"
                    self.rows.put(
                        entity,
                        [self._part(entity, outside), self._part(entity, inside, hashed(entity.kind, key))],
                    )
            return "" if found else "nothing has that name"
        for name in verdict.names:
            if not self._named(verdict, name):
                return f"nothing is called {name!r}"
        for entity in self.rows.with_alias(verdict.names):
            self._split(verdict, entity)
        return ""

    def rename(self, verdict: Verdict) -> str:
        """Give rows another name."""
        found = self._named(verdict, verdict.names[0])
        for entity in found:
            self.rows.put(entity, [replace(entity, name=verdict.to)])
        return "" if found else "nothing has that name"

    # ------------------------------------------------------------ steps

    def _named(self, verdict: Verdict, name: str) -> list[Entity]:
        """Give the rows that a name means where the verdict holds: by name, else by alias."""
        rows = [
            entity
            for entity in self.rows.meant(name)
            if verdict.of in (None, entity.kind)
            and any(verdict.holds_in(mention.document) for mention in entity.mentions)
        ]
        return [row for row in rows if means(name, row.name) or name == row.id] or rows

    def _join(self, rows: Sequence[Entity]) -> None:
        """Note that rows are one; the first stands for all until they are settled."""
        if len(rows) < 2:
            return
        parts = [self._joined.pop(id(row), _Joined([row], row.mentions[0])) for row in rows]
        head, *others = (part.first for part in parts)
        receipts = (
            Receipt("verdict", one.text, head.text, one.document, one.start, one.end) for one in others
        )
        self._joined[id(rows[0])] = _Joined([*parts, *receipts], min(head, *others, key=whole))
        for row in rows[1:]:
            self.rows.absorb(rows[0], row)

    def settle(self) -> None:
        """Make the rows that were joined."""
        for joined in self._joined.values():
            [first, *others], receipts = joined.rows_and_receipts()
            mentions = [mention for row in (first, *others) for mention in row.mentions]
            facts: dict[str, Any] = {}
            for row in (*reversed(others), first):
                facts |= row.attributes
            made = self._made(first.id, first.name, mentions, facts, tuple(_chain(receipts)))
            for row in others:
                self.rows.put(row, [])
            self.rows.put(first, [made])
        self._joined.clear()

    def _split(self, verdict: Verdict, entity: Entity) -> None:
        """Split a row by the names of a verdict; every other name goes where the receipts lead first."""
        if verdict.of not in (None, entity.kind):
            return
        texts = [alias.text for alias in entity.aliases]
        owners = {text: n for n, name in enumerate(verdict.names) for text in texts if means(name, text)}
        if len(set(owners.values())) < 2:
            return
        owners = _spread(owners, entity.why)
        parts: dict[int, list[Mention]] = defaultdict(list)
        main = owners.get(entity.name, min(owners.values()))
        for mention in entity.mentions:
            apart = verdict.holds_in(mention.document)
            parts[owners.get(mention.text, main) if apart else main].append(mention)
        made = []
        for number, mentions in sorted(parts.items(), key=lambda item: item[0] != main):
            name = entity.name if number == main else _name(verdict.names[number], mentions)
            part_id = entity.id if number == main else hashed(entity.kind, f"{entity.id} {name_key(name)}")
            made.append(self._part(entity, mentions, part_id, name))
        self.rows.put(entity, made)

    def _part(
        self, entity: Entity, mentions: Sequence[Mention], entity_id: str = "", name: str = ""
    ) -> Entity:
        """Make a row of some of a row's mentions, with the receipts and the facts that are theirs."""
        texts = {mention.text for mention in mentions}
        why = tuple(receipt for receipt in entity.why if {receipt.left, receipt.right} <= texts)
        facts = {key: value for key, value in entity.attributes.items() if key != "namesake"}
        return self._made(entity_id or entity.id, name or entity.name, mentions, facts, why)

    def _made(
        self,
        entity_id: str,
        name: str,
        mentions: Sequence[Mention],
        facts: Mapping[str, Any],
        why: tuple[Receipt, ...],
    ) -> Entity:
        attributes = {**facts, **mention_attributes(mentions)}
        attributes = {key: value for key, value in attributes.items() if value}
        return make_row(entity_id, name, mentions, self._published, attributes=attributes, why=why)


def _chain(receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    """Leave out receipts for texts that earlier ones have linked."""
    linked = Partition[str]()
    yield from (receipt for receipt in receipts if linked.join(receipt.left, receipt.right))


def _divided(verdict: Verdict, entity: Entity) -> tuple[list[Mention], list[Mention]]:
    """Give the mentions of a row in the documents of a verdict, and the others."""
    inside = [mention for mention in entity.mentions if verdict.holds_in(mention.document)]
    return inside, [mention for mention in entity.mentions if not verdict.holds_in(mention.document)]


def _name(name: str, mentions: Sequence[Mention]) -> str:
    """Give the text that a verdict's name means among the mentions."""
    return next((mention.text for mention in mentions if means(name, mention.text)), mentions[0].text)


def _spread(owners: Mapping[str, int], receipts: Sequence[Receipt]) -> dict[str, int]:
    """Give every text that receipts link to an owner's text the same owner, the nearest first."""
    ways: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, receipt in enumerate(receipts):
        ways[receipt.left].append((2 * number + 1, receipt.right))
        ways[receipt.right].append((2 * number, receipt.left))
    found, near = dict(owners), dict(owners)
    while near:
        steps = sorted((way, text, near[start]) for start in near for way, text in ways[start])
        near = {text: owner for _, text, owner in steps if text not in found}
        found |= near
    return found
