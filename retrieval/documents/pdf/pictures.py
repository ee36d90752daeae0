"""Pictures of a PDF's pages, by PDFium, bounded in size whatever the page says of itself."""

from dataclasses import dataclass

import pypdfium2 as pdfium

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
