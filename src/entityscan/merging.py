"""Mentions in, entities out: one entity for one thing, with a receipt for each merge.

Two rounds, both in the same three steps. :func:`candidate_pairs` finds names that share a key,
:func:`judge` asks the rules, :func:`group` joins what no veto keeps apart. The first round works
inside each document, where a surname or an acronym may stand for the name that the article gives;
the second joins the groups of all documents that have the same identity. It works on mentions
alone, never on texts, and the order of the mentions makes no difference.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, groupby
from operator import attrgetter
from typing import Any

from entityscan import knowledge, rules
from entityscan.kinds import agree_on_kinds
from entityscan.knowledge import Known
from entityscan.names import designation_key, is_acronym, name_key, person_name, spelling_key
from entityscan.quantities import as_record
from entityscan.records import Alias, Entity, Kind, Mention, Receipt
from entityscan.rules import Form
from entityscan.spellings import person_block

_whole = attrgetter(*(item.name for item in fields(Mention) if item.compare))
"""Sort key that sees every compared field of a mention; faster than its own comparison."""
_KIND_ORDER = {kind: rank for rank, kind in enumerate(Kind)}


_CLEARLY_MORE = 1.5
"""So many times as often as the next must an article name the country of its `Navy`."""


@dataclass(frozen=True, slots=True)
class Link:
    """A reason to join two forms; the place of ``left`` shows it."""

    rule: str
    left: Form
    right: Form
    certain: bool = False
    """True when the text itself equates the two, so that no veto speaks against it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What one document calls one thing."""

    forms: tuple[Form, ...]
    links: tuple[Link, ...]
    identity: str
    """Clusters of equal identity are one entity."""
    name: str = ""
    """Name of the known thing that the identity stands for, or empty."""
    rule: str = "same name"
    """Why this cluster has that identity."""
    ambiguous: bool = False

    @property
    def kind(self) -> Kind:
        """Kind of all its forms."""
        return self.forms[0].kind


def merge(mentions: Iterable[Mention], *, published: Mapping[str, str] | None = None) -> list[Entity]:
    """Group the mentions of one thing into one entity.

    Two names are joined when a rule gives a reason and no veto speaks between any name of the one
    group and any of the other. The result does not depend on the order of ``mentions``.

    Args:
        mentions: Any number, from any documents; read once, kept in memory.
        published: ISO 8601 date of each document that has one, by document id.

    Returns:
        One entity per thing, in the order of the output contract. Every mention is in exactly one
        entity, and of that entity's kind.

    >>> full = Mention("a.txt", 0, 11, "Donald Tusk", Kind.PERSON)
    >>> short = Mention("a.txt", 40, 44, "Tusk", Kind.PERSON)
    >>> [entity] = merge([short, full])
    >>> entity.name, [(alias.text, alias.count) for alias in entity.aliases], entity.why[0].rule
    ('Donald Tusk', [('Donald Tusk', 1), ('Tusk', 1)], 'surname')
    """
    ordered = sorted(set(mentions), key=_whole)
    repaired, labels = agree_on_kinds(ordered)
    repaired.sort(key=_whole)
    clusters = [
        cluster
        for _, found in groupby(repaired, key=lambda mention: mention.document)
        for cluster in merge_document(list(found))
    ]
    groups = merge_across(clusters)
    entities = [_entity(group, published or {}, labels) for group in groups]
    return sorted(_with_distinct_ids(entities), key=_output_order)


def _output_order(entity: Entity) -> tuple[int, bool, int, int, str, str]:
    generic = bool(entity.attributes.get("generic"))
    return _KIND_ORDER[entity.kind], generic, -len(entity.mentions), -entity.documents, entity.name, entity.id


# ---------------------------------------------------------------- the three steps


def candidate_pairs(forms: Sequence[Form]) -> Iterator[tuple[Form, Form]]:
    """Yield every two forms of one kind that share a key, each pair once."""
    blocks: dict[tuple[Kind, str], list[int]] = defaultdict(list)
    for index, form in enumerate(forms):
        for key in rules.keys(form):
            blocks[form.kind, key].append(index)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        for pair in combinations(block, 2):
            if pair not in seen:
                seen.add(pair)
                yield forms[pair[0]], forms[pair[1]]


def judge(pairs: Iterable[tuple[Form, Form]]) -> list[Link]:
    """Give a link for every pair that a rule joins and no veto keeps apart."""
    links = []
    for left, right in pairs:
        rule = rules.reason(left, right)
        if rule and not rules.veto(left, right):
            links.append(Link(rule, left, right))
    return links


class Groups:
    """Forms in groups that only ever grow, and never across a veto."""

    def __init__(self, forms: Iterable[Form], vetoed: Callable[[Form, Form], object] = rules.veto) -> None:
        self._members = {form: [form] for form in forms}
        self._vetoed = lru_cache(maxsize=None)(vetoed)
        self.links: list[Link] = []

    def of(self, form: Form) -> list[Form]:
        """Give the group of a form, itself among it."""
        return self._members[form]

    def add(self, form: Form) -> None:
        """Start a group of one."""
        self._members[form] = [form]

    def drop(self, form: Form) -> None:
        """Take out a form that is a group of its own."""
        del self._members[form]

    def __contains__(self, form: Form) -> bool:
        return form in self._members

    def join(self, link: Link) -> bool:
        """Join the groups of a link's two forms, unless a pair across them is vetoed."""
        left, right = self._members[link.left], self._members[link.right]
        if left is not right:
            if not link.certain and any(self._vetoed(one, two) for one in left for two in right):
                return False
            left.extend(right)
            for form in right:
                self._members[form] = left
        self.links.append(link)
        return True

    def __iter__(self) -> Iterator[list[Form]]:
        """Yield every group once, in the order of its first form."""
        seen: set[int] = set()
        for members in self._members.values():
            if id(members) not in seen:
                seen.add(id(members))
                yield members


