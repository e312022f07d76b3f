"""Rows of the table: a name, aliases, attributes and receipts for each group."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import groupby
from typing import Any

from entityscan import rules
from entityscan.merging.steps import Cluster, Link, whole
from entityscan.names import fold, is_acronym, name_key, person_name
from entityscan.partition import Partition
from entityscan.quantities import as_record
from entityscan.records import Alias, Entity, Kind, Mention, Receipt

_QUALIFIER = re.compile(r" \([a-z -]+\)$")
"""What tells families of one name apart in the catalogue: Hainan (ship)."""
_KIND_ORDER = {kind: rank for rank, kind in enumerate(Kind)}


def entity_of(clusters: Sequence[Cluster]) -> Entity:
    """Make the row of a group."""
    row = Row()
    mentions: list[Mention] = []
    ordered = sorted(clusters, key=lambda cluster: cluster.forms)
    for _, own in groupby(ordered, key=lambda cluster: cluster.forms[0].document):
        mentions += row.add(list(own))
    return row.entity(tuple(mentions))


def output_order(entity: Entity) -> tuple[int, bool, int, int, str, str]:
    """Give the sort key of the output contract."""
    generic = bool(entity.attributes.get("generic"))
    return _KIND_ORDER[entity.kind], generic, -len(entity.mentions), -entity.documents, entity.name, entity.id


def make_row(
    entity_id: str,
    name: str,
    mentions: Iterable[Mention],
    published: Mapping[str, str],
    *,
    attributes: Mapping[str, Any],
    why: tuple[Receipt, ...],
) -> Entity:
    """Make a row; what follows from its mentions (aliases, documents, dates) is worked out here."""
    mentions = tuple(sorted(mentions, key=whole))
    facts = _Facts(mentions[0])
    for mention in mentions:
        facts.add(mention, published.get(mention.document, ""))
    return facts.entity(entity_id, name, mentions, attributes, why)


@dataclass(slots=True)
class _Facts:
    """What the mentions of a row say; they come in order, and only the first is kept."""

    first: Mention
    texts: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    last_document: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    titles: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    variants: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    quantities: list[dict[str, Any]] = field(default_factory=list)
    counted: int = 0
    """Mentions with a quantity."""
    keeping: bool = True
    """Whether the quantities are held, not only counted."""

    def add(self, mention: Mention, published: str = "") -> None:
        """Take in the next mention, of a document with this date."""
        self.texts[mention.text] += 1
        if mention.document != self.last_document:
            self.documents += 1
            self.last_document = mention.document
            if published:
                self.first_seen = min(published, self.first_seen or published)
                self.last_seen = max(published, self.last_seen or published)
        if mention.kind is Kind.PERSON:
            self.titles[mention.title] += 1
        elif mention.kind is Kind.EQUIPMENT:
            self.categories[mention.category] += 1
            self.origins[mention.origin] += 1
            self.variants[mention.variant] += 1
            self.classes[mention.ship_class] += 1
            self.counted += mention.quantity is not None
            if self.keeping and mention.quantity:
                self.quantities.append({**as_record(mention.quantity), "document": mention.document})

    def attributes(self) -> dict[str, Any]:
        """Give the attributes that the mentions carry; empty ones too."""
        if self.first.kind is Kind.PERSON:
            return {"titles": [title for title, _ in _ranked(self.titles)]}
        if self.first.kind is not Kind.EQUIPMENT:
            return {}
        return {
            "category": _most_frequent(self.categories),
            "generic": self.first.generic,
            "origin": _most_frequent(self.origins),
            "variants": dict(_ranked(self.variants)),
            "class": _most_frequent(self.classes),
            "quantities": self.quantities if self.keeping else self.counted,
        }

    def entity(
        self,
        entity_id: str,
        name: str,
        mentions: tuple[Mention, ...],
        attributes: Mapping[str, Any],
        why: tuple[Receipt, ...],
    ) -> Entity:
        """Make the row."""
        ranked = sorted(self.texts.items(), key=lambda item: (-item[1], item[0]))
        return Entity(
            id=entity_id,
            kind=self.first.kind,
            name=name,
            aliases=tuple(Alias(text, count) for text, count in ranked),
            mentions=mentions,
            documents=self.documents,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            attributes=attributes,
            why=why,
        )


def hashed(kind: Kind, key: str) -> str:
    """Give the id that a kind and a canonical key have in every run."""
    digest = blake2b(f"{kind}\n{key}".encode(), digest_size=8)
    return f"{kind}:{digest.hexdigest()}"


def with_distinct_ids(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield the entities; where two would share an id, the first mention tells them apart."""
    by_id: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        by_id[entity.id].append(entity)
    for same in by_id.values():
        if len(same) == 1:
            yield same[0]
            continue
        for entity in same:
            first = entity.mentions[0]
            yield replace(entity, id=hashed(entity.kind, f"{entity.id}\n{first.document}\n{first.start}"))


