"""Loads ``.xlsx`` and ``.xlsm``: the rows of the sheets that are shown, their cells as Excel shows them.

Nothing in it runs: a formula counts by the value that was stored with it, and macros are bytes that nobody opens.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import date, time
from io import BytesIO
from itertools import islice
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from retrieval.documents.loaders.office.numbers import shown_date, shown_number
from retrieval.documents.loaders.office.rows import WIDEST, Sheet, documents, spread
from retrieval.documents.loaders.packages import opened
from retrieval.errors import UnreadableError
from retrieval.model import Document

_MERGED = re.compile(rb'<mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_MOST_MERGED = 10_000  # cells of a sheet that span rows
_CELLS_END, _BLOCK, _LONGEST_END = b"</sheetData>", 2**20, 2**21  # bytes that are read at once, and behind the cells


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a workbook. Raises UnreadableError."""
    with opened(content, name, "an Excel workbook") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not read: drawings, rules of validation
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        yield from documents(_sheets(book, package), name)


def _sheets(book: Any, package: ZipFile) -> Iterator[Sheet]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        sheet.reset_dimensions()  # what a sheet says of its size is not believed
        yield Sheet(sheet.title if len(shown) > 1 else "", _rows(sheet, _spanning(sheet, package)))


def _rows(sheet: Any, spanning: dict[int, list[tuple[int, int]]]) -> Iterator[list[str]]:
    rows = enumerate(sheet.iter_rows(max_col=WIDEST), 1)
    return spread(([_shown(cell) for cell in row], spanning.get(number, ())) for number, row in rows)


def _spanning(sheet: Any, package: ZipFile) -> dict[int, list[tuple[int, int]]]:
    """Of the cells that span rows, by their first row: column, from 0, and how many rows. What a sheet says of them
    stands behind its cells, where openpyxl does not look when it reads row by row."""
    found: dict[int, list[tuple[int, int]]] = {}
    with package.open(sheet._worksheet_path.lstrip("/")) as part:
        for said in islice(_MERGED.finditer(_end_of(part)), _MOST_MERGED):
            column, first, last = said[1].decode(), int(said[2]), int(said[3])
            if last > first:
                found.setdefault(first, []).append((column_index_from_string(column) - 1, last - first + 1))
    return found


def _end_of(part: IO[bytes]) -> bytes:
    """What stands behind the cells of a sheet."""
    kept = b""
    while block := part.read(_BLOCK):
        kept += block
        at = kept.find(_CELLS_END)
        if at >= 0:
            return kept[at:] + part.read(_LONGEST_END)
        kept = kept[-len(_CELLS_END) :]
    return b""


def _shown(cell: Any) -> str:
    """What a cell shows; errors show nothing."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "")
    if isinstance(value, date | time):
        return shown_date(value, cell.number_format or "")
    return str(value).strip()
