"""Take the weights of a network back from a checkpoint or from a packaged pipeline.

A packaged graph has 8-bit weights; training that starts from it regains within a few hundred steps what rounding took.
"""

from collections.abc import Iterable
from pathlib import Path

import labels
import numpy as np
import onnx
import torch
from network import Network
from onnx import numpy_helper
from torch import Tensor


def restore(path: Path) -> dict[str, Tensor]:
    """Return the state of a network.

    Args:
        path: A checkpoint as saved by ``train.py``, or the ``model.onnx`` of a pipeline folder.
    """
    if path.suffix != ".onnx":
        return torch.load(path)
    weights = {weight.name: numpy_helper.to_array(weight) for weight in onnx.load(path).graph.initializer}
    state = {
        "words.weight": weights["words"] * weights["word.scales"],
        "shapes.weight": weights["shape.table"],
        "positions.weight": weights["position.table"],
        "head.weight": weights["head.w"].T,
        "head.bias": weights["head.b"],
    }
    layers = _layer_count(weights)
    for norm in ("norm", *(f"layers.{number}.norm{half}" for number in range(layers) for half in (1, 2))):
        state[f"{norm}.weight"], state[f"{norm}.bias"] = weights[f"{norm}.gain"], weights[f"{norm}.shift"]
    for number in range(layers):
        for part in ("qkv", "out", "up", "down"):
            name = f"layers.{number}.{part}"
            state[f"{name}.weight"] = _matrix(weights, f"{name}.w").T
            state[f"{name}.bias"] = weights[f"{name}.b"]
    return {name: torch.tensor(np.ascontiguousarray(value, np.float32)) for name, value in state.items()}


def restore_network(path: Path, drop: Iterable[int] = ()) -> Network:
    """Return a network with the weights of :func:`restore`, without the layers ``drop`` (counted from 0)."""
    state = restore(path)
    layers = [number for number in range(_layer_count(state)) if number not in set(drop)]
    renamed = {}
    for name, weight in state.items():
        if name.startswith("layers."):
            _, number, part = name.split(".", 2)
            if int(number) not in layers:
                continue
            name = f"layers.{layers.index(int(number))}.{part}"
        renamed[name] = weight
    network = Network(len(labels.LABELS), layers=len(layers))
    network.load_state_dict(renamed)
    return network


def _layer_count(names: Iterable[str]) -> int:
    return len({name.split(".")[1] for name in names if name.startswith("layers.")})


def _matrix(weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a matrix that was quantised for each output column apart."""
    whole, zero = weights[f"{name}_quantized"], weights[f"{name}_zero_point"]
    return (whole.astype(np.float32) - zero) * weights[f"{name}_scale"]
