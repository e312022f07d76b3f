"""Where places are: country, latitude and longitude of place entities, chosen by evidence.

Candidates for a name come from ``data/cities.csv``. A candidate gains from its population, from its
country being named in the same articles, and most from standing before its country (``Odessa,
Texas``). What stays unsure is left out: a wrong point on a map is worse than none.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from math import log10
from types import MappingProxyType

from entityscan import knowledge
from entityscan.errors import DataError
from entityscan.knowledge import Known
from entityscan.names import name_key
from entityscan.records import Entity, Kind, Mention

_FLOOR = 5_000  # people; towns without a figure count as this, so that size never forbids them
_LARGE = 300_000  # people from which the only city of a name needs no other evidence
_SAME_ARTICLE = 3.0  # score of a country that the articles name, times its share; 1 is ten times the people
_USUAL = 2.0  # score of the country in which the news usually means the name
_BESIDE = 8.0  # score of the country that stands beside the name; nothing outweighs it
_MARGIN = 0.7  # by how much the best must lead: five times the people
_NEAR = 0.4  # degrees within which two candidates are one place
_NAME, _KEY, _OTHER_KEYS, _REGION = 0, 1, 2, 4  # columns of data/cities.csv
_PART_OF = re.compile(r"(?:central|(?:(?:north|south) ?)?(?:east|west)(?:ern)?|(?:north|south)(?:ern)?) ")
_PART = "part of a country"
_BESIDE_NAME = re.compile(r",\s+((?:[A-Z][\w.'’-]*\s?){1,4})")


@dataclass(frozen=True, slots=True)
class City:
    """One city, or a small town that the news made known."""

    name: str
    country: str
    """ISO 3166-1 alpha-2."""
    region: str
    """State, province or nation that newspapers write beside a name, or empty."""
    population: int
    """0 when unknown."""
    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""


@lru_cache(maxsize=2_048)
def cities(name: str) -> tuple[City, ...]:
    """Give the cities of a name; those that bear it go before those that it is another spelling of.

    Raises:
        DataError: when a row of ``data/cities.csv`` is broken.

    >>> [city.country for city in cities("Chasov Yar")]
    ['UA']
    """
    named, others = _index()
    key = name_key(name)
    return tuple(map(_city, named.get(key) or others.get(key) or []))


def _city(row: Sequence[str]) -> City:
    try:
        name, _, _, country, region, population, latitude, longitude = row
        return City(name, country, region, int(population), float(latitude), float(longitude))
    except ValueError as err:
        raise DataError(f"data/cities.csv: {','.join(row)}: {err}") from err


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, list[list[str]]], dict[str, list[list[str]]]]:
    """Give the rows by name and by other spelling; a row becomes a city when it is asked for."""
    named: dict[str, list[list[str]]] = defaultdict(list)
    others: dict[str, list[list[str]]] = defaultdict(list)
    for row in _rows("cities.csv"):  # the file holds the keys: making 45,000 takes longer than an article
        named[row[_KEY] or row[_NAME].lower()].append(row)
        for key in row[_OTHER_KEYS].split(" | ") if row[_OTHER_KEYS] else ():
            others[key].append(row)
    return named, others


@lru_cache(maxsize=1)
def country_points() -> Mapping[str, tuple[float, float]]:
    """Give a point inside each country's largest part, by ISO 3166-1 alpha-2 code."""
    return MappingProxyType(
        {
            code: (float(latitude), float(longitude))
            for code, latitude, longitude in _rows("country_points.csv")
        }
    )


def _rows(name: str) -> Iterator[list[str]]:
    with (files("entityscan") / "data" / name).open(encoding="utf-8") as stream:
        yield from list(csv.reader(stream))[1:]


def locate(entities: Iterable[Entity]) -> list[Entity]:
    """Fill ``country``, ``latitude`` and ``longitude`` of places where the articles leave no doubt.

    Args:
        entities: All entities of a run; the others are the evidence.

    Returns:
        The same entities in the same order.
    """
    entities = list(entities)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in entities:
        if country := country_named(entity):
            for mention in entity.mentions:
                named[mention.document][country] += 1
    return [located(entity, _context(entity, named)) for entity in entities]


def _context(entity: Entity, named: Mapping[str, Counter[str]]) -> Counter[str]:
    if not needs_context(entity):
        return Counter()
    documents = {mention.document for mention in entity.mentions}
    return sum((named[document] for document in documents if document in named), Counter[str]())


def country_named(entity: Entity) -> str:
    """Give the ISO code of the country that a mention of the entity names: a known place, an institution; or empty."""
    if entity.kind is Kind.PLACE:
        known = _known(entity)
        return known.country if known else ""
    return str(entity.attributes.get("country", "")) if entity.kind is Kind.ORGANISATION else ""


def needs_context(entity: Entity) -> bool:
    """Tell whether the countries that its articles name help to find the place."""
    if entity.kind is not Kind.PLACE:
        return False
    known = _known(entity)
    return known is None or known.type == "city"


