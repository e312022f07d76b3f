"""Read gold annotation: JSONL with spans, token-and-tag columns, spaCy's binary documents, brat, Label Studio.

What comes in: paths. What goes out: :class:`~entityscan.evaluation.gold.GoldDocument` records with
character offsets.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from entityscan.errors import InputError
from entityscan.evaluation.annotators import read_archive, read_brat, read_label_studio
from entityscan.evaluation.gold import GoldDocument, GoldSpan, is_link, kind_of

SUFFIXES = {
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".conll", ".iob", ".iob2", ".bio", ".bilou", ".tsv", ".txt"), "columns"),
    ".spacy": "spacy",
    ".ann": "brat",
    ".zip": "archive",
    ".json": "label studio",
}
_NEW_ARTICLE = "# newdoc id = "  # as in CoNLL-U


def read_gold(paths: Iterable[str | Path]) -> list[GoldDocument]:
    """Read annotated articles.

    Args:
        paths: Files by suffix (``SUFFIXES``), or folders of them. ``.txt`` and ``.tsv`` must hold columns,
            unless an ``.ann`` file of the same name makes a ``.txt`` the text of a brat document.

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
            if SUFFIXES.get(child.suffix.lower()) and not _is_brat_text(child):
                yield from _read_path(child)
        return
    form = "brat" if _is_brat_text(path) else SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: no known gold format; known suffixes: {', '.join(SUFFIXES)}")
    if form == "brat":
        yield read_brat(path.with_suffix(".ann"), path.with_suffix(".txt"))
        return
    try:
        data = path.read_bytes()
    except OSError as err:
        raise InputError(f"{path}: {err.strerror or err}") from err
    yield from _READERS[form](path, data)


def _is_brat_text(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and path.with_suffix(".ann").exists()


def _decoded_lines(path: Path, data: bytes) -> list[str]:
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as err:
        raise InputError(f"{path}: not UTF-8 text (byte {err.start})") from err


# --- JSONL with spans


def _read_jsonl(path: Path, data: bytes) -> Iterator[GoldDocument]:
    for number, line in enumerate(_decoded_lines(path, data), 1):
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
        is_global=is_global or is_link(entity),
        named=bool(span["named"]) if "named" in span else None,
        maybe=kind_of(maybe) or maybe,
        nested=bool(span.get("nested")),
    )


def _entity_id(value: Any) -> str:
    """Give an id as text; a linker's "no such entry" is no id."""
    text = "" if value is None else str(value)
    return "" if "NO_MAPPING" in text else text


# --- token and tag in columns


def _read_columns(path: Path, data: bytes) -> Iterator[GoldDocument]:
    """Read CoNLL-like files: token first, tag last, articles parted by ``-DOCSTART-`` or ``# newdoc id = ``.

    Without either the file is one article. The text is rebuilt: one space between tokens, a
    line feed between sentences.
    """
    article = _Columns(path)
    for number, line in enumerate(_decoded_lines(path, data), 1):
        cells = line.split()
        if line.startswith(_NEW_ARTICLE):
            yield from article.finish(line.removeprefix(_NEW_ARTICLE).strip())
        elif cells and cells[0] == "-DOCSTART-":
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

    def _clear(self, name: str = "") -> None:
        self._name = name
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

    def finish(self, next_name: str = "") -> Iterator[GoldDocument]:
        self._close()
        if self._pieces:
            self._count += 1
            document_id = self._name or f"{self._path.stem}:{self._count}"
            yield GoldDocument(document_id, "".join(self._pieces), tuple(self._spans), self._path.stem)
        self._clear(next_name)

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
        docs = list(DocBin(store_user_data=True).from_bytes(data).get_docs(Vocab()))
    except Exception as err:  # zlib, msgpack and numpy each have errors of their own
        raise InputError(f"{path}: not a spaCy DocBin ({type(err).__name__})") from err
    for number, doc in enumerate(docs, 1):
        generic = {(span.start, span.end) for span in doc.spans.get("generic", ())}
        spans = tuple(
            GoldSpan(
                start=ent.start_char,
                end=ent.end_char,
                label=ent.label_,
                kind=kind_of(ent.label_),
                entity=_entity_id(ent.kb_id_),
                cluster=_entity_id(ent.ent_id_),
                is_global=is_link(ent.kb_id_),
                named=(ent.start, ent.end) not in generic if "generic" in doc.spans else None,
            )
            for ent in doc.ents
        )
        name = doc.user_data.get("id") or f"{path.stem}:{number}"
        yield GoldDocument(str(name), doc.text, spans, path.stem)


_READERS = {
    "jsonl": _read_jsonl,
    "columns": _read_columns,
    "spacy": _read_spacy,
    "archive": read_archive,
    "label studio": read_label_studio,
}
