"""Many chats at once, each person's updates in a chat in their order, each update once."""

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import logs
from bot.figures import SECONDS
from bot.telegram.transport.intake import Intake, Lane
from bot.telegram.transport.journal import MOST_WAITING, Journal
from bot.telegram.transport.turns import Queue, Turn, current

AT_ONCE = 48
"""Updates that are worked on at once. Those that wait for Telegram, a file or a pause are not among them."""


class EachChatInOrder(BaseUpdateProcessor):
    """Handles up to ``at_once`` updates at a time, never two of one chat, each sender's in the order they came.

    An update waits for its chat before it takes one of the places, so that a chat that sends a hundred messages
    holds one place and not all; and in a chat the senders take turns. What has no chat goes by its sender. A chat is
    forgotten when none of its updates is left.
    """

    __slots__ = ("_places", "_queues")

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__(2 * MOST_WAITING)  # python-telegram-bot's own bound, which nothing may reach: it is not fair
        self._places = asyncio.Semaphore(at_once)
        self._queues: dict[Lane, Queue] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await ``coroutine`` when it is the turn of ``update``."""
        if isinstance(update, Update):
            logs.handling.set(update.update_id)  # each update has a task of its own
        lane, sender = _origin(update)
        queue = self._queues.setdefault(lane, Queue())
        queue.wanted += 1
        turn = Turn(queue, sender, self._places)
        token, came = current.set(turn), time.monotonic()
        try:
            await turn.take()
            SECONDS.labels("waiting").observe(time.monotonic() - came)
            await coroutine
        finally:
            current.reset(token)
            await turn.leave()
            queue.wanted -= 1
            if not queue.wanted:
                del self._queues[lane]

    @property
    def chats(self) -> int:
        """How many chats have updates that are waiting or being handled; who writes outside of chats counts as one."""
        return len(self._queues)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""


class EachUpdateOnce(EachChatInOrder):
    """The same, where each update is handled once by way of ``journal``, which keeps what is not handled. ``intake`` is
    told of each that is."""

    __slots__ = ("_intake", "_journal", "_left", "_under_way")

    def __init__(self, journal: Journal, intake: Intake | None = None) -> None:
        super().__init__()
        self._journal, self._intake = journal, intake
        self._under_way: set[asyncio.Task[Any]] = set()
        self._left = False

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await ``coroutine`` when it is the turn of ``update``, if that is still to be handled."""
        assert isinstance(update, Update)  # noqa: S101  (for the type checker: nothing else is queued)
        assert isinstance(coroutine, Coroutine)  # noqa: S101  (and a processor is given nothing else)
        task, once = asyncio.current_task(), self._journal.once(update.update_id, coroutine)
        assert task  # noqa: S101
        self._under_way.add(task)
        try:
            if not self._left:
                await super().do_process_update(update, once)
        finally:
            self._under_way.remove(task)
            for unawaited in (once, coroutine):
                unawaited.close()
            if self._intake:
                self._intake.done(update.update_id)

    def leave(self) -> None:
        """Let go of all that is not handled; it stays in the journal."""
        self._left = True
        for task in self._under_way:
            task.cancel()


def _origin(update: object) -> tuple[Lane, int]:
    """The lane of an update, and who sent it."""
    chat, user = (update.effective_chat, update.effective_user) if isinstance(update, Update) else (None, None)
    sender = user.id if user else 0
    message = (update.message or update.edited_message) if isinstance(update, Update) else None
    if message and message.sender_chat:
        sender = message.sender_chat.id
    return (chat.id if chat else None, 0 if chat else sender), sender
