"""Work grows with the input, not with its square: counted, never timed. ``bench/growth.py`` has the times."""

import cProfile
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from entityscan import annotation, rules, sentences, surroundings, tagging, verdicts
from entityscan.merging import across, merge, short_names, steps
from entityscan.records import Kind, Mention, Receipt
from entityscan.rules import Form

LETTERS = "abcdefghiklmnoprstuv"


class Counted:
    """Counts the calls of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        self.calls += 1
        return self.function(*args, **options)


def word(number: int) -> str:
    return "".join(LETTERS[number // 20**place % 20] for place in range(4)).capitalize()


def mentions(texts: list[str], *, apart: bool = False, kind: Kind = Kind.PERSON) -> list[Mention]:
    return [Mention(str(n) if apart else "a", 50 * n, 50 * n + len(t), t, kind) for n, t in enumerate(texts)]


@pytest.mark.parametrize("size", [10, steps.LARGEST_BLOCK, steps.LARGEST_BLOCK + 1, 2000])
def test_a_block_of_names_is_compared_in_linear_work(size: int) -> None:
    pairs = list(steps.pairs_of(range(size)))
    assert len(pairs) == len(set(pairs)) <= size * steps.LARGEST_BLOCK
    if size <= steps.LARGEST_BLOCK + 1:
        assert len(pairs) == size * (size - 1) // 2


@pytest.mark.parametrize("apart", [False, True])
def test_twice_as_many_names_of_one_key_are_about_twice_the_comparisons(
    monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    rule = "reason_across" if apart else "reason"
    counts = []
    for size in (300, 600, 1200):
        with monkeypatch.context() as patch:
            for module, limit in ((steps, "LARGEST_BLOCK"), (across, "LARGEST_BLOCK"), (across, "_NEAR")):
                patch.setattr(module, limit, 10)
            asked = Counted(getattr(rules, rule))
            patch.setattr(rules, rule, asked)
            merge(mentions([f"{word(n)} Smith" for n in range(size)], apart=apart))
            counts.append(asked.calls)
    assert counts[2] <= 2.5 * counts[1]  # not four times; the other keys' blocks are still filling up
    assert counts[1] <= 2.5 * counts[0]


@pytest.mark.parametrize("size", [steps.LARGEST_BLOCK, 1000, 2000])
def test_persons_of_one_sound_are_compared_with_the_next_by_sound(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    asked = Counted(rules.reason_across)
    monkeypatch.setattr(rules, "reason_across", asked)
    forms = [Form(str(n), 0, f"{name} Smith", Kind.PERSON) for n, name in enumerate(of_one_sound(size))]
    assert len(across.blocks(forms)) == 1
    list(across.spelling_links(across.blocks(forms).values()))
    assert asked.calls <= size * (size - 1) // 2 if size <= steps.LARGEST_BLOCK else size * across._NEAR


def test_persons_of_one_surname_are_asked_about_when_they_share_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted(rules.reason)
    monkeypatch.setattr(rules, "reason", asked)
    names = [f"{word(97 * n)} Smith" for n in range(1000)]
    merge(mentions([*names, "J. Smith", "John Smith", "Bill Smith", "William Smith"]))
    assert 0 < asked.calls <= 10 * 1000


def of_one_sound(number: int) -> list[str]:
    """Different given names with the same consonants."""
    return [
        "".join(f"{'aeiou'[n // 5**place % 5]}l" for place in range(5)).capitalize() for n in range(number)
    ]


def test_many_spellings_of_one_family_are_asked_for_vetoes_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted(rules.veto)
    monkeypatch.setattr(rules, "veto", asked)
    forms = [Form("a", n, f"T-72 {word(n)}", Kind.EQUIPMENT, family="T-72") for n in range(1000)]
    links = [steps.Link("same family", left, right) for left, right in pairwise(forms)]
    assert len(steps.group(forms, links, rules.veto)) == 1
    assert asked.calls <= 1000


def test_one_name_100_000_times_is_one_form_and_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted(rules.veto)
    monkeypatch.setattr(rules, "veto", asked)
    [entity] = merge(mentions(["Donald Tusk"] * 100_000))
    assert (len(entity.mentions), asked.calls) == (100_000, 0)


def test_a_surname_of_two_owners_looks_at_their_mentions_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted(short_names.name_key)
    monkeypatch.setattr(short_names, "name_key", asked)
    merge(mentions(["John Smith", "Jane Smith"] * 1000 + ["Smith"] * 2000))
    assert asked.calls <= 2 * 4000


def test_groups_move_the_smaller_side() -> None:
    forms = [Form("a", n, f"X{n}", Kind.PERSON) for n in range(512)]
    moved = 0

    class Members(dict[Form, list[Form]]):
        def __setitem__(self, key: Form, value: list[Form]) -> None:
            nonlocal moved
            moved += 1
            super().__setitem__(key, value)

    groups = steps.Groups(forms, lambda *_: False)
    groups._members = Members(groups._members)
    for form in forms[1:]:
        groups.join(steps.Link("same name", form, forms[0], certain=True))
    assert moved == 511
    assert len(groups.of(forms[0])) == 512


def test_no_mention_carries_more_than_the_longest_sentence() -> None:
    """So that output stays as long as the number of mentions, also of a text without full stops."""
    text = "Donald Tusk " * 20_000
    starts = sentences.sentence_starts(text)
    sizes = {
        end - start
        for start, end in (sentences.sentence_at(text, starts, n) for n in range(0, len(text), 997))
    }
    assert max(sizes) <= sentences.LONGEST


def test_the_pipeline_never_sees_more_than_a_window() -> None:
    for text in ("x" * 300_000, "x " * 150_000, "\n" * 300_000, "a.\n" * 100_000):
        found = list(tagging.windows(text))
        assert max(end - start for start, end in found) <= tagging._WINDOW
        assert len(found) <= 2 * len(text) / tagging._WINDOW + 1


def test_white_space_is_read_once() -> None:
    """Half a million blanks: what read on from each of them needed minutes, and is no line break."""
    blanks = "Tusk" + " " * 500_000 + "spoke"
    assert sentences._BREAK.search(blanks) is None
    assert sentences._BREAK.pattern[0] != "\\"  # what begins with white space is tried at every blank
    assert sentences.sentence_starts("Tusk \n  spoke \r\n\t today") == [0, 8, 18]


def test_sentences_inside_mentions_are_found_in_one_pass() -> None:
    class Places(list[Mention]):
        asked = 0

        def __getitem__(self, index: Any) -> Any:
            Places.asked += 1
            return super().__getitem__(index)

    found = Places(mentions(["Donald Tusk"] * 2000))
    inside = {place for m in found for place in range(m.start + 1, m.end)}
    places = list(range(0, 100_000, 7))
    assert list(annotation._outside(places, found)) == [place for place in places if place not in inside]
    assert Places.asked <= 20_000


def test_verdicts_are_compared_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counted(verdicts.reading._opposed)
    monkeypatch.setattr(verdicts.reading, "_opposed", asked)
    text = "".join(
        f'[[drop]]\nname = "{word(n)}"\n[[same]]\nnames = ["{word(n + 9)} A", "Z"]\n' for n in range(1000)
    )
    assert len(verdicts.parse(text, "v.toml")) == 2000
    assert asked.calls <= 4 * 2000


def test_a_verdict_looks_only_at_the_rows_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = merge(mentions([f"{word(n)} Street" for n in range(1000)], kind=Kind.PLACE, apart=True))
    text = "".join(f'[[rename]]\nname = "{word(n)} Street"\nto = "{word(n)} Square"\n' for n in range(1000))
    asked = Counted(verdicts.applying.means)
    monkeypatch.setattr(verdicts.applying, "means", asked)
    assert verdicts.apply(verdicts.parse(text, "v.toml"), rows).unmatched == []
    assert asked.calls <= 2 * 1000


def test_many_verdicts_on_one_row_make_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = merge(mentions([f"{word(n)} Street" for n in range(1000)], kind=Kind.PLACE, apart=True))
    names = [f"{word(n)} Street" for n in range(1000)]
    text = "".join(f'[[same]]\nnames = ["{names[0]}", "{name}"]\n' for name in names[1:])
    made = Counted(verdicts.applying.make_row)
    monkeypatch.setattr(verdicts.applying, "make_row", made)
    [row] = verdicts.apply(verdicts.parse(text, "v.toml"), rows).entities
    assert (made.calls, len(row.aliases), len(row.why)) == (1, 1000, 999)


def test_receipts_are_followed_once() -> None:
    """A chain of receipts is as many steps as it is long, and each step looks at its own two."""

    class Counting(str):
        looked_at = 0

        def __hash__(self) -> int:
            Counting.looked_at += 1
            return super().__hash__()

    names = [Counting(word(n)) for n in range(1000)]
    chain = [Receipt("same name", one, two, "a", 0, 1) for one, two in pairwise(names)]
    assert set(verdicts.applying._spread({names[0]: 0}, chain).values()) == {0}
    assert Counting.looked_at <= 20 * 1000


def test_news_in_brief_with_other_matters_takes_work_with_its_length() -> None:
    match = "Norway beat Wales 2-1 in a soccer match, and the striker scored twice before the whistle.\n"
    matter = f"In Oslo the minister said that {'the budget was late and ' * 6}that was all.\n"
    counts = []
    for size in (50, 100, 200):
        text = f"{match}{matter}{matter}" * size
        found = [
            Mention("a", at, at + len(name), name, Kind.PLACE)
            for line in range(size)
            for name, place in (("Norway", 0), ("Wales", 12), ("Oslo", len(match) + 3))
            for at in [line * (len(match) + 2 * len(matter)) + place]
        ]
        profile = cProfile.Profile()
        told = profile.runcall(surroundings.with_settings, text, found)
        assert [mention.kind for mention in told[:3]] == [Kind.ORGANISATION, Kind.ORGANISATION, Kind.PLACE]
        counts.append(sum(entry.callcount for entry in profile.getstats()))
    assert counts[2] <= 2.2 * counts[1] <= 2.2**2 * counts[0]
