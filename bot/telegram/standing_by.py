"""Waits for the turn to serve, where several processes share a server of state: one serves, the others stand by."""

import asyncio
import logging
import os
import socket
import time
from contextlib import suppress
from pathlib import Path

from bot.operation.health import Health
from bot.sources.copies import follow
from bot.store.database import Database, Keeps, StoreError
from bot.store.files import Files
from bot.store.migrations import MIGRATIONS

log = logging.getLogger(__name__)

TRIED_AFTER = 0.5
"""Seconds between two tries to take the turn."""
FOLLOWED_AFTER = 60.0
"""Seconds between two looks which files chats gave and took back."""
PACE = 1.0
"""Seconds for which nothing is sent after a turn was taken: what the process before sent counts at Telegram for a
second."""


async def has_turn(database: Keeps, files: Path, stop: asyncio.Event, health: Health) -> bool:
    """Wait for the turn to serve; False where ``stop`` comes first. ``files`` is the folder of what chats gave.

    Raises StoreError.
    """
    if isinstance(database, Database):
        return database.take_turn()
    beating = asyncio.create_task(health.beat(lambda: False))
    followed, is_said = -FOLLOWED_AFTER, False
    try:
        while not await asyncio.to_thread(database.take_turn, f"{socket.gethostname()}, process {os.getpid()}"):
            if not is_said:
                log.info("%s: another process serves, or the server is away; standing by", database.name)
                is_said = True
            if time.monotonic() - followed >= FOLLOWED_AFTER:
                followed = time.monotonic()
                await asyncio.to_thread(_follow, database, files)
            if await _comes(stop, TRIED_AFTER):
                return False
        return not await _comes(stop, PACE)
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def _comes(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


def _follow(database: Keeps, files: Path) -> None:
    try:
        if database.version() == len(MIGRATIONS):  # else the one that serves is of another version
            follow(Files(database), files)
    except (OSError, StoreError, database.errors) as error:  # it is done again, at the turn at the latest
        told = error.strerror if isinstance(error, OSError) else type(error).__name__
        log.warning("%s: the copies of what chats gave are not up to date (%s)", files, told)
