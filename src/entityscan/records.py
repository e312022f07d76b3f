"""The values that travel between the steps: frozen, without behaviour, I/O or spaCy.

``reading`` makes :class:`Document`, ``tagging`` makes :class:`Mention`, ``merging`` makes
:class:`Entity`. All offsets count Unicode code points of the decoded text and are half-open:
``document.text[mention.start:mention.end] == mention.text``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an entity is; the value is the word in the output and the label in the pipeline."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    EQUIPMENT = "equipment"

    @classmethod
    def _missing_(cls, value: object) -> "Kind | None":
        return cls.ORGANISATION if value == "organization" else None  # as Americans spell it


class Source(StrEnum):
    """Where a mention comes from."""

    MODEL = "model"
    CATALOGUE = "catalogue"
    PATTERN = "pattern"
    LEXICON = "lexicon"
    GAZETTEER = "gazetteer"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Document:
    """One article."""

    id: str
    """Path as given, the record's ``id``, or ``-`` for standard input. Unique in a run."""
    text: str
    path: str = ""
    """File that holds the article; differs from ``id`` for records of a JSONL file."""
    title: str = ""
    published: str = ""
    """ISO 8601 date (``2024-08-26``), or empty when unknown."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many of something a text counts: ``three``, ``at least 20``, ``dozens``."""

    low: int | None
    """The least, or None when the text gives no least; equal to ``high`` for a plain number."""
    high: int | None
    """The most, or None when the text gives no most."""
    text: str
    """The phrase, without what it counts: ``at least 20``."""
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """One occurrence of a name, or of a common noun for military hardware, in one document."""

    document: str
    """``Document.id``."""
    start: int
    end: int
    text: str
    kind: Kind
    source: Source = Source.MODEL
    score: float | None = field(default=None, compare=False)
    """Calibrated probability in 0..1, or None when the source gives none."""
    sentence: str = field(default="", compare=False)
    title: str = ""
    """Person: the title or rank written before the name (``Polish Prime Minister``), else empty."""
    category: str = ""
    """Equipment: ``tank``, ``ifv``, ...; empty when unknown."""
    family: str = ""
    """Equipment: the family, ``T-72``; for common nouns the kind, ``cruise missile``."""
    variant: str = ""
    """Equipment: the variant as the catalogue spells it, ``T-72B3``; empty for the bare family."""
    origin: str = ""
    """Equipment: ISO 3166-1 alpha-2 of the country of origin; empty when unknown."""
    generic: bool = False
    """Equipment: True for common nouns (``tanks``)."""
    same_as: int = -1
    """``start`` of another mention in this document that the text equates with this one."""
    same_as_cue: str = ""
    """How the text equates them: ``brackets``, ``native script``, ``also known as``, ..."""
    setting: str = ""
    """What the words around it say: ``country UA`` before an institution (``Ukraine's Navy``), ``sport cricket``
    for a country or city that plays; else empty."""
    quantity: Quantity | None = field(default=None, compare=False)
    """Equipment: how many the text counts here; None when it does not."""
    ship_class: str = ""
    """Equipment: the class of an individual ship, ``Arleigh Burke class``; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Why two different surface forms are one entity, and the place in a text that shows it."""

    rule: str
    left: str
    right: str
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Alias:
    """One surface form of an entity and how often it occurs."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Entity:
    """All mentions of one thing: one row of the table."""

    id: str
    """``kind:`` and 16 hex digits of a hash of kind and canonical key."""
    kind: Kind
    name: str
    aliases: tuple[Alias, ...]
    """Most frequent first, then alphabetical; the counts add up to ``len(mentions)``."""
    mentions: Sequence[Mention]
    """In order of document and offset; of an entity in a scan file, read when they are asked for."""
    documents: int
    first_seen: str | None = None
    last_seen: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was not read, and why; nothing is lost without one of these."""

    path: str
    reason: str
    expected: bool = False
    """True for what a walk through a folder passes over by design: hidden and binary files."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the output says of an article, without its text."""

    id: str
    path: str
    sha256: str
    """Of the text in UTF-8."""
    characters: int
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything one run found."""

    entities: Sequence[Entity]
    documents: Sequence[DocumentInfo]
    """The articles that were processed, in order of id."""
    run: Mapping[str, Any] = field(default_factory=dict)
    """Versions, settings and ledger; see the output contract."""
