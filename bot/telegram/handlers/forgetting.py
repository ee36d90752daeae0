"""/privacy and /forgetme: what is kept of a user, and all of it gone."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.conversation.threads import Threads
from bot.showing.buttons import Button
from bot.showing.cards import Card
from bot.sources.private import PrivateLibraries
from bot.store import held
from bot.store.database import Keeps
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.handlers.filing import Filing
from bot.telegram.replying.addressing import speaks_for
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, change_card, reply
from bot.telegram.transport.handling import at_end, wipe_at_end
from bot.telegram.transport.journal import Journal

log = logging.getLogger(__name__)

DATA = "f:"
"""What the button's data begin with; then the form's version, then the id of who asked to be forgotten."""
_WHO = re.compile(r"f:1:(-?[0-9]{1,15})")

Forget = Callable[[int, int], Awaitable[object]]
"""Deletes all that is kept of a person, without a trace; given the id of the update that asks for it, too."""


class Asked(Protocol):
    """What remembers what it was asked."""

    def forget_answers(self) -> None:
        """Let go of it."""
        ...


class Everything:
    """All that is kept of a person, in memory and in the state folder. Without ``journal`` all at once; with it, what
    waits is answered first."""

    def __init__(
        self,
        threads: Threads,
        library: Asked,
        private: PrivateLibraries,
        filing: Filing,
        database: Keeps,
        journal: Journal | None,
    ) -> None:
        self._threads, self._library, self._private = threads, library, private
        self._filing, self._database, self._journal = filing, database, journal
        if journal:
            journal.forget = self._forget

    async def forget(self, person: int, update: int) -> None:
        """Delete it, when ``update`` is handled, and what is kept of other updates by then when those are."""
        if self._journal:
            await self._journal.forget_after(person, but=update)
            wipe_at_end()
        await self._forget(person)
        if not self._journal:
            await asyncio.to_thread(self._database.wipe)

    async def _forget(self, person: int) -> None:
        self._threads.forget_person(person)
        self._library.forget_answers()
        await self._filing.do(partial(self._private.forget, person))
        rows = partial(held.forget, self._database, person)
        if self._journal:
            at_end(rows)
        else:
            await asyncio.to_thread(rows)


class Forgetting:
    """Forgets by way of ``forget`` whoever asks for it: a person, or the admins of a group who do not show who they
    are, by the id of the group, for whom each of its admins may speak."""

    def __init__(self, forget: Forget, *, log_text: bool, gaps: bool = False) -> None:
        """``log_text``, ``gaps``: what the operator has kept besides, which people are told then."""
        self._forget, self._log_text, self._gaps = forget, log_text, gaps

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
            kept = {name: says.duration(seconds) for name, seconds in held.UNTIL.items()}
            told = says.documents["privacy"].format(**kept)
            missed = [says.documents["privacy_gaps"].format(**kept)] if self._gaps else []
            logged = [says.documents["privacy_log"]] if self._log_text else []
            await reply(message, "\n\n".join([told, *missed, *logged]))

    async def ask(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether it is meant: what is gone cannot come back."""
        message = update.message
        sender = message and (message.sender_chat or message.from_user)
        if message is None or sender is None:
            return
        says = phrases_for(update)
        yes = Button(says.documents["button_forget"], f"{DATA}1:{sender.id}")
        await reply(message, says.documents["forget_confirm"], keyboard([[yes]], says))

    async def forget(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget who asked for it, if it is they who press, or one who speaks for them."""
        query, says = update.callback_query, phrases_for(update)
        if query is None:
            return
        wanted = _WHO.fullmatch(query.data or "")
        if wanted is None:
            await answer_press(query, says.button_too_old)
        elif not await speaks_for(query.from_user.id, int(wanted[1]), query.get_bot()):
            await answer_press(query, says.documents["not_asked_by_you"], is_alert=True)
        else:
            await answer_press(query)
            await self._forget(int(wanted[1]), update.update_id)
            log.info("somebody was forgotten")
            if isinstance(query.message, Message):
                text = says.documents["forgotten"]
                await change_card(query.message, Card(text, text), None)
