"""The SQLite file of the state folder: how it is opened, brought up to date, changed and wiped.

Only what is here knows of SQLite's settings. Each thing that is kept has a file beside this one, with its statements
and with its tables in ``MIGRATIONS``.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from bot.store.migrations import MIGRATIONS
from retrieval.errors import IqtibasError

NAME = "iqtibas.sqlite3"
BUSY_SECONDS = 5.0
"""How long a statement waits for another process that is writing."""


class StoreError(IqtibasError):
    """The state folder cannot be used. Its text names the file and the mend."""


def storable(text: str | None) -> str | None:
    """``text`` as SQLite can hold it: half of a surrogate pair, which Telegram may send, is no text to it."""
    return text and text.encode("utf-8", "replace").decode("utf-8")


class Database:
    """One connection, safe to use from many threads: one statement or transaction at a time.

    What a transaction wrote is on the disk when it ends (``synchronous=FULL``), whatever ends the process then. What is
    deleted is overwritten (``secure_delete``).
    """

    def __init__(self, folder: Path) -> None:
        """Opens the file in ``folder``, or makes it. Raises StoreError, also for a file of a newer version."""
        self.path = folder / NAME
        self._lock = threading.RLock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with ExitStack() as opening:
                self._connection = opening.enter_context(
                    closing(
                        sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                    )
                )
                self.path.chmod(0o600)  # people's questions
                for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
                    self._connection.execute(f"PRAGMA {pragma}")
                self._migrate()
                opening.pop_all()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{self.path}: cannot be used ({error}); mend IQTIBAS_DATA or move the file away"
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that the body does, or nothing of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have ended it
                    self._connection.execute("ROLLBACK")
                raise

    def run(self, statement: str, values: Sequence[object] = ()) -> int:
        """Runs a statement that changes; how many rows it changed."""
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def wipe(self) -> None:
        """Leaves no trace of what was deleted: neither in the file nor in its log."""
        with self._lock:
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes the connection."""
        with self._lock:
            self._connection.close()

    def _migrate(self) -> None:
        (version,) = self._connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StoreError(f"{self.path}: written by a newer version of Iqtibas; run that one, or move the file away")
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            with self.transaction() as connection:
                for statement in script:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
