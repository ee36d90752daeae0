"""The glyphs of a PDF's pages, what each stands for and where it stands, by PDFium. Its quirks live here.

PDFium gives letters, not glyphs, orders them itself, turns those of a ligature round in a run from the right, lets a
program's own words for a few glyphs (``ActualText``) hide where these stand, and gives the code of a glyph where its
letter is not known. So its letters are brought back to the glyphs that were drawn, in the order in which they were
drawn; what these make together is told by where they stand.
"""

import codecs
import ctypes
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from math import atan2, hypot, pi
from typing import Any
from unicodedata import category, normalize

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from retrieval.documents.pdf.fonts import unnamed, with_holes
from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph, marked, readings
from retrieval.documents.pdf.pieces import Piece, level, looks_like_a_mark, said_together, says_more_than_a_letter, told
from retrieval.documents.pdf.rows import Rule, Stroke
from retrieval.errors import Cause, UnreadableError

_INVISIBLE = 3  # the mode in which text recognition lays its letters under a picture; their codes are the letters
_SAID = b"ActualText"
_DOT = 0.01  # points; what is smaller is not seen
_FEW_LETTERS = 400  # of a page: one with more is of text, whatever is drawn beside it
_CORNERS = 30  # of a letter that is drawn as a shape, about
_HIGHEST_LINE = 40  # points
_FEWEST_CORNERS = 3000
_MOST_SHAPES, _MOST_SEGMENTS = 5000, 500  # of a page, and of a shape, among which lines are looked for
_UPRIGHT, _SHORTEST_RULE, _SHORTEST_STROKE = 0.5, 6.0, 3.0  # points
_LEVEL = 0.15  # quarters of a circle by which a line may rise; one that rises more lies across the page
_ARABIC_FORMS = range(0xFB50, 0xFF00)  # letters by their shape, as they stand in a word
_NO_TEXT = frozenset({"Cs", "Co", "Cn", "Cc"})
_NEVER_WRITTEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u061d\ufffd")  # but given to nameless glyphs


_Line = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Page:
    """The glyphs of a page in groups, each of one direction of its lines, brought level; the largest group first, and
    in each in the order in which they were drawn. ``turns``: by how many quarters each was turned with the clock to
    bring it level. ``is_picture``: it holds an image and no letters. ``is_recognised``: its letters lie unseen under a
    picture, as text recognition leaves them. ``is_of_shapes``: it has lines of shapes without letters, or letters that
    are not drawn, rather than text. ``rules``: the upright lines on it; ``strokes``: the level ones."""

    groups: tuple[tuple[Glyph, ...], ...]
    turns: tuple[int, ...] = ()
    rules: tuple[Rule, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    is_picture: bool = False
    is_recognised: bool = False
    is_of_shapes: bool = False


def opened(content: bytes, name: str) -> pdfium.PdfDocument:
    """The document of a file's bytes. Raises UnreadableError."""
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableError(f"{name}: locked with a password; save it without one", Cause.LOCKED) from None
        raise UnreadableError(f"{name}: not a whole PDF; save it anew", Cause.DAMAGED) from None


def pages(document: pdfium.PdfDocument, rooms: Mapping[str, float]) -> Iterator[Page]:
    """Its pages, one after another; one that is damaged has no glyphs. ``rooms``: by ``fonts``."""
    turning: Counter[tuple[str, bool]] = Counter()
    for at in range(len(document)):
        yield one_page(document, at, turning, rooms)


def one_page(
    document: pdfium.PdfDocument, number: int, turning: Counter[tuple[str, bool]], rooms: Mapping[str, float]
) -> Page:
    """A page, by its number from 0. ``turning`` counts, by font, in which of two orders the letters of its ligatures
    came where that can be told. ``rooms``: by ``fonts``."""
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return Page(())
    with closing(page):
        return _page(page, turning, rooms)


def _page(page: Any, turning: Counter[tuple[str, bool]], rooms: Mapping[str, float]) -> Page:
    by_address = dict(_pieces(page, rooms))
    pieces = list(by_address.values())
    text = page.get_textpage()
    glyphs = list(said_together(_Glyphs(text, by_address, turning).all(), pieces))
    glyphs = with_holes(glyphs) if rooms else glyphs
    text.close()
    letters = [glyph for glyph in glyphs if glyph.text != " "]
    is_picture = not letters and any(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,)))
    unseen = sum(pieces[glyph.piece].is_unseen for glyph in letters)
    lost = sum(not glyph.text and not glyph.has_ink for glyph in glyphs)
    lines = list(_lines(page.raw))
    turns, groups = tuple(zip(*level(glyphs, pieces), strict=True)) or ((), ())
    return Page(
        groups,
        turns,
        tuple(_rules(lines)),
        tuple(_strokes(lines)),
        is_picture,
        is_recognised=unseen * 2 > len(letters),
        is_of_shapes=lost > len(letters) or (len(letters) < _FEW_LETTERS and _drawn_letters(page) > len(letters)),
    )


