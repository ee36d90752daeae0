"""Who did it may be told by an office or a group; where nobody is told beside the verb, nothing is taken for it."""

import pytest

from retrieval.question.parsed import parse
from retrieval.ranking.doers import tells_who

RAID = "وأعلنت مصادر محلية أن المقاتلات الروسية قد قصفت مواقع في مدينة درعا أمس الثلاثاء."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("من قصف درعا؟", RAID),
        ("مين قصف درعا؟", RAID),
        ("من الذي قصف مدينة درعا؟", RAID),
        ("من افتتح السوق؟", "افتتح العمدة السوق صباح الأحد."),
        ("من أوقف المزاد؟", "وكانت المحكمة قد أوقفت المزاد قبل ساعات من موعده."),
    ],
)
def test_an_office_or_a_group_beside_the_verb_tells_who(question: str, sentence: str) -> None:
    assert tells_who(parse(question), sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("من قصف درعا؟", "تعرضت درعا لقصف عنيف."),
        ("من قصف درعا؟", "قصفت درعا أمس."),
        ("من قصف إدلب؟", RAID),
        ("من افتتح السوق؟", "السوق الذي افتتح الأحد كبير."),
        ("من افتتح السوق؟", "افتتح السوق العام الماضي."),
        ("من ترجم الديوان؟", "الديوان الذي ترجم إلى الفرنسية."),
        ("متى قصفت المقاتلات درعا؟", RAID),
        ("من قصفت المعارضة؟", "قصفت المقاتلات المعارضة."),
        ("من العمدة؟", "افتتح العمدة السوق."),
    ],
)
def test_what_tells_nobody_is_no_answer_to_who(question: str, sentence: str) -> None:
    assert not tells_who(parse(question), sentence)
