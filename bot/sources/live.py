"""The corpus follows its files while the bot runs: what is added, changed or removed is served some seconds later."""

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from watchfiles import watch

from retrieval.errors import IqtibasError

log = logging.getLogger(__name__)

SETTLED = 2.0
"""Seconds that a file must have been left alone: one that is being written is not read half."""
WOKEN_AFTER = 500
"""Milliseconds after which it is seen whether there is anything else to do."""
LOOKED_AFTER = 300.0
"""Seconds after which the files are looked at though nothing was told: some network disks tell nothing."""

ENDING = 1.0
"""Seconds for which a refresh that is under way is waited for at the end."""


class Refreshes(Protocol):
    """What follows its files: ``retrieval.Library`` does."""

    def refresh(self, *, settled: float = 0) -> bool:
        """Takes up what changed; whether files are left that were written in the last ``settled`` seconds."""
        ...


@contextmanager
def following(library: Refreshes, path: Path, settled: float = SETTLED) -> Iterator[None]:
    """While the body runs, ``library`` is refreshed, on a thread, when something changes at ``path``. What goes wrong
    is one line of the log, and what was served goes on."""
    end = threading.Event()
    thread = threading.Thread(target=_follow, args=(library, path, settled, end), name="follow", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(ENDING)  # a daemon: a long refresh is cut short when the process ends, and done again later


def _follow(library: Refreshes, path: Path, settled: float, end: threading.Event) -> None:
    said = ""
    for _ in _changes(path, end):
        is_left = True
        while is_left and not end.is_set():
            said, is_left = _refreshed(library, settled, said)
            end.wait(settled if is_left else 0)


def _changes(path: Path, end: threading.Event) -> Iterator[None]:
    """Once it is watched, for what changed before; then after each change, and now and then, until the end."""
    # Told of a folder, not of a file: a file that is replaced is another one.
    folder = path if path.is_dir() else path.parent
    while not end.is_set():
        looked = -math.inf
        try:
            for changes in watch(folder, stop_event=end, rust_timeout=WOKEN_AFTER, yield_on_timeout=True):
                if changes or time.monotonic() - looked >= LOOKED_AFTER:
                    yield
                    looked = time.monotonic()
        except (OSError, RuntimeError) as error:  # the folder is gone, or too many are watched
            log.warning("%s cannot be watched (%s); it is looked at every %.0f s", path, error, LOOKED_AFTER)
            end.wait(LOOKED_AFTER)
            yield


def _refreshed(library: Refreshes, settled: float, said: str) -> tuple[str, bool]:
    """Refresh once; what was said of a failure, so that it is said once only, and whether files are left."""
    try:
        is_left = library.refresh(settled=settled)
    except IqtibasError as error:
        if str(error) != said:
            log.error("the corpus could not be read again, the one before is served: %s", error)
        return str(error), False
    if said:
        log.warning("the corpus can be read again")
    return "", is_left
