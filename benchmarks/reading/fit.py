"""Fits the small models that weigh what words, vectors and the reader say, on what ``collect`` found.

Gives ``near.txt``, the first order; ``read.txt``, the last; and ``right.txt``, how sure a sentence answers; all in
``retrieval/ranking/models``. Says how many questions are answered at which confidence, and which is chosen, by what
models say of documents that they did not see; ``ReadingRanker.least`` holds it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.fitting import Choices, Shape, fit
from benchmarks.question_sets import markdown
from benchmarks.reading.asking import place_of
from benchmarks.reading.calibrating import along, fitted, least
from benchmarks.reading.collect import ALONE, HALF, NEAR, PART, READ, WHOLE, Collected, collect, collected
from benchmarks.reading.work import Work, say
from benchmarks.trees_text import shortened
from retrieval.ranking import reading
from retrieval.ranking.networks import Network

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

MODELS = Path(__file__).parents[2] / "retrieval" / "ranking" / "models"
SHAPE = Shape(units=12, dropped_units=0.2, dropped_features=0.1)  # of the networks: there are few questions
EPOCHS, SEEDS = 40, (1, 2, 3)
TREES = {
    "objective": "binary", "num_leaves": 6, "learning_rate": 0.05, "min_data_in_leaf": 40, "feature_fraction": 0.35,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 20, "verbose": -1, "num_threads": 1, "deterministic": True,
}  # fmt: skip
ROUNDS = 150
JUDGED = 3  # sentences of each question, the best, of which is learned whether they answer
UNANSWERABLE = 1.5  # how many times a question without an answer counts beside one with: there are few
SINGLE, STRANGER = 2.0, 5.0  # how many times one that is asked of a document alone counts, its own and another's
SURER = {
    "stems", "meaning", "any", "any, with all around", "share of words found", "weightiest word", "score",
    "found around",
    "answers", "answers, below the best", "answers, beyond other passages", "share of what answers",
    "nearness to the question", "nearness, below the best", "nearness, beyond other passages", "by words",
    "by words, below the best", "sure by words", "best word",
}  # fmt: skip
"""Signs of which more never makes less sure, however few documents there were to learn it from."""
LESS_SURE = {"order", "lacks what is sought", "weightiest word missing"}
QUARTERS = 4  # of the documents: each is judged by models of the others
THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
UNREAD = 100.0  # how far below the read ones a sentence is that was not


@dataclass(frozen=True, slots=True)
class Judged:
    """The best sentences of questions, a row each: what speaks for it, whether it answers, and the number of its
    question; the first of each question is its best."""

    matrix: Floats
    right: Bools
    of: NDArray[np.int64]
    names: tuple[str, ...]


def near(work: Work) -> None:
    """Collects what words and vectors say, and fits the first order."""
    collect(work, None)
    asked = ((one.known.before, one.right) for one in collected(work, NEAR))
    (MODELS / "near.txt").write_text(_order(reading.NAMES, asked).text(), "utf-8")


def read(work: Work) -> None:
    """Collects what the reader says too."""
    collect(work, Network.read((MODELS / "near.txt").read_text("utf-8")))


def rest(work: Work) -> None:
    """Fits the last order, of all questions but those asked of a document alone, and the probabilities, of NATIVE's.

    What is made probable is the order of models that did not see the question: one that did puts what is right so high
    that another question seems to have nothing like it."""
    found = [one for one in collected(work, READ) if one.corpus != ALONE or one.asked.is_native]
    (MODELS / "read.txt").write_text(_last(found).text(), "utf-8")
    native = [one for one in found if one.asked.is_native]
    quarters = np.array([_quarter(one) for one in native])
    unseen = [_last([one for one in found if _quarter(one) != own]) for own in range(QUARTERS)]
    judged, counts = _judged(native, [unseen[own] for own in quarters]), np.array([_count(one) for one in native])
    best = np.unique(judged.of, return_index=True)[1]
    odds, right = _cross_fitted(judged, counts, quarters[judged.of])[best], judged.right[best]
    as_asked = np.array([one.corpus in (WHOLE, PART) for one in native])
    line = fitted(odds[as_asked], right[as_asked], np.ones(int(as_asked.sum())))
    everyone = np.ones(len(judged.of), dtype=np.bool_)
    (MODELS / "right.txt").write_text(along(shortened(*_trees(judged, counts, everyone)), line), "utf-8")
    _say(native, list(map(float, line.of(odds))), list(map(bool, right)))


def _last(found: Sequence[Collected]) -> Network:
    """The last order, of what was asked of more than a document alone."""
    asked = ((_after(one)[_read(one)], one.right[_read(one)]) for one in found if one.corpus != ALONE)
    return _order((*reading.NAMES, *reading.AFTER), asked)


def _quarter(one: Collected) -> int:
    """In which quarter of the documents a question's is."""
    return place_of(one.asked.case.document or "", QUARTERS)


