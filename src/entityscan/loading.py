"""Read back what ``extract -f json`` wrote: the ``entityscan/1`` document becomes a :class:`Result` again.

What a mention row does not carry (title, category and family of the single mention) stays empty; the
entity's attributes have it. Fields that are not known here are passed over, so that output of a newer
version with the same schema can be read.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from entityscan.errors import InputError
from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Quantity, Receipt, Result, Source

SCHEMA = "entityscan/1"


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
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise InputError(f"{path}: a broken result ({type(err).__name__}: {err})") from err


def _result(whole: Mapping[str, Any]) -> Result:
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in whole["mentions"]:
        mentions[row["entity"]].append(_mention(row))
    return Result(
        tuple(_entity(row, mentions[row["id"]]) for row in whole["entities"]),
        tuple(_document(row) for row in whole["documents"]),
        whole.get("run", {}),
    )


def _mention(row: Mapping[str, Any]) -> Mention:
    return Mention(
        document=row["document"],
        start=int(row["start"]),
        end=int(row["end"]),
        text=row["text"],
        kind=Kind(row["kind"]),
        source=Source(row["source"]),
        score=row["score"],
        sentence=row["sentence"],
        quantity=_quantity(row["quantity"]) if row.get("quantity") else None,
    )


def _quantity(row: Mapping[str, Any]) -> Quantity:
    low, high = (row["value"],) * 2 if "value" in row else (row.get("low"), row.get("high"))
    return Quantity(low, high, row["text"], int(row["start"]), int(row["end"]))


def _entity(row: Mapping[str, Any], mentions: list[Mention]) -> Entity:
    return Entity(
        id=row["id"],
        kind=Kind(row["kind"]),
        name=row["name"],
        aliases=tuple(Alias(alias["text"], int(alias["count"])) for alias in row["aliases"]),
        mentions=tuple(mentions),
        documents=int(row["documents"]),
        first_seen=row.get("first_seen"),
        last_seen=row.get("last_seen"),
        attributes=dict(row.get("attributes", {})),
        why=tuple(_receipt(receipt) for receipt in row.get("why", ())),
    )


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(
        row["rule"], row["left"], row["right"], row["document"], int(row["start"]), int(row["end"])
    )


def _document(row: Mapping[str, Any]) -> DocumentInfo:
    return DocumentInfo(
        id=row["id"],
        path=row["path"],
        sha256=row["sha256"],
        characters=int(row["characters"]),
        title=row.get("title") or "",
        published=row.get("published") or "",
    )
