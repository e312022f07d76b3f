"""Train the network on corpora in mixed conventions.

Usage: python models/train.py --corpora DIR --reference DIR --encoder DIR --out DIR --minutes 25
       [--start CHECKPOINT [--drop LAYER ...]] [--teacher CHECKPOINT ...] [--silver FILE] [--all]
       [--rate-scale 0.5]
"""

import argparse
import json
import random
import time
import tomllib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

import labels
import torch
import torch.nn.functional as F  # noqa: N812  (the name everybody knows)
from augment import Names, augment, read_names
from corpora import Facts, Passage, convert, own_passages, read_facts
from decoding import mentions_of, network_scores
from network import Network
from restore import restore_network
from torch import Tensor, distributed, multiprocessing, nn

from entityscan.recogniser.article import promising
from entityscan.recogniser.decoding import windows_of
from entityscan.recogniser.pieces import NEWLINE, NO_GAP, SPACE, SPECIAL_SHAPE, WordPieces
from entityscan.sentences import sentence_starts

HERE = Path(__file__).parent
SETTINGS = tomllib.loads((HERE / "train.toml").read_text(encoding="utf-8"))


def load_corpora(corpora: Path, facts: Facts) -> dict[str, list[Passage]]:
    """Read every corpus of the settings, and our own ``sentences`` and ``articles``."""
    found = {
        corpus["name"]: list(
            convert(corpora / "train" / f"{corpus['name']}.jsonl", facts, kinds=corpus["kinds"])
        )
        for corpus in SETTINGS["corpus"]
    }
    return found | own_passages(HERE / "assets", facts)


def weights() -> dict[str, float]:
    found = {corpus["name"]: corpus["weight"] for corpus in SETTINGS["corpus"]}
    return found | SETTINGS["own"]


def hold_out(corpora: dict[str, list[Passage]]) -> dict[str, list[Passage]]:
    """Take the validation articles out of the corpora and return them."""
    held = {}
    for name, count in SETTINGS["validation"].items():
        rng = random.Random(SETTINGS["seed"])
        chosen = set(rng.sample(range(len(corpora[name])), count))
        held[name] = [passage for i, passage in enumerate(corpora[name]) if i in chosen]
        corpora[name] = [passage for i, passage in enumerate(corpora[name]) if i not in chosen]
    return held


def windows(
    passage: Passage, encoder: WordPieces, sizes: Sequence[int], rng: random.Random
) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Cut a passage as the run time does, into windows of pieces, shapes and allowed labels (0 where no word starts).

    The size is drawn anew each time, so that borders move from epoch to epoch, and half of the time the sentences
    that the run time leaves out are left out.
    """
    starts = _sentences(passage)
    read = list(range(len(passage.words)))
    if rng.random() < 0.5:
        read, starts = promising(passage.words, starts)
    cuts = [encoder.pieces(passage.words[index]) for index in read]
    for start, end in windows_of([len(cut) for cut in cuts], rng.choice(sizes), starts):
        pieces: list[int] = []
        shapes: list[int] = []
        allowed: list[int] = []
        for index, cut in zip(read[start:end], cuts[start:end], strict=True):
            pieces += cut
            shapes += encoder.shapes(passage.words[index], passage.gaps[index], len(cut))
            allowed += [passage.allowed[index]] + [0] * (len(cut) - 1)
        yield _framed(pieces, shapes, allowed, encoder)


_GAPS = {NO_GAP: "", SPACE: " ", NEWLINE: "\n"}


def _sentences(passage: Passage) -> list[int]:
    """Return the words that begin a sentence."""
    gaps = [_GAPS[gap] for gap in passage.gaps]
    ends = list(accumulate(len(gap) + len(word) for gap, word in zip(gaps, passage.words, strict=True)))
    text = "".join(gap + word for gap, word in zip(gaps, passage.words, strict=True))
    return sorted({bisect_right(ends, start) for start in sentence_starts(text)})


def _framed(
    pieces: list[int], shapes: list[int], allowed: list[int], encoder: WordPieces
) -> tuple[list[int], list[int], list[int]]:
    return [encoder.start, *pieces, encoder.end], [SPECIAL_SHAPE, *shapes, SPECIAL_SHAPE], [0, *allowed, 0]


def epoch(
    corpora: dict[str, list[Passage]], names: Names | None, encoder: WordPieces, rng: random.Random
) -> list[list[tuple]]:
    """Draw one epoch: batches of windows of about equal length, in random order; as they are without ``names``."""
    settings = SETTINGS["training"]
    drawn = []
    for name, weight in weights().items():
        passages = corpora[name]
        drawn += passages * int(weight)
        part = weight - int(weight)
        drawn += rng.sample(passages, round(part * len(passages)))
    found = [
        window
        for passage in drawn
        for window in windows(
            augment(passage, names, rng) if names else passage, encoder, settings["windows"], rng
        )
    ]
    found.sort(key=lambda window: len(window[0]) + rng.random() * 8)
    batches: list[list[tuple]] = [[]]
    for window in found:
        if (len(batches[-1]) + 1) * len(window[0]) > settings["batch"]:
            batches.append([])
        batches[-1].append(window)
    rng.shuffle(batches)
    return batches


def tensors(batch: list[tuple], padding: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return pieces, shapes, mask and allowed labels of a batch."""
    length = max(len(window[0]) for window in batch)
    rows = [torch.full((len(batch), length), fill, dtype=torch.long) for fill in (padding, SPECIAL_SHAPE, 0)]
    mask = torch.zeros(len(batch), length, dtype=torch.bool)
    for number, window in enumerate(batch):
        size = len(window[0])
        mask[number, :size] = True
        for row, values in zip(rows, window, strict=True):
            row[number, :size] = torch.tensor(values)
    return rows[0], rows[1], mask, rows[2]


