"""A corpus in memory: its documents, index and words, made at each start and brought up to date with its files."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from retrieval.corpus.analysts import count
from retrieval.corpus.snapshot import Corpus, Progress, Refreshed, nothing_in, silent
from retrieval.documents.furniture import bodies, repeated_lines
from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.kept.problems import soonest
from retrieval.documents.scans.pages import Scans
from retrieval.errors import CorpusError, EngineError
from retrieval.index import STEMS, Entry, held
from retrieval.index.meaning import Meaning
from retrieval.index.memory import MemoryIndex
from retrieval.index.terms import Glued, entries
from retrieval.index.vocabulary import WordCounts
from retrieval.model import Document, Passage, Span

log = logging.getLogger(__name__)


class MemoryCorpus:
    """A corpus in memory, read anew at each start."""

    engine = "memory"

    def __init__(self, path: Path, progress: Progress = silent, scans: Scans | None = None) -> None:
        """Reads a folder or a file. ``progress`` is told of long files, ``scans`` has the scanned pages that are known.
        Raises CorpusError where there is none."""
        self._path, self._scans = path, scans
        self._past: PastVersions | None = None
        self._catalogue = Catalogue(
            path, told=lambda name, done, total: progress(f"reading {name}", done, total), scans=scans
        )
        self._corpus: Corpus | None = None
        self._changes = 0
        self._glued: Glued = {}
        self._analysed: dict[tuple[int, Span], tuple[Document, list[Entry]]] = {}

    @property
    def characters(self) -> int:
        """How long all texts are together."""
        return sum(len(document.text) for document in self._catalogue)

    @property
    def is_empty(self) -> bool:
        """Whether no document was read."""
        return not self._catalogue.documents

    def read(self, settled: float = 0, *, patient: bool = False) -> Refreshed:
        """Reads the files that changed, and says what did. Those that were written in the last ``settled`` seconds, and
        may not be whole, are left for later; ``patient``: also those that could not be reached, until it is their time.
        Raises CorpusError, and keeps what it had, where nothing can be served, EngineError where what changed cannot
        be kept."""
        before = self._catalogue
        now = Catalogue(self._path, before, settled, patient=patient, scans=self._scans)
        if not now.documents:
            raise CorpusError(nothing_in(now.path, now.problems))
        if self._past:
            self._past.stand(now)
        self._catalogue = now
        if self._corpus and now.holds_the_same_as(before):
            self._corpus = replace(self._corpus, documents=now)
        else:
            self._changes += 1
        return Refreshed(
            len(now),
            *now.differences(before),
            problems=tuple(now.problems),
            again=soonest(settled if now.is_left else None, now.later.wait),
        )

    def corpus(self) -> Corpus:
        """What was read, indexed. Raises CorpusError where nothing in it can be served."""
        if self._corpus is None or self._corpus.documents is not self._catalogue:
            self._corpus = self._indexed(self._catalogue)
        return self._corpus

    def faults(self) -> Iterator[str]:
        """Nothing is wrong with what was made at this start."""
        return iter(())

    def close(self) -> None:
        """Lets go of what it holds."""
        self._corpus = None

    def keep_in(self, past: PastVersions) -> None:
        """Has all versions kept from now on; what is wrong there is said, and tried again with the next change."""
        self._past = past
        try:
            past.stand(self._catalogue)
        except EngineError as error:
            log.warning("%s; references to what changes meanwhile will not last", error)

    def _indexed(self, catalogue: Catalogue) -> Corpus:
        if not catalogue.documents:
            raise CorpusError(nothing_in(catalogue.path, catalogue.problems))
        index = MemoryIndex()
        repeated = repeated_lines(catalogue)
        found = [(document, span) for document in catalogue for span in bodies(document, repeated)]
        counts = WordCounts()
        for document in catalogue:
            count(counts, document, repeated)
        vocabulary = counts.vocabulary(partial(held, index, STEMS))
        index.add(self._entries(found, vocabulary.glued()))
        told = partial(_passages, tuple(self._analysed.values()))
        return Corpus(catalogue, index, vocabulary, Meaning(vocabulary.spelled), told, self._changes)

    def _entries(self, found: list[tuple[Document, Span]], glued: Glued) -> Iterator[Entry]:
        """The passages of documents; those of a document that was analysed before with the same words are at hand."""
        before = self._analysed if self._glued == glued else {}
        self._analysed, self._glued = {}, glued
        for document, span in found:
            key = id(document), span  # an unchanged document is the same object, and kept alive beside its entries
            known = before.get(key) or (document, list(entries(document, span, glued)))
            self._analysed[key] = known
            yield from known[1]


def _passages(held: Sequence[tuple[Document, list[Entry]]]) -> Iterator[tuple[Document, Passage]]:
    return ((document, entry.passage) for document, entries in held for entry in entries)


def read(path: Path) -> Corpus:
    """Reads and indexes a folder or a file in memory. Raises CorpusError where nothing in it can be served."""
    return MemoryCorpus(path).corpus()
