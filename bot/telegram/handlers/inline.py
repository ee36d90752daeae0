"""``@bot سؤال`` in any chat: quotes to choose from, each a card of its own, from the common library only.

All quotes of an answer are in the list, also those that no card would show at once: who chooses looks through them, and
what an answer shows at once comes first.
"""

import asyncio
import hashlib
import logging
import time
from concurrent.futures import Executor
from dataclasses import replace

from telegram import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes, InlineQueryHandler

from bot.conversation.limits import Allowance
from bot.conversation.talk import is_talk
from bot.conversation.tally import Tally
from bot.conversation.words import Words
from bot.phrases import Phrases
from bot.showing.cards import Card, cards, shortened
from bot.showing.promise import check
from bot.sources.citation import Links, link
from bot.sources.holdings import Asks
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.replying.replies import NO_PREVIEW, is_markup_refused
from bot.telegram.transport.turns import let_others_pass
from retrieval.model import Answer, Quote

log = logging.getLogger(__name__)

PAUSE = 0.3
"""Seconds without a further letter after which a question is taken for whole."""
SHORTEST = 3
"""Letters of the shortest question that is searched for: with fewer, somebody is still typing."""
CACHED = 10
"""Seconds that Telegram may give the same answer to the same user."""
TITLE, DESCRIPTION = 80, 120
"""UTF-16 units of what a result shows in the list. Clients cut what is longer wherever it falls."""
START = "inline"
"""What /start is told by who comes to the bot from a hint."""

Choice = tuple[Quote, Card]


class Inline:
    """Answers inline queries from ``library``, which must be one that everybody may see."""

    def __init__(
        self,
        library: Asks,
        executor: Executor,
        allowance: Allowance,
        tally: Tally,
        links: Links = link,
        pause: float = PAUSE,
    ) -> None:
        self._library, self._executor, self._links = library, executor, links
        self._allowance, self._tally, self._pause = allowance, tally, pause
        self._typed: dict[int, str] = {}

    def handlers(self) -> list[Handler]:
        """For inline queries."""
        return [InlineQueryHandler(self.answer)]

    async def answer(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Give the quotes to choose from; a hint that leads to the bot where there are none or nothing is asked yet."""
        query, says = update.inline_query, phrases_for(update)
        if query is None or not await self._is_last(query):
            return
        question = query.query.strip()
        if len(question) < SHORTEST or is_talk(Words.of(question)):
            await _give(query, [], says, says.inline_hint)
        elif not self._allowance.take(query.from_user.id):
            await _give(query, [], says)
        else:
            answer, choices = await self._choices(question, says)
            none = says.inline_unreachable if answer.unreachable else says.inline_none
            await _give(query, choices, says, None if choices else none)

    async def _is_last(self, query: InlineQuery) -> bool:
        """Whether the user paused after this query: each letter typed makes one, and the last is what they ask."""
        user = query.from_user.id
        self._typed[user] = query.id
        await let_others_pass(self._pause)  # the next letter among them
        if self._typed.get(user) != query.id:
            return False
        del self._typed[user]
        return True

    async def _choices(self, question: str, says: Phrases) -> tuple[Answer, list[Choice]]:
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        answer, choices = await loop.run_in_executor(self._executor, self._checked, question, says)
        self._tally.count(answer, "inline", time.monotonic() - began)
        return answer, choices

    def _checked(self, question: str, says: Phrases) -> tuple[Answer, list[Choice]]:
        """The answer and a card for each of its quotes, held to the promise as any other card."""
        answer = self._library.ask(question)
        choices = [choice for quote in answer.quotes for choice in _alone(answer, quote, says, self._links)]
        for _, card in choices:
            check(card, card.quotes)
        return answer, choices


def _alone(answer: Answer, quote: Quote, says: Phrases, links: Links) -> list[Choice]:
    """A card with one quote, without what is said of all; none where it does not fit into one message."""
    alone = replace(answer, quotes=(quote,), shown=1, differ=False, newest_first=False)
    composed = cards(alone, says, links=links)
    return [(quote, card) for card in composed if len(composed) == 1]


async def _give(query: InlineQuery, choices: list[Choice], says: Phrases, hint: str | None = None) -> None:
    """Answer a query; plainly where Telegram cannot read the markup, and not at all where nobody waits any more."""
    try:
        await _give_in(ParseMode.HTML, query, choices, says, hint)
    except BadRequest as error:
        if is_markup_refused(error):
            log.error("Telegram refused the markup of a card; it goes plain: %s", error)
            await _give_in(None, query, choices, says, hint)
        elif "query is too old" in str(error).lower():
            log.info("an inline query was no longer waited for")
        else:
            raise


async def _give_in(
    mode: ParseMode | None, query: InlineQuery, choices: list[Choice], says: Phrases, hint: str | None
) -> None:
    button = InlineQueryResultsButton(hint, start_parameter=START) if hint else None
    results = [_result(quote, card, says, mode) for quote, card in choices]
    await query.answer(results, cache_time=CACHED, is_personal=True, button=button)


def _result(quote: Quote, card: Card, says: Phrases, mode: ParseMode | None) -> InlineQueryResultArticle:
    document = quote.document
    text = quote.highlights[0].of(document.text) if quote.highlights else quote.text
    day = says.comma + says.beside(text, document.title).day(document.published) if document.published else ""
    content = InputTextMessageContent(
        card.html if mode else card.plain, parse_mode=mode, link_preview_options=NO_PREVIEW
    )
    return InlineQueryResultArticle(
        id=_id(quote),
        title=shortened(text, TITLE),
        input_message_content=content,
        description=says.isolated(shortened(document.title, DESCRIPTION)) + day,
    )


def _id(quote: Quote) -> str:
    """The same quote has the same id, which fits into Telegram's 64 bytes."""
    place = f"{quote.span.start}:{quote.span.end}:{quote.document.id}"
    return hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:32]
