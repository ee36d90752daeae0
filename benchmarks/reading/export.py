"""Writes the trained networks as onnxruntime runs them, with weights of eight bits, into ``retrieval/reader/weights``.

Takes ``towers.pt``, ``reader.pt`` and ``pieces.txt``. Gives ``vectors.onnx``; ``reader.onnx``, which refers to the
other for the large tensors that are the same in both; ``pieces.txt``; and ``weights.toml``: the digest of each, of
which weights they were made, on what they were trained, and the licences.
"""

import json
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from benchmarks.question_sets import NATIVE, SEEN, cases_of, fold_of_case, rows, sets_in
from benchmarks.reading import adapters, base
from benchmarks.reading.model import PARTS, Encoder, ExportedReader, ExportedTowers, Reader
from benchmarks.reading.training import weights
from benchmarks.reading.work import WEIGHTS, Work, say
from benchmarks.reading.written import TRAINED
from retrieval.reader.pieces import UNKNOWN, Pieces

HEAD = (
    "# The reader's weights. They hold no text. Made by benchmarks/reading; "
    "a file whose digest is another is not loaded.\n"
)
SETS = {
    "xquad": "XQuAD, Arabic part (CC BY-SA 4.0)",
    "mlqa": "MLQA, Arabic part (CC BY-SA 3.0)",
    "arcd_train": "ARCD, train part (MIT)",
    NATIVE: "native questions of this project, over passages of Wikipedia (CC BY-SA) and texts of the project",
}
OPSET = 17
VECTORS, READER = "vectors.onnx", "reader.onnx"
LARGE = 100_000  # bytes of a tensor that is worth a reference
ROWS, LENGTH, STRETCHES = 3, 40, 5  # of what is run to trace a network, and to compare
_AXES = {
    "ids": {0: "rows", 1: "length"}, "part": {0: "rows", 1: "length"}, "lengths": {0: "rows"},
    "pool": {0: "stretches", 1: "places"}, "vectors": {0: "stretches"}, "scores": {0: "stretches"},
    "pieces": {0: "rows", 1: "length"},
}  # fmt: skip


def run(work: Work) -> None:
    """Writes the four files."""
    vocabulary = Pieces.read(work.pieces.read_text("utf-8")).size
    towers, reader = Encoder(vocabulary), Reader(vocabulary)
    if work.is_further:
        adapters.adapt(reader.encoder)
    WEIGHTS.mkdir(exist_ok=True)
    shutil.copy(work.pieces, WEIGHTS / work.pieces.name)
    given = _example(vocabulary)
    seconds = dict.fromkeys((VECTORS, READER), 0.0)
    if work.towers.exists():
        held, seconds[VECTORS] = weights(work.towers)
        towers.load_state_dict(held)
        without_parts = {name: given[name] for name in ("ids", "lengths", "pool")}
        export(ExportedTowers(towers.eval()), without_parts, ["vectors"], WEIGHTS / VECTORS)
    held, seconds[READER] = weights(work.reader)
    reader.load_state_dict(held)
    export(ExportedReader(reader.eval()), given, ["scores", "pieces"], WEIGHTS / READER)
    share(WEIGHTS)
    (WEIGHTS / "weights.toml").write_text(manifest(work, seconds), "utf-8")


def _example(vocabulary: int) -> dict[str, Tensor]:
    """What the networks take, by chance."""
    torch.manual_seed(0)
    pool = torch.rand(STRETCHES, ROWS * LENGTH)
    return {
        "ids": torch.randint(UNKNOWN + 1, vocabulary, (ROWS, LENGTH)),
        "part": torch.randint(0, PARTS, (ROWS, LENGTH)),
        "lengths": torch.tensor([LENGTH, LENGTH * 4 // 5, LENGTH // 2]),
        "pool": pool / pool.sum(1, keepdim=True),
    }


def export(network: nn.Module, given: dict[str, Tensor], results: Sequence[str], path: Path) -> None:
    """Writes a network, and says how far what it gives is from what it gave before."""
    with TemporaryDirectory() as scratch, torch.no_grad():
        whole = Path(scratch, "whole.onnx")
        torch.onnx.export(
            network,
            tuple(given.values()),
            str(whole),
            input_names=list(given),
            output_names=list(results),
            dynamic_axes={name: _AXES[name] for name in (*given, *results)},
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
        )
        expected = network(*given.values())
    for name, far in zip(results, _differences(path, given, expected), strict=True):
        say(f"{path.name}: {path.stat().st_size:,} bytes; {name} differ by {far:.3f} at most")


def _differences(path: Path, given: dict[str, Tensor], expected: Tensor | tuple[Tensor, ...]) -> Iterator[float]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = session.run(None, {name: value.numpy() for name, value in given.items()})
    wanted = expected if isinstance(expected, tuple) else (expected,)
    return (float(np.abs(one.numpy() - other).max()) for one, other in zip(wanted, found, strict=True))


def share(folder: Path) -> None:
    """Has the reader in a folder take the large tensors that it has in common with the other network from its file."""
    held = (folder / VECTORS).read_bytes()
    network = onnx.load(folder / READER)
    for tensor in network.graph.initializer:
        at = held.find(tensor.raw_data) if len(tensor.raw_data) >= LARGE else -1
        if at >= 0:
            set_external_data(tensor, VECTORS, at, len(tensor.raw_data))
            tensor.ClearField("raw_data")
    (folder / READER).write_bytes(network.SerializeToString(deterministic=True))
    say(f"{READER}: {(folder / READER).stat().st_size:,} bytes, beside what is in {VECTORS}")


def manifest(work: Work, seconds: dict[str, float]) -> str:
    """What is said of the weights, in TOML. ``seconds``: of the processor, that each training took."""
    before = _before(work)
    spent = {Path(name).stem: value + before.get(Path(name).stem, 0) for name, value in seconds.items()}
    took = ", ".join(f"{name} = {round(value)}" for name, value in spent.items())
    names = (work.pieces.name, *seconds)
    return "\n".join(
        [
            HEAD,
            "[base]",
            *(f"{key} = {_text(value)}" for key, value in base.ORIGIN.items()),
            "\n[trained]",
            "on = [",
            *(f"  {_text(line)}," for line in _trained_on(work.folder)),
            "]",
            f"seconds = {{ {took} }}  # of one processor",
            *(f'\n["{name}"]\nsha256 = "{sha256((WEIGHTS / name).read_bytes()).hexdigest()}"' for name in names),
            "",
        ]
    )


def _before(work: Work) -> dict[str, float]:
    """The seconds that the networks had been trained for before, where they are trained further."""
    found: dict[str, float] = {}
    if work.is_further:
        found = tomllib.loads((work.before / "weights.toml").read_text("utf-8"))["trained"]["seconds"]
    return found


def _trained_on(folder: Path) -> Iterator[str]:
    """The sets with their licences, and what of them was seen: folds of their documents, or parts of NATIVE."""
    for name in sets_in(folder):
        folds = sorted({fold_of_case(case) for case in cases_of(folder, name, [SEEN])})
        yield f"{SETS[name]}, folds {', '.join(map(str, folds))}"
    seen = {case.document for case in cases_of(folder, NATIVE, [SEEN])}
    parts = sorted({row["part"] for row in rows(folder / f"{NATIVE}.jsonl") if row["doc"] in seen})
    yield f"{SETS[NATIVE]}, parts {', '.join(map(str, parts))}"
    yield f"{', '.join(TRAINED)} of benchmarks/reading/questions (this project)"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
