"""Composes an answer from ranked sentences: how sure it is, up to ``k`` quotes that add something, or a refusal."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import takewhile

from retrieval.arabic.analysis import content_words, lemma, stem
from retrieval.arabic.calendar_names import is_weekday
from retrieval.composing.choosing import Choice
from retrieval.composing.cited import cited, is_cited
from retrieval.composing.headed import (
    denied_first,
    heading_over,
    rows_for_columns,
    same_question_first,
    without_other_questions,
)
from retrieval.composing.marking import marked
from retrieval.composing.nearest import nearest_documents, opening
from retrieval.composing.quoting import is_of_list, shown
from retrieval.finding.search import Found
from retrieval.model import Answer, Document, Quote, Source, Span
from retrieval.question.alike import unsaid
from retrieval.question.parsed import Question, Survey, Term
from retrieval.ranking.features import Candidate
from retrieval.ranking.ranker import Ranked
from retrieval.segmentation import paragraph_number

_MARKS = ("؟", "?")
SUFFICIENT = 0.5  # the probability from which what answers a question for several things is shown at once; measured

SUFFICIENT_UNSAID, UNSAID, LEAST_TERMS = 0.6, 0.75, 4
"""The confidence below which quotes to a question for yes or no are none that leave so much of its words unsaid; and
the fewest words of which that is much."""


def compose(
    question: Question,
    ranked: Ranked,
    *,
    k: int,
    min_confidence: float,
    found: Sequence[Found],
    is_stored: Callable[[Quote], bool],
) -> Answer:
    """The answer that ranked sentences give.

    ``found``: the passages that were read for it, best first. ``is_stored`` says whether a source still holds what is
    quoted of it.
    """
    ranked = without_other_questions(question, rows_for_columns(question, ranked))
    ranked = same_question_first(question, denied_first(question, ranked))
    if question.survey:
        ranked = ranked.only(partial(_says, question.survey))
    choice = Choice(question, k, partial(_quote, question, ranked), is_stored)
    quotes, differing = choice.of(ranked) if ranked.confidence >= min_confidence else ((), 0)
    held = _held(question, _best(ranked, found))
    shown = _shown(question, quotes, differing)
    unsaid = _unsaid(question, quotes[:shown])
    if ranked.confidence < SUFFICIENT_UNSAID and len(unsaid) >= UNSAID * max(len(question.terms), LEAST_TERMS):
        quotes, shown, differing, unsaid = (), 0, 0, ()
    nearest = () if quotes else nearest_documents(found)
    return Answer(
        question=question.text,
        searched=question.text,
        quotes=quotes,
        confidence=round(ranked.confidence, 4),
        found_words=tuple(t.written for t in question.terms if t in held),
        missing_words=tuple(t.written for t in question.terms if t not in held),
        nearest=tuple(Source(document.id, document.title) for document in nearest),
        openings=tuple(quote for one in nearest if (quote := opening(one)) and is_stored(quote)),
        differ=differing > 0,
        shown=shown,
        unsaid=unsaid,
    )


def _best(ranked: Ranked, found: Sequence[Found]) -> Found | None:
    """The passage of the best sentence; where none is left, the one that was found first."""
    best = ranked.candidates[0] if ranked.candidates else None
    own = (f for f in found if best and (f.document.id, f.hit.passage.span) == (best.document.id, best.passage))
    return next(own, found[0] if found else None)


def _held(question: Question, passage: Found | None) -> frozenset[Term]:
    """The terms of a question that a passage holds, or what it stands under. That some other document of many holds
    one says nothing: of a large corpus nearly every word is held somewhere. A weekday is held as it stands alone:
    «جمعية» is of no Friday. A dialect's word is held by what the standard language says for it."""
    words = content_words(f"{passage.title}\n{passage.text}") if passage else []
    stems, lemmas = set(map(stem, words)), set(map(lemma, words))

    def is_held(word: str) -> bool:
        return word in words or (not is_weekday(word) and (stem(word) in stems or lemma(word) in lemmas))

    return frozenset(term for term in question.terms if any(map(is_held, (term.word, *term.means))))


def _shown(question: Question, quotes: Sequence[Quote], differing: int) -> int:
    """How many of the quotes are shown at once: the first or, where sources differ, theirs; to a question for several
    things each that is likely enough."""
    first = max(differing, 1)
    likely = takewhile(lambda quote: quote.probability >= SUFFICIENT, quotes[first:]) if question.several else ()
    return min(len(quotes), first + sum(1 for _ in likely))


def _unsaid(question: Question, shown: Sequence[Quote]) -> tuple[str, ...]:
    """Of a question that yes or no would answer, the words of which its quotes say nothing: «دمشق» in «هل قُصفت دمشق؟»
    where they tell of another town."""
    is_yes_no = question.kind == "yes_no" or (question.kind is None and question.text.rstrip().endswith(_MARKS))
    if not (shown and is_yes_no):
        return ()
    told = "\n".join(f"{quote.document.titled(quote.span)}\n{quote.text}" for quote in shown)
    return tuple(term.written for term in unsaid(question, told))


def _says(survey: Survey, candidate: Candidate) -> bool:
    return survey.is_said_by(candidate.text)


def _quote(question: Question, ranked: Ranked, place: int, beside: Iterable[Span]) -> Quote | None:
    """The quote of the candidate at a place of the ranking, ``beside`` those of its document; None where they show all
    of it."""
    candidate = ranked.candidates[place]
    document, several = candidate.document, question.several
    whole = is_cited(candidate, cited(question), question)
    span = shown(
        candidate, beside, several=several, whole=whole, likely=_likely(ranked, document) if several else frozenset()
    )
    if span is None:
        return None
    marks: tuple[Span, ...] = ()
    if not (several and is_of_list(candidate)):  # of a list all answers
        marks = marked(question, document.text, candidate.span, candidate.before, ranked.read_words(place))
    below_heading = Span(document.heading, len(document.text))
    return Quote(
        document=document,
        span=span,
        highlights=tuple(mark for mark in marks if span.holds(mark)),
        score=round(ranked.scores[place], 4),
        paragraph=paragraph_number(document.text, below_heading, _beginning(candidate, span)),
        probability=round(ranked.probability(place), 4),
        heading=heading_over(candidate, span, question),
    )


def _beginning(candidate: Candidate, shown: Span) -> int:
    """Where the sentence that answers begins or, where it is a heading, what is shown of it."""
    return candidate.span.start if shown.holds(candidate.span) else shown.start


def _likely(ranked: Ranked, document: Document) -> frozenset[Span]:
    """The sentences of a document that are likely enough to answer to be shown at once."""
    probable = takewhile(lambda place: ranked.probability(place) >= SUFFICIENT, range(len(ranked.candidates)))
    return frozenset(c.span for c in (ranked.candidates[place] for place in probable) if c.document.id == document.id)
