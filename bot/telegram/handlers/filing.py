"""Where the files of chats are read, prepared and deleted: on threads of their own, before anybody asks there.

The work itself is done by few processes, which are bounded; these threads wait for it, so that nobody else does.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.sources.holdings import Holdings
from bot.telegram.transport.turns import waiting

T = TypeVar("T")


class Filing:
    """Does what has to do with the files of chats on ``threads``; meanwhile no place is held that others wait for."""

    def __init__(self, threads: Executor, holdings: Holdings) -> None:
        self._threads, self._holdings = threads, holdings

    async def do(self, work: Callable[[], T]) -> T:
        """What ``work`` gives."""
        async with waiting():
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def close(self) -> None:
        """Begin no more of it."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def make_ready(self, chat: int) -> None:
        """Come back when what a chat is answered from can be asked at once."""
        if not self._holdings.is_ready(chat):
            await self.do(lambda: self._holdings.make_ready(chat))


class Room:
    """Bytes of memory that are shared out, whoever wants more waiting until there is room."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def of(self, size: int) -> AsyncIterator[None]:
        """So many bytes, no more than there are in all, while the body runs."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._left >= size)
            self._left -= size
        try:
            yield
        finally:
            self._left += size
            async with self._changed:
                self._changed.notify_all()
