"""Telegram's limits on what a bot sends, as its documentation gives them.

30 messages a second in all, one a second to a chat (short bursts pass), 20 a minute to a group.
"""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

ALL, CHAT, GROUP = (30, 1.0), (3, 3.0), (20, 60.0)
"""Messages, and the seconds in which there may be so many."""


@dataclass(slots=True)
class Limits:
    """Counts the messages that were let through. ``refused``: how many were not."""

    refused: int = 0
    _sent: dict[tuple[str, int], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, chat: int) -> int:
        """Seconds until a message to ``chat`` may be sent; 0 where it may, and is, now."""
        now = time.monotonic()
        windows = [(self._sent["all", 0], ALL), (self._sent["chat", chat], CHAT)]
        if chat < 0:
            windows.append((self._sent["group", chat], GROUP))
        waits = [_wait(sent, most, seconds, now) for sent, (most, seconds) in windows]
        if any(waits):
            self.refused += 1
            return max(waits)
        for sent, _ in windows:
            sent.append(now)
        return 0


def _wait(sent: deque[float], most: int, seconds: float, now: float) -> int:
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return math.ceil(sent[0] + seconds - now) if len(sent) >= most else 0
