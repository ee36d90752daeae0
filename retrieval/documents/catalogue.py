"""The catalogue: which documents a corpus has, where each is stored, and which files gave none.

Ids are unique: of two documents with one id, the first in the order of paths is served, the other named.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from retrieval.documents import jsonl, text
from retrieval.documents.loaders import APART, PLAIN, ending_of, is_document, not_read
from retrieval.documents.reader import Reader
from retrieval.documents.reading import read_bytes, shown
from retrieval.errors import CorpusError, UnreadableError
from retrieval.model import Document

LARGEST = 50 * 2**20  # bytes of a file that is read apart


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a line of one, that gave no document: what and why, with the mend, in one line."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document is stored: a whole file, or the line that begins at a byte of one, or in a file whose bytes have
    a hash."""

    path: Path
    name: str
    offset: int | None = None
    digest: str | None = None


class Catalogue:
    """The documents of a corpus, read once; ``stored`` reads one again."""

    def __init__(self, path: Path) -> None:
        """Reads a folder or one file. Raises CorpusError where there is none; a bad file becomes a problem."""
        if not path.exists():
            raise CorpusError(f"no corpus at {path}: name a folder or a file that exists (--corpus, IQTIBAS_CORPUS)")
        self.path = path
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []
        self._places: dict[str, _Place] = {}
        with Reader() as reader:
            for file, name in _files(path, self._add_problem):
                self._read(file, name, reader)

    def stored(self, document_id: str) -> Document:
        """The document as it is stored now. Raises UnreadableError where it is gone or no longer readable.

        A file that was read apart is not read so again for each quote: its bytes are, and while they are the same,
        so is what was read in them.
        """
        place = self._places[document_id]
        if place.offset is not None:
            return jsonl.load_line(place.path, place.name, place.offset)
        if place.digest is None:
            return text.load_file(place.path, place.name)
        if _digest(read_bytes(place.path, LARGEST)) != place.digest:
            raise UnreadableError(f"{place.name}: changed since it was read")
        return self.documents[document_id]

    def _read(self, path: Path, name: str, reader: Reader) -> None:
        try:
            for found in _load(path, name, reader):
                if isinstance(found, UnreadableError):
                    self._add_problem(found)
                else:
                    self._add(*found)
        except UnreadableError as error:
            self._add_problem(error)

    def _add(self, document: Document, place: _Place) -> None:
        if first := self._places.get(document.id):
            reason = f"{place.name}: its id {document.id!r} is already taken by one in {first.name}; give it another"
            self._add_problem(UnreadableError(reason))
            return
        self.documents[document.id] = document
        self._places[document.id] = place

    def _add_problem(self, error: UnreadableError) -> None:
        self.problems.append(Problem(shown(str(error))))


def _load(path: Path, name: str, reader: Reader) -> Iterator[tuple[Document, _Place] | UnreadableError]:
    _check(path, name)
    ending = ending_of(name)
    if ending in APART:
        content = read_bytes(path, LARGEST)
        place = _Place(path, name, digest=_digest(content))
        for found in reader.read(content, name):
            yield found if isinstance(found, UnreadableError) else (found, place)
    elif PLAIN.get(ending) == "jsonl":
        for line in jsonl.load_file(path, name):
            yield line if isinstance(line, UnreadableError) else (line.document, _Place(path, name, line.offset))
    elif ending in PLAIN:
        yield text.load_file(path, name), _Place(path, name)
    else:
        raise not_read(name)


def _check(path: Path, name: str) -> None:
    """Raises UnreadableError for what is no file to read, or has no name to be shown by."""
    if path.is_dir():
        raise UnreadableError(f"{name}: a link to a folder, which is not followed; put the folder itself there")
    if path.exists() and not path.is_file():  # reading a named pipe would wait for ever
        raise UnreadableError(f"{name}: not a regular file")
    try:
        name.encode()
    except UnicodeEncodeError:  # a disk may hold names whose bytes are no text
        raise UnreadableError(f"{name}: its name is no text; give it another") from None


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _files(path: Path, report: Callable[[UnreadableError], None]) -> Iterator[tuple[Path, str]]:
    """The files of a corpus in order with their names. Links to folders, which may lead round, count as files; a folder
    that cannot be listed is reported."""
    if path.is_file():
        yield path, path.name
        return

    def unlisted(error: OSError) -> None:
        name = Path(error.filename).relative_to(path).as_posix()
        report(UnreadableError(f"{name}: {error.strerror}"))

    for folder, folders, names in os.walk(path, onerror=unlisted):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        links = [f for f in folders if Path(folder, f).is_symlink()]
        for name in sorted([*filter(is_document, names), *links]):
            file = Path(folder, name)
            yield file, file.relative_to(path).as_posix()
