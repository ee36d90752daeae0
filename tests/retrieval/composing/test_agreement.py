"""Sources that disagree: said only where it is sure that two dated sources answer one question differently."""

from dataclasses import replace
from datetime import date

import pytest

from retrieval.composing.agreement import disagree
from retrieval.composing.marking import marked
from retrieval.model import Document, Quote, Span
from retrieval.question.parsed import parse

OLD, NEW = date(2020, 1, 1), date(2021, 6, 5)
COST = "كم كلف ترميم الجسر؟"
TOLL = "كم عدد قتلى الزلزال؟"
OPENED = "متى افتتح السوق القديم؟"
WHO = "من افتتح السوق القديم؟"
WHERE = "أين يعقد مؤتمر الأطباء؟"

CARRIED = "كم شخصا كانت تقل الحافلة؟"

DISAGREE = [
    (COST, "كلف ترميم الجسر مليوني دينار.", "كلف ترميم الجسر ثلاثة ملايين دينار بعد غلاء الحديد."),
    (COST, "كلف ترميم الجسر 5 دنانير.", "كلف ترميم الجسر ستة دنانير."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا، وأصيب 300.", "ارتفع عدد قتلى الزلزال إلى 350 شخصا، ونقل الجرحى جوا."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "ارتفع عدد قتلى الزلزال إلى أكثر من 350 شخصا."),
    (TOLL, "بلغ عدد قتلى الزلزال نحو 120 شخصا.", "بلغ عدد قتلى الزلزال نحو 200 شخص."),
    (OPENED, "افتتح السوق القديم سنة 1911.", "افتتح السوق القديم عام 1912."),
    (OPENED, "افتتح السوق القديم يوم 3 شباط 1911.", "افتتح السوق القديم يوم 4 فبراير 1911."),
    (WHO, "افتتح السوق القديم الوزير سامي الخطيب.", "افتتح السوق القديم الوزير كريم حداد."),
    (WHERE, "يعقد مؤتمر الأطباء في مدينة حلب.", "يعقد مؤتمر الأطباء في مدينة حمص."),
    (CARRIED, "وكانت الحافلة تقل 83 شخصا حين انقلبت.", "وقالت الشرطة إن الحافلة كان على متنها 97 شخصا."),
    ("كم قتيلا سقط في غرق العبارة؟", "قتل 14 راكبا في غرق العبارة.", "ارتفع عدد ضحايا غرق العبارة إلى 21 قتيلا."),
    ("كم مسافرا حملت رحلة لسنونو؟", "وحملت رحلة سنونو 96 مسافرا.", "أقلعت رحلة سنونو وعلى متنها 112 مسافرا."),
    ("كم بلغت أرباح شركة الأفق؟", "بلغت أرباح شركة الأفق 40 مليون درهم.", "لم تتجاوز أرباح شركة الأفق 28 مليون درهم."),
]
AGREE = [
    (COST, "كلف ترميم الجسر مليوني دينار.", "كلف ترميم الجسر 2 مليون دينار بعد غلاء الحديد."),
    (COST, "كلف ترميم الجسر 5 دنانير.", "كلف ترميم الجسر خمسة دنانير."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "بلغ عدد قتلى الزلزال نحو 125 شخصا."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "بلغ عدد قتلى الزلزال أكثر من 100 شخص."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "لا يقل عدد قتلى الزلزال عن 100 شخص."),
    (OPENED, "افتتح السوق القديم في شباط 1911.", "افتتح السوق القديم في 3 فبراير."),
    (OPENED, "افتتح السوق القديم سنة 1329 هجرية.", "افتتح السوق القديم سنة 1911."),
    (WHO, "افتتح السوق القديم سامي الخطيب.", "افتتح السوق القديم المهندس سامي."),
    (WHERE, "يعقد مؤتمر الأطباء في دمشق.", "يعقد مؤتمر الأطباء في سوريا."),
]
OF_ANOTHER_THING = [
    (COST, "كلف ترميم الجسر الغربي مليوني دينار.", "كلف ترميم الجسر الشرقي ثلاثة ملايين دينار."),
    (COST, "كلف ترميم الجسر مليوني دينار.", "لم يكلف ترميم الجسر ثلاثة ملايين دينار."),
    (COST, "كلف ترميم الجسر مليوني دينار.", "كلف ترميم الجسر مليوني دولار."),
    (TOLL, "بلغ عدد قتلى زلزال المغرب 120 شخصا.", "بلغ عدد قتلى زلزال تركيا 350 شخصا."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا عام 1990.", "بلغ عدد قتلى الزلزال 350 شخصا عام 2010."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "بلغ عدد قتلى الزلزال 350 شخصا عام 2010."),
    (TOLL, "بلغ عدد قتلى الزلزال 120 شخصا.", "وتبرع للناجين من الزلزال 350 شخصا."),
    (OPENED, "افتتح السوق القديم سنة 1911.", "هدم السوق القديم عام 1950."),
    ("كم جريحا في زلزال لمبوك؟", "أدى زلزال لمبوك إلى 340 جريحا.", "وفي زلزال لمبوك 37 شخصا قتلوا صباحا."),
    ("لماذا أغلق السوق القديم؟", "أغلق السوق القديم بسبب حريق سنة 1950.", "أغلق السوق القديم بسبب حريق سنة 1951."),
    (CARRIED, "وكانت الحافلة تقل 83 شخصا حين انقلبت.", "وأنقذ رجال الإطفاء من الحافلة 40 شخصا."),
    (CARRIED, "وكانت الحافلة تقل 83 شخصا حين انقلبت.", "وقتل في حادث الحافلة 12 شخصا."),
    ("كم هكتارا أتلف الجراد؟", "طالبوا بعد الجراد بعشرين ألف درهم للهكتار.", "أتلف الجراد 300 هكتار."),
    ("كم هكتارا أتلف الجراد؟", "أتلف الجراد وعوضوا 20 درهما للهكتار.", "أتلف الجراد وعوضوا 9 دراهم للهكتار."),
]


def quote(question: str, name: str, text: str, published: date | None) -> Quote:
    document = Document(name, name, text, published=published)
    span = Span(0, len(text))
    return Quote(document, span, marked(parse(question), text, span))


def differ(question: str, old: str, new: str, days: tuple[date | None, date | None] = (OLD, NEW)) -> bool:
    one, other = quote(question, "a", old, days[0]), quote(question, "b", new, days[1])
    found = disagree(parse(question), one, other)
    assert disagree(parse(question), other, one) is found
    return found


@pytest.mark.parametrize(("question", "old", "new"), DISAGREE)
def test_two_answers_that_cannot_both_be_right_disagree(question: str, old: str, new: str) -> None:
    assert differ(question, old, new)


@pytest.mark.parametrize(("question", "old", "new"), AGREE)
def test_two_ways_to_put_one_answer_agree(question: str, old: str, new: str) -> None:
    assert not differ(question, old, new)


@pytest.mark.parametrize(("question", "old", "new"), OF_ANOTHER_THING)
def test_sentences_about_two_things_do_not_disagree(question: str, old: str, new: str) -> None:
    assert not differ(question, old, new)


@pytest.mark.parametrize("days", [(None, NEW), (OLD, None), (None, None)])
def test_sources_without_a_date_never_disagree(days: tuple[date | None, date | None]) -> None:
    assert not differ(*DISAGREE[0], days)


def test_sources_of_one_day_may_disagree() -> None:
    assert differ(*DISAGREE[0], (NEW, NEW))


def test_what_is_asked_of_may_stand_in_the_titles() -> None:
    question = parse("كم كلفة جسر السلام في الموصل؟")
    texts = ("وبلغت كلفة المشروع 12 مليون دولار.", "وقالت المديرية إن كلفة المشروع 15 مليون دولار.")
    quotes = [
        replace(found, document=replace(found.document, title="جسر السلام في الموصل"))
        for found in (quote(question.text, name, text, OLD) for name, text in zip("ab", texts, strict=True))
    ]
    assert disagree(question, *quotes)


def test_what_says_again_what_is_asked_is_no_name() -> None:
    question = parse("من مدرب الهلال؟")
    one, other = "مدرب الهلال روي ألميدا.", "الهلال يقيل مدربه."
    marks = (Span(12, len(one) - 1), Span(7, len(other) - 1))
    quotes = [
        Quote(Document(name, name, text, published=OLD), Span(0, len(text)), (mark,))
        for name, text, mark in zip("ab", (one, other), marks, strict=True)
    ]
    assert not disagree(question, *quotes)


def test_a_document_does_not_disagree_with_itself() -> None:
    question, old, new = DISAGREE[0]
    assert not disagree(parse(question), quote(question, "a", old, OLD), quote(question, "a", new, NEW))


def test_a_name_that_the_other_source_knows_too_may_be_meant_there() -> None:
    question, old, new = DISAGREE[7]
    text = f"{new} وحضر سامي الخطيب."
    other = Document("b", "b", text, published=NEW)
    span = Span(0, len(new))
    known = Quote(other, span, marked(parse(question), text, span))
    assert not disagree(parse(question), quote(question, "a", old, OLD), known)


def test_a_quote_without_a_mark_disagrees_with_none() -> None:
    question, old, new = DISAGREE[0]
    document = Document("b", "b", new, published=NEW)
    unmarked = Quote(document, Span(0, len(new)))
    assert not disagree(parse(question), quote(question, "a", old, OLD), unmarked)
