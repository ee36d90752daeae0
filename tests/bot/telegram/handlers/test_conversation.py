"""What is no question, and which answer a message means: over a Bot API in memory."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import BOT, FakeTelegram, message
from handling import MENTION, QUOTE, Shelf, edited, handle, in_group, person, said_by
from telegram_html import parse

from bot.phrases import phrases
from bot.store.database import Database
from bot.store.people import UNKNOWN, of
from retrieval.model import Answer

ARABIC = phrases("ar")
ELSEWHERE = {"origin": {"type": "hidden_user", "date": 0, "sender_user_name": "س"}}


def conversed(*updates: dict[str, Any], shelf: Shelf | None = None, data: Path | None = None) -> FakeTelegram:
    return handle(*updates, shelf=shelf or Shelf(), data=data, one_by_one=True)


def refusing() -> Shelf:
    return Shelf(lambda question: Answer(question, question))


def card_of(telegram: FakeTelegram, place: int, *, buttons: bool = True) -> dict[str, Any]:
    """The message of the bot's that it sent in a place, as a reply to it holds it."""
    calls = [(at, call) for at, call in enumerate(telegram.calls, 1) if call.method == "sendMessage"]
    at, call = calls[place]
    markup = {"reply_markup": call.given["reply_markup"]} if buttons and "reply_markup" in call.given else {}
    return said_by(BOT, "…", chat=call.given["chat_id"], message_id=1000 + at, **markup)


def calls(telegram: FakeTelegram, method: str) -> list[dict[str, Any]]:
    return [call.given for call in telegram.calls if call.method == method]


# Talk


@pytest.mark.parametrize(
    ("text", "intent"), [("السلام عليكم", "salam"), ("شكرا!", "thanks"), ("من أنت؟", "who"), ("👍", "praise")]
)
def test_talk_gets_one_sentence_in_private_and_silence_in_a_group(text: str, intent: str) -> None:
    shelf = Shelf()
    assert conversed(message(1, text=text), shelf=shelf).texts() == [ARABIC.talk[intent].format(bot="اقتباس")]
    assert conversed(in_group(1, f"{MENTION} {text}"), shelf=shelf).sent() == []
    assert shelf.asked == []


@pytest.mark.parametrize("text", ["لخص لي المقال", "ترجم", "ما رأيك في الحرب؟", "اشرح لي"])
def test_who_asks_for_what_the_bot_does_not_do_hears_what_it_does_and_the_offer_works(text: str) -> None:
    before, after = (
        conversed(message(1, text=text)).texts()[0],
        conversed(message(1, text="متى رحلت القافلة؟"), message(2, text=text), message(3, text="السياق")),
    )
    assert before.endswith(ARABIC.talk["offer_question"])
    assert after.texts()[1].endswith(ARABIC.talk["offer_context"])
    assert QUOTE.text in after.texts()[2]
    assert len(conversed(in_group(1, f"{MENTION} {text}")).sent()) == 1


def test_talk_leaves_the_subject() -> None:
    shelf = Shelf()
    conversed(message(1, text="متى رحلت القافلة؟"), message(2, text="شكرا"), message(3, text="وأين؟"), shelf=shelf)
    assert shelf.previous == [None, "متى رحلت القافلة؟"]


def test_a_question_word_alone_is_asked_what_it_is_about() -> None:
    assert conversed(message(1, text="متى؟"), shelf=refusing()).texts() == [ARABIC.talk["alone"]]


# Words about an answer


@pytest.mark.parametrize(
    "text", ["المصدر", "أعطني الرابط", "من كتب هذا؟", "متى نشر؟", "هل أنت متأكد؟", "السياق", "المزيد"]
)
def test_words_about_an_answer_do_what_its_buttons_do(text: str) -> None:
    shelf = Shelf()
    sent = conversed(message(1, text="متى رحلت القافلة؟"), message(2, text=text), shelf=shelf).sent()
    assert sent[1]["reply_parameters"]["message_id"] == 2
    assert "عنوان الخبر" in sent[1]["text"] or sent[1]["text"] == ARABIC.no_more
    assert set(shelf.asked) == {"متى رحلت القافلة؟"}


def test_where_nothing_was_answered_such_words_are_told_so() -> None:
    assert conversed(message(1, text="المصدر")).texts() == [ARABIC.talk["nothing_yet"]]


def test_what_a_source_lacks_is_said() -> None:
    told = conversed(message(1, text="متى رحلت القافلة؟"), message(2, text="من كتب هذا؟")).texts()[1]
    assert told.endswith(ARABIC.talk["no_author"])


# Which answer is meant


