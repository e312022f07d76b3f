"""Where places are: judged by hand, in sentences written for it."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from entityscan import geography
from entityscan.errors import DataError
from entityscan.geography import cities, country_points, locate
from entityscan.knowledge import load_countries
from entityscan.merging import merge
from entityscan.names import name_key
from entityscan.records import Entity, Kind, Mention

with (Path(__file__).parent / "geography_cases.csv").open(encoding="utf-8") as _stream:
    CASES = [tuple(row.values()) for row in csv.DictReader(_stream)]


def located(sentence: str, *names: str, document: str = "d") -> dict[str, Entity]:
    """Locate places of one sentence; by the text of their first mention."""
    mentions = [
        Mention(document, at, at + len(name), name, Kind.PLACE, sentence=sentence)
        for name in names
        for at in [sentence.index(name)]
    ]
    return {entity.mentions[0].text: entity for entity in locate(merge(mentions))}


def country(place: str, others: str, sentence: str) -> str:
    """Give the country of a place that has a point on the map, else nothing."""
    names = [place, *(others.split(" | ") if others else ())]
    attributes = located(sentence, *names)[place].attributes
    return attributes["country"] if "latitude" in attributes else ""


def test_points_of_ambiguous_places_are_right() -> None:
    told = Counter()
    wrong = []
    for place, others, sentence, expected in CASES:
        found = country(place, others, sentence)
        told["right" if found == expected else "left out" if not found else "wrong"] += 1
        if found and found != expected:
            wrong.append((place, sentence, found))
    assert wrong == []
    assert len(CASES) == 200
    assert told["right"] >= 188, told


@pytest.mark.parametrize(
    ("place", "sentence", "latitude", "longitude"),
    [
        ("Kyiv", "Kyiv was dark.", 50.45, 30.52),
        ("Sudzha", "Sudzha, Russia, fell.", 51.2, 35.3),
        ("Taiwan", "Taiwan rearms.", 23.7, 121),
    ],
)
def test_points_are_where_the_place_is(place: str, sentence: str, latitude: float, longitude: float) -> None:
    attributes = located(sentence, place)[place].attributes
    assert attributes["latitude"] == pytest.approx(latitude, abs=0.5)
    assert attributes["longitude"] == pytest.approx(longitude, abs=0.5)


def test_regions_and_waters_are_no_points() -> None:
    for place in ("Black Sea", "Donbas", "Crimea"):
        assert "latitude" not in located(f"They saw {place}.", place)[place].attributes


def test_a_place_beside_texas_once_does_not_move_the_others() -> None:
    one = Mention("a", 0, 5, "Paris", Kind.PLACE, sentence="Paris, Texas, burned.")
    two = Mention("b", 0, 5, "Paris", Kind.PLACE, sentence="Paris is in shock.")
    [entity] = locate(merge([one, two]))
    assert entity.attributes["country"] == "FR"


def test_locate_changes_only_attributes_and_is_stable() -> None:
    mentions = [
        Mention("d", at, at + len(name), name, kind, sentence="x")
        for at, name, kind in [
            (0, "Kyiv", Kind.PLACE),
            (9, "Anna Lee", Kind.PERSON),
            (30, "Homs", Kind.PLACE),
        ]
    ]
    before = merge(mentions)
    after = locate(before)
    assert [replace(e, attributes={}) for e in after] == [replace(e, attributes={}) for e in before]
    assert locate(after) == after


def test_the_table_is_in_order() -> None:
    assert set(country_points()) == {known.country for known in load_countries()}
    rows = list(geography._rows("cities.csv"))
    found = [geography._city(row) for row in rows]
    assert len(found) > 34_000
    assert all(abs(city.latitude) <= 90 and abs(city.longitude) <= 180 for city in found)
    assert all(len(city.country) == 2 and city.country.isupper() for city in found)
    assert all((row[1] or row[0].lower()) == name_key(row[0]) for row in rows)
    assert all(name_key(key) == key for row in rows for key in row[2].split(" | "))
    assert [city.name.casefold() for city in found] == sorted(city.name.casefold() for city in found)


def test_cities_of_a_name() -> None:
    assert {city.country for city in cities("Valencia")} >= {"ES", "VE", "US"}
    assert [(city.name, city.country) for city in cities("Kharkov")] == [("Kharkiv", "UA")]
    assert cities("Zorgonville") == ()
    with pytest.raises(DataError, match=r"cities\.csv: Broken"):
        geography._city(["Broken", "", "", "XX", "", "many", "0", "0"])


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("Northern Mali", "ML"),
        ("Eastern Ukraine", "UA"),
        ("South-Eastern Turkey", "TR"),
        ("West Africa", None),
        ("West Jordan", None),
    ],
)
def test_a_part_of_a_country_lies_in_it_and_is_no_point(part: str, expected: str | None) -> None:
    found = located(f"Fighting went on in {part}.", part)[part].attributes
    assert (found.get("country"), "latitude" in found) == (expected, False)
