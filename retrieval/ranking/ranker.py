"""Ranks the sentences of the passages that were found: features of each, weighed by two trained models, summed.

One is LightGBM's LambdaMART (Burges, "From RankNet to LambdaRank to LambdaMART", 2010), the other a network trained on
the cross-entropy of a question's sentences (ListNet; Cao et al., 2007): they err on different questions.
``benchmarks/train.py`` trains them, and cross-validates them by document.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from retrieval.finding.search import Found
from retrieval.model import Span
from retrieval.question.parsed import Question
from retrieval.ranking.confidence import evidence
from retrieval.ranking.features import Candidate, Candidates, Matrix, candidates
from retrieval.ranking.networks import Network
from retrieval.ranking.trees import Floats, Trees

MODELS = ("sentences", "choice", "first")


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates best first with their scores, and the probability that the first one answers.

    Where a reader read them, ``probabilities``: that of each of the first few; ``words``: of each candidate, its words
    with how likely they are of the answer, None for what it did not read.
    """

    candidates: tuple[Candidate, ...]
    scores: tuple[float, ...]
    confidence: float
    probabilities: tuple[float, ...] = ()
    words: tuple[tuple[tuple[Span, float], ...] | None, ...] = ()

    def probability(self, place: int) -> float:
        """How sure it is that the candidate at a place answers. Where that was not measured, by how far its score,
        which a softmax makes odds, lies below the last one's of which it was."""
        known = self.probabilities or (self.confidence,)
        last = min(place, len(known) - 1)
        return known[last] * math.exp(min(self.scores[place] - self.scores[last], 0.0))

    def only(self, wanted: Callable[[Candidate], bool]) -> "Ranked":
        """The same of those candidates that are wanted."""
        places = [place for place, candidate in enumerate(self.candidates) if wanted(candidate)]
        return Ranked(
            tuple(self.candidates[place] for place in places),
            tuple(self.scores[place] for place in places),
            self.probability(places[0]) if places else 0.0,
            tuple(self.probabilities[place] for place in places if place < len(self.probabilities)),
            tuple(self.words[place] for place in places if self.words),
        )

    def read_words(self, place: int) -> tuple[tuple[Span, float], ...] | None:
        """What the reader says of the words of the candidate at a place; None where it did not read it."""
        return self.words[place] if self.words else None


NOTHING = Ranked((), (), 0.0)


@dataclass(frozen=True, slots=True)
class Ranker:
    """``sentences`` and ``choice`` score the sentences, ``first`` says how sure the best one is."""

    sentences: Trees
    choice: Network
    first: Trees
    least: float = 0.32
    """The confidence below which it is better to refuse: so it answers four in five of what the pool answers, and one
    in ten of the rest (benchmarks/shipped.py)."""

    def scores(self, matrix: Matrix) -> Floats:
        """The score of each sentence, by a row of features each."""
        return self.sentences.scores(matrix) + self.choice.scores(matrix)

    def rank(self, question: Question, weights: Sequence[float], found: Sequence[Found]) -> Ranked:
        """The sentences of the passages found. ``weights``: of the question's words, by ``finding``."""
        if not found:
            return NOTHING
        gathered = candidates(question, weights, found)
        scores = self.scores(gathered.matrix)
        order = np.argsort(-scores, kind="stable")
        return Ranked(
            tuple(gathered.sentences[row] for row in order),
            tuple(float(scores[row]) for row in order),
            self.confidence(gathered, scores, weights),
        )

    def confidence(self, gathered: Candidates, scores: Floats, weights: Sequence[float]) -> float:
        """How sure it is that the best sentence by these scores answers, between 0 and 1."""
        odds = float(self.first.scores(evidence(gathered, scores, weights).row)[0])
        return 1 / (1 + math.exp(-odds))


@cache
def ranker() -> Ranker:
    """The ranker that the project ships."""
    return load(files(__package__) / "models")


def load(folder: Traversable) -> Ranker:
    """The ranker of the models that ``benchmarks/train.py`` wrote into a folder."""
    sentences, choice, first = ((folder / f"{n}.txt").read_text(encoding="utf-8") for n in MODELS)
    return Ranker(Trees.read(sentences), Network.read(choice), Trees.read(first))