@pytest.mark.parametrize("is_remembered", [True, False])
def test_a_reply_to_a_card_leans_on_what_that_answers_and_not_on_what_was_asked_last(
    is_remembered: bool, tmp_path: Path
) -> None:
    shelf = Shelf()
    first = conversed(
        message(1, text="متى رحلت القافلة؟"), message(2, text="متى وقع الزلزال؟"), shelf=shelf, data=tmp_path
    )
    card = card_of(first, 0, buttons=not is_remembered)
    card["chat"] = {"id": 7, "type": "private"}
    if not is_remembered:
        card["message_id"] = 5  # of a card that is known by its buttons alone
    updates = [message(3, text="وأين؟", reply_to_message=card)]
    if is_remembered:
        updates = [message(1, text="متى رحلت القافلة؟"), message(2, text="متى وقع الزلزال؟"), *updates]
    shelf.previous.clear()
    conversed(*updates, shelf=shelf, data=tmp_path)
    assert shelf.previous[-1] == "متى رحلت القافلة؟"


def test_in_a_group_each_person_has_their_own_subject() -> None:
    shelf = Shelf()
    conversed(
        in_group(1, f"{MENTION} متى رحلت القافلة؟", user=7),
        in_group(2, f"{MENTION} متى وقع الزلزال؟", user=8),
        in_group(3, f"{MENTION} وأين؟", user=7),
        in_group(4, f"{MENTION} وأين؟", user=9),
        shelf=shelf,
    )
    assert shelf.previous == [None, None, "متى رحلت القافلة؟", None]


def test_a_question_in_reply_to_a_post_leans_on_that() -> None:
    shelf = Shelf()
    post = said_by(person(9), "أعلن المتحف افتتاح القاعة الكبرى. وحضر كثيرون.")
    picture = said_by(person(9), None, caption="القلعة القديمة")
    conversed(
        in_group(1, f"{MENTION} متى رحلت القافلة؟"),
        in_group(2, f"{MENTION} متى؟", reply_to_message=post),
        in_group(3, f"{MENTION} متى؟", reply_to_message=post, quote={"text": "القاعة الكبرى", "position": 20}),
        in_group(4, f"{MENTION} متى؟", reply_to_message=picture),
        in_group(5, f"{MENTION} متى؟", reply_to_message=said_by(person(9), None)),
        in_group(6, f"{MENTION} متى؟", external_reply=ELSEWHERE, quote={"text": "جسر النهر", "position": 0}),
        in_group(7, f"{MENTION} متى؟", external_reply=ELSEWHERE),
        shelf=shelf,
    )
    whole = "أعلن المتحف افتتاح القاعة الكبرى. وحضر كثيرون."
    assert shelf.previous == [None, whole, "القاعة الكبرى", "القلعة القديمة", None, "جسر النهر", None]


def test_with_an_answer_it_is_kept_whose_words_stand_in_what_it_leans_on(tmp_path: Path) -> None:
    post = said_by(person(9), "أعلن المتحف افتتاح القاعة الكبرى.")
    known = {"origin": {"type": "user", "date": 0, "sender_user": person(6)}}
    quote = {"text": "جسر النهر", "position": 0}
    conversed(
        in_group(1, f"{MENTION} متى؟", user=7, reply_to_message=post),
        in_group(2, f"{MENTION} وأين؟", user=7),
        in_group(3, f"{MENTION} متى؟", user=8, external_reply=known, quote=quote),
        in_group(4, f"{MENTION} متى؟", user=5, external_reply=ELSEWHERE, quote=quote),
        shelf=Shelf(lambda question: Answer(question, question, (QUOTE,), leans=True)),
        data=tmp_path,
    )
    with closing(Database(tmp_path)) as database:
        rows = database.rows("SELECT people FROM answers ORDER BY number")
    assert [of(people) for (people,) in rows] == [{7, 9}, {7, 9}, {6, 8}, {5, UNKNOWN}]


@pytest.mark.parametrize("whose", ["card", "post", "elsewhere", "hidden", "forgotten card"])
def test_of_what_another_wrote_it_is_known_that_it_is_theirs(whose: str, tmp_path: Path) -> None:
    first = in_group(1, f"{MENTION} متى رحلت القافلة؟", user=8)
    origin = {"origin": {"type": "user", "date": 0, "sender_user": person(8)}}
    chosen = {"quote": {"text": "جسر النهر", "position": 0}}
    replies: dict[str, dict[str, Any]] = {
        "card": {"reply_to_message": card_of(conversed(first), 0, buttons=False)},
        "post": {"reply_to_message": said_by(person(8), "جسر النهر")},
        "elsewhere": {"external_reply": origin, **chosen},
        "hidden": {"external_reply": ELSEWHERE, **chosen},
        "forgotten card": {"reply_to_message": said_by(BOT, message_id=2), **chosen},
    }
    leaning = Shelf(lambda question: Answer(question, question, (QUOTE,), leans=True))
    conversed(first, in_group(2, f"{MENTION} وأين؟", **replies[whose]), shelf=leaning, data=tmp_path)
    with closing(Database(tmp_path)) as database:
        (kept,) = database.rows("SELECT people FROM answers WHERE asker = 7")
    assert of(kept[0]) - {7} == ({UNKNOWN} if whose in ("hidden", "forgotten card") else {8})


