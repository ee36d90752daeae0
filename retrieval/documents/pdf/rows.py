"""From the glyphs of a page to its rows: letters that stand in one line, with the marks on them, from left to right."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf
from statistics import median

from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph, bases, marked

_TWICE = 0.3  # of its width by which a letter is moved that is drawn twice, to look bold
_ONE = 0.05  # points; letters whose origins are no farther apart are parts of one
_GAP = 0.118  # sizes: a wider one is a space; Amiri has .127 for one after «ر», .105 within a word
_WIDEST_GAP = 2.6  # sizes between two parts of a line that are drawn one after the other
_NARROW_GAP = 0.8  # sizes between two that are not
_OVERHANG = 0.4  # sizes by which letters of one line reach over each other
_LEVEL = 0.15  # sizes: letters whose feet are no farther apart do, though they lie on each other
_SAME_LINE = 0.5  # sizes: letters whose feet are no farther apart stand in one line
_COVERED = 0.5  # of its width: a space in whose other half a letter begins is none
_BAND = -0.25, 0.85  # sizes from the foot of a line: between them stand its letters
_REACH = 0.9  # sizes from there to the farthest of their marks
_PEN = 0.5  # of the distance of the pen from the foot counts
_ANOTHER_TIME = 0.3  # sizes by which a line seems farther that was drawn at another time than a mark
_TOGETHER = 0.35  # sizes by which the letter seems nearer that is drawn with a mark
_FEWEST_MARKS, _MOST_MARKS = 4, 0.75  # so many of a page, and of all, tell with which letter a program draws them
_OFF_MIDDLE = 0.3  # of the distance to a letter's middle counts where a mark stands over several
_SMALL, _RAISED = 0.8, 0.15  # sizes of the line: a letter that is no larger and stands higher is a note's mark
_FARTHEST_RAISED = 1.0
_NOTE = re.compile(r"[\d*†‡()\[\]،,\s]+")
_IN_NUMBER = re.compile(r"[\d%٪.,:/٫٬\-–A-Za-z]")
_ARABIC = re.compile(r"[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_ON_ALEF = "\u064b\u0653\u0654\u0655\u0670"
_TEN = re.compile(r"(?:^|\D)10$")
_UNIT = re.compile(r"(?:^|\b)[cmk]?m$|[A-Za-z]$")
_ARABIC_UNIT = re.compile(r"(?:[كس ]|^)م$|تر$")
_LETTER = re.compile(r"\S[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]*|\s")
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, or a ligature's, with the marks on it."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """Letters that stand in a line, from left to right, spaces among them; its foot and its font's size in points.

    ``notes``: the numbers of the notes whose marks stood raised in it. ``is_apart``: it is of a piece of its own."""

    letters: tuple[Letter, ...]
    foot: float
    size: float
    is_bold: bool = False
    notes: tuple[str, ...] = ()

    @property
    def left(self) -> float:
        """Where it begins at the left."""
        return self.letters[0].left

    @property
    def right(self) -> float:
        """Where it ends at the right."""
        return self.letters[-1].right


class _Line:
    """Glyphs that stand together, before they are put in order. Marks come later."""

    def __init__(self, glyphs: list[Glyph]) -> None:
        self.glyphs = glyphs
        self.left = min(glyph.left for glyph in glyphs)
        self.right = max(glyph.right for glyph in glyphs)
        self.foot = glyphs[0].foot
        self._longest = len(glyphs)
        self._last = self.foot
        self.size = max(glyph.size for glyph in glyphs)
        self._pieces = {glyph.piece for glyph in glyphs}

    def add(self, glyphs: Sequence[Glyph]) -> None:
        """Takes up glyphs that stand in it."""
        self.glyphs += glyphs
        self.left = min(self.left, *(glyph.left for glyph in glyphs))
        self.right = max(self.right, *(glyph.right for glyph in glyphs))
        self.size = max(self.size, glyphs[0].size)
        self._pieces.update(glyph.piece for glyph in glyphs)
        self._last = glyphs[-1].foot
        if len(glyphs) > self._longest:
            self.foot, self._longest = self._last, len(glyphs)

    def away(self, height: float) -> float:
        """How many sizes a height is away from where the letters of the line stand."""
        rise = (height - self.foot) / self.size
        return max(_BAND[0] - rise, rise - _BAND[1], 0.0)

    def is_drawn_about(self, piece: int) -> bool:
        """Whether something of it was drawn just before or after a piece."""
        return not self._pieces.isdisjoint(range(piece - 2, piece + 3))

    def takes(self, glyphs: Sequence[Glyph], most: float) -> bool:
        """Whether glyphs stand in it: on its foot, and beside it or in a hole of it."""
        one = glyphs[0]
        size = max(self.size, one.size)
        # that of the last one too: a page that was laid askew on a scanner has lines that rise
        if min(abs(self.foot - one.foot), abs(self._last - one.foot)) > _SAME_LINE * size and not _is_raised(one, self):
            return False
        left, right = min(glyph.left for glyph in glyphs), max(glyph.right for glyph in glyphs)
        if left > self.right - _OVERHANG * size:
            return left - self.right < most * size
        if right < self.left + _OVERHANG * size:
            return self.left - right < most * size
        if abs(self.foot - one.foot) < _LEVEL * size:
            return True
        reached = [g for g in self.glyphs if g.left < right and left < g.right]
        over = (min(a.right, b.right) - max(a.left, b.left) for a in reached for b in glyphs)
        return not any(each > size * _OVERHANG for each in over) or _is_the_same(reached, glyphs)


def _is_the_same(glyphs: Sequence[Glyph], others: Sequence[Glyph]) -> bool:
    """Whether letters are drawn over the same letters."""
    there = {(glyph.text, round(glyph.left / max(1.0, glyph.width * _TWICE))) for glyph in glyphs}
    return all((g.text, round(g.left / max(1.0, g.width * _TWICE))) in there for g in others if g.text.strip())


def _is_raised(glyph: Glyph, line: _Line) -> bool:
    """Whether a glyph stands raised and small in a line, as the mark of a note does."""
    rise = glyph.foot - line.foot
    return glyph.size <= _SMALL * line.size and _RAISED * line.size < rise < _FARTHEST_RAISED * line.size


def rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """The rows of a page, or of a group of its glyphs, in the order in which they were drawn."""
    lines: list[_Line] = []
    marks: list[Glyph] = []
    for _, drawn in groupby(glyphs, key=lambda glyph: glyph.piece):
        piece = list(drawn)
        marks += (glyph for glyph in piece if glyph.is_mark)
        bases = [glyph for glyph in piece if not glyph.is_mark]
        if bases:
            _put(bases, lines)
    lines = _closed_up([line for line in lines if any(glyph.text.strip() for glyph in line.glyphs)])
    _attach(marks, lines, _Drawn(glyphs))
    return [row for line in lines for row in _row(line)]


def _put(bases: list[Glyph], lines: list[_Line]) -> None:
    """Puts the glyphs of a piece into the line in which they stand, a new one if there is none."""
    if lines and lines[-1].takes(bases, _WIDEST_GAP):
        lines[-1].add(bases)
        return
    line = next((line for line in reversed(lines) if line.takes(bases, _NARROW_GAP)), None)
    if line:
        line.add(bases)
    else:
        lines.append(_Line(bases))


def _closed_up(lines: Sequence[_Line]) -> list[_Line]:
    """Lines, those that have grown together as one: what stands between them may be drawn last."""
    found: list[_Line] = []
    for line in lines:
        other = next((other for other in reversed(found) if other.takes(line.glyphs, _NARROW_GAP)), None)
        if other:
            other.add(line.glyphs)
        else:
            found.append(line)
    return found


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


def _attach(marks: Sequence[Glyph], lines: Sequence[_Line], drawn: _Drawn) -> None:
    """Gives each mark to the letter on which it stands: the nearest one of the nearest line, or the one drawn with it if
    that is nearly as near."""
    on: dict[int, list[Glyph]] = {}
    letters: dict[int, Glyph] = {}
    for mark in marks:
        base = _base(mark, lines, drawn.with_mark(mark))
        if base:
            on.setdefault(id(base), []).append(mark)
            letters[id(base)] = base
    for key, found in on.items():
        base = letters[key]
        base.text = _carrying(base, sorted(found, key=lambda mark: -_middle(mark)))


def _base(mark: Glyph, lines: Sequence[_Line], drawn_with: Glyph | None) -> Glyph | None:
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


def _farther(mark: Glyph, line: _Line) -> float:
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


def _carrying(base: Glyph, marks: Sequence[Glyph]) -> str:
    """The letters of a glyph with marks on them, from right to left: each mark on the letter over which it stands."""
    letters = _LETTER.findall(base.text)
    left, _, right, _ = base.ink
    share = (right - left) / max(1, len(letters)) or 1.0
    for mark in _known(marks):
        if mark.text == UNKNOWN:
            letters[-1] += UNKNOWN
        elif mark.rides:
            letters = _saying(letters, _LETTER.findall(mark.text))
        else:
            at = min(len(letters) - 1, max(0, int((right - _middle(mark)) / share)))
            at -= at > 0 and letters[at] == "ا" and mark.text not in _ON_ALEF  # a bare alef carries no vowel
            letters[at] += mark.text
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


def _row(line: _Line) -> Iterator[Row]:
    size = median(glyph.size for glyph in line.glyphs)
    own = [glyph for glyph in line.glyphs if glyph.size > _SMALL * size] or line.glyphs
    foot = median(glyph.foot for glyph in own)
    glyphs, notes = _without_notes(_unmirrored(line.glyphs), size, foot)
    letters = tuple(_spaced(_merged(glyphs), median(glyph.width for glyph in line.glyphs) * _GAP))
    if letters:
        bold = sum(glyph.is_bold for glyph in own) * 2 > len(own)
        yield Row(letters, foot, size, bold, notes)


def _unmirrored(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs with numbers and Latin words in what is drawn in a mirror put as they are read: from the left.

    So text recognition lays down Arabic: each word's letters in the order in which they are read, from right to left.
    A word that reaches into another is cut where that begins.
    """
    if not any(glyph.is_mirrored for glyph in glyphs):
        return list(glyphs)
    words = [list(group) for _, group in groupby(glyphs, key=lambda glyph: glyph.piece)]
    words.sort(key=lambda word: -max(glyph.right for glyph in word))
    edge = inf
    for word in words:
        if word[0].is_mirrored:
            word.sort(key=lambda glyph: -glyph.origin)
            _squeeze(word, edge)
            for is_number, run in groupby(word, key=lambda glyph: bool(_IN_NUMBER.match(glyph.text))):
                if is_number:
                    _turn_round(list(run))
        edge = min(glyph.left for glyph in word)
    return [glyph for word in words for glyph in word]


