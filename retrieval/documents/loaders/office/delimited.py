"""Loads ``.csv`` and ``.tsv``: rows of cells, whatever parts them."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from retrieval.documents.loaders.office.rows import Sheet, documents
from retrieval.documents.loaders.reading import decoded
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_PARTING = (",", ";", "\t", "|", "،", "؛")
_SAMPLED = 50  # rows by which it is told what parts the cells
_LONGEST = 2**20  # characters of a cell
_NAMED = re.compile(r"sep=(.)\r?\n")  # Excel's own first line


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a table. Raises UnreadableError."""
    text = decoded(content, name)
    named = _NAMED.match(text)
    text = text[named.end() :] if named else text
    csv.field_size_limit(_LONGEST)
    try:
        parting = named[1] if named else _parting(text)
        rows = csv.reader(StringIO(text, newline=""), delimiter=parting)
        yield from documents([Sheet("", ([cell.strip() for cell in row] for row in rows))], name)
    except csv.Error as error:
        raise UnreadableError(f"{name}: not a table ({error}); save it again as CSV", Cause.DAMAGED) from None


def _parting(text: str) -> str:
    """What parts the cells: of what stands in the first rows, that by which most rows have as many cells, the more
    the better; where none does, each row is one cell."""
    found = {parting: _widths(text, parting) for parting in _PARTING}

    def fits(parting: str) -> tuple[float, int]:
        widths = [width for width in found[parting] if width]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    return max(_PARTING, key=fits)


def _widths(text: str, parting: str) -> list[int]:
    rows = csv.reader(StringIO(text, newline=""), delimiter=parting)
    try:
        return [len(row) for row, _ in zip(rows, range(_SAMPLED), strict=False)]
    except csv.Error:
        return []
