"""Words of a document looked for among those of a page, by their letters and digits alone: signs, marks and spaces are
put in order on the way from a page to a text.
"""

from dataclasses import dataclass

_KASHIDA = "\N{ARABIC TATWEEL}"
_FEWEST = 6  # letters in a row that are looked for by themselves where the whole does not stand on a page
_ENOUGH = 0.8  # of a stretch's letters: where fewer are found, it is not said to stand there


@dataclass(frozen=True, slots=True)
class Sought:
    """Letters and digits that are looked for on a page, of which so many stand ``before`` them there."""

    letters: str
    before: int


def letters_of(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(letter for letter in text if letter.isalnum() and letter != _KASHIDA)


def stretches(text: str, sought: Sought) -> list[range]:
    """Where in a text of letters and digits others stand: the nearest to where they should; in pieces where the whole
    does not stand there, as in a table. None where too few do."""
    found: list[range] = []
    at = 0
    while at < len(sought.letters):
        length = _longest(text, sought.letters[at:])
        if length < min(_FEWEST, len(sought.letters)):
            at += 1
            continue
        start = _nearest(text, sought.letters[at : at + length], sought.before + at)
        found.append(range(start, start + length))
        at += length
    return found if sum(map(len, found)) >= _ENOUGH * len(sought.letters) else []


def _longest(text: str, letters: str) -> int:
    """How many of the first of some letters stand together in a text."""
    fewest, most = 0, len(letters)
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if letters[:middle] in text:
            fewest = middle
        else:
            most = middle - 1
    return fewest


def _nearest(text: str, letters: str, place: int) -> int:
    starts, at = [], text.find(letters)
    while at >= 0:
        starts.append(at)
        at = text.find(letters, at + 1)
    return min(starts, key=lambda start: abs(start - place))
