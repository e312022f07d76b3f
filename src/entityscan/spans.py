"""Trim the span of a name to the name: no article, no title, no possessive, nothing across a line.

Pure functions over a text and offsets. What comes in is a recogniser's guess; what goes out follows
the span rules of the project's annotation guide. Word lists live in ``data/person_titles.txt`` and
``data/abbreviations.txt``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from entityscan.records import Kind
from entityscan.word_lists import word_lists

_ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\s(?:and|or)$")
_UNDERSECRETARY = re.compile(r"under secretary", re.IGNORECASE)
_BYNAME = re.compile(r"[^\n\"“”]{3,40} (?:\"[^\n\"]{2,30}\"|“[^\n”]{2,30}”)")
_POSSESSIVE = re.compile(r"['’‘`]\s?[sS]$")
_SAINT = re.compile(r"(?:Saint|Ste?\.?) [A-Z][a-z]+'s")
_POST_NOMINALS = re.compile(r"(?:,? (?:CBE|DSO|KBE|KC|MBE|MEP|MP|OBE|PhD|QC|VC))+$")
"""Letters behind a person's name that are no part of it: ``Alison Morgan KC``."""
_LINE_BREAK = re.compile(r"[\r\n\u2028\u2029\v\f]+")
_WORD_BEFORE = re.compile(r"([^\W\d_](?:[\w'’.-]*[\w.])?),?[ \t\xa0]+$")
_FIRST_WORD = re.compile(r"([^\W\d_][\w'’-]*\.?)[ \t\xa0]+")
_OPENING, _CLOSING = "([{", ")]}"
_KEPT_LAST = ".+!"  # kept when it belongs to the name: U.S., Canal+, Yahoo!
_LETTERS_END = re.compile(r"\b[^\W\d_]\.$")  # an initial, or U.S.
_STOP = re.compile(r"\.[\"'”’)]*(?:\s*\Z|\s*[\r\n]|\s+[\"'“‘(]?[^\W\d_a-z])")  # that may end a sentence
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_INITIAL = re.compile(r"(?<![^\W_])[^\W\d_]")
_CAPITAL = re.compile(r"(?<![^\W_])[A-Z]")
_FEWEST_WORDS = 8  # of a text whose capitals say something
_LONGEST_ABBREVIATION = 4
"""Letters before a full stop that does not end a sentence: ``Supt.``."""
_LONGEST_TITLE = 80  # code points looked at before a name


@dataclass(frozen=True, slots=True)
class Titles:
    """Words of ``data/person_titles.txt``, lower case."""

    forms: frozenset[str]
    heads: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Name:
    """A trimmed span, and the title that stands before it."""

    start: int
    end: int
    title: str = ""


@lru_cache(maxsize=1)
def load_titles() -> Titles:
    """Read the title words that ship with the package."""
    sections = word_lists("person_titles")
    words = {word for phrase in sections["heads"] for word in phrase.split()}
    return Titles(sections["forms"], sections["heads"], sections["modifiers"] | sections["forms"] | words)


@lru_cache(maxsize=1)
def load_abbreviations() -> dict[Kind, frozenset[str]]:
    """Read the words that keep their full stop at the end of a name of each kind."""
    return {Kind(section): words for section, words in word_lists("abbreviations").items()}


def trim(text: str, start: int, end: int, kind: Kind, *, lower: bool = False) -> Name | None:
    """Trim ``text[start:end]`` to the name in it.

    Args:
        text: The whole text; words before ``start`` are read to find a person's title.
        start: First code point of the guess.
        end: One past its last code point.
        kind: What the guess is said to be; only a person loses a title.
        lower: Whether the text is written without capitals, so that names need none; see :func:`is_lower`.

    Returns:
        The trimmed span, or None when no name is left: nothing but white space, punctuation, an
        article, a title, or (for a person, place or organisation) nothing with a capital or a digit.

    >>> trim("the US Department of Defense", 0, 28, Kind.ORGANISATION)
    Name(start=4, end=28, title='')
    >>> trim("Polish Prime Minister Donald Tusk's", 7, 35, Kind.PERSON)
    Name(start=22, end=33, title='Prime Minister')
    """
    start, end = _longest_line(text, start, end)
    end = _before_bracket(text, start, end)
    start, end = _without_edges(text, start, end)
    article = _ARTICLE.match(text, start, end)
    if article and article.end() < end:
        start = article.end()
    title = ""
    if kind is Kind.PERSON:
        first = start
        start = _after_titles(text, start, end)
        title = title_before(text, start, first)
        if (letters := _POST_NOMINALS.search(text, start, end)) and letters.start() > start:
            end = letters.start()
    start, end = _without_edges(text, start, end)
    if kind is Kind.PERSON and (byname := _BYNAME.match(text, start)) and byname.end() == end + 1:
        end += 1
    if kind is not Kind.PERSON and _is_own(text, start, end + 2):
        end += 2
    if text.startswith(".", end) and _is_abbreviation(text, start, end, kind):
        end += kind is Kind.PLACE or not _STOP.match(text, end)
    named = is_name(text[start:end], Kind.EQUIPMENT if lower else kind)
    return Name(start, end, title) if named else None


def is_lower(text: str) -> bool:
    """Tell whether a text is written without capitals, as posts are: less than one word in fifty begins with one.

    >>> is_lower("saw two uh-60s over vilnius today, lithuanian army says its routine"), is_lower("Seen today.")
    (True, False)
    """
    capitals, words = len(_CAPITAL.findall(text)), len(_INITIAL.findall(text))
    return words >= _FEWEST_WORDS and capitals * 50 < words


