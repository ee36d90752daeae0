"""A message that speaks to the bot is a question, perhaps leaning on the last one; the reply is an answer's cards."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.conversation.tally import Tally
from bot.conversation.threads import Threads
from bot.phrases import Phrases
from bot.sources.holdings import Holdings
from bot.store.answers import QUOTES, Answers, Place, Shown
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.handlers.filing import Filing
from bot.telegram.replying.addressing import ASK, asked, authors, sender_of, topic
from bot.telegram.replying.replies import reply
from bot.telegram.replying.showing import Showing, showing
from retrieval.model import Answer

LONGEST = 500
"""Characters of the longest question that is searched for."""
TYPING_AFTER, TYPING_AGAIN = 0.5, 4.0
"""Seconds until it shows that an answer is under way, and until it shows so again: Telegram drops it after five."""


class Questions:
    """Answers messages from ``holdings``, asked on ``executor``: they compute, and the loop must not wait."""

    def __init__(
        self,
        holdings: Holdings,
        executor: Executor,
        answers: Answers,
        threads: Threads,
        tally: Tally,
        filing: Filing,
    ) -> None:
        self._holdings, self._executor, self._answers = holdings, executor, answers
        self._threads, self._tally, self._filing = threads, tally, filing

    def handlers(self) -> list[Handler]:
        """Any new text that speaks to the bot and is no command, /ask, and /new."""
        return [
            MessageHandler(NEW & filters.TEXT & ~filters.COMMAND & _Asking(), self.answer),
            CommandHandler(ASK, self.answer, filters=NEW),
            CommandHandler("new", self.begin, filters=NEW),
        ]

    async def answer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Reply to a question with cards, or say why there are none."""
        message = update.message
        question = asked(message) if message else None
        if message and question is not None:
            await self.ask(message, question, phrases_for(update))

    async def ask(self, message: Message, question: str, says: Phrases) -> None:
        """Reply to what a message asks, be it nothing or too much."""
        if not question:
            await reply(message, says.how_to_ask)
        elif len(question) > LONGEST:
            await reply(message, says.too_long.format(limit=says.counted("characters", LONGEST)))
        else:
            previous = self._threads.last(message.chat_id, topic(message))
            await self.reply_to(message, question, previous, sender_of(message), says, authors(message))

    async def reply_to(
        self,
        message: Message,
        question: str,
        previous: str | None,
        asker: int,
        says: Phrases,
        people: frozenset[int],
    ) -> None:
        """Reply to ``message`` with the answer to a question of ``asker``; the chat's next one may lean on it.

        ``people``: those whose words the question holds.
        """
        own, before = people | {asker}, self._threads.people(message.chat_id, topic(message))
        began = time.monotonic()
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            await self._filing.make_ready(message.chat_id)
            work = partial(self._answered, message.chat_id, question, previous, asker, says, own, before)
            answer, shown = await asyncio.get_running_loop().run_in_executor(self._executor, work)
        self._tally.count(answer, message.chat.type, time.monotonic() - began)
        whose = own | before if answer.leans else own
        self._threads.keep(message.chat_id, answer.searched, topic(message), whose)
        await shown.reply_to(message)

    async def begin(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget what was asked here: the next question leans on nothing."""
        if update.message:
            self._threads.forget(update.message.chat_id, topic(update.message))
            await reply(update.message, phrases_for(update).new)

    def _answered(
        self,
        chat: int,
        question: str,
        previous: str | None,
        asker: int,
        says: Phrases,
        own: frozenset[int],
        before: frozenset[int],
    ) -> tuple[Answer, Showing]:
        """The answer, and what shows it; on the executor."""
        # one quote more than is shown at most tells whether there are further ones to offer
        answer = self._holdings.ask(question, k=QUOTES + 1, previous=previous, chat=chat)
        answer = replace(answer, shown=min(answer.shown, QUOTES))
        shown = Shown(
            chat,
            asker,
            answer.question,
            answer.searched,
            previous if answer.leans else None,
            tuple(Place.of(quote, self._holdings.shelf_of(quote, chat)) for quote in answer.at_once),
            has_more=len(answer.quotes) > answer.shown,
            people=own | before if answer.leans else own,
        )
        return answer, showing(answer, shown, self._answers, says)


class _Asking(filters.MessageFilter):
    """Messages that speak to the bot."""

    def filter(self, message: Message) -> bool:
        return asked(message) is not None


@asynccontextmanager
async def typing(
    show: Callable[[], Awaitable[object]], after: float = TYPING_AFTER, again: float = TYPING_AGAIN
) -> AsyncIterator[None]:
    """While the body runs, ``show`` that it does: not at all if it is quick. That it cannot be shown is no matter."""
    showing = asyncio.create_task(_repeat(show, after, again))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _repeat(show: Callable[[], Awaitable[object]], after: float, again: float) -> None:
    await asyncio.sleep(after)
    while True:
        try:
            await show()
        except TelegramError:
            return
        await asyncio.sleep(again)
