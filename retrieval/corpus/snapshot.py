"""What is asked of a corpus: its documents, their index, its words and what is near to them in meaning."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from retrieval.documents.furniture import bodies, repeated_lines
from retrieval.documents.kept.catalogue import Catalogue, Problem
from retrieval.documents.loaders.formats import ENDINGS
from retrieval.errors import CorpusError, UnreadableError
from retrieval.index import STEMS, Entry, Index
from retrieval.index.meaning import Meaning
from retrieval.index.memory import MemoryIndex
from retrieval.index.terms import Glued, entries, query
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Document, Hit, Period, Quote, Span
from retrieval.question.parsed import Question
from retrieval.ranking.features import Found
from retrieval.ranking.ranker import weight

PASSAGES = 15  # how many are read for their sentences at most
FIRST = 5  # how many are read however far they score below the best
LEAST = 0.6
"""Of the best passage's score, what further ones need to be read. Measured on 1,784 questions whose paragraph is among
the fifteen best: all but 27 of these are read, and half of the others; no figure of quality is lower."""

Progress = Callable[[str, int, int | None], None]
"""What is told of long work: the step, how many files or documents are done, and of how many, where that is known."""


def silent(_step: str, _done: int, _total: int | None) -> None:
    """Tells nobody."""


class Documents(Protocol):
    """The documents of a corpus, in memory or on disk."""

    @property
    def problems(self) -> Sequence[Problem]:
        """The files and lines that gave none."""

    @property
    def is_dated(self) -> bool:
        """Whether the day of publication of any is known."""

    def __len__(self) -> int:
        """How many there are."""

    def __iter__(self) -> Iterator[Document]:
        """Each, in the order of their files."""

    def some(self, start: int, count: int) -> Sequence[Document]:
        """Up to ``count`` of them in that order, from the one at ``start``, which is 0 for the first."""

    def get(self, document_id: str, version: str = "") -> Document | None:
        """The one with an id, in the version with a digest where there are two; None where it is gone."""

    def stored(self, document_id: str) -> Document:
        """One as it is stored now. Raises UnreadableError where it is gone or changed."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one reading of the disk gave: replaced as a whole, so that no answer mixes two readings."""

    documents: Documents
    index: Index
    vocabulary: Vocabulary
    meaning: Meaning

    def search(self, question: Question, period: Period | None = None) -> list[Found]:
        """The passages that share a term with the question, of all documents or of those of some days, best first."""
        if not question.terms:
            return []
        words = [term.word for term in question.terms]
        wanted = replace(query(words, self.meaning.near(words)), period=period)
        hits = _near_the_best(self.index.search(wanted, PASSAGES))
        found = ((self.documents.get(hit.passage.document_id, hit.passage.version), hit) for hit in hits)
        return [Found(document, hit) for document, hit in found if document]

    def weights(self, question: Question) -> list[float]:
        """How much of the question each of its words makes up."""
        return [weight(t.stem, self.index.frequency(STEMS, t.stem), len(self.index)) for t in question.terms]

    def knows(self, stem: str) -> bool:
        """Whether any passage holds a stem."""
        return self.index.frequency(STEMS, stem) > 0

    def is_stored(self, *quotes: Quote) -> bool:
        """The last check: whether the stored texts, read afresh, are those that were indexed and hold the quotes."""
        try:
            stored = {name: self.documents.stored(name) for name in {quote.document.id for quote in quotes}}
        except UnreadableError:
            return False
        return all(_holds(stored[quote.document.id], quote) for quote in quotes)


def _near_the_best(hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits that are worth reading. Scores below zero, as a small corpus gives, tell too little to leave any out."""
    if not hits or hits[0].score <= 0:
        return hits
    return [hit for place, hit in enumerate(hits) if place < FIRST or hit.score >= LEAST * hits[0].score]


def _holds(stored: Document, quote: Quote) -> bool:
    return stored.digest == quote.document.digest and quote.span.of(stored.text) == quote.text


class MemoryCorpus:
    """A corpus in memory, read anew at each start."""

    def __init__(self, path: Path) -> None:
        """Reads a folder or a file. Raises CorpusError where there is none."""
        self._path = path
        self._catalogue = Catalogue(path)
        self._corpus: Corpus | None = None
        self._glued: Glued = {}
        self._analysed: dict[tuple[int, Span], tuple[Document, list[Entry]]] = {}

    @property
    def characters(self) -> int:
        """How long all texts are together."""
        return sum(len(document.text) for document in self._catalogue)

    def read(self, settled: float = 0) -> bool:
        """Reads the files that changed; whether some are left for later, which were written in the last ``settled``
        seconds and may not be whole. Raises CorpusError where there is no corpus."""
        read = Catalogue(self._path, self._catalogue, settled)
        if read.is_new:
            self._catalogue = read
        return read.is_left

    def corpus(self) -> Corpus:
        """What was read, indexed. Raises CorpusError where nothing in it can be served."""
        if self._corpus is None or self._corpus.documents is not self._catalogue:
            self._corpus = self._indexed(self._catalogue)
        return self._corpus

    def verify(self) -> Iterator[str]:
        """Nothing is wrong with what was made at this start."""
        return iter(())

    def close(self) -> None:
        """Lets go of what it holds."""
        self._corpus = None

    def _indexed(self, catalogue: Catalogue) -> Corpus:
        if not catalogue.documents:
            raise CorpusError(nothing_in(catalogue.path, catalogue.problems))
        index = MemoryIndex()
        repeated = repeated_lines(catalogue)
        found = [(document, span) for document in catalogue for span in bodies(document, repeated)]
        counts = WordCounts()
        for document, span in found:
            counts.add(document.title)
            counts.add(span.of(document.text))
        vocabulary = counts.vocabulary(lambda stem: index.frequency(STEMS, stem) > 0)
        index.add(self._entries(found, vocabulary.glued()))
        return Corpus(catalogue, index, vocabulary, Meaning(vocabulary.spelled))

    def _entries(self, found: list[tuple[Document, Span]], glued: Glued) -> Iterator[Entry]:
        """The passages of documents; those of a document that was analysed before with the same words are at hand."""
        before = self._analysed if self._glued == glued else {}
        self._analysed, self._glued = {}, glued
        for document, span in found:
            key = id(document), span  # an unchanged document is the same object, and kept alive beside its entries
            known = before.get(key) or (document, list(entries(document, span, glued)))
            self._analysed[key] = known
            yield from known[1]


def read(path: Path) -> Corpus:
    """Reads and indexes a folder or a file in memory. Raises CorpusError where nothing in it can be served."""
    return MemoryCorpus(path).corpus()


def nothing_in(path: Path, problems: Sequence[Problem]) -> str:
    """What is said of a corpus that has no document."""
    if not problems:
        return f"no documents in {path}: put {', '.join(ENDINGS)} files there"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"no readable documents in {path}: {problems[0].reason}{more}"
