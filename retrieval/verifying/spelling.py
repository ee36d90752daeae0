"""The rule between a word that is spelled otherwise and another word: letter by letter, and the table
``spelling.toml``.

The same word may differ in marks, tatweel, capitals, the digits' script, and in letters that one hand writes and
another does not: a hamza left out (ا for أ, و for ؤ), its seat within the word (مسئول, مسؤول), the dots of ى and ي and
of ة at a word's end. The table has the words in which such a letter makes another word, unless the text never writes
that letter, and those of which it does not though it would elsewhere. Nothing else is spelling: likeness never is.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

from retrieval.arabic import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import fold_word

Likeness = Literal["same", "spelling", "other"]

_ALEFS = frozenset("اأإآٱ")
_BARE = {"ا": "أإآٱ", "و": "ؤ", "ي": "ئ", "ى": "ئ"}  # a letter without its hamza, and those with it
_SEATS = frozenset("أؤئء")  # of one hamza within a word
_YEHS = frozenset("يى")
_TEHS = frozenset("ةه")
_ALIKE = str.maketrans("یېۍکڪہھۀ٪﹪−–", "يييككههة%%--")
_TO_BARE_ALEF = str.maketrans("أإآٱ", "اااا")
_DIFFER = str.maketrans("", "", "اويءه")
_MADDA = re.compile("[ءأ]ا")
_ARTICLE = re.compile("[وفبك]{0,2}ال...|[وف]?لل...")  # «والده» has none
_PREFIX = re.compile("[وفبلك]{0,2}(?:ال)?")
_MARKS = "\u0640\u064b-\u0655\u0670"
_REMEMBERED = 1 << 15

HABITS = "ةىي"
"""Letters at a word's end that a hand may never write: it puts ه, ي or ى."""


def likeness(text: str, source: str, unwritten: str = "") -> Likeness:
    """What a raw word of a text is beside one of its source. ``unwritten``: the letters, of ``HABITS``, that the text
    ends no word with, though it would."""
    if text == source or written(text) == written(source):
        return "same"
    return "spelling" if is_spelling(letters(text), letters(source), unwritten) else "other"


def unwritten(text: str) -> Iterator[str]:
    """The letters, of HABITS, that no word of a text ends with."""
    return (letter for letter in HABITS if not ends_with(text, letter))


def ends_with(text: str, letter: str) -> int:
    """How many words of a text end with a letter."""
    return len(re.findall(rf"{letter}(?![\w{_MARKS}])", text))


@lru_cache(_REMEMBERED)
def written(text: str) -> str:
    """A stretch as a reader sees it: without characters that have no shape, each run of white space as one space."""
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(shown.split())


@lru_cache(_REMEMBERED)
def skeleton(folded: str) -> str:
    """A folded word without the letters in which spellings differ: those of one word have one skeleton."""
    return folded.translate(_DIFFER)


@lru_cache(_REMEMBERED)
def letters(raw: str) -> str:
    """A raw word without marks and tatweel; of a number, its digits; a letter of another alphabet folded."""
    if raw[:1].isdigit():
        return fold_word(raw)
    plain = unicodedata.normalize("NFKC", raw).translate(_ALIKE)
    return _MADDA.sub("آ", "".join(c if c in _OURS else fold_text(c) for c in plain))


_OURS = _ALEFS | _SEATS | _YEHS | _TEHS | {"و", "ا"}


def is_spelling(text: str, source: str, unwritten: str = "") -> bool:
    """Whether two words, by their ``letters``, are one word. ``unwritten``: as of ``likeness``."""
    if text == source:
        return True
    pairs = list(_bare_pairs(text, source))
    if _among("variants", pairs):
        return True
    if len(text) != len(source) or _among("never", pairs):
        return False
    is_habit = source[-1] in unwritten
    if not is_habit and _among("apart", pairs):
        return False
    is_either = _among("either", pairs)
    last = len(text) - 1
    return all(
        own == other
        or (own in _ALEFS and other in _ALEFS and ("ا" in own + other or "ٱ" in own + other or is_either))
        or other in _BARE.get(own, "")
        or own in _BARE.get(other, "")
        or (0 < place < last and own in _SEATS and other in _SEATS)
        or (own in _YEHS and other in _YEHS)
        or (place == last and {own, other} == _TEHS and _may_drop_dots(source, is_habit))
        for place, (own, other) in enumerate(zip(text, source, strict=True))
    )


def _may_drop_dots(source: str, is_habit: bool) -> bool:
    """Whether the dots of ة at the end are a matter of spelling."""
    if _ARTICLE.match(source):
        return True
    forms = {_plain(form) for form in _without_prefixes(source)}
    if source.endswith("ه"):
        return bool(forms & _words("dotted"))
    return is_habit or not forms & _words("his")


def _bare_pairs(text: str, source: str) -> Iterator[tuple[str, str]]:
    """Two words, and what is left of them without each beginning that both have: «و», «ال»."""
    yield text, source
    shared = _PREFIX.match(text)
    longest = shared.end() if shared else 0
    for end in range(1, longest + 1):
        if text[:end] == source[:end]:
            yield text[end:], source[end:]


def _without_prefixes(word: str) -> Iterator[str]:
    found = _PREFIX.match(word)
    yield from (word[end:] for end in range(found.end() + 1 if found else 1))


def _among(name: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether two words stand in one line of a list of the table. A hamza that one of them leaves out does not
    matter."""
    return any(frozenset((_plain(one), _plain(other))) in _groups(name) and one != other for one, other in pairs)


def _plain(word: str) -> str:
    return word.translate(_TO_BARE_ALEF)


@cache
def _groups(name: str) -> frozenset[frozenset[str]]:
    """The pairs that a list of the table makes."""
    lines = [[letters(word) for word in line.split()] for line in table("spelling")[name]]
    forms = [(one, other) for line in lines for one in line for other in line if one != other]
    plain = {frozenset((_plain(one), _plain(other))) for one, other in forms}
    return frozenset(plain | {frozenset(pair) for pair in forms})


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_plain(letters(word)) for word in table("spelling")[name].split())


@cache
def negations() -> frozenset[str]:
    """The folded words that turn what follows them, alone and after «و» and «ف»."""
    words = [fold_text(word) for word in table("spelling")["negations"].split()]
    return frozenset(particle + word for particle in ("", "و", "ف") for word in words)