BITS = torch.tensor([1 << number for number in range(len(labels.LABELS))])


def loss_of(scores: Tensor, allowed: Tensor) -> Tensor:
    """Return the mean negative log probability of the allowed sets of labels."""
    known = (allowed > 0) & (allowed != labels.ANY)
    scores, allowed = scores[known].float(), allowed[known]
    possible = (allowed[:, None] & BITS) > 0
    inside = scores.masked_fill(~possible, -1e4).logsumexp(-1)
    return (scores.logsumexp(-1) - inside).mean()


def teach(
    scores: Tensor, teachers: Sequence[Network], inputs: tuple[Tensor, Tensor, Tensor], words: Tensor
) -> Tensor:
    """Return how far the scores of words are from the mean of what the teachers think (Hinton et al. 2015), in nats."""
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        found = [teacher(*inputs)[words].float().softmax(-1) for teacher in teachers]
    wanted = torch.stack(found).mean(0)
    return F.kl_div(scores[words].float().log_softmax(-1), wanted, reduction="batchmean")


def optimizer_of(network: Network, scale: float) -> torch.optim.Optimizer:
    """Return AdamW with smaller rates for lower layers."""
    settings = SETTINGS["training"]
    rate, decay = settings["rate"] * scale, settings["layer_decay"]
    groups: list[tuple[float, list[nn.Module]]] = [
        (settings["head_rate"] * scale, [network.head, network.shapes])
    ]
    groups += [(rate * decay**number, [layer]) for number, layer in enumerate(reversed(network.layers))]
    groups.append((rate * decay ** len(network.layers), [network.words, network.positions, network.norm]))
    parts = [
        {"params": [p for m in modules for p in m.parameters()], "lr": value, "top": value}
        for value, modules in groups
    ]
    return torch.optim.AdamW(parts, weight_decay=settings["weight_decay"], fused=True)


def validate(network: Network, held: dict[str, list[Passage]], encoder: WordPieces) -> dict[str, float]:
    """Return strict F1 by corpus and kind on the held-out articles."""
    result = {}
    for corpus, passages in held.items():
        counts: dict[str, list[int]] = {}
        for passage, scores in zip(passages, network_scores(network, passages, encoder), strict=True):
            _count(passage, mentions_of(scores, passage.gaps), counts)
        for kind, (right, wrong, missed) in sorted(counts.items()):
            result[f"{corpus[:4]}.{kind[:6]}"] = round(200 * right / max(1, 2 * right + wrong + missed), 1)
    return result


def _count(passage: Passage, found: list[tuple[int, int, str]], counts: dict[str, list[int]]) -> None:
    from augment import spans

    gold = set(spans(passage))
    for start, end, kind in found:
        if all(mask & (mask - 1) for mask in passage.allowed[start:end]):
            continue  # the corpus does not say
        counts.setdefault(kind, [0, 0, 0])[0 if (start, end, kind) in gold else 1] += 1
    for mention in gold - set(found):
        counts.setdefault(mention[2], [0, 0, 0])[2] += 1


WORKERS = 2
"""Processes of one thread each: on a shared machine much faster than one process of two threads, which wait for each other."""


def train(rank: int, options: argparse.Namespace) -> None:
    """Train in one of the processes; only the first one talks and saves."""
    torch.set_num_threads(1)
    distributed.init_process_group(
        "gloo", init_method=f"file://{options.out.absolute()}/meeting", rank=rank, world_size=WORKERS
    )
    rng = random.Random(SETTINGS["seed"])
    facts = read_facts(options.reference)
    corpora = load_corpora(options.corpora, facts)
    if options.silver:
        apply_silver(corpora, options.silver)
    held = {} if options.all else hold_out(corpora)
    for name in set(options.without) & set(corpora):
        corpora[name] = []
    names = read_names(
        options.reference, options.catalogue, corpora["defence_news.train"] + corpora["ewn.train"]
    )
    encoder = WordPieces((options.encoder / "vocab.txt").read_text(encoding="utf-8").splitlines())
    torch.manual_seed(SETTINGS["seed"])
    if options.start:
        network = restore_network(options.start, options.drop)
    else:
        network = Network(len(labels.LABELS))
        network.load_encoder(options.encoder / "model.safetensors")
    teachers = [restore_network(path).eval() for path in options.teacher]
    torch.manual_seed(SETTINGS["seed"] + rank)  # each process drops out other units
    optimizer = optimizer_of(network, options.rate_scale)
    gradient = flat_gradient(network)
    start, done, number, steps = time.monotonic(), 0.0, 0, 0

    def progress(step: int) -> float:
        if options.steps:
            return (steps + step) / options.steps
        return (time.monotonic() - start) / (60 * options.minutes)

    while done < 1:
        batches = epoch(corpora, None if "augmentation" in options.without else names, encoder, rng)
        usable = len(batches) // WORKERS * WORKERS
        mine = batches[rank:usable:WORKERS]
        done = run_epoch(network, optimizer, gradient, mine, progress, teachers)
        steps += len(mine)
        number += 1
        if rank == 0:
            torch.save(network.state_dict(), options.out / "model.pt")
            if held:
                print(f"epoch {number}", json.dumps(validate(network, held, encoder)), flush=True)
        distributed.barrier()


