"""From the glyphs of a page to those that stand in one line, before they are put in order."""

from collections.abc import Sequence

from retrieval.documents.pdf.glyphs import Glyph

_TWICE = 0.3  # of its width by which a letter is moved that is drawn twice, to look bold
_WIDEST_GAP = 2.6  # sizes between two parts of a line that are drawn one after the other
_NARROW_GAP = 0.8  # sizes between two that are not
_LARGER = 1.3  # times the size of a text: that of a heading
_OVERHANG = 0.4  # sizes by which letters of one line reach over each other
_LEVEL = 0.15  # sizes: letters whose feet are no farther apart do, though they lie on each other
_SAME_LINE = 0.5  # sizes: letters whose feet are no farther apart stand in one line
_BAND = -0.25, 0.85  # sizes from the foot of a line: between them stand its letters
_SMALL, _RAISED, _FARTHEST_RAISED = 0.85, 0.15, 1.0  # sizes of a line: how small and how high the mark of a note is


class Gathered:
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
        smaller = min(self.size, one.size)  # no heading stands farther from a line of another column than its text does
        room = most * (smaller if size > smaller * _LARGER and one.text.strip() else size)
        if left > self.right - _OVERHANG * size:
            return left - self.right < room
        if right < self.left + _OVERHANG * size:
            return self.left - right < room
        if abs(self.foot - one.foot) < _LEVEL * size:
            return True
        reached = [g for g in self.glyphs if g.left < right and left < g.right]
        over = (min(a.right, b.right) - max(a.left, b.left) for a in reached for b in glyphs)
        return not any(each > size * _OVERHANG for each in over) or _is_the_same(reached, glyphs)


def _is_the_same(glyphs: Sequence[Glyph], others: Sequence[Glyph]) -> bool:
    """Whether letters are drawn over the same letters."""
    there = {(glyph.text, round(glyph.left / max(1.0, glyph.width * _TWICE))) for glyph in glyphs}
    return all((g.text, round(g.left / max(1.0, g.width * _TWICE))) in there for g in others if g.text.strip())


def _is_raised(glyph: Glyph, line: Gathered) -> bool:
    """Whether a glyph stands raised and small in a line, as the mark of a note does."""
    rise = glyph.foot - line.foot
    return glyph.size <= _SMALL * line.size and _RAISED * line.size < rise < _FARTHEST_RAISED * line.size


def gathered(pieces: Sequence[list[Glyph]]) -> list[Gathered]:
    """The lines of a page from its pieces, in the order in which they were drawn, without those that show nothing."""
    lines: list[Gathered] = []
    for piece in pieces:
        _put(piece, lines)
    return _closed_up([line for line in lines if any(glyph.text.strip() for glyph in line.glyphs)])


def _put(bases: list[Glyph], lines: list[Gathered]) -> None:
    """Puts the glyphs of a piece into the line in which they stand, a new one if there is none."""
    if lines and lines[-1].takes(bases, _WIDEST_GAP):
        lines[-1].add(bases)
        return
    line = next((line for line in reversed(lines) if line.takes(bases, _NARROW_GAP)), None)
    if line:
        line.add(bases)
    else:
        lines.append(Gathered(bases))


def _closed_up(lines: Sequence[Gathered]) -> list[Gathered]:
    """Lines, those that have grown together as one: what stands between them may be drawn last."""
    found: list[Gathered] = []
    for line in lines:
        other = next((other for other in reversed(found) if other.takes(line.glyphs, _NARROW_GAP)), None)
        if other:
            other.add(line.glyphs)
        else:
            found.append(line)
    return found
