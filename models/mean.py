"""The weighted mean of the weights of two networks of one descent: often better than either on texts that neither has seen.

Usage: python models/mean.py BEFORE AFTER TARGET.pt [--share 0.7]
"""

import argparse
from pathlib import Path

import torch
from restore import restore


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, help="checkpoint, or model.onnx of a pipeline")
    parser.add_argument("after", type=Path, help="one that training went on to from there")
    parser.add_argument("target", type=Path)
    parser.add_argument("--share", type=float, default=0.7, help="weight of the second, 0..1")
    options = parser.parse_args()
    before, after = restore(options.before), restore(options.after)
    mixed = {name: torch.lerp(before[name], weight, options.share) for name, weight in after.items()}
    torch.save(mixed, options.target)


if __name__ == "__main__":
    main()
