"""The application, steady: whatever breaks in one update is its own, and the next is handled.

A library that is not written in Python can panic, which is no ``Exception``; python-telegram-bot lets that pass, and
nobody hears of it.
"""

import asyncio
from typing import Any

from telegram.ext import Application as TelegramApplication


class BrokenError(Exception):
    """What broke was no ``Exception``; that is its ``__cause__``."""


class Steady(TelegramApplication[Any, Any, Any, Any, Any, Any]):
    """python-telegram-bot's application, whose error handlers hear of all that breaks."""

    async def process_update(self, update: object) -> None:
        """Handle an update; raises only what ends the task or the process that handles it."""
        try:
            await super().process_update(update)
        except BaseException as error:
            if isinstance(error, Exception) or _is_an_end(error):
                raise
            broken = BrokenError(type(error).__name__)
            broken.__cause__ = error
            await self.process_error(update, broken)


def _is_an_end(error: BaseException) -> bool:
    """Whether whoever runs the update ends it, and not something within it broke."""
    task = asyncio.current_task()
    is_cancelled = task is not None and task.cancelling() > 0
    return isinstance(error, GeneratorExit | KeyboardInterrupt) or (
        isinstance(error, asyncio.CancelledError) and is_cancelled
    )
