"""spaCy components: what turns any recogniser's spans into clean names, and adds equipment.

Two factories, registered by entry points, so that ``nlp.add_pipe("entityscan_names")`` works in
anyone's pipeline once entityscan is installed:

* ``entityscan_names`` maps the recogniser's labels to ours, trims spans, and adds the names that the
  text itself gives away: known names of several words, datelines, a name in another script or an
  acronym in brackets after a name, and further occurrences of names already found.
* ``entityscan_equipment`` adds military equipment and settles overlaps.

Both read and write ``doc.ents``. Facts that a label cannot hold are kept in ``span._.entityscan``, a
:class:`SpanFacts`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Span

from entityscan.datelines import dateline_names
from entityscan.equipment import EquipmentFinder, Match
from entityscan.gazetteer import load_families
from entityscan.knowledge import demonyms, famous, organisations, places, word_roles
from entityscan.known_names import firm_names, known_names, unit_names
from entityscan.names import is_acronym, name_key
from entityscan.recogniser import TEXT
from entityscan.records import Kind, Source
from entityscan.spans import is_name, load_titles, trim
from entityscan.word_lists import word_lists

EXTENSION = "entityscan"
"""Name of the span extension, ``span._.entityscan``."""
DROPPED = "entityscan_dropped"
"""Key in ``doc.user_data``: spans that are no mentions, counted by the rule that dropped them."""
_EVENTS = "entityscan_events"
"""Key in ``doc.user_data``: ranges of operations and exercises, in which no equipment is meant either."""

_BRACKET = re.compile(r"\s?[(（]\s?([^()（）\n]{1,60}?)\s?[)）]")
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z][A-Za-z&./-]{1,11}")
_REGION_WORD = re.compile(r" ([^\W\d_]+)\b")
_REGION_END = re.compile(r" region$")
_EVENT_NAME = re.compile(r"\b(?:Operation|OPERATION|Exercise|EXERCISE)(?: [A-Z][\w’'-]*){1,4}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]{1,64}@[\w-]+\.\w+")
_EVENT = re.compile(r"(?:Operation|OPERATION|Exercise|EXERCISE|Ex|Op)\.? [A-Z]")
_ARTICLE_BEFORE = re.compile(r"\b[Tt]he $")
_LAST_WORD = re.compile(r"\s([A-Z]\w+)$")
_OF = re.compile(r" (?:of|for|and) ")
_CAPITAL_WORDS = re.compile(r" ([A-Z]\w+)(?: [A-Z]\w+)?")
_PATRON = re.compile(r"\b(?:Imam|King|Prince|Princess|Queen|Saint|Sheikh|Sultan) $")
_LONGEST_PATRON = 10  # code points
_PLAIN_BEGINNING = re.compile(r"(?:[a-z]{4,} )+(?:of )?(?=[^\W\d_a-z])")
"""Words that say where in a place, or what it is: southern Mindanao, southwestern city of Nuremberg."""
_PLAIN_WORD = re.compile(r" [a-z]{4,}\b")
_APOSTROPHE = re.compile(r"['’]")
_LONG_WITHOUT_APOSTROPHE = 500  # code points; a shorter text may well have none
_CODE = re.compile(r"[DIR]-[A-Z]|(?:CY|FY)[ -]?\d{2,4}$|n[A-Z0-9]{8,}$|[A-Z0-9]{6}-\d\d-[A-Z]-\w{4}$")
"""A party and state behind a politician, a fiscal year, an agency's number of a story, a contract."""
_STOCK_CODE = re.compile(r"(.+ (\w+)\.?) \(?([A-Z]{1,5})(?:\.[A-Z]{1,2})?")
_ADMINISTRATION = re.compile(r"([^\W\d_a-z][\w'’-]+) [Aa]dministration")
_USER = re.compile(r"((?:[A-Z]\.?){2,5}) (?=\S)")
_USERS = frozenset(("alliance", "armed group", "government", "military"))
_OWNER = re.compile(r"([^\W\d_](?:(?!['’]s? ).)*)['’]s? ")
_NAME_WORD = re.compile(r"\w+")
_SHORT_CODE = re.compile(r"[A-Z]{1,2}-?\d")  # roads, chips and mountains are M1 and K2 too
_SURE = 0.9  # score from which the recogniser's names of equipment are mostly right, on held-out articles
_ACRONYM_LENGTH = 5  # letters; a longer word in capitals is a headline's or a dateline's
_CAPITAL_BEFORE = re.compile(r"\b([^\W\d_a-z][\w'’.]*)[ -]$")
_CAPITAL_AFTER = re.compile(r"[ -][^\W\d_a-z]|-\w")
_LONGEST_BEFORE = 30  # code points
_SHORTEST_SURNAME = 4
_SHORTEST_REPEAT = 3  # code points; two-letter names are too often something else


