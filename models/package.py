"""Make the pipeline folder: network, vocabulary, settings, tokenizer, meta data."""

import argparse
from dataclasses import replace
from pathlib import Path

import spacy
from export import export

from entityscan.recogniser.component import Settings
from entityscan.recogniser.pieces import WordPieces

HERE = Path(__file__).parent
NAME = "entityscan_news"
CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "entityscan.Tokenizer.v1"}, "batch_size": 32}}


def package(checkpoint: Path, encoder: Path, target: Path, *, temperature: float, small: bool = True) -> None:
    """Write the pipeline of a trained network.

    Args:
        checkpoint: State of a network as saved by ``train.py``.
        encoder: Folder of the encoder that it started from; its vocabulary is taken over.
        target: Folder to write.
        temperature: See ``Settings``.
        small: Quantise the weights to 8 bits.
    """
    nlp = spacy.blank("en", config=CONFIG)
    recogniser = nlp.add_pipe("entityscan_recogniser")
    target.mkdir(parents=True, exist_ok=True)
    graph = target / "network.onnx"
    export(checkpoint, graph, small=small)
    vocabulary = (encoder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    recogniser.fill(
        graph.read_bytes(),
        WordPieces(piece for piece in vocabulary if piece),
        replace(Settings(), temperature=temperature),
    )
    graph.unlink()
    nlp.meta.update(
        name=NAME,
        version="1.0.0",
        description="News recogniser of entityscan: persons, places, organisations, military equipment",
        author="entityscan",
        license="MIT (code); see README.md for the licences of the training corpora",
    )
    nlp.to_disk(target, exclude=["vocab"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("encoder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--float", action="store_true", help="keep 32 bits, to see what quantising costs")
    options = parser.parse_args()
    package(
        options.checkpoint,
        options.encoder,
        options.target,
        temperature=options.temperature,
        small=not options.float,
    )


if __name__ == "__main__":
    main()
