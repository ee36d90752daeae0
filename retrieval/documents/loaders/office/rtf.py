"""Loads ``.rtf``: the text of a document, and what it says of itself. Objects and pictures in it are not opened;
what is hidden, struck out, or deleted by a tracked change is left out.

striprtf finds the letters; which line ends are paragraphs and which stretches are cells is told it in the source.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from striprtf.striprtf import rtf_to_text

from retrieval.documents.loaders.office.rtf_groups import seen
from retrieval.documents.loaders.reading import bounded, heading_of, title_of
from retrieval.documents.said import author, title
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document, Part, Span

_BEGINS = b"{\\rtf"
_HEAD = 100_000  # characters in which a file says what it is
_INFO = r"\{\\%s[ \r\n]((?:[^{}\\]|\\.)*)\}"
_ROW = re.compile(r"\\trowd(?![a-z]).*?\\row(?![a-z])", re.S)
_BREAK, _CELL = re.compile(r"\\(?:par|line|sect)(?![a-z])"), re.compile(r"\\(?:nest)?cell(?![a-z])")
_LINK = re.compile(
    r"\{\\\*\\fldinst\b(?:[^{}\\]|\\.|\{(?:[^{}\\]|\\.)*\})*\}", re.S
)  # striprtf would write its address
_ARABIC_CODES = re.compile(r"\\ansicpg1256(?!\d)")
_ARABIC_FONT = re.compile(r"\\fcharset178(?!\d)")
_ANY_FONT = re.compile(r"\\fcharset0(?!\d)")
_LATIN = re.compile(r"[\u00c0-\u00ff]")  # what Arabic letters become where their code page is not known
_LETTERS = re.compile(r"[^\W\d_]")
_NAMES = "\1"  # before a row that names columns; no text holds it
_IS_HEAD, _BOLD = re.compile(r"\\trhdr(?![a-z])"), re.compile(r"\\b(?![a-z\d])")
_LABEL = re.compile(r"^(\w{1,4}[.)-]|[•▪●○–-])\t(?=[^\t]+$)")  # before an item
_SPACES = re.compile(" {2,}")
_MOST_LATIN = 0.4  # of the letters


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of a file; ``name`` is its id. Raises UnreadableError."""
    if not content.lstrip().startswith(_BEGINS):
        raise UnreadableError(f"{name}: not RTF; save it again", Cause.DAMAGED)
    source = content.decode("latin-1")
    text, parts = _text(source)
    text = bounded(text, name)
    if len(_LATIN.findall(text)) > _MOST_LATIN * len(_LETTERS.findall(text)):
        raise UnreadableError(
            f"{name}: its letters are in a code page that it does not name; save it again", Cause.LETTERS
        )
    named = title_of(title(_said(source, "title")) or text.partition("\n")[0])
    yield Document(
        id=name,
        title=named,
        text=text,
        path=name,
        heading=heading_of(text, named),
        author=author(_said(source, "author")),
        parts=parts,
    )


def _text(source: str) -> tuple[str, tuple[Part, ...]]:
    """Paragraphs parted by blank lines, rows of a table by line ends, their cells by tabs; and the rows that the file
    says to name columns."""
    if _ARABIC_CODES.search(source, 0, _HEAD) and not _ARABIC_FONT.search(source, 0, _HEAD):
        source = _ANY_FONT.sub(r"\\fcharset178", source)  # as programs write it that know one code page alone
    marked = _ROW.sub(_row, seen(_LINK.sub("", source)))
    lines = [_SPACES.sub(" ", line).strip() for line in _letters(marked).splitlines()]
    lines = [_LABEL.sub(r"\1 ", re.sub(r" *\t\s*", "\t", line)) for line in lines if line]
    text, parts, is_in_table = "", list[Part](), False
    for line, following in pairwise([*lines, ""]):
        words = line.lstrip(_NAMES)
        if words != line and not is_in_table:
            parts.append(Part("columns", Span(len(text), len(text) + len(words))))
        is_in_table = "\t" in words and "\t" in following
        text += words + ("\n" if is_in_table else "\n\n")
    return text, tuple(parts)


def _row(found: re.Match[str]) -> str:
    cells = len(_CELL.findall(found[0]))
    is_head = cells > 1 and (_IS_HEAD.search(found[0]) or len(_BOLD.findall(found[0])) >= cells)
    mark = r"\'01" if is_head else ""
    return mark + _CELL.sub(r"\\tab ", _BREAK.sub(" ", found[0].removesuffix("\\row"))) + "\\par "


def _said(source: str, key: str) -> str:
    """What a file says of itself, in Unicode where it says it twice."""
    found = re.findall(_INFO % key, source[:_HEAD], re.S)
    codes = _ARABIC_CODES.search(source, 0, _HEAD)
    return _letters(f"{{\\rtf1\\ansi{codes[0] if codes else ''} {found[-1] if found else ''}}}").strip()


def _letters(source: str) -> str:
    return str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]
