"""What is said before a question is none of it, and names that look like greetings are."""

import pytest

from bot.conversation.reading import read


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("شكرا، ومتى تأجلت؟", "ومتى تأجلت؟"),
        ("شكرا يا غالي. كم عدد السكان؟", "كم عدد السكان؟"),
        ("طيب ومن بناه؟", "ومن بناه؟"),
        ("تمام وأين تقع البلدة", "وأين تقع البلدة"),
        ("لا، أين يقع المتحف؟", "أين يقع المتحف؟"),
        ("طب ولو ضاعت البطاقة أتصل على رقم كام", "ولو ضاعت البطاقة أتصل على رقم كام"),
        ("طب فين المتحف؟", "فين المتحف؟"),
        ("طب الأسنان وجراحتها", "طب الأسنان وجراحتها"),
        ("السلام عليكم ورحمة الله وبركاته أريد أن أسأل عن القبول", "القبول"),
        ("صباح الخير متى يفتح المتحف", "متى يفتح المتحف"),
        ("عندي سؤال: من افتتح الجسر؟", "من افتتح الجسر؟"),
        ("عندي سؤال عن رسوم الدراسة", "رسوم الدراسة"),
        ("بدي اسألك عن سعر الذهب", "سعر الذهب"),
        ("بغيت نسول على ثمن الدقيق", "ثمن الدقيق"),
        ("حاب استفسر عن الرسوم", "الرسوم"),
        ("ممكن أسأل متى يبدأ الفصل؟", "متى يبدأ الفصل؟"),
    ],
)
def test_thanks_greetings_and_words_about_asking_are_no_part_of_a_question(text: str, question: str) -> None:
    message = read(text)
    assert message.question == question
    assert message.asks.questions == (question,)


@pytest.mark.parametrize(
    "text",
    [
        *("شكري القوتلي متى ولد؟", "صباح متى ولدت؟", "جميل بثينة متى مات؟", "سلام فياض متى استقال؟"),
        *("شكرا", "رمضان كريم", "ومتى؟", "من افتتح الجسر القديم؟", "عندي سؤال", "أريد أن أسأل", "", "؟"),
    ],
)
def test_a_name_and_what_asks_nothing_stay_whole(text: str) -> None:
    assert read(text).question == text


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("لو سمحت يا غالي متى افتتح الجسر", "متى افتتح الجسر"),
        ("طيب سؤال ثاني كم قتيلا سقط", "كم قتيلا سقط"),
        ("هلا والله ابغى اعرف من مدرب الهلال", "من مدرب الهلال"),
        ("مساء الخير يا جماعة حد يعرف متى تعلن النتائج", "متى تعلن النتائج"),
        ("ممكن تقول لي من هو ابن خلدون", "من هو ابن خلدون"),
        ("ممكن تقول لي عاصمة اليمن", "عاصمة اليمن"),
        ("يا بوت كم عدد سكان اليمن", "كم عدد سكان اليمن"),
        ("كم الرسوم لو سمحت؟", "كم الرسوم؟"),
        ("متى افتتح الجسر يا باشا", "متى افتتح الجسر"),
        ("متى افتتح الجسر؟ شكرا جزيلا", "متى افتتح الجسر؟"),
        ("ممكن سؤال؟ من افتتح المهرجان؟", "من افتتح المهرجان؟"),
        ("لا، أقصد زلزال تركيا", "أقصد زلزال تركيا"),
    ],
)
def test_kind_words_before_a_question_and_after_it_are_no_part_of_it(text: str, question: str) -> None:
    assert read(text).question == question
    assert read(text).asks.questions == (question,)


@pytest.mark.parametrize(
    "text",
    [
        *("يا مسافر وحدك متى لحنها عبد الوهاب", "قل هو الله أحد", "قول أبي حنيفة في الزكاة", "من قال بارك الله فيك"),
        *("بكم يقدر عدد سكان العراق؟", "هل تعلم أن الأرض تدور", "عمري سبعون سنة، متى أدخل بلا مقابل؟"),
    ],
)
def test_a_song_a_saying_and_what_matters_to_the_question_stay(text: str) -> None:
    assert read(text).question == text


def test_what_was_meant_is_the_question_where_it_asks_itself() -> None:
    assert read("لا اقصد محطة التحلية كم تنتج؟").question == "محطة التحلية كم تنتج؟"
    assert read("أقصد محطة التحلية").question == "أقصد محطة التحلية"
