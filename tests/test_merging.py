"""Merging: judged pairs, properties of the result, receipts, names, order and ids."""

import tomllib
from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entityscan import rules
from entityscan.merging import Link, candidate_pairs, group, merge
from entityscan.records import Entity, Kind, Mention
from entityscan.rules import Form

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("merge_cases.toml").read_text("utf-8"))[
    "case"
]


def mention(
    text: str, kind: str = "person", start: int = 0, document: str = "a.txt", **fields: Any
) -> Mention:
    return Mention(document, start, start + len(text), text, Kind(kind), **fields)


def row_of(entities: list[Entity], text: str, document: str | None = None) -> Entity:
    [found] = [
        entity
        for entity in entities
        if any(one.text == text and document in (None, one.document) for one in entity.mentions)
    ]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['left']}~{case['right']}~{case['why']}")
def test_judged_pairs(case: dict[str, Any]) -> None:
    where = "b.txt" if case.get("across") else "a.txt"
    left = mention(case["left"], case["kind"], 0, title=case.get("title", ""))
    right = mention(case["right"], case["kind"], 100, where, title=case.get("other_title", ""))
    context = []
    for number, item in enumerate(case.get("context", [])):
        kind, text = item.split(": ")
        context.append(mention(text, kind, 200 + 50 * number))
    entities = merge([left, right, *context])
    together = any(left in entity.mentions and right in entity.mentions for entity in entities)
    assert together == case["same"]


def test_judged_pairs_are_many_and_of_both_kinds() -> None:
    assert Counter(case["same"] for case in CASES).most_common()[-1][1] >= 60
    assert {case["kind"] for case in CASES} == set(Kind)


# ---------------------------------------------------------------- ambiguity, definitions, labels


def test_shared_surname_goes_to_the_nearest_full_name_before_it() -> None:
    names = ["Smith", "John Smith", "Smith", "Jane Smith", "Smith"]
    entities = merge([mention(text, start=20 * index) for index, text in enumerate(names)])
    starts = {entity.name: [one.start for one in entity.mentions] for entity in entities}
    assert starts == {"John Smith": [20, 40], "Jane Smith": [60, 80], "Smith": [0]}
    assert row_of(entities, "John Smith").attributes.get("ambiguous") is None
    [unclear] = [entity for entity in entities if entity.name == "Smith"]
    assert unclear.attributes["ambiguous"] is True


def test_title_decides_between_two_owners_of_a_surname() -> None:
    entities = merge(
        [mention("John Smith"), mention("Jane Smith", start=20), mention("Smith", start=40, title="Mr")]
    )
    assert len(row_of(entities, "John Smith").mentions) == 2


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("He came with his wife, Jane Smith.", "Jane Smith"),
        ("His widow Jane Smith wept.", "Jane Smith"),
        ("Jane Smith, a cousin of hers, wept.", "Jane Smith"),
        ("First lady Jane Smith waved.", "Jane Smith"),
        ("Smith's wife, Jane, waved.", "Jane"),
    ],
)
def test_a_relative_does_not_take_the_surname_over(sentence: str, name: str) -> None:
    names = ["John Smith", "Jane Smith", "Smith"]
    found = [mention(text, start=40 * index) for index, text in enumerate(names)]
    assert len(row_of(merge(found), "Jane Smith").mentions) == 2
    told = mention(name, start=200, sentence=sentence)
    assert len(row_of(merge([*found, told]), "John Smith").mentions) == 2


def test_relatives_of_each_other_share_the_surname_as_others_do() -> None:
    told = ["Joe Smith and his brother Jim Smith", "Jim Smith, brother of Joe Smith,"]
    joe = mention("Joe Smith", sentence="Joe Smith, brother of Jim Smith, spoke.")
    jim = mention("Jim Smith", start=60, sentence=told[0])
    assert len(row_of(merge([joe, jim, mention("Smith", start=90)]), "Jim Smith").mentions) == 2


def test_persons_whom_a_sentence_names_together_are_two() -> None:
    sentence = "George Vell and his son George W. Vell met."
    father, son = (
        mention("George Vell", sentence=sentence),
        mention("George W. Vell", start=24, sentence=sentence),
    )
    assert len(merge([father, son])) == 2
    alone = replace(father, sentence="George Vell spoke."), replace(son, sentence="George W. Vell left.")
    assert len(merge(alone)) == 1


