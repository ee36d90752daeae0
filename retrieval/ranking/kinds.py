"""What a text holds of the kinds of answer that questions seek."""

import re
from collections.abc import Iterable, Iterator

from retrieval.arabic import fold, fold_text
from retrieval.arabic.tables import table
from retrieval.model import Span
from retrieval.question.parsed import Kind

_NAMES = table("dates")
_NUMBERS = table("numbers")
_WHEN, _WHY = table("held")["when"], table("held")["why"]
_FAR = 3  # words between a verb that gives a reason and its «إلى»


def _any(words: str) -> str:
    return "|".join(sorted(map(re.escape, map(fold_text, words.split())), key=len, reverse=True))


_WRITTEN_ON = "وبل"  # particles that are written onto a number
_NUMBER = rf"(?:\d+(?:[.,٫٬]\d+)*|(?:[{_WRITTEN_ON}]?(?:ال)?(?:{_any(_NUMBERS['words'])})))"
_NUMBERS_RUN = rf"{_NUMBER}(?: {_NUMBER})*"
_MONTH = rf"(?:{'|'.join(fold_text(m).replace(' ', ' +') for m in _NAMES['months'])})"
_DAY = rf"(?:يوم )?(?:ال)?(?:{_any(_NAMES['weekdays'])})"
_ORDINAL = rf"(?:{_any(_NUMBERS['ordinals'])})(?: عشر[ه]?)?(?: و(?:{_any(_NUMBERS['tens'])}))?"
_NAMES_MONTH = re.compile(_MONTH)
_COUNT = rf"{_NUMBERS_RUN}\b(?: (?:ال)?\w{{3,}})?"
_COUNTED = re.compile(rf"\b{_COUNT}")
_COUNTED_ON = re.compile(rf"(?:\b|(?<=\b[وفبل])(?=\d)){_COUNT}")
"""The same, with «و340 جريحا», where a particle is written onto digits."""
_NUMBER_WORDS = frozenset(
    joined + article + word
    for joined in ("", *_WRITTEN_ON)
    for article in ("", "ال")
    for word in fold_text(_NUMBERS["words"]).split()
)
_DAY_WORDS = frozenset(article + day for article in ("", "ال") for day in fold_text(_NAMES["weekdays"]).split())

_HOUR = rf"(?:{_any(_WHEN['hours'])})(?: عشر[ه]?)?"
_TIMES = re.compile(
    rf"\b(?:{_any(_WHEN['clock'])} \w+|{_HOUR} (?:{_any(_WHEN['parts'])})"
    rf"|من {_HOUR} (?:\w+ )?(?:{_any(_WHEN['until'])}) {_HOUR}"
    rf"|{_any(_WHEN['alone'])}|(?:{_any(_WHEN['stretches'])}) (?:{_any(_WHEN['which'])})"
    rf"|(?:{_any(_WHEN['edges'])}) (?:{_any(_WHEN['seasons'])})"
    rf"|(?:{_any(_WHEN['ago'])}) (?:{_NUMBERS_RUN} )?(?:{_any(_WHEN['counted'])}))\b"
)
"""What tells when without naming a day of the calendar."""
_DUALS = (("ه", "ت(?:ان|ين)"), ("", "(?:ان|ين)"))
"""How a noun ends, and its dual in its stead."""
_PLURAL_TOO = re.compile(r"م\w+|\wا\w+|\w+ي")
"""Nouns of which «ين» makes the plural too: participles, and what belongs somewhere («مدرسين», «لاعبين», «سوريين»)."""

