"""Arabic that is written in Latin letters and digits («kam 3adad sokan tounes?»), put into Arabic ones; and the names
in questions in English or French.

What a letter stands for is not certain, so a word is read as one that the documents hold, if there is such a reading.
"""

import heapq
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from math import inf
from typing import Protocol

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import words

_TABLE = table("latin")
_CERTAIN: Mapping[str, str] = _TABLE["askers"]["certain"]
_DOUBTFUL: Mapping[str, str] = _TABLE["askers"]["doubtful"]
_OTHERS: Mapping[str, str] = _TABLE["askers"]["others"]
_LISTED = frozenset(map(fold_text, (*_CERTAIN.values(), *_DOUBTFUL.values(), *_OTHERS.values())))
_LETTERS: Mapping[str, list[str]] = {
    latin: [fold_text(letter.replace("-", "")) for letter in arabic.split()]
    for latin, arabic in _TABLE["letters"].items()
}
_LONGEST = max(map(len, _LETTERS))
_FOREIGN: Mapping[str, Mapping[str, str]] = {name: _TABLE["foreign"][name] for name in ("askers", "places")}
_EMPTY, _NEVER_NAMES = (frozenset(_TABLE["foreign"][name].split()) for name in ("empty", "words"))
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+")
_WORD = re.compile(r"(?:\b[aei]l[ -])?[a-z0-9']+", re.IGNORECASE)
_DIGIT_IN_A_WORD = re.compile(r"(?=.*[a-z])(?=.*[2356789])[a-z2-9']{3,}", re.IGNORECASE)
_AND_APART = re.compile(r"(?<!\w)و\s+(?=\w)")
_ARTICLE, _ARTICLES = "ال", ("al-", "el-", "il-", "al ", "el ", "il ", "al", "el", "il")
_VOWELS, _WRITTEN_ON, _BARE_ARTICLE = "aeiou", ("", "و"), "l"
_MOST_READINGS, _LONGEST_WORD, _MOST_WORDS, _MOST_SPELLED = 400, 20, 40, 7
_REMEMBERED = 1000  # words, with all their readings
_SHORTEST, _SHORTEST_NAME, _SHORTEST_VERB = 2, 4, 4
_NOW, _PERSONS = "بكحه", "يت"
_LAST_A = ("ي", "ه")  # «ى», «ة», as they are folded


class Spells(Protocol):
    """What is asked of the words of a corpus."""

    def spelled(self, word: str) -> bool:
        """Whether it writes a folded word exactly so."""

    def spelling(self, word: str) -> str:
        """How it writes a folded word."""


def arabized(text: str, vocabulary: Spells) -> str:
    """The text in Arabic letters, if it is Arabic in Latin ones; else the text itself."""
    found = [match.group() for match in _WORD.finditer(text)]
    if not found or len(found) > _MOST_WORDS or any(ord(letter) > 0x24F for word in words(text) for letter in word[2]):
        return text
    read = {word: _read(word, vocabulary) for word in dict.fromkeys(found)}
    if not _is_arabic(found, read):
        return text
    arabic = _WORD.sub(lambda match: read[match.group()] or _plainly(match.group()), text)
    return _AND_APART.sub("و", arabic).replace("?", "؟")


def spelled_out(text: str, vocabulary: Spells) -> str | None:
    """The text in Arabic letters, where it is in Latin ones and all of its words are of a vocabulary; None where they
    are not, or where it asks in another language."""
    found = [match.group() for match in _WORD.finditer(text)]
    if not 0 < len(found) <= _MOST_SPELLED or any(ord(letter) > 0x24F for word in words(text) for letter in word[2]):
        return None
    small = {word.lower() for word in found}
    if not small.isdisjoint(_FOREIGN["askers"]) or small <= _EMPTY | _NEVER_NAMES:
        return None
    read = {word: _read(word, vocabulary) for word in dict.fromkeys(found)}
    is_all = all(form and (vocabulary.spelled(form) or fold_text(form) in _LISTED) for form in read.values())
    return _WORD.sub(lambda match: read[match.group()] or "", text).replace("?", "؟") if is_all else None


@dataclass(frozen=True, slots=True)
class Named:
    """What a question in another language asks of the names in it: ``text`` is the word that asks and the names, in
    Arabic. ``is_whole``: there was nothing else to read in it."""

    text: str
    is_whole: bool


def names_in(text: str, vocabulary: Spells) -> Named | None:
    """The names in a question in another language that is written in Latin letters; None where no name of it is one of
    the documents, and where it is Arabic."""
    if arabized(text, vocabulary) != text:
        return None
    tokens = [match.group() for match in _TOKEN.finditer(text.replace("’", "'"))]
    if not tokens or len(tokens) > _MOST_WORDS or any(ord(letter) > 0x24F for token in tokens for letter in token):
        return None
    small = [token.lower() for token in tokens]
    has_capitals = any(token[0].isupper() for token in tokens[1:])
    asks, names, unread = "", list[str](), 0
    at = 0
    while at < len(small):
        pair = " ".join(small[at : at + 2])
        form = pair if any(pair in table for table in _FOREIGN.values()) else small[at]
        at += 1 + (form == pair != small[at])
        if form in _FOREIGN["askers"]:
            asks = asks or _FOREIGN["askers"][form]
        elif form in _FOREIGN["places"]:
            names.append(_FOREIGN["places"][form])
        elif form not in _EMPTY:
            may_be_name = form not in _NEVER_NAMES and (not has_capitals or tokens[at - 1][0].isupper())
            name = _name(form, vocabulary) if may_be_name else None
            names += [name] if name else []
            unread += name is None
    return Named(f"{asks} {' '.join(names)}؟".strip(), is_whole=not unread) if names else None


