"""Components: real spaCy factories, clean names, equipment, and who wins an overlap."""

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from entityscan.components import EXTENSION, facts
from entityscan.components.additions import covering
from entityscan.components.found import Found, SpanFacts
from entityscan.records import Kind, Source

LABELS = {"equipment": "EQUIPMENT", "person": "PERSON", "place": "GPE", "organisation": "ORG"}


def pipeline(**names: list[str]) -> Language:
    """A pipeline whose recogniser knows exactly these names: kind -> names."""
    nlp = spacy.blank("en")
    patterns = [{"label": LABELS[kind], "pattern": name} for kind, known in names.items() for name in known]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.add_pipe("entityscan_names")
    nlp.add_pipe("entityscan_equipment")
    return nlp


def found(nlp: Language, text: str) -> list[tuple[str, str]]:
    doc = nlp(text)
    assert all(text[span.start_char : span.end_char] == span.text for span in doc.ents)
    return [(span.label_, span.text) for span in doc.ents]


def test_names_are_cleaned_and_demonyms_dropped() -> None:
    nlp = pipeline(
        person=["President Anna Novak"], place=["Russian", "the Hague"], organisation=["the Sejm's"]
    )
    assert found(nlp, "President Anna Novak told the Sejm's Russian guests in the Hague.") == [
        ("person", "Anna Novak"),
        ("organisation", "Sejm"),
        ("place", "Hague"),
    ]


def test_words_of_a_web_address_are_no_names() -> None:
    nlp = pipeline(place=["Kursk"], organisation=["Sejm"])
    text = "See https://news.example/Kursk-burns or press@Sejm.example from Kursk."
    assert [span.start_char for span in nlp(text).ents] == [text.rindex("Kursk")]


def test_the_short_name_of_an_operation_is_none_either() -> None:
    nlp = pipeline(organisation=["OIR", "CENTCOM"], place=["Pacific Vanguard"])
    text = "Operation Inherent Resolve (OIR) began; OIR goes on at CENTCOM. Exercise Tomahawk Storm ended."
    assert found(nlp, text) == [("organisation", "CENTCOM")]


def test_a_storm_is_no_mention_wherever_it_is_named() -> None:
    nlp = pipeline(
        place=["Kalmaegi", "Tino", "Cebu"], person=["Ann Tino"], equipment=["Storm Shadow", "Shadow"]
    )
    text = "Typhoon Kalmaegi, known locally as Tino, left Cebu. Kalmaegi and Tino are one, said Ann Tino."
    assert found(nlp, text) == [("place", "Cebu"), ("person", "Ann Tino")]
    assert found(nlp, "Rebels storm Cebu. Mobs Storm Cebu.") == [("place", "Cebu"), ("place", "Cebu")]
    assert found(nlp, "A Storm Shadow missile of the army. A Shadow drone.")[0] == (
        "equipment",
        "Storm Shadow",
    )


def test_who_uses_equipment_is_a_name_of_its_own() -> None:
    nlp = pipeline(equipment=["UK M270", "RAF Typhoons", "Lockheed Martin F-35", "US"])
    assert found(
        nlp, "The UK M270 and RAF Typhoons; the Lockheed Martin F-35 and the US AN/SPY-6 radar."
    ) == [
        ("place", "UK"),
        ("equipment", "M270"),
        ("organisation", "RAF"),
        ("equipment", "Typhoons"),
        ("equipment", "Lockheed Martin F-35"),
        ("place", "US"),
        ("equipment", "AN/SPY-6"),
    ]


def test_plain_words_before_a_place_are_not_its_name() -> None:
    nlp = pipeline(place=["southern Velt", "eastern city of Orsk", "east Jerusalem"])
    assert found(nlp, "From southern Velt and the eastern city of Orsk to east Jerusalem.") == [
        ("place", "Velt"),
        ("place", "Orsk"),
        ("place", "east Jerusalem"),
    ]


