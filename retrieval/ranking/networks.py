"""A small neural network, read from a text of its own form and evaluated with numpy alone.

One hidden layer of rectified units beside a direct path: z = relu(x W + b) v + x u, where x is the features less
their means, times their scales, kept within ``_WITHIN``. The text has a line for each part, its name, the size of a
step, and its numbers in whole steps; the first line names the features.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WITHIN = 4.0  # deviations from the mean
_STEPS = 400  # from zero to the largest number of a part


@dataclass(frozen=True, slots=True)
class Network:
    """``means`` and ``scales``: one for each feature, a scale being 0 where a feature says nothing. ``weights``: a row
    a feature, a column a hidden unit; ``biases``, ``out``: one for each unit; ``direct``: one for each feature."""

    names: tuple[str, ...]
    means: Floats
    scales: Floats
    weights: Floats
    biases: Floats
    out: Floats
    direct: Floats

    @classmethod
    def read(cls, text: str) -> Self:
        """The network of which ``text`` was made."""
        head, *lines = text.splitlines()
        parts = dict(map(_part, lines))
        weights = parts.pop("weights")
        return cls(names=tuple(head.split()), weights=weights.reshape(-1, len(parts["biases"])), **parts)

    def text(self) -> str:
        """A text that ``read`` makes nearly this network of: the numbers are rounded."""
        parts = ("means", "scales", "weights", "biases", "out", "direct")
        return "\n".join([" ".join(self.names), *(_line(name, getattr(self, name)) for name in parts)]) + "\n"

    def scaled(self, matrix: Floats) -> Floats:
        """The features as the layers take them."""
        inputs: Floats = np.clip((matrix - self.means) * self.scales, -WITHIN, WITHIN)
        return inputs

    @np.errstate(invalid="ignore")  # BLAS may raise this flag over what it reads past the end of short rows
    def scores(self, matrix: Floats) -> Floats:
        """The score of each row of features, which stand in the order of ``names``."""
        inputs = self.scaled(matrix)
        scores: Floats = np.maximum(inputs @ self.weights + self.biases, 0) @ self.out + inputs @ self.direct
        return scores


def _part(line: str) -> tuple[str, Floats]:
    name, step, steps = line.split(" ", 2)
    return name, np.fromstring(steps, dtype=np.float32, sep=" ") * np.float32(step)


def _line(name: str, numbers: Floats) -> str:
    step = float(np.abs(numbers).max()) / _STEPS or 1.0
    return f"{name} {step:.6g} {' '.join(map(str, np.rint(numbers.ravel() / step).astype(int)))}"
