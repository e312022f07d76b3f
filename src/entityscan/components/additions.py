"""Names that need no recogniser: given by a table or a form, in brackets after a name, or found once already."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import lru_cache

from entityscan.companies import company_names, is_club_name, is_company_name, is_company_word, is_somewhere
from entityscan.components.borders import is_known
from entityscan.components.found import Found, SpanFacts, is_certain
from entityscan.equipment.lexicon import load_prefixes
from entityscan.knowledge import demonyms, people, places, word_roles
from entityscan.names import name_key
from entityscan.records import Kind, Source
from entityscan.spans import is_name, load_titles, title_before
from entityscan.word_lists import word_lists

BRACKET = re.compile(r"\s?[(（]\s?([^()（）\n]{1,60}?)\s?[)）]")
"""A name's other form behind it."""
CAPITAL_WORDS = re.compile(r" ([A-Z]\w+)(?: [A-Z]\w+)?")
STOCK = re.compile(r"\((?:[A-Z0-9]{2,6}\.[A-Z]{1,2}|[A-Za-z]{2,6}: ?[A-Z0-9.]{1,8})\)")
"""What stands in brackets behind a company in news for traders: ``(BAES.L)``, ``(NYSE: LMT)``."""
_ACRONYM = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Z][A-Za-z&./-]{1,11}")
_UNSURE = 0.6  # score under which a title outweighs the recogniser
_PERSON = re.compile(r"[^\W\d_a-z][^\W\d_]+(?:[ -](?:[a-z]{2,3} )?[^\W\d_a-z][^\W\d_]*){1,3}")
_CALLED_AFTER_TOWNS = frozenset(("ferries", "shipyard", "shipyards", "wing"))
_BYLINE = re.compile(r"\(?(?:BY|[Bb]y|From|Reporting by) ")
_IN_TOWN = re.compile(r" in [^\W\d_a-z]")
_NAME_WORD = re.compile(r"\w+")
_CAPITAL_BEFORE = re.compile(r"\b([^\W\d_a-z][\w'’.]*)[ -]$")
_CAPITAL_AFTER = re.compile(r"[ -][^\W\d_a-z]|-\w")
_LONGEST_BEFORE = 30  # code points
_SHORTEST_SURNAME = 4
_SHORTEST_ACRONYM = 3
_ORDINAL_BEFORE = re.compile(r"\b\d{1,3}(?:st|nd|rd|th) $")
_LONGEST_ORDINAL = 6  # code points
_SHORTEST_REPEAT = 3  # code points; two-letter names are too often something else


def with_companies(text: str, names: list[Found]) -> list[Found]:
    """Return the names, those places and weapons organisations that the text shows to be one; see ``companies``."""
    doubtful = [name for name in names if name.kind in (Kind.PLACE, Kind.EQUIPMENT)]
    companies = company_names(
        text, ((name.start, name.end, name.kind is Kind.EQUIPMENT and is_certain(name)) for name in doubtful)
    )
    companies |= _short_forms(text, names, companies)
    return [
        replace(name, kind=Kind.ORGANISATION)
        if name.kind in (Kind.PLACE, Kind.EQUIPMENT) and text[name.start : name.end] in companies
        else name
        for name in names
    ]


