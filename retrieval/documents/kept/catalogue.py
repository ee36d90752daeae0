"""The catalogue in memory: the documents of a corpus, where each is stored, and which files gave none.

Ids are unique: of two documents with one id, the first in the order of paths is served, the other named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from pathlib import Path

from retrieval.documents.apart.reader import Reader, Told
from retrieval.documents.kept.files import BeingWrittenError, File, Listing, Loaded, files, load_whole, read_again
from retrieval.documents.kept.problems import Later, Problem, problem_of
from retrieval.documents.scans.pages import Scans
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.model import Document, Period


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file held when it was read, and what of it could not be."""

    file: File
    found: tuple[Loaded | UnreadableError, ...]

    @property
    def is_reached(self) -> bool:
        return not any(isinstance(one, UnreachedError) for one in self.found)

    def kept_by(self, now: "_Read") -> "_Read":
        """What stands after a try that did not reach all of the file: what was known of it, and why."""
        documents = tuple(one for one in self.found if isinstance(one, Loaded))
        reasons = tuple(one for one in now.found if isinstance(one, UnreachedError))
        return _Read(self.file, documents + reasons) if documents and not now.is_reached else now


class Catalogue:
    """The documents of a corpus, read once; ``stored`` reads one again."""

    def __init__(
        self,
        path: Path,
        before: "Catalogue | None" = None,
        settled: float = 0,
        *,
        patient: bool = False,
        told: Told | None = None,
        scans: Scans | None = None,
    ) -> None:
        """Reads a folder or one file. Raises CorpusError where there is none; a bad file becomes a problem. ``told`` is
        told how far a long one is. ``scans`` has the scanned pages that are known.

        ``before``: the same corpus as it was read earlier; a file that did not change since is not read again, and one
        that was written in the last ``settled`` seconds, or while it was read, stays as it was: it may not be whole.
        One that cannot be reached stays as it was too, and is tried again: at once or, if ``patient``, when ``later``
        says so. ``is_left`` tells that there are files that may not be whole.
        """
        self.path = path
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []
        self.later: Later = Later(before.later.kept if before else None)
        self._places: dict[str, tuple[File, Loaded]] = {}
        self._read: dict[str, _Read] = {}
        self.is_left = False
        listing = files(path, self.later.awaited(before.mounts if before else ()))
        self.mounts: frozenset[str] = listing.mounts
        self.later.look(listing)
        self._scans = scans
        with Reader(told=told, scans=scans) as reader:
            for file in listing.files:
                known = before._read.get(file.name) if before else None
                if not known or self._is_to_read(file, known, patient=patient):
                    known = self._now(file, known, reader, settled)
                if known:
                    self._read[file.name] = known
        if before:
            self._keep_unlisted(before, listing)
        self._take_up(listing)
        self.is_dated = any(document.published for document in self)
        self._listed = tuple(self)

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def some(self, start: int, count: int) -> Sequence[Document]:
        """Up to ``count`` documents from the one at ``start``."""
        return self._listed[start : start + count]

    def newest(self, count: int, period: Period | None = None) -> Sequence[Document]:
        """Up to ``count`` of the dated documents, of a period or of any day, the newest first."""
        dated = (
            document for document in self if document.published and (not period or period.holds(document.published))
        )
        return nlargest(count, dated, key=lambda document: document.published or date.min)

    def holds_the_same_as(self, before: "Catalogue") -> bool:
        """Whether it has the documents of an earlier one, at the same places."""
        return list(self.documents) == list(before.documents) and self._places == before._places

    def differences(self, before: "Catalogue") -> tuple[int, int, int]:
        """How many documents are added since an earlier one, changed, and removed."""
        both = self.documents.keys() & before.documents.keys()
        changed = sum(self.documents[name] != before.documents[name] for name in both)
        return len(self) - len(both), changed, len(before) - len(both)

    def get(self, document_id: str, version: str = "") -> Document | None:
        """The document with an id; None where it is gone, or no longer the version with a digest."""
        found = self.documents.get(document_id)
        return found if found and version in ("", found.digest) else None

    def versioned(self, digest: str) -> Sequence[Document]:
        """The documents of whose text the digest begins so."""
        return [document for document in self if document.digest.startswith(digest)]

    def stored(self, document_id: str) -> Document:
        """The document as it is stored now. Raises UnreadableError where it is gone or no longer readable,
        UnreachedError where it cannot be read now."""
        place = self._places.get(document_id)
        if place is None:
            raise UnreadableError(f"{document_id}: no longer there")
        return read_again(self.path, *place, is_awaited=self.later.waits_for(place[0].name))

    def file(self, document_id: str) -> tuple[Path, str]:
        """The file of a document, and the digest of the bytes that it was read of, where it was read apart. Raises
        UnreadableError where there is none."""
        if found := self._places.get(document_id):
            return found[0].path, found[1].source
        raise UnreadableError(f"{document_id}: no longer there")

    def _is_to_read(self, file: File, known: _Read, *, patient: bool) -> bool:
        if self._scans and file.name in self._scans.done:
            return True
        if file.name in self.later.kept:
            return not patient or self.later.is_due(file)
        return not file.stamp or known.file.stamp != file.stamp

    def _now(self, file: File, known: _Read | None, reader: Reader, settled: float) -> _Read | None:
        """What a file holds, as far as that can be told; None where it is left for later."""
        try:
            if file.is_settled(settled):
                now = _Read(file, tuple(load_whole(file, reader)))
                (self.later.passed(file.name) if now.is_reached else self.later.failed(file))
                return known.kept_by(now) if known else now
        except BeingWrittenError:
            pass
        self.is_left = True
        return known

    def _keep_unlisted(self, before: "Catalogue", listing: Listing) -> None:
        """Keeps what was read in folders that cannot be listed now."""
        for name in before._read.keys() - self._read.keys():
            if listing.may_hold(name):
                self._read[name] = before._read[name]

    def _take_up(self, listing: Listing) -> None:
        for error in listing.unlisted.values():
            self._add_problem(error)
        for read in self._read.values():
            self._add(read.file, read.found)

    def _add(self, file: File, found: Sequence[Loaded | UnreadableError]) -> None:
        for one in found:
            if isinstance(one, UnreadableError):
                self._add_problem(one)
            elif first := self._places.get(one.document.id):
                self._add_problem(taken(file, one.document.id, first[0].name))
            else:
                self.documents[one.document.id] = one.document
                self._places[one.document.id] = file, one

    def _add_problem(self, error: UnreadableError) -> None:
        self.problems.append(problem_of(error))


def taken(file: File, document_id: str, first: str) -> UnreadableError:
    """What is said of a document whose id another one, in a file named ``first``, already has."""
    return UnreadableError(f"{file.name}: its id {document_id!r} is already taken by one in {first}; give it another")
