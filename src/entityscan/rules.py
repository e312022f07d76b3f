"""Why two names are one thing, and why they are not: one small function each.

A rule sees two :class:`Form` values and answers yes or no; it cannot break the algorithm of
``merging``, which asks the rules in order, then every veto. Three tuples hold them: :data:`RULES`
join names of equal standing, :data:`SHORT_RULES` join a short name to the full name that it needs,
:data:`VETOES` keep apart. A rule's docstring is its help text.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from entityscan import knowledge
from entityscan.knowledge import Known
from entityscan.names import (
    STOP_WORDS,
    PersonName,
    designation_key,
    is_acronym,
    letters_of,
    name_key,
    person_name,
    sound_key,
    spelling_key,
    stands_for,
    words,
)
from entityscan.records import Kind, Mention
from entityscan.spellings import (
    is_telling,
    may_agree,
    pair_keys,
    person_blocks,
    same_but_left_out,
    same_but_middle,
    same_but_turned,
    same_or_initial,
    same_spelt,
    same_word,
)
from entityscan.units import Unit, unit_of


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """One spelling of one kind as one document uses it, with the mentions that it covers."""

    document: str
    first: int
    """Offset of the first mention."""
    text: str
    kind: Kind
    gender: str = ""
    """``m`` or ``f`` when a title before the name says so, else empty."""
    family: str = ""
    generic: bool = False
    setting: str = ""
    """What the words around it say, as on the mention."""
    mentions: tuple[Mention, ...] = field(default=(), compare=False, repr=False)


Test = Callable[[Form, Form], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named reason; the name goes into receipts."""

    name: str
    test: Test


# ---------------------------------------------------------------- what a name says

_HALVES = (("north",), ("south",))
"""Words that stand for North Korea or South Sudan in an article that names one."""
_TOPICS = {"interior": "internal", "homeland": "home"}
_SHORT_ACRONYM = 3
"""Letters up to which an acronym is written in capitals only."""
_BEFORE_WHOLE = frozenset("and at for from in of on the to with".split())
"""Words before a name inside a longer one that make it another thing: Committee on Petitions, Committee."""
_SILENT = frozenset({"affairs", "national", "military"})
_LEADING = frozenset({"allied", "combined", "joint"})
"""First words that acronyms pass over: MARCOM, Allied Maritime Command."""
_AIR_BASE = "air base"
_NUMBER = re.compile(r"\d+")
_TOGETHER = re.compile(r",? (?:and|or|nor) (?:[^\W\d_]+[ ,.]+){0,4}")
"""What stands between the names of two persons; a few words say who the second is (``and his son,``)."""
_ROMAN = re.compile(r"\b(?:II|III|IV|VI{1,3}|IX)\b")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z]{1,4}\.|(?:[A-Z]\.)+")
_ORDINALS = {
    word: str(number)
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}


@dataclass(frozen=True, slots=True)
class OrganisationName:
    """An organisation's name taken apart."""

    country: str
    """ISO 3166-1 alpha-2 of the country or demonym in the name, or empty."""
    rest: tuple[str, ...]
    """The other words; for institutions (ministries, forces, ...) in alphabetical order."""

    @property
    def key(self) -> str:
        """Equal for all ways to write the name: ``Russian Defence Ministry``, ``Ministry of Defense of Russia``."""
        return f"{self.country}:{' '.join(self.rest)}"


def _roles(role: str) -> frozenset[str]:
    return knowledge.word_roles()[role]


@lru_cache(maxsize=2_048)
def organisation_name(text: str) -> OrganisationName:
    """Take an organisation's name apart: country, institution words in any order, legal forms dropped.

    >>> organisation_name("Ministry of Defense of Russia") == organisation_name("Russian Defence Ministry")
    True
    """
    found = [_number(word) for word in _without_legal_forms(text)]
    institution = any(word in _roles("institution") for word in found)
    country, rest = _take_country(found, anywhere=institution)
    if institution:
        kept = {_TOPICS.get(word, word) for word in rest if word not in STOP_WORDS and word not in _SILENT}
        rest = sorted(kept) or rest
    return OrganisationName(country, tuple(rest))


def _without_legal_forms(text: str) -> list[str]:
    found = list(words(text))
    while len(found) > 1 and found[-1] in _roles("legal form"):
        found.pop()
    return found


