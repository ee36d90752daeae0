"""Loads ``.xlsx`` and ``.xlsm``: the rows of the sheets that are shown, their cells as Excel shows them.

Nothing in it runs: a formula counts by the value that was stored with it, and one that has none is named; macros are
bytes that nobody opens.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from io import BytesIO
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from retrieval.documents.loaders.office.numbering import integer_of
from retrieval.documents.loaders.office.numbers import shown_date, shown_length, shown_number
from retrieval.documents.loaders.office.rows import WIDEST, Sheet, documents, spread
from retrieval.documents.loaders.packages import opened
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_SAYS = re.compile(rb"<(?:\w+:)?(col|row|mergeCell)\s([^<>]*)>")
_FORMULA = re.compile(  # and the value that is stored with it
    rb'<(?:\w+:)?c\s(?![^<>]*\bt="str")[^<>]*\br="([A-Z]{1,3}\d{1,7})"[^<>]*>\s*<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*'
    rb"</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>([^<]{0,2})</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TO_CALCULATE = re.compile(rb'\bfullCalcOnLoad="(?:1|true)"')
_BOOK = "xl/workbook.xml"
_UNKNOWN = ("", "0")  # what a program that does not calculate writes as a value
_FIELD = re.compile(rb'(\w+)="([^"]*)"')
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})")
_MOST_MERGED = 10_000  # cells of a sheet that span rows
_BLOCK, _LONGEST = 2**20, 2**12  # bytes that are read at once, and of what is said of a row


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a workbook. Raises UnreadableError."""
    with opened(content, name, "an Excel workbook") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl does not read: drawings, rules of validation
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        layouts = [_layout(sheet, package) for sheet in shown]
        yield from documents(_sheets(shown, layouts), name)
        if any(layout.uncalculated for layout in layouts):
            why = "formulas that were never calculated are left out; open it in Excel or LibreOffice and save it"
            yield UnreadableError(f"{name}: {why}", Cause.UNNAMED)


def _sheets(shown: Sequence[Any], layouts: Sequence["_Layout"]) -> Iterator[Sheet]:
    for sheet, layout in zip(shown, layouts, strict=True):
        sheet.reset_dimensions()  # what a sheet says of its size is not believed
        yield Sheet(sheet.title if len(shown) > 1 else "", _rows(sheet, layout))


@dataclass(slots=True)
class _Layout:
    """What a sheet says of its cells: those that span rows, by their first row: column, from 0, and how many rows;
    which rows, from 1, and columns are hidden; and the names of cells whose formula no program has calculated."""

    spanning: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: set[str] = field(default_factory=set)

    def note(self, kind: str, said: Mapping[str, str]) -> None:
        """Notes what an element of a sheet says."""
        is_hidden = said.get("hidden") in ("1", "true")
        if kind == "mergeCell" and (place := _REFERENCE.fullmatch(said.get("ref", ""))):
            first, last = int(place[2]), int(place[3])
            if last > first and len(self.spanning) < _MOST_MERGED:
                column = column_index_from_string(place[1]) - 1
                self.spanning.setdefault(first, []).append((column, last - first + 1))
        elif kind == "row" and is_hidden:
            self.hidden_rows.add(integer_of(said.get("r"), 0))
        elif kind == "col" and is_hidden:
            first, last = integer_of(said.get("min"), 1), integer_of(said.get("max"), 0)
            self.hidden_columns.update(range(first - 1, min(last, WIDEST)))


def _rows(sheet: Any, layout: _Layout) -> Iterator[list[str]]:
    """The rows of a sheet that are shown, without hidden columns."""
    rows = enumerate(sheet.iter_rows(max_col=WIDEST), 1)
    spanned = spread(([_shown(cell, layout) for cell in row], layout.spanning.get(number, ())) for number, row in rows)
    for number, cells in enumerate(spanned, 1):
        if number not in layout.hidden_rows:
            yield [cell for at, cell in enumerate(cells) if at not in layout.hidden_columns]


def _layout(sheet: Any, package: ZipFile) -> _Layout:
    """That of a sheet, which openpyxl does not tell when it reads row by row."""
    found = _Layout()
    path = sheet._worksheet_path.lstrip("/")
    with package.open(path) as part:
        for kind, said in _says(part):
            found.note(kind, said)
    unknown = _UNKNOWN if _TO_CALCULATE.search(package.read(_BOOK)) else _UNKNOWN[:1]
    with package.open(path) as part:
        found.uncalculated.update(cell for cell, value in _formulas(part) if value.strip() in unknown)
    return found


def _formulas(part: IO[bytes]) -> Iterator[tuple[str, str]]:
    """The cells of a sheet that hold formulas whose values are numbers of one or two letters, or missing, and these; a
    formula that gives an empty text says so."""
    kept = b""
    while block := part.read(_BLOCK):
        kept += block
        for cell, value in _FORMULA.findall(kept):
            yield cell.decode(), value.decode("utf-8", "replace")
        kept = kept[-_LONGEST:]


def _says(part: IO[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """What the elements of a sheet say that lay it out, in their order."""
    kept = b""
    while block := part.read(_BLOCK):
        kept += block
        end = 0
        for said in _SAYS.finditer(kept):
            end = said.end()
            yield (
                said[1].decode(),
                {name.decode(): value.decode("utf-8", "replace") for name, value in _FIELD.findall(said[2])},
            )
        kept = kept[max(end, len(kept) - _LONGEST) :]


def _shown(cell: Any, layout: _Layout) -> str:
    """What a cell shows; errors show nothing, nor what is yet to be calculated."""
    value = cell.value
    if value is None or cell.data_type == "e" or (layout.uncalculated and cell.coordinate in layout.uncalculated):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "")
    if isinstance(value, timedelta):
        return shown_length(value, cell.number_format or "")
    if isinstance(value, date | time):
        return shown_date(value, cell.number_format or "")
    return str(value).strip()
