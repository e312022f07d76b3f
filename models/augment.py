"""Other versions of the training passages: other names, other capitals, other punctuation.

The network should learn what stands around a name, not the names of one year's news; and read headlines, capitals,
sloppy typing and every sort of quotation mark. Every change keeps the labels right.
"""

import csv
import random
import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import labels
from corpora import Passage

from entityscan.recogniser.pieces import NEWLINE, NO_GAP, SPACE, WORD, word_gaps

PATTERNS = Path(__file__).parent / "assets" / "patterns.toml"
_SLOT = re.compile(r"\{(\w+)\}")
QUOTES = ({"“": '"', "”": '"', "’": "'", "‘": "'"}, {"'": "’", '"': "”"})
INITIALS = ("EU", "UK", "UN", "US")
_BEGINS = {labels.begin(kind): kind for kind in labels.KINDS}
DASHES = ("–", "—", "‑", "-")
SMALL_WORDS = frozenset("a an the of in on at to for and or but by with from as is".split())
_MOST_WORDS = 7
"""Longer names are left as they are."""
_INVENTED = {"organisation": 0.6, "place": 0.25}
"""Part of the new names of a kind that follow a pattern."""
_CLASS_NOUN = re.compile(r"(?: [a-z]+)+$")
"""Lower-case words after a name, ``Ada-class corvette``: no part of the mention."""
BYLINES = (("By",), ("By",), ("BY",), ("Written", "by"), ("Reporting", "by"), ("Story", "by"))


@dataclass(frozen=True, slots=True)
class Names:
    """Names to put in the place of others, each as its words and gaps."""

    first: tuple[str, ...]
    last: tuple[str, ...]
    places: tuple[str, ...]
    organisations: tuple[str, ...]
    equipment: tuple[str, ...]
    fillings: Mapping[str, tuple[str, ...]]
    """Patterns of long names by kind, and what their slots are filled with by name of the slot."""


def read_names(reference: Path, catalogue: Path, passages: Iterable[Passage]) -> Names:
    """Collect names from reference tables, the equipment catalogue and the training passages themselves."""
    people = [row["name"] for row in _rows(reference / "foreign_ministers_wikidata_2023.csv")]
    people += [row["officeholderLabel"] for row in _rows(reference / "world_leaders_2021_wikidata.csv")]
    seen = _surfaces(passages)
    people += seen["person"]
    parts = [
        name.split()
        for name in people
        if 2 <= len(name.split()) <= 4 and all(part[0].isupper() for part in name.split())
    ]
    # a name is a first and a last part; what stands between is left out
    cities = [
        row["name"] for row in _rows(reference / "cities15000_latin.csv") if len(row["name"].split()) <= 2
    ]
    organisations = [row["name"] for row in _rows(reference / "nsi_military_government.csv")]
    last, places = _tidy(part[-1] for part in parts), _tidy(cities)
    fillings = {name: tuple(values) for name, values in tomllib.loads(PATTERNS.read_text("utf-8")).items()}
    return Names(
        first=_tidy(part[0] for part in parts),
        last=last,
        places=places,
        organisations=_tidy(organisations + seen["organisation"]),
        equipment=_tidy([*_equipment(reference, catalogue), *seen["equipment"]]),
        fillings=fillings | {"city": places, "surname": last},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _columns(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return next(csv.reader(file), [])


def _tidy(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if 2 < len(name) < 40 and name[0].isalnum()}))


def _equipment(reference: Path, catalogue: Path) -> list[str]:
    found = [
        name
        for row in _rows(reference / "equipment_core.csv")
        for name in (row["name"], *row["aliases"].split("|"))
    ]
    for path in sorted(catalogue.glob("*.csv")):
        if "variants" in _columns(path):
            found += [
                name.strip()
                for row in _rows(path)
                for field in ("family", "names", "variants")
                for name in row[field].split("|")
            ]
    bare = [_CLASS_NOUN.sub("", name) for name in found]
    return [name for name in bare if len(name.split()) <= 3 and (name[:1].isupper() or name[:1].isdigit())]


