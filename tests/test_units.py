"""Military units: what their names say, and one row for one unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.merging import merge
from entityscan.records import Kind, Mention
from entityscan.units import unit_of


@pytest.mark.parametrize(
    ("name", "echelon", "number", "branch"),
    [
        ("47th Mechanized Brigade", "brigade", "47", "mechanised"),
        ("155th Guards Naval Infantry Brigade", "brigade", "155", "guards infantry naval"),
        ("VMFA-121", "squadron", "121", "attack fighter marine"),
        ("Fifth Fleet", "fleet", "5", ""),
        ("Black Sea Fleet", "fleet", "", "black sea"),
        ("XVIII Airborne Corps", "corps", "18", "airborne"),
        ("Twenty-First Army", "army", "21", ""),
        ("Carrier Air Wing (CVW) 5", "wing", "5", "air carrier"),
        ("Task Force 59", "task force", "59", ""),
        ("1st Battalion, 23rd Marines", "battalion", "1", "23rd marines"),
        ("31st Marine Expeditionary Unit", "expeditionary unit", "31", "marine"),
    ],
)
def test_what_the_name_of_a_unit_says(name: str, echelon: str, number: str, branch: str) -> None:
    unit = unit_of(name)
    assert unit is not None
    assert (unit.echelon, unit.number, " ".join(sorted(unit.branch))) == (echelon, number, branch)


@pytest.mark.parametrize(
    "name",
    [
        "Ford Motor Company",
        "Marine Corps",
        "Mercy Corps",
        "Wagner Group",
        "Right Wing",
        "Fleet",
        "Azov",
        "Boeing",
    ],
)
def test_what_is_no_unit(name: str) -> None:
    assert unit_of(name) is None


@given(st.text(max_size=40))
def test_any_name_can_be_asked_for(name: str) -> None:
    unit = unit_of(name)
    assert unit is None or unit.number == "" or unit.number.isdigit()


def test_a_unit_is_one_row_with_its_echelon_and_number() -> None:
    names = ["47th Mechanized Brigade", "47th Brigade", "47th Regiment", "48th Brigade"]
    rows = merge(
        Mention("a.txt", 100 * at, 100 * at + len(name), name, Kind.ORGANISATION)
        for at, name in enumerate(names)
    )
    assert {row.name: row.attributes["unit"] for row in rows} == {
        "47th Mechanized Brigade": {"echelon": "brigade", "number": "47"},
        "47th Regiment": {"echelon": "regiment", "number": "47"},
        "48th Brigade": {"echelon": "brigade", "number": "48"},
    }
    [receipt] = rows[0].why
    assert (receipt.rule, receipt.left, receipt.right) == (
        "short unit name",
        "47th Brigade",
        "47th Mechanized Brigade",
    )
