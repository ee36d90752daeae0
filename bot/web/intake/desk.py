"""Work that would hold up the loop: questions on few threads of low priority, documents on others, and never too much
of it waiting, so that the bot in the same process answers as if nobody read."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from bot.web.intake.refusals import RefusedError

T = TypeVar("T")

READERS = 2
"""Threads that read documents."""
WAITING = 200
"""How much of either kind may wait; what comes on top is told to come again."""
AGAIN = 5
"""Seconds after which."""
NICE = 5
"""What the threads add to their niceness: the bot's go before them, and they go before what makes vectors."""


class Desk:
    """Two queues. For use on one loop."""

    def __init__(self) -> None:
        askers = max(1, (os.cpu_count() or 1) // 2)
        self._asking = _Queue(ThreadPoolExecutor(askers, thread_name_prefix="web-ask", initializer=_give_way))
        self._reading = _Queue(ThreadPoolExecutor(READERS, thread_name_prefix="web-read", initializer=_give_way))

    async def ask(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, that searches. Raises RefusedError where too much waits."""
        return await self._asking.do(work)

    async def read(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, that reads documents. Raises RefusedError where too much waits."""
        return await self._reading.do(work)

    def close(self) -> None:
        """Begin nothing any more."""
        self._asking.close()
        self._reading.close()


class _Queue:
    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor, self._held = executor, 0

    async def do(self, work: Callable[[], T]) -> T:
        if self._held >= WAITING:
            raise RefusedError(503, "busy", wait=AGAIN)
        self._held += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._held -= 1

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def _give_way() -> None:
    """The thread that calls lets the bot's go first. Only Linux has a priority of one thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
