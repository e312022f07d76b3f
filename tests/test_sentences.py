"""Sentences: what is shown around a mention."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.sentences import LONGEST, sentence_at, sentence_starts


def bounds(text: str) -> list[tuple[int, int]]:
    starts = sentence_starts(text)
    return list(pairwise([*starts, len(text)]))


def split(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in bounds(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Gen. Milley met J. Smith on Aug. 6. He left.", ["Gen. Milley met J. Smith on Aug. 6.", "He left."]),
        ("“We won.” Then U.S. Army units left.", ["“We won.”", "Then U.S. Army units left."]),
        ("HEADLINE\nThe story", ["HEADLINE", "The story"]),
        ("At 3.5 km it fell. It was a Su-34.", ["At 3.5 km it fell.", "It was a Su-34."]),
    ],
)
def test_sentence_starts(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_sentence_at_trims_white_space() -> None:
    text = "One.  \n  Two."
    assert [text[slice(*sentence_at(text, sentence_starts(text), at))] for at in (0, 9)] == ["One.", "Two."]


@given(st.text(alphabet="aB. \n!”", max_size=60) | st.integers(1, 3 * LONGEST).map("x".__mul__))
def test_sentences_cover_the_text_and_are_bounded(text: str) -> None:
    starts = sentence_starts(text)
    assert starts == sorted(set(starts))
    assert (starts[0] == 0) if text else (starts == [])
    assert all(end - start <= LONGEST for start, end in bounds(text))
