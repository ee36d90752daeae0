"""The page on which a quote stands, as a picture in which it is marked: what shows that the words are the file's own.

It is drawn in a child process with limits, one page at a time for all who ask; few may wait.
"""

import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from retrieval.documents.apart.reader import Limits, Reader
from retrieval.documents.kept.files import LARGEST
from retrieval.documents.loaders.formats import ARCHIVES, ending_of
from retrieval.documents.loaders.reading import read_bytes
from retrieval.documents.pages.letters import letters_of
from retrieval.errors import UnreachedError, UnreadableError
from retrieval.model import Document, Span

LIMITS = Limits(seconds=20, wait=60, output=16 * 2**20)
WAITING = 8
"""Pages that may wait to be drawn, beside the one that is."""
_DRAWING = "retrieval.documents.pages.drawing"
_PDF = ".pdf"

_waiting = threading.BoundedSemaphore(WAITING + 1)
_drawing = threading.Lock()


def has_page(document: Document) -> bool:
    """Whether a document's pages can be drawn: it is a PDF, and in no archive."""
    *folders, name = (document.path or "").split("/")
    return bool(document.pages) and ending_of(name) == _PDF and not any(ending_of(one) in ARCHIVES for one in folders)


def page_picture(document: Document, span: Span, path: Path, source: str) -> bytes:
    """The page on which a stretch of a document begins, as PNG, with what of the stretch stands on it marked.

    ``path``: the document's file, whose bytes had the digest ``source`` when it was read. Raises UnreadableError where
    it has others now, or the page cannot be drawn, or is not found to hold the words; UnreachedError where another time
    it may be.
    """
    with _turn():
        content = read_bytes(path, LARGEST)
        if sha256(content).hexdigest() != source:
            raise UnreadableError(f"{document.path}: changed since it was read")
        number, start, end = _page_of(document, span)
        letters, before = letters_of(document.text[span.start : end]), letters_of(document.text[start : span.start])
        with Reader(LIMITS) as reader:
            asked = {"page": number, "letters": letters, "before": len(before)}
            told = reader.ask(_DRAWING, content, document.path or document.id, **asked)
    return b64decode(told["picture"])


def _page_of(document: Document, span: Span) -> tuple[int, int, int]:
    """The number, from 0, of the page on which a stretch begins; where its text begins, and where the stretch ends
    there."""
    number = sum(start <= span.start for start in document.pages) - 1
    following = [start for start in document.pages[number + 1 :] if start > span.start]
    return number, document.pages[number], min([span.end, *following])


@contextmanager
def _turn() -> Iterator[None]:
    """One at a time. Raises UnreachedError where too many wait."""
    if not _waiting.acquire(blocking=False):
        raise UnreachedError("too many pages wait to be drawn")
    try:
        with _drawing:
            yield
    finally:
        _waiting.release()
