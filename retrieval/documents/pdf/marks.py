"""Gives the marks of a page to the letters on which they stand."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from unicodedata import category

from retrieval.documents.pdf.gathering import Gathered
from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph, bases, marked

_REACH = 0.9  # sizes from there to the farthest of their marks
_PEN = 0.5  # of the distance of the pen from the foot counts
_ANOTHER_TIME = 0.3  # sizes by which a line seems farther that was drawn at another time than a mark
_TOGETHER = 0.35  # sizes by which the letter seems nearer that is drawn with a mark
_FEWEST_MARKS, _MOST_MARKS = 4, 0.75  # so many of a page, and of all, tell with which letter a program draws them
_OFF_MIDDLE = 0.3  # of the distance to a letter's middle counts where a mark stands over several
_ARABIC = re.compile(r"[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_ON_ALEF = "\u064b\u0653\u0654\u0655\u0670"
_LETTER = re.compile(r"\S[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]*|\s")


def attach(glyphs: Sequence[Glyph], lines: Sequence[Gathered]) -> None:
    """Gives each mark among the glyphs of a page to the letter on which it stands: the nearest one of the nearest line,
    or the one drawn with it if that is nearly as near."""
    drawn = _Drawn(glyphs)
    on: dict[int, list[Glyph]] = {}
    letters: dict[int, Glyph] = {}
    for mark in (glyph for glyph in glyphs if glyph.is_mark):
        base = _base(mark, lines, drawn.with_mark(mark))
        if base:
            on.setdefault(id(base), []).append(mark)
            letters[id(base)] = base
    of_another = {mark.text for key, found in on.items() for mark in found if _is_of_another(letters[key], mark)}
    for key, found in on.items():
        base = letters[key]
        base.text = _carrying(base, sorted(found, key=lambda mark: -_middle(mark)), of_another)


class _Drawn:
    """Which letters are drawn just before and just after each mark; and which of the two is the one under it, where a
    program keeps to one."""

    def __init__(self, glyphs: Sequence[Glyph]) -> None:
        placed = sorted(enumerate(glyphs), key=lambda item: (item[1].piece, -item[0]))  # PDFium turned those of a piece
        ordered = [glyph for _, glyph in placed if glyph.text.strip()]
        self._before = dict(_last_letters(ordered))
        self._after = dict(_last_letters(reversed(ordered)))
        self._with = self._told([glyph for glyph in ordered if glyph.is_mark])

    def _told(self, marks: Sequence[Glyph]) -> dict[int, Glyph | None]:
        counts: Counter[bool] = Counter()
        for mark in marks:
            before, after = self._before[id(mark)], self._after[id(mark)]
            if before and after:
                counts[_off(before, mark) < _off(after, mark)] += 1
        for is_before, letters in ((True, self._before), (False, self._after)):
            if counts[is_before] >= max(_FEWEST_MARKS, _MOST_MARKS * counts.total()):
                return letters
        return {}

    def with_mark(self, mark: Glyph) -> Glyph | None:
        """The letter that is drawn with a mark; None where that cannot be told."""
        return self._with.get(id(mark))


def _last_letters(glyphs: Iterable[Glyph]) -> Iterator[tuple[int, Glyph | None]]:
    """For each mark, the letter before it."""
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.is_mark:
            yield id(glyph), last
        else:
            last = glyph


def _off(letter: Glyph, mark: Glyph) -> float:
    """How many sizes a letter's middle is from a mark's, and its foot from the pen of the mark."""
    return (abs(_middle(letter) - _middle(mark)) + abs(letter.foot - mark.foot)) / mark.size


def _base(mark: Glyph, lines: Sequence[Gathered], drawn_with: Glyph | None) -> Glyph | None:
    """The letter on which a mark stands: of the line that is nearest, one drawn about when the mark was where two are
    as near, the letter whose ink is nearest, or the one drawn with it."""
    left, bottom, right, top = mark.ink
    height, middle = (bottom + top) / 2, (left + right) / 2
    near = [
        (line.away(height) + _farther(mark, line), at, line)
        for at, line in enumerate(lines)
        if line.left - line.size < middle < line.right + line.size and line.away(height) < _REACH
    ]
    if not near:
        return None
    letters = (glyph for glyph in min(near)[2].glyphs if any(map(_bears_marks, glyph.text)))
    together = _TOGETHER * mark.size
    return min(letters, key=lambda glyph: _distance(glyph, middle) - together * (glyph is drawn_with), default=None)


def _bears_marks(letter: str) -> bool:
    return letter.isalpha() or letter == UNKNOWN or letter in "<>"  # the last two as the codes of an unknown glyph


def _farther(mark: Glyph, line: Gathered) -> float:
    """How many sizes farther a line seems than it is: from where the pen was for the mark, and if it was drawn at
    another time."""
    pen = abs(mark.foot - line.foot) / line.size * _PEN
    return pen if line.is_drawn_about(mark.piece) else pen + _ANOTHER_TIME


def _distance(glyph: Glyph, middle: float) -> float:
    """How far a mark's middle is from the ink of a glyph; of those that it stands over, the one whose middle is
    nearest."""
    left, _, right, _ = glyph.ink
    return max(left - middle, middle - right, 0.0) + abs((left + right) / 2 - middle) * _OFF_MIDDLE


def _middle(glyph: Glyph) -> float:
    return (glyph.ink[0] + glyph.ink[2]) / 2


def _is_of_another(base: Glyph, mark: Glyph) -> bool:
    """Whether a mark says, with itself, a letter that is none of those on which it stands: some programs name a mark by
    the letter on which it stood first."""
    own, said = bases(base.text), bases(mark.text)
    return mark.by_name and own != "" and UNKNOWN not in own + said and own not in said and said not in own


def _carrying(base: Glyph, marks: Sequence[Glyph], of_another: Set[str]) -> str:
    """The letters of a glyph with marks on them, from right to left: each mark on the letter over which it stands.
    ``of_another``: what marks say that do not say the letters on which they stand."""
    letters = _LETTER.findall(base.text)
    left, _, right, _ = base.ink
    share = (right - left) / max(1, len(letters)) or 1.0
    for mark in _known(marks):
        if mark.text == UNKNOWN:
            letters[-1] += UNKNOWN
        elif mark.rides and not (mark.by_name and mark.text in of_another):
            letters = _saying(letters, _LETTER.findall(mark.text))
        else:
            alone = "".join(letter for letter in mark.text if category(letter) == "Mn")
            at = min(len(letters) - 1, max(0, int((right - _middle(mark)) / share)))
            at -= at > 0 and letters[at] == "ا" and alone not in _ON_ALEF  # a bare alef carries no vowel
            letters[at] += alone
    return "".join(map(marked, letters))


def _known(marks: Sequence[Glyph]) -> Sequence[Glyph]:
    """The marks on a letter without unknown ones for which another stands: one of which all of the letter is said, or
    one of which more marks are said than it is."""
    known = [mark for mark in marks if mark.text != UNKNOWN]
    surplus = sum(len(mark.text) - 1 for mark in known)
    is_said = any(mark.rides for mark in known)
    return known if is_said or surplus >= len(marks) - len(known) else marks


def _saying(letters: list[str], said: list[str]) -> list[str]:
    """Letters with what is said of them and of the mark on them: the letter too where it is not among them."""
    if len(letters) == 1 and not _ARABIC.match(letters[0]):
        return said  # unknown, or the sign that its number is the code of
    plain = [bases(letter) for letter in said]
    for at in range(len(letters) - len(said), -1, -1):
        if [bases(letter) for letter in letters[at : at + len(said)]] == plain:
            return letters[:at] + said + letters[at + len(said) :]
    return letters + said
