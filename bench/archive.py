"""Measure archives: throughput against processes, what a resumed run costs, Ray against the local engine, memory.

python bench/archive.py [--articles 1000] [--model NAME]     # writes results/archive.json
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from processes import command, machine, peak_memory
from texts import write_articles

from entityscan.scanning import ScanOptions, scan
from entityscan.writing import entity_row

RESULT = Path(__file__).parent / "results" / "archive.json"


def seconds(of: Sequence[str]) -> float:
    """Run a command and give its wall-clock time; BLAS uses one thread, processes share the work."""
    begin = time.monotonic()
    subprocess.run(of, check=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    return round(time.monotonic() - begin, 2)


def same_rows(folder: Path, source: Path, model: str) -> bool:
    """Tell whether the entities that Ray wrote are those of the local engine, in the same order."""
    from pyarrow.parquet import read_table

    found = [row for file in sorted(folder.iterdir()) for row in read_table(file).to_pylist()]
    result, _ = scan([str(source)], ScanOptions(model))
    return [{**row, "attributes": json.loads(row["attributes"])} for row in found] == [
        entity_row(entity) for entity in result.entities
    ]


def measure(articles: int, model: str, folder: Path) -> dict[str, Any]:
    """Time and weigh runs over so many articles."""
    many, few = folder / "many.jsonl", folder / "few.jsonl"
    write_articles(many, articles)
    write_articles(few, 2)

    def extract(source: Path, *options: object) -> list[str]:
        fixed = ("-q", "-m", model, "-f", "csv", "-o", folder / "out.csv")
        return command("-m entityscan", "extract", source, *fixed, *options)

    def ray(source: Path, target: Path) -> list[str]:
        return command("-m entityscan", "extract", source, "--engine", "ray", "-q", "-m", model, "-o", target)

    scan_file = ("--db", folder / "scan.sqlite")
    found: dict[str, Any] = {
        "articles": articles,
        "model": model,
        "load_before": round(os.getloadavg()[0], 1),
    }
    found["start_seconds"] = {jobs: seconds(extract(few, "-j", jobs)) for jobs in (1, 2)}
    found["seconds"] = {jobs: seconds(extract(many, "-j", jobs)) for jobs in (1, 2)}
    found["speed_up"] = round(found["seconds"][1] / found["seconds"][2], 2)
    found["scan_file_seconds"] = seconds(extract(many, "-j", 2, *scan_file))
    found["second_run_seconds"] = seconds(extract(many, "-j", 2, *scan_file))
    found["merge_seconds"] = seconds(command("-m entityscan", "merge", scan_file[1], "-q"))
    found["scan_file_bytes"] = scan_file[1].stat().st_size
    if find_spec("ray"):
        found["ray_seconds"] = {
            source.stem: seconds(ray(source, folder / f"ray-{source.stem}")) for source in (few, many)
        }
        found["ray_equals_local"] = same_rows(folder / "ray-many" / "entities", many, model)
        found["ray_bytes"] = {
            part: sum(file.stat().st_size for file in (folder / "ray-many" / part).iterdir())
            for part in ("tagged", "mentions", "entities")
        }
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
