"""Whether two sentences say the same: reprints do; another number, date, name or negation does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.composing.statements import compared, same, statement, within

BRIDGE = "كلف ترميم الجسر القديم في البلدة مليوني دينار."
REPRINTS = [
    (BRIDGE, "كلّف ترميم الجسر القديم، في البلدة، مليوني دينار!"),
    (BRIDGE, "كلف ترميم الجسر القديم في البلدة 2 مليون دينار"),
    (BRIDGE, "وقال العمدة إن ترميم الجسر القديم في البلدة كلف مليوني دينار."),
    (BRIDGE, "دمشق (رويترز) - كلف ترميم الجسر القديم في البلدة مليوني دينار."),
    (BRIDGE, "كلف ترميم الجسر القديم أخيرا في البلدة مليوني دينار."),
    ("قال الوزير إن المصنع سيفتح أبوابه في 15 فبراير.", "ذكر الوزير أن المصنع سيفتح أبوابه في ١٥ شباط."),
    ("افتتح السوق القديم سنة 1911.", "وافتتح السوق القديم عام ١٩١١"),
    ("أكدت البلدية إصلاح خمسة شوارع هذا الشهر.", "وأفادت البلدية بأن إصلاح 5 شوارع هذا الشهر."),
    (
        "بيروت (أ ف ب) - أغلقت الوزارة خمسة مستشفيات في المحافظة.",
        "عمان 3 مارس (سانا) – أغلقت الوزارة خمسة مستشفيات في المحافظة.",
    ),
    ("أغلقت الوزارة ثلاثة مستشفيات في المحافظة الشمالية.", "أغلقت الوزارة ثلاثة مستشفيات في المحافضة الشمالية."),
]
OTHERS = [
    (BRIDGE, BRIDGE.replace("مليوني", "ثلاثة ملايين")),
    (BRIDGE, BRIDGE.replace("دينار", "دولار")),
    (BRIDGE, BRIDGE.replace("الجسر", "السوق")),
    (BRIDGE, "لم يكلف ترميم الجسر القديم في البلدة مليوني دينار."),
    (BRIDGE, "نفى العمدة أن ترميم الجسر القديم في البلدة كلف مليوني دينار."),
    (BRIDGE, "كلف ترميم الجسر القديم في البلدة مليوني دينار سنة 1990."),
    ("افتتح الوزير محمد السوق الجديد أمس.", "افتتح الوزير محمود السوق الجديد أمس."),
    ("وصل الوفد السوري إلى جنيف مساء الأحد.", "وصل الوفد الروسي إلى جنيف مساء الأحد."),
    ("وصل الوفد السوري إلى جنيف مساء الأحد.", "وصل الوفد السوري إلى جنيف مساء الاثنين."),
    ("وصل القطار من حلب إلى دمشق ظهرا.", "وصل القطار من دمشق إلى حلب ظهرا."),
    ("ارتحل أهل القرية قبل الحرب بأعوام.", "ارتحل أهل القرية بعد الحرب بأعوام."),
    ("أعلنت الوزارة افتتاح المتحف الوطني في مايو.", "أعلنت الوزارة تأجيل افتتاح المتحف الوطني في مايو."),
    ("يفتتح المتحف يوم 3 مارس في العاصمة.", "يفتتح المتحف يوم 3 نيسان في العاصمة."),
    ("جرح في الحادث 5 جنود و3 عمال.", "جرح في الحادث 3 جنود و5 عمال."),
    ("هزم الفريق الأزرق فريق الساحل في المباراة.", "هزم فريق الساحل الفريق الأزرق في المباراة."),
    ("يناير 2019 - وقع زلزال في المدينة.", "مارس 2020 - وقع زلزال في المدينة."),
    ("الرياض - درجة الحرارة ثلاثون.", "جدة - درجة الحرارة ثلاثون."),
]
WORDS = [
    "قال",
    "لم",
    "كلف",
    "الجسر",
    "السوق",
    "مليوني",
    "5",
    "٥",
    "شباط",
    "فبراير",
    "محمد",
    "المحافظة",
    "المحافضة",
    "-",
]
TEXT = st.lists(st.sampled_from(WORDS)).map(" ".join)


@pytest.mark.parametrize(("one", "other"), REPRINTS)
def test_a_reprint_says_the_same(one: str, other: str) -> None:
    assert same(statement(one), statement(other))
    assert same(statement(other), statement(one))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_one_word_that_changes_what_is_said_keeps_sentences_apart(one: str, other: str) -> None:
    assert not same(statement(one), statement(other))
    assert not same(statement(other), statement(one))


def test_a_sentence_adds_nothing_to_one_that_has_all_its_words() -> None:
    whole = statement("كلف ترميم الجسر مليوني دينار، ودفعت البلدية نصف المال سنة 1990.")
    assert within(statement("دفعت البلدية نصف المال."), whole)
    assert not within(statement("دفعت البلدية نصف المال للعمال."), whole)
    assert not within(statement("دفعت البلدية نصف المال سنة 1991."), whole)
    assert not within(statement("لم يكلف ترميم الجسر مليوني دينار."), whole)


def test_a_denial_adds_to_what_it_denies_and_the_other_way_round() -> None:
    said, denied = statement("كلف الترميم مليوني دينار."), statement("ما كلف الترميم مليوني دينار.")
    assert not within(said, denied)
    assert not within(denied, said)


def test_what_is_added_and_what_is_changed_are_told_apart() -> None:
    plain, more, other = map(statement, ("رمم الجسر القديم", "رمم الجسر الحجري القديم", "رمم السوق القديم"))
    assert not compared(plain, more).changed
    assert [word.folded for word in compared(plain, more).beyond[1]] == ["الحجري"]
    assert compared(plain, other).changed


@given(TEXT)
def test_a_sentence_says_what_itself_says_and_adds_nothing_to_itself(text: str) -> None:
    words = statement(text)
    assert same(words, words) is bool(words)
    assert within(words, words)


@given(TEXT, TEXT)
def test_saying_the_same_is_mutual(one: str, other: str) -> None:
    first, second = statement(one), statement(other)
    assert same(first, second) is same(second, first)


@given(TEXT, st.sampled_from(["7", "أغسطس", "لن", "ثمانية"]))
def test_a_figure_or_a_negation_more_is_another_statement(text: str, more: str) -> None:
    assert not same(statement(text), statement(f"{text} {more}"))


@given(st.text())
def test_any_text_can_be_read_and_words_stand_where_they_say(text: str) -> None:
    assert all(0 <= word.start < word.end <= len(text) for word in statement(text))
