"""The inbox: each update from before Telegram is told that it arrived until it is wholly handled.

Beside an update stands what it has sent so far: how often each of its messages may have been taken, and what Telegram
answered. So an update that is handled again after a crash goes on where it was.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.store import people as ids
from bot.store.database import Keeps

REMEMBERED = 2 * 24 * 3600.0
"""Seconds for which it is known that an update was handled. Telegram offers it again for a day at most."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of an update's. ``doubts``: tries of which nobody knows whether Telegram took them.

    ``answer`` is what Telegram said when it took the message, decoded; None until then.
    """

    doubts: int = 0
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Left:
    """An update that is not handled. ``sent``: its messages, by their number.

    ``starts``: how often it was begun by a process that died before it was seen not to die over it. ``forgets``: who
    asked to be forgotten meanwhile, and is forgotten again once it is handled.
    """

    update: dict[str, Any]
    starts: int = 0
    sent: Mapping[int, Sent] = field(default_factory=dict)
    forgets: frozenset[int] = frozenset()


class Inbox:
    """The statements on updates and their messages. ``clock`` gives the seconds of today's calendar."""

    def __init__(self, database: Keeps, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock

    def keep(self, updates: Iterable[Mapping[str, Any]]) -> list[int]:
        """Store updates as Telegram sent them; the ids of those that were not known before."""
        now = self._clock()
        insert = "INSERT INTO updates (id, came, body, people) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
        return [
            update["update_id"]
            for update in updates
            # in ASCII, because half of a surrogate pair, which JSON can hold, is no text to SQLite
            if self._database.run(insert, [update["update_id"], now, json.dumps(update), ids.column(_people(update))])
        ]

    def sweep(self) -> None:
        """Forget the numbers of those that were handled so long ago that they do not come again."""
        self._database.run("DELETE FROM updates WHERE came < ? AND body IS NULL", [self._clock() - REMEMBERED])

    def left(self) -> list[Left]:
        """What is not handled, in the order in which it came."""
        self._database.run(
            "DELETE FROM messages WHERE update_id NOT IN (SELECT id FROM updates WHERE body IS NOT NULL)"
        )
        sent: dict[int, dict[int, Sent]] = {}
        for update, number, doubts, answer in self._database.rows("SELECT * FROM messages"):
            sent.setdefault(update, {})[number] = Sent(doubts, None if answer is None else json.loads(answer))
        rows = self._database.rows(
            "SELECT id, body, starts, forgets FROM updates WHERE body IS NOT NULL ORDER BY came, id"
        )
        return [
            Left(json.loads(body), starts, sent.get(update, {}), ids.of(forgets))
            for update, body, starts, forgets in rows
        ]

    def forget_after(self, person: int, but: int) -> list[int]:
        """Note that a person is forgotten again when any update is handled that waits now and holds words of theirs,
        ``but`` one; the ids of those."""
        values = {"person": person, "but": but}
        waiting = f"id != :but AND body IS NOT NULL AND {ids.HAS}"
        found = self._database.rows(f"SELECT id FROM updates WHERE {waiting}", values)  # noqa: S608  (ours)
        self._database.rows(f"UPDATE updates SET forgets = forgets || ' ' || :person || ' ' WHERE {waiting}", values)  # noqa: S608
        return [update for (update,) in found]

    def begin(self, update: int) -> None:
        """Count a start of an update."""
        self._database.run("UPDATE updates SET starts = starts + 1 WHERE id = ?", [update])

    def lives(self, update: int) -> None:
        """Count no start of an update: it was not its handling that ended a process."""
        self._database.run("UPDATE updates SET starts = 0 WHERE id = ? AND starts > 0", [update])

    def note(self, update: int, number: int, sent: Sent) -> None:
        """Write down what is known of a message. The update lives, then."""
        self.lives(update)
        self._database.run(
            "INSERT INTO messages VALUES (?, ?, ?, ?) ON CONFLICT (update_id, number)"
            " DO UPDATE SET doubts = excluded.doubts, answer = excluded.answer",
            [update, number, sent.doubts, None if sent.answer is None else json.dumps(sent.answer)],
        )

    def done(self, update: int) -> None:
        """Take an update out, with all that it held."""
        self._database.run("UPDATE updates SET body = NULL WHERE id = ?", [update])
        self._database.run("DELETE FROM messages WHERE update_id = ?", [update])

    def forgive(self) -> None:
        """Count no start of what is left, because none of it ended the process."""
        self._database.run("UPDATE updates SET starts = 0 WHERE body IS NOT NULL AND starts > 0")


def _people(update: Any) -> frozenset[int]:
    """Those whose words an update holds: who sent it, and whoever wrote what it shows of other messages."""
    found, looked_at = set(), [update]
    while looked_at:
        part = looked_at.pop()
        if isinstance(part, dict):
            authors = (part.get("from"), part.get("sender_chat"), part.get("sender_user"))
            found |= {author["id"] for author in authors if isinstance(author, dict) and "id" in author}
        looked_at += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return frozenset(found)
