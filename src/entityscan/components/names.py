"""The component that maps the recogniser's labels to ours, cleans its names and adds what the text gives away."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

from spacy.language import Language
from spacy.tokens import Doc, Span

from entityscan.components.additions import (
    BRACKET,
    CAPITAL_WORDS,
    STOCK,
    acronyms,
    bracketed,
    covering,
    repeats,
    surnames,
    with_companies,
    with_given,
    with_persons,
)
from entityscan.components.borders import (
    is_known,
    joined,
    units_apart,
    with_patron,
    with_syllable,
    with_tail,
    without_honorifics,
    without_lost_apostrophes,
    without_owners,
    without_seats,
    without_users,
)
from entityscan.components.found import (
    DROPPED,
    EVENTS,
    Found,
    SpanFacts,
    register_extension,
    set_entities,
    without_overlaps,
)
from entityscan.datelines import dateline_names
from entityscan.knowledge import demonyms, famous, places, word_roles
from entityscan.known_names import firm_names, known_names, pair_names, unit_names
from entityscan.names import name_key
from entityscan.recogniser import TEXT
from entityscan.records import Kind, Source
from entityscan.spans import is_lower, load_titles, trim
from entityscan.word_lists import word_lists

_REGION_WORD = re.compile(r" ([^\W\d_]+)\b")
_REGION_END = re.compile(r" region$")
_EVENT_NAME = re.compile(r"\b(?:Operation|OPERATION|Exercise|EXERCISE)(?: [A-Z][\w’'-]*){1,4}")
_STORM = re.compile(
    r"\b(?:(?:[Ss]uper )?[Tt]yphoon|[Hh]urricane|[Cc]yclone|[Tt]ropical [Ss]torm) ([A-Z][\w’'-]+)"
    r"(?:,? \(?(?:(?:also|locally) )?(?:called|known|named)(?: locally)?(?: as)? ([A-Z][\w’'-]+))?"
)
"""A storm, and what it is called elsewhere: ``Typhoon Kalmaegi, known locally as Tino``; rebels may storm Kabul."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]{1,64}@[\w-]+\.\w+")
_EVENT = re.compile(r"(?:Operation|OPERATION|Exercise|EXERCISE|Ex|Op)\.? [A-Z]")
_EXERCISE_BEFORE = re.compile(r"\bexercises? $")
_LONGEST_EXERCISE = 10  # code points
_LAST_WORD = re.compile(r"\s([A-Z]\w+)$")
_OF = re.compile(r" (?:of|for|and) ")
_MEMBERS_OF = re.compile(r"([A-Z]\w+) (?:of|from) (?:the )?(?=[A-Z])")
_PLAIN_BEGINNING = re.compile(r"(?:[a-z]{4,} )+(?:of )?(?=[^\W\d_a-z])")
"""Words that say where in a place, or what it is: southern Mindanao, southwestern city of Nuremberg."""
_CODE = re.compile(r"[DIR]-[A-Z]|(?:CY|FY)[ -]?\d{2,4}$|n[A-Z0-9]{8,}$|[A-Z0-9]{6}-\d\d-[A-Z]-\w{4}$")
"""A party and state behind a politician, a fiscal year, an agency's number of a story, a contract."""
_STOCK_CODE = re.compile(r"(.+ (\w+)\.?) \(?([A-Z]{1,5})(?:\.[A-Z]{1,2})?")
_ON = re.compile(r"\b(?:on|On|over|via|through) (?:his |her |its |their |the )?$")
_LONGEST_ON = 14  # code points
_LONGEST_STOCK = 20  # code points
_ADMINISTRATION = re.compile(r"([^\W\d_a-z][\w'’-]+) [Aa]dministration")


@lru_cache(maxsize=1)
def load_labels() -> dict[str, Kind | None]:
    """Read the label schemes that ship with the package: label -> kind, or None for a label without one."""
    lines = files("entityscan").joinpath("data/labels.csv").read_text("utf-8").splitlines()[1:]
    rows = (line.split(",") for line in lines)
    return {label: Kind(kind) if kind else None for _scheme, label, kind in rows}


@Language.factory("entityscan_names", assigns=["doc.ents"], requires=["doc.ents"])
def make_names(nlp: Language, name: str) -> "Names":
    """Make the component that cleans and completes the recogniser's names."""
    return Names()


