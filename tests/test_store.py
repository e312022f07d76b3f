"""The scan file: what goes in comes out, and what is no scan file is refused."""

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entityscan.errors import InputError
from entityscan.merging import merge
from entityscan.records import Document, Entity, Kind, Mention, Quantity, Skipped, Source
from entityscan.store import SCHEMA_VERSION, Store

FULL = Mention(
    "a",
    3,
    8,
    "T-72s",
    Kind.EQUIPMENT,
    Source.CATALOGUE,
    0.625,
    "20 T-72s left.",
    "title",
    "tank",
    "T-72",
    "T-72B3",
    "RU",
    True,
    1,
    "brackets",
    setting="country RU",
    quantity=Quantity(20, None, "20", 0, 2),
    ship_class="Slava class",
)
PLAIN = Mention("a", 20, 24, "Oslo", Kind.PLACE)


SCHEMAS = {2: "d0fbfb17bb202483", 3: "2cbc695ab71a2d91"}
"""Hash of the schema of each version, without comments; a new schema is a new version, and a new line here."""


def filled(store: Store, *articles: tuple[Document, list[Mention]]) -> None:
    store.begin("f1", {"model": "m"})
    for number, (document, mentions) in enumerate(articles):
        text_id = store.register(document, f"sha{number}")
        assert text_id is not None
        store.add(text_id, mentions, windows=1, dropped={"demonym": 2})
    store.commit()


def keep(store: Store, entities: Iterable[Entity]) -> None:
    text_ids = {mention.document: number for number, _, own in store.articles() for mention in own}
    with store.remaking():
        for entity in entities:
            for mention in entity.mentions:
                store.place(entity.id, text_ids[mention.document], [mention], {})
            store.put(entity, len(entity.mentions))
        store.settle()


def test_every_field_of_a_mention_comes_back() -> None:
    assert all(getattr(FULL, field.name) != field.default for field in fields(Mention))
    with Store() as store:
        filled(store, (Document("a", "x"), [FULL, PLAIN]))
        found = list(store.mentions())
        assert [[getattr(m, f.name) for f in fields(m)] for m in found] == [
            [getattr(m, f.name) for f in fields(m)] for m in (FULL, PLAIN)
        ]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from(["Ann Lee", "Lee", "Oslo", "NATO"]),
            st.sampled_from(list(Kind)[:3]),
        ),
        max_size=12,
        unique_by=lambda item: item[0],
    )
)
def test_entities_come_back_as_merging_made_them(drawn: list[tuple[int, str, Kind]]) -> None:
    mentions = [Mention("a", 10 * at, 10 * at + len(text), text, kind) for at, text, kind in drawn]
    entities = merge(mentions)
    with Store() as store:
        filled(store, (Document("a", "x", published="2024-01-02"), mentions))
        keep(store, entities)
        store.save_run({"model": "m"}, [Skipped("b", "gone")], [("empty", "c", "")])
        result = store.result()
        assert list(result.entities) == entities
        assert len(result.entities) == len(entities)
        assert result.entities[-1:] == tuple(entities[-1:])
        assert [(info.id, info.sha256, info.published) for info in result.documents] == [
            ("a", "sha0", "2024-01-02")
        ]
    assert result.run == {"model": "m"}


def test_a_mention_is_as_merging_corrected_it_in_its_entity_and_as_tagged_for_the_next_merge() -> None:
    tagged = replace(PLAIN, text="Fujian", source=Source.MODEL, score=0.5)
    ship = replace(FULL, start=20, end=26, text="Fujian", quantity=None)
    with Store() as store:
        filled(store, (Document("a", "x"), [tagged]))
        [(text_id, _, _)] = store.articles()
        [entity] = merge([ship])
        with store.remaking():
            store.place(entity.id, text_id, [ship], {ship: Kind.PLACE})
            store.put(entity, 1)
            store.settle()
        [found] = store.entities()[0].mentions
        assert (found, found.score, found.sentence) == (ship, ship.score, "")
        assert list(store.mentions()) == [tagged]


def test_a_remaking_that_fails_leaves_the_entities_as_they_were() -> None:
    with Store() as store:
        filled(store, (Document("a", "x"), [PLAIN]))
        keep(store, merge(store.mentions()))
        with contextlib.suppress(ZeroDivisionError), store.remaking():
            store.settle()
            assert list(store.entities()) == []
            raise ZeroDivisionError
        assert [entity.name for entity in store.entities()] == ["Oslo"]
        keep(store, [])
        assert list(store.entities()) == []


def test_a_known_text_is_wanted_again_only_for_other_settings() -> None:
    with Store() as store:
        filled(store, (Document("a", "x"), [PLAIN]))
        store.begin("f1", {})
        assert store.register(Document("a", "x"), "sha0") is None
        assert store.register(Document("b", "x"), "sha0") is None
        assert store.duplicates() == [("b", "a")]
        store.begin("f2", {})
        text_id = store.register(Document("a", "x"), "sha0")
        assert text_id is not None
        assert store.register(Document("b", "x"), "sha0") is None
        assert store.outdated() == 1
        store.add(text_id, [])
        assert (store.outdated(), list(store.mentions())) == (0, [])


