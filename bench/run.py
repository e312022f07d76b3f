"""Measure accuracy, speed, memory and merging; write ``results/*.json`` and the README from them.

python bench/run.py all --corpora DIR     # DIR holds dev/*.jsonl; without it, the project's own gold only
python bench/run.py speed                 # one part; accuracy, memory and merging likewise
python bench/run.py readme                # the README again, from the results that are there
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from page import write_readme
from peers import PEERS, articles_of
from processes import as_dict, command, machine, peak_memory, timing
from texts import copy_articles, write_articles

from entityscan.evaluation import EvaluationOptions, Prediction, Report, evaluate, read_gold
from entityscan.records import Kind

HERE = Path(__file__).parent
RESULTS, OWN_GOLD = HERE / "results", HERE.parent / "tests" / "gold" / "gold.jsonl"
NEWS_WITHOUT_EQUIPMENT = frozenset(Kind) - {Kind.EQUIPMENT}
KINDS = {  # corpora whose few equipment labels are accidents
    "ewn.dev": NEWS_WITHOUT_EQUIPMENT,
    "gum_news": NEWS_WITHOUT_EQUIPMENT,
    "ecbplus.dev": NEWS_WITHOUT_EQUIPMENT,
}
ONLY_MERGING = {"ecbplus.dev"}  # annotates chosen sentences: precision of finding means nothing
NEWS = ("dwie.dev", "ewn.dev")  # press articles as they come; our samples have twice as many names
FEW, MANY = 20, 220  # articles; the difference of the two runs is free of start-up
GROWTH = (100, 1_000, 10_000)
MERGING = {10_000: 5, 100_000: 3, 1_000_000: 1}  # mentions: runs


def accuracy(options: argparse.Namespace) -> dict[str, Any]:
    """Judge every installed tool on every corpus."""
    corpora = [OWN_GOLD] if OWN_GOLD.exists() else []
    corpora += sorted((options.corpora / "dev").glob("*.jsonl")) if options.corpora else []
    found: dict[str, Any] = {}
    for path in corpora:
        gold = read_gold([path])
        judged = EvaluationOptions(kinds=KINDS.get(path.stem, frozenset()))
        tools = {}
        for name, peer in PEERS.items():
            if peer.installed and not peer.same_names_as:
                rows = peer.find(articles_of(path))
                predictions = [
                    Prediction(row["document"], row["start"], row["end"], Kind(row["kind"]), row["entity"])
                    for row in rows
                ]
                tools[name] = _figures(evaluate(gold, predictions, judged))
        name = "own gold" if path == OWN_GOLD else path.stem
        found[name] = {"documents": len(gold), "only_merging": path.stem in ONLY_MERGING, "tools": tools}
    return found


def _figures(report: Report) -> dict[str, Any]:
    kinds = {
        f"{way} {kind}": {
            "precision": round(score.precision, 4),
            "recall": round(score.recall, 4),
            "f1": round(score.f1, 4),
            "interval": [round(end, 4) for end in score.f1_interval or ()],
            "support": score.support,
        }
        for way, scores in report.spans.items()
        for kind, score in scores.items()
    }
    merging = {
        f"{scope} {view} {measure}": [round(value, 4) for value in (got.precision, got.recall, got.f1)]
        for scope, scored in report.merging.items()
        for view, measures in scored.views.items()
        for measure, got in measures.items()
    }
    return {"kinds": kinds, "merging": merging, "mistakes": dict(report.mistake_totals)}


def _scan(tool: str, source: Path, target: Path) -> list[str]:
    if tool == "entityscan":
        options = ["extract", source, "--mentions", "-f", "jsonl", "-o", target, "-q"]
        return command("-m entityscan", *options)
    return command("peers.py", tool, source, target)


def speed(options: argparse.Namespace) -> dict[str, Any]:
    """Time every installed tool on one core: words a second without start-up, and one short article cold."""
    tools = [tool for tool, peer in PEERS.items() if peer.installed]
    found: dict[str, Any] = {"texts": {}, "one_article": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        out = folder / "out.jsonl"
        for text in ("own samples", *(NEWS if options.corpora else ())):
            few, many = folder / "few.jsonl", folder / "many.jsonl"
            if text == "own samples":
                words = write_articles(many, MANY // options.scale)
                words -= write_articles(few, FEW // options.scale)
            else:
                corpus = options.corpora / "dev" / f"{text}.jsonl"
                words = copy_articles(corpus, many, MANY // options.scale)
                words -= copy_articles(corpus, few, FEW // options.scale)
            found["texts"][text] = {"words": words, "tools": {}}
            for tool in tools:
                short, long = (timing(_scan(tool, path, out), runs=options.runs) for path in (few, many))
                found["texts"][text]["tools"][tool] = {
                    "words_per_second": _rate(words, long.median - short.median),
                    "slowest": _rate(words, long.high - short.low),
                    "fastest": _rate(words, long.low - short.high),
                }
        one = folder / "one.jsonl"
        write_articles(one, 1)
        for tool in tools:
            found["one_article"][tool] = as_dict(timing(_scan(tool, one, out), runs=options.runs))
    found["import_spacy"] = as_dict(timing(command("-c", "import spacy"), runs=options.runs))
    found["help"] = as_dict(timing(command("-m entityscan", "--help"), runs=options.runs))
    return found


def _rate(words: int, seconds: float) -> int | None:
    """Give words a second, or None where the runs vary more than they differ: a busy machine, small sizes."""
    return round(words / seconds) if seconds > 0 else None


def memory(options: argparse.Namespace) -> dict[str, Any]:
    """Weigh ours as the archive grows, and every installed tool at the middle size."""
    sizes = [number // options.scale for number in GROWTH]
    middle = sizes[len(sizes) // 2]
    found: dict[str, Any] = {"articles": middle, "tools": {}, "growth": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in sizes:
            source = folder / f"{number}.jsonl"
            write_articles(source, number)
            peak = round(peak_memory(_scan("entityscan", source, folder / "out.jsonl")))
            found["growth"][str(number)] = peak
        found["tools"]["entityscan"] = found["growth"][str(middle)]
        for tool, peer in PEERS.items():
            if peer.installed and tool != "entityscan":
                peak = peak_memory(_scan(tool, folder / f"{middle}.jsonl", folder / "out.jsonl"))
                found["tools"][tool] = round(peak)
    return found


def merging(options: argparse.Namespace) -> dict[str, Any]:
    """Time and weigh merging alone: in memory, and on disk as an archive is merged."""
    return {
        str(number // options.scale): {
            "in memory": _cost("merge", "make", number // options.scale, runs),
            "on disk": _cost("archive", "store", number // options.scale, runs),
        }
        for number, runs in MERGING.items()
    }


def _cost(action: str, before: str, number: int, runs: int) -> dict[str, Any]:
    """Give what an action of ``merge_job.py`` takes beyond what comes before it."""
    whole, part = (command("merge_job.py", number, name) for name in (action, before))
    seconds = [timing(job, runs=runs).median for job in (whole, part)]
    return {
        "seconds": round(seconds[0] - seconds[1], 3),
        "runs": runs,
        "mebibytes": round(peak_memory(whole) - peak_memory(part)),
    }


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "accuracy": accuracy,
    "speed": speed,
    "memory": memory,
    "merging": merging,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("part", choices=["all", *PARTS, "readme"])
    parser.add_argument("--corpora", type=Path, help="folder with dev/*.jsonl")
    parser.add_argument("--runs", type=int, default=5, help="runs of each timing; the median counts")
    parser.add_argument("--scale", type=int, default=1, help="divide all sizes, to try the benchmark out")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for name, part in PARTS.items():
        if options.part in ("all", name):
            result = {"machine": machine(), name: part(options)}
            (RESULTS / f"{name}.json").write_text(
                json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8"
            )
    write_readme(RESULTS, HERE / "README.md")


if __name__ == "__main__":
    main()
