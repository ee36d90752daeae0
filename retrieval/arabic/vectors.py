"""Word vectors: how near two words are in meaning, without a model at run time.

``benchmarks/make_vectors.py`` distils them once and names their source. The file holds a line of text (how many
words, how many dimensions), the words, sorted, a line each, then a row of signed bytes a word, each row scaled to
length 127. It is mapped into memory: what is not looked up is not read.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Matrix = NDArray[np.float32]

_PREFIXES = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
_SUFFIXES = ("هما", "ها", "هم", "نا", "ات", "ون", "ين", "ان", "ه", "ي", "ا", "ت")
_SHORTEST = 3
_REMEMBERED = 1 << 17
_LENGTH = 127.0


class Vectors:
    """A vector for each word of a vocabulary; row 0 is nothing, and stands for words outside it."""

    def __init__(self, words: list[str], rows: NDArray[np.int8]) -> None:
        self.words = words
        self._rows = rows

    def row(self, word: str) -> int:
        """The row of a folded word, as it stands or without joined particles or a suffix; 0 outside the vocabulary."""
        return next(filter(None, map(self._find, self._forms(word))), 0)

    def _forms(self, word: str) -> Iterator[str]:
        yield word
        whole = [word]
        if word.startswith(_PREFIXES):
            bare = [word[len(p) :] for p in _PREFIXES if word.startswith(p) and len(word) - len(p) >= _SHORTEST]
            yield from bare
            whole += bare[:1]
        for form in whole:
            if form.endswith(_SUFFIXES):
                yield from (form[: -len(s)] for s in _SUFFIXES if form.endswith(s) and len(form) - len(s) >= _SHORTEST)

    def _find(self, word: str) -> int:
        at = bisect_left(self.words, word)
        return at + 1 if at < len(self.words) and self.words[at] == word else 0

    def of(self, rows: Rows) -> Matrix:
        """The vectors of rows, of length 1; row 0 gives zeros."""
        found = self._rows[np.maximum(rows - 1, 0)].astype(np.float32) / _LENGTH
        found[rows == 0] = 0.0
        return found


@cache
def vectors() -> Vectors:
    """The vectors that the project ships."""
    path = files(f"{__package__}.tables").joinpath("vectors.bin")
    data: NDArray[np.int8] = np.asarray(np.memmap(str(path), dtype=np.int8, mode="r"))
    head = bytes(data[:64]).split(b"\n", 1)[0]
    count, dimensions, length = map(int, head.split())
    words = bytes(data[len(head) + 1 : len(head) + 1 + length]).decode().split("\n")
    rows = data[len(head) + 1 + length :].reshape(count, dimensions)
    return Vectors(words, rows)


@lru_cache(_REMEMBERED)
def row_of(word: str) -> int:
    """The row of a folded word among the shipped vectors; 0 outside the vocabulary."""
    return vectors().row(word)
