"""A button under an answer is pressed: its context, further quotes, its sources, a page's picture, an opinion, the
question plain; under a refusal, what may have been meant, and the nearest documents. What is shown takes the answer's
place; a picture is a reply."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Message, ReactionTypeEmoji, Update
from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.conversation.limits import Allowance
from bot.conversation.threads import Threads
from bot.phrases import Phrases
from bot.showing.buttons import DATA, EXAMPLE, Press, Verb, example_pressed, pressed
from bot.sources.examples import Examples
from bot.sources.holdings import COMMON
from bot.store.answers import Answers, Shown
from bot.store.feedback import Feedback, Opinion, quoted
from bot.telegram.handlers.commands import Handler, phrases_for
from bot.telegram.handlers.pages import Pages
from bot.telegram.handlers.questions import Questions
from bot.telegram.replying.replies import answer_press

ASKING = {Verb.MORE, Verb.PLAIN, Verb.MEANT, Verb.PICTURE}
"""What counts as a question of who presses."""
SIGNS = {"👍": True, "👎": False}
"""The reactions that say what somebody thinks of an answer."""


class Buttons:
    """Does what the buttons of ``answers`` say, by ``pages``; opinions go into ``feedback``."""

    def __init__(
        self,
        pages: Pages,
        answers: Answers,
        feedback: Feedback,
        questions: Questions,
        allowance: Allowance,
        examples: Examples,
    ) -> None:
        self._pages, self._answers, self._feedback = pages, answers, feedback
        self._questions, self._allowance, self._examples = questions, allowance, examples

    def handlers(self) -> list[Handler]:
        """Any button under an answer or a page of its context."""
        return [
            CallbackQueryHandler(self.press, pattern=f"^{DATA}"),
            CallbackQueryHandler(self.ask_example, pattern=f"^{EXAMPLE}"),
        ]

    async def ask_example(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the question of a button under the welcome."""
        query, says = update.callback_query, phrases_for(update)
        if query is None:
            return
        key, message = example_pressed(query.data), query.message
        question = self._examples.asked(key) if key else None
        if question is None or not isinstance(message, Message):
            await answer_press(query, says.button_too_old)
        elif await self._may_ask(query, says):
            await answer_press(query)
            await self._questions.reply_to_example(message, question, query.from_user.id, says)

    async def _may_ask(self, query: CallbackQuery, says: Phrases) -> bool:
        """Count a question of who presses; where they have asked too many, they are told."""
        user = query.from_user.id
        if self._allowance.take(user):
            return True
        limit, wait = says.counted("messages", self._allowance.most), self._allowance.wait(user)
        told = says.too_many.format(limit=limit, wait=says.counted("seconds", wait))
        await answer_press(query, told, is_alert=True)
        return False

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
        elif press.verb not in ASKING or await self._may_ask(query, says):
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
                await self.keep_opinion(shown, user, is_good=press.verb is Verb.GOOD)
            case Verb.PLAIN:
                await self._questions.ask_in_place(message, shown, shown.question, user, says)
            case Verb.MEANT:
                await self._questions.ask_in_place(message, shown, shown.meant or shown.question, user, says)
            case _:
                await self._pages.turn(press, shown, message, says)

    async def keep_opinion(self, shown: Shown, user: int, *, is_good: bool) -> None:
        """Keep what a person thinks of an answer."""
        await self._pages.apart(shown, lambda: self._keep_opinion(shown, user, is_good=is_good))

    def _keep_opinion(self, shown: Shown, user: int, *, is_good: bool) -> None:
        quotes = (self._pages.quote(shown, at) for at in shown.own if shown.places[at].shelf == COMMON)
        told = shown.question, shown.searched, shown.previous
        words = tuple(quoted(quote) for quote in quotes if quote)
        self._feedback.keep(Opinion(shown.id, user, shown.asker, is_good, *told, words, people=shown.people))


class Reactions:
    """What people think of an answer, by their reaction to its card: the same as by its buttons, told by ``keep``."""

    def __init__(self, threads: Threads, answers: Answers, keep: Callable[..., Awaitable[None]]) -> None:
        self._threads, self._answers, self._keep = threads, answers, keep

    async def note(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a thumb up or down for an opinion, of a person's and of an answer that is remembered."""
        changed = update.message_reaction
        turn = self._threads.of_card(changed.chat.id, changed.message_id) if changed else None
        if changed is None or changed.user is None or turn is None or turn.answer is None:
            return
        emoji = (reaction.emoji for reaction in changed.new_reaction if isinstance(reaction, ReactionTypeEmoji))
        sign = next((SIGNS[face] for face in emoji if face in SIGNS), None)
        shown = await asyncio.to_thread(self._answers.get, turn.answer, changed.chat.id)
        if shown and sign is not None:
            await self._keep(shown, changed.user.id, is_good=sign)
