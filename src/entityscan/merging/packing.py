"""Clusters as bytes and back, several times faster than pickle: for what memory need not hold."""

import marshal
from collections.abc import Mapping
from dataclasses import fields
from operator import attrgetter
from typing import Any

from entityscan.merging.steps import Cluster, Link
from entityscan.records import Kind, Mention, Quantity, Source
from entityscan.rules import Form

_KINDS = {kind.value: kind for kind in Kind}
_SOURCES = {source.value: source for source in Source}
_OF_FORM = attrgetter("first", "text", "gender", "family", "generic", "setting")
_MENTION = tuple(item.name for item in fields(Mention))[1:]
"""All fields but the document, which a cluster shares."""
_KIND, _SOURCE, _QUANTITY = map(_MENTION.index, ("kind", "source", "quantity"))
_OF_MENTION, _OF_QUANTITY = attrgetter(*_MENTION), attrgetter(*(item.name for item in fields(Quantity)))


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


def _pack_mention(mention: Mention) -> list[Any]:
    values = list(_OF_MENTION(mention))
    values[_KIND], values[_SOURCE] = None, mention.source.value
    values[_QUANTITY] = None if mention.quantity is None else _OF_QUANTITY(mention.quantity)
    return values


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


def _unpack_mention(document: str, kind: Kind, values: list[Any]) -> Mention:
    values[_KIND], values[_SOURCE] = kind, _SOURCES[values[_SOURCE]]
    values[_QUANTITY] = None if values[_QUANTITY] is None else Quantity(*values[_QUANTITY])
    return Mention(document, *values)
