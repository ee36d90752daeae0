"""While an answer is made, the chat shows that it is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from telegram.error import TelegramError

TYPING_AFTER, TYPING_AGAIN = 0.5, 4.0
"""Seconds until it shows that an answer is under way, and until it shows so again: Telegram drops it after five."""


@asynccontextmanager
async def typing(
    show: Callable[[], Awaitable[object]], after: float = TYPING_AFTER, again: float = TYPING_AGAIN
) -> AsyncIterator[None]:
    """While the body runs, ``show`` that it does: not at all if it is quick. That it cannot be shown is no matter."""
    loop, showing = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    # a timer, because most are quick, and a task for each of them costs more
    timer = loop.call_later(after, lambda: showing.add(loop.create_task(_repeat(show, again))))
    try:
        yield
    finally:
        timer.cancel()
        for task in showing:
            task.cancel()
        await asyncio.gather(*showing, return_exceptions=True)


async def _repeat(show: Callable[[], Awaitable[object]], again: float) -> None:
    while True:
        try:
            await show()
        except TelegramError:
            return
        await asyncio.sleep(again)
