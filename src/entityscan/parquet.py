"""Rows as a Parquet file, for DuckDB, Polars and other tools that read columns; needs pyarrow."""

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any

import orjson

from entityscan.errors import InputError

_GROUP = 50_000  # rows of a row group; bounds what is held as Python values
_JSON_COLUMNS = ("attributes", "quantity")
"""Objects whose fields differ from row to row; written as JSON text."""


def parquet(rows: Iterable[Mapping[str, Any]], *, mentions: bool) -> bytes:
    """Return one Parquet file with the rows of the JSON lines output.

    Raises:
        InputError: when pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        from pyarrow.parquet import ParquetWriter  # type: ignore[import-untyped]
    except ImportError as err:
        raise InputError("parquet needs pyarrow; install it with: pip install 'entityscan[parquet]'") from err
    schema = _mention_schema(pa) if mentions else _entity_schema(pa)
    table = mention_table if mentions else entity_table
    buffer = BytesIO()
    with ParquetWriter(buffer, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(table(group))
    return buffer.getvalue()


def entity_table(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return entity rows as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(map(_flat, rows)), _entity_schema(pa))


def mention_table(rows: Iterable[Mapping[str, Any]]) -> Any:
    """Return mention rows as an Arrow table."""
    import pyarrow as pa

    return pa.Table.from_pylist(list(map(_flat, rows)), _mention_schema(pa))


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    source = iter(rows)
    while group := list(islice(source, _GROUP)):
        yield group


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    texts = {
        column: orjson.dumps(row[column], default=list).decode()
        for column in _JSON_COLUMNS
        if row.get(column) is not None
    }
    return {**row, **texts}


def _entity_schema(arrow: Any) -> Any:
    text, number = arrow.string(), arrow.int64()
    alias = {"text": text, "count": number}
    receipt = {"rule": text, "left": text, "right": text, "document": text, "start": number, "end": number}
    return arrow.schema(
        {
            "id": text,
            "kind": text,
            "name": text,
            "aliases": arrow.list_(arrow.struct(alias)),
            "mentions": number,
            "documents": number,
            "first_seen": text,
            "last_seen": text,
            "attributes": text,
            "why": arrow.list_(arrow.struct(receipt)),
        }
    )


def _mention_schema(arrow: Any) -> Any:
    text, number = arrow.string(), arrow.int64()
    return arrow.schema(
        {
            "document": text,
            "start": number,
            "end": number,
            "text": text,
            "kind": text,
            "entity": text,
            "name": text,
            "sentence": text,
            "score": arrow.float64(),
            "source": text,
            "quantity": text,
        }
    )
