"""Which letters a font of a PDF has a glyph for, by what it says itself.

PDFium gives the number of a glyph in the place of its letter where the font names none, and tells so only of what is
read from the left. In what is read from the right, a glyph of the number U+0628 would be a «ب».
"""

import ctypes
from collections.abc import Iterable
from functools import cache
from typing import Any
from unicodedata import category, normalize

import pypdfium2.raw as raw

_NOBODYS = "\ufffe"  # a letter for which no font has a glyph
_FEWEST, _MOST = 3, 0.5  # so many letters, and of all, are known where a font answers at all
_SIZE = 100.0

_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_FORMS = range(0xFB50, 0xFF00)


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
