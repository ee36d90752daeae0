"""The library: opens a corpus and answers questions from it. The only place that wires the rest together."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np
from threadpoolctl import threadpool_limits

from retrieval.answering import Answering, Ranks
from retrieval.citing import References
from retrieval.corpus.folders import index_folder
from retrieval.corpus.opening import Opening, kept_vectors, opened
from retrieval.corpus.snapshot import Corpus, Documents, Progress, Refreshed, Source, silent
from retrieval.corpus.vectors import PassageVectors
from retrieval.documents.kept.past import PastVersions
from retrieval.documents.kept.problems import Problem, gathered
from retrieval.documents.kept.scanning import read_waiting
from retrieval.documents.pages.proof import page_picture
from retrieval.documents.scans.pages import Scans
from retrieval.errors import EngineError, UnreachedError, UnreadableError
from retrieval.finding.titles import titled
from retrieval.index.addresses import Cluster
from retrieval.index.vectors import KeepsVectors
from retrieval.model import Answer, Document, Quote, Span, Verdict
from retrieval.placing import placed
from retrieval.ranking.ranker import ranker
from retrieval.ranking.reading import ReadingRanker, weights_of
from retrieval.reader.encoder import SIZE, Networks, networks, networks_or_why
from retrieval.recent import Recent
from retrieval.verifying.checking import verify

log = logging.getLogger(__name__)

ENGINES = ("auto", "memory", "disk", "cluster")

PICTURES = 8
"""Pictures of pages that are kept at hand."""

OFF = "the reader is switched off"


class Library:
    """A corpus that answers. Safe to ask and to refresh from many threads; closed from one."""

    def __init__(
        self,
        source: Source,
        min_confidence: float,
        ranker: Ranks,
        vectors: PassageVectors | None = None,
        *,
        unread: str = OFF,
        scans: Scans | None = None,
        past: PastVersions | None = None,
    ) -> None:
        """``source`` has been read; ``vectors`` are those of its passages, where there is a reader; ``scans`` are
        those that it knows or that wait; ``past`` has what changed or went. ``open`` is for those who have a path.

        From here on numpy works on one thread in this process: the matrices are small, so that threads of its own
        cost several times what they save, and more where many ask at once.
        """
        threadpool_limits(1, user_api="blas")
        self._source, self._scans, self._past = source, scans or Scans(Path()), past
        self._vectors = vectors
        self.unread = "" if vectors else unread
        """Why the networks do not rank; empty where they do."""
        self._read = source.corpus()
        self._served: Corpus | None = replace(self._read, vectors=vectors)
        self._refreshing = threading.Lock()
        self._answering = Answering(ranker, min_confidence)
        self._pictures: Recent[bytes] = Recent(PICTURES)
        self._vectors_of: object = None

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        engine: str = "auto",
        index: Path | str | None = None,
        min_confidence: float | None = None,
        progress: Progress = silent,
        reader: bool = True,
        threads: int = 1,
        vectors: Path | str | None = None,
        renew: bool = False,
        prepared: bool = False,
        scans_later: bool = False,
        fixed: bool = False,
        past: PastVersions | None = None,
        cluster: Cluster | None = None,
    ) -> Self:
        """Opens a folder or a file of documents.

        ``engine``: "memory" reads and indexes all of it at each start; "disk" keeps its texts and their index in the
        folder ``index`` (by itself one in the user's cache) and reads what changed; "auto" is "disk" where there is
        such an index, or where the texts are longer than ``LONGEST_IN_MEMORY``; "cluster" keeps passages in
        ``cluster``, and texts in a folder beside ``index`` or, where it names a server for them, there: then one
        process reads the files, and others, which need none, follow it. ``min_confidence`` (0 to 1) is the confidence
        below which it refuses; None takes the measured one. ``progress`` is told of long work. An index of another
        version answers until ``refresh`` has built this version's; ``renew``: that is built first. ``reader``: whether
        the networks rank too, each question on so many ``threads``; where they cannot be loaded, words rank alone, and
        ``unread`` says why. All libraries of the process share them. ``vectors``: the file that keeps vectors once they
        are made, by itself one beside the index. ``prepared``: ``Preparer`` keeps ``index`` in step with the files, and
        this reads none of them. ``scans_later``: scanned pages wait for ``read_scans``; by itself they are read at
        once. What was read of them is kept beside the index. ``fixed``: nothing is written, no scanned page is read,
        and an index that is there is served as it is. ``past`` keeps what changes or goes. Raises CorpusError where
        there is no corpus or nothing in it can be served, EngineError for an engine that is not there or an index that
        cannot be used. Files that cannot be read are in ``problems``; the rest is served.
        """
        if engine not in ENGINES:
            raise EngineError(f"no engine {engine!r}: choose {', '.join(ENGINES[:-1])} or {ENGINES[-1]}")
        folder = Path(index) if index else index_folder(Path.home() / ".cache" / "iqtibas", Path(path))
        with ExitStack() as closing:
            kept = None if fixed else folder.with_name(f"{folder.name}.scans")
            scans = Scans(Path(path), kept, later=scans_later or fixed)
            closing.callback(scans.close)
            how = Opening(renew=renew, prepared=prepared, fixed=fixed, past=past, cluster=cluster)
            source = opened(Path(path), engine, folder, progress, scans, how)
            closing.callback(source.close)
            if reader:
                weights_of()  # read while the networks may be loaded ahead
            read, why = networks_or_why(threads) if reader else (None, OFF)
            ranks: Ranks = ReadingRanker(ranker(), read, *weights_of()) if read else ranker()
            least = ranks.least if min_confidence is None else min_confidence
            made = partial(kept_vectors, Path(path), engine, folder, how, Path(vectors) if vectors else None)
            library = cls(source, least, ranks, _vectors(read, made), unread=why, scans=scans, past=past)
            closing.pop_all()
            return library

    @property
    def documents(self) -> Documents:
        """The documents that are served, in the order of their files; on disk, each is read when it is its turn."""
        return self._corpus.documents

    @property
    def problems(self) -> Sequence[Problem]:
        """The files and lines that gave no document."""
        return tuple(self._corpus.documents.problems)

    @property
    def not_read(self) -> tuple[str, ...]:
        """What they are, a line for each kind of reason."""
        return gathered(self.problems)

    @np.errstate(invalid="ignore")  # BLAS may raise this flag over what it reads past the end of short rows
    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        """The answer to a question: at most ``k`` quotes, each checked against the stored text, or a refusal; or that
        the sources cannot be reached now.

        ``previous`` is what was searched for before (``Answer.searched``), whose subject a question that leans on
        it («ومتى؟») takes up. ``now`` is the day on which it is asked («اليوم»), by itself the machine's.
        """
        today = now or datetime.now().astimezone().date()
        return self._answering.answer(lambda: self._corpus, question, k, previous, today)

    def document(self, document_id: str, digest: str) -> Document | None:
        """The document with an id, read afresh; None where it is gone or its text is no longer the one of ``digest``.

        ``digest`` is that of the ``Document`` of a quote, so that its offsets still hold.
        """
        documents = self._corpus.documents
        try:
            stored = documents.stored(document_id) if documents.get(document_id, digest) else None
        except UnreadableError:
            return None
        return stored if stored and stored.digest == digest else None

    def placed(self, document: Document, span: Span) -> Quote:
        """A stretch of a document of the library as a quote: which paragraph it stands in, and the other sources of its
        words. Raises ValueError where it ends outside the document."""
        corpus = self._corpus
        return placed(corpus, document, span, corpus.is_stored)

    def titled(self, words: str, count: int) -> list[Document]:
        """Up to ``count`` documents whose titles share words with some, those that have the most of them first."""
        return titled(words, self._corpus.index, self._corpus.documents.get, count)

    def page_picture(self, document: Document, span: Span) -> bytes:
        """The page of a PDF on which a stretch of a document of the library begins, as PNG, the stretch marked on it.

        Raises UnreadableError where it cannot be drawn, UnreachedError where another time it may be.
        """
        path, source = self._corpus.documents.file(document.id)
        key = source, document.digest, span
        since = self._pictures.cleared
        if (drawn := self._pictures.get(key)) is None:
            drawn = page_picture(document, span, path, source)
            self._pictures.keep(key, drawn, since)
        return drawn

    def refresh(self, *, settled: float = 0) -> Refreshed:
        """Takes up what changed in the files, and says what did, and when to call again.

        ``settled``: files that were written in the last so many seconds may not be whole, and are left for later; so
        are those that could not be reached, until it is their time. 0: all is tried now. Raises CorpusError, and goes
        on with what it had, where nothing can be served.
        """
        with self._refreshing:
            try:
                told = self._source.read(settled, patient=settled > 0)
                corpus = self._source.corpus()
            except BaseException:
                self._answering.forget()
                raise
            if corpus is not self._read:
                self._read, self._served = corpus, replace(corpus, vectors=self._vectors)
                self._answering.forget()
        return told

    def make_vectors(
        self, progress: Progress = silent, is_ended: Callable[[], bool] = lambda: False, *, threads: int = 1
    ) -> bool:
        """Makes the vectors of passages that have none, and from then on finds by them too; whether it came to its end.

        Until then words find, and what a question needs is made while it is asked. ``progress`` is told of passages;
        ``is_ended`` says when to stop early; ``threads``: how many make them, the one that calls waiting. To be called
        again after a change; one at a time, the rest wait. Where another process keeps the corpus, what that made is
        taken up. Raises EngineError where they cannot be kept.
        """
        if self._vectors is None:
            return True
        corpus = self._corpus
        if corpus.is_followed:
            self._vectors.follow()
            self._answering.forget()
            return True
        count = len(corpus.index)
        is_whole = self._vectors.make(
            corpus.passages(), count, lambda done: progress("vectors", done, count), is_ended, threads
        )
        if is_whole:
            self._vectors_of = corpus.state
            self._answering.forget()  # what was answered before was found by words
        return is_whole

    @property
    def lacks_vectors(self) -> bool:
        """Whether ``make_vectors`` has not yet come to its end with what is served now."""
        if self._vectors is None:
            return False
        corpus = self._corpus
        return self._vectors.is_behind if corpus.is_followed else self._vectors_of != corpus.state

    def read_scans(self, is_ended: Callable[[], bool] = lambda: False) -> bool:
        """Reads the scanned pages that wait, one after another, and takes up each file of which all are read; whether
        it came to its end, for ``is_ended`` says when to stop early. Raises CorpusError and EngineError as ``refresh``.
        """
        return read_waiting(self._scans, self.refresh, is_ended)

    @property
    def lacks_scans(self) -> bool:
        """Whether scanned pages wait to be read, or what was read of them to be taken up."""
        return self._scans.next is not None or bool(self._scans.done)

    @property
    def vectors_kept(self) -> tuple[int, int]:
        """Of how many passages vectors are kept, and the bytes that they take on disk."""
        return self._vectors.kept() if self._vectors else (0, 0)

    def forget_vectors(self) -> None:
        """Deletes all vectors and the file that keeps them; what is being made for it is not kept."""
        self._vectors_of = None
        if self._vectors:
            self._vectors.forget()

    @property
    def references(self) -> References:
        """What references to its quotes show, by what is served now."""
        return References(self._corpus, self._past)

    @property
    def engine(self) -> str:
        """The engine in use: "memory", "disk" or "cluster"."""
        return self._source.engine

    @property
    def version(self) -> object:
        """Another one each time that something else is served."""
        return self._corpus.state

    @property
    def passages(self) -> int:
        """How many passages can be found."""
        return len(self._corpus.index)

    def verify(self, text: str) -> Verdict:
        """What the sources say to a text, as a quotation of theirs: word for word, spelled otherwise, altered, pieced,
        or absent; sentence by sentence."""
        corpus, unreached = self._corpus, list[UnreachedError]()
        try:
            verdict = verify(text, corpus.index, corpus.documents.get, partial(corpus.stored, unreached.append))
        except EngineError as error:  # a cluster that is away
            log.warning("%s", error)
            return Verdict(text, "absent", unreachable=True)
        return replace(verdict, unreachable=bool(unreached))

    def faults(self) -> Iterator[str]:
        """What is wrong with the index, a line each; reads all of it. An index in memory was made at this start."""
        return self._source.faults()

    def close(self) -> None:
        """Lets go of what the library holds, once what is being made has ended. It answers no more."""
        if self._vectors:
            self._vectors.close()
        self._source.close()
        self._scans.close()
        if self._past:
            self._past.close()
        self.forget_answers()
        self._served = None

    def forget_answers(self) -> None:
        """Lets go of what was asked and answered lately, which is otherwise kept to be given again; what is being
        answered is not kept either."""
        self._answering.forget()
        self._pictures.clear()

    @property
    def _corpus(self) -> Corpus:
        if self._served is None:
            raise RuntimeError("this library was closed")
        return self._served


def _vectors(read: Networks | None, kept: Callable[[int, str], KeepsVectors]) -> PassageVectors | None:
    """The vectors that networks make. What is made beforehand takes the core of who makes it, and no other."""
    return PassageVectors(read, networks(1), kept(SIZE, read.name)) if read else None
