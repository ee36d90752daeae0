"""Loads ``.xlsx`` and ``.xlsm``: the rows of the sheets that are shown, their cells as Excel shows them.

Nothing in it runs: a formula counts by the value that was stored with it, and macros are bytes that nobody opens.
"""

import warnings
from collections.abc import Iterator
from datetime import date, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from retrieval.documents.loaders.office.numbers import shown_date, shown_number
from retrieval.documents.loaders.office.rows import WIDEST, Sheet, documents
from retrieval.documents.loaders.packages import opened
from retrieval.errors import UnreadableError
from retrieval.model import Document


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a workbook. Raises UnreadableError."""
    with opened(content, name, "an Excel workbook"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not read: drawings, rules of validation
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        yield from documents(_sheets(book), name)


def _sheets(book: Any) -> Iterator[Sheet]:
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        sheet.reset_dimensions()  # what a sheet says of its size is not believed
        yield Sheet(sheet.title if len(shown) > 1 else "", _rows(sheet))


def _rows(sheet: Any) -> Iterator[list[str]]:
    for row in sheet.iter_rows(max_col=WIDEST):
        yield [_shown(cell) for cell in row]


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
