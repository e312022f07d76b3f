"""Where a name begins and ends, by the words around it: joined at ``of``, parted from its owner, with its title or tail.

A recogniser's names come in, better ones go out; nothing is added that it has not seen.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from entityscan.components.found import Found
from entityscan.knowledge import famous, organisations, places, word_roles
from entityscan.names import name_key
from entityscan.records import Kind
from entityscan.units import unit_of

_PATRON = re.compile(r"\b(?:Imam|King|Prince|Princess|Queen|Saint|Sheikh|Sultan) $")
_LONGEST_PATRON = 10  # code points
_SEAT = re.compile(r"(\S.*) of ([^\W\d_a-z][^\W\d_]+(?: [^\W\d_a-z][^\W\d_]+)?)")
_SYLLABLE = re.compile(r" [A-Z][a-z]{1,5}\b(?! [A-Z])(?!['’-])")
_KOREA = re.compile(r"Korea|Pyongyang|Seoul")
_HONORIFIC = re.compile(r"([^\W\d_a-z]\w+)-(?:chan|ji|kun|sama|san|sensei|ssi)")
_PLAIN_WORD = re.compile(r" [a-z]{4,}\b")
_APOSTROPHE = re.compile(r"['’]")
_LONG_WITHOUT_APOSTROPHE = 500  # code points; a shorter text may well have none
_USER = re.compile(r"((?:[A-Z]\.?){2,5}) (?=\S)")
FORCES = frozenset(("alliance", "armed group", "government", "military"))
"""Types of organisations that use weapons."""
_OWNER = re.compile(r"([^\W\d_](?:(?!['’]s? ).)*)['’]s? ")


def joined(text: str, names: list[Found]) -> Iterator[Found]:
    """Yield the names, joined where one ends in ``of`` and the next goes on, or a colon joins them: ``Re:Baltica``.

    Two persons with nothing but a space between them, whom the text names nowhere else, are one as well.
    """
    occurrences = Counter(text[name.start : name.end] for name in names)
    waiting: Found | None = None
    for name in names:
        if waiting is not None:
            between = text[waiting.end : name.start]
            goes_on = between in (" ", " the ") and text.endswith(
                (" of", " of the"), waiting.start, waiting.end
            )
            once = all(occurrences[text[one.start : one.end]] == 1 for one in (waiting, name))
            persons = waiting.kind is name.kind is Kind.PERSON and not name.facts.title and once
            alike = waiting.kind is name.kind
            if goes_on or (between == ":" and alike) or (between == " " and persons):
                name = replace(waiting, end=name.end)
            else:
                yield waiting
        waiting = name
    if waiting is not None:
        yield waiting


def without_owners(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield the names, and apart from them the place or other name that owns them: ``Russia's Black Sea Fleet``.

    The owner is a known place, or a name that the text has elsewhere; ``Attorney General's Office`` has none.
    """
    names = list(names)
    alone = {text[name.start : name.end]: name for name in names}
    for name in names:
        owner = _OWNER.match(text, name.start, name.end)
        kind = None
        if owner is not None and name.kind in (Kind.PLACE, Kind.ORGANISATION):
            surface = owner.group(1)
            known = alone.get(surface)
            if name_key(surface) in places():
                kind = Kind.PLACE
            elif known is not None and Kind.PLACE in (known.kind, name.kind):
                kind = known.kind
        if owner is None or kind is None:
            yield name
            continue
        rest = text[owner.end() : name.end]
        if rest[0].isupper() or rest.islower():
            yield replace(name, end=owner.end(1), kind=kind)
            yield from (replace(name, start=owner.end()),) if rest[0].isupper() else ()
        else:
            yield name


