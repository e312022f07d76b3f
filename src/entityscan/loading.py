"""Read back what ``extract -f json`` wrote: the ``entityscan/1`` document becomes a :class:`Result` again.

What a mention row does not carry (title, category and family of the single mention) stays empty; the
entity's attributes have it. Fields that are not known here are passed over, so that output of a newer
version with the same schema can be read.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_origin, get_type_hints

import orjson

from entityscan.errors import InputError
from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Quantity, Receipt, Result, Source

SCHEMA = "entityscan/1"
_LARGEST = 2**53  # what every program that reads JSON takes for a whole number
_ATTRIBUTES: Mapping[str, Any] = {  # those that are read again; the schema has them all
    "acronym": str,
    "category": str,
    "country": str,
    "latitude": int | float,
    "longitude": int | float,
    "origin": str,
    "titles": list,
    "unit": dict,
    "variants": dict,
}

T = TypeVar("T")


def load(path: str | Path) -> Result:
    """Read a saved result.

    Raises:
        InputError: when the file cannot be read, is no JSON, or is not of schema ``entityscan/1``.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as err:
        raise InputError(f"{path}: {(err.strerror or str(err)).lower()}") from err
    try:
        whole = orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise InputError(f"{path}: not JSON ({err}); save a result with 'extract -f json'") from err
    if not isinstance(whole, dict) or whole.get("schema") != SCHEMA:
        raise InputError(f"{path}: not a saved result ({SCHEMA}); make one with 'extract -f json'")
    try:
        return _result(whole)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as err:
        raise InputError(f"{path}: a broken result ({type(err).__name__}: {err})") from err


def _result(whole: Mapping[str, Any]) -> Result:
    rows = whole["mentions"]
    documents = {row["id"]: _document(row) for row in whole["documents"]}
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in rows:
        mention = _mention(row)
        if not 0 <= mention.start < mention.end <= documents[mention.document].characters:
            raise ValueError(f"no place {mention.start}-{mention.end} in {mention.document}")
        mentions[row["entity"]].append(mention)
    return _sound(
        Result(
            tuple(_entity(row, mentions[row["id"]]) for row in whole["entities"]),
            tuple(documents.values()),
            whole.get("run", {}),
        )
    )


def _sound(record: T) -> T:
    """Return the record when its fields are of their types, as every step that takes it expects."""
    hints = get_type_hints(type(record))
    for field in fields(record):  # type: ignore[arg-type]
        value, wanted = getattr(record, field.name), hints[field.name]
        if not isinstance(value, wanted if isinstance(wanted, UnionType) else get_origin(wanted) or wanted):
            raise TypeError(f"{field.name} is {value!r:.40}")
        if isinstance(value, int) and abs(value) > _LARGEST:
            raise ValueError(f"{field.name} is too large")
    return record


def _mention(row: Mapping[str, Any]) -> Mention:
    record = Mention(
        document=row["document"],
        start=int(row["start"]),
        end=int(row["end"]),
        text=row["text"],
        kind=Kind(row["kind"]),
        source=Source(row["source"]),
        score=None if row["score"] is None else float(row["score"]),
        sentence=row["sentence"],
        quantity=_quantity(row["quantity"]) if row.get("quantity") else None,
    )
    return _sound(record)


def _quantity(row: Mapping[str, Any]) -> Quantity:
    low, high = (row["value"],) * 2 if "value" in row else (row.get("low"), row.get("high"))
    return _sound(Quantity(low, high, row["text"], int(row["start"]), int(row["end"])))


def _entity(row: Mapping[str, Any], mentions: list[Mention]) -> Entity:
    record = Entity(
        id=row["id"],
        kind=Kind(row["kind"]),
        name=row["name"],
        aliases=tuple(_sound(Alias(alias["text"], int(alias["count"]))) for alias in row["aliases"]),
        mentions=tuple(mentions),
        documents=int(row["documents"]),
        first_seen=row.get("first_seen"),
        last_seen=row.get("last_seen"),
        attributes=_attributes(row.get("attributes", {})),
        why=tuple(_receipt(receipt) for receipt in row.get("why", ())),
    )
    if not mentions or not record.aliases:
        raise ValueError(f"no mentions of {record.id}")
    return _sound(record)


def _attributes(row: Mapping[str, Any]) -> dict[str, Any]:
    for name, wanted in _ATTRIBUTES.items():
        if name in row and not isinstance(row[name], wanted):
            raise TypeError(f"{name} is {row[name]!r:.40}")
    texts = [*row.get("titles", ()), *row.get("unit", {}).values()]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("titles and unit hold texts")
    orjson.dumps(row)  # refuses what is nested too deeply to be written again
    return dict(row)


def _receipt(row: Mapping[str, Any]) -> Receipt:
    receipt = Receipt(
        row["rule"], row["left"], row["right"], row["document"], int(row["start"]), int(row["end"])
    )
    return _sound(receipt)


def _document(row: Mapping[str, Any]) -> DocumentInfo:
    info = DocumentInfo(
        id=row["id"],
        path=row["path"],
        sha256=row["sha256"],
        characters=int(row["characters"]),
        title=row.get("title") or "",
        published=row.get("published") or "",
    )
    return _sound(info)
