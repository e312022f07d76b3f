"""Annotated articles, and what a label of any known scheme means.

Labels of other schemes are mapped to our kinds by ``data/labels.csv``; a label without a kind is kept,
because it decides what does not count.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from entityscan.records import Kind

ANY = "*"
"""A kind of don't-care that covers all kinds."""
_OURS = re.compile(rf"(?:{'|'.join(Kind)}):[0-9a-f]{{16}}")


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """One annotated mention."""

    start: int
    end: int
    label: str
    """As written in the gold."""
    kind: Kind | None
    """What the label means for us, or None: nationalities, events, ..."""
    entity: str = ""
    """Id that holds across articles when ``is_global``, else only inside this one. Empty: none."""
    cluster: str = ""
    """Id inside the article, where ``entity`` is a link; empty: ``entity`` serves."""
    is_global: bool = False
    named: bool | None = None
    """Whether it is a name; None when the gold does not say."""
    maybe: Kind | str = ""
    """Don't-care for this kind, or for all kinds when ``ANY``."""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated article."""

    id: str
    text: str
    spans: tuple[GoldSpan, ...]
    source: str = ""
    scored: tuple[int, int] | None = None
    """The annotated part of the text, or None: all of it."""


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind | None]:
    with (files("entityscan") / "data" / "labels.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {row["label"].casefold(): Kind(row["kind"]) if row["kind"] else None for row in rows}


def kind_of(label: str) -> Kind | None:
    """Give the kind that a label of any known scheme means, or None."""
    return _kinds().get(label.casefold())


def is_link(entity: str) -> bool:
    """Say whether an id means the same in every article: Wikipedia's, Wikidata's, and those of our entities."""
    return entity.startswith(("wiki:", "wd:")) or _OURS.fullmatch(entity) is not None
