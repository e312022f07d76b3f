"""Near misses, and the command that shows them with the chain of merges."""

import json
from pathlib import Path

import pytest
from conftest import Run

from entityscan.merging import merge
from entityscan.merging.misses import NearMiss, near_misses
from entityscan.records import DocumentInfo, Entity, Kind, Mention, Result
from entityscan.rules import RULES, SHORT_RULES, VETOES, explanation
from entityscan.writing import WRITERS, WriteOptions


def mention(
    text: str, kind: str = "person", start: int = 0, document: str = "a.txt", title: str = ""
) -> Mention:
    sentence = f"Here is {text}."
    return Mention(document, start, start + len(text), text, Kind(kind), sentence=sentence, title=title)


def misses(entities: list[Entity], name: str) -> list[NearMiss]:
    [entity] = [entity for entity in entities if entity.name == name]
    return near_misses(entity, entities)


@pytest.mark.parametrize(
    ("mentions", "name", "expected"),
    [
        (
            [mention("John Smith", title="Mr"), mention("Smith", start=30, title="Ms")],
            "John Smith",
            [("Smith", "surname", "different gender", "")],
        ),
        (
            [mention("Marta Keller"), mention("Keller", document="b.txt")],
            "Marta Keller",
            [("Keller", "surname", "", "a short name only joins the full name that its own article gives")],
        ),
        (
            [mention("Smith"), mention("John Smith", start=20), mention("Jane Smith", start=40)],
            "John Smith",
            [
                ("Smith", "surname", "", "more than one name of the article fits"),
                ("Jane Smith", "", "different person", ""),
            ],
        ),
        (
            [mention("Orlov Bridge Works", "organisation"), mention("Orlov Works", "organisation", 40)],
            "Orlov Bridge Works",
            [("Orlov Works", "", "", "no rule joins these names")],
        ),
        ([mention("Oslo", "place"), mention("Harbour Board", "organisation", 40)], "Oslo", []),
    ],
)
def test_near_misses_tell_what_kept_two_rows_apart(
    mentions: list[Mention], name: str, expected: list[tuple[str, str, str, str]]
) -> None:
    found = misses(merge(mentions), name)
    assert [
        (m.right.text, m.rule, m.veto, m.missing[: len(e[3])]) for m, e in zip(found, expected, strict=True)
    ] == expected


def test_near_misses_are_limited() -> None:
    entities = merge(
        [mention(f"{given} Smith", start=20 * n) for n, given in enumerate(["John", "Jane", "Ann"])]
    )
    assert len(near_misses(entities[0], entities)) == 2
    assert len(near_misses(entities[0], entities, limit=1)) == 1


@pytest.mark.parametrize("rule", [rule.name for rule in (*RULES, *SHORT_RULES, *VETOES)])
def test_every_rule_has_its_explanation(rule: str) -> None:
    assert len(explanation(rule)) > 15
    assert explanation("no such rule") == ""


@pytest.fixture
def saved(tmp_path: Path) -> str:
    found = [mention("Donald Tusk"), mention("Tusk", start=40), mention("Tusk", document="b.txt")]
    articles = tuple(DocumentInfo(name, name, "", 100) for name in ("a.txt", "b.txt"))
    result = Result(tuple(merge(found)), articles, {})
    path = tmp_path / "result.json"
    path.write_bytes(b"".join(WRITERS["json"](result, WriteOptions())))
    return path.name


def test_why_shows_the_chain_with_sentences_and_what_was_not_merged(entityscan: Run, saved: str) -> None:
    done = entityscan("why", "Donald Tusk", saved)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode()
    assert "Tusk = Donald Tusk: surname (" in shown
    assert "a.txt:40: Here is Tusk." in shown


def test_why_as_json(entityscan: Run, saved: str) -> None:
    done = entityscan("why", "tusk", saved, "--json")
    [row] = map(json.loads, done.stdout.splitlines())
    [merged] = row["merged"]
    assert (merged["rule"], merged["sentence"], row["name"]) == ("surname", "Here is Tusk.", "Donald Tusk")


def test_why_reads_articles_too(entityscan: Run, rules_model: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Donald Tusk met NATO in Warsaw. Tusk smiled.")
    done = entityscan("why", "Tusk", "a.txt", "--model", rules_model)
    assert b"Tusk = Donald Tusk: surname" in done.stdout
    assert b"Tusk smiled." in done.stdout


def test_why_says_when_there_is_no_such_row(entityscan: Run, saved: str) -> None:
    done = entityscan("why", "Nobody", saved)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"entityscan: no row is called 'Nobody'; 'entityscan extract' lists the rows\n"
