"""What is said to the bot and is no question to its sources, and what is one."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA

from bot.conversation.foreign import foreign_language
from bot.conversation.forms import ALONE
from bot.conversation.talk import ABOUT_LAST, MOST, hear, hear_at_last, reply_to
from bot.conversation.words import Words
from bot.phrases import phrases

SAYINGS = [line.split("\t") for line in (DATA / "conversation" / "sayings.tsv").read_text("utf-8").splitlines()]
ABOUT = [line.split("\t") for line in (DATA / "conversation" / "about_the_answer.tsv").read_text("utf-8").splitlines()]
QUESTIONS = sorted(DATA.glob("*questions.jsonl"))


def heard(text: str) -> str | None:
    return hear(Words.of(text))


def heard_at_last(text: str) -> str | None:
    return hear_at_last(Words.of(text))


@pytest.mark.parametrize("start", [0, 1], ids=["tuned on", "not tuned on"])
def test_sayings_are_told_from_questions_and_from_each_other(start: int) -> None:
    """Every other line of the table was looked at while the forms were written; the rest only counted."""
    half = SAYINGS[start::2]
    assert len(half) > 100
    assert sum(heard(said) is not None for said, _ in half) >= 0.98 * len(half)
    assert sum(heard(said) == intent for said, intent in half) >= 0.95 * len(half)


def test_sayings_of_five_dialects_are_no_questions() -> None:
    said = (DATA / "conversation" / "further_sayings.tsv").read_text("utf-8").splitlines()
    assert len(said) > 250
    assert sum(heard(one) is not None for one in said) >= 0.97 * len(said)


@pytest.mark.parametrize("name", ["unseen_sayings", "fourth_sayings", "fifth_sayings", "sixth_sayings"])
def test_sayings_of_which_only_kinds_were_written_down_get_a_fitting_word(name: str) -> None:
    rows = (DATA / "conversation" / f"{name}.tsv").read_text("utf-8").splitlines()
    unseen = [line.split("\t") for line in rows]
    assert len(unseen) >= 100
    assert sum(heard_at_last(said) in intents.split("|") for said, intents in unseen) >= 0.95 * len(unseen)


def test_who_asks_whether_it_is_a_person_is_told_so() -> None:
    assert {heard(said) for said in ("هل أنت روبوت؟", "أنت بشر صحيح؟", "إنت روبوت ولا بني آدم")} == {"human"}


def test_what_rather_sounds_like_talk_is_talk_only_where_the_sources_do_not_answer() -> None:
    doubtful = [said for said in ("مخك نظيف", "دماغك تعبانة", "عيتيني بكلامك") if heard(said) is None]
    assert all(map(heard_at_last, doubtful))
    assert heard_at_last("عاصمة المملكة القديمة") is heard_at_last("ومن جاء بعدها؟") is None


@pytest.mark.parametrize(
    "question",
    [
        *("هل عندكم توصيل", "عندكم واي فاي", "أنتم وين", "كم فرع عندكم", "ما عنوانكم", "شو رقمكم", "كم رسومكم"),
        *("شو الحي يلي انقصف", "وش المدرسة اللي فازت", "شو يعني تأمين شامل", "ما معنى الاستقالة الضمنية"),
    ],
)
def test_what_is_asked_of_the_house_or_named_by_a_relative_is_no_talk(question: str) -> None:
    assert heard(question) is heard_at_last(question) is None


def test_kind_words_to_the_house_and_how_to_reach_it_are_talk_where_its_sources_do_not_tell() -> None:
    assert (heard("كيف أتواصل معكم"), heard_at_last("كيف أتواصل معكم")) == (None, "contact")
    assert heard_at_last("أترككم في رعاية الله") == "farewell"


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        *(("shokran ktir", "thanks"), ("sba7 lkhir", "greeting"), ("enta meen", "who"), ("mafhemtesh", "confused")),
        *(("el masdar", "source"), ("hat el rabet", "link"), ("momken tsa3edni", "help"), ("na3am", "yes")),
        *(("the man in the hat", None), ("je veux savoir", None), ("nadi el zaytoun", None), ("la la land", None)),
    ],
)
def test_talk_in_latin_letters_is_heard_and_no_other_language(said: str, intent: str | None) -> None:
    assert heard(said) == intent


def test_who_asks_after_a_deed_does_not_ask_for_it() -> None:
    assert {heard(said) for said in ("من ترجمه؟", "مين لخصه", "متى ترجم؟")} == {None}
    assert {heard(said) for said in ("من فضلك ترجمه", "ترجمه")} == {"translate"}


def test_an_address_alone_asks_nothing() -> None:
    assert heard("https://example.com/a") == ALONE
    assert foreign_language("https://example.com/a") is None
    assert foreign_language("see https://example.com/a") == "en"


def test_a_slip_of_the_pen_and_a_joined_negation_are_heard() -> None:
    assert {heard(said) for said in ("السلم عليكم", "السلام عليكمم")} == {"salam"}
    assert {heard(said) for said in ("مافهمتش", "ما فهمت", "لم أفهم")} == {"confused"}
    assert heard("شاكر النابلسي") is heard("صحة المرأة") is heard("ما هي السعة؟") is None


def test_words_about_the_last_answer_ask_for_what_its_buttons_do() -> None:
    assert len(ABOUT) > 100
    assert {intent for _, intent in ABOUT} == set(ABOUT_LAST)
    assert sum(heard(said) == intent for said, intent in ABOUT) >= 0.95 * len(ABOUT)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_questions_are_not_taken_for_talk(path: Path) -> None:
    questions = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    assert [question for question in questions if heard(question)] == []


@pytest.mark.parametrize(
    "question",
    [
        *("مرحبا، متى تأسست الجامعة؟", "شكرا. ومتى تأسست؟", "السلام عليكم ما سعر التذكرة", "طيب وأين تقع؟"),
        *(
            "شكري القوتلي",
            "صباح الأحمد الجابر الصباح",
            "سلام فياض",
            "جميل بثينة",
            "حسن نصر الله",
            "رمضان",
            "عيد الأضحى",
        ),
        *("اشرح لي معنى الاحتباس الحراري", "حدثني عن ابن خلدون", "قل لي متى ولد ابن خلدون", "كيف تعمل الثلاجة؟"),
        *("ما المصدر الرئيسي للطاقة؟", "مصدر الطاقة", "رابط التسجيل في الجامعة", "من كتب البؤساء؟", "كاتب البؤساء"),
        *(
            "ومتى نشر؟",
            "ومن جاء بعدها؟",
            "ومن المؤلف؟",
            "وماذا عن مصر؟",
            "متى نشرت الرواية الأولى؟",
            "هل تنام الأسماك؟",
        ),
        *("واش عندك شي خبر على أستانا", "عندك شي عن درعا", "هل لديك معلومات عن الجزائر", "لغة أهل غانتوك"),
        *("أين عاش جبران؟", "ما فائدة الملح؟", "ما رأي الأزهر في ذلك؟", "ما أجمل مدن الشمال؟", "أين تسكن فيروز؟", ""),
    ],
)
def test_what_names_a_subject_is_a_question(question: str) -> None:
    assert heard(question) is None


def test_letters_that_are_drawn_out_faces_and_marks_change_nothing() -> None:
    assert {heard(said) for said in ("شكرا", "شُكْراً!", "شكراااا", "شكرا 🌹", "*شكرا*", "وشكرا")} == {"thanks"}
    assert {heard(said) for said in ("هههه", "ههههههههههه", "😂", "🤣🤣", "خخخخ", "hahaha")} == {"laughter"}
    assert {heard(said) for said in ("أكيد؟", "أكيد")} == {"sure", "yes"}


def test_of_several_things_said_the_weightiest_counts() -> None:
    assert heard("مرحبا، كيف حالك يا صديقي؟") == "wellbeing"
    assert heard("مساء الخير، ممكن تساعدني لو سمحت؟") == "help"


def test_every_intent_has_something_to_say_in_every_language() -> None:
    for intent in {intent for _, intent in SAYINGS} | {"personal", "call"}:
        for language in ("ar", "en"):
            for has_answered in (False, True):
                said = reply_to(intent, phrases(language), has_answered=has_answered)
                assert 0 < len(said) < 200
                assert "\n" not in said


@given(st.text(st.one_of(st.sampled_from("شكرا يا من وال متى المصدر هههه؟👍"), st.characters()), max_size=60))
def test_any_text_can_be_heard(text: str) -> None:
    heard(text)
    assert heard("كلمة " * (MOST + 1) + text) is None


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        *(("كلامك صحيح", "praise"), ("جواب مقنع", "praise"), ("جوابك غير صحيح", "wrong"), ("هذا خطأ", "wrong")),
        *(("طيب", "okay"), ("كويس", "praise"), ("طيب شكرا", "thanks"), ("وينك", "call"), ("معليش غلطت", "sorry")),
        *(("شكرا، المصدر؟", "source"), ("ابدأ من جديد", "new"), ("حاول من جديد", "retry"), ("مش قصدي", "wrong")),
        *(("مش هيك قصدي يا زلمة", "wrong"), ("طيب وبعدين؟", "more"), ("شو صار وبعدين راح", None)),
        *(("هل تحفظ كلامي", "privacy"), ("كيف أرسل لك ملفا", "files"), ("بكم اشتراكك", "free")),
        *(("أريد التحدث مع موظف", "contact"), ("🤔", "confused"), ("وين وقع", None), ("متى صار", None)),
    ],
)
def test_what_is_praised_and_what_is_blamed_and_what_is_asked_of_the_bot_itself(said: str, intent: str | None) -> None:
    assert heard(said) == intent


@pytest.mark.parametrize("nothing", ["؟", "؟؟؟", ".", "!!!", "اااااا", "🗿"])
def test_a_message_without_words_is_asked_what_it_asks(nothing: str) -> None:
    assert heard_at_last(nothing) == "alone"


@pytest.mark.parametrize(
    "question",
    ["من قال السلام عليكم", "ما معنى مرحبا", "ما معنى الحمد لله", "لا، أقصد زلزال تركيا", "لأ مو هيك قصدي المتحف"],
)
def test_what_asks_of_a_saying_is_no_saying(question: str) -> None:
    assert heard(question) is None


def test_who_begins_anew_is_told_so() -> None:
    assert reply_to("new", phrases("ar"), has_answered=True) == phrases("ar").new


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        *(("كم ٥ + ٧؟", "do"), ("12*3", "do"), ("ماذا حدث في 5/7/2015؟", None), ("متى نزلت 2 + 1؟", None)),
        *(("والله إنك تستاهل كل خير", "praise"), ("ما تستاهل شي", "blame"), ("كيفك اليوم منيح؟", "wellbeing")),
        *(("كم يساوي 9 × 8؟", "do"), ("كم يساوي الدولار؟", None), ("تستاهلي بوسة على هالجواب", "praise")),
        *(("امسح كل سجلي لو سمحت", "privacy"), ("كلمني بالواتساب", "contact")),
        *(("هاتلي نمرة اللي مشغل البوت", "contact"), ("كلمني عن تونس", None)),
        *(("اعطني رقم هاتف صاحب البوت", "contact"), ("رقم هاتف المدير", None), ("أريد أن أشتكي", "contact")),
        *(("عايز اشتكي من الفاتورة", None), ("كيف أحذف بياناتي؟", "privacy"), ("كيف أحذف صفا من الجدول؟", None)),
        *(("كم الساعة؟", "clock"), ("كم الساعة في مكة؟", "clock"), ("الساعة كم يفتح؟", None)),
        *(("وينك؟", "call"), ("يا يوم يعطل؟", None), ("بيا ساعة تفتحون", None)),
    ],
)
def test_what_begins_as_talk_may_be_a_question(said: str, intent: str | None) -> None:
    assert heard(said) == intent


@pytest.mark.parametrize("question", ["هل الله موجود؟", "هل الأكل جيد؟", "الرسوم كم", "هل القرار صحيح؟"])
def test_what_asks_of_something_else_is_no_talk_where_the_sources_do_not_answer_it(question: str) -> None:
    assert heard_at_last(question) is None
    assert heard_at_last("هل أنت موجود؟") == "call"


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        *(("شنو المصدر مالتك؟", "source"), ("باي مجلة منشور؟", "source"), ("في أي سنة؟", None)),
        *(("وين اللنك", "link"), ("لينك الموقع؟", "link"), ("وين الفرع؟", None)),
        *(("شوكت انشر؟", "published"), ("شوكت انشرت الرواية؟", None)),
        *(("كم نسبة تأكدك؟", "sure"), ("ما نسبة دقة هذا الكلام؟", "sure"), ("كم نسبة النجاح؟", None)),
    ],
)
def test_words_about_the_last_answer_in_further_dialects(said: str, intent: str | None) -> None:
    assert heard(said) == intent
