"""The user's verdicts: reading, contradictions, applying, and the commands."""

from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st

from entityscan.errors import InputError
from entityscan.merging import merge
from entityscan.records import Entity, Kind, Mention
from entityscan.verdicts import apply, load, parse


def mention(text: str, kind: str = "person", start: int = 0, document: str = "a.txt") -> Mention:
    return Mention(document, start, start + len(text), text, Kind(kind))


def decided(text: str, *mentions: Mention) -> tuple[dict[str, int], list[str]]:
    """Names of the rows with their numbers of mentions, and what matched nothing."""
    applied = apply(parse(text, "v.toml"), merge(mentions), {"a.txt": "2024-01-02", "b.txt": "2024-03-04"})
    assert len({entity.id for entity in applied.entities}) == len(applied.entities)
    return {
        f"{entity.kind} {entity.name}": len(entity.mentions) for entity in applied.entities
    }, applied.unmatched


ACME = (mention("Acme Works", "organisation"), mention("Orlov Group", "organisation", 40))
TUSK = (mention("Donald Tusk"), mention("Tusk", start=40), mention("Donald Tusk", document="b.txt"))


def test_same_joins_rows_and_leaves_a_receipt() -> None:
    [entity] = apply(parse('[[same]]\nnames = ["Acme Works", "orlov group"]', "v.toml"), merge(ACME)).entities
    assert [(alias.text, alias.count) for alias in entity.aliases] == [("Acme Works", 1), ("Orlov Group", 1)]
    assert [(receipt.rule, receipt.left, receipt.right) for receipt in entity.why] == [
        ("verdict", "Orlov Group", "Acme Works")
    ]


def test_different_beats_every_rule() -> None:
    rows, unmatched = decided('[[different]]\nnames = ["Tusk", "Donald Tusk"]', *TUSK)
    assert (rows, unmatched) == ({"person Donald Tusk": 2, "person Tusk": 1}, [])


def test_different_takes_the_names_along_that_receipts_link() -> None:
    long, short = mention("Front for Renewal", "organisation"), mention("QZX", "organisation", 40)
    linked = Mention("a.txt", 60, 63, "FFR", Kind.ORGANISATION, same_as=0, same_as_cue="brackets")
    joined = '[[same]]\nnames = ["Front for Renewal", "QZX", "Harbour"]\n'
    rows = merge([long, short, linked, mention("Harbour", "organisation", 90)])
    [whole] = apply(parse(joined, "v.toml"), rows).entities
    parts = apply(
        parse('[[different]]\nnames = ["Front for Renewal", "Harbour"]', "w.toml"), [whole]
    ).entities
    assert sorted(sorted(alias.text for alias in part.aliases) for part in parts) in (
        [["FFR", "Front for Renewal", "QZX"], ["Harbour"]],
        [["FFR", "Front for Renewal"], ["Harbour", "QZX"]],
    )


def test_different_in_one_article() -> None:
    applied = apply(
        parse('[[different]]\nnames = ["Donald Tusk"]\ndocument = "b.*"', "v.toml"),
        merge(TUSK),
        {"b.txt": "2024-03-04"},
    )
    assert [(e.name, len(e.mentions), e.first_seen) for e in applied.entities] == [
        ("Donald Tusk", 2, None),
        ("Donald Tusk", 1, "2024-03-04"),
    ]


