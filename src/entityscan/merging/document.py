"""Inside a document: a surname, an acronym or a short form stands for the name that the article gives."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from entityscan import knowledge, rules
from entityscan.kinds import Votes, agree_on_kinds
from entityscan.merging.identity import countries, identify
from entityscan.merging.short_names import is_complete, join_short_names
from entityscan.merging.steps import Cluster, Groups, Link, candidate_pairs, judge, whole
from entityscan.names import name_key
from entityscan.records import Kind, Mention
from entityscan.rules import Form


def forms_of(mentions: Iterable[Mention], regions: Mapping[str, str] | None = None) -> list[Form]:
    """Gather the mentions of one document by kind, text and what is known of each; see :func:`regions_of`."""
    regions = regions or {}
    found: dict[tuple[Any, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        key = (
            mention.kind,
            mention.text,
            _gender(mention.title),
            mention.family,
            mention.generic,
            mention.setting or (regions.get(mention.text, "") if mention.kind is Kind.PLACE else ""),
        )
        found[key].append(mention)
    return sorted(_form(same, key[-1]) for key, same in found.items())


def regions_of(mentions: Sequence[Mention]) -> dict[str, str]:
    """Give the setting of places that are not the known city of their name: Odessa, where Texas follows it.

    The mentions are one document's, in order; a city that is also named with a region of its own country is left out.
    """
    elsewhere: dict[str, str] = {}
    at_home: set[str] = set()
    for city, region in pairwise(mention for mention in mentions if mention.kind is Kind.PLACE):
        if region.start - city.end == len(", ") and (owners := rules.known(Kind.PLACE, city.text)):
            setting = rules.other_region(owners, region.text)
            if setting:
                elsewhere[city.text] = setting
            elif setting is not None:
                at_home.add(city.text)
    return {text: setting for text, setting in elsewhere.items() if text not in at_home}


def _form(mentions: list[Mention], setting: str) -> Form:
    first = mentions[0]
    return Form(
        first.document,
        first.start,
        first.text,
        first.kind,
        _gender(first.title),
        first.family,
        first.generic,
        setting,
        tuple(mentions),
    )


@lru_cache(maxsize=2_048)
def _gender(title: str) -> str:
    """Give ``m`` or ``f`` when a title says so."""
    found = set(name_key(title).split())
    roles = knowledge.word_roles()
    male, female = bool(found & roles["male title"]), bool(found & roles["female title"])
    return {(True, False): "m", (False, True): "f"}.get((male, female), "")


@dataclass(frozen=True, slots=True)
class Article:
    """One document, merged."""

    mentions: list[Mention]
    """Sorted, with the kinds that all articles agree on."""
    published: str
    clusters: list[Cluster]


def merge_article(
    mentions: Iterable[Mention],
    everywhere: Mapping[str, Votes],
    published: str = "",
    known: Article | None = None,
) -> Article:
    """Agree on the kinds in one document and group its mentions.

    Args:
        mentions: All of the document.
        everywhere: How all documents vote on the kinds of names; see ``kinds``.
        published: ISO 8601 date of the document, or empty.
        known: The document as it was merged before, kept when nothing in it has changed.
    """
    agreed, labels = agree_on_kinds(sorted(set(mentions), key=whole), everywhere)
    agreed.sort(key=whole)
    if known is not None and (known.mentions, known.published) == (agreed, published):
        return known
    clusters = merge_document(agreed)
    beside = tuple(sorted(one.identity for one in clusters if one.kind is not Kind.EQUIPMENT))
    return Article(
        agreed, published, [_with_facts(cluster, beside, labels, published) for cluster in clusters]
    )


def _with_facts(
    cluster: Cluster, beside: tuple[str, ...], labels: Mapping[Mention, Kind], published: str
) -> Cluster:
    """Note on a cluster what merging across documents needs to know of its document."""
    own = {}
    if labels:
        found = (mention for form in cluster.forms for mention in form.mentions)
        own = {mention: labels[mention] for mention in found if mention in labels}
    return replace(
        cluster, beside=beside if cluster.kind is Kind.PERSON else (), labels=own, published=published
    )


def merge_document(mentions: Sequence[Mention]) -> list[Cluster]:
    """Group the mentions of one document and give every group its identity."""
    forms = forms_of(mentions, regions_of(mentions))
    groups = Groups(forms)
    for link in _definitions(forms):
        groups.join(link)
    pairs = list(candidate_pairs(forms))
    equal = judge(pairs)
    for link in equal:
        if is_complete(link.left) and is_complete(link.right):
            groups.join(link)
    context = countries(forms)
    unclear = join_short_names(groups, pairs, context)
    for link in equal:
        if link.left in groups and link.right in groups and unclear.isdisjoint({link.left, link.right}):
            groups.join(link)
    links: dict[int, list[Link]] = defaultdict(list)
    for link in groups.links:
        links[id(groups.of(link.left))].append(link)
    return [_cluster(sorted(members), links[id(members)], unclear, context) for members in groups]


def _definitions(forms: Sequence[Form]) -> Iterator[Link]:
    """Yield the links that the text itself makes: ``Long Name (LN)``, native script, "also known as"."""
    at = {mention.start: form for form in forms for mention in form.mentions}
    for form in forms:
        for mention in form.mentions:
            other = at.get(mention.same_as)
            if other is not None and other.kind is form.kind and other != form:
                yield Link(mention.same_as_cue or "definition", form, other, certain=True)
                break


def _cluster(forms: list[Form], links: Sequence[Link], unclear: set[Form], context: Counter[str]) -> Cluster:
    ambiguous = not unclear.isdisjoint(forms)
    identity, name, rule = identify(forms, links, context, ambiguous=ambiguous)
    return Cluster(tuple(forms), tuple(links), identity, name, rule, ambiguous)
