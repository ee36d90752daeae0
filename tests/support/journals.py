"""Lives of a process with a journal, one after another on the same database."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from bot.store.database import Database
from bot.telegram.transport.journal import Journal

KINDS = ("message", "callback_query")


def polled(*updates: dict[str, Any]) -> bytes:
    """What Telegram answers to a poll."""
    return json.dumps({"ok": True, "result": list(updates)}).encode()


def run(database: Database, scenario: Callable[[Journal], Awaitable[None]], **more: int) -> None:
    """One life of a process; where it is not closed in the end, it was killed."""

    async def life() -> None:
        await scenario(Journal(database, KINDS, **more))

    asyncio.run(life())


def left(database: Database) -> list[int]:
    """The numbers of the updates that a new life finds."""
    numbers: list[int] = []

    async def look(journal: Journal) -> None:
        numbers.extend(journal.left(lambda update: update["update_id"]))

    run(database, look)
    return numbers
