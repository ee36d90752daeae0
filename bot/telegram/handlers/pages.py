"""What can be seen of an answer beside its first quotes: what stands around them, further ones, where they stand.

A button asks for it, or a word about the answer.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TypeVar

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.phrases import Phrases
from bot.showing.about import lacking, opening
from bot.showing.buttons import Press, number_of, under_answer, under_page, under_sources
from bot.showing.cards import Card, page_card, picture_card, sources_card
from bot.showing.context import home, pages
from bot.showing.promise import check
from bot.sources.holdings import COMMON, Holdings
from bot.store.answers import QUOTES, Answers, Place, Shown
from bot.telegram.handlers.filing import Filing
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import change_buttons, change_card, reply, reply_card, reply_picture
from bot.telegram.replying.showing import Showing, showing
from bot.telegram.replying.typing import typing
from retrieval import has_page
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.model import Answer, Quote

log = logging.getLogger(__name__)
T = TypeVar("T")
Page = tuple[Card, InlineKeyboardMarkup | None]


class Pages:
    """Shows more of ``answers``, read anew from ``holdings``.

    What reads documents or searches does so on ``executor``: the loop must not wait.
    """

    def __init__(self, holdings: Holdings, executor: Executor, answers: Answers, filing: Filing) -> None:
        self._holdings, self._executor, self._answers, self._filing = holdings, executor, answers, filing

    async def open(self, shown: Shown, message: Message, says: Phrases, intent: str | None = None) -> None:
        """Reply with the page of the first quote: the answer itself stays as it is.

        ``intent``: that of the word that asked for it, for what is said beside.
        """
        page = await self.apart(shown, lambda: self._page(shown, shown.first, None, says, opening(intent, says)))
        if page:
            await reply_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def turn(self, press: Press, shown: Shown, message: Message, says: Phrases) -> None:
        """Put another page in the place of one."""
        page = await self.apart(shown, lambda: self._page(shown, press.quote or 0, press.page, says))
        if page:
            await change_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def give_more(self, shown: Shown, message: Message, says: Phrases, card: int | None) -> tuple[str, list[int]]:
        """Reply with the next quotes, whose card has the button for those after them; ``card`` is the message under
        which that button stood, where it is known. Gives the id of what answers now, and the messages that show it."""
        further, cards = None, []
        if shown.has_more:
            async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
                further = await self.apart(shown, lambda: self._further(shown, says))
        if further:
            cards = await further.reply_to(message)
        else:
            await reply(message, says.no_more)
        if shown.has_more:
            await asyncio.to_thread(self._answers.exhaust, shown.id)
            if card:
                await change_buttons(message, card, keyboard(under_answer(shown.exhausted(), says), says))
        return (further.id if further else shown.id), cards

    async def name_sources(self, shown: Shown, message: Message, says: Phrases, intent: str | None = None) -> None:
        """Reply with where the quotes stand."""
        page = await self.apart(shown, lambda: self._sources(shown, says, intent))
        if page:
            await reply_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def show_picture(self, press: Press, shown: Shown, message: Message, says: Phrases) -> None:
        """Reply with the picture of the page on which a quote stands; where that cannot be, say so."""
        at = press.quote or 0
        quote = await self.apart(shown, lambda: self.quote(shown, at))
        if quote is None:
            await reply(message, says.source_changed)
            return
        try:
            async with typing(lambda: message.reply_chat_action(ChatAction.UPLOAD_PHOTO)):
                picture = await self._filing.do(
                    lambda: self._holdings.page_picture(quote, shelf=shown.places[at].shelf, chat=shown.chat)
                )
            await reply_picture(message, picture, picture_card(quote, number_of(shown, at), says))
        except UnreachedError as error:
            log.info("a page was not drawn: %s", type(error).__name__)
            await reply(message, says.picture_later)
        except (UnreadableError, BadRequest) as error:  # Telegram refuses pictures, too, as where a group wants none
            log.warning("a page was not drawn: %s", error if shown.places[at].shelf == COMMON else type(error).__name__)
            await reply(message, says.no_picture.format(page=says.figure(quote.page or 1)))

    async def apart(self, shown: Shown, work: Callable[[], T]) -> T:
        """Do something with the documents of an answer, on the executor."""
        await self._filing.make_ready(shown.chat)
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    # On the executor

    def quote(self, shown: Shown, at: int) -> Quote | None:
        """What stands at a place, from the source as it is now; None where that has changed or is gone."""
        place = shown.places[at]
        return place.quote(self._holdings.document(place.document, place.digest, shelf=place.shelf, chat=shown.chat))

    def _page(self, shown: Shown, at: int, number: int | None, says: Phrases, before: str | None = None) -> Page | None:
        """A page around quote ``at``, by itself the quote's own; None where the source has changed."""
        quote = self.quote(shown, at)
        if quote is None:
            return None
        parts = pages(quote)
        number = home(quote, parts) if number is None else min(number, len(parts) - 1)
        part = says.part.format(number=says.figure(number + 1), count=says.figure(len(parts)))
        named = part if len(parts) > 1 else None
        card = page_card(parts[number], quote, number_of(shown, at), named, says, before)
        check(card, card.quotes)
        return card, keyboard(under_page(shown, at, number, len(parts), says), says)

    def _sources(self, shown: Shown, says: Phrases, intent: str | None) -> Page | None:
        """Where the quotes stand whose source has not changed; None where all have."""
        own = [(number_of(shown, at), self.quote(shown, at)) for at in shown.own]
        known = [(number, quote) for number, quote in own if quote]
        note = lacking(intent, [quote for _, quote in known], says)
        if not known:
            return None
        drawn = [at for at, (_, quote) in zip(shown.own, own, strict=True) if quote and has_page(quote.document)]
        return sources_card(known, says, note), keyboard(under_sources(shown, drawn, says), says)

    def _further(self, shown: Shown, says: Phrases) -> Showing | None:
        """The quotes after those that were shown, found as on the day of the question; None where there are none."""
        day = datetime.fromtimestamp(shown.since).astimezone().date()
        most = len(shown.places) + QUOTES + 1
        answer = self._holdings.ask(shown.question, k=most, previous=shown.previous, now=day, chat=shown.chat)
        found = [(quote, Place.of(quote, self._holdings.shelf_of(quote, shown.chat))) for quote in answer.quotes]
        new = [(quote, place) for quote, place in found if not any(map(place.meets, shown.places))]
        if not new:
            return None
        quotes, places = zip(*new[:QUOTES], strict=True)
        further = shown.followed(places, has_more=len(new) > QUOTES)
        # what was said of all quotes on top of the first card is not said again
        answer = Answer(shown.question, shown.question, quotes, shown=len(quotes))
        return showing(answer, further, self._answers, says)
