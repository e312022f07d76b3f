"""Weigh a run as its archive grows: reading and tagging, merging, writing.

python bench/weight.py [--articles 100000]     # writes results/weight.json

Articles are short (a sentence with five names) and read by a small pipeline of rules, since only growth is measured
here: every article brings names and words that were never seen before. Speed is for ``archive.py``, a single long
text for ``long_text.py``.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import spacy
from processes import command, machine
from texts import made_word

from entityscan.records import Document, Skipped
from entityscan.scanning import ScanOptions, merge_stored, scanned
from entityscan.store import Store
from entityscan.writing import WriteOptions, write_jsonl

RESULT = Path(__file__).parent / "results" / "weight.json"
MARKS = (1_000, 10_000, 100_000)
_PAGE = resource.getpagesize() / 2**20


def write_rules(folder: Path) -> None:
    """Write a pipeline that finds persons and towns by rules, some of them never seen before."""
    nlp = spacy.blank("en")
    capital = {"TEXT": {"REGEX": "^[A-Z][a-z]+$"}}
    patterns = [
        {"label": "PERSON", "pattern": [{"LOWER": "minister"}, capital, capital]},
        {"label": "GPE", "pattern": [{"LOWER": "of"}, capital]},
        {"label": "ORG", "pattern": "NATO"},
    ]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    nlp.to_disk(folder)


def sentence(generator: random.Random) -> str:
    """Make a sentence with two names and two words that are new, and two names that are not."""
    first, last, town, one, two = (made_word(generator, 3) for _ in range(5))
    known = generator.choice(["Oslo", "Warsaw", "Kyiv", "Riga"])
    return (
        f"Minister {first} {last} of {town} told NATO that {one.lower()} and {two.lower()} from the town of {known} "
        f"would get {generator.randint(2, 90)} T-72 tanks."
    )


def articles(number: int) -> Iterator[Document]:
    """Make so many different short articles."""
    generator = random.Random(number)
    for at in range(number):
        yield Document(f"article-{at:07}", sentence(generator), "feed.jsonl")


def held() -> float:
    """Give the memory that this process holds now, in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def weigh_run(number: int, folder: Path) -> dict[str, Any]:
    """Scan into a scan file; give what was held after so many articles, and the peak of each phase."""
    seen = 0
    found: dict[str, Any] = {"articles": number, "tagging": {}}

    def watch(item: Document | Skipped) -> None:
        nonlocal seen
        seen += isinstance(item, Document)
        if seen in MARKS:
            found["tagging"][str(seen)] = round(held())
        if seen == number:
            found["peak_tagging"] = _peak()

    options = ScanOptions(str(folder / "rules"), db=str(folder / f"{number}.sqlite"))
    with scanned(articles(number), options, watch=watch) as (result, ledger):
        found |= {"mentions": ledger.mentions, "peak_merging": _peak()}
        with (folder / "out.jsonl").open("wb") as stream:
            stream.writelines(write_jsonl(result, WriteOptions()))
    return found | {"peak_whole_run": _peak()}


def weigh_merge(number: int, folder: Path) -> dict[str, Any]:
    """Merge a scan file again, in a process of its own; give the peak and the seconds of the processor."""
    begin = time.process_time()
    with Store(str(folder / f"{number}.sqlite")) as store:
        merge_stored(store)
    return {"peak": _peak(), "seconds": round(time.process_time() - begin, 1)}


def weigh_output(number: int, folder: Path) -> dict[str, Any]:
    """Write the JSON lines of a scan file, in a process of its own; give the peak."""
    with Store(str(folder / f"{number}.sqlite"), writing=False) as store:
        for _ in write_jsonl(store.result(), WriteOptions()):
            pass
    return {"peak": _peak()}


def _peak() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


JOBS = {"run": weigh_run, "merge": weigh_merge, "output": weigh_output}


def in_process(job: str, number: int, folder: str) -> dict[str, Any]:
    """Do a job in a fresh process."""
    of = command("weight.py", "--job", job, "--articles", number, "--folder", folder)
    return dict(json.loads(subprocess.run(of, check=True, capture_output=True, text=True).stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=MARKS[-1])
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.job:
        json.dump(JOBS[options.job](options.articles, options.folder), sys.stdout)
        return
    with tempfile.TemporaryDirectory() as folder:
        write_rules(Path(folder) / "rules")
        sizes = [mark for mark in MARKS if mark <= options.articles]
        found: dict[str, Any] = {
            "runs": [in_process("run", number, folder) for number in sizes],
            "merging": {str(number): in_process("merge", number, folder) for number in sizes},
            "output": {str(number): in_process("output", number, folder) for number in sizes},
        }
    result = {"machine": machine(), "weight": found}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
