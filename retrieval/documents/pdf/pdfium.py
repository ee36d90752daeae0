"""The letters of a PDF's pages and where they stand, by PDFium. Its quirks live here.

PDFium orders letters itself, and errs at brackets, at numbers beside punctuation and at Latin words; where the
letters stand is what it knows best. So only its letters, their boxes and the lines in which it finds them are used.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Any
from unicodedata import category, normalize

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.documents.pdf.visual import unglued
from retrieval.errors import UnreadableError

_TWICE = 0.3  # of its width by which a letter is moved that is drawn twice: to look bold, or to carry a mark
_ONE = 0.05  # points; letters whose origins are no farther apart are parts of one
_GAP = 0.118  # of a font's size: a wider one is a space; Amiri has .127 for one after «ر», .105 within a word
_BOX = 1.3  # sizes of a font, the usual height of the boxes of its letters
_SMALLEST = 2  # points; a font that says so is drawn larger
_WIDEST_GAP = 2.6  # sizes between two parts of a line
_OVERHANG = 0.4  # sizes by which letters of one line reach over each other
_SAME_LINE = 0.5  # of its size: letters whose feet are no farther apart stand in one line
_ARABIC_FORMS = range(0xFB50, 0xFF00)  # letters by their shape, as they stand in a word
_UNWRITTEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_PLAIN = (range(0x20, 0x7F), range(0x0600, 0x0700), range(0x2010, 0x2040))  # never the name of an unknown glyph


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter, or a ligature's, with the marks on it. Points, from the page's lower left."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """Glyphs that stand in a line, from left to right, spaces among them; its foot and its font's size in points."""

    glyphs: tuple[Glyph, ...]
    foot: float
    size: float

    @property
    def left(self) -> float:
        """Where it begins at the left."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where it ends at the right."""
        return self.glyphs[-1].right


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page in the order in which they were written down, and of its glyphs, how many have no known
    letter. ``is_picture``: it holds an image and no letters."""

    rows: tuple[Row, ...]
    unknown: int
    is_picture: bool


def opened(content: bytes, name: str) -> pdfium.PdfDocument:
    """The document of a file's bytes. Raises UnreadableError."""
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError(f"{name}: locked with a password; save it without one") from None
        raise UnreadableError(f"{name}: not a whole PDF; save it anew") from None


def pages(document: pdfium.PdfDocument) -> Iterator[Page]:
    """Its pages, one after another; one that is damaged has no rows."""
    for at in range(len(document)):
        try:
            page = document[at]
        except pdfium.PdfiumError:
            yield Page((), 0, is_picture=False)
            continue
        yield _page(page)
        page.close()


def _page(page: Any) -> Page:
    letters = _Letters(page.get_textpage())
    rows = tuple(_rows(letters))
    is_picture = not rows and any(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)))
    return Page(rows, letters.unknown, is_picture)


