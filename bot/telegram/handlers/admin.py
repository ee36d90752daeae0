"""/status, /reload, /drop and /gaps, for admins: how the bot fares, the corpus read again, a chat's backlog dropped,
what was not answered."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from telegram import Update
from telegram.constants import ChatAction
from telegram.ext import CommandHandler, ContextTypes, filters

from bot.conversation.tally import Tally
from bot.operation import machine
from bot.operation.gaps import Gaps
from bot.phrases import Phrases
from bot.settings import Settings
from bot.showing.missed import gaps_lines
from bot.store.chats import Chats
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.replying.replies import reply
from bot.telegram.replying.typing import typing
from bot.telegram.transport.intake import Intake
from retrieval import Documents, Refreshed
from retrieval.errors import IqtibasError

log = logging.getLogger(__name__)

UNKNOWN = "–"
"""In place of a figure that the system does not give."""
LONGEST = 5
"""Chats that are named whose updates wait, those with the most of them."""
_CHAT = re.compile(r"-?[1-9][0-9]{0,15}")


class Corpus(Protocol):
    """What the documents come from: ``retrieval.Library`` does."""

    @property
    def documents(self) -> Documents:
        """The documents that are served."""
        ...

    @property
    def passages(self) -> int:
        """How many passages they were cut into."""
        ...

    @property
    def problems(self) -> Sequence[Any]:
        """What could not be read."""
        ...

    @property
    def engine(self) -> str:
        """What finds them."""
        ...

    def refresh(self) -> Refreshed:
        """Read them again, and say what changed. Raises ``IqtibasError``, and serves on, if that fails."""
        ...


class Admin:
    """Answers admins only; to others the commands are unknown."""

    def __init__(
        self,
        corpus: Corpus,
        settings: Settings,
        tally: Tally,
        chats: Chats,
        intake: Intake,
        drop: Callable[[int], Awaitable[int]],
        missed: Callable[[], Gaps] | None = None,
    ) -> None:
        """``drop`` drops what waits of a chat, and says how much that was. ``missed`` gives what was not answered; None
        where that is not kept."""
        self._missed = missed
        self._corpus, self._settings = corpus, settings
        self._intake, self._drop = intake, drop
        self._tally, self._chats = tally, chats
        self._reading = asyncio.Lock()

    def handlers(self) -> list[Handler]:
        """/status, /reload, /drop and, in private, /gaps; nothing where there are no admins."""
        admins = NEW & filters.User(self._settings.admins)
        return [
            CommandHandler("status", self.status, filters=admins),
            CommandHandler("reload", self.reload, filters=admins),
            CommandHandler("drop", self.drop, filters=admins),
            CommandHandler("gaps", self.gaps, filters=admins & filters.ChatType.PRIVATE),
        ]

    async def status(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what is served, since when, what was asked, and what it costs."""
        if update.message:
            await reply(update.message, await asyncio.to_thread(self._status, phrases_for(update)))

    async def reload(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Read the corpus again, while the old one answers, and say what changed or why that failed."""
        message, says = update.message, phrases_for(update)
        if message is None:
            return
        if self._reading.locked():
            await reply(message, says.reload_under_way)
            return
        async with self._reading, typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            said = await asyncio.to_thread(self._reloaded, says)
        await reply(message, said)

    async def drop(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Drop what waits of the chat that is named."""
        if update.message is None:
            return
        says, named = phrases_for(update), " ".join(context.args or ())
        if not _CHAT.fullmatch(named):
            await reply(update.message, says.drop_which)
            return
        dropped = await self._drop(int(named))
        log.warning("an admin dropped the updates of a chat that waited: %d", dropped)
        await reply(update.message, says.queue_dropped.format(chat=named, dropped=says.figure(dropped)))

    async def gaps(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what several people asked and found no answer to."""
        if update.message is None:
            return
        says = phrases_for(update)
        if self._missed is None:
            await reply(update.message, says.gaps["off"])
            return
        found = await asyncio.to_thread(self._missed)
        await reply(update.message, "\n".join(gaps_lines(found, says)))

    def _reloaded(self, says: Phrases) -> str:
        before = len(self._corpus.documents)
        try:
            told = self._corpus.refresh()
        except IqtibasError as error:
            log.error("the corpus could not be read again, the old one is served: %s", error)
            return says.reload_failed.format(reason=says.isolated(str(error)))
        now = len(self._corpus.documents)
        log.info("the corpus was read again: %s", told)
        return says.reloaded.format(
            documents=says.figure(now),
            before=says.figure(before),
            problems=says.figure(len(self._corpus.problems)),
        )

    def _status(self, says: Phrases) -> str:
        load, used = machine.load(), machine.memory()
        told = says.status.format(
            documents=says.figure(len(self._corpus.documents)),
            problems=says.figure(len(self._corpus.problems)),
            passages=says.figure(self._corpus.passages),
            engine=says.isolated(self._corpus.engine),
            running=says.duration(self._tally.running),
            found=says.figure(self._tally.found),
            refused=says.figure(self._tally.refused),
            errors=says.figure(self._tally.errors),
            groups=says.figure(self._chats.groups()),
            waiting=says.figure(self._intake.waiting),
            dropped=says.figure(self._intake.dropped),
            load=UNKNOWN if load is None else says.figure(load, 2),
            memory=UNKNOWN if used is None else says.figure(used / 2**20),
        )
        queues = (
            says.status_queue.format(chat=queue.chat, waiting=says.figure(queue.updates))
            for queue in self._intake.longest(LONGEST)
        )
        return "\n".join([told, *queues])
