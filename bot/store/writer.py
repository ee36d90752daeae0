"""Changes to the state folder, made off the event loop: in their order, those that come together in one transaction.

Making a change durable takes a disk some milliseconds, for one as for a hundred. A disk that is full is waited for,
as a network that is down is: a change that is let go means an answer lost or sent twice.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.store.database import Keeps, StoreError, is_damage

log = logging.getLogger(__name__)

AGAIN_AFTER = 1.0
"""Seconds between two tries to write to a disk that takes nothing."""

T = TypeVar("T")
Change = Callable[[], T]
"""Statements that run inside a transaction; what they return is handed on."""


@dataclass(frozen=True, slots=True)
class _Job:
    change: Change[Any]
    patient: bool
    written: asyncio.Future[Any]

    def end(self, outcome: "_Outcome") -> None:
        if self.written.done():  # whoever waited was cancelled
            return
        if outcome.error:
            self.written.set_exception(outcome.error)
            if isinstance(outcome.error, StoreError):  # whoever minds the state says it, also where nobody waits here
                self.written.exception()
        else:
            self.written.set_result(outcome.value)


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Writer:
    """Makes the changes of one event loop. ``again_after``: seconds between two tries on a disk that takes nothing."""

    def __init__(self, database: Keeps, again_after: float = AGAIN_AFTER) -> None:
        self._database, self._again_after = database, again_after
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._jobs: list[_Job] = []
        self._working: asyncio.Task[None] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._trouble = False

    def put(self, change: Change[T], *, patient: bool = True) -> asyncio.Future[T]:
        """Make ``change`` in its turn; the future is done when it is on the disk, and need not be awaited.

        Where the disk takes nothing, a patient change waits until it does; another fails with StoreError.
        """
        job = _Job(change, patient, asyncio.get_running_loop().create_future())
        self._jobs.append(job)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return job.written

    async def wipe(self) -> None:
        """Leave no trace of what the changes so far have deleted: now, or as soon as nobody else reads the file."""
        if self._working:
            await self._working
        with suppress(self._database.errors):  # what is deleted is overwritten in any case, if later
            if not await self._in_thread(self._database.wipe) and (self._settling is None or self._settling.done()):
                log.warning(
                    "%s: another process reads it, so that what was deleted stays in its log until that one ends",
                    self._database.name,
                )
                self._settling = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), self._again_after)
            with suppress(self._database.errors):
                if await self._in_thread(self._database.settle):
                    return

    async def close(self) -> None:
        """Make the changes that wait. What cannot be written now is given up, with a line in the log."""
        self._closing.set()
        for task in (self._working, self._settling):
            if task:
                await task
        self._thread.shutdown()

    async def _work(self) -> None:
        while self._jobs:
            batch, self._jobs = self._jobs, []
            outcomes = await self._in_thread(partial(self._commit, batch))
            refused = [job for job, outcome in zip(batch, outcomes, strict=True) if not self._ended(job, outcome)]
            self._say(next((outcome.error for outcome in outcomes if self._database.passes(outcome.error)), None))
            if refused and self._closing.is_set():
                log.error("changes given up because the state folder cannot be written: %d", len(refused))
            elif refused:
                self._jobs = refused + self._jobs
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), self._again_after)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _commit(self, jobs: list[_Job]) -> list[_Outcome]:
        try:
            with self._database.transaction():
                return [_Outcome(job.change()) for job in jobs]
        except Exception as error:
            return self._one_by_one(jobs) if len(jobs) > 1 else [_Outcome(error=error)]

    def _one_by_one(self, jobs: list[_Job]) -> list[_Outcome]:
        """Each in a transaction of its own, so that none fails for another; none past a disk that takes nothing."""
        outcomes: list[_Outcome] = []
        for job in jobs:
            if outcomes and self._database.passes(outcomes[-1].error):
                outcomes.append(outcomes[-1])
            else:
                outcomes += self._commit([job])
        return outcomes

    def _ended(self, job: _Job, outcome: _Outcome) -> bool:
        """Tell whoever waits what became of the change, unless it is to be tried again. No wait mends damage."""
        if outcome.error and (is_damage(outcome.error) or (self._database.passes(outcome.error) and not job.patient)):
            job.end(_Outcome(error=StoreError(f"{self._database.name}: {self._database.trouble(outcome.error)}")))
            return True
        if not self._database.passes(outcome.error):
            job.end(outcome)
            return True
        return False

    def _say(self, error: Exception | None) -> None:
        """The log hears when the trouble begins and when it is over."""
        if error and not self._trouble:
            log.error("%s: %s; waiting until it can be written", self._database.name, self._database.trouble(error))
        elif self._trouble and not error:
            log.warning("%s: can be written again", self._database.name)
        self._trouble = error is not None
