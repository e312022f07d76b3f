"""Names of several words that our tables know, found in a text as they are written there.

A recogniser may cut ``United Nations Interim Force in Lebanon`` into two names or overlook ``Electric Boat``; that such
words in such capitals are a name needs no statistics. Single words do (``Apple``), so they are left to the recogniser.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from entityscan import knowledge
from entityscan.names import name_key
from entityscan.records import Kind
from entityscan.units import designators

_WORD = re.compile(r"\w+")
_PARTNERS = re.compile(
    r"[^\W\d_a-z][\w'’-]+, [^\W\d_a-z][\w'’-]+ (?:and|&) (?:Co|Company|Cos)\b(?:\.?(?: Inc| Ltd| LP)\b)?"
)
_PAIR = re.compile(r"\b([A-Z][a-z]{2,}[^\W\d_]*) & ([A-Z][a-z]{2,}[^\W\d_]*)\b(?![-’']| [A-Z&])")
_GROUP = re.compile(
    r"\b(?!The )(?:[A-Z][\w.-]* ){1,5}(?:(?:Carrier|Expeditionary|Surface) (?:Strike|Battle) Group|Amphibious Ready Group)\b"
    r"(?: \d+\b|/[A-Z]\w+(?: [A-Z]\w+)*)?"
)
_BRITISH = re.compile(
    r"(?<![\d.,$£€-])\b\d{1,3} (?:(?:Air|Army|Bomber|Combat|Commando|Engineer|Fighter|Fleet|Helicopter|Infantry|Logistic|Naval|Parachute|Signal|"
    r"Training|Transport) ){0,2}"
    r"(?:Brigade|Commando|NAS|Para|Regiment|Sqn|Squadron|Wing)\b(?! [A-Z(])"
)
"""Units that Commonwealth forces call by a plain number: 617 Squadron, 3 Commando Brigade, 2 Para."""
_SAME_LENGTH = str.maketrans({"’": "'", "‘": "'", "‑": "-", "‐": "-", "\xa0": " "})
_CAPITAL_AFTER = re.compile(r"[ -](?:of [^\W\d_a-z]|[^\W\d_a-z])")


@lru_cache(maxsize=1)
def _book() -> Mapping[str, tuple[tuple[str, Kind], ...]]:
    """Give the names by their first word, longest first; a name that two kinds bear is left out."""
    kinds: dict[str, set[Kind]] = defaultdict(set)
    for kind, records in (
        (Kind.PERSON, knowledge.load_people()),
        (Kind.PLACE, knowledge.load_places()),
        (Kind.ORGANISATION, knowledge.load_organisations()),
    ):
        for record in records:
            for spelling in record.spellings:
                name = spelling.removeprefix("the ")
                if sum(word[0].isupper() or word[0].isdigit() for word in _WORD.findall(name)) > 1:
                    kinds[name.translate(_SAME_LENGTH)].add(kind)
                    if record.type == "country":
                        kinds[name.translate(_SAME_LENGTH).upper()].add(kind)  # a headline's
    book: dict[str, list[tuple[str, Kind]]] = defaultdict(list)
    for name, found in sorted(kinds.items(), key=lambda item: (-len(item[0]), item[0])):
        first = _WORD.search(name)
        if len(found) == 1 and first is not None and first.start() == 0:
            book[first.group()].append((name, next(iter(found))))
    return MappingProxyType({word: tuple(names) for word, names in book.items()})


def firm_names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find firms that are called by their partners: ``Goldman, Sachs and Co``.

    Yields:
        Start and end in code points, and the kind.

    >>> [found[:2] for found in firm_names("It named Dillon, Read and Co Inc as manager.")]
    [(9, 32)]
    """
    for firm in _PARTNERS.finditer(text):
        yield firm.start(), firm.end(), Kind.ORGANISATION


def pair_names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find firms that are called by two partners, ``Larsen & Toubro``, but not two topics or a country.

    Yields:
        Start and end in code points, and the kind.

    >>> [found[:2] for found in pair_names("Larsen & Toubro opened a Research & Development centre.")]
    [(0, 15)]
    """
    for pair in _PAIR.finditer(text):
        partners = knowledge.word_roles()["topic"].isdisjoint({pair[1].lower(), pair[2].lower()})
        if partners and name_key(pair[0]) not in knowledge.places():
            yield pair.start(), pair.end(), Kind.ORGANISATION


def unit_names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find military units by their form: groups that are called by their ship, short forms with a number.

    Yields:
        Start and end in code points, and the kind.

    >>> [found[:2] for found in unit_names("The USS Gerald R. Ford Carrier Strike Group turned back.")]
    [(4, 43)]
    """
    for pattern in (_GROUP, _BRITISH, _numbered_units()):
        for unit in pattern.finditer(text):
            yield unit.start(), unit.end(), Kind.ORGANISATION


@lru_cache(maxsize=1)
def _numbered_units() -> re.Pattern[str]:
    """Give the pattern of ``CTF 150``, ``VMFA-121`` and ``Carrier Air Wing (CVW) 5``."""
    short = "|".join(sorted(designators()))
    nouns = "Brigade|Division|Fleet|Force|Group|Squadron|Unit|Wing"
    return re.compile(
        rf"\b(?:{short})[- ]\d{{1,4}}\b|\b(?!The )(?:[A-Z][\w-]* ){{0,3}}(?:{nouns}) \([A-Z]{{2,7}}\) \d{{1,4}}\b"
    )


def known_names(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Find known names of several words, the longest at each place, where no further capitals follow.

    Yields:
        Start and end in code points, and the kind.

    >>> [found[:2] for found in known_names("They called the Islamic Republic of Iran Air Force and the White House.")]
    [(16, 50), (59, 70)]
    """
    plain, book, done = text.translate(_SAME_LENGTH), _book(), 0
    for word in _WORD.finditer(plain):
        if word.start() < done:
            continue
        for name, kind in book.get(word.group(), ()):
            end = word.start() + len(name)
            if plain.startswith(name, word.start()) and not plain[end : end + 1].isalnum():
                done = end
                headline = name.isupper() and " " in name and plain[end : end + 3].strip().isupper()
                if headline or not _CAPITAL_AFTER.match(plain, end):
                    yield word.start(), end, kind
                break
