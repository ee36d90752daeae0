"""Pictures of a PDF's pages, by PDFium, bounded in size whatever the page says of itself."""

import ctypes
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_INCH = 72  # points
MOST = 12_000_000  # pixels; a sheet of A4 at 300 to an inch has 8.7 million


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in shades of grey, a byte a pixel, row by row from the top; ``resolution``: pixels to an inch."""

    pixels: bytes
    width: int
    height: int
    resolution: int


def picture(document: pdfium.PdfDocument, number: int, resolution: int) -> Picture:
    """Page ``number``, from 0, at so many pixels to an inch, or fewer where it would have more than ``MOST``. Raises
    pdfium.PdfiumError."""
    page = document[number]
    width, height = page.get_size()
    fitting = (MOST / max(width * height, 1)) ** 0.5 * _INCH
    resolution = max(1, int(min(resolution, fitting)))
    drawn = page.render(scale=resolution / _INCH, grayscale=True, rev_byteorder=False)
    rows = memoryview(drawn.buffer).cast("B")
    pixels = b"".join(rows[at : at + drawn.width] for at in range(0, drawn.stride * drawn.height, drawn.stride))
    found = Picture(pixels, drawn.width, drawn.height, resolution)
    drawn.close()
    page.close()
    return found


Box = tuple[float, float, float, float]
"""Left, bottom, right, top: in points, from a page's lower left."""
Place = tuple[int, int, int, int]
"""Left, top, right, foot: in pixels, from a picture's upper left; the last two excluded."""


@dataclass(frozen=True, slots=True)
class Coloured:
    """A page in colours, three bytes a pixel (red, green, blue), row by row from the top; and where on it boxes lie."""

    pixels: bytearray
    width: int
    height: int
    places: tuple[Place, ...] = ()


def coloured(document: pdfium.PdfDocument, number: int, resolution: int, most: int, boxes: Sequence[Box]) -> Coloured:
    """Page ``number``, from 0, at so many pixels to an inch, or fewer where it would have more than ``most``; and where
    ``boxes`` of it lie. Raises pdfium.PdfiumError."""
    with closing(document[number]) as page:
        width, height = page.get_size()
        scale = min(resolution / _INCH, (most / max(width * height, 1)) ** 0.5)
        with closing(page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)) as drawn:
            rows, wide = memoryview(drawn.buffer).cast("B"), drawn.width * 3
            starts = range(0, drawn.stride * drawn.height, drawn.stride)
            pixels = bytearray().join(rows[at : at + wide] for at in starts)
            size = drawn.width, drawn.height
        return Coloured(pixels, *size, tuple(_place(page, box, *size) for box in boxes))


def _place(page: pdfium.PdfPage, box: Box, width: int, height: int) -> Place:
    """Where a box of a page lies on its picture: the page may be turned, or cut."""
    left, bottom, right, top = box
    corners = [_pixel(page, x, y, width, height) for x, y in ((left, bottom), (right, top))]
    across, down = (sorted(side) for side in zip(*corners, strict=True))
    return max(0, across[0]), max(0, down[0]), min(width, across[1] + 1), min(height, down[1] + 1)


def _pixel(page: pdfium.PdfPage, x: float, y: float, width: int, height: int) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, across, down)
    return across.value, down.value
