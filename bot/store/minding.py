"""Minds the state while the bot serves: looks through its file, and deletes what was kept for as long as is said.

That does not wait for traffic: what is too old is deleted by the clock, and no trace of it stays in the log.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, Generic, Never, TypeVar

from bot.store import held
from bot.store.database import Database, Keeps, StoreError, check, is_damage, trouble

log = logging.getLogger(__name__)

LOOKED_AFTER = 1.0
"""Seconds between two looks whether the file is there and whole."""
SWEPT_AFTER = 60.0
"""Seconds between two times that what is too old is deleted."""


_Kept = TypeVar("_Kept", bound=Keeps)


def minder(database: Keeps, drop_old: Callable[[], object]) -> "Sweeper[Any]":
    """What minds ``database``; ``drop_old`` lets go of what is too old in memory, on the event loop."""
    return Minder(database, drop_old) if isinstance(database, Database) else Sweeper(database, drop_old)


class Sweeper(Generic[_Kept]):
    """Minds what another program keeps in order: sees that this process may serve from it, and sweeps it."""

    def __init__(
        self,
        database: _Kept,
        drop_old: Callable[[], object],
        looked_after: float = LOOKED_AFTER,
        swept_after: float = SWEPT_AFTER,
    ) -> None:
        self._kept, self._drop_old = database, drop_old
        self._looked_after, self._swept_after = looked_after, swept_after

    async def run(self) -> Never:
        """Mind it until cancelled. Raises StoreError where what is served would not be kept."""
        swept = -self._swept_after
        while True:
            await self._look()
            if time.monotonic() - swept >= self._swept_after:
                swept = time.monotonic()
                self._drop_old()
                await asyncio.to_thread(self._sweep)
            await asyncio.sleep(self._looked_after)

    async def _look(self) -> None:
        await asyncio.to_thread(self._kept.check)

    def _sweep(self) -> None:
        try:
            held.sweep(self._kept)
            if not self._kept.is_settled:
                self._kept.settle()
        except self._kept.errors as error:  # tried again; who writes says it, too
            log.warning("%s: what is too old is not deleted: %s", self._kept.name, self._kept.trouble(error))


class Minder(Sweeper[Database]):
    """Minds a file."""

    _said_replaced = False
    _looking: sqlite3.Connection | None = None

    async def run(self) -> Never:
        """Mind it until cancelled. Raises StoreError where a statement met damage: what is served then is not kept."""
        looking = asyncio.create_task(asyncio.to_thread(self._look_through))
        try:
            await super().run()
        finally:
            if self._looking:
                self._looking.interrupt()
            looking.cancel()

    async def _look(self) -> None:
        if self._kept.damaged or (self._kept.is_cut and await asyncio.to_thread(self._lacks_pages)):
            raise StoreError(f"{self._kept.path}: {trouble(_damage())}")
        if not self._kept.stands:
            await asyncio.to_thread(self._put_back)

    def _look_through(self) -> None:
        """All of the file, beside what is served; that it is damaged is said."""
        try:
            with closing(self._beside()) as beside:
                self._looking = beside
                check(beside)
        except sqlite3.Error as error:
            if is_damage(error):
                log.error("%s: %s", self._kept.path, trouble(error))
        finally:
            self._looking = None

    def _lacks_pages(self) -> bool:
        """Whether what stands in the file is less than what is served of it. Another program may have made it
        shorter, and whole."""
        ((served,),) = self._kept.rows("PRAGMA page_count")
        try:
            with closing(self._beside()) as beside:
                check(beside)
                (stored,) = beside.execute("PRAGMA page_count").fetchone()
        except sqlite3.Error as error:
            return is_damage(error)
        return bool(stored < served)

    def _beside(self) -> sqlite3.Connection:
        """Another connection, that only reads."""
        return sqlite3.connect(f"{self._kept.path.absolute().as_uri()}?mode=ro", uri=True)

    def _put_back(self) -> None:
        """A file that was deleted is written anew; one that another took the place of is left alone."""
        path = self._kept.path
        if path.exists():
            if not self._said_replaced:
                log.error("%s: replaced by another file while the bot serves; what the bot keeps now is not in it, and"
                          " is lost at the end: start the bot again", path)  # fmt: skip
            self._said_replaced = True
            return
        try:
            self._kept.put_back()
        except (OSError, sqlite3.Error) as error:
            if not self._said_replaced:
                log.error("%s: deleted while the bot serves, and cannot be put back: %s", path, trouble(error))
            self._said_replaced = True
        else:
            log.error("%s: deleted while the bot serves; put back with all that was in it", path)


def _damage() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("a part of it cannot be read")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
