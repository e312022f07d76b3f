"""Turn a result into bytes, one function for each format.

The shapes are the output contract's, schema ``entityscan/1``: adding a field is fine, renaming or
removing one is not.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, starmap
from typing import Any, Protocol, runtime_checkable

import orjson

from entityscan.cells import harmless
from entityscan.records import Entity, Kind, Mention, Result
from entityscan.table import printable

SCHEMA = "entityscan/1"
ENTITY_COLUMNS = (
    "id",
    "kind",
    "name",
    "mentions",
    "documents",
    "aliases",
    "category",
    "country",
    "first_seen",
    "last_seen",
)
MENTION_COLUMNS = (
    "document",
    "start",
    "end",
    "text",
    "kind",
    "entity",
    "name",
    "score",
    "source",
    "sentence",
)
_LITERAL = str.maketrans(
    {**{mark: f"\\{mark}" for mark in "\\|`*[]"}, "<": "&lt;", ">": "&gt;", "&": "&amp;"}
)
"""What Markdown would take for a link, a picture, code or HTML."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a result is written."""

    mentions: bool = False
    """Write mention rows instead of entity rows."""
    run: bool = True
    """JSON: write the ``run`` part."""
    width: int = 100
    """Table: columns of the terminal."""
    color: bool = False
    """Table: use colour."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Texts by id of the article, for the formats in :data:`NEED_TEXTS`."""


def entity_row(entity: Entity) -> dict[str, Any]:
    """Return the entity as the contract's JSON object."""
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "aliases": [asdict(alias) for alias in entity.aliases],
        "mentions": len(entity.mentions),
        "documents": entity.documents,
        "first_seen": entity.first_seen,
        "last_seen": entity.last_seen,
        "attributes": dict(entity.attributes),
        "why": [asdict(receipt) for receipt in entity.why],
    }


def mention_row(mention: Mention, entity_id: str, name: str) -> dict[str, Any]:
    """Return a mention of the entity of this id and name as the contract's JSON object."""
    from entityscan.quantities import as_record  # late: --help must stay instant

    return {
        "document": mention.document,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "kind": mention.kind.value,
        "entity": entity_id,
        "name": name,
        "sentence": mention.sentence,
        "score": mention.score,
        "source": mention.source.value,
        "quantity": as_record(mention.quantity) if mention.quantity else None,
    }


@runtime_checkable
class ByPlace(Protocol):
    """Entities that can tell their mentions in the order of the texts without holding them."""

    def by_place(self) -> Iterator[tuple[Mention, str, str]]:
        """Give each mention with its entity's id and name, by document and offset."""


def mention_rows(entities: Iterable[Entity]) -> list[dict[str, Any]]:
    """Return all mentions by document and offset."""
    return list(_mention_rows(entities))


def _mention_rows(entities: Iterable[Entity]) -> Iterator[dict[str, Any]]:
    if isinstance(entities, ByPlace):
        return starmap(mention_row, entities.by_place())
    found = [(mention, entity.id, entity.name) for entity in entities for mention in entity.mentions]
    found.sort(key=lambda item: (item[0].document, item[0].start, item[0].end, item[1]))
    return starmap(mention_row, found)


def write_jsonl(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """One JSON object a line."""
    if options.mentions:
        yield from (orjson.dumps(row) + b"\n" for row in _mention_rows(result.entities))
        return
    for row in map(entity_row, result.entities):
        yield from _pieces(row)
        yield b"\n"


def _pieces(value: Any) -> Iterator[bytes]:
    """Write a value as JSON; what a scan file reads when it is asked for comes in pieces and is never held."""
    if not _is_read_late(value):
        yield orjson.dumps(value)
    elif isinstance(value, Mapping):
        for number, (key, item) in enumerate(value.items()):
            yield (b"," if number else b"{") + orjson.dumps(key) + b":"
            yield from _pieces(item)
        yield b"}"
    else:
        yield b"["
        for number, item in enumerate(value):
            yield (b"," if number else b"") + orjson.dumps(item)
        yield b"]"


def _is_read_late(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_read_late, value.values()))
    return isinstance(value, Sequence) and not isinstance(value, str | list | tuple)


