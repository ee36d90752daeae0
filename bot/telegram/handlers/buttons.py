"""A button under an answer is pressed: its context, further quotes, its sources, a page's picture, an opinion, the
question plain; under a refusal, what may have been meant, and the nearest documents. What is shown takes the answer's
place; a picture is a reply."""

import asyncio

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.conversation.limits import Allowance
from bot.phrases import Phrases
from bot.showing.buttons import DATA, Press, Verb, pressed
from bot.sources.holdings import COMMON
from bot.store.answers import Answers, Shown
from bot.store.feedback import Feedback, Opinion, quoted
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.handlers.pages import Pages
from bot.telegram.handlers.questions import Questions
from bot.telegram.replying.replies import answer_press

ASKING = {Verb.MORE, Verb.PLAIN, Verb.MEANT, Verb.PICTURE}
"""What counts as a question of who presses."""


class Buttons:
    """Does what the buttons of ``answers`` say, by ``pages``; opinions go into ``feedback``."""

    def __init__(
        self, pages: Pages, answers: Answers, feedback: Feedback, questions: Questions, allowance: Allowance
    ) -> None:
        self._pages, self._answers, self._feedback = pages, answers, feedback
        self._questions, self._allowance = questions, allowance

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
            await self._do(press, shown, message, user, says)

    def _shown(self, press: Press, message: object) -> Shown | None:
        """The answer whose button it is; None where it is not of this chat, forgotten, or has no such button."""
        shown = self._answers.get(press.answer, message.chat_id) if isinstance(message, Message) else None
        return shown if shown and press.fits(shown) else None

    async def _do(self, press: Press, shown: Shown, message: Message, user: int, says: Phrases) -> None:
        match press.verb:
            case Verb.MORE:
                now, cards = await self._pages.turn_to_more(shown, message, says)
                self._questions.note(message, user, shown, now, cards)
            case Verb.PICTURE:
                await self._pages.show_picture(press, shown, message, says)
            case Verb.GOOD | Verb.BAD:
                await self._pages.apart(shown, lambda: self._keep_opinion(shown, user, is_good=press.verb is Verb.GOOD))
            case Verb.PLAIN:
                await self._questions.ask_in_place(message, shown, shown.question, user, says)
            case Verb.MEANT:
                await self._questions.ask_in_place(message, shown, shown.meant or shown.question, user, says)
            case _:
                await self._pages.turn(press, shown, message, says)

    def _keep_opinion(self, shown: Shown, user: int, *, is_good: bool) -> None:
        quotes = (self._pages.quote(shown, at) for at in shown.own if shown.places[at].shelf == COMMON)
        told = shown.question, shown.searched, shown.previous
        words = tuple(quoted(quote) for quote in quotes if quote)
        self._feedback.keep(Opinion(shown.id, user, shown.asker, is_good, *told, words, people=shown.people))
