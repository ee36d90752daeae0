"""What may be searched for of a question that follows another, and which of it is answered."""

from dataclasses import replace

import pytest

from retrieval.model import Answer, Document, Quote, Span
from retrieval.question.readings import following

BEFORE = "من عميد القبول؟"


def saying(text: str) -> Answer:
    return Answer("؟", "؟", (Quote(Document("a", "a", text), Span(0, len(text))),))


def refused(text: str) -> Answer:
    return Answer(text, text)


def test_another_subject_may_be_another_side_of_the_last() -> None:
    assert following("والرسوم؟", BEFORE).readings == ("من عميد الرسوم؟", "والرسوم؟ (عميد القبول)")
    spoken_of = "كم طوله؟ (جسر الوادي)"
    sides = following("والسوق؟", spoken_of).readings
    assert sides == ("كم طوله؟ (السوق)", "كم طوله؟ (جسر السوق)", "والسوق؟ (جسر الوادي)")
    assert following("وبتسكر؟", "ايمتى بتفتح المكتبة؟").readings[0] == "ايمتى بتسكر (المكتبة)"
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


FOUNDED, PIECES = "أسس المتحف نادر الشامي.", "يضم المتحف ثلاثمئة قطعة."


def of_museum(text: str, document: str = "museum") -> Answer:
    return Answer("؟", "؟", (Quote(Document(document, "متحف الخط (القديم)", text), Span(0, len(text))),))


@pytest.mark.parametrize("question", ["كم قطعة فيه؟", "وكم قطعة يضم؟", "كم قطعة؟", "بتقفل ليه؟", "مين المدير؟"])
def test_the_document_that_answered_before_answers_what_no_reading_does(question: str) -> None:
    told = {"من أسس المتحف؟": of_museum(FOUNDED), f"{question} (متحف الخط القديم)": of_museum(PIECES)}
    answer = following(question, "من أسس المتحف؟").answered(
        question, lambda text: told.get(text, refused(text)), refused
    )
    assert answer.quotes[0].text == PIECES
    assert (answer.question, answer.leans) == (question, True)


def test_it_answers_nothing_of_what_it_does_not_name_nor_does_another_document() -> None:
    def answered(question: str, told: Answer) -> Answer:
        known = {"من أسس المتحف؟": of_museum(FOUNDED), f"{question} (متحف الخط القديم)": told}
        joined = following(question, "من أسس المتحف؟")
        return joined.answered(question, lambda text: known.get(text, refused(text)), refused)

    assert not answered("متى ولد المتنبي؟", of_museum(FOUNDED)).found
    assert not answered("من اخترع الهاتف؟", of_museum(FOUNDED)).found
    assert not answered("متى تنام؟", of_museum(PIECES)).found
    assert not answered("كم قطعة فيه؟", of_museum(PIECES, "another")).found
    assert not answered("من هو المتنبي؟", of_museum(FOUNDED)).found


def test_a_refusal_keeps_in_mind_what_was_spoken_of() -> None:
    def ask(text: str) -> Answer:
        return of_museum(FOUNDED) if text == "من أسس المتحف؟" else refused(text)

    answer = following("بتقفل امتى؟", "من أسس المتحف؟").answered("بتقفل امتى؟", ask, refused)
    assert (answer.found, answer.searched) == (False, "بتقفل امتى؟ (متحف الخط القديم)")
    assert (
        following("متى ولد نزار؟", "من أسس المتحف؟").answered("متى ولد نزار؟", ask, refused).searched == "متى ولد نزار؟"
    )


def test_who_names_the_subject_in_brackets_is_answered_of_it_alone() -> None:
    museum, library = of_museum("تذكرة المتحف 30 درهما."), Document("library", "مكتبة الحي", "تذكرة المكتبة 5 دراهم.")
    price = Quote(library, Span(0, len(library.text)), probability=0.7)
    both = Answer("؟", "؟", (*museum.quotes, price), confidence=0.9)
    question = "وكم سعر التذكرة؟ (المكتبة)"
    joined = following(question, "متى يفتح المتحف؟")
    assert joined.readings == (question,)
    assert joined.answered(question, lambda _: both, refused).quotes == (price,)
    assert not joined.answered(question, lambda _: museum, refused).found


def test_what_leans_is_answered_by_itself_only_where_all_that_it_names_is_told() -> None:
    def answered(question: str, told: Answer) -> Answer:
        joined = following(question, "من أسس المتحف؟")
        return joined.answered(question, lambda text: told if text == question else refused(text), refused)

    assert answered("ومتى ولد المتنبي؟", saying("ولد المتنبي في الكوفة عام 915.")).found
    assert not answered("وما ترتيبه بين الأئمة؟", saying("تشبه الأطراف الأمامية يد الإنسان.")).found


def test_a_bare_noun_may_be_unsaid_only_by_what_is_sure() -> None:
    def answered(confidence: float) -> Answer:
        booking = replace(of_museum("يحجز الموعد من الشباك."), confidence=confidence)
        known = {"من أسس المتحف؟": of_museum(FOUNDED), "قديش الاشتراك (متحف الخط القديم)": booking}
        question = "قديش الاشتراك"
        joined = following(question, "من أسس المتحف؟")
        return joined.answered(question, lambda text: known.get(text, refused(text)), refused)

    assert answered(0.9).found
    assert not answered(0.5).found


def test_a_document_is_named_by_the_first_part_of_its_title() -> None:
    ferry = Document("ferry", "عبارة البحيرة: دليل الركاب", "تبحر العبارة.")

    def ask(text: str) -> Answer:
        return Answer(text, text, (Quote(ferry, Span(0, 5)),)) if text == "متى تبحر العبارة؟" else refused(text)

    answer = following("مين رممها", "متى تبحر العبارة؟").answered("مين رممها", ask, refused)
    assert answer.searched == "مين رممها (عبارة البحيرة)"


def test_the_document_tells_what_is_named_where_its_quote_tells_another_thing_of_the_subject() -> None:
    clinic = Document("clinic", "مستوصف التل: معلومات", "رسم الكشف 50 ليرة. تديره الطبيبة هالة.")
    fee, head = (Answer("؟", "؟", (Quote(clinic, span),)) for span in (Span(0, 18), Span(19, 38)))
    question = "ومن يديره؟"
    told = {"ومن يديره؟ (رسم الكشف في مستوصف التل)": fee, "ومن يديره؟ (مستوصف التل)": head}
    joined = following(question, "كم رسم الكشف في مستوصف التل؟")
    assert joined.answered(question, lambda text: told.get(text, refused(text)), refused).quotes == head.quotes
    told.popitem()
    assert joined.answered(question, lambda text: told.get(text, refused(text)), refused).quotes == fee.quotes
