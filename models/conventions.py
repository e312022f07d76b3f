"""How much of the distance to a corpus is another convention: what its gold has that the product must not find, or lacks.

python models/conventions.py --corpora DIR --scorer SCORE.py [--out FILE.json]

Four causes are told by form, without reading: a corpus that annotates a name in one place and not in another; gold that
begins or ends in a common word (``Russian forces``, ``Iskander missile``); gold that strings places together (``Tempe,
Arizona``); a capital that acts and is called an organisation (``Moscow asserts``). F1 is given as it is, and without them.
"""

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from evaluate import CORPORA, load_scorer

from entityscan import scan
from entityscan.knowledge import places
from entityscan.names import name_key
from entityscan.writing import WRITERS, WriteOptions

UNFIT = "gum_news"
"""Annotates whole noun phrases: nothing of it can be told by form."""
KINDS = {"person": "PERSON", "place": "PLACE", "organisation": "ORG", "equipment": "EQUIPMENT"}
SMALL = frozenset("al and at bin da de del der di el for in la of on the to van von".split())


def cause_of(span: dict[str, Any], text: str) -> str:
    """Name the convention by which a gold span differs from a name as the product writes it, or nothing."""
    surface = text[span["start"] : span["end"]]
    name = surface.removeprefix("the ").removeprefix("The ").removeprefix("a ").removeprefix("an ")
    words = [word for word in name.split() if word[0].isalpha()]
    if span["label"] == "ORG" and any(known.type == "city" for known in places().get(name_key(name), ())):
        return "acting capital"
    if span["label"] == "PLACE" and (", " in name or " (" in name):
        return "several places"
    if words and words[-1][0].islower() and words[-1] not in SMALL:
        return "common word at its end"
    if words and words[0][0].islower() and words[0] not in SMALL and "-" not in words[0]:
        return "common word at its start"
    return ""


def measure(name: str, equipment: bool, corpora: Path, scorer: ModuleType) -> dict[str, Any]:
    """Give F1 on a corpus with and without what its convention causes, and the causes counted."""
    path = corpora / "dev" / f"{name}.jsonl"
    gold = scorer.load(path)
    found = _mentions(path, scorer)
    types = [*KINDS.values()] if equipment else [*KINDS.values()][:3]
    causes: Counter[str] = Counter()
    open_gold = []
    for document in gold:
        spans = []
        for span in document["spans"]:
            cause = cause_of(span, document["text"]) if _counts(span, types) else ""
            causes[cause] += 1
            spans.append(span | {"maybe": "*"} if cause else span)
        open_gold.append(document | {"spans": spans})
    elsewhere = _annotated_elsewhere(found, gold, types)
    kept = [mention for mention in found if mention not in elsewhere]
    causes["annotated elsewhere, not here"] = len(elsewhere)
    del causes[""]
    return {
        "f1": _f1(gold, found, types, scorer),
        "f1_without": _f1(open_gold, kept, types, scorer),
        "gold": sum(_counts(span, types) for document in gold for span in document["spans"]),
        "causes": dict(causes.most_common()),
    }


def _mentions(path: Path, scorer: ModuleType) -> list[dict[str, Any]]:
    result, _ = scan(path)
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        for chunk in WRITERS["jsonl"](result, WriteOptions(mentions=True)):
            file.write(chunk)
        file.flush()
        return list(scorer.load(file.name))


def _counts(span: dict[str, Any], types: list[str]) -> bool:
    return (
        span["label"] in types
        and span.get("named", True)
        and not span.get("maybe")
        and not span.get("nested")
    )


def _annotated_elsewhere(
    found: list[dict[str, Any]], gold: list[dict[str, Any]], types: list[str]
) -> list[dict[str, Any]]:
    """Give the mentions that gold leaves out though it has the name with this very label in another place."""
    documents = {document["id"]: document for document in gold}
    names = {
        (document["text"][span["start"] : span["end"]].rstrip("."), span["label"])
        for document in gold
        for span in document["spans"]
        if span["label"] in types
    }
    elsewhere = []
    for mention in found:
        document = documents[mention["doc"]]
        surface = document["text"][mention["start"] : mention["end"]].rstrip(".")
        free = all(
            span["end"] <= mention["start"] or mention["end"] <= span["start"] for span in document["spans"]
        )
        if free and (surface, KINDS[mention["type"]]) in names:
            elsewhere.append(mention)
    return elsewhere


def _f1(
    gold: list[dict[str, Any]], found: list[dict[str, Any]], types: list[str], scorer: ModuleType
) -> float:
    rows, _ = scorer.mention_score(gold, found, types, True)
    return round(100 * rows["ALL"][2], 1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"))
    options = parser.parse_args()
    scorer = load_scorer(options.scorer)
    result = {
        name: measure(name, CORPORA[name], options.corpora, scorer) for name in CORPORA if name != UNFIT
    }
    for name, figures in result.items():
        print(name, json.dumps(figures))
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