def _drawn_letters(page: Any) -> float:
    """About how many letters are drawn as shapes on a page: by their corners, in what is no higher than a line."""
    corners = 0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for item in _drawn(page.raw):
        count = raw.FPDFPath_CountSegments(item)
        if count > _CORNERS and raw.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            corners += count if top.value - bottom.value < _HIGHEST_LINE else 0
    return corners / _CORNERS if corners > _FEWEST_CORNERS else 0


def _rules(lines: Iterable[_Line]) -> Iterator[Rule]:
    """The upright ones of the lines of a page."""
    for (x, y), (end, top) in lines:
        if abs(end - x) < _UPRIGHT and abs(top - y) > _SHORTEST_RULE:
            yield Rule(end, min(y, top), max(y, top))


def _strokes(lines: Iterable[_Line]) -> Iterator[Stroke]:
    """The level ones."""
    for (x, y), (end, top) in lines:
        if abs(top - y) < _UPRIGHT and abs(end - x) > _SHORTEST_STROKE:
            yield Stroke(y, min(x, end), max(x, end))


def _lines(page: Any) -> Iterator[_Line]:
    """The lines of a page, and the sides of its boxes, as they are drawn on it itself."""
    matrix, left, bottom = raw.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    for item in islice(_drawn(page), _MOST_SHAPES):
        count = raw.FPDFPath_CountSegments(item)
        if not 1 < count <= _MOST_SEGMENTS or not raw.FPDFPageObj_GetMatrix(item, matrix):
            continue
        before: tuple[float, float] | None = None
        for at in range(count):
            segment = raw.FPDFPath_GetPathSegment(item, at)
            raw.FPDFPathSegment_GetPoint(segment, left, bottom)
            x = matrix.a * left.value + matrix.c * bottom.value + matrix.e
            y = matrix.b * left.value + matrix.d * bottom.value + matrix.f
            is_line = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO
            if before and is_line:
                yield before, (x, y)
            before = x, y


def _drawn(page: Any) -> Iterator[Any]:
    """The shapes of a page that are lines or are filled."""
    for at in range(raw.FPDFPage_CountObjects(page)):
        item = raw.FPDFPage_GetObject(page, at)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            yield item


def _pieces(page: Any, rooms: Mapping[str, float]) -> Iterator[tuple[int, Piece]]:
    """The pieces of text of a page by the addresses of their objects, in the order in which they are drawn.

    What the program says of them is taken off: PDFium would show it in the place of the glyphs.
    """
    items = list(_text_objects(page.raw))
    sayings: dict[int, int] = {}
    fonts: dict[int, str] = {}
    for number, item in enumerate(items):
        font = raw.FPDFTextObj_GetFont(item)
        address = ctypes.addressof(font.contents) if font else 0
        if address not in fonts:
            fonts[address] = _name(font)
        is_unseen = raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
        piece = Piece(item, number, is_unseen, fonts[address], address, rooms.get(fonts[address], 0.0))
        for mark, said in _sayings(item):
            piece.said = said
            piece.saying = sayings.setdefault(ctypes.addressof(mark.contents), len(sayings))
        yield ctypes.addressof(item.contents), piece
    for item in items:  # only now: objects share their marks, and what one loses all lose
        for mark, _ in list(_sayings(item)):
            raw.FPDFPageObj_RemoveMark(item, mark)


def _sayings(item: Any) -> Iterator[tuple[Any, str]]:
    """The marks of an object by which the program says what it stands for, the innermost first, and what it says."""
    for at in reversed(range(raw.FPDFPageObj_CountMarks(item))):
        mark = raw.FPDFPageObj_GetMark(item, at)
        said = _said(mark)
        if said is not None:
            yield mark, said