def _surfaces(passages: Iterable[Passage]) -> Mapping[str, list[str]]:
    """All names in the passages, by kind."""
    found: dict[str, list[str]] = {kind: [] for kind in labels.KINDS}
    for passage in passages:
        for start, end, kind in spans(passage):
            glued = "".join(
                (" " if gap and number else "") + word
                for number, (word, gap) in enumerate(
                    zip(passage.words[start:end], passage.gaps[start:end], strict=True)
                )
            )
            found[kind].append(glued)
    return found


def spans(passage: Passage) -> list[tuple[int, int, str]]:
    """Return the certain spans of a passage as word numbers and kind."""
    found, index = [], 0
    while index < len(passage.words):
        kind = _BEGINS.get(passage.allowed[index])
        start = index
        index += 1
        if kind is not None:
            while index < len(passage.words) and passage.allowed[index] == labels.inside(kind):
                index += 1
            found.append((start, index, kind))
    return found


def augment(passage: Passage, names: Names, rng: random.Random) -> Passage:
    """Return a version of the passage, often the passage itself."""
    result = Passage(passage.id, list(passage.words), list(passage.gaps), list(passage.allowed))
    if rng.random() < 0.35:
        result = _swap_names(result, names, rng)
    if rng.random() < 0.3:
        result = _respell_initials(result)
    if rng.random() < 0.04:
        _add_byline(result, names, rng)
    if rng.random() < 0.15:
        _change_quotes(result, rng)
    if rng.random() < 0.08:
        _change_dashes(result, rng)
    if rng.random() < 0.05:
        _drop_full_stops(result)
    _change_case(result, rng)
    return result


def _swap_names(passage: Passage, names: Names, rng: random.Random) -> Passage:
    """Put other names into some spans; the same name becomes the same other name throughout."""
    chosen: dict[tuple[str, str], str] = {}
    result = Passage(passage.id, [], [], [])
    last = 0
    share = rng.choice((0.3, 0.6, 0.9))
    for start, end, kind in spans(passage):
        _copy(result, passage, last, start)
        words = passage.words[start:end]
        new = _other_name(words, kind, names, rng, chosen, share)
        if new is None:
            _copy(result, passage, start, end)
        else:
            _append(result, new, passage.gaps[start], kind)
        last = end
    _copy(result, passage, last, len(passage.words))
    return result


def _other_name(
    words: list[str],
    kind: str,
    names: Names,
    rng: random.Random,
    chosen: dict[tuple[str, str], str],
    share: float,
) -> str | None:
    if kind in ("generic", "demonym"):
        return None
    if kind == "person":
        if not all(word[0].isupper() and word.isalpha() for word in words) or len(words) > 3:
            return None
        kept = [
            _part(word, number + 1 == len(words), names, rng, chosen, share)
            for number, word in enumerate(words)
        ]
        return " ".join(kept)
    key = (kind, " ".join(words).lower().removesuffix("s"))
    if kind == "organisation" and len(words) == 1 and words[0].isupper() and key not in chosen:
        letters = "".join(rng.choices(string.ascii_uppercase, k=rng.randint(2, 5)))
        chosen[key] = letters if rng.random() < share / 2 else ""
    if key not in chosen:
        odds = share if kind != "organisation" else share / 2
        chosen[key] = _new_name(kind, names, rng) if rng.random() < odds and len(words) <= _MOST_WORDS else ""
    return chosen[key] or None


def _new_name(kind: str, names: Names, rng: random.Random) -> str:
    """Return a name of the tables, or one that follows a pattern."""
    if kind in names.fillings and rng.random() < _INVENTED[kind]:
        return _SLOT.sub(lambda slot: rng.choice(names.fillings[slot[1]]), rng.choice(names.fillings[kind]))
    pool = {"place": names.places, "organisation": names.organisations, "equipment": names.equipment}
    return rng.choice(pool[kind])


