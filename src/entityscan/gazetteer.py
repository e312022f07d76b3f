"""The knowledge that ships with the package: files under ``data/``, read late and once.

Every loader returns frozen records and is cached; nothing is read at import time. A file that
breaks its own schema raises :class:`~entityscan.errors.DataError` with file and line.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TypeVar

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