def _number(word: str) -> str:
    """Write ``7th`` and ``seventh`` as ``7``."""
    if word[0].isdigit() and word[-2:] in {"st", "nd", "rd", "th"}:
        return word[:-2]
    return _ORDINALS.get(word, word)


def _take_country(found: list[str], *, anywhere: bool) -> tuple[str, list[str]]:
    adjectives = knowledge.adjectives()
    for start in range(len(found) if anywhere else 1):
        for size in (4, 3, 2, 1):
            code = adjectives.get(" ".join(found[start : start + size]))
            if code and start + size <= len(found) and size < len(found):
                return code, found[:start] + found[start + size :]
    if "of" in found:
        cut = len(found) - 1 - found[::-1].index("of")
        code = adjectives.get(" ".join(found[cut + 1 :]))
        if code and cut:
            return code, found[:cut]
    return "", found


@lru_cache(maxsize=1)
def _organisation_keys() -> dict[str, tuple[Known, ...]]:
    owners: dict[str, dict[str, Known]] = {}
    for record in knowledge.load_organisations():
        for spelling in record.spellings:
            owners.setdefault(organisation_name(spelling).key, {})[record.name] = record
    return {key: tuple(found.values()) for key, found in owners.items()}


@lru_cache(maxsize=2_048)
def known(kind: Kind, text: str) -> tuple[Known, ...]:
    """Give the known things that a full name may mean; several when the name is ambiguous."""
    key = name_key(text)
    if kind is Kind.PERSON:
        return knowledge.people().get(key) or _known_by_spelling(person_name(text))
    if kind is Kind.PLACE:
        return _in_that_case(knowledge.places().get(key, ()), text) or _known_city(text)
    if kind is Kind.ORGANISATION:
        owners = knowledge.organisations().get(key) or _organisation_keys().get(
            organisation_name(text).key, ()
        )
        return _in_those_capitals(owners, text)
    return ()


def _in_those_capitals(owners: tuple[Known, ...], text: str) -> tuple[Known, ...]:
    """Leave out those who share only the letters of a short acronym: the town of Diu is not the DIU."""
    if len(text) > _SHORT_ACRONYM or not text.istitle():
        return owners
    return tuple(owner for owner in owners if text in owner.spellings)


def _in_that_case(owners: tuple[Known, ...], text: str) -> tuple[Known, ...]:
    """Leave out those who share only the letters of an abbreviation: ``La.`` is Louisiana, ``L.A.`` Los Angeles."""
    if not _ABBREVIATION.fullmatch(text):
        return owners
    return tuple(owner for owner in owners if text in owner.spellings) or owners


@lru_cache(maxsize=1)
def _people_blocks() -> dict[tuple[str, str], dict[PersonName, Known]]:
    blocks: dict[tuple[str, str], dict[PersonName, Known]] = {}
    for record in knowledge.load_people():
        for spelling in record.spellings:
            name = person_name(spelling)
            for block in person_blocks(name):
                blocks.setdefault(block, {})[name] = record
    return blocks


def _known_by_spelling(name: PersonName) -> tuple[Known, ...]:
    """Give the known people whose name is spelt nearly like this one."""
    if not name.full:
        return ()
    near = {}
    for block in person_blocks(name):
        near.update(_people_blocks().get(block, {}))
    return tuple({record.name: record for other, record in near.items() if same_spelt(name, other)}.values())


def _known_city(text: str) -> tuple[Known, ...]:
    """Give the known city before a comma or behind ``city of``, unless the region behind the comma is elsewhere."""
    owners = knowledge.places().get(_city(text), ())
    return () if owners and _elsewhere(text, owners) else owners


def _elsewhere(text: str, owners: Sequence[Known]) -> bool:
    _, comma, region = text.partition(", ")
    return bool(comma) and bool(other_region(owners, region))


def other_region(owners: Sequence[Known], region: str) -> str | None:
    """Tell whether a region behind a city's name is another country's than that of the known cities.

    Returns:
        The setting of that other city, an empty string when the region is their own, None when that says nothing.
    """
    found = knowledge.places().get(name_key(region), ())
    if len(found) != 1 or found[0].type != "region" or any(owner.type != "city" for owner in owners):
        return None
    return (
        ""
        if any(owner.country == found[0].country for owner in owners)
        else f"region {name_key(found[0].name)}"
    )