def test_a_surname_with_its_suffix_joins_the_son() -> None:
    names = ["Donald Trump", "Donald Trump Jr.", "Trump Jr.", "Trump"]
    entities = merge([mention(text, start=40 * index) for index, text in enumerate(names)])
    assert [alias.text for alias in row_of(entities, "Donald Trump Jr.").aliases] == [
        "Donald Trump Jr.",
        "Trump Jr.",
    ]


def test_the_same_title_decides_between_two_owners_of_a_surname() -> None:
    doctor = mention("Ruth Abrams", title="Dr.")
    general = mention("Creighton Abrams", start=40, title="General")
    entities = merge(
        [doctor, general, mention("Abrams", start=80, title="Dr."), mention("Abrams", start=100)]
    )
    assert len(row_of(entities, "Ruth Abrams").mentions) == 2
    assert len(row_of(entities, "Creighton Abrams").mentions) == 2


def test_a_bare_institution_is_not_that_of_a_country_which_the_article_does_not_name() -> None:
    assert row_of(merge([mention("Senate", "organisation")]), "Senate").name == "United States Senate"
    romania = mention("Romania", "place", 40)
    assert row_of(merge([mention("Senate", "organisation"), romania]), "Senate").name == "Senate"


def test_definition_in_brackets_needs_no_matching_letters() -> None:
    long = mention("Front for Coastal Renewal", "organisation")
    short = mention("QZX", "organisation", 40, same_as=0, same_as_cue="brackets")
    later = mention("QZX", "organisation", 90)
    [entity] = merge([later, short, long])
    assert entity.name == "Front for Coastal Renewal"
    assert entity.attributes["acronym"] == "QZX"
    assert entity.why[0].rule == "brackets"


def test_a_known_acronym_says_more_than_the_country_of_the_article() -> None:
    ministry = mention("Ministry of National Defense", "organisation")
    acronym = mention("MND", "organisation", 40, same_as=0, same_as_cue="brackets")
    china = [mention("China", "place", 100 + 20 * number) for number in range(4)]
    assert row_of(merge([ministry, acronym, *china]), "MND").name == "Taiwanese Ministry of National Defense"
    assert row_of(merge([ministry, *china]), ministry.text).name == "Chinese Ministry of National Defense"
    balanced = [*china, *(mention("Taiwan", "place", 200 + 20 * number) for number in range(3))]
    assert row_of(merge([ministry, *balanced]), ministry.text).name == "Ministry of National Defense"


@pytest.mark.parametrize(
    ("sentence", "ships"),
    [
        ("It put the Fujian, a carrier, to sea.", 3),
        ("It left the Fujian coast.", 2),
        ("It left Fujian.", 2),
        ("The Fujian left Fujian.", 2),
    ],
)
def test_a_ship_of_the_article_is_a_ship_wherever_an_article_says_so(sentence: str, ships: int) -> None:
    carrier = [mention("Fujian", "equipment", 40 * number, family="Fujian") for number in range(2)]
    entities = merge([*carrier, mention("Fujian", "place", 200, sentence=sentence)])
    [ship] = [entity for entity in entities if entity.kind is Kind.EQUIPMENT]
    assert len(ship.mentions) == ships
    assert ship.attributes.get("labels") == ({"place": 1} if ships > len(carrier) else None)


@pytest.mark.parametrize(
    ("sentence", "kind", "ships"),
    [
        ("She said the Belgrano was a danger.", "place", 2),
        ("The Belgrano sank.", "person", 2),
        ("It happened in Belgrano.", "place", 1),
        ("Belgrano sank within the hour.", "place", 2),
        ("Two torpedoes tore off Belgrano's bow.", "place", 2),
        ("Belgrano's mayor wept.", "place", 1),
        ("Belgrano founded a school.", "person", 1),
    ],
)
def test_the_last_word_of_a_ships_name_is_the_ship_where_an_article_says_so(
    sentence: str, kind: str, ships: int
) -> None:
    cruiser = mention("General Belgrano", "equipment", category="cruiser", family="ARA General Belgrano")
    entities = merge([cruiser, mention("Belgrano", kind, 80, sentence=sentence)])
    [ship] = [entity for entity in entities if entity.kind is Kind.EQUIPMENT]
    assert len(ship.mentions) == ships


