"""From the lines of pages to a text: what stands on page after page left out, the lines of a paragraph joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_PARAGRAPH = "\n\n"
_EDGE = 2  # lines at the top and at the bottom of a page that may repeat
_REPEATED = 0.5  # of the pages, and twice at least
_ROOM = 0.2  # of a column's width: a line that leaves more of it free ends its paragraph
_RAGGED_ROOM = 0.4  # the same of a line that ends no sentence
_WIDER = 1.3  # times the usual distance of lines: a paragraph ends
_SAME_SIZE = 0.12
_INDENT = 0.8  # sizes of the font by which a first line may begin farther in
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = re.compile(r"[.!?؟:…][»”\"')\]]*$")
_LABEL = re.compile(r"(?:[-–—•*·▪●○]|[(\[]?(?:\d{1,3}|[ء-يA-Za-z])[.)\]-])\s")  # of an item: «1. », «أ) », «• »


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its words in order, where it stands, and its font's size; in points, from the lower left."""

    text: str
    left: float
    right: float
    foot: float
    size: float


def joined(pages: Sequence[Sequence[Line]], *, from_right: bool) -> tuple[str, tuple[int, ...]]:
    """The text of pages, its paragraphs parted by blank lines, and the character at which each page begins.

    A paragraph goes on over the end of a page where its last line there is full and ends no sentence.
    """
    text, starts, is_open = "", [], False
    for lines in without_repeated(pages):
        paragraphs, goes_on = _paragraphs(lines, from_right)
        if text and paragraphs:
            text += " " if is_open else _PARAGRAPH
        starts.append(len(text))
        text += _PARAGRAPH.join(paragraphs)
        is_open = goes_on if paragraphs else is_open
    return text, tuple(starts)


def without_repeated(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of pages without running titles and page numbers: lines at their edges that, but for numbers, are the
    same on half of them, and a page's own number."""
    edges = Counter(key for lines in pages for key in {_key(line) for line in _at_edges(lines)})
    most = max(2, len(pages) * _REPEATED)
    repeated = {key for key, count in edges.items() if count >= most}
    return [_without(lines, repeated, number) for number, lines in enumerate(pages, 1)]


def _without(lines: Sequence[Line], repeated: set[str], number: int) -> list[Line]:
    edge = {id(line) for line in _at_edges(lines) if _key(line) in repeated or line.text.strip("-–— ") == str(number)}
    return [line for line in lines if id(line) not in edge]


def _at_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the bottom of a page, wherever they are written down."""
    down = sorted(lines, key=lambda line: -line.foot)
    return down[:_EDGE] + down[max(_EDGE, len(down) - _EDGE) :]


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _paragraphs(lines: Sequence[Line], from_right: bool) -> tuple[list[str], bool]:
    """The paragraphs of a page, and whether the last goes on."""
    found: list[str] = []
    goes_on = False
    for column in _columns(lines):
        reading = _Column(column, from_right)
        for at, line in enumerate(column):
            if goes_on and (at == 0 or reading.is_one(column[at - 1], line)):
                found[-1] += f" {line.text}"
            else:
                found.append(line.text)
            goes_on = reading.is_full(line) and (at < len(column) - 1 or not _SENTENCE_END.search(line.text))
    return found, goes_on


def _columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that follow each other down the page."""
    column: list[Line] = []
    for line in lines:
        if column and line.foot >= column[-1].foot:
            yield column
            column = []
        column.append(line)
    if column:
        yield column


class _Column:
    """How lines of a column stand: whether one is full, and whether two are of one paragraph."""

    def __init__(self, lines: Sequence[Line], from_right: bool) -> None:
        self._from_right = from_right
        self._left = min(line.left for line in lines)
        self._right = max(line.right for line in lines)
        self._is_alone = len(lines) == 1
        self._step = median([one.foot - other.foot for one, other in pairwise(lines)] or [0])

    def is_full(self, line: Line) -> bool:
        """Whether a line leaves no room at its end for another word."""
        room = line.left - self._left if self._from_right else self._right - line.right
        most = _ROOM if _SENTENCE_END.search(line.text) else _RAGGED_ROOM
        return not self._is_alone and room <= (self._right - self._left) * most

    def is_one(self, line: Line, below: Line) -> bool:
        """Whether the line below a full one goes on with its paragraph."""
        far = line.foot - below.foot > self._step * _WIDER
        other = abs(line.size - below.size) > line.size * _SAME_SIZE
        return not (far or other or _LABEL.match(below.text) or self._begins(line, below))

    def _begins(self, line: Line, below: Line) -> bool:
        """Whether a line is set in, as the first of a paragraph, after one that ends a sentence."""
        indent = self._right - below.right if self._from_right else below.left - self._left
        return indent > _INDENT * below.size and bool(_SENTENCE_END.search(line.text))
