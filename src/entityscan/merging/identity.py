"""What a document's group of names stands for: a known thing, or a name that means the same everywhere."""

from collections import Counter
from collections.abc import Iterable, Sequence

from entityscan import knowledge, rules
from entityscan.knowledge import Known
from entityscan.merging.steps import Link
from entityscan.names import designation_key, is_acronym, name_key, person_name, spelling_key
from entityscan.records import Kind
from entityscan.rules import Form

_CLEARLY_MORE = 1.5
"""So many times as often as the next must an article name the country of its `Navy` ..."""
_FAR_MORE = 3
"""... and more than so many times as often as any other country that is known to have one ..."""
_LEAST = 2
"""... and this often at least."""


def identify(
    forms: Sequence[Form], links: Sequence[Link], context: Counter[str], *, ambiguous: bool
) -> tuple[str, str, str]:
    """Give the identity of a document's group, the known name behind it, and the rule that says so."""
    short = {link.left for link in links if link.rule in rules.SHORT_RANK}
    kind = forms[0].kind
    best = (
        list(forms)
        if len(forms) == 1
        else sorted(
            forms, key=lambda form: (_bare(form), form in short, _incomplete(form), -len(form.mentions), form)
        )
    )
    if kind is Kind.EQUIPMENT:
        return _identify_equipment(best[0]), "", "same family"
    if best[0].setting.startswith("sport "):
        return f"team {name_key(best[0].text)} {best[0].setting}", "", "same name"
    if best[0].setting.startswith("region "):
        return f"place {name_key(best[0].text)} {best[0].setting}", "", "same name"
    for form in best:
        owners, rule = _owners(form, context)
        if len(owners) == 1:
            return f"known {owners[0].name}", owners[0].name, rule
        if kind is Kind.ORGANISATION and form not in short and not is_acronym(form.text):
            break
    if kind is Kind.PERSON:
        return _identify_person(best[0], ambiguous=ambiguous)
    if kind is Kind.PLACE:
        key, role = rules.place_name(best[0].text)
        return f"place {' '.join(map(spelling_key, key.split()))} {role}", "", "same name"
    return _identify_organisation(min(best, key=_incomplete), context)


def _owners(form: Form, context: Counter[str]) -> tuple[Sequence[Known], str]:
    """Give the known things that a form may mean in its document, and the rule that says so."""
    if _bare(form):
        country, rule = _country(form, context)
        if country:
            owners = rules.institution_of(country, form.text)
            return (owners, rule) if len(owners) == 1 else ((), "")
    owners = rules.known(form.kind, form.text)
    if _bare(form) and _of_another_country(form, owners, context):
        return (), ""
    if len(owners) > 1:
        owners = tuple(owner for owner in owners if owner.country in context)
    return owners, "known name"


def _of_another_country(form: Form, owners: Sequence[Known], context: Counter[str]) -> bool:
    """Tell whether an article names other countries that have such an institution, or only other countries."""
    if any(set(rules.institution_of(code, form.text)) - set(owners) for code in context):
        return True
    return (
        bool(context)
        and any(owner.country for owner in owners)
        and not any(owner.country in context for owner in owners)
    )


def _country(form: Form, context: Counter[str]) -> tuple[str, str]:
    """Give the country of a bare institution, and the rule that says so: its owner in the text, or a plain article."""
    if form.setting:
        return form.setting.removeprefix("country "), "owner in the text"
    if rules.belongs_to_no_country(form.text):
        return "", ""
    ranked = context.most_common(2)
    if (
        not ranked
        or ranked[0][1] < _LEAST
        or (len(ranked) > 1 and ranked[0][1] <= _CLEARLY_MORE * ranked[1][1])
    ):
        return "", ""
    [(country, count), *_] = ranked
    rivals = [other for other, often in context.items() if other != country and count <= _FAR_MORE * often]
    if any(rules.institution_of(other, form.text) for other in rivals):
        return "", ""
    return country, "country of the article"


def _bare(form: Form) -> bool:
    """Tell whether a form only says what every country has: Navy, Defence Ministry."""
    return form.kind is Kind.ORGANISATION and rules.is_bare_institution(form.text)


def _incomplete(form: Form) -> bool:
    """Tell whether a form leaves words out: an acronym, a surname, initials."""
    if form.kind is Kind.PERSON:
        name = person_name(form.text)
        return not name.full or len(name.parts[0]) == 1
    return is_acronym(form.text)


def _identify_equipment(form: Form) -> str:
    family = form.family or designation_key(form.text)
    return f"{'kind' if form.generic else 'family'} {family}"


def _identify_person(form: Form, *, ambiguous: bool) -> tuple[str, str, str]:
    name = person_name(form.text)
    if name.full or name.compound:
        return f"person {' '.join(name.parts)} {name.suffix} {form.gender}", "", "same name"
    owners = () if ambiguous or name.suffix else knowledge.famous().get(name_key(form.text), ())
    if len(owners) == 1 and form.gender in ("", owners[0].type):
        return f"known {owners[0].name}", owners[0].name, "well-known name"
    return f"alone {name_key(form.text)} {form.document} {form.first}", "", "same name"


def _identify_organisation(form: Form, context: Counter[str]) -> tuple[str, str, str]:
    name = rules.organisation_name(form.text)
    if rules.known(Kind.PLACE, form.text) or len(rules.known(Kind.ORGANISATION, form.text)) > 1:
        return f"alone {name.key} {form.document}", "", "same name"
    named = rules.unit(form.text)
    if named is not None and named[1].number and named[1].branch:
        country, unit = named
        words = " ".join(sorted(unit.branch))
        return f"unit {country} {unit.echelon} {unit.number} {words}", "", "same name"
    if name.country or not rules.is_bare_institution(form.text):
        return f"organisation {name.key}", "", "same name"
    country, rule = _country(form, context)
    if not country:
        return f"alone {name.key} {form.document} {form.setting}", "", "same name"
    return f"organisation {country}:{' '.join(name.rest)}", "", rule


def countries(forms: Iterable[Form]) -> Counter[str]:
    """Count how often a document names each country, by its name, its cities and its own institutions."""
    found: Counter[str] = Counter()
    for form in forms:
        if form.kind is Kind.PLACE or (
            form.kind is Kind.ORGANISATION and not is_acronym(form.text) and not _bare(form)
        ):
            owners = rules.known(form.kind, form.text)
            code = owners[0].country if len(owners) == 1 else ""
            if not code and form.kind is Kind.ORGANISATION:
                code = rules.organisation_name(form.text).country
            if code:
                found[code] += len(form.mentions)
    return found