class Names:
    """Map labels, trim spans, add names in brackets and repeats; see the package's text."""

    def __init__(self) -> None:
        register_extension()
        self.labels = load_labels()
        self.demonyms = demonyms()
        self.region_words, self.members = word_roles()["region"], word_roles()["member"]

    def __call__(self, doc: Doc) -> Doc:
        """Clean and complete ``doc.ents``."""
        text = doc.user_data.get(TEXT) or doc.text
        dropped = doc.user_data.setdefault(DROPPED, Counter())
        events = [event.span() for event in _EVENT_NAME.finditer(text)]
        doc.user_data[EVENTS] = events
        lower = is_lower(text)
        names = [found for span in doc.ents if (found := self._clean(text, span, dropped, lower)) is not None]
        names = list(without_users(text, units_apart(text, without_owners(text, joined(text, names)))))
        names = [with_tail(text, with_patron(text, name)) for name in without_lost_apostrophes(text, names)]
        names = list(without_honorifics(text, list(without_seats(text, names))))
        names = list(with_persons(text, [with_syllable(text, name) for name in names]))
        names = with_companies(text, names)
        names = with_given(names, known_names(text), Source.GAZETTEER)
        names = with_given(names, [*firm_names(text), *unit_names(text)], Source.PATTERN, wins=True)
        names = with_given(names, _apart(names, pair_names(text)), Source.PATTERN)
        dated = list(dateline_names(text))
        names = with_given(names, dated, Source.PATTERN, wins=True)
        starts = {start for start, _, _ in dated}
        others = [
            name for name in bracketed(text, names) if name.start not in starts
        ]  # an agency is no acronym
        kinds = {text[name.start : name.end]: name.kind for name in others}
        names = [replace(name, kind=kinds.get(text[name.start : name.end], name.kind)) for name in names]
        names = without_overlaps([*others, *names])
        again = [name for name in repeats(text, names) if not _is_no_mention(text, name)]
        names = without_overlaps([*covering(names, again), *names, *again])
        short = list(acronyms(text, names))
        taken = {found.start for found in short}
        names = [name for name in names if name.kind is not Kind.EQUIPMENT or name.start not in taken]
        names = without_overlaps([*names, *short, *surnames(text, names)])
        names = list(_without_events(text, names, events, dropped))
        names = list(_outside_addresses(text, names, dropped))
        set_entities(doc, _titles_apart(text, names))
        return doc

    def _clean(self, text: str, span: Span, dropped: Counter[str], lower: bool) -> "Found | None":
        kind = self.labels.get(span.label_)
        if kind is None:
            dropped[f"label {span.label_}"] += 1
            return None
        name = trim(text, span.start_char, span.end_char, kind, lower=lower)
        if name is None:
            dropped["no name left after trimming"] += 1
            return None
        surface = text[name.start : name.end]
        if surface.lower() in self.demonyms:
            dropped["demonym"] += 1
            return None
        if kind is not Kind.PERSON and _is_event(text, name.start, name.end):
            dropped["event or law"] += 1
            return None
        is_title = kind is not Kind.PERSON and surface.lower() in load_titles().heads
        is_code = _CODE.match(surface) or _is_stock(text, name.start, name.end)
        is_channel = _is_channel(text, name.start, name.end)
        if is_title or surface.lower() in word_lists("not_names")["names"] or is_code or is_channel:
            dropped["no name"] += 1
            return None
        member = _MEMBERS_OF.match(text, name.start, name.end) if kind is Kind.ORGANISATION else None
        if member and member.group(1).lower() in self.members:
            name = replace(name, start=member.end())
        plain = _PLAIN_BEGINNING.match(text, name.start, name.end) if kind is Kind.PLACE else None
        if plain and not is_known(surface):
            name = replace(name, start=plain.end())
        end = self._with_region(text, name.start, name.end) if kind is Kind.PLACE else name.end
        if kind is Kind.ORGANISATION and (code := _STOCK_CODE.fullmatch(text, name.start, name.end)):
            forms = word_roles()["legal form"]
            if code[2].lower() in forms and code[3].lower() not in forms:
                end = code.end(1)
        if (of := _ADMINISTRATION.fullmatch(surface)) and name_key(of.group(1)) in famous():
            kind, end = Kind.PERSON, name.start + of.end(1)
        score = span._.entityscan_score if Span.has_extension("entityscan_score") else None
        return Found(name.start, end, kind, SpanFacts(score=score, title=name.title))

    def _with_region(self, text: str, start: int, end: int) -> int:
        """Return where a place ends with the word that makes it a region: ``Kursk region`` is not Kursk.

        A name that is no town's already says a region (``Donbas region`` is Donbas).
        """
        inside = _REGION_END.search(text, start, end)
        if inside is not None:
            return inside.start() if self._types(text[start : inside.start()]) - {"city", "site"} else end
        word = _REGION_WORD.match(text, end)
        if word is None or word.group(1).lower() not in self.region_words:
            return end
        return end if self._types(text[start:end]) - {"city", "site"} else word.end()

    def _types(self, surface: str) -> set[str]:
        return {known.type for known in places().get(name_key(surface), ())}