def test_a_town_is_not_its_region() -> None:
    nlp = pipeline(place=["Kursk", "Donbas", "Kharkiv"])
    assert found(nlp, "From Kursk and the Kursk region to the Donbas region and Kharkiv Oblast.") == [
        ("place", "Kursk"),
        ("place", "Kursk region"),
        ("place", "Donbas"),
        ("place", "Kharkiv Oblast"),
    ]


def test_a_name_does_not_end_in_of() -> None:
    nlp = pipeline(place=["People’s Republic of", "China"], organisation=["Bank of", "England"])
    assert found(nlp, "The People’s Republic of China asked the Bank of England.") == [
        ("place", "People’s Republic of China"),
        ("organisation", "Bank of England"),
    ]


def test_a_name_does_not_end_in_and() -> None:
    nlp = pipeline(organisation=["Office of Assets and", "OFSI"])
    assert found(nlp, "The Office of Assets and OFSI.") == [
        ("organisation", "Office of Assets"),
        ("organisation", "OFSI"),
    ]


def test_a_colon_within_a_word_joins_a_name() -> None:
    nlp = pipeline(organisation=["Re", "Baltica", "Siena"], place=["Riga"])
    assert found(nlp, "Re:Baltica said. Riga:Siena. Siena: Baltica") == [
        ("organisation", "Re:Baltica"),
        ("place", "Riga"),
        ("organisation", "Siena"),
        ("organisation", "Siena"),
        ("organisation", "Baltica"),
    ]


def test_two_units_are_two_and_a_number_belongs_to_a_units_acronym() -> None:
    nlp = pipeline(
        organisation=["2nd Battalion, 4th Marines and Combat Battalion 13", "9th Marine Expeditionary Unit"]
    )
    text = "The 9th Marine Expeditionary Unit, 2nd Battalion, 4th Marines and Combat Battalion 13 join the 31st MEU."
    assert [name for _, name in found(nlp, text)] == [
        "9th Marine Expeditionary Unit",
        "2nd Battalion, 4th Marines",
        "Combat Battalion 13",
        "31st MEU",
    ]


def test_two_persons_side_by_side_are_one() -> None:
    nlp = pipeline(person=["Sumbu", "Sita Mambu", "Watch", "Velt"])
    assert found(nlp, "Sumbu Sita Mambu signed. Velt spoke. Watch Velt.") == [
        ("person", "Sumbu Sita Mambu"),
        ("person", "Velt"),
        ("person", "Watch"),
        ("person", "Velt"),
    ]


def test_a_person_in_a_byline_is_no_place() -> None:
    nlp = pipeline(person=["Ann Lee"], place=["Bergen", "Tom Velt", "Orsk Hill", "Glasgow"])
    text = "By Ann Lee in Bergen and Tom Velt in Glasgow\nIn Bergen and Orsk Hill in Norway it rained."
    assert [label for label, name in found(nlp, text) if name in ("Tom Velt", "Orsk Hill")] == [
        "person",
        "place",
    ]


def test_a_byname_behind_a_name_is_whole() -> None:
    nlp = pipeline(person=['Michel Velt "Makan', 'Michel Velt "Makan"'])
    assert found(nlp, 'Michel Velt "Makan", who fell.') == [("person", 'Michel Velt "Makan"')]


def test_a_prefix_of_ships_is_no_acronym_of_the_text() -> None:
    nlp = pipeline(organisation=["Istanbul Naval Shipyard"])
    assert found(nlp, "Istanbul Naval Shipyard (INS) and the base INS Rajali.")[:2] == [
        ("organisation", "Istanbul Naval Shipyard"),
        ("organisation", "INS"),
    ]
    assert ("organisation", "INS") not in found(nlp, "Istanbul Naval Shipyard and the base INS Rajali.")


def test_names_in_brackets_are_names_of_the_same_kind() -> None:
    nlp = pipeline(person=["Lin Mei-hua"], organisation=["Harbour Workers Union"], place=["HWU"])
    assert found(
        nlp, "Lin Mei-hua (林美華) of the Harbour Workers Union (HWU) said the HWU would strike."
    ) == [
        ("person", "Lin Mei-hua"),
        ("person", "林美華"),
        ("organisation", "Harbour Workers Union"),
        ("organisation", "HWU"),
        ("organisation", "HWU"),
    ]


