"""Writing: the shapes of the output contract, byte for byte."""

import csv
import io
import json

import pytest

from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Receipt, Result, Source
from entityscan.writing import ENTITY_COLUMNS, ORDERS, SUFFIXES, WRITERS, WriteOptions, select

TUSK = Entity(
    "person:0000000000000001",
    Kind.PERSON,
    "Donald Tusk",
    (Alias("Tusk", 2), Alias("Donald Tusk", 1)),
    (
        Mention(
            "a.txt", 0, 11, "Donald Tusk", Kind.PERSON, sentence="Donald Tusk spoke.", title="Prime Minister"
        ),
        Mention("a.txt", 20, 24, "Tusk", Kind.PERSON, score=0.98, sentence="Tusk left."),
        Mention("b.txt", 0, 4, "Tusk", Kind.PERSON, sentence="Tusk left."),
    ),
    2,
    "2024-08-26",
    "2024-08-26",
    {"titles": ["Prime Minister"]},
    (Receipt("surname", "Tusk", "Donald Tusk", "a.txt", 20, 24),),
)
FORMULA = Entity(
    "equipment:0000000000000002",
    Kind.EQUIPMENT,
    '=cmd|"x"',
    (Alias('=cmd|"x"', 1),),
    (Mention("a.txt", 30, 38, '=cmd|"x"', Kind.EQUIPMENT, Source.PATTERN, sentence="-1, she said"),),
    1,
    attributes={"category": "tank", "origin": "RU", "generic": True},
)
RESULT = Result((TUSK, FORMULA), (DocumentInfo("a.txt", "a.txt", "0" * 64, 40),), {"entityscan": "0.1.0"})


def write(name: str, **options: object) -> str:
    return b"".join(WRITERS[name](RESULT, WriteOptions(**options))).decode()  # type: ignore[arg-type]


def test_write_jsonl_entities() -> None:
    first = json.loads(write("jsonl").splitlines()[0])
    assert first == {
        "id": "person:0000000000000001",
        "kind": "person",
        "name": "Donald Tusk",
        "aliases": [{"text": "Tusk", "count": 2}, {"text": "Donald Tusk", "count": 1}],
        "mentions": 3,
        "documents": 2,
        "first_seen": "2024-08-26",
        "last_seen": "2024-08-26",
        "attributes": {"titles": ["Prime Minister"]},
        "why": [
            {
                "rule": "surname",
                "left": "Tusk",
                "right": "Donald Tusk",
                "document": "a.txt",
                "start": 20,
                "end": 24,
            }
        ],
    }


def test_write_jsonl_mentions_by_document_and_offset() -> None:
    rows = [json.loads(line) for line in write("jsonl", mentions=True).splitlines()]
    assert [(row["document"], row["start"]) for row in rows] == [
        ("a.txt", 0),
        ("a.txt", 20),
        ("a.txt", 30),
        ("b.txt", 0),
    ]
    assert rows[1] == {
        "document": "a.txt",
        "start": 20,
        "end": 24,
        "text": "Tusk",
        "kind": "person",
        "entity": "person:0000000000000001",
        "name": "Donald Tusk",
        "sentence": "Tusk left.",
        "score": 0.98,
        "source": "model",
        "quantity": None,
    }


def test_write_json_has_everything_and_can_leave_the_run_out() -> None:
    whole = json.loads(write("json"))
    assert list(whole) == ["schema", "run", "documents", "entities", "mentions"]
    assert whole["schema"] == "entityscan/1"
    assert whole["documents"] == [
        {
            "id": "a.txt",
            "path": "a.txt",
            "sha256": "0" * 64,
            "characters": 40,
            "title": None,
            "published": None,
        }
    ]
    assert "run" not in json.loads(write("json", run=False))


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_write_delimited_parses_back_and_holds_no_formula(name: str, delimiter: str) -> None:
    text = write(name)
    assert "\r" not in text
    header, tusk, formula = csv.reader(io.StringIO(text), delimiter=delimiter)
    assert tuple(header) == ENTITY_COLUMNS
    assert tusk[5] == "Tusk | Donald Tusk"
    assert formula == [
        "equipment:0000000000000002", "equipment", "'=cmd|\"x\"", "1", "1", "'=cmd|\"x\"", "tank", "RU", "", ""
    ]  # fmt: skip
    mentions = list(csv.reader(io.StringIO(write(name, mentions=True)), delimiter=delimiter))
    assert mentions[0] == "document start end text kind entity name score source sentence".split()
    assert mentions[3][-1] == "'-1, she said"


def test_write_markdown_escapes_what_would_break_the_table() -> None:
    lines = write("markdown").splitlines()
    assert lines[0].count("|") == len(ENTITY_COLUMNS) + 1
    assert r'=cmd\|"x"' in lines[3]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 200])
def test_write_table_fits_any_width_and_keeps_names_whole(width: int) -> None:
    text = write("table", width=width)
    assert max(map(len, text.splitlines())) <= width
    name_column = "".join(line if width < 50 else line[: width // 4] for line in text.splitlines())
    assert "DonaldTusk" in "".join(filter(str.isalpha, name_column))
    assert "\x1b" not in text


def test_write_table_makes_control_characters_harmless() -> None:
    evil = Entity(
        "place:1", Kind.PLACE, "A\x1b[31m\u202eB", (Alias("A", 1),), (Mention("a", 0, 1, "A", Kind.PLACE),), 1
    )
    text = b"".join(WRITERS["table"](Result((evil,), ()), WriteOptions())).decode()
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_select_keeps_what_was_asked_for() -> None:
    assert select(RESULT.entities, kinds=[Kind.EQUIPMENT]) == [FORMULA]
    assert select(RESULT.entities, min_mentions=2) == [TUSK]
    assert select(RESULT.entities, named_only=True) == [TUSK]


def test_orders_are_total() -> None:
    for order in ORDERS.values():
        assert order(TUSK)[-1] == TUSK.id


def test_suffixes_name_formats() -> None:
    assert set(SUFFIXES.values()) <= set(WRITERS)


def test_write_geojson_has_the_places_with_a_point() -> None:
    kyiv = Entity(
        "place:3",
        Kind.PLACE,
        "Kyiv",
        (Alias("Kyiv", 1),),
        (Mention("a.txt", 0, 4, "Kyiv", Kind.PLACE),),
        1,
        attributes={"country": "UA", "latitude": 50.45, "longitude": 30.52},
    )
    written = b"".join(WRITERS["geojson"](Result((TUSK, kyiv), ()), WriteOptions()))
    [feature] = json.loads(written)["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [30.52, 50.45]}
    assert (feature["id"], feature["properties"]["name"], feature["properties"]["country"]) == (
        "place:3",
        "Kyiv",
        "UA",
    )
