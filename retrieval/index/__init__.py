"""The index: passages in, hits out. One interface; an engine is a file beside this one.

Terms come in fields, each ranked by itself. A query gives every term a weight; the score of a passage is the
sum, over fields and terms, of weight times the term's BM25 score in that field. Of words that say the same only the
one that scores best in a passage counts: what is said twice is said once. Sharing a term is what makes a hit, whatever
its score: BM25's is below zero for a term that most passages hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from retrieval.model import Hit, Passage, Period

STEMS, LEMMAS, GRAMS, TITLE = FIELDS = ("stems", "lemmas", "grams", "title")


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage to index, with its terms by field, repeated as often as they occur, and its document's day.

    The terms of a field stand in one string with spaces between them: a million passages are handed on sooner so.
    """

    passage: Passage
    terms: Mapping[str, str]
    published: date | None = None


Terms = Mapping[str, Mapping[str, float]]
"""The weight of each term by field."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: the weight of each term by field. ``choices``: terms of which, in each passage, those of one
    alternative count, which score best there. ``period``, where given, limits the search to documents that were
    published in it."""

    terms: Terms
    period: Period | None = None
    choices: Sequence[Sequence[Terms]] = ()


class Index(Protocol):
    """What an engine offers. Whoever adds and deletes does so from one thread; searching is safe from many."""

    def __len__(self) -> int:
        """How many passages there are."""

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds passages; they are found from the next search on."""

    def delete(self, document_ids: Iterable[str]) -> None:
        """Takes away all passages of these documents; ids that are not there are passed over."""

    def search(self, query: Query, k: int) -> list[Hit]:
        """The ``k`` best passages that share a term with the query, best first, equal ones as added."""

    def frequencies(self, field: str, terms: Iterable[str]) -> dict[str, int]:
        """How many passages hold each of some terms in a field: asked together, for an engine may be far away."""


class KeptIndex(Index, Protocol):
    """What an engine offers that keeps its index beyond the process. What is added and deleted counts from ``commit``
    on; what was not committed may be lost."""

    def commit(self) -> None:
        """Makes what was added and deleted durable, and what is searched from now on."""

    def give_up(self) -> None:
        """Forgets what was not committed, after a failure."""

    def reload(self) -> None:
        """Searches from now on what was committed last, by whichever process."""

    def passages_of(self, document_ids: Sequence[str]) -> dict[str, int]:
        """How many passages of each of some documents there are."""

    def close(self) -> None:
        """Lets go of what it holds. What was not committed is lost."""


def held(index: Index, field: str, terms: Iterable[str]) -> list[str]:
    """Those of some terms that any passage holds in a field."""
    return [term for term, frequency in index.frequencies(field, terms).items() if frequency]
