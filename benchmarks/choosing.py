"""Which model ranks sentences best: other learners, and the chosen one without a kind of feature.

    python benchmarks/choosing.py FOLDER

Cross-validated by document, on the features that ``retrieval.ranking.features`` measures; prints a table in markdown.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import lightgbm
import numpy as np
from fitting import Choices, fit
from question_sets import FOLDS, POOL, SETS, markdown, parser, progress
from train import COMMON, EPOCHS, RANKING, RANKING_ROUNDS, SEEDS, Asked, ask

from retrieval.corpus.memory import read
from retrieval.evaluation import read_cases

Floats = np.ndarray[Any, Any]
Scorer = Callable[[Floats], Floats]
Learner = Callable[[list[Floats], list[Floats]], Scorer]
"""From the features of each question's sentences, and which of them are right, to what scores sentences."""


def trees(rounds: int = RANKING_ROUNDS, **settings: object) -> Learner:
    """The chosen learner, with other settings."""

    def learn(features: list[Floats], right: list[Floats]) -> Scorer:
        labels, groups = np.concatenate(right).astype(int), [len(r) for r in right]
        data = lightgbm.Dataset(np.concatenate(features), labels, group=groups)
        model = lightgbm.train(RANKING | COMMON | {"seed": 1} | settings, data, rounds)
        return lambda matrix: np.asarray(model.predict(matrix))

    return learn


def network(features: list[Floats], right: list[Floats]) -> Scorer:
    """The network of ``fitting``, one seed."""
    names = tuple(map(str, range(features[0].shape[1])))
    shares = ((r / r.sum()).astype(np.float32) for r in right)
    model = fit(names, [Choices(m, s) for m, s in zip(features, shares, strict=True)], SEEDS[:1], EPOCHS)
    return lambda matrix: model.scores(matrix)


def both(features: list[Floats], right: list[Floats]) -> Scorer:
    """What is shipped, with one seed of each: the sum of trees and network."""
    one, other = trees()(features, right), network(features, right)
    return lambda matrix: one(matrix) + other(matrix)


def logistic(features: list[Floats], right: list[Floats]) -> Scorer:
    """Logistic regression by Newton's method, on standardised features, with a ridge."""
    matrix, labels = np.concatenate(features).astype(float), np.concatenate(right).astype(float)
    mean, scale = matrix.mean(0), matrix.std(0) + 1e-6
    ready = np.hstack([(matrix - mean) / scale, np.ones((len(matrix), 1))])
    weights = np.zeros(ready.shape[1])
    for _ in range(12):
        chance = 1 / (1 + np.exp(-ready @ weights))
        slope = ready.T @ (labels - chance) - 30 * weights
        curve = (ready * (chance * (1 - chance))[:, None]).T @ ready + 30 * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return lambda matrix: ((matrix - mean) / scale) @ weights[:-1]


def coverage(names: Sequence[str]) -> Learner:
    """Nothing learned: the share of the question covered with all around, and the passage's score beside the best."""
    columns = [names.index("any, with all around"), names.index("passage, beside the best")]
    return lambda features, right: lambda matrix: matrix[:, columns].sum(1)


def cross_validated(asked: Sequence[Asked], columns: list[int], learn: Learner) -> list[str]:
    """quote@1 and quote@3 of each set."""
    answered = [(a, a.gathered.matrix[:, columns]) for a in asked if a.gathered]
    found: dict[str, list[tuple[bool, bool]]] = {name: [] for name in SETS}
    for fold in range(FOLDS):
        seen = [(matrix, a.right) for a, matrix in answered if a.fold != fold and a.right.any()]
        score = learn([matrix for matrix, _ in seen], [right for _, right in seen])
        for a, matrix in answered:
            if a.fold == fold:
                best = np.argsort(-score(matrix), kind="stable")[:3]
                found[a.regime].append((bool(a.right[best[0]]), bool(a.right[best].any())))
    counts = {name: sum(a.regime == name for a in asked) for name in SETS}
    return [f"{sum(pair[at] for pair in found[name]) / counts[name]:.3f}" for name in SETS for at in (0, 1)]


def main() -> None:
    """Prints a row for each model."""
    given = parser(__doc__).parse_args()
    corpus = read(given.folder / POOL)
    asked = [a for name in SETS for a in ask(corpus, read_cases(given.folder / f"{name}.jsonl"), name)]
    names = next(a.gathered.names for a in asked if a.gathered)
    every = list(range(len(names)))

    def without(*parts: str) -> list[int]:
        return [at for at, name in enumerate(names) if not any(part in name for part in parts)]

    models: dict[str, tuple[list[int], Learner]] = {
        "coverage alone, nothing learned": (every, coverage(names)),
        "logistic regression": (every, logistic),
        "trees, right or wrong (no ranking)": (every, trees(objective="binary")),
        "trees ranking, 7 leaves": (every, trees(num_leaves=7)),
        "trees ranking, 15 leaves": (every, trees()),
        "trees ranking, 31 leaves": (every, trees(num_leaves=31)),
        "half the rate, twice the rounds": (
            every,
            trees(2 * RANKING_ROUNDS, learning_rate=RANKING["learning_rate"] / 2),
        ),
        "network": (every, network),
        "**trees ranking, 15 leaves, and network**": (every, both),
        "the trees without meaning": (without("meaning"), trees()),
        "without letters": (without("letters"), trees()),
        "without neighbours and passage": (without("before", "after", "in the passage", "around", "telling"), trees()),
        "without what stands beside or below the best": (without("beside", "below"), trees()),
        "without the passages' scores": (without("passage's", "passage, ", "document", "lead of"), trees()),
        "without titles": (without("title"), trees()),
        "without what the sentence holds and the kind sought": (without("holds", "kind"), trees()),
    }
    rows = []
    for name, (columns, learn) in models.items():
        rows.append([name, *cross_validated(asked, columns, learn)])
        progress(len(rows), len(models))
    print(f"# The choice of model\n\nMade by `python benchmarks/choosing.py FOLDER` on {datetime.now(UTC).date()};")
    print("cross-validated by document, nothing refused; one seed. A row moves by half a point by chance.\n")
    print(markdown(["model", *(f"{name} quote@{k}" for name in SETS for k in (1, 3))], rows))


if __name__ == "__main__":
    main()
