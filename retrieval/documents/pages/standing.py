"""Where words of a document stand on the page of which it was read."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from retrieval.documents.pages.letters import Sought, letters_of, stretches
from retrieval.documents.pdf.pdfium import Page
from retrieval.documents.pdf.pictures import Box
from retrieval.documents.pdf.pieces import turned
from retrieval.documents.pdf.reading import Placed, placed

_BELOW, _ABOVE = 0.3, 0.9  # sizes of a line from its foot: what is marked


def boxes(page: Page, sought: Sought) -> list[Box]:
    """The boxes of what is sought on a page, line by line; none where it does not stand there."""
    rows, _ = placed(page)
    stands = [(number, at) for number, row in enumerate(rows) for at in _letters_at(row)]
    text = "".join(letters_of(row.text) for row in rows)
    found = [at for stretch in stretches(text, sought) for at in stretch]
    by_row = groupby((stands[at] for at in found), key=lambda place: place[0])
    return [box for number, places in by_row for box in _boxes(rows[number], [at for _, at in places])]


def _letters_at(row: Placed) -> Iterator[int]:
    """For each letter or digit of a row, as it is read, the place of what draws it in the order of reading."""
    for at, number in enumerate(row.order):
        yield from (at for _ in letters_of(row.row.letters[number].text))


def _boxes(placed_: Placed, places: Sequence[int]) -> Iterator[Box]:
    """The boxes of a stretch of a row, from its first to its last place in the order of reading: one where it is drawn
    in one piece."""
    row = placed_.row
    drawn = sorted(placed_.order[min(places) : max(places) + 1])
    for _, run in groupby(enumerate(drawn), key=lambda item: item[1] - item[0]):
        numbers = [number for _, number in run]
        low, high = row.foot - _BELOW * row.size, row.foot + _ABOVE * row.size
        corners = (row.letters[numbers[0]].left, low), (row.letters[numbers[-1]].right, high)
        back = -placed_.turn % 4
        (left, right), (bottom, top) = (sorted(side) for side in zip(*(turned(*c, back) for c in corners), strict=True))
        yield left, bottom, right, top
