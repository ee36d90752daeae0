"""What lies under the marks of a page's picture, told by its pixels and by the places that PDFium gives for letters."""

from collections import Counter
from io import BytesIO
from unicodedata import normalize

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

_GROUND = 150  # of 255: the blue of paper is more, that of ink and of what is marked less
_FREE = 0.15  # of a letter's box, which may be that of paper where the mark ends


def letters_of(text: str) -> Counter[str]:
    """How often each letter and digit stands in a text."""
    return Counter(letter for letter in normalize("NFKC", text) if letter.isalnum() and letter != "ـ")


def under_marks(picture: bytes, content: bytes, page: int, *, is_turned: bool = False) -> Counter[str]:
    """The letters of page ``page``, from 0, of a PDF whose boxes are marked in its picture; ``is_turned``: it is shown
    turned by a quarter with the clock."""
    image = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
    document = pdfium.PdfDocument(content)
    wide, high = document[page].get_size()
    text = document[page].get_textpage()
    across, down = image.shape[1] / wide, image.shape[0] / high
    found: Counter[str] = Counter()
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at)
        box = (bottom, left, top, right) if is_turned else (left, high - top, right, high - bottom)
        rows = slice(int(box[1] * down), int(box[3] * down) + 1)
        columns = slice(int(box[0] * across), int(box[2] * across) + 1)
        blue = image[rows, columns, 2]
        if right - left > 0.5 and blue.size and (blue > _GROUND).mean() < _FREE:
            found += letters_of(chr(raw.FPDFText_GetUnicode(text.raw, at)))
    return found


def share_alike(one: Counter[str], other: Counter[str]) -> float:
    """How much two counts have in common, of the larger. Alefs, which some programs say that kashidas are, do not
    count."""
    one, other = (Counter({letter: count for letter, count in each.items() if letter != "ا"}) for each in (one, other))
    return (one & other).total() / max(one.total(), other.total(), 1)