def _squeeze(word: Sequence[Glyph], edge: float) -> None:
    """Moves the letters of a word to the left of an edge, drawn together so that they end where they did."""
    right, left = word[0].right, word[-1].left
    if right <= edge or edge <= left:
        return
    for glyph in word:
        for name in ("origin", "left", "right"):
            setattr(glyph, name, left + (getattr(glyph, name) - left) * (edge - left) / (right - left))


def _turn_round(run: list[Glyph]) -> None:
    while run and not run[-1].text[-1:].isalnum() and run[-1].text not in "%٪":
        run.pop()
    places = [(glyph.origin, glyph.left, glyph.right, glyph.ink) for glyph in reversed(run)]
    for glyph, (origin, left, right, ink) in zip(run, places, strict=True):
        glyph.origin, glyph.left, glyph.right, glyph.ink = origin, left, right, ink


def _without_notes(glyphs: Sequence[Glyph], size: float, foot: float) -> tuple[list[Glyph], tuple[str, ...]]:
    """Glyphs without the raised marks of notes, and these; a raised number after a unit or a ten is a power."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.origin)
    kept: list[Glyph] = []
    notes: list[str] = []
    for is_note, group in groupby(ordered, key=lambda glyph: _stands_as_note(glyph, size, foot)):
        run = list(group)
        if not is_note:
            kept += run
            continue
        text = "".join(glyph.text for glyph in run)
        before = "".join(glyph.text for glyph in kept[-3:])
        if _is_power(before, _after(ordered, run[-1])) and text.isdigit():
            for glyph in run:
                glyph.text = glyph.text.translate(_POWERS)
            kept += run
        else:
            notes.append(text.strip())
            for glyph in run:  # it keeps its room, which is no space
                glyph.text = ""
            kept += run
    return kept, tuple(notes)


def _stands_as_note(glyph: Glyph, size: float, foot: float) -> bool:
    rise = glyph.foot - foot
    return glyph.size <= _SMALL * size and rise > _RAISED * size and _NOTE.fullmatch(glyph.text) is not None


def _after(ordered: Sequence[Glyph], last: Glyph) -> str:
    """The two letters at the right of a glyph, as they are read: those of a unit before its power."""
    at = next(at for at, glyph in enumerate(ordered) if glyph is last)
    return "".join(glyph.text for glyph in reversed(ordered[at + 1 : at + 3]))


def _is_power(left: str, right: str) -> bool:
    return bool(_TEN.search(left)) or bool(_UNIT.search(left)) or bool(_ARABIC_UNIT.search(right))


def _merged(glyphs: Sequence[Glyph]) -> list[Letter]:
    """Glyphs from left to right as letters: those in one place as one, and what is drawn twice once."""
    placed = sorted(enumerate(glyphs), key=lambda item: (round(item[1].origin / _ONE), -item[0]))
    inked = [glyph for _, glyph in placed if glyph.text.strip() and glyph.has_ink]
    _widen_blanks([glyph for _, glyph in placed])
    _without_kashidas([glyph for _, glyph in reversed(placed)])
    found: list[Letter] = []
    for _, group in groupby(placed, key=lambda item: round(item[1].origin / _ONE)):
        together = [glyph for _, glyph in group]
        texts = [glyph for glyph in together if glyph.text != " "]
        if not texts and _is_covered(together[0], inked):
            continue
        letter = _letter(texts or together[:1], is_crowd=len(together) > 1)
        if found and _is_drawn_twice(found[-1], letter):
            found[-1] = Letter(max(found[-1].text, letter.text, key=len), found[-1].left, found[-1].right)
        else:
            found.append(letter)
    return found


def _widen_blanks(glyphs: Sequence[Glyph]) -> None:
    """Gives spaces without room, in their order from the left, that up to the next letter; those that have none there
    join letters rather than part them, and are none."""
    for one, other in pairwise(glyphs):
        if one.text == " " and one.right - one.left < _ONE:
            one.right = max(one.right, other.origin)
            one.text = " " if one.right - one.left > _GAP * other.width else ""


def _without_kashidas(glyphs: Sequence[Glyph]) -> None:
    """Takes from the lines that draw out words, in their order from the right, the letters that some programs say they
    are: those of the letter beside them, which then may have none."""
    for one, other in pairwise(glyphs):
        for line, letter in ((one, other), (other, one)):
            if line.is_flat and line.text.isalpha() and letter.text in (UNKNOWN, line.text):
                letter.text, line.text = line.text, ""
                break


def _letter(glyphs: Sequence[Glyph], *, is_crowd: bool) -> Letter:
    reading = list(reversed(glyphs))
    reading.sort(key=lambda glyph: -glyph.piece)  # pieces follow each other to the right, letters of one to the left
    text = "".join(dict.fromkeys(glyph.text for glyph in reading))
    left = min(glyph.left for glyph in glyphs)
    if not is_crowd:  # the box of some begins behind their origin, and what lies between is no space
        left = min(left, glyphs[0].origin)
    return Letter(text, left, max(glyph.right for glyph in glyphs))


def _is_covered(space: Glyph, inked: Sequence[Glyph]) -> bool:
    """Whether a letter is drawn in the place of a space; what only hangs over it is not."""
    width = space.right - space.left
    return any(space.left - _ONE < g.origin < space.right - _COVERED * width for g in inked)


def _is_drawn_twice(one: Letter, other: Letter) -> bool:
    apart = max(abs(one.left - other.left), abs(one.right - other.right))
    return one.text[:1] == other.text[:1] != " " and apart < _TWICE * (one.right - one.left)


def _spaced(letters: Sequence[Letter], gap: float) -> Iterator[Letter]:
    """Letters with one space wherever there is one, or room for one, and none around them."""
    last: Letter | None = None
    is_apart = False
    for letter in letters:
        if letter.text == " ":
            is_apart = True
            continue
        if last and (is_apart or letter.left - last.right > gap):
            yield Letter(" ", last.right, letter.left)
        if letter.text:
            yield letter
        last, is_apart = letter, False
