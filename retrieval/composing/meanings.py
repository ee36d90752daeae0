"""What the phrases of a sentence mean beside the question: cosines of word vectors, and the vectors themselves.

The vectors are cut to their first dimensions, which tell most: of the phrase, of its first word, of the noun that the
question begins with, of all its words. The products of the phrase's and the noun's let a linear model learn which
kinds of words answer which nouns.
"""

import numpy as np
from numpy.typing import NDArray

from retrieval.composing.tokens import Tokens

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

KEPT, FEWER = 24, 16  # dimensions
_AROUND = 4  # words before and after a phrase
_NEARNESS = (
    "to_head", "to_all", "before_to_all", "after_to_all", "before_to_head", "after_to_head", "closest", "closeness",
    "left_over", "taken", "head_taken", "head_in", "told_before", "told_after", "told_order", "head_before",
    "head_after", "last_before", "last_after", "opening_to_head", "closing_to_head", "known",
)  # fmt: skip
_VECTORS = {"phrase": KEPT, "opening": FEWER, "noun": KEPT, "question": FEWER, "product": KEPT}
MEANINGS = (*_NEARNESS, *(f"{name}_{number}" for name, size in _VECTORS.items() for number in range(size)))


def meanings(tokens: Tokens, starts: Ints, ends: Ints) -> Floats:
    """A row for each phrase, from word ``starts`` up to word ``ends``; a column for each of ``MEANINGS``."""
    mean = _Means(tokens)
    phrase, noun, question = mean(starts, ends), tokens.asked[0], tokens.asked.mean(axis=0)
    nearness = [*_cosines(tokens, mean, starts, ends), *_taken(tokens, starts, ends), mean.known(starts, ends)]
    size = len(starts)
    rows = (
        np.stack(nearness, axis=1),
        phrase[:, :KEPT],
        tokens.vectors[starts, :FEWER],
        np.tile(noun[:KEPT], (size, 1)),
        np.tile(question[:FEWER], (size, 1)),
        phrase[:, :KEPT] * noun[:KEPT],
    )
    return np.concatenate(rows, axis=1, dtype=np.float32)


class _Means:
    """Mean vectors of runs of words, of those that have a vector."""

    def __init__(self, tokens: Tokens) -> None:
        nothing = np.zeros((1, tokens.vectors.shape[1]), dtype=np.float32)
        self._sums = np.concatenate([nothing, tokens.vectors.cumsum(axis=0)])
        self._counts = np.append(0, tokens.vectors.any(axis=1).cumsum())

    def __call__(self, starts: Ints, ends: Ints) -> Floats:
        first, last = (np.clip(at, 0, len(self._counts) - 1) for at in (starts, ends))
        count = np.maximum(1, self._counts[last] - self._counts[first])
        means: Floats = (self._sums[last] - self._sums[first]) / count[:, None].astype(np.float32)
        return means

    def known(self, starts: Ints, ends: Ints) -> Floats:
        """The share of words that have a vector."""
        share: Floats = ((self._counts[ends] - self._counts[starts]) / (ends - starts)).astype(np.float32)
        return share


def _cosines(tokens: Tokens, mean: _Means, starts: Ints, ends: Ints) -> tuple[Floats, ...]:
    """Of a phrase and of the words around it, to the question's noun and to all its words."""
    noun, every = tokens.asked[0], _unit(tokens.asked.mean(axis=0))
    phrase, before, after = map(_unit, (mean(starts, ends), mean(starts - _AROUND, starts), mean(ends, ends + _AROUND)))
    return phrase @ noun, phrase @ every, before @ every, after @ every, before @ noun, after @ noun


def _unit(rows: Floats) -> Floats:
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-6)
    return scaled


def _taken(tokens: Tokens, starts: Ints, ends: Ints) -> tuple[Floats, ...]:
    """How near the question's words come to a word of the phrase, and to the words before and after it.

    A word of the question that only the phrase holds is taken from the rest: an answer seldom takes any.
    """
    close = tokens.vectors @ tokens.asked.T
    nothing = np.zeros((1, close.shape[1]), dtype=np.float32)
    before = np.concatenate([nothing, np.maximum.accumulate(np.maximum(close, 0))])[starts]
    after = np.concatenate([np.maximum.accumulate(np.maximum(close, 0)[::-1])[::-1], nothing])[ends]
    own = close[starts]
    for step in range(1, int((ends - starts).max())):
        own = np.maximum(own, close[np.minimum(starts + step, ends - 1)])
    rest = np.maximum(before, after)
    taken = np.maximum(0, own - rest)
    return (
        own.max(axis=1), own.mean(axis=1), rest.mean(axis=1), taken.sum(axis=1), taken[:, 0], own[:, 0],
        before.mean(axis=1), after.mean(axis=1), (before - after).mean(axis=1), before[:, 0], after[:, 0],
        before[:, -1], after[:, -1], close[starts, 0], close[ends - 1, 0],
    )  # fmt: skip
