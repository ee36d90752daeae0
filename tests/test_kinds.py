"""What is marked in a sentence: exact stretches of the raw text that are of the kind that was asked for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Span
from retrieval.answering.kinds import holds_kind, marked
from retrieval.answering.question import Kind

BEFORE = "سطر قبلها، "


def marks(kind: Kind | None, sentence: str, known: frozenset[str] = frozenset()) -> list[str]:
    """The marked stretches of a sentence that stands inside a longer text."""
    text = f"{BEFORE}{sentence} وسطر بعدها في عام 1800."
    return [span.of(text) for span in marked(kind, text, Span(len(BEFORE), len(BEFORE) + len(sentence)), known)]


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("ولدت في الثامن من آذار سنة 1911 في دمشق.", "الثامن من آذار سنة 1911"),
        ("تنطلق يوم الأربعاء الخامس عشر من فبراير.", "يوم الأربعاء الخامس عشر من فبراير"),
        ("افتتح في 15 فبراير 2017 رسميا.", "15 فبراير 2017"),
        ("افتتح في ١٥ فبراير ٢٠١٧ رسميا.", "١٥ فبراير ٢٠١٧"),
        ("افتتح في ١٥ فِبْرايـــر ٢٠١٧ رسميا.", "١٥ فِبْرايـــر ٢٠١٧"),
        ("افتتح في 3 تشرين الثاني 2024 رسميا.", "3 تشرين الثاني 2024"),
        ("افتتح في ربيع الأول 1445 رسميا.", "ربيع الأول 1445"),
        ("قاتلوا منذ عام 2015.", "عام 2015"),
        ("بني سنة ١٨٧٤ حين جاء.", "سنة ١٨٧٤"),
        ("يبدأ في 3/11/2024 صباحا.", "3/11/2024"),
        ("وصل الوفد يوم الثلاثاء مساء.", "يوم الثلاثاء"),
    ],
)
def test_a_date_is_marked_whole_and_as_written(sentence: str, date: str) -> None:
    assert marks("date", sentence) == [date]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("نفذت ثلاثين غارة جوية.", "ثلاثين غارة"),
        ("نفذت ثَلاثِينَ غارةً جوية.", "ثَلاثِينَ غارةً"),
        ("ثمنها ٣٫٥ دينار.", "٣٫٥ دينار"),
        ("يضم ٦٢ دكانا.", "٦٢ دكانا"),
        ("بلغ 1,500 شجرة.", "1,500 شجرة"),
        ("بلغ ١٬٥٠٠ شجرة.", "١٬٥٠٠ شجرة"),
        ("يشارك واحد وثلاثين حكواتيا.", "واحد وثلاثين حكواتيا"),
        ("كلف مليونين وثلاثمئة ألف درهم.", "مليونين وثلاثمئة ألف درهم"),
        ("أضف ½ كوب.", "½"),
    ],
)
def test_a_number_is_marked_with_what_it_counts(sentence: str, number: str) -> None:
    assert marks("number", sentence)[0] == number


@pytest.mark.parametrize(
    ("sentence", "reason"), [("أغلق بسبب المطر", "بسبب المطر"), ("رمم لأنه يؤذي الحجر", "لأنه يؤذي الحجر")]
)
def test_a_reason_is_marked_to_the_end(sentence: str, reason: str) -> None:
    assert marks("reason", sentence) == [reason]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("date", "لا تاريخ هنا."),
        ("number", "كتاب جميل."),
        ("number", "ستائر المدينة وعشرة."),
        ("reason", "كيفما كان."),
    ],
)
def test_words_that_only_begin_alike_are_not_marked(kind: Kind, sentence: str) -> None:
    assert not any(mark.startswith(("ست", "كي")) for mark in marks(kind, sentence))


def test_the_number_that_the_question_names_is_no_answer() -> None:
    assert marks("date", "بدأت عام 2015 وانتهت عام 2017.", frozenset({"عام", "2015"})) == ["عام 2017"]


@pytest.mark.parametrize("kind", ["place", "person", "manner", "thing", "choice", "yes_no", "definition", None])
def test_kinds_that_letters_cannot_tell_mark_nothing_and_are_held_by_all(kind: Kind | None) -> None:
    assert marks(kind, "ولد في دمشق سنة 1911.") == []
    assert holds_kind(kind, "أي نص")


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        ("date", "في فبراير", True),
        ("date", "في البيت", False),
        ("number", "ثلاثون رجلا", True),
        ("number", "رجال", False),
        ("reason", "بسبب المطر", True),
        ("reason", "المطر", False),
    ],
)
def test_a_sentence_holds_a_kind_or_not(kind: Kind, text: str, held: bool) -> None:
    assert holds_kind(kind, text) is held


PIECES = [
    "سنة",
    "١٩١١",
    "15",
    "فبراير",
    "فِبْرايـر",
    "ثلاثين",
    "½",
    "²",
    "ﷲ",
    "٬",
    ".",
    "/",
    " ",
    "  ",
    "\n",
    "\u200f",
    "بسبب",
]


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(
    st.sampled_from(["date", "number", "reason"]),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=12).map("".join),
)
def test_marks_lie_within_any_sentence_and_have_no_white_space_around_them(kind: Kind, sentence: str) -> None:
    if sentence:
        text, within = f"{BEFORE}{sentence} 1900", Span(len(BEFORE), len(BEFORE) + len(sentence))
        found = list(marked(kind, text, within, frozenset()))
        assert all(within.holds(span) and span.of(text) == span.of(text).strip() for span in found)
        assert bool(found) == holds_kind(kind, sentence)
