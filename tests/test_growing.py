"""An archive that grows has the result that merging everything at once has."""

from hypothesis import given, settings
from hypothesis import strategies as st

from entityscan.merging import Merged, extend, merge
from entityscan.records import Kind, Mention

SAID = ("", "Goalkeeper {} saved it.", "{}, the Danish surgeon, spoke.", "{}, 44, left.", "{}, 91, died.")
NAMES = (
    ("Ivan Belinsky", Kind.PERSON), ("Ivan Belinskyi", Kind.PERSON), ("Belinsky", Kind.PERSON),
    ("Tariq Mazlumi", Kind.PERSON), ("Tariq Mazlumi Dabbagh", Kind.PERSON), ("Mazlumi", Kind.PERSON),
    ("Mr Orsk", Kind.PERSON), ("Orsk", Kind.PLACE), ("Orsk", Kind.ORGANISATION), ("Orsk Mills Inc", Kind.ORGANISATION),
    ("Navy", Kind.ORGANISATION), ("Russian Navy", Kind.ORGANISATION), ("Russia", Kind.PLACE), ("NATO", Kind.ORGANISATION),
    ("North Atlantic Treaty Organization", Kind.ORGANISATION), ("Vantara", Kind.PLACE), ("Vantara", Kind.PERSON),
)  # fmt: skip
DOCUMENTS = "abcdef"

mention = st.builds(
    lambda document, place, name, said: Mention(
        document,
        100 * place,
        100 * place + len(name[0]),
        name[0],
        name[1],
        sentence=said.format(name[0]) if name[1] is Kind.PERSON else "",
    ),
    st.sampled_from(DOCUMENTS),
    st.integers(0, 30),
    st.sampled_from(NAMES),
    st.sampled_from(SAID),
)
mentions = st.lists(mention, max_size=40, unique_by=lambda found: (found.document, found.start))
dates = st.dictionaries(st.sampled_from(DOCUMENTS), st.sampled_from(["1990-05-05", "2020-05-05"]))


@settings(deadline=None, max_examples=150)
@given(mentions, st.lists(st.integers(0, 40), max_size=4), dates, st.booleans(), st.randoms())
def test_any_way_to_add_articles_has_one_result(found, cuts, published, late, random) -> None:  # type: ignore[no-untyped-def]
    random.shuffle(found)
    grown = Merged()
    ends = [*sorted(cuts), len(found)]
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False), start=1):
        given_now = published if not late or number == len(ends) else None
        grown = extend(grown, found[start:end], published=given_now, adjectives={"RU": 3})
    assert grown.entities == merge(found, published=published, adjectives={"RU": 3})


def test_articles_that_nothing_touches_are_not_merged_again() -> None:
    def article(name: str, document: str) -> list[Mention]:
        return [Mention(document, 0, len(name), name, Kind.PERSON)]

    first = extend(Merged(), article("Tariq Mazlumi", "a") + article("Ivan Belinsky", "b"))
    second = extend(first, article("Ivan Belinsky", "c"))
    assert second.articles["a"] is first.articles["a"]
    assert second.articles["b"] is first.articles["b"]
    assert any(row is second.rows[0] for row in first.rows)
    assert [entity.documents for entity in first.entities] == [1, 1]
    assert sorted(entity.documents for entity in second.entities) == [1, 2]