def _city(text: str) -> str:
    """Give the key of ``Norfolk`` in ``Norfolk, Va.`` and of ``Kyiv`` in ``city of Kyiv``."""
    head = text.split(", ", 1)[0]
    if (whole := name_key(head)) in knowledge.places():
        return whole  # Port of Spain
    return name_key(re.sub(r"(?i)^(?:the )?(?:city|town|village|port|state|republic) of ", "", head))


@lru_cache(maxsize=2_048)
def place_name(text: str) -> tuple[str, str]:
    """Split a place's name into its key and the class of its administrative word.

    >>> place_name("Kharkiv Oblast") == place_name("Kharkiv region"), place_name("Kursk")
    (True, ('kursk', ''))
    """
    found = list(words(text))
    for size in (3, 2, 1):
        for role in ("region", "district", "state", _AIR_BASE):
            if len(found) > size and " ".join(found[-size:]) in _roles(role):
                return " ".join(found[:-size]), role
    owners = knowledge.places().get(_city(text), ())
    return (name_key(text) if owners and _elsewhere(text, owners) else _city(text)), ""


def gender(form: Form) -> str:
    """Give ``m`` or ``f`` from the title before the name or from the given name, or empty."""
    if form.gender:
        return form.gender
    name = person_name(form.text)
    found = knowledge.given_names().get(name.parts[0]) if name.full else None
    return found.gender if found else ""


# ---------------------------------------------------------------- names of equal standing


def same_name(left: Form, right: Form) -> bool:
    """Same name in another case, with or without accents, dots, hyphens or article."""
    if left.kind is Kind.PERSON:
        return person_name(left.text) == person_name(right.text)
    if left.kind is Kind.EQUIPMENT:
        return designation_key(left.text) == designation_key(right.text)
    return words(left.text) == words(right.text)


def same_spelling(left: Form, right: Form) -> bool:
    """Same person's name in another transliteration: Zelensky, Zelenskyy; Sergei, Sergey."""
    return same_spelt(person_name(left.text), person_name(right.text))


def middle_name(left: Form, right: Form) -> bool:
    """Same first and last name, a middle name or initial left out in one of the two."""
    return same_but_middle(person_name(left.text), person_name(right.text))


def initials(left: Form, right: Form) -> bool:
    """Same surname, and one gives only initials: J. Smith, John Smith."""
    one, two = person_name(left.text), person_name(right.text)
    if not (one.full and two.full) or not same_word(one.parts[-1], two.parts[-1]):
        return False
    if min(len(one.parts[0]), len(two.parts[0])) > 1:
        return False
    return all(map(same_or_initial, one.parts[:-1], two.parts[:-1]))


def nickname(left: Form, right: Form) -> bool:
    """Same surname, and one given name is short for the other: Bill Smith, William Smith."""
    one, two = person_name(left.text), person_name(right.text)
    if not (one.full and two.full) or not same_word(one.parts[-1], two.parts[-1]):
        return False
    names = knowledge.given_names()
    first, second = names.get(one.parts[0]), names.get(two.parts[0])
    if first is None or second is None or first.group == second.group:
        return False
    return first.group in second.long_forms or second.group in first.long_forms


def left_out_name(left: Form, right: Form) -> bool:
    """Same names, one or more left out: Tayyip Erdogan, Recep Tayyip Erdogan."""
    one, two = person_name(left.text), person_name(right.text)
    short, long = sorted((one.parts, two.parts), key=len)
    ends = len(short) > 1 and all(map(same_word, short, long[-len(short) :]))
    return ends or same_but_left_out(one, two)


def name_order(left: Form, right: Form) -> bool:
    """Same words in the other order, surname first or last: Orban Viktor, Viktor Orban."""
    one, two = person_name(left.text), person_name(right.text)
    return one.full and (sorted(one.parts) == sorted(two.parts) or same_but_turned(one, two))


def known_name(left: Form, right: Form) -> bool:
    """Two names of one known person, place or organisation: US, America; Kyiv, Kiev."""
    one, two = known(left.kind, left.text), known(right.kind, right.text)
    return len(one) == len(two) == 1 and one == two


def country_form(left: Form, right: Form) -> bool:
    """One institution of one country in other words: Russian Defence Ministry, Ministry of Defence of Russia."""
    return organisation_name(left.text) == organisation_name(right.text)


def legal_form(left: Form, right: Form) -> bool:
    """One company, its legal form left out or written otherwise: Orsk Mills Inc, Orsk Mills."""
    forms = has_legal_form(left.text) or has_legal_form(right.text)
    return forms and country_form(left, right)


