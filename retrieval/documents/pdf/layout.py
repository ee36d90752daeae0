"""From the lines of pages to a text: what stands on page after page left out, the lines of a paragraph joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from retrieval.documents.pdf.lines import LABEL, SENTENCE_END, Line, usual_size
from retrieval.documents.pdf.running import notes_apart, without_running
from retrieval.documents.pdf.tables import blocks
from retrieval.segmentation import LAW

_PARAGRAPH = "\n\n"
_ROOM = 0.2  # of a column's width: a line that leaves more of it free ends its paragraph
_RAGGED_ROOM = 0.4  # the same of a line that ends no sentence
_WIDER = 1.3  # times the usual distance of lines: a paragraph ends
_SAME_SIZE = 0.12
_LARGER = 1.12  # times the usual size: a heading, whose lines go on however short they are
_HEADING_STEP = 2.0  # sizes between the lines of one
_INDENT = 0.8  # sizes of the font by which a first line may begin farther in


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A text, its first and last lines, and whether it may go on with what follows it."""

    text: str
    first: Line
    last: Line
    goes_on: bool


def joined(pages: Sequence[Sequence[Line]], *, from_right: bool) -> tuple[str, tuple[int, ...]]:
    """The text of pages, its paragraphs parted by blank lines, and the character at which each page begins.

    A paragraph goes on over the end of a page where its last line there is full and ends no sentence; the notes at the
    foot of that page then stand before it.
    """
    usual = usual_size(line for lines in pages for line in lines)
    parts: list[str] = []
    length = 0
    starts: list[int] = []
    waiting: list[str] = []
    last: _Paragraph | None = None
    for lines in without_running(pages):
        body, notes = notes_apart(lines, usual)
        paragraphs = list(_paragraphs(body, usual, from_right=from_right))
        waiting += (note.text for note in _paragraphs(notes, usual, from_right=from_right))
        texts = [paragraph.text for paragraph in paragraphs]
        joins = bool(last and paragraphs and last.goes_on and _is_one_size(last.last, paragraphs[0].first))
        if paragraphs:
            last = paragraphs[-1]
            at = len(texts) - last.goes_on
            if at or not joins:  # else one paragraph fills the page, and the notes wait for its end
                texts[at:at] = waiting
                waiting = []
            parting = (" " if joins else _PARAGRAPH) if parts else ""
            parts += (parting, _PARAGRAPH.join(texts))
            length += len(parting)
        starts.append(length)
        length += len(parts[-1]) if paragraphs else 0
    return "".join(parts) + "".join(_PARAGRAPH * bool(parts) + note for note in waiting), tuple(starts)


def _is_one_size(line: Line, other: Line) -> bool:
    return abs(line.size - other.size) <= line.size * _SAME_SIZE


def _paragraphs(lines: Sequence[Line], usual: float, *, from_right: bool) -> Iterator[_Paragraph]:
    """The paragraphs of a page; those of a table are one, which goes on nowhere."""
    for block in blocks(lines, from_right=from_right):
        if isinstance(block, str):
            yield _Paragraph(block, lines[0], lines[-1], goes_on=False)
        else:
            yield from _of_text(block, usual, from_right)


def _of_text(lines: Sequence[Line], usual: float, from_right: bool) -> Iterator[_Paragraph]:
    open_: list[Line] = []
    goes_on = False
    for column in _columns(lines):
        reading = _Column(column, usual, from_right)
        for at, line in enumerate(column):
            if open_ and not (goes_on and (at == 0 or reading.is_one(column[at - 1], line))):
                yield _closed(open_, goes_on=False)
                open_ = []
            open_.append(line)
            is_last = at == len(column) - 1
            goes_on = reading.is_full(line) and not (is_last and SENTENCE_END.search(line.text))
            goes_on = goes_on or (not is_last and reading.is_one_heading(line, column[at + 1]))
    if open_:
        yield _closed(open_, goes_on=goes_on)


def _closed(lines: Sequence[Line], *, goes_on: bool) -> _Paragraph:
    return _Paragraph(" ".join(line.text for line in lines), lines[0], lines[-1], goes_on)


def _columns(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that follow each other down the page, those with others beside them apart from those that stand alone."""
    column: list[Line] = []
    was_beside = False
    for line in lines:
        is_beside = any(line.is_beside(other) for other in lines) or (was_beside and line.is_within(column))
        if column and (line.foot >= column[-1].foot or (is_beside != was_beside and not column[-1].is_like(line))):
            yield column
            column = []
        column.append(line)
        was_beside = is_beside
    if column:
        yield column


class _Column:
    """How lines of a column stand: whether one is full, and whether two are of one paragraph."""

    def __init__(self, lines: Sequence[Line], usual: float, from_right: bool) -> None:
        self._from_right = from_right
        self._usual = usual
        self._left = min(line.left for line in lines)
        self._right = max(line.right for line in lines)
        self._is_alone = len(lines) == 1
        self._step = median([one.foot - other.foot for one, other in pairwise(lines)] or [0])

    def is_full(self, line: Line) -> bool:
        """Whether a line leaves no room at its end for another word."""
        room = line.left - self._left if self._from_right else self._right - line.right
        most = _ROOM if SENTENCE_END.search(line.text) else _RAGGED_ROOM
        return not self._is_alone and room <= (self._right - self._left) * most

    def is_one(self, line: Line, below: Line) -> bool:
        """Whether the line below one that goes on is of its paragraph."""
        if self.is_one_heading(line, below):
            return True
        far = line.foot - below.foot > self._step * _WIDER
        is_label = LABEL.match(below.text) or LAW.match(below.text)
        return not (far or not _is_one_size(line, below) or is_label or self._begins(line, below))

    def is_one_heading(self, line: Line, below: Line) -> bool:
        """Whether two lines are of one heading: larger than the text, or bold and amid the column, and near."""
        is_larger = min(line.size, below.size) > self._usual * _LARGER
        is_heading = is_larger or (line.is_bold and below.is_bold and self._is_amid(line) and self._is_amid(below))
        near = line.foot - below.foot < _HEADING_STEP * line.size
        ends = SENTENCE_END.search(line.text) or LABEL.match(below.text)
        return is_heading and near and _is_one_size(line, below) and not ends

    def _is_amid(self, line: Line) -> bool:
        """Whether a line stands in the middle of its column, away from both of its sides."""
        before, after = line.left - self._left, self._right - line.right
        return abs(before - after) < line.size and before > line.size

    def _begins(self, line: Line, below: Line) -> bool:
        """Whether a line is set in, as the first of a paragraph, after one that ends a sentence."""
        indent = self._right - below.right if self._from_right else below.left - self._left
        return indent > _INDENT * below.size and bool(SENTENCE_END.search(line.text))
