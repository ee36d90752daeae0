"""/verify, and a message that is plainly a quotation: whether the sources have it so. And a message that is a reference
to a quote: what stood there, and what stands there now."""

import asyncio
import logging
from concurrent.futures import Executor
from functools import partial

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.ext import CommandHandler, ContextTypes

from bot.phrases import Phrases
from bot.showing.cards import Card
from bot.showing.citations import cited_cards
from bot.showing.promise import check
from bot.showing.verdicts import verdict_cards
from bot.sources.holdings import Holdings
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.handlers.filing import Filing
from bot.telegram.replying.addressing import commanded
from bot.telegram.replying.replies import reply, reply_card
from bot.telegram.replying.typing import typing
from retrieval.errors import EngineError

log = logging.getLogger(__name__)

VERIFY = "verify"
FEWEST = 3
"""Words of a text that is checked: two or one stand in any source."""


class Quotations:
    """Checks texts against ``holdings``, on ``executor``. Nothing of them is kept."""

    def __init__(self, holdings: Holdings, executor: Executor, filing: Filing) -> None:
        self._holdings, self._executor, self._filing = holdings, executor, filing

    def handlers(self) -> list[Handler]:
        """/verify with a text, or as a reply to one."""
        return [CommandHandler(VERIFY, self.verify, filters=NEW)]

    async def verify(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say of the text after the command, or of the message that it replies to, whether the sources have it."""
        if message := update.message:
            await self.reply_to(message, commanded(message, VERIFY), phrases_for(update))

    async def reply_to(self, message: Message, text: str, says: Phrases) -> None:
        """Say of a text whether the sources have it."""
        if len(text.split()) < FEWEST:
            await reply(message, says.verdicts["too_short" if text.strip() else "how"])
            return
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            await self._filing.make_ready(message.chat_id)
            loop = asyncio.get_running_loop()
            cards = await loop.run_in_executor(self._executor, self._cards, message, text, says)
        for card in cards:
            await reply_card(message, card)

    async def show(self, message: Message, reference: str, says: Phrases) -> None:
        """Show what stood where a reference points, and what stands there now."""
        async with typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            loop = asyncio.get_running_loop()
            try:
                cards = await loop.run_in_executor(self._executor, self._cited, message, reference, says)
            except EngineError as error:  # whoever runs the bot can mend that
                log.error("a reference could not be resolved: %s", error)
                await reply(message, says.error)
                return
        for card in cards:
            await reply_card(message, card)

    def _cited(self, message: Message, reference: str, says: Phrases) -> list[Card]:
        """What shows it, held to the promise; on the executor."""
        cited = self._holdings.cited(reference)
        log.info("cited chat=%s result=%s", message.chat.type, cited.kind if cited else "unknown")
        cards = cited_cards(cited, says)
        for card in cards:
            check(card, card.quotes)
        return cards

    def _cards(self, message: Message, text: str, says: Phrases) -> list[Card]:
        """What shows the verdict, held to the promise; on the executor."""
        verdict = self._holdings.verify(text, chat=message.chat_id)
        log.info("verified chat=%s result=%s sentences=%d", message.chat.type, verdict.kind, len(verdict.sentences))
        cards = verdict_cards(verdict, says, partial(self._holdings.link, chat=message.chat_id))
        for card in cards:
            check(card, card.quotes)
        return cards