@dataclass(slots=True)
class _Letter:
    text: str
    origin: float  # where the pen was put down: letters stand in its order, however far one hangs over the next
    left: float
    right: float
    foot: float
    size: float
    is_mark: bool

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class _Letters:
    """The letters of a page by the lines in which PDFium finds them; ``unknown`` counts the glyphs without."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._box = raw.FS_RECTF()
        self._origin = ctypes.c_double(), ctypes.c_double()
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self.unknown = 0

    def lines(self) -> Iterator[list[_Letter]]:
        """The letters of each line, without spaces that PDFium made up."""
        line: list[_Letter] = []
        for at in range(self._page.count_chars()):
            code = raw.FPDFText_GetUnicode(self._page, at)
            if code in (0x0A, 0x0D):
                if line:
                    yield line
                line = []
            elif letter := self._letter(at, code):
                line.append(letter)
        if line:
            yield line

    def _letter(self, at: int, code: int) -> _Letter | None:
        text = self._text(at, code)
        if not text:
            return None
        box = self._box
        raw.FPDFText_GetLooseCharBox(self._page, at, box)
        x, foot = self._origin
        raw.FPDFText_GetCharOrigin(self._page, at, x, foot)
        is_mark = category(text[0]) == "Mn"
        left, right = self._tight(at) if is_mark else (box.left, box.right)
        if text == " " and (right - left < 0.01 or raw.FPDFText_IsGenerated(self._page, at)):
            return None
        return _Letter(text, x.value, left, right, foot.value, self._size(at), is_mark)

    def _size(self, at: int) -> float:
        size = float(raw.FPDFText_GetFontSize(self._page, at))
        return size if size > _SMALLEST else (self._box.top - self._box.bottom) / _BOX

    def _text(self, at: int, code: int) -> str:
        """What a glyph stands for, if it is known; letters by their shape as the letters that they are."""
        if not 0 < code < 0x110000:
            return ""
        character = chr(code)
        if code in _ARABIC_FORMS:
            return normalize("NFKC", character).strip()
        if character.isspace():
            return " "
        if category(character) in _UNWRITTEN or self._is_unknown(at, code):
            self.unknown += category(character) not in {"Cc", "Cf"}
            return ""
        return character

    def _is_unknown(self, at: int, code: int) -> bool:
        is_plain = any(code in known for known in _PLAIN)
        return not is_plain and raw.FPDFText_HasUnicodeMapError(self._page, at) == 1

    def _tight(self, at: int) -> tuple[float, float]:
        left, right, bottom, top = self._numbers
        raw.FPDFText_GetCharBox(self._page, at, left, right, bottom, top)
        return left.value, right.value


def _rows(letters: _Letters) -> Iterator[Row]:
    """The lines of a page; PDFium parts one where its font changes."""
    waiting: list[_Letter] = []
    for line in letters.lines():
        if waiting and not _stand_together(waiting, line):
            yield from _row(waiting)
            waiting = []
        waiting = waiting + line
    yield from _row(waiting)


def _stand_together(one: list[_Letter], other: list[_Letter]) -> bool:
    """Whether two lines are parts of one: on one foot, and beside each other or one in a hole of the other, where its
    font changes in the middle. Marks alone belong to what is before."""
    if any(all(letter.is_mark for letter in line) for line in (one, other)):
        return True
    size = max(_size(one), _size(other))
    if abs(_foot(one) - _foot(other)) > _SAME_LINE * size:
        return False
    pairs = [(a, b) for a in one for b in other]
    is_over = any(min(a.right, b.right) - max(a.left, b.left) > size * _OVERHANG for a, b in pairs)
    return not is_over and min(max(a.left - b.right, b.left - a.right) for a, b in pairs) < _WIDEST_GAP * size


def _size(letters: list[_Letter]) -> float:
    return median(letter.size for letter in letters)


def _foot(letters: list[_Letter]) -> float:
    """Where the letters of a line stand; marks stand where they like."""
    return median([letter.foot for letter in letters if not letter.is_mark] or [letters[0].foot])


def _row(letters: list[_Letter]) -> Iterator[Row]:
    bases = [letter for letter in letters if not letter.is_mark]
    if not any(letter.text != " " for letter in bases):
        return
    crowd = Counter(map(_place, letters))
    for base in bases:  # the box of some begins behind their origin, and what lies between is no space
        base.left = min(base.left, base.origin) if crowd[_place(base)] == 1 else base.left
    for mark in (letter for letter in letters if letter.is_mark):
        base = min(bases, key=lambda letter: (letter.text == " ", abs(letter.middle - mark.middle)))
        base.text += mark.text
    yield Row(tuple(_spaced(_glyphs(bases), _size(bases) * _GAP)), _foot(bases), _size(bases))


def _glyphs(bases: list[_Letter]) -> list[Glyph]:
    """The letters of a line from left to right; those of one ligature, which have one origin, as one."""
    by_origin = groupby(sorted(bases, key=_place), _place)
    found: list[Glyph] = []
    for glyph in (_glyph(list(letters)) for _, letters in by_origin):
        if found and _is_drawn_twice(found[-1], glyph):
            found[-1] = Glyph(max(found[-1].text, glyph.text, key=len), found[-1].left, found[-1].right)
        else:
            found.append(glyph)
    return found


def _glyph(letters: list[_Letter]) -> Glyph:
    text = unglued("".join(letter.text for letter in letters))
    return Glyph(text, min(letter.left for letter in letters), max(letter.right for letter in letters))


def _place(letter: _Letter) -> int:
    """Where a letter stands in its line; of those at one place, all are parts of one."""
    return round(letter.origin / _ONE)


def _is_drawn_twice(one: Glyph, other: Glyph) -> bool:
    apart = max(abs(one.left - other.left), abs(one.right - other.right))
    return one.text[0] == other.text[0] != " " and apart < _TWICE * (one.right - one.left)


def _spaced(glyphs: list[Glyph], gap: float) -> Iterator[Glyph]:
    """The glyphs of a line with one space wherever there is one, or room for one, and none around it."""
    last: Glyph | None = None
    is_apart = False
    for glyph in glyphs:
        if glyph.text == " ":
            is_apart = True
            continue
        if last and (is_apart or glyph.left - last.right > gap):
            yield Glyph(" ", last.right, glyph.left)
        yield glyph
        last, is_apart = glyph, False
