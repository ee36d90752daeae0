"""The scanned pages of files that chats gave are read while the bot runs: a few of one chat, then a few of the next.

They are read by processes apart; the thread here waits for them. What it read is kept page by page, so that a stop
loses next to nothing, and the next start goes on.
"""

import logging
import threading
import time
from collections.abc import Callable

from bot.sources.private import PrivateLibraries
from bot.store.files import File
from retrieval.errors import IqtibasError

log = logging.getLogger(__name__)

LOOKED_AFTER = 0.5
"""Seconds after which it is seen whether pages wait."""
AGAIN_AFTER = 300.0
"""Seconds after which it is tried again where it failed."""

Told = Callable[[File, str | None], object]
"""What is told of a file that was read to its end, and of the reason, a key of the phrases, where it is not kept."""


class Recognising:
    """Reads the scanned pages of ``private``, between ``begin`` and ``end``."""

    def __init__(self, private: PrivateLibraries) -> None:
        self._private = private
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scans", daemon=True)
        self._told: Told = lambda _file, _reason: None
        self._later: dict[int, float] = {}

    def begin(self, told: Told) -> None:
        """Begins, once. ``told`` is called from a thread of its own."""
        self._told = told
        self._thread.start()

    def end(self) -> None:
        """Begins no more. What is under way ends with ``PrivateLibraries.close``."""
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(LOOKED_AFTER):
            for chat in self._private.lacking_scans():
                if not self._end.is_set() and time.monotonic() >= self._later.get(chat, 0.0):
                    self._read(chat)

    def _read(self, chat: int) -> None:
        """A few pages of a chat; where that fails, not again for a while."""
        try:
            for file, reason in self._private.read_scans(chat):
                log.info("scans of a chat's file: read%s", f", and not kept: {reason}" if reason else "")
                self._told(file, reason)
        except Exception as error:
            if chat in self._private.lacking_scans() and not self._end.is_set():  # else its files went meanwhile
                self._later[chat] = time.monotonic() + AGAIN_AFTER
                log.error("scans of a chat: failed: %s", error, exc_info=not isinstance(error, IqtibasError))
