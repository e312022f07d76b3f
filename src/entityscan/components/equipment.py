"""The component that adds military equipment and settles overlaps with the names already in ``doc.ents``."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from entityscan.components.borders import FORCES
from entityscan.components.found import (
    DROPPED,
    EVENTS,
    Found,
    SpanFacts,
    facts,
    is_certain,
    register_extension,
    set_entities,
    without_overlaps,
)
from entityscan.equipment import EquipmentFinder, Match
from entityscan.gazetteer import load_families
from entityscan.knowledge import organisations, places
from entityscan.names import is_acronym, name_key
from entityscan.recogniser import TEXT
from entityscan.records import Kind, Source

_ARTICLE_BEFORE = re.compile(r"\b[Tt]he $")
_SHORT_CODE = re.compile(r"[A-Z]{1,2}-?\d")  # roads, chips and mountains are M1 and K2 too
_ACRONYM_LENGTH = 5  # letters; a longer word in capitals is a headline's or a dateline's
_SUFFIX = re.compile(r"(?:[-/][A-Z0-9]+)+s?| (?:[IVX]+|NG|EVO|Mk ?\d+)(?:-?[A-Z0-9]+)?")
"""What ends a designation: ``-WR-105``, ``/1300s``, `` II``."""
_CAPITAL_WORDS = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+){2,}")
_ACRONYM = re.compile(r"(?<![\w-])([A-Z]{3,7})s?(?![\w-])")
_VERB_BEFORE = re.compile(r"\b(?:can|could|may|might|must|should|to|will|would) $")
_LONGEST_VERB = 8  # code points
_CERTAIN = 0.91
_LIKELY = 0.38  # score from which the recogniser's name is equipment when the catalogue has it too
_KINDS = frozenset(kind.value for kind in Kind)


@Language.factory("entityscan_equipment", assigns=["doc.ents"], default_config={"families": ""})
def make_equipment(nlp: Language, name: str, families: str) -> "Equipment":
    """Make the component that finds military equipment; ``families`` is a file of the user's own, or empty."""
    return Equipment(families)


class Equipment:
    """Find equipment in the text and settle overlaps with the names already in ``doc.ents``."""

    def __init__(self, families: str = "") -> None:
        register_extension()
        self.finder = EquipmentFinder(load_families(families))

    def __call__(self, doc: Doc) -> Doc:
        """Add equipment to ``doc.ents``; labels that are not ours are left out."""
        names = [
            Found(s.start_char, s.end_char, Kind(s.label_), facts(s)) for s in doc.ents if s.label_ in _KINDS
        ]
        text = doc.user_data.get(TEXT) or doc.text
        matches = [
            Found(m.start, m.end, Kind.EQUIPMENT, SpanFacts(m.source, match=m))
            for m in self.finder.find(text)
            if not any(start <= m.start < end for start, end in doc.user_data.get(EVENTS, ()))
        ]
        settled = self._settle(text, names, matches)
        settled = without_overlaps([*settled, *_acronyms(text, settled)])
        lost = len(names) + len(matches) - len(settled)
        doc.user_data.setdefault(DROPPED, Counter())["overlap of a name and equipment"] += lost
        set_entities(doc, settled)
        return doc

    def _settle(self, text: str, names: list["Found"], matches: list["Found"]) -> list["Found"]:
        """Keep, of each overlap, the longer span, and the finder's when they are equal.

        Of the recogniser's own equipment only what the finder has no opinion on, when it is sure.
        """
        others = [name for name in names if name.kind is not Kind.EQUIPMENT]
        read = [name for name in names if name.kind is Kind.EQUIPMENT]
        matches = [_with_suffix(text, found, read) for found in matches]
        own = self._own(text, read, matches)
        named = {name.end + 1 for name in own}  # a class noun right behind a name is no mention of its own
        apart = [found for found in matches if not (_is_generic(found) and found.start in named)]
        return without_overlaps([*apart, *others, *own], key=_precedence)

    def _own(self, text: str, names: list["Found"], found: list["Found"]) -> list["Found"]:
        """Return the recogniser's equipment that the finder has no opinion on, described."""
        taken = {offset for item in found for offset in range(item.start, item.end)}
        matches = [item.facts.match for item in found if item.facts.match is not None]
        codes = any(_SHORT_CODE.fullmatch(text, name.start, name.end) for name in names)
        military = not codes or bool(matches) or self.finder.is_military(text)
        certain = [name for name in names if is_certain(name)]
        surfaces = {text[name.start : name.end] for name in certain}
        behind = {item.end + 1 for item in found} | {name.end + 1 for name in certain}
        ends = {name.end + offset for name in certain for offset in (1, 2)}
        kept = []
        for name in sorted(names, key=_shortest_last):  # full names before their short forms
            repeated = text[name.start : name.end] in surfaces or name.start in ends
            sure = is_certain(name) or (name.facts.source is Source.PATTERN and repeated)
            if _is_place(text, name, sure=sure):
                kept.append(replace(name, kind=Kind.PLACE))
            elif not taken.isdisjoint(range(name.start, name.end)):
                continue
            elif self._is_organisation(text, name, sure=sure):
                kept.append(replace(name, kind=Kind.ORGANISATION))
            else:
                match = self._describe(text, name, matches)
                likely = military or not _SHORT_CODE.fullmatch(text, name.start, name.end)
                confirmed = match is not None and _is_confirmed(name, match) and self.finder.is_military(text)
                sure = sure or confirmed
                if match is not None and match.generic and _is_plain(text, name) and name.start not in behind:
                    kept.append(replace(name, facts=replace(name.facts, match=match)))
                    continue
                if match is not None and sure and likely and not _is_no_name(match):
                    matches.append(match)
                    kept.append(replace(name, facts=replace(name.facts, match=match)))
        return kept

    def _is_organisation(self, text: str, name: "Found", *, sure: bool) -> bool:
        """Tell whether the recogniser's equipment is a known organisation: a force, a maker, an unsure company."""
        surface = text[name.start : name.end]
        types = {known.type for known in organisations().get(name_key(surface), ())}
        known = bool(types) and (not sure or " " in surface or types <= FORCES)
        return known or (self.finder.is_maker(surface) and not surface.islower())

    def _describe(self, text: str, name: "Found", matches: list[Match]) -> Match | None:
        """Say what a recogniser's span is: a name that the text has in full, or what its words tell."""
        surface = text[name.start : name.end]
        match = self.finder.describe(
            surface, text[name.end : name.end + 60], text[max(0, name.start - 60) : name.start]
        )
        full = {m.family: m for m in matches if not m.generic and m.text.endswith(f" {surface}")}
        if match is None or match.generic or len(full) != 1:
            return match
        [known] = full.values()  # the Lincoln, of USS Abraham Lincoln
        return replace(known, start=match.start, end=match.end, text=surface, source=Source.MODEL)


