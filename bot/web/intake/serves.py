"""What the web face answers from."""

from collections.abc import Sequence
from typing import Protocol

from bot.sources.holdings import Asks
from retrieval import Cited, Documents
from retrieval.model import Document, Quote, Span


class Resolves(Protocol):
    """What knows references: ``retrieval.Library.references`` does."""

    def resolve(self, reference: str) -> Cited | None:
        """What a reference shows; None where nobody knows it."""
        ...


class Serves(Asks, Protocol):
    """The common library: ``retrieval.Library`` is one."""

    @property
    def documents(self) -> Documents:
        """The documents that are served."""
        ...

    @property
    def not_read(self) -> tuple[str, ...]:
        """What could not be read, a line for each kind of reason."""
        ...

    @property
    def problems(self) -> Sequence[object]:
        """What could not be read, each by itself."""
        ...

    @property
    def references(self) -> Resolves:
        """What references to its quotes show."""
        ...

    def placed(self, document: Document, span: Span) -> Quote:
        """A stretch of a document with its place and the other sources of its words."""
        ...

    def titled(self, words: str, count: int) -> list[Document]:
        """Up to ``count`` documents by words of their titles."""
        ...
