"""Pure string functions on names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan import names


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("the United Nations", "united nations"),
        ("U.N.", "un"),
        ("U.S.A.", "usa"),
        ("St. Petersburg", "st petersburg"),
        ("Erdoğan’s", "erdogan"),
        ("Houthis'", "houthis"),
        ("Organization of Armored Forces", "organisation of armoured forces"),
        ("Rolls–Royce", "rolls royce"),
        ("R&D Centre", "r and d centre"),
        ("The", "the"),
        ("習近平", "習近平"),
    ],
)
def test_name_key(text: str, key: str) -> None:
    assert names.name_key(text) == key


@given(st.text())
def test_name_key_of_a_key_is_the_key(text: str) -> None:
    key = names.name_key(text)
    assert names.name_key(key.upper()) == names.name_key(key.lower())


@pytest.mark.parametrize("text", ["NATO", "U.S.", "DoD", "IS", "R&AW", "UNSCs"])
def test_is_acronym(text: str) -> None:
    assert names.is_acronym(text)


@pytest.mark.parametrize("text", ["Nato", "X", "F-16", "Ukraine", "us", "", "NATO summit", "CONSTANTINOPLE"])
def test_is_no_acronym(text: str) -> None:
    assert not names.is_acronym(text)


@pytest.mark.parametrize(
    ("acronym", "name"),
    [
        ("ISW", "Institute for the Study of War"),
        ("OSCE", "Organization for Security and Co-operation in Europe"),
        ("BAE", "British Aerospace Enterprise"),
        ("UNSCs", "United Nations Security Councils"),
        ("CENTCOM", "Central Command"),
        ("U.N.", "United Nations"),
        ("DoD", "Department of Defense"),
        ("YPG", "Yellow Party of Greenland"),
    ],
)
def test_stands_for(acronym: str, name: str) -> None:
    assert names.stands_for(acronym, name)


@pytest.mark.parametrize(
    ("acronym", "name"),
    [
        ("UN", "Union"),
        ("EU", "United Nations"),
        ("IMF", "International Fund"),
        ("NSA", "National Security Advisory Agency Board"),
        ("CIA", "Central Agency"),
    ],
)
def test_does_not_stand_for(acronym: str, name: str) -> None:
    assert not names.stands_for(acronym, name)


@pytest.mark.parametrize(
    ("text", "parts", "suffix"),
    [
        ("Ludwig van der Berg", ("ludwig", "berg"), ""),
        ("van der Berg", ("berg",), ""),
        ("Omar al-Khatib", ("omar", "khatib"), ""),
        ("Salim bin Rashid", ("salim", "rashid"), ""),
        ("Abu Bakr al-Khatib", ("abubakr", "khatib"), ""),
        ("Abdel Rahman Nour", ("abdrahman", "nour"), ""),
        ("J.R. Hartley, Jr.", ("j", "r", "hartley"), "jr"),
        ("Henry Ford III", ("henry", "ford"), "iii"),
        ("Park Min-seo", ("park", "min", "seo"), ""),
        ("Salah Ed-Din Nour", ("salaheddin", "nour"), ""),
        ("Ed Nour", ("ed", "nour"), ""),
        ("U Saw Ba Maung", ("ba", "maung"), ""),
        ("Amir Nour Sahib", ("amir", "nour"), ""),
    ],
)
def test_person_name(text: str, parts: tuple[str, ...], suffix: str) -> None:
    assert names.person_name(text) == names.PersonName(parts, suffix)


@pytest.mark.parametrize(
    "spellings",
    [
        ("belinsky", "belinskyy", "belinskiy", "belinskii", "belinski"),
        ("sergei", "sergey", "sergej"),
        ("khalid", "halid"),
        ("yevgeny", "evgeny"),
        ("alexei", "aleksei", "alexey"),
        ("tsarev", "tzarev"),
    ],
)
def test_transliterations_share_a_spelling_key(spellings: tuple[str, ...]) -> None:
    assert len({names.spelling_key(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    "pair", [("petrov", "petrenko"), ("li", "lu"), ("hassan", "hussein"), ("kim", "kam")]
)
def test_other_names_have_another_spelling_key(pair: tuple[str, str]) -> None:
    assert names.spelling_key(pair[0]) != names.spelling_key(pair[1])


def test_designation_key() -> None:
    assert {names.designation_key(text) for text in ("F-16", "F16s", "f 16", "F‑16")} == {"f16"}
    assert names.designation_key("T-72B3s") == names.designation_key("T-72B3")
    assert names.designation_key("Su-30") != names.designation_key("Su-35")