# Questions where they are


@pytest.mark.parametrize("kind", ["photo", "video", "animation", "audio", "voice"])
def test_a_caption_is_asked(kind: str) -> None:
    file = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}
    shelf = Shelf()
    media = {kind: [file] if kind == "photo" else file}
    conversed(message(1, caption="متى رحلت القافلة؟", **media), shelf=shelf)
    assert shelf.asked == ["متى رحلت القافلة؟"]
    assert conversed(message(1, **media)).texts() == [ARABIC.not_text]
    assert conversed(message(1, media_group_id="1", **media)).texts() == []


def test_each_question_of_a_message_is_answered_and_what_is_left_is_said() -> None:
    shelf = Shelf()
    text = "السلام عليكم. متى رحلت القافلة؟ ومن قادها؟\nكم جملا فيها؟ أين وصلت؟"
    texts = conversed(message(1, text=text), shelf=shelf).texts()
    assert shelf.asked == ["متى رحلت القافلة؟", "ومن قادها؟", "كم جملا فيها؟"]
    assert shelf.previous == [None, *shelf.asked[:2]]
    assert (len(texts), texts[-1]) == (4, ARABIC.three_at_most)


def test_an_edited_question_changes_its_answer_and_leans_on_what_it_leant_on(tmp_path: Path) -> None:
    shelf = Shelf()
    first, second = message(1, text="متى رحلت القافلة؟"), message(2, text="وأين؟")
    telegram = conversed(
        *(first, second, message(3, text="متى وقع الزلزال؟")),
        edited(second, 4, text="وإلى أين؟"),
        edited(second, 5, text="وإلى أين؟"),
        edited(message(9, text="؟"), 6, text="متى؟"),
        shelf=shelf,
    )
    assert shelf.asked == ["متى رحلت القافلة؟", "وأين؟", "متى وقع الزلزال؟", "وإلى أين؟"]
    assert shelf.previous[3] == "متى رحلت القافلة؟"
    (change,) = calls(telegram, "editMessageText")
    sent = [1000 + at for at, call in enumerate(telegram.calls, 1) if call.method == "sendMessage"]
    assert change["message_id"] == sent[1]
    assert len(sent) == 3


def test_an_edit_to_fewer_questions_takes_the_other_answers_back_and_to_more_adds_some() -> None:
    asked = message(1, text="متى رحلت القافلة؟ ومن قادها؟")
    telegram = conversed(asked, edited(asked, 2, text="متى وصلت القافلة؟"), edited(asked, 3, text="متى؟ وأين؟ وكم؟"))
    sent = [1000 + at for at, call in enumerate(telegram.calls, 1) if call.method == "sendMessage"]
    assert [call["message_id"] for call in calls(telegram, "deleteMessage")] == [sent[1]]
    assert [call["message_id"] for call in calls(telegram, "editMessageText")] == [sent[0], sent[0]]
    assert len(sent) == 4


def test_a_question_under_a_long_text_leans_on_its_beginning() -> None:
    shelf = Shelf()
    conversed(message(1, text="أعلن المتحف افتتاح القاعة. " * 40 + "\nمتى افتتحت؟"), shelf=shelf)
    assert shelf.asked == ["متى افتتحت؟"]
    assert shelf.previous[0] is not None
    assert shelf.previous[0].startswith("أعلن المتحف افتتاح القاعة.")


@pytest.mark.parametrize(
    ("text", "language"), [("When did the caravan leave?", "en"), ("Quand est partie la caravane ?", "fr")]
)
def test_who_does_not_write_arabic_is_asked_to_in_their_language(text: str, language: str) -> None:
    (told,) = conversed(message(1, text=text), shelf=refusing()).texts()
    assert told == ARABIC.foreign[language]
    (found,) = conversed(message(1, text=text)).texts()
    assert parse(found).text.splitlines()[0] == ARABIC.foreign[language]
    assert [quote.text for quote in parse(found).blockquotes] == [QUOTE.text]
