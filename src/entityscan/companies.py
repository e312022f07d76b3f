"""Names that the words in and around them show to be a company's, an agency's or the like.

A recogniser that has never met a name guesses its kind, and an unknown shipyard without a legal form looks like a place or
a ship (``Huta Stalowa Wola``). What the text says that it does, owns or is decides. A text and the spans of doubtful names
come in, the names that are organisations come out. Places that a table knows are left alone, and those that the text has
somewhere.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from entityscan.knowledge import places, word_roles
from entityscan.names import is_acronym, name_key

_NEAR = 60
"""Code points to each side of a name that are looked at."""
_SHORTEST_ACRONYM = 4
_SOMEWHERE = re.compile(
    r"\b(?:[Aa]cross|[Aa]round|[Ii]n|[Ii]nside|[Nn]ear|[Oo]utside|[Tt]owards?|(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est|"
    r"city|town|village|district|province|region|island|port) of)\s+(?:the\s+)?$"
)


@dataclass(frozen=True, slots=True)
class _Cues:
    before: re.Pattern[str]
    does: re.Pattern[str]
    """What it does, which a weapon may do too: Shahed makers built, a TB2 launched."""
    after: re.Pattern[str]
    endings: frozenset[str]
    words: frozenset[str]
    clubs: frozenset[str]


@lru_cache(maxsize=1)
def _cues() -> _Cues:
    table = tomllib.loads((files("entityscan") / "data" / "company_cues.toml").read_text("utf-8"))
    does, has, holds, made, nouns = (
        "|".join(map(re.escape, table[key])) for key in ("does", "has", "holds", "made", "is")
    )
    helper = r"(?:has|had|have|will|would|could|may|also|already|now|(?:aims?|expects?|hopes?|plans?|wants?|is|are) to)\s"
    return _Cues(
        before=re.compile(
            rf"(?:\b(?:{nouns})|\b(?:{holds}) (?:of|at|in|for)|\b(?:{made}) (?:by|from|with)(?: [A-Z]\w+['’]s)?"
            r"|\b(?:acquire[ds]?|acquiring|took over(?: from)?|takeover of|merge[dr]? with)"
            r"|\b(?:bought|ordered|purchased) [^.;:]{1,45} from) $"
        ),
        does=re.compile(
            rf"(?: |, (?:which|that) )(?:{helper})*(?:{does})\b(?! (?:by|in|on|up)\b)"
            r"|, which (?:owns|operates|runs)\b(?! (?:along|across|from|through|to)\b)"
            r"| (?:is|are|was|were) (?:also |now )?(?:building|developing|hiring|making|producing|selling|supplying)\b"
        ),
        after=re.compile(
            rf"['’]s? (?:[a-z][\w-]* )?(?:{has})\b"
            rf"|, (?:an?|its|his|her|their|the) (?:[^\s.,;:()]+ ){{0,4}}?(?:{nouns})\b"
            r"|, (?:[\w-]+ )?(?:owned|founded|headquartered|based) (?:by|in)\b"
        ),
        endings=frozenset(table["endings"]),
        words=frozenset(table["words"]),
        clubs=frozenset(table["clubs"]),
    )


def company_names(text: str, doubtful: Iterable[tuple[int, int, bool]]) -> set[str]:
    """Give the names that are organisations, of those whose kind is doubtful.

    Args:
        text: The text.
        doubtful: Start and end of each name, in code points, and whether it is a weapon's rather than a place's.

    >>> company_names("It bought trucks from Vasko, and Vasko's shares rose.", [(22, 27, False), (33, 38, False)])
    {'Vasko'}
    """
    by_name: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    for start, end, weapon in doubtful:
        by_name[text[start:end]].append((start, end, weapon))
    return {
        name
        for name, spans in by_name.items()
        if _may_be_a_company(text, name, spans[0][0])
        and (is_company_name(name) or _is_called_one(text, spans) or _is_acronym(text, name, spans))
    }


def _may_be_a_company(text: str, name: str, start: int) -> bool:
    """Tell whether a name has capitals, is not known as a place, and no dateline or headline."""
    line_start = not text[text.rfind("\n", 0, start) + 1 : start].strip()
    plain = not name.isupper() or (is_acronym(name) and not line_start)
    return name[0].isupper() and plain and name_key(name) not in places()


def is_company_name(name: str) -> bool:
    """Tell whether a name has a word that only companies, services, units and clubs have.

    >>> is_company_name("Aurelia Shipping"), is_company_name("PT Pindad"), is_company_name("Shipping")
    (True, True, False)
    """
    found, cues = name.lower().rstrip(".").split(), _cues()
    last = name.split()[-1].rstrip(".")
    plain = len(last) > 2 and found[-1] not in word_roles()["legal form in capitals"]  # the submarine Hai Pao
    form = found[-1] in word_roles()["legal form"] and (plain or last.isupper() or last == "Co")
    end = form or (found[-1] in cues.endings and "of" not in found)  # Truong Sa is no SA
    begin = found[0] == "pt" and found[-1].isalpha()  # as Indonesian companies do
    return len(found) > 1 and (end or begin or is_club_name(name) or not cues.words.isdisjoint(found))


def is_club_name(name: str) -> bool:
    """Tell whether a name begins as those of sports clubs do; its other words may be a town's: ``NK Maribor``."""
    return name.split()[0] in _cues().clubs


def is_company_word(name: str) -> bool:
    """Tell whether a single word is one of those: no short form of a company."""
    cues, word = _cues(), name.lower()
    return word in cues.endings or word in cues.words or word in word_roles()["legal form"] or word == "pt"


def _is_acronym(text: str, name: str, spans: Sequence[tuple[int, int, bool]]) -> bool:
    """Tell whether a place is written like an acronym, and nowhere that something is in it: LASEMA."""
    return (
        len(name) >= _SHORTEST_ACRONYM
        and name.isupper()
        and name.isalpha()
        and not any(weapon or is_somewhere(text, start) for start, _, weapon in spans)
    )


def is_somewhere(text: str, start: int) -> bool:
    """Tell whether the words before a name say that something is in it, or near it."""
    return _SOMEWHERE.search(text, max(0, start - _NEAR), start) is not None


def _is_called_one(text: str, spans: Sequence[tuple[int, int, bool]]) -> bool:
    """Tell whether the words around a name say that it is a company, and nowhere that something is in it."""
    cues = _cues()
    if any(is_somewhere(text, start) for start, _, _ in spans):
        return False
    return any(
        cues.before.search(text, max(0, start - _NEAR), start)
        or cues.after.match(text, end)
        or (not weapon and cues.does.match(text, end))
        for start, end, weapon in spans
    )
