"""A text to the pieces of words that the networks know, by a unigram model (Kudo, "Subword Regularization", 2018).

Pieces do not cross spaces, so words are cut one by one, each in the most probable way (Viterbi), and remembered.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

START, PAD, END, UNKNOWN = range(4)
_BEGINS = "▁"  # stands for the space before a word
_FEWER = 10.0  # how much less likely than the least likely piece a letter is that none covers
_REMEMBERED = 2**17  # words
_LONGEST = 64  # letters of a word that are read: longer ones are no words
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DROPPED = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)  # marks of vocalisation, tatweel, what is not seen

_Way = tuple[float, int, int]  # how likely a way through the beginning of a word is; its last piece; where that begins


def normal(text: str) -> str:
    """A text as the pieces write it: compatibility forms undone, without marks, digits of one script."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).translate(_DIGITS)


class Pieces:
    """The vocabulary: pieces with the logarithms of their probabilities, by number. The first four stand for no
    text."""

    def __init__(self, pieces: Sequence[tuple[str, float]]) -> None:
        self._known: Mapping[str, tuple[int, float]] = {
            piece: (number, score) for number, (piece, score) in enumerate(pieces) if number > UNKNOWN
        }
        self._longest = max(map(len, self._known))
        self._unknown = min(score for _, score in pieces) - _FEWER
        self._words: dict[str, tuple[int, ...]] = {}
        self.size = len(pieces)

    @classmethod
    def read(cls, text: str) -> "Pieces":
        """Those of a file: a line each, the piece, a tab, its score."""
        rows = (line.rpartition("\t") for line in text.split("\n") if line)
        return cls([(piece, float(score)) for piece, _, score in rows])

    def of(self, text: str) -> list[int]:
        """The numbers of the pieces of a text."""
        return [number for word in normal(text).split() for number in self.of_word(word)]

    def of_word(self, word: str) -> tuple[int, ...]:
        """Those of one word, in normal form, without spaces; of one longer than words are, those of its beginning."""
        word = word[:_LONGEST]
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= _REMEMBERED:
                self._words.clear()
            found = self._words[word] = self._cut(_BEGINS + word)
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        ways: list[_Way] = [(0.0, UNKNOWN, 0)]
        for end in range(1, len(word) + 1):
            ways.append(max(self._ways(word, end, ways), key=itemgetter(0)))
        cut, end = [], len(word)
        while end:
            _, number, end = ways[end]
            cut.append(number)
        return tuple(reversed(cut))

    def _ways(self, word: str, end: int, before: Sequence[_Way]) -> Iterator[_Way]:
        """The ways to a place in a word, by the best ones to each place ``before``."""
        for start in range(max(0, end - self._longest), end):
            number, score = self._known.get(word[start:end], (UNKNOWN, self._unknown))
            if number != UNKNOWN or start == end - 1:
                yield before[start][0] + score, number, start
