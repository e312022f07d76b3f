"""The result as one HTML file that needs no network: table, articles, timeline, network, map.

The page's script and style are built from ``frontend/`` and kept under ``data/report/``. Texts reach
the page only as JSON in a data block, where nothing can end the block, and the script writes them as
text, never as markup. A Content-Security-Policy in the file allows that one script and style by hash
and no request at all.
"""

import base64
import hashlib
import html
import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from entityscan.graph import build
from entityscan.records import Document, DocumentInfo, Entity, Mention, Result

_NETWORK_SIZE = 40  # entities in the network; more labels cannot be read
_NETWORK_EDGES = 150
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<div id="app"><noscript>This report needs JavaScript; the file holds it, and nothing is loaded.</noscript></div>
<script type="application/json" id="data">{data}</script>
<!-- Licences of the libraries in the script:
{licences}
-->
<script>{script}</script>
</body>
</html>
"""


def render(result: Result, articles: Mapping[str, Document], *, title: str) -> Iterator[bytes]:
    """Draw the report.

    Args:
        result: What to show, in the order to show it.
        articles: Articles by id; one that is missing is shown by the sentences of its mentions.
        title: Heading of the page.

    Yields:
        The file, in UTF-8.
    """
    script, style = _asset("report.js"), _asset("report.css")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    yield _PAGE.format(
        policy=policy,
        title=html.escape(title),
        style=style,
        data=_json(page_data(result, articles, title)),
        licences=_asset("LICENSES.txt").replace("--", "=="),  # a comment may not hold two hyphens
        script=script,
    ).encode()


def page_data(result: Result, articles: Mapping[str, Document], title: str) -> dict[str, Any]:
    """Return what the page's script reads; offsets count UTF-16 units, as JavaScript does."""
    infos = _articles(result)
    numbers = {info.id: number for number, info in enumerate(infos)}
    offsets = {key: _Offsets(article.text) for key, article in articles.items()}
    return {
        "title": title,
        "articles": [_article(info, articles.get(info.id)) for info in infos],
        "entities": [_entity(entity, numbers, offsets) for entity in result.entities],
        "edges": _edges(result.entities),
    }


def _articles(result: Result) -> Sequence[DocumentInfo]:
    """Give the articles, those with a date in its order, then the others by id."""
    return sorted(result.documents, key=lambda info: (not info.published, info.published, info.id))


def _article(info: DocumentInfo, article: Document | None) -> dict[str, Any]:
    text = article.text if article else None
    return {"id": info.id, "title": info.title, "published": info.published, "text": text}


def _entity(entity: Entity, numbers: Mapping[str, int], offsets: Mapping[str, "_Offsets"]) -> dict[str, Any]:
    return {
        "id": entity.id,
        "kind": entity.kind.value,
        "name": entity.name,
        "aliases": [(alias.text, alias.count) for alias in entity.aliases],
        "first": entity.first_seen,
        "last": entity.last_seen,
        "attributes": dict(entity.attributes),
        "mentions": [_mention(found, numbers, offsets) for found in entity.mentions],
        "why": [
            {
                "rule": receipt.rule,
                "left": receipt.left,
                "right": receipt.right,
                "article": numbers.get(receipt.document),
                "start": receipt.start,
            }
            for receipt in entity.why
        ],
    }


def _mention(
    found: Mention, numbers: Mapping[str, int], offsets: Mapping[str, "_Offsets"]
) -> tuple[int | str, ...]:
    """Give article, start, end and text; the sentence too when the article's text is not at hand."""
    number = numbers[found.document]
    if found.document in offsets:
        units = offsets[found.document]
        return number, units.of(found.start), units.of(found.end), found.text
    return number, found.start, found.end, found.text, found.sentence


class _Offsets:
    """Turns code points of a text into UTF-16 units: characters beyond the first plane count twice."""

    def __init__(self, text: str) -> None:
        self._wide = [] if text.isascii() else [i for i, char in enumerate(text) if char > "\uffff"]

    def of(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)


def _edges(entities: Sequence[Entity]) -> list[tuple[int, int, int]]:
    """Give the strongest pairs among the most frequent named entities, by their places in the list."""
    places = {entity.id: place for place, entity in enumerate(entities)}
    named = [entity for entity in entities if not entity.attributes.get("generic")]
    top = sorted(named, key=lambda entity: (-len(entity.mentions), entity.name, entity.id))[:_NETWORK_SIZE]
    edges = build(top).edges[:_NETWORK_EDGES]
    return [(places[edge.source.id], places[edge.target.id], edge.count) for edge in edges]


def _json(value: Any) -> str:
    """Write JSON in ASCII that can neither end a script block nor begin a comment or a tag."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _asset(name: str) -> str:
    return (files("entityscan") / "data" / "report" / name).read_text("utf-8")


def _hash(inline: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}"
