"""From letters in the order in which they stand on a page, left to right, to the text as it is written.

The way back from the Unicode bidirectional algorithm (UAX #9): words of Arabic are read from the right, numbers and
Latin within them from the left. What it cannot know (which of two neighbours was written first) it takes as a reader
would.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from unicodedata import bidirectional, category

from retrieval.arabic import fold_text
from retrieval.arabic.tables import table

_KINDS = {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N", "CS": "C", "ES": "E", "ET": "E"}
# «5G» is read from its left
# «12,430» and «9:30» are one, and so is «18%» where a line begins with it; after Arabic, «%» and «-» stand apart
_NUMBER = r"N+(?:CN+)*"
_FROM_LEFT = re.compile(rf"(?:{_NUMBER})?L(?:[^R]*(?:L|{_NUMBER}E*))?|{_NUMBER}(?:E+$)?|.", re.DOTALL)
_FROM_RIGHT = re.compile(r"R(?:[^L]*R)?")
_LAST_NUMBER = re.compile(r"(?<![NCE])(?=[NC]*E)(?=[CE]*N)[NCE]+$")  # with a sign
_WRITTEN_NUMBER = re.compile(r"[$€£+]?\d+(?:[.,:/٫٬]\d+)*(?:[-–]\d+(?:[.,:/٫٬]\d+)*)*[%٪]?[.,:،]?")
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "“": "”"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_BRACKET = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_OPENERS)) + "]")
_WORD = re.compile(r"[ء-ي]{2,}")
_ARTICLE = re.compile(r"(?:[وفبك]?ال|[وف]?لل)[ء-ي]{3,}")


def kind(text: str) -> str:
    """How a letter is ordered: R from the right, L from the left, N a digit, C and E what stands in and at numbers, O
    anything else."""
    return _KINDS.get(bidirectional(text[0]), "O")


def order(letters: Sequence[str], kinds: str, *, from_right: bool) -> list[int]:
    """The numbers of the letters of a line in the order in which they are read. ``letters`` from left to right, each
    with the marks on it; ``kinds`` has the kind of each; ``from_right``: whether the line as a whole begins at its
    right."""
    if not from_right:
        return _from_left(letters, kinds)
    parts = []
    at = 0
    while at < len(letters):
        found = _FROM_LEFT.match(kinds, at)
        assert found  # noqa: S101 -- the last of its branches matches anything
        end = _closed(letters, at, found.end())
        parts.append(range(at, end))
        at = end
    places = [at for part in reversed(parts) for at in part]
    number = _LAST_NUMBER.search(kinds)
    count = len(number[0]) if number else 0
    is_apart = count > 0 and min(places[:count]) == len(kinds) - count
    return [*_number(letters, places[:count]), *places[count:]] if is_apart else places


def _number(letters: Sequence[str], places: Sequence[int]) -> list[int]:
    """The order of a number with signs at the right end of a line, where it begins: which way its parts are read hangs
    on what stands before it, in another line or nowhere. That way is taken in which it reads like a number."""
    from_left = sorted(places)
    ways = [list(places), from_left, _parts_from_right(letters, from_left)]
    return max(ways, key=lambda way: _likely("".join(letters[at] for at in way)))


def _parts_from_right(letters: Sequence[str], places: Sequence[int]) -> list[int]:
    runs = [list(run) for _, run in groupby(places, key=lambda at: kind(letters[at]) in "NC")]
    return [at for run in reversed(runs) for at in run]


def _likely(text: str) -> int:
    """How much a text reads like a number with its signs, from 0."""
    found = _WRITTEN_NUMBER.fullmatch(text)
    if not found:
        return 0
    parts = re.findall(r"\d+", text)
    is_rising = len(parts) == 1 or text.startswith("0") or int(parts[0]) <= int(parts[-1])
    return 2 if is_rising else 1


def _from_left(letters: Sequence[str], kinds: str) -> list[int]:
    found: list[int] = []
    at = 0
    for run in _FROM_RIGHT.finditer(kinds):
        start, end = run.span()
        found += range(at, start)
        found += (start + number for number in order(letters[start:end], run.group(), from_right=True))
        at = end
    return [*found, *range(at, len(letters))]


def _closed(letters: Sequence[str], start: int, end: int) -> int:
    """The end of words that are read from the left, with the bracket that closes one opened in them: «Omeka (S)»."""
    if end - start > 1 and end < len(letters) and letters[end] in _OPENERS:
        opened = letters[start:end].count(_OPENERS[letters[end]])
        if opened > letters[start:end].count(letters[end]):
            return end + 1
    return end


def bracketed(text: str) -> str:
    """A text whose brackets open and close: some programs write down how they look, some what they are.

    A bracket after a space and before a word opens; one after a word closes; where that tells nothing, it closes
    what is open.
    """
    opened: dict[str, int] = {}

    def turned(found: re.Match[str]) -> str:
        opener = _OPENERS.get(found.group(), found.group())
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        opens = opened.get(opener, 0) == 0
        if _is_outside(before) != _is_outside(after):
            opens = _is_outside(before)
        opened[opener] = max(0, opened.get(opener, 0) + (1 if opens else -1))
        return opener if opens else _PAIRS[opener]

    return _BRACKET.sub(turned, text)


def _is_outside(neighbour: str) -> bool:
    """Whether a character, or the end of a text, is what stands around a bracket rather than in it."""
    return not (neighbour.isalnum() or (neighbour and category(neighbour) == "Mn"))


def known_words(text: str) -> tuple[int, int, int]:
    """How many of the Arabic words of a text begin with an article or are of the commonest, how many would if they
    were written backwards, and how many words there are."""
    words = _WORD.findall(fold_text(text))
    return sum(map(_is_known, words)), sum(_is_known(word[::-1]) for word in words), len(words)


def _is_known(word: str) -> bool:
    return word in _common() or bool(_ARTICLE.fullmatch(word))


@cache
def _common() -> frozenset[str]:
    return frozenset(map(fold_text, table("stop_words")["words"].split()))
