"""A question comes in, and the answer of a corpus goes out: worked out, or as it was given lately."""

import logging
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from math import inf
from typing import Protocol

from retrieval.composing.answer import compose
from retrieval.corpus.snapshot import Corpus
from retrieval.errors import EngineError, UnreachedError
from retrieval.finding.search import Found
from retrieval.latest import instead, latest
from retrieval.model import Answer, Period
from retrieval.question.dating import dated
from retrieval.question.latin import arabized, names_in
from retrieval.question.mending import meant, mended
from retrieval.question.news import news_wanted
from retrieval.question.parsed import Question, parse
from retrieval.question.readings import Following, following
from retrieval.ranking.ranker import Ranked
from retrieval.recent import Recent, Remembered

log = logging.getLogger(__name__)

ANSWERS = 512
"""Answers that are remembered until the corpus changes."""


class Ranks(Protocol):
    """What ranks the sentences of the passages found, and how sure it must be to answer."""

    @property
    def least(self) -> float:
        """The measured confidence below which it is better to refuse."""

    def rank(self, question: Question, weights: Sequence[float], found: Sequence[Found]) -> Ranked:
        """The sentences, best first."""


class Answering:
    """Answers questions, and remembers answers for as long as what is served stays the same. Safe to use from many
    threads."""

    def __init__(self, ranker: Ranks, min_confidence: float) -> None:
        self._ranker, self._min_confidence = ranker, min_confidence
        self._recent: Recent[Remembered] = Recent(ANSWERS)

    def answer(self, served: Callable[[], Corpus], question: str, k: int, previous: str | None, today: date) -> Answer:
        """The answer of the corpus that is ``served``, as ``Library.ask`` says."""
        since = self._recent.cleared
        corpus = served()  # only now: an answer never stands for a later corpus
        try:
            read, last = (arabized(text, corpus.vocabulary) for text in (question, previous or ""))
            joined = Following((read,)) if news_wanted(read, today) else following(read, last)
            work = partial(self._followed, corpus, read, joined, k, today, since)
            answer = self._remembered(corpus, (read, joined, k, today), since, work)
            return replace(answer, question=question)
        except EngineError as error:  # a cluster that is away
            log.warning("%s", error)
            return Answer(question, question, unreachable=True)

    def forget(self) -> None:
        """Lets go of what was asked and answered; what is being answered is not kept. To be called once another corpus
        is served."""
        self._recent.clear()

    def _followed(self, corpus: Corpus, question: str, joined: Following, k: int, today: date, since: int) -> Answer:
        """The answer to a question, ``joined`` to what it leans on; by itself where only that answers it."""

        def ask(text: str) -> Answer:
            work = partial(self._worked_out, corpus, text, k, today)
            return self._remembered(corpus, (text, Following((text,)), k, today), since, work)

        answer = joined.answered(question, ask, partial(self._answered, corpus, k, 0, parse(question), None))
        if answer.found or answer.unreachable:
            return answer
        repaired = meant(answer.searched, corpus.vocabulary, partial(self._worked_out, corpus, k=1, today=today))
        return replace(answer, meant=repaired)

    def _remembered(self, corpus: Corpus, asked: Hashable, since: int, work: Callable[[], Answer]) -> Answer:
        """The answer to what was ``asked``, as it was given since ``since`` if it was; else what ``work`` gives."""
        remembered = self._recent.get(asked)
        answer = remembered.told(corpus.documents.get) if remembered else None
        if answer is None or not corpus.is_stored(*answer.quotes, *answer.openings):
            answer = work()
            # what is no quote could not be checked again
            if not answer.unreachable and not any(quote.also for quote in answer.quotes):
                self._recent.keep(asked, Remembered.of(answer), since)
        return answer

    def _worked_out(self, corpus: Corpus, question: str, k: int, today: date) -> Answer:
        """The answer to a question that leans on nothing."""
        wanted = news_wanted(question, today) if corpus.documents.is_dated else None
        if wanted and (answer := latest(corpus, question, wanted, k, corpus.is_stored)):
            return answer
        names = names_in(question, corpus.vocabulary)
        read = names.text if names else arabized(question, corpus.vocabulary)
        parsed = parse(mended(read, corpus.vocabulary))
        # what is asked of the names was not all read: nothing is sure to answer it
        answered = partial(self._answered, corpus, k, 0 if names is None or names.is_whole else inf)
        answer = dated(parsed, today, answered) if corpus.documents.is_dated else answered(parsed, None)
        return replace(instead(corpus, answer, question, wanted, k, today), names_only=names is not None)

    def _answered(
        self, corpus: Corpus, k: int, least: float, question: Question, period: Period | None, own: str | None = None
    ) -> Answer:
        """The answer of all documents, of those of some days or of one, its ``own``; as sure as ``least``, too."""
        found = [one for one in corpus.search(question, period) if own in (None, one.document.id)]
        unreached: list[UnreachedError] = []
        answer = compose(
            question,
            self._ranker.rank(question, corpus.weights(question), found),
            k=k,
            min_confidence=max(least, self._min_confidence),
            found=found,
            is_stored=partial(corpus.is_stored, unreached=unreached.append),
        )
        return replace(answer, unreachable=bool(unreached) and not answer.found)
