"""A corpus that is kept: which of its indexes answers, and who may write.

That is the index of this version, once it is whole. Until then one of another version answers as it is, where there is
one that can be read, and the new one is built beside it; it answers from the moment it is whole. Then one of the others
is kept, for going back to the code that made it, and the rest is deleted.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack

from retrieval.corpus.building import UNBOUNDED, Most, StoredIndex
from retrieval.corpus.snapshot import Corpus, Progress, Refreshed, silent
from retrieval.corpus.standing import Indexes
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.scans.pages import Scans
from retrieval.errors import EngineError

log = logging.getLogger(__name__)


class StoredCorpus:
    """A corpus and its indexes. Where another process keeps them, they are read only."""

    def __init__(
        self,
        indexes: Indexes,
        progress: Progress = silent,
        *,
        reads_only: bool = False,
        scans: Scans | None = None,
        past: PastVersions | None = None,
        most: Most = UNBOUNDED,
    ) -> None:
        """Opens the one of ``indexes`` that answers, or makes an empty one.

        ``reads_only``: somebody else writes it; what they wrote last is served. ``scans`` has the scanned pages that
        are known, ``past`` keeps what changes or goes. ``most``: what may be taken up. Raises EngineError where there
        is nothing to serve, or the place cannot be used.
        """
        self._indexes, self._progress, self._scans = indexes, progress, scans
        self._past, self._most, self._reads_only = past, most, reads_only
        self._is_writer = self._takes()
        self._turn = self._is_writer, indexes.turn
        self._own = indexes.own
        self._next: StoredIndex | None = None
        self._before: StoredIndex | None = None
        with ExitStack() as closing:
            closing.callback(indexes.release)
            self._closing = closing
            self.is_behind, self._served = self._answering()
            self._closing = closing.pop_all()

    @property
    def is_fixed(self) -> bool:
        """Whether nobody may write there."""
        return self._indexes.is_fixed

    @property
    def engine(self) -> str:
        """How its passages are indexed."""
        return self._indexes.engine

    @property
    def is_empty(self) -> bool:
        """Whether the index that answers holds nothing."""
        return self._served.is_empty

    def corpus(self) -> Corpus:
        """What is served now. Raises CorpusError where there is nothing."""
        return self._served.corpus()

    def read(self, settled: float = 0, *, patient: bool = False) -> Refreshed:
        """Takes up what changed, and says what did; where an index of another version answers, builds this version's.
        Files that were written in the last ``settled`` seconds, and may not be whole, are left for later; ``patient``:
        also those that could not be reached, until it is their time.

        Raises CorpusError where no file is left, and EngineError where the folder cannot be written; what was there is
        served on, and the next time goes on. Raises TooLongError where all texts together are too long.
        """
        if self.is_fixed:
            why = "cannot be written, so what was indexed before is served; mend that"
            raise EngineError(f"{self._indexes.told()}: {why}")
        self._take_turn()
        if not self._is_writer:
            return self._follow()
        index = self._served
        if self.is_behind:
            index = self._next = self._next or self._open(self._own)
        told = index.read(settled, patient=patient)
        if index.is_whole:
            if self.is_behind and self._past:  # what changed while neither of the two was looked at
                self._past.keep(self._served.without(index))
            self._serve(index)
            self._indexes.clear()
        return told

    def faults(self) -> Iterator[str]:
        """What is wrong with the index that answers, a line each. Reads all of it."""
        return self._served.faults()

    def close(self) -> None:
        """Closes the files, and lets another process write."""
        self._closing.close()

    def _answering(self) -> tuple[bool, StoredIndex]:
        """The index that answers, and before it whether it is one of another version."""
        if self._indexes.is_whole(self._own):
            return False, self._open(self._own)
        for other in self._indexes.older():
            told = self._indexes.told(other)
            try:
                index = self._open(other)
            except EngineError as error:
                log.warning("%s; it is of another version, and not needed", error)
                continue
            log.warning("%s: of another version; it answers as it is, until the new index beside it is whole", told)
            return True, index
        told = self._indexes.told()
        if self.is_fixed:
            raise EngineError(f"{told}: there is no whole index yet; the bot or iqtibas index makes it")
        if not self._is_writer:
            raise EngineError(f"{told}: another process is making the index; ask again when it is done")
        return False, self._open(self._own)

    def _open(self, name: str) -> StoredIndex:
        """Opens an index until all is closed: questions may still be reading it when another one answers."""
        writable = self._is_writer and name == self._own
        index = StoredIndex(
            self._indexes.corpus,
            self._indexes.open(name, writable=writable),
            self._progress,
            scans=self._scans,
            past=self._past if writable else None,
            most=self._most,
        )
        self._closing.callback(index.close)
        return index

    def _follow(self) -> Refreshed:
        """Takes up what another process wrote."""
        if self.is_behind and self._indexes.is_whole(self._own):
            self._serve(self._open(self._own))
        return self._served.follow()

    def _serve(self, index: StoredIndex) -> None:
        if self.is_behind:
            log.warning("%s: whole, and answers from now on", self._indexes.told(self._own))
        self._served, self._next, self.is_behind = index, None, False

    def _take_turn(self) -> None:
        """Sees whether it is this process that writes now: whoever did may have ended. What was opened before is opened
        anew then."""
        if self.is_behind or self._indexes.is_shared:
            self._is_writer = self._takes()
        turn = self._is_writer, self._indexes.turn
        if turn == self._turn:
            return
        self._next = None
        if not self.is_behind:
            index = self._open(self._own)
            if self._before:
                self._before.close()  # by now nobody reads it
            self._before, self._served = self._served, index
        self._turn = turn

    def _takes(self) -> bool:
        return not self._reads_only and self._indexes.take()
