"""Many chats at once, each person's updates in a chat in their order, each update once; who waits holds no place."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot import logs
from bot.figures import SECONDS
from bot.telegram.transport import handling
from bot.telegram.transport.intake import Intake, Lane
from bot.telegram.transport.journal import MOST_WAITING, Journal

AT_ONCE = 48
"""Updates that are worked on at once. Those that wait for Telegram, a file or a pause are not among them."""


@asynccontextmanager
async def without_place() -> AsyncIterator[None]:
    """While the body waits for somebody else, the place of the update that is being handled is another's. Its chat
    waits for it."""
    turn = _current.get()
    task = asyncio.current_task()
    if turn is None or task is None or turn.task is not task:  # what goes on beside the handling has no place to give
        yield
        return
    turn.leave_place()
    try:
        yield
    finally:
        if not task.cancelling():  # what is cancelled needs none to end
            await turn.take_place()


@asynccontextmanager
async def waiting() -> AsyncIterator[None]:
    """The same, before anything was sent: it is no more the update's handling that could end the process."""
    handling.lives()
    async with without_place():
        yield


async def let_others_pass(seconds: float) -> None:
    """Give up the chat's turn and the place of the update that is being handled, and queue for them anew after so long:
    what has come for the chat meanwhile goes first."""
    handling.lives()
    turn = _current.get()
    if turn is None:
        await asyncio.sleep(seconds)
    else:
        await turn.let_pass(seconds)


@dataclass(slots=True)
class _Queue:
    """Who wants a lane: one at a time holds it, then it is the next sender's, each sender's in the order they came."""

    wanted: int = 0
    _is_held: bool = False
    _waiting: OrderedDict[int, deque[asyncio.Future[None]]] = field(default_factory=OrderedDict)

    async def take(self, sender: int) -> None:
        if not self._is_held:
            self._is_held = True
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sender, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # it was handed over at the same moment
                self.leave()
            raise

    def leave(self) -> None:
        while self._waiting:
            sender, own = self._waiting.popitem(last=False)
            mine = own.popleft()
            if own:
                self._waiting[sender] = own  # behind the other senders
            if not mine.done():
                mine.set_result(None)
                return
        self._is_held = False


class _Turn:
    """The lane and the place that the handling of an update holds."""

    def __init__(self, queue: _Queue, sender: int, places: asyncio.Semaphore) -> None:
        self._queue, self._sender, self._places = queue, sender, places
        self.task = asyncio.current_task()
        self._held = AsyncExitStack()
        self._has_place = False

    async def take(self) -> None:
        await self._queue.take(self._sender)
        self._held.callback(self._queue.leave)
        await self.take_place()

    async def take_place(self) -> None:
        await self._places.acquire()
        self._has_place = True

    def leave_place(self) -> None:
        if self._has_place:
            self._has_place = False
            self._places.release()

    async def leave(self) -> None:
        self.leave_place()
        await self._held.aclose()

    async def let_pass(self, seconds: float) -> None:
        await self.leave()
        await asyncio.sleep(seconds)
        await self.take()


_current: ContextVar[_Turn | None] = ContextVar("turn", default=None)


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
        self._queues: dict[Lane, _Queue] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Await ``coroutine`` when it is the turn of ``update``."""
        if isinstance(update, Update):
            logs.handling.set(update.update_id)  # each update has a task of its own
        lane, sender = _origin(update)
        queue = self._queues.setdefault(lane, _Queue())
        queue.wanted += 1
        turn = _Turn(queue, sender, self._places)
        token, came = _current.set(turn), time.monotonic()
        try:
            await turn.take()
            SECONDS.labels("waiting").observe(time.monotonic() - came)
            await coroutine
        finally:
            _current.reset(token)
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
