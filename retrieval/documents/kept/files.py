"""The files of a corpus: which there are, what they hold, and whether one is still as it was read."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from retrieval.documents.apart.reader import Reader
from retrieval.documents.loaders import jsonl, text
from retrieval.documents.loaders.formats import IN_PLACE, NOTED, is_document, module_of, not_read, telling
from retrieval.documents.loaders.reading import read_bytes
from retrieval.documents.structure import structured
from retrieval.errors import CorpusError, UnreadableError
from retrieval.model import Document

LARGEST = 50 * 2**20  # bytes of a file that is read apart


@dataclass(frozen=True, slots=True)
class File:
    """A file of a corpus. ``name`` is its path inside the corpus; ``stamp`` changes when its content does."""

    path: Path
    name: str
    stamp: str

    @property
    def age(self) -> float:
        """Seconds since it was last written; 0 where that cannot be told."""
        try:
            return max(time.time() - self.path.stat().st_mtime, 0)
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document of a file; ``offset``: the byte of the file at which its line begins, where it is a line."""

    document: Document
    offset: int | None = None


def files(corpus: Path, report: Callable[[UnreadableError], None]) -> Iterator[File]:
    """The files of a folder in order, or the one file. Links to folders, which may lead round, count as files; a folder
    that cannot be listed is reported. Raises CorpusError where there is nothing."""
    if not corpus.exists():
        raise CorpusError(f"no corpus at {corpus}: name a folder or a file that exists (--corpus, IQTIBAS_CORPUS)")
    if corpus.is_file():
        yield _file(corpus, corpus.name)
        return

    def unlisted(error: OSError) -> None:
        name = Path(error.filename).relative_to(corpus).as_posix()
        report(UnreadableError(f"{name}: {error.strerror}"))

    for folder, folders, names in os.walk(corpus, onerror=unlisted):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        links = [f for f in folders if Path(folder, f).is_symlink()]
        for name in sorted([*filter(is_document, names), *links]):
            path = Path(folder, name)
            yield _file(path, path.relative_to(corpus).as_posix())


def load(file: File, reader: Reader) -> Iterator[Loaded | UnreadableError]:
    """The documents of a file, and what of it cannot be read. Raises UnreadableError where nothing can be."""
    _check(file)
    module = _module(file)
    if module is None:
        raise not_read(file.name)
    if module == "jsonl":
        for line in jsonl.load_file(file.path, file.name):
            yield line if isinstance(line, UnreadableError) else Loaded(structured(line.document), line.offset)
    elif module in IN_PLACE:
        yield Loaded(structured(text.load_file(file.path, file.name)))
    else:
        notes = text.beside(file.path, file.name) if module in NOTED else {}
        for found in reader.read(read_bytes(file.path, LARGEST), file.name):
            yield found if isinstance(found, UnreadableError) else Loaded(structured(replace(found, **notes)))


def load_whole(file: File, reader: Reader) -> Iterator[Loaded | UnreadableError]:
    """What ``load`` gives; what is wrong with the file as a whole comes last. Raises BeingWrittenError at the end where
    it was written meanwhile."""
    try:
        yield from load(file, reader)
    except UnreadableError as error:
        yield error
    if stamp_of(file.path) != file.stamp:
        raise BeingWrittenError(file.name)


class BeingWrittenError(Exception):
    """A file changed while it was read: what was read of it may be half of one and half of the other."""


def read_again(file: File, loaded: Loaded) -> Document:
    """A document as its file holds it now. Raises UnreadableError where it is gone or changed.

    A file that is read apart is not converted again for each quote: while its stamp is the same, so is what it holds.
    """
    if loaded.offset is not None:
        return jsonl.load_line(file.path, file.name, loaded.offset)
    if _module(file) in IN_PLACE:
        return text.load_file(file.path, file.name)
    if stamp_of(file.path) != file.stamp:
        raise UnreadableError(f"{file.name}: changed since it was read")
    return loaded.document


def stamp_of(path: Path) -> str:
    """What changes when a file, or the notes beside it, are written or replaced; empty where it cannot be told."""
    try:
        stamps = [_stamp(path)]
        if (notes := text.notes_of(path)).exists():
            stamps.append(_stamp(notes))
    except OSError:
        return ""
    return " ".join(stamps)


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}"


def _module(file: File) -> str | None:
    """The module that reads a file. Raises UnreadableError."""
    try:
        with file.path.open("rb") as opened:
            return module_of(file.name, opened.read(min(telling(file.name), LARGEST)))
    except OSError as error:
        raise UnreadableError(f"{file.name}: {error.strerror}") from None


def _file(path: Path, name: str) -> File:
    return File(path, name, stamp_of(path))


def _check(file: File) -> None:
    """Raises UnreadableError for what is no file to read, or has no name to be shown by."""
    if file.path.is_dir():
        raise UnreadableError(f"{file.name}: a link to a folder, which is not followed; put the folder itself there")
    if file.path.exists() and not file.path.is_file():  # reading a named pipe would wait for ever
        raise UnreadableError(f"{file.name}: not a regular file")
    try:
        file.name.encode()
    except UnicodeEncodeError:  # a disk may hold names whose bytes are no text
        raise UnreadableError(f"{file.name}: its name is no text; give it another") from None