def group(
    forms: Iterable[Form], links: Iterable[Link], vetoed: Callable[[Form, Form], object] = rules.veto
) -> list[list[Form]]:
    """Join the forms along the links, in their order, where no pair across two groups is vetoed."""
    groups = Groups(forms, vetoed)
    for link in links:
        groups.join(link)
    return [sorted(members) for members in groups]


# ---------------------------------------------------------------- inside a document


def forms_of(mentions: Iterable[Mention]) -> list[Form]:
    """Gather the mentions of one document by kind, text and what is known of each."""
    found: dict[tuple[Any, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        found[mention.kind, mention.text, _gender(mention.title), mention.family, mention.generic].append(
            mention
        )
    return sorted(_form(same) for same in found.values())


def _form(mentions: list[Mention]) -> Form:
    first = mentions[0]
    return Form(
        first.document,
        first.start,
        first.text,
        first.kind,
        _gender(first.title),
        first.family,
        first.generic,
        tuple(mentions),
    )


@lru_cache(maxsize=50_000)
def _gender(title: str) -> str:
    """Give ``m`` or ``f`` when a title says so."""
    found = set(name_key(title).split())
    roles = knowledge.word_roles()
    male, female = bool(found & roles["male title"]), bool(found & roles["female title"])
    return {(True, False): "m", (False, True): "f"}.get((male, female), "")


def merge_document(mentions: Sequence[Mention]) -> list[Cluster]:
    """Group the mentions of one document and give every group its identity."""
    forms = forms_of(mentions)
    groups = Groups(forms)
    for link in _definitions(forms):
        groups.join(link)
    pairs = list(candidate_pairs(forms))
    equal = judge(pairs)
    for link in equal:
        if _complete(link.left) and _complete(link.right):
            groups.join(link)
    unclear = _join_short_names(groups, pairs)
    for link in equal:
        if link.left in groups and link.right in groups and unclear.isdisjoint({link.left, link.right}):
            groups.join(link)
    context = _countries(forms)
    links: dict[int, list[Link]] = defaultdict(list)
    for link in groups.links:
        links[id(groups.of(link.left))].append(link)
    return [_cluster(sorted(members), links[id(members)], unclear, context) for members in groups]


def _complete(form: Form) -> bool:
    return form.kind is not Kind.PERSON or person_name(form.text).full


def _definitions(forms: Sequence[Form]) -> Iterator[Link]:
    """Yield the links that the text itself makes: ``Long Name (LN)``, native script, "also known as"."""
    at = {mention.start: form for form in forms for mention in form.mentions}
    for form in forms:
        for mention in form.mentions:
            other = at.get(mention.same_as)
            if other is not None and other.kind is form.kind and other != form:
                yield Link(mention.same_as_cue or "definition", form, other, certain=True)
                break


def _join_short_names(groups: Groups, pairs: Iterable[tuple[Form, Form]]) -> set[Form]:
    """Join short names to their owners, the longest first; return those that have several."""
    owners: dict[Form, list[tuple[Form, str]]] = defaultdict(list)
    for left, right in pairs:
        for short, full in ((left, right), (right, left)):
            rule = rules.short_reason(short, full)
            if rule and not rules.veto(short, full):
                owners[short].append((full, rule))
    unclear: set[Form] = set()
    for short in sorted(owners, key=lambda form: (not is_acronym(form.text), -len(form.text.split()), form)):
        if any(_complete(form) and short.kind is Kind.PERSON for form in groups.of(short)):
            continue
        unclear |= _join_short_name(groups, short, _best_owners(groups, short, owners[short]))
    return unclear


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


def _join_short_name(groups: Groups, short: Form, owners: Mapping[int, Link]) -> set[Form]:
    """Join a short name to its only owner, or each mention to the nearest full name before it."""
    if len(owners) < 2:
        for link in owners.values():
            groups.join(link)
        return set()
    by_owner: dict[int, list[Mention]] = defaultdict(list)
    for mention in short.mentions:
        starts = [
            (other.start, number)
            for number, link in owners.items()
            for form in groups.of(link.right)
            if len(form.text) > len(short.text)
            for other in form.mentions
            if other.start < mention.start
        ]
        by_owner[max(starts)[1] if starts else 0].append(mention)
    if len(groups.of(short)) > 1:
        return set()
    groups.drop(short)
    unclear = set()
    for number, mentions in by_owner.items():
        part = _form(mentions)
        groups.add(part)
        if not number or not groups.join(replace(owners[number], left=part)):
            unclear.add(part)
    return unclear


def _countries(forms: Iterable[Form]) -> Counter[str]:
    """Count how often a document names each country, by its name, its cities and its institutions."""
    found: Counter[str] = Counter()
    for form in forms:
        if form.kind in (Kind.PLACE, Kind.ORGANISATION) and (
            form.kind is Kind.PLACE or not is_acronym(form.text)
        ):
            owners = rules.known(form.kind, form.text)
            code = owners[0].country if len(owners) == 1 else ""
            if not code and form.kind is Kind.ORGANISATION:
                code = rules.organisation_name(form.text).country
            if code:
                found[code] += len(form.mentions)
    return found


def _main_country(context: Counter[str]) -> str:
    """Give the country that a document names clearly more often than any other, or an empty string."""
    ranked = [*context.most_common(2), ("", 0), ("", 0)]
    return ranked[0][0] if ranked[0][1] > _CLEARLY_MORE * ranked[1][1] else ""


def _cluster(forms: list[Form], links: Sequence[Link], unclear: set[Form], context: Counter[str]) -> Cluster:
    ambiguous = not unclear.isdisjoint(forms)
    identity, name, rule = identify(forms, links, context, ambiguous=ambiguous)
    return Cluster(tuple(forms), tuple(links), identity, name, rule, ambiguous)


# ---------------------------------------------------------------- identity


def identify(
    forms: Sequence[Form], links: Sequence[Link], context: Counter[str], *, ambiguous: bool
) -> tuple[str, str, str]:
    """Give the identity of a document's group, the known name behind it, and the rule that says so."""
    short = {link.left for link in links if link.rule in rules.SHORT_RANK}
    kind = forms[0].kind
    best = sorted(
        forms, key=lambda form: (_bare(form), form in short, _incomplete(form), -len(form.mentions), form)
    )
    if kind is Kind.EQUIPMENT:
        return _identify_equipment(best[0]), "", "same family"
    for form in best:
        owners, rule = _owners(form, context)
        if len(owners) == 1:
            return f"known {owners[0].name}", owners[0].name, rule
        if kind is Kind.ORGANISATION and form not in short and not is_acronym(form.text):
            break
    if kind is Kind.PERSON:
        return _identify_person(best[0], ambiguous=ambiguous)
    if kind is Kind.PLACE:
        key, role = rules.place_name(best[0].text)
        return f"place {' '.join(map(spelling_key, key.split()))} {role}", "", "same name"
    return _identify_organisation(min(best, key=_incomplete), context)


def _owners(form: Form, context: Counter[str]) -> tuple[Sequence[Known], str]:
    """Give the known things that a form may mean in its document, and the rule that says so."""
    if _bare(form):
        owners = rules.institution_of(_main_country(context), form.text)
        if len(owners) == 1:
            return owners, "country of the article"
    owners = rules.known(form.kind, form.text)
    if len(owners) > 1:
        owners = tuple(owner for owner in owners if owner.country in context)
    return owners, "known name"


def _bare(form: Form) -> bool:
    """Tell whether a form only says what every country has: Navy, Defence Ministry."""
    return form.kind is Kind.ORGANISATION and rules.is_bare_institution(form.text)


def _incomplete(form: Form) -> bool:
    """Tell whether a form leaves words out: an acronym, a surname, initials."""
    if form.kind is Kind.PERSON:
        name = person_name(form.text)
        return not name.full or len(name.parts[0]) == 1
    return is_acronym(form.text)


def _identify_equipment(form: Form) -> str:
    family = form.family or designation_key(form.text)
    return f"{'kind' if form.generic else 'family'} {family}"


def _identify_person(form: Form, *, ambiguous: bool) -> tuple[str, str, str]:
    name = person_name(form.text)
    if name.full:
        return f"person {' '.join(name.parts)} {name.suffix} {form.gender}", "", "same name"
    owners = () if ambiguous or name.suffix else knowledge.famous().get(name_key(form.text), ())
    if len(owners) == 1 and form.gender in ("", owners[0].type):
        return f"known {owners[0].name}", owners[0].name, "well-known name"
    return f"alone {name_key(form.text)} {form.document} {form.first}", "", "same name"


def _identify_organisation(form: Form, context: Counter[str]) -> tuple[str, str, str]:
    name = rules.organisation_name(form.text)
    if rules.known(Kind.PLACE, form.text):
        return f"alone {name.key} {form.document}", "", "same name"
    if name.country or not rules.is_bare_institution(form.text):
        return f"organisation {name.key}", "", "same name"
    country = _main_country(context)
    if not country:
        return f"alone {name.key} {form.document}", "", "same name"
    return f"organisation {country}:{' '.join(name.rest)}", "", "country of the article"


# ---------------------------------------------------------------- across documents


def merge_across(clusters: Sequence[Cluster]) -> list[list[Cluster]]:
    """Group the clusters of all documents: those of one identity, and persons by spelling."""
    same: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        same[cluster.kind, cluster.identity].append(cluster)
    persons = {key: _full_name(key, found) for key, found in same.items() if key[1].startswith("person ")}
    merged = _merge_persons(persons)
    groups: dict[tuple[Kind, str], list[Cluster]] = defaultdict(list)
    for key, found in same.items():
        groups[merged.get(key, key)].extend(found)
    return list(groups.values())


def _full_name(key: tuple[Kind, str], clusters: Sequence[Cluster]) -> Form:
    """Give the form that stands for a person in comparisons across documents."""
    return min(form for cluster in clusters for form in cluster.forms if _person_key(form) == key[1])


def _person_key(form: Form) -> str:
    name = person_name(form.text)
    return f"person {' '.join(name.parts)} {name.suffix} {form.gender}"


def _merge_persons(persons: Mapping[tuple[Kind, str], Form]) -> dict[tuple[Kind, str], tuple[Kind, str]]:
    """Map the key of every person to the key of the group that it belongs to."""
    blocks: dict[tuple[str, ...], list[Form]] = defaultdict(list)
    for form in persons.values():
        blocks[person_block(person_name(form.text))].append(form)
    links: dict[Form, list[Link]] = defaultdict(list)
    for block in blocks.values():
        for left, right in combinations(sorted(block), 2):
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


# ---------------------------------------------------------------- rows


def _entity(
    clusters: Sequence[Cluster], published: Mapping[str, str], labels: Mapping[Mention, Kind]
) -> Entity:
    clusters = sorted(clusters, key=lambda cluster: cluster.forms)
    found = (mention for cluster in clusters for form in cluster.forms for mention in form.mentions)
    mentions = tuple(sorted(found, key=_whole))
    counts = Counter(mention.text for mention in mentions)
    name = _name(clusters, counts)
    dates = sorted(
        published[document]
        for document in {mention.document for mention in mentions}
        if published.get(document)
    )
    kind = clusters[0].kind
    return Entity(
        id=_hash(kind, min(cluster.identity for cluster in clusters)),
        kind=kind,
        name=name,
        aliases=tuple(
            Alias(text, count) for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ),
        mentions=mentions,
        documents=len({mention.document for mention in mentions}),
        first_seen=dates[0] if dates else None,
        last_seen=dates[-1] if dates else None,
        attributes=_attributes(clusters, mentions, labels),
        why=tuple(_receipts(clusters)),
    )


def _hash(kind: Kind, key: str) -> str:
    digest = blake2b(f"{kind}\n{key}".encode(), digest_size=8)
    return f"{kind}:{digest.hexdigest()}"


def _with_distinct_ids(entities: Iterable[Entity]) -> Iterator[Entity]:
    """Yield the entities; where two would share an id, the first mention tells them apart."""
    by_id: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        by_id[entity.id].append(entity)
    for same in by_id.values():
        if len(same) == 1:
            yield same[0]
            continue
        for entity in same:
            first = entity.mentions[0]
            yield replace(entity, id=_hash(entity.kind, f"{entity.id}\n{first.document}\n{first.start}"))


def _name(clusters: Sequence[Cluster], counts: Counter[str]) -> str:
    """Give the name for the row: the known name, else the most frequent complete form."""
    known = next((cluster.name for cluster in clusters if cluster.name), "")
    if known:
        return known
    forms = [form for cluster in clusters for form in cluster.forms]
    if forms[0].kind is Kind.EQUIPMENT and forms[0].family:
        return forms[0].family
    short = {
        link.left.text for cluster in clusters for link in cluster.links if link.rule in rules.SHORT_RANK
    }
    names = {form.text for form in forms}
    return min(names, key=lambda text: _badness(text, short, counts))


def _badness(
    text: str, short: set[str], counts: Counter[str]
) -> tuple[bool, bool, bool, bool, int, int, str]:
    full = person_name(text).full
    return (
        text in short,
        is_acronym(text),
        text.isupper() or text.islower(),
        not full,
        -counts[text],
        -len(text),
        text,
    )


def _attributes(
    clusters: Sequence[Cluster], mentions: Sequence[Mention], labels: Mapping[Mention, Kind]
) -> dict[str, Any]:
    kind = clusters[0].kind
    found: dict[str, Any] = {}
    if kind is Kind.EQUIPMENT:
        found = {
            "category": _most_frequent(mention.category for mention in mentions),
            "generic": mentions[0].generic,
            "origin": _most_frequent(mention.origin for mention in mentions),
            "variants": dict(_ranked(mention.variant for mention in mentions)),
            "quantities": [
                {**as_record(mention.quantity), "document": mention.document}
                for mention in mentions
                if mention.quantity
            ],
        }
    elif kind is Kind.PERSON:
        found = {"titles": [title for title, _ in _ranked(mention.title for mention in mentions)]}
    else:
        found = _known_attributes(clusters, kind)
    found["ambiguous"] = any(cluster.ambiguous for cluster in clusters)
    found["labels"] = dict(_ranked(str(labels.get(mention, "")) for mention in mentions))
    return {key: value for key, value in found.items() if value}


def _known_attributes(clusters: Sequence[Cluster], kind: Kind) -> dict[str, Any]:
    name = next((cluster.name for cluster in clusters if cluster.name), "")
    if name:
        record = rules.known(kind, name)[0]
        acronym = record.acronym or (name if kind is Kind.ORGANISATION and is_acronym(name) else "")
        return {"acronym": acronym, "country": record.country}
    texts = [form.text for cluster in clusters for form in cluster.forms]
    if kind is Kind.PLACE:
        return {}
    acronyms = [
        link.left.text for cluster in clusters for link in cluster.links if is_acronym(link.left.text)
    ]
    return {
        "acronym": _most_frequent(acronyms),
        "country": _most_frequent(rules.organisation_name(text).country for text in texts),
    }


def _ranked(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(value for value in values if value).items(), key=lambda item: (-item[1], item[0]))


def _most_frequent(values: Iterable[str]) -> str:
    ranked = _ranked(values)
    return ranked[0][0] if ranked else ""


def _receipts(clusters: Sequence[Cluster]) -> Iterator[Receipt]:
    """Yield a chain of merges over all surface forms: one fewer than there are forms."""
    group_of: dict[str, str] = {}

    def root(text: str) -> str:
        while group_of.setdefault(text, text) != text:
            text = group_of[text]
        return text

    head = clusters[0].forms[0]
    between = [
        Link(rules.reason(cluster.forms[0], head) or cluster.rule, cluster.forms[0], head)
        for cluster in clusters
        if cluster.forms[0].text != head.text
    ]
    for link in [link for cluster in clusters for link in cluster.links] + between:
        left, right = root(link.left.text), root(link.right.text)
        if left != right:
            group_of[left] = right
            place = link.left.mentions[0]
            yield Receipt(link.rule, link.left.text, link.right.text, place.document, place.start, place.end)
