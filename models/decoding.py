"""Scores of a torch network over whole passages, with the windows and the decoder of the run time."""

import numpy as np
import torch
from corpora import Passage
from labels import KINDS
from network import Network

from entityscan.recogniser.decoding import decode, log_probabilities, windows_of
from entityscan.recogniser.pieces import NEWLINE, SPECIAL_SHAPE, WordPieces

BATCH = 16


def network_scores(
    network: Network, passages: list[Passage], encoder: WordPieces, size: int = 128
) -> list[np.ndarray]:
    """Return one array of label scores (words, labels) for each passage."""
    network.eval()
    jobs = []
    for number, passage in enumerate(passages):
        cuts = [encoder.pieces(word) for word in passage.words]
        lines = [index for index, gap in enumerate(passage.gaps) if gap == NEWLINE]
        for start, end in windows_of([len(cut) for cut in cuts], size, lines):
            jobs.append((number, start, end, cuts[start:end]))
    jobs.sort(key=lambda job: sum(map(len, job[3])))
    scores = [np.zeros((len(passage.words), network.head.out_features), np.float32) for passage in passages]
    for start in range(0, len(jobs), BATCH):
        _run(network, jobs[start : start + BATCH], passages, encoder, scores)
    return scores


def _run(
    network: Network, jobs: list, passages: list[Passage], encoder: WordPieces, scores: list[np.ndarray]
) -> None:
    length = max(sum(map(len, cuts)) for *_, cuts in jobs) + 2
    pieces = torch.full((len(jobs), length), encoder.padding)
    shapes = torch.full((len(jobs), length), SPECIAL_SHAPE)
    mask = torch.zeros(len(jobs), length, dtype=torch.bool)
    firsts = []
    for row, (number, start, _, cuts) in enumerate(jobs):
        passage = passages[number]
        ids, forms, first = [encoder.start], [SPECIAL_SHAPE], []
        for index, cut in enumerate(cuts, start):
            first.append(len(ids))
            ids += cut
            forms += encoder.shapes(passage.words[index], passage.gaps[index], len(cut))
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
    for row, (number, start, end, _) in enumerate(jobs):
        scores[number][start:end] = found[row][firsts[row]]


def mentions_of(scores: np.ndarray, gaps: list[int]) -> list[tuple[int, int, str]]:
    """Return first word, last word + 1 and kind of every mention."""
    return [(found.start, found.end, KINDS[found.kind]) for found in decode(log_probabilities(scores), gaps)]