def write_json(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """One JSON document with everything: run, documents, entities, mentions."""
    whole: dict[str, Any] = {"schema": SCHEMA}
    if options.run:
        whole["run"] = dict(result.run)
    whole["documents"] = [
        {**asdict(info), "title": info.title or None, "published": info.published or None}
        for info in result.documents
    ]
    whole["entities"] = [entity_row(entity) for entity in result.entities]
    whole["mentions"] = mention_rows(result.entities)
    yield orjson.dumps(whole, default=list, option=orjson.OPT_INDENT_2) + b"\n"


def write_csv(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """Comma-separated, RFC 4180 quoting, LF, UTF-8, no cell that a spreadsheet would run."""
    yield from _delimited(result, options, ",")


def write_tsv(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """Tab-separated, otherwise as CSV."""
    yield from _delimited(result, options, "\t")


def write_markdown(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """A table for a README or a ticket."""
    columns, rows = _cells(result, options)
    yield f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n".encode()
    for row in rows:
        yield f"| {' | '.join(printable(' '.join(str(cell).split())).translate(_LITERAL) for cell in row)} |\n".encode()


def write_geojson(result: Result, options: WriteOptions) -> Iterator[bytes]:  # noqa: ARG001 - one signature
    """Places with coordinates as a GeoJSON FeatureCollection (RFC 7946), for QGIS and web maps."""
    features = [
        {
            "type": "Feature",
            "id": entity.id,
            "geometry": {
                "type": "Point",
                "coordinates": [entity.attributes["longitude"], entity.attributes["latitude"]],
            },
            "properties": {
                "name": entity.name,
                "country": entity.attributes.get("country"),
                "mentions": len(entity.mentions),
                "documents": entity.documents,
                "first_seen": entity.first_seen,
                "last_seen": entity.last_seen,
            },
        }
        for entity in result.entities
        if "latitude" in entity.attributes and "longitude" in entity.attributes
    ]
    whole = {"type": "FeatureCollection", "features": features}
    yield orjson.dumps(whole, option=orjson.OPT_INDENT_2) + b"\n"


def write_parquet(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """The rows of JSON lines as a Parquet file; objects of changing shape are JSON text."""
    from entityscan.parquet import parquet  # pyarrow is an extra

    rows = _mention_rows(result.entities) if options.mentions else map(entity_row, result.entities)
    yield parquet(rows, mentions=options.mentions)


def write_ftm(result: Result, options: WriteOptions) -> Iterator[bytes]:  # noqa: ARG001 - one signature
    """FollowTheMoney entities as JSON lines, for Aleph and OpenAleph."""
    from entityscan.ftm import objects  # late: --help must stay instant

    for row in objects(result):
        yield orjson.dumps(row) + b"\n"


def write_docbin(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """A binary file of spaCy documents (DocBin): gold, or training data."""
    from entityscan.annotation import docbin

    yield docbin(result, options.texts)


def write_conll(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """A token and its IOB2 tag a line (CoNLL)."""
    from entityscan.annotation import conll

    yield from conll(result, options.texts)


def write_brat(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """A ZIP archive of brat standoff files."""
    from entityscan.annotation import brat

    yield brat(result, options.texts)


def write_label_studio(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """Tasks with predictions for Label Studio, as JSON."""
    from entityscan.annotation import label_studio

    yield label_studio(result, options.texts)


def write_table(result: Result, options: WriteOptions) -> Iterator[bytes]:
    """A table for people: grouped by kind, fitted to the width; names are wrapped, never cut."""
    from entityscan.table import render  # rich is only needed here

    yield render(result, options.mentions, width=options.width, color=options.color).encode(
        "utf-8", "replace"
    )


def _delimited(result: Result, options: WriteOptions, delimiter: str) -> Iterator[bytes]:
    columns, rows = _cells(result, options)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    for row in chain([columns], rows):
        writer.writerow([harmless(cell) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def _cells(result: Result, options: WriteOptions) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if options.mentions:
        rows = _mention_rows(result.entities)
        return MENTION_COLUMNS, ([_cell(row[column]) for column in MENTION_COLUMNS] for row in rows)
    return ENTITY_COLUMNS, map(_entity_cells, result.entities)


def _entity_cells(entity: Entity) -> list[Any]:
    return [
        entity.id,
        entity.kind.value,
        entity.name,
        len(entity.mentions),
        entity.documents,
        " | ".join(alias.text for alias in entity.aliases),
        entity.attributes.get("category", ""),
        entity.attributes.get("country") or entity.attributes.get("origin", ""),
        _cell(entity.first_seen),
        _cell(entity.last_seen),
    ]


def _cell(value: Any) -> Any:
    return "" if value is None else value


def select(
    entities: Iterable[Entity], *, kinds: Sequence[Kind] = (), min_mentions: int = 1, named_only: bool = False
) -> list[Entity]:
    """Keep the entities that a user asked for, in their order."""
    return [
        entity
        for entity in entities
        if (not kinds or entity.kind in kinds)
        and len(entity.mentions) >= min_mentions
        and not (named_only and entity.attributes.get("generic"))
    ]


# To sort by something else, name it here; every order ends in name and id, so that it is total.
ORDERS: dict[str, Callable[[Entity], tuple[Any, ...]]] = {
    "mentions": lambda entity: (-len(entity.mentions), -entity.documents, entity.name, entity.id),
    "documents": lambda entity: (-entity.documents, -len(entity.mentions), entity.name, entity.id),
    "name": lambda entity: (entity.name.casefold(), entity.name, entity.id),
    "first-seen": lambda entity: (entity.first_seen or "9999", entity.name, entity.id),
}

Writer = Callable[[Result, WriteOptions], Iterator[bytes]]
# To add a format, write a function above and name it here; --format, its help and the tests read this table.
WRITERS: dict[str, Writer] = {
    "table": write_table,
    "jsonl": write_jsonl,
    "json": write_json,
    "csv": write_csv,
    "tsv": write_tsv,
    "markdown": write_markdown,
    "geojson": write_geojson,
    "parquet": write_parquet,
    "ftm": write_ftm,
    "docbin": write_docbin,
    "conll": write_conll,
    "brat": write_brat,
    "labelstudio": write_label_studio,
}
NEED_TEXTS = frozenset({"docbin", "conll", "brat", "labelstudio"})
"""Formats that hold the articles; one whose text is not at hand is left out of them."""
BINARY = frozenset({"parquet", "docbin", "brat"})
ARCHIVES = {"brat": ".zip"}
"""Formats of many files, by the suffix of the archive that they are packed in; under another name they are a folder."""
SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".md": "markdown",
    ".parquet": "parquet",
    ".geojson": "geojson",
    ".spacy": "docbin",
    ".conll": "conll",
    ".zip": "brat",
    ".txt": "table",
}