@pytest.mark.parametrize(
    ("text", "mentions", "rows"),
    [
        ('[[drop]]\nname = "Tusk"', TUSK, {}),
        ('[[drop]]\nname = "Donald Tusk"\ndocument = "b.txt"', TUSK, {"person Donald Tusk": 2}),
        ('[[drop]]\nname = "Acme*"', ACME, {"organisation Orlov Group": 1}),
        ('[[rename]]\nname = "Tusk"\nto = "D. Tusk"', TUSK, {"person D. Tusk": 3}),
        (
            '[[kind]]\nname = "Acme Works"\nto = "place"',
            ACME,
            {"place Acme Works": 1, "organisation Orlov Group": 1},
        ),
        (
            '[[kind]]\nname = "Acme Works"\nto = "place"\nof = "organisation"',
            (*ACME, mention("Acme Works", "place", document="b.txt")),
            {"place Acme Works": 2, "organisation Orlov Group": 1},
        ),
        (
            '[[kind]]\nname = "Acme Works"\nto = "organisation"',
            (*ACME, mention("Acme Works", "place", document="b.txt")),
            {"organisation Acme Works": 2, "organisation Orlov Group": 1},
        ),
        (
            '[[same]]\nnames = ["Acme Works", "Orlov*"]\ndocument = "a.txt"',
            ACME,
            {"organisation Acme Works": 2},
        ),
        (
            (
                '[[kind]]\nname = "Acme Works"\nto = "place"\ndocument = "b.*"\n'
                '[[kind]]\nname = "Acme Works"\nto = "person"'
            ),
            (*ACME, mention("Acme Works", "organisation", document="b.txt")),
            {"place Acme Works": 1, "person Acme Works": 1, "organisation Orlov Group": 1},
        ),
    ],
)
def test_each_verdict_does_its_work(text: str, mentions: tuple[Mention, ...], rows: dict[str, int]) -> None:
    assert decided(text, *mentions) == (rows, [])


def test_an_id_names_a_row() -> None:
    [entity] = merge(TUSK)
    assert decided(f'[[rename]]\nname = "{entity.id}"\nto = "The Premier"', *TUSK)[0] == {
        "person The Premier": 3
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[drop]]\nname = "Nobody"', "v.toml:1: drop 'Nobody': nothing has that name"),
        (
            '\n[[same]]\nnames = ["Tusk", "Nobody"]',
            "v.toml:2: same 'Tusk' 'Nobody': nothing is called 'Nobody'",
        ),
        ('[[drop]]\nname = "Tusk"\ndocument = "c.txt"', "v.toml:1: drop 'Tusk': nothing has that name"),
        ('[[drop]]\nname = "Tusk"\nof = "place"', "v.toml:1: drop 'Tusk': nothing has that name"),
    ],
)
def test_what_matches_nothing_is_told(text: str, message: str) -> None:
    assert decided(text, *TUSK) == ({"person Donald Tusk": 3}, [message])


def test_rows_of_different_kinds_are_not_joined() -> None:
    rows, [message] = decided('[[same]]\nnames = ["Acme Works", "Tusk"]', *ACME, *TUSK)
    assert len(rows) == 3
    assert "different kinds" in message


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('[[same]]\nnames = ["A", "B"]\n[[different]]\nnames = ["b", "a"]', (1, 3)),
        (
            '[[same]]\nnames = ["A", "B"]\n[[same]]\nnames = ["B", "C"]\n[[different]]\nnames = ["A", "C"]',
            (1, 5),
        ),
        ('[[rename]]\nname = "A"\nto = "B"\n\n[[rename]]\nname = "a"\nto = "C"', (1, 5)),
        ('[[kind]]\nname = "A"\nto = "place"\n[[kind]]\nname = "A"\nto = "person"', (1, 4)),
        ('[[rename]]\nname = "A"\nto = "B"\n[[drop]]\nname = "A"', (1, 4)),
    ],
)
def test_contradictions_name_both_lines(text: str, lines: tuple[int, int]) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "v.toml")
    assert all(f"v.toml:{line}: " in str(caught.value) for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[same", "v.toml: not TOML"),
        ('[[join]]\nnames = ["A", "B"]', "[[join]] is no verdict; choose one of: same, different"),
        ('same = "A"', "[[same]] is no verdict"),
        ('[[same]]\nnames = ["A"]', "v.toml:1: same needs two names"),
        ('[[drop]]\nname = "A"\nwhy = "B"', "v.toml:1: drop needs name; it may have document, of, note"),
        ("[[drop]]\nname = 3", "v.toml:1: drop: names and values must be text"),
        ('[[drop]]\nname = " "', "v.toml:1: drop: a name is empty"),
        ('[[kind]]\nname = "A"\nto = "town"', "v.toml:1: 'town' is no kind; choose one of: person, place"),
    ],
)
def test_a_broken_file_says_where(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, "v.toml")
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        load(tmp_path / "v.toml")


