"""Answers of more than a sentence: a list with what leads in to it, or the sentences that go on, as one quote."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Answer, Document, Library, Span
from retrieval.composing.lists import list_of
from retrieval.composing.quoting import readable, shown, told
from retrieval.ranking.features import Candidate
from retrieval.segmentation import LONGEST_SENTENCE, sentences

# A question, the text that it is asked of, and what is quoted: all between the two marks «⟦» and «⟧».
LISTS = {
    "rules, with dashes": (
        "ما شروط الالتحاق بمعهد التمريض؟",
        """معهد التمريض

يقع المعهد في شارع البلدية، ويستقبل الطلاب من كل القرى.

⟦يشترط للالتحاق بمعهد التمريض ما يلي:
- أن يكون المتقدم حاصلا على الشهادة الثانوية.
- أن لا يزيد عمره على خمسة وعشرين عاما.
- أن يجتاز المقابلة والفحص الطبي.⟧

تبدأ الدراسة في الأسبوع الأول من أيلول.
""",
    ),
    "a recipe, with bullets below a heading": (
        "ما مقادير خبز الزيتون؟",
        """وصفات الجدة

هذه وصفات من قرية الزيتون جمعتها سلمى.

⟦مقادير خبز الزيتون
• ثلاثة أكواب من الطحين
• كوب زيتون منزوع النوى
• ملعقة خميرة
• نصف كوب زيت⟧

يعجن الطحين بالماء، ويترك ساعة قبل الخبز.
""",
    ),
    "duties, in numbers": (
        "ما مهام أمين المستودع؟",
        """دليل الوظائف

يعمل أمين المستودع ست ساعات في اليوم.
⟦ومهام أمين المستودع هي:
1. استلام البضائع وفحصها.
2. ترتيب الرفوف ووضع الأرقام عليها.
3. جرد المستودع في آخر كل شهر.
4. تسليم المواد لمن يطلبها بإيصال.⟧
ويتبع أمين المستودع مدير المشتريات.
""",
    ),
    "a circular, in letters": (
        "ما التعليمات الخاصة برحلة المتحف؟",
        """تعميم إلى أولياء الأمور

تنظم المدرسة رحلة يوم الخميس.

⟦التعليمات الخاصة برحلة المتحف كالآتي:
أ) إحضار موافقة خطية من ولي الأمر.
ب) ارتداء الزي المدرسي.
ج) الحضور قبل السابعة صباحا.⟧

نتمنى لأبنائنا يوما ممتعا.
""",
    ),
    "news, in words within a paragraph": (
        "ما أسباب توقف محطة المياه؟",
        """توقف محطة المياه

⟦قال مدير المحطة أمس: لتوقف محطة المياه أسباب ثلاثة. أولا: انقطاع الكهرباء منذ الفجر. \
ثانيا: عطل في المضخة الكبرى. ثالثا: نقص الوقود في الخزان.⟧ وستعود المياه يوم الأربعاء.
""",
    ),
    "steps, on one line": (
        "ما خطوات تجديد بطاقة المكتبة؟",
        """مكتبة الحي

تفتح المكتبة أبوابها من الثامنة. ⟦خطوات تجديد بطاقة المكتبة: 1- تعبئة الطلب. 2- دفع الرسم. \
3- تسليم البطاقة القديمة.⟧ وتصدر البطاقة بعد يومين.
""",
    ),
    "a page, whose items lost their marks": (
        "ما المستندات المطلوبة لرخصة البناء؟",
        """رخص البناء

تصدر البلدية رخص البناء خلال أسبوعين.

⟦المستندات المطلوبة لرخصة البناء هي:

صورة الهوية
سند الملكية
مخطط موقع معتمد
إيصال دفع الرسوم⟧

يراجع المهندس الطلب قبل إصدار الرخصة.
""",
    ),
    "a page, below a heading": (
        "ما مستلزمات دورة السباحة؟",
        """نادي البلدة

يفتح النادي أبوابه كل يوم من الرابعة، ويشرف عليه مدربان.

⟦مستلزمات دورة السباحة

لباس سباحة
نظارة مائية
غطاء رأس
شهادة طبية⟧

