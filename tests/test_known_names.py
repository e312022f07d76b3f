"""Names that need no recogniser: datelines, and known names of several words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.datelines import dateline_names
from entityscan.known_names import known_names, unit_names
from entityscan.records import Kind

STORY = "Officials in the capital said so on Monday."


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (f"KYIV, Ukraine, Sept 12 (Reuters) - {STORY}", {"KYIV": "place", "Reuters": "organisation"}),
        (f"THE HAGUE (Meridian Press) — {STORY}", {"THE HAGUE": "place", "Meridian Press": "organisation"}),
        (f"BAMAKO/ALGIERS — {STORY}", {"BAMAKO": "place", "ALGIERS": "place"}),
        (f"NAHA — {STORY}", {"NAHA": "place"}),
        (f"Warsaw, 3 May (Northern Wire) - {STORY}", {"Northern Wire": "organisation"}),
        (f"Port Moresby CNN — {STORY}", {"Port Moresby": "place", "CNN": "organisation"}),
        (f"BREAKING — {STORY}", {}),
        (f"ABOARD THE USS WASP (AP) — {STORY}", {}),
        ("TANKS, GUNS — AND MONEY", {}),
        (f"He fired the F-16 - {STORY}", {}),
        (f"The minister (in office since May) — {STORY}", {}),
    ],
)
def test_datelines(line: str, names: dict[str, str]) -> None:
    text = f"A headline\n\n{line}\nMore text.\n"
    found = {text[start:end]: kind.value for start, end, kind in dateline_names(text)}
    if "ABOARD" in line:
        assert "place" not in found.values()
    else:
        assert found == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "troops of the United Nations Interim Force in Lebanon left",
            ["United Nations Interim Force in Lebanon"],
        ),
        ("the People’s Liberation Army said", ["People’s Liberation Army"]),
        ("in the Middle East", ["Middle East"]),
        ("the white house on the hill", []),
        ("apples from New Zealand", ["New Zealand"]),
        ("New Zealand First won", []),
    ],
)
def test_known_names(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end, _ in known_names(text)] == names


def test_a_known_name_has_its_kind() -> None:
    assert {kind for *_, kind in known_names("Donald Tusk")} == {Kind.PERSON}


@given(st.text(alphabet="AB ab,-—()/\n.’é", max_size=200))
def test_any_text_gives_ranges_in_order(text: str) -> None:
    for found in (list(dateline_names(text)), list(known_names(text))):
        assert all(0 <= start < end <= len(text) for start, end, _ in found)
        assert found == sorted(found)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "the USS Dwight D. Eisenhower Carrier Strike Group sailed",
            ["USS Dwight D. Eisenhower Carrier Strike Group"],
        ),
        ("Carrier Strike Group 12 sailed", []),
        (
            "The Wasp Amphibious Ready Group/Marine Expeditionary Unit sailed",
            ["Wasp Amphibious Ready Group/Marine Expeditionary Unit"],
        ),
        ("a strike group sailed", []),
        ("VMFA-121 and the CTF 150 left", ["VMFA-121", "CTF 150"]),
        ("The Combined Task Force (CTF) 151 left", ["Combined Task Force (CTF) 151"]),
        ("Destroyer Squadron (DESRON) 21 and 3 others", ["Destroyer Squadron (DESRON) 21"]),
    ],
)
def test_units_by_their_form(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end, _ in unit_names(text)] == names
