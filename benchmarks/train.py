"""Trains the models of ``retrieval/ranking/models`` and cross-validates them by document.

FOLDER holds the question sets that benchmarks/README.md names: XQuAD (CC BY-SA 4.0), MLQA (CC BY-SA 3.0) and ARCD
(MIT), their Arabic parts, over one pool of documents; and, where they are there, questions written in Arabic for this
project, mostly over passages of Wikipedia (CC BY-SA), and NoMIRACL (Apache-2.0, Arabic part), for the confidence alone.
None of their text enters the project; the weights do. What is shipped is trained on the part SEEN of ``question_sets``.

    pip install -e '.[train]' && python benchmarks/train.py FOLDER [--folds DIR]

With --folds, it trains instead, for each of five folds of all documents, models that saw none of the fold, and writes
them into DIR: quality.py and its like judge each question by the models of its fold.
"""

import hashlib
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
    NOMIRACL,
    NOMIRACL_PASSAGES,
    PARTS,
    POOL,
    SEEN,
    SETS,
    Written,
    cases_of,
    everything,
    fold_of,
    fold_of_case,
    parser,
    progress,
    rows,
    sets_in,
    withheld,
    write,
)
from trees_text import shortened

from retrieval.corpus.memory import read
from retrieval.corpus.snapshot import Corpus
from retrieval.evaluation import Case, is_right
from retrieval.question.following import followed
from retrieval.question.mending import mended
from retrieval.question.parsed import parse
from retrieval.ranking.confidence import evidence
from retrieval.ranking.features import Candidate, Candidates, Matrix, candidates
from retrieval.ranking.networks import Network
from retrieval.ranking.trees import Trees

Row = dict[str, str]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

