"""What each chat and topic last searched for, on the disk."""

from bot.store.database import Database


class StoredThreads:
    """The statements on threads. Times are seconds of the calendar."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, after: float) -> list[tuple[int, int, float, str]]:
        """Chat, topic, time and text of each thread since ``after``, the oldest first; older ones are deleted."""
        self._database.run("DELETE FROM threads WHERE since <= ?", [after])
        rows = self._database.rows("SELECT chat, topic, since, searched FROM threads ORDER BY since")
        return [(chat, topic, since, searched) for chat, topic, since, searched in rows]

    def keep(self, chat: int, topic: int, since: float, searched: str) -> None:
        """Store a text in place of the thread's last one."""
        # half of a surrogate pair is no text to SQLite
        text = searched.encode("utf-8", "replace").decode("utf-8")
        self._database.run("INSERT OR REPLACE INTO threads VALUES (?, ?, ?, ?)", [chat, topic, since, text])

    def forget(self, chat: int, topic: int) -> None:
        """Delete a thread's text."""
        self._database.run("DELETE FROM threads WHERE chat = ? AND topic = ?", [chat, topic])

    def move(self, old: int, new: int) -> None:
        """A chat has a new id: its threads go with it."""
        self._database.run("UPDATE OR REPLACE threads SET chat = ? WHERE chat = ?", [new, old])
