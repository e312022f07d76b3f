"""The shipped pipeline on the samples: outputs kept as files, so that a change shows in a diff.

After a change that is meant, write them anew: ``ENTITYSCAN_UPDATE_GOLDEN=1 python -m pytest tests/test_samples.py``.
Scores are left out: their last digits may differ between machines.
"""

import csv
import io
import json
import os
from pathlib import Path

import pytest

from entityscan.records import Result
from entityscan.scanning import scan
from entityscan.writing import WRITERS, WriteOptions

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def result() -> Result:
    previous = Path.cwd()
    os.chdir(ROOT)
    try:
        return scan(["samples"])[0]
    finally:
        os.chdir(previous)


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("ENTITYSCAN_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("name", ["csv", "markdown", "table"])
def test_entities_of_the_samples(result: Result, name: str) -> None:
    check(f"samples.{name}", b"".join(WRITERS[name](result, WriteOptions(width=100))).decode())


def test_mentions_of_the_samples(result: Result) -> None:
    text = b"".join(WRITERS["tsv"](result, WriteOptions(mentions=True))).decode()
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))
    score = rows[0].index("score")
    check("samples.mentions.tsv", "".join("\t".join(row[:score] + row[score + 1 :]) + "\n" for row in rows))


def test_scores_have_four_digits_in_every_format(result: Result) -> None:
    rows = b"".join(WRITERS["jsonl"](result, WriteOptions(mentions=True))).splitlines()
    scores = [score for row in map(json.loads, rows) if (score := row["score"]) is not None]
    assert scores
    assert max(len(str(score)) for score in scores) <= len("0.1234")
    found = [m.score for entity in result.entities for m in entity.mentions if m.score is not None]
    assert sorted(scores) == sorted(found)


def test_every_merge_of_the_samples_has_its_receipts(result: Result) -> None:
    for row in map(json.loads, b"".join(WRITERS["jsonl"](result, WriteOptions())).splitlines()):
        assert len(row["why"]) == len(row["aliases"]) - 1
        assert sum(alias["count"] for alias in row["aliases"]) == row["mentions"]


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("Donald Tusk", "Tusk"),
        ("NATO", "North Atlantic Treaty Organization"),
        ("F-16", "F-16s"),
        ("F-16", "F-16V"),
        ("Shahed-136", "Geran-2"),
        ("Xi Jinping", "習近平"),
    ],
)
def test_the_promises_of_the_readme(result: Result, name: str, alias: str) -> None:
    [entity] = [entity for entity in result.entities if entity.name == name]
    assert alias in {item.text for item in entity.aliases}
