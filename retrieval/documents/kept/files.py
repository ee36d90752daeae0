"""The files of a corpus: which there are, what they hold, and whether one is still as it was read."""

import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath

from retrieval.documents.apart.reader import Reader
from retrieval.documents.kept.own import is_own
from retrieval.documents.loaders import jsonl, text
from retrieval.documents.loaders.formats import (
    ENDINGS,
    IN_PLACE,
    NOTED,
    ending_of,
    is_document,
    module_of,
    not_read,
    telling,
)
from retrieval.documents.loaders.reading import opened, read_bytes
from retrieval.documents.structure import structured
from retrieval.errors import CorpusError, UnreachedError, UnreadableError
from retrieval.model import Document

LARGEST = 50 * 2**20  # bytes of a file that is read apart
FRESH = 2.0
"""Seconds after a change in which another one may leave the same stamp: clocks of file systems tick that coarsely."""
_NOT_READ = "a kind that is not read"  # the stamp of such a file, whatever is written into it
_NUMBERS_BEFORE = 3  # of a stamp, as indexes hold it that were made before the time of change was part of it


@dataclass(frozen=True, slots=True)
class File:
    """A file of a corpus. ``name`` is its path inside the corpus, as a text; ``stamp`` changes when its content does,
    and is empty where it cannot be told."""

    path: Path
    name: str
    stamp: str

    def is_settled(self, seconds: float) -> bool:
        """Whether it was left alone for so many seconds. A date further in the future than that says nothing of when it
        was written, and one that cannot be told is for the reading to say."""
        if not seconds or self.stamp in ("", _NOT_READ):
            return True
        try:
            return abs(time.time() - self.path.stat().st_mtime) >= seconds
        except OSError:
            return True


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document of a file; ``offset``: the byte of the file at which its line begins, where it is a line; ``source``:
    the digest of the file's bytes, where the text was made of them by machine."""

    document: Document
    offset: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a corpus in order, and why some folders cannot be listed now, by their names in it. ``mounts`` are
    the names of folders in which another disk stands, or stood and is away."""

    files: Sequence[File]
    unlisted: dict[str, UnreachedError]
    mounts: frozenset[str] = frozenset()

    def may_hold(self, name: str) -> bool:
        """Whether a file of this name, which is not listed, may be there all the same."""
        dark = {*self.unlisted, *(file.name for file in self.files if not file.stamp)}
        return bool(dark) and any(str(folder) in dark for folder in PurePosixPath(name).parents)


def files(corpus: Path, mounted: Collection[str] = ()) -> Listing:
    """The files of a folder, or the one file. Links to folders, which may lead round, count as files. ``mounted``: the
    folders in which other disks stood before; what such a disk held is not gone with it. Raises CorpusError where there
    is nothing."""
    try:
        corpus.stat()
    except OSError as error:
        why = f"no corpus at {corpus} ({error.strerror})"
        raise CorpusError(f"{why}: name a folder or a file that exists (--corpus, IQTIBAS_CORPUS)") from None
    if corpus.is_file():
        return Listing([_file(corpus, _named(corpus.name))], {})
    unlisted: dict[str, UnreachedError] = {}

    def report(error: OSError) -> None:
        name = _named(Path(error.filename).relative_to(corpus).as_posix())
        unlisted[name] = UnreachedError(f"{corpus if name == '.' else name}: {error.strerror}")

    found = list(_walked(corpus, report))
    holding = _holding(found)
    mounts = {name for name in holding if os.path.ismount(corpus / name)}
    away = set(mounted) - holding
    unlisted |= {name: UnreachedError(f"{name}: what was mounted there is away") for name in away - unlisted.keys()}
    return Listing(found, unlisted, frozenset(mounts | away))


def _holding(found: Sequence[File]) -> set[str]:
    """The names of the folders that hold some files, at whatever depth."""
    nearest = {file.name.rpartition("/")[0] for file in found} - {""}
    return nearest | {str(folder) for name in nearest for folder in PurePosixPath(name).parents} - {"."}


def _walked(corpus: Path, report: Callable[[OSError], None]) -> Iterator[File]:
    for folder, folders, names in os.walk(corpus, onerror=report):
        if is_own(names):
            folders.clear()
            continue
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        links = [f for f in folders if Path(folder, f).is_symlink()]
        for name in sorted([*filter(is_document, names), *links]):
            path = Path(folder, name)
            yield _file(path, _named(path.relative_to(corpus).as_posix()))


def _named(path: str) -> str:
    """A path as a text: a disk may hold names whose bytes are none, which no index can store."""
    return path.encode("utf-8", "backslashreplace").decode()


def load(file: File, reader: Reader) -> Iterator[Loaded | UnreadableError]:
    """The documents of a file, and what of it cannot be read. Raises UnreadableError where nothing can be."""
    _check(file)
    if ending_of(file.name) not in ENDINGS:
        raise not_read(file.name)
    module = _module(file)
    if module == "jsonl":
        for line in jsonl.load_file(file.path, file.name):
            yield line if isinstance(line, UnreadableError) else Loaded(structured(line.document), line.offset)
    elif module in IN_PLACE:
        yield Loaded(structured(text.load_file(file.path, file.name)))
    else:
        notes = text.beside(file.path, file.name) if module in NOTED else {}
        content = read_bytes(file.path, LARGEST)
        source = sha256(content).hexdigest()
        for found in reader.read(content, file.name):
            if isinstance(found, UnreadableError):
                yield found
            else:
                yield Loaded(structured(replace(found, **notes)), source=source)


def load_whole(file: File, reader: Reader) -> Iterator[Loaded | UnreadableError]:
    """What ``load`` gives; what is wrong with the file as a whole comes last. Raises BeingWrittenError at the end where
    it was written meanwhile."""
    try:
        yield from load(file, reader)
    except UnreadableError as error:
        yield error
    except OSError as error:
        yield UnreachedError(f"{file.name}: {error.strerror}")
    if _file(file.path, file.name).stamp != file.stamp:
        raise BeingWrittenError(file.name)


class BeingWrittenError(Exception):
    """A file changed while it was read: what was read of it may be half of one and half of the other."""


def read_again(corpus: Path, file: File, loaded: Loaded, *, is_awaited: bool = False) -> Document:
    """A document as its file in ``corpus`` holds it now. Raises UnreachedError where the file, its folder or the corpus
    as a whole cannot be reached now, UnreadableError where it is gone or changed. ``is_awaited``: its folder is known
    to be away.

    A file that is read apart is not converted again for each quote: its bytes are held to those that were.
    """
    try:
        if loaded.offset is not None:
            return jsonl.load_line(file.path, file.name, loaded.offset)
        if not loaded.source and _module(file) in IN_PLACE:
            return text.load_file(file.path, file.name)
        if not _is_as_converted(file, loaded.source):
            raise UnreadableError(f"{file.name}: changed since it was read")
    except UnreachedError:
        if not is_awaited and _is_gone(file.path) and _is_there(file.path.parent, corpus):
            raise UnreadableError(f"{file.name}: no longer there") from None
        raise
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
    """Its size, its time, itself, and the time of its last change, which no program can set back."""
    found = path.stat()
    return f"{found.st_size}-{found.st_mtime_ns}-{found.st_ino}-{found.st_ctime_ns}"


def _module(file: File) -> str | None:
    """The module that reads a file. Raises UnreachedError."""
    try:
        with opened(file.path) as content:
            return module_of(file.name, content.read(min(telling(file.name), LARGEST)))
    except OSError as error:
        raise UnreachedError(f"{file.name}: {error.strerror}") from None


def _file(path: Path, name: str) -> File:
    try:
        return File(path, name, stamp_of(path) if ending_of(name) in ENDINGS or path.is_dir() else _NOT_READ)
    except OSError:
        return File(path, name, "")


def _is_as_converted(file: File, source: str) -> bool:
    """Whether a file holds the bytes with the digest ``source``. Raises UnreachedError."""
    try:
        found = file.path.stat()
        now = _stamp(file.path)
        if not source:  # an index from before digests were kept
            return now.split("-")[:_NUMBERS_BEFORE] == file.stamp.split("-")[:_NUMBERS_BEFORE]
        is_fresh = abs(time.time() - found.st_ctime) < FRESH
        return found.st_size <= LARGEST and (_digest if is_fresh else _kept_digest)(file.path, now) == source
    except OSError as error:
        raise UnreachedError(f"{file.name}: {error.strerror}") from None


def _digest(path: Path, _stamp: str) -> str:
    with opened(path) as content:
        return file_digest(content, "sha256").hexdigest()


_kept_digest = lru_cache(1024)(_digest)


def _is_gone(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_there(folder: Path, corpus: Path) -> bool:
    """Whether there is anything in a folder of a corpus, or where it is gone in the one around it: what is mounted
    there may be away, and an empty folder left."""
    try:
        with os.scandir(folder) as entries:
            return any(entries)
    except NotADirectoryError:
        return True
    except FileNotFoundError:
        return corpus in folder.parents and _is_there(folder.parent, corpus)
    except OSError:
        return False


def _check(file: File) -> None:
    """Raises UnreadableError for what is no file to read, or has no name to be shown by."""
    if file.path.is_dir():
        raise UnreadableError(f"{file.name}: a link to a folder, which is not followed; put the folder itself there")
    if file.path.exists() and not file.path.is_file():  # reading a named pipe would wait for ever
        raise UnreadableError(f"{file.name}: not a regular file")
    if not file.path.as_posix().endswith(file.name):
        raise UnreadableError(f"{file.name}: its name is no text; give it another")
