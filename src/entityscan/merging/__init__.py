"""Mentions in, entities out: one entity for one thing, with a receipt for each merge.

Two rounds, both in the same three steps. :func:`candidate_pairs` finds names that share a key,
:func:`judge` asks the rules, :func:`group` joins what no veto keeps apart. The first round works
inside each document, where a surname or an acronym may stand for the name that the article gives;
the second joins the groups of all documents that have the same identity. It works on mentions
alone, never on texts, and the order of the mentions makes no difference.
"""

from collections.abc import Iterable, Mapping

from entityscan.merging.archive import ArchivedArticle, merge_archive
from entityscan.merging.document import merge_article
from entityscan.merging.growing import Merged, extend
from entityscan.merging.steps import Groups, Link, candidate_pairs, group
from entityscan.records import Entity, Mention

__all__ = [
    "ArchivedArticle",
    "Groups",
    "Link",
    "Merged",
    "candidate_pairs",
    "extend",
    "group",
    "merge",
    "merge_archive",
    "merge_article",
]


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
    return extend(Merged(), mentions, published=published, adjectives=adjectives).entities