def test_further_occurrences_of_a_name_are_found() -> None:
    nlp = pipeline(person=["Anna Novak"])
    assert found(nlp, "Anna Novak left. “I saw Anna Novak's car,” he said. Anna Novakova stayed.") == [
        ("person", "Anna Novak"),
        ("person", "Anna Novak"),
    ]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("Two T-72B3Ms and a 9M133 were lost.", [("equipment", "T-72B3Ms"), ("equipment", "9M133")]),
        ("The Patriot battery fired.", [("equipment", "Patriot")]),
        ("The Nimitz Carrier Strike Group left.", [("organisation", "Nimitz Carrier Strike Group")]),
    ],
)
def test_the_longer_span_wins_then_equipment_with_evidence(
    text: str, mentions: list[tuple[str, str]]
) -> None:
    nlp = pipeline(organisation=["Nimitz Carrier Strike Group", "Patriot", "T-72B3"])
    assert found(nlp, text) == mentions


def test_facts_tell_where_a_span_comes_from() -> None:
    doc = pipeline(person=["Anna Novak"])("Prime Minister Anna Novak saw a T-72B3.")
    person, tank = (facts(span) for span in doc.ents)
    assert (person.source, person.title, person.match) == (Source.MODEL, "Prime Minister", None)
    assert tank.match is not None
    assert (tank.match.family, tank.match.variant, tank.match.category) == ("T-72", "T-72B3", "tank")


def test_the_extension_of_others_is_not_touched() -> None:
    assert Span.has_extension(EXTENSION)
    assert facts(spacy.blank("en")("Kyiv")[0:1]).source is Source.MODEL


def test_labels_in_the_pipeline_are_the_kinds() -> None:
    doc = pipeline(place=["Kyiv"])("Kyiv")
    assert [Kind(span.label_) for span in doc.ents] == [Kind.PLACE]


def test_of_the_recognisers_equipment_names_are_kept_when_the_finder_has_no_opinion() -> None:
    nlp = spacy.blank("en")
    words = ["Foobar", "lorry", "Zorgon", "PODGORICA", "Lincoln", "T-72"]
    patterns = [{"label": "equipment", "pattern": word} for word in words]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.add_pipe("entityscan_names")
    nlp.add_pipe("entityscan_equipment")
    text = "PODGORICA — The ferry Zorgon met a Foobar missile, a lorry and the USS Abraham Lincoln. Lincoln left."
    doc = nlp(text)
    assert [span.text for span in doc.ents] == ["PODGORICA", "Foobar", "USS Abraham Lincoln", "Lincoln"]
    match = facts(doc.ents[2]).match
    assert match is not None
    assert (match.family, match.ship_class) == ("USS Abraham Lincoln", "Nimitz class")


@pytest.mark.parametrize(
    ("surface", "label", "found"),
    [
        ("Operation Silver Kestrel", "organisation", []),
        ("Exercise Northern Lantern", "place", []),
        ("Biden administration", "organisation", [("Biden", "person")]),
        ("Maritime Administration", "organisation", [("Maritime Administration", "organisation")]),
        ("Donbas region", "place", [("Donbas", "place")]),
        ("Kursk region", "place", [("Kursk region", "place")]),
    ],
)
def test_what_a_span_may_be(surface: str, label: str, found: list[tuple[str, str]]) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": surface}])  # type: ignore[attr-defined]
    nlp.add_pipe("entityscan_names")
    doc = nlp(f"They spoke of the {surface} on Monday.")
    assert [(span.text, span.label_) for span in doc.ents] == found


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        (
            "Russia’s Black Sea Fleet left.",
            "organisation",
            [("place", "Russia"), ("organisation", "Black Sea Fleet")],
        ),
        ("Belgrade's airport closed.", "place", [("place", "Belgrade")]),
        (
            "The Attorney General's Office spoke.",
            "organisation",
            [("organisation", "Attorney General's Office")],
        ),
        ("The Teachers' Union met.", "organisation", [("organisation", "Teachers' Union")]),
        ("Lloyd's of London paid.", "organisation", [("organisation", "Lloyd's of London")]),
    ],
)
def test_the_owner_of_a_name_is_a_name_of_its_own(
    text: str, label: str, expected: list[tuple[str, str]]
) -> None:
    surface = text.removeprefix("The ").rsplit(" ", 1)[0]
    assert found(pipeline(**{label: [surface]}), text) == expected


