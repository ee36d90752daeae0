"""Analysis: from text to the terms that passages and questions share.

Two kinds of terms, each indexed as a field of its own: stems (what ``analyze`` gives), and n-grams of
letters, which still meet where prefixes, plurals or typing slips keep stems apart.
"""

from functools import lru_cache

import Stemmer

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words, words

__all__ = ["analyze", "grams", "is_stop_word", "stem", "words"]

_STEMMER = Stemmer.Stemmer("arabic", 0)  # 0: it keeps no cache of its own, ``stem`` has one
_ARTICLES = ("وبال", "فبال", "وكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال")
_SHORTEST = 3
_GRAM = 4
_REMEMBERED = 1 << 18

STOP_WORDS = frozenset(map(fold_text, table("stop_words")["words"].split()))


def analyze(text: str) -> list[str]:
    """The terms of a text, the same for passages and questions: stems in the order of the words."""
    return [stem(word) for word in folded_words(text) if word not in STOP_WORDS]


def is_stop_word(folded: str) -> bool:
    """Whether a folded word carries grammar only."""
    return folded in STOP_WORDS


@lru_cache(_REMEMBERED)
def stem(folded: str) -> str:
    """The stem of a folded word: article and joined particles off, then Snowball's Arabic stemmer."""
    for article in _ARTICLES:
        if folded.startswith(article) and len(folded) - len(article) >= _SHORTEST:
            folded = folded[len(article) :]
            break
    return fold_text(_STEMMER.stemWord(folded)) or folded


LIGHT_STEMS = frozenset(map(stem, map(fold_text, table("light_words")["words"].split())))


@lru_cache(_REMEMBERED)
def grams(folded: str) -> tuple[str, ...]:
    """The n-grams of a folded word's letters; a word no longer than one is a gram itself."""
    if len(folded) <= _GRAM:
        return (folded,)
    return tuple(folded[i : i + _GRAM] for i in range(len(folded) - _GRAM + 1))
