"""Across documents: groups of one identity are one entity, and persons whose full names are spellings of one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from entityscan import rules
from entityscan.merging.namesakes import told_apart
from entityscan.merging.steps import LARGEST_BLOCK, Cluster, Groups, Link, pairs_of
from entityscan.names import person_name, sound_key
from entityscan.records import Kind
from entityscan.rules import Form
from entityscan.spellings import may_agree, pair_keys, person_blocks

_NEAR = 30
"""With so many of the next by sound a person is compared in a large block; of 7,882 persons 20 find every link."""


def merge_across(clusters: Sequence[Cluster]) -> list[list[Cluster]]:
    """Group the clusters of all documents: those of one identity, and persons by spelling, but no two namesakes."""
    persons = full_names(clusters)
    links = spelling_links(blocks(persons.values()).values())
    return grouped(clusters, same_persons(persons, links))


def grouped(clusters: Iterable[Cluster], same: Mapping[str, str]) -> list[list[Cluster]]:
    """Group clusters by kind and identity; the clusters of an entity must all be there.

    Args:
        clusters: Of any documents.
        same: Identities of persons that are another's; see :func:`same_persons`.
    """
    groups: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        groups[cluster.kind, identity_of(cluster, same)].append(cluster)
    return [part for group in groups.values() for part in told_apart(group)]


def identity_of(cluster: Cluster, same: Mapping[str, str]) -> str:
    """Give the identity under which a cluster meets the others of its entity."""
    return same.get(cluster.identity, cluster.identity) if cluster.kind is Kind.PERSON else cluster.identity


def full_names(clusters: Iterable[Cluster]) -> dict[str, Form]:
    """Give the form that stands for each person in comparisons, by identity; surnames alone have none."""
    found: dict[str, Form] = {}
    for cluster in clusters:
        for form in cluster.forms if cluster.kind is Kind.PERSON else ():
            name = person_name(form.text)
            if name.full or name.compound:
                best = found.setdefault(cluster.identity, form)
                found[cluster.identity] = better_form(cluster.identity, best, form)
    return found


def better_form(identity: str, one: Form, other: Form) -> Form:
    """Give the one of two forms that stands for a person: that which has the identity, else the first."""
    return min(one, other, key=lambda form: (_person_key(form) != identity, form))


def _person_key(form: Form) -> str:
    name = person_name(form.text)
    return f"person {' '.join(name.parts)} {name.suffix} {form.gender}"


def blocks(persons: Iterable[Form]) -> dict[tuple[str, str], list[Form]]:
    """Put every two persons whose names may be spellings of one into a block that has both."""
    found: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in persons:
        for key in person_blocks(person_name(form.text)):
            found[key].append(form)
    return found


def spelling_links(blocks: Iterable[Iterable[Form]]) -> Iterator[Link]:
    """Yield a link for every two persons that share a block and whose names are spellings of one."""
    seen = set()
    for block in blocks:
        forms = sorted(block)
        if len(forms) > LARGEST_BLOCK:
            forms.sort(key=_by_sound)
        for one, other in pairs_of(forms, _pair_keys, near=_NEAR):
            if not may_agree(person_name(one.text).parts, person_name(other.text).parts):
                continue
            left, right = min(one, other), max(one, other)
            if (left, right) in seen:
                continue
            seen.add((left, right))
            rule = rules.reason_across(left, right)
            if rule and not rules.veto(left, right):
                yield Link(rule, left, right)


def _pair_keys(form: Form) -> Iterable[Hashable] | None:
    return pair_keys(person_name(form.text).parts)


def _by_sound(form: Form) -> tuple[list[str], tuple[str, ...]]:
    """Give the sort key under which the spellings of one name stand near each other."""
    parts = person_name(form.text).parts
    return list(map(sound_key, parts)), parts


def same_persons(persons: Mapping[str, Form], links: Iterable[Link]) -> dict[str, str]:
    """Give the identity that stands for all spellings of a person, by identity, where it is another.

    Args:
        persons: Those of the links, at least; see :func:`full_names`.
        links: All of them, each once.
    """
    linked: dict[Form, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda link: (link.left, link.right)):
        linked[link.left].append(link)
        linked[link.right].append(link)
    groups = Groups(linked)
    for form in sorted(linked):
        partners = {link.left for link in linked[form]} | {link.right for link in linked[form]}
        if not any(rules.veto(one, two) for one, two in combinations(sorted(partners), 2)):
            for link in linked[form]:
                groups.join(link)
    identities = {form: identity for identity, form in persons.items() if form in linked}
    first = {
        identity: min(identities[other] for other in groups.of(form)) for form, identity in identities.items()
    }
    return {identity: other for identity, other in first.items() if identity != other}
