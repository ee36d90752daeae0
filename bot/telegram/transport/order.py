"""Many chats at once, each chat in its order, each update once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import logs
from bot.telegram.transport import handling
from bot.telegram.transport.journal import Journal

AT_ONCE = 48
WAITING = 4096
"""Updates that are looked at in all; further ones wait unread in the queue."""

_stand_aside: ContextVar[Callable[[float], Awaitable[None]]] = ContextVar("stand aside", default=asyncio.sleep)


async def let_others_pass(seconds: float) -> None:
    """Give up the chat's turn and the place of the update that is being handled, and queue for them anew after so long:
    what has come for the chat meanwhile goes first."""
    handling.lives()
    await _stand_aside.get()(seconds)


@dataclass(slots=True)
class _Turn:
    """A chat's lock, and how many updates hold or want it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class EachChatInOrder(BaseUpdateProcessor):
    """Handles up to ``at_once`` updates at a time, never two of one chat, each chat's in the order they came.

    An update waits for its chat before it takes one of the places, so that a chat that sends a hundred messages
    holds one place and not all. A chat is forgotten when none of its updates is left.
    """

    __slots__ = ("_places", "_turns")

    def __init__(self, at_once: int = AT_ONCE) -> None:
        super().__init__(max(WAITING, at_once))
        self._places = asyncio.Semaphore(at_once)
        self._turns: dict[int, _Turn] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await ``coroutine`` when it is the turn of ``update``."""
        if isinstance(update, Update):
            logs.handling.set(update.update_id)  # each update has a task of its own
        chat = update.effective_chat if isinstance(update, Update) else None
        if chat is None:
            async with self._places:
                await coroutine
            return
        turn = self._turns.setdefault(chat.id, _Turn())
        turn.wanted += 1
        try:
            async with AsyncExitStack() as held:
                await self._take(held, turn)
                _stand_aside.set(partial(self._let_pass, held, turn))
                await coroutine
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._turns[chat.id]

    async def _take(self, held: AsyncExitStack, turn: _Turn) -> None:
        await held.enter_async_context(turn.lock)  # asyncio's locks are fair: first come, first served
        await held.enter_async_context(self._places)

    async def _let_pass(self, held: AsyncExitStack, turn: _Turn, seconds: float) -> None:
        await held.aclose()
        await asyncio.sleep(seconds)
        await self._take(held, turn)

    @property
    def chats(self) -> int:
        """How many chats have updates that are waiting or being handled."""
        return len(self._turns)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to put away."""


class EachUpdateOnce(EachChatInOrder):
    """The same, where each update is handled once by way of ``journal``, which keeps what is not handled."""

    __slots__ = ("_journal", "_left", "_under_way")

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal
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

    def leave(self) -> None:
        """Let go of all that is not handled; it stays in the journal."""
        self._left = True
        for task in self._under_way:
            task.cancel()
