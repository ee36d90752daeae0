"""The corpus follows its files while the bot runs: what is added, changed or removed is served some seconds later.

A folder is watched, and beside that looked at: whether another one stands in its place, as where a link was switched or
a disk came back, is not told. What is written beside the documents wakes nobody. Where another machine has the files,
what that took up is served.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from watchfiles import Change, watch

from bot.figures import REFRESHES
from retrieval import ENDINGS, Refreshed
from retrieval.errors import AwayError, IqtibasError

log = logging.getLogger(__name__)

SETTLED = 2.0
"""Seconds that a file must have been left alone: one that is being written is not read half."""
WOKEN_AFTER = 0.5
"""Seconds after which it is seen whether there is anything else to do."""
LOOKED_AFTER = 300.0
"""Seconds after which the files are looked at though nothing was told: some network disks tell nothing."""
AGAIN_AFTER = 5.0
"""Seconds until it is tried again where all of it failed; each further wait is twice as long, up to the one above, but
where what keeps it is away: that comes back by itself."""

ENDING = 1.0
"""Seconds for which a refresh that is under way is waited for at the end."""


class Refreshes(Protocol):
    """What follows its files: ``retrieval.Library`` does."""

    def refresh(self, *, settled: float = 0) -> Refreshed:
        """Takes up what changed, but for files that were written in the last ``settled`` seconds, and says what did."""
        ...


@contextmanager
def following(library: Refreshes, path: Path, settled: float = SETTLED) -> Iterator[Callable[[], None]]:
    """While the body runs, ``library`` is refreshed, on a thread, when something changes at ``path``. What changed, or
    goes wrong, is one line of the log, and what was served goes on. Gives what has it looked at though nothing was
    told."""
    end = threading.Event()
    follower = _Follower(library, path, settled, end)
    thread = threading.Thread(target=follower.run, name="follow", daemon=True)
    thread.start()
    try:
        yield follower.look
    finally:
        end.set()
        thread.join(ENDING)  # a daemon: a long refresh is cut short when the process ends, and done again later


class _Follower:
    """Refreshes ``library`` when it is time."""

    def __init__(self, library: Refreshes, path: Path, settled: float, end: threading.Event) -> None:
        self._library, self._path, self._settled, self._end = library, path, settled, end
        self._due = math.inf  # when to look though nothing is told, on the monotonic clock
        self._problems: object = None
        self._failure = ""
        self._failures = 0
        self._unwatched = ""

    def run(self) -> None:
        """Until the end."""
        for _ in self._changes():
            again: float | None = 0.0
            while again is not None and again <= self._settled and not self._end.wait(again):
                again = self._refreshed()
            self._due = math.inf if again is None else time.monotonic() + again

    def look(self) -> None:
        """Look soon, whatever was told."""
        self._due = -math.inf

    def _changes(self) -> Iterator[None]:
        """Once it is watched, for what changed before; then after each change, when it is due, and now and then."""
        while not self._end.is_set():
            place = _place(self._path)
            if self._path.is_dir():
                yield from self._told(place)
            else:
                yield
                self._wait(place)

    def _told(self, place: object) -> Iterator[None]:
        """For what a folder tells, as long as it is the same one."""
        wakes = watch(
            self._path,
            watch_filter=None,
            stop_event=self._end,
            rust_timeout=int(WOKEN_AFTER * 1000),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        looked = -math.inf
        try:
            for changes in wakes:
                if _place(self._path) != place:
                    return
                if self._is_due(looked) or any(self._may_matter(*change) for change in changes):
                    yield
                    looked = time.monotonic()
        except (OSError, RuntimeError) as error:  # the folder is gone, or too many are watched
            if self._unwatched != str(error):
                log.warning("%s cannot be watched (%s); it is looked at every %.0f s", self._path, error, LOOKED_AFTER)
            self._unwatched = str(error)
            yield
            self._wait(place)

    def _may_matter(self, change: Change, name: str) -> bool:
        """Whether a change may be one of the corpus. What is written into files of other kinds is none; what came or
        went may be a folder."""
        path = Path(name)
        inside = path.relative_to(self._path) if path.is_relative_to(self._path) else Path(path.name)
        if any(part.startswith(".") for part in inside.parts):
            return False
        return change != Change.modified or path.suffix.lower() in (*ENDINGS, ".toml")

    def _wait(self, place: object) -> None:
        """Until something else stands there, or it is time to look."""
        began = time.monotonic()
        while not self._end.wait(WOKEN_AFTER) and _place(self._path) == place and not self._is_due(began):
            pass

    def _is_due(self, looked: float) -> bool:
        return time.monotonic() >= min(self._due, looked + LOOKED_AFTER)

    def _refreshed(self) -> float | None:
        """Refreshes once, and says what came of it if that is news; the seconds after which to do it again."""
        try:
            told = self._library.refresh(settled=self._settled)
        except IqtibasError as error:
            REFRESHES.labels("failed").inc()
            if str(error) != self._failure:
                log.error("the corpus could not be read again, the one before is served: %s", error)
            self._failure, self._failures = str(error), self._failures + 1
            if isinstance(error, AwayError):
                return max(AGAIN_AFTER, self._settled)
            return min(max(AGAIN_AFTER, self._settled) * 2.0 ** min(self._failures, 10), LOOKED_AFTER)
        if self._failure:
            log.warning("the corpus can be read again")
        self._failure, self._failures = "", 0
        REFRESHES.labels("changed" if told.is_change else "same").inc()
        if told.is_change or (self._problems is not None and told.problems != self._problems):
            log.info("the corpus was refreshed: %s", told)
        self._problems = told.problems
        return told.again


def _place(path: Path) -> object:
    """What stands at a path: another value where it is another folder, or a file that was written; None where nothing
    can be reached."""
    try:
        found = path.stat()
        notes = path.with_name(f"{path.name}.toml")
        beside = notes.stat().st_mtime_ns if notes.is_file() else 0
    except OSError:
        return None
    itself = found.st_dev, found.st_ino
    return itself if path.is_dir() else (*itself, found.st_size, found.st_mtime_ns, found.st_ctime_ns, beside)