def with_adjectives(entity: Entity, counts: Mapping[str, int]) -> Entity:
    """Note on the row of a country how often the texts use its adjective: Russian, Russians."""
    number = counts.get(entity.attributes.get("country", ""), 0) if entity.kind is Kind.PLACE else 0
    if not number or not any(record.type == "country" for record in rules.known(Kind.PLACE, entity.name)):
        return entity
    return replace(entity, attributes={**entity.attributes, "adjective_mentions": number})


class Row:
    """A row in the making: it takes in the clusters of a group, article by article, and holds none of them."""

    def __init__(self, *, keeping: bool = True) -> None:
        """Begin.

        Args:
            keeping: False to give the number of quantities in their place, which may be as many as the mentions.
        """
        self._keeping = keeping
        self._head: Cluster | None = None
        """The first of them."""
        self._facts: _Facts
        self._identity = ""
        self._known = ""
        self._short: set[str] = set()
        """Spellings that stand for longer ones."""
        self._spellings: dict[str, None] = {}
        self._acronyms: Counter[str] = Counter()
        self._countries: Counter[str] = Counter()
        self._labels: Counter[str] = Counter()
        self._ambiguous = False
        self._why: list[Receipt] = []
        self._linked = Partition[str]()
        self._between: dict[str, Receipt] = {}
        """Of each spelling that an article's first name has, the merge with the first one's."""

    def add(self, clusters: Sequence[Cluster]) -> list[Mention]:
        """Take in all clusters of the next document; give its mentions in order.

        Args:
            clusters: In the order of their forms, as the documents are.
        """
        found = (mention for cluster in clusters for form in cluster.forms for mention in form.mentions)
        mentions = sorted(found, key=whole)
        if self._head is None:
            self._head = clusters[0]
            self._facts = _Facts(mentions[0], keeping=self._keeping)
            self._identity = clusters[0].identity
        for mention in mentions:
            self._facts.add(mention, clusters[0].published)
        for cluster in clusters:
            self._add(cluster, self._head)
        return mentions

    def _add(self, cluster: Cluster, head: Cluster) -> None:
        self._identity = min(self._identity, cluster.identity)
        self._known = self._known or cluster.name
        self._ambiguous = self._ambiguous or cluster.ambiguous
        self._labels.update(map(str, cluster.labels.values()))
        for form in cluster.forms:
            self._spellings[form.text] = None
            if cluster.kind is Kind.ORGANISATION:
                self._countries[rules.organisation_name(form.text).country] += 1
        for link in cluster.links:
            if link.rule in rules.SHORT_RANK:
                self._short.add(link.left.text)
            if cluster.kind is Kind.ORGANISATION and is_acronym(link.left.text):
                self._acronyms[link.left.text] += 1
            if self._linked.join(link.left.text, link.right.text):
                self._why.append(_receipt(link))
        left, right = cluster.forms[0], head.forms[0]
        if left.text != right.text and left.text not in self._between:
            rule = rules.reason(left, right) or cluster.rule
            self._between[left.text] = _receipt(Link(rule, left, right))

    def entity(self, mentions: tuple[Mention, ...] = ()) -> Entity:
        """Make the row of all that was taken in; its mentions may be kept elsewhere."""
        kind = self._facts.first.kind
        between = (one for one in self._between.values() if self._linked.join(one.left, one.right))
        why = (*self._why, *between)
        return self._facts.entity(
            hashed(kind, self._identity), self._name(), mentions, self._attributes(), why
        )

    def __len__(self) -> int:
        """Count the mentions."""
        return self._facts.texts.total()

    def _name(self) -> str:
        """Give the name for the row: one that a reader meets in the texts, unless only short forms occur.

        Places and families have the names that the tables give them.
        """
        kind, counts, known = self._facts.first.kind, self._facts.texts, self._known
        if kind is Kind.EQUIPMENT and self._head is not None and self._head.forms[0].family:
            return _QUALIFIER.sub("", self._head.forms[0].family)
        best = min(counts, key=lambda text: _badness(kind, text, self._short, counts))
        if not known:
            return best
        met = name_key(known) in {name_key(text) for text in counts}
        return (
            known if met or kind is Kind.PLACE or any(_badness(kind, best, self._short, counts)[:4]) else best
        )

    def _attributes(self) -> dict[str, Any]:
        kind = self._facts.first.kind
        found = self._facts.attributes()
        if kind in (Kind.PLACE, Kind.ORGANISATION):
            found |= self._known_attributes(kind)
        if kind is Kind.ORGANISATION:
            found["unit"] = _unit_attribute(self._spellings)
        found["namesake"] = self._head.namesake if self._head is not None else ""
        found["ambiguous"] = self._ambiguous
        found["labels"] = dict(_ranked(self._labels))
        return {key: value for key, value in found.items() if value}

    def _known_attributes(self, kind: Kind) -> dict[str, Any]:
        if self._known:
            record = rules.known(kind, self._known)[0]
            own = self._known if kind is Kind.ORGANISATION and is_acronym(self._known) else ""
            return {"acronym": record.acronym or own, "country": record.country}
        if kind is Kind.PLACE:
            return {}
        if self._facts.first.setting.startswith("sport "):
            return {"sport": self._facts.first.setting.removeprefix("sport ")}
        return {"acronym": _most_frequent(self._acronyms), "country": _most_frequent(self._countries)}


