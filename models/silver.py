"""Labels for what a corpus does not annotate, from a network that was trained on those that do.

Most news corpora know no equipment; in their open label sets (see ``labels``) this writes the label that the network is
sure of. What it is not sure of stays open. Usage: python models/silver.py CHECKPOINT TARGET --corpora DIR ...
"""

import argparse
import json
from pathlib import Path

import labels
import numpy as np
from corpora import Passage, read_facts
from decoding import network_scores
from restore import restore_network
from train import load_corpora

from entityscan.recogniser.decoding import best_path, log_probabilities
from entityscan.recogniser.pieces import WordPieces

SURE = 0.75
"""Least probability of a silver label among the labels that the corpus allows."""
_BITS = 1 << np.arange(len(labels.LABELS))


def silver(passage: Passage, scores: np.ndarray) -> list[int] | None:
    """Return the closed label sets of a passage, or None when nothing was open."""
    allowed = np.asarray(passage.allowed)
    possible = (allowed[:, None] & _BITS) > 0
    if not (possible.sum(1) > 1).any():
        return None
    scores = log_probabilities(np.where(possible, scores, -1e4).astype(np.float32))
    path = best_path(scores, passage.gaps)
    sure = np.exp(scores[np.arange(len(path)), path]) >= SURE
    return [
        1 << label if is_sure else int(old) for label, is_sure, old in zip(path, sure, allowed, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    options = parser.parse_args()
    network = restore_network(options.checkpoint)
    encoder = WordPieces((options.encoder / "vocab.txt").read_text(encoding="utf-8").splitlines())
    with options.target.open("w", encoding="utf-8") as file:
        for name, passages in load_corpora(options.corpora, read_facts(options.reference)).items():
            count = 0
            for passage, scores in zip(passages, network_scores(network, passages, encoder), strict=True):
                allowed = silver(passage, scores)
                if allowed is not None:
                    file.write(json.dumps({"corpus": name, "id": passage.id, "allowed": allowed}) + "\n")
                    count += 1
            print(f"{name}: {count} of {len(passages)} passages", flush=True)


if __name__ == "__main__":
    main()
