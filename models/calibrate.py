"""Find the temperature at which the scores of spans are honest, on articles that the network was not trained on."""

import argparse
from pathlib import Path

import augment
import labels
import numpy as np
from corpora import Passage, own_passages, read_facts
from decoding import network_scores
from restore import restore_network

from entityscan.recogniser.decoding import decode, log_probabilities
from entityscan.recogniser.pieces import WordPieces

TEMPERATURES = np.arange(0.8, 2.61, 0.05)


def surprise(
    passages: list[Passage], scores: list[np.ndarray], temperature: float
) -> tuple[float, float, float]:
    """Return the mean negative log likelihood of spans being right, their mean score, and the part that is right."""
    probabilities, right = [], []
    for passage, rows in zip(passages, scores, strict=True):
        gold = set(augment.spans(passage))
        for found in decode(log_probabilities(rows / np.float32(temperature)), passage.gaps):
            if all(mask & (mask - 1) == 0 for mask in passage.allowed[found.start : found.end]):
                probabilities.append(min(max(found.score, 1e-4), 1 - 1e-4))
                right.append((found.start, found.end, labels.KINDS[found.kind]) in gold)
    p, truth = np.asarray(probabilities), np.asarray(right)
    return float(-np.log(np.where(truth, p, 1 - p)).mean()), float(p.mean()), float(truth.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="network in PyTorch, or model.onnx of a pipeline")
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True)
    options = parser.parse_args()
    network = restore_network(options.checkpoint)
    encoder = WordPieces((options.encoder / "vocab.txt").read_text(encoding="utf-8").splitlines())
    passages = own_passages(Path(__file__).parent / "assets", read_facts(options.reference))["unseen"]
    scores = network_scores(network, passages, encoder)
    best = min(TEMPERATURES, key=lambda temperature: surprise(passages, scores, temperature)[0])
    loss, mean, right = surprise(passages, scores, best)
    print(f"temperature {best:.2f} loss {loss:.4f} mean score {mean:.3f} right {right:.3f}")


if __name__ == "__main__":
    main()