def with_persons(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield the names, those places persons that everybody knows as one, or that speak and think: ``Giorgos Skaras said``.

    A place of several words that no table knows; countries and towns that a table knows say things, too. So are those in
    a byline before the town they write from, and an unsure name of several words behind a title: ``of Gen. Arkadiusz
    Szkutnik``.
    """
    for name in names:
        person = name.kind is Kind.PLACE and _is_person(text, name.start, name.end)
        title = _title_of_unsure(text, name) if name.kind in (Kind.PLACE, Kind.ORGANISATION) else ""
        if person or title:
            name = replace(name, kind=Kind.PERSON, facts=replace(name.facts, title=title))
        yield name


def _title_of_unsure(text: str, name: Found) -> str:
    """Give the title before a name that has the form of a person's and whose kind the recogniser is not sure of."""
    surface = text[name.start : name.end]
    if (name.facts.score or 1.0) >= _UNSURE or not _PERSON.fullmatch(surface):
        return ""
    if is_known(surface) or is_company_name(surface):
        return ""
    return title_before(text, name.start)


def _is_person(text: str, start: int, end: int) -> bool:
    surface = text[start:end]
    if " " not in surface or name_key(surface) in places():
        return False
    if name_key(surface) in people():
        return True
    verb = _NAME_WORD.match(text, end + 1) if text[end : end + 1] == " " else None
    speaks = verb is not None and verb.group() in word_roles()["speech"]
    return (
        (speaks or _is_in_byline(text, start, end))
        and bool(_PERSON.fullmatch(surface))
        and not is_company_name(surface)
        and not is_somewhere(text, start)
    )


def _is_in_byline(text: str, start: int, end: int) -> bool:
    """Tell whether a name stands where a byline has a person's: ``By Ann Lee in Bergen and Tom Ashworth in Glasgow``."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    if not _BYLINE.match(before):
        return False
    return before.endswith((" and ", ", ")) and _IN_TOWN.match(text, end) is not None


def _short_forms(text: str, names: Sequence[Found], companies: Set[str]) -> set[str]:
    """Give the words that stand for a company of the text and for nothing known: ``Aurelia``, of Aurelia Shipping."""
    surfaces = {text[name.start : name.end] for name in names if name.kind is Kind.ORGANISATION} | companies
    short = {
        " ".join(part)
        for words in map(str.split, surfaces)
        if len(words) > 1
        and is_company_name(" ".join(words))
        and words[-1].lower() not in _CALLED_AFTER_TOWNS
        and not is_club_name(words[0])
        for part in (words[:1], words[1:], words[:-1])
    }
    return {name for name in short if not is_known(name) and not is_company_word(name)}


def with_given(
    names: list[Found], given: Iterable[tuple[int, int, Kind]], source: Source, *, wins: bool = False
) -> list[Found]:
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
        result.append(Found(start, end, kind, SpanFacts(source)))
    return sorted(result, key=lambda name: name.start)


def bracketed(text: str, names: Iterable[Found]) -> Iterator[Found]:
    """Yield names in brackets right after a name: the same name in another script, or an acronym of it."""
    for name in names:
        bracket = BRACKET.match(text, name.end)
        if bracket is None:
            continue
        inside = bracket.group(1)
        native = any(ch.isalpha() for ch in inside) and not any(
            "LATIN" in _script(ch) for ch in inside if ch.isalpha()
        )
        acronym = (
            name.kind is not Kind.PERSON
            and _ACRONYM.fullmatch(inside)
            and not STOCK.fullmatch(bracket.group().strip())
            and name.end - name.start > len(inside)
        )
        if native or acronym:
            yield Found(bracket.start(1), bracket.end(1), name.kind, SpanFacts(Source.PATTERN))


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    import unicodedata

    return unicodedata.name(character, "")


def repeats(text: str, names: list[Found]) -> Iterator[Found]:
    """Yield further whole-word occurrences of the names, each as the kind it mostly has in this document."""
    votes: dict[str, Counter[Kind]] = {}
    for name in names:
        surface = text[name.start : name.end]
        if len(surface) >= _SHORTEST_REPEAT and is_name(surface, Kind.PERSON) and surface[0].isupper():
            votes.setdefault(surface, Counter())[name.kind] += 1
    by_first: dict[str, list[str]] = {}
    for surface in sorted(votes, key=len, reverse=True):
        if word := _NAME_WORD.match(surface):
            by_first.setdefault(word.group(), []).append(surface)
    for word in _NAME_WORD.finditer(text):
        for surface in by_first.get(word.group(), ()):
            end = word.start() + len(surface)
            if (
                text.startswith(surface, word.start())
                and not text[end : end + 1].isalnum()
                and not _is_demonym(text, word.start(), end)
            ):
                kind = max(votes[surface], key=lambda k: (votes[surface][k], k))
                yield Found(word.start(), end, kind, SpanFacts(Source.PATTERN))
                break


def acronyms(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the words whose letters begin the words of an organisation's name in the text: ``WHO``, ``MoD``.

    Not in a line in capitals, where every word may look like one.
    """
    owners = {letters for name in names if name.kind is Kind.ORGANISATION for letters in _letters(text, name)}
    for word in _NAME_WORD.finditer(text) if owners else ():
        part = text[word.end() : word.end() + 1] == "-" or text[word.start() - 1 : word.start()] == "-"
        ship = word.group() in load_prefixes() and _CAPITAL_AFTER.match(text, word.end())  # INS Rajali
        if (
            word.group() in owners
            and not part
            and not ship
            and not _in_capitals(text, word.start(), word.end())
        ):
            number = _ORDINAL_BEFORE.search(text, max(0, word.start() - _LONGEST_ORDINAL), word.start())
            start = number.start() if number else word.start()  # the 31st MEU
            yield Found(start, word.end(), Kind.ORGANISATION, SpanFacts(Source.PATTERN))


def _letters(text: str, name: Found) -> set[str]:
    """Give the acronyms of three letters and more that a name of several words may have."""
    found = _NAME_WORD.findall(text, name.start, name.end)
    capitals = "".join(word[0] for word in found if word[0].isupper())
    every = "".join(word[0] for word in found)
    return {
        letters for letters in (capitals, every) if len(letters) >= _SHORTEST_ACRONYM and letters.isalpha()
    }


def _in_capitals(text: str, start: int, end: int) -> bool:
    """Tell whether the line that a word stands in has no small letters but in the word itself."""
    line = text[text.rfind("\n", 0, start) + 1 : start] + text[end:].partition("\n")[0]
    return line.upper() == line and any(map(str.isalpha, line))


def covering(names: Sequence[Found], more: Iterable[Found]) -> Iterator[Found]:
    """Yield those of ``more`` that hold a name from its beginning and are longer, and cut no other in two."""
    ends = {name.start: name.end for name in names}
    inside = {offset for name in names for offset in range(name.start + 1, name.end)}
    for found in more:
        if ends.get(found.start, found.end) < found.end and found.end not in inside:
            yield found


def _is_demonym(text: str, start: int, end: int) -> bool:
    """Tell whether a name begins an adjective of two words: ``South Korean``."""
    after = CAPITAL_WORDS.match(text, end)
    return after is not None and f"{text[start:end]} {after[1]}".lower() in demonyms()


def surnames(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the surnames of the persons of a text wherever they stand alone: ``Robinson's crews``.

    Not those that are a word of the text, or a known name, too (``Young``, ``Washington``).
    """
    persons = [text[name.start : name.end].rsplit(" ", 1) for name in names if name.kind is Kind.PERSON]
    alone = {name[1] for name in persons if len(name) > 1 and len(name[1]) >= _SHORTEST_SURNAME}
    alone = {name for name in alone if name.istitle() and not is_known(name)}
    if not alone:
        return
    found = list(_NAME_WORD.finditer(text))
    alone -= {word.group().capitalize() for word in found if word.group().islower()}
    for word in found:
        if word.group() in alone and not _in_longer_name(text, word.start(), word.end()):
            yield Found(word.start(), word.end(), Kind.PERSON, SpanFacts(Source.PATTERN))


def _in_longer_name(text: str, start: int, end: int) -> bool:
    """Tell whether a capital letter, but that of a title, stands before or after a word: ``Fort Robinson``."""
    before = _CAPITAL_BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
    if (
        before
        and before[1].lower().rstrip(".") not in load_titles().words | word_lists("sentence_openers")[""]
    ):
        return True
    return bool(_CAPITAL_AFTER.match(text, end))
