"""The equipment finder: tables of sentences first, then properties and hostile input."""

import csv
import re
import time
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from entityscan.equipment import EquipmentFinder, Match
from entityscan.equipment.lexicon import load_ship_classes
from entityscan.gazetteer import Family, load_categories, load_equipment
from entityscan.records import Source

FAMILIES = (
    Family("T-72", "tank", "RU", (), ("T-72B3",), (), False, ("test",)),
    Family("T-80", "tank", "RU", (), (), (), False, ("test",)),
    Family("T-90", "tank", "RU", (), (), (), False, ("test",)),
    Family("Leopard 2", "tank", "DE", (), ("Leopard 2A6",), ("Leopard",), False, ("test",)),
    Family("M1 Abrams", "tank", "US", (), ("M1A2",), ("Abrams", "M1"), False, ("test",)),
    Family("Challenger 2", "tank", "GB", (), (), ("Challenger",), False, ("test",)),
    Family("Marder", "ifv", "DE", (), ("Marder 1A3",), (), False, ("test",)),
    Family("Puma", "ifv", "DE", (), (), ("Puma",), False, ("test",)),
    Family("SA 330 Puma", "helicopter", "FR", (), (), ("Puma",), False, ("test",)),
    Family("F-16 Fighting Falcon", "fighter", "US", ("F-16",), (), (), False, ("test",)),
    Family("F-35 Lightning II", "fighter", "US", ("F-35",), ("F-35B",), (), False, ("test",)),
    Family("Su-30", "fighter", "RU", (), (), (), False, ("test",)),
    Family("Su-35", "fighter", "RU", (), (), (), False, ("test",)),
    Family("B-52 Stratofortress", "bomber", "US", ("B-52",), ("B-52H",), (), False, ("test",)),
    Family("MQ-9 Reaper", "uav", "US", ("MQ-9",), (), ("Reaper",), False, ("test",)),
    Family("M142 HIMARS", "mlrs", "US", ("HIMARS", "M142"), (), (), False, ("test",)),
    Family(
        "9K720 Iskander", "ballistic_missile", "RU", ("Iskander", "9K720"), ("Iskander-M",), (), False, ()
    ),
    Family("Storm Shadow", "cruise_missile", "GB", ("SCALP-EG", "SCALP"), (), (), False, ("test",)),
    Family("Harpoon", "anti_ship_missile", "US", ("AGM-84",), (), ("Harpoon",), False, ("test",)),
    Family("MIM-104 Patriot", "air_defence", "US", (), ("PAC-3",), ("Patriot",), False, ("test",)),
    Family("S-400", "air_defence", "RU", ("SA-21", "SA-21 Growler"), (), (), False, ("test",)),
    Family("FGM-148 Javelin", "anti_tank_missile", "US", ("FGM-148",), (), ("Javelin",), False, ("test",)),
    Family("Shahed-136", "loitering_munition", "IR", ("Geran-2",), (), (), False, ("test",)),
    Family("Fattah-1", "hypersonic_missile", "IR", (), (), (), False, ("test",)),
    Family("Kilo-class submarine", "submarine", "RU", ("Project 877",), (), (), False, ("test",)),
    Family("Arleigh Burke-class destroyer", "destroyer", "US", (), (), (), False, ("test",)),
    Family("Type 052", "destroyer", "CN", ("Luyang class", "Type 052 Luyang"), (), (), False, ("test",)),
    Family("M2 Bradley", "ifv", "US", ("M2A2 Bradley",), ("M2A2",), ("Bradley", "M2"), False, ("test",)),
    Family("J-20", "fighter", "CN", (), ("J-20S",), (), False, ("test",)),
    Family("Moskva", "cruiser", "RU", (), (), ("Moskva",), True, ("test",)),
    Family("Voronezh radar", "radar", "RU", (), (), (), False, ("test",)),
)
WAR = "The army and the air force fought on; troops and soldiers held the front in the war. "


@pytest.fixture(scope="module")
def finder() -> EquipmentFinder:
    return EquipmentFinder(FAMILIES)


@pytest.fixture(scope="module")
def shipped() -> EquipmentFinder:
    return EquipmentFinder()


def named(finder: EquipmentFinder, text: str) -> list[tuple[str, str, str]]:
    return [(m.text, m.family, m.variant) for m in finder.find(text) if not m.generic]


