"""Who somebody is may be told in passing, by an office beside the name; of another, or by a name alone, nothing is."""

import pytest

from retrieval.question.parsed import parse
from retrieval.ranking.offices import names, office_of


@pytest.mark.parametrize(
    ("question", "sentence", "office"),
    [
        ("من هو سالم باوزير؟", "وقال مدير الميناء سالم باوزير إن الزوارق رست.", "مدير الميناء"),
        ("منو سالم باوزير", "وقال مدير عام الميناء سالم باوزير إن الزوارق رست.", "مدير عام الميناء"),
        ("مين عدنان عوض؟", "وشكا مدرب الحسين عدنان عوض من التحكيم.", "مدرب الحسين"),
        ("من تكون ريم الحلبي؟", "وأوضحت ريم الحلبي، رئيسة برنامج اللقاح، أن اللقاح آمن.", "رئيسة برنامج اللقاح"),
        ("من هي ريم الحلبي؟", "وأوضحت ريم الحلبي (طبيبة) أن اللقاح آمن.", "طبيبة"),
        ("من هو عوض الكثيري؟", "ويرى الصياد عوض الكثيري أن التعويض لا يكفي.", "الصياد"),
    ],
)
def test_an_office_beside_the_name_tells_who_somebody_is(question: str, sentence: str, office: str) -> None:
    found = office_of(parse(question), sentence)
    assert found is not None
    assert found.of(sentence) == office


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("من هو سمير باوزير؟", "وقال مدير الميناء سالم باوزير إن الزوارق رست."),
        ("من هو سالم باوزير؟", "وأضاف سالم باوزير أن الوقود مجاني."),
        ("من هو سالم باوزير؟", "وصل المدير، وغادر سالم باوزير."),
        ("من هو سالم باوزير؟", "وصل سالم باوزير ثم مدير الميناء."),
        ("من هو باوزير؟", "وقال مدير الميناء باوزير إن الزوارق رست."),
        ("متى وصل سالم باوزير؟", "وقال مدير الميناء سالم باوزير إن الزوارق رست."),
        ("من هو مدير الميناء؟", "التقى الوزير مدير الميناء."),
    ],
)
def test_what_tells_no_office_of_the_one_asked_of_tells_nothing(question: str, sentence: str) -> None:
    assert office_of(parse(question), sentence) is None


def test_a_name_is_named_where_all_its_words_stand_together() -> None:
    question = parse("من هو سالم باوزير؟")
    assert names(question, "وأضاف سالم باوزير أن الوقود مجاني.")
    assert not names(question, "وأضاف باوزير أن سالم غادر.")
