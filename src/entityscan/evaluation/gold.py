"""Read gold annotation: JSONL with spans, token-and-tag columns, spaCy's binary documents.

What comes in: paths. What goes out: :class:`GoldDocument` records with character offsets. Labels of
other schemes are mapped to our kinds by ``data/labels.csv``; a label without a kind is kept, because
it decides what does not count.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from entityscan.errors import InputError
from entityscan.records import Kind

ANY = "*"
"""A kind of don't-care that covers all kinds."""

SUFFIXES = {
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".conll", ".iob", ".iob2", ".bio", ".bilou", ".tsv", ".txt"), "columns"),
    ".spacy": "spacy",
}


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """One annotated mention."""

    start: int
    end: int
    label: str
    """As written in the gold."""
    kind: Kind | None
    """What the label means for us, or None: nationalities, events, ..."""
    entity: str = ""
    """Id that holds across articles when ``is_global``, else only inside this one. Empty: none."""
    cluster: str = ""
    """Id inside the article, where ``entity`` is a link; empty: ``entity`` serves."""
    is_global: bool = False
    named: bool | None = None
    """Whether it is a name; None when the gold does not say."""
    maybe: Kind | str = ""
    """Don't-care for this kind, or for all kinds when ``ANY``."""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated article."""

    id: str
    text: str
    spans: tuple[GoldSpan, ...]
    source: str = ""
    scored: tuple[int, int] | None = None
    """The annotated part of the text, or None: all of it."""


@lru_cache(maxsize=1)
def _kinds() -> dict[str, Kind | None]:
    with (files("entityscan") / "data" / "labels.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return {row["label"].casefold(): Kind(row["kind"]) if row["kind"] else None for row in rows}


def kind_of(label: str) -> Kind | None:
    """Give the kind that a label of any known scheme means, or None."""
    return _kinds().get(label.casefold())


def read_gold(paths: Iterable[str | Path]) -> list[GoldDocument]:
    """Read annotated articles.

    Args:
        paths: Files by suffix (``SUFFIXES``), or folders of them. ``.txt`` and ``.tsv`` must hold columns.

    Raises:
        InputError: with file and line, when a file is missing, of no known format, or broken, and when
            two articles share an id.
    """
    documents = [document for path in paths for document in _read_path(Path(path))]
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise InputError(f"gold: two articles have the id {document.id!r}; ids must differ")
        seen.add(document.id)
    if not documents:
        raise InputError("gold: no annotated article found")
    return documents


def _read_path(path: Path) -> Iterator[GoldDocument]:
    if path.is_dir():
        for child in sorted(path.iterdir()):
            if SUFFIXES.get(child.suffix.lower()):
                yield from _read_path(child)
        return
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: no known gold format; known suffixes: {', '.join(SUFFIXES)}")
    try:
        data = path.read_bytes()
    except OSError as err:
        raise InputError(f"{path}: {err.strerror or err}") from err
    if form == "spacy":
        yield from _read_spacy(path, data)
        return
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as err:
        raise InputError(f"{path}: not UTF-8 text (byte {err.start})") from err
    yield from _read_jsonl(path, lines) if form == "jsonl" else _read_columns(path, lines)


# --- JSONL with spans


def _read_jsonl(path: Path, lines: list[str]) -> Iterator[GoldDocument]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            record = json.loads(line)
        except ValueError as err:
            raise InputError(f"{place}: not JSON ({err})") from err
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise InputError(f"{place}: expected an object with the string 'text'")
        spans = record.get("spans")
        if not isinstance(spans, list):
            raise InputError(f"{place}: expected the list 'spans'")
        text = record["text"]
        scored = record.get("eval_span")
        yield GoldDocument(
            id=str(record.get("id") or f"{path.name}:{number}"),
            text=text,
            spans=tuple(
                _json_span(span, f"{place}: span {index}", text, is_global=bool(record.get("global_ids")))
                for index, span in enumerate(spans, 1)
            ),
            source=str(record.get("source") or path.stem),
            scored=(int(scored[0]), int(scored[1])) if scored else None,
        )


def _json_span(span: Any, place: str, text: str, *, is_global: bool) -> GoldSpan:
    if not isinstance(span, dict):
        raise InputError(f"{place}: expected an object")
    start, end, label = span.get("start"), span.get("end"), span.get("label")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(text):
        raise InputError(f"{place}: start {start!r} and end {end!r} do not lie in the text of {len(text)}")
    if not isinstance(label, str) or not label:
        raise InputError(f"{place}: expected the string 'label'")
    maybe = str(span.get("maybe") or "")
    entity = _entity_id(span.get("entity"))
    return GoldSpan(
        start=start,
        end=end,
        label=label,
        kind=kind_of(label),
        entity=entity,
        cluster=_entity_id(span.get("cluster")),
        is_global=is_global or _is_link(entity),
        named=bool(span["named"]) if "named" in span else None,
        maybe=kind_of(maybe) or maybe,
        nested=bool(span.get("nested")),
    )


def _entity_id(value: Any) -> str:
    """Give an id as text; a linker's "no such entry" is no id."""
    text = "" if value is None else str(value)
    return "" if "NO_MAPPING" in text else text


