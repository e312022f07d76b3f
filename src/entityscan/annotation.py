"""A result with its texts as annotation tools read it: spaCy, CoNLL, brat, Label Studio.

A corrected file is gold again: ``evaluation`` reads all four formats. Ids of entities, and whether a
mention is a common noun, travel where the format has a place for them; ``docs/evaluate.md`` says where.
"""

import hashlib
import io
import re
import zipfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from entityscan.records import Entity, Kind, Mention, Result
from entityscan.sentences import sentence_starts

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = {
    Kind.PERSON: "PERSON",
    Kind.PLACE: "PLACE",
    Kind.ORGANISATION: "ORG",
    Kind.EQUIPMENT: "EQUIPMENT",
}
_SURROGATE = re.compile("[\ud800-\udfff]")  # what no file format can hold
_LINE_BREAK = re.compile(r"[\r\n]+")
_BRAT_SETTINGS = f"[entities]\n{chr(10).join(LABELS.values())}\n[relations]\n[events]\n[attributes]\n"
_LONGEST_NAME = 180  # of a file in an archive; file systems take 255 bytes
_NEW_ARTICLE = "-DOCSTART-"
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the format's first date, so that equal results give equal bytes


@dataclass(frozen=True, slots=True)
class _Article:
    id: str
    text: str
    found: list[tuple[Mention, Entity]]
    """In order of offset."""


def _articles(result: Result, texts: Mapping[str, str]) -> Iterator[_Article]:
    """Give the articles whose text is at hand."""
    found: dict[str, list[tuple[Mention, Entity]]] = defaultdict(list)
    for entity in result.entities:
        for mention in entity.mentions:
            found[mention.document].append((mention, entity))
    for info in result.documents:
        if info.id in texts:
            pairs = sorted(found[info.id], key=lambda pair: (pair[0].start, pair[0].end, pair[1].id))
            yield _Article(info.id, _SURROGATE.sub("\ufffd", texts[info.id]), pairs)


# --- spaCy's documents, and columns made of them


def docbin(result: Result, texts: Mapping[str, str]) -> bytes:
    """Return a binary file of spaCy documents: entities with our ids, common nouns as spans ``generic``.

    Of mentions that overlap the longest is kept: a document's entities may not.
    """
    from spacy.tokens import DocBin

    made = DocBin(store_user_data=True)
    for doc in _docs(result, texts):
        made.add(doc)
    return made.to_bytes()


def conll(result: Result, texts: Mapping[str, str]) -> Iterator[bytes]:
    """Yield columns of token and IOB2 tag, a blank line after each sentence, ``-DOCSTART-`` before each article.

    White space is not kept, and of mentions that overlap the longest is.
    """
    for doc in _docs(result, texts):
        name = " ".join(doc.user_data["id"].split())
        yield f"{_NEW_ARTICLE}\tO\n# newdoc id = {name}\n\n".encode()
        for sentence in doc.sents:
            rows = [f"{token.text}\t{_tag(token)}\n" for token in sentence if not token.is_space]
            if rows:
                yield "".join([*rows, "\n"]).encode()


def _tag(token: Any) -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O"


def _docs(result: Result, texts: Mapping[str, str]) -> Iterator["Doc"]:
    from spacy.util import filter_spans

    nlp = _english()
    for article in _articles(result, texts):
        doc = _tokens(nlp, article)
        spans: dict[Any, bool] = {
            doc.char_span(
                mention.start, mention.end, LABELS[mention.kind], kb_id=entity.id, alignment_mode="expand"
            ): _is_generic(mention, entity)
            for mention, entity in article.found
        }
        kept = filter_spans(spans)
        doc.set_ents(kept)
        doc.spans["generic"] = [span for span in kept if spans[span]]
        doc.user_data["id"] = article.id
        yield doc


@lru_cache(maxsize=1)
def _english() -> Any:
    import spacy

    return spacy.blank("en")