@dataclass(frozen=True, slots=True)
class SpanFacts:
    """What is known of a span besides its place and label."""

    source: Source = Source.MODEL
    score: float | None = None
    title: str = ""
    match: Match | None = None
    """Equipment: what the finder says of it."""


def facts(span: Span) -> SpanFacts:
    """Return the facts of a span in ``doc.ents``; those of a plain recogniser's span are the defaults."""
    known = span._.get(EXTENSION) if Span.has_extension(EXTENSION) else None
    return known if known is not None else SpanFacts()


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


@Language.factory("entityscan_equipment", assigns=["doc.ents"], default_config={"families": ""})
def make_equipment(nlp: Language, name: str, families: str) -> "Equipment":
    """Make the component that finds military equipment; ``families`` is a file of the user's own, or empty."""
    return Equipment(families)


class Names:
    """Map labels, trim spans, add names in brackets and repeats; see the module's text."""

    def __init__(self) -> None:
        _register_extension()
        self.labels = load_labels()
        self.demonyms = demonyms()
        self.region_words = word_roles()["region"]

    def __call__(self, doc: Doc) -> Doc:
        """Clean and complete ``doc.ents``."""
        text = doc.user_data.get(TEXT) or doc.text
        dropped = doc.user_data.setdefault(DROPPED, Counter())
        events = [event.span() for event in _EVENT_NAME.finditer(text)]
        doc.user_data[_EVENTS] = events
        names = [found for span in doc.ents if (found := self._clean(text, span, dropped)) is not None]
        names = list(_without_users(text, _without_owners(text, _joined(text, names))))
        names = [
            _with_tail(text, _with_patron(text, name)) for name in _without_lost_apostrophes(text, names)
        ]
        names = _with_given(names, known_names(text), Source.GAZETTEER)
        names = _with_given(names, [*firm_names(text), *unit_names(text)], Source.PATTERN, wins=True)
        names = _with_given(names, dateline_names(text), Source.PATTERN, wins=True)
        bracketed = list(_bracketed(text, names))
        kinds = {text[name.start : name.end]: name.kind for name in bracketed}
        names = [replace(name, kind=kinds.get(text[name.start : name.end], name.kind)) for name in names]
        names = _without_overlaps([*bracketed, *names])
        names = _without_overlaps([*names, *_repeats(text, names)])
        names = _without_overlaps([*names, *_surnames(text, names)])
        short = {bracket.group(1) for _, end in events if (bracket := _BRACKET.match(text, end))}
        names = [name for name in names if text[name.start : name.end] not in short]
        _set_entities(doc, _outside_addresses(text, names, dropped))
        return doc

    def _clean(self, text: str, span: Span, dropped: Counter[str]) -> "_Found | None":
        kind = self.labels.get(span.label_)
        if kind is None:
            dropped[f"label {span.label_}"] += 1
            return None
        name = trim(text, span.start_char, span.end_char, kind)
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
        if is_title or surface.lower() in word_lists("not_names")["names"] or _CODE.match(surface):
            dropped["no name"] += 1
            return None
        plain = _PLAIN_BEGINNING.match(text, name.start, name.end) if kind is Kind.PLACE else None
        if plain and not _is_known(surface):
            name = replace(name, start=plain.end())
        end = self._with_region(text, name.start, name.end) if kind is Kind.PLACE else name.end
        if kind is Kind.ORGANISATION and (code := _STOCK_CODE.fullmatch(text, name.start, name.end)):
            forms = word_roles()["legal form"]
            if code[2].lower() in forms and code[3].lower() not in forms:
                end = code.end(1)
        if (of := _ADMINISTRATION.fullmatch(surface)) and name_key(of.group(1)) in famous():
            kind, end = Kind.PERSON, name.start + of.end(1)
        score = span._.entityscan_score if Span.has_extension("entityscan_score") else None
        return _Found(name.start, end, kind, SpanFacts(score=score, title=name.title))

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


