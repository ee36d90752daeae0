"""Level lines of a page, and the words that they strike out: a reader sees that these no longer count."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.documents.pdf.rows import Letter, Row

_LOWEST, _HIGHEST = 0.12, 0.45  # sizes over the foot of a line: one below is under its words, one above over them


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level line: how high it stands, and from where to where; points from the page's lower left."""

    y: float
    left: float
    right: float


def without_struck(row: Row, strokes: Sequence[Stroke]) -> Row:
    """A row without the letters through whose middle a stroke goes."""
    across = [stroke for stroke in strokes if _LOWEST * row.size < stroke.y - row.foot < _HIGHEST * row.size]
    if not across:
        return row
    left = [letter for letter in row.letters if letter.text == " " or not _is_struck(letter, across)]
    while left and left[0].text == " ":
        del left[0]
    while left and left[-1].text == " ":
        del left[-1]
    return replace(row, letters=tuple(left)) if len(left) < len(row.letters) else row


def _is_struck(letter: Letter, strokes: Sequence[Stroke]) -> bool:
    middle = (letter.left + letter.right) / 2
    return any(stroke.left < middle < stroke.right for stroke in strokes)
