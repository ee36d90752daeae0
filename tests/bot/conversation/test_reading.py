"""A message is read once, and all of it is known then."""

from collections.abc import Callable

import pytest

from bot.conversation import talk, words
from bot.conversation.asking import Asked
from bot.conversation.reading import Reading, read


@pytest.mark.parametrize("text", ["متى تأجلت المباحثات؟", "من منع دخول السفن", "كم سعر البرتقال اليوم؟", "شكرا جزيلا"])
def test_it_is_taken_apart_once_and_held_against_the_forms_once(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read("شكرا، متى بدأ المعرض؟")  # the tables are read with the first
    taken_apart, looked_at = words.Words.of(text), list[object]()
    for module, name in ((words, "fold"), (talk, "formed")):
        monkeypatch.setattr(module, name, _noting(getattr(module, name), looked_at))
    read(text)
    assert looked_at == [text, taken_apart]


def test_what_it_is_and_what_it_asks_are_known() -> None:
    assert read("شكرا، متى تأجلت؟") == _of("شكرا، متى تأجلت؟", question="متى تأجلت؟", questions=("متى تأجلت؟",))
    assert read(" شكرا ").intent == "thanks"
    assert read("شكرا").asks.questions == ()
    assert read("متى؟").intent is None
    quoted = "الماء في البحر أزرق لأن السماء فوقه كذلك"
    assert read(f"«{quoted}»").quoted == quoted


def test_vowels_do_not_hide_what_is_said_before_a_question() -> None:
    assert read("شُكْرًا، متى تأجلت؟").question == "متى تأجلت؟"
    assert read("السَّلامُ عليكم. أَيْنَ تقع البلدة؟").question == "أَيْنَ تقع البلدة؟"


def test_each_question_of_a_message_is_one_by_itself() -> None:
    both = read("متى تأجلت المباحثات؟ أين تقع درعا؟").each()
    assert [one.question for one in both] == ["متى تأجلت المباحثات؟", "أين تقع درعا؟"]
    talk = read("شكرا")
    assert talk.each() == (talk,)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("كم رسم الجواز وكم رسم الرخصة؟", ["كم رسم الجواز؟", "وكم رسم الرخصة؟"]),
        ("متى يفتح المسبح، وما الأوراق المطلوبة؟", ["متى يفتح المسبح؟", "وما الأوراق المطلوبة؟"]),
        *((one, [one]) for one in ("متى وأين عقد المؤتمر؟", "كيف يبعد بروس واين الاشتباه؟", "كم طول الجسر وعرضه؟")),
        ("متى افتتح السوق ومن افتتحه؟", ["متى افتتح السوق؟", "ومن افتتحه؟"]),
        ("يا أخي متى افتتح السوق وكم كلف؟", ["متى افتتح السوق؟", "وكم كلف؟"]),
        ("طيب ومتى تبدا المباحثات ومين حاضرها؟", ["ومتى تبدا المباحثات؟", "ومين حاضرها؟"]),
        ("متى تأجلت المباحثات ومن يشارك فيها؟", ["متى تأجلت المباحثات؟", "ومن يشارك فيها؟"]),
        ("ما رسوم الجواز ومن أين أدفعها؟", ["ما رسوم الجواز؟", "ومن أين أدفعها؟"]),
        ("متى زار الوفد القاهرة ومن ثم عاد إلى عمان؟", ["متى زار الوفد القاهرة ومن ثم عاد إلى عمان؟"]),
        ("أين السوق ومن هو مديره وما سعر التذكرة؟", ["أين السوق؟", "ومن هو مديره؟", "وما سعر التذكرة؟"]),
        ("أين يقع المتحف ومن مديره؟", ["أين يقع المتحف؟", "ومن مديره؟"]),
        ("كم طول الجسر وما ارتفاعه؟", ["كم طول الجسر؟", "وما ارتفاعه؟"]),
        ("متى تأسس وكم قطعة فيه؟", ["متى تأسس؟", "وكم قطعة فيه؟"]),
        ("متى بدأ وكم استمر؟", ["متى بدأ؟", "وكم استمر؟"]),
        ("الجسر اتكلف كام ومين دفع؟", ["الجسر اتكلف كام؟", "ومين دفع؟"]),
        *((one, [one]) for one in ("متى وصل الوفد من حلب ومن صاحبه؟", "ماذا حدث في حلب وما حولها؟")),
        *((one, [one]) for one in ("كم سافر من دمشق ومن حلب؟", "المؤتمر امتى وفين انعقد؟")),
        *((one, [one]) for one in ("متى ولد وأين مات المتنبي؟", "لا أعرف كيف أذهب وكيف أعود إلى المحطة")),
    ],
)
def test_two_questions_that_and_joins_are_two(text: str, questions: list[str]) -> None:
    assert [one.question for one in read(text).each()] == questions


def test_the_question_of_a_long_text_may_stand_before_its_thanks() -> None:
    told = "سمعت من ابن عمي أن في الجبل مصعدا جديدا يراه الناس من السهل. " * 9
    asked = read(f"{told}فكم ثمن التذكرة للأطفال؟ جزاكم الله خيرا ووفقكم وبارك فيكم وفي أهلكم.").asks
    assert asked.questions == ("فكم ثمن التذكرة للأطفال؟",)
    early = read(f"هل يصعد الناس؟ نعم. {told}")
    assert early.asks.is_cut


def _of(text: str, question: str, questions: tuple[str, ...]) -> Reading:
    return Reading(text, is_reference=False, quoted=None, intent=None, question=question, asks=Asked(questions))


def _noting(look: Callable[[object], object], looked_at: list[object]) -> Callable[[object], object]:
    def noting(what: object) -> object:
        looked_at.append(what)
        return look(what)

    return noting


def test_a_question_leans_on_what_a_long_text_tells_and_not_on_its_greeting() -> None:
    told = "افتتح العمدة الجسر القديم بعد ترميم طويل. " * 20
    asks = read(f"السلام عليكم ورحمة الله، مساء الخير. {told}\nومتى؟").asks
    assert asks.questions == ("ومتى؟",)
    assert asks.about
    assert asks.about.startswith("افتتح العمدة الجسر")
