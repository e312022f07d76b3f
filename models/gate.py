"""Hold the accuracy that was reached: compare figures with the floors and move the floors up.

``floors.json`` keeps, for each annotated corpus, the SHA-256 of its file and each figure with the half
width of its 95 % interval. A figure may fall by no more than that. Updating moves a floor freely upward;
downward only when CHANGELOG.md holds the line ``floor lowered: CORPUS FIGURE: reason``.

    python models/gate.py check tests/gold/gold.jsonl            # with --predictions, or run the pipeline
    python models/gate.py update tests/gold/gold.jsonl --corpora DIR
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from entityscan.evaluation import (
    EvaluationOptions,
    GoldDocument,
    Prediction,
    Report,
    evaluate,
    from_entities,
    read_gold,
    read_predictions,
)
from entityscan.records import Document

HERE = Path(__file__).parent
FLOORS, CHANGELOG = HERE / "floors.json", HERE.parent / "CHANGELOG.md"
DIGITS = 4
_MERGING = ("matched", "end_to_end")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and how far chance alone may move it, both 0..1."""

    value: float
    half_width: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was reached on one corpus."""

    sha256: str
    figures: Mapping[str, Figure]
    """``person f1``, ``equipment_all equipment f1``, ``across matched b_cubed f1``, ..."""


Floors = dict[str, Corpus]
"""By the name of the gold file without its suffix."""


def figures(report: Report) -> dict[str, Figure]:
    """Give the figures of a report that are held: F1 of each kind, and of merging by B-cubed."""
    found = {}
    for way, prefix in (("normalised", ""), ("equipment_all", "equipment_all ")):
        for kind, score in report.spans.get(way, {}).items():
            if score.support:
                found[f"{prefix}{kind} f1"] = _figure(score.f1, score.f1_interval)
    for scope, merging in report.merging.items():
        for view in _MERGING:
            value = merging.views[view]["b_cubed"].f1
            found[f"{scope} {view} b_cubed f1"] = _figure(value, merging.b_cubed_interval.get(view))
    return found


def _figure(value: float, interval: tuple[float, float] | None) -> Figure:
    half = 0.0 if interval is None else (interval[1] - interval[0]) / 2
    return Figure(round(value, DIGITS), round(half, DIGITS))


def corpus_hash(path: Path) -> str:
    """Give the SHA-256 of a gold file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def measure(path: Path, report: Report) -> tuple[str, Corpus]:
    """Give the name of a gold file and what was reached on it."""
    return path.stem, Corpus(corpus_hash(path), figures(report))


def check(reached: Floors, floors: Floors) -> list[str]:
    """Say which figures fell below their floors.

    Args:
        reached: What the code reaches now.
        floors: What it reached before. A corpus that is absent on either side is passed over.

    Returns:
        One sentence for each failure; also when a corpus has changed or a figure has gone, because then
        nothing is held any more. Empty when all is well.
    """
    failures = []
    for name, corpus in reached.items():
        floor = floors.get(name)
        if floor is None:
            continue
        if corpus.sha256 != floor.sha256:
            failures.append(f"{name}: the gold has changed; run 'update' after reading what moved")
            continue
        failures += [f"{name} {message}" for message in _fallen(corpus.figures, floor.figures)]
    return failures


def _fallen(reached: Mapping[str, Figure], floors: Mapping[str, Figure]) -> Iterable[str]:
    for name, floor in floors.items():
        now = reached.get(name)
        if now is None:
            yield f"{name}: no longer measured"
        elif now.value < floor.value - floor.half_width:
            yield f"{name}: {now.value:.3f}, below {floor.value:.3f} by more than {floor.half_width:.3f}"


def update(reached: Floors, floors: Floors, changelog: str) -> tuple[Floors, list[str]]:
    """Move the floors to what is reached.

    Args:
        reached: What the code reaches now.
        floors: What it reached before.
        changelog: Text of the changelog.

    Returns:
        The new floors and the refusals: one sentence for each floor that would sink without a
        ``floor lowered: CORPUS FIGURE: reason`` line. A refused floor keeps its old figure.
    """
    moved, refusals = dict(floors), []
    for name, corpus in reached.items():
        old = floors.get(name)
        same = old is not None and old.sha256 == corpus.sha256
        kept = dict(corpus.figures)
        for figure, floor in (old.figures if old is not None else {}).items():
            now = corpus.figures.get(figure)
            if (now is None or now.value < floor.value) and not _explained(name, figure, changelog):
                refusals.append(
                    f"{name} {figure}: {floor.value:.3f} -> {now.value if now else 'gone'}; "
                    f"CHANGELOG.md needs the line 'floor lowered: {name} {figure}: reason'"
                )
                kept[figure] = floor
        refused = any(refusal.startswith(f"{name} ") for refusal in refusals)
        moved[name] = old if old is not None and refused and not same else Corpus(corpus.sha256, kept)
    return moved, refusals


def _explained(name: str, figure: str, changelog: str) -> bool:
    return bool(re.search(rf"floor lowered: {re.escape(name)} {re.escape(figure)}: *\S", changelog))


def load(path: Path) -> Floors:
    """Read the floors; none when the file is absent."""
    if not path.exists():
        return {}
    stored = json.loads(path.read_text("utf-8"))
    return {
        name: Corpus(
            corpus["sha256"], {figure: Figure(*values) for figure, values in corpus["figures"].items()}
        )
        for name, corpus in stored.items()
    }


def save(path: Path, floors: Floors) -> None:
    """Write the floors, sorted, so that a change reads well as a diff."""
    stored = {
        name: {
            "sha256": corpus.sha256,
            "figures": {
                figure: [value.value, value.half_width] for figure, value in sorted(corpus.figures.items())
            },
        }
        for name, corpus in sorted(floors.items())
    }
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", "utf-8")


def predict(gold: Iterable[GoldDocument], model: str | None) -> list[Prediction]:
    """Run the pipeline on the texts of the gold and merge what it finds."""
    from entityscan.merging import merge
    from entityscan.shipped import DEFAULT_MODEL
    from entityscan.tagging import tag

    documents = [Document(document.id, document.text) for document in gold]
    tagged = tag(documents, model=model or DEFAULT_MODEL)
    return from_entities(merge([mention for _, mentions in tagged for mention in mentions]))


def reach(paths: Iterable[Path], *, predictions: Path | None = None, model: str | None = None) -> Floors:
    """Measure every gold file.

    Args:
        paths: Gold files.
        predictions: Mention rows to judge, or None to run the pipeline.
        model: The pipeline, or None for the default.
    """
    found = {}
    for path in paths:
        gold = read_gold([path])
        rows = read_predictions(predictions) if predictions else predict(gold, model)
        name, corpus = measure(path, evaluate(gold, rows, EvaluationOptions()))
        found[name] = corpus
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("action", choices=["check", "update"])
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--corpora", type=Path, help="folder whose dev/*.jsonl are measured too")
    parser.add_argument(
        "--predictions", type=Path, help="judge these mention rows instead of running the pipeline"
    )
    parser.add_argument("--model", help="pipeline to run")
    parser.add_argument("--floors", type=Path, default=FLOORS)
    parser.add_argument("--changelog", type=Path, default=CHANGELOG)
    options = parser.parse_args()
    paths = options.gold + sorted((options.corpora / "dev").glob("*.jsonl") if options.corpora else [])
    reached = reach(paths, predictions=options.predictions, model=options.model)
    floors = load(options.floors)
    if options.action == "check":
        problems = check(reached, floors)
    else:
        floors, problems = update(reached, floors, options.changelog.read_text("utf-8"))
        save(options.floors, floors)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