def units_apart(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield the names, two units that ``and`` joins apart: ``2nd Battalion, 4th Marines and Combat Logistics Battalion 13``."""
    for name in names:
        joint = text.find(" and ", name.start, name.end) if name.kind is Kind.ORGANISATION else -1
        if joint > 0 and unit_of(text[name.start : joint]) and unit_of(text[joint + 5 : name.end]):
            yield replace(name, end=joint)
            yield replace(name, start=joint + 5)
        else:
            yield name


def without_users(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield the names, and apart from equipment the country or service before it: ``UK M270``, ``RAF Typhoons``."""
    for name in names:
        user = _USER.match(text, name.start, name.end) if name.kind is Kind.EQUIPMENT else None
        kind = _user_kind(user.group(1)) if user else None
        if user is None or kind is None:
            yield name
        else:
            yield replace(name, end=user.end(1), kind=kind)
            yield replace(name, start=user.end())


def _user_kind(acronym: str) -> Kind | None:
    """Give the kind of what may own equipment: a country or a service; a company makes it and is part of its name."""
    if name_key(acronym) in places():
        return Kind.PLACE
    known = organisations().get(name_key(acronym), ())
    return Kind.ORGANISATION if known and all(one.type in FORCES for one in known) else None


def without_lost_apostrophes(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the names without the ``s`` of a possessive in a text that has lost its apostrophes: ``Japans forces``.

    A name loses it when the text, or everybody, knows the name without it.
    """
    if len(text) < _LONG_WITHOUT_APOSTROPHE or _APOSTROPHE.search(text):
        yield from names
        return
    surfaces = {text[name.start : name.end] for name in names}
    for name in names:
        bare = text[name.start : name.end - 1]
        owns = text.startswith("s ", name.end - 1) and not is_known(f"{bare}s")
        known = bare in surfaces or (name.kind is not Kind.PERSON and is_known(bare))
        yield replace(name, end=name.end - 1) if owns and known else name


def without_seats(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield the names, and apart from a known company the place behind it: ``AM General of South Bend``."""
    for name in names:
        seat = _SEAT.fullmatch(text, name.start, name.end) if name.kind is Kind.ORGANISATION else None
        whole = name_key(text[name.start : name.end]) in organisations()
        owners = organisations().get(name_key(seat[1]), ()) if seat is not None else ()
        if seat is None or whole or not any(owner.type == "company" for owner in owners):
            yield name
            continue
        yield replace(name, end=seat.end(1))
        yield replace(name, start=seat.start(2), kind=Kind.PLACE)


def without_honorifics(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the names, those of the text's persons without the honorific behind them: ``Takaichi-san``."""
    words = {
        word
        for name in names
        if name.kind is Kind.PERSON
        for word in text[name.start : name.end].split()
        if not _HONORIFIC.fullmatch(word)
    }
    for name in names:
        found = _HONORIFIC.fullmatch(text, name.start, name.end)
        called = found is not None and found[1] in words
        yield replace(name, end=found.end(1), kind=Kind.PERSON) if found and called else name


def with_patron(text: str, name: Found) -> Found:
    """Return a place or organisation with the title of the person it is called after: ``King Hussein Bridge``."""
    if name.kind is Kind.PERSON:
        return name
    patron = _PATRON.search(text[max(0, name.start - _LONGEST_PATRON) : name.start])
    if patron is None or is_known(text[name.start : name.end]):
        return name
    return replace(name, start=name.start - len(patron.group()))


def with_syllable(text: str, name: Found) -> Found:
    """Return a Korean person's name with the syllable behind it that the recogniser took for a word: ``Ri Hyong Son``."""
    words = text[name.start : name.end].split(" ")
    if name.kind is not Kind.PERSON or len(words) != 2 or words[0].lower() not in _korean_surnames():
        return name
    syllable = _SYLLABLE.match(text, name.end) if words[1].isalpha() and _KOREA.search(text) else None
    return replace(name, end=syllable.end()) if syllable else name


@lru_cache(maxsize=1)
def _korean_surnames() -> frozenset[str]:
    """Give all spellings of the Korean surnames."""
    return frozenset(word for row in word_roles()["Korean surname"] for word in row.split())


def with_tail(text: str, name: Found) -> Found:
    """Return a name with the plain word after it that makes a known organisation: ``Black Sea fleet``."""
    word = _PLAIN_WORD.match(text, name.end) if name.kind in (Kind.PLACE, Kind.ORGANISATION) else None
    if word is None:
        return name
    longer = name_key(text[name.start : word.end()]) in organisations()
    return replace(name, end=word.end(), kind=Kind.ORGANISATION) if longer else name


def is_known(surface: str) -> bool:
    """Tell whether the tables know a place, organisation or well-known person of this name."""
    key = name_key(surface)
    return key in places() or key in organisations() or key in famous()