def administrative_word(left: Form, right: Form) -> bool:
    """Same area with another word for the same rank: Kharkiv Oblast, Kharkiv region."""
    (one, first), (two, second) = place_name(left.text), place_name(right.text)
    return first == second and spelling_key(one) == spelling_key(two)


def same_family(left: Form, right: Form) -> bool:
    """Same family of equipment, in any variant: T-72B3, T-72; or the same kind of hardware: drone, drones."""
    return bool(left.family) and left.family == right.family and left.generic == right.generic


# ---------------------------------------------------------------- short names and their full names


def surname(short: Form, full: Form) -> bool:
    """A surname alone, and one person of the article with that surname."""
    one, two = person_name(short.text), person_name(full.text)
    if not two.full or len(one.parts) >= len(two.parts) or one.suffix not in ("", two.suffix):
        return False
    if all(map(same_word, one.parts, two.parts[-len(one.parts) :])):
        return True
    east = two.parts[0] in _roles("surname first") and len(two.parts) <= 3
    return (
        len(one.parts) == 1
        and same_word(one.parts[0], two.parts[0 if east else -2])
        and (east or len(two.parts) > 2)
    )


def given_name(short: Form, full: Form) -> bool:
    """A given name alone, and one person of the article with that name."""
    one, two = person_name(short.text), person_name(full.text)
    return (
        len(one.parts) == 1 and two.full and len(one.parts[0]) > 1 and same_word(one.parts[0], two.parts[0])
    )


def acronym(short: Form, full: Form) -> bool:
    """An acronym whose letters begin the words of a name in the article."""
    return is_acronym(short.text) and not is_acronym(full.text) and _letters_fit(short.text, full.text)


def _letters_fit(short: str, full: str) -> bool:
    if letters_of(short) == words(full)[0]:
        return False  # the name in capitals: GOMOA, Gomoa Abotsia
    bare = _without_legal_forms(full)
    if stands_for(short, full) or (len(letters_of(short)) > 2 and stands_for(short, " ".join(bare))):
        return True  # HAL is Hindustan Aeronautics Limited, BTM the Bank of Tokyo-Mitsubishi Ltd
    first, *others = words(full)
    head, rest = organisation_name(full).country or first in _LEADING, " ".join(others)
    return bool(head) and len(letters_of(short)) > 2 and stands_for(short, rest)


def short_form(short: Form, full: Form) -> bool:
    """The end or the telling beginning of a longer name: Institute of Peace, US Institute of Peace."""
    if is_acronym(short.text) or short.text.islower():
        return False
    one, two = words(short.text), words(full.text)
    if one in _HALVES:
        return one == two[:1] and any(record.type == "country" for record in known(Kind.PLACE, full.text))
    if len(one) >= len(two) or " ".join(one) in knowledge.adjectives() or _is_place(short):
        return False
    owners = known(short.kind, short.text)
    several = len(owners) > 1 and not set(owners).isdisjoint(known(full.kind, full.text))
    if owners and not several and not is_bare_institution(short.text):
        return False  # it has a meaning of its own: Council of Europe, Parliamentary Assembly of the Council of Europe
    if short.kind is Kind.PLACE:
        rest = set(two[len(one) :]) <= _roles("feature") or place_name(full.text) == (
            " ".join(one),
            _AIR_BASE,
        )
        return one == two[: len(one)] and rest
    if is_bare_institution(short.text):
        return _institution_fits(short.text, full.text)
    if two[-len(one) :] == one:
        return (len(one) > 1 or len(two) <= 3) and not _is_part_or_whole(one, two[-len(one) - 1])
    described = set(two[len(one) :]) <= _roles("descriptor")
    return two[: len(one)] == one and (len(one) == 1 or described or has_legal_form(full.text))


def _is_part_or_whole(end: tuple[str, ...], before: str) -> bool:
    """Tell whether the end of a name names another thing: what it belongs to, or what a place has besides.

    Directorate of Penal Centers, Penal Centers; Agricultural Bank of China, Bank of China.
    """
    of_place = "of" in end and known(Kind.PLACE, " ".join(end[end.index("of") + 1 :]))
    return before in _BEFORE_WHOLE or (bool(of_place) and before not in knowledge.adjectives())


