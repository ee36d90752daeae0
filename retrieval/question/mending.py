"""Mends a question's mistyped and glued words by the words of the corpus, and leaves the rest of it as it is."""

import re
from collections.abc import Callable
from typing import Protocol

from retrieval.arabic import fold_text
from retrieval.arabic.words import Word, words
from retrieval.model import Answer
from retrieval.question.parsed import parse

_JOINED = ("و", "ف", "ب", "ل", "ك")
TRIED = 3
"""Repairs that are tried of a question that is refused."""


class Vocabulary(Protocol):
    """What is asked of the words of a corpus; all words are folded."""

    def holds(self, word: str) -> bool:
        """Whether the corpus holds a word, in any of its forms."""

    def mend(self, word: str) -> str | None:
        """What a mistyped word was meant to be, if that is clear."""

    def split(self, word: str, written: str = "") -> tuple[str, str] | None:
        """The two words that a word, in raw form ``written``, is glued from, if that is clear."""

    def spelling(self, word: str) -> str:
        """How the corpus writes a word."""

    def near(self, word: str) -> list[tuple[float, str]]:
        """The words that one that the corpus does not write may be a slip of, with what each slip costs."""


MOST = 20  # words of a question that are guessed at: more unknown ones are no slips, and each is compared with many
_MARKED = re.compile("[\u064c-\u0652]")  # harakat: who writes them means the letters under them; «ً» ends words without


def mended(question_text: str, vocabulary: Vocabulary) -> str:
    """The question with each word of its subject that the corpus does not hold mended or split, if a guess is clear; a
    word of a dialect is no slip.

    Everything else stays, character for character; the same text where nothing is to be mended.
    """
    subject = {fold_text(term.written) for term in parse(question_text).terms if not term.means}
    unknown = [w for w in words(question_text) if w.folded in subject and not vocabulary.holds(w.folded)]
    pieces, done = [], 0
    for word in unknown[:MOST]:
        pieces += [question_text[done : word.start], _mended(question_text[word.start : word.end], word, vocabulary)]
        done = word.end
    return "".join([*pieces, question_text[done:]])


def meant(question_text: str, vocabulary: Vocabulary, ask: Callable[[str], Answer]) -> str | None:
    """The question with one word of its subject, which the corpus does not write, put for another of which it may be a
    slip, where ``ask`` finds an answer to that which has the other word; None where there is none. The same word with a
    particle joined to it is no other: «والدخول» for «الدخول»."""
    subject = {fold_text(term.written) for term in parse(question_text).terms}
    asked = [word for word in words(question_text) if word.folded in subject]
    tries = sorted(
        (cost, word.start, word.end, other)
        for word in asked[:MOST]
        for cost, other in vocabulary.near(word.folded)
        if not (other[1:] == word.folded and other[0] in _JOINED)
    )
    for _, start, end, other in tries[:TRIED]:
        repaired = question_text[:start] + vocabulary.spelling(other) + question_text[end:]
        if any(other in fold_text(f"{quote.document.title} {quote.text}") for quote in ask(repaired).at_once):
            return repaired
    return None


def _mended(written: str, word: Word, vocabulary: Vocabulary) -> str:
    if _MARKED.search(written):
        return written
    if parts := vocabulary.split(word.folded, written):
        return " ".join(map(vocabulary.spelling, parts))
    guess = vocabulary.mend(word.folded)
    return vocabulary.spelling(guess) if guess else written
