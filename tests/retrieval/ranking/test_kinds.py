"""What texts hold of the kinds of answer that questions seek."""

import pytest

from retrieval import Span
from retrieval.arabic import fold_text
from retrieval.question.parsed import Kind
from retrieval.ranking.kinds import count_of, holds_kind, whole_date


@pytest.mark.parametrize(
    ("sentence", "part", "date"),
    [
        ("ولدت في الثامن من آذار سنة 1911 في دمشق.", "1911", "الثامن من آذار سنة 1911"),
        ("تنطلق يوم الأربعاء الخامس عشر من فبراير.", "فبراير", "يوم الأربعاء الخامس عشر من فبراير"),
        ("افتتح في ١٥ فِبْرايـــر ٢٠١٧ رسميا.", "٢٠١٧", "١٥ فِبْرايـــر ٢٠١٧"),
        ("افتتح في 3 تشرين الثاني 2024 رسميا.", "2024", "3 تشرين الثاني 2024"),
        ("افتتح في ربيع الأول 1445 رسميا.", "1445", "ربيع الأول 1445"),
        ("قاتلوا منذ عام 2015.", "2015", "2015"),
        ("وصل 15 وفدا في 3 مايو.", "15", "15"),
    ],
)
def test_a_part_of_a_date_with_a_month_is_widened_to_the_whole(sentence: str, part: str, date: str) -> None:
    start = sentence.index(part)
    assert whole_date(sentence, Span(start, start + len(part))).of(sentence) == date


@pytest.mark.parametrize("kind", ["place", "person", "manner", "thing", "choice", "yes_no", "definition", None])
def test_kinds_that_letters_cannot_tell_are_held_by_all(kind: Kind | None) -> None:
    assert holds_kind(kind, "اي نص")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("date", "لا تاريخ هنا."), ("number", "كتاب جميل."), ("number", "ستائر المدينة."), ("reason", "كيفما كان.")],
)
def test_words_that_only_begin_alike_are_not_held(kind: Kind, sentence: str) -> None:
    assert not holds_kind(kind, fold_text(sentence))


def test_things_of_a_kind_are_counted() -> None:
    assert count_of("number", "ثلاثين غاره و 5 طلعات") == 2


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        ("date", "في فبراير", True),
        ("date", "في البيت", False),
        ("number", "ثلاثون رجلا", True),
        ("number", "رجال", False),
        ("price", "بثلاثين دينارا", True),
        ("price", "بثمن زهيد", False),
        ("reason", "بسبب المطر", True),
        ("reason", "المطر", False),
    ],
)
def test_a_sentence_holds_a_kind_or_not(kind: Kind, text: str, held: bool) -> None:
    assert holds_kind(kind, fold_text(text)) is held
