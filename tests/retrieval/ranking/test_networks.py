"""The network that weighs phrases: what is written is read again, and the training of it learns."""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest
from places import ROOT

from retrieval.ranking.networks import WITHIN, Network

BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return import_module


def network() -> Network:
    """Two features, of which the second says nothing, and three units."""
    single = np.float32
    return Network(
        names=("told", "silent"),
        means=np.array([1, 5], single),
        scales=np.array([2, 0], single),
        weights=np.array([[1, -1, 0.5], [7, 7, 7]], single),
        biases=np.array([0, 0, 1], single),
        out=np.array([1, 2, -1], single),
        direct=np.array([0.25, 9], single),
    )


def test_the_score_is_that_of_the_hidden_units_and_of_the_direct_path() -> None:
    # x = (2 - 1) * 2 = 2: units 2, 0 and 2; z = 2 - 2 + 0.25 * 2
    assert network().scores(np.array([[2, 5]], np.float32)) == pytest.approx([0.5])


def test_a_feature_that_said_nothing_in_training_says_nothing() -> None:
    first, second = network().scores(np.array([[2, 5], [2, 1000]], np.float32))
    assert first == second


def test_no_feature_counts_beyond_the_bound() -> None:
    far = np.array([[1 + WITHIN / 2, 5], [1000, 5]], np.float32)
    assert len(set(network().scores(far).tolist())) == 1


def test_what_is_written_is_read_again_nearly_the_same() -> None:
    again = Network.read(network().text())
    rows = np.random.default_rng(1).normal(size=(50, 2)).astype(np.float32)
    assert again.names == network().names
    assert again.scores(rows) == pytest.approx(network().scores(rows), abs=0.05)
    assert Network.read(again.text()).text() == again.text()


def test_training_finds_the_choice_that_a_feature_tells(script: Callable[[str], ModuleType]) -> None:
    fitting = script("fitting")
    rows = np.random.default_rng(1).normal(size=(400, 4, 3)).astype(np.float32)
    right = rows[:, :, 1].argmax(axis=1)
    shares = np.eye(4, dtype=np.float32)[right]
    learned = [fitting.Choices(*question) for question in zip(rows[:300], shares, strict=False)]
    model = fitting.fit(("a", "b", "c"), learned, (1, 2))
    found = [int(model.scores(matrix).argmax()) for matrix in rows[300:]]
    assert np.mean(np.array(found) == right[300:]) > 0.8
