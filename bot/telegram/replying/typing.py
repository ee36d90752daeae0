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
    showing = asyncio.create_task(_repeat(show, after, again))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _repeat(show: Callable[[], Awaitable[object]], after: float, again: float) -> None:
    await asyncio.sleep(after)
    while True:
        try:
            await show()
        except TelegramError:
            return
        await asyncio.sleep(again)