NAMES = ["John Smith", "Smith", "Jane Smith", "Marta Keller", "Keller"]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("ab")), max_size=8),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(["same", "different"]),
)
def test_no_mention_is_lost_and_counts_add_up(
    found: list[tuple[str, str]], one: str, two: str, action: str
) -> None:
    mentions = [
        mention(text, start=20 * number, document=document) for number, (text, document) in enumerate(found)
    ]
    verdicts = parse(f'[[{action}]]\nnames = ["{one}", "{two}"]', "v.toml") if one != two else ()
    entities: list[Entity] = apply(verdicts, merge(mentions)).entities
    assert sorted(m for entity in entities for m in entity.mentions) == sorted(mentions)
    for entity in entities:
        assert sum(alias.count for alias in entity.aliases) == len(entity.mentions)
    if action == "different" and one != two:
        assert not any({one, two} <= {alias.text for alias in entity.aliases} for entity in entities)


# ---------------------------------------------------------------- commands


def test_verdict_commands_append_and_extract_obeys(entityscan: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Donald Tusk met NATO in Warsaw. Tusk smiled.")
    for args in (
        ("rename", "NATO", "The Alliance", "--note", "house style"),
        ("different", "Tusk", "Donald Tusk"),
        ("drop", "Nobody"),
    ):
        done = entityscan("verdict", *args)
        assert (done.returncode, done.stdout) == (0, b"")
    assert (
        (tmp_path / "verdicts.toml")
        .read_text()
        .startswith('[[rename]]\nname = "NATO"\nto = "The Alliance"\n')
    )
    done = entityscan("extract", "a.txt", "--verdicts", "verdicts.toml", "-f", "csv", "-q")
    assert done.returncode == 0
    names = [line.split(",")[2] for line in done.stdout.decode().splitlines()[1:]]
    assert sorted(names) == ["Donald Tusk", "The Alliance", "Tusk", "Warsaw"]
    assert done.stderr == b"entityscan: verdicts.toml:9: drop 'Nobody': nothing has that name\n"


def test_a_contradiction_is_not_written(entityscan: Run, tmp_path: Path) -> None:
    assert entityscan("verdict", "same", "A", "B").returncode == 0
    done = entityscan("verdict", "different", "A", "B")
    assert done.returncode == 1
    assert b"verdicts.toml:1: same 'A' 'B' and verdicts.toml:4: different 'A' 'B'" in done.stderr
    assert (tmp_path / "verdicts.toml").read_text() == '[[same]]\nnames = ["A","B"]\n'


def test_merge_obeys_verdicts_and_forgets_them(entityscan: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Donald Tusk met NATO in Warsaw. Tusk smiled.")
    (tmp_path / "v.toml").write_text('[[drop]]\nname = "NATO"\n')
    assert entityscan("extract", "a.txt", "--db", "scan.db", "-q").returncode == 0
    before = entityscan("export", "scan.db", "-f", "jsonl").stdout
    assert entityscan("merge", "scan.db", "--verdicts", "v.toml", "-q").returncode == 0
    assert (
        b"NATO"
        not in entityscan("export", "scan.db", "-f", "json")
        .stdout.split(b'"entities"')[1]
        .split(b'"sentence"')[0]
    )
    assert entityscan("merge", "scan.db", "-q").returncode == 0
    assert entityscan("export", "scan.db", "-f", "jsonl").stdout == before