def generic(finder: EquipmentFinder, text: str) -> list[tuple[str, str]]:
    return [(m.text, m.family) for m in finder.find(text) if m.generic]


NAMES = [
    # sentence, [(mention, family, variant)]
    ("A T-72 burnt.", [("T-72", "T-72", "")]),
    ("A T72 burnt near T 72 wrecks of the army.", [("T72", "T-72", ""), ("T 72", "T-72", "")]),
    ("Ten T-72B3Ms burnt.", [("T-72B3Ms", "T-72", "T-72B3M")]),
    ("the T-72's gun", [("T-72", "T-72", "")]),
    ("T-72 and T-80 tanks", [("T-72", "T-72", ""), ("T-80", "T-80", "")]),
    ("Т‑72 tanks", [("Т‑72", "T-72", "")]),
    ("Leopard 2A6 tanks arrived.", [("Leopard 2A6", "Leopard 2", "Leopard 2A6")]),
    ("M2A2 Bradleys", [("M2A2 Bradleys", "M2 Bradley", "M2A2")]),
    ("two J-20s of the army", [("J-20s", "J-20", "")]),
    ("14 Leopard 2A9s arrived.", [("Leopard 2A9s", "Leopard 2", "Leopard 2A9")]),
    ("a LEOPARD 2 TANK", [("LEOPARD 2", "Leopard 2", "")]),
    ("Kyiv asked for F-16 jets.", [("F-16", "F-16 Fighting Falcon", "")]),
    ("F-16s flew.", [("F-16s", "F-16 Fighting Falcon", "")]),
    ("An F-16 Fighting Falcon flew.", [("F-16 Fighting Falcon", "F-16 Fighting Falcon", "")]),
    ("An F-16CM flew.", [("F-16CM", "F-16 Fighting Falcon", "F-16CM")]),
    ("a Lockheed Martin F-35 Lightning II", [("Lockheed Martin F-35 Lightning II", "F-35 Lightning II", "")]),
    ("a B-52H Stratofortress", [("B-52H Stratofortress", "B-52 Stratofortress", "B-52H")]),
    ("an MQ-9 Reaper drone", [("MQ-9 Reaper", "MQ-9 Reaper", "")]),
    ("the M142 HIMARS launcher", [("M142 HIMARS", "M142 HIMARS", "")]),
    ("HIMARS' range, and Himars in the army", [("HIMARS", "M142 HIMARS", ""), ("Himars", "M142 HIMARS", "")]),
    ("a 9K720 Iskander-M", [("9K720 Iskander-M", "9K720 Iskander", "Iskander-M")]),
    ("the army's Iskander-K", [("Iskander-K", "9K720 Iskander", "Iskander-K")]),
    ("an AGM-84L Harpoon Block II", [("AGM-84L Harpoon Block II", "Harpoon", "AGM-84L Block II")]),
    ("Storm Shadow/SCALP-EG", [("Storm Shadow", "Storm Shadow", ""), ("SCALP-EG", "Storm Shadow", "")]),
    ("Su-30 and -35s", [("Su-30", "Su-30", ""), ("-35s", "Su-35", "")]),
    ("Il-76/78 planes", [("Il-76", "Il-76", ""), ("78", "Il-78", "")]),
    ("S-400 (SA-21 Growler)", [("S-400", "S-400", ""), ("SA-21 Growler", "S-400", "")]),
    ("Geran-2 (Shahed-136)", [("Geran-2", "Shahed-136", ""), ("Shahed-136", "Shahed-136", "")]),
    ("the Fattah-2 missile", [("Fattah-2", "Fattah-2", "")]),
    ("the Su-75 jet", [("Su-75", "Su-75", "")]),
    ("a Kilo-class submarine", [("Kilo-class", "Kilo-class submarine", "")]),
    ("two Type 052 Luyang-class destroyers", [("Type 052 Luyang-class", "Type 052", "")]),
    ("a Kilo II-class submarine", [("Kilo II-class", "Kilo-class submarine", "Kilo II-class")]),
    ("ABOARD USS FORT WORTH IN THE JAVA SEA", [("USS FORT WORTH", "USS FORT WORTH", "")]),
    ("a Kilo class submarine", [("Kilo class", "Kilo-class submarine", "")]),
    ("the navy's Sumner-class destroyers", [("Sumner-class", "Sumner-class", "")]),
    ("a Russian Gremyashchiy-class corvette of the navy", [("Gremyashchiy-class", "Gremyashchiy-class", "")]),
    ("the USS Carney sailed", [("USS Carney", "USS Carney", "")]),
    (
        "the destroyer USS Michael Murphy (DDG 112)",
        [("USS Michael Murphy", "USS Michael Murphy", ""), ("DDG 112", "USS Michael Murphy", "")],
    ),
    ("the destroyer Guilin of the Chinese navy", [("Guilin", "Guilin", "")]),
    ("Marder infantry-fighting vehicles for the army", [("Marder", "Marder", "")]),
    (
        "the army's F-16Cs and Ds",
        [("F-16Cs", "F-16 Fighting Falcon", "F-16C"), ("Ds", "F-16 Fighting Falcon", "F-16D")],
    ),
    ("a Harpoon Block IC missile", [("Harpoon Block IC", "Harpoon", "Harpoon Block IC")]),
    ("HNLMS Tromp (F803) sailed", [("HNLMS Tromp", "HNLMS Tromp", ""), ("F803", "HNLMS Tromp", "")]),
    ("a Foobar 50 drone of the army", [("Foobar 50", "Foobar 50", "")]),
    ("the army lost decoys named Foobar", [("Foobar", "Foobar", "")]),
    ("the submarine Foo-on-Bar of the navy", [("Foo-on-Bar", "Foo-on-Bar", "")]),
]

