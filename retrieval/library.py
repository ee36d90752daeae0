"""The library: opens a corpus and answers questions from it. The only place that wires the rest together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from threadpoolctl import threadpool_limits

from retrieval.answering.composing import MIN_CONFIDENCE, compose, nearest_sources
from retrieval.answering.dating import dated
from retrieval.answering.following import followed
from retrieval.answering.mending import mended
from retrieval.answering.question import Question, parse
from retrieval.answering.ranking import Ranker, ranker
from retrieval.corpus import Corpus, read
from retrieval.documents import Problem
from retrieval.errors import EngineError
from retrieval.model import Answer, Document, Period

ENGINES = ("auto", "memory")


class Library:
    """A corpus that answers. Safe to ask from many threads; refreshed and closed from one."""

    def __init__(self, path: Path, corpus: Corpus, min_confidence: float, ranker: Ranker) -> None:
        """``corpus`` is what ``read(path)`` gave. ``open`` is for those who have a path only.

        From here on numpy works on one thread in this process: the matrices are small, so that threads of its own
        cost several times what they save, and more where many ask at once.
        """
        threadpool_limits(1, user_api="blas")
        self._path = path
        self._corpus = corpus
        self._min_confidence = min_confidence
        self._ranker = ranker

    @classmethod
    def open(cls, path: Path | str, *, engine: str = "auto", min_confidence: float | None = None) -> Self:
        """Opens a folder or a file of documents.

        ``min_confidence`` (0 to 1) is the confidence below which it refuses; None takes the measured one.
        Raises CorpusError where there is no corpus or nothing in it can be served, EngineError for an engine
        that is not there. Files that cannot be read are in ``problems``, and the rest is served.
        """
        if engine not in ENGINES:
            raise EngineError(f"no engine {engine!r}: choose {' or '.join(ENGINES)}")
        confident = MIN_CONFIDENCE if min_confidence is None else min_confidence
        return cls(Path(path), read(Path(path)), confident, ranker())

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that are served, in the order of their paths."""
        return tuple(self._corpus.documents)

    @property
    def problems(self) -> Sequence[Problem]:
        """The files and lines that gave no document."""
        return tuple(self._corpus.documents.problems)

    @np.errstate(invalid="ignore")  # BLAS may raise this flag over what it reads past the end of short rows
    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        """The answer to a question: at most ``k`` quotes, each checked against the stored text, or a refusal.

        ``previous`` is what was searched for before (``Answer.searched``), whose subject a question that leans on
        it («ومتى؟») takes up. ``now`` is the day on which it is asked («اليوم»), by itself the machine's.
        """
        corpus = self._corpus
        parsed = parse(mended(followed(question, previous), corpus.vocabulary))
        answered = partial(self._answered, corpus, parsed, k)
        today = now or datetime.now().astimezone().date()
        answer = dated(parsed.text, today, answered) if corpus.documents.is_dated else answered(None)
        return replace(answer, question=question)

    def _answered(self, corpus: Corpus, question: Question, k: int, period: Period | None) -> Answer:
        """The answer that all documents give, or those of some days."""
        found = corpus.search(question, period)
        return compose(
            question,
            self._ranker.rank(question, corpus.weights(question), found),
            k=k,
            min_confidence=self._min_confidence,
            nearest=nearest_sources(found),
            is_known=corpus.knows,
            is_stored=corpus.is_stored,
        )

    def refresh(self) -> None:
        """Reads what changed. Raises CorpusError, and goes on with what it had, where nothing can be served."""
        self._corpus = read(self._path, self._corpus.documents)

    def close(self) -> None:
        """Lets go of what the library holds. It answers no more."""
        del self._corpus