MODELS = Path(__file__).parent.parent / "retrieval" / "ranking" / "models"
OWN = 12  # questions of its own that a document is asked alone, in training the confidence, for half as many of others
BESIDE = 10  # documents beside one that lacks the answer
RANKED = dict.fromkeys(SETS, 2)
"""How many times a question counts in training the ranking: the sets' are half as many as NATIVE's."""
COUNTS = {"half": 3, "alone": 4, "withheld": 2}
"""How many times a question counts in training the confidence: there are as many of NATIVE's as of all the others."""
RANKING = {
    "objective": "lambdarank", "lambdarank_truncation_level": 5, "num_leaves": 15, "learning_rate": 0.08,
    "min_data_in_leaf": 30, "feature_fraction": 0.3, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5,
}  # fmt: skip
FIRST = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 60, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 20,
}  # fmt: skip
COMMON = {"verbose": -1, "num_threads": 1, "deterministic": True}
RANKING_ROUNDS, FIRST_ROUNDS = 140, 200
EPOCHS = 40  # of the network
SEEDS = (1, 2, 3)  # models whose mean ranks: by themselves they differ by chance, on one question in thirty


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked of a corpus: its candidates, which of them are right, which are ``known`` to be right or wrong,
    and its fold."""

    case: Case
    fold: int
    weights: list[float]
    gathered: Candidates | None
    right: Bools
    known: Bools
    regime: str

    def is_answered(self, best: int) -> bool | None:
        """What the confidence is to tell: whether the best is right or, where nobody says which is, any could be; None
        where that is not known."""
        if self.regime == NOMIRACL:
            return self.case.answerable
        return bool(self.right[best]) if self.known[best] else None

    def choices(self) -> tuple[Matrix, Bools]:
        """The features of the sentences that are known to be right or wrong, and which are right."""
        matrix = self.gathered.matrix if self.gathered else np.zeros((0, 0), dtype=np.float32)
        return matrix[self.known], self.right[self.known]


def ask(corpus: Corpus, cases: Iterable[Case], regime: str) -> Iterator[Asked]:
    """Each question with its candidates, judged by ``retrieval.evaluation``."""
    for case in cases:
        question = parse(mended(followed(case.question, case.previous), corpus.vocabulary))
        found = corpus.search(question)
        weights = corpus.weights(question)
        gathered = candidates(question, weights, found) if found else None
        sentences = gathered.sentences if gathered else ()
        holds = np.array([is_right(case, sentence.text) for sentence in sentences], dtype=bool)
        meant = np.array([is_meant(case, sentence) for sentence in sentences], dtype=bool)
        yield Asked(case, fold_of_case(case), weights, gathered, holds & meant, ~holds | meant, regime)


def is_meant(case: Case, sentence: Candidate) -> bool:
    """Whether a sentence that holds the answer is where its writer read it; any is, where that was not written down."""
    if not isinstance(case, Written) or not case.sentence:
        return True
    start = sentence.document.text.find(case.sentence)
    return start < sentence.span.end and sentence.span.start < start + len(case.sentence) and start >= 0


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
    useful = [one for one in asked if one.right.any() for _ in range(RANKED.get(one.regime, 1))]
    names = next(tuple(_names(one.gathered.names)) for one in useful if one.gathered)
    choices = [one.choices() for one in useful]
    questions = [Choices(matrix, (right / right.sum()).astype(np.float32)) for matrix, right in choices]
    return Ranking(fit_trees(names, choices), fit(names, questions, SEEDS, EPOCHS).text())


def fit_trees(names: Sequence[str], choices: Sequence[tuple[Matrix, Bools]]) -> str:
    """The text of the trees."""
    matrix = np.concatenate([matrix for matrix, _ in choices])
    labels = np.concatenate([right for _, right in choices]).astype(int)
    groups = [len(right) for _, right in choices]
    data = lightgbm.Dataset(matrix, labels, group=groups, feature_name=list(names))
    return shortened(*(lightgbm.train(RANKING | COMMON | {"seed": seed}, data, RANKING_ROUNDS) for seed in SEEDS))


def fit_first(asked: Sequence[Asked], ranking: Callable[[Asked], Scores]) -> str:
    """The text of a model of whether the first sentence is right, ranked by models that did not see the question."""
    rows, labels, counts, names = [], [], [], ()
    for one in asked:
        if one.gathered:
            scores = ranking(one)(one.gathered.matrix)
            answered = one.is_answered(int(scores.argmax()))
            if answered is not None:
                measured = evidence(one.gathered, scores, one.weights)
                rows.append(measured.row)
                labels.append(int(answered))
                counts.append(COUNTS.get(one.regime, 1))
                names = measured.names
    data = lightgbm.Dataset(np.concatenate(rows), labels, weight=counts, feature_name=_names(names))
    models = (lightgbm.train(FIRST | COMMON | {"seed": seed}, data, FIRST_ROUNDS) for seed in SEEDS)
    return shortened(*models)


def _names(names: Iterable[str]) -> list[str]:
    return [name.replace(" ", "_").replace(",", "").replace(":", "") for name in names]


def gather(folder: Path, parts: Sequence[str]) -> tuple[list[Asked], list[Asked]]:
    """The questions of some parts: the sets', asked of the whole pool, and NATIVE's, of everything; and those asked of
    half of either, the sets' of single documents, and NOMIRACL's."""
    sets = {name: cases_of(folder, name, parts) for name in sets_in(folder)}
    asked = [case for listed in sets.values() for case in listed]
    pool = rows(folder / POOL)
    whole = [a for name, listed in sets.items() for a in ask(read(folder / POOL), listed, name)]
    others: list[Asked] = []
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "corpus.jsonl")
        for half in (0, 1):
            others += ask(_corpus(path, _half(pool, half)), asked, "half")
        others += ask_alone(path, pool, asked)
        if (folder / f"{NATIVE}.jsonl").is_file():
            native, documents = cases_of(folder, NATIVE, parts), everything(folder)
            whole += ask(_corpus(path, documents), native, NATIVE)
            for half in (0, 1):
                others += ask(_corpus(path, _half(documents, half)), [c for c in native if c.answerable], "half native")
    if (folder / NOMIRACL_PASSAGES).is_file():
        others += ask(read(folder / NOMIRACL_PASSAGES), cases_of(folder, NOMIRACL, parts), NOMIRACL)
    return whole, others


def _half(documents: Iterable[Row], half: int) -> list[Row]:
    digests = ((d, hashlib.md5(f"train{d['id']}".encode(), usedforsecurity=False).hexdigest()) for d in documents)
    return [document for document, digest in digests if int(digest, 16) % 2 == half]


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
    return read(write(path, documents))


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
    """Trains on the part that is seen, and writes the models; or on all parts but a fold, for each fold."""
    arguments = parser(__doc__)
    arguments.add_argument("--folds", type=Path, metavar="DIR", help="train the models of cross-validation, into DIR")
    given = arguments.parse_args()
    if given.folds:
        cross_validate(*gather(given.folder, PARTS), given.folds)
    else:
        train(*gather(given.folder, [SEEN]))


def train(whole: Sequence[Asked], others: Sequence[Asked]) -> None:
    """The shipped models."""
    folds = {fold: fit_ranking([a for a in whole if a.fold != fold]).scores() for fold in range(FOLDS)}
    save(fit_ranking(whole), fit_first([*whole, *others], lambda a: folds[a.fold]), MODELS)


if __name__ == "__main__":
    main()
