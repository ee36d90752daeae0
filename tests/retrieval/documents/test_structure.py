"""What the lines of a text say of its structure, and what stands under each part."""

import pytest

from retrieval.documents.structure import structured
from retrieval.model import Document, Part, Span


def told(text: str, *marks: Part) -> list[tuple[str, str, str | None]]:
    found = structured(Document("a.txt", "عنوان", f"عنوان\n\n{text}", heading=5, parts=marks))
    return [(part.role, part.span.of(found.text), part.under and part.under.of(found.text)) for part in found.parts]


FEES, HOURS = "كم رسم الاشتراك؟", "متى تفتح المكتبة؟"
FEE, HOUR = "عشرة دنانير.", "في الثامنة صباحا."
BOTH = [("question", FEES, FEE), ("question", HOURS, HOUR)]


@pytest.mark.parametrize(
    "text",
    [
        f"س: {FEES}\nج: {FEE}\n\nس: {HOURS}\nج: {HOUR}",
        f"س1/ {FEES}\nج1/ {FEE}\nس2/ {HOURS}\nج2/ {HOUR}",
        f"السؤال الأول: {FEES}\nالجواب: {FEE}\n\nالسؤال الثاني: {HOURS}\nالجواب: {HOUR}",
        f"السؤال:\n{FEES}\nالجواب:\n{FEE}\nالسؤال:\n{HOURS}\nالجواب:\n{HOUR}",
        f"س: {FEES} ج: {FEE} س: {HOURS} ج: {HOUR}",
        f"Q: {FEES}\nA: {FEE}\nQ: {HOURS}\nA: {HOUR}",
        f"1. {FEES}\n{FEE}\n2. {HOURS}\n{HOUR}",
        f"١- {FEES}\r\n{FEE}\r\n\r\n٢- {HOURS}\r\n{HOUR}",
        f"{FEES}\n\n{FEE}\n\n{HOURS}\n\n{HOUR}",
        f"{FEES}\t{FEE}\n{HOURS}\t{HOUR}",
        f"1\t{FEES}\t{FEE}\n2\t{HOURS}\t{HOUR}",
        f"{FEES} +\n\n{FEE}\n\n{HOURS} ▼\n\n{HOUR}",
        f"❓ {FEES}\n{FEE}\n❓ {HOURS}\n{HOUR}",
        f"Q1. {FEES}\nA1. {FEE}\nQ2. {HOURS}\nA2. {HOUR}",
        f"• س : {FEES}\n○ ج : {FEE}\n• س : {HOURS}\n○ ج : {HOUR}",
        f"أولا: {FEES}\n{FEE}\nثانيا: {HOURS}\n{HOUR}",
        f"السؤال\tالإجابة\n{FEES}\t{FEE}\nمتى تفتح المكتبة\t{HOUR}",
        f"م\tالسؤال\tالإجابة\n1\tكم رسم الاشتراك\t{FEE}\n2\t{HOURS}\t{HOUR}",
        f"سؤال 1: كم رسم الاشتراك\nجواب: {FEE}\nسؤال 2: متى تفتح المكتبة\nجواب: {HOUR}",
    ],
)
def test_questions_stand_over_their_answers(text: str) -> None:
    assert [(role, f"{asked.rstrip('؟')}؟", under) for role, asked, under in told(text)] == BOTH


def test_what_is_numbered_next_after_a_question_stands_in_the_place_of_one() -> None:
    text = f"(1) {FEES}\n{FEE}\n(2) {HOURS}\n{HOUR}\n(3) تجديد الاشتراك\nيجدد في الشباك."
    assert told(text) == [*BOTH, ("question", "تجديد الاشتراك", "يجدد في الشباك.")]


def test_a_numbered_item_of_an_answer_is_none() -> None:
    text = f"1. {FEES}\nما يأتي:\n2. دينار للطفل\n3. ديناران للكبير\n\n2. {HOURS}\n{HOUR}"
    assert [asked for role, asked, _ in told(text) if role == "question"] == [FEES, HOURS]


def test_a_question_may_be_several_lines_up_to_the_label_of_its_answer() -> None:
    asked = "اشترى رجل سلعة بثمن مؤجل.\nثم مات البائع قبل حلول الأجل."
    assert told(f"السؤال: {asked}\nالجواب: يحل الأجل بالاتفاق.") == [("question", asked, "يحل الأجل بالاتفاق.")]


