"""A button under an answer is pressed: its context, further quotes, its sources, an opinion, the question plain."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from typing import TypeVar

from telegram import InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatAction
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.conversation.limits import Allowance
from bot.phrases import Phrases
from bot.showing.buttons import DATA, Press, Verb, number_of, pressed, under_answer, under_page
from bot.showing.cards import Card, page_card, sources_card
from bot.showing.context import home, pages
from bot.showing.promise import check
from bot.sources.holdings import COMMON, Holdings
from bot.store.answers import QUOTES, Answers, Place, Shown
from bot.store.feedback import Feedback, Opinion, quoted
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.handlers.filing import Filing
from bot.telegram.handlers.questions import Questions, typing
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, change_buttons, change_card, reply, reply_card
from bot.telegram.replying.showing import Showing, showing
from retrieval.model import Answer, Quote

T = TypeVar("T")
Page = tuple[Card, InlineKeyboardMarkup | None]

ASKING = {Verb.MORE, Verb.PLAIN}
"""What counts as a question of who presses."""


class Buttons:
    """Does what the buttons of ``answers`` say, from ``holdings``; opinions go into ``feedback``.

    What reads documents or searches does so on ``executor``: the loop must not wait.
    """

    def __init__(
        self,
        holdings: Holdings,
        executor: Executor,
        answers: Answers,
        feedback: Feedback,
        questions: Questions,
        allowance: Allowance,
        filing: Filing,
    ) -> None:
        self._holdings, self._executor = holdings, executor
        self._answers, self._feedback = answers, feedback
        self._questions, self._allowance, self._filing = questions, allowance, filing

    def handlers(self) -> list[Handler]:
        """Any button under an answer or a page of its context."""
        return [CallbackQueryHandler(self.press, pattern=f"^{DATA}")]

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the press at once, then do what the button says."""
        query, says = update.callback_query, phrases_for(update)
        if query is None:
            return
        press, message, user = pressed(query.data), query.message, query.from_user.id
        # not on the executor, where it could wait for questions
        shown = await asyncio.to_thread(self._shown, press, message) if press else None
        if press is None or shown is None or not isinstance(message, Message):
            await answer_press(query, says.answer_too_old, is_alert=True)
        elif press.verb in ASKING and not self._allowance.take(user):
            limit, wait = says.counted("messages", self._allowance.most), self._allowance.wait(user)
            told = says.too_many.format(limit=limit, wait=says.counted("seconds", wait))
            await answer_press(query, told, is_alert=True)
        else:
            await answer_press(query, {Verb.GOOD: says.thanks_good, Verb.BAD: says.thanks_bad}.get(press.verb))
            await self._filing.make_ready(shown.chat)
            await self._do(press, shown, message, user, says)

    def _shown(self, press: Press, message: object) -> Shown | None:
        """The answer whose button it is; None where it is not of this chat, forgotten, or has no such button."""
        shown = self._answers.get(press.answer, message.chat_id) if isinstance(message, Message) else None
        return shown if shown and press.fits(shown) else None

    async def _do(self, press: Press, shown: Shown, message: Message, user: int, says: Phrases) -> None:
        match press.verb:
            case Verb.CONTEXT:
                await self._open(shown, message, says)
            case Verb.TURN:
                await self._turn(press, shown, message, says)
            case Verb.MORE:
                await self._give_more(shown, message, says)
            case Verb.SOURCE:
                await self._name_sources(shown, message, says)
            case Verb.GOOD | Verb.BAD:
                await self._apart(lambda: self._keep_opinion(shown, user, is_good=press.verb is Verb.GOOD))
            case Verb.PLAIN:
                await self._questions.reply_to(message, shown.question, None, user, says, shown.people | {shown.asker})

    async def _open(self, shown: Shown, message: Message, says: Phrases) -> None:
        """Reply with the page of the first quote: the answer itself stays as it is."""
        page = await self._apart(lambda: self._page(shown, shown.first, None, says))
        if page:
            await reply_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def _turn(self, press: Press, shown: Shown, message: Message, says: Phrases) -> None:
        """Put another page in the place of one."""
        page = await self._apart(lambda: self._page(shown, press.quote or 0, press.page, says))
        if page:
            await change_card(message, *page)
        else:
            await reply(message, says.source_changed)

    async def _give_more(self, shown: Shown, message: Message, says: Phrases) -> None:
        """Reply with the next quotes, whose card has the button for those after them."""
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            further = await self._apart(lambda: self._further(shown, says))
        if further:
            await further.reply_to(message)
        else:
            await reply(message, says.no_more)
        await asyncio.to_thread(self._answers.exhaust, shown.id)
        await change_buttons(message, keyboard(under_answer(shown.exhausted(), says), says))

    async def _name_sources(self, shown: Shown, message: Message, says: Phrases) -> None:
        """Reply with where the quotes stand."""
        card = await self._apart(lambda: self._sources(shown, says))
        if card:
            await reply_card(message, card)
        else:
            await reply(message, says.source_changed)

    # On the executor

    def _page(self, shown: Shown, at: int, number: int | None, says: Phrases) -> Page | None:
        """A page around quote ``at``, by itself the quote's own; None where the source has changed."""
        quote = self._quote(shown, at)
        if quote is None:
            return None
        parts = pages(quote)
        number = home(quote, parts) if number is None else min(number, len(parts) - 1)
        part = says.part.format(number=says.figure(number + 1), count=says.figure(len(parts)))
        card = page_card(parts[number], quote, number_of(shown, at), part if len(parts) > 1 else None, says)
        check(card, card.quotes)
        return card, keyboard(under_page(shown, at, number, len(parts), says), says)

    def _sources(self, shown: Shown, says: Phrases) -> Card | None:
        """Where the quotes stand whose source has not changed; None where all have."""
        own = [(number_of(shown, at), self._quote(shown, at)) for at in shown.own]
        known = [(number, quote) for number, quote in own if quote]
        return sources_card(known, says) if known else None

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

    def _keep_opinion(self, shown: Shown, user: int, *, is_good: bool) -> None:
        quotes = (self._quote(shown, at) for at in shown.own if shown.places[at].shelf == COMMON)
        told = shown.question, shown.searched, shown.previous
        words = tuple(quoted(quote) for quote in quotes if quote)
        self._feedback.keep(Opinion(shown.id, user, shown.asker, is_good, *told, words, people=shown.people))

    def _quote(self, shown: Shown, at: int) -> Quote | None:
        """What stands at a place, from the source as it is now; None where that has changed or is gone."""
        place = shown.places[at]
        return place.quote(self._holdings.document(place.document, place.digest, shelf=place.shelf, chat=shown.chat))

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)