LONG = "The court sits again in a week, and nobody who was there expects much of it. " * 7


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (LONG + "Texaco paid. Texacos lawyers did not.", ["Texaco", "Texacos"], ["Texaco", "Texaco"]),
        (LONG + "Zorbas paid. Zorbas lawyers did not.", ["Zorbas"], ["Zorbas", "Zorbas"]),
        (
            LONG + "It's over. Texaco paid. Texacos lawyers did not.",
            ["Texaco", "Texacos"],
            ["Texaco", "Texacos"],
        ),
    ],
)
def test_a_text_that_lost_its_apostrophes(text: str, names: list[str], expected: list[str]) -> None:
    assert [surface for _, surface in found(pipeline(organisation=names), text)] == expected


@pytest.mark.parametrize(
    ("text", "label", "surface", "expected"),
    [
        ("The Tokyo Olympics begin.", "place", "Tokyo", []),
        ("The Wales Open begins.", "organisation", "Wales Open", []),
        ("The U.S. OPEN begins.", "place", "U.S.", []),
        ("The Open Society met.", "organisation", "Open Society", ["Open Society"]),
        (
            "The Institute for the Study of War said.",
            "organisation",
            "Institute for the Study of War",
            ["Institute for the Study of War"],
        ),
        ("The Dow fell.", "organisation", "Dow", []),
        ("Sen. Ann Lee, D-Ohio, spoke.", "place", "D-Ohio", []),
        ("Orsk Corp ORK rose.", "organisation", "Orsk Corp ORK", ["Orsk Corp"]),
        ("Orsk Corp SA rose.", "organisation", "Orsk Corp SA", ["Orsk Corp SA"]),
        ("Grade A rose.", "organisation", "A", []),
        ("The G7 met.", "organisation", "G7", ["G7"]),
    ],
)
def test_what_is_no_name(text: str, label: str, surface: str, expected: list[str]) -> None:
    assert [text for _, text in found(pipeline(**{label: [surface]}), text)] == expected


def test_a_plain_word_may_belong_to_a_known_name() -> None:
    nlp = pipeline(place=["Black Sea"])
    assert found(nlp, "The Black Sea fleet left the Black Sea ports.") == [
        ("organisation", "Black Sea fleet"),
        ("place", "Black Sea"),
    ]


@pytest.mark.parametrize(
    ("text", "label", "surface", "expected"),
    [
        ("The King Hussein Bridge is shut.", "place", "Hussein Bridge", "King Hussein Bridge"),
        (
            "The King Hussein University is shut.",
            "organisation",
            "Hussein University",
            "King Hussein University",
        ),
        ("King Hussein is away.", "person", "Hussein", "Hussein"),
        ("The late Shri Ahmed Patel spoke.", "person", "Shri Ahmed Patel", "Ahmed Patel"),
    ],
)
def test_a_title_belongs_to_what_is_called_after_its_bearer(
    text: str, label: str, surface: str, expected: str
) -> None:
    assert [text for _, text in found(pipeline(**{label: [surface]}), text)] == [expected]


@pytest.mark.parametrize(
    ("sentence", "found_too"),
    [
        ("Torvik’s crews came.", True),
        ("Commodore Torvik came.", True),
        ("They came to Fort Torvik.", False),
        ("They came to Torvik Street.", False),
        ("They came with a torvik; Torvik did not.", False),
    ],
)
def test_the_surname_of_a_person_is_found_where_it_stands_alone(sentence: str, found_too: bool) -> None:
    nlp = pipeline(person=["Anna Torvik"])
    surfaces = [surface for _, surface in found(nlp, f"Anna Torvik waited. {sentence}")]
    assert surfaces == ["Anna Torvik", *(["Torvik"] if found_too else [])]


