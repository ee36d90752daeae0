"""What stands around the text of a page: running titles, page numbers, and notes at its foot."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from retrieval.documents.pdf.lines import Line, usual_size, usual_step

_EDGE = 2  # lines at the top and at the bottom of a page that may repeat
_REPEATED = 0.5  # of the pages, and twice at least
_SAME_PLACE = 2.0  # points
_APART = 1.25  # times the usual distance of lines: one that stands so far from the text is not of it
_OTHER_SIZE = 0.06  # of the usual one
_FEWEST_HEADED = 0.25  # of the pages: so many have a title in one place, where its words change
_NOTE_SIZE = 0.94  # of the usual one; the notes at a page's foot are smaller
_NOTE = re.compile(r"[(\[]?(?:\d{1,3}|[*†‡]{1,3})[)\].\-:]?\s")
_MOMENT = re.compile(r"\d{1,4}(?:[/.-]\d{1,4}){2}[,،]? \d{1,2}:\d{2}(?: ?(?:[AP]M|[صم]))?")
_ADDRESS = re.compile(r"(?:https?|file)://\S+")
_DIGITS = re.compile(r"\d+")
_NUMBER, _LONGEST_NUMBER = "#", 6  # a line that is a number alone, and its digits
_SEVERAL, _NEXT_ROW = 3, 4.0  # cells by which a row is seen to be of a table, and sizes up to the next
_SPARSE = 0.6  # of their row: so little of it cells of a table fill, where they are two


def without_running(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines of pages without page numbers and running titles: lines at their edges that, but for numbers, are the
    same on half of them; a page's own number; and what stands apart from the text in a place where other pages have
    a title too, of the chapter or of the book; and what a browser prints around a page."""
    edges = Counter(key for lines in pages for key in {_sized(line) for line in _at_edges(lines)})
    most = max(2, len(pages) * _REPEATED)
    repeated = {key for key, count in edges.items() if count >= most and key[0] != _NUMBER}
    steps = Counter(
        step for number, lines in enumerate(pages) for step in {_step(line, number) for line in _at_edges(lines)}
    )
    usual = _Usual(pages)
    apart = [_apart(lines, usual) for lines in pages]
    headed = _title_places(apart, sum(bool(lines) for lines in pages))
    return [
        _without(
            lines,
            _gone(lines, repeated, number)
            | _numbers(lines, steps, number)
            | _printed(lines)
            | {id(line) for line in titles if headed & _places(line)},
        )
        for number, (lines, titles) in enumerate(zip(pages, apart, strict=True), 1)
    ]


class _Usual:
    """How the text of pages is set: its size, and the distance of its lines."""

    def __init__(self, pages: Sequence[Sequence[Line]]) -> None:
        self.size = usual_size(line for lines in pages for line in lines)
        self.step = median([usual_step(lines) for lines in pages if len(lines) > _EDGE] or [0.0])


def _gone(lines: Sequence[Line], repeated: set[tuple[str, int]], number: int) -> set[int]:
    return {id(line) for line in _at_edges(lines) if _sized(line) in repeated or line.text.strip("-–— ") == str(number)}


def _numbers(lines: Sequence[Line], steps: Counter[int | None], number: int) -> set[int]:
    """The numbers at the edges of a page that are counted on from those of others: they are the pages'."""
    return {
        id(line) for line in _at_edges(lines) if steps[_step(line, number - 1)] > 1 and _step(line, number) is not None
    }


def _printed(lines: Sequence[Line]) -> set[int]:
    """What a browser prints above and below a page: the moment and the title, the address and the number."""
    moments, addresses = ([one for one in lines if kind.fullmatch(one.text)] for kind in (_MOMENT, _ADDRESS))
    if not (moments and addresses):
        return set()
    highest, lowest = moments[0], addresses[-1]
    return {
        id(line)
        for line in lines
        if line.size <= highest.size and min(abs(line.foot - one.foot) for one in (highest, lowest)) < _SAME_PLACE
    }


def _step(line: Line, number: int) -> int | None:
    """By how much a number alone on a line is more than that of its page; None for another line."""
    text = line.text.strip("-–— ")
    return int(text) - number if text.isdecimal() and len(text) < _LONGEST_NUMBER else None


