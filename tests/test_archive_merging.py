"""Merging on disk gives the rows that merging in memory gives, to the byte."""

import json
from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_growing import DOCUMENTS, NAMES, SAID, dates

from entityscan import verdicts
from entityscan.geography import locate
from entityscan.merging import merge, merge_article
from entityscan.merging.packing import pack
from entityscan.records import Document, Kind, Mention, Quantity, Result, Source
from entityscan.scanning import merge_stored, with_independent_documents
from entityscan.signatures import copies
from entityscan.store import Store, held
from entityscan.verdicts import Verdict
from entityscan.writing import WriteOptions, entity_row, mention_rows, write_csv, write_json, write_jsonl

OTHERS = (
    ("Fujian", Kind.PLACE), ("Fujian", Kind.EQUIPMENT), ("Paris", Kind.PLACE), ("France", Kind.PLACE),
    ("Texas", Kind.PLACE), ("Odessa", Kind.PLACE), ("T-72", Kind.EQUIPMENT), ("T-72s", Kind.EQUIPMENT),
    ("VANTARA", Kind.ORGANISATION), ("47th Brigade", Kind.ORGANISATION), ("47th Mechanized Brigade", Kind.ORGANISATION), ("United States Navy", Kind.ORGANISATION),
)  # fmt: skip
SIGNATURES = (None, b"\1" * 512, b"\2" * 512)


@st.composite
def mention(draw: Any, names: list[tuple[str, Kind]]) -> Mention:
    text, kind = draw(st.sampled_from(names))
    place = draw(st.integers(0, 30))
    plain = Mention(
        draw(st.sampled_from(DOCUMENTS)),
        100 * place,
        100 * place + len(text),
        text,
        kind,
        score=draw(st.sampled_from([None, 0.4, 0.9])),
        sentence=draw(st.sampled_from((*SAID, "They saw the {}."))).format(text),
    )
    if kind is not Kind.EQUIPMENT:
        return plain
    family = text.removesuffix("s")
    ship = family == "Fujian"
    return replace(
        plain,
        source=Source.CATALOGUE,
        category="aircraft_carrier" if ship else "tank",
        family=family,
        variant=draw(st.sampled_from(["", f"{family}B"])),
        origin=draw(st.sampled_from(["", "RU"])),
        quantity=draw(st.sampled_from([None, Quantity(3, 3, "three", 0, 5)])),
    )


few = st.lists(st.sampled_from(NAMES + OTHERS), min_size=1, max_size=6)
mentions = few.flatmap(
    lambda names: st.lists(mention(names), max_size=40, unique_by=lambda found: (found.document, found.start))
)
signed = st.dictionaries(st.sampled_from(DOCUMENTS), st.sampled_from(SIGNATURES))
DECIDED = (
    Verdict("drop", ("Orsk",)),
    Verdict("kind", ("Vantara",), to="organisation"),
    Verdict("same", ("NATO", "Navy")),
    Verdict("rename", ("France",), to="Gaul"),
    Verdict("different", ("Paris",), document="b"),
    Verdict("kind", ("Fujian",), to="place"),
    Verdict("same", ("T-72", "T-72s")),
)
decided = st.lists(st.sampled_from(DECIDED), max_size=3, unique=True)


@settings(deadline=None, max_examples=150)
@given(mentions, dates, signed, decided)
def test_both_ways_have_one_result(
    found: list[Mention], published: dict[str, str], signatures: dict[str, bytes | None], said: list[Verdict]
) -> None:
    entities = merge(found, published=published, adjectives={"FR": 3})
    if said:
        entities = verdicts.apply(said, entities, published).entities
    here = {one.document for one in found}
    first = copies(sorted((name, value) for name, value in signatures.items() if value and name in here))
    expected = [with_independent_documents(entity, first) for entity in locate(entities)]
    by_document = defaultdict(list)
    for one in sorted(found):
        by_document[one.document].append(one)
    with Store() as store:
        store.begin("f", {})
        for document, own in by_document.items():
            text_id = store.register(
                Document(document, document, published=published.get(document, "")), document
            )
            assert text_id is not None
            adjectives = {"FR": 3} if document == min(by_document) else {}
            store.add(text_id, own, adjectives=adjectives, signature=signatures.get(document))
        for _ in range(2):  # a second merge begins from the file as the first left it
            made = merge_stored(store, verdicts=said)
            assert lines(made) == lines(expected)
            read, whole = Result(made, ()), Result(expected, ())
            for write in (write_jsonl, write_json, write_csv):
                for options in (WriteOptions(), WriteOptions(mentions=True)):
                    assert b"".join(write(read, options)) == b"".join(write(whole, options))


def lines(entities: Any) -> list[str]:
    found = held(Result(entities, ())).entities
    return [json.dumps(row) for row in [*map(entity_row, found), *mention_rows(found)]]


