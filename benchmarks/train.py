"""Trains the models of ``retrieval/ranking/models`` and cross-validates them by document.

FOLDER holds the question sets that benchmarks/README.md names: XQuAD (CC BY-SA 4.0), MLQA (CC BY-SA 3.0) and ARCD
(MIT), their Arabic parts, over one pool of documents; and, where it is there, NoMIRACL (Apache-2.0, Arabic part), for
the confidence alone. None of their text enters the project; the weights do.

    pip install -e '.[train]' && python benchmarks/train.py FOLDER [--folds DIR]

With --folds, it trains instead, for each of five folds of the documents, models that saw none of the fold, and writes
them into DIR: quality.py and its like judge each question by the models of its fold, never by the shipped ones, which
saw all.
"""

import hashlib
import json
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from fitting import Choices, fit
from question_sets import (
    FOLDS,
    NATIVE,
    NATIVE_PASSAGES,
    POOL,
    SETS,
    fold_of,
    fold_of_case,
    parser,
    progress,
    withheld,
)
from trees_text import shortened

from retrieval.corpus.memory import read
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import Case, is_right, read_cases
from retrieval.question.parsed import parse
from retrieval.ranking.confidence import evidence
from retrieval.ranking.features import Candidates, candidates
from retrieval.ranking.networks import Network
from retrieval.ranking.trees import Trees

MODELS = Path(__file__).parent.parent / "retrieval" / "ranking" / "models"
OWN = 12  # questions of its own that a document is asked alone, in training the confidence, for half as many of others
BESIDE = 10  # documents beside one that lacks the answer
COUNTS = {NATIVE: 8, "half": 2}
"""How many times a question counts in training the confidence: of NATIVE there are few, and people ask like that; half
the pool is the most like a large corpus, where single documents would else outweigh it."""
RANKING = {
    "objective": "lambdarank", "lambdarank_truncation_level": 5, "num_leaves": 15, "learning_rate": 0.08,
    "min_data_in_leaf": 30, "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5,
}  # fmt: skip
FIRST = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 60, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 20,
}  # fmt: skip
COMMON = {"verbose": -1, "num_threads": 1, "deterministic": True}
RANKING_ROUNDS, FIRST_ROUNDS = 140, 120
EPOCHS = 40  # of the network
SEEDS = (1, 2, 3)  # models whose mean ranks: by themselves they differ by chance, on one question in thirty


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked of a corpus: its candidates, which of them are right, and its fold."""

    case: Case
    fold: int
    weights: list[float]
    gathered: Candidates | None
    right: np.ndarray[Any, Any]
    regime: str

    def is_answered(self, scores: np.ndarray[Any, Any]) -> bool:
        """What the confidence is to tell: whether the best is right or, where nobody says which is, any could be."""
        return bool(self.right[scores.argmax()]) if self.regime != NATIVE else self.case.answerable


def ask(corpus: Corpus, cases: Iterable[Case], regime: str) -> Iterator[Asked]:
    """Each question with its candidates, judged by ``retrieval.evaluation``."""
    for case in cases:
        question = parse(case.question)
        found = corpus.search(question)
        weights = corpus.weights(question)
        gathered = candidates(question, weights, found) if found else None
        texts = [c.text for c in gathered.sentences] if gathered else []
        right = np.array([is_right(case, text) for text in texts], dtype=bool)
        yield Asked(case, fold_of_case(case), weights, gathered, right, regime)


Row = dict[str, str]
Scores = Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]]
"""From a matrix of features to scores."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The two models that put right sentences first, each the mean of one for each seed, as texts."""

    sentences: str
    choice: str

    def scores(self) -> Scores:
        """What scores a matrix of features."""
        trees, network = Trees.read(self.sentences), Network.read(self.choice)
        return lambda matrix: trees.scores(matrix) + network.scores(matrix)


def fit_ranking(asked: Sequence[Asked]) -> Ranking:
    """The models of what answers among a question's sentences."""
    useful = [a for a in asked if a.gathered and a.right.any()]
    questions = [Choices(a.gathered.matrix, (a.right / a.right.sum()).astype(np.float32)) for a in useful if a.gathered]
    names = next(tuple(_names(a.gathered.names)) for a in useful if a.gathered)
    return Ranking(fit_trees(asked), fit(names, questions, SEEDS, EPOCHS).text())


def fit_trees(asked: Sequence[Asked]) -> str:
    """The text of the trees."""
    useful = [(a.gathered, a.right) for a in asked if a.gathered and a.right.any()]
    matrix = np.concatenate([gathered.matrix for gathered, _ in useful])
    labels = np.concatenate([right for _, right in useful]).astype(int)
    groups = [len(right) for _, right in useful]
    data = lightgbm.Dataset(matrix, labels, group=groups, feature_name=_names(useful[0][0].names))
    return shortened(*(lightgbm.train(RANKING | COMMON | {"seed": seed}, data, RANKING_ROUNDS) for seed in SEEDS))


def fit_first(asked: Sequence[Asked], ranking: Callable[[Asked], Scores]) -> str:
    """The text of a model of whether the first sentence is right, ranked by models that did not see the question."""
    rows, labels, counts, names = [], [], [], ()
    for one in asked:
        if one.gathered:
            scores = ranking(one)(one.gathered.matrix)
            measured = evidence(one.gathered, scores, one.weights)
            rows.append(measured.row)
            labels.append(int(one.is_answered(scores)))
            counts.append(COUNTS.get(one.regime, 1))
            names = measured.names
    data = lightgbm.Dataset(np.concatenate(rows), labels, weight=counts, feature_name=_names(names))
    models = (lightgbm.train(FIRST | COMMON | {"seed": seed}, data, FIRST_ROUNDS) for seed in SEEDS)
    return shortened(*models)


