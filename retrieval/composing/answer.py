"""Composes an answer from ranked sentences: how sure it is, up to ``k`` quotes that add something, or a refusal."""

from collections.abc import Callable, Iterable
from functools import partial

from retrieval.composing.choosing import Choice
from retrieval.composing.marking import marked
from retrieval.composing.quoting import shown
from retrieval.finding.search import Found
from retrieval.model import Answer, Quote, Source, Span
from retrieval.question.parsed import Question
from retrieval.ranking.features import Candidate
from retrieval.ranking.ranker import Ranked
from retrieval.segmentation import paragraph_number

MIN_CONFIDENCE = 0.305  # benchmarks/quality.py: answers four in five of what the pool answers, one in ten of the rest
NEAREST = 3


def compose(
    question: Question,
    ranked: Ranked,
    *,
    k: int,
    min_confidence: float,
    nearest: Iterable[Source],
    is_known: Callable[[str], bool],
    is_stored: Callable[[Quote], bool],
) -> Answer:
    """The answer that ranked sentences give.

    ``is_known`` says whether the corpus holds a stem, ``is_stored`` whether a source still holds what is quoted of it.
    """
    choice = Choice(question, k, partial(_quote, question), is_stored)
    quotes, differ = choice.of(ranked) if ranked.confidence >= min_confidence else ((), False)
    return Answer(
        question=question.text,
        searched=question.text,
        quotes=quotes,
        confidence=round(ranked.confidence, 4),
        found_words=tuple(t.written for t in question.terms if is_known(t.stem)),
        missing_words=tuple(t.written for t in question.terms if not is_known(t.stem)),
        nearest=() if quotes else tuple(nearest),
        differ=differ,
    )


def nearest_sources(found: Iterable[Found]) -> list[Source]:
    """The documents of the best passages, each once."""
    titles = {passage.document.id: passage.document.title for passage in found}
    return [Source(document_id, title) for document_id, title in list(titles.items())[:NEAREST]]


def _quote(question: Question, candidate: Candidate, score: float, beside: Iterable[Span]) -> Quote | None:
    """The quote of a candidate, ``beside`` those of its document; None where they show all of it."""
    span = shown(candidate, beside)
    if span is None:
        return None
    document = candidate.document
    return Quote(
        document=document,
        span=span,
        highlights=marked(question, document.text, candidate.span, candidate.before),
        score=round(score, 4),
        paragraph=paragraph_number(document.text, Span(document.heading, len(document.text)), candidate.span.start),
    )
