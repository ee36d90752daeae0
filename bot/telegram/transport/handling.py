"""The update that is being handled: what it has sent, and what is written when it is wholly handled.

It is known by a context variable, so that the delivery and the memory of a chat can be told which update they serve
without every handler handing it on.
"""

from asyncio import Future
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from bot.store.inbox import Sent

Change = Callable[[], object]
"""Statements on the store."""
Note = Callable[[int, Sent, Sequence[Change]], Future[None]]
"""Writes down what is known of the message of a number, and makes changes with it, all or none; the future is done when
that is on the disk."""
Keep = Callable[[int, Sent], object]
"""The statement by which that is done."""


@dataclass(slots=True)
class Sending:
    """A message on its way, with what is known of it. Without ``note`` that is forgotten with the process; ``keep`` is
    the statement that it makes. ``insists``: it may rather stand there more than twice than not at all."""

    known: Sent = field(default_factory=Sent)
    name: str = "a message"
    note: Callable[[Sent, Sequence[Change]], Future[None]] | None = None
    keep: Callable[[Sent], object] | None = None
    changes: Sequence[Change] = ()
    insists: bool = False

    @property
    def doubts(self) -> int:
        """How often it may have been taken."""
        return self.known.doubts

    async def leaves(self) -> None:
        """It goes out when this returns, and from now on may have been taken."""
        if written := self._know(replace(self.known, doubts=self.known.doubts + 1)):
            await written

    async def came_back(self) -> None:
        """It was not taken after all."""
        if written := self._know(replace(self.known, doubts=self.known.doubts - 1)):
            await written

    def arrived(self, answer: Any) -> None:
        """Telegram took it and gave this answer. That is written when the next message leaves: when the update ends
        before, nobody needs to know."""
        self.known = replace(self.known, answer=answer)
        if self.keep:
            with_next(partial(self.keep, self.known))

    def _know(self, known: Sent) -> Future[None] | None:
        self.known, changes, self.changes = known, self.changes, ()
        return self.note(known, changes) if self.note else None


class Handling:
    """One update, from its begin to its end. ``sent``: its messages before the process was last ended.

    ``lives`` is called when it is seen that the process does not die over it.
    """

    def __init__(
        self, update: int, sent: Mapping[int, Sent], note: Note, keep: Keep, lives: Callable[[], None]
    ) -> None:
        self._update, self._sent, self._note, self._keep = update, sent, note, keep
        self.lives = lives
        self._messages = 0
        self.with_next: list[Change] = []
        self.changes: list[Change] = []
        self.wipes = False
        self.insists = False

    def next_message(self) -> Sending:
        """The update's next message: an update that is handled again sends the same ones in the same order."""
        self._messages += 1
        number = self._messages
        name = f"update {self._update}, message {number}"
        changes, self.with_next = self.with_next, []
        known, note, keep = self._sent.get(number, Sent()), partial(self._note, number), partial(self._keep, number)
        return Sending(known, name, note, keep, changes, self.insists)


current: ContextVar[Handling | None] = ContextVar("current", default=None)


def next_message() -> Sending:
    """The next message of the update that is being handled, or one that belongs to none."""
    handling = current.get()
    return handling.next_message() if handling else Sending()


def with_next(change: Change) -> None:
    """Make a change of the store before the next message leaves; at once where no update is being handled."""
    if handling := current.get():
        handling.with_next.append(change)
    else:
        change()


def insist() -> None:
    """From now on what the update that is being handled sends may stand there more than twice rather than not."""
    if handling := current.get():
        handling.insists = True


def lives() -> None:
    """Say that the process did not die over the update that is being handled, if there is one."""
    if handling := current.get():
        handling.lives()


def at_end(change: Change) -> None:
    """Make a change of the store together with taking the update out, so that both are done or none.

    An update that is handled again finds what the first time found. Raises RuntimeError where none is being handled.
    """
    _handling().changes.append(change)


def wipe_at_end() -> None:
    """Leave no trace of this update, nor of what else was deleted, once it is handled."""
    _handling().wipes = True


def _handling() -> Handling:
    handling = current.get()
    if handling is None:
        raise RuntimeError("no update is being handled")
    return handling