@pytest.mark.parametrize("number", [2, 3])
def test_namesakes_are_told_apart(number: int) -> None:
    said = ("Goalkeeper Ann Orlova saved it.", "Ann Orlova, the Danish surgeon, spoke.")
    found = [
        Mention(f"d{at}", place, place + 10, text, kind, sentence=said[at % 2] if not place else "")
        for at in range(number)
        for place, text, kind in [
            (0, "Ann Orlova", Kind.PERSON),
            (100, ("Rovers", "Trust")[at % 2], Kind.ORGANISATION),
            (200, ("Usk Town", "Medicine Hat")[at % 2], Kind.ORGANISATION),
        ]
    ]
    with Store() as store:
        store.begin("f", {})
        for at in range(number):
            text_id = store.register(Document(f"d{at}", f"d{at}"), f"d{at}")
            assert text_id is not None
            store.add(text_id, [one for one in found if one.document == f"d{at}"])
        made = merge_stored(store)
        assert sum(entity.name == "Ann Orlova" for entity in made) == 2
        assert lines(made) == lines(merge(found))


def stored(found: list[Mention]) -> Store:
    store = Store()
    store.begin("f", {})
    by_document = defaultdict(list)
    for one in found:
        by_document[one.document].append(one)
    for document, own in by_document.items():
        store.add(store.register(Document(document, document), document) or 0, own)
    return store


@pytest.mark.parametrize("first", ["Vantara", "VANTARA"])
def test_a_name_that_others_use_otherwise_has_the_usual_kind(first: str) -> None:
    found = [Mention(f"d{at:02}", 0, 7, "Vantara", Kind.PLACE) for at in range(1, 10)]
    found = [Mention("d00", 0, 7, first, Kind.ORGANISATION), *found]
    with stored(found) as store:
        made = merge_stored(store)
        assert [entity.kind for entity in made] == [Kind.PLACE]
        assert lines(made) == lines(merge(found))


def test_a_name_whose_first_spelling_tells_more_is_judged_by_it() -> None:
    found = [Mention("d0", 0, 3, "UAE", Kind.ORGANISATION), Mention("d1", 0, 3, "Uae", Kind.ORGANISATION)]
    with stored(found) as store:
        made = merge_stored(store)
        assert lines(made) == lines(locate(merge(found)))
        assert {mention.kind for entity in made for mention in entity.mentions} == {Kind.PLACE}


def test_a_ship_with_a_places_name_has_the_facts_of_a_ship() -> None:
    ship = Mention(
        "a", 0, 6, "Fujian", Kind.EQUIPMENT, Source.CATALOGUE, category="aircraft_carrier", family="Fujian",
        quantity=Quantity(1, 1, "one", 40, 43),
    )  # fmt: skip
    place = Mention("a", 60, 66, "Fujian", Kind.PLACE, score=0.7, sentence="They saw the Fujian.")
    found = [ship, replace(ship, start=20, end=26, quantity=None), place]
    with stored(found) as store:
        for _ in range(2):
            made = merge_stored(store)
            assert [mention.source for mention in made[0].mentions] == [Source.CATALOGUE] * 3
            assert lines(made) == lines(locate(merge(found)))


def test_a_long_article_takes_space_with_its_length() -> None:
    towns = [
        f"{a}{b}{c}grad" for a in ("Ba", "Do", "Fi", "Ku") for b in ("vr", "st", "ng", "lk") for c in "aou"
    ]
    found = [
        Mention("a", 40 * at, 40 * at + 4 + len(town), f"Ann {town}", Kind.PERSON)
        for at, town in enumerate(towns)
    ]
    sizes = []
    for number in (len(found) // 2, len(found)):
        clusters = merge_article(found[:number], {}).clusters
        assert [len(cluster.beside) for cluster in clusters] == [number] * number
        sizes.append(sum(len(pack(cluster)) for cluster in clusters))
    assert sizes[1] < 2.1 * sizes[0]


def test_a_line_with_many_quantities_is_written_in_pieces() -> None:
    tanks = Mention("a", 0, 5, "tanks", Kind.EQUIPMENT, Source.CATALOGUE, category="tank", generic=True)
    found = [
        replace(tanks, start=50 * n, end=50 * n + 5, quantity=Quantity(n, n, str(n), 50 * n, 50 * n + 1))
        for n in range(500)
    ]
    with stored(found) as store:
        pieces = list(write_jsonl(Result(merge_stored(store), ()), WriteOptions()))
        [row] = json.loads(f"[{b''.join(pieces).decode()}]")
        assert row == json.loads(json.dumps(entity_row(merge(found)[0])))
        assert max(map(len, pieces)) < 500 < len(pieces)
