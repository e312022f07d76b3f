"""Measure a pipeline on the development corpora and write the figures as JSON.

Usage: python models/evaluate.py PIPELINE FIGURES.json --corpora DIR --scorer SCORE.py
The scorer is a module with ``load``, ``mention_score`` and the matching rules of the reference scorer.
"""

import argparse
import importlib.util
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from markup import as_record, read_articles
from predict import predict

NAMES = ("PERSON", "PLACE", "ORG")
CORPORA = {
    "defence_news": True,
    "defence_paragraphs": True,
    "wikievents.dev": True,
    "dwie.dev": False,
    "ewn.dev": False,
    "reuters_linked": False,
    "reuters128": False,
    "msnbc": False,
    "gum_news": False,
}
"""Corpora of CORPORA/dev; true where equipment is annotated."""
UNSEEN = "unseen"
"""Articles of our own that no network is trained on: one in eight, ``assets/unseen``."""
CASES_OF = "defence_news"
CASES: dict[str, Callable[[str], str]] = {"lower case": str.lower, "capitals": str.upper}
"""Ways to write the texts of one corpus anew."""


def load_scorer(path: Path) -> ModuleType:
    """Import the scorer from its file."""
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def figures(gold: list[dict], found: list[dict], equipment: bool, scorer: ModuleType) -> dict[str, object]:
    """Return precision, recall, F1 and count by kind, and the 95 % interval of F1 over all kinds."""
    types = [*NAMES, "EQUIPMENT"] if equipment else list(NAMES)
    rows, interval = scorer.mention_score(gold, found, types, True)
    result: dict[str, object] = {
        "named": _percent(rows),
        "interval": [round(100 * value, 1) for value in interval],
    }
    if equipment:
        for name, named, overlap in (
            ("equipment_all", False, ()),
            ("equipment_named_overlap", True, ("EQUIPMENT",)),
            ("equipment_all_overlap", False, ("EQUIPMENT",)),
        ):
            rows, _ = scorer.mention_score(gold, found, ["EQUIPMENT"], named, overlap)
            result[name] = _percent(rows)["EQUIPMENT"]
    return result


def _recased(text: str, change: Callable[[str], str]) -> str:
    """Write a text in other capitals; a character that would become two stays as it is."""
    return "".join(new if len(new := change(character)) == 1 else character for character in text)


def _percent(rows: dict[str, tuple]) -> dict[str, list[float]]:
    return {kind: [round(100 * value, 1) for value in row[:3]] + [row[3]] for kind, row in rows.items()}


def _gold(name: str, corpora: Path, folder: Path) -> Path:
    """Return the file of a corpus; our own articles are first written into ``folder``."""
    if name != UNSEEN:
        return corpora / "dev" / f"{name}.jsonl"
    records = [
        {"id": f"{path.stem}:{number}", "source": UNSEEN, **as_record(text, spans)}
        for path in sorted((Path(__file__).parent / "assets" / UNSEEN).glob("*.txt"))
        for number, (text, spans) in enumerate(read_articles(path), start=1)
    ]
    target = folder / "gold.jsonl"
    target.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return target


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=[*CORPORA, UNSEEN], default=[*CORPORA, UNSEEN])
    options = parser.parse_args()
    scorer = load_scorer(options.scorer)
    result = {}
    for name in options.only:
        with tempfile.TemporaryDirectory() as folder:
            gold_path = _gold(name, options.corpora, Path(folder))
            found = Path(folder) / "found.jsonl"
            speed = predict(options.pipeline, gold_path, found)
            gold = scorer.load(gold_path)
            result[name] = figures(gold, scorer.load(found), CORPORA.get(name, True), scorer)
            if name == CASES_OF:
                for case, change in CASES.items():
                    records = [document | {"text": _recased(document["text"], change)} for document in gold]
                    texts = Path(folder) / "texts.jsonl"
                    texts.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
                    predict(options.pipeline, texts, found)
                    result[name][case] = figures(gold, scorer.load(found), True, scorer)["named"]
        row = {kind: values[2] for kind, values in result[name]["named"].items()}
        extra = {key: values[2] for key, values in result[name].items() if key.startswith("equipment")}
        print(f"{name}: {row} {result[name]['interval']} {extra} {speed:.0f} words/s", flush=True)
    options.figures.write_text(json.dumps(result, indent=1) + os.linesep, encoding="utf-8")


if __name__ == "__main__":
    main()
