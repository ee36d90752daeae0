"""The page Read: a document, leaf by leaf, with a quote marked and in view, its place, its day, and its other sources;
and the picture of a PDF's page beside it."""

from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.phrases import Phrases
from bot.showing.cards import TITLE_LIMIT, shortened
from bot.showing.promise import check_document
from bot.sources.addresses import document_page, page_of, picture_of
from bot.web.intake.desk import Desk
from bot.web.intake.refusals import RefusedError, not_found
from bot.web.intake.requests import LONGEST_ID, number_of, stretch_of, text_of, version_of
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from bot.web.pages.leaves import blocks, leaf_of, leaves
from bot.web.pages.promise import check_mark
from bot.web.pages.quotes import shown
from bot.web.pages.rendering import Rendering, host_of, page, says_of
from retrieval import has_page
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.model import Document, Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an address asks to read: a document, perhaps a stretch of one version, or one of its leaves, from 1."""

    document: str
    span: Span | None
    version: str
    leaf: int | None


class Reading:
    """Shows documents of a library, each read afresh, ``desk`` doing the work."""

    def __init__(self, library: Serves, desk: Desk, rendering: Rendering, visitors: Visitors) -> None:
        self._library, self._desk, self._rendering, self._visitors = library, desk, rendering, visitors

    async def show(self, request: web.Request) -> web.Response:
        """A leaf of a document."""
        wanted = _wanted(request)
        return page(await self._desk.read(partial(self._page, wanted, says_of(request))))

    async def show_picture(self, request: web.Request) -> web.Response:
        """The page of a PDF on which a stretch stands, as PNG, the stretch marked."""
        self._visitors.count_question(request)
        picture = await self._desk.read(partial(self._picture, _wanted(request)))
        return web.Response(body=picture, content_type="image/png")

    # On the desk

    def _page(self, wanted: Wanted, says: Phrases) -> str:
        document = document_of(self._library, wanted.document)
        span, note = _marked(document, wanted)
        quote = self._library.placed(document, span) if span else None
        parts = leaves(document)
        at = _leaf(wanted, span, parts)
        leaf = _whole(parts[at], span) if parts else None
        read = [each.of(document.text) for each in (span, leaf) if each]
        says = says.beside(*read[:1], document.title, *read[1:])
        html = self._rendering.html(
            "read.html",
            says,
            page_of(quote).partition("#")[0] if quote else document_page(document.id, wanted.leaf),
            document=document,
            title=shortened(document.title, TITLE_LIMIT),
            day=says.day(document.published) if document.published else "",
            site=host_of(document.url),
            note=note,
            quote=shown(quote, says) if quote else None,
            picture=picture_of(quote) if quote and has_page(document) else None,
            blocks=blocks(document, leaf, span) if leaf else [],
            leaf=at + 1,
            leaves=[document_page(document.id, number + 1) for number in range(len(parts))],
        )
        check_document(document)
        check_mark(html, quote)
        return html

    def _picture(self, wanted: Wanted) -> bytes:
        document = document_of(self._library, wanted.document)
        span, _ = _marked(document, wanted)
        if span is None or not has_page(document):
            raise not_found()
        try:
            return self._library.page_picture(document, span)
        except UnreachedError:
            raise RefusedError(503, "unreachable", wait=60) from None
        except UnreadableError:
            raise not_found() from None


def document_of(library: Serves, document_id: str) -> Document:
    """A document as it is stored now. Raises RefusedError."""
    try:
        return library.documents.stored(document_id)
    except UnreachedError:
        raise RefusedError(503, "unreachable", wait=60) from None
    except UnreadableError:
        raise not_found() from None


def _wanted(request: web.Request) -> Wanted:
    values = request.query
    document = text_of(values, "document", LONGEST_ID)
    if not document:
        raise not_found()
    return Wanted(document, stretch_of(values), version_of(values), number_of(values, "leaf"))


def _marked(document: Document, wanted: Wanted) -> tuple[Span | None, str]:
    """The stretch that is marked, if any; or why what was asked for cannot be, by the name of a phrase."""
    if wanted.span is None:
        return None, ""
    if not document.digest.startswith(wanted.version):
        return None, "changed_since"
    if wanted.span.end > len(document.text) or not wanted.span.of(document.text).strip():
        return None, "no_stretch"
    return wanted.span, ""


def _leaf(wanted: Wanted, span: Span | None, parts: list[Span]) -> int:
    """The leaf, from 0: the one of the stretch or, where there is none, the one that is wanted, or the nearest."""
    return leaf_of(parts, span) if span else min(max((wanted.leaf or 1) - 1, 0), max(len(parts) - 1, 0))


def _whole(leaf: Span, span: Span | None) -> Span:
    """A leaf with all of the stretch that begins on it, or in the title before it."""
    return Span(min(leaf.start, span.start), max(leaf.end, span.end)) if span else leaf
