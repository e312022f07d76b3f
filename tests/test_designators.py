"""The designation grammar: tables of spellings first, then properties and hostile input."""

import csv
import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entityscan.designators import FIELDS, Atoms, Gap, fold, keys_of, load_rules, parse
from entityscan.gazetteer import load_categories

READ = [
    # spelling, family, variant, category, origin
    ("T-72", "T-72", "", "tank", "RU"),
    ("T-72B3M", "T-72", "T-72B3M", "tank", "RU"),
    ("Т-72", "T-72", "", "tank", "RU"),  # Cyrillic Т
    ("T‑72s", "T-72", "", "tank", "RU"),  # non-breaking hyphen
    ("T–90M", "T-90", "T-90M", "tank", "RU"),  # en dash
    ("BTR-82A", "BTR-82", "BTR-82A", "apc", "RU"),
    ("ZSU-23-4", "ZSU-23-4", "", "air_defence", "RU"),
    ("TOS-1A", "TOS-1", "TOS-1A", "mlrs", "RU"),
    ("Su-75", "Su-75", "", "fighter", "RU"),
    ("SU-34", "Su-34", "", "fighter", "RU"),
    ("Su-25SMs", "Su-25", "Su-25SM", "fighter", "RU"),
    ("Sukhoi-30MKI", "Su-30", "Su-30MKI", "fighter", "RU"),
    ("Mig-21", "MiG-21", "", "fighter", "RU"),
    ("MiG-29K/KUB", "MiG-29", "MiG-29K/KUB", "fighter", "RU"),
    ("Mi-8AMTSh", "Mi-8", "Mi-8AMTSh", "helicopter", "RU"),
    ("Il-76MD-90A", "Il-76", "Il-76MD-90A", "transport_aircraft", "RU"),
    ("Tu-95MS", "Tu-95", "Tu-95MS", "bomber", "RU"),
    ("9K720", "9K720", "", "missile", "RU"),
    ("2S19M2", "2S19", "2S19M2", "artillery", "RU"),
    ("1L219", "1L219", "", "radar", "RU"),
    ("S-300PMU-2", "S-300", "S-300PMU-2", "air_defence", "RU"),
    ("SS-N-27", "SS-N-27", "", "cruise_missile", "RU"),
    ("SA-11", "SA-11", "", "air_defence", "RU"),
    ("F/A-18E/F", "F/A-18", "F/A-18E/F", "fighter", "US"),
    ("F/A-18 E/F", "F/A-18", "F/A-18E/F", "fighter", "US"),
    ("F-16CM", "F-16", "F-16CM", "fighter", "US"),
    ("RC-135V/W", "RC-135", "RC-135V/W", "reconnaissance_aircraft", "US"),
    ("MQ-9", "MQ-9", "", "uav", "US"),
    ("AGM-158B", "AGM-158", "AGM-158B", "air_to_surface_missile", "US"),
    ("GBU-39/B", "GBU-39", "GBU-39/B", "bomb", "US"),
    ("AN/TPY-2", "AN/TPY-2", "", "radar", "US"),
    ("AN/ALQ-99", "AN/ALQ-99", "", "jammer", "US"),
    ("AN/ZPY-5", "AN/ZPY-5", "", "radar", "US"),  # a set that the table has by its middle letter
    ("AN/VLQ-12", "AN/VLQ-12", "", "jammer", "US"),
    ("14Ts033", "14Ts033", "", "radar", "RU"),
    ("15Zh67", "15Zh67", "", "ballistic_missile", "RU"),
    ("M777A2", "M777", "M777A2", "", "US"),
    ("DF-21D", "DF-21", "DF-21D", "ballistic_missile", "CN"),
    ("Dongfeng-17", "DF-17", "", "ballistic_missile", "CN"),
    ("JF-17C", "JF-17", "JF-17C", "fighter", "PK"),
    ("PCL-181", "PCL-181", "", "artillery", "CN"),
    ("Project 636.3", "Project 636.3", "", "warship", "RU"),
    ("Type 052D", "Type 052", "Type 052D", "", ""),
    ("Hwasong-19", "Hwasong-19", "", "ballistic_missile", "KP"),
    ("Shahed-238", "Shahed-238", "", "loitering_munition", "IR"),
]