def test_a_changed_article_replaces_the_old_one() -> None:
    with Store() as store:
        filled(store, (Document("a.txt", "x", "a.txt"), [PLAIN]))
        store.begin("f1", {})
        text_id = store.register(Document("a.txt", "y", "a.txt"), "other")
        assert text_id is not None
        store.add(text_id, [FULL])
        store.prune()
        assert [m.text for m in store.mentions()] == ["T-72s"]
        assert [info.sha256 for info in store.documents()] == ["other"]


@pytest.mark.parametrize(("path", "other"), [("a.jsonl", "b.jsonl"), ("-", "-")])
def test_another_article_of_the_same_id_is_no_change(path: str, other: str) -> None:
    with Store() as store:
        filled(store, (Document("1", "x", path), []), (Document("1", "y", other), []))
        store.begin("f1", {})
        assert store.register(Document("1", "y", other), "sha1") is None
        assert [(info.id, info.sha256) for info in store.documents()] == [("1", "sha0"), ("1#2", "sha1")]


def test_a_text_that_failed_is_in_no_result_and_wanted_again() -> None:
    with Store() as store:
        store.begin("f1", {})
        text_id = store.register(Document("a", "x"), "sha0")
        assert text_id is not None
        store.fail(text_id)
        assert store.documents() == []
        store.begin("f1", {})
        assert store.register(Document("a", "x"), "sha0") == text_id


def test_only_one_run_writes_and_readers_do_not_wait(tmp_path: Path) -> None:
    path = str(tmp_path / "scan.sqlite")
    with Store(path) as store:
        filled(store, (Document("a", "x"), [PLAIN]))
        with pytest.raises(
            InputError, match=r"scan.sqlite: another run is writing to it; wait until it has ended"
        ):
            Store(path)
        with Store(path, writing=False) as reader:
            assert len(list(reader.mentions())) == 1
    with Store(path) as store:
        assert len(list(store.mentions())) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["scan.sqlite"]


def test_what_is_no_scan_file_is_refused(tmp_path: Path) -> None:
    text, other, newer = (tmp_path / name for name in ("text.sqlite", "other.sqlite", "newer.sqlite"))
    text.write_text("no database, only a long enough text" * 100)
    sqlite3.connect(other).execute("CREATE TABLE t (a)").connection.close()
    Store(str(newer)).close()
    sqlite3.connect(newer).execute("PRAGMA user_version = 99").connection.close()
    for path, message in [
        (text, "text.sqlite: file is not a database; it cannot be used as a scan file"),
        (other, "other.sqlite: a database, but no scan file of entityscan"),
        (newer, "newer.sqlite: scan file of schema 99, this version reads 3"),
    ]:
        with pytest.raises(InputError, match=message):
            Store(str(path))
    with pytest.raises(InputError, match="no such file; 'entityscan extract --db' makes it"):
        Store(str(tmp_path / "none.sqlite"), create=False)
    with pytest.raises(InputError, match="unable to open database file"):
        Store(str(tmp_path / "no" / "folder" / "scan.sqlite"))
    assert sorted(item.name for item in tmp_path.iterdir()) == ["newer.sqlite", "other.sqlite", "text.sqlite"]


def test_another_schema_has_another_version() -> None:
    sql = files("entityscan").joinpath("data/scan_file.sql").read_text("utf-8")
    bare = " ".join(re.sub(r"--[^\n]*", "", sql).split())
    found = hashlib.sha256(bare.encode()).hexdigest()[:16]
    assert SCHEMAS.get(SCHEMA_VERSION) == found, "the schema changed: raise SCHEMA_VERSION, and pin its hash"
    assert max(SCHEMAS) == SCHEMA_VERSION


def test_the_views_answer_common_questions(tmp_path: Path) -> None:
    path = str(tmp_path / "scan.sqlite")
    lee = Mention("a", 0, 7, "Ann Lee", Kind.PERSON, sentence="Ann Lee came to Oslo.")
    with Store(path) as store:
        filled(store, (Document("a", "x"), [lee, PLAIN]), (Document("b", "y"), [PLAIN]))
        keep(store, merge(store.mentions()))
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name, mentions, documents FROM top_entities").fetchall() == [
            ("Oslo", 2, 2),
            ("Ann Lee", 1, 1),
        ]
        assert db.execute(
            "SELECT with_name, texts FROM appear_together WHERE name = 'Ann Lee'"
        ).fetchall() == [("Oslo", 1)]
        assert db.execute(
            "SELECT document, start, text, name, sentence FROM mentions_in_context WHERE kind = 'person'"
        ).fetchall() == [("a", 0, "Ann Lee", "Ann Lee", "Ann Lee came to Oslo.")]
    db.close()


def test_adjectives_of_all_texts_are_counted(tmp_path: Path) -> None:
    with Store(str(tmp_path / "s.sqlite")) as store:
        store.begin("f", {})
        for number in range(2):
            text_id = store.register(Document(f"{number}.txt", f"text {number}"), f"{number}" * 64)
            assert text_id is not None
            store.add(text_id, [], adjectives={"RU": 2, "NO": 1})
        assert store.adjectives() == {"NO": 2, "RU": 4}
