"""A merged archive that grows: new articles are merged into it, and what they do not touch is kept.

The result is the same as from scratch. Kinds are agreed on anew, because the votes of all articles
decide; an article is merged again only when it is new or a kind in it has changed, and a row is made
again only when one of its groups is.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import is_

from entityscan.kinds import add_votes, disputed, votes_of
from entityscan.merging.across import merge_across
from entityscan.merging.document import Article, merge_article
from entityscan.merging.rows import entity_of, output_order, with_adjectives, with_distinct_ids
from entityscan.merging.steps import Cluster, whole
from entityscan.records import Entity, Mention


@dataclass(frozen=True, slots=True)
class Merged:
    """The result of a merge, and what the next one can keep of it."""

    entities: list[Entity] = field(default_factory=list)
    """In the order of the output contract."""
    mentions: list[Mention] = field(default_factory=list, repr=False)
    """As they came in, sorted, each once."""
    published: Mapping[str, str] = field(default_factory=dict, repr=False)
    articles: Mapping[str, Article] = field(default_factory=dict, repr=False)
    groups: Sequence[list[Cluster]] = field(default=(), repr=False)
    """The clusters of each row."""
    rows: Sequence[Entity] = field(default=(), repr=False)
    """The row of each group, before ids are told apart and adjectives are counted."""


def extend(
    merged: Merged,
    mentions: Iterable[Mention],
    *,
    published: Mapping[str, str] | None = None,
    adjectives: Mapping[str, int] | None = None,
) -> Merged:
    """Merge more mentions into a result; it is left as it is.

    Args:
        merged: What :func:`extend` returned before, or ``Merged()``.
        mentions: Of new documents, or more of known ones; read once, kept in memory.
        published: ISO 8601 date of each document that has one; those given before are remembered.
        adjectives: How often all texts so far use adjectives of a country, by ISO code.

    Returns:
        The result that merging all mentions at once has.

    >>> from entityscan.records import Kind
    >>> first = extend(Merged(), [Mention("a.txt", 0, 11, "Donald Tusk", Kind.PERSON)])
    >>> second = extend(first, [Mention("b.txt", 5, 16, "Donald Tusk", Kind.PERSON)])
    >>> [entity.documents for entity in second.entities]
    [2]
    """
    with _collector_off():
        ordered = sorted({*merged.mentions, *mentions}, key=whole)
        dates = {**merged.published, **(published or {})}
        found = [list(own) for _, own in groupby(ordered, key=lambda mention: mention.document)]
        everywhere = disputed(add_votes(map(votes_of, found)))
        articles = {
            document: merge_article(own, everywhere, dates.get(document, ""), merged.articles.get(document))
            for own in found
            for document in [own[0].document]
        }
        groups = merge_across([one for article in articles.values() for one in article.clusters])
        rows = list(_rows(groups, merged))
        entities = [with_adjectives(row, adjectives or {}) for row in rows]
        entities = sorted(with_distinct_ids(entities), key=output_order)
        return Merged(entities, ordered, dates, articles, groups, rows)


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


def _rows(groups: Sequence[list[Cluster]], before: Merged) -> Iterator[Entity]:
    """Yield the row of every group; that of a group that was there before as it was."""
    known = {id(group[0]): (group, row) for group, row in zip(before.groups, before.rows, strict=True)}
    for group in groups:
        same, row = known.get(id(group[0]), ([], None))
        if row is None or len(same) != len(group) or not all(map(is_, same, group)):
            row = entity_of(group)
        yield row
