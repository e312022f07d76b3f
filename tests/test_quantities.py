"""Counts: a table of sentences, then what is no count, then properties."""

import time
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.merging import merge
from entityscan.quantities import as_record, quantity_of
from entityscan.records import Kind, Mention, Quantity

COUNTS = [
    # text with [the span], what is found: phrase, least, most
    ("three [T-72] tanks burnt", "three", 3, 3),
    ("14 [Leopard 2A6s]", "14", 14, 14),
    ("Dozens of [Shahed drones] flew", "Dozens", 24, None),
    ("40 drones and 12 [cruise missiles]", "12", 12, 12),
    ("at least 20 [tanks]", "at least 20", 20, None),
    ("more than 100 Russian [missiles]", "more than 100", 100, None),
    ("a pair of [F-16s]", "a pair", 2, 2),
    ("between 10 and 15 [drones]", "between 10 and 15", 10, 15),
    ("1,500 [shells]", "1,500", 1500, 1500),
    ("10 to 15 [drones]", "10 to 15", 10, 15),
    ("12–15 [drones]", "12–15", 12, 15),
    ("two or three [frigates]", "two or three", 2, 3),
    ("up to 50 old German-made [Marder] vehicles", "up to 50", None, 50),
    ("about 40 [tanks]", "about 40", 40, 40),
    ("half a dozen [helicopters]", "half a dozen", 6, 6),
    ("a dozen [helicopters]", "a dozen", 12, 12),
    ("two dozen [Su-34s]", "two dozen", 24, 24),
    ("twenty-five [Bradleys]", "twenty-five", 25, 25),
    ("one hundred and twenty [tanks]", "one hundred and twenty", 120, 120),
    ("1.5 million [155mm shells]", "1.5 million", 1_500_000, 1_500_000),
    ("hundreds of thousands of [shells]", "hundreds of thousands", 200_000, None),
    ("a few more [howitzers]", "a few", 3, None),
    ("two of its [Patriot] batteries", "two", 2, 2),
    ("20 or more [drones]", "20", 20, None),
    ("40+ [drones]", "40", 40, None),
    ("12 x [T-72]", "12", 12, 12),
    ("Two U.S. Air Force [F-35s]", "Two", 2, 2),
    ("one [tank]", "one", 1, 1),
    ("12 [F-16] fighter jets", "12", 12, 12),
    ("two [aircraft]", "two", 2, 2),
]
NO_COUNTS = [
    "in 2024 [F-16s] came",
    "on June 12 [drones] flew",
    "a T-72 and [drones]",
    "the [tanks]",
    "155 mm [howitzers]",
    "Sentinel-2 [satellites]",
    "Block 70 [F-16s]",
    "two [drone] attacks",
    "two [HIMARS] strikes",
    "$5 [drones]",
    "two batteries of [Patriot missiles]",
    "It lost 3. [Drones] flew",
    "5.56mm [rifles]",
    "the 4th [tanks]",
]


def read(marked: str) -> Quantity | None:
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    return quantity_of(text, start, end, generic=text[start].islower())


@pytest.mark.parametrize(("marked", "phrase", "low", "high"), COUNTS)
def test_counts(marked: str, phrase: str, low: int | None, high: int | None) -> None:
    found = read(marked)
    assert found is not None
    assert (found.text, found.low, found.high) == (phrase, low, high)
    assert marked.replace("[", "")[found.start : found.end] == phrase


@pytest.mark.parametrize("marked", NO_COUNTS)
def test_no_counts(marked: str) -> None:
    assert read(marked) is None


def test_record_says_value_or_range() -> None:
    assert as_record(Quantity(3, 3, "three", 0, 5)) == {"value": 3, "text": "three", "start": 0, "end": 5}
    assert as_record(Quantity(20, None, "at least 20", 0, 11)) == {
        "low": 20,
        "text": "at least 20",
        "start": 0,
        "end": 11,
    }


def test_entity_lists_the_counts_and_adds_none_up() -> None:
    def tank(document: str, value: int) -> Mention:
        quantity = Quantity(value, value, str(value), 0, len(str(value)))
        return Mention(document, 5, 9, "T-72", Kind.EQUIPMENT, family="T-72", quantity=quantity)

    [entity] = merge([tank("b.txt", 3), tank("a.txt", 12)])
    assert entity.attributes["quantities"] == [
        {"value": 12, "text": "12", "start": 0, "end": 2, "document": "a.txt"},
        {"value": 3, "text": "3", "start": 0, "end": 1, "document": "b.txt"},
    ]


@given(st.text(alphabet="0123456789,. -–+xaof twodzenusr", max_size=200))
def test_any_text_can_be_read(before: str) -> None:
    text = f"{before}tanks"
    found = quantity_of(text, len(before), len(text), generic=True)
    if found is not None:
        assert text[found.start : found.end] == found.text
        assert found.low is None or found.high is None or found.low <= found.high


def test_time_does_not_depend_on_the_length_of_the_text() -> None:
    text = "two hundred and " * 20_000 + "tanks"
    start = time.process_time()
    quantity_of(text, len(text) - 5, len(text), generic=True)
    assert time.process_time() - start < 0.1


def test_lists_are_sorted() -> None:
    data = tomllib.loads(files("entityscan").joinpath("data/quantities.toml").read_text("utf-8"))
    for name, words in [*data.items(), *data["bounds"].items()]:
        assert list(words) == sorted(set(words)), name
