"""What the words around a name say of it: the country that owns an institution, the sport that a country plays.

A text and its mentions come in, the same mentions with their ``setting`` come out. It is worked out
where the text is at hand, because merging sees only mentions.
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from entityscan import knowledge, rules
from entityscan.names import name_key
from entityscan.records import Kind, Mention

_NEAR = 60
"""Code points to each side of a name that are looked at."""
_WORDS_FOR_EACH_HIT = 150
_LEAST_HITS = 2
"""An article is about a sport when one word in so many, and so many at least, are the sport's ..."""
_WORDS_IN_NOTE = 60
"""... or one in so many ..."""
_WORDS_FOR_EACH_HIT_IF_MANY = 250
"""... or one in so many, of several kinds; then only a place that plays is a team."""

_OWNER_BEFORE = re.compile(r"((?:[A-Z][\w.]*[ ]){0,2}[A-Z][\w.]*)(?:['’]s?)\s+$")
_OWNER_AFTER = re.compile(r"\s+of (?:the )?((?:[A-Z]\w*[ ]){0,3}[A-Z]\w*)")
_WHERE = re.compile(
    r"(?<!\blost)(?<!\bloses)(?<!\blosing)(?<!\d)\s(?:across|from|in|inside|into|near|of|outside|to|around)\s+(?:the\s)?$|\((?:at\s[^()]*)?$|\bat the\s+$",
    re.I,
)
_DATELINE = re.compile(r"\s+(?:\d{4}-\d\d|\([A-Z]|[-\u2013\u2014]{1,2}\s)|, \w+ \d{4}-\d\d")
_GROUND = re.compile(r"(?: \([^()\n]{1,40}\))?: ")
"""Behind a place at the start of a line that says where a match is, ``London (The Oval): ...``."""
_AT = re.compile(r"\bat\s+$", re.I)
_DATED = re.compile(r"\s+\d{4}-\d\d-\d\d")
_WORD = re.compile(r"\w+")
_PARAGRAPH = re.compile(r"[^\n]+")
_LONG_PARAGRAPH = 25  # words; shorter ones are results
_LABEL = re.compile(r"\s*([A-Z][A-Z ]+) - ")
"""What an agency writes before the headline of a report on sport: ``ICE HOCKEY - ...``."""
_OPPONENT_BEFORE = re.compile(
    r"\b(?:against|beat(?:en|ing)?|beaten by|club|side|defeat\w*|draw with|drew with|edg\w+|past|thrash\w*|v|versus|vs)\.?\s+(?:the\s)?$",
    re.I,
)
_PLAYS_AFTER = re.compile(
    r"\s+(?:at|beat|crush\w*|defeated|draw|drew|edg\w+|hammered|kicked off|los[et]|lost|scor\w+|scraped?|squad|"
    r"fans|supporters|team|thrash\w*|trounc\w*|v|versus|vs|win|won|wins|\d{1,3}(?![\d-]))\b"
    r"|['\u2019]s?\s+(?:[\w-]+\s+){0,3}?(?:captain|coach|goalkeeper|innings|manager|side|squad|striker|team)\b",
    re.I,
)  # fmt: skip
_OPPONENTS, _PLAIN = 2, 3
"""Different places that play, or different words of the sport, from which on a report is about teams alone."""


@dataclass(frozen=True, slots=True)
class _Sport:
    words: re.Pattern[str]
    firsts: frozenset[str]
    """The words that its words of one or several begin with."""


@lru_cache(maxsize=1)
def _sports() -> Mapping[str, _Sport]:
    words = tomllib.loads((files("entityscan") / "data" / "sports.toml").read_text("utf-8"))
    return {
        sport: _Sport(
            re.compile(rf"\b(?:{'|'.join(map(re.escape, found))})\b", re.I),
            frozenset(match[0].lower() for word in found if (match := _WORD.match(word))),
        )
        for sport, found in words.items()
    }


def sport_of(text: str) -> str:
    """Give the team sport that an article reports on, or an empty string.

    >>> sport_of("SOCCER - Norway beat Wales 2-1 in a World Cup qualifier."), sport_of("Troops beat a retreat.")
    ('soccer', '')
    """
    return _sport_and_words(text)[0]