class Equipment:
    """Find equipment in the text and settle overlaps with the names already in ``doc.ents``."""

    def __init__(self, families: str = "") -> None:
        _register_extension()
        self.finder = EquipmentFinder(load_families(families))

    def __call__(self, doc: Doc) -> Doc:
        """Add equipment to ``doc.ents``; labels that are not ours are left out."""
        names = [
            _Found(s.start_char, s.end_char, Kind(s.label_), facts(s)) for s in doc.ents if s.label_ in _KINDS
        ]
        text = doc.user_data.get(TEXT) or doc.text
        matches = [
            _Found(m.start, m.end, Kind.EQUIPMENT, SpanFacts(m.source, match=m))
            for m in self.finder.find(text)
            if not any(start <= m.start < end for start, end in doc.user_data.get(_EVENTS, ()))
        ]
        settled = self._settle(text, names, matches)
        lost = len(names) + len(matches) - len(settled)
        doc.user_data.setdefault(DROPPED, Counter())["overlap of a name and equipment"] += lost
        _set_entities(doc, settled)
        return doc

    def _settle(self, text: str, names: list["_Found"], matches: list["_Found"]) -> list["_Found"]:
        """Keep, of each overlap, the longer span, and the finder's when they are equal.

        Of the recogniser's own equipment only what the finder has no opinion on, when it is sure.
        """
        others = [name for name in names if name.kind is not Kind.EQUIPMENT]
        own = self._own(text, [name for name in names if name.kind is Kind.EQUIPMENT], matches)
        named = {name.end + 1 for name in own}  # a class noun right behind a name is no mention of its own
        apart = [found for found in matches if not (_is_generic(found) and found.start in named)]
        return _without_overlaps([*apart, *others, *own], key=_precedence)

    def _own(self, text: str, names: list["_Found"], found: list["_Found"]) -> list["_Found"]:
        """Return the recogniser's equipment that the finder has no opinion on, described."""
        taken = {offset for item in found for offset in range(item.start, item.end)}
        matches = [item.facts.match for item in found if item.facts.match is not None]
        codes = any(_SHORT_CODE.fullmatch(text, name.start, name.end) for name in names)
        military = not codes or bool(matches) or self.finder.is_military(text)
        certain = [name for name in names if _is_certain(name)]
        surfaces = {text[name.start : name.end] for name in certain}
        ends = {name.end + offset for name in certain for offset in (1, 2)}
        kept = []
        for name in sorted(names, key=_shortest_last):  # full names before their short forms
            repeated = text[name.start : name.end] in surfaces or name.start in ends
            sure = _is_certain(name) or (name.facts.source is Source.PATTERN and repeated)
            if _is_place(text, name, sure=sure):
                kept.append(replace(name, kind=Kind.PLACE))
            elif sure and taken.isdisjoint(range(name.start, name.end)):
                match = self._describe(text, name, matches)
                likely = military or not _SHORT_CODE.fullmatch(text, name.start, name.end)
                if match is not None and likely and not _is_no_name(match):
                    matches.append(match)
                    kept.append(replace(name, facts=replace(name.facts, match=match)))
        return kept

    def _describe(self, text: str, name: "_Found", matches: list[Match]) -> Match | None:
        """Say what a recogniser's span is: a name that the text has in full, or what its words tell."""
        surface = text[name.start : name.end]
        match = self.finder.describe(
            surface, text[name.end : name.end + 60], text[max(0, name.start - 60) : name.start]
        )
        if match is None or match.source is not Source.MODEL:
            return match
        full = {m.family: m for m in matches if not m.generic and f" {m.text}".endswith(f" {surface}")}
        if len(full) != 1:
            return match
        [known] = full.values()  # the Lincoln, of USS Abraham Lincoln
        return replace(known, start=match.start, end=match.end, text=surface, source=Source.MODEL)


