"""The days that a question speaks of: «اليوم», «الأحد الماضي», «في 2017», «بين فبراير ومارس», «رمضان 1438»."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from itertools import pairwise

from hijridate import Gregorian, Hijri

from retrieval.arabic.calendar_names import GREGORIAN, HIJRI
from retrieval.arabic.canonical import canonical
from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.arabic.words import folded_words
from retrieval.model import Period

_TABLE = table("periods")
_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})(?!\d)")
_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_HIJRI_YEAR = re.compile(r"1[345]\d\d")
_TABLED = range(1343, 1501)  # the Hijri years that hijridate knows
_FROM = "من"
_LONGEST = 24  # words that name days: what is longer is looked at no further, however long the question is
_WEEK_BEGINS = 5  # Saturday, as ``date.weekday`` counts


def _set(name: str, group: str = "edges") -> frozenset[str]:
    return frozenset(map(fold_text, _TABLE[group][name].split()))


_BETWEEN, _TO, _SINCE, _BEFORE, _OF_YEAR, _OF_HIJRI = map(
    _set, ("between", "to", "since", "before", "of_year", "hijri")
)
_BEFORE_DAYS = _set("in")  # words before days that say no more than the days do
_NEWEST_WORDS, _NEWEST_NOUNS = _set("words", "newest"), _set("nouns", "newest")


def _phrases(*groups: str) -> list[tuple[str, str]]:
    """The phrases of groups of the table, the longest first, each with what it names."""
    named = ((fold_text(one), name) for group in groups for name, listed in _TABLE[group].items() for one in listed)
    return sorted(named, key=lambda pair: -len(pair[0]))


_RELATIVE, _RELATIVE_OF_NEWS = _phrases("relative"), _phrases("relative", "relative_of_news")
_WEEKDAYS = {
    day: at for at, day in enumerate(dict.fromkeys(canonical(list(map(fold_text, table("dates")["weekdays"].split())))))
}
"""Each weekday, and how many days after the first of the week it is."""
_PAST = _set("past", "weekday")
_PAST_IN_TWO = frozenset(tuple(fold_text(phrase).split()) for phrase in _TABLE["weekday"]["past_in_two"])
_ARTICLE = "ال"
_ALWAYS = tuple(map(fold_text, _TABLE["newest"]["always"]))


def period_of(question: str, today: date, *, of_news: bool = False) -> Period | None:
    """The days that a question speaks of; None where it names none, or none that a calendar has. ``of_news``: it asks
    for news, so that a weekday by itself is the last one («ماذا حدث يوم الأحد؟»)."""
    said = folded_words(question)
    text = f" {' '.join(said)} "
    if figures := _figures(fold_text(question)):
        days = figures.days(today)
        return Period(*days) if days else None
    listed = _RELATIVE_OF_NEWS if of_news else _RELATIVE
    if relative := next((name for phrase, name in listed if f" {phrase} " in text), None):
        return _relative(relative, today)
    words = [word for word in canonical(said) if word]
    return _named(words, today) or _weekday(words, today, may_stand_alone=of_news)


def days_named(
    text: str, spans: Sequence[tuple[int, int]], period: Period, today: date, *, of_news: bool = False
) -> tuple[int, int] | None:
    """Which of a text's words name a period's days, the last that do, with what leads to them («في»): from which to
    before which. ``spans``: where each word stands. None where no few words in a row name them."""
    if of_news and (more := days_named(text, spans, period, today)):  # «الأحد الماضي», not «الأحد» alone
        return more

    def names(start: int, end: int) -> bool:
        return period_of(text[spans[start][0] : spans[end - 1][1]], today, of_news=of_news) == period

    count = len(spans)
    start = next((at for at in reversed(range(count)) if names(at, min(at + _LONGEST, count))), None)
    if start is None:
        return None
    end = next(at for at in range(start + 1, count + 1) if names(start, at))
    while start and fold_text(text[slice(*spans[start - 1])]) in _BEFORE_DAYS:
        start -= 1
    return start, end


def asks_newest(question: str) -> bool:
    """Whether a question asks for the newest of its kind: «آخر خبر», «أحدث حصيلة»."""
    said = folded_words(question)
    text = f" {' '.join(said)} "
    after = ((word, noun.removeprefix("ال")) for word, noun in pairwise(said))
    return any(f" {phrase} " in text for phrase in _ALWAYS) or any(
        word in _NEWEST_WORDS and noun in _NEWEST_NOUNS for word, noun in after
    )


def _relative(name: str, today: date) -> Period:
    week = today - timedelta((today.weekday() - _WEEK_BEGINS) % 7)
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    day = timedelta(1)
    first, last = {
        "today": (today, today),
        "yesterday": (today - day, today - day),
        "day_before_yesterday": (today - 2 * day, today - 2 * day),
        "this_week": (week, today),
        "last_week": (week - 7 * day, week - day),
        "this_month": (month, today),
        "last_month": ((month - day).replace(day=1), month - day),
        "this_year": (year, today),
        "last_year": ((year - day).replace(month=1, day=1), year - day),
        "recent": (today - 7 * day, today),
    }[name]
    return Period(first, last, is_relative=True)


def _weekday(words: Sequence[str], today: date, *, may_stand_alone: bool) -> Period | None:
    """The last day of the name that a question has. «الأحد الدامي» is the name of another."""
    for place in [at for at, word in enumerate(words) if word in _WEEKDAYS]:
        rest = tuple(words[place + 1 : place + 3])
        is_past = bool(rest) and (rest[0] in _PAST or rest in _PAST_IN_TWO)
        if is_past or (may_stand_alone and not (rest and rest[0].startswith(_ARTICLE))):
            ago = (today.weekday() - _WEEK_BEGINS - _WEEKDAYS[words[place]]) % 7
            day = today - timedelta(ago or (7 if is_past else 0))
            return Period(day, day, is_relative=True)
    return None


@dataclass(frozen=True, slots=True)
class _Point:
    """A date in words ``start`` to ``end``: what of year, month and day it names."""

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    is_hijri: bool = False

    def days(self, today: date, year: int | None = None) -> tuple[date, date] | None:
        """Its first and last day; without a year that of ``year``, or the last one that began before today."""
        own = self.year or year
        if own is None:
            this_year = Gregorian(*today.timetuple()[:3]).to_hijri().year if self.is_hijri else today.year
            found = [self._days(this_year - back) for back in (0, 1)]
            return next((days for days in found if days and days[0] <= today), None)
        return self._days(own)

    def _days(self, year: int) -> tuple[date, date] | None:
        try:
            return (_hijri if self.is_hijri else _gregorian)(year, self.month, self.day)
        except (ValueError, OverflowError):
            return None


def _figures(folded: str) -> _Point | None:
    """A date in figures, its day first or its year."""
    if found := _IN_FIGURES.search(folded):
        day, month, year = map(int, found.groups())
    elif found := _YEAR_FIRST.search(folded):
        year, month, day = map(int, found.groups())
    else:
        return None
    return _Point(0, 1, year, month, day)


def _gregorian(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    last_month = month or 12
    return date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1])


def _hijri(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    last = Hijri(year, month or 12, 1)
    ends = last.to_gregorian() + timedelta((day or last.month_length()) - 1)
    begins = Hijri(year, month or 1, day or 1).to_gregorian()
    return date(begins.year, begins.month, begins.day), date(ends.year, ends.month, ends.day)


def _named(words: Sequence[str], today: date) -> Period | None:
    points = list(_points(words))
    if not points:
        return None
    one, *others = points
    lead = words[one.start - 1] if one.start else ""
    if others and _is_range(words, one, others[0]):
        first = one.days(today, others[0].year)
        last = others[0].days(today, one.year)
        return Period(first[0], last[1]) if first and last and first[0] <= last[1] else None
    days = one.days(today)
    if not days:
        return None
    if lead in _BEFORE:
        return Period(date.min, days[0] - timedelta(1)) if days[0] > date.min else None
    return Period(days[0], date(MAXYEAR, 12, 31)) if lead in _SINCE else Period(*days)


def _is_range(words: Sequence[str], one: _Point, other: _Point) -> bool:
    lead = words[one.start - 1] if one.start else ""
    between = words[one.end : other.start]
    return len(between) <= 1 and (lead in _BETWEEN or (bool(between) and between[-1] in _TO))


def _points(words: Sequence[str]) -> Iterator[_Point]:
    at = 0
    while at < len(words):
        point = _month_at(words, at) or _year_at(words, at)
        if point:
            yield point
        at = point.end if point else at + 1


def _month_at(words: Sequence[str], at: int) -> _Point | None:
    names: Iterable[tuple[dict[str, int], bool]] = ((GREGORIAN, False), (HIJRI, True))
    for names_of, is_hijri in names:
        if words[at] in names_of:
            last = at + (words[at + 1 : at + 2] == [words[at]])  # «فبراير/شباط»
            before = at - 1 - (at > 1 and words[at - 1] == _FROM)  # «15 من فبراير»
            day = int(words[before]) if before >= 0 and _DAY.fullmatch(words[before]) else None
            after = last + 1 + (last + 2 < len(words) and words[last + 1] in {*_OF_YEAR, _FROM})
            years = _HIJRI_YEAR if is_hijri else _YEAR
            year = int(words[after]) if after < len(words) and years.fullmatch(words[after]) else None
            end = (after + 1) if year else last + 1
            start = before if day is not None else at
            return _Point(start, _past_hijri(words, end), year, names_of[words[at]], day, is_hijri)
    return None


def _year_at(words: Sequence[str], at: int) -> _Point | None:
    end = _past_hijri(words, at + 1)
    is_hijri = end > at + 1 and bool(_HIJRI_YEAR.fullmatch(words[at])) and int(words[at]) in _TABLED
    if is_hijri or _YEAR.fullmatch(words[at]):
        return _Point(at - (at > 0 and words[at - 1] in _OF_YEAR), end, int(words[at]), is_hijri=is_hijri)
    return None


def _past_hijri(words: Sequence[str], at: int) -> int:
    return at + (at < len(words) and words[at] in _OF_HIJRI)
