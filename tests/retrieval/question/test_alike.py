"""What answers one question answers another only where that asks of the same thing."""

import pytest

from retrieval.question.alike import asks_else
from retrieval.question.parsed import parse

HOURS = "متى يفتح المسبح البلدي للنساء؟"
WHEN = "يومي الأحد والثلاثاء من الرابعة إلى السابعة مساء."


@pytest.mark.parametrize(
    ("question", "asked", "told"),
    [
        ("متى يغلق المسبح البلدي؟", HOURS, WHEN),
        ("متى يفتح المسبح البلدي للرجال؟", HOURS, WHEN),
        ("ما مدة ضمان الثلاجة؟", "ما مدة ضمان الغسالة؟", "سنتان من تاريخ الشراء."),
        ("كم عرض المسار الجبلي؟", "كم طول المسار الجبلي؟", "اثنا عشر كيلومترا."),
        ("أين يمكنني إيداع المبلغ؟", "أين يمكنني سحب المبلغ؟", "من أي فرع للبريد."),
    ],
)
def test_a_question_of_something_else_or_of_the_contrary_is_another(question: str, asked: str, told: str) -> None:
    assert asks_else(parse(question), asked, told)


@pytest.mark.parametrize(
    ("question", "asked", "told"),
    [
        ("متى يغلق المسبح؟", HOURS, f"{WHEN} ويغلق في الثامنة."),
        ("في أي يوم يفتح المسبح للنساء؟", HOURS, WHEN),
        ("كم سرعة الإنترنت في السكن؟", "ما الحد المسموح به لسرعة الإنترنت في السكن؟", "خمسون ميغابت لكل غرفة."),
        ("ما الوثائق المطلوبة للتسجيل؟", "ما الأوراق المطلوبة للتسجيل؟", "شهادة الميلاد."),
        ("أين أدفع فاتورة الكهرباء؟", "كيف أسدد فاتورة الكهرباء؟", "عن طريق التطبيق."),
        ("هل يمنع إدخال الطعام إلى القاعة؟", "هل يسمح بإدخال الطعام إلى القاعة؟", "يسمح بالماء وحده."),
        ("ما سبب إلغاء الرحلة؟", "لماذا ألغيت رحلتي؟", "بسبب الضباب."),
    ],
)
def test_one_in_other_words_or_that_the_answer_speaks_of_is_not(question: str, asked: str, told: str) -> None:
    assert not asks_else(parse(question), asked, told)
