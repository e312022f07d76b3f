"""One kind for one name: votes, knowledge and full names repair mislabelled mentions.

The mentions of a document and the votes of all documents come in, the same mentions with agreed kinds come out.
Votes are counts, so they can be added up in any order and in parts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from entityscan import knowledge, rules
from entityscan.gazetteer import load_categories
from entityscan.names import is_acronym, name_key
from entityscan.records import Kind, Mention

_USUAL_VOTES = 8
_USUAL_SHARE = 0.9
"""A kind is usual for a name with so many votes, and so large a share of them, in all documents."""
_SURE = 0.5
"""A mention with a lower score is unsure of its kind."""
_NO_NOUN = r"(?![ -][a-z])"
"""No plain word behind a name, which may say what it is: the Fujian coast, the Glasgow-built warships."""
_AT_SEA = (
    r"(?: (?:capsized|dived|fired|opened fire|sailed|sank|steamed|surfaced|torpedoed)\b"
    r"| (?:was|were) (?:scuttled|sunk|torpedoed)\b"
    r"|['\u2019]s (?:\w+ )?(?:bow|crew|decks?|flight deck|gunners|guns|hull|magazines?|sinking|sister ship|stern|turrets?)\b)"
)
"""Behind a ship's name: what only ships do, suffer or have."""
_BESIDE = re.compile(r", ([A-Z][\w.]*(?: [A-Z]\w*)?)")
_ORDER = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(slots=True)
class _Told:
    """What the names of a document tell of others, as keys."""

    surnames: set[str] = field(default_factory=set)
    given_names: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    """First words of formal names, one or more."""
    towns: set[str] = field(default_factory=set)
    """Places behind which the text says where they are."""
    sure: set[str] = field(default_factory=set)
    """Names with a mention whose kind is sure."""

    def note(self, key: str, mention: Mention) -> None:
        """Take in a mention."""
        first, _, rest = key.partition(" ")
        if mention.score is None or mention.score >= _SURE:
            self.sure.add(key)
        if mention.kind is Kind.PERSON and rest and not mention.text.isupper():
            self.surnames |= {key.rsplit(" ", 1)[1], name_key(mention.text.rsplit(" ", 1)[-1])}
            self.given_names.add(first)
        elif mention.kind is Kind.ORGANISATION and rules.has_legal_form(mention.text):
            words = key.split()
            self.companies |= {" ".join(words[:size]) for size in range(1, len(words))}
        elif mention.kind is Kind.PLACE and _lies_in_a_place(mention):
            self.towns.add(key)


@dataclass(slots=True)
class Votes:
    """How articles use a name."""

    kinds: Counter[Kind]
    document: str
    """The first of them, by id."""
    text: str
    """How that one first spells it."""
    varied: bool = False
    """Whether another begins with another spelling."""

    def add(self, other: "Votes") -> None:
        """Take in how other articles use it."""
        self.kinds.update(other.kinds)
        self.varied = self.varied or other.varied or self.text != other.text
        if other.document < self.document:
            self.document, self.text = other.document, other.text


def votes_of(mentions: Sequence[Mention]) -> dict[str, Votes]:
    """Count which kinds the mentions of one document, in order, give every name, by the name's key."""
    mentions, _ = _with_whole_articles_ships(mentions)
    return _votes(mentions)


def _votes(mentions: Iterable[Mention]) -> dict[str, Votes]:
    votes: dict[str, Votes] = {}
    for mention in mentions:
        if not _is_settled(mention):
            key = name_key(mention.text)
            found = votes.get(key) or votes.setdefault(key, Votes(Counter(), mention.document, mention.text))
            found.kinds[mention.kind] += 1
    return votes


def add_votes(parts: Iterable[Mapping[str, Votes]]) -> dict[str, Votes]:
    """Add up the votes of articles, in any order."""
    everywhere: dict[str, Votes] = {}
    for votes in parts:
        for key, found in votes.items():
            if key in everywhere:
                everywhere[key].add(found)
            else:
                everywhere[key] = found
    return everywhere


def disputed(votes: Mapping[str, Votes]) -> dict[str, Votes]:
    """Leave out the names that all articles use alike: each of them knows how."""
    return {key: found for key, found in votes.items() if found.varied or len(found.kinds) > 1}


def agree_on_kinds(
    mentions: Sequence[Mention], everywhere: Mapping[str, Votes]
) -> tuple[list[Mention], dict[Mention, Kind]]:
    """Give every name of a document one kind, and a rare kind the usual one.

    A known name has the kind that it is known for; an unknown word that begins or ends a person's name in the document
    is the person, a known place that is a surname only where no mention of it is sure (``Washington``), and one that
    begins a company's formal name (``Orsk Mills Inc``) the company. Else most mentions of the document decide; a name
    that it has only once follows nearly all other documents. Equipment and teams keep their kind: the words around them were evidence.

    Args:
        mentions: All of one document, in order.
        everywhere: The votes of all documents, itself included, as :func:`disputed` gives them.

    Returns:
        The mentions, and for those that changed the kind they had.
    """
    mentions, changed = _with_whole_articles_ships(mentions)
    told = _Told()
    for mention in mentions:
        if not _is_settled(mention):
            told.note(name_key(mention.text), mention)
    winners: dict[str, Kind] = {}
    for key, here in _votes(mentions).items():
        votes = everywhere.get(key, here)
        winner = _kind_by_evidence(votes.text, here.kinds, told) or _winner(here.kinds, votes.kinds)
        if here.kinds.keys() != {winner}:
            winners[key] = winner
    if not winners:
        return list(mentions), changed
    agreed: list[Mention] = []
    for mention in mentions:
        kind = winners.get(name_key(mention.text), mention.kind)
        if mention.kind is not kind and not _is_settled(mention):
            repaired = replace(mention, kind=kind, title=mention.title if kind is Kind.PERSON else "")
            changed[repaired] = mention.kind
            mention = repaired
        agreed.append(mention)
    return agreed, changed


