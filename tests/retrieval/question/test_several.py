"""Questions that ask for several things, in the standard language and in dialects, and those that ask for one."""

import pytest

from retrieval.question.parsed import parse

SEVERAL = """
    ما شروط القبول؟ | ما هي شروط القبول؟ | ماهي شروط القبول؟ | ما الشروط المطلوبة للتسجيل؟ | ما أهم شروطه؟
    وما شروط القبول؟
    هل تعرف ما شروط القبول؟ | شو شروط التسجيل؟ | شو هي شروط التسجيل؟ | إيه شروط التقديم؟ | إيه هي الأوراق المطلوبة؟
    شروط التقديم إيه؟ | ايش المستندات المطلوبة؟ | وش مهام المدير؟ | شنو أسباب التأخير؟ | شنو هي خطوات التسجيل؟
    ما مهام المدير؟ | ما واجباتها؟ | ما خطوات استخراج الجواز؟ | ما أنواع التربة؟ | ما مقادير الكعكة؟
    ما أسباب إغلاق السوق؟
    من هم أعضاء اللجنة؟ | مين أعضاء اللجنة؟ | منو أعضاء اللجنة؟ | شكون هما أعضاء اللجنة؟ | من هم لاعبو الفريق؟
    اذكر أسباب الحريق | اذكر ثلاثة أسباب للحريق | عدّد أنواع التربة | عدد لي أنواع التربة | قائمة المستندات
    أعطني شروط القبول | شروط القبول في المعهد | ماذا يشترط في المتقدم؟ | شو المطلوب للتسجيل؟
"""
ONE = """
    كم عدد أعضاء اللجنة؟ | ما سبب إغلاق السوق؟ | عدد أعضاء اللجنة | من رئيس لجنة أعضاء المجلس؟ | متى تعلن شروط القبول؟
    شروط القبول متى تعلن؟ | أين تقدم أوراق التسجيل؟ | هل شروط القبول صعبة؟ | ما أكثر أسباب الوفاة؟
    اذكر أحد أسباب الحريق
    كم شرطا للقبول؟ | ما نوع التربة؟ | من كتب شروط القبول؟ | ما عاصمة اليمن؟ | بم يتميز الجسر؟ | أول أعراض المرض
    من أسس المعهد؟ | لازم أجيب الفاتورة؟
"""


def listed(questions: str) -> list[str]:
    return [question.strip() for line in questions.strip().splitlines() for question in line.split("|")]


@pytest.mark.parametrize("question", listed(SEVERAL))
def test_a_question_that_names_several_asks_for_several(question: str) -> None:
    assert parse(question).several


@pytest.mark.parametrize("question", listed(ONE))
def test_another_asks_for_one(question: str) -> None:
    assert not parse(question).several
