"""Vectors of passages' sentences as numbers: kept on disk by the name of a passage, and compared with a question's.

A name is a digest of all that the vectors depend on; who makes them gives it. A number of a vector takes one byte, so
a sentence takes 384; what that costs in exactness is far below what parts two sentences.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from retrieval.model import Passage, Span

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

_STEPS = 127  # from zero to one
_BLOCK = 1024  # sentences that are compared at once: as floats they stay within a processor's cache
_MANY = 500  # names of one statement
_TABLES = (
    "CREATE TABLE vectors (name BLOB PRIMARY KEY, rows BLOB NOT NULL)",
    "CREATE TABLE places (number INTEGER PRIMARY KEY, document BLOB NOT NULL, version TEXT NOT NULL,"
    " start INTEGER NOT NULL, end INTEGER NOT NULL, name BLOB NOT NULL)",
)
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

Placed = Iterable[tuple[Passage, bytes]]
"""Passages, each with the name of its vectors."""


def packed(vectors: Floats) -> Bytes:
    """Vectors of length 1, a byte a number."""
    whole: Bytes = np.rint(vectors * _STEPS).astype(np.int8)
    return whole


def unpacked(rows: Bytes) -> Floats:
    """The vectors that were packed, nearly."""
    vectors: Floats = rows.astype(np.float32) / np.float32(_STEPS)
    return vectors


class KeepsVectors(Protocol):
    """Vectors by name, and the places of the passages that they are of, where all of those are known: in a file, or on
    a server. What it does raises sqlite3.Error, OSError or EngineError where it cannot be used."""

    @property
    def place(self) -> str:
        """Where they are, for a person."""

    @property
    def size(self) -> int:
        """Bytes that they take."""

    @property
    def state(self) -> object:
        """Another one after each change of the places, whoever made it; None where only this process is to know."""

    def get(self, names: Sequence[bytes]) -> dict[bytes, Bytes]:
        """The vectors of those names that are kept."""

    def put(self, vectors: Mapping[bytes, Bytes]) -> None:
        """Keeps vectors, all or none of them."""

    def keep_only(self, names: Iterable[bytes], places: Placed = ()) -> None:
        """Deletes the vectors of all other names, and keeps the places of passages, which are all that there are."""

    def placed(self, most: int) -> list[tuple[Passage, Bytes]]:
        """The passages whose places are kept with their vectors, ``most`` at most."""

    def __len__(self) -> int:
        """Of how many passages vectors are kept."""

    def delete(self) -> None:
        """Deletes them all."""

    def close(self) -> None:
        """Lets go of them."""


class VectorStore:
    """Vectors by name in a file, and the places of the passages that they are of, where all of those are known.

    The file is opened for each use, so that it can be deleted at any time, and made when something is first kept. Safe
    to use from many threads and processes. What it does raises sqlite3.Error or OSError where the file cannot be used;
    a damaged file is deleted, to be made again.
    """

    def __init__(self, path: Path, size: int, maker: str) -> None:
        """``size``: numbers of a vector; ``maker``: hexadecimal digits that name what makes them. What another one
        made counts as not there, and goes when something is kept."""
        self.path, self.state = path, None
        self._size = size
        self._maker = int(maker[:7], 16)

    def get(self, names: Sequence[bytes]) -> dict[bytes, Bytes]:
        """The vectors of those names that are kept."""
        found: dict[bytes, Bytes] = {}
        for start in range(0, len(names), _MANY):
            some = names[start : start + _MANY]
            wanted = f"SELECT name, rows FROM vectors WHERE name IN ({','.join('?' * len(some))})"  # noqa: S608
            found |= {name: self._vectors(held) for name, held in self._rows(wanted, some)}
        return found

    def put(self, vectors: Mapping[bytes, Bytes]) -> None:
        """Keeps vectors, all or none of them."""
        rows = [(name, held.tobytes()) for name, held in vectors.items()]
        with self._changing() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, names: Iterable[bytes], places: Placed = ()) -> None:
        """Deletes the vectors of all other names, and keeps the places of passages, which are all that there are."""
        rows = ((_encoded(p.document_id), p.version, p.span.start, p.span.end, name) for p, name in places)
        with self._changing() as connection:
            connection.execute("CREATE TEMP TABLE kept (name BLOB PRIMARY KEY) WITHOUT ROWID")
            connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((name,) for name in names))
            connection.execute("DELETE FROM vectors WHERE name NOT IN (SELECT name FROM kept)")
            connection.execute("DELETE FROM places")
            connection.executemany(
                "INSERT INTO places (document, version, start, end, name) VALUES (?, ?, ?, ?, ?)", rows
            )

    def placed(self, most: int) -> list[tuple[Passage, Bytes]]:
        """The passages whose places are kept with their vectors, ``most`` at most."""
        rows = self._rows(
            "SELECT document, version, start, end, rows FROM places JOIN vectors USING (name) ORDER BY number LIMIT ?",
            (most,),
        )
        return [
            (Passage(document.decode("utf-8", "surrogatepass"), Span(start, end), version), self._vectors(held))
            for document, version, start, end, held in rows
        ]

    def __len__(self) -> int:
        """Of how many passages vectors are kept; passages with the same words count once where places are not kept."""
        rows = self._rows("SELECT max((SELECT count(*) FROM places), (SELECT count(*) FROM vectors))")
        return int(rows[0][0]) if rows else 0

    @property
    def place(self) -> str:
        """The file."""
        return str(self.path)

    @property
    def size(self) -> int:
        """Bytes that it takes on disk."""
        return sum(path.stat().st_size for path in self._paths() if path.exists())

    def delete(self) -> None:
        """Deletes the file, if there is one."""
        for path in self._paths():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """It is opened for each use."""

    def _paths(self) -> list[Path]:
        """The file, and what SQLite has beside it while it changes."""
        return [self.path, self.path.with_name(f"{self.path.name}-journal")]

    def _vectors(self, held: bytes) -> Bytes:
        return np.frombuffer(held, np.int8).reshape(-1, self._size)

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._mending(), closing(self._connected()) as connection:
            return connection.execute(sql, values).fetchall() if self._is_own(connection) else []

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, in a file that is made where there is none and emptied of what another maker made."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # it may be of what is private
        with self._mending(), closing(self._connected()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            if not self._is_own(connection):
                for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    connection.execute(f'DROP TABLE "{table}"')
                for statement in (*_TABLES, f"PRAGMA user_version = {self._maker}"):
                    connection.execute(statement)
            yield connection
            connection.execute("COMMIT")

    def _connected(self) -> sqlite3.Connection:
        # Not made by the way, where it was deleted in between.
        connection = sqlite3.connect(f"file:{quote(os.fsencode(self.path))}?mode=rw", uri=True, isolation_level=None)
        # No WAL: one could not be read where nobody may write. Not FULL: what a power cut takes back is made again.
        for pragma in ("synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _is_own(self, connection: sqlite3.Connection) -> bool:
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == self._maker)

    @contextmanager
    def _mending(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
                with suppress(OSError):
                    self.delete()
            raise


def _encoded(document_id: str) -> bytes:
    """An id, which may hold halves of characters: the name of a file may."""
    return document_id.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Near:
    """Passages with all their sentences' vectors, to be compared with a question's. ``starts``: the row at which each
    passage's begin; every passage has one at least."""

    passages: Sequence[Passage]
    starts: NDArray[np.int64]
    rows: Bytes

    def best(self, question: Floats, k: int) -> list[Passage]:
        """The ``k`` passages that hold the sentences nearest to the question, nearest first."""
        if not self.passages:
            return []
        blocks = range(0, len(self.rows), _BLOCK)
        nearness = np.concatenate([self.rows[at : at + _BLOCK].astype(np.float32) @ question for at in blocks])
        of_passage = np.maximum.reduceat(nearness, self.starts)
        chosen = np.argpartition(-of_passage, min(k, len(of_passage)) - 1)[:k]
        return [self.passages[at] for at in sorted(chosen, key=lambda at: (-of_passage[at], at))]


def near(found: Sequence[tuple[Passage, Bytes]]) -> Near:
    """What compares these passages' vectors; those without any are left out."""
    held = [(passage, rows) for passage, rows in found if len(rows)]
    lengths = [len(rows) for _, rows in held]
    starts = np.cumsum([0, *lengths[:-1]], dtype=np.int64) if held else np.zeros(0, dtype=np.int64)
    rows = np.concatenate([rows for _, rows in held]) if held else np.zeros((0, 0), dtype=np.int8)
    return Near([passage for passage, _ in held], starts, rows)
