"""The SQLite file of the state folder: how it is opened, brought up to date, changed and wiped.

Only what is here knows of SQLite's settings. Each thing that is kept has a file beside this one, with its statements
and with its tables in ``MIGRATIONS``. They are written for ``Keeps``, which is this file or a PostgreSQL server
(``bot.store.shared``): in the SQL that both understand, so that each stands here once and SQLite runs it as it is.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

from bot.store.folders import FILE, made, synced
from bot.store.migrations import MIGRATIONS
from retrieval import keep_out
from retrieval.errors import IqtibasError

NAME = "iqtibas.sqlite3"
OLDER = ".of-"
"""What stands in the name of a copy from before an upgrade, before the number of its version."""
BUSY_SECONDS = 5.0
"""How long a statement waits for another process that is writing."""
SETTLING_SECONDS = 0.2
"""How long the emptying of the log waits for another process that is reading; then it is tried again later."""
CLOSING_SECONDS = 1.0
"""How long the end waits for a statement that is under way."""
LOOKED_THROUGH = 16 * 2**20
"""Bytes of a file that is looked through at the start."""


Values: TypeAlias = Sequence[object] | Mapping[str, object]
"""What stands for the ``?`` of a statement, in their order, or for its ``:names``."""


class StoreError(IqtibasError):
    """The state cannot be used. Its text names the file or the server, and the mend."""


class DisplacedError(StoreError):
    """Another process serves. What this one had begun is handled by that one."""


class Keeps(Protocol):
    """Where the state is kept. Safe to use from many threads: one statement or transaction at a time."""

    errors: ClassVar[type[Exception]]
    """What a statement raises."""
    keeps_files: ClassVar[bool]
    """Whether the bytes of chats' files are kept with what is known of them, and not in the state folder alone."""

    @property
    def name(self) -> str:
        """What a line of the log calls it."""
        ...

    def take_turn(self, holder: str = "") -> bool:
        """Whether this process is the one that serves now; the tables are brought up to date by then. ``holder`` is how
        others are told who that is. Raises StoreError."""
        ...

    def version(self) -> int | None:
        """The version of the tables; None where there are none. Raises StoreError where this program is older."""
        ...

    def check(self) -> None:
        """Raises DisplacedError where this process is no more the one that serves."""
        ...

    def transaction(self) -> AbstractContextManager[object]:
        """All that the body does, or nothing of it; within another, a part of that."""
        ...

    def run(self, statement: str, values: Values = ()) -> int:
        """Runs a statement that changes; how many rows it changed."""
        ...

    def added(self, statement: str, values: Values = ()) -> int:
        """Runs an INSERT of a row; the ``id`` that the row was given."""
        ...

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        ...

    def last(self, table: str) -> int:
        """The greatest ``id`` that a row of a table was ever given by itself; 0 where there was none."""
        ...

    def wipe(self) -> bool:
        """Leaves no trace of what was deleted; False where another that reads holds that back, for now."""
        ...

    def settle(self) -> bool:
        """Does what ``wipe`` could not; whether nothing is left to do."""
        ...

    @property
    def is_settled(self) -> bool:
        """Whether ``settle`` has nothing to do."""
        ...

    def drop_copies(self, seconds: float = 0) -> None:
        """Deletes the copies from before upgrades that are older than so many seconds."""
        ...

    def passes(self, error: BaseException | None) -> bool:
        """Whether not the statement is at fault but what is below, so that it is tried again, and goes well one day."""
        ...

    def trouble(self, error: BaseException) -> str:
        """What is wrong, and the mend, in one line."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


def storable(text: str | None) -> str | None:
    """``text`` as SQLite can hold it: half of a surrogate pair, which Telegram may send, is no text to it."""
    return text and text.encode("utf-8", "replace").decode("utf-8")


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that the file is not as it left it: no wait and no space mends that."""
    return isinstance(error, sqlite3.Error) and _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def trouble(error: BaseException) -> str:
    """What is wrong with the file, and the mend, in one line."""
    if isinstance(error, OSError) and not isinstance(error, sqlite3.Error):
        reason = error.strerror or type(error).__name__
        return f"cannot be used ({reason}); set IQTIBAS_DATA to a folder that can be written"
    known = _TROUBLES.get(_code(error), "cannot be used ({}); set IQTIBAS_DATA to another folder, or move it away")
    return known.format(error)


