"""From an answer to what is sent: its cards, held to the promise, and buttons, for which the answer is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from telegram import InlineKeyboardMarkup, Message

from bot.phrases import Phrases
from bot.showing.buttons import under_answer
from bot.showing.cards import Card, cards_of
from bot.showing.markup import escaped
from bot.showing.promise import check
from bot.sources.citation import Links, link
from bot.store.answers import Answers, Shown
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import change_card, reply_card, take_back
from bot.telegram.transport.handling import with_next
from retrieval.model import Quote


@dataclass(frozen=True, slots=True)
class Showing:
    """An answer ready to be sent: one card or more, with buttons under the last, for which ``keep`` stores it.

    ``id`` is the answer's own.
    """

    id: str
    cards: list[Card]
    buttons: InlineKeyboardMarkup | None = None
    keep: Callable[[], None] = lambda: None

    async def reply_to(self, message: Message, instead: Sequence[int] = ()) -> list[int]:
        """Send it in reply to a message, or in place of what was: ``instead`` has the numbers of the bot's own
        messages. Gives the numbers of those that show it now."""
        numbers = list(instead[: len(self.cards)])
        for place, card in enumerate(self.cards):
            buttons = self.buttons if place == len(self.cards) - 1 else None
            if buttons:
                with_next(self.keep)
            if place < len(instead):
                await change_card(message, card, buttons, instead[place])
            else:
                numbers.append((await reply_card(message, card, buttons)).message_id)
        for number in instead[len(self.cards) :]:
            await take_back(message, number)
        return numbers


def saying(text: str) -> Showing:
    """What shows a phrase of the bot's own."""
    return Showing("", [Card(escaped(text), text)])


def showing(
    quotes: Sequence[Quote],
    shown: Shown,
    answers: Answers,
    says: Phrases,
    titles: Mapping[int, str] = MappingProxyType({}),
    links: Links = link,
    closing: str = "",
) -> Showing:
    """What shows an answer's quotes, or its refusal; ``shown`` stands for it when a button is pressed. ``titles`` are
    those of the nearest documents, by their numbers. ``links`` gives the address to which a quote's title leads.
    ``closing`` is a line below the quotes.

    Each card is held to the promise before the first is sent: raises ``PromiseError``.
    """
    composed = cards_of(shown.opening, quotes, says, shown.first, links, closing)
    for card in composed:
        check(card, card.quotes)
    return Showing(shown.id, composed, keyboard(under_answer(shown, says, titles), says), partial(answers.keep, shown))
