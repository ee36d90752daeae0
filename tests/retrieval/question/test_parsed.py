"""What a question asks: its kind in the standard language and in dialects, and the words it is about."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.question.parsed import Kind, parse


def subject(question: str) -> list[str]:
    return [term.written for term in parse(question).terms]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("متى ولد الشاعر؟", "date"),
        ("في أي عام بني الجسر؟", "date"),
        ("منذ متى وهو هنا؟", "date"),
        ("إمتى يفتح السوق؟", "date"),
        ("ايمتى راح؟", "date"),
        ("وقتاش يفتح السوق؟", "date"),
        ("شوكت يفتح السوق؟", "date"),
        ("أين تقع درعا؟", "place"),
        ("اين تقع درعا", "place"),
        ("إلى أين سافر؟", "place"),
        ("وين السوق؟", "place"),
        ("السوق فين؟", "place"),
        ("من كتب الرواية؟", "person"),
        ("مَن كتب الرواية؟", "person"),
        ("مين كتب الرواية؟", "person"),
        ("شكون كتب الرواية؟", "person"),
        ("كم دكانا في السوق؟", "number"),
        ("كم عدد السكان؟", "number"),
        ("بكم التذكرة؟", "price"),
        ("قديش سعر التذكرة؟", "price"),
        ("شحال ثمن التذكرة؟", "price"),
        ("لماذا أغلق السوق؟", "reason"),
        ("ما سبب إغلاق السوق؟", "reason"),
        ("ليش سكر السوق؟", "reason"),
        ("ليه قفل السوق؟", "reason"),
        ("علاش سكر السوق؟", "reason"),
        ("كيف أسجل؟", "manner"),
        ("إزاي أسجل؟", "manner"),
        ("شلون أسجل؟", "manner"),
        ("ماذا قال الوزير؟", "thing"),
        ("شو قال الوزير؟", "thing"),
        ("هل وصل القطار؟", "yes_no"),
        ("أي كتاب قرأت؟", "choice"),
        ("ما هو التناضح؟", "definition"),
        ("من هي سليمة الجرموني؟", "definition"),
        ("درعا", None),
        ("أخبار السوق", None),
        ("", None),
    ],
)
def test_a_question_says_what_kind_of_answer_it_seeks(question: str, kind: Kind | None) -> None:
    assert parse(question).kind == kind


@pytest.mark.parametrize("question", ["هل تعرف متى ولد الشاعر؟", "أي كتاب كتب ومنذ متى؟", "ماذا فعل متى وصل؟"])
def test_the_kind_that_says_most_is_taken(question: str) -> None:
    assert parse(question).kind == "date"


def test_a_question_word_may_be_joined_to_and() -> None:
    parsed = parse("ما تاريخ الافتتاح ومتى أغلق؟")
    assert parsed.kind == "date"
    assert "ومتى" not in [term.written for term in parsed.terms]


@pytest.mark.parametrize("question", ["هي؟", "من هي؟", "ماذا؟", "من؟", "وين؟", "ما هو؟", "هو", "", "؟؟!", " \n"])
def test_a_question_about_nothing_has_no_terms(question: str) -> None:
    assert parse(question).terms == ()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("متى ولد الشاعر؟", ["ولد", "الشاعر"]),
        ("أين تقع درعا؟", ["تقع", "درعا"]),
        ("في أي عام بني الجسر؟", ["بني", "الجسر"]),
        ("كم عدد السكان؟", ["السكان"]),
        ("مين كَتَبَ الروايـة؟", ["كَتَبَ", "الروايـة"]),
        ("كتاب والكتاب وكتاب آخر", ["كتاب", "آخر"]),
        ("123", ["123"]),
    ],
)
def test_terms_are_the_words_of_the_subject_as_written_each_once(question: str, words: list[str]) -> None:
    assert subject(question) == words


@pytest.mark.parametrize(
    ("question", "word"), [("ماذا يفعل الناس لما ينقطع الماء", "الماء"), ("كم وزن دانة الفجر؟", "وزن")]
)
def test_a_word_that_does_not_ask_stays(question: str, word: str) -> None:
    assert word in subject(question)


def test_a_word_that_asks_only_at_the_edges_does_not_ask_within() -> None:
    assert parse("سافر من دمشق").kind is None
    assert parse("من سافر إلى دمشق").kind == "person"


def test_a_dialects_word_asks_after_what_is_told_first() -> None:
    assert parse("ضاع جوازي وش أسوي؟").kind == "thing"
    assert parse("ضاع جوازي وش أسوي").kind is None
    assert subject("مين رسم وش القمر؟") == ["رسم", "وش", "القمر"]  # a face, for something else asks


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(st.text(st.one_of(st.sampled_from("متىأينكم هو؟َـ١ﷲ½ "), st.characters()), max_size=60))
def test_any_text_can_be_asked_and_its_terms_stand_in_it(text: str) -> None:
    parsed = parse(text)
    assert parsed.text == text
    assert all(term.written in text and term.word and term.stem for term in parsed.terms)
    assert len({term.stem for term in parsed.terms}) == len(parsed.terms)
