"""Boosted regression trees, read from LightGBM's own text form and evaluated with numpy alone.

Only what the shipped models use is read: numerical features, no missing values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees by rows, padded to one size. A child below zero is leaf ``-child - 1``."""

    names: tuple[str, ...]
    feature: Ints
    threshold: Floats
    children: Ints
    leaf: Floats

    @classmethod
    def read(cls, text: str) -> Self:
        """The trees of a model that LightGBM saved."""
        head, *blocks = text.split("\nTree=")
        names = next(line for line in head.splitlines() if line.startswith("feature_names=")).partition("=")[2].split()
        trees = [dict(_fields(block)) for block in blocks]
        nodes = max(len(tree["split_feature"]) for tree in trees)
        children = np.stack([_padded(trees, "left_child", nodes), _padded(trees, "right_child", nodes)], axis=-1)
        return cls(
            names=tuple(names),
            feature=_padded(trees, "split_feature", nodes).astype(np.int64),
            threshold=_padded(trees, "threshold", nodes),
            children=children.astype(np.int64),
            leaf=_padded(trees, "leaf_value", nodes + 1),
        )

    def scores(self, matrix: NDArray[np.float32]) -> Floats:
        """The sum of all trees' values for each row of features, which stand in the order of ``names``."""
        node = np.zeros((len(matrix), len(self.feature)), dtype=np.int64)
        tree = np.arange(len(self.feature))[None, :]
        row = np.arange(len(matrix))[:, None]
        while (inner := node >= 0).any():
            at = np.maximum(node, 0)
            right = matrix[row, self.feature[tree, at]] > self.threshold[tree, at]
            node = np.where(inner, self.children[tree, at, right.astype(np.int64)], node)
        total: Floats = self.leaf[tree, -node - 1].sum(axis=1)
        return total


def _fields(block: str) -> Iterator[tuple[str, list[float]]]:
    wanted = {"split_feature", "threshold", "left_child", "right_child", "leaf_value"}
    for line in block.splitlines():
        name, _, values = line.partition("=")
        if name in wanted:
            yield name, [float(value) for value in values.split()]


def _padded(trees: list[dict[str, list[float]]], name: str, size: int) -> Floats:
    return np.array([tree[name] + [-1.0] * (size - len(tree[name])) for tree in trees])
