"""The knowledge that ships with the package: files under ``data/``, read late and once.

Every loader returns frozen records and is cached; nothing is read at import time. A file that
breaks its own schema raises :class:`~entityscan.errors.DataError` with file and line.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from entityscan.errors import DataError

T = TypeVar("T")

LIST_SEPARATOR = " | "
EQUIPMENT_FIELDS = ("family", "names", "variants", "ambiguous", "origin", "individual", "source")
CATEGORY_FIELDS = ("category", "domain", "label", "nouns")


@dataclass(frozen=True, slots=True)
class Category:
    """What kind of hardware a family is: the second of two levels, ``tank`` in the domain ``land``."""

    name: str
    domain: str
    label: str
    """For people to read: ``infantry fighting vehicle``."""
    nouns: tuple[str, ...]
    """Lower-case singular class nouns that name the category: ``ifv``, ``infantry fighting vehicle``."""


@dataclass(frozen=True, slots=True)
class Family:
    """One system, class or individual ship, with every spelling that names it."""

    name: str
    """As the news writes it; itself a spelling, unless ``ambiguous`` repeats it."""
    category: str
    origin: str
    """ISO 3166-1 alpha-2 of the country that designed it (a ship: that runs it), empty when unknown."""
    names: tuple[str, ...]
    """Other names and spellings of the whole family, reporting names and local names among them."""
    variants: tuple[str, ...]
    """Spellings that name one variant, ``T-72B3``."""
    ambiguous: tuple[str, ...]
    """Spellings of the family that also mean something else and need evidence, ``Apache``."""
    individual: bool
    """True for one ship or aircraft with a name of its own."""
    source: tuple[str, ...]
    """Short codes of where the row comes from; ``data/equipment/README.md`` spells them out."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling, the name first."""
        return tuple(dict.fromkeys((self.name, *self.names, *self.variants, *self.ambiguous)))


def _folder(name: str) -> Traversable:
    return files("entityscan") / "data" / name


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(LIST_SEPARATOR)) if cell else ()


