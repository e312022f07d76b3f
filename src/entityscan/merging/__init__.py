"""Mentions in, entities out: one entity for one thing, with a receipt for each merge.

Two rounds, both in the same three steps. :func:`candidate_pairs` finds names that share a key,
:func:`judge` asks the rules, :func:`group` joins what no veto keeps apart. The first round works
inside each document, where a surname or an acronym may stand for the name that the article gives;
the second joins the groups of all documents that have the same identity. It works on mentions
alone, never on texts, and the order of the mentions makes no difference.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby

from entityscan.kinds import agree_on_kinds
from entityscan.merging.across import merge_across
from entityscan.merging.document import merge_document
from entityscan.merging.rows import entity_of, output_order, with_adjectives, with_distinct_ids
from entityscan.merging.steps import Groups, Link, candidate_pairs, group, whole
from entityscan.records import Entity, Mention

__all__ = ["Groups", "Link", "candidate_pairs", "group", "merge"]


def merge(
    mentions: Iterable[Mention],
    *,
    published: Mapping[str, str] | None = None,
    adjectives: Mapping[str, int] | None = None,
) -> list[Entity]:
    """Group the mentions of one thing into one entity.

    Two names are joined when a rule gives a reason and no veto speaks between any name of the one
    group and any of the other. The result does not depend on the order of ``mentions``.

    Args:
        mentions: Any number, from any documents; read once, kept in memory.
        published: ISO 8601 date of each document that has one, by document id.
        adjectives: How often the texts use adjectives of a country, by ISO code; its row shows the number.

    Returns:
        One entity per thing, in the order of the output contract. Every mention is in exactly one
        entity, and of that entity's kind.

    >>> from entityscan.records import Kind
    >>> full = Mention("a.txt", 0, 11, "Donald Tusk", Kind.PERSON)
    >>> short = Mention("a.txt", 40, 44, "Tusk", Kind.PERSON)
    >>> [entity] = merge([short, full])
    >>> entity.name, [(alias.text, alias.count) for alias in entity.aliases], entity.why[0].rule
    ('Donald Tusk', [('Donald Tusk', 1), ('Tusk', 1)], 'surname')
    """
    with _collector_off():
        return _merge(mentions, published or {}, adjectives or {})


@contextmanager
def _collector_off() -> Iterator[None]:
    """Hold off the collector of cycles: merging makes none, and it would walk over all mentions again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _merge(
    mentions: Iterable[Mention], published: Mapping[str, str], adjectives: Mapping[str, int]
) -> list[Entity]:
    ordered = sorted(set(mentions), key=whole)
    repaired, labels = agree_on_kinds(ordered)
    repaired.sort(key=whole)
    clusters = [
        cluster
        for _, found in groupby(repaired, key=lambda mention: mention.document)
        for cluster in merge_document(list(found))
    ]
    groups = merge_across(clusters, published)
    entities = [with_adjectives(entity_of(group, published, labels), adjectives) for group in groups]
    return sorted(with_distinct_ids(entities), key=output_order)