@pytest.mark.parametrize(
    ("sentence", "ships"),
    [
        ("The Glasgow-built warships are late.", 1),
        ("The Glasgow shipyard is late.", 1),
        ("Sailors of the Glasgow, her first crew, wait.", 2),
    ],
)
def test_a_town_is_no_ship_of_its_name_before_a_plain_word(sentence: str, ships: int) -> None:
    frigate = mention("HMS Glasgow", "equipment", category="frigate", family="HMS Glasgow")
    entities = merge([frigate, mention("Glasgow", "place", 80, sentence=sentence)])
    assert sum(len(entity.mentions) for entity in entities if entity.kind is Kind.EQUIPMENT) == ships


def test_a_given_name_of_the_article_is_the_person() -> None:
    full = mention("Oren Velt", sentence="Oren Velt asked.")
    assert len(merge([full, mention("Oren", "place", 40)])) == 1
    assert len(merge([mention("Jordan Velt"), mention("Jordan", "place", 40)])) == 2


def test_the_first_words_of_a_company_of_the_article_are_the_company() -> None:
    company = mention("Nippon Velto Shoji Co Ltd", "organisation")
    [row] = merge([company, mention("Nippon Velto", "place", 40), mention("NVS", "organisation", 80)])
    assert (row.kind, len(row.mentions)) == (Kind.ORGANISATION, 3)


def test_an_acronym_is_not_the_town_that_is_spelt_so() -> None:
    [row] = merge([mention("GAO", "person"), mention("GAO", "person", 40)])
    assert (row.name, row.kind) == ("Government Accountability Office", Kind.ORGANISATION)


def test_a_surname_with_its_article_is_the_person() -> None:
    [row] = merge([mention("Rashid al-Mansoori"), mention("Al-Mansoori", "place", 40)])
    assert (row.name, row.kind) == ("Rashid al-Mansoori", Kind.PERSON)


def test_two_words_that_make_one_name_are_a_whole_name() -> None:
    found = [mention("Abdul Haq", document=name) for name in ("a.txt", "b.txt")]
    assert len(merge(found)) == 1
    [together] = merge([mention("Abdul Haq Mazlumi"), mention("Abdul Haq", start=40)])
    assert together.name == "Abdul Haq Mazlumi"


def test_a_common_surname_tells_no_person_across_articles() -> None:
    names = [("José García", "José García López", 2), ("José Mareda", "José Mareda López", 1)]
    for short, full, rows in names:
        assert len(merge([mention(short), mention(full, start=40)])) == 1
        assert len(merge([mention(short), mention(full, document="b.txt")])) == rows


def test_native_script_is_an_alias() -> None:
    [entity] = merge(
        [mention("Xi Jinping"), mention("習近平", start=12, same_as=0, same_as_cue="native script")]
    )
    assert entity.name == "Xi Jinping"
    assert {alias.text for alias in entity.aliases} == {"Xi Jinping", "習近平"}


def test_one_name_gets_the_kind_that_most_of_its_mentions_have() -> None:
    kinds = ["place", "place", "organisation"]
    [entity] = merge([mention("Vantara", kind, 20 * index) for index, kind in enumerate(kinds)])
    assert entity.kind is Kind.PLACE
    assert entity.attributes["labels"] == {"organisation": 1}
    assert {one.kind for one in entity.mentions} == {Kind.PLACE}


def test_a_surname_is_the_person_whatever_its_label() -> None:
    [entity] = merge([mention("Marta Orsk"), mention("Orsk", "organisation", 40)])
    assert entity.kind is Kind.PERSON
    assert len(merge([mention("Marta London"), mention("London", "place", 40)])) == 2
    assert len(merge([mention("Marta London"), mention("London", "place", 40, score=0.3)])) == 1


def test_a_team_may_be_called_by_its_city() -> None:
    team = mention("Lahti", "organisation", 40, setting="sport ice-hockey")
    [entity] = merge([mention("Lahti Pelicans", "organisation"), team])
    assert entity.name == "Lahti Pelicans"


