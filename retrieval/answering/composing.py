"""Composes an answer from ranked sentences: how sure it is, up to ``k`` quotes that add something, or a refusal."""

from collections.abc import Callable, Iterable

from retrieval.answering.features import Candidate, Found
from retrieval.answering.marking import marked
from retrieval.answering.question import Question
from retrieval.answering.quoting import shown
from retrieval.answering.ranking import Ranked
from retrieval.arabic import fold_text
from retrieval.model import Answer, Quote, Source, Span
from retrieval.segmentation import paragraph_number

MIN_CONFIDENCE = 0.35  # benchmarks/quality.py: answers four in five of what the pool answers, one in ten of the rest
FAR_BELOW = 4.0  # further quotes score less than this below the first
NEAREST = 3


def compose(
    question: Question,
    ranked: Ranked,
    *,
    k: int,
    min_confidence: float,
    nearest: Iterable[Source],
    is_known: Callable[[str], bool],
) -> Answer:
    """The answer that ranked sentences give. ``is_known`` says whether the corpus holds a stem."""
    quotes = _quotes(question, ranked, k) if ranked.candidates and ranked.confidence >= min_confidence else ()
    return Answer(
        question=question.text,
        searched=question.text,
        quotes=quotes,
        confidence=round(ranked.confidence, 4),
        found_words=tuple(t.written for t in question.terms if is_known(t.stem)),
        missing_words=tuple(t.written for t in question.terms if not is_known(t.stem)),
        nearest=() if quotes else tuple(nearest),
    )


def nearest_sources(found: Iterable[Found]) -> list[Source]:
    """The documents of the best passages, each once."""
    titles = {passage.document.id: passage.document.title for passage in found}
    return [Source(document_id, title) for document_id, title in list(titles.items())[:NEAREST]]


def _quotes(question: Question, ranked: Ranked, k: int) -> tuple[Quote, ...]:
    """The first ``k`` sentences, no two with the same words; those go with the first as other sources."""
    distinct: dict[str, tuple[Candidate, Span, float]] = {}
    also: dict[str, list[Source]] = {}
    for candidate, score in zip(ranked.candidates, ranked.scores, strict=True):
        words = fold_text(candidate.span.of(candidate.document.text))
        if words in distinct:
            also.setdefault(words, []).append(Source(candidate.document.id, candidate.document.title))
        elif len(distinct) < k and score >= ranked.scores[0] - FAR_BELOW:
            beside = (span for other, span, _ in distinct.values() if other.document is candidate.document)
            if span := shown(candidate, beside):
                distinct[words] = candidate, span, score
    return tuple(_quote(question, *best, also.get(words, ())) for words, best in distinct.items())


def _quote(question: Question, candidate: Candidate, span: Span, score: float, also: Iterable[Source]) -> Quote:
    document = candidate.document
    others = [source for source in dict.fromkeys(also) if source.document_id != document.id]
    return Quote(
        document=document,
        span=span,
        highlights=marked(question, document.text, candidate.span, candidate.before),
        score=round(score, 4),
        paragraph=paragraph_number(document.text, Span(document.heading, len(document.text)), candidate.span.start),
        also=tuple(others),
    )