def flat_gradient(network: Network) -> Tensor:
    """Lay all gradients side by side in one tensor, so that the processes can add them up at once."""
    parameters = list(network.parameters())
    flat = torch.zeros(sum(p.numel() for p in parameters) + 1)  # the last number is the clock
    at = 0
    for parameter in parameters:
        parameter.grad = flat[at : at + parameter.numel()].view_as(parameter)
        at += parameter.numel()
    return flat


def run_epoch(
    network: Network,
    optimizer: torch.optim.Optimizer,
    gradient: Tensor,
    batches: list[list[tuple]],
    progress: Callable[[int], float],
    teachers: Sequence[Network] = (),
) -> float:
    """Train on the batches until they or the time are over; rates follow ``progress``, so the last steps are small.

    Args:
        network: Gets better.
        optimizer: Its optimizer.
        gradient: See :func:`flat_gradient`.
        batches: See :func:`epoch`; those of this process.
        progress: Says after how many of them which part of the training is over, 0..1.
        teachers: See :func:`teach`.

    Returns:
        The part of the training that is over, 0..1.
    """
    settings, total, seen, done = SETTINGS["training"], 0.0, 0, 0.0
    network.train()
    began = time.monotonic()
    for step, batch in enumerate(batches, start=1):
        pieces, shapes, mask, allowed = tensors(batch, 0)
        gradient.zero_()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = network(pieces, shapes, mask)
        loss = loss_of(scores, allowed)
        if teachers:
            taught = teach(scores, teachers, (pieces, shapes, mask), allowed > 0)
            loss = (1 - settings["teaching"]) * loss + settings["teaching"] * taught
        loss.backward()
        gradient[-1] = progress(step)
        distributed.all_reduce(gradient)
        gradient /= WORKERS
        done = min(1.0, gradient[-1].item())
        gradient[-1] = 0
        gradient *= min(1.0, settings["clip"] / (gradient.norm().item() + 1e-6))
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(done / settings["warmup"], (1 - done) / (1 - settings["warmup"]))
        optimizer.step()
        total, seen = total + loss.item(), seen + pieces.numel() * WORKERS
        if step % 25 == 0 and distributed.get_rank() == 0:
            rate = seen / (time.monotonic() - began)
            print(
                f"step {step} of {len(batches)} done {done:.3f} loss {total / 25:.4f} pieces/s {rate:.0f}",
                flush=True,
            )
            total = 0.0
        if done >= 1:
            break
    return done


def apply_silver(corpora: dict[str, list[Passage]], path: Path) -> None:
    """Close open label sets with the labels that an earlier network is sure of (written by ``silver.py``)."""
    with path.open(encoding="utf-8") as file:
        silver = {(row["corpus"], row["id"]): row["allowed"] for row in map(json.loads, file)}
    for name, passages in corpora.items():
        for passage in passages:
            new = silver.get((name, passage.id))
            if new is not None:
                passage.allowed = [
                    old & other or old for old, other in zip(passage.allowed, new, strict=True)
                ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument(
        "--encoder", type=Path, required=True, help="folder with model.safetensors and vocab.txt"
    )
    parser.add_argument(
        "--catalogue", type=Path, default=HERE.parent / "src" / "entityscan" / "data" / "equipment"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument(
        "--steps", type=int, help="stop after so many steps, not minutes: the same on every machine"
    )
    parser.add_argument(
        "--without",
        nargs="+",
        default=[],
        metavar="PIECE",
        help="leave out corpora by name, our own 'sentences' or 'articles', or 'augmentation', to see what they are worth",
    )
    parser.add_argument("--start", type=Path, help="network to continue from")
    parser.add_argument(
        "--drop", type=int, nargs="+", default=[], help="layers of --start to leave out, from 0"
    )
    parser.add_argument(
        "--teacher", type=Path, nargs="+", default=[], help="networks whose mean judgement it learns as well"
    )
    parser.add_argument("--silver", type=Path)
    parser.add_argument("--rate-scale", type=float, default=1.0)
    parser.add_argument("--all", action="store_true", help="hold nothing out")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "meeting").unlink(missing_ok=True)
    multiprocessing.spawn(train, (options,), nprocs=WORKERS)


if __name__ == "__main__":
    main()
