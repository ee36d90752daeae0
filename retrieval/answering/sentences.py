"""The sentences of a passage made ready for ranking: their terms, their vectors, and what kinds of things they hold."""

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.answering.kinds import count_of, holds_kind
from retrieval.arabic.analysis import content_words, grams, lemma, stem
from retrieval.arabic.folding import fold_text
from retrieval.arabic.vectors import row_of
from retrieval.model import Span
from retrieval.segmentation import sentences

REMEMBERED = 4096  # passages

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
    words = content_words(text)
    return Sentence(
        span=span,
        stems=tuple(map(stem, words)),
        lemmas=frozenset(map(lemma, words)),
        grams=frozenset(gram for word in words for gram in grams(word)),
        rows=tuple(map(row_of, words)),
        signs=_signs(text),
    )


def _signs(text: str) -> tuple[float, ...]:
    """What a sentence holds, in the order of ``SIGNS``."""
    folded = fold_text(text)
    found = (
        holds_kind("date", folded),
        sum(map(str.isdigit, folded)),
        count_of("number", folded),
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
