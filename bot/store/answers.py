"""The answers that have buttons: what was asked, and where each quote stands. Never its words, which may change."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, field, replace
from typing import Any, Self

from bot.store import people as ids
from bot.store.database import Keeps, storable
from retrieval.model import Document, Quote, Source, Span

QUOTES, MOST_QUOTES = 3, 12
"""Quotes shown at once at most, and of one question in all."""
MOST = 50_000
"""Answers kept; beyond that the oldest are forgotten."""
KEPT = 30 * 24 * 3600.0
"""Seconds after which an answer is forgotten."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters ``start`` to ``end`` of a document that had a ``digest``.

    ``marks``: start and end of the words in it that answer, best first. ``shelf``: where the document is from, as
    ``bot.sources.holdings`` names it. ``heading``: start and end of what the quote stands under, where that is shown;
    ``also``: id and title of other documents that say the same.
    """

    document: str
    start: int
    end: int
    digest: str
    paragraph: int
    marks: tuple[tuple[int, int], ...] = ()
    shelf: str = ""
    heading: tuple[int, int] | None = None
    also: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, quote: Quote, shelf: str = "") -> Self:
        """The place of a quote."""
        document, span, heading = quote.document, quote.span, quote.heading
        return cls(
            *(document.id, span.start, span.end, document.digest, quote.paragraph),
            tuple((mark.start, mark.end) for mark in quote.highlights),
            shelf,
            (heading.start, heading.end) if heading else None,
            tuple((source.document_id, source.title) for source in quote.also),
        )

    def quote(self, document: Document | None) -> Quote | None:
        """The quote again; None where its document is gone or has changed."""
        if document is None or document.digest != self.digest:
            return None
        return Quote(
            document,
            Span(self.start, self.end),
            tuple(Span(*mark) for mark in self.marks),
            paragraph=self.paragraph,
            also=tuple(Source(*source) for source in self.also),
            heading=Span(*self.heading) if self.heading else None,
        )

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
    whose words stand in it. ``opening`` is what the bot itself said, above the quotes or in place of any. ``before``:
    the id of the answer in whose place this one stands. Of a refusal, ``nearest`` are the beginnings of the documents
    that it names, and ``meant`` is the question that may have been meant.
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
    opening: str = ""
    before: str | None = None
    nearest: tuple[Place, ...] = ()
    meant: str | None = None

    @property
    def own(self) -> range:
        """The indices of the places of its own quotes."""
        return range(self.first, len(self.places))

    def followed(self, places: Sequence[Place], *, has_more: bool, in_place: bool = False) -> Self:
        """The same question's next quotes, shown in an answer of their own; ``has_more``: there are some after them;
        ``in_place``: they stand where these stood."""
        together = (*self.places, *places)
        more, before = has_more and len(together) < MOST_QUOTES, self.id if in_place else None
        first, now = len(self.places), _new_id()
        # what was said of all quotes on top of the first card is not said again
        return replace(self, places=together, first=first, has_more=more, id=now, opening="", before=before)

    def exhausted(self) -> Self:
        """The same, without further quotes."""
        return replace(self, has_more=False)


class Answers:
    """The answers that were shown, for a while and not for ever. Safe to use from many threads."""

    def __init__(
        self,
        database: Keeps,
        most: int = MOST,
        kept: float = KEPT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database, self._most, self._kept, self._clock = database, most, kept, clock

    def keep(self, shown: Shown) -> None:
        """Stores an answer."""
        values = (
            *(shown.id, shown.chat, shown.asker, shown.since),
            *(storable(shown.question), storable(shown.searched), storable(shown.previous)),
            *(_column(shown.places), shown.first, int(shown.has_more), ids.column(shown.people)),
            *(storable(shown.opening), shown.before, _column(shown.nearest), storable(shown.meant)),
        )
        self._database.run(
            "INSERT INTO answers (id, chat, asker, since, question, searched, previous, places, first, has_more,"
            " people, opening, before, nearest, meant) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO NOTHING",  # it was kept, and only the word of it was lost
            values,
        )

    def sweep(self) -> None:
        """Forgets those that are too old or too many."""
        self._database.run("DELETE FROM answers WHERE since <= ?", (self._oldest(),))
        self._database.run("DELETE FROM answers WHERE number <= (SELECT max(number) FROM answers) - ?", (self._most,))

    def get(self, answer: str, chat: int) -> Shown | None:
        """The answer with an id; None where it was not shown in ``chat``, or is forgotten."""
        rows = self._database.rows(
            "SELECT chat, asker, question, searched, previous, places, first, has_more, since, id, people,"
            " opening, before, nearest, meant FROM answers"
            " WHERE id = ? AND chat = ? AND since > ?",
            (answer, chat, self._oldest()),
        )
        if not rows:
            return None
        *told, places, first, has_more, since, own, people, opening, before, nearest, meant = rows[0]
        shown = _places(places), first, bool(has_more), since, own, ids.of(people)
        return Shown(*told, *shown, opening, before, _places(nearest), meant)  # type: ignore[call-arg]

    def exhaust(self, answer: str) -> None:
        """An answer has no further quotes, or they have been shown."""
        self._database.run("UPDATE answers SET has_more = 0 WHERE id = ?", (answer,))

    def _oldest(self) -> float:
        return self._clock() - self._kept


def _column(places: Sequence[Place]) -> str | None:
    return storable(json.dumps([astuple(place) for place in places], ensure_ascii=False))


def _places(column: str) -> tuple[Place, ...]:
    return tuple(map(_place, json.loads(column)))


def _place(row: list[Any]) -> Place:
    document, start, end, digest, paragraph, marks, shelf, *more = row
    if marks and isinstance(marks[0], int):  # as it was kept while there was one
        marks = [marks]
    heading, also = more or (None, ())
    stands = document, start, end, digest, paragraph
    return Place(
        *stands, tuple(map(_pair, marks or ())), shelf, _pair(heading) if heading else None, tuple(map(_pair, also))
    )


def _pair(of: Sequence[Any]) -> tuple[Any, Any]:
    first, second = of
    return first, second