_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(
        rf"\b(?:{_DAY},? )?(?:\d+|{_ORDINAL})? ?(?:من )?(?:شهر )?{_MONTH}\b(?:[ ,،/]*(?:سنه |عام )?\d{{3,4}})?"
        rf"|\b(?:عام|سنه|العام|السنه) \d{{3,4}}|\b\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}|\b1[0-9]{{3}}\b|\b20\d\d\b"
        rf"|\b{_DAY}\b"
    ),
    "number": _COUNTED,
    "price": _COUNTED,
    "reason": re.compile(
        rf"\b[وف]?(?:لان\w*|{'|'.join(map(fold_text, _WHY['phrases']))}"
        rf"|(?:{_any(_WHY['verbs'])})(?: \w+){{0,{_FAR}}} {fold_text(_WHY['to'])})\b.*"
    ),
}

_TIME_WORDS = frozenset(
    word for name in ("clock", "hours", "alone", "stretches", "edges", "ago") for word in fold_text(_WHEN[name]).split()
)
_OPENING: dict[Kind, frozenset[str]] = {
    "date": _TIME_WORDS | _DAY_WORDS | {fold_text(month).split()[0] for month in _NAMES["months"]},
    "number": _NUMBER_WORDS,
    "price": _NUMBER_WORDS,
}
"""Of each kind that digits may write, the words without which only digits do."""


def holds_kind(kind: Kind | None, folded: str) -> bool:
    """Whether a folded text holds something of the kind; True where nothing is asked for that letters can tell."""
    pattern = _PATTERNS.get(kind) if kind else None
    return pattern is None or bool(pattern.search(folded))


def tells_when(folded: str) -> bool:
    """Whether a folded text tells when: a day, an hour, or a stretch of time from the day on which it was written."""
    return holds_kind("date", folded) or bool(_TIMES.search(folded))


def duals(unit: str, text: str) -> list[Span]:
    """Where a raw text says two of a folded noun in one word («زورقين» of «زورقا»); none where that may be many."""
    noun = unit.removesuffix("ا")
    stem, end = next((noun.removesuffix(last), end) for last, end in _DUALS if noun.endswith(last))
    if _PLURAL_TOO.fullmatch(stem) and stem == noun:
        end = "ان"
    return [span for span, _ in _found(re.compile(rf"\b[وفبل]?(?:ال)?{re.escape(stem)}{end}\b"), text)]


def may_hold(kind: Kind, words: Iterable[str]) -> bool:
    """Whether a text without digits can hold a kind that digits may write, by its folded words: a quick look."""
    return not _OPENING[kind].isdisjoint(words)


def count_of(kind: Kind, folded: str) -> int:
    """How many things of a kind that has a pattern a folded text holds."""
    return sum(1 for _ in _PATTERNS[kind].finditer(folded))


def dates(text: str) -> list[Span]:
    """The dates in a raw text, as it writes them: days, months, years, weekdays."""
    return [span for span, _ in _found(_PATTERNS["date"], text)]


def counts(text: str) -> list[Span]:
    """The numbers in a raw text that belong to no date, each with the noun that it counts."""
    dated = dates(text)
    return [count for count, _ in _found(_COUNTED_ON, text) if not any(date.holds(count) for date in dated)]


def whole_date(text: str, part: Span) -> Span:
    """A stretch of a raw text with all of the date that it has a part in, if that names a month; else itself."""
    for date, folded in _found(_PATTERNS["date"], text):
        if date.start < part.end and part.start < date.end and _NAMES_MONTH.search(folded):
            return Span(min(date.start, part.start), max(date.end, part.end))
    return part


def _found(pattern: re.Pattern[str], text: str) -> Iterator[tuple[Span, str]]:
    """Where a pattern stands in a raw text, without the spaces at its ends, and the folded words that it matched."""
    if not pattern.search(fold_text(text)):  # the way back costs many times more, and most sentences hold none
        return
    folded = fold(text)
    for match in pattern.finditer(folded.text):
        # A match may end inside what one character folds to, and begin or end with a space.
        start, end = folded.origin(match.start()), folded.origin(match.end() - 1) + 1
        raw = text[start:end]
        yield Span(end - len(raw.lstrip()), start + len(raw.rstrip())), match.group()
