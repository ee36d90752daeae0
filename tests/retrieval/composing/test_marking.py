"""What is marked in a quoted sentence: exact stretches of the raw text, whole phrases, that answer the question."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Span
from retrieval.composing.marking import MODEL, chances, judged, load, marked, marker
from retrieval.composing.phrases import Phrases, names, phrases
from retrieval.question.parsed import parse

BEFORE = "سطر قبلها. "


def marks(question: str, sentence: str) -> list[str]:
    """The marked stretches of a sentence that stands inside a longer text."""
    text = f"{BEFORE}{sentence} وسطر بعدها في عام 1800."
    within = Span(len(BEFORE), len(BEFORE) + len(sentence))
    return [span.of(text) for span in marked(parse(question), text, within, Span(0, len(BEFORE)))]


@pytest.mark.parametrize(
    ("question", "sentence", "mark"),
    [
        ("متى ولد الشاعر؟", "ولد الشاعر في الثامن من آذار سنة 1911 في دمشق.", "الثامن من آذار سنة 1911"),
        ("متى افتتح السوق؟", "افتتح السوق في ١٥ فِبْرايـــر ٢٠١٧ رسميا.", "١٥ فِبْرايـــر ٢٠١٧"),
        ("كم يبلغ طول النهر؟", "يبلغ طول النهر ١٬٥٠٠ كيلومتر ويصب في البحر.", "١٬٥٠٠ كيلومتر"),
        ("بكم يباع الكتاب؟", "يباع الكتاب بثمن ٣٫٥ دينار في المكتبات.", "٣٫٥ دينار"),
        ("لماذا أغلق المتحف؟", "أغلق المتحف أبوابه بسبب الأمطار الغزيرة.", "الأمطار الغزيرة"),
    ],
)
def test_the_words_that_answer_are_marked_whole_and_as_written(question: str, sentence: str, mark: str) -> None:
    assert mark in marks(question, sentence)[0]


@pytest.mark.parametrize(
    ("question", "sentence", "word"),
    [
        ("كم غارة نفذت الطائرات؟", "نفذت الطائرات ثلاثين غارة جوية على المدينة.", "ثلاثين"),
        ("أين يقع الجسر القديم؟", "يقع الجسر القديم في مدينة الموصل.", "الموصل"),
        ("من صمم البرج؟", "صمم البرج المهندس سامي الخوري عام 1962.", "الخوري"),
        ("من بنى القلعة؟", "بُنيت القلعة على يد الملك الظاهر بيبرس.", "بيبرس"),
        ("كم طفلا توفي؟", "سجلت ست وثمانون إصابة، توفي منها طفلان.", "طفلان"),
        ("كم جريحا في الزلزال؟", "ارتفعت حصيلة الزلزال إلى 52 قتيلا و340 جريحا.", "340 جريحا"),
        ("كم مرة فاز بها؟", "فاز بالجائزة مرتين، عام 1998 وعام 2004.", "مرتين"),
        ("كم مرة تولى الوزارة؟", "رشح مرتين، وتولى الوزارة 3 مرات.", "3 مرات"),
    ],
)
def test_the_mark_meets_the_answer(question: str, sentence: str, word: str) -> None:
    assert word in marks(question, sentence)[0]


def test_the_year_that_the_question_names_is_no_answer() -> None:
    assert "2017" in marks("متى انتهت الحرب التي بدأت عام 2015؟", "بدأت الحرب عام 2015 وانتهت عام 2017.")[0]


def candidates(sentence: str) -> set[str]:
    found = phrases(parse("ما هو؟"), sentence, Span(0, len(sentence)), None)
    return {span.of(sentence) for span in found.spans} if found else set()


@pytest.mark.parametrize(
    ("sentence", "never", "whole"),
    [
        ("زار الوفد متحف الآثار.", "متحف", "متحف الآثار"),
        ("وصل واحد وثلاثون راكبا.", "واحد", "واحد وثلاثون راكبا"),
        ("كتبه Omar Nasser كاملا.", "Omar", "Omar Nasser"),
        ("يعلو 40 مترا تقريبا.", "يعلو 40", "40 مترا"),
        ("عمره 13 مليار سنة تقريبا.", "13 مليار", "13 مليار سنة"),
        ("طبق من الشعير المحمص.", "المحمص", "الشعير المحمص"),
        ("نشره سامي عام 1962.", "سامي عام", "عام 1962"),
        ("صدر (عن دار النخيل) قديما.", "دار النخيل) قديما", "دار النخيل"),
        ("قطع الطريق بين 3-5 أيام.", "3", "3-5 أيام"),
        ("خطب فيهم عمر بن سعد طويلا.", "عمر", "عمر بن سعد"),
        ("خطب فيهم عمر بن سعد طويلا.", "سعد", "عمر بن سعد"),
        ("عزف لهم ماركو دي لورا.", "ماركو", "ماركو دي لورا"),
        ("رسم اللوحة أبو سامي وحده.", "سامي", "أبو سامي"),
        ("رسمها عمر وأبو سامي معا.", "سامي", "وأبو سامي"),
    ],
)
def test_what_belongs_together_is_not_parted(sentence: str, never: str, whole: str) -> None:
    assert whole in candidates(sentence)
    assert never not in candidates(sentence)


def test_a_phrase_never_begins_or_ends_with_a_word_of_grammar() -> None:
    split = [phrase.split() for phrase in candidates("سافر من القاهرة إلى دمشق في الصيف.")]
    assert {"من", "إلى", "في"}.isdisjoint(word for words in split for word in (words[0], words[-1]))


@pytest.mark.parametrize("sentence", ["…", "هو في", "و", " ", "\u200f"])
def test_a_sentence_without_a_phrase_has_no_mark(sentence: str) -> None:
    assert marks("متى ولد؟", sentence) == []


def found_in(sentence: str, question: str = "ما هو؟") -> Phrases:
    found = phrases(parse(question), sentence, Span(0, len(sentence)), None)
    assert found is not None
    return found


def test_the_model_is_of_the_features_that_are_measured() -> None:
    assert marker().names == names()
    assert len(set(names())) == len(names())
    assert found_in("زار الوفد متحف الآثار.").matrix.shape[1] == len(names())


def test_a_model_of_other_features_is_no_model(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_text(replace(marker(), names=("other", *names()[1:])).text(), "utf-8")
    with pytest.raises(ValueError, match="other features"):
        load(tmp_path)


def test_the_chances_of_the_phrases_are_one_together() -> None:
    found = found_in("سافر سامي من القاهرة إلى دمشق في الصيف.", "إلى أين سافر سامي؟")
    assert chances(marker(), found).sum() == pytest.approx(1)


def weighed(*chances: tuple[int, int, float]) -> tuple[list[float], Span]:
    """The probabilities of meeting the answer, and the best mark, of phrases: from, to, probability."""
    spans = tuple(Span(start, end) for start, end, _ in chances)
    found = Phrases(spans, np.zeros((len(spans), 0), np.float32))
    meeting, worth = judged(found, np.array([chance for *_, chance in chances], np.float32))
    return list(meeting), spans[int(worth.argmax())]


def test_a_phrase_meets_the_answer_that_any_phrase_which_shares_its_words_is() -> None:
    meeting, best = weighed((0, 4, 0.3), (0, 9, 0.2), (5, 9, 0.1), (10, 14, 0.4))
    assert meeting == pytest.approx([0.5, 0.6, 0.3, 0.4])
    assert best == Span(0, 9)


def test_the_whole_answer_is_worth_more_than_a_part_of_it() -> None:
    assert weighed((0, 4, 0.0), (0, 9, 1.0), (0, 20, 0.0))[1] == Span(0, 9)


def test_a_mark_that_holds_much_beside_the_answer_is_worth_less() -> None:
    assert weighed((0, 4, 1.0), (0, 40, 0.0))[1] == Span(0, 4)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("متى ولد؟", "جلسوا طويلا قرب النافذة."), ("ما اسم المدينة؟", "فيها نهر وجسر."), ("", "ولد الشاعر سنة 1911.")],
)
def test_any_question_may_be_asked_of_any_sentence(question: str, sentence: str) -> None:
    assert np.isfinite(found_in(sentence, question).matrix).all()


PIECES = [
    *("سنة", "١٩١١", "15", "فبراير", "فِبْرايـر", "ثلاثين", "½", "²", "ﷲ", "بسبب"),
    *("٬", ".", "/", " ", "  ", "\n", "\u200f", "(", "»", "«", '"'),
]
QUESTIONS = ["متى ولد الشاعر؟", "كم غارة؟", "لماذا؟", "", "ما اسم المدينة؟"]


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(
    st.sampled_from(QUESTIONS),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), min_size=1, max_size=12).map("".join),
)
def test_marks_lie_within_any_sentence_and_end_with_words(question: str, sentence: str) -> None:
    if sentence:
        text, within = f"{BEFORE}{sentence} 1900", Span(len(BEFORE), len(BEFORE) + len(sentence))
        for span in marked(parse(question), text, within):
            assert within.holds(span)
            edges = span.of(text)[0], span.of(text)[-1]
            assert all(not c.isspace() and unicodedata.category(c)[0] != "P" for c in edges)


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("افتتح العمدة السوق الجديد صباح الأحد 5 مارس 2017 بحضور أهل الحي.", "الأحد 5 مارس 2017"),
        ("افتتح السوق الجديد عام ١٩٩٥ بعد ترميم طويل.", "عام ١٩٩٥"),
    ],
)
def test_where_a_date_is_asked_for_the_date_is_marked_and_no_more(sentence: str, date: str) -> None:
    (mark,) = marked(parse("متى افتتح السوق الجديد؟"), sentence, Span(0, len(sentence)))
    assert mark.of(sentence) == date


PEOPLE = "سلم المهندس سامي الخوري مفاتيح البرج إلى العمدة نادر الحلبي."


def read(sentence: str, likely: str) -> list[tuple[Span, float]]:
    """Words of a sentence as the reader tells of them: those of an answer, and the others."""
    start = sentence.index(likely)
    inside = Span(start, start + len(likely))
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"\S+", sentence)]
    return [(span, -1.0 if inside.start < span.end and span.start < inside.end else -10.0) for span in spans]


@pytest.mark.parametrize("likely", ["سامي الخوري", "مفاتيح البرج", "نادر الحلبي"])
def test_the_mark_moves_to_the_words_that_the_reader_finds(likely: str) -> None:
    text, before = f"{BEFORE}{PEOPLE}", Span(0, len(BEFORE))
    within = Span(len(BEFORE), len(text))
    (mark,) = marked(parse("من المذكور؟"), text, within, before, read(PEOPLE, likely))
    assert set(likely.split()) & set(mark.of(text).split())
    assert len(mark.of(text)) <= len(likely) + 12


def test_of_a_date_of_which_the_reader_finds_a_part_all_is_marked() -> None:
    sentence = "أغلقت البلدية الجسر الشمالي يوم 5 مارس 2017 أمام السيارات."
    question, whole = parse("متى أغلق الجسر الشمالي؟"), Span(0, len(sentence))
    (mark,) = marked(question, sentence, whole, None, read(sentence, "مارس"))
    assert "5 مارس 2017" in mark.of(sentence)
    assert "السيارات" not in mark.of(sentence)


@pytest.mark.parametrize("words", [[], None])
def test_without_words_of_a_reader_the_mark_is_the_model_s_own(words: list[tuple[Span, float]] | None) -> None:
    sentence = "ولد الشاعر سنة 1911 في دمشق."
    question, whole = parse("متى ولد الشاعر؟"), Span(0, len(sentence))
    assert marked(question, sentence, whole, None, words) == marked(question, sentence, whole)


@pytest.mark.parametrize("score", [-1e9, 0.0, 1e9])
def test_words_that_are_all_as_likely_still_give_a_mark_within_the_sentence(score: float) -> None:
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"\S+", PEOPLE)]
    for mark in marked(parse("من سلم المفاتيح؟"), PEOPLE, Span(0, len(PEOPLE)), None, [(s, score) for s in spans]):
        assert Span(0, len(PEOPLE)).holds(mark)
