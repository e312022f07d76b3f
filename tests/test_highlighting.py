"""Reading an article with its mentions marked."""

from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from entityscan.highlighting import highlight
from entityscan.records import Kind, Mention

TEXT = "Donald Tusk spoke in Warsaw.\n\nTusk left.\n"


@pytest.fixture
def article(tmp_path: Path) -> str:
    (tmp_path / "one.txt").write_text(TEXT)
    return "one.txt"


def test_a_pipe_gets_brackets(entityscan: Run, article: str, rules_model: str) -> None:
    done = entityscan("highlight", article, "-m", rules_model)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == (
        "[Donald Tusk: person] spoke in [Warsaw: place].\n\n[Tusk: person] left.\n"
    )


def test_color_can_be_had_in_a_pipe(entityscan: Run, article: str, rules_model: str) -> None:
    done = entityscan("highlight", article, "-m", rules_model, "--color", "always", "-k", "place")
    assert done.stdout.decode() == TEXT.replace("Warsaw", "\x1b[4;32mWarsaw\x1b[0m")


def test_several_articles_have_their_names(
    entityscan: Run, article: str, rules_model: str, tmp_path: Path
) -> None:
    (tmp_path / "two.txt").write_text("NATO met.\n")
    done = entityscan("highlight", article, "two.txt", "-m", rules_model, "-k", "organisation")
    assert done.stdout.decode().endswith("== two.txt ==\n[NATO: organisation] met.\n\n")


def test_control_characters_are_made_harmless() -> None:
    mention = Mention("a", 5, 12, "B\x1b]0;xC", Kind.PLACE)
    shown = highlight("A\x1b[2J B\x1b]0;xC\u202e", [mention], color=False)
    assert not {"\x1b", "\u202e"} & set(shown)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=6))
def test_every_letter_stays_whatever_overlaps(spans: list[tuple[int, int]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyzABCD"
    mentions = [Mention("a", a, a + n, text[a : a + n], Kind.PERSON) for a, n in spans]
    shown = highlight(text, mentions, color=False)
    assert shown.replace("[", "").replace(": person]", "") == text