def _text_objects(page: Any) -> Iterator[Any]:
    """The text objects of a page and of the forms on it, in the order in which they are drawn."""
    stack = [(raw.FPDFPage_GetObject, page, iter(range(raw.FPDFPage_CountObjects(page))))]
    while stack:
        get, holder, numbers = stack[-1]
        at = next(numbers, None)
        if at is None:
            stack.pop()
            continue
        item = get(holder, at)
        kind = raw.FPDFPageObj_GetType(item) if item else None
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            yield item
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            stack.append((raw.FPDFFormObj_GetObject, item, iter(range(raw.FPDFFormObj_CountObjects(item)))))


def _name(font: Any) -> str:
    buffer = ctypes.create_string_buffer(200)
    raw.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


def _said(mark: Any) -> str | None:
    """The text that a program says stands in what is marked; None where it says none."""
    # by its bytes: as a string PDFium takes UTF-16 for UTF-8
    length = ctypes.c_ulong()
    if raw.FPDFPageObjMark_GetParamValueType(mark, _SAID) != raw.FPDF_OBJECT_STRING:
        return None
    raw.FPDFPageObjMark_GetParamBlobValue(mark, _SAID, None, 0, length)
    buffer = (ctypes.c_ubyte * max(1, length.value))()
    raw.FPDFPageObjMark_GetParamBlobValue(mark, _SAID, buffer, len(buffer), length)
    said = bytes(buffer)[: length.value]
    if said.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return said.decode("utf-16", "replace")
    return said.decode("utf-8" if said.startswith(codecs.BOM_UTF8) else "latin-1", "replace").removeprefix("\ufeff")


