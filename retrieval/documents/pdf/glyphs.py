"""A glyph of a page: the letters that it stands for, and where it was drawn."""

import re
from dataclasses import dataclass
from unicodedata import bidirectional, category, normalize

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""What stands in a text for a glyph whose letters nobody can tell."""

KASHIDA = "\N{ARABIC TATWEEL}"

_FLAT, _LOW = 0.16, 0.24  # sizes: a line that draws out a word is no thicker, and lies no higher over the foot
_END_A_WORD = frozenset("اأإآٱدذرزوؤةىء")  # letters that join none after them
_WHOLE = frozenset(normalize("NFKC", chr(code)) for code in range(0xFDF0, 0xFDFD))  # «الله», «محمد», «صلى الله عليه …»
_MARK = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")


@dataclass(slots=True)
class Glyph:
    """One glyph, or several that stand for the same letters. Points, from the page's lower left.

    ``text``: its letters in the order in which they are read; UNKNOWN where nobody can tell, empty where it has none.
    ``origin`` is where the pen was put down: letters stand in its order, however far one hangs over the next. ``left``
    and ``right`` bound its room in the line, the four of ``ink`` what is seen. ``size`` is the height of its font and
    ``width`` the same along the line. ``piece`` counts what was drawn by one operator, in order. ``rides``: it is a
    mark whose text has the letter too on which it stands; ``by_name``: by the name of its glyph, wherever that stands.
    ``lacking``: the room that its program counts, and leaves empty, for a letter that the font lacks; 0 where it does
    not.
    """

    text: str
    origin: float
    foot: float
    left: float
    right: float
    ink: tuple[float, float, float, float]  # left, bottom, right, top
    size: float
    width: float
    piece: int
    is_mirrored: bool = False
    is_bold: bool = False
    rides: bool = False
    by_name: bool = False
    lacking: float = 0.0

    @property
    def is_mark(self) -> bool:
        """Whether it stands on a letter: marks alone, or a mark for which the program says more."""
        return self.rides or (self.text != "" and all(category(letter) == "Mn" for letter in self.text))

    @property
    def is_flat(self) -> bool:
        """Whether it looks like a line that draws out a word: low, and at the foot of its line."""
        _, bottom, _, top = self.ink
        is_thin = top - bottom < _FLAT * self.size and -_FLAT * self.size < bottom - self.foot
        return self.has_ink and is_thin and top - self.foot < _LOW * self.size

    @property
    def has_ink(self) -> bool:
        """Whether anything of it is seen."""
        left, bottom, right, top = self.ink
        return right - left > 0.01 and top - bottom > 0.01


def readings(given: str) -> tuple[str, ...]:
    """The orders in which the letters of one glyph may be read that PDFium gives in this order, the likelier first.

    It turns letters round in what is read from the right, but not those of a letter by shape, «ﻻ», that it takes apart
    itself. One order is told where the other is that of no glyph: all but the last of a ligature's letters join.
    """
    if len(given) < 2 or not any(bidirectional(letter) in ("R", "AL") for letter in given):
        return (given,)
    turned = given[::-1]
    for order in (given, turned):
        if order in _WHOLE:
            return (order,)
    possible = tuple(order for order in (turned, given) if _is_ligature(order))
    return possible or (turned,)


def _is_ligature(letters: str) -> bool:
    return not _MARK.match(letters) and not _END_A_WORD.intersection(bases(letters)[:-1])


def bases(text: str) -> str:
    """A text without its marks."""
    return _MARK.sub("", text)


def marked(text: str) -> str:
    """A letter with its marks in their canonical order; letters are not composed."""
    return normalize("NFC", text) if len(text) > 1 and _MARK.search(text) else text
