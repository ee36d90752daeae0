"""/privacy and /forgetme: what is kept of a user, and all of it gone."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.conversation import threads
from bot.showing.buttons import Button
from bot.showing.cards import Card
from bot.store import answers, inbox
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, change_card, reply

log = logging.getLogger(__name__)

DATA = "f:"
"""What the button's data begin with; then the form's version, then the id of who asked to be forgotten."""
_USER = re.compile(r"f:1:([0-9]{1,15})")

Forget = Callable[[int], Awaitable[object]]
"""Deletes all that one part of the program keeps of a user."""


class Forgetting:
    """Forgets a user by way of all ``forgets``; ``wipe`` then leaves no trace of what was deleted."""

    def __init__(self, forgets: Sequence[Forget], wipe: Callable[[], object], *, log_text: bool) -> None:
        self._forgets, self._wipe, self._log_text = forgets, wipe, log_text

    def handlers(self) -> list[Handler]:
        """/privacy, /forgetme and its button."""
        return [
            CommandHandler("privacy", self.explain, filters=NEW),
            CommandHandler("forgetme", self.ask, filters=NEW),
            CallbackQueryHandler(self.forget, pattern=f"^{DATA}"),
        ]

    async def explain(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what is kept, and for how long."""
        if message := update.message:
            says = phrases_for(update)
            told = says.documents["privacy"].format(
                answers=says.duration(answers.KEPT),
                thread=says.duration(threads.KEPT),
                numbers=says.duration(inbox.REMEMBERED),
            )
            logged = [says.documents["privacy_log"]] if self._log_text else []
            await reply(message, "\n\n".join([told, *logged]))

    async def ask(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether it is meant: what is gone cannot come back."""
        message = update.message
        if message is None or message.from_user is None:
            return
        says = phrases_for(update)
        yes = Button(says.documents["button_forget"], f"{DATA}1:{message.from_user.id}")
        await reply(message, says.documents["forget_confirm"], keyboard([[yes]], says))

    async def forget(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget who asked for it, if it is they who press."""
        query, says = update.callback_query, phrases_for(update)
        if query is None:
            return
        wanted = _USER.fullmatch(query.data or "")
        if wanted is None:
            await answer_press(query, says.button_too_old)
        elif int(wanted[1]) != query.from_user.id:
            await answer_press(query, says.documents["not_asked_by_you"], is_alert=True)
        else:
            await answer_press(query)
            for forget in self._forgets:
                await forget(query.from_user.id)
            await asyncio.to_thread(self._wipe)
            log.info("a user was forgotten")
            if isinstance(query.message, Message):
                text = says.documents["forgotten"]
                await change_card(query.message, Card(text, text), None)