@Language.component("entityscan_test_unsure")
def unsure(doc: Doc) -> Doc:
    if not Span.has_extension("entityscan_score"):
        Span.set_extension("entityscan_score", default=None)
    for span in doc.ents:
        span._.entityscan_score = 0.5
    return doc


def test_a_repeat_is_no_surer_than_the_name_that_it_repeats() -> None:
    text = "The Quandary was seen. The Quandary left."
    sure = pipeline(equipment=["Quandary"])
    assert found(sure, text) == [("equipment", "Quandary")] * 2
    sure.add_pipe("entityscan_test_unsure", before="entityscan_names")
    assert found(sure, text) == []


def test_a_company_by_what_it_does_is_no_place() -> None:
    nlp = pipeline(place=["Brinelta", "Tarsin"])
    assert found(nlp, "Brinelta builds ferries near Tarsin. Brinelta is old.") == [
        ("organisation", "Brinelta"),
        ("place", "Tarsin"),
        ("organisation", "Brinelta"),
    ]


def test_a_club_is_an_organisation_and_its_town_is_not() -> None:
    nlp = pipeline(place=["NK Velje", "Velje"])
    assert found(nlp, "NK Velje won in Velje.") == [("organisation", "NK Velje"), ("place", "Velje")]


def test_an_acronym_of_an_organisation_of_the_text_is_found_but_not_in_a_headline() -> None:
    nlp = pipeline(organisation=["World Health Organization", "Ministry of Defence"], equipment=["MoD"])
    text = "WE KNOW WHO IT IS\nThe World Health Organization and the Ministry of Defence met. MoD and WHO agreed."
    assert found(nlp, text)[2:] == [("organisation", "MoD"), ("organisation", "WHO")]


def test_a_name_that_the_text_has_whole_is_not_found_in_pieces() -> None:
    names = [Found(0, 8, Kind.ORGANISATION, SpanFacts()), Found(9, 16, Kind.PLACE, SpanFacts())]
    whole = Found(0, 16, Kind.ORGANISATION, SpanFacts())
    assert list(covering(names, [whole])) == [whole]
    assert not list(covering(names, [Found(0, 12, Kind.ORGANISATION, SpanFacts())]))  # it cuts a name in two


def test_honorifics_and_codes_of_stocks_are_cut() -> None:
    nlp = pipeline(person=["Emi Sato"], place=["Sato-san"], organisation=["Orsk Mills", "ORSK"])
    assert found(nlp, "Orsk Mills (ORSK.L) hired Emi Sato. Sato-san left.") == [
        ("organisation", "Orsk Mills"),
        ("person", "Emi Sato"),
        ("person", "Sato"),
    ]


def test_a_weapon_that_is_a_maker_or_a_force_is_an_organisation() -> None:
    nlp = pipeline(equipment=["Damen", "Kriegsmarine"])
    assert found(nlp, "The frigate was built with Damen. The Kriegsmarine had none.") == [
        ("equipment", "frigate"),
        ("organisation", "Damen"),
        ("organisation", "Kriegsmarine"),
    ]


def test_a_weapon_by_the_letters_of_its_name() -> None:
    nlp = pipeline(equipment=["Foobar Squad Vehicle"])
    text = "The army has the Foobar Squad Vehicle. FSVs are quiet."
    assert found(nlp, text) == [("equipment", "Foobar Squad Vehicle"), ("equipment", "FSVs")]


def test_a_place_in_an_events_name_and_a_channel_are_no_mentions() -> None:
    nlp = pipeline(place=["Dubai"], organisation=["WhatsApp"])
    text = "He wrote on WhatsApp from Dubai. The Dubai Airshow opens. WhatsApp is a company."
    assert [(span.start_char, span.text) for span in nlp(text).ents] == [
        (text.index("Dubai"), "Dubai"),
        (text.rindex("WhatsApp"), "WhatsApp"),
    ]


