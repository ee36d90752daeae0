"""The sentences of a passage made ready for ranking: their terms, their vectors, and what kinds of things they hold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.arabic.analysis import content_of, grams, lemma, stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.vectors import row_of
from retrieval.arabic.words import folded_words
from retrieval.model import Span
from retrieval.ranking.kinds import count_of, holds_kind, may_hold, tells_when
from retrieval.segmentation import sentences

REMEMBERED = 4096  # passages

_DIGIT = re.compile(r"\d")
_LATIN = re.compile("[A-Za-z]")
_QUOTED = re.compile('[«"“]')
_DEFINES = re.compile(r"\b(?:هو|هي|عباره عن|يعرف|تعرف|يسمي|تسمي|يطلق)\b")
_PLACES = re.compile(r"\b(?:في|الي|من|قرب|شمال|جنوب|شرق|غرب|مدينه|بلده|دوله|محافظه|منطقه|جزيره)\b")
_LEANS = re.compile(r"(?:[وف]?(?:هو|هي|هذا|هذه|ذلك|تلك|كما|لكن|ثم|كان|كانت|قد))\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage. ``span`` counts characters of the passage; terms are those of its content words."""

    span: Span
    stems: tuple[str, ...]
    lemmas: frozenset[str]
    grams: frozenset[str]
    rows: tuple[int, ...]
    signs: tuple[float, ...]


SIGNS = (
    "date", "digits", "numbers", "reason", "latin", "quoted", "colon", "bracket", "asks", "defines", "commas", "places",
    "leans",
)  # fmt: skip


@lru_cache(REMEMBERED)
def prepared(passage: str) -> tuple[Sentence, ...]:
    """The sentences of a passage's text."""
    return tuple(_prepared(passage, span) for span in sentences(passage, Span(0, len(passage))))


def _prepared(passage: str, span: Span) -> Sentence:
    text = span.of(passage)
    held = folded_words(text)
    words = content_of(held)
    return Sentence(
        span=span,
        stems=tuple(map(stem, words)),
        lemmas=frozenset(map(lemma, words)),
        grams=frozenset(" ".join(map(grams, words)).split()),
        rows=tuple(map(row_of, words)),
        signs=_signs(text, held),
    )


def _signs(text: str, words: Sequence[str]) -> tuple[float, ...]:
    """What a sentence of these folded words holds, in the order of ``SIGNS``."""
    folded = fold_text(text)
    digits = len(_DIGIT.findall(folded))
    found = (
        (digits > 0 or may_hold("date", words)) and tells_when(folded),
        digits,
        count_of("number", folded) if digits or may_hold("number", words) else 0,
        holds_kind("reason", folded),
        _LATIN.search(text),
        _QUOTED.search(text),
        ":" in text,
        "(" in text,
        text.endswith(("؟", "?")),
        _DEFINES.search(folded),
        text.count("،"),
        _PLACES.search(folded),
        _LEANS.match(folded),
    )
    return tuple(float(value) if isinstance(value, int) else float(value is not None) for value in found)
