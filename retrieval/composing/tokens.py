"""The words of a sentence beside a question: what each is by itself, and how it stands to the words asked."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.arabic.analysis import STOP_WORDS, grams, lemma, stem
from retrieval.arabic.calendar_names import is_month
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.vectors import row_of, vectors
from retrieval.arabic.words import Word, folded_words, words
from retrieval.question.parsed import Question

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

FAR = 12  # words
MOST_LETTERS = 0.6  # the share of two words' n-grams from which they count as one

_TABLE = table("marking")
_CLASSES = ("places", "ways", "names", "says", "agents", "reasons", "units", "loose", "firm", "between", "leading")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_OPENING, _CLOSING, _EITHER = "«“([{", "»”)]}", '"'
_QUOTING = "«“" + _EITHER
_SHORT = 3


def _set(name: str) -> frozenset[str]:
    return frozenset(map(fold_text, _TABLE[name].split()))


_OF_CLASS = {name: _set(name) for name in (*_CLASSES, "years")}
_SUBJECTS = tuple(map(fold_text, _TABLE["subjects"].split()))
_JOINED_ARTICLES = ("ال", "وال", "بال", "لل", "كال", "فال", "ولل", "وبال")

ALONE = (
    "stop", "continued", "digit", "month", "year", "named_year", "latin", "definite", "the", "and", "by", "verbal",
    "alef", "heh", "plural", "unknown", *_CLASSES, "letters",
)  # fmt: skip
BESIDE = (
    "match", "soft", "head", "meaning", "fit", "nearness", "soft_nearness", "clause", "passed", "left", "right",
    "to_head", "to_last", "counted", "heard", "quoted", "bracketed", "place", "comma", "colon", "opened", "closed",
    *(f"like_{number}" for number in range(len(_SUBJECTS))),
)  # fmt: skip
TRAITS = (*ALONE, *BESIDE)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a sentence; offsets count its characters. ``table``: a row a word, the columns of ``TRAITS``.

    ``vectors``: a row a word, zeros for words of grammar and words outside the vocabulary; ``asked``: a row a term of
    the question, at least one.
    ``inside``: the number of the innermost bracket or quotation that holds the word, or 0. The rest is of the gaps,
    the one before each word and the last one's end: a pause is a comma, a colon, a bracket or a quotation mark.
    """

    starts: Ints
    ends: Ints
    table: Floats
    vectors: Floats
    asked: Floats
    inside: Ints
    pause: Flags
    joined: Flags
    opened: Flags
    closed: Flags

    @property
    def size(self) -> int:
        return len(self.starts)

    def trait(self, name: str) -> Flags:
        """Which words have a trait."""
        flags: Flags = self.table[:, TRAITS.index(name)] > 0
        return flags


def read(question: Question, sentence: str, before: str) -> Tokens | None:
    """The words of a sentence; None where it has none. ``before``: the text before it, which it adds to."""
    found = words(sentence)
    if not found:
        return None
    forms = canonical([word.folded for word in found])
    gaps = _gaps(sentence, found)
    alone = np.array([_alone(w.folded, form) for w, form in zip(found, forms, strict=True)], dtype=np.float32)
    whole = [form or word.folded for word, form in zip(found, forms, strict=True)]
    heard = frozenset(map(stem, folded_words(before)))
    content = alone[:, 0] == 0
    held, sought = _vectors(whole), _vectors([term.word for term in question.terms] or [""])
    pause = gaps["comma"] | gaps["colon"] | gaps["opened"] | gaps["closed"]
    beside = {
        **_beside(question, whole, content, heard, gaps["comma"] | gaps["colon"], _meanings(held, sought)),
        **{name: gaps[name][:-1] for name in ("comma", "colon", "opened", "closed", "quoted")},
        "bracketed": gaps["inside"][:-1] > 0,
    }
    columns = np.stack([np.asarray(beside[name], dtype=np.float32) for name in BESIDE], axis=1)
    return Tokens(
        starts=np.array([word.start for word in found]),
        ends=np.array([word.end for word in found]),
        table=np.concatenate([alone, columns], axis=1),
        vectors=held * content[:, None],
        asked=sought,
        inside=gaps["inside"][:-1].astype(np.int64),
        pause=pause,
        joined=gaps["joined"],
        opened=gaps["opened"],
        closed=gaps["closed"],
    )


@lru_cache(1 << 16)
def _alone(word: str, form: str) -> tuple[float, ...]:
    """What is known of a folded word and its canonical form alone, in the order of ``ALONE``."""
    has_digit = any(map(str.isdigit, form or word))
    long = len(word) > _SHORT
    bare = word.removeprefix("و") if len(word) > _SHORT + 1 else word
    classes = (bare if name not in ("loose", "firm") else word for name in _CLASSES)
    return (
        (form or word) in STOP_WORDS,
        not form,
        has_digit,
        is_month(form),
        bool(_YEAR.fullmatch(form)),
        word in _OF_CLASS["years"],
        word.isascii() and word.isalpha(),
        word.startswith(_JOINED_ARTICLES),
        word.startswith("ال"),
        long and word.startswith("و"),
        long and word.startswith(("ب", "ل")),
        long and word.startswith(("ي", "ت", "ن")),
        long and word.endswith("ا"),
        long and word.endswith("ه"),
        word.endswith(("ون", "ين", "ات")),
        not has_digit and row_of(word) == 0,
        *(own in _OF_CLASS[name] for own, name in zip(classes, _CLASSES, strict=True)),
        len(word),
    )


