"""Across documents: groups of one identity are one entity, and persons whose full names are spellings of one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from entityscan import rules
from entityscan.merging.namesakes import told_apart
from entityscan.merging.steps import Cluster, Groups, Link
from entityscan.names import person_name
from entityscan.records import Kind
from entityscan.rules import Form
from entityscan.spellings import person_blocks


def merge_across(
    clusters: Sequence[Cluster], published: Mapping[str, str] | None = None
) -> list[list[Cluster]]:
    """Group the clusters of all documents: those of one identity, and persons by spelling, but no two namesakes."""
    same: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        same[cluster.kind, cluster.identity].append(cluster)
    persons = {}
    for key, found in same.items():
        if key[0] is Kind.PERSON and (form := _full_name(key[1], found)):
            persons[key] = form
    merged = _merge_persons(persons)
    groups: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for key, found in same.items():
        groups[merged.get(key, key)].extend(found)
    return told_apart(list(groups.values()), clusters, published or {})


def _full_name(identity: str, clusters: Sequence[Cluster]) -> Form | None:
    """Give the form that stands for a person in comparisons across documents; None for a surname alone."""
    names = [(form, person_name(form.text)) for cluster in clusters for form in cluster.forms]
    full = [form for form, name in names if name.full or name.compound]
    return min((form for form in full if _person_key(form) == identity), default=min(full, default=None))


def _person_key(form: Form) -> str:
    name = person_name(form.text)
    return f"person {' '.join(name.parts)} {name.suffix} {form.gender}"


def _merge_persons(persons: Mapping[tuple[Kind, str], Form]) -> dict[tuple[Kind, str], tuple[Kind, str]]:
    """Map the key of every person to the key of the group that it belongs to."""
    blocks: dict[tuple[str, str], list[Form]] = defaultdict(list)
    for form in persons.values():
        for key in person_blocks(person_name(form.text)):
            blocks[key].append(form)
    links: dict[Form, list[Link]] = defaultdict(list)
    seen = set()
    for block in blocks.values():
        for left, right in combinations(sorted(block), 2):
            if (left, right) in seen:
                continue
            seen.add((left, right))
            rule = rules.reason_across(left, right)
            if rule and not rules.veto(left, right):
                link = Link(rule, left, right)
                links[left].append(link)
                links[right].append(link)
    groups = Groups(persons.values())
    for form in sorted(links):
        partners = {link.left for link in links[form]} | {link.right for link in links[form]}
        if not any(rules.veto(one, two) for one, two in combinations(sorted(partners), 2)):
            for link in links[form]:
                groups.join(link)
    keys = {form: key for key, form in persons.items()}
    return {key: min(keys[other] for other in groups.of(form)) for key, form in persons.items()}
