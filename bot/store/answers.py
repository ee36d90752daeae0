"""The answers that have buttons: what was asked, and where each quote stands. Never its words, which may change."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any, Self

from bot.store import people as ids
from bot.store.database import Database, storable
from retrieval.model import Document, Quote, Span

QUOTES, MOST_QUOTES = 3, 12
"""Quotes shown at once at most, and of one question in all."""
MOST = 50_000
"""Answers kept; beyond that the oldest are forgotten."""
KEPT = 30 * 24 * 3600.0
"""Seconds after which an answer is forgotten."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters ``start`` to ``end`` of a document that had a ``digest``.

    ``mark``: start and end of the words in it that answer best. ``shelf``: where the document is from, as
    ``bot.sources.holdings`` names it.
    """

    document: str
    start: int
    end: int
    digest: str
    paragraph: int
    mark: tuple[int, int] | None = None
    shelf: str = ""

    @classmethod
    def of(cls, quote: Quote, shelf: str = "") -> Self:
        """The place of a quote."""
        best = quote.highlights[0] if quote.highlights else None
        document, span = quote.document, quote.span
        mark = (best.start, best.end) if best else None
        return cls(document.id, span.start, span.end, document.digest, quote.paragraph, mark, shelf)

    def quote(self, document: Document | None) -> Quote | None:
        """The quote again; None where its document is gone or has changed."""
        if document is None or document.digest != self.digest:
            return None
        marks = (Span(*self.mark),) if self.mark else ()
        return Quote(document, Span(self.start, self.end), marks, paragraph=self.paragraph)

    def meets(self, other: "Place") -> bool:
        """Whether two quotes share words of a document."""
        is_same = (self.document, self.digest, self.shelf) == (other.document, other.digest, other.shelf)
        return is_same and self.start < other.end and other.start < self.end


def _new_id() -> str:
    """An id that cannot be guessed: twelve letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(9)


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as it was shown in a ``chat`` to ``asker``.

    ``previous`` is the question before, where this one was joined to it. ``places`` are those of its quotes, after
    those of the quotes that came before it to the same question: its own begin with index ``first``. ``has_more``:
    whether further ones may be asked for. ``since``: seconds since 1970. ``people``: those besides
    whose words stand in it.
    """

    chat: int
    asker: int
    question: str
    searched: str
    previous: str | None = None
    places: tuple[Place, ...] = ()
    first: int = 0
    has_more: bool = False
    since: float = field(default_factory=time.time)
    id: str = field(default_factory=_new_id)
    people: frozenset[int] = frozenset()

    @property
    def own(self) -> range:
        """The indices of the places of its own quotes."""
        return range(self.first, len(self.places))

    def followed(self, places: Sequence[Place], *, has_more: bool) -> Self:
        """The same question's next quotes, shown in an answer of their own; ``has_more``: there are some after them."""
        together = (*self.places, *places)
        more = has_more and len(together) < MOST_QUOTES
        return replace(self, places=together, first=len(self.places), has_more=more, id=_new_id())

    def exhausted(self) -> Self:
        """The same, without further quotes."""
        return replace(self, has_more=False)


class Answers:
    """The answers that were shown, for a while and not for ever. Safe to use from many threads."""

    def __init__(
        self,
        database: Database,
        most: int = MOST,
        kept: float = KEPT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database, self._most, self._kept, self._clock = database, most, kept, clock

    def keep(self, shown: Shown) -> None:
        """Stores an answer."""
        places = json.dumps([astuple(place) for place in shown.places], ensure_ascii=False)
        values = (
            *(shown.id, shown.chat, shown.asker, shown.since),
            *(storable(shown.question), storable(shown.searched), storable(shown.previous)),
            *(storable(places), shown.first, shown.has_more, ids.column(shown.people)),
        )
        self._database.run(
            "INSERT INTO answers (id, chat, asker, since, question, searched, previous, places, first, has_more,"
            " people) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )

    def sweep(self) -> None:
        """Forgets those that are too old or too many."""
        self._database.run("DELETE FROM answers WHERE since <= ?", (self._oldest(),))
        self._database.run("DELETE FROM answers WHERE number <= (SELECT max(number) FROM answers) - ?", (self._most,))

    def get(self, answer: str, chat: int) -> Shown | None:
        """The answer with an id; None where it was not shown in ``chat``, or is forgotten."""
        rows = self._database.rows(
            "SELECT chat, asker, question, searched, previous, places, first, has_more, since, id, people"
            " FROM answers"
            " WHERE id = ? AND chat = ? AND since > ?",
            (answer, chat, self._oldest()),
        )
        if not rows:
            return None
        where, asker, question, searched, previous, places, first, has_more, since, own, people = rows[0]
        stands, more = tuple(map(_place, json.loads(places))), bool(has_more)
        return Shown(where, asker, question, searched, previous, stands, first, more, since, own, ids.of(people))

    def exhaust(self, answer: str) -> None:
        """An answer has no further quotes, or they have been shown."""
        self._database.run("UPDATE answers SET has_more = 0 WHERE id = ?", (answer,))

    def _oldest(self) -> float:
        return self._clock() - self._kept


def _place(row: list[Any]) -> Place:
    document, start, end, digest, paragraph, mark, shelf = row
    return Place(document, start, end, digest, paragraph, (mark[0], mark[1]) if mark else None, shelf)
