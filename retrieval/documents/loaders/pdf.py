"""Loads ``.pdf``: the text of its pages, letters in the order in which they are read, and where each page begins.

A page whose letters cannot be put in order is left out and named, and so is one that is a picture.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from typing import Any

from retrieval.documents.loaders.reading import title_of
from retrieval.documents.pdf import pdfium
from retrieval.documents.pdf.layout import Line, joined
from retrieval.documents.pdf.visual import bracketed, is_garbled, kind, known_words, logical
from retrieval.errors import UnreadableError
from retrieval.model import Document

_MOST_UNKNOWN = 0.1  # of a page's letters
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")
_NO_NAME = re.compile(r"\W*(?:untitled|anonymous|unspecified|unknown)?\W*|microsoft word.*|.*\.\w{2,4}", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?؟…][»”\"')\]]*$")
_LONGEST_HEADING = 150  # characters
_R_SHARE = 0.3  # of a page's letters: what is written from the right is an Arabic page


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a PDF, after the pages of it that cannot be read. Raises UnreadableError where none can."""
    with closing(pdfium.opened(content, name)) as document:
        said = document.get_metadata_dict()
        pages = [_Page(page) for page in pdfium.pages(document)]
    problems = list(_problems(pages, name))
    read = [page.lines if not page.trouble else [] for page in pages]
    text, starts = joined(read, from_right=sum(page.from_right for page in pages) * 2 >= len(pages))
    if not text:
        raise problems[0] if problems else UnreadableError(f"{name}: no text in it")
    yield from problems
    heading = _heading(text)
    yield Document(
        id=name,
        title=title_of(_named(said, "Title") or text.partition("\n")[0]),
        text=text,
        published=_created(said.get("CreationDate", "")),
        path=name,
        heading=heading,
        author=_named(said, "Author"),
        pages=starts,
    )


class _Page:
    """A page's lines in reading order; ``trouble`` says why it has none that may be shown."""

    def __init__(self, page: pdfium.Page) -> None:
        rows = [([g.text for g in row.glyphs], "".join(kind(g.text) for g in row.glyphs)) for row in page.rows]
        kinds = "".join(kinds for _, kinds in rows)
        self.from_right = kinds.count("R") >= (kinds.count("R") + kinds.count("L")) * _R_SHARE
        read = [_read(letters, kinds, self.from_right) for letters, kinds in rows]
        as_drawn = ["".join(letters) for letters, _ in rows]
        known, backwards, _ = known_words("\n".join(read))
        texts = bracketed("\n".join(read if known >= backwards else as_drawn)).splitlines()
        self.lines = [
            Line(text, row.left, row.right, row.foot, row.size) for text, row in zip(texts, page.rows, strict=True)
        ]
        self.trouble = ""
        if page.is_picture:
            self.trouble = "a picture without text, such as a scan; run text recognition (OCR) on it first"
        elif page.unknown > len(kinds) * _MOST_UNKNOWN or is_garbled("\n".join(texts)):
            self.trouble = "its letters cannot be put in order; save it anew, with its fonts embedded"


def _read(letters: list[str], kinds: str, from_right: bool) -> str:
    """A line's text. One of Latin alone begins at its left wherever it stands."""
    return logical(letters, kinds, from_right=from_right and ("R" in kinds or "L" not in kinds))


def _problems(pages: list[_Page], name: str) -> Iterator[UnreadableError]:
    """What is said of the pages that are left out, those of one reason together."""
    for trouble in dict.fromkeys(page.trouble for page in pages if page.trouble):
        numbers = [number for number, page in enumerate(pages, 1) if page.trouble == trouble]
        yield UnreadableError(f"{name}: page {_ranges(numbers)}: {trouble}")


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers in a row as «3-5, 8»."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1][1:] = [number]
        else:
            found.append([number])
    return ", ".join("-".join(map(str, ends)) for ends in found)


def _heading(text: str) -> int:
    """Where the first paragraph ends, if it reads like a heading."""
    first, _, rest = text.partition("\n")
    return len(first) if rest and len(first) <= _LONGEST_HEADING and not _SENTENCE_END.search(first) else 0


def _named(said: dict[str, str], key: str) -> str | None:
    """What a PDF says of itself, unless a program filled it in for nobody."""
    value = said.get(key, "").strip()
    return None if _NO_NAME.fullmatch(value) else value


def _created(value: Any) -> date | None:
    """The day of a time as PDF writes it: «D:20211114093000+02'00'»."""
    found = _CREATED.match(str(value))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
