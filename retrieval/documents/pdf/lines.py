"""A line of a page as it is read."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

SENTENCE_END = re.compile(r"[.!?؟:…][»”\"')\]]*$")
LABEL = re.compile(r"(?:[-–—•*·▪●○]|[(\[]?(?:\d{1,3}|[ء-يA-Za-z])[.)\]-])\s")  # of an item: «1. », «أ) », «• »


@dataclass(frozen=True, slots=True)
class Cell:
    """A box that lines enclose; its sides in points from the page's lower left."""

    left: float
    floor: float
    right: float
    ceiling: float

    def touches(self, other: "Cell", near: float) -> bool:
        """Whether a side or a corner of both is one, or nearly."""
        across = self.left - near < other.right and other.left < self.right + near
        return across and self.floor - near < other.ceiling and other.floor < self.ceiling + near


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its words in order, where it stands, and its font's size; in points, from the lower left.

    ``notes``: what stood raised in it, as the marks of notes do; ``cell``: the box that is drawn around it, if any."""

    text: str
    left: float
    right: float
    foot: float
    size: float
    is_bold: bool = False
    notes: tuple[str, ...] = ()
    cell: "Cell | None" = None

    def is_beside(self, other: "Line") -> bool:
        """Whether two lines stand on one foot, one beside the other."""
        level = abs(self.foot - other.foot) < 0.4 * max(self.size, other.size)
        return level and (self.right <= other.left or other.right <= self.left)

    def is_within(self, column: Sequence["Line"]) -> bool:
        """Whether it reaches out of a column at neither side."""
        left, right = min(line.left for line in column), max(line.right for line in column)
        return left - self.size < self.left and self.right < right + self.size

    def is_like(self, other: "Line") -> bool:
        """Whether two lines are as long and stand as far in, as two of one column."""
        return abs(self.left - other.left) < self.size and abs(self.right - other.right) < self.size


def usual_size(lines: Iterable[Line]) -> float:
    """The size in which most of the letters are set; 0 where there are none."""
    sizes = [(line.size, len(line.text)) for line in lines]
    half = sum(count for _, count in sizes) / 2
    for size, count in sorted(sizes):
        half -= count
        if half <= 0:
            return size
    return 0.0


def usual_step(lines: Iterable[Line]) -> float:
    """The usual distance from a line to the one below it; 0 where there are not two."""
    feet = sorted({round(line.foot, 1) for line in lines}, reverse=True)
    return median([one - other for one, other in pairwise(feet)] or [0.0])
