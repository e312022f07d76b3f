"""Rows of the table: a name, aliases, attributes and receipts for each group."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
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
    clusters = sorted(clusters, key=lambda cluster: cluster.forms)
    found = (mention for cluster in clusters for form in cluster.forms for mention in form.mentions)
    mentions = tuple(sorted(found, key=whole))
    kind = clusters[0].kind
    published = {cluster.forms[0].document: cluster.published for cluster in clusters}
    return make_row(
        hashed(kind, min(cluster.identity for cluster in clusters)),
        _name(clusters, Counter(mention.text for mention in mentions)),
        mentions,
        published,
        attributes=_attributes(clusters, mentions),
        why=tuple(_receipts(clusters)),
    )


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
    counts = Counter(mention.text for mention in mentions)
    documents = {mention.document for mention in mentions}
    dates = sorted(published[document] for document in documents if published.get(document))
    return Entity(
        id=entity_id,
        kind=mentions[0].kind,
        name=name,
        aliases=tuple(
            Alias(text, count) for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ),
        mentions=mentions,
        documents=len(documents),
        first_seen=dates[0] if dates else None,
        last_seen=dates[-1] if dates else None,
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


def _name(clusters: Sequence[Cluster], counts: Counter[str]) -> str:
    """Give the name for the row: one that a reader meets in the texts, unless only short forms occur.

    Places and families have the names that the tables give them.
    """
    forms = [form for cluster in clusters for form in cluster.forms]
    kind = forms[0].kind
    if kind is Kind.EQUIPMENT and forms[0].family:
        return _QUALIFIER.sub("", forms[0].family)
    known = next((cluster.name for cluster in clusters if cluster.name), "")
    short = {
        link.left.text for cluster in clusters for link in cluster.links if link.rule in rules.SHORT_RANK
    }
    best = min(counts, key=lambda text: _badness(kind, text, short, counts))
    if not known:
        return best
    met = name_key(known) in {name_key(text) for text in counts}
    return known if met or kind is Kind.PLACE or any(_badness(kind, best, short, counts)[:4]) else best


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


def _attributes(clusters: Sequence[Cluster], mentions: Sequence[Mention]) -> dict[str, Any]:
    kind = clusters[0].kind
    found = mention_attributes(mentions)
    if kind in (Kind.PLACE, Kind.ORGANISATION):
        found |= _known_attributes(clusters, kind, mentions)
    if kind is Kind.ORGANISATION:
        found["unit"] = _unit_attribute(clusters)
    found["namesake"] = clusters[0].namesake
    found["ambiguous"] = any(cluster.ambiguous for cluster in clusters)
    found["labels"] = dict(_ranked(str(label) for cluster in clusters for label in cluster.labels.values()))
    return {key: value for key, value in found.items() if value}


def _unit_attribute(clusters: Sequence[Cluster]) -> dict[str, str]:
    """Give echelon and number of a military unit, from the fullest of its names; empty when it is none."""
    named = [rules.unit(form.text) for cluster in clusters for form in cluster.forms]
    units = [found[1] for found in named if found is not None]
    if not units:
        return {}
    best = max(units, key=lambda unit: (bool(unit.number), len(unit.branch), unit.echelon, unit.number))
    return {"echelon": best.echelon} | ({"number": best.number} if best.number else {})


def mention_attributes(mentions: Sequence[Mention]) -> dict[str, Any]:
    """Give the attributes of a row that its mentions carry; empty ones too."""
    if mentions[0].kind is Kind.PERSON:
        return {"titles": [title for title, _ in _ranked(mention.title for mention in mentions)]}
    if mentions[0].kind is not Kind.EQUIPMENT:
        return {}
    return {
        "category": _most_frequent(mention.category for mention in mentions),
        "generic": mentions[0].generic,
        "origin": _most_frequent(mention.origin for mention in mentions),
        "variants": dict(_ranked(mention.variant for mention in mentions)),
        "class": _most_frequent(mention.ship_class for mention in mentions),
        "quantities": [
            {**as_record(mention.quantity), "document": mention.document}
            for mention in mentions
            if mention.quantity
        ],
    }


def _known_attributes(clusters: Sequence[Cluster], kind: Kind, mentions: Sequence[Mention]) -> dict[str, Any]:
    name = next((cluster.name for cluster in clusters if cluster.name), "")
    if name:
        record = rules.known(kind, name)[0]
        acronym = record.acronym or (name if kind is Kind.ORGANISATION and is_acronym(name) else "")
        return {"acronym": acronym, "country": record.country}
    texts = [form.text for cluster in clusters for form in cluster.forms]
    if kind is Kind.PLACE:
        return {}
    if mentions[0].setting.startswith("sport "):
        return {"sport": mentions[0].setting.removeprefix("sport ")}
    acronyms = [
        link.left.text for cluster in clusters for link in cluster.links if is_acronym(link.left.text)
    ]
    return {
        "acronym": _most_frequent(acronyms),
        "country": _most_frequent(rules.organisation_name(text).country for text in texts),
    }


def _ranked(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(value for value in values if value).items(), key=lambda item: (-item[1], item[0]))


def _most_frequent(values: Iterable[str]) -> str:
    ranked = _ranked(values)
    return ranked[0][0] if ranked else ""


def _receipts(clusters: Sequence[Cluster]) -> Iterator[Receipt]:
    """Yield a chain of merges over all surface forms: one fewer than there are forms."""
    linked = Partition[str]()
    head = clusters[0].forms[0]
    between = [
        Link(rules.reason(cluster.forms[0], head) or cluster.rule, cluster.forms[0], head)
        for cluster in clusters
        if cluster.forms[0].text != head.text
    ]
    for link in [link for cluster in clusters for link in cluster.links] + between:
        if linked.join(link.left.text, link.right.text):
            place = link.left.mentions[0]
            yield Receipt(link.rule, link.left.text, link.right.text, place.document, place.start, place.end)
