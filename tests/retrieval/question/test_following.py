"""A question that leans on the one before it gets its subject; one that stands by itself stays as it is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.question.following import LONGEST, can_stand, followed
from retrieval.question.parsed import parse

SHIPS = "كم سفينة أغرقتها العاصفة الشتوية قرب صور؟"
SUBJECT = "سفينة أغرقتها العاصفة الشتوية قرب صور"


@pytest.mark.parametrize(
    "question",
    [
        *("ومتى؟", "متى؟", "وأين؟", "ولماذا؟", "وفي أي سنة؟", "وما السبب؟", "والسبب؟", "ثم ماذا؟"),
        *("وكم عددهم؟", "كم كان عمرها؟", "ومن رئيسها؟", "ومن قال ذلك؟", "وماذا حدث بعد ذلك؟", "وبعدها؟"),
        *("وماذا عنها؟", "ومن هم؟", "ومن القبطان؟", "وأين تقع؟", "كم يوما استمرت؟", "هل نجت؟", "فمتى تم ذلك؟"),
        *("وإمتى؟", "وليش؟", "وفين؟", "ووين؟", "وش صار فيها؟", "مين قالها؟", "وقديش عددها؟"),
    ],
)
def test_a_question_without_a_subject_gets_the_one_before_in_brackets(question: str) -> None:
    assert followed(question, SHIPS) == f"{question} ({SUBJECT})"


@pytest.mark.parametrize(
    "question",
    [
        "من هو ابراهيم عبدالله",
        "أين ولد حسن نصرالله؟",
        "من هي عنيزه؟",
        *("متى ولد المتنبي ومن قتله؟", "ومن هو المتنبي؟", "وأين درعا؟", "متى رمضان؟"),
        *("وما عاصمة مصر؟", "وما مساحة مصر؟", "وكم عدد سكان مصر؟", "أين تقع مكة؟", "ما عاصمه فرنسا؟"),
        *("كم سعر البرميل هذا العام؟", "من أسس جامعة القاهرة؟", SHIPS, "صور", "123"),
        *("ماذا أعلن هادي؟", "أين يعمل هادي؟", "متى وصل دي نيرو تونس؟", "كيف حسن؟", "متى بغداد؟", "لماذا طار؟"),
        *("وكم رسوم العضوية", "وما شروط الاستعارة؟", "وما غرامة تأخير الكتاب؟", "وبكم اشتراك النادي الصيفي؟"),
        *("كم عمرك؟", "ما لونك؟", "أين بيتك؟", "كيف تأكل؟", "متى نام؟"),
        *("شكرا", "مرحبا", "من أنت؟", "كيف حالك؟", "كم الساعة؟", "", "؟", " \n"),
    ],
)
def test_a_question_that_stands_by_itself_stays_as_it_is(question: str) -> None:
    assert followed(question, SHIPS) == question


@pytest.mark.parametrize(
    "question",
    [
        *("ومتى وصل الربان؟", "وعلى أي رصيف؟", "وفي أي ميناء رست؟", "وبأي سرعة سارت؟", "وكم بحارا نجا؟", "وبكم؟"),
        *("وما أصل والدته؟", "وكم بلغت الأضرار؟", "وكم دامت العاصفة؟", "وما اسم الربان؟", "وكم ثمن التذكرة؟"),
        "وإلى ماذا تؤدي إزالة العاصفة؟",
        *("ومن كان ربانها وقتها؟", "والربان أين ولد؟", "مين هادي؟", "وين دي؟", "هل أغلقت؟"),
    ],
)
def test_one_that_goes_on_asks_of_what_was_spoken_of(question: str) -> None:
    assert followed(question, SHIPS).startswith(f"{question} (")


def test_a_question_that_goes_on_and_names_something_may_be_meant_by_itself() -> None:
    assert can_stand("ومتى ولد المتنبي؟")
    assert not any(map(can_stand, ("ومتى؟", "وكم عددهم؟", "ومن رئيسها؟")))


def test_a_subject_lives_over_many_turns_and_gathers_no_verbs() -> None:
    searched = "متى تنطلق مباحثات الميناء الكبير؟"
    for question in ("وأين؟", "ومن يشارك فيها؟", "وكم يوما تستمر؟", "وبماذا انتهت؟", "ومن يرأسها؟", "وأين تعقد؟"):
        searched = followed(question, searched)
        assert "مباحثات الميناء الكبير)" in searched
    assert searched == "وأين تعقد؟ (مباحثات الميناء الكبير)"


@pytest.mark.parametrize("previous", [None, "", " ", "؟", "متى؟", "من هو؟"])
def test_nothing_follows_a_question_without_a_subject(previous: str | None) -> None:
    assert followed("ومتى؟", previous) == "ومتى؟"


@pytest.mark.parametrize(
    ("previous", "question", "searched"),
    [
        ("متى ولد المتنبي؟", "وأين مات؟", "وأين مات؟ (المتنبي)"),
        ("متى ولد المتنبي؟", "كم كان عمره؟", "كم كان عمره؟ (المتنبي)"),
        ("متى ولد المتنبي؟", "وأين؟", "وأين؟ (ولد المتنبي)"),
        ("من هو المتنبي؟", "أين ولد؟", "أين ولد؟ (المتنبي)"),
        ("متى افتتح المتحف الوطني؟", "ومن المدير؟", "ومن المدير؟ (المتحف الوطني)"),
        ("كم طول الجسر المعلق؟", "وعرضه؟", "وعرضه؟ (الجسر المعلق)"),
        ("كم لاعبا في فريق النجمة؟", "ومن مدربه؟", "ومن مدربه؟ (لاعبا في فريق النجمة)"),
        ("كم لاعبا في فريق النجمة؟", "وكم مدربا؟", "وكم مدربا؟ (فريق النجمة)"),
        ("من مؤسسة جمعية النور؟", "وكم عمرها؟", "وكم عمرها؟ (مؤسسة جمعية النور)"),
        ("من الذي بنى السوق، وفي أي سنة؟", "ولماذا؟", "ولماذا؟ (بنى السوق)"),
        ("كم قتيلا سقط في زلزال لمبوك؟", "وكم قوته؟", "وكم قوته؟ (زلزال لمبوك)"),
        ("كم جريحا في زلزال لمبوك؟", "ومتى ضرب؟", "ومتى ضرب؟ (زلزال لمبوك)"),
        ("ماذا قررت بلدية الرباط؟", "شكون قال هادشي؟", "شكون قال هادشي؟ (قررت بلدية الرباط)"),
    ],
)
def test_what_the_earlier_question_asked_is_left_out(previous: str, question: str, searched: str) -> None:
    assert followed(question, previous) == searched


@pytest.mark.parametrize(
    ("previous", "question", "searched"),
    [
        ("ما عاصمة فرنسا؟", "وماذا عن مصر؟", "ما عاصمة مصر؟"),
        ("ما عاصمة فرنسا؟", "وبالنسبة لمصر؟", "ما عاصمة مصر؟"),
        ("ما عاصمة فرنسا؟", "وبالنسبة للسودان؟", "ما عاصمة السودان؟"),
        ("ما عاصمة فرنسا؟", "طيب والأردن؟", "ما عاصمة الأردن؟"),
        ("ما عاصمة فرنسا؟", "وعن كوريا الجنوبية؟", "ما عاصمة كوريا الجنوبية؟"),
        ("أين المتحف الوطني؟", "وماذا عن المكتبة؟", "أين المكتبة؟"),
        ("متى ولد نجيب محفوظ؟", "وماذا عن طه حسين؟", "متى ولد طه حسين؟"),
        ("متى ولد أبو تمام؟", "والمتنبي؟", "متى ولد المتنبي؟"),
        ("كم سفينة غرقت عام 2015؟", "وفي عام 2016؟", "كم سفينة غرقت عام 2016؟"),
        ("كم سفينة غرقت قرب صور؟", "وفي عام 2016؟", "كم سفينة غرقت قرب صور؟ (2016)"),
        ("ما عاصمة فرنسا؟", "أقصد كوريا الجنوبية", "ما عاصمة كوريا الجنوبية؟"),
        ("كم قتيلا سقط في زلزال لمبوك؟", "لا قصدي زلزال تركيا", "كم قتيلا سقط في زلزال تركيا؟"),
        ("متى افتتح السوق؟", "لا قصدي الجسر مش السوق", "متى افتتح الجسر؟"),
        ("كم سعر تذكرة العبارة للطفل؟", "وللكبار؟", "كم سعر تذكرة العبارة للكبار؟"),
        ("متى افتتح السوق؟", "لأ مو هيك قصدي الجسر", "متى افتتح الجسر؟"),
        ("ومتى؟ (غرقت سفينة قرب صور)", "وفي طرابلس؟", "ومتى؟ (غرقت سفينة قرب طرابلس)"),
    ],
)
def test_another_subject_takes_the_place_of_the_last(previous: str, question: str, searched: str) -> None:
    assert followed(question, previous) == searched


def test_a_chain_leans_on_all_before_it() -> None:
    when = followed("ومتى؟", SHIPS)
    who = followed("ومن قال ذلك؟", when)
    assert who == f"ومن قال ذلك؟ ({SUBJECT})"
    assert followed("ومتى؟", "وأين مات؟ (المتنبي)") == "ومتى؟ (مات المتنبي)"


@pytest.mark.parametrize(("question", "kind"), [("ومتى؟", "date"), ("ومن قال ذلك؟", "person"), ("وليش؟", "reason")])
def test_what_is_searched_for_asks_what_the_question_asks_about_what_was_asked_before(question: str, kind: str) -> None:
    searched = parse(followed(question, SHIPS))
    assert searched.kind == kind
    assert {"العاصفة", "الشتوية", "صور"} <= {term.written for term in searched.terms}


def test_a_long_text_before_is_cut_at_a_word() -> None:
    searched = followed("ومتى؟", "متى " + "العاصفة الشتوية " * 1000)
    assert len(searched) <= LONGEST + len("ومتى؟ ()")
    assert searched.removesuffix(")").split()[-1] in {"العاصفة", "الشتوية"}


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(*[st.text(st.one_of(st.sampled_from("ومتىكم أينه؟() ها"), st.characters()), max_size=40)] * 2)
def test_any_two_texts_can_follow_each_other(question: str, previous: str) -> None:
    searched = followed(question, previous)
    assert searched == question or len(searched) <= len(question) + len(previous) + len(" ()") + 2
    assert followed(question, None) == question


@pytest.mark.parametrize("question", ["متى يطلع؟", "متى يصدر؟", "بتشتغل أي أيام؟", "بيفتح امتى؟", "كيف يتوقف؟"])
def test_a_verb_of_the_present_alone_has_its_subject_in_the_question_before(question: str) -> None:
    assert followed(question, SHIPS) == f"{question} ({SUBJECT})"


@pytest.mark.parametrize("question", ["كم الرسوم؟", "بيش التذكرة؟", "من المدير؟"])
def test_a_noun_that_is_of_something_is_of_what_was_spoken_of_or_may_stand(question: str) -> None:
    assert followed(question, SHIPS) == f"{question} ({SUBJECT})"
    assert can_stand(question)


@pytest.mark.parametrize(
    "question",
    [
        "كم رسوم العضوية؟",
        "أين القاهرة؟",
        "من المتنبي؟",
        "كم المسافة إلى القمر؟",
        "متى يونس؟",
        "وين ينبع؟",
        "كيف بيروت؟",
        "متى بيان؟",
        "متى يصدر القانون الجديد؟",
    ],
)
def test_what_only_looks_like_such_a_verb_or_has_a_subject_stays_as_it_is(question: str) -> None:
    assert followed(question, SHIPS) == question


def test_what_was_counted_and_what_it_did_are_no_subject_of_what_follows() -> None:
    assert followed("من رئيسها؟", "كم مسافرا حملت أول رحلة للشركة الجديدة؟") == "من رئيسها؟ (رحلة للشركة الجديدة)"
    assert followed("من رئيسها؟", "كم عاملا في الشركة الجديدة؟") == "من رئيسها؟ (عاملا في الشركة الجديدة)"


def test_a_subject_in_brackets_is_of_the_question_itself() -> None:
    assert followed("وكم سعر التذكرة؟ (المكتبة)", "متى يفتح المتحف؟") == "وكم سعر التذكرة؟ (المكتبة)"
    assert followed("والسيارة؟", "وقديش الطفل؟ (العبارة)") == "وقديش الطفل؟ (السيارة)"


def test_a_verb_that_goes_on_from_the_last_question_leans_on_it() -> None:
    assert followed("وهيفتح امتى", "من يبني الجسر الجديد؟") == "وهيفتح امتى (يبني الجسر الجديد)"


def test_a_pronoun_before_another_question_word_points_back() -> None:
    assert followed("من رممه ومتى؟", "أين متحف النسيج؟") == "من رممه ومتى؟ (متحف النسيج)"
