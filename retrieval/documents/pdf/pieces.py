"""What one operator of a page draws, a piece; what the program says that the glyphs of some stand for; their turn."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from unicodedata import normalize

from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph, bases, marked

_LONGEST_SAID = 60  # characters that are said of a few glyphs; more are said of a line, and tell no places
_MARK_SIZE = 0.45  # sizes: a mark is no larger
_THIN_SPACE = 0.1  # sizes; what is unknown, unseen and as wide is a space
_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufeff]")
_HEAVY = re.compile("bold|black|heavy", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    """What one operator draws: its font, how large and how it is turned, and what the program says of it."""

    item: Any
    number: int
    is_unseen: bool
    font: str
    font_address: int
    room: float = 0.0  # sizes that are counted for a letter that the font lacks
    said: str | None = None  # what the program says that its glyphs stand for
    saying: int = -1  # which saying: pieces of one have one text
    size: float = 0.0
    width: float = 0.0  # the size along the line
    turn: int | None = 0  # quarters of a circle, against the clock; None for a line across the page
    is_mirrored: bool = False

    @property
    def is_bold(self) -> bool:
        """Whether its font is a heavy one, by its name."""
        return _HEAVY.search(self.font) is not None


def told(glyph: Glyph) -> str:
    """Its text; of an unknown glyph, what its shape tells: a space, or the line that draws out a word."""
    if UNKNOWN not in glyph.text:
        return glyph.text
    if not glyph.has_ink:
        return " " if glyph.right - glyph.left > _THIN_SPACE * glyph.width else ""
    return "" if glyph.is_flat else UNKNOWN


def says_more_than_a_letter(text: str) -> bool:
    """Whether a text is that of a whole cluster, or unknown: its glyph may be no more than the mark in it."""
    return text == UNKNOWN or (bases(text) != text and bases(text) != "")


def said_together(glyphs: Iterator[Glyph], pieces: Sequence[Piece]) -> Iterator[Glyph]:
    """Glyphs; those for which the program says one text as one, with that text; so, too, a letter and the mark on it,
    where it says that text of each."""
    sayings = (list(group) for _, group in groupby(glyphs, key=lambda glyph: pieces[glyph.piece].saying))
    for together in _of_one_letter(sayings, pieces):
        saying, said = pieces[together[0].piece].saying, pieces[together[0].piece].said
        if saying < 0 or said is None or len(said) > _LONGEST_SAID or not _are_near(together):
            yield from together
        else:
            yield _as_one(together, normalize("NFKC", said) if _FORM.search(said) else said)


def _of_one_letter(sayings: Iterator[list[Glyph]], pieces: Sequence[Piece]) -> Iterator[list[Glyph]]:
    """Glyphs by what is said of them, with those of the next saying where that is the same, of a letter with a mark,
    and they lie over each other."""
    last: list[Glyph] = []
    for group in sayings:
        said = pieces[group[0].piece].said
        is_again = last and said and said == pieces[last[0].piece].said and bases(said) not in ("", said)
        if is_again and _lie_over(last, group):
            last += group
            continue
        is_named = last and said and last[-1].text == said and bases(said) not in ("", said)
        if is_named and _lie_over(last[-1:], group):  # the mark is not said, but named by both
            group.append(last.pop())
        if last:
            yield last
        last = group
    if last:
        yield last


def _lie_over(glyphs: Sequence[Glyph], others: Sequence[Glyph]) -> bool:
    """Whether the narrower of two stretches lies for more than a half over or under the other."""
    (left, right), (start, end) = (_stretch(glyphs), _stretch(others))
    return 2 * (min(right, end) - max(left, start)) > min(right - left, end - start)


def _stretch(glyphs: Sequence[Glyph]) -> tuple[float, float]:
    return min(glyph.ink[0] for glyph in glyphs), max(glyph.ink[2] for glyph in glyphs)


def _are_near(glyphs: Sequence[Glyph]) -> bool:
    """Whether glyphs stand in one line; marks may be raised."""
    feet = [glyph.foot for glyph in glyphs if not glyph.is_mark]
    return not feet or max(feet) - min(feet) < glyphs[0].size


def _as_one(glyphs: Sequence[Glyph], said: str) -> Glyph:
    """Glyphs as one that stands for what is said of them; it stands on a letter where they are marks alone."""
    letters = [glyph for glyph in glyphs if not looks_like_a_mark(glyph) and glyph.text != " "]
    drawn = letters or glyphs
    return replace(
        min(drawn, key=lambda glyph: glyph.origin),
        text=marked("".join(" " if letter.isspace() else letter for letter in said)),
        left=min(glyph.left for glyph in drawn),
        right=max(glyph.right for glyph in drawn),
        ink=(
            min(glyph.ink[0] for glyph in drawn),
            min(glyph.ink[1] for glyph in drawn),
            max(glyph.ink[2] for glyph in drawn),
            max(glyph.ink[3] for glyph in drawn),
        ),
        rides=not letters and bool(said.strip()),
        by_name=False,
    )


def looks_like_a_mark(glyph: Glyph) -> bool:
    """Whether a glyph is a mark by its letters or, where they are not known, small and off the foot of its line."""
    if not says_more_than_a_letter(glyph.text):
        return glyph.is_mark
    left, bottom, right, top = glyph.ink
    is_small = max(right - left, top - bottom) < _MARK_SIZE * glyph.size
    return is_small and (bottom - glyph.foot > _MARK_SIZE * glyph.size / 2 or top <= glyph.foot)


def level(glyphs: Sequence[Glyph], pieces: Sequence[Piece]) -> Iterator[tuple[int, tuple[Glyph, ...]]]:
    """Glyphs by the turn of their lines, the commonest first, each turned level by so many quarters with the clock;
    what lies across the page, such as a word printed over it, is left out."""
    turns = Counter(pieces[glyph.piece].turn for glyph in glyphs)
    for turn, _ in turns.most_common():
        if turn is not None:
            yield turn, tuple(_turned(glyph, turn) for glyph in glyphs if pieces[glyph.piece].turn == turn)


def _turned(glyph: Glyph, turn: int) -> Glyph:
    """A glyph after so many quarters of a turn with the clock."""
    if not turn:
        return glyph
    left, bottom, right, top = glyph.ink
    x, foot = turned(glyph.origin, glyph.foot, turn)
    corners = turned(left, bottom, turn), turned(right, top, turn)
    (left, right), (bottom, top) = (sorted(side) for side in zip(*corners, strict=True))
    return replace(glyph, origin=x, foot=foot, left=min(x, left), right=right, ink=(left, bottom, right, top))


def turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point after so many quarters of a turn with the clock about the page's lower left."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[turn]
