"""Fits the network that ``retrieval/ranking/networks.py`` evaluates: one score for each of several choices.

The loss is the cross-entropy of a question's choices, whose scores a softmax makes probabilities, to the shares that
they ought to have. Adam (Kingma and Ba, 2015) with decoupled decay of the weights; dropout of features and of units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.networks import Network

Floats = NDArray[np.float32]

EPOCHS, BATCH, RATE, DECAY = 28, 24, 2e-3, 0.02
TEMPERATURE = 0.75  # of the softmax afterwards: dropout leaves the scores too near to each other; measured
WARMING, LEAST_RATE = 100, 0.05
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Shape:
    """``units`` of the hidden layer, and the shares of them and of the features that each step drops."""

    units: int = 48
    dropped_units: float = 0.35
    dropped_features: float = 0.15


USUAL = Shape()


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one question, a row each, and their shares, which sum to one."""

    matrix: Floats
    shares: Floats


def fit(
    names: tuple[str, ...],
    questions: Sequence[Choices],
    seeds: Sequence[int],
    epochs: int = EPOCHS,
    shape: Shape = USUAL,
) -> Network:
    """The mean of the networks that the seeds give, as one network of all their units."""
    matrix = np.concatenate([question.matrix for question in questions])
    deviations = matrix.std(axis=0)
    scales = np.divide(1, deviations, out=np.zeros_like(deviations), where=deviations > 1e-6)
    empty = np.zeros((len(names), 0), dtype=np.float32)
    bare = Network(names, matrix.mean(axis=0), scales, empty, empty[0], empty[0], np.zeros_like(scales))
    inputs = [Choices(bare.scaled(question.matrix), question.shares) for question in questions]
    weights, biases, out, direct = zip(
        *(_fitted(inputs, np.random.default_rng(seed), epochs, shape) for seed in seeds), strict=True
    )
    return Network(
        names=names,
        means=bare.means,
        scales=bare.scales,
        weights=np.concatenate(weights, axis=1),
        biases=np.concatenate(biases),
        out=np.concatenate(out) / (len(seeds) * TEMPERATURE),
        direct=np.mean(direct, axis=0) / TEMPERATURE,
    )


def _fitted(inputs: Sequence[Choices], random: np.random.Generator, epochs: int, shape: Shape) -> list[Floats]:
    size = inputs[0].matrix.shape[1]
    weights = random.standard_normal((size, shape.units)) / size**0.5
    parts = [weights, np.zeros(shape.units), random.standard_normal(shape.units) * 0.1, np.zeros(size)]
    values = [part.astype(np.float32) for part in parts]
    adam = _Adam(values, epochs * -(-len(inputs) // BATCH))
    for batch in _batches(inputs, random, epochs):
        adam.step(_gradients(values, batch, random, shape))
    return values


def _batches(inputs: Sequence[Choices], random: np.random.Generator, epochs: int) -> Iterator[list[Choices]]:
    for _ in range(epochs):
        order = random.permutation(len(inputs))
        for start in range(0, len(order), BATCH):
            yield [inputs[at] for at in order[start : start + BATCH]]


def _gradients(
    values: Sequence[Floats], batch: Sequence[Choices], random: np.random.Generator, shape: Shape
) -> list[Floats]:
    weights, biases, out, direct = values
    x = np.concatenate([choices.matrix for choices in batch]) * _kept(random, (len(direct),), shape.dropped_features)
    sums = x @ weights + biases
    kept = _kept(random, sums.shape, shape.dropped_units)
    hidden = np.maximum(sums, 0) * kept
    error = _error(hidden @ out + x @ direct, batch)
    back = (error[:, None] * out) * kept * (sums > 0)
    return [x.T @ back, back.sum(axis=0), hidden.T @ error, x.T @ error]


def _kept(random: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Floats:
    kept: Floats = (random.random(shape) > dropped).astype(np.float32) / np.float32(1 - dropped)
    return kept


def _error(scores: Floats, batch: Sequence[Choices]) -> Floats:
    sizes = [len(choices.shares) for choices in batch]
    starts, question = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(batch)), sizes)
    powers = np.exp(scores - np.maximum.reduceat(scores, starts)[question])
    chances = powers / np.add.reduceat(powers, starts)[question]
    error: Floats = (chances - np.concatenate([choices.shares for choices in batch])) / np.float32(len(batch))
    return error


class _Adam:
    """Steps that grow at first and shrink to a few hundredths; only the weights of features decay."""

    def __init__(self, values: Sequence[Floats], steps: int) -> None:
        self._values, self._steps, self._done = values, steps, 0
        self._first, self._second = [np.zeros_like(v) for v in values], [np.zeros_like(v) for v in values]
        self._decays = (True, False, False, True)

    def step(self, gradients: Sequence[Floats]) -> None:
        """Moves the values, in place, against their gradients."""
        self._done += 1
        rate = RATE * min(1, self._done / WARMING) * (1 - (1 - LEAST_RATE) * self._done / self._steps)
        for value, gradient, first, second, decays in zip(
            self._values, gradients, self._first, self._second, self._decays, strict=True
        ):
            first += (1 - _FIRST) * (gradient - first)
            second += (1 - _SECOND) * (gradient * gradient - second)
            move = first / (1 - _FIRST**self._done)
            move /= np.sqrt(second / (1 - _SECOND**self._done)) + _TINY
            value -= rate * (move + DECAY * decays * value)
