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