def _is_link(entity: str) -> bool:
    """Say whether an id points into Wikipedia or Wikidata, and so means the same in every article."""
    return entity.startswith(("wiki:", "wd:"))


# --- token and tag in columns


def _read_columns(path: Path, lines: list[str]) -> Iterator[GoldDocument]:
    """Read CoNLL-like files: token first, tag last, articles parted by ``-DOCSTART-``.

    Without ``-DOCSTART-`` the file is one article. The text is rebuilt: one space between tokens, a
    line feed between sentences.
    """
    article = _Columns(path)
    for number, line in enumerate(lines, 1):
        cells = line.split()
        if cells and cells[0] == "-DOCSTART-":
            yield from article.finish()
        elif not cells:
            article.end_sentence()
        elif line.startswith("# ") and len(cells) != 2:
            continue  # a comment of CoNLL-U-like files; "# O" is a token
        elif len(cells) < 2:
            raise InputError(f"{path}:{number}: expected a token and a tag, found {line.strip()!r}")
        else:
            article.add(cells[0], cells[-1], f"{path}:{number}")
    yield from article.finish()


class _Columns:
    """Collects the tokens of one article and turns IOB, BIO or BILUO tags into spans."""

    def __init__(self, path: Path) -> None:
        self._path, self._count = path, 0
        self._clear()

    def _clear(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._spans: list[GoldSpan] = []
        self._open: tuple[int, int, str] | None = None  # start, end, label

    def add(self, token: str, tag: str, place: str) -> None:
        if self._pieces and self._pieces[-1] != "\n":
            self._put(" ")
        start = self._length
        self._put(token)
        prefix, _, label = tag.partition("-")
        if tag != "O" and (prefix not in set("BIESLU") or not label):
            raise InputError(f"{place}: {tag!r} is no IOB, BIO or BILUO tag (O, B-PER, I-PER, ...)")
        goes_on = prefix in {"I", "E", "L"} and self._open is not None and self._open[2] == label
        if not goes_on:
            self._close()
        if tag == "O":
            return
        first = self._open[0] if self._open is not None else start
        self._open = (first, self._length, label)
        if prefix in {"E", "L", "S", "U"}:
            self._close()

    def end_sentence(self) -> None:
        self._close()
        if self._pieces and self._pieces[-1] != "\n":
            self._put("\n")

    def finish(self) -> Iterator[GoldDocument]:
        self._close()
        if self._pieces:
            self._count += 1
            document_id = f"{self._path.stem}:{self._count}"
            yield GoldDocument(document_id, "".join(self._pieces), tuple(self._spans), self._path.stem)
        self._clear()

    def _put(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def _close(self) -> None:
        if self._open is not None:
            start, end, label = self._open
            self._spans.append(GoldSpan(start, end, label, kind_of(label)))
        self._open = None


# --- spaCy


def _read_spacy(path: Path, data: bytes) -> Iterator[GoldDocument]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        docs = list(DocBin().from_bytes(data).get_docs(Vocab()))
    except Exception as err:  # zlib, msgpack and numpy each have errors of their own
        raise InputError(f"{path}: not a spaCy DocBin ({type(err).__name__})") from err
    for number, doc in enumerate(docs, 1):
        spans = tuple(
            GoldSpan(
                start=ent.start_char,
                end=ent.end_char,
                label=ent.label_,
                kind=kind_of(ent.label_),
                entity=_entity_id(ent.kb_id_),
                cluster=_entity_id(ent.ent_id_),
                is_global=_is_link(ent.kb_id_),
            )
            for ent in doc.ents
        )
        yield GoldDocument(f"{path.stem}:{number}", doc.text, spans, path.stem)
