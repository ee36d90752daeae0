"""A sentence as pieces, and which of them are of which of its words."""

import re
from dataclasses import dataclass

from retrieval.model import Span
from retrieval.reader.pieces import Pieces

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Worded:
    """``words``: the stretch of each in the sentence, and its first piece and the one after its last."""

    pieces: list[int]
    words: tuple[tuple[Span, int, int], ...]


def worded(vocabulary: Pieces, sentence: str) -> Worded:
    """A sentence, cut."""
    pieces: list[int] = []
    words = []
    for word in _WORD.finditer(sentence):
        start = len(pieces)
        pieces += vocabulary.of(word.group())
        words.append((Span(word.start(), word.end()), start, len(pieces)))
    return Worded(pieces, tuple(words))
