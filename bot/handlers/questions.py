"""A text message is a question, perhaps leaning on the chat's last one; the reply is an answer's cards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Protocol

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.cards import Card, cards
from bot.handlers.commands import NEW, Handler, phrases_for
from bot.phrases import Phrases
from bot.promise import check
from bot.replies import reply, reply_card
from bot.threads import Threads
from retrieval.model import Answer

LONGEST = 500
"""Characters of the longest question that is searched for."""
TYPING_AFTER, TYPING_AGAIN = 0.5, 4.0
"""Seconds until it shows that an answer is under way, and until it shows so again: Telegram drops it after five."""


class Asks(Protocol):
    """What answers questions, from any thread: ``retrieval.Library`` does."""

    def ask(self, question: str, *, previous: str | None = None) -> Answer:
        """The answer to ``question``, or a refusal. ``previous``: what was searched for before it."""
        ...


class Questions:
    """Answers text messages from ``library``, asked on ``executor``: it computes, and the loop must not wait."""

    def __init__(self, library: Asks, executor: Executor, threads: Threads | None = None) -> None:
        self._library, self._executor, self._threads = library, executor, threads or Threads()

    def handlers(self) -> list[Handler]:
        """Any new text that is not a command, and /new."""
        return [
            MessageHandler(NEW & filters.TEXT & ~filters.COMMAND, self.answer),
            CommandHandler("new", self.begin, filters=NEW),
        ]

    async def answer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Reply to a question with cards, or say that it is too long."""
        message, says = update.message, phrases_for(update)
        if message is None or message.text is None:
            return
        if len(message.text) > LONGEST:
            await reply(message, says.too_long.format(limit=says.counted("characters", LONGEST)))
            return
        searched, composed = await self._cards(message, message.text, says)
        self._threads.keep(message.chat_id, searched)
        for card in composed:
            await reply_card(message, card)

    async def begin(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget what the chat asked: the next question leans on nothing."""
        if update.message:
            self._threads.forget(update.message.chat_id)
            await reply(update.message, phrases_for(update).new)

    async def _cards(self, message: Message, question: str, says: Phrases) -> tuple[str, list[Card]]:
        previous = self._threads.last(message.chat_id)
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, self._checked, question, previous, says)

    def _checked(self, question: str, previous: str | None, says: Phrases) -> tuple[str, list[Card]]:
        """What was searched for, and the answer's cards, each held to the promise before the first is sent."""
        answer = self._library.ask(question, previous=previous)
        composed = cards(answer, says)
        for card in composed:
            check(card, card.quotes)
        return answer.searched, composed


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
