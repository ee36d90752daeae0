"""What may be searched for of a question that follows another, and which of it is answered."""

from retrieval.model import Answer, Document, Quote, Span
from retrieval.question.readings import following

BEFORE = "من عميد القبول؟"


def saying(text: str) -> Answer:
    return Answer("؟", "؟", (Quote(Document("a", "a", text), Span(0, len(text))),))


def refused(text: str) -> Answer:
    return Answer(text, text)


def test_another_subject_may_be_another_side_of_the_last() -> None:
    assert following("والرسوم؟", BEFORE).readings == ("من عميد الرسوم؟", "والرسوم؟ (عميد القبول)")
    assert following("ومتى؟", BEFORE).readings == ("ومتى؟ (عميد القبول)",)
    assert following("من هو المتنبي؟", BEFORE).readings == ("من هو المتنبي؟",)


def test_the_reading_whose_quote_holds_what_is_named_is_answered() -> None:
    fees, dean = saying("تبلغ رسوم التسجيل 120 دينارا."), saying("قال عميد القبول ذلك.")
    both = following("والرسوم؟", BEFORE)
    told = {"من عميد الرسوم؟": dean, "والرسوم؟ (عميد القبول)": fees}
    assert both.answered("والرسوم؟", told.__getitem__, refused).quotes == fees.quotes
    assert both.answered("والرسوم؟", lambda _: dean, refused).quotes == dean.quotes
    assert both.answered("والرسوم؟", refused, refused).searched == "من عميد الرسوم؟"


def test_the_document_in_hand_answers_what_the_quote_says_nothing_of() -> None:
    start, results = saying("تبدأ الدراسة في أيلول."), saying("تعلن النتائج يوم الأحد.")
    question = "ومتى تبدأ الدراسة؟"
    answer = following(question, "متى تعلن النتائج؟").answered(question, lambda _: results, lambda _: start)
    assert answer.quotes == start.quotes
    assert answer.leans
