"""What a system found: mention rows as ``entityscan extract --mentions`` writes them, or our records."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from entityscan.errors import InputError
from entityscan.evaluation.gold import GoldDocument, kind_of
from entityscan.records import Entity, Kind, Mention


@dataclass(frozen=True, slots=True)
class Prediction:
    """One predicted mention."""

    document: str
    start: int
    end: int
    kind: Kind
    entity: str = ""
    """The entity's id; empty when mentions were not merged."""
    text: str = field(default="", compare=False)
    """What the article says there; empty when the row does not tell."""


def read_predictions(path: str | Path) -> list[Prediction]:
    """Read mention rows (JSONL with ``document``, ``start``, ``end``, ``kind`` and perhaps ``entity``, ``text``).

    Raises:
        InputError: with file and line, when a row is broken.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path}: {err}") from err
    return [
        _read_row(line, f"{path}:{number}") for number, line in enumerate(text.split("\n"), 1) if line.strip()
    ]


def _read_row(line: str, place: str) -> Prediction:
    try:
        row = json.loads(line)
        kind = kind_of(str(row["kind"]))
        document, start, end = str(row["document"]), row["start"], row["end"]
    except (ValueError, KeyError, TypeError) as err:
        raise InputError(f"{place}: no mention row ({err}); expected document, start, end, kind") from err
    if kind is None:
        raise InputError(f"{place}: unknown kind {row['kind']!r}; known: {', '.join(Kind)}")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        raise InputError(f"{place}: start {start!r} and end {end!r} are no span")
    return Prediction(document, start, end, kind, str(row.get("entity") or ""), str(row.get("text") or ""))


def from_entities(entities: Iterable[Entity]) -> list[Prediction]:
    """Give the mentions of merged entities, each with its entity's id."""
    return [
        Prediction(mention.document, mention.start, mention.end, mention.kind, entity.id)
        for entity in entities
        for mention in entity.mentions
    ]


def from_mentions(mentions: Iterable[Mention]) -> list[Prediction]:
    """Give mentions that nobody has merged."""
    return [Prediction(found.document, found.start, found.end, found.kind) for found in mentions]


def for_copies(documents: Iterable[GoldDocument], found: Iterable[Prediction]) -> list[Prediction]:
    """Give articles of one text the same mentions: a text is processed once, under the id of one of them."""
    rows: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in found:
        rows[prediction.document].append(prediction)
    ids: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        ids[document.text].append(document.id)
    for copies in ids.values():
        done = next((name for name in copies if name in rows), None)
        if done is not None:
            for name in copies:
                rows.setdefault(name, [replace(row, document=name) for row in rows[done]])
    return [row for same in rows.values() for row in same]
