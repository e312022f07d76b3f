"""Corpora in many conventions to passages in one: words, and the set of labels each word may have.

Reads JSON Lines with ``text`` and ``spans`` (``start``, ``end``, ``label``, ``orig``, ``named``, ``maybe``, ``nested``) and our own
sentences in the markup ``[surface](kind)``. Repairs what differs from the product's conventions: leading articles,
titles and possessives leave the span, seats of government are organisations, nationalities are demonyms, of nested
spans the longest wins, a span ends at a line break. What a corpus does not annotate becomes an open label set.
"""

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import labels
from markup import as_record, read_articles, read_sentences

from entityscan.recogniser.pieces import NEWLINE, WORD, word_gaps

KIND = {"PERSON": "person", "PLACE": "place", "ORG": "organisation", "NORP": "demonym"}
SEATS = {"white house", "kremlin", "pentagon", "elysee", "élysée", "capitol hill"}
GROUPS = {
    "taliban",
    "houthi",
    "houthis",
    "hezbollah",
    "hamas",
    "isis",
    "isil",
    "al-shabaab",
    "boko haram",
    "al-qaeda",
    "al qaeda",
}
ARTICLE = re.compile(r"(?i)(?:the|an?)\s+(?=\S)")
POSSESSIVE = re.compile(r"['’`]s$")
TITLE = re.compile(
    r"(?i)(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|lord|lady|dame|sheikh|sheik|king|queen|prince|princess|president|prime minister|"
    r"premier|chancellor|vice president|secretary|minister|foreign minister|defen[cs]e minister|chairman|chairwoman|speaker|"
    r"senator|sen|congressman|congresswoman|rep|governor|gov|mayor|general|gen|lieutenant|lt|major|maj|colonel|col|captain|capt|"
    r"commander|cmdr|admiral|adm|sergeant|sgt|cpl|pvt|brigadier|brig|marshal|ambassador|judge|justice|pope|rev|father|"
    r"ayatollah|imam|comrade|spokesman|spokeswoman|spokesperson|deputy|chief|rear|vice|former|then)\.?\s+)+(?=\w)"
)
URL_LINE = re.compile(r"https?://\S+\s*")
PRODUCT = re.compile(r"(?i)misc|product")
"""Labels of other corpora that may hide equipment."""
HARDWARE_NOUNS = frozenset(
    "aircraft ammunition ammo apc artillery autocannon bomb bomber bombs bombers battleship boat boats bullet bullets cannon cannons carbine "
    "carrier carriers corvette corvettes cruiser cruisers destroyer destroyers drone drones fighter fighters frigate frigates "
    "grenade grenades gun guns gunboat gunboats gunship gunships helicopter helicopters howitzer howitzers ied ieds icbm icbms jet jets "
    "launcher launchers machine-gun mine mines minesweeper missile missiles mortar mortars munition munitions pistol pistols plane planes radar "
    "radars rifle rifles revolver rocket rockets rpg rpgs shell shells ship ships shotgun shotguns sonar sub submarine submarines subs tank "
    "tanker tanks torpedo torpedoes uav uavs uas vessel vessels warhead warheads warplane warplanes warship warships aircrafts "
    "chopper choppers explosive explosives device devices weapon weapons firearm firearms armour armor interceptor interceptors "
    "battery batteries decoy decoys balloon balloons satellite satellites engine engines".split()
)
"""Heads of common nouns for hardware: where equipment is not annotated, such a word may be a mention."""


@dataclass(slots=True)
class Passage:
    """A text as words; ``allowed[i]`` is the set of labels of ``words[i]``."""

    id: str
    words: list[str]
    gaps: list[int]
    allowed: list[int]
    spans: list[tuple[int, int]] = field(default_factory=list)
    """Offsets of the words in the text that the passage was made from; empty once the words are changed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Word lists that help to read the corpora."""

    demonyms: frozenset[str]
    equipment: frozenset[str]
    """Names and designations of equipment, lower case, words joined by spaces."""


