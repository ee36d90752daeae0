"""What each chat and topic last searched for, on the disk."""

from collections.abc import Collection

from bot.store import people as ids
from bot.store.database import Database, storable

KEPT = 30 * 60.0
"""Seconds after which a thread's last question is forgotten."""


class StoredThreads:
    """The statements on threads. Times are seconds of the calendar."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, after: float) -> list[tuple[int, int, float, str, frozenset[int]]]:
        """Chat, topic, time, text and whose words these are, of each thread since ``after``, the oldest first; older
        ones are deleted."""
        self._database.run("DELETE FROM threads WHERE since <= ?", [after])
        rows = self._database.rows("SELECT chat, topic, since, searched, people FROM threads ORDER BY since")
        return [(chat, topic, since, searched, ids.of(people)) for chat, topic, since, searched, people in rows]

    def keep(self, chat: int, topic: int, since: float, searched: str, people: Collection[int] = ()) -> None:
        """Store a text, in which words of ``people`` stand, in place of the thread's last one."""
        self._database.run(
            "INSERT OR REPLACE INTO threads (chat, topic, since, searched, people) VALUES (?, ?, ?, ?, ?)",
            [chat, topic, since, storable(searched), ids.column(people)],
        )

    def forget(self, chat: int, topic: int) -> None:
        """Delete a thread's text."""
        self._database.run("DELETE FROM threads WHERE chat = ? AND topic = ?", [chat, topic])
