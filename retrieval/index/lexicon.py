"""Whether a folded word is a word of the language, whatever a corpus holds: one that people write, or a form of one."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import vectors

_TABLE = table("affixes")
_BEFORE = tuple(sorted(map(fold_text, _TABLE["before"].split()), key=len, reverse=True))
_AFTER = tuple(map(fold_text, _TABLE["after"].split()))
_NOT, _SH = map(fold_text, _TABLE["denied"])
_COMING, _VERBS = tuple(map(fold_text, _TABLE["coming"].split())), tuple(fold_text(_TABLE["verbs"]))
_OF_FEMININE = frozenset(map(fold_text, _TABLE["of_feminine"].split()))
_CARRIED, _HAMZA, _TEH = tuple(map(fold_text, _TABLE["carried"].split())), "ء", fold_text("ة")
_MISWRITTEN = frozenset(fold_text(table("slips")["miswritten"]).split())
_SHORTEST = 3  # letters of what is left without these
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_FEWEST = 3  # letters of a word, each counted once: «ههههه», «هاهاها»
_REMEMBERED = 1 << 14


def bare_forms(word: str) -> Iterator[str]:
    """A word without the particles that it may begin with, the most taken off first."""
    for before in _BEFORE:
        if word.startswith(before) and len(word) - len(before) >= _SHORTEST:
            yield word[len(before) :]


@lru_cache(_REMEMBERED)
def is_listed(word: str) -> bool:
    """Whether people commonly write a word, with joined particles or without, and it is no common slip; or it is
    laughter."""
    forms = (word, *bare_forms(word))
    return len(set(word)) < _FEWEST or (_MISWRITTEN.isdisjoint(forms) and any(form in _words() for form in forms))


@lru_cache(_REMEMBERED)
def is_formed(word: str) -> bool:
    """Whether a word is one that people write with an ending, or as dialects say what will be or is not: so it is one
    by its letters, less surely."""
    return any(len(form) >= _SHORTEST and is_listed(form) for form in _unformed(word))


def _unformed(word: str) -> Iterator[str]:
    for after in filter(word.endswith, _AFTER):
        form = word[: -len(after)]
        yield form
        if after in _OF_FEMININE:
            yield form + _TEH
        elif form.endswith(_CARRIED):
            yield form[:-1] + _HAMZA
    if word.startswith(_COMING) and word[1:2] in _VERBS:
        yield word[1:]
    if word.endswith(_SH):
        yield from (word[: -len(_SH)], word[: -len(_SH)].removeprefix(_NOT))


def undrawn(word: str) -> str:
    """A word without letters that are drawn out («كتيييير»)."""
    return _DRAWN_OUT.sub(r"\1", word)


@cache
def _words() -> frozenset[str]:
    """Those that have a vector, and those of a table; ``benchmarks/make_words.py`` makes it and names its source."""
    listed = files("retrieval.arabic.tables").joinpath("words.txt").read_text(encoding="utf-8").split()
    return frozenset(vectors().words).union(listed)
