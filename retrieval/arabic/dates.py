"""Full dates found among canonical words, each as a term that names its day in the Gregorian calendar.

So «18 جمادى الأولى 1438» and «15 فبراير 2017» share a term. For matching only: nothing here is ever shown.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hijridate import Hijri

from retrieval.arabic.calendar_names import GREGORIAN, HIJRI, MONTHS, is_month

_DAY = re.compile(r"0?[1-9]|[12]\d|3[01]")
_BARE_YEAR = {True: re.compile(r"1[0-5]\d\d|[1-9]\d\d"), False: re.compile(r"1\d{3}|20\d\d")}  # Hijri or not
_NAMED_YEAR = re.compile(r"[1-9]\d{0,3}")
_BETWEEN = frozenset(("من", "شهر"))
_OF_YEAR = frozenset(("سنه", "عام", "لسنه", "لعام", "السنه", "العام"))
_AND, _BEFORE = "و", "ق"  # «ق.م» and «ق.هـ»: before the epoch

_FIRST_TABLED, _LAST_TABLED = 1343, 1500  # the years of Umm al-Qura that hijridate knows
_TABLED_SINCE = date(1924, 8, 1)  # 1 Muharram 1343
_EPOCH = 1948439  # the Julian day before 1 Muharram 1, civil epoch: 16 July 622, Julian
_REFORM = 2299161  # the Julian day of 15 October 1582, from which dates are Gregorian
_ERROR = 2  # days


def day_terms(words: Sequence[str]) -> list[str]:
    """The terms of the dates in canonical words, in order, each once.

    "يوم:2017-02-15" for a day and "يوم:02-15", "يوم:هـ05-18" for one without a year. Hijri dates of 1343 to 1500 are
    read by the Umm al-Qura calendar, which countries that watch for the moon may leave by a day. Before 1343 they are
    reckoned by the tabular calendar, one or two days off what was seen: then the term names the month, or two where
    the error spans them ("شهر:1187-07"), and so does a further term of each Gregorian date of that time. Dates
    before 15 October 1582 are Julian, as sources give them.
    """
    if MONTHS.isdisjoint(words):
        return []
    present = [word for word in words if word]
    places = (place for place, word in enumerate(present) if is_month(word))
    return list(dict.fromkeys(term for place in places for term in _terms_at(present, place)))


def _terms_at(words: Sequence[str], place: int) -> Iterator[str]:
    days, after = _days_before(words, place), place + 1
    if not days and _DAY.fullmatch(_word(words, after)):  # «فبراير 15، 2017»
        days, after = [int(words[after])], after + 1
    hijri = words[place] in HIJRI
    month = (HIJRI if hijri else GREGORIAN)[words[place]]
    year = _year(words, after, hijri)
    for day in days if year is not None else ():
        if not year:
            yield f"يوم:{'هـ' if hijri else ''}{month:02}-{day:02}"
        else:
            yield from (_hijri if hijri else _gregorian)(year, month, day)


def _word(words: Sequence[str], place: int) -> str:
    return words[place] if 0 <= place < len(words) else ""


def _days_before(words: Sequence[str], place: int) -> list[int]:
    """The day before a month, or the two of «15-16 فبراير» and «15 و16 فبراير»."""
    place -= 1
    while _word(words, place) in _BETWEEN:
        place -= 1
    if not _DAY.fullmatch(_word(words, place)):
        return []
    day, place = int(words[place]), place - 1
    earlier = _word(words, place - 1 if _word(words, place) == _AND else place)
    return [int(earlier), day] if _DAY.fullmatch(earlier) and int(earlier) < day else [day]


def _year(words: Sequence[str], place: int, hijri: bool) -> int | None:
    """The year at a place: 0 where none is given, None where it is before the epoch."""
    place += _word(words, place) == "من"
    named = _word(words, place) in _OF_YEAR
    word = _word(words, place + named)
    if not (_NAMED_YEAR if named else _BARE_YEAR[hijri]).fullmatch(word):
        return 0
    return None if _word(words, place + named + 1) == _BEFORE else int(word)


def _gregorian(year: int, month: int, day: int) -> Iterator[str]:
    leap = 2000 if year < 1583 else year  # a Julian year may leap where a Gregorian one does not
    try:
        date(leap, month, day)
    except ValueError:
        return
    yield f"يوم:{year:04}-{month:02}-{day:02}"
    if (year, month) < (_TABLED_SINCE.year, _TABLED_SINCE.month):
        yield f"شهر:{year:04}-{month:02}"


def _hijri(year: int, month: int, day: int) -> Iterator[str]:
    if day > 30 or year > _LAST_TABLED:
        return
    if year >= _FIRST_TABLED:
        first = Hijri(year, month, 1).to_gregorian()
        yield f"يوم:{date(first.year, first.month, first.day) + timedelta(day - 1)}"
        return
    reckoned = _EPOCH + 354 * (year - 1) + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day
    for julian_day in (reckoned - _ERROR, reckoned + _ERROR):
        yield "شهر:{:04}-{:02}".format(*_month_of(julian_day))


def _month_of(julian_day: int) -> tuple[int, int]:
    """The year and month of a Julian day number, by the calendar of its time (Richards 2013, table 15.14)."""
    shifted = julian_day + 1401
    if julian_day >= _REFORM:
        shifted += (4 * julian_day + 274277) // 146097 * 3 // 4 - 38
    in_cycle = (4 * shifted + 3) % 1461 // 4
    month = ((5 * in_cycle + 2) // 153 + 2) % 12 + 1
    return (4 * shifted + 3) // 1461 - 4716 + (14 - month) // 12, month
