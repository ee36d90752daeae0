"""The catalogue in memory: the documents of a corpus, where each is stored, and which files gave none.

Ids are unique: of two documents with one id, the first in the order of paths is served, the other named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from retrieval.documents.apart.reader import Reader, Told
from retrieval.documents.kept.files import BeingWrittenError, File, Loaded, files, load_whole, read_again
from retrieval.documents.loaders.reading import shown
from retrieval.errors import UnreadableError
from retrieval.model import Document


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a line of one, that gave no document: what and why, with the mend, in one line."""

    reason: str


def problem_of(error: UnreadableError) -> Problem:
    """What is said of a file or a line that cannot be read."""
    return Problem(shown(str(error)))


_Read = tuple[str, list[Loaded | UnreadableError]]
"""A file's stamp when it was read, and what it held."""


class Catalogue:
    """The documents of a corpus, read once; ``stored`` reads one again."""

    def __init__(
        self, path: Path, before: "Catalogue | None" = None, settled: float = 0, told: Told | None = None
    ) -> None:
        """Reads a folder or one file. Raises CorpusError where there is none; a bad file becomes a problem. ``told`` is
        told how far a long one is.

        ``before``: the same corpus as it was read earlier; a file that did not change since is not read again, and one
        that was written in the last ``settled`` seconds, or while it was read, stays as it was: it may not be whole.
        ``is_left`` tells that there is such a file, ``is_new`` that there is any change since ``before``.
        """
        self.path = path
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, tuple[File, Loaded]] = {}
        self._read: dict[str, _Read] = {}
        self.is_left = False
        self.is_new = before is None
        with Reader(told=told) as reader:
            for file in files(path, self._add_problem):
                known = before._read.get(file.name) if before else None
                if not known or not file.stamp or known[0] != file.stamp:
                    now = self._now(file, reader, settled)
                    self.is_new |= now is not None
                    known = now or known
                if known:
                    self._read[file.name] = known
                    self._add(file, known[1])
        self.is_new |= bool(before and before._read.keys() != self._read.keys())
        self.is_dated = any(document.published for document in self)

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents.values())

    def some(self, start: int, count: int) -> Sequence[Document]:
        """Up to ``count`` documents from the one at ``start``."""
        return tuple(islice(self, start, start + count))

    def get(self, document_id: str, version: str = "") -> Document | None:
        """The document with an id; None where it is gone, or no longer the version with a digest."""
        found = self.documents.get(document_id)
        return found if found and version in ("", found.digest) else None

    def stored(self, document_id: str) -> Document:
        """The document as it is stored now. Raises UnreadableError where it is gone or no longer readable."""
        return read_again(*self._places[document_id])

    def _now(self, file: File, reader: Reader, settled: float) -> _Read | None:
        """What a file holds; None where it is left for later."""
        try:
            if file.age >= settled:
                return file.stamp, list(load_whole(file, reader))
        except BeingWrittenError:
            pass
        self.is_left = True
        return None

    def _add(self, file: File, found: list[Loaded | UnreadableError]) -> None:
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
