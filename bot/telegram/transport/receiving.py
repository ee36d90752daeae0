"""The two ways by which updates come: the bot asks for them, or Telegram gives them (``webhook``)."""

import logging
from collections.abc import Sequence
from typing import Protocol

from telegram.error import TelegramError
from telegram.ext import Updater

log = logging.getLogger(__name__)


class Receiving(Protocol):
    """A way by which updates come to the application's queue, each stored before Telegram is told that it arrived."""

    sign: str
    """What says that updates can still come, as a person calls it."""

    @property
    def told(self) -> str:
        """What the log says of it where the bot begins to serve; may be nothing."""
        ...

    @property
    def goes_on(self) -> bool:
        """Whether updates can come."""
        ...

    async def begin(self) -> None:
        """Take updates from now on. May be called again where Telegram could not be reached. Raises TelegramError."""
        ...

    async def end(self) -> None:
        """Take none any more; what waits at Telegram stays there."""
        ...


class Polling:
    """The bot asks, by way of python-telegram-bot's ``updater``, for updates of some ``kinds``. What was set of a
    webhook is taken away by that, and what waits at Telegram is kept."""

    sign = "poll for updates"
    told = ""

    def __init__(self, updater: Updater, kinds: Sequence[str]) -> None:
        self._updater, self._kinds = updater, kinds

    @property
    def goes_on(self) -> bool:
        """Whether it asks."""
        return self._updater.running

    async def begin(self) -> None:
        """Ask from now on."""
        await self._updater.start_polling(
            bootstrap_retries=-1,
            allowed_updates=self._kinds,
            drop_pending_updates=False,
            error_callback=_note,
        )

    async def end(self) -> None:
        """Ask no more."""
        if self._updater.running:
            await self._updater.stop()


def _note(error: TelegramError) -> None:
    """The watch has said what the operator needs to know of a failed poll."""
    log.debug("a poll failed: %r", error)