def test_a_surname_that_an_organisation_bears_too_keeps_the_kinds_of_the_text() -> None:
    names = [("Richard Wagner", "person"), ("Wagner", "person"), ("Wagner Group", "organisation")]
    entities = merge([mention(text, kind, 40 * number) for number, (text, kind) in enumerate(names)])
    assert row_of(entities, "Wagner").name == "Richard Wagner"
    [jane] = merge([mention("Jane")])  # not the publisher Jane's
    assert jane.kind is Kind.PERSON


def test_a_lone_mention_follows_the_other_articles() -> None:
    usual = [mention("Vantara", "place", 20 * number, f"{number}.txt") for number in range(9)]
    [entity] = merge([*usual, mention("Vantara", "organisation", document="b.txt")])
    assert entity.kind is Kind.PLACE
    twice = [mention("Vantara", "organisation", start, "b.txt") for start in (0, 20)]
    assert len(merge([*usual, *twice])) == 2


def test_catalogue_keeps_a_ship_apart_from_the_province() -> None:
    ship = mention("Fujian", "equipment", family="Fujian")
    province = mention("Fujian", "place", 50)
    assert {entity.kind for entity in merge([ship, province])} == {Kind.EQUIPMENT, Kind.PLACE}


# ---------------------------------------------------------------- rows


def test_equipment_merges_by_family_and_counts_variants() -> None:
    facts = {"family": "T-72", "category": "tank", "origin": "RU"}
    entities = merge(
        [
            mention("T-72", "equipment", 0, **facts),
            mention("T-72B3", "equipment", 20, variant="T-72B3", **facts),
            mention("T-72B3s", "equipment", 40, "b.txt", variant="T-72B3", **facts),
            mention("tanks", "equipment", 60, family="tank", category="tank", generic=True),
        ]
    )
    assert [entity.name for entity in entities] == ["T-72", "tank"]
    assert entities[0].attributes == {"category": "tank", "origin": "RU", "variants": {"T-72B3": 2}}
    assert entities[1].attributes == {"category": "tank", "generic": True}


@pytest.mark.parametrize(
    ("kind", "texts", "name"),
    [
        ("place", ["US", "US", "America"], "United States"),
        ("place", ["Kiev"], "Kyiv"),
        ("organisation", ["KMT", "KMT", "Chinese Nationalist Party"], "Chinese Nationalist Party"),
        ("organisation", ["KMT"], "Kuomintang"),
        ("organisation", ["US Department of Defense", "DoD"], "US Department of Defense"),
        ("organisation", ["NATO", "North Atlantic Treaty Organization"], "NATO"),
        ("organisation", ["PLA", "People\u2019s Liberation Army"], "People's Liberation Army"),
        ("person", ["Volodymyr Zelenskiy", "Zelenskiy"], "Volodymyr Zelenskiy"),
        ("person", ["Putin"], "Vladimir Putin"),
        ("person", ["VLADIMIR PUTIN"], "Vladimir Putin"),
    ],
)
def test_name_is_met_in_the_text_unless_only_short_forms_occur(
    kind: str, texts: list[str], name: str
) -> None:
    [entity] = merge([mention(text, kind, 30 * index) for index, text in enumerate(texts)])
    assert entity.name == name


def test_the_name_of_a_row_does_not_change_its_id() -> None:
    [long], [short] = (
        merge([mention("Chinese Nationalist Party", "organisation")]),
        merge([mention("KMT", "organisation")]),
    )
    assert long.id == short.id


def test_name_is_not_in_capitals_when_another_form_exists() -> None:
    mentions = [mention("MARTA KELLER", start=20 * index) for index in range(3)]
    [entity] = merge([*mentions, mention("Marta Keller", start=80)])
    assert entity.name == "Marta Keller"


def test_titles_are_ranked() -> None:
    titles = ["Col.", "Minister", "Minister"]
    [entity] = merge(
        [mention("Marta Keller", start=20 * index, title=title) for index, title in enumerate(titles)]
    )
    assert entity.attributes == {"titles": ["Minister", "Col."]}


def test_dates_span_the_articles_that_have_one() -> None:
    mentions = [mention("Kyiv", "place", document=document) for document in ("a", "b", "c")]
    [entity] = merge(mentions, published={"a": "2024-08-26", "b": "2023-01-02", "c": ""})
    assert (entity.first_seen, entity.last_seen, entity.documents) == ("2023-01-02", "2024-08-26", 3)