def _sport_and_words(text: str) -> tuple[str, Counter[str]]:
    """Give an article's sport and its words in the text; no words when they are few."""

    def count(sport: str) -> Counter[str]:
        return Counter(map(str.lower, _sports()[sport].words.findall(text)))

    label = _LABEL.match(text)
    if label and (named := [name for name, sport in _sports().items() if sport.words.search(label[1])]):
        return named[0], count(named[0])
    words, seen = _words_in(text)
    most = {name: sum(map(seen.__getitem__, sport.firsts)) for name, sport in _sports().items()}
    counts = {
        name: count(name)
        for name, hits in most.items()
        if hits * max(_WORDS_FOR_EACH_HIT_IF_MANY, _WORDS_IN_NOTE) >= words
    }
    if not counts:
        return "", Counter()
    sport, found = max(counts.items(), key=lambda item: item[1].total())
    hits = found.total()
    if (hits >= _LEAST_HITS and hits * _WORDS_FOR_EACH_HIT >= words) or 0 < words <= hits * _WORDS_IN_NOTE:
        return sport, found
    few = len(found) >= _PLAIN and hits * _WORDS_FOR_EACH_HIT_IF_MANY >= words
    return (sport, Counter()) if few else ("", Counter())


def _words_in(text: str) -> tuple[int, Counter[str]]:
    """Count words, and occurrences of each in lower case; paragraph by paragraph, since a list of them is long."""
    number, seen = 0, Counter[str]()
    for paragraph in _PARAGRAPH.finditer(text):
        number += len(paragraph[0].split())
        seen.update(_WORD.findall(paragraph[0].lower()))
    return number, seen


