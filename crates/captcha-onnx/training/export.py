"""Writes a trained network as an ONNX model with half precision weights, and its manifest."""

from __future__ import annotations

import argparse
import copy
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from generate import HEIGHT, WIDTH
from model import ALPHABET, BLANK, CLASSES, STEPS, Reader, fold

OPSET = 17


def add_node(
    nodes: list[onnx.NodeProto], operation: str, inputs: list[str], **attributes: object
) -> str:
    """Adds a node and gives the name of its output."""
    output = f"{operation.lower()}_{len(nodes)}"
    nodes.append(helper.make_node(operation, inputs, [output], name=output, **attributes))
    return output


class Writer:
    """Builds the graph of a folded network, one node after another."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, values: torch.Tensor) -> str:
        """Stores weights in half precision; a Cast, foldable at load, makes them single."""
        name = f"weight_{len(self.weights)}"
        half = values.detach().numpy().astype(np.float16)
        self.weights.append(numpy_helper.from_array(half, name))
        return add_node(self.nodes, "Cast", [name], to=TensorProto.FLOAT)

    def convolution(self, layer: torch.nn.Conv2d, x: str) -> str:
        """A convolution."""
        assert layer.bias is not None and not isinstance(layer.padding, str)
        down, right = layer.padding
        return add_node(
            self.nodes,
            "Conv",
            [x, self.weight(layer.weight), self.weight(layer.bias)],
            kernel_shape=list(layer.kernel_size),
            strides=list(layer.stride),
            pads=[down, right, down, right],
        )

    def module(self, layer: torch.nn.Module, x: str) -> str:
        """Any layer of the network."""
        if isinstance(layer, torch.nn.Sequential):
            for part in layer:
                x = self.module(part, x)
            return x
        if isinstance(layer, torch.nn.Conv2d):
            return self.convolution(layer, x)
        if isinstance(layer, torch.nn.ReLU):
            return add_node(self.nodes, "Relu", [x])
        if isinstance(layer, torch.nn.MaxPool2d):
            shape = list(layer.kernel_size)
            return add_node(self.nodes, "MaxPool", [x], kernel_shape=shape, strides=shape)
        if isinstance(layer, torch.nn.Identity):
            return x
        if hasattr(layer, "block"):
            return add_node(self.nodes, "Add", [x, self.module(layer.block, x)])
        raise TypeError(f"no ONNX form for {type(layer).__name__}")


def to_onnx(model: Reader) -> onnx.ModelProto:
    """The ONNX model: `image` (1, 3, 80, 215) to `scores` (1, classes, steps)."""
    folded = fold(copy.deepcopy(model).cpu().float())
    writer = Writer()
    x = writer.module(folded.body, "image")
    x = writer.module(folded.head, x)
    shape = numpy_helper.from_array(np.array([1, CLASSES, STEPS], dtype=np.int64), "shape")
    writer.weights.append(shape)
    writer.nodes.append(helper.make_node("Reshape", [x, "shape"], ["scores"], name="scores"))
    graph = helper.make_graph(
        writer.nodes,
        "securimage",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, HEIGHT, WIDTH])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, CLASSES, STEPS])],
        writer.weights,
    )
    result = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="nirnay"
    )
    result.ir_version = 8
    onnx.checker.check_model(result, full_check=True)
    return result


MANIFEST = """\
# Reads the captchas of Securimage, the kind that the court portals show. See training/README.md.
name = "securimage"
version = "{version}"

[input]
width = {width}
height = {height}
fit = "pad"
resample = "bicubic"
channels = "rgb"
layout = "nchw"
mean = [0.5, 0.5, 0.5]
std = [0.25, 0.25, 0.25]

[output]
alphabet = "{alphabet}"
decoding = "ctc"
special = {blank}
layout = "nct"
scores = "logits"

[guess]
min_length = 3
max_length = 8
usual_lengths = [5, 6]
min_confidence = {threshold}
"""


def load_weights(path: Path) -> Reader:
    """Reads trained weights."""
    model = Reader()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


def main() -> None:
    """Exports trained weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--weights", type=Path, default=Path("work/reader.pt"))
    parser.add_argument("--out", type=Path, default=Path("../models"))
    parser.add_argument("--version", default="1")
    parser.add_argument("--threshold", type=float, default=0.7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    data = to_onnx(load_weights(options.weights)).SerializeToString(deterministic=True)
    (options.out / "securimage.onnx").write_bytes(data)
    manifest = MANIFEST.format(
        version=options.version,
        width=WIDTH,
        height=HEIGHT,
        alphabet=ALPHABET,
        blank=BLANK,
        threshold=options.threshold,
    )
    (options.out / "securimage.toml").write_text(manifest)
    print(f"{options.out / 'securimage.onnx'}: {len(data)} bytes")


if __name__ == "__main__":
    main()
