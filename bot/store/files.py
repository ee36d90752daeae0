"""The documents that people gave the bot in their chats: whose they are, and how much a chat holds."""

import time
from dataclasses import dataclass

from bot.store.database import Keeps, storable


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
    """What is known of the files. Safe to use from many threads. Their bytes are here only on a server."""

    def __init__(self, database: Keeps) -> None:
        self._database = database

    def add(self, chat: int, giver: int, giver_name: str, name: str, content: bytes, digest: str) -> File:
        """Notes a file, and gives it an id that no file had before. Its bytes are kept where others need them."""
        values = (chat, giver, storable(giver_name) or "", storable(name) or "", len(content), int(time.time()), digest)
        sql = "INSERT INTO files (chat, giver, giver_name, name, size, given, digest) VALUES (?, ?, ?, ?, ?, ?, ?)"
        with self._database.transaction():
            file = File(self._database.added(sql, values), *values)
            self.keep_content(file, content)
        return file

    def keep_content(self, file: File, content: bytes) -> None:
        """Keeps the bytes of a file, where others need them."""
        if self._database.keeps_files:
            self._database.run("INSERT INTO contents (id, bytes) VALUES (?, ?)", (file.id, content))

    def content(self, file: File) -> bytes | None:
        """The bytes of a file; None where they are not kept here, or no more."""
        if not self._database.keeps_files:
            return None
        found = self._database.rows("SELECT bytes FROM contents WHERE id = ?", (file.id,))
        return bytes(found[0][0]) if found else None

    def all(self) -> list[File]:
        """The files of all chats, the oldest first."""
        sql = "SELECT id, chat, giver, giver_name, name, size, given, digest FROM files ORDER BY id"
        return [File(*row) for row in self._database.rows(sql)]

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
        return self._database.last("files")

    def moving(self) -> list[tuple[int, int]]:
        """The old and the new ids of groups whose files are not known to have moved."""
        return [(old, new) for old, new in self._database.rows("SELECT old, new FROM moving ORDER BY old")]

    def move(self, old: int, new: int) -> None:
        """The files of a group stand at its new id now."""
        with self._database.transaction():
            self._database.run("UPDATE files SET chat = ? WHERE chat = ?", (new, old))
            self._database.run("DELETE FROM moving WHERE old = ?", (old,))
