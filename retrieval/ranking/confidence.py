"""How sure it is that the first sentence answers: what is measured of a ranking as a whole, for trees to weigh."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.folding import fold_text
from retrieval.ranking.features import KINDS, Candidates, Matrix
from retrieval.ranking.kinds import counts, duals, tells_when
from retrieval.ranking.trees import Floats

Rows = NDArray[np.int64]

FEW, MANY = 3, 10  # of the best sentences
# Of the best sentence itself.
OWN = (
    "stems", "lemmas", "letters", "meaning", "any", "any, in the passage", "any, with the title",
    "any, with all around", "meaning, with all around", "meaning, with the sentence before",
    "any, with the sentence before",
    "words found", "share of words found", "weightiest word", "weightiest word, meaning", "farthest word, meaning",
    "weightiest word missing", "passage, beside the best", "lead of the best passage", "document, beside the best",
    "title", "title's words asked", "mean meaning", "mean meaning of the passage", "nearness", "pairs in order",
    "words", "words asked",
    "kind sought", "holds: date", "holds: numbers", "holds: reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of features with their names."""

    row: Matrix
    names: tuple[str, ...]


def evidence(
    gathered: Candidates,
    scores: NDArray[np.floating],
    weights: Sequence[float],
    row: int | None = None,
    without: Container[str] = (),
) -> Evidence:
    """What speaks for a sentence of a ranking, by its row; by itself the best. ``weights``: of the question's words
    (idf); ``without``: the names of what is not asked for, which is not worked out."""
    best = int(scores.argmax()) if row is None else row
    column = {name: index for index, name in enumerate(gathered.names)}
    own = {name: gathered.matrix[best, column[name]] for name in OWN if name not in without}
    whole = _of_the_whole(gathered, scores, weights, best)
    values = own | {name: worked_out() for name, worked_out in whole.items() if name not in without}
    return Evidence(np.array([list(values.values())], dtype=np.float32), tuple(values))


def _of_the_whole(
    gathered: Candidates, scores: NDArray[np.floating], weights: Sequence[float], best: int
) -> dict[str, Callable[[], float]]:
    """How each is worked out that is measured of a sentence among all."""
    column = {name: index for index, name in enumerate(gathered.names)}
    share = np.array(weights) / sum(weights)

    @cache
    def leading() -> Rows:
        return np.argsort(-scores, kind="stable")[:MANY]

    def asked_of_titles(count: int) -> float:
        return float(gathered.matrix[leading()[:count], column["title's words asked"]].max())

    def lead(place: int) -> float:
        others = np.sort(np.delete(scores, best))[::-1]
        return float(scores[best] - others[place]) if len(others) > place else 3.0

    return {
        "score": lambda: float(scores[best]),
        "mean score of few": lambda: float(scores[leading()[:FEW]].mean()),
        "mean score of many": lambda: float(scores[leading()].mean()),
        "title's words asked, of few": lambda: asked_of_titles(FEW),
        "title's words asked, of many": lambda: asked_of_titles(MANY),
        "lead": lambda: lead(0),
        "lead over the third": lambda: lead(1),
        "share of all odds": lambda: float(1 / np.exp(scores - scores.max()).sum()),
        "score a weight": lambda: float(gathered.matrix[best, column["passage's score"]] / sum(weights)),
        "mean weight": lambda: float(np.mean(weights)),
        "found around": lambda: float(gathered.held[best] @ share),
        "least found": lambda: float((gathered.held[best] * share).min() / share.max()),
        "found anywhere": lambda: float(gathered.held.max(axis=0) @ share),
        "first word, meaning": lambda: float(gathered.meant[best, 0]),
        "meaning, beyond the title": lambda: _beyond_the_title(gathered, best, share),
        "lacks what is sought": lambda: _lacks(
            int(gathered.matrix[best, column["kind sought"]]), gathered.unit, gathered.sentences[best].text
        ),
    }


def _beyond_the_title(gathered: Candidates, row: int, share: Floats) -> float:
    """How far a sentence holds what a question asks of the title's subject; -1 where it asks nothing of it."""
    asked = share * (1 - gathered.titled[row])
    return float(gathered.meant[row] @ asked / asked.sum()) if asked.any() else -1.0


def _lacks(kind: int, unit: str | None, text: str) -> bool:
    """Whether a text does not tell when where that is sought (a kind by its place in ``KINDS``), or holds no number but
    of dates, nor two of the ``unit`` that is counted."""
    sought = KINDS[kind] if kind >= 0 else None
    if sought in ("number", "price"):
        return not counts(text) and not (unit and duals(unit, text))
    return sought == "date" and not tells_when(fold_text(text))
