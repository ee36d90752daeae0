"""Boosted trees: every row ends at the leaf at which a walk down the tree ends."""

from random import Random
from typing import Any

import numpy as np
import pytest

from retrieval.ranking.trees import LEAVES, Trees

Tree = dict[str, list[Any]]


def grown(leaves: int, random: Random) -> Tree:
    """A tree of LightGBM's form, made as it makes them: a leaf is split, and keeps its number on the left."""
    tree: Tree = {"split_feature": [], "threshold": [], "left_child": [], "right_child": [], "leaf_value": [0.5]}
    parents: dict[int, tuple[str, int]] = {}
    for new in range(1, leaves):
        node, leaf = new - 1, random.randrange(new)
        if leaf in parents:
            side, parent = parents[leaf]
            tree[side][parent] = node
        tree["split_feature"].append(random.randrange(4))
        tree["threshold"].append(random.choice([-1.0, 0.0, 0.25, 1.0]))
        tree["left_child"].append(-leaf - 1)
        tree["right_child"].append(-new - 1)
        tree["leaf_value"].append(float(random.randrange(100)))
        parents |= {leaf: ("left_child", node), new: ("right_child", node)}
    return tree


def walked(tree: Tree, row: np.ndarray[Any, Any]) -> float:
    node = 0
    while node >= 0:
        right = row[tree["split_feature"][node]] > tree["threshold"][node]
        node = tree["right_child" if right else "left_child"][node]
    return float(tree["leaf_value"][-node - 1])


def written(trees: list[Tree]) -> str:
    lines = ["tree", "feature_names=a b c d", "ignored=1"]
    for number, tree in enumerate(trees):
        lines += [f"\nTree={number}", "num_leaves=2", *(f"{k}={' '.join(map(str, v))}" for k, v in tree.items())]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("sizes", [[2], [2, 7, 15], [LEAVES, 3], [16] * 20])
def test_each_row_gets_the_sum_of_the_leaves_at_which_it_ends(sizes: list[int]) -> None:
    random = Random(len(sizes))  # noqa: S311
    trees = [grown(size, random) for size in sizes]
    rows = np.array([[random.choice([-2, -1, 0, 0.25, 0.5, 3]) for _ in range(4)] for _ in range(200)], np.float32)
    model = Trees.read(written(trees))
    assert model.names == ("a", "b", "c", "d")
    assert model.scores(rows).tolist() == pytest.approx([sum(walked(tree, row) for tree in trees) for row in rows])


def test_a_tree_of_too_many_leaves_is_not_read_wrong() -> None:
    with pytest.raises(ValueError, match="33 leaves"):
        Trees.read(written([grown(LEAVES + 1, Random(1))]))  # noqa: S311
