"""Where the indexes of a corpus stand, one of each version of the program, and who may write them."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from retrieval.corpus.indexes import DOCUMENTS, clear, is_whole, lock_of, older, own_folder, spare
from retrieval.corpus.passages import InFolder, Keeping
from retrieval.corpus.versions import current, say
from retrieval.documents.kept.own import keep_out
from retrieval.documents.kept.rows import SCHEMA
from retrieval.documents.kept.store import DocumentStore
from retrieval.errors import EngineError
from retrieval.index import KeptIndex
from retrieval.index.words import SCHEMA as WORDS
from retrieval.index.words import StoredWords
from retrieval.tables.sqlite import FileTables

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """An index that is open: what it is told by, its documents, their words and passages. ``is_followed``: another
    process keeps it in step with the files, on whatever machine. ``turn``: as that of ``Indexes``."""

    name: str
    documents: DocumentStore
    words: StoredWords
    index: KeptIndex
    is_followed: bool = False
    turn: int = 0

    def close(self) -> None:
        """Closes them all."""
        for part in (self.index, self.words, self.documents):
            part.close()


class Indexes(Protocol):
    """The indexes of a corpus, each with a name. ``is_fixed``: nobody may write there. ``is_shared``: whoever may write
    ends one day, and another goes on."""

    is_fixed: bool
    is_shared: bool

    @property
    def corpus(self) -> Path:
        """The folder or the file of which they are."""

    @property
    def engine(self) -> str:
        """How passages are indexed."""

    @property
    def own(self) -> str:
        """That of this version of the program, there or not."""

    @property
    def turn(self) -> int:
        """How often it came to be this process that writes: what was opened before the last time is no more good."""

    def take(self) -> bool:
        """Whether it is this process that writes from now on. Raises EngineError where that cannot be told."""

    def older(self) -> list[str]:
        """The whole ones of other versions that can be read, the one that was written last first."""

    def is_whole(self, name: str) -> bool:
        """Whether all documents were indexed by one once."""

    def open(self, name: str, *, writable: bool) -> Parts:
        """Opens one, made where it may be written. Raises EngineError where it cannot be used."""

    def clear(self) -> None:
        """Deletes those that are needed no more, as far as that can be done now."""

    def told(self, name: str = "") -> str:
        """Where one is, or all are, for a person."""

    def release(self) -> None:
        """Lets another process write."""


class OnDisk:
    """In a folder of this machine, each in one of its own; the passages perhaps elsewhere."""

    is_shared = False

    def __init__(self, corpus: Path, folder: Path, keeping: Keeping | None = None, *, fixed: bool = False) -> None:
        """``keeping``: where passages are indexed, by itself in the folder too. ``fixed``: nobody may write there."""
        self._corpus, self._folder, self._keeping = corpus, folder, keeping or InFolder()
        self._lock = lock_of(folder)
        self.is_fixed, self.turn = fixed, 0

    @property
    def corpus(self) -> Path:
        """The folder or the file of which they are."""
        return self._corpus

    @property
    def engine(self) -> str:
        """How passages are indexed."""
        return self._keeping.engine

    @property
    def own(self) -> str:
        """That of this version of the program, there or not."""
        return own_folder(self._folder).name

    def take(self) -> bool:
        """Whether it is this process that writes from now on. Where nobody may, what is there is served as it is, and
        that is said; raises EngineError where nothing is."""
        if self.turn:  # the lock itself knows only by which thread it was taken
            return True
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
        self.turn += 1
        return True

    def older(self) -> list[str]:
        """The whole ones of other versions that can be read, the one that was written last first."""
        return [folder.name for folder in older(self._folder, fixed=self.is_fixed)]

    def is_whole(self, name: str) -> bool:
        """Whether all documents were indexed by one once."""
        return is_whole(self._folder / name, fixed=self.is_fixed)

    def open(self, name: str, *, writable: bool) -> Parts:
        """Opens one, made where it may be written. Raises EngineError where it cannot be used."""
        folder, fixed = self._folder / name, self.is_fixed
        if writable:
            say(folder, current(), self._corpus)
        with ExitStack() as opened:
            documents = DocumentStore(FileTables(folder / DOCUMENTS, SCHEMA, fixed=fixed), self._corpus)
            opened.callback(documents.close)
            words = StoredWords(FileTables(folder / "words.sqlite3", WORDS, fixed=fixed))
            opened.callback(words.close)
            index = self._keeping.open(folder, documents, writable=writable, fixed=fixed)
            opened.pop_all()
        return Parts(str(folder), documents, words, index)

    def clear(self) -> None:
        """Deletes those that are needed no more, but for one that is kept for a rollback."""
        clear(self._folder, [self._folder / self.own, *spare(self._folder)], self._keeping.forget)

    def told(self, name: str = "") -> str:
        """Where one is, or all are."""
        return str(self._folder / name)

    def release(self) -> None:
        """Lets another process write."""
        self._lock.release()
        self.turn = 0
