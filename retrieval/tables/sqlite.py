"""Tables in a file, by SQLite."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from retrieval.errors import EngineError
from retrieval.tables.statements import Row, Values


class FileTables:
    """The tables in one file. A connection writes, once that is asked for, and another one reads."""

    def __init__(self, path: Path, definitions: str, *, fixed: bool = False) -> None:
        """``path``: the file, made where there is none, as are the tables of ``definitions``; ``fixed``: nobody may
        write it. Raises EngineError where it cannot be used."""
        self._path, self._is_fixed = path, fixed
        self._lock, self._writing = threading.RLock(), threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._is_closed = False
        try:
            self._reading = connected(path, definitions, fixed=fixed)
        except sqlite3.Error as error:
            raise EngineError(f"{path}: cannot be used ({error}); delete its folder to have it made anew") from None

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        """What a statement finds in what is whole."""
        with self._lock:
            return self._reading.execute(statement, tuple(values)).fetchall()

    def each(self, statement: str, values: Values = ()) -> Iterator[Row]:
        """The same, one row after another."""
        with self._lock:
            yield from self._reading.execute(statement, tuple(values))

    def rows_within(self, statement: str, values: Values = ()) -> list[Row]:
        """What a statement finds within the transaction that goes on."""
        return self._connection.execute(statement, tuple(values)).fetchall()

    def run(self, statement: str, values: Values = ()) -> None:
        """Runs a statement that changes."""
        with self._writing:
            self._connection.execute(statement, tuple(values))

    def run_each(self, statement: str, every: Iterable[Values]) -> None:
        """The same for each of many values."""
        self._connection.executemany(statement, every)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that the body does, or nothing of it."""
        with self._writing, self._connection as connection:
            connection.execute("BEGIN")
            yield

    def check(self) -> None:
        """Who has the file's folder keeps it."""

    @property
    def state(self) -> object:
        """Another one after each change, whoever made it."""
        return self.rows("PRAGMA data_version")[0][0]

    def damages(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        return [said for (said,) in self.rows("PRAGMA integrity_check") if said != "ok"]

    def close(self) -> None:
        """Closes the file."""
        with self._writing, self._lock:
            self._is_closed = True
            if self._writer:
                self._writer.close()
            self._reading.close()

    @property
    def _connection(self) -> sqlite3.Connection:
        """The one that writes."""
        with self._writing:
            if self._writer is None:
                if self._is_closed:
                    raise sqlite3.ProgrammingError("it was closed")
                self._writer = connected(self._path, "", fixed=self._is_fixed)
            return self._writer


def connected(path: Path, definitions: str, *, fixed: bool) -> sqlite3.Connection:
    """A connection for many threads to a file with these tables, made where there is none; or to one that is
    ``fixed``: nobody may write it. Raises sqlite3.Error where it cannot be used."""
    if fixed:
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    with ExitStack() as opening:
        connection = opening.enter_context(
            closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
        )
        # Not FULL: what a power cut may take back is read again.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.executescript(definitions)
        opening.pop_all()
    return connection
