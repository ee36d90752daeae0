"""The state on a PostgreSQL server: several processes may serve one bot, and one of them does at a time.

Whose turn it is the server holds, as a lock of the very session by which the one that serves writes. So a process that
dies or is cut off has lost both at once: whatever it tries later is refused, and nothing that it wrote before is lost.
That is why all goes by one connection. The lock's number is counted up at each turn; by it a process whose connection
broke knows whether somebody else has served meanwhile.

The order in a chat, what a person asked in a minute and the pace of sending stand in the memory of the one that serves,
as they do with SQLite.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.types.string import StrDumper

from bot.store import held
from bot.store.database import DisplacedError, StoreError, Values
from bot.store.migrations import MIGRATIONS
from bot.store.shared import dialect

PATIENCE = 30.0
"""Seconds for which a statement waits for a server that is away."""
AGAIN_AFTER = 0.2
"""Seconds between two tries to reach it."""
SILENT_MS = 10_000
"""Milliseconds after which a peer that says nothing is taken for gone: by then another process may serve."""
WIPING_MS = 2_000
"""Milliseconds for which wiping waits for others that read a table."""

_TURN, _MIGRATION = 0x10_71_BA_5, 0x10_71_BA_6
"""The numbers of two locks, the same in each process."""
_SESSION = {"tcp_keepalives_idle": 5, "tcp_keepalives_interval": 2, "tcp_keepalives_count": 3,
            "tcp_user_timeout": SILENT_MS}  # fmt: skip
_OWN = (
    "CREATE TABLE IF NOT EXISTS version (number INTEGER NOT NULL)",
    # How many turns there were, and who has the last.
    "CREATE TABLE IF NOT EXISTS turn (number BIGINT NOT NULL, holder TEXT NOT NULL, since TIMESTAMPTZ NOT NULL)",
)
_CONTENTS = (
    "CREATE TABLE IF NOT EXISTS contents"
    " (id BIGINT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE, bytes BYTEA NOT NULL)"
)
"""The bytes of the files that chats gave."""

T = TypeVar("T")


class _Text(StrDumper):
    """Text as the server takes it: neither a zero nor half of a surrogate pair is any to it."""

    def dump(self, obj: str) -> bytes:
        return obj.encode("utf-8", "replace").replace(b"\0", "\ufffd".encode())


class PostgreSQL:
    """One connection, safe to use from many threads, made again where it breaks. Nothing is made or brought up to date
    before ``take_turn``.

    A statement outside of a transaction is repeated where the connection broke over it, so each does no harm twice.
    """

    errors: ClassVar[type[Exception]] = psycopg.Error
    keeps_files: ClassVar[bool] = True
    is_settled = True

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        """``address``: as in ``postgresql://person:password@host/name``. Raises StoreError."""
        self._address, self._patience = address, patience
        self._lock = threading.RLock()
        self._turn: int | None = None
        self._is_displaced = self._is_closed = self._in_transaction = False
        try:
            self._connection = self._connected()
        except psycopg.Error as error:
            raise StoreError(f"{self.name}: {self.trouble(error)}") from None

    @property
    def name(self) -> str:
        """Its address without who enters and by which password."""
        parts = urlsplit(self._address)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    # The connection

    def _connected(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(
            self._address,
            autocommit=True,
            application_name="iqtibas",
            client_encoding="utf8",
            connect_timeout=5,
            keepalives_idle=5,
            keepalives_interval=2,
            keepalives_count=3,
            tcp_user_timeout=SILENT_MS,
        )
        try:
            connection.adapters.register_dumper(str, _Text)
            for name, value in _SESSION.items():
                connection.execute(f"SET {name} = {value}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _standing(self) -> psycopg.Connection[Any]:
        """The connection, made again where it broke. Raises DisplacedError where somebody else has served since."""
        ends = time.monotonic() + self._patience
        while self._connection.closed or self._is_displaced:
            if self._is_displaced:
                raise DisplacedError(f"{self.name}: another process serves now")
            if self._is_closed:
                raise StoreError(f"{self.name}: closed")
            try:
                self._connection = self._connected()
                self._is_displaced = self._turn is not None and not self._has_turn_again()
            except psycopg.OperationalError:
                if time.monotonic() >= ends:
                    raise
                time.sleep(AGAIN_AFTER)
        return self._connection

    def _has_turn_again(self) -> bool:
        """Whether a new session has the turn, and nobody had it in between."""
        if not self._locked(self._connection):
            return False
        (number,) = self._connection.execute("SELECT number FROM turn").fetchone() or (None,)
        return number == self._turn

    @staticmethod
    def _locked(connection: psycopg.Connection[Any]) -> bool:
        return connection.execute(f"SELECT pg_try_advisory_lock({_TURN})").fetchone() == (True,)

    # Whose turn it is

    def take_turn(self, holder: str = "") -> bool:
        """Whether from now on this process is the one that serves; the tables are brought up to date then. ``holder``
        is how others are told who that is. Raises StoreError, also where the tables are of a newer version."""
        with self._lock:
            try:
                if self._is_displaced:  # by whoever serves now, and may not for long
                    self._connection.close()
                    self._turn, self._is_displaced = None, False
                connection = self._standing()
                if self._turn is None and self._locked(connection):
                    self._migrate()
                    with self.transaction():
                        ((number,),) = self.rows(
                            "UPDATE turn SET number = number + 1, holder = ?, since = now() RETURNING number", [holder]
                        )
                    self._turn = number
                return self._turn is not None
            except psycopg.OperationalError:  # it may come back
                return False
            except psycopg.Error as error:
                raise StoreError(f"{self.name}: {self.trouble(error)}") from None

    def check(self) -> None:
        """Raises DisplacedError where somebody else serves now. A server that is away may come back."""
        with suppress(psycopg.Error):
            self.rows("SELECT 1")

    def _migrate(self) -> None:
        with self.transaction():
            self._connection.execute(f"SELECT pg_advisory_xact_lock({_MIGRATION})")
            for statement in _OWN:
                self._connection.execute(statement)
            version = self.version() or 0
            for step in MIGRATIONS[version:]:
                for statement in step:
                    self._connection.execute(dialect.definition(statement))
            self._connection.execute(_CONTENTS)
            if not version:
                self._connection.execute("INSERT INTO turn VALUES (0, '', now())")
            if version < len(MIGRATIONS):
                self._keep_no_samples()
                self._connection.execute("DELETE FROM version")
                self._connection.execute("INSERT INTO version VALUES (%s)", [len(MIGRATIONS)])

    def _keep_no_samples(self) -> None:
        """Has the server keep no statistics of words: they hold some of the words."""
        there = {table for (table,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}
        for table in (*held.TABLES, *held.ON_A_SERVER):
            for column in table.words if table.name in there else ():
                self._connection.execute(f"ALTER TABLE {table.name} ALTER COLUMN {column} SET STATISTICS 0")

    def version(self) -> int | None:
        """The version of the tables; None where there are none. Raises StoreError where this program is older."""
        if self.rows("SELECT to_regclass('version')") == [(None,)]:
            return None
        found = self.rows("SELECT number FROM version")
        if found and found[0][0] > len(MIGRATIONS):
            raise StoreError(f"{self.name}: written by a newer version of Iqtibas; run that one")
        return int(found[0][0]) if found else None

    def holder(self) -> str | None:
        """How whoever serves now is called; None where nobody does."""
        if self.version() is None:
            return None
        found = self.rows(
            "SELECT holder FROM turn WHERE EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON oid = database"
            " WHERE locktype = 'advisory' AND objid = ? AND granted AND datname = current_database())",
            [_TURN],
        )
        return str(found[0][0]) if found else None

    def size(self) -> int:
        """The bytes that the database takes on the server's disk."""
        return int(self.rows("SELECT pg_database_size(current_database())")[0][0])

    def risks(self) -> list[str]:
        """A line for each way by which what is kept could be lost or read by others."""
        risky = "SELECT name FROM pg_settings WHERE setting = 'off' AND name IN (?, ?, ?) ORDER BY name"
        found = self.rows(risky, ("fsync", "full_page_writes", "synchronous_commit"))
        told = [f"{name} is off: what the server was given may be lost with its machine" for (name,) in found]
        host = self._connection.info.host
        if not (self._connection.pgconn.ssl_in_use or host in ("127.0.0.1", "::1", "localhost") or host[:1] in "/@"):
            told.append("the connection is not encrypted: add ?sslmode=verify-full to IQTIBAS_DATABASE")
        return told

    # Statements

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that the body does, or nothing of it; within another, a part of that. Where the connection breaks, what
        raised is one that ``passes``; the end may have been reached then, and only the word of it been lost."""
        with self._lock:
            if self._in_transaction:
                yield
                return
            self._repeated(lambda: self._standing().execute("BEGIN"))
            self._in_transaction = True
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(psycopg.Error):
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._in_transaction = False

    def _execute(self, statement: str, values: Values) -> psycopg.Cursor[Any]:
        text, given = (dialect.statement(statement), values) if values else (statement, None)
        if self._in_transaction:
            return self._connection.execute(text, given)
        return self._repeated(lambda: self._standing().execute(text, given))

    def _repeated(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, again where the connection broke over it."""
        ends = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except psycopg.OperationalError:
                if not self._connection.closed or time.monotonic() >= ends:
                    raise

    def run(self, statement: str, values: Values = ()) -> int:
        """Runs a statement that changes; how many rows it changed."""
        with self._lock:
            return self._execute(statement, values).rowcount

    def added(self, statement: str, values: Values = ()) -> int:
        """Runs an INSERT of a row; the ``id`` that the row was given."""
        ((number,),) = self.rows(f"{statement} RETURNING id", values)
        return int(number)

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """What a statement finds."""
        with self._lock:
            found = self._execute(statement, values)
            return found.fetchall() if found.description else []

    def last(self, table: str) -> int:
        """The greatest ``id`` that a row of a table was ever given by itself; 0 where there was none."""
        sequence = f"{table}_id_seq"
        found = self.rows(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608  (a name of ours)
        return int(found[0][0]) if found else 0

    # What is deleted

    def wipe(self) -> bool:
        """Writes each table of words anew, without what was deleted, and the server's log up to here into the tables;
        False where others read for too long. Old pages of the log stay until the server uses them again.

        The bytes of files are not copied for that: their place is given free, as a disk does.
        """
        with self._lock:
            tables = [
                table for (table,) in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            ]
            try:
                self.rows(f"SET lock_timeout = {WIPING_MS}")
                for table in tables:
                    self.rows(f"VACUUM {'' if table == 'contents' else '(FULL) '}{table}")
                with suppress(psycopg.errors.InsufficientPrivilege):  # then it is at its own time, some minutes later
                    self.rows("CHECKPOINT")
            except psycopg.errors.LockNotAvailable:
                self.is_settled = False
            else:
                self.is_settled = True
            finally:
                with suppress(psycopg.Error):
                    self.rows("SET lock_timeout = 0")
            return self.is_settled

    def settle(self) -> bool:
        """Wipes what could not be wiped before."""
        return self.is_settled or self.wipe()

    def drop_copies(self, seconds: float = 0) -> None:
        """There are none: whoever runs the server has their own."""

    # Errors

    def passes(self, error: BaseException | None) -> bool:
        """Whether the server is at fault: away, full, or not the one that may be written."""
        if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
            self._connection.close()  # the one that may be written is another one now, at the same address
            return True
        return isinstance(error, psycopg.OperationalError)

    def trouble(self, error: BaseException) -> str:
        """What is wrong with the server, and the mend, in one line."""
        told = " ".join(str(error).split())[:200].replace(self._address, "***") or type(error).__name__
        return f"cannot be used ({told}); look whether the server runs, and mend IQTIBAS_DATABASE"

    def close(self) -> None:
        """Lets go of the connection, and with it of the turn."""
        self._is_closed = True
        self._connection.close()