def _code(error: BaseException) -> int:
    """SQLite's primary code."""
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


_DAMAGED = (
    "damaged ({}); stop the bot, put a copy in its place, or to begin anew move it away with the files of its name"
    " that end in -wal and -shm; or set IQTIBAS_DATA to another folder"
)
_TROUBLES = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: "its disk is full ({}); free some space, or set IQTIBAS_DATA to another folder",
    sqlite3.SQLITE_IOERR: "its disk fails ({}); free some space, or set IQTIBAS_DATA to another folder",
    sqlite3.SQLITE_BUSY: "another process holds it ({}); end that one, be it a copy or a program that looks into it",
    sqlite3.SQLITE_LOCKED: "another process holds it ({}); end that one, be it a copy or a program that looks into it",
    sqlite3.SQLITE_READONLY: "may not be written ({}); mend the permissions of IQTIBAS_DATA, or its disk",
    sqlite3.SQLITE_PERM: "may not be written ({}); mend the permissions of IQTIBAS_DATA",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened ({}); mend the permissions of IQTIBAS_DATA",
}


class Database:
    """One connection, safe to use from many threads: one statement or transaction at a time.

    What a transaction wrote is on the disk when it ends (``synchronous=FULL``), whatever ends the process then. What is
    deleted is overwritten (``secure_delete``). ``damaged``: whether a statement met damage.
    """

    errors: ClassVar[type[Exception]] = sqlite3.Error
    keeps_files: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        """Opens the file in ``folder``, or makes it. Raises StoreError, also for a file of a newer version."""
        self.path = folder / NAME
        self.damaged = False
        self._length = 0  # bytes that the file has at least; 0 where that is not known
        self._lock = threading.RLock()
        try:
            keep_out(made(folder))
            with ExitStack() as opening:
                self._connection = opening.enter_context(closing(self._connected()))
                look_through(self._connection, self.path)
                self._migrate()
                self._known = _identity(self.path)
                self.settle()  # what a killed process left in the log
                opening.pop_all()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self.path}: {trouble(error)}") from None

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self.path.chmod(FILE)  # people's questions; SQLite gives its other files the same mode
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that the body does, or nothing of it; within another, a part of that."""
        with self._lock, self._noticing():
            if self._connection.in_transaction:  # a part of one
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have ended it
                    self._connection.execute("ROLLBACK")
                raise

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def take_turn(self, holder: str = "") -> bool:
        """True: ``alone_in`` its folder a process serves as soon as it has opened it."""
        return True

    def version(self) -> int | None:
        """That of this program, since it was opened."""
        return version_of(self._connection, self.path)

    def check(self) -> None:
        """Nobody else can."""

    def run(self, statement: str, values: Values = ()) -> int:
        """Runs a statement that changes; how many rows it changed."""
        with self._lock, self._noticing():
            return self._connection.execute(statement, values).rowcount

    def added(self, statement: str, values: Values = ()) -> int:
        """Runs an INSERT of a row; the number that the row was given."""
        with self._lock, self._noticing():
            return self._connection.execute(statement, values).lastrowid or 0

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self._lock, self._noticing():
            return self._connection.execute(statement, values).fetchall()

    def last(self, table: str) -> int:
        """The greatest number that a row of a table was ever given by itself; 0 where there was none."""
        found = self.rows("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
        return int(found[0][0]) if found else 0

    def passes(self, error: BaseException | None) -> bool:
        """Whether the file or its disk is at fault, and no damage. SQLite's other errors are subclasses."""
        return type(error) in (sqlite3.OperationalError, sqlite3.DatabaseError) and not is_damage(error)

    def trouble(self, error: BaseException) -> str:
        """What is wrong with the file, and the mend."""
        return trouble(error)

    def wipe(self) -> bool:
        """Leaves no trace of what was deleted, neither in the file nor in its log; as ``settle`` says."""
        with self._lock, self._noticing():
            self._length = 0
            self._connection.execute("VACUUM")
            return self.settle()

    def settle(self) -> bool:
        """Empties the log into the file; False where another process that reads holds the log back, for now."""
        with self._lock, self._noticing():
            self._connection.execute(f"PRAGMA busy_timeout = {SETTLING_SECONDS * 1000:.0f}")
            try:
                (held_back, _, _) = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")
            if not held_back:
                self._length = _length(self.path)
            return not held_back

    @property
    def is_settled(self) -> bool:
        """Whether nothing stands in the log."""
        log = self.path.with_name(f"{NAME}-wal")
        return not (log.exists() and log.stat().st_size)

    @property
    def stands(self) -> bool:
        """Whether the file that is open is still the one that has its name."""
        return _identity(self.path) == self._known

    @property
    def is_cut(self) -> bool:
        """Whether the file is shorter than it was left: what is in memory of it hides that from statements."""
        return _length(self.path) < self._length and self.stands

    def put_back(self) -> None:
        """Writes the file anew, from what is open, where it was deleted. Raises OSError or sqlite3.Error."""
        part = made(self.path.parent) / f"{NAME}.part"
        with self._lock:
            part.unlink(missing_ok=True)
            self._length = 0
            self._connection.execute("VACUUM INTO ?", (str(part),))
            self._connection.close()
            for ending in ("-wal", "-shm"):
                self.path.with_name(NAME + ending).unlink(missing_ok=True)
            part.replace(self.path)
            synced(self.path.parent)
            self._connection = self._connected()
            self._known = _identity(self.path)

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            self.damaged |= is_damage(error)
            raise

    def close(self) -> None:
        """Closes the connection, unless a thread keeps it busy: then the process ends with it, as if it were killed."""
        if self._lock.acquire(timeout=CLOSING_SECONDS):
            try:
                self._connection.close()
            finally:
                self._lock.release()

    def _migrate(self) -> None:
        version = version_of(self._connection, self.path)
        if 0 < version < len(MIGRATIONS):
            self._copy(version)
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            with self.transaction() as connection:
                for statement in script:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")

    def _copy(self, version: int) -> None:
        """Keeps the file as it is before an upgrade, for going back to the version that wrote it."""
        path = self.path.with_name(f"{NAME}{OLDER}{version}")
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        self._connection.execute("VACUUM INTO ?", (str(part),))
        part.chmod(FILE)
        part.replace(path)
        synced(path.parent)

    def drop_copies(self, seconds: float = 0) -> None:
        """Deletes the copies from before upgrades that are older than so many seconds."""
        for path in self.path.parent.glob(f"{NAME}{OLDER}*"):
            if abs(time.time() - path.stat().st_mtime) >= seconds:  # of a time to come, where a clock was set back
                path.unlink(missing_ok=True)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the state file at ``path``. Raises StoreError where it is newer than this program."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StoreError(f"{path}: written by a newer version of Iqtibas; run that one, or move the file away")
    return int(version)


def look_through(connection: sqlite3.Connection, path: Path) -> None:
    """Raises sqlite3.DatabaseError where a look of bounded length finds damage: all of a small file, of a large one
    that each table can be read."""
    if path.stat().st_size <= LOOKED_THROUGH:
        check(connection, "quick_check(1)")
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        connection.execute(f'SELECT * FROM "{table}" LIMIT 1').fetchall()  # noqa: S608  (its own names)


def check(connection: sqlite3.Connection, how: str = "integrity_check(1)") -> None:
    """Raises sqlite3.DatabaseError where a look through the file finds damage."""
    (found,) = connection.execute(f"PRAGMA {how}").fetchone()
    if found != "ok":
        error = sqlite3.DatabaseError(" ".join(str(found).split())[:200])
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _length(path: Path) -> int:
    """The bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has its name later; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
