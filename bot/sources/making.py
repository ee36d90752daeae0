"""Vectors are made, and scanned pages of the corpus read, while the bot runs: on one thread of low priority, first the
vectors of chats, which are small. Questions for example are made first of all.

Answers come from words meanwhile. What is made is kept some passages at a time, so that a stop is prompt and loses
next to nothing, and the next start goes on.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Protocol

from bot.sources.examples import Examples, Exemplary
from bot.sources.private import PrivateLibraries
from retrieval.errors import IqtibasError

log = logging.getLogger(__name__)

LOOKED_AFTER = 1.0
"""Seconds after which it is seen whether a library was opened or changed."""
AGAIN_AFTER = 300.0
"""Seconds after which it is tried again where it failed."""
NICE = 10
"""What the thread adds to its niceness: not more, because others wait for it wherever it has Python's own lock."""


class Makes(Exemplary, Protocol):
    """What has vectors made: ``retrieval.Library`` does."""

    @property
    def passages(self) -> int:
        """How many passages there are."""
        ...

    @property
    def lacks_vectors(self) -> bool:
        """Whether there is anything to make."""
        ...

    @property
    def vectors_kept(self) -> tuple[int, int]:
        """Of how many passages vectors are kept, and the bytes that they take on disk."""
        ...

    @property
    def lacks_scans(self) -> bool:
        """Whether scanned pages wait to be read."""
        ...

    def read_scans(self, is_ended: Callable[[], bool]) -> bool:
        """Reads them, until ``is_ended``; whether it came to its end. Raises ``IqtibasError``."""
        ...

    def make_vectors(self, *, is_ended: Callable[[], bool]) -> bool:
        """Makes them, until ``is_ended``; whether it came to its end. Raises ``IqtibasError``."""
        ...


class Making:
    """Makes the vectors of the common library and of those of chats that are open, if there are chats, between
    ``begin`` and ``end``."""

    def __init__(
        self, common: Makes, private: PrivateLibraries | None = None, examples: Examples | None = None
    ) -> None:
        self._common, self._private, self._examples = common, private, examples
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="vectors")
        self._later: dict[str, float] = {}

    def begin(self) -> None:
        """Begins, once."""
        self._thread.start()

    def end(self) -> None:
        """Stops, and waits for the few passages that are under way."""
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        _give_way()
        while not self._end.wait(LOOKED_AFTER) and not self._is_ended_after_chats():
            if self._examples:
                self._examples.renew(self._common, self._end.is_set)
            if self._common.lacks_scans:
                self._read_scans()
            if self._common.lacks_vectors:
                make = partial(self._common.make_vectors, is_ended=self._is_ended_after_chats)
                self._make("the corpus", "corpus", self._common, make)

    def _is_ended_after_chats(self) -> bool:
        """Whether to stop; before that is said, those of chats have their turn, however long the corpus takes."""
        private = self._private
        for chat, library in private.lacking_vectors() if private else ():
            if self._is_ended() or private is None:
                break
            make = partial(private.make_vectors, chat, self._is_ended)
            self._make("a chat's files", f"chat {chat}", library, make)
        return self._is_ended()

    def _read_scans(self) -> None:
        """Reads the scanned pages of the corpus; where what was read cannot be taken up, not again for a while."""
        began = time.monotonic()
        if began < self._later.get("scans", began):
            return
        try:
            self._common.read_scans(self._is_ended_after_chats)
        except Exception as error:
            self._later["scans"] = began + AGAIN_AFTER
            log.error("scans of the corpus: failed: %s", error, exc_info=not isinstance(error, IqtibasError))

    def _make(self, called: str, key: str, library: Makes, make: Callable[[], bool]) -> None:
        """Makes those of one library, and says so; where it fails, not again for a while."""
        began = time.monotonic()
        if began < self._later.get(key, began):
            return
        log.info("vectors of %s: begun, passages=%d kept=%d", called, library.passages, library.vectors_kept[0])
        try:
            is_whole = make()
        except BaseException as error:  # a panic of a library among them
            self._later[key] = began + AGAIN_AFTER
            trace = None if isinstance(error, IqtibasError) else error
            log.error("vectors of %s: failed: %s", called, error, exc_info=trace)
            return
        done, seconds = "made" if is_whole else "stopped", time.monotonic() - began
        log.info("vectors of %s: %s, kept=%d seconds=%.1f", called, done, library.vectors_kept[0], seconds)

    def _is_ended(self) -> bool:
        # no daemon, which could be cut off within the network: it ends by itself when nothing else goes on
        return self._end.is_set() or not threading.main_thread().is_alive()


@contextmanager
def making_for(library: Makes) -> Iterator[None]:
    """Meanwhile the vectors of a library are made, and scans of its corpus read."""
    making = Making(library)
    making.begin()
    try:
        yield
    finally:
        making.end()


def _give_way() -> None:
    """The thread that calls takes what others leave. Only Linux has a priority of one thread."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
