"""The page Sources: the documents, some at a time, or those with words in their titles; and what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.phrases import Phrases
from bot.showing.cards import TITLE_LIMIT, shortened
from bot.sources.addresses import document_page
from bot.web.intake.desk import Desk
from bot.web.intake.requests import number_of, text_of
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from bot.web.pages.rendering import Rendering, host_of, page, says_of
from retrieval.model import Document

ON_A_PAGE = 20
FOUND = 50
"""Documents that a search by title gives at most."""
LONGEST = 200
"""Characters of what is searched for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A document in the list."""

    title: str
    page: str
    day: str
    site: str
    size: str


class Listing:
    """Lists the documents of a library, ``desk`` doing the work. A page is made as it is asked for, so never old."""

    def __init__(self, library: Serves, desk: Desk, rendering: Rendering, visitors: Visitors) -> None:
        self._library, self._desk, self._rendering, self._visitors = library, desk, rendering, visitors

    async def show(self, request: web.Request) -> web.Response:
        """A page of the list, by its number from 1, or what a search finds."""
        words = text_of(request.query, "title", LONGEST).strip()
        if words:
            self._visitors.count_question(request)
        number = number_of(request.query, "page") or 1
        return page(await self._desk.read(partial(self._page, words, number, says_of(request))))

    def _page(self, words: str, number: int, says: Phrases) -> str:
        """On the desk."""
        count = len(self._library.documents)
        last = max(1, -(-count // ON_A_PAGE))
        at = min(max(number, 1), last)
        documents = self._found(words, at)
        says = says.beside(*(document.title for document in documents))
        return self._rendering.html(
            "sources.html",
            says,
            "/sources" if at == 1 else f"/sources?page={at}",
            rows=[_row(document, says) for document in documents],
            words=words,
            longest=LONGEST,
            count=count,
            at=at,
            last=last,
            not_read=self._library.not_read,
            problems=len(self._library.problems),
        )

    def _found(self, words: str, at: int) -> Sequence[Document]:
        if words:
            return self._library.titled(words, FOUND)
        return self._library.documents.some((at - 1) * ON_A_PAGE, ON_A_PAGE)


def _row(document: Document, says: Phrases) -> Row:
    return Row(
        shortened(document.title, TITLE_LIMIT),
        document_page(document.id),
        says.day(document.published) if document.published else "",
        host_of(document.url),
        says.counted("words", len(document.text.split())),
    )
