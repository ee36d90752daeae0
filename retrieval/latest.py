"""A question that wants news comes in, and the newest documents of a corpus on its subject go out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from retrieval.composing.newest import about, news
from retrieval.corpus.snapshot import Corpus
from retrieval.model import Answer, Period, Quote
from retrieval.question.mending import mended
from retrieval.question.news import News, news_meant
from retrieval.question.parsed import parse

READ = 400
"""Passages in which the newest documents on a subject are looked for."""


def latest(corpus: Corpus, question: str, wanted: News, k: int, is_stored: Callable[[Quote], bool]) -> Answer | None:
    """The newest on a subject, of the days that are meant or, where nothing is of those, of any, which is said; of days
    that are named outright, without a subject, only what was published then. None where there is nothing: it may be
    told of elsewhere."""

    def told(period: Period | None) -> Answer | None:
        if wanted.subject:
            asked = parse(mended(wanted.subject, corpus.vocabulary))
            documents = about(asked.text, corpus.on_subject(asked, period, READ))
        else:
            documents = list(corpus.documents.newest(k, period))
        return news(question, documents, k, wanted.period, is_stored)

    answer = told(wanted.period)
    may_be_older = wanted.period and (wanted.subject or wanted.period.is_relative)
    return told(None) if answer is None and may_be_older else answer


def instead(corpus: Corpus, answer: Answer, question: str, wanted: News | None, k: int, today: date) -> Answer:
    """An answer or, in place of a refusal, the newest on what it may have been news about («وش صار في عدن؟»); else of
    which days there are none, where news of those were ``wanted``, whatever about."""
    if answer.found or answer.unreachable or not corpus.documents.is_dated:
        return answer
    meant = news_meant(question, today)
    if meant and (told := latest(corpus, question, meant, k, corpus.is_stored)):
        return told
    return replace(answer, period=wanted.period) if wanted and not wanted.subject else answer
