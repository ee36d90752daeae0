"""What was answered lately, so that what many people ask is worked out once. No document is held for that."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, fields, replace
from typing import Any, Generic, Self, TypeVar

from retrieval.model import Answer, Document, Quote

T = TypeVar("T")
_KNOWN = tuple(field.name for field in fields(Quote) if field.name != "document")


@dataclass(frozen=True, slots=True)
class _Place:
    """A quote without its document: of which version of it, by its digest, it is, and all else that is known of it."""

    document_id: str
    digest: str
    known: tuple[Any, ...]

    @classmethod
    def of(cls, quote: Quote) -> Self:
        return cls(quote.document.id, quote.document.digest, tuple(getattr(quote, name) for name in _KNOWN))

    def quote(self, document: Document) -> Quote:
        return Quote(document, **dict(zip(_KNOWN, self.known, strict=True)))


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer without the documents that it quotes."""

    answer: Answer
    quotes: tuple[_Place, ...]
    openings: tuple[_Place, ...]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """What is remembered of an answer."""
        quotes, openings = (tuple(map(_Place.of, of)) for of in (answer.quotes, answer.openings))
        return cls(replace(answer, quotes=(), openings=()), quotes, openings)

    def told(self, document: Callable[[str, str], Document | None]) -> Answer | None:
        """The answer; None where ``document``, which gives the one with an id and a digest, has one of its sources no
        more."""
        places = (*self.quotes, *self.openings)
        held = [document(place.document_id, place.digest) for place in places]
        quotes = [place.quote(one) for place, one in zip(places, held, strict=True) if one]
        if len(quotes) < len(places):
            return None
        parted = len(self.quotes)
        return replace(self.answer, quotes=tuple(quotes[:parted]), openings=tuple(quotes[parted:]))


class Recent(Generic[T]):
    """Up to ``most`` values by their keys; beyond that the one that nobody wanted for longest goes. Safe to use from
    many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        self.cleared = 0
        """How often all values were let go."""

    def get(self, key: Hashable) -> T | None:
        """The value of a key, where it is still there."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: Hashable, value: T, since: int) -> None:
        """Keeps the value of a key that was made ``since`` all were ``cleared`` so often; not where they were again."""
        with self._lock:
            if since != self.cleared:
                return
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Lets go of all values."""
        with self._lock:
            self._values.clear()
            self.cleared += 1
