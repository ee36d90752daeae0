"""From the glyphs of a page to its rows: letters that stand in one line, with the marks on them, from left to right;
and, where an upright line is drawn between two words, to rows of the cells of a table."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import inf
from statistics import median
from unicodedata import bidirectional

from retrieval.documents.pdf.gathering import Gathered, gathered
from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph
from retrieval.documents.pdf.lines import Cell
from retrieval.documents.pdf.marks import attach

_TWICE = 0.3  # of its width by which a letter is moved that is drawn twice, to look bold
_ONE = 0.05  # points; letters whose origins are no farther apart are parts of one
_ONE_PLACE = 0.015  # the same in sizes: some programs round places
_GAP = 0.118  # sizes: a wider one is a space; Amiri has .127 for one after «ر», .105 within a word
_COVERED = 0.5  # of its width: a space in whose other half a letter begins is none
_SMALL, _RAISED = 0.85, 0.15  # sizes of the line: a letter that is no larger and stands higher is a note's mark
_NOTE = re.compile(r"[\d*†‡()\[\]،,\s]+")
_ABOVE = 0.3  # sizes over the foot of a row: there the line between two of its cells is
_LOWEST, _HIGHEST = 0.12, 0.45  # sizes over the foot of a line: below, a stroke is under its words; above, over them
_APART = 0.05  # sizes: a line is between letters that are no nearer
_NEARLY = 2.0  # points between the ends of lines that go on, and by which letters may reach over one
_IN_NUMBER = re.compile(r"[\d%٪.,:/٫٬\-–A-Za-z]")
_TEN = re.compile(r"(?:^|\D)10$")
_UNIT = re.compile(r"(?:^|\b)[cmk]?m$|[A-Za-z]$")
_ARABIC_UNIT = re.compile(r"(?:[كس ]|^)م$|تر$")
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

    ``notes``: the numbers of the notes whose marks stood raised in it. ``end``: where it ends at the right, with the
    spaces there; ``lacking``: as of its glyphs."""

    letters: tuple[Letter, ...]
    foot: float
    size: float
    is_bold: bool = False
    notes: tuple[str, ...] = ()
    end: float = 0.0
    lacking: float = 0.0

    @property
    def left(self) -> float:
        """Where it begins at the left."""
        return self.letters[0].left

    @property
    def right(self) -> float:
        """Where it ends at the right."""
        return self.letters[-1].right


@dataclass(frozen=True, slots=True)
class Rule:
    """An upright line of a page: where it stands, and from where to where; points from the lower left."""

    x: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """A level line: how high it stands, and from where to where; points from the page's lower left."""

    y: float
    left: float
    right: float


def rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """The rows of a page, or of a group of its glyphs, in the order in which they were drawn."""
    pieces = (list(drawn) for _, drawn in groupby(glyphs, key=lambda glyph: glyph.piece))
    bases = ([glyph for glyph in piece if not glyph.is_mark] for piece in pieces)
    lines = gathered([piece for piece in bases if piece])
    attach(glyphs, lines)
    return [row for line in lines for row in _row(line)]


def _row(line: Gathered) -> Iterator[Row]:
    size = median(glyph.size for glyph in line.glyphs)
    own = [glyph for glyph in line.glyphs if glyph.size > _SMALL * size] or line.glyphs
    foot = median(glyph.foot for glyph in own)
    glyphs, notes = _without_notes(_unmirrored(line.glyphs), size, foot)
    letters = tuple(_spaced(_merged(glyphs), median(glyph.width for glyph in line.glyphs) * _GAP))
    if letters:
        bold = sum(glyph.is_bold for glyph in own) * 2 > len(own)
        yield Row(letters, foot, size, bold, notes, line.right, max(glyph.lacking for glyph in line.glyphs))


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
        ten = _ten_after(ordered, run[-1])
        if text.isdigit() and (ten or _is_power(before, _after(ordered, run[-1]))):
            for glyph in run:
                glyph.text = glyph.text.translate(_POWERS)
                if ten:  # drawn at the wrong side of it, by a program that takes it for a number of its own
                    glyph.origin = glyph.left = glyph.right = ten.right - _ONE * 2
            kept += run
        else:
            notes.append(text.strip())
            for glyph in run:  # it keeps its room, which is no space
                glyph.text = ""
            kept += run
    return list(glyphs), tuple(notes)


def _stands_as_note(glyph: Glyph, size: float, foot: float) -> bool:
    rise = glyph.foot - foot
    return glyph.size <= _SMALL * size and rise > _RAISED * size and _NOTE.fullmatch(glyph.text) is not None


def _after(ordered: Sequence[Glyph], last: Glyph) -> str:
    """The two letters at the right of a glyph, as they are read: those of a unit before its power."""
    at = next(at for at, glyph in enumerate(ordered) if glyph is last)
    return "".join(glyph.text for glyph in reversed(ordered[at + 1 : at + 3]))


def _ten_after(ordered: Sequence[Glyph], last: Glyph) -> Glyph | None:
    """The last digit of a ten at the right of a glyph."""
    at = next(at for at, glyph in enumerate(ordered) if glyph is last)
    following = "".join(glyph.text or " " for glyph in ordered[at + 1 : at + 4])
    return ordered[at + 2] if following[:2] == "10" and not following[2:].isdigit() else None


def _is_power(left: str, right: str) -> bool:
    return bool(_TEN.search(left)) or bool(_UNIT.search(left)) or bool(_ARABIC_UNIT.search(right))


