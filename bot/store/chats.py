"""The groups and channels that the bot was put into or taken out of: its standing in each, and the id before.

Of people's private chats nothing is kept here.
"""

import time

from bot.store.database import Keeps

MEMBER, ADMIN, GONE = "member", "admin", "gone"
"""What the bot is in a chat."""


class Chats:
    """The bot's standing in chats. Safe to use from many threads."""

    def __init__(self, database: Keeps) -> None:
        self._database = database

    def note(self, chat: int, kind: str, standing: str) -> None:
        """What the bot is in a chat from now on."""
        self._database.run(
            "INSERT INTO chats (id, kind, standing, since) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET kind = excluded.kind, standing = excluded.standing, since = excluded.since",
            (chat, kind, standing, int(time.time())),
        )

    def standing(self, chat: int) -> str | None:
        """What the bot is in a chat, where that was noted."""
        found = self._database.rows("SELECT standing FROM chats WHERE id = ?", (chat,))
        return str(found[0][0]) if found else None

    def was(self, chat: int) -> int | None:
        """The id that a supergroup had as a group, if it was one."""
        found = self._database.rows("SELECT was FROM chats WHERE id = ?", (chat,))
        return found[0][0] if found else None

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup with another id: all rows of it move, or none.

        Its files are still to follow: ``Files.moving``. Telegram says so more than once; the first time counts.
        """
        moved = {"old": old, "new": new}
        with self._database.transaction():
            self._database.run(
                "INSERT INTO chats (id, kind, standing, since, was) VALUES (:new, 'supergroup',"
                " coalesce((SELECT standing FROM chats WHERE id = :old), :member), :now, :old)"
                " ON CONFLICT (id) DO UPDATE SET was = excluded.was",
                moved | {"member": MEMBER, "now": int(time.time())},
            )
            self._database.run("DELETE FROM chats WHERE id = :old", moved)
            self._database.run(
                "DELETE FROM turns WHERE chat = :new AND (topic, person, message, part)"
                " IN (SELECT topic, person, message, part FROM turns WHERE chat = :old)",
                moved,
            )
            self._database.run("UPDATE turns SET chat = :new WHERE chat = :old", moved)
            self._database.run("UPDATE answers SET chat = :new WHERE chat = :old", moved)
            self._database.run(
                "INSERT INTO moving (old, new) VALUES (:old, :new) ON CONFLICT (old) DO UPDATE SET new = excluded.new",
                moved,
            )

    def groups(self) -> int:
        """In how many groups the bot is."""
        found = self._database.rows(
            "SELECT count(*) FROM chats WHERE kind IN ('group', 'supergroup') AND standing != ?", (GONE,)
        )
        return int(found[0][0])