def _order(names: Iterable[str], asked: Iterable[tuple[Floats, Bools]]) -> Network:
    """What puts right sentences first, of questions that have any."""
    questions = [
        Choices(matrix.astype(np.float32), (right / right.sum()).astype(np.float32))
        for matrix, right in asked
        if right.any() and len(right) > 1
    ]
    say(f"an order of {len(questions)} questions")
    return fit(tuple(_names(names)), questions, SEEDS, EPOCHS, SHAPE)


def _judged(found: Sequence[Collected], orders: Sequence[Network]) -> Judged:
    """The best sentences of each question by an order of its own."""
    rows: list[Floats] = []
    right: list[bool] = []
    of: list[int] = []
    names: tuple[str, ...] = ()
    for number, (one, order) in enumerate(zip(found, orders, strict=True)):
        scores = np.where(_read(one), order.scores(_after(one)), -UNREAD).astype(np.float32)
        for row in map(int, np.argsort(-scores, kind="stable")[:JUDGED]):
            matrix, names = reading.signs(one.known, scores, _told(one), one.weights, row)
            rows.append(matrix[0])
            right.append(bool(one.right[row]))
            of.append(number)
    return Judged(np.array(rows, dtype=np.float32), np.array(right), np.array(of), names)


def _trees(judged: Judged, counts: NDArray[np.float64], chosen: Bools) -> list[lightgbm.Booster]:
    """A model for each seed, of the chosen rows. ``counts``: of the questions, how many times each counts."""
    own, names = counts[judged.of[chosen]], list(_names(judged.names))
    data: dict[str, Any] = {"label": judged.right[chosen], "weight": own, "feature_name": names}
    matrix = judged.matrix[chosen]
    ways = [(name in SURER) - (name in LESS_SURE) for name in judged.names]
    trees = TREES | {"monotone_constraints": ways, "monotone_constraints_method": "advanced"}
    return [lightgbm.train(trees | {"seed": seed}, lightgbm.Dataset(matrix, **data), ROUNDS) for seed in SEEDS]


def _count(one: Collected) -> float:
    """How many times a question counts."""
    single = 1.0 if one.corpus != ALONE else SINGLE if one.asked.is_here else STRANGER
    return single if one.asked.case.answerable else single * UNANSWERABLE


def _cross_fitted(judged: Judged, counts: NDArray[np.float64], quarter: NDArray[np.int64]) -> NDArray[np.float64]:
    """The odds of each row, by models that saw no question of its ``quarter``."""
    odds = np.zeros(len(quarter))
    for own in range(QUARTERS):
        rows = judged.matrix[quarter == own]
        if len(rows):
            models = _trees(judged, counts, quarter != own)
            odds[quarter == own] = np.mean([model.predict(rows, raw_score=True) for model in models], axis=0)
    return odds


def _say(found: Sequence[Collected], sure: Sequence[float], right: Sequence[bool]) -> None:
    """Prints what is answered at which confidence, of what is asked of the whole corpus and of its halves, and the
    confidence that is chosen."""
    native = list(zip(found, sure, right, strict=True))
    whole = [(one.asked.case.answerable, s, r) for one, s, r in native if one.corpus == WHOLE]
    answerable = [(s, r) for is_answerable, s, r in whole if is_answerable]
    others = [s for is_answerable, s, _ in whole if not is_answerable]
    gone = [s for one, s, _ in native if one.corpus == HALF]
    chosen = least(answerable, others, gone)
    lines = [
        (
            at,
            np.mean([s >= at and r for s, r in answerable]),
            np.mean([s >= at and not r for s, r in answerable]),
            np.mean([s < at for s in others]),
            np.mean([s < at for s in gone]),
        )
        for at in sorted({*THRESHOLDS, chosen})
    ]
    header = ["at", "right", "wrong", "unanswerable refused", "without their document refused"]
    print(markdown(header, [[f"{at:.2f}", *(f"{value:.3f}" for value in values)] for at, *values in lines]))
    print(f"ReadingRanker.least: {chosen}")


def _after(one: Collected) -> Floats:
    if one.first is None:
        raise ValueError("nothing was read: collect again, with the first order")
    return reading.after(one.known, one.first, _told(one))


def _told(one: Collected) -> reading.Told:
    if one.told is None:
        raise ValueError("nothing was read: collect again, with the first order")
    return one.told


def _read(one: Collected) -> Bools:
    return _told(one).is_read


def _names(names: Iterable[str]) -> Iterator[str]:
    """Names of features as the texts of models have them, without spaces."""
    return (name.replace(" ", "_").replace(",", "").replace(":", "") for name in names)
