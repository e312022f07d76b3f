"""The user's verdicts on rows, applied after every rule: same, different, drop, rename, kind.

A TOML file comes in (``docs/verdicts.md``), rows come in, corrected rows go out. A name in a verdict
means every row that has it as its name or an alias; an id or a pattern with ``*`` does too.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from itertools import combinations
from pathlib import Path
from typing import Any

from entityscan.errors import InputError
from entityscan.merging.rows import hashed, make_row, mention_attributes, output_order
from entityscan.names import name_key
from entityscan.records import Entity, Kind, Mention, Receipt

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "same": ("names",),
    "different": ("names",),
    "drop": ("name",),
    "rename": ("name", "to"),
    "kind": ("name", "to"),
}
"""The fields that each kind of verdict needs; ``kind`` must be a kind's word in its ``to``."""
_OPTIONAL = ("document", "of", "note")
_HEADER = re.compile(r"^\s*\[\[\s*(\w+)\s*\]\]", re.MULTILINE)
_PATTERN = re.compile(r"[*?]")
_ID = re.compile(rf"(?:{'|'.join(Kind)}):[0-9a-f]{{16}}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision of the user."""

    action: str
    names: tuple[str, ...]
    """Names, ids or patterns that it is about."""
    to: str = ""
    """``rename``: the new name; ``kind``: the kind."""
    document: str = ""
    """Pattern of the documents that it holds for, or empty: everywhere."""
    of: Kind | None = None
    """Only rows of this kind."""
    place: str = field(default="", compare=False)
    """File and line, for messages."""

    def __str__(self) -> str:
        """Tell the verdict as the command line takes it."""
        words = " ".join(repr(word) for word in (*self.names, *filter(None, [self.to])))
        return f"{self.place}: {self.action} {words}"

    def holds_in(self, document: str) -> bool:
        """Tell whether it is about a document."""
        return not self.document or fnmatchcase(document, self.document)


@dataclass(frozen=True, slots=True)
class Applied:
    """Corrected rows, and the verdicts that found nothing to correct."""

    entities: list[Entity]
    unmatched: list[str]
    """One message each."""


def load(path: str | Path) -> tuple[Verdict, ...]:
    """Read a file of verdicts.

    Raises:
        InputError: when it cannot be read, breaks the schema, or contradicts itself.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as err:
        reason = getattr(err, "strerror", None) or "not UTF-8 text"
        raise InputError(f"{path}: {reason.lower()}") from err
    return parse(text, str(path))


def parse(text: str, path: str) -> tuple[Verdict, ...]:
    """Read verdicts from a text; see :func:`load`."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as err:  # also a number too long, and lists too deep
        raise InputError(f"{path}: not TOML: {err}") from err
    lines: dict[str, list[int]] = defaultdict(list)
    line, counted = 1, 0
    for match in _HEADER.finditer(text):
        line += text.count("\n", counted, match.start(1))
        counted = match.start(1)
        lines[match[1]].append(line)
    verdicts = []
    for action, rows in tables.items():
        if action not in ACTIONS or not isinstance(rows, list):
            raise InputError(f"{path}: [[{action}]] is no verdict; choose one of: {', '.join(ACTIONS)}")
        if len(rows) != len(lines[action]):  # a verdict must never be passed over
            raise InputError(f"{path}: {action}: begin each verdict with a line [[{action}]]")
        for row, line in zip(rows, lines[action], strict=True):
            verdicts.append((line, _verdict(action, row, f"{path}:{line}")))
    ordered = tuple(verdict for _, verdict in sorted(verdicts, key=lambda item: item[0]))
    _check(ordered)
    return ordered


def _verdict(action: str, row: Any, place: str) -> Verdict:
    needed = ACTIONS[action]
    if not isinstance(row, dict) or not set(needed) <= set(row) <= {*needed, *_OPTIONAL}:
        raise InputError(
            f"{place}: {action} needs {' and '.join(needed)}; it may have {', '.join(_OPTIONAL)}"
        )
    names = row["names"] if "names" in needed else [row["name"]]
    texts = [row.get("to", "x"), row.get("document", ""), row.get("note", ""), row.get("of", "")]
    if not isinstance(names, list) or not all(isinstance(text, str) for text in (*names, *texts)):
        raise InputError(f"{place}: {action}: names and values must be text in quotes")
    alone = action == "different" and row.get("document")
    if not all(map(str.strip, names)) or not row.get("to", "x").strip():
        raise InputError(f"{place}: {action}: a name is empty")
    if "names" in needed and len(names) < (1 if alone else 2):
        raise InputError(f"{place}: {action} needs two names, or for 'different' one name and a document")
    kinds = [row["of"]] if "of" in row else []
    if wrong := {*kinds, *([row["to"]] if action == "kind" else [])} - set(Kind):
        raise InputError(f"{place}: {min(wrong)!r} is no kind; choose one of: {', '.join(Kind)}")
    return Verdict(
        action,
        tuple(names),
        row.get("to", ""),
        row.get("document", ""),
        Kind(kinds[0]) if kinds else None,
        place,
    )


# ---------------------------------------------------------------- contradictions


def _check(verdicts: Sequence[Verdict]) -> None:
    """Refuse verdicts that cannot both hold."""
    of_name: dict[tuple[str, str, Kind | None], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        for key in sorted(_keys(verdict)):
            others = of_name[key, verdict.document, verdict.of]
            if opposed := next((other for other in others if _opposed(other, verdict)), None):
                raise InputError(f"two verdicts contradict each other: {opposed} and {verdict}")
            if not any(_says_the_same(other, verdict) for other in others):
                others.append(verdict)  # of many that say the same the first is enough
    groups: dict[str, set[str]] = {}
    said: dict[str, Verdict] = {}
    for verdict in verdicts:
        if verdict.action == "same":
            joined = set().union(*(groups.get(key, {key}) for key in _keys(verdict)))
            groups |= dict.fromkeys(joined, joined)
            said |= dict.fromkeys(_keys(verdict), verdict)
    for verdict in verdicts:
        if verdict.action == "different":
            for left, right in combinations(sorted(_keys(verdict)), 2):
                if right in groups.get(left, ()):
                    raise InputError(f"two verdicts contradict each other: {said[left]} and {verdict}")


def _opposed(one: Verdict, two: Verdict) -> bool:
    """Tell whether two verdicts on one name say different things of it, or one of them that there is none."""
    if one.action == two.action:
        return one.action in ("rename", "kind") and one.to != two.to
    return "drop" in (one.action, two.action)


def _says_the_same(one: Verdict, two: Verdict) -> bool:
    return (one.action, one.to) == (two.action, two.to)


def _keys(verdict: Verdict) -> set[str]:
    return {name if _ID.fullmatch(name) else name_key(name) for name in verdict.names}


# ---------------------------------------------------------------- applying


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
    rows = _Rows(entities, published or {})
    unmatched = []
    everywhere_first = sorted(verdicts, key=lambda verdict: bool(verdict.document))
    for action in ("drop", "kind", "same", "different", "rename"):
        for verdict in everywhere_first:
            if verdict.action == action:
                missing = getattr(rows, action)(verdict)
                unmatched += [f"{verdict}: {missing}"] if missing else []
    return Applied(sorted(rows.entities, key=output_order), unmatched)


class _Rows:
    """Rows that are being corrected; each method gives what a verdict lacked, or an empty string."""

    def __init__(self, entities: Iterable[Entity], published: Mapping[str, str]) -> None:
        self.entities = list(entities)
        self._published = published

    def drop(self, verdict: Verdict) -> str:
        """Take rows out, or their mentions in some documents."""
        found = self._named(verdict, verdict.names[0])
        for entity in found:
            inside, outside = _divided(verdict, entity)
            self._put(entity, [self._part(entity, outside)] if inside and outside else [])
        return "" if found else "nothing has that name"

    def kind(self, verdict: Verdict) -> str:
        """Give rows another kind, and join a row of that kind that has their name."""
        kind = Kind(verdict.to)
        found = self._named(verdict, verdict.names[0])
        for entity in found:
            inside, outside = _divided(verdict, entity)
            changed = [
                replace(mention, kind=kind, title=mention.title if kind is Kind.PERSON else "")
                for mention in inside
            ]
            other = next(
                (e for e in self.entities if e.kind is kind and name_key(e.name) == name_key(entity.name)),
                None,
            )
            moved = self._made(
                hashed(kind, f"verdict {name_key(entity.name)}"), entity.name, changed, {}, entity.why
            )
            self._put(entity, [moved, *([self._part(entity, outside)] if outside else [])])
            if other is not None and other is not entity:
                self._join([other, moved])
        return "" if found else "nothing has that name"

    def same(self, verdict: Verdict) -> str:
        """Join rows."""
        found: dict[str, Entity] = {}
        for name in verdict.names:
            named = self._named(verdict, name)
            if not named:
                return f"nothing is called {name!r}"
            found |= {entity.id: entity for entity in named}
        kind = next(iter(found.values())).kind
        if any(entity.kind is not kind for entity in found.values()):
            return "the rows are of different kinds; add 'of', or a verdict on the kind"
        whole: list[Entity] = []
        for entity in found.values():
            inside, outside = _divided(verdict, entity)
            if outside:
                part = self._part(entity, inside, hashed(entity.kind, f"{entity.id} {verdict.document}"))
                self._put(entity, [self._part(entity, outside), part])
                entity = part
            whole.append(entity)
        self._join(whole)
        return ""

    def different(self, verdict: Verdict) -> str:
        """Split rows that have several of the names, or what some documents say from the rest."""
        if len(verdict.names) == 1:
            found = self._named(verdict, verdict.names[0])
            for entity in found:
                inside, outside = _divided(verdict, entity)
                if inside and outside:
                    key = f"{entity.id} {verdict.document}"
                    self._put(
                        entity,
                        [self._part(entity, outside), self._part(entity, inside, hashed(entity.kind, key))],
                    )
            return "" if found else "nothing has that name"
        for name in verdict.names:
            if not self._named(verdict, name):
                return f"nothing is called {name!r}"
        for entity in list(self.entities):
            self._split(verdict, entity)
        return ""

    def rename(self, verdict: Verdict) -> str:
        """Give rows another name."""
        found = self._named(verdict, verdict.names[0])
        for entity in found:
            self._put(entity, [replace(entity, name=verdict.to)])
        return "" if found else "nothing has that name"

    # ------------------------------------------------------------ steps

    def _named(self, verdict: Verdict, name: str) -> list[Entity]:
        """Give the rows that a name means where the verdict holds: by name, else by alias."""
        rows = [
            entity
            for entity in self.entities
            if verdict.of in (None, entity.kind)
            and any(verdict.holds_in(mention.document) for mention in entity.mentions)
        ]
        by_name = [entity for entity in rows if _means(name, entity.name) or name == entity.id]
        return by_name or [entity for entity in rows if any(_means(name, a.text) for a in entity.aliases)]

    def _put(self, entity: Entity, parts: Sequence[Entity]) -> None:
        index = next(number for number, row in enumerate(self.entities) if row is entity)
        self.entities[index : index + 1] = parts

    def _join(self, rows: Sequence[Entity]) -> None:
        if len(rows) < 2:
            return
        first = rows[0]
        receipts = tuple(
            Receipt(
                "verdict",
                row.mentions[0].text,
                first.mentions[0].text,
                place.document,
                place.start,
                place.end,
            )
            for row in rows[1:]
            for place in row.mentions[:1]
        )
        mentions = [mention for row in rows for mention in row.mentions]
        facts: dict[str, Any] = {}
        for row in reversed(rows):
            facts |= row.attributes
        why = tuple(_chain((*(receipt for row in rows for receipt in row.why), *receipts)))
        joined = self._made(first.id, first.name, mentions, facts, why)
        for row in rows[1:]:
            self._put(row, [])
        self._put(first, [joined])

    def _split(self, verdict: Verdict, entity: Entity) -> None:
        """Split a row by the names of a verdict; every other name goes where the receipts lead first."""
        if verdict.of not in (None, entity.kind):
            return
        texts = [alias.text for alias in entity.aliases]
        owners = {text: n for n, name in enumerate(verdict.names) for text in texts if _means(name, text)}
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
        self._put(entity, made)

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
    groups: dict[str, set[str]] = {}
    for receipt in receipts:
        left, right = (groups.get(text, {text}) for text in (receipt.left, receipt.right))
        if receipt.left not in right:
            groups |= dict.fromkeys(left | right, left | right)
            yield receipt


def _divided(verdict: Verdict, entity: Entity) -> tuple[list[Mention], list[Mention]]:
    """Give the mentions of a row in the documents of a verdict, and the others."""
    inside = [mention for mention in entity.mentions if verdict.holds_in(mention.document)]
    return inside, [mention for mention in entity.mentions if not verdict.holds_in(mention.document)]


def _means(name: str, text: str) -> bool:
    if _PATTERN.search(name):
        return fnmatchcase(text.casefold(), name.casefold())
    return name_key(name) == name_key(text)


def _name(name: str, mentions: Sequence[Mention]) -> str:
    """Give the text that a verdict's name means among the mentions."""
    return next((mention.text for mention in mentions if _means(name, mention.text)), mentions[0].text)


def _spread(owners: Mapping[str, int], receipts: Sequence[Receipt]) -> dict[str, int]:
    """Give every text that receipts link to an owner's text the same owner, the nearest first."""
    found = dict(owners)
    growing = True
    while growing:
        near = {
            one: found[two]
            for receipt in receipts
            for one, two in ((receipt.left, receipt.right), (receipt.right, receipt.left))
            if one not in found and two in found
        }
        found |= near
        growing = bool(near)
    return found
