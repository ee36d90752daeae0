"""A question mended: the mistyped and glued words of its subject, and nothing else of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.vocabulary import WordCounts
from retrieval.question.mending import mended

TEXT = """
افتتحت وزارة السياحة معرض السفن الشراعية يوم الثلاثاء، وحضره البحارة والصيادون. متى بدأ المعرض؟
يضم المعرض سفينة المرجان التي بناها النجار منصور الظاهري قبل خمسين عاما في الميناء القديم.
"""
COUNTS = WordCounts()
COUNTS.add(TEXT)
WORDS = COUNTS.vocabulary()


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("من هو منصور الضاهري؟", "من هو منصور الظاهري؟"),
        ("متى  بدأ المعررض ؟!", "متى  بدأ المعرض ؟!"),
        ("أين تقع «وزارةالسياحة»؟", "أين تقع «وزارة السياحة»؟"),
        ("من بنى سفينه المرجام، وفي أي سنه؟", "من بنى سفينه المرجان، وفي أي سنه؟"),
        ("متىبدأ المعرض", "متى بدأ المعرض"),
        ("ايه هي السفن الشراغيه؟", "ايه هي السفن الشراعية؟"),
        ("مين الصياددون؟", "مين الصيادون؟"),
    ],
)
def test_what_is_mistyped_or_glued_is_mended_in_the_spelling_of_the_corpus(question: str, searched: str) -> None:
    assert mended(question, WORDS) == searched


@pytest.mark.parametrize(
    "question",
    [
        "متى بدأ المعرض؟",
        "امتى بيشوفوا المعرض؟",  # a word of a dialect, known to a table
        "متي بدا المعرض ؟",  # other spellings of known words are no mistakes
        "مــتى بَدَأَ المَعْرِضُ؟",
        "كم سفينة بالمعرض سنة ١٩٧٥؟",
        "إزاي أوصل للميناء؟",
        "وش السالفة",
        "ما عاصمة اليابان؟",  # not in the corpus, and not near anything that is
        "من هو منصف؟",
        "من هو منصور الضَّاهري؟",  # who writes harakat means the letters under them
        "ههههه طيب",
        "Titanic 1912",
        "",
        " \n؟",
    ],
)
def test_a_question_without_mistakes_stays_as_it_is(question: str) -> None:
    assert mended(question, WORDS) == question


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("من وضع نضام الوضائف؟", "من وضع نظام الوظائف؟"),
        ("كم عدد أعظاء المجلس؟", "كم عدد أعضاء المجلس؟"),
        ("من اختار تنضيماً آخر؟", "من اختار تنظيما آخر؟"),
    ],
)
def test_a_slip_that_word_lists_have_is_none_of_their_words(question: str, searched: str) -> None:
    counts = WordCounts()
    counts.add("نظام الوظائف الذي وضعه أعضاء المجلس، واختار تنظيما آخر")
    assert mended(question, counts.vocabulary()) == searched


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(st.text(st.one_of(st.sampled_from("المعرض سفينه؟"), st.characters()), max_size=40))
def test_what_stands_between_the_words_of_any_question_stays(question: str) -> None:
    def between(text: str) -> list[str]:
        return [character for character in text if not character.isalnum() and character not in " \u064e\u0652"]

    assert between(mended(question, WORDS)) == between(question)
    assert mended(question, WordCounts().vocabulary()) == question