def located(entity: Entity, context: Counter[str]) -> Entity:
    """Fill in where a place is; any other entity stays as it is.

    Args:
        entity: The place.
        context: How often its articles name each country; only asked for if it :func:`needs_context`.
    """
    if entity.kind is not Kind.PLACE:
        return entity
    known = _known(entity)
    if known is not None and known.type == "country":
        found = _country_facts(known.country)
    elif known is None or known.type == "city":
        found = _facts(_scores(entity, known.country if known else "", context))
    else:
        found = {"country": known.country} if known.type == _PART else {}  # a region is no point
    return replace(entity, attributes={**entity.attributes, **found}) if found else entity


def _known(entity: Entity) -> Known | None:
    """Give the known place that an entity is; None when it is none, or one of several."""
    key = name_key(entity.name)
    owners = knowledge.places().get(key, ())
    part = None if owners else _PART_OF.match(key)
    if part and not cities(entity.name):  # West Jordan is a town in Utah
        whole = knowledge.places().get(key[part.end() :], ())
        owners = tuple(replace(known, type=_PART) for known in whole if known.type == "country")
    return owners[0] if len(owners) == 1 else None


def _country_facts(code: str) -> dict[str, str | float]:
    if code not in country_points():
        return {"country": code}
    latitude, longitude = country_points()[code]
    return {"country": code, "latitude": latitude, "longitude": longitude}


def _candidates(entity: Entity) -> tuple[City, ...]:
    """Give the cities that the name or another spelling of an entity means."""
    texts = (entity.name, *(alias.text for alias in entity.aliases))
    return tuple(dict.fromkeys(city for text in texts for city in cities(text)))


def _scores(entity: Entity, usual: str, context: Counter[str]) -> list[tuple[float, City]]:
    """Score the candidates, best first; none when nothing speaks for the best.

    Args:
        entity: The place.
        usual: The country in which the news usually means it, or empty.
        context: How often its articles name each country.
    """
    context = context.copy()
    if usual:
        context[usual] -= len(entity.mentions)  # a place is no evidence for itself
    context = +context
    beside = _names_beside(entity)
    scored = [
        (
            log10(max(city.population, _FLOOR))
            + _SAME_ARTICLE * context[city.country] / max(context.total(), 1)
            + _USUAL * (city.country == usual)
            + _BESIDE * _fit_beside(city, beside),
            city,
        )
        for city in _candidates(entity)
    ]
    scored.sort(key=lambda item: (-item[0], item[1].country, item[1].latitude))
    if not scored:
        return []
    best = scored[0][1]
    if beside and not _fit_beside(best, beside):
        return []
    large = not context and best.population >= _LARGE
    return scored if beside or large or best.country in {*context, usual} else []


def _facts(scored: Sequence[tuple[float, City]]) -> dict[str, str | float]:
    if not scored:
        return {}
    top, best = scored[0]
    rivals = [city for score, city in scored[1:] if top - score < _MARGIN]
    if any(city.country != best.country for city in rivals):
        return {}
    if any(not _is_near(city, best) for city in rivals):
        return {"country": best.country}
    return {"country": best.country, "latitude": best.latitude, "longitude": best.longitude}


def _is_near(one: City, other: City) -> bool:
    return abs(one.latitude - other.latitude) < _NEAR and abs(one.longitude - other.longitude) < _NEAR


def _names_beside(entity: Entity) -> list[set[str]]:
    """Give for each article the keys of regions and countries after the name and a comma.

    Empty when an article has none: then the name alone must do for all.
    """
    found: list[set[str]] = []
    for _, own in groupby(entity.mentions, key=lambda mention: mention.document):
        keys = {key for mention in own for key in _keys_beside(mention)}
        if not keys:
            return []
        found.append(keys)
    return found


def _keys_beside(mention: Mention) -> Iterator[str]:
    for part in mention.sentence.split(mention.text)[1:]:
        match = _BESIDE_NAME.match(part)
        words = match.group(1).split() if match else []
        keys = (name_key(" ".join(words[:length])) for length in range(1, len(words) + 1))
        yield from (key for key in keys if _countries_of(key) or key in _regions())


def _fit_beside(city: City, beside: Sequence[set[str]]) -> int:
    """Tell how well a city fits what stands beside its name: 2 its region, 1 its country, else 0."""
    region = name_key(city.region)
    fits = [2 if region in keys else city.country in _countries_of(*keys) for keys in beside]
    return int(min(fits, default=0))


def _countries_of(*keys: str) -> set[str]:
    """Give the countries that the names are, or in which the regions lie."""
    owners = (owner for key in keys for owner in knowledge.places().get(key, ()))
    return {owner.country for owner in owners if owner.type in ("country", "region") and owner.country}


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    named, _ = _index()
    return frozenset(map(name_key, {row[_REGION] for rows in named.values() for row in rows if row[_REGION]}))
