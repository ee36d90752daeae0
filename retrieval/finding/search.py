"""Passages that share a term with a question, or with words near to its own in meaning, by BM25; and beside them those
that hold the sentences nearest to it, by the vectors of the reader's network."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from retrieval.arabic.analysis import LIGHT_STEMS, stem
from retrieval.index import STEMS, Index
from retrieval.index.meaning import Meaning
from retrieval.index.terms import query
from retrieval.index.vectors import Floats
from retrieval.model import Document, Hit, Passage, Period
from retrieval.question.parsed import Question, Term
from retrieval.question.related import related

PASSAGES = 15  # how many are read for their sentences at most
FIRST = 5  # how many are read however far they score below the best
LEAST = 0.6
"""Of the best passage's score, what further ones need to be read. Measured on 1,784 questions whose paragraph is among
the fifteen best: all but 27 of these are read, and half of the others; no figure of quality is lower."""

NEAR = 20
"""Passages that join them for being near in meaning. Of paraphrased questions .84 have what answers among the passages
with 10, .88 with 20, .89 with 40."""

LIGHT = 0.4  # the weight of a word that names what is asked («كم عدد»), beside one of the subject
MEANT = 0.9  # how much of a word of a dialect what the standard language says for it counts
ALIKE = 0.8  # and words that are near by their vectors, if they were no further than itself
MANY = 200_000
"""Passages: a choice of words has every passage scored that holds one of them, where a sum lets an engine skip most. At
1,000,000 (7,476 passages of the question sets, over and over; 400 of their questions) searching takes 4 ms, and with
other words for each question 30: 12 more for words near by their vectors, 14 for those of the tables."""
FEW = 1000  # passages: a smaller corpus says little of what is common, and counts as one of these


class Vectors(Protocol):
    """The vectors of a corpus, where there are any."""

    def question(self, text: str) -> Floats:
        """The vector of a question."""
        ...

    def near(self, question: Floats, k: int) -> list[Passage]:
        """The passages that hold the sentences nearest to it, nearest first."""
        ...

    def of(self, passages: Sequence[tuple[str, str]]) -> list[Floats | None]:
        """Of each title and passage the vectors of its sentences; None where there are none yet."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, with its document and its score, 0 where words alone would not have found it.

    ``nearness``: how near each of its sentences is to the question (the cosine of their vectors); None where that is
    not known.
    """

    document: Document
    hit: Hit
    nearness: tuple[float, ...] | None = None

    @property
    def text(self) -> str:
        return self.hit.passage.span.of(self.document.text)

    @property
    def title(self) -> str:
        """What it stands under: its document's title, and the question that it answers."""
        return self.document.titled(self.hit.passage.span)


def search(
    question: Question,
    period: Period | None,
    index: Index,
    meaning: Meaning,
    document: Callable[[str, str], Document | None],
    vectors: Vectors | None = None,
) -> list[Found]:
    """The passages worth reading, those found by words first, best first; of all documents, or of those of a
    ``period``. ``document`` gives the one with an id in the version with a digest, None where it is gone.
    """
    if not question.terms:
        return []
    hits = _near_the_best(_hits(question.terms, period, index, meaning))
    if vectors is None:
        return list(_held(hits, period, document))
    asked = vectors.question(question.text)
    joined = [*hits, *_joining(hits, vectors.near(asked, NEAR))]
    return list(_compared(list(_held(joined, period, document)), asked, vectors))


def on_subject(
    question: Question, period: Period | None, index: Index, document: Callable[[str, str], Document | None], k: int
) -> list[Found]:
    """Up to ``k`` passages that share a word with a question, by their words alone."""
    wanted = replace(query([term.word for term in question.terms]), period=period)
    return list(_held(index.search(wanted, k), period, document)) if question.terms else []


def _hits(terms: Sequence[Term], period: Period | None, index: Index, meaning: Meaning) -> Sequence[Hit]:
    """The best passages. Where all can be read, or there are very many, other words for what is asked find only what
    nothing else does: in the few BM25 tells little, in the many it would take too long."""
    words = [term.word for term in terms]
    is_between = PASSAGES < len(index) <= MANY
    if not is_between and (hits := index.search(replace(query(words), period=period), PASSAGES)):
        return hits
    return index.search(replace(query(words, _others(terms, index, meaning)), period=period), PASSAGES)


def _others(terms: Sequence[Term], index: Index, meaning: Meaning) -> dict[str, list[tuple[str, float]]]:
    """For each word of a question those that may stand instead, with how much each counts beside it; one that is rarer
    counts as if it were not, so that none ever weighs more than its share of the word that was asked."""
    near = meaning.near(term.word for term in terms)
    others = {
        term.word: (*_same(term), *((word, ALIKE * cosine) for word, cosine in near.get(term.word, ())))
        for term in terms
    }
    idf = _idf({word for own, theirs in others.items() for word in (own, *(other for other, _ in theirs))}, index)
    return {
        own: [(word, share * min(1.0, idf[own] / idf[word])) for word, share in theirs]
        for own, theirs in others.items()
    }


def _same(term: Term) -> Iterator[tuple[str, float]]:
    """What says the same as a word of a question, by the tables of the language."""
    yield from ((word, MEANT) for word in term.means)
    yield from (other for each in (term.word, *term.means) for other in related(each))


def _idf(words: Iterable[str], index: Index) -> dict[str, float]:
    """How much of a question each of some words makes up."""
    stems = {word: stem(word) for word in words}
    often, size = index.frequencies(STEMS, set(stems.values())), len(index)
    return {word: weight(own, often[own], size) for word, own in stems.items()}


def _held(
    hits: Iterable[Hit], period: Period | None, document: Callable[[str, str], Document | None]
) -> Iterator[Found]:
    """The hits whose document is still there in the version that was found, and of a ``period``."""
    for hit in hits:
        own = document(hit.passage.document_id, hit.passage.version)
        if own and (period is None or period.holds(own.published)):
            yield Found(own, hit)


def _joining(hits: Sequence[Hit], near: Sequence[Passage]) -> Iterator[Hit]:
    """The passages near in meaning that are not among the hits."""
    known = {hit.passage for hit in hits}
    return (Hit(passage, 0.0) for passage in near if passage not in known)


def _compared(found: Sequence[Found], asked: Floats, vectors: Vectors) -> Iterator[Found]:
    """What was found, with how near each sentence is."""
    for own, rows in zip(found, vectors.of([(one.title, one.text) for one in found]), strict=True):
        yield own if rows is None else replace(own, nearness=tuple(map(float, rows @ asked)))


def weights(question: Question, index: Index) -> list[float]:
    """How much of the question each of its words makes up."""
    often, size = index.frequencies(STEMS, {term.stem for term in question.terms}), len(index)
    return [weight(term.stem, often[term.stem], size) for term in question.terms]


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
