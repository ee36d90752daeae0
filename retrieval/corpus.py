"""What is asked of a corpus: its documents, their index, its words and what is near to them in meaning."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from retrieval.answering.features import Found
from retrieval.answering.question import Question
from retrieval.answering.ranking import weight
from retrieval.documents import Catalogue, Problem, bodies, repeated_lines
from retrieval.documents.loaders import ENDINGS
from retrieval.errors import CorpusError, UnreadableError
from retrieval.index import STEMS, Index
from retrieval.index.meaning import Meaning
from retrieval.index.memory import MemoryIndex
from retrieval.index.terms import entries, query
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Document, Period, Quote

PASSAGES = 15  # how many are read for their sentences


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
        hits = self.index.search(wanted, PASSAGES)
        found = ((self.documents.get(hit.passage.document_id, hit.passage.version), hit) for hit in hits)
        return [Found(document, hit) for document, hit in found if document]

    def weights(self, question: Question) -> list[float]:
        """How much of the question each of its words makes up."""
        return [weight(t.stem, self.index.frequency(STEMS, t.stem), len(self.index)) for t in question.terms]

    def knows(self, stem: str) -> bool:
        """Whether any passage holds a stem."""
        return self.index.frequency(STEMS, stem) > 0

    def is_stored(self, quote: Quote) -> bool:
        """The last check: whether the stored text, read afresh, is the one that was indexed and holds the quote."""
        try:
            stored = self.documents.stored(quote.document.id)
        except UnreadableError:
            return False
        return stored.digest == quote.document.digest and quote.span.of(stored.text) == quote.text


def read(path: Path, before: Documents | None = None) -> Corpus:
    """Reads and indexes a folder or a file in memory. Raises CorpusError where nothing in it can be served.

    ``before``: its documents as they were read earlier; a file that did not change since is not read again.
    """
    catalogue = Catalogue(path, before if isinstance(before, Catalogue) else None)
    if not catalogue.documents:
        raise CorpusError(nothing_in(path, catalogue.problems))
    index = MemoryIndex()
    repeated = repeated_lines(catalogue)
    found = [(document, span) for document in catalogue for span in bodies(document, repeated)]
    counts = WordCounts()
    for document, span in found:
        counts.add(document.title)
        counts.add(span.of(document.text))
    vocabulary = counts.vocabulary(lambda stem: index.frequency(STEMS, stem) > 0)
    glued = vocabulary.glued()
    index.add(entry for document, span in found for entry in entries(document, span, glued))
    return Corpus(catalogue, index, vocabulary, Meaning(vocabulary.spelled))


def nothing_in(path: Path, problems: Sequence[Problem]) -> str:
    """What is said of a corpus that has no document."""
    if not problems:
        return f"no documents in {path}: put {', '.join(ENDINGS)} files there"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"no readable documents in {path}: {problems[0].reason}{more}"
