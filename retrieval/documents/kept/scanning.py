"""Reads the scanned pages that wait, one at a time, while what else a corpus holds is asked."""

from collections.abc import Callable
from hashlib import sha256

from retrieval.documents.apart.reader import Limits, Reader
from retrieval.documents.kept.files import LARGEST
from retrieval.documents.loaders.reading import read_bytes
from retrieval.documents.scans.pages import Scans
from retrieval.errors import UnreadableError

LIMITS = Limits(seconds=60, wait=600)
"""What reading one page may take."""


def read_waiting(scans: Scans, take_up: Callable[[], object], is_ended: Callable[[], bool]) -> bool:
    """Reads the pages that wait, and calls ``take_up`` when all of a file are
    read; whether it came to its end, for ``is_ended`` says when to stop early."""
    with Reader(LIMITS) as reader:
        while not is_ended():
            if scans.done:
                take_up()
                scans.settle()
            elif not _read_next(scans, reader):
                return True
    return False


def _read_next(scans: Scans, reader: Reader) -> bool:
    """Reads the next page that waits; false where none does."""
    waiting = scans.next
    if not waiting:
        return False
    try:
        content = read_bytes(scans.corpus if scans.corpus.is_file() else scans.corpus / waiting.name, LARGEST)
    except UnreadableError:
        content = b""
    if sha256(content).hexdigest() != waiting.source:
        scans.drop(waiting)  # it is gone or another one now, and is noted anew when it is read
        return True
    scans.took(waiting, reader.recognised(content, waiting.name, waiting.pages[0]))
    return True