def _is_place(form: Form) -> bool:
    """Tell whether a name is that of a place, and no team's in a report on sport."""
    return bool(known(Kind.PLACE, form.text)) and not form.setting.startswith("sport ")


def _institution_fits(bare: str, full: str) -> bool:
    """Tell whether a country's organisation is called by the bare institution's name."""
    name = organisation_name(full)
    if name.rest == organisation_name(bare).rest:
        return bool(name.country)
    owners = known(Kind.ORGANISATION, full)
    return len(owners) == 1 and owners == institution_of(owners[0].country, bare)


@lru_cache(maxsize=2_048)
def unit(text: str) -> tuple[str, Unit] | None:
    """Give the country and the unit that an organisation's name says; None when it is no military unit.

    >>> unit("U.S. 5th Fleet")
    ('US', Unit(echelon='fleet', number='5', branch=frozenset()))
    """
    found = unit_of(text)
    if found is None:
        return None
    country, rest = _take_country([*sorted(found.branch), found.echelon], anywhere=True)
    return country, replace(found, branch=frozenset(rest[:-1]))


def same_unit(left: Form, right: Form) -> bool:
    """One military unit in other words: CTF 150, Combined Task Force 150."""
    return _is_unit_of(left, right) and _is_unit_of(right, left)


def short_unit(short: Form, full: Form) -> bool:
    """A unit by its number and echelon, and one of the article with that number: 47th Brigade, 47th Mechanized Brigade."""
    return _is_unit_of(short, full)


def _is_unit_of(short: Form, full: Form) -> bool:
    one, two = unit(short.text), unit(full.text)
    if one is None or two is None or not one[1].number or one[0] not in ("", two[0]):
        return False
    same = (one[1].echelon, one[1].number) == (two[1].echelon, two[1].number)
    return same and one[1].branch <= two[1].branch


def head_noun(short: Form, full: Form) -> bool:
    """A noun with a capital, and an organisation of the article that begins or ends with it: Commission."""
    one, two = words(short.text), words(full.text)
    if len(one) != 1 or len(two) < 2 or one[0] not in _roles("head noun") or not short.text.istitle():
        return False
    return one[0] in (two[0], two[-1])


def department(short: Form, full: Form) -> bool:
    """A department by its topic alone: Treasury, US Department of the Treasury."""
    one, two = words(short.text), words(full.text)
    return (
        len(one) == 1
        and short.text.istitle()
        and two[-3:] == ("of", "the", *one)
        and "department" in two[:-3]
    )


def ship_name(short: Form, full: Form) -> bool:
    """A ship's name without its prefix: Nimitz, USS Nimitz."""
    one, two = words(short.text), words(full.text)
    return (
        not short.generic
        and len(one) < len(two)
        and two[0] in {"uss", "hms", "ins", "hmas", "jds", "fs", "rfs"}
        and two[1:] == one
    )


# ---------------------------------------------------------------- vetoes


def different_person(left: Form, right: Form) -> bool:
    """Two full names that no rule holds for spellings of one name."""
    if left.kind is not Kind.PERSON:
        return False
    one, two = person_name(left.text), person_name(right.text)
    return (
        one.full
        and two.full
        and not any(rule.test(left, right) for rule in RULES if rule.test in _PERSON_TESTS)
    )


def different_gender(left: Form, right: Form) -> bool:
    """A man's title or given name, and a woman's."""
    if left.kind is not Kind.PERSON:
        return False
    one, two = gender(left), gender(right)
    return bool(one and two) and one != two and (left.gender != "" or right.gender != "")


def different_generation(left: Form, right: Form) -> bool:
    """Senior and junior: Donald Trump Jr. is not Donald Trump, nor Trump where the name alone is famous."""
    if left.kind is not Kind.PERSON:
        return False
    one, two = person_name(left.text), person_name(right.text)
    if one.suffix == two.suffix:
        return False
    short = next((form for form, name in ((left, one), (right, two)) if not name.full), None)
    return short is None or name_key(short.text) in knowledge.famous()


def named_together(left: Form, right: Form) -> bool:
    """Two full names that a sentence joins by a word for two: George Bush and his son George W. Bush."""
    if left.kind is not Kind.PERSON or left.document != right.document or left.text == right.text:
        return False
    if not (person_name(left.text).full and person_name(right.text).full):
        return False
    others = {mention.sentence: mention for mention in right.mentions if mention.sentence}
    for mention in left.mentions:
        other = others.get(mention.sentence)
        if other is not None:
            one, two = sorted((mention, other), key=lambda found: found.start)
            between = one.sentence.partition(one.text)[2].partition(two.text)[0]
            if _TOGETHER.fullmatch(between):
                return True
    return False


