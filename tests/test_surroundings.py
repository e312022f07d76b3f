"""What the words around a name say: owners of institutions, teams of countries, adjectives."""

import re
from dataclasses import replace

import pytest

from entityscan.merging import merge
from entityscan.records import Kind, Mention
from entityscan.surroundings import adjectives_in, owner_of, sport_of, with_settings


def places(text: str, names: str, kind: Kind = Kind.PLACE, document: str = "a.txt") -> list[Mention]:
    """A mention of ``kind`` wherever one of the names (a pattern) stands."""
    found = (match.span() for match in re.finditer(names, text))
    return [Mention(document, start, end, text[start:end], kind) for start, end in found]


def teams(text: str, names: str) -> list[str]:
    found = with_settings(text, places(text, names))
    return [f"{mention.text}@{mention.start}" for mention in found if mention.setting.startswith("sport ")]


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Ukraine\u2019s Navy sank it", "Navy", "UA"),
        ("Kyiv's Defence Ministry said", "Defence Ministry", "UA"),
        ("the Defence Ministry of South Korea said", "Defence Ministry", "KR"),
        ("In Poland, the Navy said", "Navy", ""),
        ("the Navy of tomorrow", "Navy", ""),
        ("Smith's Navy career", "Navy", ""),
    ],
)
def test_owner_of_an_institution(text: str, name: str, country: str) -> None:
    start = text.index(name)
    assert owner_of(text, start, start + len(name)) == country


def test_the_owner_in_the_text_says_which_institution_is_meant() -> None:
    text = "Brazil's Navy sailed. Norway's Navy watched. Norway, Oslo, Bergen and Norway."
    found = with_settings(text, places(text, "Navy", Kind.ORGANISATION))
    assert [mention.setting for mention in found] == ["country BR", "country NO"]
    other = [Mention("b.txt", 0, 14, "Brazilian Navy", Kind.ORGANISATION)]
    entities = merge([*found, *places(text, "Norway|Oslo|Bergen"), *other])
    navies = {
        tuple(m.start for m in entity.mentions) for entity in entities if entity.kind is Kind.ORGANISATION
    }
    assert navies == {(text.index("Navy"), 0), (text.rindex("Navy"),)}


MATCH = "SOCCER - Norway beat Wales 2-1 in a World Cup qualifier in Norway. Wales had a goalkeeper sent off."


def test_a_ground_is_where_something_is() -> None:
    text = f"{MATCH}\nLondon (The Oval): play at noon. Next match (at the Oval, London)."
    assert teams(text, "London") == []


def test_places_that_play_are_teams_but_not_where_something_is_in_them() -> None:
    assert teams(MATCH, "Norway|Wales") == ["Norway@9", "Wales@21", f"Wales@{MATCH.index('Wales had')}"]


@pytest.mark.parametrize(
    "text",
    [
        "Ukraine beat back Russia in Kursk, and lost two villages to Russia on Friday.",
        "Qatar, host of the World Cup, offered talks. Qatar said Israel and Hamas would meet in Doha. " * 20,
        "The goalkeeper of the embassy in Norway defeated boredom.",
    ],
)
def test_war_and_diplomacy_are_no_sport(text: str) -> None:
    assert not teams(text, "Ukraine|Russia|Qatar|Israel|Norway")


def test_a_team_is_not_its_country() -> None:
    report = with_settings(MATCH, places(MATCH, "Norway|Wales"))
    news = places("Norway bought radars. Oslo paid.", "Norway|Oslo", document="b.txt")
    norways = [entity for entity in merge([*report, *news]) if entity.aliases[0].text == "Norway"]
    assert sorted(len(entity.mentions) for entity in norways) == [1, 2]
    assert {(entity.kind, entity.attributes.get("sport")) for entity in norways} == {
        (Kind.ORGANISATION, "soccer"),
        (Kind.PLACE, None),
    }


def test_a_team_is_one_row_whatever_the_recogniser_says_of_it() -> None:
    mentions = places(MATCH, "Norway|Wales")
    mentions[1] = replace(mentions[1], kind=Kind.ORGANISATION)
    teams = [e for e in merge(with_settings(MATCH, mentions)) if e.kind is Kind.ORGANISATION]
    assert sorted((e.name, len(e.mentions)) for e in teams) == [("Norway", 1), ("Wales", 2)]


def test_sport_is_the_one_with_most_words() -> None:
    assert sport_of("The bowler took a wicket; the wicket before, a goalkeeper watched cricket.") == "cricket"
    assert sport_of("") == ""


def test_a_few_words_of_several_kinds_show_the_sport_but_only_places_that_play_are_teams() -> None:
    words = "The quarterback praised college football and its defensive coordinator. "
    text = words + "Alabama's coach left Georgia. " + "He talked at length. " * 150
    assert sport_of(text) == "american-football"
    assert sport_of(text + "He talked at length. " * 150) == ""
    assert teams(text, "Alabama|Georgia") == [f"Alabama@{text.index('Alabama')}"]


def test_adjectives_are_counted_by_country() -> None:
    assert adjectives_in("Russian and Russians, but Prussian; a US jet, French wine, the russian way") == {
        "FR": 1,
        "RU": 2,
    }


def test_adjectives_are_an_attribute_of_their_country_alone() -> None:
    text = "Norway and Oslo. Norway Norway"
    entities = merge(places(text, "Norway|Oslo"), adjectives={"NO": 7, "FR": 2})
    assert {entity.name: entity.attributes.get("adjective_mentions") for entity in entities} == {
        "Norway": 7,
        "Oslo": None,
    }


def test_in_news_in_brief_only_what_is_on_sport_has_teams() -> None:
    filler = "word " * 24
    football = f"Norvik beat Halden 2-1 in the soccer league, the goalkeeper said before half-time. {filler}"
    quake = f"A quake hit Bogo and Tarsin, where churches fell and many died. {filler}"
    text = "\n".join([football, quake, quake.replace("Bogo", "Cebu")])
    mentions = [
        Mention("d", text.index(name), text.index(name) + len(name), name, Kind.PLACE)
        for name in ("Norvik", "Halden", "Bogo", "Cebu")
    ]
    kinds = {mention.text: mention.kind for mention in with_settings(text, mentions)}
    assert kinds["Bogo"] is kinds["Cebu"] is Kind.PLACE
    assert kinds["Norvik"] is kinds["Halden"] is Kind.ORGANISATION


def test_a_country_is_no_organisation_but_in_a_report_on_sport() -> None:
    [found] = with_settings(
        "Malaysia buys patrol ships.", [Mention("d", 0, 8, "Malaysia", Kind.ORGANISATION)]
    )
    assert found.kind is Kind.PLACE


def test_a_town_that_bears_a_companys_name_is_a_town_where_its_state_follows() -> None:
    text = "Oshkosh fell. Workers in Oshkosh, Wisconsin, wept."
    found = with_settings(text, [*places(text, "Oshkosh", Kind.ORGANISATION), *places(text, "Wisconsin")])
    assert [mention.kind for mention in found] == [Kind.ORGANISATION, Kind.PLACE, Kind.PLACE]
    [company, town] = [entity for entity in merge(found) if entity.name.startswith("Oshkosh")]
    assert {company.kind, town.kind} == {Kind.ORGANISATION, Kind.PLACE}
