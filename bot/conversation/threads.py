"""What each person asked in each chat, for a question that leans on it: for a while, and not for all chats.

In a group that has topics, each topic is a thread of its own, and so is each person in it.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from bot.store.people import UNKNOWN
from bot.store.threads import KEPT, StoredThreads, Turn

MOST = 10_000
"""Turns remembered at once; beyond that the oldest are forgotten."""


def _at_once(change: Callable[[], object]) -> None:
    change()


class Threads:
    """The turns of each chat, topic and person; outside of topics ``topic`` is 0. For use on one thread.

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
        self._turns: OrderedDict[tuple[int, ...], Turn] = OrderedDict()
        self._last: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._of_card: dict[tuple[int, int], tuple[int, ...]] = {}
        self._of_message: dict[tuple[int, int], list[tuple[int, ...]]] = {}
        for turn in stored.load(clock() - kept) if stored else ():
            self._add(turn)

    def last(self, chat: int, topic: int = 0, person: int = 0) -> Turn | None:
        """What a person asked last in a thread, if that is remembered."""
        self._forget_old()
        return self._turns.get(self._last.get((chat, topic, person), ()))

    def of_card(self, chat: int, message: int) -> Turn | None:
        """What a message of the bot's answers, if that is remembered."""
        self._forget_old()
        return self._turns.get(self._of_card.get((chat, message), ()))

    def of_message(self, chat: int, message: int) -> list[Turn]:
        """What a message of somebody's asked, in the order in which it was answered, if that is remembered."""
        self._forget_old()
        return [self._turns[key] for key in self._of_message.get((chat, message), ())]

    def keep(self, turn: Turn) -> None:
        """Remember a turn; it is the last one of its person now. One of the same message and part it replaces."""
        turn = replace(turn, since=self._clock())
        self._drop(turn.key)
        self._add(turn)
        if self._stored:
            self._change(partial(self._stored.keep, turn))
        self._forget_old()

    def shown_by(self, turn: Turn, cards: Sequence[int]) -> None:
        """Remember which messages show the answer to a turn, unless that is forgotten or has moved meanwhile."""
        if turn.key in self._turns:
            self.keep(replace(turn, cards=tuple(cards)))

    def take_back(self, turn: Turn) -> None:
        """Forget a turn."""
        self._forget_all([turn.key])

    def forget(self, chat: int, topic: int = 0, person: int = 0) -> None:
        """Begin a new thread."""
        self._forget_all(key for key in self._turns if key[:3] == (chat, topic, person))

    def forget_person(self, person: int) -> None:
        """Forget what a person asked, all in which words of theirs may stand, and all of their own chat."""
        theirs = {person, UNKNOWN}
        self._forget_all(
            key
            for key, turn in self._turns.items()
            if person in (turn.chat, turn.person) or not theirs.isdisjoint(turn.people)
        )

    def drop_old(self) -> None:
        """Let go of what is too old; on the disk it goes with all else that is. What is of a time to come, as the clock
        was set back, is of now."""
        now = self._clock()
        ahead = {key: replace(turn, since=now) for key, turn in self._turns.items() if turn.since > now}
        self._turns.update(ahead)
        oldest = now - self._kept
        for key in [key for key, turn in self._turns.items() if turn.since <= oldest]:
            self._drop(key)

    def move(self, old: int, new: int) -> None:
        """A chat has a new id: its threads go with it, each with its age; on the disk with all else that moves."""
        turns = [replace(turn, chat=new) if turn.chat == old else turn for turn in self._turns.values()]
        for index in (self._turns, self._last, self._of_card, self._of_message):
            index.clear()
        for turn in turns:
            self._add(turn)

    def __len__(self) -> int:
        return len(self._turns)

    def _add(self, turn: Turn) -> None:
        self._turns[turn.key] = turn
        self._last[turn.thread] = turn.key
        self._of_card.update({(turn.chat, card): turn.key for card in turn.cards})
        if turn.message:
            self._of_message.setdefault((turn.chat, turn.message), []).append(turn.key)

    def _drop(self, key: tuple[int, ...]) -> None:
        turn = self._turns.pop(key, None)
        if turn is None:
            return
        if self._last.get(turn.thread) == key:
            del self._last[turn.thread]
        for card in turn.cards:
            self._of_card.pop((turn.chat, card), None)
        keys = self._of_message.get((turn.chat, turn.message), [])
        if key in keys:
            keys.remove(key)
        if not keys:
            self._of_message.pop((turn.chat, turn.message), None)

    def _forget_all(self, keys: Iterable[tuple[int, ...]]) -> None:
        for key in list(keys):
            self._drop(key)
            if self._stored:
                self._change(partial(self._stored.forget, key))

    def _forget_old(self) -> None:
        oldest = self._clock() - self._kept
        while self._turns:
            key, turn = next(iter(self._turns.items()))
            if turn.since > oldest and len(self._turns) <= self._most:
                return
            self._forget_all([key])
