"""The days that a question speaks of."""

from datetime import MAXYEAR, date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.arabic.periods import asks_newest, period_of
from retrieval.model import Period

TODAY = date(2017, 4, 20)  # a Thursday
EVER = date(MAXYEAR, 12, 31)
WORDS = [
    *("اليوم", "بين", "قبل", "منذ", "إلى", "في", "و", "سنة", "هـ", "فبراير", "رمضان"),
    *("1438", "2017", "31", "29", "15/2/2017", "9999", "?"),
]


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("ما أخبار اليوم؟", TODAY, TODAY),
        ("ماذا حدث أمس؟", date(2017, 4, 19), date(2017, 4, 19)),
        ("شو صار أول امبارح؟", date(2017, 4, 18), date(2017, 4, 18)),
        ("ماذا حدث يوم الأحد الماضي؟", date(2017, 4, 16), date(2017, 4, 16)),
        ("شنو صار الجمعة اللي فاتت؟", date(2017, 4, 14), date(2017, 4, 14)),
        ("ماذا أعلن الخميس الفائت؟", date(2017, 4, 13), date(2017, 4, 13)),
        ("واش واقع البارح؟", date(2017, 4, 19), date(2017, 4, 19)),
        ("وش صار قبل أمس؟", date(2017, 4, 18), date(2017, 4, 18)),
        ("ماذا قيل هذا الأسبوع؟", date(2017, 4, 15), TODAY),
        ("ماذا قيل الأسبوع الماضي؟", date(2017, 4, 8), date(2017, 4, 14)),
        ("ماذا نشر هذا الشهر؟", date(2017, 4, 1), TODAY),
        ("ماذا نشر الشهر الماضي؟", date(2017, 3, 1), date(2017, 3, 31)),
        ("ما ميزانية هذا العام؟", date(2017, 1, 1), TODAY),
        ("كم كانت الميزانية العام الماضي؟", date(2016, 1, 1), date(2016, 12, 31)),
    ],
)
def test_days_named_from_today(question: str, first: date, last: date) -> None:
    assert period_of(question, TODAY) == Period(first, last, is_relative=True)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("كم غارة نفذت في 2017؟", date(2017, 1, 1), date(2017, 12, 31)),
        ("كم غارة نفذت عام ٢٠١٥؟", date(2015, 1, 1), date(2015, 12, 31)),
        ("من فاز في شباط 2016؟", date(2016, 2, 1), date(2016, 2, 29)),
        ("ماذا حدث في 15 فبراير من عام 2017؟", date(2017, 2, 15), date(2017, 2, 15)),
        ("ماذا حدث في 15/2/2017؟", date(2017, 2, 15), date(2017, 2, 15)),
        ("أخبار 2017-02-15", date(2017, 2, 15), date(2017, 2, 15)),
        ("أخبار ٢٠١٧/٢/١٥ اليوم", date(2017, 2, 15), date(2017, 2, 15)),
        ("ماذا حدث في الخامس عشر من فبراير 2017؟", date(2017, 2, 15), date(2017, 2, 15)),
        ("ماذا حدث في 15 فبراير/شباط 2017؟", date(2017, 2, 15), date(2017, 2, 15)),
        ("ماذا حدث يوم الأربعاء 15 من شباط سنة 2017؟", date(2017, 2, 15), date(2017, 2, 15)),
        ("ماذا حدث في ديسمبر؟", date(2016, 12, 1), date(2016, 12, 31)),
        ("ماذا حدث في مارس؟", date(2017, 3, 1), date(2017, 3, 31)),
        ("ماذا جرى بين فبراير ومارس 2015؟", date(2015, 2, 1), date(2015, 3, 31)),
        ("من يناير إلى مارس 2017", date(2017, 1, 1), date(2017, 3, 31)),
        ("ما الذي تغير بين عامي 2015 و 2017؟", date(2015, 1, 1), date(2017, 12, 31)),
        ("ماذا نشر منذ 2015؟", date(2015, 1, 1), EVER),
        ("ماذا نشر قبل عام 2010؟", date.min, date(2009, 12, 31)),
        ("ماذا قيل في رمضان 1437؟", date(2016, 6, 6), date(2016, 7, 5)),
        ("ماذا حدث سنة 1438 هـ؟", date(2016, 10, 2), date(2017, 9, 20)),
        ("ماذا قيل في رمضان؟", date(2016, 6, 6), date(2016, 7, 5)),
    ],
)
def test_days_named_outright(question: str, first: date, last: date) -> None:
    assert period_of(question, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    "question",
    [
        "كم عدد سكان حلب؟",
        "كم كلف الجسر: 2500 دينار؟",
        "ماذا حدث في 31 فبراير 2017؟",
        "",
        "من أين جاء؟",
        "بين مارس 2017 ومارس 2015",
        "لماذا تغلق المكتبة يوم الأحد؟",
        "متى كان الأحد الدامي؟",
        "ماذا أنجز في الأيام الأخيرة من حكمه؟",
    ],
)
def test_no_days_are_named(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("ماذا حدث يوم الأحد؟", date(2017, 4, 16), date(2017, 4, 16)),
        ("أخبار الخميس", TODAY, TODAY),
        ("أخبار الأيام الأخيرة", date(2017, 4, 13), TODAY),
        ("أخبار الخميس الماضي", date(2017, 4, 13), date(2017, 4, 13)),
    ],
)
def test_who_wants_news_means_the_last_day_of_a_name(question: str, first: date, last: date) -> None:
    assert period_of(question, TODAY, of_news=True) == Period(first, last, is_relative=True)
    assert period_of("ماذا حدث في الأحد الدامي؟", TODAY, of_news=True) is None


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("ما آخر خبر عن الجسر؟", True),
        ("ما آخر الأخبار؟", True),
        ("ما أحدث حصيلة للضحايا؟", True),
        ("آخر تصريح للوزير", True),
        ("من آخر ملوك الأندلس؟", False),
        ("متى بني الجسر؟", False),
    ],
)
def test_the_newest_is_asked_for(question: str, newest: bool) -> None:
    assert asks_newest(question) is newest


def test_a_day_that_is_not_known_lies_in_no_period() -> None:
    assert not Period(date.min, EVER).holds(None)
    assert Period(TODAY, TODAY).holds(TODAY)


@settings(deadline=None, derandomize=True, database=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(WORDS),
        max_size=8,
    ),
    st.dates(date(1950, 1, 1), date(2070, 1, 1)),
)
def test_any_question_names_days_in_order_or_none(words: list[str], today: date) -> None:
    found = period_of(" ".join(words), today)
    assert found is None or found.first <= found.last