def _merged(glyphs: Sequence[Glyph]) -> list[Letter]:
    """Glyphs from left to right as letters: those in one place as one, and what is drawn twice once."""
    places = list(_places(glyphs))
    placed = [glyph for place in places for glyph in place]
    inked = [glyph for glyph in placed if glyph.text.strip() and glyph.has_ink]
    _widen_blanks(placed)
    _without_kashidas(placed[::-1])
    found: list[Letter] = []
    for together in places:
        texts = [glyph for glyph in together if glyph.text != " "]
        if not texts and _is_covered(together[0], inked):
            continue
        letter = _letter(texts or together[:1], is_crowd=len(together) > 1)
        if found and _is_drawn_twice(found[-1], letter):
            found[-1] = Letter(max(found[-1].text, letter.text, key=len), found[-1].left, found[-1].right)
        else:
            found.append(letter)
    return found


def _places(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Glyphs from left to right, those together whose pen was put down in one place; of these the last drawn first."""
    place: list[tuple[int, Glyph]] = []
    for at, glyph in sorted(enumerate(glyphs), key=lambda item: item[1].origin):
        if place and glyph.origin - place[0][1].origin > max(_ONE, _ONE_PLACE * glyph.width):
            yield [each for _, each in sorted(place, key=lambda item: -item[0])]
            place = []
        place.append((at, glyph))
    if place:
        yield [each for _, each in sorted(place, key=lambda item: -item[0])]


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


def parted(rows: Sequence[Row], rules: Sequence[Rule]) -> list[Row]:
    """Rows in their order, those that rules part as rows of their cells, in the order in which they are read."""
    return [part for row in rows for part in _cut(row, [rule.x for rule in rules if _crosses(rule, row)])]


def _crosses(rule: Rule, row: Row) -> bool:
    height = row.foot + _ABOVE * row.size
    return row.left < rule.x < row.right and rule.bottom < height < rule.top


def _cut(row: Row, places: Sequence[float]) -> Iterator[Row]:
    """The parts of a row between places where nothing is drawn; the notes of all with its last."""
    parts: list[list[Letter]] = [[]]
    for letter in row.letters:
        if letter.text == " " and any(letter.left < place < letter.right for place in places):
            parts.append([])
        elif parts[-1] and any(_lies_between(place, parts[-1][-1], letter, row.size) for place in places):
            parts.append([letter])
        else:
            parts[-1].append(letter)
    parts = [part for part in parts if part]
    if len(parts) < 2:
        yield row
        return
    *others, last = parts
    found = [replace(row, letters=tuple(part), notes=(), lacking=0.0, end=part[-1].right) for part in others]
    found.append(replace(row, letters=tuple(last)))
    is_from_right = any(bidirectional(letter.text[0]) in ("R", "AL") for letter in row.letters if letter.text)
    yield from reversed(found) if is_from_right else found


def _lies_between(place: float, one: Letter, other: Letter, size: float) -> bool:
    return one.right <= place <= other.left and other.left - one.right > _APART * size


def without_struck(row: Row, strokes: Sequence[Stroke]) -> Row:
    """A row without the letters through whose middle a stroke goes: a reader sees that they no longer count."""
    across = [stroke for stroke in strokes if _LOWEST * row.size < stroke.y - row.foot < _HIGHEST * row.size]
    if not across:
        return row
    left = [letter for letter in row.letters if letter.text == " " or not _is_struck(letter, across)]
    while left and left[0].text == " ":
        del left[0]
    while left and left[-1].text == " ":
        del left[-1]
    return replace(row, letters=tuple(left)) if len(left) < len(row.letters) else row


def _is_struck(letter: Letter, strokes: Sequence[Stroke]) -> bool:
    middle = (letter.left + letter.right) / 2
    return any(stroke.left < middle < stroke.right for stroke in strokes)


@dataclass(frozen=True, slots=True)
class Ruling:
    """The lines of a page, those that go on as one."""

    rules: tuple[Rule, ...]
    strokes: tuple[Stroke, ...]

    @classmethod
    def of(cls, rules: Sequence[Rule], strokes: Sequence[Stroke]) -> "Ruling":
        """That of the lines as they are drawn."""
        upright = _going_on([(rule.x, rule.bottom, rule.top) for rule in rules])
        level = _going_on([(stroke.y, stroke.left, stroke.right) for stroke in strokes])
        return cls(tuple(Rule(*each) for each in upright), tuple(Stroke(*each) for each in level))

    def around(self, row: Row) -> Cell | None:
        """The box that lines enclose around a row."""
        height = row.foot + _ABOVE * row.size
        beside = [rule.x for rule in self.rules if rule.bottom - _NEARLY < height < rule.top + _NEARLY]
        left = max((x for x in beside if x < row.left + _NEARLY), default=None)
        right = min((x for x in beside if x > row.right - _NEARLY), default=None)
        if left is None or right is None:
            return None
        over = [s.y for s in self.strokes if s.left < left + _NEARLY and right - _NEARLY < s.right]
        floor = max((y for y in over if y < height), default=None)
        ceiling = min((y for y in over if y > height), default=None)
        return None if floor is None or ceiling is None else Cell(left, floor, right, ceiling)


def _going_on(lines: Iterable[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Lines, by their place and their ends, those at one place that meet made one."""
    last: tuple[float, float, float] | None = None
    for place, start, end in sorted((round(place, 1), start, end) for place, start, end in lines):
        if last and place == last[0] and start <= last[2] + _NEARLY:
            last = place, last[1], max(last[2], end)
            continue
        if last:
            yield last
        last = place, start, end
    if last:
        yield last
