"""From an answer to what is sent: its cards, held to the promise, and buttons, for which the answer is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from telegram import InlineKeyboardMarkup, Message

from bot.phrases import Phrases
from bot.showing.buttons import under_answer
from bot.showing.cards import Card, cards
from bot.showing.promise import check
from bot.store.answers import Answers, Shown
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import reply_card
from bot.telegram.transport.handling import with_next
from retrieval.model import Answer


@dataclass(frozen=True, slots=True)
class Showing:
    """An answer ready to be sent: one card or more, with buttons under the last, for which ``keep`` stores it."""

    cards: list[Card]
    buttons: InlineKeyboardMarkup | None
    keep: Callable[[], None]

    async def reply_to(self, message: Message) -> None:
        """Send it in reply to a message."""
        *before, last = self.cards
        for card in before:
            await reply_card(message, card)
        if self.buttons:
            with_next(self.keep)
        await reply_card(message, last, self.buttons)


def showing(answer: Answer, shown: Shown, answers: Answers, says: Phrases) -> Showing:
    """What shows ``answer``, which ``shown`` stands for when a button is pressed.

    Each card is held to the promise before the first is sent: raises ``PromiseError``.
    """
    composed = cards(answer, says, shown.first)
    for card in composed:
        check(card, card.quotes)
    return Showing(composed, keyboard(under_answer(shown, says), says), partial(answers.keep, shown))
