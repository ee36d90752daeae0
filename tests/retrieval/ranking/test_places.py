"""Where something is may be told by what lies around it; where no place follows its name, nothing is taken for one."""

import pytest

from retrieval.question.parsed import parse
from retrieval.ranking.places import tells_where

DARAA = "وتقع درعا على مقربة من الحدود السورية مع الأردن."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("أين تقع درعا؟", DARAA),
        ("وين تقع درعا؟", DARAA),
        ("أين يقع سد مأرب؟", "سد مأرب يقع شمال البلدة القديمة."),
        ("أين تقع المكتبة؟", "تقع المكتبة العامة بجوار البلدية."),
        ("أين ولد الشاعر؟", "وُلد الشاعر في قرية على الساحل سنة 1911."),
    ],
)
def test_what_stands_beside_a_place_word_after_the_name_is_where(question: str, sentence: str) -> None:
    assert tells_where(parse(question), sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("أين تقع إدلب؟", DARAA),
        ("متى تقع درعا؟", DARAA),
        ("أين ولد الشاعر؟", "ولد الشاعر في عام 1911."),
        ("أين ولد الشاعر؟", "ولد الشاعر في ربيع سنة 1911."),
        ("أين ولد الشاعر؟", "ولد الشاعر في الصباح الباكر."),
        ("أين تقع المكتبة؟", "تقع المكتبة. في الصباح تفتح أبوابها."),
        ("أين مات والده؟", "مات والده فوقف أمام الناس يبكي."),
        ("ما عاصمة المغرب؟", "الرباط عاصمة المغرب في الشمال."),
    ],
)
def test_what_tells_no_place_is_no_answer_to_where(question: str, sentence: str) -> None:
    assert not tells_where(parse(question), sentence)
