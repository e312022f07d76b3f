"""Comparing results, and reading them back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from entityscan.diffing import Change, as_json, diff
from entityscan.errors import InputError
from entityscan.loading import load
from entityscan.records import Alias, DocumentInfo, Entity, Kind, Mention, Quantity, Result
from entityscan.writing import WRITERS, WriteOptions

DOCUMENTS = (DocumentInfo("a", "a.txt", "1" * 64, 99), DocumentInfo("b", "b.txt", "2" * 64, 99))


def entity(key: str, name: str, *places: tuple[str, int], kind: Kind = Kind.PERSON) -> Entity:
    mentions = tuple(Mention(document, start, start + 4, "Name", kind) for document, start in places)
    documents = len({document for document, _ in places})
    return Entity(f"{kind}:{key}", kind, name, (Alias("Name", len(places)),), mentions, documents)


def result(*entities: Entity, documents: tuple[DocumentInfo, ...] = DOCUMENTS) -> Result:
    return Result(entities, documents)


def changes(old: Result, new: Result) -> list[tuple[str, list[str], list[str]]]:
    return [
        (item.change.value, [e.name for e in item.old], [e.name for e in item.new])
        for item in diff(old, new).differences
    ]


BASE = result(entity("1", "Anna", ("a", 0), ("a", 9)), entity("2", "Bert", ("b", 0)))


def test_a_result_is_the_same_as_itself_in_another_folder() -> None:
    moved = result(*BASE.entities, documents=tuple(replace(info, path="x/" + info.id) for info in DOCUMENTS))
    assert diff(BASE, moved).same


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (result(*BASE.entities, entity("3", "Carl", ("b", 50))), [("new", [], ["Carl"])]),
        (result(BASE.entities[0]), [("gone", ["Bert"], [])]),
        (
            result(entity("1", "Anna", ("a", 0), ("a", 9), ("b", 0))),
            [("merged", ["Anna", "Bert"], ["Anna"])],
        ),
        (
            result(entity("1", "Anna", ("a", 0)), entity("9", "Anne", ("a", 9)), BASE.entities[1]),
            [("split", ["Anna"], ["Anna", "Anne"])],
        ),
        (
            result(entity("7", "Anna Alm", ("a", 0), ("a", 9)), BASE.entities[1]),
            [("renamed", ["Anna"], ["Anna Alm"])],
        ),
        (
            result(entity("1", "Anna", ("a", 0), ("a", 9), kind=Kind.PLACE), BASE.entities[1]),
            [("relabelled", ["Anna"], ["Anna"])],
        ),
        (
            result(entity("1", "Anna", ("a", 0), ("a", 9), ("b", 50)), BASE.entities[1]),
            [("grown", ["Anna"], ["Anna"])],
        ),
        (result(entity("1", "Anna", ("a", 0)), BASE.entities[1]), [("shrunk", ["Anna"], ["Anna"])]),
    ],
)
def test_each_change_is_told(new: Result, expected: list[tuple[str, list[str], list[str]]]) -> None:
    assert changes(BASE, new) == expected


def test_entities_of_new_articles_are_known_by_id() -> None:
    documents = (DocumentInfo("c", "c.txt", "3" * 64, 99),)
    later = result(entity("1", "Anna", ("c", 0), ("c", 9), ("c", 20)), documents=documents)
    comparison = diff(BASE, later)
    assert [(item.change, item.shown.name) for item in comparison.differences] == [
        (Change.GONE, "Bert"),
        (Change.GROWN, "Anna"),
    ]
    assert (comparison.added, comparison.removed) == (("c",), ("a", "b"))


PLACES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), min_size=1, max_size=12, unique=True)


@given(PLACES, st.lists(st.integers(0, 3), min_size=12, max_size=12), st.integers(0, 3))
def test_what_is_new_one_way_is_gone_the_other_way(
    places: list[tuple[str, int]], owners: list[int], left_out: int
) -> None:
    groups = {owner: [p for p, o in zip(places, owners, strict=False) if o == owner] for owner in owners}
    entities = [entity(str(key), str(key), *found) for key, found in groups.items() if found]
    old, new = result(*entities), result(*(e for e in entities if e.name != str(left_out)))
    forth, back = as_json(diff(old, new))["counts"], as_json(diff(new, old))["counts"]
    pairs = [("new", "gone"), ("merged", "split"), ("grown", "shrunk"), ("renamed", "renamed")]
    assert [(forth[a], forth[b]) for a, b in pairs] == [(back[b], back[a]) for a, b in pairs]
    assert diff(old, old).same


def saved(path: Path, what: Result) -> Path:
    path.write_bytes(b"".join(WRITERS["json"](what, WriteOptions())))
    return path


def test_load_gives_back_what_was_written(tmp_path: Path) -> None:
    assert load(saved(tmp_path / "r.json", BASE)) == BASE


@pytest.mark.parametrize(("low", "high"), [(3, 3), (20, None), (None, 9), (24, 99)])
def test_load_gives_back_counts(tmp_path: Path, low: int | None, high: int | None) -> None:
    quantity = Quantity(low, high, "so many", 0, 7)
    tanks = entity("t", "tank", ("a", 8), kind=Kind.EQUIPMENT)
    counted = replace(tanks, mentions=(replace(tanks.mentions[0], quantity=quantity),))
    [loaded] = load(saved(tmp_path / "r.json", result(counted))).entities
    assert loaded.mentions[0].quantity == quantity


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a saved result"),
        ('{"schema": "entityscan/2"}', "not a saved result"),
        ('{"schema": "entityscan/1", "entities": []}', "a broken result (KeyError: 'mentions')"),
        (
            '{"schema": "entityscan/1", "entities": [{"id": "x"}], "documents": [], "mentions": []}',
            "a broken result",
        ),
    ],
)
def test_load_says_what_is_wrong(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "r.json").write_text(content)
    with pytest.raises(InputError, match=r"r\.json: ") as raised:
        load(tmp_path / "r.json")
    assert message in str(raised.value)


def test_diff_has_the_exit_codes_of_diff(entityscan: Run, tmp_path: Path) -> None:
    saved(tmp_path / "old.json", BASE)
    saved(tmp_path / "new.json", result(BASE.entities[0]))
    same = entityscan("diff", "old.json", "old.json")
    assert (same.returncode, same.stdout, same.stderr) == (0, b"", b"")
    other = entityscan("diff", "old.json", "new.json")
    assert other.returncode == 1
    assert [line.split() for line in other.stdout.decode().splitlines() if "Bert" in line] == [
        ["gone", "person", "Bert", "1", "→", "0"]
    ]
    assert entityscan("diff", "-q", "old.json", "new.json").stdout == b""
    missing = entityscan("diff", "old.json", "missing.json")
    assert (missing.returncode, missing.stderr) == (
        2,
        b"entityscan: missing.json: no such file or directory\n",
    )


def test_diff_writes_json(entityscan: Run, tmp_path: Path) -> None:
    saved(tmp_path / "old.json", BASE)
    saved(tmp_path / "new.json", result(BASE.entities[0]))
    told = json.loads(entityscan("diff", "--json", "old.json", "new.json").stdout)
    assert (told["schema"], told["same"], told["counts"]["gone"]) == ("entityscan-diff/1", False, 1)
    assert told["changes"] == [
        {
            "change": "gone",
            "old": [{"id": "person:2", "kind": "person", "name": "Bert", "mentions": 1, "documents": 1}],
            "new": [],
        }
    ]
