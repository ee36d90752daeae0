"""What is asked of a corpus: its documents, their index, its words and what is near to them in meaning."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from retrieval.documents.kept.problems import Problem, gathered
from retrieval.documents.loaders.formats import ENDINGS
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.finding.search import Found, Vectors, on_subject, search, weights
from retrieval.index import Index
from retrieval.index.meaning import Meaning
from retrieval.index.vocabulary import Vocabulary
from retrieval.model import Document, Passage, Period, Quote
from retrieval.question.parsed import Question

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

    def newest(self, count: int, period: Period | None = None) -> Sequence[Document]:
        """Up to ``count`` of those whose day is known, of a period or of any, the newest first."""

    def get(self, document_id: str, version: str = "") -> Document | None:
        """The one with an id, in the version with a digest where there are two; None where it is gone."""

    def versioned(self, digest: str) -> Sequence[Document]:
        """Those of whose text the digest begins so."""

    def stored(self, document_id: str) -> Document:
        """One as it is stored now. Raises UnreadableError where it is gone or changed, UnreachedError where it cannot
        be read now."""

    def file(self, document_id: str) -> tuple[Path, str]:
        """The file of one, and the digest of the bytes that it was read of, where it was read apart, else "". Raises
        UnreadableError where there is none."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a look at the files found: how many documents there are now, how many of them are new or other than before,
    how many are gone, and what could not be read. ``again``: seconds after which it is to be looked again, for files
    that may not be whole, or could not be reached; None where only a change is waited for, and then it is false."""

    documents: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    problems: tuple[Problem, ...] = ()
    again: float | None = None

    def __str__(self) -> str:
        counts = f"documents={self.documents} added={self.added} changed={self.changed} removed={self.removed}"
        reasons = "; ".join(gathered(self.problems))
        return f"{counts} not_read={len(self.problems)}" + (f": {reasons}" if reasons else "")

    def __bool__(self) -> bool:
        return self.again is not None

    @property
    def is_change(self) -> bool:
        """Whether any document is another one than before."""
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What one reading of the disk gave: replaced as a whole, so that no answer mixes two readings."""

    documents: Documents
    index: Index
    vocabulary: Vocabulary
    meaning: Meaning
    passages: Callable[[], Iterator[tuple[Document, Passage]]]
    """All of them, as they are indexed, with their documents."""
    state: object
    """Another one after each change of what is served, for as long as the process runs."""
    vectors: Vectors | None = None
    is_followed: bool = False
    """Whether another process, on whatever machine, keeps it, and the vectors of its passages."""

    def search(self, question: Question, period: Period | None = None) -> list[Found]:
        """The passages worth reading, of all documents or of those of some days, best first."""
        return search(question, period, self.index, self.meaning, self.documents.get, self.vectors)

    def on_subject(self, question: Question, period: Period | None, k: int) -> list[Found]:
        """Up to ``k`` passages that share a word with a question, of all documents or of those of some days."""
        return on_subject(question, period, self.index, self.documents.get, k)

    def weights(self, question: Question) -> list[float]:
        """How much of the question each of its words makes up."""
        return weights(question, self.index)

    def stored(self, unreached: Callable[[UnreachedError], object], document_id: str) -> Document | None:
        """A document as it is stored now; None where it is gone, or cannot be read, of which ``unreached`` is told."""
        try:
            return self.documents.stored(document_id)
        except UnreachedError as error:
            unreached(error)
        except UnreadableError:
            pass
        return None

    def is_stored(self, *quotes: Quote, unreached: Callable[[UnreachedError], object] = lambda _: None) -> bool:
        """The last check: whether the stored texts, read afresh, are those that were indexed and hold the quotes.
        ``unreached`` is told of one that cannot be read now."""
        try:
            stored = {name: self.documents.stored(name) for name in {quote.document.id for quote in quotes}}
        except UnreadableError as error:
            if isinstance(error, UnreachedError):
                unreached(error)
            return False
        return all(_holds(stored[quote.document.id], quote) for quote in quotes)


class Source(Protocol):
    """Where a corpus comes from, in memory or on disk, and how it keeps up with its files."""

    @property
    def engine(self) -> str:
        """How it is kept: "memory", "disk" or "cluster"."""

    @property
    def is_empty(self) -> bool:
        """Whether it holds no document; told without indexing any."""

    def read(self, settled: float = 0, *, patient: bool = False) -> Refreshed:
        """Takes up what changed, and says what did. Files that were written in the last ``settled`` seconds are left
        for later; ``patient``: also those that could not be reached, until it is their time."""

    def corpus(self) -> Corpus:
        """What is served now. Raises CorpusError where there is nothing."""

    def faults(self) -> Iterator[str]:
        """What is wrong with it, a line each."""

    def close(self) -> None:
        """Lets go of what it holds."""


def _holds(stored: Document, quote: Quote) -> bool:
    return stored.digest == quote.document.digest and quote.span.of(stored.text) == quote.text


def nothing_in(path: Path, problems: Sequence[Problem]) -> str:
    """What is said of a corpus that has no document."""
    if not problems:
        return f"no documents in {path}: put {', '.join(ENDINGS)} files there"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"no readable documents in {path}: {problems[0].reason}{more}"