def _with_whole_articles_ships(mentions: Sequence[Mention]) -> tuple[list[Mention], dict[Mention, Kind]]:
    """Make a ship of another kind's name with an article before it or that sails and sinks, where the document has that ship.

    A place of the very name must be named less often than the ship; the last word of a ship's longer name
    (the Belgrano, of General Belgrano) may be taken for a person too.
    """
    ships: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    longer: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        if mention.kind is Kind.EQUIPMENT and not mention.generic and mention.text.istitle():
            ships[mention.document, mention.text].append(mention)
        if mention.kind is Kind.EQUIPMENT and " " in mention.text and mention.category in _sea_categories():
            longer.setdefault((mention.document, mention.text.rsplit(" ", 1)[1]), mention)
    places = Counter((mention.document, mention.text) for mention in mentions if mention.kind is Kind.PLACE)
    found: list[Mention] = []
    changed: dict[Mention, Kind] = {}
    for mention in mentions:
        name = mention.document, mention.text
        ship, behind = longer.get(name), _NO_NOUN if rules.known(Kind.PLACE, mention.text) else ""
        if mention.kind is Kind.PLACE and len(ships.get(name, ())) > places[name]:
            ship, behind = ships[name][0], _NO_NOUN
        if ship and mention.kind in (Kind.PLACE, Kind.PERSON) and _is_a_ship(mention, behind):
            ship = replace(
                ship,
                text=mention.text,
                start=mention.start,
                end=mention.end,
                sentence=mention.sentence,
                quantity=None,
                same_as=-1,
            )
            changed[ship] = mention.kind
            mention = ship
        found.append(mention)
    return found, changed


@lru_cache(maxsize=1)
def _sea_categories() -> frozenset[str]:
    return frozenset(name for name, category in load_categories().items() if category.domain == "sea")


def _is_a_ship(mention: Mention, behind: str) -> bool:
    """Tell whether the sentence has the name once, as a ship's.

    There is an article before it and what ``behind`` allows behind it, or it does or has what only ships do and have.
    """
    name = re.escape(mention.text)
    if mention.sentence.count(mention.text) != 1:
        return False
    return bool(re.search(rf"\b[Tt]he {name}\b{behind}|\b{name}{_AT_SEA}", mention.sentence))


def _lies_in_a_place(mention: Mention) -> bool:
    """Tell whether the sentence says behind a name where it is: ``Oshkosh, Wisconsin``."""
    beside = _BESIDE.match(mention.sentence.partition(mention.text)[2])
    return beside is not None and rules.known(Kind.PLACE, beside[1]) != ()


def _is_settled(mention: Mention) -> bool:
    return mention.kind is Kind.EQUIPMENT or mention.setting.startswith(("sport ", "region "))


def _kind_by_evidence(text: str, votes: Counter[Kind], told: _Told) -> Kind | None:
    """Give the kind that knowledge or a full name in the document has for a name, or None.

    Where a place is labelled as an organisation, only a formal name or an acronym proves something
    (``Australia`` may be a team); one plain word may also be a person's (``Florence``, ``Wagner``).
    """
    key = name_key(text)
    if key in told.surnames and key not in told.sure:
        return Kind.PERSON
    owners = [kind for kind in (Kind.PLACE, Kind.ORGANISATION) if rules.known(kind, text)]
    a_persons = key in told.surnames or key in told.given_names
    if not owners:
        if a_persons:
            return Kind.PERSON
        a_companys = key in told.companies - told.towns and key not in knowledge.given_names()
        return Kind.ORGANISATION if a_companys else None
    if len(owners) > 1:
        owners = [kind for kind in owners if _is_written_so(kind, text)]  # the GAO is not the town of Gao
    if len(owners) != 1:
        return None
    [kind] = owners
    formal = rules.is_state_form(text) or _is_written_so(kind, text)
    if kind is Kind.PLACE and Kind.ORGANISATION in votes and not formal:
        return None
    plain = " " not in key and not is_acronym(text)
    return None if plain and (a_persons or key in knowledge.given_names()) else kind


def _is_written_so(kind: Kind, text: str) -> bool:
    """Tell whether a known name is an acronym, and no other name in capitals: ``UAE``, but not ``CHICAGO``."""
    return is_acronym(text) and any(text in record.spellings for record in rules.known(kind, text))


def _winner(here: Counter[Kind], everywhere: Counter[Kind]) -> Kind:
    """Give the kind of a name in a document, from the votes there and in all documents."""
    if len(everywhere) == 1:
        return next(iter(everywhere))
    usual, count = min(everywhere.items(), key=lambda item: (-item[1], _ORDER[item[0]]))
    if here.total() == 1 and count >= _USUAL_VOTES and count >= _USUAL_SHARE * everywhere.total():
        return usual
    return min(here, key=lambda kind: (-here[kind], -everywhere[kind], _ORDER[kind]))
