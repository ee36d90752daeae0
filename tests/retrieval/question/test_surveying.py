"""Questions that want documents counted, compared or put in order are known, and facts that look like them are not."""

from pathlib import Path

import pytest

from retrieval import Library
from retrieval.question.parsed import parse

WANTING = """
    كم مقالا يتحدث عن الزراعة؟ | كم مقالًا عن الزراعة؟ | كم عدد المقالات التي تتحدث عن الزراعة؟
    في كم خبر ورد اسم الوزير؟
    وكم مقالة تناولت الري؟ | كم خبرا لديك عن السدود؟ | كم وثيقة ذكرت السد؟ | عدد الوثائق التي تذكر القناة
    ما عدد الأخبار التي تتناول الانتخابات؟ | كام خبر بيتكلم عن القمح؟ | قديش في مقالات عن الزيتون؟
    شحال من مقال كيهضر على المغرب؟ | چم خبر أكو عن بغداد؟
    كم مرة ذُكر الأهلي؟ | كم مرة ورد اسم الوزير في الأخبار؟ | كم مرة تكررت كلمة السلام؟ | كام مرة اتذكر الأهلي؟
    قديش مرة انذكر السد؟ | اتذكر الأهلي كام مرة؟
    ما أكثر موضوع تناولته الأخبار؟ | شو أكتر موضوع؟ | إيه أكتر موضوع في الجرايد؟ | ما أكثر المواضيع تكرارا؟
    ما أكثر مدينة ذكرت؟ | من أكثر شخص ورد اسمه في الوثائق؟ | مين أكتر واحد انذكر بالأخبار؟ | ما أطول مقال عندك؟
    من أكثر لاعب سجل أهدافا في كل الأخبار؟ | ما أكبر رقم في جميع الوثائق؟ | مين أكتر لاعب سجل أهداف بكل الأخبار؟
    قارن بين القاهرة ودمشق | قارن لي بين القمح والشعير | من فضلك قارن بين الخطتين | قارنلي بين الجامعتين
    اعملي مقارنة بين المدينتين | سوي مقارنة بين الجوالين | ممكن تقارن بين القانونين؟
    رتب المدن حسب عدد السكان | رتّب لي الأحداث من الأقدم | رتبلي الأخبار
    لخص كل الأخبار | لخص لي جميع المقالات | لخصلي كل اللي عندك | هل يمكنك أن تلخص كل الوثائق؟ | لخص الأخبار
    احسب عدد المقالات عن السدود | عدلي كم خبر عن المطر
"""
COMPARING = """
    أيهما أكبر، القاهرة أم دمشق؟ | أيهما أكبر مساحة: القاهرة أم دمشق؟ | أيهما أكبر مساحةً القاهرة أو دمشق
    وأيهما أقدم القاهرة أم دمشق؟
    حسب تعداد 2010 أيهما أكبر القاهرة أم دمشق؟ | أي المدينتين أكبر، القاهرة أم دمشق؟ | ما الأكبر، القاهرة أم دمشق؟
    مين أكبر القاهرة ولا دمشق؟ | مين فيهم أقدم القاهرة ولا دمشق؟ | وش أغلى القاهرة ولا دمشق؟ | منو أكبر القاهرة لو دمشق؟
    القاهرة أكبر ولا دمشق؟ | القاهرة أغلى سعر ولا دمشق
"""
FACTS = """
    كم مقالا كتب طه حسين؟ | كم مرة فاز الأهلي بالدوري؟ | كم خبرا نشرت الصحيفة أمس؟ | كم عدد الوثائق التي سربها الموقع؟
    كم مرة ذكر موسى في القرآن؟ | كم مرة زار الرئيس القرية؟ | كم مصدرا للمياه في القرية؟ | كم مرة تكررت الهزات؟
    كم تقريرا قدمت اللجنة؟ | كم كتابا عن البحر كتب حنا؟ | كم ملفا سرق؟ | عدد سكان المدينة | عدد مقالات الكاتب
    ما عدد الملفات؟
    من أكثر لاعب سجل أهدافا؟ | ما أكثر أسباب الوفاة شيوعا؟ | ما أكبر مدينة في السودان؟ | ما أطول نهر؟
    من أكبر أولاد الملك؟
    ما رتب الضباط؟ | رتب الجيش | من رتب البيت؟ | من لخص الكتاب؟ | ما الفرق بين القمح والشعير؟ | هل القهوة أغلى من الشاي؟
    أي الجامعتين أقدم؟ | ما أعلى سن عثر فيها على أم وفي بطنها جنين؟ | متى نشر أول خبر عن السد؟ | ما الأخبار عن السد؟
    كم يبعد مصدر النهر عن المدينة؟ | ما أفضل كتب النحو أو الصرف؟
"""


