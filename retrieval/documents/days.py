"""Days as programs and people write them in what a file says of itself: «2024-05-12», «12/5/2024», «الأحد ١٢ أيار
2024», «4 ذو القعدة 1445», "Sun, 12 May 2024 10:00:00 GMT". What names no day of a calendar is none."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

from hijridate import Hijri

from retrieval.arabic.canonical import canonical
from retrieval.arabic.dates import day_terms
from retrieval.arabic.words import folded_words

_LONGEST = 80  # characters of what names a day
_MONTHS = 12
_HIJRI_YEARS = range(
    1343, 1501
)  # that the tables of Umm al-Qura have; no file was written in these of the other calendar
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", "\u200e\u200f\u202a\u202c")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_ENGLISH = re.compile(
    r"(?<!\w)(?:(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?|([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?)"
    r"[, -]{1,2}(\d{4})(?!\d)"
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TERM = re.compile(r"يوم:(\d{4})-(\d\d)-(\d\d)")


def day_of(value: object) -> date | None:
    """The day that a value names, be it a text, a day or a time; None for anything else. Of «5/12/2024» the day stands
    first, as Arabs write it, unless it can be none."""
    if isinstance(value, datetime):
        return day_of(value.date())
    if isinstance(value, date):
        return _of_calendar(value.year, value.month, value.day)
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    return next(_days(value.translate(_DIGITS).strip()[:_LONGEST]), None)


def _days(text: str) -> Iterator[date]:
    with suppress(ValueError):
        yield from _is_day(datetime.fromisoformat(text).date())
    if found := _COMPACT.fullmatch(text):
        yield from _numbers(found[1], found[2], found[3])
    for found in _YEAR_FIRST.finditer(text):
        yield from _numbers(found[1], found[2], found[3])
    for found in _YEAR_LAST.finditer(text):
        is_month_first = int(found[2]) > _MONTHS
        yield from _numbers(found[3], *((found[1], found[2]) if is_month_first else (found[2], found[1])))
    yield from _english(text)
    for term in day_terms(canonical(folded_words(text))):
        if found := _TERM.fullmatch(term):
            yield from _numbers(found[1], found[2], found[3])


def _is_day(day: date) -> Iterator[date]:
    return _numbers(day.year, day.month, day.day)


def _english(text: str) -> Iterator[date]:
    for found in _ENGLISH.finditer(text):
        name = (found[2] or found[3])[:3].lower()
        if name in _ENGLISH_MONTHS:
            yield from _numbers(found[5], _ENGLISH_MONTHS.index(name) + 1, found[1] or found[4])


def _numbers(*numbers: str | int) -> Iterator[date]:
    """The day of a year, a month and a day, where there is such a day."""
    if day := _of_calendar(*map(int, numbers)):
        yield day


def _of_calendar(year: int, month: int, day: int) -> date | None:
    try:
        return Hijri(year, month, day).to_gregorian() if year in _HIJRI_YEARS else date(year, month, day)
    except (ValueError, OverflowError):
        return None