def read_facts(folder: Path, extra: Iterable[Path] = ()) -> Facts:
    """Read nationalities and equipment names from reference tables (``name``, ``aliases``, ``demonym`` columns)."""
    demonyms, equipment = set(), set()
    with (folder / "countries_territories.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for word in re.split(r"[|,;/]", row["demonym"]):
                demonyms |= {word.strip(), word.strip() + "s"} if word.strip() else set()
    for path in (folder / "equipment_core.csv", *extra):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                equipment |= {row["name"], *row["aliases"].split("|")}
    spaced = {" ".join(WORD.findall(name.lower())) for name in equipment if len(name) > 2}
    return Facts(frozenset(word.casefold() for word in demonyms) | _EXTRA_DEMONYMS, frozenset(spaced))


_EXTRA_DEMONYMS = frozenset(
    "african africans american americans arab arabs asian asians british briton britons chechen chechens english european europeans french frenchman "
    "irish islamic islamist islamists israeli israelis jewish jew jews kurd kurdish kurds latin-american muslim muslims palestinian palestinians "
    "rohingya russian russians scottish serb serbs shia shiite shiites soviet soviets sunni sunnis tatar tatars tibetan uighur uyghur uyghurs "
    "welsh christian christians hindu hindus tamil tamils afghan afghans ukrainian ukrainians chinese iranian iranians western".split()
) - {"western"}


def convert(path: Path, facts: Facts, *, kinds: Iterable[str]) -> Iterator[Passage]:
    """Read one corpus that annotates these kinds exhaustively.

    Args:
        path: JSON Lines file.
        facts: Word lists.
        kinds: Kinds whose absence means something; all labels of other kinds stay open.
    """
    annotated = frozenset(kinds)
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            yield _passage(record, facts, annotated)


def _passage(record: dict, facts: Facts, annotated: frozenset[str]) -> Passage:
    text = record["text"]
    url = URL_LINE.match(text)
    skip = url.end() if url else 0
    spans = [match.span() for match in WORD.finditer(text, skip)]
    words = [text[start:end] for start, end in spans]
    passage = Passage(record["id"], words, word_gaps(text, spans), [labels.OUTSIDE] * len(words), spans)
    _open_unknown(passage, facts, annotated)
    gold = [part for span in record["spans"] for part in _parts(text, span)]
    for span in sorted(gold, key=lambda span: span["end"] - span["start"]):
        _mark(passage, text, span, annotated, facts)
    _mark_demonyms(passage, facts)
    return passage


def _parts(text: str, span: dict) -> list[dict]:
    """Split ``Nairobi, Kenya`` into two places, as most annotators do."""
    comma = text.find(", ", span["start"], span["end"])
    if span["label"] != "PLACE" or comma < 0 or text.startswith("D.C", comma + 2):
        return [span]
    return [span | {"end": comma}, *_parts(text, span | {"start": comma + 2})]


def _open_unknown(passage: Passage, facts: Facts, annotated: frozenset[str]) -> None:
    """Open the labels that this corpus does not annotate."""
    missing = [kind for kind in labels.KINDS[:3] if kind not in annotated]
    if missing:
        passage.allowed = [labels.either(*missing, "demonym") for _ in passage.words]
    if "generic" in annotated:
        return
    lower = [word.lower() for word in passage.words]
    for start, end in hardware_spans(lower, passage.gaps, facts.equipment):
        for index in range(start, end):
            passage.allowed[index] |= labels.HARDWARE


def hardware_spans(lower: list[str], gaps: list[int], names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Find words that may be equipment: known names, and nouns for hardware with up to four words before them."""
    for index, word in enumerate(lower):
        if word in HARDWARE_NOUNS:
            start = index
            while (
                start > max(0, index - 4)
                and gaps[start] != NEWLINE
                and (lower[start - 1].isalnum() or lower[start - 1] == "-")
            ):
                start -= 1
            yield start, index + 1
        for length in range(1, 6):
            if " ".join(lower[index : index + length]) in names and any(map(str.isalpha, word)):
                yield index, min(index + length, len(lower))


def _mark(passage: Passage, text: str, span: dict, annotated: frozenset[str], facts: Facts) -> None:
    """Write one gold span into the passage."""
    if span["label"] == "OTHER" and not span.get("maybe") and not PRODUCT.match(span.get("orig", "")):
        return
    start, end, kind = repaired(text, span)
    covered = [i for i, (a, b) in enumerate(passage.spans) if a < end and b > start]
    covered = _trimmed(passage.words, covered)
    if span.get("orig", "").startswith("product_"):
        covered = _bare_name(passage, covered, facts)
    for number, index in enumerate(covered):
        if number and passage.gaps[index] == NEWLINE:
            break
        if kind is None:
            passage.allowed[index] |= labels.ANY if span.get("maybe") == "*" else labels.HARDWARE
        elif kind in annotated or kind == "demonym":
            passage.allowed[index] = labels.inside(kind) if number else labels.begin(kind)


def _trimmed(words: list[str], covered: list[int]) -> list[int]:
    """Drop symbols at both ends of a span."""
    while covered and not words[covered[0]].isalnum() and words[covered[0]] not in "([.":
        covered = covered[1:]
    while covered and not words[covered[-1]].isalnum() and words[covered[-1]] not in ")].+*":
        covered = covered[:-1]
    return covered


def _bare_name(passage: Passage, covered: list[int], facts: Facts) -> list[int]:
    """Drop the nationality before and the class noun after an equipment name."""
    words = passage.words
    while len(covered) > 1 and words[covered[0]].casefold() in facts.demonyms:
        covered = covered[1:]
    while (
        len(covered) > 1
        and words[covered[-1]].islower()
        and words[covered[-1]] != "class"
        and passage.gaps[covered[-1]]
    ):
        covered = covered[:-1]
    return covered


def repaired(text: str, span: dict) -> tuple[int, int, str | None]:
    """Return start, end and kind of a span by the product's conventions; None for doubtful spans."""
    start, end, label = span["start"], span["end"], span["label"]
    article = ARTICLE.match(text, start, end)
    if article:
        start = article.end()
    if label == "PERSON":
        title = TITLE.match(text, start, end)
        if title:
            start = title.end()
    possessive = POSSESSIVE.search(text, start, end)
    if possessive:
        end = possessive.start()
    if span.get("maybe") or label == "OTHER":
        return start, end, None
    if label == "EQUIPMENT":
        return start, end, "equipment" if span["named"] else "generic"
    surface = text[start:end].casefold()
    if surface in SEATS or (label == "NORP" and surface in GROUPS):
        return start, end, "organisation"
    return start, end, KIND[label]


def _mark_demonyms(passage: Passage, facts: Facts) -> None:
    """Make nationalities demonyms where they stand alone; a place that is a nationality is one in any case."""
    place = labels.begin("place")
    for index, word in enumerate(passage.words):
        if word.casefold() not in facts.demonyms or not word[0].isupper():
            continue
        last = index + 1 == len(passage.words)
        alone = passage.allowed[index] == place and (
            last or passage.allowed[index + 1] != labels.inside("place")
        )
        if alone or passage.allowed[index] & labels.OUTSIDE:
            passage.allowed[index] = labels.begin("demonym")


OWN = {"sentences": read_sentences, "articles": read_articles, "unseen": read_articles}
"""Folders of our own annotated texts, and how they are read."""


def own_passages(folder: Path, facts: Facts) -> dict[str, list[Passage]]:
    """Read our own annotated texts, of which everything is known.

    Returns:
        ``sentences`` and ``articles``, which networks are trained on, and ``unseen``, which they never are.
    """
    every = frozenset(labels.KINDS) - {"demonym"}
    return {
        piece: [
            _passage({"id": f"{path.stem}:{number}", **as_record(text, spans)}, facts, every)
            for path in sorted((folder / piece).glob("*.txt"))
            for number, (text, spans) in enumerate(read(path), start=1)
        ]
        for piece, read in OWN.items()
    }