def _part(
    word: str, last: bool, names: Names, rng: random.Random, chosen: dict[tuple[str, str], str], share: float
) -> str:
    """Return another first name or surname for a word of a person's name."""
    key = ("person", word)
    if key not in chosen:
        chosen[key] = rng.choice(names.last if last else names.first) if rng.random() < share else word
    return chosen[key]


def _copy(target: Passage, source: Passage, start: int, end: int) -> None:
    target.words += source.words[start:end]
    target.gaps += source.gaps[start:end]
    target.allowed += source.allowed[start:end]


def _append(target: Passage, name: str, gap: int, kind: str) -> None:
    found = [match.span() for match in WORD.finditer(name)]
    gaps = word_gaps(name, found)
    target.words += [name[start:end] for start, end in found]
    target.gaps += [gap, *(min(g, SPACE) for g in gaps[1:])]
    target.allowed += [labels.begin(kind)] + [labels.inside(kind)] * (len(found) - 1)


def _respell_initials(passage: Passage) -> Passage:
    """Write ``UN`` as ``U.N.``; American and British papers differ."""
    result = Passage(passage.id, [], [], [])
    for index, (word, mask) in enumerate(zip(passage.words, passage.allowed, strict=True)):
        kind = _BEGINS.get(mask)
        if word not in INITIALS or kind is None:
            _copy(result, passage, index, index + 1)
        else:
            _append(result, f"{word[0]}.{word[1]}.", passage.gaps[index], kind)
    return result


def _add_byline(passage: Passage, names: Names, rng: random.Random) -> None:
    """Start the passage with a line ``By First Last``."""
    line = Passage("", [], [], [])
    words = rng.choice(BYLINES)
    line.words += words
    line.gaps += [NEWLINE] + [SPACE] * (len(words) - 1)
    line.allowed += [labels.OUTSIDE] * len(words)
    _append(line, f"{rng.choice(names.first)} {rng.choice(names.last)}", SPACE, "person")
    if passage.gaps:
        passage.gaps[0] = NEWLINE
    passage.words[:0], passage.gaps[:0], passage.allowed[:0] = line.words, line.gaps, line.allowed


def _change_quotes(passage: Passage, rng: random.Random) -> None:
    table = rng.choice(QUOTES)
    passage.words = [table.get(word, word) for word in passage.words]


def _change_dashes(passage: Passage, rng: random.Random) -> None:
    dash = rng.choice(DASHES)
    passage.words = [dash if word in DASHES else word for word in passage.words]


def _drop_full_stops(passage: Passage) -> None:
    """Drop the full stop at the end of every line."""
    size = len(passage.words)
    keep = [
        not (
            word == "."
            and passage.allowed[i] == labels.OUTSIDE
            and (i + 1 == size or passage.gaps[i + 1] == NEWLINE)
        )
        for i, word in enumerate(passage.words)
    ]
    for name in ("words", "gaps", "allowed"):
        setattr(
            passage, name, [value for value, kept in zip(getattr(passage, name), keep, strict=True) if kept]
        )


def _change_case(passage: Passage, rng: random.Random) -> None:
    """Write lines in capitals or as headlines, or all in lower case."""
    if rng.random() < 0.015:
        passage.words = [word.lower() for word in passage.words]
        return
    everything = rng.random() < 0.015
    headline = rng.random() < 0.10
    start = 0
    for index in range(1, len(passage.words) + 1):
        if index < len(passage.words) and passage.gaps[index] != NEWLINE:
            continue
        if everything or rng.random() < 0.02:
            passage.words[start:index] = [word.upper() for word in passage.words[start:index]]
        elif headline and start == 0 and index < 40:
            for number in range(start, index):
                word = passage.words[number]
                if word.islower() and word not in SMALL_WORDS and passage.gaps[number] != NO_GAP:
                    passage.words[number] = word[0].upper() + word[1:]
        start = index
