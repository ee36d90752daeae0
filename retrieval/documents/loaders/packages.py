"""Files that are archives of parts, as those of office programs and e-books: opened within bounds, a part at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml import etree

from retrieval.errors import UnreadableError

UNPACKED = 100 * 2**20  # bytes of all parts
PARTS = 10_000
_OLE = b"\xd0\xcf\x11\xe0"  # the older formats, and the newer ones behind a password


@contextmanager
def opened(content: bytes, name: str, kind: str) -> Iterator[ZipFile]:
    """The parts of a file; ``kind`` is what it should be: "an Excel workbook". Raises UnreadableError for what is no
    package, one that would fill the memory, and whatever a library stumbles over while it is open."""
    if content.startswith(_OLE):
        raise UnreadableError(f"{name}: of an older format, or behind a password; save it as a newer one without one")
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > PARTS or sum(each.file_size for each in parts) > UNPACKED:
                raise UnreadableError(f"{name}: holds more than {UNPACKED // 2**20} MB when unpacked; split it")
            yield package
    except BadZipFile:
        raise UnreadableError(f"{name}: not {kind}, or not a whole one; save it again") from None
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # of any library
        raise UnreadableError(f"{name}: damaged, or not {kind} ({type(error).__name__}); save it again") from None


def part(package: ZipFile, name: str) -> etree._Element:
    """The tree of a part of a package that is XML. Entities are never resolved, nothing is fetched. Raises KeyError,
    BadZipFile, etree.XMLSyntaxError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(package.read(name), parser)
