"""Two persons of one name: articles whose words about them cannot be about one person.

Only clear contradictions tell two apart: callings that few people change between, with no name in
common between the articles, or years of birth. When the evidence is weak, one name is one person.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from entityscan import knowledge
from entityscan.merging.steps import Cluster
from entityscan.records import Kind, Mention

_SET_APART = frozenset({"arts", "church", "sport"})
"""Callings that seldom go together with any other, but for politics; of the rest people have several."""
_ENOUGH = 3
"""So much must speak against one person."""
_FEW_NAMES = 2
"""An article with fewer other names shows nothing by sharing none."""
_YEARS = 2
"""Years of birth that are worked out from ages may differ by so many."""
_BEFORE, _AFTER = 40, 60
"""Characters of the sentence around a name that speak of the person."""
_NEAR = 4
"""Words right before a name that may speak of the person."""
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AGE = re.compile(r"^,? (?:aged )?(\d\d)(?:,|\)| years)|^ \((\d\d)\)")
_BORN = re.compile(
    r"^,? (?:\(|who was |was )?(?:born |b\. )(?:in |on )?(?:[\w ]{0,14} )?(\d{4})|^ \((\d{4})\s*[-–]"
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What articles say of a person."""

    callings: Mapping[str, str] = field(default_factory=dict)
    """The word that says it, by calling."""
    countries: Mapping[str, str] = field(default_factory=dict)
    """The adjective that says it, by country code."""
    births: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    """What else the articles name."""

    def __or__(self, other: "Traits") -> "Traits":
        return Traits(
            {**other.callings, **self.callings},
            {**other.countries, **self.countries},
            self.births | other.births,
            self.names | other.names,
        )

    @property
    def telling(self) -> bool:
        """True when something here can contradict."""
        return bool(self.callings or self.births)

    @property
    def words(self) -> str:
        """What tells this person from a namesake, for the reader."""
        found = [*sorted(self.countries.values()), *sorted(self.callings.values())]
        return ", ".join(found + [f"born {year}" for year in sorted(self.births)[:1]])


def told_apart(group: list[Cluster]) -> list[list[Cluster]]:
    """Split the group of a person whose articles contradict each other; any other stays as it is."""
    doubts = Doubts()
    for cluster in group:
        doubts.add(cluster)
    if not doubts:
        return [group]
    return _split(group, [_with_names(_traits(cluster), cluster) for cluster in group])


class Doubts:
    """Whether a group may be two persons; it takes in one cluster after the other, and is true when it is worth a look."""

    def __init__(self) -> None:
        self._first: Cluster | None = None
        self._number = 0
        self._well_known = False
        self._callings: set[str] = set()
        self._births: set[int] = set()

    def add(self, cluster: Cluster) -> None:
        """Read the sentences of a person in several articles who is not well known."""
        self._number += 1
        self._well_known = self._well_known or bool(cluster.name)
        if cluster.kind is not Kind.PERSON or self._well_known:
            return
        if self._number == 1:
            self._first = cluster  # nobody reads the sentences of a person in one article
            return
        for unread in filter(None, (self._first, cluster)):
            traits = _traits(unread)
            self._callings.update(traits.callings)
            self._births |= traits.births
        self._first = None

    def __bool__(self) -> bool:
        if self._well_known or self._number < 2:
            return False
        if len(self._callings) > 1 and not self._callings.isdisjoint(_SET_APART):
            return True
        return bool(self._births) and max(self._births) - min(self._births) > _YEARS


def _traits(cluster: Cluster) -> Traits:
    found = Traits()
    for mention in (mention for form in cluster.forms for mention in form.mentions):
        if mention.sentence or mention.title:
            found |= _said(mention, cluster.published)
    return found


def _said(mention: Mention, published: str) -> Traits:
    """Read what the sentence says right before and after a name."""
    before, _, after = mention.sentence.partition(mention.text)
    clause = re.split(r"[,;:.]", before[-_BEFORE:])[-1]
    front, back = _WORD.findall(clause)[-_NEAR:], _WORD.findall(_apposition(after[:_AFTER]))
    callings = _callings(_WORD.findall(mention.title)) | _callings(back)
    callings |= next((found for size in (3, 2, 1) if (found := _callings(front[-size:], whole=True))), {})
    demonyms = knowledge.demonym_codes()
    countries = {demonyms[word]: word for word in front + back if word in demonyms}
    return Traits(callings, countries, frozenset(_births(after[:_AFTER], published)))


def _apposition(after: str) -> str:
    """Give what stands between a name and the next comma: the Welsh goalkeeper."""
    return re.split(r"[,;:.]|\b(?:and|who|with|said)\b", after[2:])[0] if after.startswith(", ") else ""


def _callings(phrase: Sequence[str], *, whole: bool = False) -> dict[str, str]:
    """Give the callings that words name: anywhere in a phrase, or as the whole of it."""
    words = [word.lower() for word in phrase]
    known = knowledge.callings()
    sizes = (len(words),) if whole else range(min(len(words), 3), 0, -1)
    found: dict[str, str] = {}
    for size in sizes:
        for start in range(len(words) - size + 1):
            named = " ".join(words[start : start + size])
            if named in known:
                found.setdefault(known[named], named)
    return found


def _births(after: str, published: str) -> list[int]:
    if match := _BORN.search(after):
        return [int(match[1] or match[2])]
    if (match := _AGE.search(after)) and published[:4].isdigit():
        return [int(published[:4]) - int(match[1] or match[2])]
    return []


def _with_names(traits: Traits, cluster: Cluster) -> Traits:
    others = list(cluster.beside)
    others.remove(cluster.identity)  # once: another group of that identity in the article is another name
    return replace(traits, names=frozenset(others))


def _split(group: Sequence[Cluster], traits: Sequence[Traits]) -> list[list[Cluster]]:
    """Put every cluster to the first part that it does not contradict, those that say much first."""
    parts: list[tuple[list[Cluster], Traits]] = []
    order = sorted(zip(group, traits, strict=True), key=lambda item: (not item[1].telling, item[0].forms))
    for cluster, said in order:
        fitting = [number for number, part in enumerate(parts) if not _contradict(part[1], said)]
        if fitting:
            number = max(fitting, key=lambda n: (len(parts[n][1].names & said.names), -n))
            members, known = parts[number]
            parts[number] = ([*members, cluster], known | said)
        else:
            parts.append(([cluster], said))
    if len(parts) == 1:
        return [list(group)]
    parts.sort(key=lambda part: min(cluster.forms for cluster in part[0]))
    return [_marked(members, known, first=not number) for number, (members, known) in enumerate(parts)]


def _marked(members: Sequence[Cluster], traits: Traits, *, first: bool) -> list[Cluster]:
    """Note what tells a part from its namesakes; all but the first get an identity of their own."""
    kept = "" if first else f" {traits.words}"
    return [replace(one, identity=f"{one.identity}{kept}", namesake=traits.words) for one in members]


def _contradict(one: Traits, two: Traits) -> bool:
    """Tell whether two articles cannot speak of one person."""
    against = 0
    if one.callings and two.callings and one.callings.keys().isdisjoint(two.callings):
        both = one.callings.keys() | two.callings.keys()
        against += bool(_SET_APART & both) * (1 if "politics" in both else 2)
    if one.births and two.births:
        apart = min(abs(left - right) for left in one.births for right in two.births)
        against += 2 * (apart > _YEARS)
    if one.countries and two.countries:
        against += one.countries.keys().isdisjoint(two.countries)
    if min(len(one.names), len(two.names)) >= _FEW_NAMES:
        against += one.names.isdisjoint(two.names)
    return against >= _ENOUGH
