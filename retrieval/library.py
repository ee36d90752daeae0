"""The library: opens a corpus and answers questions from it. The only place that wires the rest together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from threadpoolctl import threadpool_limits

from retrieval.answering.composing import MIN_CONFIDENCE, compose, nearest_sources
from retrieval.answering.dating import dated
from retrieval.answering.features import Found
from retrieval.answering.following import followed
from retrieval.answering.mending import mended
from retrieval.answering.question import Question, parse
from retrieval.answering.ranking import Ranker, ranker, weight
from retrieval.documents import Catalogue, Problem, bodies, repeated_lines
from retrieval.documents.loaders import ENDINGS
from retrieval.errors import CorpusError, EngineError, UnreadableError
from retrieval.index import STEMS, Index
from retrieval.index.meaning import Meaning
from retrieval.index.memory import MemoryIndex
from retrieval.index.terms import entries, query
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Answer, Document, Quote

ENGINES = ("auto", "memory")

PASSAGES = 15  # how many are read for their sentences


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one reading of the disk gave: replaced as a whole, so that no answer mixes two readings.

    ``published``: the days of publication of the documents that have one, by id.
    """

    catalogue: Catalogue
    index: Index
    vocabulary: Vocabulary
    meaning: Meaning
    published: Mapping[str, date]

    def search(self, question: Question, documents: frozenset[str] | None = None) -> list[Found]:
        """The passages that share a term with the question, of all documents or of some, best first."""
        if not question.terms:
            return []
        words = [term.word for term in question.terms]
        wanted = replace(query(words, self.meaning.near(words)), documents=documents)
        hits = self.index.search(wanted, PASSAGES)
        return [Found(self.catalogue.documents[hit.passage.document_id], hit) for hit in hits]

    def weights(self, question: Question) -> list[float]:
        """How much of the question each of its words makes up."""
        return [weight(t.stem, self.index.frequency(STEMS, t.stem), len(self.index)) for t in question.terms]

    def knows(self, stem: str) -> bool:
        """Whether any passage holds a stem."""
        return self.index.frequency(STEMS, stem) > 0

    def is_stored(self, quote: Quote) -> bool:
        """The last check: whether the stored text, read afresh, is the one that was indexed and holds the quote."""
        try:
            stored = self.catalogue.stored(quote.document.id)
        except UnreadableError:
            return False
        return stored.digest == quote.document.digest and quote.span.of(stored.text) == quote.text


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
        return tuple(self._corpus.catalogue.documents.values())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The files and lines that gave no document."""
        return tuple(self._corpus.catalogue.problems)

    @np.errstate(invalid="ignore")  # BLAS may raise this flag over what it reads past the end of short rows
    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        """The answer to a question: at most ``k`` quotes, each checked against the stored text, or a refusal.

        ``previous`` is what was searched for before (``Answer.searched``), whose subject a question that leans on
        it («ومتى؟») takes up. ``now`` is the day on which it is asked («اليوم»), by itself the machine's.
        """
        corpus = self._corpus
        parsed = parse(mended(followed(question, previous), corpus.vocabulary))
        today = now or datetime.now().astimezone().date()
        answer = dated(parsed.text, today, corpus.published, partial(self._answered, corpus, parsed, k))
        return replace(answer, question=question)

    def _answered(self, corpus: Corpus, question: Question, k: int, documents: frozenset[str] | None) -> Answer:
        """The answer that all documents give, or some."""
        found = corpus.search(question, documents)
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
        """Reads the corpus again. Raises CorpusError, and goes on with what it had, where nothing can be served."""
        self._corpus = read(self._path)

    def close(self) -> None:
        """Lets go of what the library holds. It answers no more."""
        del self._corpus


def read(path: Path) -> Corpus:
    """Reads and indexes a folder or a file. Raises CorpusError where nothing in it can be served."""
    catalogue = Catalogue(path)
    if not catalogue.documents:
        raise CorpusError(_nothing_in(path, catalogue.problems))
    index = MemoryIndex()
    documents = catalogue.documents.values()
    repeated = repeated_lines(documents)
    found = [(document, span) for document in documents for span in bodies(document, repeated)]
    counts = WordCounts()
    for document, span in found:
        counts.add(document.title)
        counts.add(span.of(document.text))
    vocabulary = counts.vocabulary(lambda stem: index.frequency(STEMS, stem) > 0)
    glued = vocabulary.glued()
    index.add(entry for document, span in found for entry in entries(document, span, glued))
    published = {document.id: document.published for document in documents if document.published}
    return Corpus(catalogue, index, vocabulary, Meaning(vocabulary.spelled), published)


def _nothing_in(path: Path, problems: list[Problem]) -> str:
    if not problems:
        return f"no documents in {path}: put {', '.join(ENDINGS)} files there"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"no readable documents in {path}: {problems[0].reason}{more}"