def _is_certain(name: "_Found") -> bool:
    """Tell whether the recogniser read a name here, and is sure of it."""
    score = name.facts.score
    return name.facts.source is not Source.PATTERN and (score is None or score >= _SURE)


def _shortest_last(name: "_Found") -> int:
    return name.start - name.end


def _is_generic(found: "_Found") -> bool:
    return found.facts.match is not None and found.facts.match.generic


def _is_place(text: str, name: "_Found", *, sure: bool) -> bool:
    """Tell whether the recogniser's equipment is a known place: ``US``, ``Jordan``, or an unsure town.

    A ship that is called after a place has an article before its name.
    """
    surface = text[name.start : name.end]
    types = {known.type for known in places().get(name_key(surface), ())}
    if is_acronym(surface) or not types:
        return bool(types)
    with_article = _ARTICLE_BEFORE.search(text[max(0, name.start - 4) : name.start])
    return not with_article and (not sure or "country" in types)


def _is_no_name(match: Match) -> bool:
    """Tell whether the finder has refused a common noun, or an unknown span is a plain word or one in capitals."""
    if match.generic:
        return True
    letters = match.text.replace(" ", "") if " " in match.text else match.text.replace("-", "")
    if match.source is not Source.MODEL:
        return False
    if not letters.isalpha():
        return False
    return letters.islower() or (letters.isupper() and len(letters) > _ACRONYM_LENGTH)


