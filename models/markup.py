"""Hand annotation in running text, and its conversion to the corpus format.

One mention is written ``[surface](kind#Entity name)``; the entity name may be left out where the
text is only for training. Kinds: ``person``, ``place``, ``organisation``, ``equipment`` (named),
``generic`` (a common noun for military hardware; its entity is the kind in the singular) and, in
training sentences only, ``demonym``.

A gold article is one Markdown file: an optional first line ``<!-- title: ...; published: ... -->``
and the marked-up text. Usage::

    python models/markup.py tests/gold -o tests/gold/gold.jsonl
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

LABELS = {
    "person": "PERSON",
    "place": "PLACE",
    "organisation": "ORG",
    "equipment": "EQUIPMENT",
    "generic": "EQUIPMENT",
    "demonym": "NORP",
}
UNNAMED = {"generic", "demonym"}
SOURCE = "entityscan_gold"

# Entity names may hold one pair of brackets: "John Smith (pilot)".
MENTION = re.compile(r"\[([^\[\]\n]+)\]\(([a-z]+)(?:#((?:[^()\n]|\([^()\n]*\))+))?\)")
RULE = re.compile(r"^---$", re.MULTILINE)
HEADER = re.compile(r"<!--(.*?)-->\s*", re.DOTALL)


class Span(NamedTuple):
    """One annotated mention; ``text[start:end]`` in Unicode code points."""

    start: int
    end: int
    kind: str
    entity: str | None


def parse_markup(markup: str) -> tuple[str, list[Span]]:
    """Split marked-up text into plain text and spans.

    Raises:
        ValueError: a kind is unknown, or a bracket pair looks like a mention but is not one.
    """
    pieces: list[str] = []
    spans: list[Span] = []
    length = done = 0
    for match in MENTION.finditer(markup):
        surface, kind, entity = match.groups()
        if kind not in LABELS:
            raise ValueError(f"unknown kind {kind!r} in {match[0]!r}")
        before = markup[done : match.start()]
        start = length + len(before)
        length = start + len(surface)
        pieces += (before, surface)
        spans.append(Span(start, length, kind, entity))
        done = match.end()
    pieces.append(markup[done:])
    text = "".join(pieces)
    if "](" in text:
        at = text.index("](")
        raise ValueError(f"not a mention: {text[max(0, at - 30) : at + 30]!r}")
    return text, spans


def read_sentences(path: Path) -> Iterator[tuple[str, list[Span]]]:
    """Training sentences of a file: one a line, ``#`` begins a comment line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    yield from _parsed(path, [line for line in lines if line and not line.startswith("#")])


def read_articles(path: Path) -> Iterator[tuple[str, list[Span]]]:
    """Training articles of a file, with a line ``---`` between them."""
    yield from _parsed(path, [part.strip() for part in RULE.split(path.read_text(encoding="utf-8"))])


def _parsed(path: Path, parts: Iterable[str]) -> Iterator[tuple[str, list[Span]]]:
    for part in parts:
        try:
            yield parse_markup(part)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def read_gold(path: Path) -> dict[str, Any]:
    """One gold article as a record of the corpus format; its id is the file's stem.

    Raises:
        ValueError: the markup is wrong, or a mention has no entity name.
    """
    markup = path.read_text(encoding="utf-8")
    record: dict[str, Any] = {"id": path.stem, "source": SOURCE, "global_ids": True}
    if header := HEADER.match(markup):
        fields = (field.partition(":") for field in header[1].split(";"))
        record |= {key.strip(): value.strip() for key, _, value in fields if value.strip()}
        markup = markup[header.end() :]
    try:
        text, spans = parse_markup(markup)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
    for span in spans:
        if span.entity is None:
            raise ValueError(f"{path}: no entity name: {text[span.start : span.end]!r}")
    return record | as_record(text, spans)


def as_record(text: str, spans: Iterable[Span]) -> dict[str, Any]:
    """Return text and spans in the corpus format."""
    return {
        "text": text,
        "spans": [
            {
                "start": span.start,
                "end": span.end,
                "label": LABELS[span.kind],
                "orig": span.kind,
                "entity": span.entity,
                "named": span.kind not in UNNAMED,
            }
            for span in spans
        ],
    }


def articles(folder: Path) -> list[Path]:
    """The marked-up articles of a folder, without its README, in order of their names."""
    return sorted(path for path in folder.glob("*.md") if path.name != "README.md")


def to_jsonl(paths: Iterable[Path]) -> str:
    """All articles in the order given, one JSON record a line."""
    records = (read_gold(path) for path in paths)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def main() -> None:
    """Convert a folder of marked-up articles."""
    parser = argparse.ArgumentParser(
        description="Convert marked-up articles to the corpus format (JSON Lines)."
    )
    parser.add_argument("folder", type=Path, help="folder with one *.md file an article")
    parser.add_argument("-o", "--output", type=Path, help="file to write (default: standard output)")
    arguments = parser.parse_args()
    converted = to_jsonl(articles(arguments.folder))
    if arguments.output:
        arguments.output.write_text(converted, encoding="utf-8")
    else:
        sys.stdout.write(converted)


if __name__ == "__main__":
    main()