تبدأ الدورة في أول تموز، وتستمر ستة أسابيع.
""",
    ),
    "a Word document, each item a paragraph": (
        "من هم أعضاء لجنة المهرجان؟",
        """محضر اجتماع

اجتمعت اللجنة في قاعة البلدية مساء الثلاثاء، ونوقش موعد المهرجان.

⟦أعضاء لجنة المهرجان هم:

سعاد الخطيب، رئيسة

ماجد العلي، مقررا

هدى النجار، أمينة الصندوق⟧

رفعت الجلسة في التاسعة، واتفق على اجتماع آخر بعد شهر، يعرض فيه البرنامج كاملا.
""",
    ),
    "hours, in lines of a pair": (
        "ما مواعيد عمل مكتب البريد؟",
        """مكتب البريد
في وسط البلدة مكتب بريد قديم بناه المهندس سليم سنة 1931 من حجر أبيض، ثم رمم مرتين، وما زال يعمل إلى اليوم.
⟦مواعيد عمل مكتب البريد
السبت: من الثامنة إلى الثانية
الأحد: من الثامنة إلى الثانية
الاثنين: من التاسعة إلى الواحدة
الثلاثاء: من التاسعة إلى الثانية
الأربعاء: من الثامنة إلى الظهر⟧
ويغلق المكتب في الأعياد. وفي المكتب صناديق تستأجر بالسنة.
""",
    ),
    "regulations, each an article": (
        "ما عقوبات تأخير الكتب المستعارة؟",
        """لائحة الإعارة

⟦تطبق عند تأخير الكتب المستعارة العقوبات التالية.
(1) التنبيه برسالة.
(2) غرامة ربع دينار عن كل يوم.
(3) وقف الإعارة شهرا.⟧

يعمل بهذه اللائحة من أول العام.
""",
    ),
    "lines that begin alike": (
        "ما واجبات حارس الحديقة؟",
        """حديقة النهر

واجبات الحارس في حديقة النهر كثيرة.

⟦واجبات حارس الحديقة:
أن يفتح الأبواب في السادسة؛
أن يمنع إشعال النار؛
أن يسقي الشتلات مساء.⟧

الدخول إلى الحديقة مجاني.
""",
    ),
    "stages, with their ordinals": (
        "ما مراحل مشروع الطريق الساحلي؟",
        """الطريق الساحلي

أعلنت الوزارة تفاصيل المشروع أمس.

⟦مراحل مشروع الطريق الساحلي:
المرحلة الأولى: مسح الأرض وشراؤها.
المرحلة الثانية: بناء الجسور الثلاثة.
المرحلة الثالثة: الرصف والإنارة.⟧

يكلف المشروع تسعين مليون دينار.
""",
    ),
    "dialect": (
        "شو هي شروط كراء المحل؟",
        """سوق البلدية

⟦شروط كراء المحل بسوق البلدية:
* يكون عندك سجل تجاري
* تدفع كراء شهرين مقدما
* ما تبيع الدخان⟧

السوق مفتوح كل يوم.
""",
    ),
    "a list in an item": (
        "ما أوراق تسجيل الطالب المنقول؟",
        """التسجيل في المدرسة