def test_rows_are_ordered_by_kind_then_mentions_and_generic_last() -> None:
    entities = merge(
        [
            mention("drones", "equipment", 0, family="drone", generic=True),
            mention("drones", "equipment", 10, family="drone", generic=True),
            mention("Lancet", "equipment", 20, family="Lancet"),
            mention("NATO", "organisation", 30),
            mention("Oslo", "place", 40),
            mention("Riga", "place", 50),
            mention("Riga", "place", 60),
            mention("Marta Keller", start=70),
        ]
    )
    assert [entity.name for entity in entities] == ["Marta Keller", "Riga", "Oslo", "NATO", "Lancet", "drone"]


# ---------------------------------------------------------------- properties

NAMES = {
    Kind.PERSON: [
        "John Smith",
        "Jane Smith",
        "Smith",
        "J. Smith",
        "SMITH",
        "John Smith Jr.",
        "Vladimir Putin",
        "Putin",
    ],
    Kind.PLACE: ["US", "America", "Kursk", "Kursk region", "Kursk Oblast", "Georgia", "Orlovka"],
    Kind.ORGANISATION: [
        "NATO",
        "Harbour Board",
        "HB",
        "Russian Navy",
        "Indian Navy",
        "Navy",
        "IAF",
        "Orlovka",
    ],
    Kind.EQUIPMENT: ["T-72", "T-90", "tanks"],
}


@st.composite
def mentions_of_few_names(draw: st.DrawFn) -> list[Mention]:
    found = []
    for start in range(draw(st.integers(0, 14))):
        kind = draw(st.sampled_from(list(Kind)))
        text = draw(st.sampled_from(NAMES[kind]))
        document = draw(st.sampled_from("ab"))
        title = draw(st.sampled_from(["", "Mr", "Ms"])) if kind is Kind.PERSON else ""
        equipment = {"family": text.rstrip("s"), "generic": text == "tanks"} if kind is Kind.EQUIPMENT else {}
        found.append(mention(text, kind, 20 * start, document, title=title, **equipment))
    return found


@settings(deadline=None)
@given(mentions_of_few_names(), st.randoms())
def test_order_of_mentions_makes_no_difference(mentions: list[Mention], random: Any) -> None:
    shuffled = random.sample(mentions, len(mentions))
    assert merge(shuffled) == merge(mentions)


@settings(deadline=None)
@given(mentions_of_few_names())
def test_every_mention_is_in_one_entity_of_its_kind(mentions: list[Mention]) -> None:
    entities = merge(mentions)
    places = [(one.document, one.start, one.end, one.text) for entity in entities for one in entity.mentions]
    assert sorted(places) == sorted((one.document, one.start, one.end, one.text) for one in mentions)
    assert all(one.kind is entity.kind for entity in entities for one in entity.mentions)


@settings(deadline=None)
@given(mentions_of_few_names())
def test_ids_are_unique_and_counts_add_up(mentions: list[Mention]) -> None:
    entities = merge(mentions)
    assert len({entity.id for entity in entities}) == len(entities)
    for entity in entities:
        assert sum(alias.count for alias in entity.aliases) == len(entity.mentions)
        assert list(entity.aliases) == sorted(entity.aliases, key=lambda alias: (-alias.count, alias.text))


@settings(deadline=None)
@given(mentions_of_few_names())
def test_receipts_chain_all_forms_of_a_row(mentions: list[Mention]) -> None:
    for entity in merge(mentions):
        forms = {alias.text for alias in entity.aliases}
        assert len(entity.why) == len(forms) - 1
        reached = {entity.mentions[0].text}
        for _ in entity.why:
            for receipt in entity.why:
                if {receipt.left, receipt.right} & reached:
                    reached |= {receipt.left, receipt.right}
        assert reached == forms
        places = {(one.document, one.start, one.end, one.text) for one in entity.mentions}
        assert all((one.document, one.start, one.end, one.left) in places for one in entity.why)


@settings(deadline=None)
@given(mentions_of_few_names())
def test_no_vetoed_pair_is_in_one_row_of_a_document(mentions: list[Mention]) -> None:
    for entity in merge(mentions):
        for left, right in combinations(entity.mentions, 2):
            if left.document == right.document:
                one, two = (
                    Form(x.document, x.start, x.text, x.kind, "", x.family, x.generic) for x in (left, right)
                )
                assert not rules.veto(one, two)


