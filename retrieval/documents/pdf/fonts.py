"""Which letters a font of a PDF has a glyph for, by what it says itself, and what is left of those that it lacks.

PDFium gives the number of a glyph in the place of its letter where the font names none, and tells so only of what is
read from the left. In what is read from the right, a glyph of the number U+0628 would be a «ب».

fpdf2 draws nothing for a letter that its font lacks, but counts the room of one. So a hole stays in the line where it
places letter by letter; else the line stands away from its margin by as much. Nothing else on the page says so.
"""

import ctypes
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from statistics import median_low
from typing import Any
from unicodedata import category, normalize

import pypdfium2.raw as raw

from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph

_NOBODYS = "\ufffe"  # a letter for which no font has a glyph
_FEWEST, _MOST = 3, 0.5  # so many letters, and of all, are known where a font answers at all
_SIZE = 100.0

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_FORMS = range(0xFB50, 0xFF00)

_FONT = b"/CIDFontType2"
_NAMED = re.compile(rb"/BaseFont\s*/(MPDF[A-Z]{2}\+[^\s/<>\[\]()]+)")  # as fpdf2 names the part of a font that it takes
_ROOM = re.compile(rb"/DW\s+(\d{1,4})(?!\d)")
_NEAR = 0.04  # points
_OFF = 0.12  # points by which a place is off that is the sum of rounded rooms
_MOST_IN_WORD, _MOST_IN_LINE = 3, 30  # letters that are lacking
_FEWEST_AT_MARGIN = 3  # lines


def unnamed(font: Any, letters: Iterable[str]) -> frozenset[str]:
    """Of letters that PDFium found in a font, those that are the numbers of glyphs without a name."""
    nothing = _glyph(font, _NOBODYS)
    asked = frozenset(letter for letter in letters if category(letter) != "Mn")  # the room of a mark is that of none
    lacking = {letter for letter in asked if all(_glyph(font, each) == nothing for each in _names(letter))}
    known = len(asked) - len(lacking)
    return frozenset(lacking) if known >= max(_FEWEST, _MOST * len(asked)) else frozenset()


def _glyph(font: Any, letter: str) -> tuple[float, int]:
    """How wide the glyph of a letter is and how many corners it has, that of none where there is none."""
    width = ctypes.c_float()
    raw.FPDFFont_GetGlyphWidth(font, ord(letter), _SIZE, width)
    path = raw.FPDFFont_GetGlyphPath(font, ord(letter), _SIZE)
    return width.value, raw.FPDFGlyphPath_CountGlyphSegments(path) if path else -1


def _names(letter: str) -> list[str]:
    """The letters that a font may name for one that PDFium gives: itself, its forms, its mirror image."""
    return [letter, letter.translate(_MIRRORED), *_forms().get(letter, ())]


@cache
def _forms() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form in map(chr, _FORMS):
        found.setdefault(normalize("NFKC", form).strip(), []).append(form)
    return found


def rooms(content: bytes) -> dict[str, float]:
    """The room, in sizes, that fpdf2 counts for a letter that a font lacks, by the names of a file's fonts."""
    found: dict[str, float] = {}
    at = content.find(_FONT)
    while at >= 0:
        start, end = content.rfind(b"endobj", 0, at) + 1, content.find(b"endobj", at)
        named, room = (sign.search(content, start, max(end, at)) for sign in (_NAMED, _ROOM))
        if named and room and int(room[1]):
            found[named[1].decode("latin-1")] = int(room[1]) / 1000
        at = content.find(_FONT, at + 1)
    return found


def with_holes(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """Glyphs in the order in which they were drawn, an unknown one in each hole of the room of letters that their font
    lacks."""
    spaces = _spaces(glyphs)
    before: Glyph | None = None
    for glyph in glyphs:
        if not glyph.is_mark:
            room = glyph.lacking or (before.lacking if before else 0.0)
            if before and room and _is_one_line(before, glyph):
                left = before.right + (spaces[round(glyph.foot, 1)] if _is_bare(before) else 0.0)
                is_amid = " " not in (before.text, glyph.text)
                if _counts(glyph.left - left, room, _MOST_IN_WORD if is_amid else _MOST_IN_LINE):
                    ink = (left, glyph.foot, glyph.left, glyph.foot + room)
                    yield replace(glyph, text=UNKNOWN, origin=left, left=left, right=glyph.left, ink=ink)
            before = glyph
        yield glyph


def _spaces(glyphs: Sequence[Glyph]) -> dict[float, float]:
    """How much room a space has in each line, by its foot, where it is drawn by itself: PDFium tells none of it."""
    found: dict[float, list[float]] = {}
    for one, other in pairwise(glyph for glyph in glyphs if not glyph.is_mark):
        if _is_bare(one) and _is_one_line(one, other):
            found.setdefault(round(other.foot, 1), []).append(other.left - one.right)
    return {foot: median_low(widths) for foot, widths in found.items()}


def _is_bare(glyph: Glyph) -> bool:
    return glyph.text == " " and glyph.right - glyph.left < _NEAR


def _is_one_line(one: Glyph, other: Glyph) -> bool:
    return abs(one.foot - other.foot) < _NEAR and one.left <= other.left


def standing_off(ends: Sequence[tuple[float, float, float]]) -> list[bool]:
    """Which lines end at the right away from the margin by the room of letters that their font lacks. ``ends``: of each
    line where it begins at the left and ends at the right, and that room, 0 where none is counted."""
    margin = max((at for at, count in _places(end for _, end, _ in ends) if count >= _FEWEST_AT_MARGIN), default=0.0)
    lefts = {at for at, count in _places(left for left, _, _ in ends) if count >= _FEWEST_AT_MARGIN}
    at_margin = sum(abs(margin - end) < _OFF for _, end, _ in ends)
    found = [round(left, 1) not in lefts and _counts(margin - end, room, _MOST_IN_LINE) for left, end, room in ends]
    is_aligned = (at_margin + sum(found)) * 2 >= len(ends)
    return [is_off and is_aligned for is_off in found]


def _places(numbers: Iterable[float]) -> list[tuple[float, int]]:
    """Places to a tenth of a point, with how many are there or a tenth aside."""
    times = Counter(round(number, 1) for number in numbers)
    return [(at, sum(times[round(at + step, 1)] for step in (-0.1, 0.0, 0.1))) for at in times]


def _counts(width: float, room: float, most: int) -> bool:
    """Whether a width is that of one letter or more, up to ``most``, of which each has so much room."""
    count = round(width / room) if room else 0
    return 0 < count <= most and abs(width - count * room) < _OFF