def test_a_seat_behind_a_known_company_is_a_place() -> None:
    nlp = pipeline(organisation=["AM General of South Bend", "Bank of America"])
    assert found(nlp, "AM General of South Bend owes the Bank of America.") == [
        ("organisation", "AM General"),
        ("place", "South Bend"),
        ("organisation", "Bank of America"),
    ]


def test_a_korean_name_has_its_last_syllable() -> None:
    nlp = pipeline(person=["Ri Hyong", "Lee Mason"])
    assert ("person", "Ri Hyong Son") in found(nlp, "In Pyongyang, Ri Hyong Son of the party met him.")
    assert found(nlp, "He met Lee Mason Sunday.") == [("person", "Lee Mason")]


def test_the_first_word_of_a_company_of_the_text_is_the_company() -> None:
    nlp = pipeline(place=["Aurelia", "Poland"], organisation=["Aurelia Shipping", "Poland Trading"])
    assert found(nlp, "Aurelia Shipping and Poland Trading met. Aurelia left Poland.")[2:] == [
        ("organisation", "Aurelia"),
        ("place", "Poland"),
    ]


def test_a_country_in_a_headline_in_capitals_is_whole() -> None:
    nlp = pipeline(place=["NORTH"])
    assert found(nlp, "NORTH KOREA SHOWS OFF") == [("place", "NORTH KOREA")]


def test_a_place_of_several_words_that_speaks_is_a_person() -> None:
    nlp = pipeline(place=["Giorgos Skaras", "South Africa", "Novi Kraj", "Hakan Fidan"])
    text = "Giorgos Skaras said no. South Africa said yes. In Novi Kraj wanted men hid. He met Hakan Fidan."
    assert found(nlp, text) == [
        ("person", "Giorgos Skaras"),
        ("place", "South Africa"),
        ("place", "Novi Kraj"),
        ("person", "Hakan Fidan"),
    ]


def test_a_title_does_not_reach_into_the_name_before_it() -> None:
    text = "Vanuatu Defence Force spokesman Jean Sela spoke."
    nlp = pipeline(organisation=["Vanuatu Defence Force"], person=["Jean Sela"])
    titles = {span.text: span._.entityscan.title for span in nlp(text).ents}
    assert titles == {"Vanuatu Defence Force": "", "Jean Sela": "spokesman"}


def test_an_agency_in_a_dateline_is_no_acronym_of_the_town() -> None:
    nlp = pipeline(place=["OSLO"])
    assert found(nlp, "OSLO (NTB) — A court ruled.") == [("place", "OSLO"), ("organisation", "NTB")]


def test_names_in_a_text_without_capitals_are_kept() -> None:
    text = "went past rukla today and the whole road was shut for hours"
    assert found(pipeline(place=["rukla"]), text) == [("place", "rukla")]
    assert found(pipeline(place=["rukla"]), f"Later We {text}") == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("They lost a Leopard IV near Kyiv.", "Leopard IV"),
        ("The F414-KM-7 engine is new.", "F414-KM-7"),
        ("A Leopard 2A6 drove past.", "Leopard 2A6 drove"),
    ],
)
def test_the_end_of_a_designation_that_no_list_has_belongs_to_it(text: str, whole: str) -> None:
    mentions = found(pipeline(equipment=[whole]), text)
    assert (("equipment", whole) in mentions) == ("drove" not in whole)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The division of Gen. Arkadiusz Szkutnik holds.", "person"),
        ("The division of Arkadiusz Szkutnik holds.", "organisation"),
        ("They met Minister Amnesty International.", "organisation"),
    ],
)
def test_an_unsure_name_behind_a_title_is_a_persons(text: str, expected: str) -> None:
    surface = "Arkadiusz Szkutnik" if "Szkutnik" in text else "Amnesty International"
    nlp = pipeline(organisation=[surface])
    nlp.add_pipe("entityscan_test_unsure", before="entityscan_names")
    assert (expected, surface) in found(nlp, text)