REFUSED = [
    "t-72",  # lower case: for the catalogue to judge
    "QF-16",  # the letters belong together
    "F-16,000",
    "B-2.5",
    "C-130x",
    "An 26",  # an article and a number
    "Il 76",
    "COVID-19",
    "SHA-256",
    "UTF-8",
    "T-",
    "T-72abc",
    "5G",
    "4K",
    "3D",
]


@pytest.mark.parametrize(("spelling", "family", "variant", "category", "origin"), READ)
def test_parse_reads(spelling: str, family: str, variant: str, category: str, origin: str) -> None:
    found = parse(Atoms(spelling), 0)
    assert found is not None
    assert found.stop == len(Atoms(spelling))
    assert (found.family, found.variant, found.category, found.origin) == (family, variant, category, origin)


@pytest.mark.parametrize("spelling", REFUSED)
def test_parse_refuses(spelling: str) -> None:
    atoms = Atoms(spelling)
    assert [found for index in range(len(atoms)) if (found := parse(atoms, index))] == []


@pytest.mark.parametrize(
    ("spelling", "alone"), [("T-72", True), ("AIM-120", True), ("F-1", False), ("M25", False)]
)
def test_parse_tells_what_may_stand_alone(spelling: str, alone: bool) -> None:
    found = parse(Atoms(spelling), 0)
    assert found is not None
    assert found.alone is alone


def test_every_example_of_the_table_is_read() -> None:
    text = files("entityscan").joinpath("data/designators.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        found = parse(Atoms(row["example"]), 0)
        assert found is not None, row["example"]


def test_table_keeps_its_schema() -> None:
    text = files("entityscan").joinpath("data/designators.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))
    assert tuple(rows[0]) == FIELDS
    names = [(row[0].casefold(), row[2], row[3]) for row in rows[1:]]
    assert names == sorted(names)
    known = {*load_categories(), ""}
    assert {rule.category for rules in load_rules().values() for rule in rules} <= known


def test_fold_joins_what_is_written_alike() -> None:
    assert fold("Т") == fold("T") == "t"
    assert fold("Çakır") == "cakir"
    assert keys_of("F/A-18") == ("f", "/", "a", "18")


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("F16", Gap.NONE),
        ("F-16", Gap.DASH),
        ("F−16", Gap.DASH),
        ("F 16", Gap.SPACE),
        ("F\u00a016", Gap.SPACE),
        ("F\n16", Gap.BREAK),
        ("F - 16", Gap.BREAK),
    ],
)
def test_gap_between_atoms(text: str, gap: Gap) -> None:
    assert Atoms(text).gap(0) is gap


@given(st.text())
def test_atoms_are_slices_of_the_text(text: str) -> None:
    atoms = Atoms(text)
    for word, start, end in zip(atoms.words, atoms.starts, atoms.ends, strict=True):
        assert text[start:end] == word
    assert atoms.starts == sorted(atoms.starts)


@given(st.text(alphabet="TSuF/AN-72BMs9K .,", max_size=60))
def test_designations_stay_inside_the_text(text: str) -> None:
    atoms = Atoms(text)
    for index in range(len(atoms)):
        found = parse(atoms, index)
        if found is not None:
            assert index == found.first < found.stop <= len(atoms)


@pytest.mark.parametrize(
    "unit", ["T-72", "F/A-", "AN/", "S-300/", "A", "1", "M1A1A1", "SS-N-", "-", "T-72B3M "]
)
def test_parse_looks_a_bounded_number_of_atoms_ahead(unit: str) -> None:
    atoms = Atoms(unit * 20_000)
    start = time.perf_counter()
    for index in range(len(atoms)):
        parse(atoms, index)
    assert time.perf_counter() - start < 10
