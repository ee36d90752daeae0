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


def with_holes(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs in the order in which they were drawn, an unknown one behind each that stands before a hole of the room of
    letters that their font lacks."""
    holes = {id(one): unknown for line in _lines(glyphs) for one, unknown in _holes(line)}
    found: list[Glyph] = []
    for glyph in glyphs:
        found.append(glyph)
        if id(glyph) in holes:
            found.append(holes[id(glyph)])
    return found


def _lines(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs that stand on one foot, from the left, without marks."""
    by_foot: dict[float, list[Glyph]] = {}
    for glyph in glyphs:
        if not glyph.is_mark:
            by_foot.setdefault(round(glyph.foot, 1), []).append(glyph)
    return (sorted(line, key=lambda glyph: glyph.left) for line in by_foot.values())


def _holes(line: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    """Glyphs with the unknown one of the hole at their right."""
    gaps = [other.left - one.right for one, other in pairwise(line) if _is_bare(one)]
    space = median_low(gaps) if gaps else 0.0  # where it is drawn by itself, PDFium tells none of its room
    for one, other in pairwise(line):
        room = other.lacking or one.lacking
        left = one.right + (space if _is_bare(one) else 0.0)
        most = _MOST_IN_LINE if " " in (one.text, other.text) else _MOST_IN_WORD
        if one.piece != other.piece and _counts(other.left - left, room, most):
            ink = (left, other.foot, other.left, other.foot + room)
            yield one, replace(other, text=UNKNOWN, origin=left, left=left, right=other.left, ink=ink)


def _is_bare(glyph: Glyph) -> bool:
    return glyph.text == " " and glyph.right - glyph.left < _NEAR


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
