"""Composes an answer from ranked sentences: how sure it is, up to ``k`` quotes that add something, or a refusal."""

from collections.abc import Callable, Iterable, Sequence

from retrieval.answering.kinds import marked
from retrieval.answering.question import Question
from retrieval.answering.ranking import Candidate
from retrieval.arabic import fold_text
from retrieval.model import Answer, Document, Hit, Quote, Source, Span
from retrieval.segmentation import paragraph_number

MIN_CONFIDENCE = 0.36  # measured: tests/test_single_documents.py
NEAR_BEST = 0.8  # further quotes score at least this share of the first
NEAREST = 3


def compose(
    question: Question,
    candidates: Sequence[Candidate],
    *,
    k: int,
    min_confidence: float,
    nearest: Iterable[Source],
    is_known: Callable[[str], bool],
) -> Answer:
    """The answer that ranked candidates give. ``is_known`` says whether the corpus holds a stem."""
    confidence = candidates[0].coverage if candidates else 0.0
    quotes = _quotes(question, candidates, k) if candidates and confidence >= min_confidence else ()
    return Answer(
        question=question.text,
        searched=question.text,
        quotes=quotes,
        confidence=round(confidence, 4),
        found_words=tuple(t.written for t in question.terms if is_known(t.stem)),
        missing_words=tuple(t.written for t in question.terms if not is_known(t.stem)),
        nearest=() if quotes else tuple(nearest),
    )


def nearest_sources(hits: Sequence[Hit], document_of: Callable[[str], Document]) -> list[Source]:
    """The documents of the best hits, each once."""
    ids = list(dict.fromkeys(hit.passage.document_id for hit in hits))[:NEAREST]
    return [Source(document_id, document_of(document_id).title) for document_id in ids]


def _quotes(question: Question, candidates: Sequence[Candidate], k: int) -> tuple[Quote, ...]:
    """The first ``k`` candidates near the best, no two with the same words."""
    floor = candidates[0].score * NEAR_BEST
    distinct: dict[str, Candidate] = {}
    also: dict[str, list[Source]] = {}
    for candidate in candidates:
        words = fold_text(candidate.span.of(candidate.document.text))
        if words in distinct:
            also.setdefault(words, []).append(Source(candidate.document.id, candidate.document.title))
        elif candidate.score >= floor and len(distinct) < k:
            distinct[words] = candidate
    return tuple(_quote(question, candidate, also.get(words, ())) for words, candidate in distinct.items())


def _quote(question: Question, candidate: Candidate, also: Iterable[Source]) -> Quote:
    document = candidate.document
    known = frozenset(term.folded for term in question.terms)
    others = [source for source in dict.fromkeys(also) if source.document_id != document.id]
    return Quote(
        document=document,
        span=candidate.span,
        highlights=tuple(marked(question.kind, document.text, candidate.span, known))[:1],
        score=round(candidate.score, 4),
        paragraph=paragraph_number(document.text, Span(document.heading, len(document.text)), candidate.span.start),
        also=tuple(others),
    )
