"""What each person asked of late in each chat and topic, on the disk."""

import json
from dataclasses import dataclass

from bot.store import people as ids
from bot.store.database import Keeps, storable

KEPT = 30 * 60.0
"""Seconds after which a turn is forgotten."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a ``person`` in a ``topic`` of a ``chat``, and what it was answered with.

    ``asked`` is what they wrote, ``searched`` what was searched for, and ``previous`` what that leaned on. ``message``
    is the number of their message, 0 where there is none, and ``part`` counts its questions. ``answer`` is the id of
    the answer, where it has quotes, and ``cards`` the numbers of the bot's messages that show it. ``since``: seconds of
    the calendar. ``people``: those besides whose words stand in it.
    """

    chat: int
    searched: str
    topic: int = 0
    person: int = 0
    message: int = 0
    part: int = 0
    asked: str = ""
    previous: str | None = None
    answer: str | None = None
    cards: tuple[int, ...] = ()
    since: float = 0.0
    people: frozenset[int] = frozenset()

    @property
    def thread(self) -> tuple[int, int, int]:
        """The chat, the topic and the person."""
        return self.chat, self.topic, self.person

    @property
    def key(self) -> tuple[int, ...]:
        """What no other turn has."""
        return *self.thread, self.message, self.part


class StoredThreads:
    """The statements on turns. Times are seconds of the calendar."""

    def __init__(self, database: Keeps) -> None:
        self._database = database

    def load(self, after: float) -> list[Turn]:
        """The turns since ``after``, the oldest first; older ones are deleted."""
        self._database.run("DELETE FROM turns WHERE since <= ?", [after])
        rows = self._database.rows(
            "SELECT chat, searched, topic, person, message, part, asked, previous, answer, cards, since,"
            " people FROM turns ORDER BY since"
        )
        return [
            Turn(*told, cards=tuple(json.loads(cards)), since=since, people=ids.of(people))  # type: ignore[misc]
            for *told, cards, since, people in rows
        ]

    def keep(self, turn: Turn) -> None:
        """Store a turn, in place of one of the same message and part."""
        texts = map(storable, (turn.searched, turn.asked, turn.previous))
        self._database.run(
            "INSERT INTO turns (chat, topic, person, message, part, since, searched, asked, previous,"
            " answer, cards, people) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (chat, topic, person, message, part) DO UPDATE SET since = excluded.since,"
            " searched = excluded.searched, asked = excluded.asked, previous = excluded.previous,"
            " answer = excluded.answer, cards = excluded.cards, people = excluded.people",
            [*turn.key, turn.since, *texts, turn.answer, json.dumps(turn.cards), ids.column(turn.people)],
        )

    def forget(self, key: tuple[int, ...]) -> None:
        """Delete a turn."""
        where = "chat = ? AND topic = ? AND person = ? AND message = ? AND part = ?"
        self._database.run(f"DELETE FROM turns WHERE {where}", key)  # noqa: S608  (no text of anybody's)
