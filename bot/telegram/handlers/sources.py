"""/sources: the titles of what is quoted from, with their addresses and days, page by page."""

import asyncio
import logging
import re

from telegram import CallbackQuery, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.phrases import Phrases
from bot.showing import markup
from bot.showing.buttons import Button, Rows
from bot.showing.cards import Card, shortened
from bot.telegram.handlers.admin import Corpus
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import NO_PREVIEW, reply_card
from retrieval import Documents
from retrieval.model import Document

log = logging.getLogger(__name__)

ON_A_PAGE = 10
TITLE = 120
"""UTF-16 units of a title, so that a page fits into one message."""
DATA = "s:"
"""What the data of these buttons begin with; then the form's version, then the page's number from 0."""
_TURN = re.compile(r"s:1:([0-9]{1,6})")


class Sources:
    """Lists the documents of the common library. The pages are made as they are asked for, so they are never old."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def handlers(self) -> list[Handler]:
        """/sources and its buttons."""
        return [
            CommandHandler("sources", self.show, filters=NEW),
            CallbackQueryHandler(self.turn, pattern=f"^{DATA}"),
        ]

    async def show(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Reply with the first page."""
        if update.message:
            await reply_card(update.message, *await self._page(0, phrases_for(update)))

    async def turn(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Put another page in the place of the one whose button was pressed."""
        query, says = update.callback_query, phrases_for(update)
        wanted = _TURN.fullmatch(query.data or "") if query else None
        if query is None:
            return
        if wanted is None or query.message is None:
            await query.answer(says.button_too_old)
            return
        await query.answer()
        await _put(query, *await self._page(int(wanted[1]), says))

    async def _page(self, number: int, says: Phrases) -> tuple[Card, InlineKeyboardMarkup | None]:
        """A page, read off the loop."""
        return await asyncio.to_thread(lambda: page(self._corpus.documents, number, says))


def page(documents: Documents, number: int, says: Phrases) -> tuple[Card, InlineKeyboardMarkup | None]:
    """Page ``number`` from 0, or the last if there are fewer, with the buttons to those beside it."""
    last = max(0, (len(documents) - 1) // ON_A_PAGE)
    at = min(number, last)
    shown = documents.some(at * ON_A_PAGE, ON_A_PAGE)
    says = says.beside(*(document.title for document in shown))
    head = says.sources.format(documents=says.counted("documents", len(documents)))
    if last:
        head += says.comma + says.sources_page.format(page=says.figure(at + 1), pages=says.figure(last + 1))
    html = "\n".join([says.line(markup.escaped(head)), "", *(_line(document, says) for document in shown)])
    return Card(html, markup.read(html).text), keyboard(_buttons(at, last, says), says)


def _line(document: Document, says: Phrases) -> str:
    title = shortened(document.title, TITLE)
    before, after = says.isolation(title)
    day = markup.escaped(says.comma + says.day(document.published)) if document.published else ""
    return says.line("• ") + before + markup.link(document.url, title) + after + day


def _buttons(at: int, last: int, says: Phrases) -> Rows:
    """The button to the page before stands where a line begins, the one to the next where it ends."""
    before = [Button(says.page_before, f"{DATA}1:{at - 1}")] if at > 0 else []
    after = [Button(says.page_after, f"{DATA}1:{at + 1}")] if at < last else []
    return [row] if (row := before + after) else []


async def _put(query: CallbackQuery, card: Card, buttons: InlineKeyboardMarkup | None) -> None:
    try:
        await query.edit_message_text(
            card.html, parse_mode="HTML", reply_markup=buttons, link_preview_options=NO_PREVIEW
        )
    except BadRequest as error:
        # pressed twice, or in a message that has been deleted: the reader has what there is to see
        log.info("a page of sources was not changed: %s", error)
