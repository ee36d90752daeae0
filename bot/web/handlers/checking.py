"""The page Verify: a text comes in by a form, and whether the sources have it so goes out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from bot.phrases import Phrases
from bot.showing.cards import beside
from bot.showing.verdicts import parts
from bot.web.intake.desk import Desk
from bot.web.intake.requests import form_of, text_of
from bot.web.intake.serves import Serves
from bot.web.intake.visitors import Visitors
from bot.web.pages.promise import check_quotes
from bot.web.pages.quotes import Shown, shown
from bot.web.pages.rendering import Rendering, page, says_of
from retrieval import LONGEST_TEXT
from retrieval.model import Quote

log = logging.getLogger(__name__)

FEWEST = 3
"""Words of a text that is checked: two or one stand in any source."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of the bot's own, and above them a stretch of a source, if they are about one."""

    quote: Shown | None
    lines: Sequence[str]


def told_of(parts: Sequence[tuple[Quote | None, Sequence[str]]], says: Phrases) -> list[Part]:
    """Quotes and lines for a template."""
    says = beside((quote for quote, _ in parts if quote), says)
    return [Part(shown(quote, says) if quote else None, lines) for quote, lines in parts]


class Checking:
    """Checks texts against a library, ``desk`` doing the work. Nothing of them is kept, or stands in the log."""

    def __init__(self, library: Serves, desk: Desk, rendering: Rendering, visitors: Visitors) -> None:
        self._library, self._desk, self._rendering, self._visitors = library, desk, rendering, visitors

    async def show(self, request: web.Request) -> web.Response:
        """The form."""
        return page(self._page(says_of(request), "", None, ""))

    async def check(self, request: web.Request) -> web.Response:
        """What the sources say to a text that was sent by the form."""
        text = text_of(await form_of(request), "text", LONGEST_TEXT).strip()
        says = says_of(request)
        if len(text.split()) < FEWEST:
            return page(self._page(says, text, None, "too_short" if text else ""))
        self._visitors.count_question(request)
        return page(await self._desk.ask(partial(self._checked, text, says)))

    def _checked(self, text: str, says: Phrases) -> str:
        """On the desk."""
        verdict = self._library.verify(text)
        log.info("verified chat=web result=%s sentences=%d", verdict.kind, len(verdict.sentences))
        told = told_of(parts(verdict, says), says)
        return self._page(says, text, told, "")

    def _page(self, says: Phrases, text: str, told: Sequence[Part] | None, note: str) -> str:
        html = self._rendering.html(
            "verify.html", says, "/verify", text=text, parts=told, note=note, longest=LONGEST_TEXT
        )
        check_quotes(html, [part.quote.quote for part in told or () if part.quote])
        return html
