"""What texts hold of the kinds of answer that questions seek."""

import pytest

from retrieval import Span
from retrieval.arabic import fold_text
from retrieval.question.parsed import Kind
from retrieval.ranking.kinds import count_of, duals, holds_kind, tells_when, whole_date


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("وتفتح في رمضان من العاشرة حتى الثالثة.", True),
        ("تقلع الرحلة في السابعة والنصف مساء.", True),
        ("غرق الزورق الأسبوع الماضي.", True),
        ("سجلت إصابات منذ مطلع العام.", True),
        ("عادت إلى بيتها بعد ثلاثة أيام.", True),
        ("افتتح السوق قبل عامين.", True),
        ("وصل في 3 مايو.", True),
        ("جاءت الثانية في الترتيب.", False),
        ("وقف بعد الجسر.", False),
    ],
)
def test_a_sentence_may_tell_when_without_a_day_of_the_calendar(text: str, told: bool) -> None:
    assert tells_when(fold_text(text)) is told


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("ويعزى القرار إلى غرق زورقين.", True),
        ("أرجعت الوزارة التأخر إلى نقص الوقود.", True),
        ("ألغي الحفل حدادا على الضحايا.", True),
        ("وخوفا من السيول أخليت القرية.", True),
        ("يعود الفريق إلى بلده غدا.", False),
        ("سافر الوزير إلى عمان.", False),
    ],
)
def test_a_reason_is_given_in_many_words(text: str, held: bool) -> None:
    assert holds_kind("reason", fold_text(text)) is held


@pytest.mark.parametrize(
    ("unit", "text", "two"),
    [
        ("زورقا", "غرق زورقان، ونجا من كان في الزورقين.", ["زورقان", "الزورقين"]),
        ("مرة", "فاز بها مرتين.", ["مرتين"]),
        ("طفلا", "توفي منها طِفْلان.", ["طِفْلان"]),
        ("مدرسا", "اجتمع بالمدرسين ثم بمدرسين آخرين.", []),
        ("لاعبا", "شارك لاعبان.", ["لاعبان"]),
        ("سوريا", "عاد السوريين.", []),
        ("يوما", "بعد عشرين يوما.", []),
    ],
)
def test_one_word_may_say_two_of_what_is_counted(unit: str, text: str, two: list[str]) -> None:
    assert [span.of(text) for span in duals(fold_text(unit), text)] == two