def different_country(left: Form, right: Form) -> bool:
    """Institutions of two countries: Russian Navy, Indian Navy."""
    if left.kind is not Kind.ORGANISATION:
        return False
    one, two = country_of(left), country_of(right)
    return bool(one and two) and one != two


def country_of(form: Form) -> str:
    """Give the ISO code of the country whose an organisation is, by its name or what stands before it, or empty."""
    if form.setting and is_bare_institution(form.text):
        return form.setting.removeprefix("country ")
    owners = known(form.kind, form.text)
    return owners[0].country if len(owners) == 1 else organisation_name(form.text).country


def different_number(left: Form, right: Form) -> bool:
    """Units or places with different numbers: 7th Fleet, 5th Fleet; Phase II, Phase III."""
    if left.kind in (Kind.PERSON, Kind.EQUIPMENT):
        return False
    short, full = sorted((left.text, right.text), key=len)
    if name_key(full.partition(",")[0]) == name_key(short):
        return False  # 1st Battalion, 23rd Marines
    one, two = _numbers(short), _numbers(full)
    return bool(one and two) and one != two


@lru_cache(maxsize=2_048)
def _numbers(text: str) -> frozenset[str]:
    found = {_NUMERALS.get(word, _number(word)) for word in words(text)}
    numbers = frozenset(match[0] for word in found if (match := _NUMBER.match(word)))
    return numbers or frozenset(_ROMAN.findall(text))


def different_unit(left: Form, right: Form) -> bool:
    """Units of one number and different echelons: 155th Brigade, 155th Regiment."""
    if left.kind is not Kind.ORGANISATION:
        return False
    one, two = unit(left.text), unit(right.text)
    if one is None or two is None or not (one[1].number and two[1].number):
        return False
    return one[1].echelon != two[1].echelon


def different_known(left: Form, right: Form) -> bool:
    """Two known things, each with a name of its own: NATO, European Union."""
    if left.kind is Kind.EQUIPMENT or _is_bare(left) or _is_bare(right):
        return False
    one, two = known(left.kind, left.text), known(right.kind, right.text)
    return bool(one and two) and not set(one) & set(two)


def _is_bare(form: Form) -> bool:
    return form.kind is Kind.ORGANISATION and is_bare_institution(form.text)


def country_and_team(left: Form, right: Form) -> bool:
    """A country or city, and a team or a city of that name elsewhere: England, England in a report on cricket."""
    return left.kind is Kind.PLACE and left.setting != right.setting


def city_and_region(left: Form, right: Form) -> bool:
    """A city and the area that is named after it: Kursk, Kursk region."""
    if left.kind is not Kind.PLACE:
        return False
    (one, first), (two, second) = place_name(left.text), place_name(right.text)
    if one != two or first == second:
        return False
    if {first, second} == {"", _AIR_BASE} and not knowledge.places().get(one):
        return False  # nothing but the base has that name: Eglin
    return not administrative_word(left, right)


def named_and_generic(left: Form, right: Form) -> bool:
    """A named system and a common noun: T-72, tanks."""
    return left.generic != right.generic


def different_family(left: Form, right: Form) -> bool:
    """Two families of equipment: Leopard 1, Leopard 2."""
    return left.kind is Kind.EQUIPMENT and bool(left.family and right.family) and left.family != right.family


_PERSON_TESTS = (
    same_name,
    same_spelling,
    middle_name,
    initials,
    nickname,
    left_out_name,
    name_order,
    known_name,
)

_RULES_OF_KIND: dict[Kind, tuple[Rule, ...]] = {
    Kind.PERSON: (
        Rule("same name", same_name),
        Rule("known name", known_name),
        Rule("spelling", same_spelling),
        Rule("middle name", middle_name),
        Rule("initials", initials),
        Rule("nickname", nickname),
        Rule("left-out name", left_out_name),
        Rule("name order", name_order),
    ),
    Kind.PLACE: (
        Rule("same name", same_name),
        Rule("known name", known_name),
        Rule("administrative word", administrative_word),
    ),
    Kind.ORGANISATION: (
        Rule("same name", same_name),
        Rule("known name", known_name),
        Rule("legal form", legal_form),
        Rule("country form", country_form),
        Rule("same unit", same_unit),
    ),
    Kind.EQUIPMENT: (Rule("same family", same_family), Rule("same name", same_name)),
}
RULES: tuple[Rule, ...] = tuple(dict.fromkeys(rule for rules in _RULES_OF_KIND.values() for rule in rules))

