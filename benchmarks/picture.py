"""Draws the README's picture: a question, and the message with which the bot answers it.

    python benchmarks/picture.py            writes answer.png beside this file

The message is the bot's own, made of the shipped corpus. Its text is the picture's description too, by which a test
sees that the bot still answers so. matplotlib joins Arabic letters by itself from 3.11 on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D

from bot.phrases import phrases
from bot.showing.cards import Card, cards
from retrieval import Library

HERE = Path(__file__).parent
PICTURE = HERE / "answer.png"
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
SAYS = phrases("ar")
POINTS = 72  # of an inch; all lengths here are in points
WIDTH, MARGIN, PAD, SIZE, SPACE, LEADING = 600.0, 14.0, 12.0, 14.0, 4.5, 24.0
RIGHT = WIDTH - MARGIN
WALL, ASKED, ANSWERED, QUOTED, BAR, BUTTON = "#cfdcc9", "#e6fbd0", "#ffffff", "#e9f3fb", "#3390ec", "#8aa386"
INK, PALE = "#101010", "#ffffff"
_WORD = re.compile(r"(\d+(?=[.:،؛]+(?:\s|$))|\S+)(\s*)")  # what follows a number stands on its left
UNSEEN = dict.fromkeys(map(ord, "\u200f\u2068\u2069"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is shown, or a part of one; ``space``: whether one follows."""

    text: str
    is_bold: bool = False
    is_quoted: bool = False
    space: bool = True


class Reading(HTMLParser):
    """A message's lines, of Telegram's HTML, each a list of words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[list[Word]] = [[]]
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """What follows is in it."""
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """What follows is not in it."""
        self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        """More words."""
        for number, line in enumerate(data.translate(UNSEEN).split("\n")):
            if number:
                self.lines.append([])
            if line[:1].isspace() and self.lines[-1]:
                self.lines[-1][-1] = replace(self.lines[-1][-1], space=True)
            for word, space in _WORD.findall(line):
                self.lines[-1].append(Word(word, "b" in self._open, "blockquote" in self._open, bool(space)))


def answer() -> Card:
    """What the bot answers."""
    library = Library.open(HERE.parent / "corpus")
    (card,) = cards(library.ask(QUESTION), SAYS)
    library.close()
    return card


@cache
def shape(word: Word) -> TextPath:
    """A word's letters, from 0 to the right."""
    font = FontProperties(family="DejaVu Sans", weight="bold" if word.is_bold else "normal")
    return TextPath((0, 0), word.text, size=SIZE, prop=font)


def width(words: Iterable[Word]) -> float:
    """How wide words are, with their spaces."""
    return sum(reach(word) + word.space * SPACE for word in words)


@cache
def reach(word: Word) -> float:
    """Where a word's letters end."""
    return float(shape(word).get_extents().x1)


def wrapped(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Words in lines that the answer's box has room for."""
    line: list[Word] = []
    for word in words:
        if width([*line, word]) > RIGHT - MARGIN - 4 * PAD:
            yield line
            line = []
        line.append(word)
    yield line


def fill(axes: Axes, left: float, bottom: float, wide: float, high: float, colour: str) -> None:
    """A box with round corners."""
    style = "round,pad=0,rounding_size=6"
    axes.add_patch(FancyBboxPatch((left, bottom), wide, high, boxstyle=style, facecolor=colour, edgecolor="none"))


def write(axes: Axes, words: Iterable[Word], right: float, base: float, colour: str = INK) -> None:
    """A line of words, from the right."""
    for word in words:
        right -= width([word])
        place = Affine2D().translate(right + word.space * SPACE, base)
        axes.add_patch(PathPatch(shape(word).transformed(place), facecolor=colour, edgecolor="none"))


def asked(axes: Axes, lines: Sequence[Sequence[Word]], top: float, colour: str = ASKED) -> float:
    """Draws a question's bubble; where it ends."""
    bottom, wide = top - len(lines) * LEADING - PAD, max(map(width, lines)) + 2 * PAD
    fill(axes, RIGHT - wide, bottom, wide, top - bottom, colour)
    for number, line in enumerate(lines, 1):
        write(axes, line, RIGHT - PAD, top - number * LEADING)
    return bottom


def answered(axes: Axes, lines: Sequence[Sequence[Word]], top: float) -> float:
    """Draws the answer's bubble; where it ends."""
    bottom = top - len(lines) * LEADING - 2 * PAD
    fill(axes, MARGIN, bottom, RIGHT - MARGIN, top - bottom, ANSWERED)
    for number, line in enumerate(lines):
        high = top - PAD - number * LEADING
        low = high - LEADING
        if line and line[0].is_quoted:
            axes.fill_between((MARGIN + PAD, RIGHT - PAD), low, high, facecolor=QUOTED)
            axes.fill_between((RIGHT - PAD - 3, RIGHT - PAD), low, high, facecolor=BAR)
        write(axes, line, RIGHT - 2 * PAD, low + LEADING / 3)
    return bottom


def pressed(axes: Axes, texts: Sequence[str], top: float) -> float:
    """Draws a row of buttons, the first on the right; where it ends."""
    bottom, gap = top - LEADING - PAD / 2, MARGIN / 2
    wide = (RIGHT - MARGIN + gap) / len(texts) - gap
    for number, text in enumerate(texts):
        right, words = RIGHT - number * (wide + gap), [Word(text, space=False)]
        fill(axes, right - wide, bottom, wide, top - bottom, BUTTON)
        write(axes, words, right - (wide - width(words)) / 2, bottom + PAD * 3 / 4, PALE)
    return bottom


def draw(lines: Sequence[Sequence[Word]]) -> Figure:
    """The question on top, the answer's ``lines`` below, and two of its buttons."""
    figure = Figure(facecolor=WALL)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    end = asked(axes, [[Word(word) for word in QUESTION.split()]], -MARGIN)
    end = answered(axes, lines, end - MARGIN)
    end = pressed(axes, (SAYS.button_context, SAYS.button_source), end - MARGIN / 2) - MARGIN
    axes.set(xlim=(0, WIDTH), ylim=(end, 0))
    figure.set_size_inches(WIDTH / POINTS, -end / POINTS)
    return figure


def main() -> None:
    """Writes the picture."""
    card = answer()
    lines = [part for line in Reading(card.html).lines for part in wrapped(line)]
    draw(lines).savefig(PICTURE, dpi=2 * POINTS, metadata={"Title": QUESTION, "Description": card.plain})


if __name__ == "__main__":
    main()
