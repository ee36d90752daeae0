"""The documents that people gave the bot in their chats: whose they are, and how much a chat holds."""

import time
from dataclasses import dataclass

from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class File:
    """A file that ``giver`` gave in ``chat``. ``name`` is as it is stored; ``size`` in bytes, ``given`` a Unix time."""

    id: int
    chat: int
    giver: int
    giver_name: str
    name: str
    size: int
    given: int


class Files:
    """What is known of the files. Safe to use from many threads. Their bytes are not here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, chat: int, giver: int, giver_name: str, name: str, size: int) -> File:
        """Notes a file, and gives it an id that no file had before."""
        values = (chat, giver, giver_name, name, size, int(time.time()))
        with self._database.transaction() as connection:
            sql = "INSERT INTO files (chat, giver, giver_name, name, size, given) VALUES (?, ?, ?, ?, ?, ?)"
            number = connection.execute(sql, values).lastrowid
        assert number is not None  # noqa: S101  (for the type checker: a row was inserted)
        return File(number, *values)

    def of(self, chat: int) -> list[File]:
        """The files of a chat, the oldest first."""
        sql = "SELECT id, chat, giver, giver_name, name, size, given FROM files WHERE chat = ? ORDER BY id"
        return [File(*row) for row in self._database.rows(sql, (chat,))]

    def given_by(self, giver: int) -> list[File]:
        """The files that a person gave, in whatever chat."""
        sql = "SELECT id, chat, giver, giver_name, name, size, given FROM files WHERE giver = ? ORDER BY id"
        return [File(*row) for row in self._database.rows(sql, (giver,))]

    def chats(self) -> frozenset[int]:
        """The chats that have files."""
        return frozenset(chat for (chat,) in self._database.rows("SELECT DISTINCT chat FROM files"))

    def remove(self, file: File) -> None:
        """Forgets a file."""
        self._database.run("DELETE FROM files WHERE id = ?", (file.id,))

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup with another id."""
        self._database.run("UPDATE files SET chat = ? WHERE chat = ?", (new, old))
