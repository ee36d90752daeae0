"""Ranks the sentences of the passages that were found.

A sentence is judged by how much of the question it covers (each word weighing its idf), alone, with the
sentence before it and with the title; by its passage's score; and by whether it holds the kind of answer sought.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from retrieval.answering.kinds import holds_kind
from retrieval.answering.question import Question
from retrieval.arabic.analysis import analyze, grams
from retrieval.arabic.words import folded_words
from retrieval.model import Document, Hit, Span
from retrieval.segmentation import sentences

NEIGHBOUR, TITLE, PASSAGE, KIND, LETTERS = 0.35, 0.15, 0.5, 0.12, 0.9


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer. ``coverage`` is the share of the question found in it and around it."""

    document: Document
    span: Span
    score: float
    coverage: float


@dataclass(frozen=True, slots=True)
class _Covered:
    """The weights of the question's words that a stretch of text holds, by their place in the question."""

    weights: tuple[float, ...]

    def share_of(self, total: float) -> float:
        return sum(self.weights) / total if total else 0.0

    def or_else(self, other: "_Covered", share: float) -> "_Covered":
        """What this covers, and a share of what only the other does."""
        return _Covered(tuple(max(a, share * b) for a, b in zip(self.weights, other.weights, strict=True)))


def rank(
    question: Question,
    hits: Sequence[Hit],
    document_of: Callable[[str], Document],
    weight_of: Callable[[str], float],
) -> list[Candidate]:
    """The sentences of the hits, best first. ``weight_of`` gives the idf of a stem, above zero."""
    weights = [weight_of(term.stem) for term in question.terms]
    best = max((hit.score for hit in hits), default=0.0)
    found: list[Candidate] = []
    for hit in hits:
        relative = hit.score / best if best > 0 else 1.0
        found += _of_passage(question, hit, document_of(hit.passage.document_id), weights, relative)
    return sorted(found, key=lambda candidate: -candidate.score)


def _of_passage(
    question: Question, hit: Hit, document: Document, weights: Sequence[float], relative: float
) -> Iterable[Candidate]:
    total = sum(weights)
    title = _covered(question, document.title, weights)
    before = _Covered((0.0,) * len(weights))
    for span in sentences(document.text, hit.passage.span):
        text = span.of(document.text)
        own = _covered(question, text, weights)
        around = own.or_else(before, NEIGHBOUR).or_else(title, TITLE)
        kind = KIND if holds_kind(question.kind, text) else 0.0
        score = around.share_of(total) + PASSAGE * relative + kind
        full = own.or_else(before, 0.8).or_else(title, 0.8)
        yield Candidate(document, span, score, full.share_of(total))
        before = own


def _covered(question: Question, text: str, weights: Sequence[float]) -> _Covered:
    """A word is covered whole where its stem stands, in part where a word with most of its letters does."""
    stems = set(analyze(text))
    letters = [frozenset(grams(word)) for word in set(folded_words(text))]
    return _Covered(
        tuple(
            weight * (1.0 if term.stem in stems else LETTERS * _nearest(frozenset(grams(term.folded)), letters))
            for term, weight in zip(question.terms, weights, strict=True)
        )
    )


def _nearest(wanted: frozenset[str], held: Iterable[frozenset[str]]) -> float:
    """The largest share of n-grams (Dice) that a word shares with the wanted one; 0 below a half."""
    best = max((2 * len(wanted & other) / (len(wanted) + len(other)) for other in held), default=0.0)
    return best if best >= 0.5 else 0.0


def idf(frequency: int, size: int) -> float:
    """How telling a term is that ``frequency`` of ``size`` passages hold: always above zero (Lucene's BM25).

    A small corpus says little of what is common, so it counts as one of a thousand passages.
    """
    size = max(size, 1000)
    return math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
