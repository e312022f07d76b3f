"""Spans: a recogniser's guess is trimmed to the name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.records import Kind
from entityscan.spans import Name, trim

PER, LOC, ORG, EQU = Kind.PERSON, Kind.PLACE, Kind.ORGANISATION, Kind.EQUIPMENT

# text, the guess in it, kind, the name, the title
CASES = [
    (
        "the US Department of Defense said",
        "the US Department of Defense",
        ORG,
        "US Department of Defense",
        "",
    ),
    ("Polish Prime Minister Donald Tusk's plan", "Donald Tusk's", PER, "Donald Tusk", "Prime Minister"),
    (
        "Polish Prime Minister Donald Tusk’s plan",
        "Prime Minister Donald Tusk’s",
        PER,
        "Donald Tusk",
        "Prime Minister",
    ),
    (
        "Lithuanian Minister of Defense Laurynas Kasciunas",
        "Laurynas Kasciunas",
        PER,
        "Laurynas Kasciunas",
        "Minister of Defense",
    ),
    ("then secretary of state Ann Lee", "Ann Lee", PER, "Ann Lee", "then secretary of state"),
    ("of Lt. Gen. Kyrylo Budanov", "Lt. Gen. Kyrylo Budanov", PER, "Kyrylo Budanov", "Lt. Gen."),
    ("the party of former president Ann Lee", "Ann Lee", PER, "Ann Lee", "former president"),
    ("asked the secretary-general. Ann Lee left", "Ann Lee", PER, "Ann Lee", ""),
    ("asked the mayor. Ann Lee left", "Ann Lee", PER, "Ann Lee", ""),
    ("men under Captain Anil Mulla", "Anil Mulla", PER, "Anil Mulla", "Captain"),
    ("Under Secretary Ann Lee", "Ann Lee", PER, "Ann Lee", "Under Secretary"),
    ("President Xi left", "President Xi", PER, "Xi", "President"),
    ("President left", "President", PER, None, ""),
    ("Mr Smith left", "Mr Smith", PER, "Smith", "Mr"),
    ("Ann Lee\nLONDON", "Ann Lee\nLONDON", PER, "Ann Lee", ""),
    ("“Kursk,” he said", "“Kursk,”", LOC, "Kursk", ""),
    ("the U.S.'s policy", "U.S.'s", LOC, "U.S.", ""),
    ("J. Smith Jr. left", "J. Smith Jr.", PER, "J. Smith Jr.", ""),
    ("Eric Chu (朱立倫) said", "Eric Chu (朱立倫", PER, "Eric Chu", ""),
    ("Bank (Ireland) said", "Bank (Ireland)", ORG, "Bank (Ireland)", ""),
    ("at 2024 prices", "2024", ORG, None, ""),
    ("the house", "house", LOC, None, ""),
    ("習近平 said", "習近平", PER, "習近平", ""),
    ("the tanks", "the tanks", EQU, "tanks", ""),
    ("Washington, President of France", "France", LOC, "France", ""),
]


@pytest.mark.parametrize(("text", "guess", "kind", "name", "title"), CASES)
def test_trim_gives_the_name(text: str, guess: str, kind: Kind, name: str | None, title: str) -> None:
    start = text.index(guess)
    found = trim(text, start, start + len(guess), kind)
    if name is None:
        assert found is None
    else:
        assert found is not None
        assert (text[found.start : found.end], found.title) == (name, title)


@given(st.text(alphabet="aA. ’'s(习)\nthe-MrPresident", max_size=30), st.sampled_from(list(Kind)), st.data())
def test_trim_stays_inside_the_guess_and_is_stable(text: str, kind: Kind, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = trim(text, start, end, kind)
    if found is not None:
        assert start <= found.start < found.end <= end
        assert "\n" not in text[found.start : found.end]
        assert not text[found.start : found.end].startswith(" ")


@pytest.mark.parametrize(
    ("text", "name", "kind", "found"),
    [
        ("born in Ames, Iowa, moved to Reno, Nev., later", "Nev", Kind.PLACE, "Nev."),
        ("a plant near Boise, Ida. and Helena, Mont.", "Mont", Kind.PLACE, "Mont."),
        (
            "Halvorsen Dynamics Co. said so",
            "Halvorsen Dynamics Co",
            Kind.ORGANISATION,
            "Halvorsen Dynamics Co.",
        ),
        ("sold to Halvorsen Dynamics Co. The price", "Halvorsen Dynamics Co", Kind.ORGANISATION, None),
        ("He likes La. Then he left", "La", Kind.PERSON, None),
        ("Ray Tobin Jr. spoke", "Ray Tobin Jr", Kind.PERSON, "Ray Tobin Jr."),
    ],
)
def test_an_abbreviation_keeps_its_full_stop(text: str, name: str, kind: Kind, found: str | None) -> None:
    start = text.index(name)
    trimmed = trim(text, start, start + len(name), kind)
    assert trimmed is not None
    assert text[trimmed.start : trimmed.end] == (found or name)


def test_letters_behind_a_persons_name_are_cut() -> None:
    text = "Alison Morgan KC, MP spoke"
    assert trim(text, 0, 20, Kind.PERSON) == Name(0, 13, "")
    assert trim("KC spoke", 0, 2, Kind.ORGANISATION) == Name(0, 2, "")


@pytest.mark.parametrize(
    ("text", "surface", "kind", "expected"),
    [
        ("Moody's cut it.", "Moody", Kind.ORGANISATION, "Moody's"),
        ("Moody’s cut it.", "Moody’s", Kind.ORGANISATION, "Moody’s"),
        ("St John's is dry.", "St John's", Kind.PLACE, "St John's"),
        ("Poland's army", "Poland's", Kind.PLACE, "Poland"),
        ("Lloyd's wife", "Lloyd", Kind.PERSON, "Lloyd"),
    ],
)
def test_an_s_behind_an_apostrophe_belongs_to_names_that_have_it(
    text: str, surface: str, kind: Kind, expected: str
) -> None:
    name = trim(text, 0, len(surface), kind)
    assert name is not None
    assert text[name.start : name.end] == expected


def test_a_text_without_capitals_has_names_without_capitals() -> None:
    assert trim("near kyiv", 5, 9, Kind.PLACE) is None
    assert trim("near kyiv", 5, 9, Kind.PLACE, lower=True) == (Name(5, 9))
