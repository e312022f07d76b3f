"""Clusters as bytes and back, several times faster than pickle: for what memory need not hold."""

import marshal
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from entityscan.merging.steps import Cluster, Link
from entityscan.records import Kind, Mention, Quantity, Source
from entityscan.rules import Form

_KINDS = {kind.value: kind for kind in Kind}
_SOURCES = {source.value: source for source in Source}
_OF_FORM = attrgetter("first", "text", "gender", "family", "generic", "setting")
_BEFORE_SOURCE, _AFTER_SOURCE, _AFTER_QUANTITY = (
    attrgetter("start", "end", "text"),
    attrgetter(
        "score",
        "sentence",
        "title",
        "category",
        "family",
        "variant",
        "origin",
        "generic",
        "same_as",
        "same_as_cue",
        "setting",
    ),
    attrgetter("low", "high", "text", "start", "end"),
)


def pack(cluster: Cluster) -> bytes:
    """Give a cluster as bytes, without what else its document names; what all its forms share is written once."""
    numbers = {form: number for number, form in enumerate(cluster.forms)}
    labels = []
    if cluster.labels:
        found = [mention for form in cluster.forms for mention in form.mentions]
        labels = [(n, cluster.labels[one].value) for n, one in enumerate(found) if one in cluster.labels]
    return marshal.dumps(
        (
            cluster.forms[0].document,
            cluster.kind.value,
            [(*_OF_FORM(form), list(map(_pack_mention, form.mentions))) for form in cluster.forms],
            [(link.rule, numbers[link.left], numbers[link.right], link.certain) for link in cluster.links],
            labels,
            (cluster.identity, cluster.name, cluster.rule, cluster.ambiguous),
            (cluster.published, cluster.namesake),
        )
    )


def _pack_mention(mention: Mention) -> tuple[Any, ...]:
    quantity = mention.quantity
    return (
        *_BEFORE_SOURCE(mention),
        mention.source.value,
        *_AFTER_SOURCE(mention),
        None if quantity is None else _AFTER_QUANTITY(quantity),
        mention.ship_class,
    )


def unpack(packed: bytes) -> Cluster:
    """Make the cluster again."""
    document, kind_name, packed_forms, packed_links, packed_labels, said, later = marshal.loads(packed)  # noqa: S302 - made by this run
    kind = _KINDS[kind_name]
    forms = tuple([_unpack_form(document, kind, form) for form in packed_forms])
    links = tuple([Link(rule, forms[left], forms[right], sure) for rule, left, right, sure in packed_links])
    labels: Mapping[Mention, Kind] = {}
    if packed_labels:
        found = [mention for form in forms for mention in form.mentions]
        labels = {found[number]: _KINDS[name] for number, name in packed_labels}
    identity, name, rule, ambiguous = said
    published, namesake = later
    return Cluster(forms, links, identity, name, rule, ambiguous, (), labels, published, namesake)


def _unpack_form(document: str, kind: Kind, packed: tuple[Any, ...]) -> Form:
    first, text, gender, family, generic, setting, mentions = packed
    found = tuple([_unpack_mention(document, kind, one) for one in mentions])
    return Form(document, first, text, kind, gender, family, generic, setting, found)


def _unpack_mention(document: str, kind: Kind, packed: tuple[Any, ...]) -> Mention:
    start, end, text, source, score, sentence, title, category, family, variant, origin, generic, *rest = (
        packed
    )
    same_as, same_as_cue, setting, quantity, ship_class = rest
    return Mention(
        document,
        start,
        end,
        text,
        kind,
        _SOURCES[source],
        score,
        sentence,
        title,
        category,
        family,
        variant,
        origin,
        generic,
        same_as,
        same_as_cue,
        setting,
        None if quantity is None else Quantity(*quantity),
        ship_class,
    )
