"""The page of a permanent reference: what stood there, and what stands there now."""

from functools import partial

from aiohttp import web

from bot.phrases import Phrases
from bot.showing.citations import parts
from bot.sources.addresses import reference_page
from bot.web.handlers.checking import told_of
from bot.web.intake.desk import Desk
from bot.web.intake.refusals import RefusedError
from bot.web.intake.requests import LONGEST_ID, text_of
from bot.web.intake.serves import Serves
from bot.web.pages.promise import check_quotes
from bot.web.pages.rendering import Rendering, page, says_of


class Citing:
    """Shows what references to quotes of a library show, ``desk`` doing the work."""

    def __init__(self, library: Serves, desk: Desk, rendering: Rendering) -> None:
        self._library, self._desk, self._rendering = library, desk, rendering

    async def show(self, request: web.Request) -> web.Response:
        """What a reference shows."""
        reference = text_of(request.match_info, "reference", LONGEST_ID)
        status, html = await self._desk.read(partial(self._page, reference, says_of(request)))
        return page(html, status)

    def _page(self, reference: str, says: Phrases) -> tuple[int, str]:
        """On the desk."""
        cited = self._library.references.resolve(reference)
        if cited and cited.kind == "unreached" and cited.then is None:
            raise RefusedError(503, "unreachable", wait=60)
        told = told_of(parts(cited, says), says)
        name = cited.reference if cited else ""
        html = self._rendering.html("reference.html", says, reference_page(name), reference=name, parts=told)
        check_quotes(html, [part.quote.quote for part in told if part.quote])
        return (200 if cited else 404), html
