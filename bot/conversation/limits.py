"""How many questions a user may ask in a while. In memory only, and not for all users."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0
MOST = 10_000
"""Users remembered at once; beyond that the one whose while began first is forgotten."""


@dataclass(slots=True)
class _While:
    """When a user's questions began to be counted, how many came since, and whether they know of too many."""

    since: float
    asked: int = 0
    told: bool = False


class Allowance:
    """``most`` questions a user in ``seconds`` from the first. For use on one thread."""

    def __init__(
        self,
        most: int,
        seconds: float = MINUTE,
        users: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.most = most
        self._seconds, self._users, self._clock = seconds, users, clock
        self._whiles: OrderedDict[int, _While] = OrderedDict()

    def take(self, user: int) -> bool:
        """Count a question of ``user``; whether it may be answered."""
        self._forget_old()
        counted = self._whiles.setdefault(user, _While(self._clock()))
        counted.asked += 1
        return counted.asked <= self.most

    def should_tell(self, user: int) -> bool:
        """Whether it is time to tell ``user`` that it was too many: true once in a while."""
        counted = self._whiles.get(user)
        if counted is None or counted.told:
            return False
        counted.told = True
        return True

    def wait(self, user: int) -> int:
        """Seconds, at least one, until the questions of ``user`` are counted anew."""
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