class _Glyphs:
    """The glyphs of a page, each with its letters in the order in which they are read. ``turning`` as of a page."""

    def __init__(self, page: Any, pieces: dict[int, Piece], turning: Counter[tuple[str, bool]]) -> None:
        self._page = page
        self._pieces = pieces
        self._turning = turning
        self._box = raw.FS_RECTF()
        self._matrix = raw.FS_MATRIX()
        self._origin = ctypes.c_double(), ctypes.c_double()
        self._ink = [ctypes.c_double() for _ in range(4)]  # left, right, bottom, top: PDFium's order

    def all(self) -> Iterator[Glyph]:
        """Them all, by pieces in the order in which these were drawn."""
        found = self._drawn()
        self._forget_numbers(found)
        self._turn(found)
        by_piece: dict[int, list[Glyph]] = {}
        for glyph in found:
            glyph.text = marked(told(glyph))
            glyph.rides = not glyph.is_mark and says_more_than_a_letter(glyph.text) and looks_like_a_mark(glyph)
            glyph.by_name = glyph.rides
            by_piece.setdefault(glyph.piece, []).append(glyph)
        for piece in self._pieces.values():
            yield from by_piece.get(piece.number) or _blank(piece)

    def _drawn(self) -> list[Glyph]:
        """Glyphs, with their letters as PDFium gives them."""
        found: dict[tuple[object, ...], Glyph] = {}
        for at in range(self._page.count_chars()):
            item = raw.FPDFText_GetTextObject(self._page, at)
            piece = item and self._pieces.get(ctypes.addressof(item.contents))
            if not piece:
                continue  # a space or the end of a line that PDFium made up
            glyph = self._glyph(at, piece)
            if not glyph:
                continue
            place = (glyph.piece, glyph.origin, glyph.foot, glyph.ink)  # that of all letters of one glyph
            if place in found:
                found[place].text += glyph.text
            else:
                found[place] = glyph
        return list(found.values())

    def _glyph(self, at: int, piece: Piece) -> Glyph | None:
        """A letter where its glyph stands; None for a space that has no room, which PDFium made up."""
        x, foot = self._origin
        box = self._box
        left, right, bottom, top = self._ink
        raw.FPDFText_GetCharOrigin(self._page, at, x, foot)
        raw.FPDFText_GetLooseCharBox(self._page, at, box)
        raw.FPDFText_GetCharBox(self._page, at, left, right, bottom, top)
        ink = left.value, bottom.value, right.value, top.value
        text = self._letter(at, piece, has_ink=ink[2] - ink[0] > _DOT and ink[3] - ink[1] > _DOT)
        if text == " " and (box.right - box.left < _DOT or raw.FPDFText_IsGenerated(self._page, at)):
            return None
        if not piece.size:
            self._measure(at, piece)
        size, width = piece.size, piece.width
        return Glyph(
            text,
            x.value,
            foot.value,
            box.left,
            box.right,
            ink,
            size,
            width,
            piece.number,
            piece.is_mirrored,
            piece.is_bold,
            lacking=piece.room * width,
        )

    def _measure(self, at: int, piece: Piece) -> None:
        """Takes the size and the turn of a piece from its matrix: some fonts say 1, and are drawn larger."""
        matrix = self._matrix
        raw.FPDFText_GetMatrix(self._page, at, matrix)
        size = raw.FPDFText_GetFontSize(self._page, at)
        piece.size = size * hypot(matrix.c, matrix.d) or 1.0
        piece.width = size * hypot(matrix.a, matrix.b) or 1.0
        piece.is_mirrored = matrix.a * matrix.d < matrix.b * matrix.c
        sign = -1 if piece.is_mirrored else 1
        quarters = atan2(sign * matrix.b, sign * matrix.a) / (pi / 2)
        piece.turn = round(quarters) % 4 if abs(quarters - round(quarters)) < _LEVEL else None

    def _letter(self, at: int, piece: Piece, *, has_ink: bool) -> str:
        """What PDFium says that a glyph stands for, if that can be; letters by their shape as the letters they are."""
        code = raw.FPDFText_GetUnicode(self._page, at)
        character = chr(code) if 0 < code < 0x110000 else UNKNOWN
        if raw.FPDFText_HasUnicodeMapError(self._page, at) == 1 and not piece.is_unseen:
            return UNKNOWN
        if code in _ARABIC_FORMS:
            return normalize("NFKC", character).strip()
        kind = category(character)
        if character.isspace() and not (kind == "Cc" and has_ink and not piece.is_unseen):
            return " "
        if kind in _NO_TEXT or character in _NEVER_WRITTEN:
            return UNKNOWN
        return "" if kind == "Cf" else character

    def _forget_numbers(self, glyphs: Sequence[Glyph]) -> None:
        """Makes glyphs unknown whose letters are their own numbers."""
        of_font: dict[int, list[Glyph]] = {}
        fonts: dict[int, Any] = {}
        pieces = {piece.number: piece for piece in self._pieces.values() if not piece.is_unseen}
        for glyph in glyphs:
            piece = pieces.get(glyph.piece)
            if piece and len(glyph.text) == 1 and glyph.text not in (" ", UNKNOWN):
                fonts[piece.font_address] = piece.item
                of_font.setdefault(piece.font_address, []).append(glyph)
        for address, found in of_font.items():
            lacking = unnamed(raw.FPDFTextObj_GetFont(fonts[address]), (glyph.text for glyph in found))
            for glyph in found:
                glyph.text = UNKNOWN if glyph.text in lacking else glyph.text

    def _turn(self, glyphs: Sequence[Glyph]) -> None:
        """Brings the letters of each glyph into the order in which they are read: where either may be, that in which
        its font has other ligatures."""
        fonts = {piece.number: piece.font for piece in self._pieces.values()}
        unsure: list[tuple[Glyph, tuple[str, ...]]] = []
        for glyph in glyphs:
            if len(glyph.text) < 2:
                continue
            orders = readings(glyph.text)
            if len(orders) > 1 and orders[0] != orders[1]:
                unsure.append((glyph, orders))
            elif any(category(letter) == "Lo" for letter in glyph.text):
                self._turning[fonts[glyph.piece], orders[0] != glyph.text] += 1
            glyph.text = orders[0]
        for glyph, (turned, given) in unsure:
            font = fonts[glyph.piece]
            glyph.text = given if self._turning[font, False] > self._turning[font, True] else turned


def _blank(piece: Piece) -> Iterator[Glyph]:
    """A space without room for a piece of which PDFium gives no letter: one that draws nothing."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if raw.FPDFPageObj_GetBounds(piece.item, left, bottom, right, top) and right.value - left.value < _DOT:
        x, foot = left.value, bottom.value
        yield Glyph(" ", x, foot, x, x, (x, foot, x, foot), 1.0, 1.0, piece.number)
