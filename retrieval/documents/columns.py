"""The rows that name the columns of tables, as the markup of a file says or as its text shows, and the rows below them.
In a text a row is a line of cells that are parted by tabs."""

import re
from collections.abc import Iterator
from dataclasses import replace

from retrieval.documents.fields import asking_columns
from retrieval.model import Document, Part, Span

LOOKED_AT, LONGEST_NAME = 5, 40
"""Rows below the names by which these are told, and characters of a name."""
_TABLE = re.compile(r"(?:^[^\n]*\t[^\n]*(?:\n|\Z)){3,}", re.MULTILINE)
_BLANK = re.compile(r"[^\S\n]*\n[^\S\n]*\n|\s*\Z")
_HAS_DIGIT = re.compile(r"\d").search


def named_columns(document: Document) -> Iterator[Part]:
    """Those that the loader marked, or else those that the text shows."""
    marked = [part for part in document.parts if part.role == "columns"]
    return (replace(part, under=_below(document.text, part.span)) for part in marked or _shown(document.text))


def _shown(text: str) -> Iterator[Part]:
    """The first row of each table whose cells are short and alone have no digits; none of questions and answers."""
    for table in _TABLE.finditer(text):
        first, *below = table[0].splitlines()[: LOOKED_AT + 1]
        names = first.split("\t")
        are_short = all(0 < len(name.strip()) <= LONGEST_NAME for name in names)
        are_names = are_short and not _HAS_DIGIT(first) and not asking_columns(names)
        if are_names and all(row.count("\t") < len(names) and _HAS_DIGIT(row) for row in below):
            yield Part("columns", Span(table.start(), table.start() + len(first)))


def _below(text: str, names: Span) -> Span | None:
    """The lines up to a blank one."""
    end = _BLANK.search(text, names.end)
    span = Span(names.end + 1, end.start() if end else len(text))
    return span if span.start < span.end else None
