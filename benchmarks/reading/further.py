"""The networks that are shipped, as they can be trained further: their weights of eight bits, dequantised.

What was not trained, the lower layers and the vectors of pieces, is of the base weights again.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor

from benchmarks.reading import adapters
from benchmarks.reading.model import MATRICES, Encoder, Reader

_HEADS = ("tok", "hid", "out")
_NAME = re.compile(r"(?:^|[.])((?:n0|layers|hid|out|tok|none)(?:[.].+)?)$")
_OF_READER = (*_HEADS, "none")

Arrays = dict[str, NDArray[np.generic]]


def start(model: Encoder | Reader, path: Path, base: Path, frozen: int) -> None:
    """Gives a model the weights of a file that ``export`` wrote. ``base``: the base weights, of which the first
    ``frozen`` layers are, and all before them."""
    (model.encoder if isinstance(model, Reader) else model).start(base)
    within = "encoder." if isinstance(model, Reader) else ""
    own = model.state_dict()
    lower = tuple(f"{within}{name}." for name in ("word", "place", "n0", *(f"layers.{at}" for at in range(frozen))))
    held = {name if name.split(".")[0] in _OF_READER else within + name: value for name, value in _held(path)}
    of_base = {name for name in {*own, *held} if name.startswith(lower) and not name.endswith(adapters.ENDS)}
    held = {name: value for name, value in held.items() if name not in of_base}
    new = {name for name in own if name.endswith(adapters.ENDS)}  # where a file has none, they begin
    missing = (set(own) - of_base - new - set(held)) | (set(held) - set(own))
    if missing:
        raise SystemExit(f"{path}: another network than is trained here: {', '.join(sorted(missing))}")
    model.load_state_dict(own | held)


def _held(path: Path) -> Iterator[tuple[str, Tensor]]:
    """The trained tensors, by their names in an encoder or, the heads', in a reader."""
    graph = onnx.load(path).graph
    stored: Arrays = {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in stored:  # equal tensors are stored once
            stored[node.output[0]] = stored[node.input[0]]
    yield from _whole(stored)
    yield from _matrices(stored, [node.input[1] for node in graph.node if node.op_type == "MatMulInteger"])


def _whole(stored: Arrays) -> Iterator[tuple[str, Tensor]]:
    """Those that are no matrices; what tells parts apart is of eight bits too."""
    for name, value in stored.items():
        found = _NAME.search(name)
        if found and value.dtype == np.float32 and not name.endswith("_scale"):
            yield found[1], torch.from_numpy(value.copy())
        elif name.endswith("part.weight_quantized"):
            yield "part.weight", _dequantised(stored, name)


def _matrices(stored: Arrays, matrices: Sequence[str]) -> Iterator[tuple[str, Tensor]]:
    """``matrices``: the names of their arrays, in the order of use."""
    for number, name in enumerate(name for name in matrices if name.startswith("onnx::")):
        layer, place = divmod(number, len(MATRICES))
        yield f"layers.{layer}.{MATRICES[place]}.weight", _dequantised(stored, name).T
    for name in matrices:
        found = _NAME.search(name.removesuffix("_quantized"))
        if found and found[1].endswith(adapters.ENDS):
            yield found[1], _dequantised(stored, name)
        for head in _HEADS:
            if f".{head}.weight" in name:
                yield f"{head}.weight", _dequantised(stored, name).T


def _dequantised(stored: Arrays, name: str) -> Tensor:
    """``name``: of the array of eight bits."""
    own = name.removesuffix("_quantized")
    whole, zero = (stored[f"{own}_{part}"].astype(np.float32) for part in ("quantized", "zero_point"))
    return torch.from_numpy((whole - zero) * stored[f"{own}_scale"])