@settings(deadline=None)
@given(
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12),
    st.lists(st.frozensets(st.integers(0, 6), min_size=2, max_size=2), max_size=6),
)
def test_group_agrees_with_a_second_solver(
    size: int, edges: list[tuple[int, int]], vetoes: list[frozenset[int]]
) -> None:
    forms = [Form("a", number, f"name {number}", Kind.PLACE) for number in range(size)]
    edges = [(one, two) for one, two in edges if max(one, two) < size]
    links = [Link("edge", forms[one], forms[two]) for one, two in edges]
    found = group(forms, links, lambda one, two: frozenset({one.first, two.first}) in vetoes)
    label = list(range(size))  # second solver: relabel whole lists, look at every pair
    for one, two in edges:
        left = [x for x in range(size) if label[x] == label[one]]
        right = [x for x in range(size) if label[x] == label[two]]
        if not any(frozenset({x, y}) in vetoes for x in left for y in right):
            label = [label[one] if x in right else old for x, old in enumerate(label)]
    expected = {frozenset(x for x in range(size) if label[x] == name) for name in set(label)}
    assert {frozenset(form.first for form in members) for members in found} == expected


def test_candidates_are_far_fewer_than_all_pairs() -> None:
    syllables = ["ba", "da", "ka", "la", "ma", "na", "ra", "sa", "va", "gra"]
    names = [f"O{number:03} U{number * 7919 % 1000:03}" for number in range(400)]
    spelt = ["".join(syllables[int(char)] if char.isdigit() else char for char in name) for name in names]
    forms = [Form("a", number, name, Kind.PERSON) for number, name in enumerate(spelt)]
    assert sum(1 for _ in candidate_pairs(forms)) < 4 * len(forms)


def test_ids_do_not_depend_on_the_other_articles() -> None:
    alone = merge([mention("NATO", "organisation")])
    with_others = merge([mention("NATO", "organisation"), mention("Oslo", "place", document="b.txt")])
    assert alone[0].id == row_of(with_others, "NATO").id
    assert alone[0].id.startswith("organisation:")
    assert len(alone[0].id) == len("organisation:") + 16


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.sampled_from(list(Kind))), max_size=6))
def test_any_text_can_be_merged(names: list[tuple[str, Kind]]) -> None:
    mentions = [mention(text, kind, 20 * number) for number, (text, kind) in enumerate(names)]
    entities = merge(mentions)
    assert sum(len(entity.mentions) for entity in entities) == len(mentions)
    assert len({entity.id for entity in entities}) == len(entities)


def test_the_first_word_of_a_companys_formal_name_is_the_company() -> None:
    formal, short = mention("Orsk Mills Inc", "organisation"), mention("Orsk", "place", 40)
    assert [entity.kind for entity in merge([formal, short])] == [Kind.ORGANISATION]
    assert len(merge([mention("Orsk Mills", "organisation"), short])) == 2
    assert len(merge([mention("London Mills Inc", "organisation"), mention("London", "place", 40)])) == 2


def places(document: str, *texts: str) -> list[Mention]:
    """Make mentions of places, each right behind the other: ``Odessa, Texas``."""
    found, start = [], 0
    for text in texts:
        found.append(mention(text, "place", start, document))
        start += len(text) + len(", ")
    return found


def test_a_region_behind_a_city_tells_which_city() -> None:
    texan = [*places("b.txt", "Odessa", "Texas"), mention("Odessa", "place", 90, "b.txt")]
    ukrainian = [*places("a.txt", "Odessa", "Ukraine"), mention("Odesa", "place", 90, "a.txt")]
    found = {
        tuple(m.document for m in entity.mentions): entity.name
        for entity in merge([*ukrainian, *texan])
        if entity.name.startswith("Odes")
    }
    assert found == {("a.txt", "a.txt"): "Odesa", ("b.txt", "b.txt"): "Odessa"}


def test_a_list_of_places_is_no_city_with_its_region() -> None:
    [city] = [
        e for e in merge([*places("a.txt", "Odessa", "Paris"), *places("b.txt", "Odesa")]) if "Ode" in e.name
    ]
    assert city.documents == 2
