"""An index of a corpus that is kept: its documents, words and passages, in step with the corpus's files.

The steps are the same for the first time and for each change: read the files that changed; learn what only all
documents together tell (the page's repeated lines, the words); index the documents that are new, and take out those
that are gone, a batch at a time. Each step is kept before the next begins, and may be done twice: killed at any moment,
the next run goes on. Passages that are found always belong to a text that is stored.
"""

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path

from retrieval.arabic.vectors import vectors
from retrieval.corpus.analysts import MESSAGE, Analysts, analysed, count, counted
from retrieval.corpus.snapshot import Corpus, Progress, Refreshed, nothing_in, silent
from retrieval.corpus.standing import Parts
from retrieval.documents.apart.reader import Limits, Reader
from retrieval.documents.furniture import bodies, repeated_lines
from retrieval.documents.kept.files import BeingWrittenError, File, Listing, files, load_whole
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.kept.problems import Later, soonest
from retrieval.documents.kept.store import NEW, DocumentStore
from retrieval.documents.scans.pages import Scans
from retrieval.errors import CorpusError, EngineError, TooLongError
from retrieval.index import STEMS, Entry, held
from retrieval.index.meaning import Meaning
from retrieval.index.terms import Glued
from retrieval.index.vocabulary import Vocabulary, WordCounts
from retrieval.model import Document, Passage, digest_of
from retrieval.segmentation import passages

BATCH = 10_000  # documents that become findable together: fewer would leave an index in more parts, each searched
FEW = 1000  # documents for which no process is started
SAMPLE = 20_000  # documents from which the page's repeated lines are learned
VERIFIED = 200  # documents of which the index is asked together
FOLLOWED = 1.0  # seconds between two looks whether another process, on whatever machine, wrote something
GROWN = 2  # times as many documents: what they tell together is learned anew


@dataclass(frozen=True, slots=True)
class Most:
    """What a corpus may take up: characters of all its texts together, and what reading one file may take."""

    characters: int | None = None
    reading: Limits | None = None


UNBOUNDED = Most()