def _name(word: str, vocabulary: Spells) -> str | None:
    """A name in Arabic letters as the documents write it, if they do."""
    read = _read(word, vocabulary) if len(word) >= _SHORTEST_NAME and word.replace("-", "").isalpha() else None
    return read if read and len(read.removeprefix(_ARTICLE)) >= _SHORTEST_NAME - 1 else None


def _is_arabic(found: list[str], read: Mapping[str, str | None]) -> bool:
    """Whether something shows that the words are Arabic; the documents hold one of their subject, if they name any."""
    small = [word.lower() for word in found]
    subject = [
        word for word, form in zip(found, small, strict=True) if form not in {**_CERTAIN, **_DOUBTFUL, **_OTHERS}
    ]
    is_certain = any(word in _CERTAIN or _DIGIT_IN_A_WORD.fullmatch(word) for word in small)
    is_doubtful = any(word in _DOUBTFUL for word in small)
    known = [read[word] is not None for word in subject]
    return (is_certain and (any(known) or not known)) or (is_doubtful and bool(known) and all(known))


def _read(word: str, vocabulary: Spells) -> str | None:
    """A word in Arabic letters: one of the table, a number, or one that the documents hold, be it without the letter
    that a dialect writes before a verb («byeftah»)."""
    small = word.lower()
    for listed in (_CERTAIN, _DOUBTFUL, _OTHERS):
        if small in listed:
            return listed[small]
    if word.isdigit() or len(small) > _LONGEST_WORD or len(small) < _SHORTEST:
        return word if word.isdigit() else None
    article = next(
        (written for written in _ARTICLES if small.startswith(written) and len(small) > len(written) + 2), ""
    )
    tried = [(_ARTICLE, small[len(article) :])] if article else []
    if small[0] == _BARE_ARTICLE and small[1] not in _VOWELS and len(small) > _SHORTEST_NAME:
        tried.append((_ARTICLE, small[1:]))  # «lmat7af», in the Maghreb
    for before, rest in [*tried, ("", small), (_ARTICLE, small)]:
        forms = (before + form for form in _readings(rest))
        reading = next((form for form in forms if any(vocabulary.spelled(on + form) for on in _WRITTEN_ON)), None)
        if reading:
            return vocabulary.spelling(reading)
    bare = (form for _, rest in tried for form in _readings(rest) if vocabulary.spelled(form))
    if named := next(bare, None):
        return _ARTICLE + named
    verbs = (form for form in _readings(small) if form[0] in _NOW and form[1] in _PERSONS)
    return next((form for form in verbs if len(form) > _SHORTEST_VERB and vocabulary.spelled(form[1:])), None)


@lru_cache(_REMEMBERED)
def _readings(word: str) -> tuple[str, ...]:
    """What a word may be in folded Arabic letters, the likeliest first."""
    return tuple(islice((made for made in _in_order(word) if len(made) >= _SHORTEST), _MOST_READINGS))


def _in_order(word: str) -> Iterator[str]:
    """All readings of a word, the cheapest first: those that are begun wait by what they will cost at least (Hart,
    Nilsson and Raphael, 1968), so that few are begun that are not ended."""
    steps = [list(_steps(word, at)) for at in range(len(word))]
    left = [0.0] * (len(word) + 1)
    for at in reversed(range(len(word))):
        left[at] = min((cost + left[end] for cost, end, _ in steps[at]), default=inf)
    order = count()
    heap: list[tuple[float, int, int, str]] = [(left[0], next(order), 0, "")]
    while heap:
        cost, _, at, made = heapq.heappop(heap)
        if cost == inf:
            return
        if at == len(word):
            yield made
            continue
        spent = cost - left[at]
        for more, end, letter in steps[at]:
            heapq.heappush(heap, (spent + more + left[end], next(order), end, made + letter))


def _steps(word: str, at: int) -> Iterator[tuple[int, int, str]]:
    """What may stand for the letters of a word from ``at`` on: its cost, where the rest begins, the Arabic letter."""
    for end in range(min(at + _LONGEST, len(word)), at, -1):
        for rank, letter in enumerate(_options(word[at:end], at, is_last=end == len(word))):
            yield rank + (end - at == 1), end, letter


def _options(latin: str, at: int, *, is_last: bool) -> list[str]:
    """What Latin letters may stand for; a vowel that opens a word is written, and a doubled letter is one."""
    if len(latin) == 2 and latin[0] == latin[1] and latin not in _LETTERS:
        return _LETTERS.get(latin[0], [])
    options = _LETTERS.get(latin, [])
    if is_last and latin == "a":
        return [*options[:1], *_LAST_A, *options[1:]]
    return ["ا", *(option for option in options if option not in ("", "ا"))] if not at and latin in _VOWELS else options


def _plainly(word: str) -> str:
    """A word that the documents do not hold, in the likeliest letters."""
    return next(iter(_readings(word.lower())), word) if len(word) <= _LONGEST_WORD else word
