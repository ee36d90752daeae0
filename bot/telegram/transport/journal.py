"""No update is lost: each is written down before Telegram is told that it arrived, until it is wholly handled.

What is left when the process ends, however it ends, is handled when it starts again.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar

from telegram.error import NetworkError

from bot.store.database import Keeps, StoreError
from bot.store.inbox import Inbox, Left, Sent
from bot.store.writer import Writer
from bot.telegram.transport.handling import Change, Handling, current
from bot.telegram.transport.turns import without_place

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_WAITING = 10_000
"""Updates that wait here; further ones wait at Telegram, which keeps them for a day."""
MOST_STARTS = 10
"""How often an update may be begun by processes that die before they send anything for it, or wait for somebody else:
what kills is not tried for ever."""

_NEW = Left({})


class _DeadlyError(Exception):
    """Too many processes died while they handled an update."""


class Journal:
    """What updates wait, what is under way, and what was done. ``kinds``: the kinds of updates that are handled.

    Made where the event loop runs; ``close`` it before its database.
    """

    def __init__(self, database: Keeps, kinds: Collection[str], most_waiting: int = MOST_WAITING) -> None:
        self.database = database
        self._kinds, self._most_waiting = frozenset(kinds), most_waiting
        self._inbox, self._writer = Inbox(database), Writer(database)
        self._waiting: dict[int, Left] = {}
        self._forgets: dict[int, frozenset[int]] = {}
        self._deadly: set[int] = set()
        self._suspects = asyncio.Lock()
        self.forget: Callable[[int], Awaitable[object]] = _nothing
        """Deletes what is kept of a person, as a part of what is handled."""

    @property
    def full(self) -> bool:
        """Whether Telegram is to keep what it has for a while."""
        return len(self._waiting) >= self._most_waiting

    def left(self, read: Callable[[dict[str, Any]], T]) -> list[T]:
        """What the process before this one left, in its order, each by way of ``read``; it waits from now on.

        What cannot be read is dropped, with a line in the log. What was begun by too many processes that died is
        ``deadly``: it is given back for its sender to be told, once, and dropped if a process dies over that, too.
        """
        updates = []
        for left in self._inbox.left():
            number = left.update["update_id"]
            try:
                if left.starts > MOST_STARTS:
                    raise _DeadlyError
                if left.starts == MOST_STARTS:
                    log.error("update %s: given up after %d starts; its sender is told", number, left.starts)
                    self._deadly.add(number)
                updates.append(read(left.update))
                self._waiting[number] = left
                self._forgets[number] = left.forgets
            except Exception as error:  # its text may repeat what somebody wrote
                log.error("update %s: dropped after %d starts: %s", number, left.starts, type(error).__name__)
                self._inbox.done(number)
        return updates

    def is_deadly(self, update: int) -> bool:
        """Whether too many processes died over an update for it to be handled."""
        return update in self._deadly

    async def keep(self, polled: bytes) -> None:
        """Store the updates in the answer to a poll. Raises NetworkError where that cannot be done.

        That is what python-telegram-bot tries again for, and Telegram then gives them again.
        """
        updates = self._of_kinds(polled)
        if not updates:
            return
        try:
            new = await self._writer.put(partial(self._inbox.keep, updates), patient=False)
        except StoreError as error:
            raise NetworkError(str(error)) from error
        self._waiting.update(dict.fromkeys(new, _NEW))

    async def once(self, update: int, work: Awaitable[object]) -> None:
        """Await ``work``, which handles an update: not at all if the update does not wait here, or no longer.

        Then the update is taken out, even if it failed; it stays if ``work`` was cancelled. Updates over one of which
        a process died take turns until they send something or stand aside, so that what kills is counted and not what
        stood beside it.
        """
        left = self._waiting.pop(update, None)
        if left is None:
            return
        with ExitStack() as turn:
            if left.starts:
                async with without_place():  # else those that wait hold all that the one whose turn it is wants
                    await self._suspects.acquire()
                    turn.callback(self._suspects.release)
            if left is not _NEW:  # else it was no update that any process died over
                await self._writer.put(partial(self._inbox.begin, update))
            await self._handled(update, left, work, turn.close)

    async def _handled(self, update: int, left: Left, work: Awaitable[object], pass_on: Callable[[], None]) -> None:
        """Await ``work``, and take the update out. ``pass_on`` is called when it sends, or stands aside."""

        def lives() -> None:
            pass_on()
            if left is not _NEW:
                self._writer.put(partial(self._inbox.lives, update))

        def note(number: int, known: Sent, changes: Sequence[Change]) -> asyncio.Future[None]:
            pass_on()
            return self._writer.put(_all(*changes, partial(self._inbox.note, update, number, known)))

        handling, cancelled = Handling(update, left.sent, note, partial(self._inbox.note, update), lives), False
        token = current.set(handling)
        try:
            try:
                await work
            finally:
                await self._forget_those_of(update, handling)
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            current.reset(token)
            if cancelled:  # what arrived is known when it is handled again
                self._writer.put(_all(*handling.with_next))
            else:
                self._done(update, handling.changes)
        if handling.wipes:
            await self._writer.wipe()

    async def drop(self, updates: Iterable[int]) -> list[int]:
        """Take out those of some updates that wait and are not begun; which."""
        waiting = [update for update in updates if self._waiting.pop(update, None)]
        forgets = [self._forgets.pop(update, None) for update in waiting]
        for update in waiting:
            self._done(update, ())
        if any(forgets):  # nothing else was kept of it
            await self._writer.wipe()
        return waiting

    async def forget_after(self, person: int, but: int) -> None:
        """Have a person forgotten again when any update is handled that waits or is under way now and holds words of
        theirs, ``but`` the one that forgets them."""
        for update in await self._writer.put(partial(self._inbox.forget_after, person, but)):
            self._forgets[update] = self._forgets.get(update, frozenset()) | {person}

    async def _forget_those_of(self, update: int, handling: Handling) -> None:
        for person in self._forgets.pop(update, ()):
            await self.forget(person)
            handling.wipes = True

    async def close(self) -> None:
        """Write down what is not written yet. What was begun and stays was no reason to end."""
        self._writer.put(self._inbox.forgive)
        await self._writer.close()

    def _done(self, update: int, changes: Sequence[Change]) -> None:
        self._writer.put(_all(*changes, partial(self._inbox.done, update)))

    def _of_kinds(self, polled: bytes) -> list[dict[str, Any]]:
        """The updates in a poll's answer that are of a kind that is handled."""
        try:
            result = json.loads(polled).get("result")
        except (ValueError, AttributeError, RecursionError):  # whoever polls has said so
            return []
        if not isinstance(result, list):
            return []
        return [
            update
            for update in result
            if isinstance(update, dict)
            and isinstance(update.get("update_id"), int)
            and not self._kinds.isdisjoint(update)
        ]


async def _nothing(_: int) -> None:
    """Nothing is kept of anybody."""


def _all(*changes: Change) -> Callable[[], None]:
    def change() -> None:
        for each in changes:
            each()

    return change