def _gaps(text: str, found: Sequence[Word]) -> dict[str, NDArray[Any]]:
    """What stands before each word, and after the last one."""
    ends, starts = [0, *(word.end for word in found)], [*(word.start for word in found), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    depth = _Depth()
    inside = [depth.after(gap) for gap in between]
    return {
        "joined": np.array([not any(map(str.isspace, gap)) for gap in between]),
        "comma": np.array([not {"،", ",", "؛"}.isdisjoint(gap) for gap in between]),
        "colon": np.array([":" in gap or "–" in gap or " - " in gap for gap in between]),
        "opened": np.array([not set(_OPENING + _EITHER).isdisjoint(gap) for gap in between]),
        "closed": np.array([not set(_CLOSING + _EITHER).isdisjoint(gap) for gap in between]),
        "inside": np.array([number for number, _ in inside]),
        "quoted": np.array([sign != "" and sign in _QUOTING for _, sign in inside]),
    }


class _Depth:
    """The brackets and quotation marks that are open, numbered in the order in which they opened."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self._number = 0

    def after(self, gap: str) -> tuple[int, str]:
        """The number and the sign of the innermost that is open after a gap; 0 where none is."""
        for sign in gap:
            quotes = bool(self._open) and self._open[-1][1] == sign
            if sign in _OPENING or (sign in _EITHER and not quotes):
                self._number += 1
                self._open.append((self._number, sign))
            elif self._open and sign in _CLOSING + _EITHER:
                self._open.pop()
        return self._open[-1] if self._open else (0, "")


def _beside(
    question: Question,
    whole: Sequence[str],
    content: Flags,
    heard: frozenset[str],
    breaks: Flags,
    meanings: dict[str, Floats],
) -> dict[str, NDArray[Any]]:
    """How words stand to those of the question."""
    stems = list(map(stem, whole))
    which = np.array(list(_matched(question, whole, stems, content)))
    match = (which >= 0).astype(np.float32)
    at = np.arange(len(whole))
    offset = at[:, None] - at[None, :]
    near = 1 / np.maximum(np.abs(offset), 1) - (offset == 0)
    clause = np.cumsum(breaks[:-1].astype(np.int64))
    soft = np.maximum(match, meanings["nearest"] * content)
    behind = np.where((offset > 0) & (match > 0), offset, FAR).min(axis=1)
    ahead = np.where((offset < 0) & (match > 0), -offset, FAR).min(axis=1)
    counted = stem(question.unit) if question.unit else None
    return {
        "match": match,
        "soft": soft,
        "nearness": near @ match,
        "soft_nearness": near @ soft,
        "clause": (clause[:, None] == clause[None, :]) @ match,
        "passed": np.cumsum(match) / max(1.0, float(match.sum())),
        "left": np.minimum(behind, FAR),
        "right": np.minimum(ahead, FAR),
        "to_head": _offset_to(which == 0, offset),
        "to_last": _offset_to(which == len(question.terms) - 1, offset),
        "counted": np.array([own == counted for own in stems]),
        "heard": np.array([own in heard for own in stems]) & content,
        "place": at / len(whole),
        **meanings,
    }


def _matched(question: Question, whole: Sequence[str], stems: Sequence[str], content: Flags) -> Iterable[int]:
    """The place among the question's terms of each word that it names, else -1."""
    terms = question.terms
    known = {term.stem: place for place, term in enumerate(terms)}
    known |= {lemma(term.word): place for place, term in enumerate(terms)}
    letters = [frozenset(grams(term.word).split()) for term in terms]
    for word, own, carries in zip(whole, stems, content, strict=True):
        place = known.get(own, known.get(lemma(word), -1)) if carries else -1
        yield _alike(word, letters) if carries and place < 0 else place


def _alike(word: str, letters: Sequence[frozenset[str]]) -> int:
    own = frozenset(grams(word).split())
    if len(own) > 1:
        for place, other in enumerate(letters):
            if len(own & other) >= MOST_LETTERS * max(len(own), len(other)):
                return place
    return -1


def _offset_to(those: Flags, offset: Ints) -> Ints:
    """How far each word is after the nearest of those, negative where it is before; FAR where there are none."""
    if not those.any():
        return np.full(len(offset), FAR)
    nearest = np.abs(offset[:, those]).argmin(axis=1)
    clipped: Ints = np.clip(offset[:, those][np.arange(len(offset)), nearest], -FAR, FAR)
    return clipped


def _vectors(whole: Sequence[str]) -> Floats:
    return vectors().of(np.array([row_of(word) for word in whole], dtype=np.int64))


def _meanings(held: Floats, sought: Floats) -> dict[str, Floats]:
    """Cosines of words: to the question's words, to the first of them, to all of them, to kinds of subjects."""
    every = sought.mean(axis=0)
    close = held @ sought.T
    kinds = held @ _subjects().T
    likes = {f"like_{number}": kinds[:, number] for number in range(len(_SUBJECTS))}
    return {
        "nearest": close.max(axis=1),
        "head": close[:, 0],
        "meaning": held @ every / max(float(np.linalg.norm(every)), 1e-6),
        "fit": kinds @ (_subjects() @ sought[0]),
        **likes,
    }


@cache
def _subjects() -> Floats:
    return _vectors(_SUBJECTS)
