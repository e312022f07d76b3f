"""When two persons' names are one name in two spellings."""

import pytest

from entityscan.names import person_name
from entityscan.spellings import person_block, same_but_middle, same_spelt

SAME = [
    ("Ivan Belinsky", "Ivan Belinskyi"),
    ("Aleksey Vorontsov", "Alexei Vorontsov"),
    ("Fyodor Yermolin", "Fedor Ermolin"),
    ("Mustafa Qadiri", "Mostafa Kadiri"),
    ("Karim Naser", "Kareem Nasr"),
    ("Abdul Latif Zaher", "Abdullatif Zaher"),
    ("Siarhei Mikalaevich Lukashou", "Sergei Nikolaevich Lukashov"),
    ("Uladzimir Ivanavich Lukin", "Vladimir Ivanovich Lukin"),
    ("Park Min-seo", "Park Minseo"),
]
OTHER = [
    ("Peter Hansen", "Peter Hanson"),
    ("Karl Müller", "Karl Möller"),
    ("Ahmed Hassan", "Ahmed Hussein"),
    ("Mahmoud Zaher", "Mohammed Zaher"),
    ("Vladimir Lukin", "Volodymyr Lukin"),
    ("Kim Yong Chol", "Kim Yong Chun"),
    ("Li Wei", "Li Wu"),
    ("Salim Karam", "Salim Karim"),
    ("Ivan Petrov", "Ivan Petrenko"),
    ("Omar Khan Jr.", "Omar Khan"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_name(left: str, right: str) -> None:
    one, two = person_name(left), person_name(right)
    assert same_spelt(one, two)
    assert same_spelt(two, one)


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_two_names(left: str, right: str) -> None:
    one, two = person_name(left), person_name(right)
    assert not same_spelt(one, two)
    assert not same_spelt(two, one)
    assert not same_but_middle(one, two)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Donald J. Keane", "Donald Keane", True),
        ("Maria Anna Berg", "Maria A. Berg", True),
        ("George W. Marsh", "George H. Marsh", False),
        ("Maria Anna Berg", "Maria Eva Berg", False),
        ("Maria Berg", "Berg", False),
    ],
)
def test_middle_names(left: str, right: str, same: bool) -> None:
    assert same_but_middle(person_name(left), person_name(right)) is same


@pytest.mark.parametrize(("left", "right"), SAME[:-1])
def test_one_name_has_one_block(left: str, right: str) -> None:
    assert person_block(person_name(left)) == person_block(person_name(right))
