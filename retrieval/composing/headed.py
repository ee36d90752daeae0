"""What stands under a heading, under the question of an FAQ, under the names of a table's columns; and what stands over
a sentence. A heading is no answer: what is shown of it is what stands under it. Spans count characters of the document.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from retrieval.arabic import fold_text
from retrieval.arabic.analysis import content_words, stem
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.composing.cited import cited, is_cited
from retrieval.model import Part, Span
from retrieval.question.alike import ask_alike, asks_else, denied, denies
from retrieval.question.parsed import Question, parse
from retrieval.ranking.features import Candidate
from retrieval.ranking.ranker import Ranked
from retrieval.segmentation import LONGEST_SENTENCE, paragraphs, sentences

_EMPTY = frozenset(fold_text(" ".join(table("faq")["empty"])).split())
_ASKS = ("؟", "?")
LONGEST_ANSWER = 1000  # characters of a document that is the answer to its title
SURE = 0.9  # the probability of what answers, in an FAQ, the very question that is asked
DENIED = 5  # sentences, the best, of which one may deny what is asked
_OF_HEADINGS = (None, "thing")  # kinds of questions that what stands under a heading answers
HEADING = 2  # words of a heading, at least, that name what stands under it
REMEMBERED = 512  # questions of documents
WHOLE = 400  # characters of an answer that is shown whole, whichever of its sentences was found


def is_head(candidate: Candidate) -> bool:
    """Whether a sentence is the heading of something, or names the columns of a table."""
    return candidate.document.part_at(candidate.span) is not None


def heading_over(candidate: Candidate, shown: Span, question: Question) -> Span | None:
    """What is shown over a quote of a candidate: itself where it is a heading, the question that it answers, the names
    of the columns where it is a row; the heading over it, where that says something of the question which the quote
    does not."""
    document = candidate.document
    part = document.part_at(candidate.span)
    if part and not shown.holds(candidate.span):
        return part.span
    over = document.part_over(candidate.span, "question") or document.part_over(candidate.span, "columns")
    if over is None and (heading := document.part_over(candidate.span, "heading")):
        said = _stems(heading.span.of(document.text)) - _stems(shown.of(document.text))
        over = heading if said.intersection(_stems_of(question)) else None
    return over.span if over and not shown.holds(over.span) else None


def same_question_first(question: Question, ranked: Ranked) -> Ranked:
    """The same, with what answers a question of an FAQ first, and surely, where that is the question that is asked; or
    with the article («المادة 4») whose text is asked for, the row of a table, or what stands under a heading."""
    label = cited(question)
    place = next(
        (
            place
            for place, one in enumerate(ranked.candidates)
            if _answers(one, question)
            or is_cited(one, label, question)
            or _is_asked_row(one, question)
            or _is_under_asked_heading(one, question)
        ),
        None,
    )
    return ranked if place is None else _put_first(ranked, place, max(SURE, ranked.confidence))


def without_other_questions(question: Question, ranked: Ranked) -> Ranked:
    """The same without what answers, in an FAQ, a question of something else than is asked."""
    return ranked.only(lambda candidate: not _answers_another(candidate, question)) if ranked.candidates else ranked


def _answers_another(candidate: Candidate, question: Question) -> bool:
    document = candidate.document
    part = document.part_over(candidate.span, "question")
    if part and part.under:
        asked, told = part.span.of(document.text), f"{document.title}\n{part.under.of(document.text)}"
        return asks_else(question, asked, told)
    is_answer = document.title.rstrip().endswith(_ASKS) and len(document.text) <= LONGEST_ANSWER
    return is_answer and asks_else(question, document.title, document.text)


def denied_first(question: Question, ranked: Ranked) -> Ranked:
    """The same, with what denies the word that a question denies («من لا يشمله النظام؟») before what does not, where
    both are of one document and among the best."""
    if not ranked.candidates or (term := denied(question)) is None:
        return ranked
    first, *others = ranked.candidates[:DENIED]
    if denies(first.text, term):
        return ranked
    same = (place for place, one in enumerate(others, 1) if one.document.digest == first.document.digest)
    place = next((place for place in same if denies(ranked.candidates[place].text, term)), None)
    return ranked if place is None else _put_first(ranked, place, ranked.confidence)


def _put_first(ranked: Ranked, place: int, sure: float) -> Ranked:
    order = [place, *(other for other in range(len(ranked.candidates)) if other != place)]
    return Ranked(
        tuple(ranked.candidates[own] for own in order),
        tuple(sorted(ranked.scores, reverse=True)),
        sure,
        (sure, *(min(ranked.probability(other), 1 - sure) for other in order[1 : len(ranked.probabilities)])),
        tuple(ranked.words[own] for own in order) if ranked.words else (),
    )


def _answers(candidate: Candidate, question: Question) -> bool:
    """Whether a sentence stands under the very question that is asked, but for words that say nothing in it, or under
    the same in other words; be that of an FAQ, or the title of a document that is its answer."""
    document = candidate.document
    part = document.part_over(candidate.span, "question")
    asked = part.span.of(document.text) if part else document.title
    if not part and (not asked.rstrip().endswith(_ASKS) or len(document.text) > LONGEST_ANSWER):
        return False
    own = _parsed(asked)
    is_alike = own.kind == question.kind and _stems_of(own) == _stems_of(question)
    is_same = is_alike and bool(question.terms) and _others(own) ^ _others(question) <= _EMPTY
    return is_same or ask_alike(own, question)


def _is_asked_row(candidate: Candidate, question: Question) -> bool:
    """Whether a sentence is the row of a table that is asked for by a name in it and the name of a column, and by
    nothing else that neither has, nor the title."""
    document = candidate.document
    if (columns := document.part_over(candidate.span, "columns")) is None:
        return False
    asked, own, above = set(_stems_of(question)), _stems(candidate.text), _stems(columns.span.of(document.text))
    return bool(asked & own - above) and bool(asked & above - own) and asked <= own | above | _stems(document.title)


def _is_under_asked_heading(candidate: Candidate, question: Question) -> bool:
    """Whether a sentence is the first under a heading of which all is asked for («ما شروط الدخول إلى المستشفى؟»), and
    nothing that neither it has nor the title; where a day, a number, a person or a reason is asked for, not that."""
    document = candidate.document
    part = document.part_over(candidate.span, "heading")
    if part is None or part.under is None or question.kind not in _OF_HEADINGS:
        return False
    is_first = not document.text[part.under.start : candidate.span.start].strip()
    asked, own = set(_stems_of(question)), _stems(part.span.of(document.text))
    return is_first and len(own) >= HEADING and own <= asked <= own | _stems(document.title)


def _stems_of(question: Question) -> list[str]:
    return [term.stem for term in question.terms]


def _others(question: Question) -> set[str]:
    """The words of a question that are not searched for: «لا», «قبل», and the one that asks."""
    return set(folded_words(question.text)).difference(fold_text(term.written) for term in question.terms)


@lru_cache(REMEMBERED)
def _parsed(text: str) -> Question:
    return parse(text)


def rows_for_columns(question: Question, ranked: Ranked) -> Ranked:
    """The same, with a row in place of the names of its table's columns, where the question names one: the best of
    those that hold a word of it which the columns do not."""
    candidates = list(ranked.candidates)
    rows = dict(_rows_named(question, candidates))
    if not rows:
        return ranked
    order = [rows.get(place, place) for place in range(len(candidates))]
    taken = set(rows.values())
    places = [(own, place) for place, own in enumerate(order) if place not in taken or place in rows]
    return Ranked(
        tuple(candidates[own] for own, _ in places),
        tuple(ranked.scores[place] for _, place in places),
        ranked.confidence,
        tuple(ranked.probabilities[place] for _, place in places if place < len(ranked.probabilities)),
        tuple(ranked.words[own] for own, _ in places) if ranked.words else (),
    )


def _rows_named(question: Question, candidates: Sequence[Candidate]) -> Iterator[tuple[int, int]]:
    """The places of columns' names, each with that of the row which stands for them, further down."""
    taken: set[int] = set()
    for place, candidate in enumerate(candidates):
        part = candidate.document.part_at(candidate.span)
        if part is None or part.role != "columns" or part.under is None:
            continue
        asked = {term.stem for term in question.terms}.difference(_stems(candidate.text))
        for row in range(place + 1, len(candidates)):
            other = candidates[row]
            is_row = other.document.digest == candidate.document.digest and part.under.holds(other.span)
            if is_row and row not in taken and asked.intersection(_stems(other.text)):
                taken.add(row)
                yield place, row
                break


