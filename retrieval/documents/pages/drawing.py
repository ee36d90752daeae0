"""Draws a page of a PDF with words of it marked. Runs in the child process that reads files; ``proof`` asks it."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from retrieval.documents.pages.letters import Sought, letters_of, stretches
from retrieval.documents.pages.png import png
from retrieval.documents.pages.standing import boxes
from retrieval.documents.pdf import pdfium
from retrieval.documents.pdf.pictures import Coloured, Place, coloured, picture
from retrieval.documents.scans import recognition
from retrieval.errors import UnreadableError

RESOLUTION = 150  # pixels to an inch
MOST = 4_000_000  # pixels
LARGEST = 8 * 2**20  # bytes of a picture; Telegram takes 10 MB
MOST_SIDES, MOST_RATIO = 10_000, 20  # Telegram's: pixels of width and height together, and of one to the other
_TINT = bytes(shade * 2 // 5 for shade in range(256))  # of blue, which leaves yellow
_FRAME, _COLOUR = 2, bytes((230, 120, 0))  # pixels, and what they are filled with: it is seen on any ground


def load(content: bytes, name: str, *, page: int, letters: str, before: int) -> Iterator[dict[str, Any]]:
    """The picture of page ``page``, from 0, as PNG in base64, with ``letters`` marked (``letters.Sought``). Raises
    UnreadableError where it cannot be drawn, or they do not stand on it."""
    with closing(pdfium.opened(content, name)) as document:
        sought = Sought(letters, before)
        beside = (number for number in (page, page - 1, page + 1) if 0 <= number < len(document))  # of notes at a foot
        drawn = next((found for number in beside if (found := _drawn(document, number, sought)).places), None)
    if drawn is None:
        raise UnreadableError(f"{name}: page {page + 1}: the words are not found on it")
    sides = drawn.width, drawn.height
    if sum(sides) > MOST_SIDES or max(sides) > min(sides) * MOST_RATIO:
        raise UnreadableError(f"{name}: page {page + 1}: too long or too wide for a picture")
    for place in drawn.places:
        _mark(drawn, place)
    file = png(drawn.pixels, *sides)
    if len(file) > LARGEST:
        raise UnreadableError(f"{name}: page {page + 1}: its picture is larger than {LARGEST // 2**20} MB")
    yield {"picture": b64encode(file).decode(), "places": drawn.places}


def _drawn(document: Any, number: int, sought: Sought) -> Coloured:
    page = pdfium.one_page(document, number, Counter(), {})
    if page.is_picture and recognition.data():
        return _scan(document, number, sought)
    return coloured(document, number, RESOLUTION, MOST, boxes(page, sought))


def _scan(document: Any, number: int, sought: Sought) -> Coloured:
    """A page that is a picture, brought level as it was read, with the lines marked in which the words stand."""
    page, lines = recognition.read(picture(document, number, recognition.RESOLUTION))
    owners = [line for line in lines for _ in letters_of(line.text)]
    text = "".join(letters_of(line.text) for line in lines)
    marked = dict.fromkeys(owners[at] for stretch in stretches(text, sought) for at in stretch)
    share = min(1.0, RESOLUTION / recognition.RESOLUTION, (MOST / (page.width * page.height)) ** 0.5)
    width, height = max(1, int(page.width * share)), max(1, int(page.height * share))
    pixels = bytearray(page.resize((width, height)).convert("RGB").tobytes())
    sides = ([line.left, line.top, line.right, line.foot] for line in marked)
    return Coloured(pixels, width, height, tuple(_scaled(each, share, width, height) for each in sides))


def _scaled(sides: Sequence[int], share: float, width: int, height: int) -> Place:
    left, top, right, foot = (int(side * share) for side in sides)
    return max(0, left), max(0, top), min(width, right + 1), min(height, foot + 1)


def _mark(drawn: Coloured, place: Place) -> None:
    """Tints what lies in a place, and draws a frame around that."""
    left, top, right, foot = place
    for row in range(top, foot):
        start, end = (row * drawn.width + left) * 3, (row * drawn.width + right) * 3
        drawn.pixels[start + 2 : end : 3] = drawn.pixels[start + 2 : end : 3].translate(_TINT)
    left, top = max(0, left - _FRAME), max(0, top - _FRAME)
    right, foot = min(drawn.width, right + _FRAME), min(drawn.height, foot + _FRAME)
    for row in range(top, foot):
        is_edge = row < top + _FRAME or row >= foot - _FRAME
        for first, last in ((left, right),) if is_edge else ((left, left + _FRAME), (right - _FRAME, right)):
            drawn.pixels[(row * drawn.width + first) * 3 : (row * drawn.width + last) * 3] = _COLOUR * (last - first)
