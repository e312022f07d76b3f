"""Measure archives: throughput against processes, what a resumed run costs, memory against articles.

python bench/archive.py [--articles 1000] [--model NAME]     # writes results/archive.json
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processes import command, machine, peak_memory
from texts import write_articles

RESULT = Path(__file__).parent / "results" / "archive.json"


def seconds(of: Sequence[str]) -> float:
    """Run a command and give its wall-clock time; BLAS uses one thread, processes share the work."""
    begin = time.monotonic()
    subprocess.run(of, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    return round(time.monotonic() - begin, 2)


def measure(articles: int, model: str, folder: Path) -> dict[str, Any]:
    """Time and weigh runs over so many articles."""
    many, few = folder / "many.jsonl", folder / "few.jsonl"
    write_articles(many, articles)
    write_articles(few, 2)

    def extract(source: Path, *options: object) -> list[str]:
        fixed = ("-q", "-m", model, "-f", "csv", "-o", folder / "out.csv")
        return command("-m entityscan", "extract", source, *fixed, *options)

    scan_file = ("--db", folder / "scan.sqlite")
    found: dict[str, Any] = {"articles": articles, "model": model}
    found["start_seconds"] = {jobs: seconds(extract(few, "-j", jobs)) for jobs in (1, 2)}
    found["seconds"] = {jobs: seconds(extract(many, "-j", jobs)) for jobs in (1, 2)}
    found["speed_up"] = round(found["seconds"][1] / found["seconds"][2], 2)
    found["scan_file_seconds"] = seconds(extract(many, "-j", 2, *scan_file))
    found["second_run_seconds"] = seconds(extract(many, "-j", 2, *scan_file))
    found["merge_seconds"] = seconds(command("-m entityscan", "merge", scan_file[1], "-q"))
    found["scan_file_bytes"] = scan_file[1].stat().st_size
    found["peak_mebibytes"] = {
        source.stem: round(peak_memory(extract(source, "--db", folder / f"{source.stem}.sqlite")))
        for source in (few, many)
    }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--model", default="en_entityscan_news")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = {"machine": machine(), "archive": measure(options.articles, options.model, Path(folder))}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