def _stems(text: str) -> set[str]:
    return set(map(stem, content_words(text)))


def whole_below(candidate: Candidate, body: Callable[[Candidate], Span]) -> Span | None:
    """What is shown in place of a sentence, within its ``body`` of the document: of a heading what stands under it, as
    much as may be shown; of a short answer to a question all. None where it is the sentence that is shown."""
    document, sentence = candidate.document, candidate.span
    if part := document.part_at(sentence):
        return _fitting(document.text, part, body(candidate))
    question = document.part_over(sentence, "question")
    whole = question and question.under and _common(question.under, body(candidate))
    return whole if whole and whole.end - whole.start <= WHOLE else None


def _fitting(text: str, part: Part, body: Span) -> Span | None:
    under = part.under and _common(part.under, body)
    if under is None:
        return None
    ends = takewhile(lambda end: end - under.start <= LONGEST_SENTENCE, _ends(text, under, part))
    return Span(under.start, max(ends, default=0) or under.end) if under else None


def _ends(text: str, under: Span, part: Part) -> Iterator[int]:
    """Where what is shown of a stretch may end: with its first paragraph and, of rows and of what that leads in to,
    with each further one; of a paragraph that is too long, with its sentences."""
    first, *others = paragraphs(text, under)
    if first.end - first.start > LONGEST_SENTENCE:
        yield from (sentence.end for sentence in sentences(text, first))
        return
    yield first.end
    if part.role == "columns" or first.of(text).rstrip().endswith(":"):
        yield from (other.end for other in others)


def _common(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None