def is_name(surface: str, kind: Kind) -> bool:
    """Say whether ``surface`` can be a name at all: it has a letter, and a capital or a digit unless equipment.

    Scripts without capitals (Chinese, Arabic, ...) count as capitals.
    """
    if not any(character.isalpha() for character in surface):
        return False
    if kind is Kind.EQUIPMENT:
        return True
    letter = surface.rstrip(".")
    if (
        len(letter) == 1
        and letter.isascii()
        and letter != "X"
        and (kind is not Kind.PERSON or letter != surface)
    ):
        return False  # an initial, a stock code, a grade; a court may call a person M
    if kind is Kind.PERSON and surface.lower().rstrip(".") in load_titles().words and " " not in surface:
        return False
    return any(not character.islower() for character in surface if character.isalpha())


def _longest_line(text: str, start: int, end: int) -> tuple[int, int]:
    best = (start, start)
    position = start
    for line_break in [*_LINE_BREAK.finditer(text, start, end), None]:
        stop = line_break.start() if line_break else end
        if stop - position > best[1] - best[0]:
            best = (position, stop)
        position = line_break.end() if line_break else end
    return best


def _before_bracket(text: str, start: int, end: int) -> int:
    """Cut a bracket that the span opens and does not close, or that holds the name in another script."""
    opening = text.find("(", start + 1, end)
    if opening < 0:
        return end
    closing = text.find(")", opening, end)
    inside = text[opening + 1 : closing if closing > 0 else end]
    return opening if closing < 0 or not inside.isascii() else end


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space, quotes and stray punctuation at both ends, and a possessive."""
    while True:
        before = (start, end)
        while start < end and not text[start].isalnum() and not _opens_pair(text, start, end):
            start += 1
        while start < end and not text[end - 1].isalnum() and not _belongs_at_end(text, start, end):
            end -= 1
        if (possessive := _POSSESSIVE.search(text, start, end)) and not _is_own(text, start, end):
            end = possessive.start()
        if conjunction := _CONJUNCTION.search(text, start, end):
            end = conjunction.start()
        if (start, end) == before:
            return before


def _is_own(text: str, start: int, end: int) -> bool:
    """Tell whether the ``'s`` at the end belongs to the name: ``Moody's``, ``St John's``."""
    surface = text[start:end].replace("’", "'")
    return bool(_SAINT.fullmatch(surface)) or surface.lower() in word_lists("possessive_names")[""]


def _opens_pair(text: str, start: int, end: int) -> bool:
    return text[start] in _OPENING and _CLOSING[_OPENING.index(text[start])] in text[start + 1 : end - 1]


def _belongs_at_end(text: str, start: int, end: int) -> bool:
    last = text[end - 1]
    if last in _CLOSING:
        return _OPENING[_CLOSING.index(last)] in text[start : end - 1]
    if last == ".":
        return bool(_LETTERS_END.search(text, start, end)) or any(
            _is_abbreviation(text, start, end - 1, kind) for kind in load_abbreviations()
        )
    return last in _KEPT_LAST and end - start > 1 and text[end - 2].isalnum()


def _is_abbreviation(text: str, start: int, end: int, kind: Kind) -> bool:
    """Say whether the last word of a name of this kind is written with a full stop behind it."""
    word = _LAST_WORD.search(text, start, end)
    return word is not None and word.group() in load_abbreviations().get(kind, ())


def _after_titles(text: str, start: int, end: int) -> int:
    """Return where the name begins after the titles inside the span; at least one word stays."""
    titles = load_titles()
    position, words, name_start = start, "", start
    while (word := _FIRST_WORD.match(text, position, end)) is not None:
        plain = word.group(1).lower().rstrip(".")
        if plain not in titles.words:
            break
        words = f"{words} {plain}".strip()
        position = word.end()
        if _ends_with_head(words):
            name_start = position
    # A single word after a title may be all there is of the name (President Xi), but not another title.
    return name_start if is_name(text[name_start:end], Kind.PERSON) else start


def title_before(text: str, start: int, first: int | None = None) -> str:
    """Return the title that ends right before ``start``, as it is written; empty if there is none.

    Args:
        text: The text.
        start: Where the name begins.
        first: Where the recogniser thought that it begins; the title may begin before that.

    >>> title_before("seen by Lt. Col. Sana Mirza", 17)
    'Lt. Col.'
    """
    titles = load_titles()
    earliest = max(0, (start if first is None else first) - _LONGEST_TITLE)
    begin = start
    best = start
    while word := _WORD_BEFORE.search(text, earliest, begin):
        plain = word.group(1).lower().rstrip(".")
        ends_sentence = word.group(1).endswith(".") and len(plain) > _LONGEST_ABBREVIATION
        if plain not in titles.words or "," in word.group(0) or ends_sentence:
            break
        begin = word.start()
        under = plain == "under" and not _UNDERSECRETARY.match(text, begin)  # under Captain Mulla
        if plain not in {"of", "and", "for"} and not under:
            best = begin
    title = text[best:start].strip()
    owner, of, held = title.partition(" of ")
    if of and not _ends_with_head(owner.lower()):
        title = held  # the party of former president Lee
    return (
        title
        if any(_ends_with_head(title[: match.end()].lower()) for match in re.finditer(r"\S+", title))
        else ""
    )


def _ends_with_head(words: str) -> bool:
    titles = load_titles()
    parts = [word.rstrip(".") for word in words.split()]
    return parts[-1] in titles.forms or any(" ".join(parts[i:]) in titles.heads for i in range(len(parts)))
