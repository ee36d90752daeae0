"""A question that wants news comes in, and the newest documents of a corpus on its subject go out."""

from collections.abc import Callable

from retrieval.composing.newest import about, news
from retrieval.corpus.snapshot import Corpus
from retrieval.model import Answer, Period, Quote
from retrieval.question.mending import mended
from retrieval.question.news import News
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