REFUSED = [
    "A leopard ran through the forest.",
    "General Omar Bradley spoke to Mr Abrams about the Patriot Act.",
    "The Boeing 737 and the Airbus A320 landed with 180 passengers.",
    "COVID-19, the G-20 and the M25 made news on 9/11, 24/7.",
    "First-class and business-class seats, a world-class team, an A-level.",
    "She drove a Mercedes S-Class to the Puma store.",
    "They met in Voronezh, in May.",
    "The Nimitz Carrier Strike Group",
    "MI6 officers bought MP3 players in a B2B deal.",
    "The Javelin champion threw the javelin 90 metres.",
    "The S-1 form and the P-1 visa",
    "On July 14 missiles hit the army; Flight 752 planes, Hezbollah rockets, Mach 5 missiles.",
    "The army watched the oil tanker Moskva Star and the Leopard fighters.",
    "The army and navy guarded the G-7 summit; troops of the war met the flag carrier Aegean Airlines.",
    "The fund gave SR10 billion, F-16,000 and T-72.5 to the National Water Carrier Project.",
]


@pytest.mark.parametrize(("text", "expected"), NAMES)
def test_find_names(finder: EquipmentFinder, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert named(finder, text) == expected


SPELLED = [
    # sentence, [(mention, family, variant)]; the catalogue that ships
    ("Phoenix missiles and a Lynx helicopter", [("Phoenix", "AIM-54 Phoenix", ""), ("Lynx", "Westland Lynx", "")]),
    ("the 9K720/9M723 and Tu-22M3/M3M", [("9K720", "Iskander", ""), ("9M723", "Iskander", ""), ("Tu-22M3/M3M", "Tu-22M", "Tu-22M3/M3M")]),
    ("T-72M/M1/M1Rs and UH-60A/Ls", [("T-72M/M1/M1Rs", "T-72", "T-72M/M1/M1R"), ("UH-60A/Ls", "UH-60 Black Hawk", "UH-60A/L")]),
    ("T-72B/BMP-2 columns", [("T-72B", "T-72", "T-72B"), ("BMP-2", "BMP-2", "")]),
    ("F-15s and 16s of the army", [("F-15s", "F-15", ""), ("16s", "F-16", "")]),
    ("two Type 23 class frigates", [("Type 23 class", "Type 23", "")]),
    ("IRIS T-SLM and SAMP-T launchers", [("IRIS T-SLM", "IRIS-T SLM", ""), ("SAMP-T", "SAMP/T", "")]),
    ("Lockheed Martin Corp. F-35C jets", [("Lockheed Martin Corp. F-35C", "F-35", "F-35C")]),
    ("the frigates HMS Argyll and Westminster", [("HMS Argyll", "HMS Argyll", ""), ("Westminster", "HMS Westminster", "")]),
    ("HMS Diamond and London", [("HMS Diamond", "HMS Diamond", "")]),
    ("the frigates Tughril, Taimur and Shah Jahan", [("Tughril", "PNS Tughril", ""), ("Taimur", "PNS Taimur", ""), ("Shah Jahan", "PNS Shah Jahan", "")]),
    ("USS Dwight D Eisenhower", [("USS Dwight D Eisenhower", "USS Dwight D. Eisenhower", "")]),
    ("USS Gerald R. Ford sailed. The USS Ford (CVN-78) came back.", [
        ("USS Gerald R. Ford", "USS Gerald R. Ford", ""),
        ("USS Ford", "USS Gerald R. Ford", ""),
        ("CVN-78", "USS Gerald R. Ford", ""),
    ]),
    ("AIM-120C-5 missiles; a C5 was fired by the army.", [("AIM-120C-5", "AIM-120 AMRAAM", "AIM-120C-5"), ("C5", "AIM-120 AMRAAM", "AIM-120C-5")]),
    ("China's third aircraft carrier, the Fujian, left Shanghai.", [("Fujian", "Fujian", "")]),
    ("RAF Typhoons took off.", [("Typhoons", "Eurofighter Typhoon", "")]),
    ("Aegis destroyers of the navy", [("Aegis", "Aegis", "")]),
    ("Javelin is an anti-tank guided missile.", [("Javelin", "Javelin", "")]),
    ("FS Provence escorted a tanker.", [("FS Provence", "Provence (frigate)", "")]),
    ("The frigate KD Sri Contoh sailed with the navy.", [("KD Sri Contoh", "KD Sri Contoh", "")]),
    ("Pirates off the coast fired at the navy. Humvees and AMRAAMs went to the army.", [
        ("Humvees", "Humvee", ""), ("AMRAAMs", "AIM-120 AMRAAM", ""),
    ]),
    ("IL-2 was given to patients.", []),
    ("A fishing vessel named Salim fired at the navy; the warship Sukanya, INS Sukanya of the Sukanya class", [
        ("Sukanya", "Sukanya", ""), ("INS Sukanya", "INS Sukanya", ""), ("Sukanya class", "Sukanya class", ""),
    ]),
    ("The Type 095 submarine and the Type 95", [("Type 095", "Type 095", ""), ("Type 95", "Type 095", "")]),
    ("the Xi’an Y-20 of the army", [("Xi’an Y-20", "Y-20", "")]),
    ("a Predator drone of the army", [("Predator", "MQ-1 Predator", "")]),
    ("ARM Holdings, JS Bach and RSS Chief Mohan Bhagwat", []),
    ("The Desert Warriors failed to reach the World Cup.", []),
    ("HMS Lancaster Commanding Officer Chris Sharp", [("HMS Lancaster", "HMS Lancaster", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SPELLED)
def test_find_spellings_of_the_catalogue(
    shipped: EquipmentFinder, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert named(shipped, text) == expected


@pytest.mark.parametrize("text", REFUSED)
def test_find_refuses(finder: EquipmentFinder, text: str) -> None:
    assert named(finder, text) == []


AMBIGUOUS = [
    ("Germany sent Leopard tanks.", ["Leopard"]),
    ("Leopards, Abrams and Challengers", ["Leopards", "Abrams", "Challengers"]),
    ("They pledged 14 Leopards.", ["Leopards"]),
    ("A Patriot battery shot down the rest.", ["Patriot"]),
    ("The Leopard 2 came; each Leopard was repaired.", ["Leopard 2", "Leopard"]),
    ("They fired anti-ship missiles such as the Harpoon at the port.", ["Harpoon"]),
    ("The Moskva sank in the Black Sea.", ["Moskva"]),
    ("The cruiser Moskva was hit.", ["Moskva"]),
    ("The Voronezh radar was hit.", ["Voronezh"]),
    ("They hit an Abrams and a Leopard.", ["Abrams", "Leopard"]),
    ("They sent 155mm shells, Bradleys and radars.", ["Bradleys"]),
    ("The Bradley crews, Six Luftwaffe Leopards.", ["Bradley", "Leopards"]),
    ("The navy lost the Moskva, a year later.", ["Moskva"]),
    ("A Leopard club met.", []),
    ("Mr Abrams, a diplomat, praised the deal.", []),
    ("Elliott Abrams met Sergeant Bradley.", []),
    ("Abrams said he would visit.", []),
    ("The league's Leopard striker scored.", []),
]


@pytest.mark.parametrize(("text", "expected"), AMBIGUOUS)
def test_find_weighs_evidence(finder: EquipmentFinder, text: str, expected: list[str]) -> None:
    found = [m.text for m in finder.find(WAR + text) if not m.generic]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("a Puma helicopter of the army", "SA 330 Puma"),
        ("Puma infantry fighting vehicles of the army", "Puma"),
    ],
)
def test_find_tells_shared_names_apart_by_class_noun(finder: EquipmentFinder, text: str, family: str) -> None:
    assert [m.family for m in finder.find(text) if not m.generic] == [family]


def test_find_joins_hull_number_and_full_name_of_a_ship(finder: EquipmentFinder) -> None:
    text = WAR + "The USS Nitze (DDG 94) sailed. DDG-94 came back; Nitze was hit. DDG 95 was not."
    found = [(m.text, m.family) for m in finder.find(text) if not m.generic]
    assert found[:3] == [("USS Nitze", "USS Nitze"), ("DDG 94", "USS Nitze"), ("DDG-94", "USS Nitze")]
    assert found[-1] == ("DDG 95", "DDG-95")


def test_find_joins_the_short_name_of_a_ship(finder: EquipmentFinder) -> None:
    text = WAR + "The USS Abraham Lincoln left port. The Lincoln sailed east. Then Abraham Lincoln turned. "
    text += "It is named after Abraham Lincoln. President Abraham Lincoln was shot."
    found = [m for m in finder.find(text) if not m.generic]
    assert [m.text for m in found] == ["USS Abraham Lincoln", "Lincoln", "Abraham Lincoln"]
    assert {m.family for m in found} == {"USS Abraham Lincoln"}


GENERIC = [
    ("three Russian missiles", [("missiles", "missile")]),
    ("long-range cruise missiles", [("long-range cruise missiles", "long-range cruise missile")]),
    ("long range cruise missiles", [("long range cruise missiles", "long-range cruise missile")]),
    ("ballistic and cruise missiles", [("cruise missiles", "cruise missile")]),
    ("155mm artillery shells", [("155mm artillery shells", "155mm artillery shell")]),
    ("FPV drones", [("FPV drones", "fpv drone")]),
    ("UAVs hit; unmanned aerial vehicles hit", [("UAVs", "drone"), ("unmanned aerial vehicles", "drone")]),
    (
        "armored vehicles, armoured vehicles",
        [("armored vehicles", "armoured vehicle"), ("armoured vehicles", "armoured vehicle")],
    ),
    ("an air-defense system", [("air-defense system", "air defence system")]),
    ("missile strikes and a drone attack", [("missile", "missile"), ("drone", "drone")]),
    ("missile defence, air defences, a carrier group", []),
    ("a think tank, a fish tank, an oil tanker", []),
    ('"kamikaze" drones', [('"kamikaze" drones', "kamikaze drone")]),
    ("a destroyer; the destroyer of peace", [("destroyer", "destroyer")]),
    ("the suicide bomber", []),
    (
        "beyond-visual-range air-to-air missiles (BVRAAM), and two BVRAAMs",
        [
            ("beyond-visual-range air-to-air missiles", "beyond-visual-range air-to-air missile"),
            ("BVRAAM", "beyond-visual-range air-to-air missile"),
            ("BVRAAMs", "beyond-visual-range air-to-air missile"),
        ],
    ),
    ("missiles (NATO)", [("missiles", "missile")]),
    ("ready to supply 155mm shells", [("155mm shells", "155mm shell")]),
    ("able to test long-range missiles", [("long-range missiles", "long-range missile")]),
    ("two 1,000-lb bombs", [("1,000-lb bombs", "bomb")]),
    ("6x6 carriers for the army", [("6x6 carriers", "armoured personnel carrier")]),
    ("a Landing Platform Dock", [("Landing Platform Dock", "landing platform dock")]),
    ("flares and chaff", [("flares", "decoy flare")]),
    ("solar flares", []),
    ("they can mine the strait", []),
    ("a gun-runner and a frigate captain", []),
    ("U-boats and FPVs", [("U-boats", "submarine"), ("FPVs", "fpv drone")]),
    ("systems—guns that move", [("guns", "gun")]),
    ("mortar fire", [("mortar", "mortar")]),
    ("military drones and 500-pound bombs", [("military drones", "drone"), ("500-pound bombs", "bomb")]),
    (
        "a rocket-launched drone by the Coast Guard cutter",
        [("rocket-launched drone", "rocket-launched drone"), ("cutter", "cutter")],
    ),
    ("mortar and pestle, bricks and mortar, shell companies, rebel fighters, a loose cannon", []),
    ("uncrewed aerial systems and UAVs", [("uncrewed aerial systems", "drone"), ("UAVs", "drone")]),
    ("Sea mines, naval mines", [("Sea mines", "naval mine"), ("naval mines", "naval mine")]),
    ("The army paid Raytheon Missiles and Defense.", []),
    ("the latest round of talks", []),
    ("That house of mine", []),
    ("a coal mine", []),
    ("submarine cables", []),
    ("cargo ships and fishing boats", []),
    ("Marder infantry fighting vehicles", []),
    ("the aircraft carrier USS Nimitz", []),
    ("four destroyers, the USS Gravely", [("destroyers", "destroyer")]),
]


@pytest.mark.parametrize(("text", "expected"), GENERIC)
def test_find_common_nouns(finder: EquipmentFinder, text: str, expected: list[tuple[str, str]]) -> None:
    assert generic(finder, WAR + text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The plane with 200 passengers landed; the airline and its passengers thanked the airliner's crew.",
        "The water tank leaked, and the stock rocketed after the bomb of a film.",
        "He bought a gun cabinet, a tank top and shells from the beach.",
        "The soldiers fled in seven Land Cruisers, ADS-B data of the army showed.",
        "The army watched the tanker Ceres and its owner.",
    ],
)
def test_find_leaves_civil_texts_alone(shipped: EquipmentFinder, text: str) -> None:
    assert shipped.find(text) == []


def test_explain_shows_the_evidence_for_and_against(finder: EquipmentFinder) -> None:
    text = WAR + "A T-72 and Leopard tanks passed General Omar Bradley. The Javelin champion won."
    found = [(row.match.text, row.accepted, row.why) for row in finder.explain(text)]
    assert found == [
        ("T-72", True, "the name means nothing else"),
        ("Leopard", True, "class noun beside it (tank)"),
        ("Bradley", False, "surname of a person in the text"),
        ("Javelin", False, "civil sentence"),
    ]


def test_explain_agrees_with_find(shipped: EquipmentFinder) -> None:
    text = (
        WAR + "The USS Abraham Lincoln left; the Lincoln sailed. Patriots fired, an Abrams burnt near Kursk."
    )
    accepted = [row.match for row in shipped.explain(text) if row.accepted]
    assert accepted == [match for match in shipped.find(text) if not match.generic]
    assert accepted


SHIP_CLASSES = [
    ("The USS Carney (DDG-64) sailed; the Carney came back.", "USS Carney", "Arleigh Burke class"),
    ("The navy lost the cruiser Moskva.", "Moskva", "Slava class"),
    (
        "The navy sent USS Foobar (DDG 900), an Arleigh Burke-class destroyer.",
        "USS Foobar",
        "Arleigh Burke class",
    ),
    ("The navy lost the Kilo-class submarine Foobar in port.", "Foobar", "Kilo class"),
    ("Kilo-class submarines, USS Foobar and others sailed.", "USS Foobar", ""),
    ("USS Foobar fired at a Kilo-class submarine.", "USS Foobar", ""),
]


@pytest.mark.parametrize(("text", "ship", "expected"), SHIP_CLASSES)
def test_class_of_a_ship(shipped: EquipmentFinder, text: str, ship: str, expected: str) -> None:
    found = {m.ship_class for m in shipped.find(WAR + text) if m.family == ship}
    assert found == {expected}


def test_classes_and_their_ships_are_in_the_catalogue() -> None:
    families = {family.name: family for family in load_equipment()}
    spellings = {
        spelling for family in load_equipment() if family.individual for spelling in family.spellings
    }
    for ship, name in load_ship_classes().items():
        assert name in families, name
        assert "-" in ship or ship in spellings, ship
    assert len(load_ship_classes().keys() & spellings) > 300


def test_match_tells_source_and_certainty(finder: EquipmentFinder) -> None:
    [tank, drone, jet] = finder.find(WAR + "A T-72, a drone and the Su-75 were lost.")
    assert (tank.source, tank.category, tank.origin, tank.certain) == (Source.CATALOGUE, "tank", "RU", True)
    assert (drone.source, drone.category, drone.generic, drone.certain) == (
        Source.LEXICON,
        "uav",
        True,
        False,
    )
    assert (jet.source, jet.category, jet.certain) == (Source.PATTERN, "fighter", True)


DESCRIBED = [
    # surface, what follows, family, category, generic
    ("Marder", " infantry-fighting vehicles", "Marder", "ifv", False),
    ("T-72B3s", "", "T-72", "tank", False),
    ("Puma", " helicopters", "SA 330 Puma", "helicopter", False),
    ("Foobar", " missile hit", "Foobar", "missile", False),
    ("Foobar", " was hit", "Foobar", "", False),
    ("Foobar-9s", "", "Foobar-9", "", False),
    ("FOOB 1.1", " drone", "FOOB", "uav", False),
    ("tanks", "", "tank", "tank", True),
    ("Foobar Missile", " hit", "Foobar Missile", "", False),
    ("cruise missiles", "", "cruise missile", "cruise_missile", True),
]


@pytest.mark.parametrize(("surface", "after", "family", "category", "is_generic"), DESCRIBED)
def test_describe(
    finder: EquipmentFinder, surface: str, after: str, family: str, category: str, is_generic: bool
) -> None:
    match = finder.describe(surface, after)
    assert match is not None
    assert (match.text, match.start, match.end) == (surface, 0, len(surface))
    assert (match.family, match.category, match.generic) == (family, category, is_generic)


def test_describe_has_nothing_to_say_of_punctuation_makers_and_civil_ships(finder: EquipmentFinder) -> None:
    assert finder.describe(" - ") is None
    assert finder.describe("Lockheed Martin") is None
    assert finder.describe("Foobar", before="the container ship ") is None
    assert finder.describe("Foobar", before="the frigate ") is not None


def test_describe_takes_no_part_of_a_name_that_means_other_things(shipped: EquipmentFinder) -> None:
    match = shipped.describe("Foobar Polar Bear")
    assert match is not None
    assert (match.family, match.source) == ("Foobar Polar Bear", Source.MODEL)


def check(text: str, matches: list[Match]) -> None:
    end = 0
    for match in matches:
        assert end <= match.start < match.end <= len(text)
        assert text[match.start : match.end] == match.text
        assert "\n" not in match.text
        end = match.end


PIECES = st.sampled_from(
    "T-72 F-16s Leopard 2 A6 Abrams missiles drone - / ( ) , . \n the USS DDG 112 class -class Kilo and "
    "Harpoon Block II 155mm long-range “ ” 's Su-30 Т ‑ tank Lockheed Martin Puma helicopter said".split(" ")
)


@given(st.text())
def test_matches_are_slices_in_order(shipped: EquipmentFinder, text: str) -> None:
    check(text, shipped.find(text))


@settings(max_examples=300)
@given(st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " ", "-", "\n"])), max_size=40))
@example(pieces=[("Lockheed", "\n"), ("Martin", " "), ("T-72", "")])
@example(pieces=[("Lockheed", " "), ("Martin", " "), ("Corp", "\n"), ("F-35", "")])
def test_matches_of_fragments_are_slices_in_order(
    shipped: EquipmentFinder, pieces: list[tuple[str, str]]
) -> None:
    text = "".join(piece + joint for piece, joint in pieces)
    check(text, shipped.find(text))


