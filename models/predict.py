"""Mentions of a pipeline over a corpus, one JSON object a line, for a scorer; and the speed in words a second."""

import argparse
import json
import time
from pathlib import Path

import spacy

from entityscan.recogniser.component import SCORE


def predict(pipeline: Path, corpus: Path, target: Path) -> float:
    """Write the mentions of every document of a corpus; return the speed in words (between spaces) a second."""
    nlp = spacy.load(pipeline)
    records = [json.loads(line) for line in corpus.read_text(encoding="utf-8").splitlines() if line.strip()]
    nlp("Start the session.")
    start = time.perf_counter()
    docs = list(nlp.pipe(record["text"] for record in records))
    seconds = time.perf_counter() - start
    words = sum(len(record["text"].split()) for record in records)
    with target.open("w", encoding="utf-8") as file:
        for record, doc in zip(records, docs, strict=True):
            for span in doc.ents:
                row = {
                    "document": record["id"],
                    "start": span.start_char,
                    "end": span.end_char,
                    "kind": span.label_,
                    "generic": span.id_ == "generic",
                    "score": round(span._.get(SCORE), 4),
                }
                file.write(json.dumps(row) + "\n")
    return words / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    speed = predict(options.pipeline, options.corpus, options.target)
    print(f"{options.corpus.stem}: {speed:.0f} words/s")


if __name__ == "__main__":
    main()
