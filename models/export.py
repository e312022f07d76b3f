"""Write a trained network as an ONNX graph with 8-bit weights.

The graph is built by hand from the operators of onnxruntime that are fast for 8 bits (attention in one, products that
add their bias), which an automatic export does not use. Matrices are quantised for each output column apart, word
embeddings for each row.
"""

import argparse
import tempfile
from pathlib import Path

import labels
import numpy as np
import onnx
import torch
from network import HEADS
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
from onnxruntime.quantization import QuantType, quantize_dynamic

FUSED = "com.microsoft"
LONGEST = 512
EPSILON = 1e-12


class Graph:
    """Nodes and weights of an ONNX graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, value: np.ndarray) -> str:
        """Add a weight and return its name."""
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(
        self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: object
    ) -> str:
        """Add a node and return the name of its output."""
        self.nodes.append(
            helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes)
        )
        return output


def build(state: dict[str, np.ndarray], *, small: bool) -> onnx.ModelProto:
    """Build the graph; ``small`` keeps the word embeddings as 8-bit rows with one scale each."""
    graph = Graph()
    x = _embeddings(graph, state, small)
    for number in range(sum(name.endswith(".qkv.weight") for name in state)):
        x = _layer(graph, state, f"layers.{number}", x)
    x = graph.add("MatMul", [x, graph.weight("head.w", state["head.weight"].T)], "head.product")
    graph.add("Add", [x, graph.weight("head.b", state["head.bias"])], "scores")
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
        for name in ("pieces", "shapes")
    ]
    output = helper.make_tensor_value_info(
        "scores", TensorProto.FLOAT, ["batch", "length", len(labels.LABELS)]
    )
    model = helper.make_model(
        helper.make_graph(graph.nodes, "recogniser", inputs, [output], graph.weights),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)],
        ir_version=8,
    )
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: Graph, state: dict[str, np.ndarray], small: bool) -> str:
    words = state["words.weight"]
    if small:
        scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-8) / 127
        rows = graph.weight("words", np.clip(np.rint(words / scale), -127, 127).astype(np.int8))
        found = graph.add("Gather", [rows, "pieces"], "word.bytes")
        found = graph.add("Cast", [found], "word.numbers", to=TensorProto.FLOAT)
        scales = graph.add(
            "Gather", [graph.weight("word.scales", scale.astype(np.float32)), "pieces"], "word.scale"
        )
        x = graph.add("Mul", [found, scales], "word")
    else:
        x = graph.add("Gather", [graph.weight("words", words), "pieces"], "word")
    shape = graph.add("Gather", [graph.weight("shape.table", state["shapes.weight"]), "shapes"], "shape")
    x = graph.add("Add", [x, shape], "word.shape")
    size = graph.add("Shape", ["pieces"], "size", start=1)
    places = graph.add(
        "Slice",
        [
            graph.weight("position.table", state["positions.weight"][:LONGEST]),
            graph.weight("zero", np.array([0])),
            size,
        ],
        "positions",
    )
    return _norm(graph, state, "norm", graph.add("Add", [x, places], "embedded"))


def _norm(graph: Graph, state: dict[str, np.ndarray], name: str, x: str) -> str:
    gain, bias = (
        graph.weight(f"{name}.gain", state[f"{name}.weight"]),
        graph.weight(f"{name}.shift", state[f"{name}.bias"]),
    )
    return graph.add("LayerNormalization", [x, gain, bias], f"{name}.out", epsilon=EPSILON)


def _layer(graph: Graph, state: dict[str, np.ndarray], name: str, x: str) -> str:
    def product(part: str, source: str) -> str:
        return graph.add(
            "MatMul",
            [source, graph.weight(f"{name}.{part}.w", state[f"{name}.{part}.weight"].T)],
            f"{name}.{part}.product",
        )

    def bias(part: str) -> str:
        return graph.weight(f"{name}.{part}.b", state[f"{name}.{part}.bias"])

    def linear(part: str, source: str) -> str:
        return graph.add("Add", [product(part, source), bias(part)], f"{name}.{part}.sum")

    matrix = graph.weight(f"{name}.qkv.w", state[f"{name}.qkv.weight"].T)
    seen = graph.add("Attention", [x, matrix, bias("qkv")], f"{name}.seen", FUSED, num_heads=HEADS)
    x = _norm(graph, state, f"{name}.norm1", graph.add("Add", [linear("out", seen), x], f"{name}.seen.skip"))
    wide = graph.add("Gelu", [linear("up", x)], f"{name}.wide", FUSED)
    return _norm(
        graph, state, f"{name}.norm2", graph.add("Add", [linear("down", wide), x], f"{name}.wide.skip")
    )


def export(checkpoint: Path, target: Path, *, small: bool = True, reduce_range: bool = True) -> None:
    """Write the graph of a checkpoint.

    Args:
        checkpoint: State of a network as saved by ``train.py``.
        target: File to write.
        small: Quantise; otherwise the graph keeps 32 bits, for comparison.
        reduce_range: Use 7 of the 8 bits, so that machines without VNNI do not overflow and give the same labels.
    """
    state = {key: value.float().numpy() for key, value in torch.load(checkpoint).items()}
    model = build(state, small=small)
    if not small:
        onnx.save(model, target)
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "float.onnx"
        onnx.save(model, source)
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Attention"],
            per_channel=True,
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=["head.product"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
    fuse(target)


def fuse(path: Path) -> None:
    """Let onnxruntime fuse the operators of a graph now and once, not at each start and on each machine anew."""
    options = SessionOptions()
    options.graph_optimization_level = (
        GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    )  # nothing of one processor only
    options.optimized_model_filepath = str(path)
    slow = ["SkipLayerNormFusion"]  # the fused operator takes a third of all time
    InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"], disabled_optimizers=slow)
    model = onnx.load(path)
    used = {node.domain for node in model.graph.node}
    for entry in [entry for entry in model.opset_import if entry.domain not in used]:
        model.opset_import.remove(entry)
    onnx.save(model, path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--float", action="store_true", help="keep 32 bits")
    parser.add_argument("--full-range", action="store_true", help="use all 8 bits of a weight")
    options = parser.parse_args()
    export(options.checkpoint, options.target, small=not options.float, reduce_range=not options.full_range)


if __name__ == "__main__":
    main()
