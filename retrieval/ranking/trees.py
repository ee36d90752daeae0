"""Boosted regression trees, read from LightGBM's own text form and evaluated with numpy alone.

Only what the shipped models use is read: numerical features, no missing values, at most ``LEAVES`` leaves a tree.

All rows pass all nodes of all trees at once, as in QuickScorer (Lucchese et al., SIGIR 2015): leaves are bits, in order
from the left; a node whose test fails takes away the bits of its left subtree; the lowest bit left is the leaf.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

LEAVES = 32
_ALL = np.uint32(0xFFFFFFFF)

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bits = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Trees:
    """Nodes and leaves by trees, padded to one size. ``kept``: the leaves that a node leaves where its test fails."""

    names: tuple[str, ...]
    feature: Ints
    threshold: NDArray[np.float32]
    kept: Bits
    leaf: Floats

    @classmethod
    def read(cls, text: str) -> Self:
        """The trees of a model that LightGBM saved."""
        head, *blocks = text.split("\nTree=")
        names = next(line for line in head.splitlines() if line.startswith("feature_names=")).partition("=")[2].split()
        trees = [_Tree(dict(_fields(block))) for block in blocks]
        nodes = max(len(tree.feature) for tree in trees)
        return cls(
            names=tuple(names),
            feature=np.array([_padded(tree.feature, nodes, 0) for tree in trees]),
            # A node that is not there takes nothing away: a test that it fails keeps all leaves.
            threshold=np.array([_padded(tree.threshold, nodes, 0.0) for tree in trees], dtype=np.float32),
            kept=np.array([_padded(tree.kept, nodes, int(_ALL)) for tree in trees], dtype=np.uint32),
            leaf=np.array([_padded(tree.leaf, nodes + 1, 0.0) for tree in trees]),
        )

    def scores(self, matrix: NDArray[np.float32]) -> Floats:
        """The sum of all trees' values for each row of features, which stand in the order of ``names``."""
        left = np.full((len(matrix), len(self.feature)), _ALL)
        for node in range(self.feature.shape[1]):
            fails = matrix[:, self.feature[:, node]] > self.threshold[:, node]
            left &= np.where(fails, self.kept[:, node], _ALL)
        lowest = left & (~left + np.uint32(1))
        exits = np.log2(lowest).astype(np.int64)  # exact: each is a power of two
        total: Floats = self.leaf[np.arange(len(self.leaf)), exits].sum(axis=1)
        return total


class _Tree:
    """One tree, its leaves in order from the left."""

    def __init__(self, fields: dict[str, list[float]]) -> None:
        self.feature = [int(value) for value in fields["split_feature"]]
        self.threshold = fields["threshold"]
        self._children = list(zip(map(int, fields["left_child"]), map(int, fields["right_child"]), strict=True))
        self.kept = [int(_ALL)] * len(self.feature)
        order: list[int] = []
        self._walk(0, order)
        if len(order) > LEAVES:
            raise ValueError(f"a tree of {len(order)} leaves: at most {LEAVES} can be read")
        self.leaf = [fields["leaf_value"][leaf] for leaf in order]

    def _walk(self, node: int, order: list[int]) -> None:
        """Puts the leaves below a node into ``order``. A child below zero is leaf ``-child - 1``."""
        if node < 0:
            order.append(-node - 1)
            return
        left, right = self._children[node]
        first = len(order)
        self._walk(left, order)
        self.kept[node] = int(_ALL) & ~((1 << len(order)) - (1 << first))
        self._walk(right, order)


def _fields(block: str) -> Iterator[tuple[str, list[float]]]:
    wanted = {"split_feature", "threshold", "left_child", "right_child", "leaf_value"}
    for line in block.splitlines():
        name, _, values = line.partition("=")
        if name in wanted:
            yield name, [float(value) for value in values.split()]


def _padded(values: list[Any], size: int, filler: float) -> list[Any]:
    return values + [filler] * (size - len(values))
