"""What people think of answers: one opinion a person and answer, with the words that it is about. And what found none:
the questions that were refused, where the operator has them kept."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.store import people as ids
from bot.store.database import Keeps, storable
from retrieval.model import Quote


@dataclass(frozen=True, slots=True)
class Quoted:
    """The words of a quote, and of them those that were marked. What is on a chat's own shelf is not kept here."""

    document: str
    text: str
    marked: str | None


def quoted(quote: Quote) -> Quoted:
    """The words of a quote."""
    marked = quote.highlights[0].of(quote.document.text) if quote.highlights else None
    return Quoted(quote.document.id, quote.text, marked)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ``user`` thinks of an answer to ``asker``; ``quotes`` are those whose source had not changed since.

    ``since``: seconds since 1970. ``people``: those whose words stand in it besides.
    """

    answer: str
    user: int
    asker: int
    is_good: bool
    question: str
    searched: str
    previous: str | None
    quotes: tuple[Quoted, ...]
    since: float = field(default_factory=time.time)
    people: frozenset[int] = frozenset()


class Feedback:
    """The opinions. Safe to use from many threads."""

    def __init__(self, database: Keeps) -> None:
        self._database = database

    def keep(self, opinion: Opinion) -> None:
        """Stores an opinion in place of the one that the same person had of the same answer."""
        quotes = [[q.document, q.text, q.marked] for q in opinion.quotes]
        self._database.run(
            'INSERT INTO feedback (answer, "user", asker, since, is_good, question, searched, previous, quotes, people)'
            ' VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (answer, "user") DO UPDATE SET asker = excluded.asker,'
            " since = excluded.since, is_good = excluded.is_good, question = excluded.question,"
            " searched = excluded.searched, previous = excluded.previous, quotes = excluded.quotes,"
            " people = excluded.people",
            (
                *(opinion.answer, opinion.user, opinion.asker, opinion.since, int(opinion.is_good)),
                *(storable(opinion.question), storable(opinion.searched), storable(opinion.previous)),
                storable(json.dumps(quotes, ensure_ascii=False)),
                ids.column(opinion.people),
            ),
        )

    def __iter__(self) -> Iterator[Opinion]:
        """All opinions, the oldest first."""
        rows = self._database.rows(
            'SELECT answer, "user", asker, is_good, question, searched, previous, quotes, since, people FROM feedback'
            ' ORDER BY since, answer, "user"'
        )
        for answer, user, asker, is_good, question, searched, previous, quotes, since, people in rows:
            quoted, whose = tuple(Quoted(*quote) for quote in json.loads(quotes)), ids.of(people)
            yield Opinion(answer, user, asker, bool(is_good), question, searched, previous, quoted, since, whose)


REFUSED = 90 * 24 * 3600.0
"""Seconds after which a refused question is forgotten."""
MOST_REFUSED, MOST_OF_ONE = 20_000, 200
"""Refused questions that are kept, of all people and of one; beyond that the oldest are forgotten."""
LONGEST_REFUSED = 300
"""Characters that are kept of one."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A question of a ``person`` that found no answer. ``since``: seconds since 1970. ``people``: those whose words
    stand in it besides."""

    person: int
    question: str
    since: float = field(default_factory=time.time)
    people: frozenset[int] = frozenset()


class Refusals:
    """The refused questions. Safe to use from many threads."""

    def __init__(self, database: Keeps, *, is_on: bool) -> None:
        """``is_on``: whether the operator has them kept. Where not, those from before are forgotten."""
        self._database, self._is_on = database, is_on
        if not is_on:
            database.run("DELETE FROM refused")

    def keep(self, refused: Refused) -> None:
        """Stores one, where they are kept."""
        if not self._is_on:
            return
        question = storable(refused.question[:LONGEST_REFUSED])
        with self._database.transaction():
            self._database.run(
                "INSERT INTO refused (person, since, question, people) VALUES (?, ?, ?, ?)",
                (refused.person, refused.since, question, ids.column(refused.people)),
            )
            self._database.run(
                "DELETE FROM refused WHERE person = :person AND number <= (SELECT number FROM refused"
                " WHERE person = :person ORDER BY number DESC LIMIT 1 OFFSET :most)",
                {"person": refused.person, "most": MOST_OF_ONE},
            )

    def __iter__(self) -> Iterator[Refused]:
        """All of them, the oldest first."""
        rows = self._database.rows("SELECT person, question, since, people FROM refused ORDER BY since, number")
        for person, question, since, people in rows:
            yield Refused(person, question, since, ids.of(people))


def sweep_refused(database: Keeps) -> None:
    """Forgets those that are too old or too many."""
    database.run("DELETE FROM refused WHERE since <= ?", (time.time() - REFUSED,))
    database.run("DELETE FROM refused WHERE number <= (SELECT max(number) FROM refused) - ?", (MOST_REFUSED,))
