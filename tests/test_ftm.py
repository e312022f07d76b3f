"""FollowTheMoney: objects that its own model accepts."""

import json
from typing import Any

import pytest

from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Result
from entityscan.writing import WriteOptions, write_ftm


def entity(number: int, name: str, kind: Kind, *forms: str, **attributes: Any) -> Entity:
    texts = (name, *forms)
    mentions = tuple(
        Mention("ab"[i % 2], 50 * number, 50 * number + 9, text, kind) for i, text in enumerate(texts)
    )
    aliases = tuple(Alias(text, 1) for text in texts)
    return Entity(f"{kind}:{number:016x}", kind, name, aliases, mentions, 2, attributes=attributes)


RESULT = Result(
    (
        entity(1, "Donald Tusk", Kind.PERSON, "Tusk", titles=["Prime Minister"]),
        entity(2, "Kyiv", Kind.PLACE, "Kiev", country="UA", latitude=50.45, longitude=30.52),
        entity(3, "Pristina", Kind.PLACE, country="XK"),
        entity(4, "NATO", Kind.ORGANISATION, "North Atlantic Treaty Organization", acronym="NATO"),
        entity(
            5,
            "USS Carney",
            Kind.EQUIPMENT,
            **{"class": "Arleigh Burke class", "category": "destroyer", "origin": "US"},
        ),
        entity(6, "F-16", Kind.EQUIPMENT, "F-16C", category="fighter_aircraft", origin="US"),
        entity(7, "drones", Kind.EQUIPMENT, category="uav", generic=True),
        entity(8, "Odd \ud800 name\n", Kind.PERSON),
    ),
    (
        DocumentInfo("a", "a.txt", "a" * 64, 40, "Title", "2024-08-26"),
        DocumentInfo("b", "feed.jsonl", "b" * 64, 40),
    ),
)


def rows(result: Result = RESULT) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(write_ftm(result, WriteOptions())).splitlines()]


def test_objects_hold_what_is_known() -> None:
    first, second, tusk, named, *_ = rows()
    assert first == {
        "id": f"article-{'a' * 40}",
        "schema": "Article",
        "properties": {"title": ["Title"], "fileName": ["a.txt"], "publishedAt": ["2024-08-26"]},
    }
    assert second["properties"] == {"fileName": ["feed.jsonl"]}
    assert tusk == {
        "id": "person-0000000000000001",
        "schema": "Person",
        "properties": {"name": ["Donald Tusk"], "weakAlias": ["Tusk"], "title": ["Prime Minister"]},
    }
    assert named["properties"] == {
        "document": [first["id"]],
        "name": ["Donald Tusk"],
        "detectedSchema": ["Person"],
        "resolved": [tusk["id"]],
    }


def test_kinds_have_their_schemata_and_common_nouns_none() -> None:
    found = [
        (row["schema"], row["properties"].get("name"))
        for row in rows()
        if row["schema"] not in {"Mention", "Article"}
    ]
    assert found == [
        ("Person", ["Donald Tusk"]),
        ("Address", ["Kyiv"]),
        ("Address", ["Pristina"]),
        ("Organization", ["NATO"]),
        ("Vessel", ["USS Carney"]),
        ("Asset", ["F-16"]),
        ("Person", ["Odd ? name"]),
    ]


def test_ids_do_not_depend_on_what_is_scanned_beside() -> None:
    alone = rows(Result(RESULT.entities[1:2], RESULT.documents))
    together = {row["id"]: row for row in rows()}
    assert all(together[row["id"]] == row for row in alone)
    assert len(together) == len(rows())


def test_the_model_takes_every_value_as_it_is() -> None:
    ftm = pytest.importorskip("followthemoney", reason="followthemoney is not installed")
    made = rows()
    schemata = {row["id"]: ftm.model.get(row["schema"]) for row in made}
    for row in made:
        proxy = ftm.model.get_proxy(row, cleaned=False)
        proxy.schema.validate(row)
        kept = {key: sorted(values) for key, values in proxy.to_dict()["properties"].items()}
        assert kept == {key: sorted(values) for key, values in row["properties"].items()}
        for name, values in row["properties"].items():
            wanted = proxy.schema.get(name)
            if wanted.range is not None:
                assert all(schemata[value].is_a(wanted.range) for value in values)
        assert ftm.types.registry.entity.validate(row["id"])
