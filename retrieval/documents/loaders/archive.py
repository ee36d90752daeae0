"""Loads ``.zip``: the documents of the files in it, their ids ``ARCHIVE.zip/NAME``.

What an archive says of its sizes is not believed: its files are unpacked up to a bound, and nothing is written.
"""

import stat
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from retrieval.documents.loaders.formats import (
    ARCHIVES,
    Found,
    ending_of,
    is_document,
    loader,
    module_of,
    not_read,
)
from retrieval.documents.loaders.reading import narrow, reads_like_arabic
from retrieval.errors import Cause, UnreadableError

MEMBERS = 2000  # files of an archive
MEMBER = 20 * 2**20  # bytes of one of them, unpacked
TOTAL = 100 * 2**20  # bytes of all of them
_ENCRYPTED = 0x1
_CODE_PAGES = ("cp1256", "cp720")  # what Windows and its command line write Arabic names in
_FEWEST = 2  # letters beyond ASCII by which that is told
_ASCII = 0x7F
_UTF8 = 0x800  # flags of the format
_UNIX_MODE = 16  # bits below the mode of a file


def load(content: bytes, name: str) -> Iterator[Found]:
    """The documents of the files in an archive, and which of these cannot be read. Raises UnreadableError where none
    can."""
    try:
        archive = ZipFile(BytesIO(content))
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableError(f"{name}: not a whole zip archive ({error}); make it anew", Cause.DAMAGED) from None
    with archive:
        every = archive.infolist()
        members = [(member, of) for member, of in zip(every, _names(every), strict=True) if not _is_passed_over(of)]
        if len(members) > MEMBERS:
            raise UnreadableError(f"{name}: holds {len(members)} files, more than {MEMBERS}; split it", Cause.TOO_MUCH)
        if not members:
            raise UnreadableError(f"{name}: no files in it", Cause.EMPTY)
        left = TOTAL
        for member, of in members:
            inner = f"{name}/{of}"
            try:
                _check(member, of, inner)
                unpacked = _unpacked(archive, member, inner, left)
                left -= len(unpacked)
                yield from documents_of(unpacked, inner)
            except _Full:
                raise UnreadableError(
                    f"{name}: unpacks to more than {TOTAL // 2**20} MB; split it", Cause.TOO_MUCH
                ) from None
            except UnreadableError as error:
                yield error


class _Full(Exception):  # noqa: N818
    """What may be unpacked of an archive is used up."""


def documents_of(content: bytes, inner: str) -> Iterator[Found]:
    """The documents of a file in another, ``inner`` its name. Raises UnreadableError."""
    module = module_of(inner, content)
    if not module:
        raise not_read(inner)
    try:
        yield from loader(module).load(content, inner)
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # of any library: this file is named, and the next one read
        raise UnreadableError(
            f"{inner}: damaged, or not what its name says ({type(error).__name__})", Cause.DAMAGED
        ) from None


def _unpacked(archive: ZipFile, member: ZipInfo, inner: str, left: int) -> bytes:
    """The bytes of a file. Raises UnreadableError, and _Full where it has more than ``left``."""
    most = min(MEMBER, left)
    try:
        with archive.open(member) as file:
            content = file.read(most + 1)
    except (MemoryError, UnreadableError):
        raise
    except Exception as error:  # zlib's, lzma's, bz2's and zipfile's own, which name no common one
        raise UnreadableError(f"{inner}: cannot be unpacked ({error}); make the archive anew", Cause.DAMAGED) from None
    if len(content) <= most:
        return content
    if most < MEMBER:
        raise _Full
    raise UnreadableError(f"{inner}: unpacks to more than {MEMBER // 2**20} MB; split it", Cause.TOO_MUCH)


def _check(member: ZipInfo, name: str, inner: str) -> None:
    """Raises UnreadableError for a file that is passed over unread."""
    if name.startswith("/") or "\\" in name or ":" in name.partition("/")[0] or ".." in PurePosixPath(name).parts:
        raise UnreadableError(f"{inner}: its name leads out of the archive; make the archive anew", Cause.DAMAGED)
    if stat.S_ISLNK(member.external_attr >> _UNIX_MODE):
        raise UnreadableError(f"{inner}: a link; put the file itself into the archive", Cause.DAMAGED)
    if member.flag_bits & _ENCRYPTED:
        raise UnreadableError(f"{inner}: locked with a password; make the archive without one", Cause.LOCKED)
    if ending_of(inner) in ARCHIVES:
        raise UnreadableError(f"{inner}: an archive inside an archive; unpack it first", Cause.OTHER_KIND)


def _is_passed_over(name: str) -> bool:
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts[:-1])
    return name.endswith("/") or not parts or hidden or not is_document(parts[-1])


def _names(members: Sequence[ZipInfo]) -> list[str]:
    """The names of files. Programs write UTF-8 and do not say so, or the code page of their Windows."""
    written = [None if member.flag_bits & _UTF8 else _written(member.filename) for member in members]
    silent = b"\n".join(name for name in written if name is not None)
    lines = iter((_decoded(silent) or "").split("\n"))
    return [
        member.filename if name is None else next(lines, "") or member.filename
        for member, name in zip(members, written, strict=True)
    ]


def _decoded(names: bytes) -> str | None:
    """Names by the encoding that reads like Arabic; where none does, UTF-8; None where they are in neither."""
    try:
        text = names.decode("utf-8")
    except UnicodeError:
        text = None
    if text and reads_like_arabic(text):
        return text
    found = narrow(names, _CODE_PAGES) if sum(byte > _ASCII for byte in names) >= _FEWEST else None
    return found or text


def _written(name: str) -> bytes | None:
    """The bytes of a name that zipfile took for the format's own code page; None where it did not."""
    try:
        return name.encode("cp437").replace(b"\n", b" ")
    except UnicodeError:
        return None