def test_one_question_alone_in_its_paragraph_is_a_heading() -> None:
    assert told(f"مقدمة طويلة.\n\n{FEES}\n\n{FEE}") == [("question", FEES, FEE)]


@pytest.mark.parametrize(
    "text",
    [
        "قال في نفسه.\nفهل يصدق الناس هذا؟\nومضى في طريقه.",
        "- أين كنت؟\n- في البيت.\n- ومتى جئت؟\n- أمس.",
        "سأله القاضي: أين كنت؟\nفقال: في البيت.",
        "لم يعرف أحد متى تفتح المكتبة.\nوظل الناس ينتظرون.",
        "أ) بند.\nب) بند.\nج) بند.",
        f"{FEES}\n{HOURS}",
    ],
)
def test_what_is_asked_in_the_course_of_a_text_is_no_question_of_an_faq(text: str) -> None:
    assert told(text) == []


def test_a_table_of_contents_answers_nothing() -> None:
    found = told(f"{FEES}\n{HOURS}\n\n{FEES}\n\n{FEE}\n\n{HOURS}\n\n{HOUR}")
    assert found == [("question", FEES, None), ("question", HOURS, None), *BOTH]


def test_a_line_that_announces_the_next_questions_is_of_no_answer() -> None:
    found = told(f"س: {FEES}\nج: {FEE}\n\nالقسم الثاني\n\nس: {HOURS}\nج: {HOUR}")
    assert [part for part in found if part[0] == "question"] == BOTH


@pytest.mark.parametrize("answer", ["help@library.example", "library.example/help", "06 555 1234", "مجانا"])
def test_an_answer_is_none_the_less_one_for_being_as_short_as_a_heading(answer: str) -> None:
    assert told(f"{FEES}\n\n{answer}\n\n{HOURS}\n\n{HOUR}") == [("question", FEES, answer), BOTH[1]]


@pytest.mark.parametrize(
    "answer", ["اكتب إلى:\n\nhelp@library.example", "يلزمك:\n\nصورة\n\nبطاقة", "صورة\n\nبطاقة\n\nطلب"]
)
def test_the_last_line_of_an_answer_of_several_is_of_it(answer: str) -> None:
    questions = [part for part in told(f"{FEES}\n\n{answer}\n\n{HOURS}\n\n{HOUR}") if part[0] == "question"]
    assert questions == [("question", FEES, answer), BOTH[1]]


def test_what_follows_the_last_answer_is_not_of_it_where_all_others_are_of_one_paragraph() -> None:
    third = "هل الدخول مجاني؟"
    text = f"س: {FEES}\nج: {FEE}\n\nس: {HOURS}\nج: {HOUR}\n\nس: {third}\nج: نعم.\n\nكتب هذه الصفحة فريق المكتبة."
    assert told(text) == [*BOTH, ("question", third, "نعم.")]


def test_a_heading_stands_over_all_up_to_the_next_of_its_level() -> None:
    text = "أول\n\nنص.\n\nفرع\n\nنص الفرع.\n\nثان\n\nنص آخر."
    marks = [("أول", 2), ("فرع", 3), ("ثان", 2)]
    whole = f"عنوان\n\n{text}"
    places = [(whole.index(words), words, level) for words, level in marks]
    parts = [Part("heading", Span(at, at + len(words)), level) for at, words, level in places]
    assert told(text, *parts) == [
        ("heading", "أول", "نص.\n\nفرع\n\nنص الفرع."),
        ("heading", "فرع", "نص الفرع."),
        ("heading", "ثان", "نص آخر."),
    ]


def test_wikipedia_s_headings_are_known_by_what_stands_behind_them() -> None:
    assert told("التاريخ[عدل]\nبنيت سنة 1184.\n\nالموقع [عدل | عدل المصدر]\nفي الشمال.") == [
        ("heading", "التاريخ", "بنيت سنة 1184."),
        ("heading", "الموقع", "في الشمال."),
    ]


def test_the_parts_of_a_long_text_are_found_in_time_that_grows_with_it() -> None:
    text = "\n".join(f"س: سؤال رقم {n} عن شيء ما؟\nج: جواب رقم {n}." for n in range(20_000))
    assert len(told(text)) == 20_000
