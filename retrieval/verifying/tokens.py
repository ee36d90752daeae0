"""The words of a text that is checked and of its sources, and where they stand.

A symbol that says something («%», «$», the minus of a number) is a word here: without it another thing is said.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from retrieval.arabic import words
from retrieval.arabic.analysis import STOP_WORDS
from retrieval.model import Span

LIGHT = 0.5  # the weight of a word that carries grammar only, beside one that carries a subject

_MINUS = re.compile(r"(?<![^\s(\[])[-−–](?=\d)")
_KINDS = {"Sc", "Sm", "So"}
_PERCENT = dict.fromkeys("٪﹪", "%")
_NO_WORDS = "|~"


class Token(NamedTuple):
    """A word or a symbol: characters ``start`` to ``end`` of a text, and its ``folded`` form."""

    start: int
    end: int
    folded: str

    @property
    def weight(self) -> float:
        """How much it tells of where a text is from."""
        return LIGHT if self.folded in STOP_WORDS else 1.0


def tokens(text: str, within: Span) -> list[Token]:
    """The words and symbols of a stretch of a text, in order; they count characters of the text."""
    stretch, found, at, first = within.of(text), list[Token](), 0, within.start
    for start, end, folded in words(stretch):
        if start - at > 1 or not stretch[at:start].isspace():  # nearly always it is one space
            found += _symbols(stretch, at, start, first)
        found.append(Token(first + start, first + end, folded))
        at = end
    found += _symbols(stretch, at, len(stretch), first)
    return found


def _symbols(text: str, start: int, end: int, first: int) -> Iterator[Token]:
    """The symbols between two words of a stretch that begins ``first`` characters after its text."""
    for place in range(start, end):
        character = text[place]
        if character.isspace() or character in _NO_WORDS:
            continue
        if _MINUS.match(text, place):
            yield Token(first + place, first + place + 1, "-")
        elif character in "%٪﹪‰" or unicodedata.category(character) in _KINDS:
            yield Token(first + place, first + place + 1, _PERCENT.get(character, character))
