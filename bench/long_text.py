"""Find the names in one file of 50 million characters, and check what came of it.

python bench/long_text.py [--characters 50000000]     # writes results/long_text.json

The text is shuffled sentences of ``samples/``, no two paragraphs alike, each with a sentence of words and names
that were never seen before and one name that all have, ``Donald Tusk``.
"""

import argparse
import hashlib
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from processes import command, machine, peak_memory
from texts import made_word, sentences

RESULT = Path(__file__).parent / "results" / "long_text.json"
EVERYWHERE = "Donald Tusk"
_SENTENCES = 12  # of a paragraph


def paragraphs(number: int) -> Iterator[str]:
    """Make different paragraphs, of so many characters together or a little less."""
    generator, stock = random.Random(number), sentences()
    left = number
    while True:
        first, last, town, word = (made_word(generator, 3) for _ in range(4))
        new = f"Minister {first} {last} told {EVERYWHERE} in {town} that the {word.lower()} was ready."
        paragraph = " ".join([*generator.choices(stock, k=_SENTENCES), new]) + "\n\n"
        left -= len(paragraph)
        if left < 0:
            return
        yield paragraph


def weigh(number: int, model: str, folder: Path) -> dict[str, Any]:
    """Scan such a text into a scan file; give seconds and peak memory, and what is wrong in it."""
    source, scan_file, rows = folder / "long.txt", folder / "scan.sqlite", folder / "rows.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        stream.writelines(paragraphs(number))
    options = ("-q", "-m", model, "-f", "jsonl", "-o", rows, "--db", scan_file)
    begin = time.monotonic()
    peak = peak_memory(command("-m entityscan", "extract", source, *options))
    seconds = time.monotonic() - begin
    text = source.read_text("utf-8")
    with closing(sqlite3.connect(scan_file)) as db:
        [(sha256, characters, words, windows)] = db.execute(
            "SELECT sha256, characters, words, windows FROM texts"
        )
        found = db.execute('SELECT start, "end", text FROM mentions ORDER BY start').fetchall()
    with rows.open("rb") as stream:
        counted = sum(json.loads(row)["mentions"] for row in stream)
    return {
        "characters": len(text),
        "characters_read": characters,
        "whole_text_read": sha256 == hashlib.sha256(text.encode()).hexdigest(),
        "words": words,
        "windows": windows,
        "seconds": round(seconds),
        "peak_mebibytes": round(peak),
        "mentions": len(found),
        "mentions_of_rows": counted,
        "wrong_offsets": sum(text[start:end] != name for start, end, name in found),
        "found_everywhere": [sum(name == EVERYWHERE for *_, name in found), text.count(EVERYWHERE)],
        "last_mention_ends_before_the_end": len(text) - found[-1][1],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--characters", type=int, default=50_000_000)
    parser.add_argument("--model", default="en_entityscan_news")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = weigh(options.characters, options.model, Path(folder))
    RESULT.write_text(json.dumps({"machine": machine(), "long_text": found}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