def _other_matters(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Give the long paragraphs without a word of any sport and a place that plays, where most are so: news in brief has other matters too."""
    long = [
        paragraph.span()
        for paragraph in _PARAGRAPH.finditer(text)
        if len(paragraph.group().split()) >= _LONG_PARAGRAPH
    ]
    sports = [sport.words for sport in _sports().values()]
    playing = [mention.start for mention in mentions if _plays(text, mention)]
    others = [
        (start, end)
        for start, end in long
        if not any(words.search(text, start, end) for words in sports)
        and not playing[bisect_left(playing, start) : bisect_left(playing, end)]
    ]
    return others if 2 * len(others) > len(long) else []


def with_settings(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with ``setting`` where the words around them say something.

    A place that plays is a team, and a team is an organisation.
    """
    found = {
        index: replace(mention, setting=f"country {country}")
        for index, mention in enumerate(mentions)
        if mention.kind is Kind.ORGANISATION
        and rules.is_bare_institution(mention.text)
        and (country := owner_of(text, mention.start, mention.end))
    }
    sport, words = _sport_and_words(text)
    if sport:
        others = _other_matters(text, mentions)
        ends = [end for _, end in others]
        apart = {
            mention.start
            for mention in mentions
            if (index := bisect_right(ends, mention.start)) < len(others)
            and others[index][0] <= mention.start
        }
        reported = {mention.text for mention in mentions if mention.start not in apart}
        teams = [
            index
            for index in _teams(text, mentions, plain=len(words) >= _PLAIN)
            if mentions[index].start not in apart or mentions[index].text in reported
        ]
        names = {mentions[index].text for index in teams}
        teams += [
            index
            for index, mention in enumerate(mentions)
            if mention.kind is Kind.ORGANISATION and mention.text in names
        ]
        for index in teams:
            found[index] = replace(mentions[index], kind=Kind.ORGANISATION, setting=f"sport {sport}")
    else:
        for index, mention in enumerate(mentions):
            if mention.kind is Kind.ORGANISATION and _is_country(mention.text):
                found[index] = replace(mention, kind=Kind.PLACE)  # a country that acts stays a place
        for index, (mention, behind) in enumerate(pairwise(mentions)):
            if region := _region_behind(text, mention, behind):
                found[index] = replace(mention, kind=Kind.PLACE, setting=f"region {region}")
    return [found.get(index, mention) for index, mention in enumerate(mentions)]


def _region_behind(text: str, mention: Mention, behind: Mention) -> str:
    """Give the region that the text names behind a town which bears a company's name: in Oshkosh, Wisconsin."""
    together = behind.kind is Kind.PLACE and text[mention.end : behind.start] == ", "
    company = mention.kind is Kind.ORGANISATION or (
        mention.kind is Kind.PLACE and name_key(mention.text) in knowledge.organisations()
    )
    if not company or not together or " " in mention.text or name_key(mention.text) in knowledge.places():
        return ""
    owners = knowledge.places().get(name_key(behind.text), ())
    somewhere = _WHERE.search(text[max(0, mention.start - _NEAR) : mention.start])
    return name_key(behind.text) if somewhere and any(owner.type == "region" for owner in owners) else ""


def _is_country(name: str) -> bool:
    owners = knowledge.places().get(name_key(name), ())
    return bool(owners) and all(owner.type == "country" for owner in owners)


def owner_of(text: str, start: int, end: int) -> str:
    """Give the country that the text makes the owner of a name, or an empty string: ``Kyiv's Navy``.

    >>> owner_of("Poland's Ministry of Defence", 9, 28), owner_of("the Navy of Brazil", 4, 8)
    ('PL', 'BR')
    """
    before = _OWNER_BEFORE.search(text[max(0, start - _NEAR) : start])
    after = _OWNER_AFTER.match(text, end, end + _NEAR)
    return next((code for match in (before, after) if match and (code := _country(match[1]))), "")


def _country(name: str) -> str:
    """Give the country of the longest end of a name that is a country or a city."""
    words = name.split()
    for size in range(len(words)):
        key = name_key(" ".join(words[size:]))
        found = {record.country for record in knowledge.places().get(key, ())}
        if len(found) == 1:
            return found.pop()
    return ""


def _teams(text: str, mentions: Sequence[Mention], *, plain: bool) -> list[int]:
    """Give the places of an article on sport that stand for teams, by their number.

    In a report on a match every place is a team, but where the text says that something is in it;
    elsewhere only the places that play.
    """
    places = [
        index
        for index, mention in enumerate(mentions)
        if mention.kind is Kind.PLACE
        or (mention.kind is Kind.ORGANISATION and name_key(mention.text) in knowledge.places())
    ]
    free = [index for index in places if not _is_where(text, mentions, index)]
    playing = {name_key(mentions[index].text) for index in free if _plays(text, mentions[index])}
    plain = plain or len(playing) >= _OPPONENTS
    return [
        index
        for index in free
        if name_key(mentions[index].text) in playing
        or (plain and not _AT.search(text[max(0, mentions[index].start - 4) : mentions[index].start]))
    ]


def _is_where(text: str, mentions: Sequence[Mention], index: int) -> bool:
    """Tell whether something is said to be in a place: ``in France``, ``Cardiff, Wales``, a dateline."""
    mention = mentions[index]
    if _WHERE.search(text[max(0, mention.start - _NEAR) : mention.start]):
        return True
    if _DATED.match(text, mention.end):
        return True
    line_start = not text[text.rfind("\n", 0, mention.start) + 1 : mention.start].strip()
    dateline = mention.text.isupper() and _DATELINE.match(text, mention.end)
    if line_start and (dateline or _GROUND.match(text, mention.end)):
        return True
    before = mentions[index - 1] if index else None
    return (
        before is not None
        and before.kind is Kind.PLACE
        and text[before.end : mention.start] == ", "
        and name_key(mention.text) in knowledge.adjectives()
        and name_key(before.text) not in knowledge.adjectives()
    )


def _plays(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _NEAR) : mention.start]
    return bool(_OPPONENT_BEFORE.search(before) or _PLAYS_AFTER.match(text, mention.end, mention.end + _NEAR))


@lru_cache(maxsize=1)
def _adjectives() -> tuple[re.Pattern[str], Mapping[str, str]]:
    codes = knowledge.demonym_codes()
    words = sorted(codes, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})(?=s?\b)"), codes


def adjectives_in(text: str) -> dict[str, int]:
    """Count the adjectives and peoples of each country in a text, by ISO code.

    >>> adjectives_in("A Russian convoy, two Russians and the French Navy")
    {'FR': 1, 'RU': 2}
    """
    pattern, codes = _adjectives()
    return dict(sorted(Counter(codes[match[0]] for match in pattern.finditer(text)).items()))