def _rows(file: Traversable, fields: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every row below the header, checked for their number."""
    with file.open(encoding="utf-8") as stream:
        reader = csv.reader(stream)
        if tuple(next(reader, ())) != fields:
            raise DataError(f"{file}:1: the header must be {','.join(fields)}")
        for row in reader:
            if len(row) != len(fields):
                raise DataError(f"{file}:{reader.line_num}: {len(row)} cells, expected {len(fields)}")
            if not row[0]:
                raise DataError(f"{file}:{reader.line_num}: the first cell is empty")
            yield reader.line_num, row


def _read(file: Traversable, fields: tuple[str, ...], make: Callable[[list[str]], T]) -> list[T]:
    """Make one record of every row; a ``ValueError`` of ``make`` is told with file and line."""
    records = []
    for line, row in _rows(file, fields):
        try:
            records.append(make(row))
        except ValueError as error:
            raise DataError(f"{file}:{line}: {error}") from None
    return records


def _category(row: list[str]) -> Category:
    name, domain, label, nouns = row
    return Category(name, domain, label, _split(nouns))


def _family_maker(category: str) -> Callable[[list[str]], Family]:
    def make(row: list[str]) -> Family:
        name, names, variants, ambiguous, origin, individual, source = row
        if individual not in ("", "1"):
            raise ValueError(f"individual is {individual!r}, expected 1 or nothing")
        if len(origin) not in (0, 2):
            raise ValueError(f"origin is {origin!r}, expected an ISO 3166-1 alpha-2 code or nothing")
        return Family(
            name,
            category,
            origin,
            _split(names),
            _split(variants),
            _split(ambiguous),
            individual == "1",
            _split(source),
        )

    return make


@lru_cache(maxsize=1)
def load_categories() -> Mapping[str, Category]:
    """Read the equipment taxonomy.

    Returns:
        The categories by name, in the order of the file.

    Raises:
        DataError: a row breaks the schema.
    """
    rows = _read(_folder("equipment") / "categories.csv", CATEGORY_FIELDS, _category)
    return MappingProxyType({category.name: category for category in rows})


@lru_cache(maxsize=1)
def load_equipment() -> tuple[Family, ...]:
    """Read the equipment catalogue: one file for every category that has families.

    Returns:
        All families, by category in the order of the taxonomy, then by name.

    Raises:
        DataError: a row breaks the schema.
    """
    families: list[Family] = []
    for category in load_categories():
        file = _folder("equipment") / f"{category}.csv"
        if file.is_file():
            families += _read(file, EQUIPMENT_FIELDS, _family_maker(category))
    return tuple(families)


USER = "user"
"""The ``source`` of families from a user's own file."""
_OWN_LISTS = ("names", "variants", "ambiguous")


def spelling_key(text: str) -> str:
    """Return what two spellings of one designation share: letters and digits, lower case (``F-16`` = ``f16``)."""
    return "".join(filter(str.isalnum, text.casefold()))


def load_families(own: str | Path | None = None) -> tuple[Family, ...]:
    """Return the catalogue with a user's own families, which win.

    A family of the user's replaces ours of the same name; a spelling of the user's is taken from ours.

    Args:
        own: A CSV file with the columns ``family`` and ``category`` and any of ``names``, ``variants``,
            ``ambiguous`` (lists joined by `` | ``), ``origin``, ``individual``; or a TOML file with one
            table ``[families."NAME"]`` a family and the same keys. None or empty: the catalogue as it is.

    Raises:
        DataError: the file breaks its schema; the message names the place.
    """
    if not own:
        return load_equipment()
    mine = _read_own(Path(own))
    names = {spelling_key(family.name) for family in mine}
    taken = {spelling_key(spelling) for family in mine for spelling in family.spellings}
    ours = (_without(family, taken) for family in load_equipment() if spelling_key(family.name) not in names)
    return (*mine, *(family for family in ours if family is not None))


def _without(family: Family, taken: set[str]) -> Family | None:
    """Return the family without the spellings that are taken, or None when its own name is."""
    if not taken.intersection(map(spelling_key, family.spellings)):
        return family
    if spelling_key(family.name) in taken:
        return None

    def free(spellings: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(item for item in spellings if spelling_key(item) not in taken)

    return replace(
        family, names=free(family.names), variants=free(family.variants), ambiguous=free(family.ambiguous)
    )


def _read_own(path: Path) -> tuple[Family, ...]:
    try:
        text = path.read_text("utf-8-sig")
    except OSError as err:
        raise DataError(f"{path}: {(err.strerror or str(err)).lower()}; give a CSV or TOML file") from err
    except UnicodeDecodeError as err:
        raise DataError(f"{path}: not UTF-8 text (byte {err.start}); save it as UTF-8") from err
    rows = _own_toml(path, text) if path.suffix.lower() == ".toml" else _own_csv(path, text)
    return tuple(_own_family(place, row) for place, row in rows)


def _own_csv(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            place = f"{path}:{reader.line_num}"
            if None in row or None in row.values():
                raise DataError(f"{place}: the number of cells differs from the header's")
            yield place, {key: _split(value) if key in _OWN_LISTS else value for key, value in row.items()}
    except csv.Error as err:
        raise DataError(f"{path}:{reader.line_num}: not CSV ({err})") from err


def _own_toml(path: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    import tomllib  # late: few runs read a file of the user's own

    try:
        families = tomllib.loads(text).get("families", {})
    except (ValueError, RecursionError) as err:  # also a number too long, and lists too deep
        raise DataError(f"{path}: not TOML ({err})") from err
    if not isinstance(families, dict) or not all(isinstance(row, dict) for row in families.values()):
        raise DataError(f'{path}: write each family as a table [families."NAME"]')
    for name, row in families.items():
        yield f'{path}: families."{_one_line(name)}"', {"family": name, **row}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _own_family(place: str, row: dict[str, Any]) -> Family:
    if unknown := set(row) - {*EQUIPMENT_FIELDS, "category"}:
        raise DataError(
            f"{place}: unknown {_one_line(', '.join(sorted(unknown)))}; known: {', '.join((*EQUIPMENT_FIELDS, 'category'))}"
        )
    name, category, origin = (row.get(key, "") for key in ("family", "category", "origin"))
    if not isinstance(name, str) or not spelling_key(name):
        raise DataError(f"{place}: the family has no name")
    if not isinstance(category, str) or category not in load_categories():
        raise DataError(f"{place}: no category {category!r}; 'entityscan kinds' lists them")
    if not (
        origin == ""
        or (isinstance(origin, str) and len(origin) == 2 and origin.isalpha() and origin.isupper())
    ):
        raise DataError(f"{place}: origin is {origin!r}, expected an ISO 3166-1 alpha-2 code such as UA")
    if str(row.get("individual", "")) not in {"", "0", "1", "True", "False"}:
        raise DataError(f"{place}: individual is {row['individual']!r}, expected 1 or nothing")
    lists: dict[str, tuple[str, ...]] = {}
    for key in _OWN_LISTS:
        value = row.get(key, ())
        if not isinstance(value, list | tuple) or not all(
            isinstance(item, str) and spelling_key(item) for item in value
        ):
            raise DataError(f"{place}: {key} must be a list of texts with letters or digits")
        lists[key] = tuple(value)
    individual = str(row.get("individual", "")) in {"1", "True"}
    return Family(name, category, origin, individual=individual, source=(USER,), **lists)
