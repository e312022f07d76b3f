"""Near misses: pairs of rows that could have been one, and what kept them apart. Only worked out on request."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from entityscan import rules
from entityscan.merging.document import forms_of
from entityscan.names import STOP_WORDS, words
from entityscan.records import Entity, Mention
from entityscan.rules import Form


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two names of two rows that share a word, an acronym's letter or a known meaning, and were not joined."""

    entity: Entity
    """The other row."""
    left: Mention
    """A mention of the row that was asked about."""
    right: Mention
    """A mention of the other row."""
    rule: str
    """The rule that speaks for one row, or empty."""
    veto: str
    """The veto that keeps them apart, or empty."""
    missing: str
    """What would have been needed, when no veto speaks."""


def near_misses(entity: Entity, entities: Iterable[Entity], *, limit: int = 10) -> list[NearMiss]:
    """Give the rows nearest to a row: those that a rule speaks for first, then those that share most words.

    Args:
        entity: The row that was asked about.
        entities: All rows; it may be among them.
        limit: At most so many.
    """
    own = _forms(entity)
    keys = {key for form in own for key in rules.keys(form)}
    misses = []
    for other in entities:
        if other.kind is entity.kind and other.id != entity.id:
            near = [form for form in _forms(other) if not keys.isdisjoint(rules.keys(form))]
            misses += [min(_misses(own, near, entity, other), key=_rank)] if near else []
    misses.sort(key=lambda miss: (*_rank(miss), -len(miss.entity.mentions), miss.entity.name, miss.entity.id))
    return [miss for miss in misses if miss.rule or _alike(miss)][:limit]


def _forms(entity: Entity) -> list[Form]:
    """Give one form for each spelling of a row, whatever its documents."""
    found: dict[tuple[str, str], Form] = {}
    by_document: dict[str, list[Mention]] = defaultdict(list)
    for mention in entity.mentions:
        by_document[mention.document].append(mention)
    for mentions in by_document.values():
        for form in forms_of(mentions):
            found.setdefault((form.text, form.gender), form)
    return list(found.values())


def _misses(own: Sequence[Form], near: Sequence[Form], entity: Entity, other: Entity) -> Iterator[NearMiss]:
    together = {m.document for m in entity.mentions} & {m.document for m in other.mentions}
    for left in own:
        for right in near:
            equal = rules.reason(left, right)
            short = rules.short_reason(left, right) or rules.short_reason(right, left)
            veto = rules.veto(left, right)
            yield NearMiss(
                other,
                left.mentions[0],
                right.mentions[0],
                equal or short,
                veto,
                "" if veto else _apart(entity, other) or _missing(equal, short, together=bool(together)),
            )


def _apart(entity: Entity, other: Entity) -> str:
    """Tell what keeps two persons of one name apart, or give an empty string."""
    said = [row.attributes.get("namesake") for row in (entity, other)]
    return f"what the articles say of them is of two persons: {said[0]} / {said[1]}" if all(said) else ""


def _missing(equal: str, short: str, *, together: bool) -> str:
    if equal and together:
        return "another name of one of the rows is kept apart"
    if equal:
        return "this rule only joins names of one article, and no article has both"
    if short and together:
        return "more than one name of the article fits"
    if short:
        return "a short name only joins the full name that its own article gives, and no article has both"
    return "no rule joins these names; a verdict can"


def _rank(miss: NearMiss) -> tuple[bool, bool, int]:
    return not (miss.rule and not miss.veto), not miss.rule, -_shared_words(miss)


def _shared_words(miss: NearMiss) -> int:
    return len(_words(miss.left) & _words(miss.right))


def _words(mention: Mention) -> set[str]:
    return set(words(mention.text)) - STOP_WORDS


def _alike(miss: NearMiss) -> bool:
    """Tell whether two names share half of their words or more."""
    return 2 * _shared_words(miss) >= max(len(_words(miss.left)), len(_words(miss.right)), 1)
