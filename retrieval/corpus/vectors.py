"""The vectors of a corpus: made by the reader's network, kept by the index's store, asked for by finding and ranking.

They are made in the background, passage after passage, while words alone find; what a question needs and is not there
yet is made while it is asked, within a bound, and not kept on disk. They are kept by a digest of the passage's
sentences, its title and the network, so that nothing is made twice, and deleted when no document holds the passage any
more.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from sqlite3 import Error
from typing import Protocol

import numpy as np

from retrieval.errors import EngineError
from retrieval.index.vectors import Bytes, Floats, KeepsVectors, Near, near, packed, unpacked
from retrieval.model import Document, Passage, Span
from retrieval.segmentation import sentences

MOST = 50_000
"""Passages up to which meaning finds too, beside words; in a larger corpus it ranks what words found. That many take
some 80 MB of memory and 25 ms a question."""
AT_ONCE = 8  # passages that a thread encodes before they are kept: what a stop waits for, and a kill loses
WHILE_ASKED = 8  # passages at most that are encoded while a question waits
REMEMBERED = 2000  # passages whose vectors were made while a question waited
SENTENCES = 100  # of a passage that have vectors: prose has fewer, and lines of a letter each would fill the memory
_UNUSABLE = (Error, OSError, EngineError)  # damaged, out of reach, or held for long by another process

Passages = Iterable[tuple[Document, Passage]]


class Encodes(Protocol):
    """What makes vectors, of length 1: ``retrieval.reader.encoder.Networks`` does."""

    @property
    def name(self) -> str:
        """Which network it is: vectors of others are of no use to it."""

    def question(self, text: str) -> Floats:
        """The vector of a question."""

    def passage(self, title: str, sentences: Sequence[str]) -> Floats:
        """The vectors of a passage's sentences, a row each."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A passage as it is encoded, with the number of all its sentences."""

    title: str
    sentences: tuple[str, ...]
    count: int


