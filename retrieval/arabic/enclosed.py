"""Stretches of a text between quotation marks or brackets, paired as a reader pairs them.

«…», (…) and […] are paired by what they are. The marks "…", “…” and ”…“ are written for each other, so whether one
opens or closes is told by the space around it. All but «…» end with their line.
"""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator

from retrieval.model import Span

DEEPEST = 16  # marks open at once; beyond it the outermost is taken for a slip

_MARK = re.compile(r'[«»“”"()\[\]\n]')
_OPENERS = {"«": "»", "(": ")", "[": "]"}
_CLOSERS = frozenset(_OPENERS.values())
_ALIKE = '"'  # what stands for the marks that open and close alike
_ACROSS_LINES = "«"
_LASTING = "«“"  # an opening mark never closed holds the rest of its line: each paragraph of a speech opens anew
_LEADS_IN, _FOLLOWS = "([«:،؛-–—/", ".,،؛:!?؟…)]»"  # what stands right before a quotation, and right after


def enclosed(text: str, within: Span) -> list[Span]:
    """The stretches that are enclosed, marks included, by where they close. They may lie in each other."""
    found: list[Span] = []
    opened: deque[tuple[str, int]] = deque(maxlen=DEEPEST)
    for mark in _MARK.finditer(text, within.start, within.end):
        character, place = mark.group(), mark.start()
        if character == "\n":
            found += _lasting(text, [start for _, start in opened if text[start] not in _ACROSS_LINES], place)
            opened = deque(((awaited, start) for awaited, start in opened if text[start] in _ACROSS_LINES), DEEPEST)
        elif closer := _closer(text, within, place, opened):
            opened.append((closer, place))
        elif (start := _last_opened(opened, character)) is not None:
            found.append(Span(start, place + 1))
    return [*found, *_lasting(text, [start for _, start in opened], within.end)]


class Enclosures:
    """Enclosed stretches, for asking whether a place lies within one."""

    def __init__(self, stretches: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(stretches, key=lambda span: span.start):
            if self._ends and span.start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def parted(self, place: int) -> bool:
        """Whether a cut before character ``place`` would part a stretch."""
        index = bisect_left(self._starts, place) - 1
        return index >= 0 and place < self._ends[index]


def _closer(text: str, within: Span, place: int, opened: deque[tuple[str, int]]) -> str | None:
    """What closes the mark, if it opens."""
    character = text[place]
    if character in _OPENERS or character in _CLOSERS:
        return _OPENERS.get(character)
    before = text[place - 1] if place > within.start else " "
    after = text[place + 1] if place + 1 < within.end else " "
    leads_in, follows = before.isspace() or before in _LEADS_IN, after.isspace() or after in _FOLLOWS
    opens, closes = leads_in and not follows, follows and not leads_in
    is_first = all(closer != _ALIKE for closer, _ in opened)
    return _ALIKE if opens or (is_first and not closes) else None


def _last_opened(opened: deque[tuple[str, int]], character: str) -> int | None:
    """Where the stretch began that the mark closes, and what was opened within it forgotten; None if it closes none."""
    closer = character if character in _CLOSERS else _ALIKE
    if all(awaited != closer for awaited, _ in opened):
        return None
    while True:
        awaited, start = opened.pop()
        if awaited == closer:
            return start


def _lasting(text: str, starts: Iterable[int], end: int) -> Iterator[Span]:
    """What marks that are never closed hold."""
    for start in starts:
        if text[start] in _LASTING:
            line_end = text.find("\n", start, end)
            yield Span(start, end if line_end < 0 else line_end)
