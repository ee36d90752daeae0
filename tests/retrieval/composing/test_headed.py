"""What is quoted where the best sentence is a heading, a question or the names of columns, or a part that is called."""

from pathlib import Path

import pytest

from bot.phrases import phrases
from bot.showing.answer_json import answer_json
from bot.showing.cards import cards
from bot.showing.promise import check
from retrieval import Answer, Library
from retrieval.composing.headed import SURE

HOSPITAL = """# دليل مستشفى الرحمة

## مواعيد الزيارة

من الرابعة عصرا إلى السادسة مساء كل يوم ما عدا الجمعة.

## شروط الدخول

يشترط لدخول المرضى ما يلي:

- بطاقة هوية سارية.
- تحويل من طبيب.

## الأقسام والهواتف

| القسم | الهاتف | الطابق |
|---|---|---|
| الأطفال | 5551001 | الأول |
| العيون | 5551002 | الثاني |
| القلب | 5551003 | الثالث |
"""
RULES = """نظام العمل عن بعد

المادة (1): يسمى هذا النظام نظام العمل عن بعد.
المادة (2): يحق للموظف العمل عن بعد يومين. ولا يجوز له أن يجمعهما.
المادة الثالثة: لا يشمل هذا النظام الفئات الآتية:
أ- موظفو الاستقبال.
ب- العاملون في المستودعات.
المادة (4): توفر الشركة للموظف حاسوبا.
"""
FORM = "دليل الطالب\n\nآخر موعد للتقديم\n15 أيلول 2023\n\nشروط السكن\n\nيسكن في المدينة الجامعية من يبعد بيته عنها.\n"
OPPOSITES = """أسئلة النظام

س: من يشمله النظام؟
ج: كل موظف دائم.

س: من لا يشمله النظام؟
ج: المتعاقدون بالساعة.

س: كيف أحول من الدينار إلى الدولار؟
ج: من شاشة «صرف».

س: كيف أحول من الدولار إلى الدينار؟
ج: لا يتاح هذا التحويل.
"""


def ask(folder: Path, name: str, text: str, question: str, *, reader: bool = True) -> Answer:
    (folder / name).write_text(text, "utf-8")
    return Library.open(folder, engine="memory", reader=reader).ask(question)


def heading(answer: Answer) -> str | None:
    first = answer.quotes[0]
    return first.heading and first.heading.of(first.document.text)


@pytest.mark.parametrize(
    ("question", "quoted", "over"),
    [
        (
            "ما مواعيد الزيارة في مستشفى الرحمة؟",
            "من الرابعة عصرا إلى السادسة مساء كل يوم ما عدا الجمعة.",
            "مواعيد الزيارة",
        ),
        (
            "ما شروط الدخول إلى المستشفى؟",
            "يشترط لدخول المرضى ما يلي:\n\nبطاقة هوية سارية.\nتحويل من طبيب.",
            "شروط الدخول",
        ),
        ("ما هاتف قسم القلب؟", "القلب\t5551003\tالثالث", "القسم\tالهاتف\tالطابق"),
        ("في أي طابق قسم العيون؟", "العيون\t5551002\tالثاني", "القسم\tالهاتف\tالطابق"),
    ],
)
def test_what_stands_under_a_heading_is_quoted_with_it_as_its_title(
    tmp_path: Path, question: str, quoted: str, over: str
) -> None:
    answer = ask(tmp_path, "a.md", HOSPITAL, question)
    assert (answer.quotes[0].text, heading(answer)) == (quoted, over)


@pytest.mark.parametrize("question", ["ما هاتف قسم الكلى؟", "ما هاتف مدير قسم القلب؟", "متى أنشئ قسم العيون؟"])
@pytest.mark.parametrize("reader", [True, False])
def test_a_row_is_sure_of_no_more_than_it_and_its_columns_name(tmp_path: Path, question: str, *, reader: bool) -> None:
    answer = ask(tmp_path, "a.md", HOSPITAL, question, reader=reader)
    assert answer.confidence < SURE


def test_lines_that_look_like_headings_are_headings_where_a_text_has_no_markup(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FORM, "utf-8")
    answer = Library.open(tmp_path, engine="memory", min_confidence=0.2).ask("ما آخر موعد للتقديم؟")
    assert (answer.quotes[0].text, heading(answer)) == ("15 أيلول 2023", "آخر موعد للتقديم")


@pytest.mark.parametrize("reader", [True, False])
@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("من يشمله النظام؟", "كل موظف دائم."),
        ("من لا يشمله النظام؟", "المتعاقدون بالساعة."),
        ("كيف أحول من الدينار إلى الدولار؟", "من شاشة «صرف»."),
        ("كيف أحول من الدولار إلى الدينار؟", "لا يتاح هذا التحويل."),
    ],
)
def test_the_very_question_is_answered_alone_and_its_opposite_is_another(
    tmp_path: Path, question: str, quoted: str, *, reader: bool
) -> None:
    answer = ask(tmp_path, "a.txt", OPPOSITES, question, reader=reader)
    assert (answer.at_once[0].text, len(answer.at_once), heading(answer)) == (quoted, 1, question)


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("ما نص المادة 2 من نظام العمل عن بعد؟", "المادة (2): يحق للموظف العمل عن بعد يومين. ولا يجوز له أن يجمعهما."),
        ("على ماذا تنص المادة الرابعة من نظام العمل عن بعد؟", "المادة (4): توفر الشركة للموظف حاسوبا."),
        (
            "ماذا تقول المادة 3؟",
            "المادة الثالثة: لا يشمل هذا النظام الفئات الآتية:\nأ- موظفو الاستقبال.\nب- العاملون في المستودعات.",
        ),
    ],
)
def test_a_part_that_is_called_by_its_number_is_quoted_whole(tmp_path: Path, question: str, quoted: str) -> None:
    assert ask(tmp_path, "a.txt", RULES, question).quotes[0].text == quoted


def test_a_part_of_another_document_is_not_the_one_that_is_called(tmp_path: Path) -> None:
    answer = ask(tmp_path, "a.txt", RULES, "ما نص المادة 2 من قانون السير؟")
    assert answer.confidence < 0.9


def test_the_title_line_is_seen_in_a_card_and_in_json(tmp_path: Path) -> None:
    answer = ask(tmp_path, "a.md", HOSPITAL, "ما مواعيد الزيارة في مستشفى الرحمة؟")
    (card,) = cards(answer, phrases("ar"))
    check(card, card.quotes)
    assert card.html.startswith("<b>مواعيد الزيارة</b>\n<blockquote")
    assert answer_json(answer)["quotes"][0]["heading"] == "مواعيد الزيارة"


LENDING = """# نظام الإعارة في مكتبة الضاد

المادة (1): يعمل بنظام الإعارة في مكتبة الضاد من 1 آذار 2021.

المادة (2): يحق للقارئ أن يستعير من مكتبة الضاد ثلاثة كتب بعد موافقة أمين القاعة.

المادة (3): لا تعير المكتبة الكتب الآتية:

- المعاجم.
- المخطوطات.

المادة (4): غرامة التأخر ربع دينار عن كل يوم.
"""


@pytest.mark.parametrize("question", ["ما الذي لا تعيره مكتبة الضاد؟", "ماذا لا تعير مكتبة الضاد من الكتب؟"])
def test_what_is_denied_is_answered_by_what_denies_it(tmp_path: Path, question: str) -> None:
    (tmp_path / "rules.md").write_text(LENDING, "utf-8")
    (first, *_) = Library.open(tmp_path, engine="memory").ask(question).quotes
    assert "المعاجم." in first.text
    assert "المخطوطات." in first.text
