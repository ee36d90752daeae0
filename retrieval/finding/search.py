"""Passages that share a term with a question, or with words near to its own in meaning, by BM25."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retrieval.arabic.analysis import LIGHT_STEMS
from retrieval.index import STEMS, Index
from retrieval.index.meaning import Meaning
from retrieval.index.terms import query
from retrieval.model import Document, Hit, Period
from retrieval.question.parsed import Question

PASSAGES = 15  # how many are read for their sentences at most
FIRST = 5  # how many are read however far they score below the best
LEAST = 0.6
"""Of the best passage's score, what further ones need to be read. Measured on 1,784 questions whose paragraph is among
the fifteen best: all but 27 of these are read, and half of the others; no figure of quality is lower."""

LIGHT = 0.4  # the weight of a word that names what is asked («كم عدد»), beside one of the subject
FEW = 1000  # passages: a smaller corpus says little of what is common, and counts as one of these


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, with its document and its score."""

    document: Document
    hit: Hit

    @property
    def text(self) -> str:
        return self.hit.passage.span.of(self.document.text)


def search(
    question: Question,
    period: Period | None,
    index: Index,
    meaning: Meaning,
    document: Callable[[str, str], Document | None],
) -> list[Found]:
    """The passages worth reading, best first; of all documents, or of those of a ``period``.

    ``document`` gives the one with an id in the version with a digest, None where it is gone.
    """
    if not question.terms:
        return []
    words = [term.word for term in question.terms]
    wanted = replace(query(words, meaning.near(words)), period=period)
    hits = _near_the_best(index.search(wanted, PASSAGES))
    found = ((document(hit.passage.document_id, hit.passage.version), hit) for hit in hits)
    return [Found(document, hit) for document, hit in found if document]


def weights(question: Question, index: Index) -> list[float]:
    """How much of the question each of its words makes up."""
    return [weight(term.stem, index.frequency(STEMS, term.stem), len(index)) for term in question.terms]


def weight(stem: str, frequency: int, size: int) -> float:
    """How much of a question a stem makes up: its idf (Lucene's, always above zero) in ``size`` passages, of which
    ``frequency`` hold it; less for a word that only names what is asked."""
    size = max(size, FEW)
    idf = math.log(1 + (size - frequency + 0.5) / (frequency + 0.5))
    return LIGHT * idf if stem in LIGHT_STEMS else idf


def _near_the_best(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits that are worth reading. Scores below zero, as a small corpus gives, tell too little to leave any out."""
    if not hits or hits[0].score <= 0:
        return hits
    return [hit for place, hit in enumerate(hits) if place < FIRST or hit.score >= LEAST * hits[0].score]
