"""Rules and vetoes: their documentation, symmetry and the parts of organisation and place names."""

import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan import rules
from entityscan.names import person_name
from entityscan.records import Kind
from entityscan.rules import Form
from entityscan.spellings import may_agree, pair_keys, same_but_left_out, same_but_turned, same_spelt

TEXTS = {
    Kind.PERSON: [
        "John Smith",
        "Jane Smith",
        "J. Smith",
        "Smith",
        "Jon Smith Jr.",
        "Bill Harper",
        "William Harper",
    ],
    Kind.PLACE: ["US", "America", "Kursk", "Kursk region", "Kursk Oblast", "7 Hills", "8 Hills"],
    Kind.ORGANISATION: [
        "Russian Navy",
        "Navy of Russia",
        "Indian Navy",
        "7th Fleet",
        "Seventh Fleet",
        "NATO",
        "EU",
    ],
    Kind.EQUIPMENT: ["T-72", "T-72s", "T-90", "tanks"],
}


def form(text: str, kind: Kind = Kind.PERSON) -> Form:
    return Form("a", 0, text, kind, generic=text == "tanks")


@pytest.mark.parametrize(
    "rule", [*rules.RULES, *rules.SHORT_RULES, *rules.VETOES], ids=lambda rule: rule.name
)
def test_rules_are_documented(rule: rules.Rule) -> None:
    assert rule.test.__doc__
    assert rule.test.__doc__.splitlines()[0].endswith(".")


def test_names_of_rules_are_unique() -> None:
    for group in (rules.RULES, rules.SHORT_RULES, rules.VETOES):
        assert len({rule.name for rule in group}) == len(group)


@given(st.data())
def test_rules_and_vetoes_are_symmetric(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(Kind)))
    left, right = (form(data.draw(st.sampled_from(TEXTS[kind])), kind) for _ in range(2))
    assert rules.reason(left, right) == rules.reason(right, left)
    assert rules.veto(left, right) == rules.veto(right, left)


@given(st.data())
def test_joined_names_share_a_key(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(list(Kind)))
    left, right = (form(data.draw(st.sampled_from(TEXTS[kind])), kind) for _ in range(2))
    if rules.reason(left, right) or rules.short_reason(left, right):
        assert set(rules.keys(left)) & set(rules.keys(right))


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_keeps_a_name_from_itself(kind: Kind) -> None:
    for text in TEXTS[kind]:
        assert rules.reason(form(text, kind), form(text, kind))
        assert not rules.veto(form(text, kind), form(text, kind))


@pytest.mark.parametrize(
    "names",
    [
        (
            "Russian Defence Ministry",
            "Ministry of Defense of Russia",
            "Ministry of Defence of the Russian Federation",
        ),
        ("General Staff of Ukraine's Armed Forces", "General Staff of the Armed Forces of Ukraine"),
        (
            "Latvian Interior Ministry",
            "Ministry of the Interior of Latvia",
            "Ministry of Internal Affairs of Latvia",
        ),
        ("Seventh Fleet", "7th Fleet"),
        ("Meridian Shipping", "Meridian Shipping Co. Ltd."),
        ("South Korean Navy", "Navy of South Korea", "Republic of Korea Navy"),
    ],
)
def test_one_organisation_in_other_words(names: tuple[str, ...]) -> None:
    assert len({rules.organisation_name(name).key for name in names}) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Russian Defence Ministry", "Russian Foreign Ministry"),
        ("Bank of England", "Bank of Japan"),
        ("Chinese Communist Party", "Communist Party of Vietnam"),
        ("People's Party", "People's Democratic Party"),
    ],
)
def test_two_organisations(left: str, right: str) -> None:
    assert rules.organisation_name(left).key != rules.organisation_name(right).key


@pytest.mark.parametrize(
    "text", ["Navy", "the Defence Ministry", "Ministry of Defense", "Armed Forces", "Parliament"]
)
def test_bare_institutions(text: str) -> None:
    assert rules.is_bare_institution(text)


@pytest.mark.parametrize("text", ["Indian Navy", "NATO", "Royal Navy", "Meridian Shipping"])
def test_institutions_with_a_name_of_their_own(text: str) -> None:
    assert not rules.is_bare_institution(text)


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        ("Mohammed Hadi", "Muhammad Hadi", "spelling"),
        ("Donald J. Keane", "Donald Keane", "middle name"),
        ("Peter Hansen", "Peter Hanson", ""),
        ("J. Smith", "John Smith", ""),
        ("Ahmed Hassan", "Ahmed Hussein", ""),
        ("Vladimir Kovalenko", "Volodymyr Kovalenko", ""),
    ],
)
def test_what_joins_persons_across_articles(left: str, right: str, name: str) -> None:
    assert rules.reason_across(form(left), form(right)) == name


def test_full_names_that_a_rule_joins_share_enough_to_be_asked_about() -> None:
    texts = "Ann Marie Lee|A. Lee|A. M. Lee|Bill Harper|William Harper|W. Harper|Sergei Lavrov|Sergey Lavrov|Orban Viktor"
    texts += "|Viktor Orban|Tayyip Erdogan|Recep Tayyip Erdogan|Nicolas Maduro|Nicolas Maduro Moros|Pak Bong Nam|Pong Nam Park"
    cases = tomllib.loads(Path(__file__).with_name("merge_cases.toml").read_text("utf-8"))["case"]
    persons = [case[side] for case in cases if case["kind"] == "person" for side in ("left", "right")]
    forms = [form(text) for text in dict.fromkeys([*texts.split("|"), *persons])]
    joined = [pair for pair in combinations(forms, 2) if rules.reason(*pair)]
    assert len(joined) > 30
    assert [(one.text, two.text) for one, two in joined if not rules.share_enough(one, two)] == []
    keys = {one.text: rules.meeting_keys(one) for one in forms}
    both = [(keys[one.text], keys[two.text]) for one, two in joined]
    assert sum(one is not None and two is not None for one, two in both) > 10
    assert not any(one is not None and two is not None and one.isdisjoint(two) for one, two in both)


def test_names_that_are_spellings_of_one_may_agree_and_share_a_key() -> None:
    first = "sergei sergey yuri iurii abdulrahman rahman mohammed ahmed halina galina siraj sirajuddin ivan vovk".split()
    surnames = "vasilkovskaya vasylkovska ivanov ivanovich ivanovych zelensky zelenskyy hussein alhussein lee".split()
    names = [person_name(f"{one} {two}") for one in first for two in surnames]
    same = [
        (one, two)
        for one, two in combinations(names, 2)
        if same_spelt(one, two) or same_but_turned(one, two) or same_but_left_out(one, two)
    ]
    assert len(same) > 50
    for one, two in same:
        assert may_agree(one.parts, two.parts)
        ours, theirs = pair_keys(one.parts), pair_keys(two.parts)
        assert ours is None or theirs is None or not ours.isdisjoint(theirs)
    assert not may_agree(("ann", "smith"), ("anita", "smith"))