def listed(questions: str) -> list[str]:
    return [question.strip() for line in questions.strip().splitlines() for question in line.split("|")]


@pytest.mark.parametrize("question", listed(WANTING))
def test_a_question_that_wants_documents_counted_or_ordered_is_known(question: str) -> None:
    survey = parse(question).survey
    assert survey
    assert not survey.is_said_by(f"{question} القاهرة أكبر من دمشق.")


@pytest.mark.parametrize("question", listed(COMPARING))
def test_which_of_two_is_said_by_a_sentence_that_holds_both_and_compares(question: str) -> None:
    survey = parse(question).survey
    assert survey
    assert survey.is_said_by("القاهرة أكبر وأقدم وأغلى من دمشق.") or survey.is_said_by("القاهرة أغلى من دمشق.")
    assert not survey.is_said_by("القاهرة ودمشق مدينتان كبيرتان.")
    assert not survey.is_said_by("القاهرة أكبر وأقدم وأغلى من حلب.")


def test_a_sentence_that_compares_in_another_way_does_not_say_it() -> None:
    survey = parse("أيهما أكبر، القاهرة أم دمشق؟").survey
    assert survey
    assert survey.is_said_by("دمشق أصغر من القاهرة.")
    assert survey.is_said_by("تفوق القاهرة دمشق في عدد السكان.")
    assert not survey.is_said_by("دمشق أقدم من القاهرة.")


@pytest.mark.parametrize("question", listed(FACTS))
def test_a_fact_stays_a_question(question: str) -> None:
    assert parse(question).survey is None


def test_what_is_wanted_is_no_word_of_the_subject() -> None:
    assert [term.written for term in parse("كم مقالا يتحدث عن الزراعة؟").terms] == ["الزراعة"]
    assert [term.written for term in parse("قارن بين الحنطة و العدس").terms] == ["الحنطة", "العدس"]


ARTICLES = {
    "a": """زراعة القمح في الوادي

يتحدث هذا المقال عن زراعة القمح في الوادي. ذكر القمح في السجلات مرة واحدة. ورتب الفلاحون المدن حسب الغلة.
""",
    "b": """الوادي والسهل

الوادي أكبر من السهل وأكثر ماء. في السهل ثلاث قرى قديمة. كتب سليم مقالا واحدا عن القمح.
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("survey")
    for name, text in ARTICLES.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return Library.open(folder, min_confidence=0.0, reader=False)


@pytest.mark.parametrize(
    "question",
    [
        "كم مقالا يتحدث عن القمح؟",
        "كم مرة ذكر القمح؟",
        "ما أكثر موضوع في الوادي؟",
        "رتب قرى السهل",
        "قارن بين الوادي والسهل",
        "لخص كل مقالات القمح",
        "أيهما أصغر، الوادي أم الجبل؟",
    ],
)
def test_it_is_refused_with_the_nearest_titles(library: Library, question: str) -> None:
    answer = library.ask(question)
    assert not answer.found
    assert answer.confidence == 0.0
    assert answer.nearest


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("أيهما أكبر، الوادي أم السهل؟", "الوادي أكبر من السهل وأكثر ماء."),
        ("مين أصغر الوادي ولا السهل؟", "الوادي أكبر من السهل وأكثر ماء."),
        ("كم مقالا كتب سليم؟", "كتب سليم مقالا واحدا عن القمح."),
    ],
)
def test_what_a_sentence_says_is_quoted(library: Library, question: str, sentence: str) -> None:
    assert library.ask(question).quotes[0].text == sentence


def test_it_is_refused_by_the_reader_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLES["a"], "utf-8")
    assert not Library.open(tmp_path, min_confidence=0.0, reader=False).ask("كم مقالا يتحدث عن القمح؟").found