_SHORT_RULES_OF_KIND: dict[Kind, tuple[Rule, ...]] = {
    Kind.PERSON: (Rule("surname", surname), Rule("given name", given_name)),
    Kind.PLACE: (Rule("short form", short_form), Rule("acronym", acronym)),
    Kind.ORGANISATION: (
        Rule("acronym", acronym),
        Rule("short form", short_form),
        Rule("head noun", head_noun),
        Rule("department", department),
        Rule("short unit name", short_unit),
    ),
    Kind.EQUIPMENT: (Rule("ship name", ship_name),),
}

SHORT_RULES: tuple[Rule, ...] = tuple(
    dict.fromkeys(rule for rules in _SHORT_RULES_OF_KIND.values() for rule in rules)
)

VETOES: tuple[Rule, ...] = (
    Rule("different person", different_person),
    Rule("different gender", different_gender),
    Rule("different generation", different_generation),
    Rule("named together", named_together),
    Rule("different country", different_country),
    Rule("different number", different_number),
    Rule("different unit", different_unit),
    Rule("different known names", different_known),
    Rule("city and region", city_and_region),
    Rule("country and team", country_and_team),
    Rule("named and generic", named_and_generic),
    Rule("different family", different_family),
)


SHORT_RANK: dict[str, int] = {
    rule.name: rank for rules in _SHORT_RULES_OF_KIND.values() for rank, rule in enumerate(rules)
}
"""Names of the short rules and their strength: the owner by the stronger rule (lower number) wins."""

_ACROSS = (same_spelling, middle_name)
_ACROSS_IF_TELLING = (left_out_name, name_order)


def reason_across(left: Form, right: Form) -> str:
    """Give the rule that joins two full names of persons from different documents, or an empty string."""
    found = next((rule.name for rule in RULES if rule.test in _ACROSS and rule.test(left, right)), "")
    if found or not is_telling(person_name(left.text), person_name(right.text)):
        return found
    return next(
        (rule.name for rule in RULES if rule.test in _ACROSS_IF_TELLING and rule.test(left, right)), ""
    )


@lru_cache(maxsize=1)
def _bare_institutions() -> frozenset[str]:
    return frozenset(organisation_name(name).key for name in _roles("bare"))


@lru_cache(maxsize=2_048)
def is_bare_institution(text: str) -> bool:
    """Tell whether every country has an organisation of this name: Navy, Defence Ministry."""
    return organisation_name(text).key in _bare_institutions()


def belongs_to_no_country(text: str) -> bool:
    """Tell whether a bare institution's name is that of the world's or a company's as often: Security Council."""
    return name_key(text) in _roles("any owner")


def has_legal_form(text: str) -> bool:
    """Tell whether a name ends as those of companies do: Inc, Ltd, GmbH."""
    found = words(text)
    return len(found) > 1 and found[-1] in _roles("legal form")


def is_state_form(text: str) -> bool:
    """Tell whether a name says what kind of state it names: Russian Federation."""
    return not _roles("state form").isdisjoint(words(text))


def institution_of(country: str, text: str) -> tuple[Known, ...]:
    """Give the known organisations of a country that a bare institution's name may mean."""
    return _organisation_keys().get(f"{country}:{' '.join(organisation_name(text).rest)}", ())


def reason(left: Form, right: Form) -> str:
    """Give the name of the first rule that joins two names of equal standing, or an empty string."""
    return next((rule.name for rule in _RULES_OF_KIND[left.kind] if rule.test(left, right)), "")


def short_reason(short: Form, full: Form) -> str:
    """Give the name of the first rule that joins a short name to a full name, or an empty string."""
    return next((rule.name for rule in _SHORT_RULES_OF_KIND[short.kind] if rule.test(short, full)), "")


def veto(left: Form, right: Form) -> str:
    """Give the name of the first veto that keeps two names apart, or an empty string."""
    return next((rule.name for rule in VETOES if rule.test(left, right)), "")


