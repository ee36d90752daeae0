"""The documents that people gave the bot in their chats: whose they are, and how much a chat holds."""

import time
from dataclasses import dataclass

from bot.store.database import Database, storable


@dataclass(frozen=True, slots=True)
class File:
    """A file that ``giver`` gave in ``chat``. ``name`` is as it is stored; ``size`` in bytes, ``given`` a Unix time.

    ``giver`` is the chat itself where an admin of it gave it who does not show who they are. ``digest`` is the SHA-256
    of the bytes, hexadecimal; "" in what was stored before there was one.
    """

    id: int
    chat: int
    giver: int
    giver_name: str
    name: str
    size: int
    given: int
    digest: str = ""


class Files:
    """What is known of the files. Safe to use from many threads. Their bytes are not here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, chat: int, giver: int, giver_name: str, name: str, size: int, digest: str) -> File:
        """Notes a file, and gives it an id that no file had before."""
        values = (chat, giver, storable(giver_name) or "", storable(name) or "", size, int(time.time()), digest)
        with self._database.transaction() as connection:
            sql = "INSERT INTO files (chat, giver, giver_name, name, size, given, digest) VALUES (?, ?, ?, ?, ?, ?, ?)"
            number = connection.execute(sql, values).lastrowid
        assert number is not None  # noqa: S101  (for the type checker: a row was inserted)
        return File(number, *values)

    def of(self, chat: int) -> list[File]:
        """The files of a chat, the oldest first."""
        sql = "SELECT id, chat, giver, giver_name, name, size, given, digest FROM files WHERE chat = ? ORDER BY id"
        return [File(*row) for row in self._database.rows(sql, (chat,))]

    def given_by(self, giver: int) -> list[File]:
        """The files that a person gave, in whatever chat."""
        sql = "SELECT id, chat, giver, giver_name, name, size, given, digest FROM files WHERE giver = ? ORDER BY id"
        return [File(*row) for row in self._database.rows(sql, (giver,))]

    def chats(self) -> frozenset[int]:
        """The chats that have files."""
        return frozenset(chat for (chat,) in self._database.rows("SELECT DISTINCT chat FROM files"))

    def remove(self, file: File) -> None:
        """Forgets a file."""
        self._database.run("DELETE FROM files WHERE id = ?", (file.id,))

    def last(self) -> int:
        """The greatest id that a file was ever given; 0 where there was none."""
        found = self._database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'files'")
        return int(found[0][0]) if found else 0

    def moving(self) -> list[tuple[int, int]]:
        """The old and the new ids of groups whose files are not known to have moved."""
        return [(old, new) for old, new in self._database.rows("SELECT old, new FROM moving ORDER BY rowid")]

    def move(self, old: int, new: int) -> None:
        """The files of a group stand at its new id now."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE files SET chat = ? WHERE chat = ?", (new, old))
            connection.execute("DELETE FROM moving WHERE old = ?", (old,))
