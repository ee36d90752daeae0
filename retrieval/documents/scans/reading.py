"""Reads one scanned page of a PDF. Runs in the child process that reads files."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from retrieval.documents.pdf import pdfium
from retrieval.documents.pdf.pictures import picture
from retrieval.documents.scans import recognition


def load(content: bytes, name: str, *, number: int) -> Iterator[dict[str, Any]]:
    """The text of page ``number``, from 0, and how sure the machine is of it."""
    with closing(pdfium.opened(content, name)) as document:
        found = recognition.recognised(picture(document, number, recognition.RESOLUTION))
    yield {"text": found.text, "confidence": found.confidence}
