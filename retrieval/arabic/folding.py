"""Folding: the many spellings of one Arabic word brought to one, with the way back to the raw text.

Folded text is for matching and is never shown. Each character folds by itself (to nothing, to one character
or to several), so folding is idempotent and every folded character has one origin.
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass

from pyarabic import araby

_LETTERS: dict[str, str] = {
    **dict.fromkeys(araby.ALEFAT, araby.ALEF),  # أ إ آ ٱ and the alef of the ligatures
    **dict.fromkeys("ٲٳٵ", araby.ALEF),
    **dict.fromkeys("ىئیېےۍېٸ", araby.YEH),
    **dict.fromkeys("ؤٶٷۆۇۋ", araby.WAW),
    **dict.fromkeys("ةۀہەھۃ", araby.HEH),
    **dict.fromkeys("کڪګگڭ", araby.KAF),
    **dict.fromkeys("پ", araby.BEH),
    **dict.fromkeys("چ", araby.JEEM),
    **dict.fromkeys("ژ", araby.ZAIN),
    **dict.fromkeys("ڤڨ", araby.FEH),
    araby.TATWEEL: "",
    araby.MINI_ALEF: "",  # a mark, though pyarabic counts it among the alefs: هٰذا is هذا
}
# The small letters of the Quran's script, which are marks though Unicode has some as letters and symbols; and what
# Pythons of today do not know yet.
_SMALL = frozenset(map(chr, (*range(0x6D6, 0x6EE), 0x897, 0x8C9, *range(0x8D3, 0x900), *range(0x10EFC, 0x10F00))))
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾")  # powers and marks of notes, which belong to no word or number: كم² is كم
_INVISIBLE = {"Mn", "Me", "Cf"}  # harakat and other marks; joiners, direction marks
_RUN_OF_SPACES = re.compile(" {2,}")


class _Table(dict[int, str]):
    """Code point to folded characters, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _RAISED:
        return ""
    once = "".join(_fold_plain(c) for c in unicodedata.normalize("NFKD", character.casefold()))
    return once if once == character else "".join(map(_fold_character, once))


def _fold_plain(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    if character in _SMALL or unicodedata.category(character) in _INVISIBLE:
        return ""
    if character.isspace():
        return " "
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made for matching. ``origins[i]`` is the raw index of folded character ``i``;
    one more entry at the end holds the length of the raw text."""

    text: str
    origins: "array[int]"

    def origin(self, index: int) -> int:
        """The index into the raw text of folded character ``index`` (``len(text)`` gives the raw length)."""
        return self.origins[index]


def fold(text: str) -> Folded:
    """The folded form of any text, with its offset map."""
    pieces = [_TABLE[ord(c)] for c in text]
    loose = "".join(pieces)
    origins = array("q", (i for i, piece in enumerate(pieces) for _ in piece))
    kept = [i for i, c in enumerate(loose) if c != " " or i == 0 or loose[i - 1] != " "]
    return Folded("".join(loose[i] for i in kept), array("q", [*(origins[i] for i in kept), len(text)]))


def fold_text(text: str) -> str:
    """``fold(text).text`` without the map, many times faster."""
    return _RUN_OF_SPACES.sub(" ", text.translate(_TABLE))