def _without(lines: Sequence[Line], gone: set[int]) -> list[Line]:
    return [line for line in lines if id(line) not in gone]


def _at_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines at the top and at the bottom of a page, wherever they are written down, without the cells of tables:
    these may be alike on many pages."""
    down = sorted(lines, key=lambda line: -line.foot)
    cells = _cells(down)
    return [line for line in down[:_EDGE] + down[max(_EDGE, len(down) - _EDGE) :] if id(line) not in cells]


def _cells(down: Sequence[Line]) -> set[int]:
    """The lines of a page, from its top, that are cells of rows of a table, one above the other."""
    rows: list[list[Line]] = []
    for line in down:
        if rows and abs(rows[-1][0].foot - line.foot) < _SAME_PLACE:
            rows[-1].append(line)
        else:
            rows.append([line])
    return {id(line) for two in pairwise(rows) if _are_of_table(*two) for row in two for line in row}


def _are_of_table(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether two rows that follow each other are of a table: both have several cells, or two that leave most of the
    row empty, as the columns of a text do not."""
    fewest = min(len(above), len(below))
    if fewest < _EDGE or above[0].foot - below[0].foot > _NEXT_ROW * below[0].size:
        return False
    widths = [sum(line.right - line.left for line in row) for row in (above, below)]
    rooms = [max(line.right for line in row) - min(line.left for line in row) for row in (above, below)]
    return fewest >= _SEVERAL or all(width < _SPARSE * room for width, room in zip(widths, rooms, strict=True))


def _title_places(pages: Sequence[Sequence[Line]], filled: int) -> set[tuple[int, int]]:
    """The places of running titles: where lines stand apart on many pages, and most of them on several."""
    texts: dict[tuple[int, int], list[str]] = defaultdict(list)
    for lines in pages:
        for line in lines:
            texts[_place(line)].append(_key(line))
    found = set()
    for place, keys in texts.items():
        again = sum(count for count in Counter(keys).values() if count > 1)
        if len(keys) >= max(3, filled * _FEWEST_HEADED) and again * 2 >= len(keys):
            found.add(place)
    return found


def _apart(lines: Sequence[Line], usual: _Usual) -> list[Line]:
    """The first and the last line of a page, each with what stands beside it, where it stands apart from the text or is
    set in another size."""
    down = sorted(lines, key=lambda line: -line.foot)
    found: list[Line] = []
    for ordered in (down, down[::-1]):
        edge = [line for line in ordered if abs(line.foot - ordered[0].foot) < _SAME_PLACE]
        rest = ordered[len(edge) :]
        is_far = rest and abs(ordered[0].foot - rest[0].foot) > max(usual.step, rest[0].size) * _APART
        found += (line for line in edge if is_far or abs(line.size - usual.size) > usual.size * _OTHER_SIZE)
    return found


def _place(line: Line) -> tuple[int, int]:
    return round(line.foot / _SAME_PLACE), round(line.size)


def _places(line: Line) -> set[tuple[int, int]]:
    """The place of a line and those beside it: none stands to the hair where the other does."""
    foot, size = _place(line)
    return {(foot + up, size) for up in (-1, 0, 1)}


def _key(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _sized(line: Line) -> tuple[str, int]:
    """The words of a line in their size: a chapter's heading is larger than the running title that repeats it."""
    return _key(line), round(line.size)


def notes_apart(lines: Sequence[Line], usual: float) -> tuple[list[Line], list[Line]]:
    """The lines of a page without the notes at its foot, and these: the last lines, smaller than the others, from one
    that begins with the mark of a note."""
    down = sorted(lines, key=lambda line: -line.foot)
    at = len(down)
    while at and down[at - 1].size < usual * _NOTE_SIZE:
        at -= 1
    while at < len(down) and not (_NOTE.match(down[at].text) or down[at].notes):
        at += 1
    notes = {id(line) for line in down[at:]}
    if len(notes) == len(lines):
        return list(lines), []
    return [line for line in lines if id(line) not in notes], [line for line in lines if id(line) in notes]
