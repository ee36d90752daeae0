"""What the chats are answered from, and where what was quoted to them is read again."""

from collections.abc import Collection
from datetime import date
from typing import Protocol

from retrieval import Cited
from retrieval.model import Answer, Document, Quote, Span, Verdict

COMMON = ""
"""The shelf of the library that all chats have in common."""


class Resolves(Protocol):
    """What resolves references to quotes: ``retrieval.Library.references`` does."""

    def resolve(self, reference: str) -> Cited | None:
        """What a reference shows; None where nobody knows it. Raises IqtibasError where what is kept cannot be read."""
        ...


class Asks(Protocol):
    """What answers questions, from any thread: ``retrieval.Library`` does."""

    @property
    def references(self) -> Resolves:
        """What references to its quotes show."""
        ...

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        """The answer to ``question``, of at most ``k`` quotes, or a refusal.

        ``previous``: what was searched for before it. ``now``: the day on which it was asked, by itself today.
        """
        ...

    def verify(self, text: str) -> Verdict:
        """What the sources say to a text, as a quotation of theirs."""
        ...

    def document(self, document_id: str, digest: str) -> Document | None:
        """A document, read afresh; None where it is gone or its text has changed."""
        ...

    def page_picture(self, document: Document, span: Span) -> bytes:
        """The page of a PDF on which a stretch of a document begins, as PNG, the stretch marked. Raises UnreadableError
        where it cannot be drawn, UnreachedError where another time it may be."""
        ...


class Holdings(Protocol):
    """The same for each chat by itself, which may have a shelf of its own beside what is common."""

    def ask(
        self,
        question: str,
        *,
        k: int = 3,
        previous: str | None = None,
        now: date | None = None,
        chat: int | None = None,
        files: Collection[int] = (),
    ) -> Answer:
        """The answer to a question asked in ``chat``; from ``files`` of it, by their ids, where those answer."""
        ...

    def verify(self, text: str, *, chat: int) -> Verdict:
        """What the sources of ``chat`` say to a text."""
        ...

    def cited(self, reference: str) -> Cited | None:
        """What a reference to a quote from what all chats have in common shows; None where nobody knows it. Raises
        IqtibasError where what is kept cannot be read."""
        ...

    def is_ready(self, chat: int) -> bool:
        """Whether all that ``chat`` is answered from can be asked at once."""
        ...

    def lacks_scans(self, chat: int) -> bool:
        """Whether scanned pages of a chat's own sources wait to be read, in which an answer may stand."""
        ...

    def make_ready(self, chat: int) -> None:
        """Prepare what is not ready. It may take long: not for a thread that others wait for."""
        ...

    def shelf_of(self, quote: Quote, chat: int) -> str:
        """Where a quote of an answer in ``chat`` comes from: ``COMMON``, or the name of a shelf of the chat's own."""
        ...

    def document(self, document_id: str, digest: str, *, shelf: str, chat: int) -> Document | None:
        """A document on a shelf that ``chat`` may see, read afresh; None where it is gone or its text has changed."""
        ...

    def page(self, quote: Quote, chat: int | None) -> str | None:
        """The address of the page on the web that shows a quote of an answer in ``chat`` where it stands; None where
        there is none, as for what is the chat's own."""
        ...

    def link(self, quote: Quote, chat: int | None) -> str | None:
        """The address that leads to a quote: its source's own or, where that has none, its page on the web."""
        ...

    def reference_page(self, reference: str) -> str | None:
        """The address of the page on the web that shows what a reference shows; None where there are no pages."""
        ...

    def page_picture(self, quote: Quote, *, shelf: str, chat: int) -> bytes:
        """The page on which a quote from a shelf that ``chat`` may see stands, as PNG, the quote marked. Raises
        UnreadableError where it cannot be drawn, UnreachedError where another time it may be."""
        ...
