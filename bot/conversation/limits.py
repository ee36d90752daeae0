"""How much is answered of a person and of a chat in a while. In memory only, and not for all of them."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MINUTE = 60.0
MOST = 10_000
"""Users remembered at once; beyond that the one whose while began first is forgotten."""
OF_CHAT, PRESSES = 3, 3
"""How many times as many replies as a person's a group may have, and how many times as many buttons a person press."""


@dataclass(slots=True)
class _While:
    """When it began to be counted what a user has, how much came since, and whether they know of too much."""

    since: float
    asked: int = 0
    told: bool = False


class Allowance:
    """``most`` of something for each user, or whatever else it is counted by, in ``seconds`` from the first. For use on
    one thread."""

    def __init__(
        self,
        most: int,
        seconds: float = MINUTE,
        users: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self._seconds, self._users, self._clock = seconds, users, clock
        self._whiles: OrderedDict[Hashable, _While] = OrderedDict()

    def take(self, user: Hashable) -> bool:
        """Count one more of ``user``; whether they may have it."""
        self._forget_old()
        counted = self._whiles.setdefault(user, _While(self._clock()))
        counted.asked += 1
        return counted.asked <= self.most

    def should_tell(self, user: Hashable) -> bool:
        """Whether it is time to tell ``user`` that it was too many: true once in a while."""
        counted = self._whiles.get(user)
        if counted is None or counted.told:
            return False
        counted.told = True
        return True

    def wait(self, user: Hashable) -> int:
        """Seconds, at least one, until what ``user`` has is counted anew."""
        since = self._whiles[user].since if user in self._whiles else self._clock()
        return max(1, math.ceil(since + self._seconds - self._clock()))

    def __len__(self) -> int:
        return len(self._whiles)

    def _forget_old(self) -> None:
        ended = self._clock() - self._seconds
        while self._whiles:
            oldest = next(iter(self._whiles))
            if self._whiles[oldest].since > ended and len(self._whiles) < self._users:
                return
            del self._whiles[oldest]


class Budgets:
    """What is answered in a minute: ``replies`` to a person, of whatever kind and wherever they write; ``of_chats``, in
    a group to all together; ``presses`` of a person's on buttons."""

    def __init__(self, replies: int) -> None:
        self.replies = Allowance(replies)
        self.of_chats = Allowance(replies * OF_CHAT)
        self.presses = Allowance(replies * PRESSES)
