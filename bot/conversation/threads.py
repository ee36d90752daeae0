"""What each chat asked last, for a question that leans on it: for a while, and not for all chats.

In a group that has topics, each topic is a thread of its own.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from bot.store.threads import StoredThreads

MOST = 10_000
"""Threads remembered at once; beyond that the one that has been silent longest is forgotten."""
KEPT = 30 * 60.0
"""Seconds after which a thread's last question is forgotten."""


def _at_once(change: Callable[[], object]) -> None:
    change()


class Threads:
    """The text last searched for in each chat and topic; outside of topics ``topic`` is 0. For use on one thread.

    With ``stored`` it begins with what is stored there, and what changes is stored too: when, ``change`` decides, which
    is given each change to make, so that a face can store it together with the end of what it handles. ``clock`` gives
    the seconds of the calendar.
    """

    def __init__(
        self,
        stored: StoredThreads | None = None,
        change: Callable[[Callable[[], object]], object] = _at_once,
        *,
        most: int = MOST,
        kept: float = KEPT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._most, self._kept, self._clock = most, kept, clock
        self._stored, self._change = stored, change
        self._last: OrderedDict[tuple[int, int], tuple[float, str]] = OrderedDict()
        for chat, topic, since, searched in stored.load(clock() - kept) if stored else ():
            self._last[chat, topic] = since, searched

    def last(self, chat: int, topic: int = 0) -> str | None:
        """What was last searched for in a thread, if that is remembered."""
        self._forget_old()
        found = self._last.get((chat, topic))
        return found[1] if found else None

    def keep(self, chat: int, searched: str, topic: int = 0) -> None:
        """Remember a text in place of the thread's last one."""
        now = self._clock()
        self._last.pop((chat, topic), None)
        self._last[chat, topic] = now, searched
        if self._stored:
            self._change(partial(self._stored.keep, chat, topic, now, searched))
        self._forget_old()

    def forget(self, chat: int, topic: int = 0) -> None:
        """Begin a new thread."""
        if self._last.pop((chat, topic), None) and self._stored:
            self._change(partial(self._stored.forget, chat, topic))

    def forget_chat(self, chat: int) -> None:
        """Forget all threads of a chat."""
        for known, topic in [thread for thread in self._last if thread[0] == chat]:
            self.forget(known, topic)

    def move(self, old: int, new: int) -> None:
        """A chat has a new id: its threads go with it, each with its age."""
        self._last = OrderedDict(
            ((new if chat == old else chat, topic), kept) for (chat, topic), kept in self._last.items()
        )
        if self._stored:
            self._stored.move(old, new)

    def __len__(self) -> int:
        return len(self._last)

    def _forget_old(self) -> None:
        oldest = self._clock() - self._kept
        while self._last:
            (chat, topic), (since, _) = next(iter(self._last.items()))
            if since > oldest and len(self._last) <= self._most:
                return
            self.forget(chat, topic)
