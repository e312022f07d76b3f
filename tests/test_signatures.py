"""Copies of a report are found whatever the order, and other texts are none."""

import random

from entityscan.signatures import copies, signature

WORDS = [f"word{number}" for number in range(500)]


def article(seed: int, length: int = 200) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def signed(texts: dict[str, list[str]]) -> list[tuple[str, bytes]]:
    found = ((name, signature(" ".join(words))) for name, words in sorted(texts.items()))
    return [(name, value) for name, value in found if value is not None]


def test_copies_finds_wire_copies_and_nothing_else() -> None:
    wire = article(0)
    texts = {f"other{seed}": article(seed) for seed in range(1, 40)}
    texts |= {"b wire": wire, "c headline": ["new", "headline", *wire], "a cut": wire[:160]}
    assert copies(signed(texts)) == {"a cut": "a cut", "b wire": "a cut", "c headline": "a cut"}


def test_copies_do_not_depend_on_how_many_bands_are_sorted_at_a_time(monkeypatch) -> None:
    wires = [article(seed) for seed in range(5)]
    texts = {f"{at:02}": [*wires[at % 5], f"end{at}"] for at in range(20)}
    texts |= {f"other{seed}": article(seed) for seed in range(9, 40)}
    found = copies(signed(texts))
    assert len(found) == 20
    for part in (1, 7, 51):
        monkeypatch.setattr("entityscan.signatures._PART", part)
        assert copies(signed(texts)) == found


def test_signature_ignores_case_and_punctuation_and_short_texts() -> None:
    words = article(5)
    assert signature(" ".join(words)) == signature(", ".join(words).upper() + "!")
    assert len(signature(" ".join(words)) or b"") == 512
    assert signature("too short to compare") is None
    assert copies([]) == {}


def test_signature_does_not_depend_on_the_pieces_in_which_a_long_text_is_read(monkeypatch) -> None:
    text = " ".join(article(6, 300))
    whole = signature(text)
    for piece in (20, 37, 299, 300, 301):
        monkeypatch.setattr("entityscan.signatures._PIECE", piece)
        assert signature(text) == whole


def test_signatures_stay_the_same_from_release_to_release() -> None:
    known = signature(" ".join(WORDS[:40]))
    assert known is not None
    assert known[:8].hex() == "cc4cc4c06dc26fc1"
