"""The letters of a PDF's pages and where they stand, by PDFium. Its quirks live here.

PDFium orders letters itself, and errs at brackets, at numbers beside punctuation and at Latin words; where the
letters stand is what it knows best. So only its letters, their boxes and the lines in which it finds them are used.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any
from unicodedata import category, normalize

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.documents.visual import kind, unglued
from retrieval.errors import UnreadableError

_SAME_BOX = 0.01  # points
_GAP = 0.118  # of a font's size: a wider one is a space; Amiri has .127 for one after «ر», .105 within a word
_BOX = 1.3  # sizes of a font, the usual height of the boxes of its letters
_SMALLEST = 2  # points; a font that says so is drawn larger
_WIDEST_GAP = 2.6  # sizes between two parts of a line
_SAME_LINE = 0.4  # of its size: letters whose feet are no farther apart stand in one line
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
        x, foot = self._numbers[:2]
        raw.FPDFText_GetCharOrigin(self._page, at, x, foot)
        is_mark = category(text[0]) == "Mn"
        left, right = self._tight(at) if is_mark else (box.left, box.right)
        if text == " " and (right - left < 0.01 or raw.FPDFText_IsGenerated(self._page, at)):
            return None
        return _Letter(text, left, right, foot.value, self._size(at), is_mark)

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
    """Whether two lines are parts of one: on one foot, and beside each other. Marks alone belong to what is before."""
    if any(all(letter.is_mark for letter in line) for line in (one, other)):
        return True
    size = max(_size(one), _size(other))
    if abs(_foot(one) - _foot(other)) > _SAME_LINE * size:
        return False
    gaps = (min(a.left for a in first) - max(b.right for b in second) for first, second in ((one, other), (other, one)))
    return -size < max(gaps) < _WIDEST_GAP * size


def _size(letters: list[_Letter]) -> float:
    return median(letter.size for letter in letters)


def _foot(letters: list[_Letter]) -> float:
    """Where the letters of a line stand; marks stand where they like."""
    return median([letter.foot for letter in letters if not letter.is_mark] or [letters[0].foot])


def _row(letters: list[_Letter]) -> Iterator[Row]:
    bases = [letter for letter in letters if not letter.is_mark]
    if not any(letter.text != " " for letter in bases):
        return
    for mark in (letter for letter in letters if letter.is_mark):
        base = min(bases, key=lambda letter: (letter.text == " ", abs(letter.middle - mark.middle)))
        base.text += mark.text
    yield Row(tuple(_spaced(_glyphs(bases), _size(bases) * _GAP)), _foot(bases), _size(bases))


def _glyphs(bases: list[_Letter]) -> list[Glyph]:
    """The letters of a line from left to right; those of one ligature, which stand in one box, as one."""
    found: list[Glyph] = []
    for letter in bases:
        last = found[-1] if found else None
        if last and letter.text != " " and abs(last.left - letter.left) + abs(last.right - letter.right) < _SAME_BOX:
            found[-1] = Glyph(unglued(last.text + letter.text), last.left, last.right)
        else:
            found.append(Glyph(letter.text, letter.left, letter.right))
    return [glyph for word in sorted(_words(found), key=_middle) for glyph in word]


def _words(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Words of Arabic, each from left to right, and every other glyph by itself.

    Within a word PDFium's order holds, not the boxes: calligraphic fonts hang one letter over the next.
    """
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and not _joined(word[-1], glyph):
            yield _from_left(word)
            word = []
        word.append(glyph)
    yield _from_left(word)


def _joined(one: Glyph, other: Glyph) -> bool:
    apart = max(one.left - other.right, other.left - one.right)
    return kind(one.text) == kind(other.text) == "R" and apart < one.right - one.left


def _from_left(word: list[Glyph]) -> list[Glyph]:
    return word[::-1] if word[0].left + word[0].right > word[-1].left + word[-1].right else word


def _middle(word: list[Glyph]) -> float:
    return min(glyph.left for glyph in word) + max(glyph.right for glyph in word)


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
