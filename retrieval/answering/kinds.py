"""What a sentence holds of the kinds of answer that questions seek, and where: the words to mark."""

import re
from collections.abc import Iterator

from retrieval.answering.question import Kind
from retrieval.arabic import fold, fold_text
from retrieval.arabic.tables import table
from retrieval.model import Span

_NAMES = table("dates")
_NUMBERS = table("numbers")


def _any(words: str) -> str:
    return "|".join(sorted(map(re.escape, map(fold_text, words.split())), key=len, reverse=True))


_NUMBER = rf"(?:\d+(?:[.,٫٬]\d+)*|(?:[وبل]?(?:ال)?(?:{_any(_NUMBERS['words'])})))"
_NUMBERS_RUN = rf"{_NUMBER}(?: {_NUMBER})*"
_MONTH = rf"(?:{'|'.join(fold_text(m).replace(' ', ' +') for m in _NAMES['months'])})"
_DAY = rf"(?:يوم )?(?:ال)?(?:{_any(_NAMES['weekdays'])})"
_ORDINAL = rf"(?:{_any(_NUMBERS['ordinals'])})(?: عشر[ه]?)?(?: و(?:{_any(_NUMBERS['tens'])}))?"

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:{_DAY},? )?(?:\d+|{_ORDINAL})? ?(?:من )?(?:شهر )?{_MONTH}\b(?:[ ,،/]*(?:سنه |عام )?\d{{3,4}})?"
        rf"|\b(?:عام|سنه|العام|السنه) \d{{3,4}}|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\b1[0-9]{{3}}\b|\b20\d\d\b"
        rf"|\b{_DAY}\b"
    ),
    "number": re.compile(rf"\b{_NUMBERS_RUN}\b(?: (?:ال)?\w{{3,}})?"),
    "reason": re.compile(r"\b(?:بسبب|لان\w*|نتيجه|نظرا|جراء|من اجل|بهدف|بغرض|لكي|كي|حتي لا|اثر|مما ادي)\b.*"),
}


def holds_kind(kind: Kind | None, text: str) -> bool:
    """Whether a text holds something of the kind; True where nothing is asked for that letters can tell."""
    pattern = _PATTERNS.get(kind) if kind else None
    return pattern is None or bool(pattern.search(fold_text(text)))


def count_of(kind: Kind, folded: str) -> int:
    """How many things of a kind that has a pattern a folded text holds."""
    return sum(1 for _ in _PATTERNS[kind].finditer(folded))


def marked(kind: Kind | None, text: str, sentence: Span, known: frozenset[str]) -> Iterator[Span]:
    """The stretches of a sentence that are of the kind, the asked words (``known``, folded) left aside."""
    pattern = _PATTERNS.get(kind) if kind else None
    if pattern is None:
        return
    folded = fold(sentence.of(text))
    for match in pattern.finditer(folded.text):
        if not known.issuperset(match.group().split()):
            start = sentence.start + folded.origin(match.start())
            # A match may end inside what one character folds to: «½» is 1⁄2.
            end = sentence.start + max(folded.origin(match.end()), folded.origin(match.end() - 1) + 1)
            stretch = text[start:end]
            yield Span(end - len(stretch.lstrip()), start + len(stretch.rstrip()))
