"""The catalogue: which documents a corpus has, where each is stored, and which files gave none.

Ids are unique: of two documents with one id, the first in the order of paths is served, the other named.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from retrieval.documents import jsonl, text
from retrieval.errors import CorpusError, UnreadableError
from retrieval.model import Document

ENDINGS = (*text.ENDINGS, *jsonl.ENDINGS)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file, or a line of one, that gave no document: what and why, with the mend, in one line."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document is stored: a whole file, or the line that begins at a byte of one."""

    path: Path
    name: str
    offset: int | None = None


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
        for file, name in _files(path):
            self._read(file, name)

    def stored(self, document_id: str) -> Document:
        """The document as it is stored now. Raises UnreadableError where it is gone or no longer readable."""
        place = self._places[document_id]
        if place.offset is None:
            return next(text.load(place.path, place.name))
        return jsonl.load_line(place.path, place.name, place.offset)

    def _read(self, path: Path, name: str) -> None:
        try:
            for found in _load(path, name):
                if isinstance(found, UnreadableError):
                    self.problems.append(Problem(str(found)))
                else:
                    self._add(*found)
        except UnreadableError as error:
            self.problems.append(Problem(str(error)))

    def _add(self, document: Document, place: _Place) -> None:
        if first := self._places.get(document.id):
            reason = f"{place.name}: its id {document.id!r} is already taken by one in {first.name}; give it another"
            self.problems.append(Problem(reason))
            return
        self.documents[document.id] = document
        self._places[document.id] = place


def _load(path: Path, name: str) -> Iterable[tuple[Document, _Place] | UnreadableError]:
    if path.exists() and not path.is_file():  # reading a named pipe would wait for ever
        raise UnreadableError(f"{name}: not a regular file")
    ending = path.suffix.lower()
    if ending in text.ENDINGS:
        return ((document, _Place(path, name)) for document in text.load(path, name))
    if ending in jsonl.ENDINGS:
        return (
            found if isinstance(found, UnreadableError) else (found.document, _Place(path, name, found.offset))
            for found in jsonl.load(path, name)
        )
    raise UnreadableError(f"{name}: not a kind of file that is read ({', '.join(ENDINGS)})")


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """The files of a corpus in order with their names; hidden ones, READMEs and notes beside texts are none."""
    if path.is_file():
        yield path, path.name
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not (name.startswith(".") or name.upper().startswith("README") or name.endswith(".toml")):
                file = Path(folder, name)
                yield file, file.relative_to(path).as_posix()