def _names(names: Iterable[str]) -> list[str]:
    return [name.replace(" ", "_").replace(",", "").replace(":", "") for name in names]


def gather(folder: Path) -> tuple[list[Asked], list[Asked]]:
    """The questions asked of the whole pool; and those of half of it, of single documents, of NATIVE's passages."""
    cases = {name: read_cases(folder / f"{name}.jsonl") for name in SETS}
    pool = [json.loads(line) for line in (folder / POOL).read_text("utf-8").splitlines()]
    everything = [case for listed in cases.values() for case in listed]
    whole = [a for name, listed in cases.items() for a in ask(read(folder / POOL), listed, name)]
    others: list[Asked] = []
    if (folder / NATIVE_PASSAGES).is_file():
        others += ask(read(folder / NATIVE_PASSAGES), read_cases(folder / f"{NATIVE}.jsonl"), NATIVE)
    with tempfile.TemporaryDirectory() as scratch:
        for half in (0, 1):
            kept = [
                d
                for d in pool
                if int(hashlib.md5(f"train{d['id']}".encode(), usedforsecurity=False).hexdigest(), 16) % 2 == half
            ]
            others += ask(_corpus(Path(scratch, f"half{half}.jsonl"), kept), everything, "half")
        others += ask_alone(Path(scratch, "alone.jsonl"), pool, everything)
    return whole, others


def ask_alone(path: Path, pool: Sequence[Row], cases: Sequence[Case]) -> Iterator[Asked]:
    """Questions asked of single documents: of all of each, and of what is left of it without the paragraphs that answer
    some of them, by itself and with BESIDE others. ``path``: where a corpus may be written."""
    chance = random.Random(1)  # noqa: S311
    for document in [d for d in pool if any(case.document == d["id"] for case in cases)]:
        own = [case for case in cases if case.document == document["id"]]
        own = chance.sample(own, min(OWN, len(own)))
        strangers = chance.sample([c for c in cases if c.document != document["id"]], (len(own) + 1) // 2)
        for one in ask(_corpus(path, [document]), [*own, *strangers], "alone"):
            yield replace(one, fold=fold_of(document["id"]))
        others = chance.sample([d for d in pool if d is not document], BESIDE)
        for left in withheld(document["text"], own):
            part = document | {"text": left.text}
            for corpus in ([part], [part, *others]):
                yield from ask(_corpus(path, corpus), [*left.refused, *left.kept], "withheld")


def _corpus(path: Path, documents: Iterable[Row]) -> Corpus:
    path.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents), "utf-8")
    return read(path)


def cross_validate(whole: Sequence[Asked], others: Sequence[Asked], to: Path) -> None:
    """For each fold, models that saw no document of it."""
    # The confidence is learned from rankings of questions that their ranking model did not see either.
    without = {
        frozenset(pair): fit_ranking([a for a in whole if a.fold not in pair]).scores()
        for pair in combinations(range(FOLDS), 2)
    }
    for fold in range(FOLDS):
        asked = [a for a in (*whole, *others) if a.fold != fold]
        first = fit_first(asked, lambda a, fold=fold: without[frozenset((fold, a.fold))])
        save(fit_ranking([a for a in whole if a.fold != fold]), first, to / str(fold))
        progress(fold + 1, FOLDS)


def save(ranking: Ranking, first: str, to: Path) -> None:
    """Writes the models where ``retrieval.ranking.ranker.load`` finds them."""
    to.mkdir(parents=True, exist_ok=True)
    (to / "sentences.txt").write_text(ranking.sentences, "utf-8")
    (to / "choice.txt").write_text(ranking.choice, "utf-8")
    (to / "first.txt").write_text(first, "utf-8")


def main() -> None:
    """Trains on all, and writes both models; or on all but a fold, for each fold."""
    arguments = parser(__doc__)
    arguments.add_argument("--folds", type=Path, metavar="DIR", help="train the models of cross-validation, into DIR")
    given = arguments.parse_args()
    whole, others = gather(given.folder)
    if given.folds:
        cross_validate(whole, others, given.folds)
    else:
        train(whole, others)


def train(whole: Sequence[Asked], others: Sequence[Asked]) -> None:
    """The shipped models."""
    folds = {fold: fit_ranking([a for a in whole if a.fold != fold]).scores() for fold in range(FOLDS)}
    save(fit_ranking(whole), fit_first([*whole, *others], lambda a: folds[a.fold]), MODELS)
    for name in SETS:
        chosen = [a for a in whole if a.regime == name]
        tops = [np.argsort(-folds[a.fold](a.gathered.matrix))[:3] if a.gathered else [] for a in chosen]
        first = np.mean([bool(len(t)) and a.right[t[0]] for a, t in zip(chosen, tops, strict=True)])
        three = np.mean([bool(len(t)) and a.right[t].any() for a, t in zip(chosen, tops, strict=True)])
        print(f"{name}: quote@1 {first:.4f}, quote@3 {three:.4f}, cross-validated")


if __name__ == "__main__":
    main()