def _tokens(nlp: Any, article: _Article) -> "Doc":
    """Cut a text into words and sentences such that no border of a mention lies inside a word."""
    from spacy.tokens import Doc

    cuts = {edge for mention, _ in article.found for edge in (mention.start, mention.end)}
    # An article may not say that another begins.
    cuts |= {match.start() + 1 for match in re.finditer(_NEW_ARTICLE, article.text)}
    words: list[str] = []
    spaces: list[bool] = []
    places: list[int] = []
    for token in nlp.tokenizer(article.text):
        inner = [cut for cut in range(1, len(token)) if token.idx + cut in cuts]
        edges = [0, *inner, len(token)]
        words += [token.text[start:end] for start, end in pairwise(edges)]
        places += [token.idx + edge for edge in edges[:-1]]
        spaces += [False] * len(inner) + [bool(token.whitespace_)]
    starts = list(_outside(sentence_starts(article.text), [mention for mention, _ in article.found]))
    numbers = [bisect_right(starts, place) for place in places]
    firsts: list[bool | int | None] = [number != before for before, number in pairwise([-1, *numbers])]
    return Doc(nlp.vocab, words, spaces, sent_starts=firsts)


def _outside(places: Sequence[int], mentions: Sequence[Mention]) -> Iterator[int]:
    """Yield the places that lie inside no mention; both are in order."""
    number, reached = 0, 0
    for place in places:
        while number < len(mentions) and mentions[number].start < place:
            reached = max(reached, mentions[number].end)
            number += 1
        if place >= reached:
            yield place


# --- brat


def brat(result: Result, texts: Mapping[str, str]) -> bytes:
    """Return a ZIP archive of brat standoff: a text and an ``.ann`` file for each article, and the settings.

    A file is named by the article's id, with ``=2F`` for a slash, so that no name leaves the folder.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, text: str) -> None:
            info = zipfile.ZipInfo(name, _ZIP_TIME)
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.encode(), zipfile.ZIP_DEFLATED)

        add("annotation.conf", _BRAT_SETTINGS)
        for article in _articles(result, texts):
            name = _file_name(article.id)
            add(f"{name}.txt", article.text)
            add(f"{name}.ann", "".join(_standoff(article)))
    return buffer.getvalue()


def _file_name(article_id: str) -> str:
    name = quote(article_id, safe="", errors="replace").replace("%", "=")
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[:_LONGEST_NAME].rpartition('=')[0] or name[:_LONGEST_NAME]}~{digest[:16]}"


def _standoff(article: _Article) -> Iterator[str]:
    for number, (mention, entity) in enumerate(article.found, 1):
        text = article.text[mention.start : mention.end]
        pieces = list(_lines(text, mention.start))
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        shown = " ".join(article.text[start:end] for start, end in pieces)
        yield f"T{number}\t{LABELS[mention.kind]} {offsets}\t{shown}\n"
        yield f"#{number}\tAnnotatorNotes T{number}\t{_note(mention, entity)}\n"


def _lines(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Give the ranges of a mention between line breaks, as brat wants them."""
    at = 0
    for match in _LINE_BREAK.finditer(text):
        yield start + at, start + match.start()
        at = match.end()
    yield start + at, start + len(text)


# --- Label Studio


def label_studio(result: Result, texts: Mapping[str, str]) -> bytes:
    """Return tasks for Label Studio, with what was found as predictions; offsets count code points."""
    tasks = [
        {
            "data": {"text": article.text, "id": article.id},
            "predictions": [
                {
                    "model_version": "entityscan",
                    "result": [
                        _region(number, mention, entity, article.text)
                        for number, (mention, entity) in enumerate(article.found, 1)
                    ],
                }
            ],
        }
        for article in _articles(result, texts)
    ]
    return orjson.dumps(tasks, option=orjson.OPT_INDENT_2) + b"\n"


def _region(number: int, mention: Mention, entity: Entity, text: str) -> dict[str, Any]:
    return {
        "id": f"m{number}",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {
            "start": mention.start,
            "end": mention.end,
            "text": text[mention.start : mention.end],
            "labels": [LABELS[mention.kind]],
        },
        "meta": {"text": [_note(mention, entity)]},
    }


def _note(mention: Mention, entity: Entity) -> str:
    """Say in words that an annotator can change which entity it is, and whether it is a common noun."""
    generic = " generic" if _is_generic(mention, entity) else ""
    name = " ".join(_SURROGATE.sub("\ufffd", entity.name).split())
    return f"entity={entity.id}{generic} ({name})"


def _is_generic(mention: Mention, entity: Entity) -> bool:
    return mention.generic or bool(entity.attributes.get("generic"))
