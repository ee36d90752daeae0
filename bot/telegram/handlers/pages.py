"""What can be seen of an answer beside its first quotes: what stands around them, further ones, where they stand.

A button asks for it, or a word about the answer.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import TypeVar

from telegram import InlineKeyboardMarkup, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.phrases import Phrases
from bot.showing import markup
from bot.showing.about import REFERENCE, lacking, opening
from bot.showing.buttons import (
    Press,
    Verb,
    back,
    number_of,
    under_answer,
    under_opening,
    under_page,
    under_references,
    under_sources,
)
from bot.showing.cards import Card, beside, cards_of, page_card, picture_card, sources_card
from bot.showing.citations import references_card
from bot.showing.context import home, pages
from bot.showing.promise import check
from bot.sources.citation import Links
from bot.sources.holdings import COMMON, Holdings
from bot.store.answers import QUOTES, Answers, Place, Shown
from bot.telegram.handlers.filing import Filing
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import change_buttons, change_card, reply, reply_card, reply_picture
from bot.telegram.replying.showing import Showing, showing
from bot.telegram.replying.typing import typing
from retrieval import has_page
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.model import Quote

log = logging.getLogger(__name__)
T = TypeVar("T")
Page = tuple[Card, InlineKeyboardMarkup | None]


class Pages:
    """Shows more of ``answers``, read anew from ``holdings``.

    What reads documents or searches does so on ``executor``: the loop must not wait. ``closing``: a line below each
    answer.
    """

    def __init__(
        self, holdings: Holdings, executor: Executor, answers: Answers, filing: Filing, closing: str = ""
    ) -> None:
        self._holdings, self._executor, self._answers, self._filing = holdings, executor, answers, filing
        self._closing = closing

    async def open(self, shown: Shown, message: Message, says: Phrases, intent: str) -> None:
        """Reply with the page of the first quote. ``intent``: of the word that asked for it."""
        first = Press(shown.id, Verb.TURN, shown.first)
        page = await self.apart(shown, lambda: self._page(first, shown, says, opening(intent, says)))
        await _reply_or_tell(message, page, says)

    async def turn(self, press: Press, shown: Shown, message: Message, says: Phrases) -> None:
        """Put in the place of an answer, or of what stood in it, what a press asks for."""
        page = await self.apart(shown, lambda: self._asked(press, shown, says))
        if page:
            await change_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def turn_to_more(self, shown: Shown, message: Message, says: Phrases) -> tuple[str, list[int]]:
        """Put the next quotes in the place of an answer. Gives the id of what answers now, and the messages that show
        it."""
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            further = await self.apart(shown, lambda: self._further(shown, says, in_place=True))
        if further:
            return further.id, await further.reply_to(message, [message.message_id])
        await self._tell_of_none(shown, message, says, message.message_id)
        return shown.id, []

    async def give_more(self, shown: Shown, message: Message, says: Phrases, card: int | None) -> tuple[str, list[int]]:
        """Reply with the next quotes; ``card`` is the message that shows the ones before, where it is known. Gives the
        id of what answers now, and the messages that show it."""
        further = None
        if shown.has_more:
            async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
                further = await self.apart(shown, lambda: self._further(shown, says))
        if further:
            return further.id, await further.reply_to(message)
        await self._tell_of_none(shown, message, says, card)
        return shown.id, []

    async def name_sources(self, shown: Shown, message: Message, says: Phrases, intent: str) -> None:
        """Reply with where the quotes stand. ``intent``: of the word that asked for it."""
        page = await self.apart(shown, lambda: self._sources(shown, says, intent))
        await _reply_or_tell(message, page, says)

    async def _tell_of_none(self, shown: Shown, message: Message, says: Phrases, card: int | None) -> None:
        """There are no further quotes, and no button for them any more."""
        await reply(message, says.no_more)
        if shown.has_more:
            await asyncio.to_thread(self._answers.exhaust, shown.id)
            if card:
                await change_buttons(message, card, keyboard(under_answer(shown.exhausted(), says), says))

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

    def showing(
        self, quotes: Sequence[Quote], shown: Shown, says: Phrases, titles: Mapping[int, str] = MappingProxyType({})
    ) -> Showing:
        """What shows an answer's quotes, or its refusal, with the ``titles`` of the documents that it names by their
        numbers."""
        return showing(quotes, shown, self._answers, says, titles, self._links(shown), self._closing)

    def quote(self, shown: Shown, at: int) -> Quote | None:
        """What stands at a place, from the source as it is now; None where that has changed or is gone."""
        return self._read(shown.places[at], shown)

    def titles(self, shown: Shown) -> dict[int, str]:
        """The titles of the documents that a refusal names, by their numbers: of those that have not changed."""
        return {at: quote.document.title for at in range(len(shown.nearest)) if (quote := self._nearest(shown, at))}

    def _nearest(self, shown: Shown, at: int) -> Quote | None:
        """The beginning of a document that a refusal names; None where that has changed or is gone."""
        return self._read(shown.nearest[at], shown)

    def _read(self, place: Place, shown: Shown) -> Quote | None:
        return place.quote(self._holdings.document(place.document, place.digest, shelf=place.shelf, chat=shown.chat))

    def _asked(self, press: Press, shown: Shown, says: Phrases) -> Page | None:
        """What a press asks for; None where the source has changed."""
        match press.verb:
            case Verb.HOME:
                return self._home(shown, says)
            case Verb.SOURCE:
                return self._sources(shown, says)
            case Verb.REFERENCE:
                return self._references(shown, says)
            case Verb.OPEN if press.page is None:
                return self._opening(press, shown, says)
        return self._page(press, shown, says)

    def _page(self, press: Press, shown: Shown, says: Phrases, before: str | None = None) -> Page | None:
        """The page to which a press turns, by itself a quote's own; None where the source has changed."""
        at = shown.first if press.quote is None else press.quote
        is_opened = press.verb is Verb.OPEN
        quote = self._nearest(shown, at) if is_opened else self.quote(shown, at)
        if quote is None:
            return None
        parts = pages(quote)
        number = home(quote, parts) if press.page is None else min(press.page, len(parts) - 1)
        says = beside([parts[number]], says)
        named = (number + 1, len(parts)) if len(parts) > 1 else None
        named_by = None if is_opened else number_of(shown, at)
        card = page_card(parts[number], quote, named_by, named, says, before, self._links(shown))
        check(card, card.quotes)
        return card, keyboard(
            under_page(shown, at, number, len(parts), says, Verb.OPEN if is_opened else Verb.TURN), says
        )

    def _opening(self, press: Press, shown: Shown, says: Phrases) -> Page | None:
        """The beginning of a document that a refusal names; None where the source has changed."""
        at = press.quote or 0
        quote = self._nearest(shown, at)
        if quote is None:
            return None
        (card,) = cards_of("", [quote], says, links=self._links(shown))
        check(card, card.quotes)
        return card, keyboard(under_opening(shown, at, says), says)

    def _home(self, shown: Shown, says: Phrases) -> Page | None:
        """An answer as it was shown, the last card of it where there were several; None where a source has changed."""
        quotes = [quote for at in shown.own if (quote := self.quote(shown, at))]
        if len(quotes) < len(shown.own):
            return None
        *_, card = cards_of(shown.opening, quotes, says, shown.first, self._links(shown), self._closing)
        check(card, card.quotes)
        return card, keyboard(under_answer(shown, says, self.titles(shown)), says)

    def _sources(self, shown: Shown, says: Phrases, intent: str | None = None) -> Page | None:
        """Where the quotes stand whose source has not changed; None where all have. Back leads what a button asked
        for."""
        own = [(number_of(shown, at), self.quote(shown, at)) for at in shown.own]
        known = [(number, quote) for number, quote in own if quote]
        note = lacking(intent, [quote for _, quote in known], says)
        if not known:
            return None
        says = beside((quote for _, quote in known), says)
        if intent == REFERENCE:
            return self._references(shown, says, leads_back=False)
        drawn = [at for at, (_, quote) in zip(shown.own, own, strict=True) if quote and has_page(quote.document)]
        lasting = under_references(shown, says) if self._referred(shown) else []
        pages = self._web_pages(shown, {at: quote for at, (_, quote) in zip(shown.own, own, strict=True) if quote})
        buttons = [*under_sources(shown, drawn, pages, says), *lasting, *([] if intent else back(shown, says))]
        return sources_card(known, says, note, self._links(shown)), keyboard(buttons, says)

    def _web_pages(self, shown: Shown, quotes: Mapping[int, Quote]) -> dict[int, str]:
        """The pages on the web that show quotes, by their numbers, where Telegram opens them: in private chats, by an
        address that nobody reads on the way."""
        if shown.chat != shown.asker:
            return {}
        pages = {at: self._holdings.page(quote, shown.chat) for at, quote in quotes.items()}
        return {at: page for at, page in pages.items() if page and page.startswith("https://")}

    def _links(self, shown: Shown) -> Links:
        """What gives the address of a quote of an answer."""
        return partial(self._holdings.link, chat=shown.chat)

    def _references(self, shown: Shown, says: Phrases, *, leads_back: bool = True) -> Page:
        """The references of the quotes that have some."""
        numbered = self._referred(shown)
        told = says.line(says.citations["none"])
        card = Card(markup.escaped(told), told)
        if numbered:
            card = references_card(numbered, says, self._holdings.reference_page)
        return card, keyboard(back(shown, says), says) if leads_back else None

    def _referred(self, shown: Shown) -> list[tuple[int | None, Quote]]:
        """The quotes that can be referred to, with their numbers: of what all chats have in common, as it stands."""
        common = [at for at in shown.own if shown.places[at].shelf == COMMON]
        return [(number_of(shown, at), quote) for at in common if (quote := self.quote(shown, at))]

    def _further(self, shown: Shown, says: Phrases, *, in_place: bool = False) -> Showing | None:
        """The quotes after those that were shown, found as on the day of the question, so many as one message holds;
        None where there are none. ``in_place``: they are to stand where those stood."""
        day = datetime.fromtimestamp(shown.since).astimezone().date()
        most = len(shown.places) + QUOTES + 1
        answer = self._holdings.ask(shown.question, k=most, previous=shown.previous, now=day, chat=shown.chat)
        found = [(quote, Place.of(quote, self._holdings.shelf_of(quote, shown.chat))) for quote in answer.quotes]
        new = [(quote, place) for quote, place in found if not any(map(place.meets, shown.places))]
        for count in range(min(QUOTES, len(new)), 0, -1):
            quotes, places = zip(*new[:count], strict=True)
            further = shown.followed(places, has_more=len(new) > count, in_place=in_place)
            made = self.showing(quotes, further, says)
            if len(made.cards) == 1:
                return made
        return None


async def _reply_or_tell(message: Message, page: Page | None, says: Phrases) -> None:
    """Reply with what is to be shown, or say that its source has changed."""
    await (reply_card(message, *page) if page else reply(message, says.source_changed))
