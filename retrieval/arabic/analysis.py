"""Analysis: from text to the terms that passages and questions share.

Three kinds of terms, each indexed as a field of its own: stems (what ``analyze`` gives); lemmas, which bring
broken plurals to their singular; and n-grams of letters, which still meet where prefixes or typing slips keep
stems apart.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words

_STEMMER = Stemmer.Stemmer("arabic", 0)  # 0: it keeps no cache of its own, ``stem`` has one
_ARTICLES = ("وبال", "فبال", "وكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل", "ال")
_SHORTEST = 3
_GRAM = 4
_REMEMBERED = 1 << 17  # words; in each process that analyses some 150 MB with the other such caches


def _stop_words() -> Iterator[str]:
    """The words that carry grammar only, alone and joined to «و» and «ف» («وهو», «فلم»)."""
    listed = table("stop_words")
    words = set(map(fold_text, listed["words"].split()))
    joined = {particle + word for particle in "وف" for word in words if len(word) > 1}
    return iter(words | joined - set(map(fold_text, listed["not_joined"].split())))


STOP_WORDS = frozenset(_stop_words())
_PASSED_OVER = STOP_WORDS | {""}


def analyze(text: str) -> list[str]:
    """The terms of a text, the same for passages and questions: stems in the order of the words."""
    return list(map(stem, content_words(text)))


def content_words(text: str) -> list[str]:
    """The words of a text that carry its subject, each in its one canonical form."""
    return content_of(folded_words(text))


def content_of(folded: Sequence[str]) -> list[str]:
    """Of a text's folded words those that carry its subject, each in its one canonical form."""
    return [word for word in canonical(folded) if word not in _PASSED_OVER]


def is_content(word: str) -> bool:
    """Whether a canonical word carries a subject: it is there (none of a group's later words), and no stop word."""
    return word not in _PASSED_OVER


@lru_cache(_REMEMBERED)
def stem(word: str) -> str:
    """The stem of a folded word: article and joined particles off, then Snowball's Arabic stemmer."""
    word = without_article(word)
    return fold_text(_STEMMER.stemWord(word)) or word


def without_article(word: str) -> str:
    """A folded word without its article, and the particles joined before that."""
    if not word.startswith(_ARTICLES):  # all at once: most words have none
        return word
    return next((word[len(a) :] for a in _ARTICLES if word.startswith(a) and len(word) - len(a) >= _SHORTEST), word)


@lru_cache(_REMEMBERED)
def lemma(word: str) -> str:
    """The stem of a folded word's lemma, where a table knows one: «كتب» gives that of «كتاب»; else its own stem."""
    own = stem(word)
    return _lemmas().get(own, own)


@lru_cache(_REMEMBERED)
def grams(word: str) -> str:
    """The n-grams of a folded word's letters, a space between; a word no longer than one is a gram itself.

    One string: many words are remembered, and as many strings as a word has grams would take four times the memory.
    """
    if len(word) <= _GRAM:
        return word
    return " ".join([word[i : i + _GRAM] for i in range(len(word) - _GRAM + 1)])


@cache
def _lemmas() -> dict[str, str]:
    """Stems to the stems of their lemmas; ``benchmarks/make_lemmas.py`` makes the table and names its source."""
    pairs = files(f"{__package__}.tables").joinpath("lemmas.txt").read_text(encoding="utf-8").split()
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


LIGHT_STEMS = frozenset(map(stem, map(fold_text, table("light_words")["words"].split())))
