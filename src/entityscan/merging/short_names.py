"""Short names to their owners: the one that fits, else the one that the text says, else the nearest before."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from entityscan import knowledge, rules
from entityscan.merging.steps import Groups, Link
from entityscan.names import is_acronym, name_key, person_name
from entityscan.records import Kind, Mention
from entityscan.rules import Form

_NEAR = 60
"""Characters of the sentence to each side of a name that may call it somebody's relative."""


def join_short_names(
    groups: Groups, pairs: Iterable[tuple[Form, Form]], context: Mapping[str, int] = MappingProxyType({})
) -> set[Form]:
    """Join short names to their owners, the longest first; return those that have several.

    Args:
        groups: The groups of a document; changed in place.
        pairs: The forms that may be one.
        context: How often the document names each country, by ISO code.
    """
    owners: dict[Form, list[tuple[Form, str]]] = defaultdict(list)
    for left, right in pairs:
        for short, full in ((left, right), (right, left)):
            rule = rules.short_reason(short, full)
            if rule and not rules.veto(short, full):
                owners[short].append((full, rule))
    unclear: set[Form] = set()
    for short in sorted(owners, key=lambda form: _order(form, owners[form])):
        if any(_has_owner(short, form) for form in groups.of(short)):
            continue
        best = _of_the_articles_country(short, _best_owners(groups, short, owners[short]), context)
        unclear |= _join_short_name(groups, short, best)
    return unclear


def is_complete(form: Form) -> bool:
    """Tell whether a name is more than a person's surname or given name."""
    return form.kind is not Kind.PERSON or person_name(form.text).full


def _has_owner(short: Form, other: Form) -> bool:
    """Tell whether a form of its group says already whose a short name is: ``EU`` beside the European Union is no other's."""
    if short.kind is Kind.PERSON:
        return is_complete(other)
    return is_acronym(short.text) and not is_acronym(other.text)


def _order(short: Form, found: Sequence[tuple[Form, str]]) -> tuple[bool, int, bool, Form]:
    """Give the sort key of a short name; given names come before surnames, because they tell of their owners."""
    surname = short.kind is Kind.PERSON and any(rule == "surname" for _, rule in found)
    return not is_acronym(short.text), -len(short.text.split()), surname, short


def _best_owners(groups: Groups, short: Form, found: list[tuple[Form, str]]) -> dict[int, Link]:
    """Give one link for each group that may own a short name: those of the strongest rule."""
    ranked = sorted(found, key=lambda item: (rules.SHORT_RANK[item[1]], item[0]))
    best = ranked[0][1]
    links: dict[int, Link] = {}
    for full, rule in ranked:
        members = groups.of(full)
        if (
            rule == best
            and members is not groups.of(short)
            and not any(rules.veto(short, form) for form in members)
        ):
            links.setdefault(id(members), Link(rule, short, full))
    return links


def _of_the_articles_country(
    short: Form, owners: Mapping[int, Link], context: Mapping[str, int]
) -> Mapping[int, Link]:
    """Keep, of the owners of a bare institution (Army), that of the country that the article names most, if it is one."""
    if len(owners) < 2 or not (short.kind is Kind.ORGANISATION and rules.is_bare_institution(short.text)):
        return owners
    named = {number: context.get(rules.country_of(link.right), 0) for number, link in owners.items()}
    most = max(named.values())
    best = {number: link for number, link in owners.items() if named[number] == most}
    return best if len(best) == 1 else owners


def _join_short_name(groups: Groups, short: Form, owners: Mapping[int, Link]) -> set[Form]:
    """Join a short name to its only owner, or each mention to the one that the text says or the nearest before it."""
    owners = _without_relatives(groups, owners)
    if len(owners) < 2:
        for link in owners.values():
            groups.join(link)
        return set()
    if len(groups.of(short)) > 1:
        return set()
    by_owner: dict[int, list[Mention]] = defaultdict(list)
    full = _full_mentions(groups, short, owners)
    for mention in short.mentions:
        by_owner[_owner_of(mention, full)].append(mention)
    groups.drop(short)
    unclear = set()
    for number, mentions in by_owner.items():
        part = replace(short, first=mentions[0].start, mentions=tuple(mentions))
        groups.add(part)
        if not number or not groups.join(replace(owners[number], left=part)):
            unclear.add(part)
    return unclear


@dataclass(frozen=True, slots=True)
class _FullMentions:
    """Where the owners of a short name are called by longer names, in order, and who bears which title."""

    starts: list[int]
    numbers: list[int]
    titled: Mapping[str, set[int]]


def _full_mentions(groups: Groups, short: Form, owners: Mapping[int, Link]) -> _FullMentions:
    """Gather them once for all mentions of the short name, which may be many."""
    found: list[tuple[int, int]] = []
    titled: dict[str, set[int]] = defaultdict(set)
    for number, link in owners.items():
        for form in groups.of(link.right):
            if len(form.text) > len(short.text):
                for mention in form.mentions:
                    found.append((mention.start, number))
                    titled[name_key(mention.title)].add(number)
    found.sort()
    return _FullMentions([start for start, _ in found], [number for _, number in found], titled)


def _owner_of(mention: Mention, full: _FullMentions) -> int:
    """Give the number of the owner with the same title, or of the nearest full name before; 0 when there is none."""
    title = name_key(mention.title)
    titled = full.titled.get(title, set()) if title else set()
    if len(titled) == 1:
        return next(iter(titled))
    before = bisect_left(full.starts, mention.start)
    return full.numbers[before - 1] if before else 0


def _without_relatives(groups: Groups, owners: Mapping[int, Link]) -> Mapping[int, Link]:
    """Leave out the owners who are only somebody's relatives: the bare surname stays with the other."""
    if len(owners) < 2 or any(link.rule != "surname" for link in owners.values()):
        return owners
    others = {
        number: link
        for number, link in owners.items()
        if not any(_is_relative(mention) for form in groups.of(link.right) for mention in form.mentions)
    }
    return others or owners


def _is_relative(mention: Mention) -> bool:
    """Tell whether the sentence names somebody by kinship: his wife Ann, Ann, a cousin of hers."""
    before, name, after = mention.sentence.partition(mention.text)
    kin_before, kin_after = _kinship()
    return bool(name and (kin_before.search(before[-_NEAR:]) or kin_after.match(after[:_NEAR])))


@lru_cache(maxsize=1)
def _kinship() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kin = rf"(?i:{'|'.join(sorted(knowledge.word_roles()['kin'], key=len, reverse=True))})"
    owner = r"(?:his|her|their|its|the|a|an|whose|[A-Z][\w-]*['\u2019]s?)"
    return (
        re.compile(rf"\b{kin},?\s+(?:[A-Z][\w.-]*\s+){{0,2}}$"),
        re.compile(rf",\s+(?:{owner}\s+)?(?:[a-z][\w-]*\s+){{0,2}}?{kin}\b"),
    )
