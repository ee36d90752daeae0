"""The versions of documents that changed or went, in one SQLite file: what stood there when somebody referred to it.

A text is kept once, compressed, whichever documents had it. Of a version that was purged its digest stays, so that it
is not kept again and is known to be withdrawn; no word of it does. Nothing of people is here: neither what is asked
nor what is in chats' files comes by.

An index on disk hands over what goes out of it. A corpus in memory, which is read anew at each start, has all of it
kept as it is: else a change between two starts would be seen by nobody.
"""

import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from retrieval.documents.kept.rows import COLUMNS, document_of, row_of
from retrieval.errors import EngineError
from retrieval.model import Document, digest_of
from retrieval.reference import Reference

KEPT = 1825.0
"""Days for which a version is kept after it went: five years."""
BUSY_SECONDS = 5.0
"""How long a statement waits for another process."""
_VERSION = 1
_DAY = 24 * 3600.0
_SCHEMA = f"""
PRAGMA page_size = 1024;
PRAGMA auto_vacuum = FULL;
CREATE TABLE IF NOT EXISTS texts (digest TEXT PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS versions ({COLUMNS}, gone REAL, PRIMARY KEY (digest, id));
CREATE INDEX IF NOT EXISTS versions_gone ON versions (gone);
CREATE TABLE IF NOT EXISTS purged (digest TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Past:
    """A version that was kept, and the day from which it was no longer served, if anybody saw it go."""

    document: Document
    until: date | None


class PastVersions:
    """The versions in one file. Safe to use from many threads, and from many processes. To be closed.

    What is wrong with the file, or its disk, raises EngineError.
    """

    def __init__(self, path: Path, days: float = KEPT, clock: Callable[[], float] = time.time) -> None:
        """``path``: the file, made where there is none. ``days``: for how long a version is kept after it went."""
        self._path, self._days, self._clock = path, days, clock
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        with self._using():
            self.sweep()

    @staticmethod
    def held(path: Path) -> int:
        """How many versions a file holds, looked at and not changed. Raises EngineError for one that is damaged, or of
        a newer program."""
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
                _check_version(path, connection)
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                if found != "ok":
                    raise sqlite3.DatabaseError(found)
                return int(connection.execute("SELECT count(*) FROM versions").fetchone()[0])
        except sqlite3.Error as error:
            raise _unusable(path, error) from None

    def stand(self, documents: Iterable[Document]) -> None:
        """These are all documents of a corpus as it is now: those that are new are kept, others went."""
        now = {(document.id, document.digest): document for document in documents}
        with self._using() as connection:
            rows = connection.execute("SELECT id, digest, gone FROM versions")
            known = {(own, digest): gone for own, digest, gone in rows}
            went = [key for key, gone in known.items() if gone is None and key not in now]
            back = [key for key, gone in known.items() if gone is not None and key in now]
            new = [document for key, document in now.items() if key not in known]
            if not (went or back or new):
                return
            with _whole(connection):
                at = self._clock()
                set_gone = "UPDATE versions SET gone = ? WHERE id = ? AND digest = ?"
                connection.executemany(set_gone, [(at, *key) for key in went])
                connection.executemany(set_gone, [(None, *key) for key in back])
                self._put(connection, new, None)

    def keep(self, documents: Iterable[Document]) -> None:
        """These versions went."""
        with self._using() as connection, _whole(connection):
            self._put(connection, documents, self._clock())

    def get(self, reference: Reference) -> Past | None:
        """The version that a reference names, of its document or, where none of that is kept, of another with the same
        text; None where it is not kept."""
        packed = "(SELECT text FROM texts WHERE texts.digest = versions.digest)"  # in one statement: others may purge
        sql = f"SELECT {COLUMNS}, gone, {packed} FROM versions WHERE digest >= ? AND digest < ?"  # noqa: S608
        with self._using() as connection:
            rows = connection.execute(sql, _from_to(reference)).fetchall()
        found = [(document_of(row), gone, text) for *row, gone, text in rows if text is not None]
        if not found:
            return None
        # another may have the text, as where the file was renamed
        document, gone, held = next((one for one in found if reference.is_of(one[0])), found[0])
        text = self._unpacked(held)
        if digest_of(text) != document.digest:
            raise _unusable(self._path, ValueError("a text is not the one that was kept"))
        until = None if gone is None else datetime.fromtimestamp(gone, UTC).astimezone().date()
        return Past(replace(document, text=text), until)

    def is_purged(self, reference: Reference) -> bool:
        """Whether the version that a reference names was purged."""
        with self._using() as connection:
            sql = "SELECT 1 FROM purged WHERE digest >= ? AND digest < ?"
            return bool(connection.execute(sql, _from_to(reference)).fetchall())

    def purge(self, reference: Reference) -> int:
        """Deletes the text that a reference names, of all documents that had it, for good; how many versions that
        were."""
        with self._using() as connection, _whole(connection):
            span = _from_to(reference)
            rows = connection.execute("SELECT DISTINCT digest FROM versions WHERE digest >= ? AND digest < ?", span)
            digests = rows.fetchall()
            connection.executemany("INSERT OR IGNORE INTO purged VALUES (?)", digests)
            connection.executemany("DELETE FROM texts WHERE digest = ?", digests)
            return connection.executemany("DELETE FROM versions WHERE digest = ?", digests).rowcount if digests else 0

    def sweep(self) -> None:
        """Deletes what was kept for as long as is set."""
        with self._using() as connection:
            old = connection.execute("SELECT 1 FROM versions WHERE gone <= ? LIMIT 1", (self._oldest(),)).fetchall()
            if old:
                with _whole(connection):
                    connection.execute("DELETE FROM versions WHERE gone <= ?", (self._oldest(),))
                    connection.execute("DELETE FROM texts WHERE digest NOT IN (SELECT digest FROM versions)")

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            if self._connection:
                self._connection.close()
                self._connection = None

    def _unpacked(self, held: bytes) -> str:
        try:
            return zlib.decompress(held).decode("utf-8", "surrogatepass")
        except (zlib.error, UnicodeDecodeError) as error:
            raise _unusable(self._path, error) from None

    def _put(self, connection: sqlite3.Connection, documents: Iterable[Document], gone: float | None) -> None:
        places = ", ".join("?" * (COLUMNS.count(",") + 2))
        for document in documents:
            if connection.execute("SELECT 1 FROM purged WHERE digest = ?", (document.digest,)).fetchall():
                continue
            row = row_of(replace(document, text="", parts=()))
            connection.execute(
                f"INSERT INTO versions ({COLUMNS}, gone) VALUES ({places})"  # noqa: S608
                " ON CONFLICT (digest, id) DO UPDATE SET gone = excluded.gone",
                (*row, gone),
            )
            if not connection.execute("SELECT 1 FROM texts WHERE digest = ?", (document.digest,)).fetchall():
                packed = zlib.compress(document.text.encode("utf-8", "surrogatepass"), 9)
                connection.execute("INSERT INTO texts VALUES (?, ?)", (document.digest, packed))

    def _oldest(self) -> float:
        return self._clock() - self._days * _DAY

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                if self._connection is None:
                    self._connection = _opened(self._path)
                yield self._connection
        except (sqlite3.Error, OSError) as error:
            raise _unusable(self._path, error) from None


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        if _check_version(path, connection) < _VERSION:
            connection.executescript(_SCHEMA)
            connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(path: Path, connection: sqlite3.Connection) -> int:
    """The version of the file's tables. Raises EngineError for one of a newer program."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > _VERSION:
        raise EngineError(f"{path}: written by a newer version of Iqtibas; run that one, or move the file away")
    return version


def _unusable(path: Path, error: Exception) -> EngineError:
    why = f"the versions that were kept cannot be used ({error}); mend that, or put a copy in its place"
    return EngineError(f"{path}: {why}")


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """All that the body does, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it
            connection.execute("ROLLBACK")
        raise


def _from_to(reference: Reference) -> tuple[str, str]:
    """Between which digests lie those that a reference may name."""
    return reference.version, f"{reference.version}g"
