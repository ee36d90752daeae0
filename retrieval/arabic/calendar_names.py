"""Months and weekdays in all their names, brought to one: the table ``dates.toml``, walked."""

import re
from collections.abc import Iterable, Sequence

from retrieval.arabic.clitics import particles
from retrieval.arabic.folding import fold_text
from retrieval.arabic.ordinals import is_day_ordinal
from retrieval.arabic.phrases import Phrases
from retrieval.arabic.tables import table

_TABLE = table("dates")
_SHORT = 3  # letters: before fewer, most particles make another word («باب»)
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_NAMED_YEAR = re.compile(r"\d{1,4}")
_FROM = "من"
_MONTH = frozenset(glued for _, glued in particles("شهر"))
_OF_YEAR = frozenset(f"{particle}{word}" for word in ("سنه", "عام") for particle in ("", "ل", "ال"))


def _one(name: str) -> str:
    return fold_text(name).replace(" ", "")


GREGORIAN = {_one(name): number for number, name in enumerate(_TABLE["gregorian"], 1)}
HIJRI = {_one(name): number for number, name in enumerate(_TABLE["hijri"], 1)}
MONTHS = GREGORIAN.keys() | HIJRI.keys()


def _month_names() -> dict[str, str]:
    """Every name of every month, folded, to the one that stands for it."""
    names, one = {}, ""
    for name in _TABLE["months"]:
        one = _one(name) if _one(name) in MONTHS else one
        names[fold_text(name)] = one
    return names | {month: month for month in MONTHS}


def _glued(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {
        glued: one
        for name, one in pairs
        for particle, glued in particles(name)
        if len(name) > _SHORT or particle in ("", "و")
    }


_NAMES = _month_names()
_UNSURE = frozenset(fold_text(_TABLE["ambiguous"]).split())
_SURE = MONTHS - _UNSURE
_PHRASES = Phrases((name, one) for name, one in _NAMES.items() if " " in name)
_CLEAR = _glued((name, one) for name, one in _NAMES.items() if " " not in name and name not in _UNSURE)
_AMBIGUOUS = _glued((name, one) for name, one in _NAMES.items() if name in _UNSURE)

_WEEKDAYS = _glued(
    (fold_text(name), fold_text(group[0]))
    for group in [*_TABLE["weekday_spellings"], *([day] for day in _TABLE["weekdays"].split())]
    for name in group
)
_AFTER_TIME = {fold_text(name): fold_text(one) for one, *names in _TABLE["weekdays_after_day"] for name in names}
_WEEKDAY_NAMES = frozenset(map(fold_text, _TABLE["weekdays"].split()))
_TIMES = frozenset(glued for word in fold_text(_TABLE["times_of_day"]).split() for _, glued in particles(word))
BEGIN = _PHRASES.begin | _AMBIGUOUS.keys() | _AFTER_TIME.keys() | MONTHS


def named(word: str) -> str:
    """The one name of a weekday, or of a month whose name is nothing else; any other word unchanged."""
    return _WEEKDAYS.get(word) or _CLEAR.get(word, word)


def settle_weekdays(words: list[str], places: Sequence[int]) -> None:
    """Put the one name for what is a weekday only after a time of day: «يوم التلات»."""
    for place in [i for i in places if words[i] in _AFTER_TIME]:
        if place and words[place - 1] in _TIMES:
            words[place] = _AFTER_TIME[words[place]]


def is_month(word: str) -> bool:
    """Whether a canonical word is the name of a month."""
    return word in MONTHS


def settle_months(words: list[str], places: Sequence[int]) -> None:
    """Put one name for each month, one for two names of it side by side («شباط/فبراير»)."""
    _PHRASES.join(words, places)
    unsure = [i for i in places if words[i] in _AMBIGUOUS]
    for place in [*reversed(unsure), *unsure]:  # both ways: a month beside its other name makes that one sure
        one = _AMBIGUOUS.get(words[place])
        if one and _is_dated(words, place, one):
            words[place] = one
    before, seen = "", 0  # the word before a place, the empty ones passed over: each is looked at once
    for place in [i for i in places if words[i] in _SURE]:
        before = next(filter(None, reversed(words[seen:place])), before)
        seen = place
        if before == words[place]:
            words[place] = ""


def _is_dated(words: Sequence[str], place: int, one: str) -> bool:
    beside = (_neighbour(words, place, -1), _neighbour(words, place, 1))
    return (one in beside and one not in _UNSURE) or _follows_day(words, place) or _precedes_year(words, place)


def _follows_day(words: Sequence[str], place: int) -> bool:
    before = [word for word in words[max(0, place - 8) : place] if word][-2:]
    if before and before[-1] in _MONTH:
        return True
    if before[-1:] == [_FROM]:
        before.pop()
    return bool(before) and (bool(_DAY.fullmatch(before[-1])) or is_day_ordinal(before[-1]))


def _precedes_year(words: Sequence[str], place: int) -> bool:
    after = [word for word in words[place + 1 : place + 4] if word]
    if after[:1] == [_FROM]:
        after = after[1:]
    if len(after) > 1 and after[0] in _OF_YEAR:
        return bool(_NAMED_YEAR.fullmatch(after[1]))
    return bool(after) and bool(_YEAR.fullmatch(after[0]))


def _neighbour(words: Sequence[str], place: int, step: int) -> str:
    """The nearest word before or after a place, the places that a group left empty passed over."""
    place += step
    while 0 <= place < len(words) and not words[place]:
        place += step
    return words[place] if 0 <= place < len(words) else ""


def is_weekday(word: str) -> bool:
    """Whether a canonical word is the name of a weekday."""
    return word in _WEEKDAY_NAMES
