"""What a machine read of scanned pages, kept by the digest of their file, and which pages wait to be read.

So no page is read twice: not after a restart, nor where the same file comes again under another name.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from retrieval.tables.sqlite import connected

log = logging.getLogger(__name__)

MOST = 200
"""Pages of a file that are read by a machine."""
KEPT = 20_000
"""Pages that are kept; beyond that those read first are forgotten."""
VERSION = 1  # of how pages are read: with another one they are read anew
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    source TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL,
    text TEXT NOT NULL, confidence REAL NOT NULL,
    PRIMARY KEY (source, number)
);
"""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text of a page, its paragraphs parted by blank lines, and how sure the machine is of it, from 0 to 1."""

    text: str
    confidence: float


@dataclass(slots=True)
class Waiting:
    """A file of which pages wait to be read: its name, the digest of its bytes, and the pages, from 0."""

    name: str
    source: str
    pages: list[int]
    read: list[Recognised] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)


class Scans:
    """The pages, in an SQLite file or, where there is none or it cannot be written, in memory. Safe to use from many
    threads."""

    def __init__(self, corpus: Path, path: Path | None = None, *, later: bool = False, most: int = MOST) -> None:
        """``corpus``: the folder or file whose pages they are. ``path``: the SQLite file, made when there is something
        to keep. ``later``: whoever reads a file only notes which pages wait. ``most``: pages of a file that are read.
        """
        self.corpus, self.is_later, self.most = corpus, later, most
        self._path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._waiting: dict[str, Waiting] = {}
        self._done: dict[str, Waiting] = {}

    def of(self, source: str) -> dict[int, Recognised]:
        """What is known of the pages of a file."""
        with self._lock:
            if not self._connection and not (self._path and self._path.exists()):
                return {}
            sql = "SELECT number, text, confidence FROM pages WHERE source = ? AND version = ?"
            rows = self._opened().execute(sql, (source, VERSION)).fetchall()
        return {number: Recognised(text, confidence) for number, text, confidence in rows}

    def keep(self, source: str, number: int, page: Recognised) -> None:
        """Keeps what was read of a page."""
        with self._lock:
            values = (source, number, VERSION, page.text, page.confidence)
            self._opened().execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", values)
            self._opened().execute("DELETE FROM pages WHERE rowid <= (SELECT max(rowid) FROM pages) - ?", (KEPT,))

    def wait(self, name: str, source: str, pages: Sequence[int]) -> None:
        """Notes which pages of a file are to be read; what was noted of it before goes."""
        with self._lock:
            known = self._waiting.get(name)
            if not known or known.source != source:
                self._waiting[name] = Waiting(name, source, list(pages))

    def waits(self, name: str) -> bool:
        """Whether pages of a file wait, and all else of it is known."""
        with self._lock:
            return name in self._waiting

    @property
    def waiting(self) -> list[Waiting]:
        """The files of which pages wait, in their order."""
        with self._lock:
            return list(self._waiting.values())

    @property
    def next(self) -> Waiting | None:
        """The first file of which pages wait."""
        with self._lock:
            return next(iter(self._waiting.values()), None)

    def took(self, waiting: Waiting, page: Recognised) -> None:
        """The first page that waits of a file was read."""
        with self._lock:
            self.keep(waiting.source, waiting.pages.pop(0), page)
            waiting.read.append(page)
            if not waiting.pages:
                self.drop(waiting)
                self._done[waiting.name] = waiting

    def drop(self, waiting: Waiting) -> None:
        """A file waits no more: all was read, or it changed."""
        with self._lock:
            if self._waiting.get(waiting.name) is waiting:
                del self._waiting[waiting.name]

    @property
    def done(self) -> frozenset[str]:
        """The files of which pages were read, and which were not taken up since."""
        return frozenset(self._done)

    def settle(self) -> None:
        """What was read is taken up, which is a line of the log."""
        with self._lock:
            for one in filter(lambda one: one.read, self._done.values()):
                told = len(one.read), time.monotonic() - one.began, fmean(page.confidence for page in one.read)
                log.info("scans of %s: read, pages=%d seconds=%.1f confidence=%.2f", one.name, *told)
            self._done.clear()

    def hurry(self) -> None:
        """From now on whoever reads a file waits for its pages; files of which pages wait are to be read again."""
        with self._lock:
            self.is_later = False
            self._done.update(self._waiting)
            self._waiting.clear()

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                if self._path:
                    self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._connection = connected(self._path or Path(":memory:"), _SCHEMA, fixed=False)
            except (sqlite3.Error, OSError) as error:
                log.warning("%s: cannot be used (%s); what is read of scans is not kept", self._path, error)
                self._path = None
                self._connection = connected(Path(":memory:"), _SCHEMA, fixed=False)
        return self._connection


def told_of(waiting: Iterable[Waiting]) -> list[tuple[str, str, list[int]]]:
    """Files of which pages wait, as JSON has them: name, digest, pages."""
    return [(one.name, one.source, one.pages) for one in waiting]


def told(known: Mapping[int, Recognised]) -> dict[str, tuple[str, float]]:
    """Pages as JSON has them."""
    return {str(number): (page.text, page.confidence) for number, page in known.items()}


def heard(known: Mapping[str, Sequence[object]]) -> dict[int, Recognised]:
    """What ``told`` gave."""
    return {int(number): Recognised(str(text), float(str(sure))) for number, (text, sure) in known.items()}