_KINDS = frozenset(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: Kind
    facts: SpanFacts


def _precedence(found: _Found) -> tuple[int, bool, bool]:
    """Order of claims to the same characters: the longer span, then the finder's, which has read the evidence."""
    match = found.facts.match
    return (found.end - found.start, match is not None, match is not None and match.certain)


def _without_overlaps(found: list[_Found], key: object = None) -> list[_Found]:
    """Keep spans that do not overlap: the earlier in the list, or the greater by ``key``, wins."""
    ranked = sorted(found, key=key, reverse=True) if callable(key) else found
    taken: set[int] = set()
    kept: list[_Found] = []
    for item in ranked:
        if taken.isdisjoint(range(item.start, item.end)):
            taken.update(range(item.start, item.end))
            kept.append(item)
    return sorted(kept, key=lambda item: item.start)


def _outside_addresses(text: str, names: list[_Found], dropped: Counter[str]) -> Iterator[_Found]:
    """Yield the names but those inside a web address, whose words may be written like names."""
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    for name in names:
        if any(start <= name.start < end for start, end in addresses):
            dropped["part of a web address"] += 1
        else:
            yield name


def _is_event(text: str, start: int, end: int) -> bool:
    """Tell whether a name is an operation, or an event, a law or the like, or what one is named after."""
    if _EVENT.match(text, start, end):
        return True
    events = word_lists("not_names")["events"]
    last = _LAST_WORD.search(text, start, end)
    if last and last[1].lower() in events and not _OF.search(text, start, end):
        return True
    after = _CAPITAL_WORDS.match(text, end)
    return after is not None and bool({after[1].lower(), after[0].strip().lower()} & events)


def _joined(text: str, names: list[_Found]) -> Iterator[_Found]:
    """Yield the names, joined where one ends in ``of`` and the next goes on: no name ends in a preposition."""
    waiting: _Found | None = None
    for name in names:
        if waiting is not None:
            goes_on = text[waiting.end : name.start] in (" ", " the ")
            yield from () if goes_on else (waiting,)
            name = replace(waiting, end=name.end) if goes_on else name
            waiting = None
        if text.endswith((" of", " of the"), name.start, name.end):
            waiting = name
        else:
            yield name
    if waiting is not None:
        yield waiting


def _without_owners(text: str, names: Iterable[_Found]) -> Iterator[_Found]:
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


def _without_users(text: str, names: Iterable[_Found]) -> Iterator[_Found]:
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
    return Kind.ORGANISATION if known and all(one.type in _USERS for one in known) else None


def _without_lost_apostrophes(text: str, names: Sequence[_Found]) -> Iterator[_Found]:
    """Yield the names without the ``s`` of a possessive in a text that has lost its apostrophes: ``Japans forces``.

    A name loses it when the text, or everybody, knows the name without it.
    """
    lost = len(text) >= _LONG_WITHOUT_APOSTROPHE and not _APOSTROPHE.search(text)
    surfaces = {text[name.start : name.end] for name in names} if lost else set()
    for name in names:
        bare = text[name.start : name.end - 1]
        owns = lost and text.startswith("s ", name.end - 1) and not _is_known(f"{bare}s")
        known = bare in surfaces or (name.kind is not Kind.PERSON and _is_known(bare))
        yield replace(name, end=name.end - 1) if owns and known else name


def _with_patron(text: str, name: _Found) -> _Found:
    """Return a place or organisation with the title of the person it is called after: ``King Hussein Bridge``."""
    patron = _PATRON.search(text[max(0, name.start - _LONGEST_PATRON) : name.start])
    if name.kind is Kind.PERSON or patron is None or _is_known(text[name.start : name.end]):
        return name
    return replace(name, start=name.start - len(patron.group()))


def _with_tail(text: str, name: _Found) -> _Found:
    """Return a name with the plain word after it that makes a known organisation: ``Black Sea fleet``."""
    word = _PLAIN_WORD.match(text, name.end)
    if word is None or name.kind not in (Kind.PLACE, Kind.ORGANISATION):
        return name
    longer = name_key(text[name.start : word.end()]) in organisations()
    return replace(name, end=word.end(), kind=Kind.ORGANISATION) if longer else name


def _is_known(surface: str) -> bool:
    key = name_key(surface)
    return key in places() or key in organisations() or key in famous()


def _with_given(
    names: list[_Found], given: Iterable[tuple[int, int, Kind]], source: Source, *, wins: bool = False
) -> list[_Found]:
    """Add names that need no recogniser, and let them settle its borders.

    Args:
        names: The recogniser's.
        given: Start, end and kind.
        source: Where they come from.
        wins: Their kind is right, whatever the recogniser says; else it may know better.
    """
    result = names
    for start, end, kind in given:
        touched = [name for name in result if name.start < end and start < name.end]
        if any(name.start < start or end < name.end for name in touched):
            continue  # part of a longer name, or the borders cross
        same = [name for name in touched if (name.start, name.end) == (start, end)]
        if same and (not wins or same[0].kind is kind):
            continue
        result = [name for name in result if name not in touched]
        result.append(_Found(start, end, kind, SpanFacts(source)))
    return sorted(result, key=lambda name: name.start)


def _bracketed(text: str, names: Iterable[_Found]) -> Iterator[_Found]:
    """Yield names in brackets right after a name: the same name in another script, or an acronym of it."""
    for name in names:
        bracket = _BRACKET.match(text, name.end)
        if bracket is None:
            continue
        inside = bracket.group(1)
        native = any(ch.isalpha() for ch in inside) and not any(
            "LATIN" in _script(ch) for ch in inside if ch.isalpha()
        )
        acronym = (
            name.kind is not Kind.PERSON
            and _ACRONYM.fullmatch(inside)
            and name.end - name.start > len(inside)
        )
        if native or acronym:
            yield _Found(bracket.start(1), bracket.end(1), name.kind, SpanFacts(Source.PATTERN))


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    import unicodedata

    return unicodedata.name(character, "")


def _repeats(text: str, names: list[_Found]) -> Iterator[_Found]:
    """Yield further whole-word occurrences of the names, each as the kind it mostly has in this document."""
    votes: dict[str, Counter[Kind]] = {}
    for name in names:
        surface = text[name.start : name.end]
        if len(surface) >= _SHORTEST_REPEAT and is_name(surface, Kind.PERSON) and surface[0].isupper():
            votes.setdefault(surface, Counter())[name.kind] += 1
    by_first: dict[str, list[str]] = {}
    for surface in votes:
        if word := _NAME_WORD.match(surface):
            by_first.setdefault(word.group(), []).append(surface)
    for word in _NAME_WORD.finditer(text):
        for surface in sorted(by_first.get(word.group(), ()), key=len, reverse=True):
            end = word.start() + len(surface)
            if (
                text.startswith(surface, word.start())
                and not text[end : end + 1].isalnum()
                and not _is_demonym(text, word.start(), end)
            ):
                kind = max(votes[surface], key=lambda k: (votes[surface][k], k))
                yield _Found(word.start(), end, kind, SpanFacts(Source.PATTERN))
                break


def _is_demonym(text: str, start: int, end: int) -> bool:
    """Tell whether a name begins an adjective of two words: ``South Korean``."""
    after = _CAPITAL_WORDS.match(text, end)
    return after is not None and f"{text[start:end]} {after[1]}".lower() in demonyms()


def _surnames(text: str, names: Sequence[_Found]) -> Iterator[_Found]:
    """Yield the surnames of the persons of a text wherever they stand alone: ``Robinson's crews``.

    Not those that are a word of the text, or a known name, too (``Young``, ``Washington``).
    """
    persons = [text[name.start : name.end].rsplit(" ", 1) for name in names if name.kind is Kind.PERSON]
    surnames = {name[1] for name in persons if len(name) > 1 and len(name[1]) >= _SHORTEST_SURNAME}
    surnames = {name for name in surnames if name.istitle() and not _is_known(name)}
    if not surnames:
        return
    found = list(_NAME_WORD.finditer(text))
    surnames -= {word.group().capitalize() for word in found if word.group().islower()}
    for word in found:
        if word.group() in surnames and not _in_longer_name(text, word.start(), word.end()):
            yield _Found(word.start(), word.end(), Kind.PERSON, SpanFacts(Source.PATTERN))


def _in_longer_name(text: str, start: int, end: int) -> bool:
    """Tell whether a capital letter, but that of a title, stands before or after a word: ``Fort Robinson``."""
    before = _CAPITAL_BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    if (
        before
        and before[1].lower().rstrip(".") not in load_titles().words | word_lists("sentence_openers")[""]
    ):
        return True
    return bool(_CAPITAL_AFTER.match(text, end))


def _register_extension() -> None:
    if not Span.has_extension(EXTENSION):
        Span.set_extension(EXTENSION, default=None)


def _set_entities(doc: Doc, found: Iterable[_Found]) -> None:
    """Make ``found`` the entities of ``doc``, cutting tokens where a span begins or ends inside one."""
    items = list(found)
    _split_tokens(doc, sorted({offset for item in items for offset in (item.start, item.end)}))
    spans = []
    for item in items:
        span = doc.char_span(item.start, item.end, label=item.kind.value)
        if span is None:
            raise AssertionError(f"span {item.start}:{item.end} does not fit the tokens")
        spans.append(span)
    doc.set_ents(spans)
    for span, item in zip(spans, items, strict=True):
        span._.set(EXTENSION, item.facts)


def _split_tokens(doc: Doc, offsets: list[int]) -> None:
    """Cut tokens so that every offset is a token boundary; nearly always nothing is to do."""
    starts, lengths = doc.to_array(["IDX", "LENGTH"]).T
    boundaries = {*starts.tolist(), *(starts + lengths).tolist()}
    wanted: dict[int, list[int]] = {}
    for offset in offsets:
        if offset not in boundaries:
            index = int(starts.searchsorted(offset)) - 1
            wanted.setdefault(index, []).append(offset - int(starts[index]))
    if not wanted:
        return
    with doc.retokenize() as retokenizer:
        for index, cuts in wanted.items():
            token = doc[index]
            parts = [token.text[a:b] for a, b in pairwise([0, *cuts, len(token.text)])]
            retokenizer.split(token, parts, heads=[(token, 0)] * len(parts))
