"""What each part of the run adds: the whole of it against the whole without one part, F1 of named mentions.

Usage: python models/ablation.py TARGET.json --corpora DIR

Parts are taken out by name, one at a time; the network is the same, so this says what the code around it is worth. What
the training data is worth only other networks can say (``TRIALS.md``).
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from entityscan import evaluation, tagging
from entityscan.components import names
from entityscan.equipment import EquipmentFinder
from entityscan.merging import document
from entityscan.recogniser import component
from entityscan.records import Document, Kind
from entityscan.scanning import ScanOptions, scan_documents

CORPORA = ("defence_news", "ewn.dev", "dwie.dev", "reuters_linked")
NO_EQUIPMENT = frozenset(Kind) - {Kind.EQUIPMENT}


def _same(*values: Any) -> Any:
    return values[-1]


PARTS: dict[str, list[tuple[Any, str, Callable[..., Any]]]] = {
    "nothing": [],
    "votes of the occurrences of a name": [
        (component, "agree", lambda words, gaps, scores, found: found),
    ],
    "lines in capitals told by the rest": [(component, "settle_loud", lambda words, found, loud: found)],
    "sentences without names left out": [
        (component, "promising", lambda words, breaks: (list(range(len(words))), breaks)),
    ],
    "known names of several words": [(names, "known_names", lambda text: ())],
    "datelines": [(names, "dateline_names", lambda text: ())],
    "firms of partners, military units by their form": [
        (names, "firm_names", lambda text: ()),
        (names, "unit_names", lambda text: ()),
    ],
    "events and laws are no names": [(names, "_is_event", lambda text, start, end: False)],
    "owners are names of their own": [(names, "without_owners", lambda text, names: names)],
    "companies by what the text says of them": [
        (names, "with_companies", lambda text, names: names),
    ],
    "acronyms of the text's names": [(names, "acronyms", lambda text, names: ())],
    "repeats and names in brackets": [
        (names, "repeats", lambda text, names: ()),
        (names, "bracketed", lambda text, names: ()),
    ],
    "equipment: catalogue and grammar": [(EquipmentFinder, "find", lambda self, text: [])],
    "teams are organisations": [(tagging, "with_settings", _same)],
    "one kind for one name": [(document, "agree_on_kinds", lambda mentions, votes: (list(mentions), {}))],
}


@contextmanager
def without(part: str) -> Iterator[None]:
    """Take a part out for a while."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in PARTS[part]]
    for owner, name, substitute in PARTS[part]:
        setattr(owner, name, substitute)
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)


def f1(path: Path) -> float:
    """Return the F1 of named mentions, all kinds together, in percent."""
    gold = evaluation.read_gold([path])
    entities = scan_documents([Document(article.id, article.text) for article in gold], ScanOptions())
    kinds = frozenset() if path.stem == "defence_news" else NO_EQUIPMENT
    judged = evaluation.EvaluationOptions(kinds=kinds)
    return round(
        100
        * evaluation.evaluate(gold, evaluation.from_entities(entities), judged).spans["normalised"]["all"].f1,
        1,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--corpora", type=Path, required=True)
    options = parser.parse_args()
    found = {}
    for part in PARTS:
        with without(part):
            found[part] = {name: f1(options.corpora / "dev" / f"{name}.jsonl") for name in CORPORA}
        print(part, found[part], flush=True)
    options.target.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
