"""The equipment catalogue keeps its own rules: one owner a spelling, closed categories, no class nouns."""

import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from entityscan import gazetteer
from entityscan.errors import DataError
from entityscan.gazetteer import Family, load_categories, load_equipment

FOLDER = Path(gazetteer.__file__).parent / "data" / "equipment"
FILES = sorted(path for path in FOLDER.glob("*.csv") if path.stem not in {"categories", "shared"})
ISO_CODES = set(
    "AE AL AM AR AT AU AZ BD BE BG BH BR BY CA CH CL CN CO CY CZ DE DK DZ EE EG ES FI FR GB GE GR HR HU ID IE"
    " IL IN IQ IR IT JO JP KP KR KW KZ LB LK LT LV LY MA MM MX MY NG NL NO NZ OM PE PH PK PL PS PT QA RO RS RU"
    " SA SD SE SG SI SK SY TH TR TW UA US UZ VE VN YE ZA".split()
)
LETTERS = str.maketrans("ıłŁøØđĐ", "ilLoOdD")
NOUN_IN_THE_NAME = {
    "ADEN cannon",
    "Bangalore torpedo",
    "Lewis gun",
    "M1 carbine",
    "M4 carbine",
    "Mills bomb",
    "PT boat",
    "Vickers machine gun",
}
VARIANTS_WITH_A_CODE_OF_THEIR_OWN = {
    "HH-60M",
    "M-55S",
    "MH-60L DAP",
    "MH-60M",
    "MH-60M Black Hawk",
}
SPELLED = {family.name: family for family in load_equipment()}


def key(spelling: str) -> str:
    """Fold away what the finder folds away: accents, case, hyphens and spaces."""
    plain = unicodedata.normalize("NFKD", spelling.translate(LETTERS)).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]", "", plain.lower())


def bare(name: str) -> str:
    return re.sub(r" \(.*\)$", "", name)


def spellings(family: Family) -> list[str]:
    own = [] if bare(family.name) != family.name or family.name in family.ambiguous else [family.name]
    return [*own, *family.names, *family.variants, *family.ambiguous]


def owners() -> dict[str, set[str]]:
    """Families of every folded spelling."""
    found: dict[str, set[str]] = defaultdict(set)
    for family in load_equipment():
        for spelling in spellings(family):
            found[key(spelling)].add(family.name)
    return found


OWNERS = owners()


def owner(spelling: str) -> str:
    """Family that owns a spelling, which must be the only one."""
    assert len(OWNERS[key(spelling)]) == 1, f"{spelling}: {OWNERS[key(spelling)]}"
    return next(iter(OWNERS[key(spelling)]))


def test_catalogue_is_large() -> None:
    families = load_equipment()
    assert len(families) >= 8_000
    assert sum(not family.individual for family in families) >= 5_000


def test_categories_are_closed_and_have_nouns() -> None:
    categories = load_categories()
    assert {path.stem for path in FILES} <= set(categories)
    assert {family.category for family in load_equipment()} == {path.stem for path in FILES}
    for category in categories.values():
        assert category.domain
        assert category.label
        assert category.nouns


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_are_sorted_and_tidy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    names = [row[0] for row in rows]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))
    assert "\r" not in text
    for row in rows:
        for cell in row:
            assert cell == cell.strip(), row
            assert all(part and part == part.strip() for part in cell.split(" | ")) or not cell, row
        for cell in row[1:4]:
            parts = cell.split(" | ")
            assert parts == sorted(parts, key=lambda part: (part.casefold(), part)), row


def test_family_names_are_unique() -> None:
    keys = [key(family.name) for family in load_equipment()]
    assert len(keys) == len(set(keys))


def test_a_spelling_has_one_owner_or_is_declared_shared() -> None:
    with (FOLDER / "shared.csv").open(encoding="utf-8") as stream:
        declared = {key(row["spelling"]): set(row["families"].split(" | ")) for row in csv.DictReader(stream)}
    ambiguous: dict[str, set[str]] = defaultdict(set)
    for family in load_equipment():
        for spelling in family.ambiguous:
            ambiguous[key(spelling)].add(family.name)
    shared = {spelling: names for spelling, names in OWNERS.items() if len(names) > 1}
    assert shared == declared
    for spelling, names in shared.items():
        assert ambiguous[spelling] == names, f"{spelling} is shared, hence ambiguous for every owner"


def test_a_variant_extends_a_code_of_its_own_family() -> None:
    codes = {
        key(spelling): family.name
        for family in load_equipment()
        for spelling in (family.name, *family.names)
        if spelling not in family.ambiguous and re.search(r"\d", spelling) and " " not in spelling
    }
    strangers = set()
    for family in load_equipment():
        for variant in family.variants:
            folded = key(variant)
            heads = [folded[:end] for end in range(3, len(folded)) if not folded[end].isdigit()]
            extended = {codes[head] for head in heads if head in codes}
            if extended and family.name not in extended:
                strangers.add(variant)
    assert strangers == VARIANTS_WITH_A_CODE_OF_THEIR_OWN


