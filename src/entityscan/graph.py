"""Who is named together with whom: entities as nodes, co-occurrence as edges, and the graph as bytes.

Formats are GEXF and GraphML (Gephi, NetworkX, Cytoscape) and a CSV list of edges.
"""

import csv
import io
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import sqrt
from xml.etree import ElementTree as Xml

from entityscan.cells import harmless
from entityscan.errors import InputError
from entityscan.records import Entity, Kind, Mention

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLORS = {  # red, green, blue; the same hues as in the report
    Kind.PERSON: (11, 114, 133),
    Kind.PLACE: (43, 138, 62),
    Kind.ORGANISATION: (176, 110, 0),
    Kind.EQUIPMENT: (156, 54, 181),
}
_GEXF, _VIZ = "http://www.gexf.net/1.2draft", "http://www.gexf.net/1.2draft/viz"
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"


class Unit(StrEnum):
    """The stretch of text in which two names count as together."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Edge:
    """Two entities that are named together."""

    source: Entity
    target: Entity
    count: int
    """In how many units."""
    association: float
    """``count`` divided by the geometric mean of the units that name either, in 0..1."""
    document: str
    """Article of the first unit."""
    example: str
    """Sentence of ``source`` in the first unit."""


@dataclass(frozen=True, slots=True)
class Graph:
    """Entities and their edges, in a fixed order."""

    nodes: tuple[Entity, ...]
    edges: tuple[Edge, ...]
    """Strongest first."""


def build(
    entities: Sequence[Entity],
    unit: Unit = Unit.SENTENCE,
    *,
    texts: Mapping[str, str] | None = None,
    min_count: int = 1,
) -> Graph:
    """Count which entities share a unit of text.

    Args:
        entities: The nodes, in the order to keep.
        unit: Sentence, paragraph or article.
        texts: Text of each article by id; only paragraphs need it.
        min_count: Leave out edges of fewer units.

    Raises:
        InputError: when paragraphs are wanted and an article's text is missing.
    """
    found: dict[Hashable, dict[int, Mention]] = defaultdict(dict)
    locate = _LOCATORS[unit]
    for number, entity in enumerate(entities):
        for mention, place in zip(entity.mentions, locate(entity.mentions, texts or {}), strict=True):
            found[place].setdefault(number, mention)
    total = Counter(number for members in found.values() for number in members)
    counts: Counter[tuple[int, int]] = Counter()
    first: dict[tuple[int, int], Mention] = {}
    for members in found.values():
        for pair in combinations(sorted(members), 2):
            counts[pair] += 1
            mention = members[pair[0]]
            if pair not in first or mention < first[pair]:
                first[pair] = mention
    edges = [
        Edge(
            entities[one],
            entities[other],
            count,
            round(count / sqrt(total[one] * total[other]), 4),
            first[one, other].document,
            first[one, other].sentence,
        )
        for (one, other), count in counts.items()
        if count >= min_count
    ]
    edges.sort(key=lambda edge: (-edge.count, -edge.association, edge.source.id, edge.target.id))
    return Graph(tuple(entities), tuple(edges))


def _sentences(mentions: Sequence[Mention], _: Mapping[str, str]) -> Iterator[Hashable]:
    """Yield article and sentence of each mention; a sentence that the article repeats counts once."""
    for mention in mentions:
        yield mention.document, mention.sentence


def _paragraphs(mentions: Sequence[Mention], texts: Mapping[str, str]) -> Iterator[Hashable]:
    starts: dict[str, list[int]] = {}
    for mention in mentions:
        if mention.document not in starts:
            if mention.document not in texts:
                raise InputError(
                    f"{mention.document}: the article's text is not at hand, so it has no paragraphs; "
                    "run where the articles are, or use --by sentence"
                )
            starts[mention.document] = _paragraph_starts(texts[mention.document])
        yield mention.document, bisect_right(starts[mention.document], mention.start)


def _paragraph_starts(text: str) -> list[int]:
    """Give where paragraphs begin: after blank lines, or after each line of a text without blank lines."""
    cuts = [match.end() for match in _BLANK_LINE.finditer(text.strip("\n"))]
    if cuts:
        return [match.end() for match in _BLANK_LINE.finditer(text)]
    return [match.end() for match in re.finditer(r"\n", text)]


def _articles(mentions: Sequence[Mention], _: Mapping[str, str]) -> Iterator[Hashable]:
    for mention in mentions:
        yield mention.document


_LOCATORS: dict[Unit, Callable[[Sequence[Mention], Mapping[str, str]], Iterator[Hashable]]] = {
    Unit.SENTENCE: _sentences,
    Unit.PARAGRAPH: _paragraphs,
    Unit.ARTICLE: _articles,
}


# ---------------------------------------------------------------- formats

_NODE_FIELDS = {"kind": "string", "mentions": "integer", "documents": "integer", "category": "string"}
_EDGE_FIELDS = {"count": "integer", "association": "double", "document": "string", "example": "string"}


def _node_values(entity: Entity) -> tuple[str, ...]:
    category = str(entity.attributes.get("category", ""))
    return entity.kind.value, str(len(entity.mentions)), str(entity.documents), category


def _edge_values(edge: Edge) -> tuple[str, ...]:
    return str(edge.count), str(edge.association), edge.document, edge.example


def write_gexf(graph: Graph) -> Iterator[bytes]:
    """GEXF 1.2, with the colours of the kinds."""
    Xml.register_namespace("", _GEXF)
    Xml.register_namespace("viz", _VIZ)
    root = Xml.Element(f"{{{_GEXF}}}gexf", version="1.2")
    body = Xml.SubElement(root, f"{{{_GEXF}}}graph", defaultedgetype="undirected", mode="static")
    for owner, fields in (("node", _NODE_FIELDS), ("edge", _EDGE_FIELDS)):
        declared = Xml.SubElement(body, f"{{{_GEXF}}}attributes", {"class": owner})
        for name, kind in fields.items():
            Xml.SubElement(declared, f"{{{_GEXF}}}attribute", id=f"{owner}-{name}", title=name, type=kind)
    nodes = Xml.SubElement(body, f"{{{_GEXF}}}nodes")
    for entity in graph.nodes:
        node = Xml.SubElement(nodes, f"{{{_GEXF}}}node", id=_clean(entity.id), label=_clean(entity.name))
        _gexf_values(node, "node", _NODE_FIELDS, _node_values(entity))
        red, green, blue = map(str, _COLORS[entity.kind])
        Xml.SubElement(node, f"{{{_VIZ}}}color", r=red, g=green, b=blue)
    edges = Xml.SubElement(body, f"{{{_GEXF}}}edges")
    for number, edge in enumerate(graph.edges):
        ends = {"source": _clean(edge.source.id), "target": _clean(edge.target.id)}
        item = Xml.SubElement(edges, f"{{{_GEXF}}}edge", ends, id=str(number), weight=str(edge.count))
        _gexf_values(item, "edge", _EDGE_FIELDS, _edge_values(edge))
    yield _xml(root)


def _gexf_values(parent: Xml.Element, owner: str, fields: Iterable[str], values: Iterable[str]) -> None:
    holder = Xml.SubElement(parent, f"{{{_GEXF}}}attvalues")
    for name, value in zip(fields, values, strict=True):
        Xml.SubElement(holder, f"{{{_GEXF}}}attvalue", {"for": f"{owner}-{name}", "value": _clean(value)})


def write_graphml(graph: Graph) -> Iterator[bytes]:
    """GraphML; edges carry ``weight``, the number of units."""
    Xml.register_namespace("", _GRAPHML)
    root = Xml.Element(f"{{{_GRAPHML}}}graphml")
    names = {"node": {"label": "string", **_NODE_FIELDS}, "edge": {"weight": "integer", **_EDGE_FIELDS}}
    for owner, fields in names.items():
        for name, kind in fields.items():
            key = {"id": f"{owner}-{name}", "for": owner, "attr.name": name}
            Xml.SubElement(root, f"{{{_GRAPHML}}}key", key, **{"attr.type": kind.replace("integer", "int")})
    body = Xml.SubElement(root, f"{{{_GRAPHML}}}graph", edgedefault="undirected")
    for entity in graph.nodes:
        node = Xml.SubElement(body, f"{{{_GRAPHML}}}node", id=_clean(entity.id))
        _graphml_values(node, "node", names["node"], (entity.name, *_node_values(entity)))
    for edge in graph.edges:
        item = Xml.SubElement(
            body, f"{{{_GRAPHML}}}edge", source=_clean(edge.source.id), target=_clean(edge.target.id)
        )
        _graphml_values(item, "edge", names["edge"], (str(edge.count), *_edge_values(edge)))
    yield _xml(root)


def _graphml_values(parent: Xml.Element, owner: str, fields: Iterable[str], values: Iterable[str]) -> None:
    for name, value in zip(fields, values, strict=True):
        Xml.SubElement(parent, f"{{{_GRAPHML}}}data", key=f"{owner}-{name}").text = _clean(value)


def write_csv(graph: Graph) -> Iterator[bytes]:
    """One edge a row, with the column names that Gephi's import knows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    columns = "Source Target Type Weight source_name source_kind target_name target_kind".split()
    writer.writerow([*columns, "association", "document", "example"])
    for edge in graph.edges:
        ends = (edge.source.name, edge.source.kind.value, edge.target.name, edge.target.kind.value)
        row = (edge.source.id, edge.target.id, "Undirected", edge.count, *ends)
        writer.writerow(map(harmless, (*row, edge.association, edge.document, edge.example)))
    yield buffer.getvalue().encode()


def _xml(root: Xml.Element) -> bytes:
    Xml.indent(root)
    data: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _clean(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", text)


# To add a format, write a function above and name it here.
WRITERS: dict[str, Callable[[Graph], Iterator[bytes]]] = {
    "gexf": write_gexf,
    "graphml": write_graphml,
    "csv": write_csv,
}
