"""Dates as terms: a day has one, whatever calendar and names it is written in."""

from datetime import date, timedelta

import pytest
from hijridate import Gregorian

from retrieval.arabic.calendar_names import GREGORIAN, HIJRI
from retrieval.arabic.canonical import canonical
from retrieval.arabic.dates import day_terms
from retrieval.arabic.words import folded_words


def terms(text: str) -> list[str]:
    return day_terms(canonical(folded_words(text)))


@pytest.mark.parametrize(
    "text",
    [
        "15 فبراير 2017",
        "١٥ شباط ٢٠١٧",
        "15 شباط/فبراير 2017",
        "الخامس عشر من فيفري عام 2017",
        "الخامس عشر من شهر فبراير من عام ألفين وسبعة عشر",
        "فبراير 15، 2017",
        "18 جمادى الأولى 1438",
        "الثامن عشر من جمادى الأولى سنة 1438 هـ",
        "يوم الأربعاء 15 فبراير 2017م الموافق 18 جمادى الأولى 1438هـ",
    ],
)
def test_one_day_has_one_term(text: str) -> None:
    assert terms(text) == ["يوم:2017-02-15"]


def test_both_days_of_a_range_are_named() -> None:
    both = ["يوم:2017-02-15", "يوم:2017-02-16"]
    assert terms("15-16 فبراير 2017") == terms("15 و16 شباط 2017") == both


def test_a_day_without_a_year_keeps_its_calendar() -> None:
    assert terms("الثالث من مارس") == ["يوم:03-03"]
    assert terms("3 صفر") == ["يوم:هـ02-03"]


@pytest.mark.parametrize("text", ["فبراير 2017", "عام 2017", "15 رجلا", "مارس الرياضة", "صفر", "15 فبراير 44 ق.م", ""])
def test_what_is_no_full_date_has_no_day(text: str) -> None:
    assert not [term for term in terms(text) if "20" in term or term.startswith("شهر")]


def test_a_year_before_the_epoch_gives_nothing() -> None:
    assert terms("15 مارس عام 44 ق.م") == []


@pytest.mark.parametrize("text", ["31 فبراير 2017", "29 فبراير 1900", "31 رمضان 1440"])
def test_a_day_that_never_was_gives_nothing(text: str) -> None:
    assert terms(text) == []


@pytest.mark.parametrize(
    ("hijri", "gregorian"),
    [
        ("17 رمضان سنة 2 هـ", "13 مارس عام 624"),
        ("25 ربيع الآخر 583 هـ", "4 يوليو 1187"),
        ("20 جمادى الأولى سنة 857 هـ", "29 مايو 1453"),
    ],
)
def test_old_hijri_dates_name_the_month(hijri: str, gregorian: str) -> None:
    assert all(term.startswith("شهر:") for term in terms(hijri))
    assert set(terms(hijri)) & set(terms(gregorian))


def test_an_old_hijri_date_near_the_turn_of_a_month_names_both() -> None:
    assert terms("17 رمضان 1200") == ["شهر:1786-07"]
    assert terms("5 رمضان 1200") == ["شهر:1786-06", "شهر:1786-07"]


def test_gregorian_dates_name_their_month_only_where_old_hijri_dates_do() -> None:
    assert terms("31 يوليو 1924") == ["يوم:1924-07-31", "شهر:1924-07"]
    assert terms("1 أغسطس 1924") == terms("1 محرم 1343") == ["يوم:1924-08-01"]


def test_both_calendars_agree_on_every_tabled_month() -> None:
    gregorian, hijri = ({number: name for name, number in names.items()} for names in (GREGORIAN, HIJRI))
    for days in range(0, 55_000, 97):
        day = date(1924, 8, 1) + timedelta(days)
        lunar = Gregorian(day.year, day.month, day.day).to_hijri()
        written = [str(lunar.day), hijri[lunar.month], str(lunar.year)]
        term = f"يوم:{day}"
        assert day_terms(written) == [term] == day_terms([str(day.day), gregorian[day.month], str(day.year)])
