"""Words that are hardware and people, animals, teams, firms or places: each in sentences of both readings.

``equipment_readings.csv`` holds one sentence a row: the word in question, the family that it means (empty: no
hardware) and the text. The whole pipeline reads them, as it reads the articles of a user.
"""

import csv
from pathlib import Path

import pytest

from entityscan.records import Document, Kind
from entityscan.tagging import tag

with Path(__file__).with_name("equipment_readings.csv").open(encoding="utf-8", newline="") as lines:
    TABLE = list(csv.DictReader(lines))
ROWS = [(row["word"], row["family"], row["text"]) for row in TABLE]
MISREAD = [row["text"] for row in TABLE if row["misread"]]
"""Sentences that are known to be misread; they lose the mark when they are not any more."""


def test_readings_are_of_both_sorts_and_name_their_word() -> None:
    meant = {word for word, family, _ in ROWS if family}
    other = {word for word, family, _ in ROWS if not family}
    assert len(ROWS) >= 100
    assert len(meant & other) >= 25
    assert all(word.casefold() in text.casefold() for word, _, text in ROWS)


@pytest.mark.model
def test_every_reading_is_understood() -> None:
    documents = [Document(str(number), text) for number, (_, _, text) in enumerate(ROWS)]
    wrong = []
    for (word, family, text), (_, mentions) in zip(ROWS, tag(documents), strict=True):
        named = {
            mention.family
            for mention in mentions
            if mention.kind is Kind.EQUIPMENT and word.casefold() in mention.text.casefold()
        }
        if named != ({family} if family else set()):
            wrong.append((word, family, named, text))
    assert [row for row in wrong if row[-1] not in MISREAD] == []
    assert [row[-1] for row in wrong] == MISREAD