def veto_key(form: Form) -> Hashable:
    """Give what the vetoes look at: two forms of one key are kept apart from the same others."""
    return (form.family, form.generic) if form.kind is Kind.EQUIPMENT and form.family else form


def explanation(name: str) -> str:
    """Give the help text of a rule or veto by the name in a receipt, without full stop, or an empty string."""
    found = next((rule for rule in (*RULES, *SHORT_RULES, *VETOES) if rule.name == name), None)
    return (found.test.__doc__ or "").split("\n")[0].rstrip(".") if found else ""


# ---------------------------------------------------------------- keys under which candidates meet


def keys(form: Form) -> tuple[str, ...]:
    """Give the keys of a name: two names that share none are never compared."""
    if form.kind is Kind.EQUIPMENT:
        family = f"family {form.family}" if form.family else f"name {designation_key(form.text)}"
        return family, *(f"word {word}" for word in words(form.text)[-1:])
    return _keys(form.kind, form.text)


@lru_cache(maxsize=2_048)
def _keys(kind: Kind, text: str) -> tuple[str, ...]:
    found = [f"known {record.name}" for record in known(kind, text)]
    if kind is Kind.PERSON:
        found += _person_keys(person_name(text))
    else:
        found += _title_keys(text)
    if kind is Kind.ORGANISATION:
        name = organisation_name(text)
        found += [f"name {name.key}", *(f"word {word}" for word in name.rest[:1])]
        if (named := unit(text)) and named[1].number:
            found.append(f"unit {named[1].echelon} {named[1].number}")
    elif kind is Kind.PLACE:
        found.append(f"place {spelling_key(place_name(text)[0])}")
    return tuple(dict.fromkeys(found))


def _person_keys(name: PersonName) -> Iterator[str]:
    yield "run " + "".join(name.parts)
    for part in name.parts:
        yield from (f"word {sound}" for sound in _sounds(part))


def _sounds(part: str) -> Iterator[str]:
    """Yield the sound of a word of a name, and those of the given names that it is short for."""
    group = knowledge.given_names().get(part)
    yield sound_key(group.family if group else part)
    if group:
        yield from map(sound_key, sorted(group.long_forms))


def meeting_keys(form: Form) -> frozenset[tuple[str, ...]] | None:
    """Give keys of a name of which it shares one with each that a rule may join to it; None when that may be any."""
    if form.kind is not Kind.PERSON:
        return None
    name = person_name(form.text)
    found = pair_keys(name.parts) if name.full and len(name.parts[0]) > 1 else None
    return found and found | {("known", record.name) for record in known(Kind.PERSON, form.text)}


def share_enough(left: Form, right: Form) -> bool:
    """Tell whether two names that share a key are worth asking the rules about: full names of persons share two words.

    It is quick where many persons of an article have one surname or one given name; of the pairs that it leaves out no
    rule joins any.
    """
    if left.kind is not Kind.PERSON:
        return True
    one, two = person_name(left.text), person_name(right.text)
    if not (one.full and two.full):
        return True
    initials = min(len(one.parts[0]), len(two.parts[0])) == 1
    if not (initials or may_agree(one.parts, two.parts) or known_name(left, right)):
        return False
    return not _double_keys(left.text, initials).isdisjoint(_double_keys(right.text, initials))


@lru_cache(maxsize=2_048)
def _double_keys(text: str, initials: bool) -> frozenset[tuple[str, ...]]:
    """Give the keys of a full name for two words at once: by consonants, by sound, and by the initial of the first."""
    name = person_name(text)
    first, last = name.parts[0], set(_sounds(name.parts[-1]))
    found: set[tuple[str, ...]] = {("known", record.name) for record in known(Kind.PERSON, text)}
    found |= {("blocks", *key) for key in person_blocks(name)}
    found |= {("sounds", one, two) for one in _sounds(first) for two in last}
    if initials:
        found |= {("initial", first[0], two) for two in last}
    return frozenset({("run", "".join(name.parts)), *found})


def _title_keys(text: str) -> Iterator[str]:
    """Yield first and last word, and the letters with which an acronym of the name may begin."""
    found = words(text)
    if is_acronym(text):
        yield f"letter {letters_of(text)[0]}"
    elif len(found) > 1:
        yield f"letter {found[0][0]}"
        yield f"letter {found[1][0]}"
    if found:
        yield f"word {found[0]}"
        yield f"word {found[-1]}"