def _without_events(
    text: str, names: list[Found], events: list[tuple[int, int]], dropped: Counter[str]
) -> Iterator[Found]:
    """Yield the names but what stands for an operation in short, and storms, wherever the text names them again."""
    short = {bracket.group(1) for _, end in events if (bracket := BRACKET.match(text, end))}
    storms = {name for storm in _STORM.finditer(text) for name in (storm[0], *storm.groups())}
    for name in names:
        surface = text[name.start : name.end]
        if surface in short or (surface in storms and name.kind is not Kind.EQUIPMENT):
            dropped["event or law"] += 1
        else:
            yield name


def _outside_addresses(text: str, names: list[Found], dropped: Counter[str]) -> Iterator[Found]:
    """Yield the names but those inside a web address, whose words may be written like names."""
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for name in names:
        if any(start <= name.start < end for start, end in addresses):
            dropped["part of a web address"] += 1
        else:
            yield name


def _titles_apart(text: str, names: list[Found]) -> Iterator[Found]:
    """Yield the names, and no title reaches into the name before it: ``Rwanda Defence Force spokesman``."""
    end = 0
    for name in sorted(names, key=lambda name: name.start):
        title = name.facts.title
        if title and text.rfind(title, 0, name.start) < end:
            name = replace(name, facts=replace(name.facts, title=text[end : name.start].strip()))
        yield name
        end = name.end


def _apart(names: list[Found], more: Iterator[tuple[int, int, Kind]]) -> Iterator[tuple[int, int, Kind]]:
    """Yield what touches none of the names."""
    for start, end, kind in more:
        if not any(name.start < end and start < name.end for name in names):
            yield start, end, kind


def _is_channel(text: str, start: int, end: int) -> bool:
    """Tell whether a company's name stands for the place where people write: ``on Telegram``."""
    channel = text[start:end].lower() in word_lists("not_names")["channels"]
    return channel and _ON.search(text, max(0, start - _LONGEST_ON), start) is not None


def _is_no_mention(text: str, name: Found) -> bool:
    """Tell whether a name found again is part of an event's name here, or a channel: the Dubai Airshow."""
    event = name.kind is not Kind.PERSON and _is_event(text, name.start, name.end)
    return event or _is_channel(text, name.start, name.end)


def _is_stock(text: str, start: int, end: int) -> bool:
    """Tell whether a name is a stock's or its exchange's code in brackets."""
    opening = text.rfind("(", max(0, start - _LONGEST_STOCK), start)
    code = STOCK.match(text, opening) if opening >= 0 else None
    return code is not None and end < code.end()


def _is_event(text: str, start: int, end: int) -> bool:
    """Tell whether a name is an operation, or an event, a law or the like, or what one is named after."""
    if _EVENT.match(text, start, end):
        return True
    surface = text[start:end]  # exercise Open Spirit, but also exercises NATO held
    exercise = _EXERCISE_BEFORE.search(text, max(0, start - _LONGEST_EXERCISE), start)
    if exercise and " " in surface and not is_known(surface):
        return True
    events = word_lists("not_names")["events"]
    last = _LAST_WORD.search(text, start, end)
    if last and last[1].lower() in events and not _OF.search(text, start, end):
        return True
    after = CAPITAL_WORDS.match(text, end)
    return after is not None and bool({after[1].lower(), after[0].strip().lower()} & events)
