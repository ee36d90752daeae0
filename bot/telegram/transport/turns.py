"""The turn of an update among others: the lane of its chat, and one of the places that all share; who waits holds no
place."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from bot.telegram.transport import handling


@asynccontextmanager
async def without_place() -> AsyncIterator[None]:
    """While the body waits for somebody else, the place of the update that is being handled is another's. Its chat
    waits for it."""
    turn = current.get()
    task = asyncio.current_task()
    if turn is None or task is None or turn.task is not task:  # what goes on beside the handling has no place to give
        yield
        return
    turn.step_out()
    try:
        yield
    finally:
        await turn.step_in(needs_place=not task.cancelling())  # what is cancelled needs none to end


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
    turn = current.get()
    if turn is None:
        await asyncio.sleep(seconds)
    else:
        await turn.let_pass(seconds)


@dataclass(slots=True)
class Queue:
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


class Turn:
    """The lane and the place that the handling of an update holds."""

    def __init__(self, queue: Queue, sender: int, places: asyncio.Semaphore) -> None:
        self._queue, self._sender, self._places = queue, sender, places
        self.task = asyncio.current_task()
        self._held = AsyncExitStack()
        self._has_place = False
        self._outs = 0  # how many bodies wait without a place, one in another

    async def take(self) -> None:
        await self._queue.take(self._sender)
        self._held.callback(self._queue.leave)
        await self._take_place()

    def step_out(self) -> None:
        self._outs += 1
        self._leave_place()

    async def step_in(self, *, needs_place: bool) -> None:
        self._outs -= 1
        if needs_place and not self._outs:
            await self._take_place()

    async def _take_place(self) -> None:
        if not self._has_place:
            await self._places.acquire()
            self._has_place = True

    def _leave_place(self) -> None:
        if self._has_place:
            self._has_place = False
            self._places.release()

    async def leave(self) -> None:
        self._leave_place()
        await self._held.aclose()

    async def let_pass(self, seconds: float) -> None:
        await self.leave()
        await asyncio.sleep(seconds)
        await self.take()


current: ContextVar[Turn | None] = ContextVar("turn", default=None)
