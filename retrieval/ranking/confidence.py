"""How sure it is that the first sentence answers: what is measured of a ranking as a whole, for trees to weigh."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.ranking.features import KINDS, Candidates, Matrix
from retrieval.ranking.kinds import counts, dates
from retrieval.ranking.trees import Floats

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
    gathered: Candidates, scores: NDArray[np.floating], weights: Sequence[float], row: int | None = None
) -> Evidence:
    """What speaks for a sentence of a ranking, by its row; by itself the best. ``weights``: of the question's words
    (idf)."""
    best = int(scores.argmax()) if row is None else row
    column = {name: index for index, name in enumerate(gathered.names)}
    own = {name: gathered.matrix[best, column[name]] for name in OWN}
    others = np.sort(np.delete(scores, best))[::-1]
    share = np.array(weights) / sum(weights)
    odds = np.exp(scores - scores.max())
    leading = np.argsort(-scores, kind="stable")[:MANY]
    asked_of_titles = gathered.matrix[leading, column["title's words asked"]]
    whole = {
        "score": scores[best],
        "mean score of few": float(scores[leading[:FEW]].mean()),
        "mean score of many": float(scores[leading].mean()),
        "title's words asked, of few": asked_of_titles[:FEW].max(),
        "title's words asked, of many": asked_of_titles.max(),
        "lead": scores[best] - (others[0] if len(others) else scores[best] - 3.0),
        "lead over the third": scores[best] - (others[1] if len(others) > 1 else scores[best] - 3.0),
        "share of all odds": 1 / odds.sum(),
        "score a weight": gathered.matrix[best, column["passage's score"]] / sum(weights),
        "mean weight": float(np.mean(weights)),
        "found around": float(gathered.held[best] @ share),
        "least found": float((gathered.held[best] * share).min() / share.max()),
        "found anywhere": float(gathered.held.max(axis=0) @ share),
        "first word, meaning": gathered.meant[best, 0],
        "meaning, beyond the title": _beyond_the_title(gathered, best, share),
        "lacks what is sought": _lacks(int(own["kind sought"]), gathered.sentences[best].text),
    }
    values = {**own, **whole}
    return Evidence(np.array([list(values.values())], dtype=np.float32), tuple(values))


def _beyond_the_title(gathered: Candidates, row: int, share: Floats) -> float:
    """How far a sentence holds what a question asks of the title's subject; -1 where it asks nothing of it."""
    asked = share * (1 - gathered.titled[row])
    return float(gathered.meant[row] @ asked / asked.sum()) if asked.any() else -1.0


def _lacks(kind: int, text: str) -> bool:
    """Whether a text has no date where one is sought (a kind by its place in ``KINDS``), or no number but of dates."""
    sought = KINDS[kind] if kind >= 0 else None
    return (sought == "date" and not dates(text)) or (sought in ("number", "price") and not counts(text))
