"""What stands under a heading, under the question of an FAQ, under the names of a table's columns; and what stands over
a sentence. A heading is no answer: what is shown of it is what stands under it. Spans count characters of the document.
"""

from collections.abc import Iterator
from itertools import takewhile

from retrieval.model import Part, Span
from retrieval.ranking.features import Candidate
from retrieval.segmentation import LONGEST_SENTENCE, paragraphs, sentences

WHOLE = 400  # characters of an answer that is shown whole, whichever of its sentences was found


def is_head(candidate: Candidate) -> bool:
    """Whether a sentence is the heading of something, or names the columns of a table."""
    return candidate.document.part_at(candidate.span) is not None


def heading_over(candidate: Candidate, shown: Span) -> Span | None:
    """What is shown over a quote of a candidate: itself where it is a heading, the question that it answers, the names
    of the columns where it is a row."""
    document = candidate.document
    part = document.part_at(candidate.span)
    if part and not shown.holds(candidate.span):
        return part.span
    over = document.part_over(candidate.span, "question") or document.part_over(candidate.span, "columns")
    return over.span if over and not shown.holds(over.span) else None


def whole_below(candidate: Candidate, body: Span) -> Span | None:
    """What is shown in place of a sentence, within the ``body`` of its document: of a heading what stands under it, as
    much as may be shown; of a short answer to a question all. None where it is the sentence that is shown."""
    document, sentence = candidate.document, candidate.span
    if part := document.part_at(sentence):
        return _fitting(document.text, part, body)
    question = document.part_over(sentence, "question")
    whole = question and question.under and _common(question.under, body)
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
