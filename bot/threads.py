"""What each chat asked last, for a question that leans on it: in memory only, for a while, and not for all chats."""

import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 10_000
"""Chats remembered at once; beyond that the one that has been silent longest is forgotten."""
KEPT = 30 * 60.0
"""Seconds after which a chat's last question is forgotten."""


class Threads:
    """The text last searched for in each chat. For use on one thread."""

    def __init__(self, most: int = MOST, kept: float = KEPT, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._kept, self._clock = most, kept, clock
        self._last: OrderedDict[int, tuple[float, str]] = OrderedDict()

    def last(self, chat: int) -> str | None:
        """What was last searched for in a chat, if that is remembered."""
        self._forget_old()
        found = self._last.get(chat)
        return found[1] if found else None

    def keep(self, chat: int, searched: str) -> None:
        """Remember a text in place of the chat's last one."""
        self._last.pop(chat, None)
        self._last[chat] = self._clock(), searched
        self._forget_old()

    def forget(self, chat: int) -> None:
        """Begin a new thread in a chat."""
        self._last.pop(chat, None)

    def __len__(self) -> int:
        return len(self._last)

    def _forget_old(self) -> None:
        oldest = self._clock() - self._kept
        while self._last:
            chat, (since, _) = next(iter(self._last.items()))
            if since > oldest and len(self._last) <= self._most:
                return
            del self._last[chat]
