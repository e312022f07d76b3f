"""The hand-annotated articles: markup and records agree, and the spans follow the conventions."""

import csv
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT / "samples"
ASSETS = ROOT / "models" / "assets"
DATA = ROOT / "src" / "entityscan" / "data"
sys.path.insert(0, str(ROOT / "models"))

import markup  # noqa: E402 - the training scripts are no package

RECORDS: list[dict[str, Any]] = [
    json.loads(line) for line in (GOLD / "gold.jsonl").read_text("utf-8").splitlines()
]
ARTICLES = pytest.mark.parametrize("record", RECORDS, ids=[record["id"] for record in RECORDS])

# Names that begin with an article or end like a possessive because that is the name.
WHOLE_NAMES = {"The Hague", "Lloyd’s"}
# Surfaces that stand in an article once more without being the annotated thing.
NOT_THE_NAME = {
    ("three_kims", "North"): "North Korean troops: a nationality",
    ("leopard_town", "Leopard"): "the animal",
    ("three_kims", "South"): "South Korean minister: a nationality",
}


def surface(record: dict[str, Any], span: dict[str, Any]) -> str:
    return str(record["text"][span["start"] : span["end"]])


def nationalities() -> set[str]:
    """Nationality words, singular and plural, except where a plural is the country: the Philippines."""
    with (DATA / "countries.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    words = {word.strip() for row in rows for word in row["demonyms"].split("|") if word.strip()}
    return (words | {f"{word}s" for word in words}) - {row["name"] for row in rows}


def titles() -> set[str]:
    lines = (DATA / "person_titles.txt").read_text("utf-8").splitlines()
    return {line for line in lines if line and line[0] not in "#["}


def test_records_match_the_markup() -> None:
    written = (GOLD / "gold.jsonl").read_text("utf-8")
    assert markup.to_jsonl(markup.articles(GOLD)) == written, (
        "run: python models/markup.py tests/gold -o tests/gold/gold.jsonl"
    )


def test_the_gold_is_large_enough_to_measure_with() -> None:
    spans = [span for record in RECORDS for span in record["spans"]]
    kinds = Counter(span["orig"] for span in spans)
    assert len(RECORDS) >= 52
    assert min(kinds[kind] for kind in ("person", "place", "organisation", "equipment")) >= 300
    assert kinds["generic"] >= 150
    merged = Counter((span["label"], span["entity"]) for span in spans)
    assert sum(count > 1 for count in merged.values()) >= 300


def test_an_entity_is_one_kind_of_thing() -> None:
    labels: dict[str, set[str]] = {}
    for record in RECORDS:
        for span in record["spans"]:
            labels.setdefault(span["entity"], set()).add(span["label"])
    assert {entity: kinds for entity, kinds in labels.items() if len(kinds) > 1} == {}


def test_every_sample_is_annotated_as_it_stands() -> None:
    texts = {record["id"]: record["text"] for record in RECORDS}
    samples = {f"sample_{path.stem}": path.read_text("utf-8") for path in SAMPLES.glob("*.txt")}
    assert len(samples) == 10
    assert samples == {name: text for name, text in texts.items() if name.startswith("sample_")}


def test_every_wire_record_is_annotated_as_it_stands() -> None:
    gold = {record["id"]: record for record in RECORDS if record["id"].startswith("wire_")}
    wire = [json.loads(line) for line in (SAMPLES / "wire.jsonl").read_text("utf-8").splitlines()]
    assert len(wire) == 4
    for record in wire:
        twin = gold.pop(f"wire_{record['id']}")
        assert record["text"] == twin["text"].rstrip("\n")
        assert [record[key] for key in ("title", "published", "url")] == [
            twin[key] for key in ("title", "published", "url")
        ]
    assert not gold


@ARTICLES
def test_spans_are_in_order_and_inside_the_text(record: dict[str, Any]) -> None:
    end = 0
    for span in record["spans"]:
        assert end <= span["start"] < span["end"] <= len(record["text"])
        end = span["end"]
        assert "\n" not in surface(record, span)


@ARTICLES
def test_spans_hold_the_name_and_no_more(record: dict[str, Any]) -> None:
    known_titles = titles()
    for span in record["spans"]:
        text = surface(record, span)
        assert text == text.strip()
        if text in WHOLE_NAMES:
            continue
        assert not re.match(r"(?:the|an?)\s", text, re.IGNORECASE), text
        assert not re.search(r"['’]s?$", text), text
        if span["orig"] == "person" and " " in text:
            assert text.split()[0].casefold().rstrip(".") not in known_titles, text


@ARTICLES
def test_nationalities_are_no_mentions(record: dict[str, Any]) -> None:
    assert not nationalities() & {surface(record, span) for span in record["spans"]}


@ARTICLES
def test_every_occurrence_of_a_name_is_annotated(record: dict[str, Any]) -> None:
    covered = {at for span in record["spans"] for at in range(span["start"], span["end"])}
    names = {surface(record, span) for span in record["spans"] if span["named"]}
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", record["text"]):
            if covered.isdisjoint(range(*match.span())):
                assert (record["id"], name) in NOT_THE_NAME, f"{name!r} at {match.start()}"


@ARTICLES
def test_titles_are_the_headlines(record: dict[str, Any]) -> None:
    if not record["id"].startswith("wire_"):
        assert record["title"] == record["text"].split("\n", 1)[0]


def test_training_sentences_parse() -> None:
    files = sorted((ASSETS / "sentences").glob("*.txt"))
    sentences = [pair for path in files for pair in markup.read_sentences(path)]
    assert len(sentences) >= 700
    assert len({text for text, _ in sentences}) == len(sentences)
    assert all(span.entity is None for _, spans in sentences for span in spans)


def test_training_articles_parse_and_none_is_among_those_for_measuring() -> None:
    trained, unseen = (
        [pair for path in sorted((ASSETS / folder).glob("*.txt")) for pair in markup.read_articles(path)]
        for folder in ("articles", "unseen")
    )
    assert len(trained) >= 300
    assert len(unseen) >= 40
    texts = [text for text, _ in trained + unseen]
    assert len(set(texts)) == len(texts)
    assert all(spans and span.entity is None for _, spans in trained + unseen for span in spans)


@pytest.mark.parametrize(
    ("line", "text", "spans"),
    [
        ("no mention [here]", "no mention [here]", []),
        ("[Tusk](person#Donald Tusk)’s", "Tusk’s", [(0, 4, "person", "Donald Tusk")]),
        ("a [drone](generic)", "a drone", [(2, 7, "generic", None)]),
        (
            "[習近平](person#Xi) ([A](place#A (city)))",
            "習近平 (A)",
            [(0, 3, "person", "Xi"), (5, 6, "place", "A (city)")],
        ),
    ],
)
def test_markup_is_read(line: str, text: str, spans: list[tuple[int, int, str, str | None]]) -> None:
    assert markup.parse_markup(line) == (text, spans)


@pytest.mark.parametrize("line", ["[Kyiv](city#Kyiv)", "[Kyiv](place#)", "[Kyiv](Place)", "[[Kyiv]](place)"])
def test_wrong_markup_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match=r"unknown kind|not a mention"):
        markup.parse_markup(line)