class PassageVectors:
    """The vectors of one corpus. Safe to ask from many threads; ``make`` runs in one at a time."""

    def __init__(self, networks: Encodes, makers: Encodes, store: KeepsVectors) -> None:
        """``networks`` encode what is asked, ``makers`` what is made beforehand: the same, of one thread."""
        self._networks, self._makers, self._store = networks, makers, store
        self._asked: dict[bytes, Bytes] = {}
        self._near: Near | None = None
        self._state: object = None  # of the places by which passages are found that another process made
        self._generation = 0  # of the file: what was made for one that was deleted is not kept
        self._is_closed = False
        self._changing, self._making = threading.Lock(), threading.Lock()

    def question(self, text: str) -> Floats:
        """The vector of a question."""
        return self._networks.question(text)

    def near(self, question: Floats, k: int) -> list[Passage]:
        """The ``k`` passages nearest to a question, of those whose vectors were there when all had them last; none in a
        corpus of more than ``MOST``."""
        held = self._taken_up() if self._near is None else self._near
        return held.best(question, k)

    def of(self, passages: Sequence[tuple[str, str]]) -> list[Floats | None]:
        """The vectors of the sentences of each passage, given by its document's title and its text, zeros beyond the
        first ``SENTENCES``; None for those that are not made yet and would make the question wait for too long."""
        told = [_told(title, text) for title, text in passages]
        names = [self._name(one) for one in told]
        asked = self._asked
        found = {name: asked[name] for name in names if name in asked}
        found |= self._kept([name for name in names if name not in found])
        missing = {name: one for name, one in zip(names, told, strict=True) if name not in found}
        made = _encoded(self._networks, dict(islice(missing.items(), WHILE_ASKED)))
        self._remember(made)
        found |= made
        return [_whole(found[name], one) if name in found else None for name, one in zip(names, told, strict=True)]

    def make(
        self,
        passages: Passages,
        count: int,
        told: Callable[[int], object],
        is_ended: Callable[[], bool] = lambda: False,
        threads: int = 1,
    ) -> bool:
        """Makes the vectors that are missing, on so many threads, then finds by all, if there are at most ``MOST``;
        whether it came to its end. ``told`` is told how many passages are done. Raises EngineError where they cannot be
        kept: what was made before that is."""
        with self._making, ThreadPoolExecutor(threads, thread_name_prefix="encode") as pool:
            generation, done = self._generation, 0
            live: set[bytes] = set()
            compared: list[tuple[Passage, bytes, Bytes]] = []
            left = iter(passages)
            while some := list(islice(left, AT_ONCE * threads)):
                if is_ended() or self._is_closed or generation != self._generation:
                    return False
                made = self._made(generation, some, pool)
                live.update(name for name, _ in made)
                if count <= MOST:
                    compared += ((passage, *one) for (_, passage), one in zip(some, made, strict=True))
                done += len(some)
                told(done)
            return self._settled(generation, live, compared)

    @property
    def is_behind(self) -> bool:
        """Whether another process has made others since ``follow``; false where that cannot be told now."""
        try:
            return self._store.state != self._state
        except _UNUSABLE:
            return False

    def follow(self) -> None:
        """Finds by what another process made. Raises EngineError where that cannot be read."""
        with self._changing, self._kept_or_said():
            state = self._store.state
            self._near = near(self._store.placed(MOST))
            self._state = state

    def kept(self) -> tuple[int, int]:
        """Of how many passages vectors are kept, and the bytes that they take on disk."""
        try:
            return len(self._store), self._store.size
        except _UNUSABLE:
            return 0, 0

    def forget(self) -> None:
        """Deletes them all; what is being made is not kept. What a question needs from now on is made anew."""
        with self._changing:
            self._generation += 1
            self._asked, self._near = {}, near([])
            self._store.delete()

    def close(self) -> None:
        """Ends what is being made, and waits for that; nothing is made from now on."""
        self._is_closed = True
        with self._making:
            self._store.close()

    def _made(
        self, generation: int, some: Sequence[tuple[Document, Passage]], pool: Executor
    ) -> list[tuple[bytes, Bytes]]:
        """The vectors of passages, each with its name; those that are missing are made and kept."""
        told = [_told(document.titled(passage.span), passage.span.of(document.text)) for document, passage in some]
        names = [self._name(one) for one in told]
        found = self._kept(names)
        missing = [(name, one) for name, one in zip(names, told, strict=True) if name not in found]
        parts = [dict(missing[at : at + AT_ONCE]) for at in range(0, len(missing), AT_ONCE)]
        made = {name: rows for part in pool.map(partial(_encoded, self._makers), parts) for name, rows in part.items()}
        with self._changing, self._kept_or_said():
            if made and generation == self._generation:
                self._store.put(made)
        found |= made
        return [(name, found[name]) for name in names]

    def _settled(self, generation: int, live: set[bytes], compared: Sequence[tuple[Passage, bytes, Bytes]]) -> bool:
        """Finds by what was made, and deletes what no document holds any more; whether it is still wanted."""
        with self._changing, self._kept_or_said():
            if generation != self._generation:
                return False
            self._near = near([(passage, rows) for passage, _, rows in compared])
            self._asked = {}
            self._store.keep_only(live, [(passage, name) for passage, name, _ in compared])
        return True

    @contextmanager
    def _kept_or_said(self) -> Iterator[None]:
        """Raises EngineError where what is done cannot be kept."""
        try:
            yield
        except _UNUSABLE as error:
            why = f"vectors cannot be kept ({error}); free some space or mend that"
            raise EngineError(f"{self._store.place}: {why}") from None

    def _taken_up(self) -> Near:
        """What was kept, where that is known to be of all passages."""
        with self._changing:
            if self._near is None:
                try:
                    self._state = self._store.state
                    self._near = near(self._store.placed(MOST))
                except _UNUSABLE:
                    self._near = near([])
            return self._near

    def _kept(self, names: Sequence[bytes]) -> dict[bytes, Bytes]:
        try:
            return self._store.get(names)
        except _UNUSABLE:  # they are made again
            return {}

    def _remember(self, made: dict[bytes, Bytes]) -> None:
        before = self._asked
        self._asked = before | made if len(before) < REMEMBERED else made

    def _name(self, told: _Told) -> bytes:
        return sha256(repr((self._networks.name, told.title, told.sentences)).encode()).digest()[:16]


def _told(title: str, text: str) -> _Told:
    spans = sentences(text, Span(0, len(text)))
    return _Told(title, tuple(span.of(text) for span in spans[:SENTENCES]), len(spans))


def _whole(rows: Bytes, told: _Told) -> Floats:
    """The vectors of all sentences of a passage."""
    return np.pad(unpacked(rows), ((0, told.count - len(rows)), (0, 0)))


def _encoded(networks: Encodes, told: Mapping[bytes, _Told]) -> dict[bytes, Bytes]:
    """The vectors of passages, made now."""
    return {name: packed(networks.passage(one.title, one.sentences)) for name, one in told.items()}