@given(st.text(max_size=40), st.text(max_size=40))
def test_describe_takes_any_text(shipped: EquipmentFinder, surface: str, after: str) -> None:
    match = shipped.describe(surface, after)
    assert (match is None) == (not any(c.isalnum() for c in surface)) or match is not None


HOSTILE = [
    "T-72/", "A", "a-", "Leopard ", "USS ", "USS A. ", "F/A-", "(DDG 112) ", "-class ", "Kilo ", "long-range ",
    "missile ", "the Lincoln USS Abraham Lincoln ", "S-300/400/", "Abrams, ", '"', "Block II ", "1,", "drones", "\n",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_twice_the_text_takes_at_most_about_twice_the_time(shipped: EquipmentFinder, unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            shipped.find(text)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40_000) < 3.2 * seconds(20_000) + 0.05


@pytest.mark.parametrize(
    ("surface", "after", "family"),
    [
        ("AK - 47s", " of theirs", "AK-47"),
        ("tomahawk", " missiles", "Tomahawk"),
        ("tomahawk", " chop", "tomahawk"),
        ("Virginia", " and Yasen classes", "Virginia class"),
        ("Virginia", " and its coast", "Virginia"),
        ("FSX", "", "F-2"),
    ],
)
def test_describe_finds_a_name_that_the_text_spells_otherwise(
    shipped: EquipmentFinder, surface: str, after: str, family: str
) -> None:
    match = shipped.describe(surface, after)
    assert match is not None
    assert match.family == family


def test_describe_refuses_a_people_that_a_system_is_named_after(shipped: EquipmentFinder) -> None:
    assert shipped.describe("Apache", " grandmother, he joked") is None


def test_a_plural_is_no_individual_ship(shipped: EquipmentFinder) -> None:
    assert named(shipped, WAR + "Six Lancasters bombed the port.") == [("Lancasters", "Avro Lancaster", "")]


def test_lexicon_is_sorted_and_its_categories_are_known() -> None:
    data = tomllib.loads(files("entityscan").joinpath("data/generic_equipment.toml").read_text("utf-8"))
    for strength, heads in data["heads"].items():
        assert list(heads) == sorted(heads, key=str.casefold), strength
        assert {meaning.partition(":")[0] for meaning in heads.values()} <= set(load_categories())
    for name in ("modifiers", "endings", "not_before", "not_after", "civil"):
        assert data[name] == sorted(set(data[name]), key=str.casefold), name


def test_cues_are_sorted() -> None:
    data = tomllib.loads(files("entityscan").joinpath("data/equipment_cues.toml").read_text("utf-8"))
    for name, words in data.items():
        assert words == sorted(set(words), key=lambda word: (word.casefold(), word)), name


def spellings() -> list[tuple[str, str]]:
    """Return family and spelling of everything in the catalogue that may stand alone in a text."""
    return [
        (family.name, spelling)
        for family in load_equipment()
        for spelling in (family.name, *family.names, *family.variants)
        if spelling not in family.ambiguous and not spelling.endswith(")") and not family.individual
    ]


def exceptions() -> set[tuple[str, str]]:
    """Spellings that need more than their own letters: cut short, shared with a better known system, or phrases."""
    lines = Path(__file__).with_name("catalogue_exceptions.csv").read_text("utf-8").splitlines()[1:]
    return {(family, spelling) for family, spelling in csv.reader(lines)}


def test_exceptions_are_in_the_catalogue() -> None:
    assert exceptions() <= set(spellings())


@pytest.mark.parametrize("form", ["{}", "{}'s", "{}’s", "“{}”", "({})", "{}-style"])
def test_catalogue_spellings_are_found_in_a_sentence(shipped: EquipmentFinder, form: str) -> None:
    rows = spellings()
    missed = []
    for family, spelling in rows:
        text = f"The army fought and troops destroyed the {form.format(spelling)} in the war."
        if not any(match.family == family for match in shipped.find(text)):
            missed.append((family, spelling))
    assert set(missed) <= exceptions()


def test_individual_ships_are_found_behind_a_naval_noun(shipped: EquipmentFinder) -> None:
    rows = [
        (family.name, spelling)
        for family in load_equipment()
        for spelling in (family.name, *family.names)
        if family.individual and not spelling.endswith(")")
    ]
    missed = []
    for family, spelling in rows:
        text = f"The navy and its sailors fought the war as the warship {spelling} sailed out to sea."
        if not any(match.family == family for match in shipped.find(text)):
            missed.append((family, spelling))
    assert len(missed) < 0.03 * len(rows), missed[:50]


@pytest.mark.parametrize(
    ("dash", "name"),
    [("‑", "no-break hyphen"), ("–", "en dash"), ("−", "minus"), (" ", "space"), ("", "none")],
)
def test_designations_are_found_with_any_joint(shipped: EquipmentFinder, dash: str, name: str) -> None:
    rows = [row for row in spellings() if re.fullmatch(r"[A-Z][A-Za-z]{0,5}-\d{2,4}", row[1])]
    missed = []
    for family, spelling in rows:
        text = f"The army fought and troops destroyed two {spelling.replace('-', dash)}s in the war."
        if not any(match.family == family and match.text.endswith("s") for match in shipped.find(text)):
            missed.append((family, spelling))
    assert len(rows) > 500
    assert len(missed) < 0.02 * len(rows), missed[:50]
