"""What each chat asked last, for a question that leans on it: for a while, and not for all chats.

In a group that has topics, each topic is a thread of its own.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from bot.store.threads import KEPT, StoredThreads

MOST = 10_000
"""Threads remembered at once; beyond that the one that has been silent longest is forgotten."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text that was searched for, when, and those whose words stand in it."""

    since: float
    text: str
    people: frozenset[int]


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
        self._last: OrderedDict[tuple[int, int], Said] = OrderedDict()
        for chat, topic, since, searched, people in stored.load(clock() - kept) if stored else ():
            self._last[chat, topic] = Said(since, searched, people)

    def last(self, chat: int, topic: int = 0) -> str | None:
        """What was last searched for in a thread, if that is remembered."""
        self._forget_old()
        found = self._last.get((chat, topic))
        return found.text if found else None

    def people(self, chat: int, topic: int = 0) -> frozenset[int]:
        """Those whose words stand in it."""
        found = self._last.get((chat, topic))
        return found.people if found else frozenset()

    def keep(self, chat: int, searched: str, topic: int = 0, people: Collection[int] = ()) -> None:
        """Remember a text, in which words of ``people`` stand, in place of the thread's last one."""
        now = self._clock()
        self._last.pop((chat, topic), None)
        self._last[chat, topic] = Said(now, searched, frozenset(people))
        if self._stored:
            self._change(partial(self._stored.keep, chat, topic, now, searched, people))
        self._forget_old()

    def forget(self, chat: int, topic: int = 0) -> None:
        """Begin a new thread."""
        if self._last.pop((chat, topic), None) and self._stored:
            self._change(partial(self._stored.forget, chat, topic))

    def forget_person(self, person: int) -> None:
        """Forget the threads in which words of a person stand, and all of their own chat."""
        for (chat, topic), said in list(self._last.items()):
            if chat == person or person in said.people:
                self.forget(chat, topic)

    def drop_old(self) -> None:
        """Let go of what is too old; on the disk it goes with all else that is."""
        oldest = self._clock() - self._kept
        for thread in [thread for thread, said in self._last.items() if said.since <= oldest]:
            del self._last[thread]

    def move(self, old: int, new: int) -> None:
        """A chat has a new id: its threads go with it, each with its age; on the disk with all else that moves."""
        self._last = OrderedDict(
            ((new if chat == old else chat, topic), kept) for (chat, topic), kept in self._last.items()
        )

    def __len__(self) -> int:
        return len(self._last)

    def _forget_old(self) -> None:
        oldest = self._clock() - self._kept
        while self._last:
            (chat, topic), said = next(iter(self._last.items()))
            if said.since > oldest and len(self._last) <= self._most:
                return
            self.forget(chat, topic)
