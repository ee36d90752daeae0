"""Days of publication that a question asks for: «ماذا أعلن اليوم؟», «في 2017», «آخر خبر».

Days named from today are the sources' own, so what was published then is asked first, and the rest only where that
holds no answer. A date named outright may be the day of what is told in a source of any day, so what was published then
is only preferred: where it answers about as surely.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from retrieval.arabic.periods import asks_newest, days_named, period_of
from retrieval.model import Answer, Period
from retrieval.question.parsed import Question, parse

Answered = Callable[[Question, Period | None], Answer]
"""The answer that the documents give to a question that were published in a period; all documents without one."""

LEAST_TOLD = 12  # words
AS_SURELY = 0.1  # of confidence
ABOUT_AS_GOOD = 3.0  # of the score of a sentence: so near, the newer one goes first
_WORD = re.compile(r"\S+")


def dated(question: Question, today: date, answered: Answered) -> Answer:
    """The answer to a question that may ask for days. In a text that asks nothing, «اليوم» is its writer's day."""
    answer = answered(question, None)
    if is_told(question):
        return answer
    period = period_of(question.text, today)
    if period:
        undated = without_days(question, period, today)
        of_then = replace(answered(undated, period), question=question.text, searched=question.text)
        least = 0.0 if period.is_relative else answer.confidence - AS_SURELY
        if of_then.found and of_then.confidence >= least:
            answer = replace(of_then, period=period, in_period=True)
        elif period.is_relative and answer.found:
            answer = replace(answer, period=period, in_period=False)
    return newest_first(answer) if asks_newest(question.text) else answer


def without_days(question: Question, period: Period, today: date) -> Question:
    """What a question asks of documents of a period: it without the words that name that, of which their texts need
    say nothing. As it is, where nothing would be left to look for."""
    spans = [match.span() for match in _WORD.finditer(question.text)]
    named = days_named(question.text, spans, period, today)
    if named is None:
        return question
    (start, end), said = named, question.text.split()
    mark = "؟" if end == len(said) and said[-1].endswith(("؟", "?")) else ""
    undated = parse(" ".join([*said[:start], *said[end:]]) + mark)
    return undated if undated.terms else question


def is_told(question: Question) -> bool:
    """Whether it is no question but a stretch of some text: long, and it asks nothing."""
    text = question.text.rstrip()
    return question.kind is None and len(text.split()) >= LEAST_TOLD and not text.endswith(("؟", "?"))


def newest_first(answer: Answer) -> Answer:
    """The answer with those of its quotes that are about as good as the first in the order of their days, if more than
    one of them has a day."""
    good = [quote for quote in answer.quotes if quote.score >= answer.quotes[0].score - ABOUT_AS_GOOD]
    others = [quote for quote in answer.quotes if quote not in good]  # what differs does not stand by its score
    if len({quote.document.published for quote in good} - {None}) < 2:
        return answer
    ordered = sorted(good, key=lambda quote: quote.document.published or date.min, reverse=True)
    shown = max(answer.shown, len(ordered))
    return replace(answer, quotes=(*ordered, *others), newest_first=True, shown=shown)
