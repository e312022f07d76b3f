"""The graph: counted by hand, and opened by the programs that it is for."""

import csv
import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Run

from entityscan.errors import InputError
from entityscan.graph import WRITERS, Graph, Unit, build
from entityscan.records import Alias, Entity, Kind, Mention

TEXT = "Anna met Bert.\nBert left.\n\nAnna met Carl. Anna met Bert.\n"
SENTENCES = ["Anna met Bert.", "Bert left.", "Anna met Carl.", "Anna met Bert."]
OTHER = "=Anna \x0b<met> Carl."


def entity(name: str, kind: Kind = Kind.PERSON) -> Entity:
    mentions, offset = [], 0
    for sentence in SENTENCES:
        offset = TEXT.index(sentence, offset)
        if name in sentence:
            start = offset + sentence.index(name)
            mentions.append(Mention("a", start, start + 4, name, kind, sentence=sentence))
        offset += len(sentence)
    if name in OTHER:
        start = OTHER.index(name)
        mentions.append(Mention("b", start, start + 4, name, kind, sentence=OTHER))
    return Entity(
        f"{kind}:{name}", kind, name, (Alias(name, len(mentions)),), tuple(mentions), 1 + (name != "Bert")
    )


ENTITIES = [entity("Anna"), entity("Bert"), entity("Carl", Kind.PLACE)]
TEXTS = {"a": TEXT, "b": OTHER}


def counts(graph: Graph) -> dict[str, int]:
    return {f"{edge.source.name}-{edge.target.name}": edge.count for edge in graph.edges}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.SENTENCE, {"Anna-Bert": 1, "Anna-Carl": 2}),
        (Unit.PARAGRAPH, {"Anna-Bert": 2, "Anna-Carl": 2, "Bert-Carl": 1}),
        (Unit.ARTICLE, {"Anna-Bert": 1, "Anna-Carl": 2, "Bert-Carl": 1}),
    ],
)
def test_build_counts_units(unit: Unit, expected: dict[str, int]) -> None:
    graph = build(ENTITIES, unit, texts=TEXTS)
    assert counts(graph) == expected
    assert all(0 < edge.association <= 1 for edge in graph.edges)
    assert {edge.example for edge in graph.edges if edge.target.name == "Carl"} <= {*SENTENCES, OTHER}


def test_build_leaves_out_weak_edges_and_keeps_nodes() -> None:
    graph = build(ENTITIES, min_count=2)
    assert counts(graph) == {"Anna-Carl": 2}
    assert graph.edges[0].example == "Anna met Carl."
    assert len(graph.nodes) == 3


def test_paragraphs_without_blank_lines_are_lines() -> None:
    texts = {"a": TEXT.replace("\n\n", " \n"), "b": OTHER}
    assert counts(build(ENTITIES, Unit.PARAGRAPH, texts=texts)) == counts(
        build(ENTITIES, Unit.PARAGRAPH, texts=TEXTS)
    )


def test_paragraphs_need_the_text() -> None:
    with pytest.raises(InputError, match="a: the article's text is not at hand"):
        build(ENTITIES, Unit.PARAGRAPH, texts={"b": OTHER})


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_networkx_opens_the_graph(name: str, tmp_path: Path) -> None:
    networkx = pytest.importorskip("networkx", reason="networkx is not installed")
    (tmp_path / "graph").write_bytes(b"".join(WRITERS[name](build(ENTITIES))))
    graph = getattr(networkx, f"read_{name}")(tmp_path / "graph")
    assert not graph.is_directed()
    assert graph.nodes["person:Anna"]["kind"] == "person"
    assert graph.nodes["person:Anna"]["label"] == "Anna"
    assert graph.nodes["place:Carl"]["mentions"] == 2
    edge = graph.edges["person:Anna", "place:Carl"]
    assert (edge["weight"], edge["count"], edge["example"]) == (2, 2, "Anna met Carl.")


@pytest.mark.parametrize("name", ["gexf", "graphml"])
def test_xml_holds_any_text(name: str) -> None:
    evil = Entity("person:x", Kind.PERSON, '<&"\x00\ud800]]>', (), (Mention("b", 0, 1, "x", Kind.PERSON),), 1)
    root = ElementTree.fromstring(b"".join(WRITERS[name](build([evil]))))
    assert '<&"]]>' in "".join(root.itertext()) + "".join(v for e in root.iter() for v in e.attrib.values())


def test_csv_has_the_columns_of_gephi_and_no_formula() -> None:
    rows = list(
        csv.DictReader(io.StringIO(b"".join(WRITERS["csv"](build([entity("Anna"), evil()]))).decode()))
    )
    assert [(row["Source"], row["Target"], row["Type"], row["Weight"]) for row in rows] == [
        ("person:Anna", "person:Evil", "Undirected", "1")
    ]
    assert rows[0]["target_name"] == "'=Evil"
    assert rows[0]["example"].startswith("'=")


def evil() -> Entity:
    mention = Mention("b", 2, 5, "nna", Kind.PERSON, sentence=OTHER)
    return Entity("person:Evil", Kind.PERSON, "=Evil", (Alias("nna", 1),), (mention,), 1)


@pytest.fixture
def saved(entityscan: Run, tmp_path: Path) -> str:
    (tmp_path / "one.txt").write_text("Donald Tusk spoke in Warsaw.\nNATO listened.\n\nTusk left Warsaw.\n")
    assert entityscan("extract", "one.txt", "-o", "saved.json").returncode == 0
    return "saved.json"


def test_graph_of_a_saved_result(entityscan: Run, saved: str, tmp_path: Path) -> None:
    done = entityscan("graph", saved, "-f", "csv", "--by", "paragraph")
    assert done.returncode == 0
    assert done.stderr == b"entityscan: 3 entities, 3 pairs by paragraph\n"
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert (rows[0]["source_name"], rows[0]["target_name"], rows[0]["Weight"]) == (
        "Donald Tusk",
        "Warsaw",
        "2",
    )
    (tmp_path / "one.txt").unlink()
    lost = entityscan("graph", saved, "--by", "paragraph")
    assert (lost.returncode, lost.stdout) == (1, b"")
    assert b"one.txt: the article's text is not at hand" in lost.stderr


def test_graph_of_articles_goes_by_suffix(
    entityscan: Run, saved: str, tmp_path: Path, rules_model: str
) -> None:
    done = entityscan("graph", "one.txt", "-o", "out.graphml", "-m", rules_model, "--kind", "place")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"Warsaw" in (tmp_path / "out.graphml").read_bytes()
    wrong = entityscan("graph", saved, "-o", "out.png")
    assert wrong.returncode == 2
    assert b"no format is known by that suffix" in wrong.stderr


def test_graph_and_diff_of_a_scan_file(entityscan: Run, saved: str, tmp_path: Path) -> None:
    assert entityscan("extract", "one.txt", "--db", "scan.sqlite").returncode == 0
    assert entityscan("graph", "scan.sqlite").stdout == entityscan("graph", saved).stdout
    assert entityscan("diff", "scan.sqlite", saved).returncode == 0


def test_the_command_knows_every_format_and_unit() -> None:
    from entityscan.cli.graph import GraphFormat, Together
    from entityscan.graph import WRITERS, Unit

    assert [str(name) for name in GraphFormat] == list(WRITERS)
    assert [str(name) for name in Together] == [str(unit) for unit in Unit]
