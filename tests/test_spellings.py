"""When two persons' names are one name in two spellings."""

import pytest

from entityscan.names import person_name
from entityscan.spellings import (
    is_telling,
    person_blocks,
    same_but_left_out,
    same_but_middle,
    same_but_turned,
    same_spelt,
)

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
    ("Hamid Reza Sorkhabi", "Hamidreza Sorkhabi"),
    ("Aleh Ryhoravich Harbachou", "Oleg Grigorievich Gorbachov"),
    ("Kim Young Chul", "Kim Yong Chol"),
    ("Choe Hyok", "Choi Hyuk"),
    ("Cabdulle Xasan Cali", "Abdullah Hassan Ali"),
    ("Faysal al-Bughari", "Faisal Boughari"),
    ("Mansour Jowkari", "Mansoor Jokari"),
    ("Mohsen Fathi Zadeh", "Mohsen Fathizadeh"),
    ("Alyona Dmitrievna Zhdanovskaya", "Alena Dzmitryeuna Zhdanouskaya"),
    ("Abdul Haq", "Abdul Haqq"),
    ("Salah al-Din Zaher", "Salahuddin Zaher"),
    ("Siraj Mazlumi", "Sirajuddin Mazlumi"),
    ("Galina Vasilkovskaya", "Halina Vasilkovskaya"),
    ("Pak Bong Nam", "Pong Nam Park"),
    ("Peter Gatlek Dual", "Peter Gatlyk Dual"),
    ("Tariq Mazlumi Dabbagh", "Tariq Dabbagh Mazlumi"),
    ("Jean Ntabara", "Jean Tabara"),
    ("Tariq Salman Mazlumi", "Tariq Sulayman Mazlumi"),
    ("Marija Vasilkovec", "Mariya Vasilkovets"),
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
    ("Ayman Nuri Ibrahim Hassan al-Dulaimi", "Yasser Nuri Ibrahim Hassan al-Dulaimi"),
    ("Chen Dong", "Chen Tong"),
    ("Anna Braun", "Anna Brown"),
    ("Abu Ammar", "Abu Omar"),
    ("Nasir Ahmed", "Nasiruddin Ahmed"),
    ("Vladimir Kuznetsov", "Volodymyr Kuznetsov"),
    ("Chen Dong Hua", "Chen Tong Hua"),
    ("Peter Hansen Dual", "Petra Hansen Dual"),
    ("Hassan Nuri Mazlumi", "Hussein Nuri Mazlumi"),
    ("Ahmed Hassan Ali", "Ahmed Hussein Ali"),
    ("Ahmed Mohammed Ali", "Ahmed Ali Mohammed"),
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


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Tariq Mazlumi", "Tariq Mazlumi Dabbagh", True),
        ("Mazlumi Dabbagh", "Tariq Mazlumi Dabbagh", True),
        ("Tariq Ahmed", "Tariq Ahmed Dabbagh", False),
        ("Kim Yong", "Kim Yong Chol", False),
        ("Peter Marsh", "Peter Marsh Jones", False),
        ("Nicolás Mareda", "Nicolás Mareda Brocas", True),
        ("Pedro Joaquín", "Pedro Joaquín Brocas", False),
    ],
)
def test_words_left_out(left: str, right: str, same: bool) -> None:
    assert same_but_left_out(person_name(left), person_name(right)) is same


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("Sorkhabi Hamid Reza", "Hamid Reza Sorkhabi", True),
        ("Belinskyi Ivan", "Ivan Belinsky", True),
        ("Ahmed Hassan", "Hassan Ahmed", False),
    ],
)
def test_order_tells_across_articles_when_the_words_do(left: str, right: str, same: bool) -> None:
    one, two = person_name(left), person_name(right)
    assert (same_but_turned(one, two) and is_telling(one, two)) is same


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_name_has_a_block_in_common(left: str, right: str) -> None:
    assert set(person_blocks(person_name(left))) & set(person_blocks(person_name(right)))
