"""Vectors of passages' sentences on a server: one process makes them, others find by them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from retrieval.index.vectors import Bytes, Placed
from retrieval.model import Passage, Span
from retrieval.tables.postgresql import ServerTables
from retrieval.tables.statements import Row, Values

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (name BLOB PRIMARY KEY, rows BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS places (number INTEGER PRIMARY KEY, document BLOB NOT NULL, version TEXT NOT NULL,
    start INTEGER NOT NULL, last INTEGER NOT NULL, name BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS made (number INTEGER NOT NULL);
INSERT INTO made SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM made);
"""
_MANY = 500  # names of one statement


class SharedVectors:
    """Vectors by name, and the places of the passages that they are of, where all of those are known. Whoever keeps
    the passages in step keeps them too; what one adds is what another would. What it does raises EngineError where the
    server cannot be used."""

    def __init__(self, address: str, schema: str, size: int) -> None:
        """``schema``: where they are on the server at ``address``, one for each that makes them. ``size``: numbers of
        a vector."""
        self._tables = ServerTables(address, schema, alone=False)
        self._size = size
        self._is_there = False

    @property
    def place(self) -> str:
        """The server."""
        return self._tables.place

    @property
    def size(self) -> int:
        """Bytes that they take on the server's disk."""
        rows = self._rows("SELECT pg_total_relation_size('vectors') + pg_total_relation_size('places')")
        return int(rows[0][0]) if rows else 0

    @property
    def state(self) -> object:
        """Another one after each change of the places, whoever made it; 0 while there are none."""
        rows = self._rows("SELECT number FROM made")
        return rows[0][0] if rows else 0

    def get(self, names: Sequence[bytes]) -> dict[bytes, Bytes]:
        """The vectors of those names that are kept."""
        found: dict[bytes, Bytes] = {}
        for start in range(0, len(names), _MANY):
            some = names[start : start + _MANY]
            marks = ", ".join("?" * len(some))
            wanted = f"SELECT name, rows FROM vectors WHERE name IN ({marks})"  # noqa: S608
            found |= {name: self._vectors(held) for name, held in self._rows(wanted, some)}
        return found

    def put(self, vectors: Mapping[bytes, Bytes]) -> None:
        """Keeps vectors, all or none of them."""
        self._begin()
        with self._tables.transaction():
            self._tables.run_each(
                "INSERT INTO vectors VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET rows = excluded.rows",
                ((name, held.tobytes()) for name, held in vectors.items()),
            )

    def keep_only(self, names: Iterable[bytes], places: Placed = ()) -> None:
        """Deletes the vectors of all other names, and keeps the places of passages, which are all that there are."""
        self._begin()
        rows = ((_encoded(p.document_id), p.version, p.span.start, p.span.end, name) for p, name in places)
        with self._tables.transaction():
            self._tables.run("CREATE TEMP TABLE kept (name BYTEA PRIMARY KEY) ON COMMIT DROP")
            self._tables.run_each("INSERT INTO kept VALUES (?) ON CONFLICT DO NOTHING", ((name,) for name in names))
            self._tables.run("DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM kept WHERE kept.name = vectors.name)")
            self._tables.run("DELETE FROM places")
            self._tables.run_each(
                "INSERT INTO places (document, version, start, last, name) VALUES (?, ?, ?, ?, ?)", rows
            )
            self._tables.run("UPDATE made SET number = number + 1")

    def placed(self, most: int) -> list[tuple[Passage, Bytes]]:
        """The passages whose places are kept with their vectors, ``most`` at most."""
        rows = self._rows(
            "SELECT document, version, start, last, rows FROM places JOIN vectors USING (name) ORDER BY number LIMIT ?",
            (most,),
        )
        return [
            (Passage(document.decode("utf-8", "surrogatepass"), Span(start, last), version), self._vectors(held))
            for document, version, start, last, held in rows
        ]

    def __len__(self) -> int:
        """Of how many passages vectors are kept; passages with the same words count once where places are not kept."""
        rows = self._rows("SELECT greatest((SELECT count(*) FROM places), (SELECT count(*) FROM vectors))")
        return int(rows[0][0]) if rows else 0

    def delete(self) -> None:
        """Deletes them all."""
        self._begin()
        with self._tables.transaction():
            for table in ("vectors", "places"):
                self._tables.run(f"DELETE FROM {table}")  # noqa: S608
            self._tables.run("UPDATE made SET number = number + 1")

    def close(self) -> None:
        """Lets go of the connections."""
        self._tables.close()

    def _begin(self) -> None:
        """Makes the tables where they are not there."""
        if not self._tables.is_taken:
            self._tables.take(_SCHEMA)

    def _rows(self, statement: str, values: Values = ()) -> list[Row]:
        """What a statement finds; nothing where there are no tables yet."""
        if not self._is_there:
            self._is_there = self._tables.rows("SELECT to_regclass('made') IS NOT NULL") == [(True,)]
        return self._tables.rows(statement, values) if self._is_there else []

    def _vectors(self, held: bytes) -> Bytes:
        return np.frombuffer(held, np.int8).reshape(-1, self._size)


def _encoded(document_id: str) -> bytes:
    """An id, which may hold halves of characters: the name of a file may."""
    return document_id.encode("utf-8", "surrogatepass")