def _badness(
    kind: Kind, text: str, short: set[str], counts: Counter[str]
) -> tuple[bool, bool, bool, bool, int, int, str]:
    """Give the sort key of a name for a row: complete before short, then the most frequent."""
    name = person_name(text)
    partial = not name.full or len(name.parts[0]) == 1 or " " not in text  # a surname may have a hyphen
    bare = kind is Kind.ORGANISATION and rules.is_bare_institution(text)
    return (
        text in short,
        is_acronym(text) or bare or (kind is Kind.PERSON and partial),
        not text.isascii() and not any("a" <= char <= "z" for char in fold(text)),
        text.isupper() or text.islower(),
        -counts[text],
        -len(text),
        text,
    )


def _unit_attribute(spellings: Iterable[str]) -> dict[str, str]:
    """Give echelon and number of a military unit, from the fullest of its names; empty when it is none."""
    units = [found[1] for found in map(rules.unit, spellings) if found is not None]
    if not units:
        return {}
    best = max(units, key=lambda unit: (bool(unit.number), len(unit.branch), unit.echelon, unit.number))
    return {"echelon": best.echelon} | ({"number": best.number} if best.number else {})


def mention_attributes(mentions: Sequence[Mention]) -> dict[str, Any]:
    """Give the attributes of a row that its mentions carry; empty ones too."""
    mentions = sorted(mentions, key=whole)
    facts = _Facts(mentions[0])
    for mention in mentions:
        facts.add(mention)
    return facts.attributes()


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    found = ((value, count) for value, count in counts.items() if value)
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _most_frequent(counts: Counter[str]) -> str:
    ranked = _ranked(counts)
    return ranked[0][0] if ranked else ""


def _receipt(link: Link) -> Receipt:
    place = link.left.mentions[0]
    return Receipt(link.rule, link.left.text, link.right.text, place.document, place.start, place.end)
