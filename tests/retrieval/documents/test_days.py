"""The day that a file says of itself, however a person or a program writes it."""

from datetime import date, datetime

import pytest

from retrieval.documents.days import day_of

MAY = date(2024, 5, 12)


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-12",
        "2024-05-12T10:30:00+03:00",
        "2024-05-12 10:30:00 +0300",
        "2024/05/12",
        "12/5/2024",
        "12-05-2024",
        "12.5.2024",
        "12/05/2024 10:00",
        "٢٠٢٤-٠٥-١٢",
        "١٢/٥/٢٠٢٤",
        "12\u200f/5\u200f/2024",
        "12 مايو 2024",
        "الأحد، 12 أيار 2024 10:30 ص",
        "نشر في: ١٢ أيار/مايو ٢٠٢٤",
        "May 12, 2024",
        "12th May 2024",
        "Sun, 12 May 2024 10:00:00 GMT",
        "20240512",
        20240512,
        datetime(2024, 5, 12, 9),
        MAY,
        "4 ذو القعدة 1445",
        "1445/11/04 هـ",
        date(1445, 11, 4),
    ],
)
def test_a_day_is_the_same_however_it_is_written(written: object) -> None:
    assert day_of(written) == MAY


def test_the_day_stands_before_the_month_unless_it_can_be_none() -> None:
    assert day_of("05/10/2023") == date(2023, 10, 5)
    assert day_of("05/25/2023") == date(2023, 5, 25)


@pytest.mark.parametrize(
    "written", [None, "", "2024", "2024-13-45", "31/2/2024", "قريبا", "12 مايو", 7, True, ["2024-05-12"]]
)
def test_what_names_no_day_is_none(written: object) -> None:
    assert day_of(written) is None
