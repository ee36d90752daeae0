"""Loads ``.rtf``: the text of a document, and what it says of itself. Objects and pictures in it are not opened;
what is hidden, struck out, or deleted by a tracked change is left out.

striprtf finds the letters; which line ends are paragraphs and which stretches are cells is told it in the source.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from striprtf.striprtf import rtf_to_text

from retrieval.documents.grid import EMPTY
from retrieval.documents.loaders.amid import UNKNOWN
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
_NAMES, _GOES_ON, _OF_TABLE = (
    "\1",
    "\2",
    "\3",
)  # before a row that names columns, in a cell that goes on from above, before any row: no text holds them
_SIDE = re.compile(r"\\(clvmrg)(?![a-z])|\\cellx-?\d")  # that a cell goes on from above, and where it ends
_LIST_SIGN, _SIGN = re.compile("^[\ue000-\uf8ff]+\\s*"), re.compile("[\ue000-\uf8ff]")  # of fonts of pictures
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
    lines = [_SPACES.sub(" ", line).strip(" ") for line in _letters(marked).splitlines()]
    lines = [_SIGN.sub(UNKNOWN, _LIST_SIGN.sub("", line)) for line in _cells_told(lines) if line]
    text, parts, is_in_table = "", list[Part](), False
    for line, following in pairwise([*lines, ""]):
        words = line.lstrip(_NAMES)
        if words != line and not is_in_table:
            parts.append(Part("columns", Span(len(text), len(text) + len(words))))
        is_in_table = "\t" in words and "\t" in following
        text += words + ("\n" if is_in_table else "\n\n")
    return text, tuple(parts)


def _cells_told(lines: Iterable[str]) -> Iterator[str]:
    """Lines without room around their tabs; the cells of rows in their columns, those that go on from above again."""
    above: list[str] = []
    for line in lines:
        if not line.startswith(_OF_TABLE):
            yield _LABEL.sub(r"\1 ", re.sub(r" *\t\s*", "\t", line.strip()))
            continue
        names = _NAMES if _NAMES in line else ""
        cells = [cell.strip(f" {_OF_TABLE}{_NAMES}") for cell in line.split("\t")]
        while cells and not cells[-1]:
            cells.pop()
        goes_on = [cell.startswith(_GOES_ON) and at < len(above) for at, cell in enumerate(cells)]
        above = [
            above[at] if again else cell.strip(_GOES_ON)
            for at, (again, cell) in enumerate(zip(goes_on, cells, strict=True))
        ]
        yield names + "\t".join(cell or EMPTY for cell in above)


def _row(found: re.Match[str]) -> str:
    """A row as a line, its cells parted by tabs."""
    cells = len(_CELL.findall(found[0]))
    is_head = cells > 1 and (_IS_HEAD.search(found[0]) or len(_BOLD.findall(found[0])) >= cells)
    goes_on = _going_on(found[0])
    contents = _CELL.split(_BREAK.sub(" ", found[0].removesuffix("\\row")))
    told = "".join(content + (r"\'02" if at in goes_on else "") + r"\tab " for at, content in enumerate(contents[:-1]))
    return r"\'03" + (r"\'01" if is_head else "") + told + contents[-1] + "\\par "


def _going_on(row: str) -> set[int]:
    """The cells of a row, from 0, that go on from the row above."""
    found, at, is_again = set[int](), 0, False
    for side in _SIDE.finditer(row):
        if side[1]:
            is_again = True
            continue
        if is_again:
            found.add(at)
        at, is_again = at + 1, False
    return found


def _said(source: str, key: str) -> str:
    """What a file says of itself, in Unicode where it says it twice."""
    found = re.findall(_INFO % key, source[:_HEAD], re.S)
    codes = _ARABIC_CODES.search(source, 0, _HEAD)
    return _letters(f"{{\\rtf1\\ansi{codes[0] if codes else ''} {found[-1] if found else ''}}}").strip()


def _letters(source: str) -> str:
    return str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]
