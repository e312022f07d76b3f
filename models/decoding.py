"""Scores of a torch network over whole passages, with the windows and the decoder of the run time."""

import numpy as np
import torch
from corpora import Passage
from labels import KINDS
from network import Network

from entityscan.recogniser.decoding import decode, log_probabilities, windows_of
from entityscan.recogniser.pieces import SPECIAL_SHAPE, WordPieces

BATCH = 16


def network_scores(
    network: Network, passages: list[Passage], encoder: WordPieces, size: int = 256
) -> list[np.ndarray]:
    """Return one array of label scores (words, labels) for each passage."""
    network.eval()
    jobs = []
    for number, passage in enumerate(passages):
        cuts = [encoder.pieces(word) for word in passage.words]
        jobs += [(number, window, cuts) for window in windows_of([len(cut) for cut in cuts], size)]
    jobs.sort(key=lambda job: job[1].size)
    scores = [np.zeros((len(passage.words), network.head.out_features), np.float32) for passage in passages]
    for start in range(0, len(jobs), BATCH):
        _run(network, jobs[start : start + BATCH], passages, encoder, scores)
    return scores


def _run(
    network: Network, jobs: list, passages: list[Passage], encoder: WordPieces, scores: list[np.ndarray]
) -> None:
    length = max(window.size for _, window, _ in jobs) + 2
    pieces = torch.full((len(jobs), length), encoder.padding)
    shapes = torch.full((len(jobs), length), SPECIAL_SHAPE)
    mask = torch.zeros(len(jobs), length, dtype=torch.bool)
    firsts = []
    for row, (number, window, cuts) in enumerate(jobs):
        passage = passages[number]
        ids, forms, first = [encoder.start], [SPECIAL_SHAPE], []
        for index in range(window.start, window.end):
            first.append(len(ids))
            ids += cuts[index]
            forms += encoder.shapes(passage.words[index], passage.gaps[index], len(cuts[index]))
        ids.append(encoder.end)
        forms.append(SPECIAL_SHAPE)
        pieces[row, : len(ids)], shapes[row, : len(ids)], mask[row, : len(ids)] = (
            torch.tensor(ids),
            torch.tensor(forms),
            True,
        )
        firsts.append(first)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        found = network(pieces, shapes, mask).float().numpy()
    for row, (number, window, _) in enumerate(jobs):
        kept = range(window.keep_start, window.keep_end)
        scores[number][kept.start : kept.stop] = found[row][[firsts[row][i - window.start] for i in kept]]


def mentions_of(scores: np.ndarray, gaps: list[int]) -> list[tuple[int, int, str]]:
    """Return first word, last word + 1 and kind of every mention."""
    return [(found.start, found.end, KINDS[found.kind]) for found in decode(log_probabilities(scores), gaps)]
