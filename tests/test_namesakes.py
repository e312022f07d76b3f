"""Two persons of one name are two rows when their articles contradict each other, and one row else."""

import pytest

from entityscan.merging import merge
from entityscan.merging.misses import near_misses
from entityscan.records import Entity, Kind, Mention

NAME = "Owen Tarrant"


def article(document: str, sentence: str, *others: str) -> list[Mention]:
    start = sentence.index(NAME)
    found = [Mention(document, start, start + len(NAME), NAME, Kind.PERSON, sentence=sentence)]
    for number, text in enumerate(others, start=1):
        place = 1000 * number
        found.append(Mention(document, place, place + len(text), text, Kind.ORGANISATION))
    return found


KEEPER = article("a", "Welsh goalkeeper Owen Tarrant saved two penalties.", "Llanfair Rovers", "Usk Town")
SURGEON = article(
    "b", "A panel heard Owen Tarrant, the Canadian surgeon, on Monday.", "Yukon Health", "Medicine Hat Trust"
)
KEEPER_AGAIN = article("c", "Owen Tarrant was in goal again.", "Usk Town", "Rhyl Harriers")


def rows(*articles: list[Mention], published: dict[str, str] | None = None) -> list[Entity]:
    found = merge([mention for one in articles for mention in one], published=published)
    return [entity for entity in found if entity.kind is Kind.PERSON]


def test_two_persons_are_two_rows_and_say_why() -> None:
    found = rows(KEEPER, SURGEON, KEEPER_AGAIN)
    assert [[mention.document for mention in row.mentions] for row in found] == [["a", "c"], ["b"]]
    assert [row.attributes["namesake"] for row in found] == ["goalkeeper", "Canadian, surgeon"]
    [miss] = near_misses(found[0], found)
    assert miss.rule == "same name"
    assert "two persons" in miss.missing
    assert "surgeon" in miss.missing


def test_ids_follow_from_the_content() -> None:
    alone = rows(KEEPER)[0].id
    both = {row.mentions[0].document: row.id for row in rows(SURGEON, KEEPER)}
    assert both["a"] == alone
    assert both["b"] != alone
    assert both == {row.mentions[0].document: row.id for row in rows(KEEPER, SURGEON, KEEPER_AGAIN)}


@pytest.mark.parametrize(
    "other",
    [
        article("b", "Owen Tarrant, the Canadian surgeon, spoke.", "Llanfair Rovers", "Medicine Hat Trust"),
        article("b", "Owen Tarrant came from Canada.", "Yukon Health", "Medicine Hat Trust"),
        article("b", "Coach Owen Tarrant lost again.", "Yukon Health", "Medicine Hat Trust"),
        article("b", "A surgeon thanked Owen Tarrant.", "Yukon Health", "Medicine Hat Trust"),
        article("b", "Owen Tarrant, the surgeon, spoke."),
    ],
    ids=["a name in common", "no calling", "the same calling", "another's calling", "few names"],
)
def test_weak_evidence_is_one_person(other: list[Mention]) -> None:
    [row] = rows(KEEPER, other)
    assert "namesake" not in row.attributes


@pytest.mark.parametrize(
    ("first", "second", "number"),
    [
        ("Owen Tarrant, 71, retired from the mill.", "Owen Tarrant, 23, won the race.", 2),
        ("Owen Tarrant, 71, retired from the mill.", "Owen Tarrant, 72, sold the mill.", 1),
        ("Owen Tarrant (1888-1951) built the mill.", "Owen Tarrant, 23, won the race.", 2),
        ("Owen Tarrant, born in 1931, built it.", "Owen Tarrant, 89, sold the mill.", 1),
    ],
)
def test_years_of_birth(first: str, second: str, number: int) -> None:
    dates = {"a": "2020-03-01", "b": "2020-09-01"}
    one, two = article("a", first, "Usk Mill", "Usk Town"), article("b", second, "Yukon Health", "Hat Trust")
    assert len(rows(one, two, published=dates)) == number
