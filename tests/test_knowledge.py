"""The knowledge files: read fast, sorted, without clashes, and at the promised size."""

import csv
import subprocess
import sys
from collections import Counter
from importlib.resources import files

import pytest

from entityscan import knowledge
from entityscan.errors import DataError
from entityscan.knowledge import Known
from entityscan.names import name_key
from entityscan.records import Kind
from entityscan.rules import known

DATA = files("entityscan") / "data"


def rows(file: str) -> list[list[str]]:
    with (DATA / file).open(encoding="utf-8") as stream:
        return list(csv.reader(stream))


AMBIGUOUS_PLACES = {"georgia", "la"}
LOADERS = {
    "places": knowledge.load_places,
    "organisations": knowledge.load_organisations,
    "people": knowledge.load_people,
}


@pytest.mark.parametrize(
    ("load", "least"),
    [(knowledge.load_countries, 190), (knowledge.load_places, 1000), (knowledge.load_organisations, 1400)],
)
def test_sizes(load: object, least: int) -> None:
    assert len(load()) >= least  # type: ignore[operator]


def test_people_are_many_and_some_are_known_by_one_name() -> None:
    assert len(knowledge.load_people()) >= 800
    assert len(knowledge.famous()) >= 450


@pytest.mark.parametrize("name", LOADERS)
def test_names_are_unique(name: str) -> None:
    assert Counter(record.name for record in LOADERS[name]()).most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    "file", ["places.csv", "organisations.csv", "people.csv", "given_names.csv", "countries.csv"]
)
def test_files_are_sorted(file: str) -> None:
    firsts = [row[0] for row in rows(file)[1:]]
    assert firsts == sorted(firsts, key=lambda text: (text.casefold(), text))


@pytest.mark.parametrize("file", ["places.csv", "organisations.csv", "people.csv", "countries.csv"])
def test_cells_are_clean(file: str) -> None:
    for row in rows(file):
        for cell in row:
            parts = cell.split(" | ")
            assert parts == [part.strip() for part in parts]
            assert cell == "" or all(parts)
            assert len(parts) == len(set(parts))


def test_every_spelling_of_a_place_has_one_owner() -> None:
    clashes = {key for key, owners in knowledge.places().items() if len(owners) > 1}
    assert clashes <= AMBIGUOUS_PLACES


def test_spellings_of_organisations_with_two_owners_are_short() -> None:
    """Two owners are for acronyms, where the country of the article decides, and for what nothing decides."""
    clashes = {key: owners for key, owners in knowledge.organisations().items() if len(owners) > 1}
    for key, owners in clashes.items():
        assert len(key) <= 4 or key in {"peoples democratic party", "times"}
        assert len({owner.country for owner in owners}) > 1


@pytest.mark.parametrize(
    ("kind", "load"),
    [(Kind.PLACE, knowledge.load_places), (Kind.ORGANISATION, knowledge.load_organisations)],
)
def test_every_name_is_known_under_itself(kind: Kind, load: object) -> None:
    for record in load():  # type: ignore[operator]
        assert record in known(kind, record.name), record.name


def test_countries_have_codes_and_places_use_them() -> None:
    codes = {record.country for record in knowledge.load_countries()} | {"FK", "IO"}
    for record in (*knowledge.load_places(), *knowledge.load_organisations()):
        assert record.country in codes | {""}, record.name


def test_bare_names_belong_to_one_person() -> None:
    assert all(len(owners) == 1 for owners in knowledge.famous().values())


def test_seats_and_armed_wings_stand_for_themselves() -> None:
    for name in ("Pentagon", "Kremlin", "White House", "Hamas", "Izz ad-Din al-Qassam Brigades"):
        [record] = knowledge.organisations()[name_key(name)]
        assert record.name == name


def test_adjectives_name_the_country() -> None:
    adjectives = knowledge.adjectives()
    assert adjectives["russian"] == adjectives["russia"] == adjectives["russian federation"] == "RU"
    assert adjectives["south korean"] == "KR"
    assert "korean" not in adjectives


def test_given_names() -> None:
    names = knowledge.given_names()
    assert names["mohamed"].group == names["muhammad"].group
    assert names["jane"].gender == "f"
    assert "william" in names["bill"].long_forms
    assert names["vladimir"].group != names["volodymyr"].group


def test_a_broken_file_is_named_with_its_line(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    folder = tmp_path / "data"  # type: ignore[operator]
    folder.mkdir()
    (folder / "people.csv").write_text("name,names,bare,gender\nA,B\n", encoding="utf-8")
    monkeypatch.setattr(knowledge, "files", lambda _: tmp_path)
    knowledge.load_people.cache_clear()
    with pytest.raises(DataError, match=r"people\.csv:2"):
        knowledge.load_people()
    knowledge.load_people.cache_clear()


def test_loading_is_quick() -> None:
    code = (
        "import time; from entityscan import knowledge as k; t = time.process_time();"
        "k.places(); k.organisations(); k.people(); k.famous(); k.adjectives(); k.given_names(); k.word_roles();"
        "print(time.process_time() - t)"
    )
    seconds = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(3)
    )
    assert seconds < 0.5


def test_spellings_begin_with_the_name() -> None:
    record = Known("Long Name", ("Other",), acronym="LN")
    assert record.spellings == ("Long Name", "Other", "LN")


def test_an_abbreviation_is_the_place_that_is_written_so() -> None:
    assert [known(Kind.PLACE, text)[0].name for text in ("La.", "L.A.", "Wash.")] == [
        "Louisiana",
        "Los Angeles",
        "Washington State",
    ]