class StoredIndex:
    """One index of a corpus."""

    def __init__(
        self,
        path: Path,
        parts: Parts,
        progress: Progress = silent,
        *,
        scans: Scans | None = None,
        past: PastVersions | None = None,
        most: Most = UNBOUNDED,
    ) -> None:
        """The index of the corpus at ``path`` that has these ``parts``, which are closed with it. ``scans`` has the
        scanned pages that are known, ``past`` keeps what changes or goes. ``most``: what it may take up."""
        self._path, self._parts, self._progress, self._scans, self._past = path, parts, progress, scans, past
        self._documents, self._words, self._index = parts.documents, parts.words, parts.index
        self._most = most
        self._waiting: dict[str, str] = {}  # the stamps of files that were read, but for scanned pages that wait
        self._changes = 0
        self._corpus: Corpus | None = None
        self._seen, self._followed = self._documents.state, Refreshed(0)
        self._is_following = False

    @property
    def is_whole(self) -> bool:
        """Whether all documents were indexed once."""
        return bool(self._documents.fact("whole"))

    @property
    def is_empty(self) -> bool:
        """Whether no document is stored."""
        return not len(self._documents)

    def corpus(self) -> Corpus:
        """What is served now: the same, until something was taken up. Raises CorpusError where there is nothing."""
        if self._corpus is None:
            if self.is_empty:
                raise CorpusError(nothing_in(self._path, self._documents.problems))
            self._corpus = self._as_it_is()
        return self._corpus

    def _as_it_is(self) -> Corpus:
        words = self._words
        words.refresh()
        with_vectors = cache(lambda: words.among(vectors().words))
        vocabulary = Vocabulary(words.counts, words.spellings, partial(held, self._index, STEMS), words.of_length)
        meaning = Meaning(lambda word: word in with_vectors(), words.near)
        state = (
            self._parts.name,
            self._parts.turn,
            self._changes,
            len(self._index),
        )  # what another process writes shows in the number of passages
        return Corpus(
            self._documents,
            self._index,
            vocabulary,
            meaning,
            partial(_passages, self._documents),  # not of this object, which keeps what is returned: a circle
            state,
            is_followed=self._parts.is_followed,
        )

    def read(self, settled: float = 0, *, patient: bool = False) -> Refreshed:
        """Takes up what changed, and says what did. Files that were written in the last ``settled`` seconds are left
        for later: they may not be whole; ``patient``: also those that could not be reached, until it is their time.

        Raises CorpusError where no file is left, and EngineError where the folder cannot be written; what was there is
        served on, and the next time goes on. Raises TooLongError where all texts together are too long.
        """
        self._corpus = None
        try:
            return self._brought_up_to_date(settled, patient)
        except EngineError:  # of a cluster
            with suppress(ValueError):
                self._index.give_up()
            raise
        except (sqlite3.Error, ValueError, OSError) as error:  # ValueError is tantivy's
            with suppress(ValueError):
                self._index.give_up()
            why = f"cannot be brought up to date ({error}); free some space or mend that"
            raise EngineError(f"{self._parts.name}: {why}") from None

    def follow(self) -> Refreshed:
        """Takes up what another process wrote."""
        state = self._documents.state
        if not self._is_following or state != self._seen:
            self._index.reload()
            self._documents.look_again()
            self._corpus = None
            self._changes += state != self._seen
            again = FOLLOWED if self._parts.is_followed else None
            problems = tuple(self._documents.problems)
            self._followed = Refreshed(len(self._documents), problems=problems, again=again)
            self._seen, self._is_following = state, True
        return self._followed

    def _brought_up_to_date(self, settled: float, patient: bool) -> Refreshed:
        again = self._read_files(settled, patient)
        differences = self._documents.differences()
        self._changes += any(differences)
        if self._must_learn():
            self._take_out_gone()
            self._learn()
        self._index_new()
        self._take_out_gone()
        if len(self._documents) and not self.is_whole:
            self._documents.note("whole", True)
        return Refreshed(len(self._documents), *differences, problems=tuple(self._documents.problems), again=again)

    def without(self, other: "StoredIndex") -> Iterator[Document]:
        """The versions of documents that it has and another index has not."""
        held = other._documents
        return (document for document in self._documents if held.get(document.id, document.digest) is None)

    def faults(self) -> Iterator[str]:
        """What is wrong with the index, a line each: a text that is not the one that was stored, a passage too many or
        too few, a file that is not in it because it could not be reached. Reads all of it."""
        yield from (f"{reason}; it is tried again" for reason in self._documents.unreached())
        yield from self._documents.damages()
        repeated = frozenset(self._documents.fact("repeated") or ())
        self._index.reload()
        done, count, passages_of_all = 0, len(self._documents), 0
        documents = iter(self._documents)
        while some := list(islice(documents, VERIFIED)):
            held = self._index.passages_of([document.id for document in some])
            passages_of_all += sum(held.values())
            for document in some:
                done += 1
                self._progress("verifying", done, count)
                yield from _faults_of(document, repeated, held[document.id])
        if passages_of_all != len(self._index):
            yield f"{len(self._index) - passages_of_all} passages in the index belong to no document"

    def close(self) -> None:
        """Closes its parts."""
        self._parts.close()

    def _read_files(self, settled: float, patient: bool) -> float | None:
        """Stores what changed in the files; seconds after which some are to be tried again, None where none are."""
        later, mounted = self._documents.later(), self._documents.fact("mounts") or []
        listing, known = files(self._path, later.awaited(mounted)), self._documents.stamps()
        if known and not listing.files and not listing.unlisted:  # what was mounted there may be gone for a while
            raise CorpusError(nothing_in(self._path, ()))
        if sorted(listing.mounts) != mounted:
            self._documents.note("mounts", sorted(listing.mounts))
        later.look(listing)
        self._drop_gone(listing, known)
        changed = [
            file
            for file in listing.files
            if (not patient or later.is_due(file))
            and (not file.stamp or known.get(file.name) != file.stamp or file.name in later.kept)
            and not self._is_waiting(file)
        ]
        try:
            is_left = self._stored(changed, settled, later)
        finally:
            self._documents.put_off(later)
        self._documents.report(list(listing.unlisted.values()))
        return soonest(settled if is_left else None, later.wait)

    def _is_waiting(self, file: File) -> bool:
        """Whether all of a file is stored but its scanned pages, which wait."""
        is_known = bool(file.stamp) and self._waiting.get(file.name) == file.stamp
        return is_known and self._scans is not None and self._scans.waits(file.name)

    def _drop_gone(self, listing: Listing, known: Iterable[str]) -> None:
        for name in set(known) - {file.name for file in listing.files}:
            if not listing.may_hold(name):
                self._documents.drop(name)

    def _stored(self, changed: Sequence[File], settled: float, later: Later) -> bool:
        """Stores what files hold; whether some are left that may not be whole."""
        is_left = False
        with Reader(
            self._most.reading,
            told=lambda name, done, total: self._progress(f"reading {name}", done, total),
            scans=self._scans,
        ) as reader:
            for number, file in enumerate(changed, 1):
                self._progress("reading", number, len(changed))
                if not file.is_settled(settled):
                    is_left = True
                    continue
                try:
                    is_reached = self._documents.put(file, load_whole(file, reader))
                except BeingWrittenError:
                    is_left = True
                    continue
                (later.passed(file.name) if is_reached else later.failed(file))
                if self._scans and self._scans.waits(file.name):
                    self._waiting[file.name] = file.stamp
                longest = self._most.characters
                if longest is not None and self._documents.characters > longest:
                    raise TooLongError(f"{self._path}: its texts have more than {longest:,} characters")
        return is_left

    def _must_learn(self) -> bool:
        learned = self._documents.fact("learned")
        return learned is None or len(self._documents) > GROWN * learned

    def _learn(self) -> None:
        """Learns what all documents tell together, by which all are then indexed."""
        total = len(self._documents)
        every = max(1, total // SAMPLE)
        repeated = repeated_lines(document for at, document in enumerate(self._documents) if at % every == 0)
        words, spelled = self._counted(total, repeated).counted()
        self._words.replace(words, spelled, Vocabulary(words, spelled).glued())
        self._keep_near(words)
        self._documents.note("repeated", sorted(repeated))
        self._documents.note("counted", self._documents.unsettle())
        self._documents.note("learned", total)

    def _keep_near(self, words: Container[str]) -> None:
        """Works out which of the corpus's words are near to each other, so that no question waits for it."""
        meaning = Meaning(words.__contains__)
        done, total = 0, len(meaning)
        for near in meaning.each():
            self._words.keep_near(near)
            done += len(near)
            self._progress("comparing words", done, total)

    def _counted(self, total: int, repeated: frozenset[str]) -> WordCounts:
        """The words of all documents, of which there are ``total``."""
        if total <= FEW:
            return counted(self._documents, repeated)
        counts = WordCounts()
        with Analysts(repeated, {}) as analysts:
            for batch, tokens in enumerate(analysts.counted(self._documents), 1):
                counts.merge(tokens)
                self._progress("counting words", min(total, batch * MESSAGE), total)
        return counts

    def _index_new(self) -> None:
        """Indexes the new documents, a batch at a time; each batch is found whole, or not yet."""
        total, done = self._documents.pending(NEW), 0
        repeated = frozenset(self._documents.fact("repeated"))
        self._count_later(repeated)
        with _analysing(total, repeated, self._words.glued) as analyse:
            while batch := self._documents.new(BATCH):
                self._index.delete(document.id for _, document in batch)
                for message, found in enumerate(analyse(document for _, document in batch), 1):
                    self._documents.check()
                    self._index.add(found)
                    self._progress("indexing", done + min(len(batch), message * MESSAGE), total)
                self._index.commit()
                self._documents.settle(key for key, _ in batch)
                done += len(batch)
                self._progress("indexing", done, total)

    def _take_out_gone(self) -> None:
        gone = self._documents.gone()
        if not gone:
            return
        if self._past:
            self._past.keep(document for _, document in gone)
        replaced = self._documents.live(document.id for _, document in gone)
        self._documents.check()
        self._index.delete(document.id for _, document in gone if document.id not in replaced)
        self._index.commit()
        repeated = frozenset(self._documents.fact("repeated") or ())
        words, spelled = counted((document for _, document in gone), repeated).counted()
        self._words.add({word: -count for word, count in words.items()}, spelled, {})
        self._documents.forget(key for key, _ in gone)

    def _count_later(self, repeated: frozenset[str]) -> None:
        """Adds the words of documents that came after all were counted."""
        before = self._documents.fact("counted")
        counts, last = WordCounts(), before
        for key, document in self._documents.after(before):
            count(counts, document, repeated)
            last = key
        if last == before:
            return
        found, spelled = counts.counted()
        self._words.add(found, spelled, {})
        vocabulary = Vocabulary(self._words.counts, self._words.spellings)
        self._words.add({}, {}, vocabulary.glued(found, partial(held, self._index, STEMS)))
        self._documents.note("counted", last)


def _passages(documents: DocumentStore) -> Iterator[tuple[Document, Passage]]:
    """All passages with their documents, as they are indexed."""
    repeated = frozenset(documents.fact("repeated") or ())
    for document in documents:
        for body in bodies(document, repeated):
            for passage in passages(document.id, document.text, body, document.headings):
                yield document, replace(passage, version=document.digest)


def _faults_of(document: Document, repeated: frozenset[str], held: int) -> Iterator[str]:
    """What is wrong with a document of which the index holds so many passages."""
    if digest_of(document.text) != document.digest:
        yield f"{document.id}: its stored text is damaged"
    of_each = (passages(document.id, document.text, body, document.headings) for body in bodies(document, repeated))
    wanted = sum(map(len, of_each))
    if held != wanted:
        yield f"{document.id}: {held} passages in the index instead of {wanted}"


@contextmanager
def _analysing(
    count: int, repeated: frozenset[str], glued: Glued
) -> Iterator[Callable[[Iterable[Document]], Iterator[Iterable[Entry]]]]:
    """What analyses documents: here, or on every core where there are many."""
    if count <= FEW:
        yield lambda documents: iter([analysed(documents, repeated, glued)])
        return
    with Analysts(repeated, glued) as analysts:
        yield analysts.analysed
