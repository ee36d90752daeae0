"""From an answer to what is sent: its cards, held to the promise, and buttons, for which the answer is kept."""

import logging
import sqlite3
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message

from bot.buttons import under_answer
from bot.cards import Card, cards
from bot.phrases import Phrases
from bot.promise import check
from bot.replies import reply_card
from bot.store.answers import Answers, Shown
from retrieval.model import Answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Showing:
    """An answer ready to be sent: one card or more, with buttons under the last."""

    cards: list[Card]
    buttons: InlineKeyboardMarkup | None

    async def reply_to(self, message: Message) -> None:
        """Send it in reply to a message."""
        *before, last = self.cards
        for card in before:
            await reply_card(message, card)
        await reply_card(message, last, self.buttons)


def showing(answer: Answer, shown: Shown, answers: Answers, says: Phrases) -> Showing:
    """What shows ``answer``, which ``shown`` stands for when a button is pressed.

    Each card is held to the promise before the first is sent: raises ``PromiseError``.
    """
    composed = cards(answer, says, shown.first)
    for card in composed:
        check(card, card.quotes)
    buttons = under_answer(shown, says)
    return Showing(composed, buttons if buttons and _is_kept(shown, answers) else None)


def _is_kept(shown: Shown, answers: Answers) -> bool:
    """Keep the answer for its buttons. Where that cannot be done, the answer is worth sending without."""
    try:
        answers.keep(shown)
    except sqlite3.Error as error:
        log.error("an answer goes without buttons, because it cannot be kept: %s", error)
        return False
    return True