1. الطالب المستجد: شهادة الميلاد وصورتان.
⟦2. أوراق تسجيل الطالب المنقول:
- كشف الدرجات.
- شهادة النقل.
- براءة ذمة من مدرسته.⟧
3. الطالب الوافد: جواز السفر.
""",
    ),
}


def parted(marked: str) -> tuple[str, str]:
    """A text without the two marks, and what stands between them."""
    text = marked.replace("⟦", "").replace("⟧", "")
    return text, marked.partition("⟦")[2].partition("⟧")[0]


def asked(folder: Path, text: str, question: str) -> Answer:
    (folder / "a.txt").write_text(text, "utf-8")
    return Library.open(folder, min_confidence=0.0, reader=False).ask(question)


def candidates(text: str, heading: int = 0) -> list[Candidate]:
    """The sentences of a text of one passage."""
    whole, document = Span(heading, len(text)), Document("a", "عنوان", text, heading=heading)
    return [Candidate(document, sentence, None, whole) for sentence in sentences(text, whole)]


def holding(text: str, words: str) -> Candidate:
    return next(one for one in candidates(text) if words in one.text)


def texts(spans: list[Span], text: str) -> list[str]:
    return [span.of(text) for span in spans]


@pytest.mark.parametrize("name", LISTS)
def test_a_question_for_several_is_answered_by_the_list_as_one_quote(tmp_path: Path, name: str) -> None:
    question, marked = LISTS[name]
    text, quoted = parted(marked)
    quote = asked(tmp_path, text, question).quotes[0]
    assert quote.text == quoted
    assert all(quote.span.holds(highlight) for highlight in quote.highlights)


@pytest.mark.parametrize("name", LISTS)
def test_each_item_is_quoted_with_its_list_and_alone_where_one_thing_is_asked(name: str) -> None:
    text, quoted = parted(LISTS[name][1])
    start = text.index(quoted)
    inside = [one for one in candidates(text, text.index("\n")) if Span(start, start + len(quoted)).holds(one.span)]
    assert len(inside) > 1
    for one in inside[1:]:
        whole, alone = shown(one, [], several=True), shown(one, [])
        assert whole
        assert whole.of(text) == quoted
        assert alone == readable(text, one.span, one.passage)


@pytest.mark.parametrize("name", LISTS)
def test_what_leads_in_is_never_quoted_without_its_items(name: str) -> None:
    text, quoted = parted(LISTS[name][1])
    lead = next(one for one in candidates(text, text.index("\n")) if one.span.end > text.index(quoted))
    span = shown(lead, [])
    assert span
    assert span.of(text).endswith(quoted)


ITEM = "أن يقدم المتقدم ما يثبت خبرته في الصيانة والتشغيل مدة لا تقل عن سنتين كاملتين"
LONG_LIST = "يشترط في المتقدم ما يلي:\n" + "\n".join(f"{n}. {ITEM} رقم {n}." for n in range(1, 15))


def test_a_long_list_is_cut_between_its_items() -> None:
    span = shown(holding(LONG_LIST, "يشترط"), [])
    assert span
    assert span.start == 0
    assert LONG_LIST[span.end :].startswith("\n")
    assert LONGEST_SENTENCE - len(ITEM) - 20 < span.end <= LONGEST_SENTENCE


@pytest.mark.parametrize("number", [1, 2, 7, 14])
def test_of_a_long_list_the_items_around_one_are_shown(number: int) -> None:
    one = holding(LONG_LIST, f"رقم {number}.")
    span = shown(one, [], several=True)
    assert span
    assert span.holds(one.span)
    assert span.of(LONG_LIST).splitlines() == [line for line in LONG_LIST.splitlines() if line in span.of(LONG_LIST)]
    assert LONGEST_SENTENCE - len(ITEM) - 20 < span.end - span.start <= LONGEST_SENTENCE


def test_of_an_item_that_is_too_long_the_sentences_come_that_fit() -> None:
    text = f"الشروط:\n1. {'. '.join([ITEM] * 12)}.\n2. شرط آخر."
    span = shown(holding(text, "الشروط"), [])
    assert span
    assert span.of(text).startswith("الشروط:\n1. أن يقدم")
    assert span.of(text).endswith("كاملتين.")
    assert LONGEST_SENTENCE - len(ITEM) - 20 < span.end <= LONGEST_SENTENCE


def test_what_leads_in_to_what_another_quote_shows_is_not_quoted() -> None:
    text, quoted = parted(LISTS["rules, with dashes"][1])
    lead, first, second = holding(text, "ما يلي:"), holding(text, "الثانوية"), holding(text, "خمسة")
    assert shown(lead, [first.span]) is None
    partly = shown(lead, [second.span])
    assert partly
    assert partly.of(text) == quoted.partition("\n- أن لا")[0]
    assert shown(first, [second.span], several=True) == partly


def test_what_is_no_list_but_is_led_in_to_comes_along() -> None:
    text = "وقف الوزير أمام الناس وقال:\n\n«سنفتح الجسر غدا. وسنحتفل.»\n\nثم خرج الوزير."
    span = shown(holding(text, "وقف"), [])
    assert span
    assert span.of(text) == "وقف الوزير أمام الناس وقال:\n\n«سنفتح الجسر غدا. وسنحتفل.»"
    assert told(holding(text, "وقف")) == span


def test_what_leads_in_to_nothing_that_can_be_shown() -> None:
    alone, long = "أسعار السوق:", f"أعلن المدير:\n\n{'كلام ' * 138}كثير طويل."
    assert shown(holding(alone, "أسعار"), []) == Span(0, len(alone))
    assert shown(holding(long, "أعلن"), []) is None


BEST = "من أسباب الحريق خلل في الأسلاك."
GOING_ON = [
    "كما كانت المضخة معطلة.",
    "ومنها ضيق الممرات.",
    "وكذلك نقص الماء.",
    "إضافة إلى شدة الريح.",
    "أما السبب الأكبر فالإهمال.",
    "وثانيا قلة الحراس.",
    "فضلا عن قدم البناء.",
]


@pytest.mark.parametrize("next_one", GOING_ON)
def test_sentences_that_go_on_come_along_where_several_things_are_asked(next_one: str) -> None:
    text = f"شب الحريق ليلا. {BEST} {next_one} ووصلت الإطفاء بعد ساعة. كما حضر العمدة."
    best = holding(text, BEST)
    assert texts([shown(best, [], several=True) or best.span, shown(best, []) or best.span], text) == [
        f"{BEST} {next_one}",
        BEST,
    ]


def test_sentences_go_on_within_the_length_and_the_passage_and_not_into_another_quote() -> None:
    text = " ".join([BEST, *(f"كما {ITEM}." for _ in range(10))])
    best = holding(text, BEST)
    span = shown(best, [], several=True)
    assert span
    assert span.of(text).endswith("كاملتين.")
    assert LONGEST_SENTENCE - len(ITEM) - 20 < span.end <= LONGEST_SENTENCE
    second = candidates(text)[2].span
    assert shown(best, [second], several=True) == Span(0, second.start - 1)
    passage = Candidate(best.document, best.span, None, best.span)
    assert shown(passage, [], several=True) == best.span


def test_sentences_after_it_that_are_likely_too_come_along() -> None:
    text = f"{BEST} كان المخزن مليئا بالورق. وصلت الإطفاء بعد ساعة."
    best, paper, _ = candidates(text)
    both = Span(best.span.start, paper.span.end)
    assert shown(best, [], several=True, likely=frozenset({paper.span})) == both
    assert shown(best, [], likely=frozenset({paper.span})) == best.span


def test_what_goes_on_is_not_cut_where_it_leads_in() -> None:
    text = f"{BEST} كما ذكر التقرير ما يلي:\nكلام آخر."
    assert shown(holding(text, BEST), [], several=True) == Span(0, len(BEST))


@pytest.mark.parametrize(
    "text",
    [
        "حضر الحفل كثيرون.\nد. أحمد الشامي ألقى كلمة قصيرة.\nأ. سعاد قرأت قصيدة. وصفق الناس.",
        "ووصل الوفد في اليوم التالي.\nثم زار المصنع.\nثم عاد إلى بلده.",
        "بني الجسر سنة 1931 م.\n1935 كان عام الفيضان.\n1936 رمم الجسر.",
        "نشأته\nولد سامر في حلب. ودرس فيها.\nثم سافر إلى بيروت. وعمل هناك.",
        "السبت: من 8 إلى 2\nالأحد: من 8 إلى 2\nالاثنين: من 9 إلى 1\nالثلاثاء: مغلق\nالأربعاء: من 8 إلى 1",
        "وقال المدير للعمال:\nسنفتح الجسر غدا.\nوأضاف أن العمل مستمر.\nثم خرج إلى الساحة.\nوهو مهندس معروف.",
        "كان ثمنه 1. ثم صار 2. ثم غلا.",
    ],
)
def test_these_are_no_lists(text: str) -> None:
    assert [list_of(text, one.span, one.passage) for one in candidates(text)] == [None] * len(candidates(text))


def test_a_list_begins_below_the_heading_of_its_document() -> None:
    text = "شروط القبول\n- شهادة\n- صورة\n- فحص"
    found = list_of(text, Span(14, 19), Span(11, len(text)))
    assert found
    assert (found.lead, texts(list(found.items), text)) == (None, ["- شهادة", "- صورة", "- فحص"])


def test_a_list_does_not_reach_into_the_furniture_of_its_page(tmp_path: Path) -> None:
    member = "المهندسة سعاد الخطيب ممثلة الحي القديم في مجلس البلدة"
    members = "\n\n".join(f"{member} {number}" for number in "أبجدهوزحطي")
    text = f"محضر\n\nأعضاء لجنة السوق هم:\n\n{members}\n\nاقرأ أيضا\n\nأسعار السوق ترتفع\n\nحقوق النشر محفوظة\n"
    quote = asked(tmp_path, text, "من هم أعضاء لجنة السوق؟").quotes[0]
    assert quote.text == f"أعضاء لجنة السوق هم:\n\n{members}"


def test_two_documents_that_lead_in_alike_to_other_items_are_two_quotes(tmp_path: Path) -> None:
    for name, items in {"a": "- شهادة ميلاد\n- صورتان", "b": "- جواز سفر\n- عقد إيجار"}.items():
        (tmp_path / f"{name}.txt").write_text(f"إعلان {name}\n\nالأوراق المطلوبة لتسجيل المحل:\n{items}\n", "utf-8")
    answer = Library.open(tmp_path, min_confidence=0.0, reader=False).ask("ما الأوراق المطلوبة لتسجيل المحل؟")
    assert len(answer.quotes) == 2
    assert not any(quote.also for quote in answer.quotes)


def test_all_of_a_list_answers_so_no_part_of_it_is_marked(tmp_path: Path) -> None:
    text = "معهد الصيانة\n\nللقبول في معهد الصيانة أربعة شروط هي:\n- العمر\n- الشهادة\n- الفحص\n- الرسوم\n"
    several = asked(tmp_path, text, "ما شروط القبول في معهد الصيانة؟").quotes[0]
    one = asked(tmp_path, text, "كم شرطا للقبول في معهد الصيانة؟").quotes[0]
    assert several.span == one.span
    assert several.text.endswith("- الرسوم")
    assert several.highlights == ()
    assert [highlight.of(text) for highlight in one.highlights] == ["أربعة شروط"]


def test_the_list_is_quoted_too_where_the_reader_ranks(tmp_path: Path) -> None:
    question, marked = LISTS["rules, with dashes"]
    text, quoted = parted(marked)
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert quoted in [
        quote.text for quote in Library.open(tmp_path, min_confidence=0.0, reader=False).ask(question).quotes
    ]


PIECES = [
    "نص قصير. ",
    "الشروط:\n",
    "ما يلي\n",
    "\n",
    "\n\n",
    "- بند",
    "1. أول ",
    "2. ثان ",
    "• ",
    "أولا: ",
    "ثانيا: ",
    "أ) ",
]
ANY_LIST = st.lists(st.sampled_from([*PIECES, "«", "» ", f"{ITEM}. ", "كما زاد. ", "؟ "]), min_size=1, max_size=40)


@settings(deadline=None, derandomize=True, database=None, max_examples=150)
@given(ANY_LIST.map("".join).filter(str.strip), st.booleans())
def test_any_quote_holds_its_sentence_and_is_bounded(text: str, several: bool) -> None:
    found = candidates(text)
    for one in found:
        for beside in ([], [found[0].span], [found[-1].span]):
            span = shown(one, beside, several=several, likely=frozenset({found[-1].span}))
            if span is not None:
                assert span.holds(one.span)
                assert span.end <= len(text)
                assert span.end - span.start <= LONGEST_SENTENCE
                assert span.of(text) == span.of(text).strip()
        assert told(one).start == one.span.start


@settings(deadline=None, derandomize=True, database=None, max_examples=100)
@given(ANY_LIST.map("".join).filter(str.strip))
def test_items_follow_each_other_and_what_leads_in_to_them(text: str) -> None:
    for one in candidates(text):
        found = list_of(text, one.span, one.passage)
        if found:
            parts = [*([found.lead] if found.lead else []), *found.items]
            assert len(found.items) > 1
            assert all(before.end <= after.start for before, after in pairwise(parts))
            assert all(part.of(text) == part.of(text).strip() for part in parts)
