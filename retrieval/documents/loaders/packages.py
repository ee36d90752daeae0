"""Files that are archives of parts, as those of office programs and e-books: opened within bounds, a part at a time."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from lxml import etree

from retrieval.errors import Cause, UnreadableError

UNPACKED = 100 * 2**20  # bytes of all parts
PARTS = 10_000
_OLE = b"\xd0\xcf\x11\xe0"  # the older formats, and the newer ones behind a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what Office calls a newer one in an older one's form
_LOCKED, _MANIFEST = b"encryption-data", "META-INF/manifest.xml"  # of OpenDocument
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")  # one that a program saved as plain XML, or a page under its name
_TOO_MUCH = (etree.ErrorTypes.ERR_NO_MEMORY, 114)  # lxml's number for what is nested too deep or too long


@contextmanager
def opened(content: bytes, name: str, kind: str) -> Iterator[ZipFile]:
    """The parts of a file; ``kind`` is what it should be: "an Excel workbook". Raises UnreadableError for what is no
    package, one that would fill the memory, and whatever a library stumbles over while it is open."""
    _check(content, name, kind)
    try:
        with ZipFile(BytesIO(content)) as package:
            _check_parts(package, name)
            if _MANIFEST in package.namelist() and _LOCKED in package.read(_MANIFEST):
                raise UnreadableError(f"{name}: locked with a password; save it without one", Cause.LOCKED)
            yield package
    except (BadZipFile, NotImplementedError):
        raise UnreadableError(f"{name}: not {kind}, or not a whole one; save it again", Cause.DAMAGED) from None
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # of any library
        if getattr(error, "code", None) in _TOO_MUCH:
            raise UnreadableError(
                f"{name}: too large, or nested too deep, to be read; split it", Cause.TOO_MUCH
            ) from None
        raise UnreadableError(
            f"{name}: damaged, or not {kind} ({type(error).__name__}); save it again", Cause.DAMAGED
        ) from None


def _check(content: bytes, name: str, kind: str) -> None:
    """Raises UnreadableError for what is no package by its first bytes."""
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise UnreadableError(f"{name}: locked with a password; save it without one", Cause.LOCKED)
    if content.startswith(_OLE):
        raise UnreadableError(f"{name}: of an older format; save it as {PurePosixPath(name).suffix} anew", Cause.OLDER)
    if _MARKUP.match(content):
        mend = f"open it with the program that made it, and save it as {PurePosixPath(name).suffix}"
        raise UnreadableError(f"{name}: plain XML or a web page under the name of {kind}; {mend}", Cause.OLDER)


def _check_parts(package: ZipFile, name: str) -> None:
    """Raises UnreadableError for a package that would fill the memory."""
    parts = package.infolist()
    if len(parts) > PARTS:
        raise UnreadableError(f"{name}: holds more than {PARTS:,} parts; save it again", Cause.TOO_MUCH)
    if sum(each.file_size for each in parts) > UNPACKED:
        raise UnreadableError(f"{name}: holds more than {UNPACKED // 2**20} MB when unpacked; split it", Cause.TOO_MUCH)


def part(package: ZipFile, name: str) -> etree._Element:
    """The tree of a part of a package that is XML. Entities are never resolved, nothing is fetched. Raises KeyError,
    BadZipFile, etree.XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(package.read(name), parser)