def _with_suffix(text: str, found: "Found", read: list["Found"]) -> "Found":
    """Add the end of a designation that no list has and the recogniser is sure of: ``Marder II``, ``F107-WR-105``."""
    match = found.facts.match
    if match is None or match.generic:
        return found
    for name in read:
        longer = name.start == found.start and name.end > found.end and is_certain(name)
        if longer and _SUFFIX.fullmatch(text, found.end, name.end):
            match = replace(match, end=name.end, text=text[name.start : name.end])
            return replace(found, end=name.end, facts=replace(found.facts, match=match))
    return found


def _acronyms(text: str, found: list["Found"]) -> Iterator["Found"]:
    """Yield the words whose letters begin the words of a weapon's name in the text: ``ISVs``, Infantry Squad Vehicles."""
    owners: dict[str, Match] = {}
    for item in found:
        match = item.facts.match
        if match is not None and not match.generic and (words := _CAPITAL_WORDS.fullmatch(match.text)):
            owners.setdefault("".join(word[0] for word in words[0].split()), match)
    for word in _ACRONYM.finditer(text) if owners else ():
        match = owners.get(word[1])
        if match is not None:
            match = replace(match, start=word.start(), end=word.end(), text=word[0], source=Source.PATTERN)
            yield Found(word.start(), word.end(), Kind.EQUIPMENT, SpanFacts(Source.PATTERN, match=match))


def _shortest_last(name: "Found") -> int:
    return name.start - name.end


def _is_generic(found: "Found") -> bool:
    return found.facts.match is not None and found.facts.match.generic


def _is_place(text: str, name: "Found", *, sure: bool) -> bool:
    """Tell whether the recogniser's equipment is a known place: ``US``, ``Jordan``, or an unsure town.

    A ship that is called after a place has an article before its name.
    """
    surface = text[name.start : name.end]
    types = {known.type for known in places().get(name_key(surface), ())}
    if is_acronym(surface) or not types:
        return bool(types)
    with_article = _ARTICLE_BEFORE.search(text[max(0, name.start - 4) : name.start])
    return not with_article and (not sure or "country" in types)


def _is_plain(text: str, name: "Found") -> bool:
    """Tell whether the recogniser is as sure as can be of a common noun that the finder has refused for want of evidence."""
    verb = _VERB_BEFORE.search(text, max(0, name.start - _LONGEST_VERB), name.start)
    return (name.facts.score or 0.0) >= _CERTAIN and verb is None


def _is_confirmed(name: "Found", match: Match) -> bool:
    """Tell whether the catalogue, or the text in full, knows a name of which the recogniser is unsure."""
    score = name.facts.score or 0.0
    known = match.source is Source.CATALOGUE or match.family != match.text
    return score >= _LIKELY and known


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


def _precedence(found: Found) -> tuple[int, bool, bool]:
    """Order of claims to the same characters: the longer span, then the finder's, which has read the evidence."""
    match = found.facts.match
    return (found.end - found.start, match is not None, match is not None and match.certain)
