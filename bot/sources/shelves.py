"""What a chat is answered from: the shelf that all have in common, and its own."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bot.sources.addresses import page_of, reference_page
from bot.sources.citation import link
from bot.sources.holdings import COMMON, Asks
from bot.sources.private import PrivateLibraries
from retrieval import Cited
from retrieval.errors import UnreadableError
from retrieval.model import Answer, Document, Quote, Verdict

_WORST_FIRST = ("absent", "altered", "pieced", "spelling", "exact")

AMONG, LIKELY = 10, 0.1
"""Among how many quotes those of a file that was just given are looked for, and how likely the first of them must be to
answer, measured by the first of all: another edition of the same text leaves it little, one that does not answer less
than a hundredth."""

OWN = "own"
"""The shelf of a chat's own library."""


class Shelves:
    """What a chat is answered from: the common library and its own, and the more confident of the two answers.

    These are ``bot.sources.holdings.Holdings``.
    """

    def __init__(self, common: Asks, private: PrivateLibraries, site: str | None = None) -> None:
        """``site``: where readers reach the pages of the common library, if they do."""
        self._common, self._private, self._site = common, private, site

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
        """The answer to a question asked in ``chat``; by itself from the common library alone. Where neither has one,
        that a library cannot be reached counts more than that nothing was found. What ``files`` of the chat answer
        goes before all else."""
        own = self._private.of(chat) if chat is not None else None
        if own is None:
            return self._common.ask(question, k=k, previous=previous, now=now)
        theirs = own.ask(question, k=max(k, AMONG) if files else k, previous=previous, now=now)
        if of_files := _of_files(theirs, files):
            return replace(of_files, quotes=of_files.quotes[:k])
        theirs = replace(theirs, quotes=theirs.quotes[:k])
        answer = self._common.ask(question, k=k, previous=previous, now=now)
        return max(theirs, answer, key=lambda one: (one.found, one.unreachable, one.confidence))

    def verify(self, text: str, *, chat: int) -> Verdict:
        """What the common library or the chat's own says to a text: of the two what lets more of it stand."""
        own = self._private.of(chat)
        verdicts = [library.verify(text) for library in ([own] if own else []) + [self._common]]
        return max(verdicts, key=_standing)

    def cited(self, reference: str) -> Cited | None:
        """What a reference shows; there are none to what is a chat's own."""
        return self._common.references.resolve(reference)

    def is_ready(self, chat: int) -> bool:
        """Whether all that ``chat`` is answered from can be asked at once."""
        return self._private.is_ready(chat)

    def lacks_scans(self, chat: int) -> bool:
        """Whether scanned pages of the chat's own library wait to be read."""
        return bool(self._private.waiting(chat))

    def make_ready(self, chat: int) -> None:
        """Prepare the chat's own library, if it has one that is not ready."""
        self._private.make_ready(chat)

    def shelf_of(self, quote: Quote, chat: int) -> str:
        """``COMMON``, or ``OWN`` where the chat's own library holds what is quoted."""
        held = self.document(quote.document.id, quote.document.digest, shelf=OWN, chat=chat)
        return OWN if held == quote.document else COMMON

    def document(self, document_id: str, digest: str, *, shelf: str, chat: int) -> Document | None:
        """A document that ``chat`` may see, read afresh; None where it is gone or its text has changed."""
        library = self._library(shelf, chat)
        return library.document(document_id, digest) if library else None

    def page(self, quote: Quote, chat: int | None) -> str | None:
        """The page on the web of a quote from the common library, where there are pages; a chat's own has none."""
        is_common = chat is None or self.shelf_of(quote, chat) == COMMON
        return self._site + page_of(quote) if self._site and is_common else None

    def link(self, quote: Quote, chat: int | None) -> str | None:
        """The address that leads to a quote: its source's own or, where that has none, its page on the web."""
        return link(quote) or self.page(quote, chat)

    def reference_page(self, reference: str) -> str | None:
        """The page on the web of a reference, where there are pages."""
        return self._site + reference_page(reference) if self._site else None

    def page_picture(self, quote: Quote, *, shelf: str, chat: int) -> bytes:
        """The page on which a quote from a shelf that ``chat`` may see stands, as PNG, the quote marked. Raises
        UnreadableError where it cannot be drawn, UnreachedError where another time it may be."""
        if library := self._library(shelf, chat):
            return library.page_picture(quote.document, quote.span)
        raise UnreadableError(f"{quote.document.id}: no longer there")

    def _library(self, shelf: str, chat: int) -> Asks | None:
        return self._common if shelf == COMMON else self._private.of(chat)


def _of_files(answer: Answer, files: Collection[int]) -> Answer | None:
    """An answer without what other files say; None where these do not answer."""
    names = tuple(f"{file}/" for file in files)
    quotes = tuple(quote for quote in answer.quotes if quote.document.id.startswith(names))
    if not quotes or quotes[0].probability < LIKELY * answer.quotes[0].probability:
        return None
    is_whole = quotes[: answer.shown] == answer.at_once
    return answer if is_whole else replace(answer, quotes=quotes, shown=1, differ=False, newest_first=False)


def _standing(verdict: Verdict) -> tuple[int, bool, int, int]:
    """How much of a text stands, for two verdicts to be compared."""
    absent = sum(sentence.kind == "absent" for sentence in verdict.sentences)
    changes = sum(len(sentence.changes) for sentence in verdict.sentences)
    return _WORST_FIRST.index(verdict.kind), verdict.unreachable, -absent, -changes
