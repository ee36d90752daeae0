"""A corpus on disk: which of its indexes answers, and who may write.

That is the index of this version, once it is whole. Until then one of another version answers as it is, where there is
one that can be read, and the new one is built beside it; it answers from the moment it is whole. Then one of the others
is kept, for going back to the code that made it, and the rest is deleted.
"""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from filelock import Timeout

from retrieval.corpus.building import UNBOUNDED, Most, StoredIndex
from retrieval.corpus.indexes import clear, is_whole, lock_of, older, own_folder, spare
from retrieval.corpus.passages import InFolder, Keeping
from retrieval.corpus.snapshot import Corpus, Progress, Refreshed, silent
from retrieval.corpus.versions import current, say
from retrieval.documents.kept.own import keep_out
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.scans.pages import Scans
from retrieval.errors import EngineError

log = logging.getLogger(__name__)


class StoredCorpus:
    """A corpus and its indexes in a folder; the passages perhaps elsewhere. Where another process keeps them, they are
    read only.

    ``is_fixed``: whether nobody may write there.
    """

    def __init__(
        self,
        path: Path,
        folder: Path,
        progress: Progress = silent,
        *,
        reads_only: bool = False,
        fixed: bool = False,
        scans: Scans | None = None,
        past: PastVersions | None = None,
        most: Most = UNBOUNDED,
        keeping: Keeping | None = None,
    ) -> None:
        """Opens the index of the corpus at ``path`` in ``folder`` that answers, or makes an empty one. ``keeping``:
        where its passages are indexed, by itself in the folder too.

        ``reads_only``: somebody else writes it; what they wrote last is served. ``fixed``: nobody may. ``scans`` has
        the scanned pages that are known, ``past`` keeps what changes or goes. ``most``: what may be taken up. Raises
        EngineError where there is nothing to serve, or the folder cannot be used.
        """
        self._path, self._folder, self._progress, self._scans = path, folder, progress, scans
        self._past, self._most, self._keeping = past, most, keeping or InFolder()
        self._lock, self._reads_only = lock_of(folder), reads_only
        self.is_fixed = fixed
        self._is_writer = self._locked()
        self._own = own_folder(folder)
        self._next: StoredIndex | None = None
        with ExitStack() as closing:
            closing.callback(self._lock.release)
            self._closing = closing
            self.is_behind, self._served = self._answering()
            self._closing = closing.pop_all()

    @property
    def engine(self) -> str:
        """How its passages are indexed."""
        return self._keeping.engine

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
            raise EngineError(f"{self._folder}: cannot be written, so what was indexed before is served; mend that")
        if self.is_behind and not self._is_writer:
            self._is_writer = self._locked()  # whoever was building may have ended without ending that
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
            clear(self._folder, [self._own, *spare(self._folder)], self._keeping.forget)
        return told

    def faults(self) -> Iterator[str]:
        """What is wrong with the index that answers, a line each. Reads all of it."""
        return self._served.faults()

    def close(self) -> None:
        """Closes the files, and lets another process write."""
        self._closing.close()

    def _answering(self) -> tuple[bool, StoredIndex]:
        """The index that answers, and before it whether it is one of another version."""
        if is_whole(self._own, fixed=self.is_fixed):
            return False, self._open(self._own)
        for other in older(self._folder, fixed=self.is_fixed):
            try:
                index = self._open(other)
            except EngineError as error:
                log.warning("%s; it is of another version, and not needed", error)
                continue
            log.warning("%s: of another version; it answers as it is, until the new index beside it is whole", other)
            return True, index
        if self.is_fixed:
            raise EngineError(f"{self._folder}: there is no whole index yet; the bot or iqtibas index makes it")
        if not self._is_writer:
            raise EngineError(f"{self._folder}: another process is making the index; ask again when it is done")
        return False, self._open(self._own)

    def _open(self, folder: Path) -> StoredIndex:
        """Opens an index until all is closed: questions may still be reading it when another one answers."""
        writable = self._is_writer and folder == self._own
        if writable:
            say(folder, current(), self._path)
        past = self._past if writable else None
        index = StoredIndex(
            self._path,
            folder,
            self._progress,
            writable=writable,
            fixed=self.is_fixed,
            scans=self._scans,
            past=past,
            most=self._most,
            keeping=self._keeping,
        )
        self._closing.callback(index.close)
        return index

    def _follow(self) -> Refreshed:
        """Takes up what another process wrote."""
        if self.is_behind and is_whole(self._own):
            self._serve(self._open(self._own))
        return self._served.follow()

    def _serve(self, index: StoredIndex) -> None:
        if self.is_behind:
            log.warning("%s: whole, and answers from now on", self._own)
        self._served, self._next, self.is_behind = index, None, False

    def _locked(self) -> bool:
        """Whether this process may write. Where none may, what is there is served as it is, and that is said."""
        if self._reads_only:
            return False
        try:
            if not self._folder.exists():  # one that was there may be anybody's
                self._folder.mkdir(parents=True, exist_ok=True)
                keep_out(self._folder)
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            if not older(self._folder, fixed=True) and not is_whole(own_folder(self._folder), fixed=True):
                why = f"no index can be kept there ({error.strerror}); name another folder"
                raise EngineError(f"{self._folder}: {why}") from None
            log.warning("%s: cannot be written (%s): what was indexed before is served", self._folder, error.strerror)
            self.is_fixed = True
            return False
        return True