def test_every_family_can_be_found() -> None:
    for family in load_equipment():
        assert spellings(family), family.name
        assert all(len(key(spelling)) >= 2 for spelling in spellings(family)), family.name
        assert len({key(s) for s in spellings(family)}) == len(spellings(family)), family.name


def test_brackets_only_tell_families_apart() -> None:
    for family in load_equipment():
        if bare(family.name) != family.name:
            assert key(bare(family.name)) in {key(s) for s in spellings(family)}, family.name


def test_origins_and_sources() -> None:
    assert {family.origin for family in load_equipment() if family.origin} <= ISO_CODES
    assert {code for family in load_equipment() for code in family.source} <= {"hand", "siso", "oryx"}
    assert all(family.source for family in load_equipment())


def test_names_do_not_end_in_a_class_noun() -> None:
    nouns = sorted({noun for category in load_categories().values() for noun in category.nouns}, key=len)
    tail = re.compile(rf"[ -](?:{'|'.join(re.escape(noun) for noun in nouns if noun.islower())})s?$")
    for family in load_equipment():
        for spelling in set(spellings(family)) - NOUN_IN_THE_NAME:
            assert not tail.search(spelling), f"{family.name}: {spelling}"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Shahed-136", "Geran-2"),
        ("SA-11", "Buk-M1"),
        ("F-16C", "F-16 Fighting Falcon"),
        ("T-72B3", "T-72"),
        ("Leopard 2A6", "Leopard II"),
        ("Storm Shadow", "SCALP-EG"),
        ("HIMARS", "M142"),
        ("S-400", "SA-21 Growler"),
        ("Iskander-M", "9K720"),
        ("Kh-101", "X-101"),
        ("USS Carney", "DDG-64"),
    ],
)
def test_one_family(left: str, right: str) -> None:
    assert owner(left) == owner(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Leopard 1A5", "Leopard 2A5"),
        ("Su-30", "Su-35"),
        ("S-300", "S-400"),
        ("F/A-18", "F/A-18E/F"),
        ("Tornado-G", "Tornado-S"),
        ("FAB-500", "FAB-1500"),
        ("Agni-I", "Agni-V"),
        ("RPG-7", "RPG-29"),
        ("GMLRS", "HIMARS"),
        ("FAB-500", "UMPK"),
        ("USS Nimitz", "Nimitz class"),
    ],
)
def test_two_families(left: str, right: str) -> None:
    assert owner(left) != owner(right)


@pytest.mark.parametrize(
    ("name", "category", "origin"),
    [
        ("Marder", "ifv", "DE"),
        ("HIMARS", "mlrs", "US"),
        ("Storm Shadow", "cruise_missile", "GB"),
        ("F-16", "fighter", "US"),
        ("T-72", "tank", "RU"),
        ("Shahed-136", "loitering_munition", "IR"),
        ("Moskva", "cruiser", "RU"),
        ("Kilo class", "submarine", "RU"),
    ],
)
def test_attributes(name: str, category: str, origin: str) -> None:
    assert (SPELLED[name].category, SPELLED[name].origin) == (category, origin)


@pytest.mark.parametrize(
    "spelling", ["Apache", "Leopard", "Abrams", "Moskva", "Neptune", "M2", "Hawk", "Puma", "Javelin", "Tor"]
)
def test_ordinary_words_are_ambiguous(spelling: str) -> None:
    assert any(spelling in family.ambiguous for family in load_equipment())


@pytest.mark.parametrize(
    "spelling", ["HIMARS", "Kinzhal", "Marder", "Gepard", "Bayraktar", "Iskander", "ATACMS"]
)
def test_distinctive_names_are_plain(spelling: str) -> None:
    family = SPELLED[owner(spelling)]
    assert spelling not in family.ambiguous


def test_individual_ships_are_marked() -> None:
    assert SPELLED["USS Carney"].individual
    assert not SPELLED["Arleigh Burke class"].individual


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T-72,,,,RU,,hand,extra", "8 cells, expected 7"),
        (",,,,RU,,hand", "the first cell is empty"),
        ("T-72,,,,Russia,,hand", "origin is 'Russia'"),
        ("T-72,,,,RU,yes,hand", "individual is 'yes'"),
    ],
)
def test_a_broken_row_is_told_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    (tmp_path / "categories.csv").write_text("category,domain,label,nouns\ntank,land,tank,tank\n")
    (tmp_path / "tank.csv").write_text(",".join(gazetteer.EQUIPMENT_FIELDS) + f"\n{line}\n")
    monkeypatch.setattr(gazetteer, "_folder", lambda name: tmp_path)
    load_categories.cache_clear()
    load_equipment.cache_clear()
    try:
        with pytest.raises(DataError, match=re.escape(f"tank.csv:2: {message}")):
            load_equipment()
    finally:
        load_categories.cache_clear()
        load_equipment.cache_clear()


def test_a_wrong_header_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "categories.csv").write_text("name,domain\n")
    monkeypatch.setattr(gazetteer, "_folder", lambda name: tmp_path)
    load_categories.cache_clear()
    try:
        with pytest.raises(DataError, match="the header must be category,domain,label,nouns"):
            load_categories()
    finally:
        load_categories.cache_clear()
