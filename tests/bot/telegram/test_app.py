"""The application from an update to what is sent, over a Bot API in memory."""

import asyncio
import logging
import threading
from dataclasses import replace

import pytest
from fake_telegram import FakeTelegram, message, refusal
from handling import DOCUMENT, QUOTE, SETTINGS, Shelf, handle

from bot.conversation.asking import EXCERPT, LONGEST
from bot.phrases import phrases
from bot.settings import SettingsError
from bot.telegram.app import build_application
from bot.telegram.replying.typing import typing
from retrieval.model import Answer

ARABIC, ENGLISH = phrases("ar"), phrases("en")


def test_a_text_is_a_question_and_its_answer_a_card_that_replies_to_it() -> None:
    shelf = Shelf()
    (sent,) = handle(message(1, text="متى تنطلق؟"), shelf=shelf).sent()
    assert shelf.asked == ["متى تنطلق؟"]
    assert sent["text"].startswith("<blockquote expandable>كان<b> م</b>ن المقرر")
    assert sent["parse_mode"] == "HTML"
    assert sent["reply_parameters"]["message_id"] == 1
    assert sent["reply_parameters"]["allow_sending_without_reply"] is True
    assert sent["link_preview_options"] == {"is_disabled": True}


def test_the_library_is_asked_off_the_event_loop() -> None:
    shelf = Shelf()
    handle(message(1, text="متى؟"), shelf=shelf)
    assert all(name.startswith("ask") for name in shelf.threads)


@pytest.mark.parametrize(
    ("language", "command", "said"),
    [
        ("ar", "/start", ARABIC.start.format(bot="اقتباس")),
        ("ar", "/help", ARABIC.help),
        ("ar", "/about", ARABIC.about.format(bot="اقتباس")),
        ("ar", "/new", ARABIC.new),
        ("en", "/new", ENGLISH.new),
        ("en-US", "/about", ENGLISH.about.format(bot="Iqtibas")),
        ("ar", "/nonsense", ARABIC.help),
    ],
)
def test_commands_are_answered_in_the_users_language(language: str, command: str, said: str) -> None:
    telegram = handle(message(1, text=command, language=language))
    assert telegram.texts() == [said]
    assert "parse_mode" not in telegram.sent()[0]


def test_an_unknown_command_in_a_group_is_for_another_bot() -> None:
    assert handle(message(1, text="/nonsense", chat=-5, kind="supergroup")).sent() == []


def test_what_is_not_text_is_kindly_turned_away_in_private_only() -> None:
    assert handle(message(1, location={"longitude": 0, "latitude": 0})).texts() == [ARABIC.not_text]
    assert handle(message(1, chat=-5, kind="group", dice={"emoji": "🎲", "value": 1})).sent() == []


def test_news_of_the_chat_itself_is_not_turned_away() -> None:
    assert handle(message(1, delete_chat_photo=True)).sent() == []


def test_an_edited_message_is_not_answered_again() -> None:
    update = message(1, text="متى؟")
    update["edited_message"] = update.pop("message") | {"edit_date": 1}
    assert handle(update).sent() == []


def test_a_long_text_is_looked_up_by_its_beginning_and_the_card_says_so() -> None:
    shelf = Shelf()
    telegram = handle(message(1, text="كلمة " * LONGEST), shelf=shelf)
    assert all(len(searched) <= EXCERPT for searched in shelf.asked)
    assert telegram.texts()[0].startswith("بحثتُ عن: كلمة")
    assert len(handle(message(1, text="س" * LONGEST), shelf=shelf).sent()) == 1
    assert shelf.asked[1:] == ["س" * LONGEST]


def test_markup_that_telegram_refuses_goes_plain_with_the_same_words() -> None:
    telegram = FakeTelegram({"sendMessage": [refusal(400, "Bad Request: can't parse entities: unsupported tag")]})
    handle(message(1, text="متى؟"), telegram=telegram)
    plain = telegram.sent()[1]
    assert plain["text"] == f"{DOCUMENT.text}\nعنوان الخبر\n\u200f\u2068example.org\u2069"
    assert "parse_mode" not in plain


def _raise(_: str) -> Answer:
    raise RuntimeError("السؤال كله هنا")


def test_an_error_is_logged_before_the_user_hears_of_it_without_its_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram = handle(message(31, text="متى؟"), shelf=Shelf(_raise))
    assert telegram.texts() == [ARABIC.error]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage() == "private chat: failed"
    assert record.exc_info


class Panic(BaseException):
    """As libraries raise it that are not written in Python."""


@pytest.mark.parametrize("kind", [Panic, SystemExit, asyncio.CancelledError])
def test_whatever_breaks_in_a_question_is_logged_and_told_and_the_next_is_answered(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    def answering(question: str) -> Answer:
        if question == "الأول":
            raise kind("السؤال كله هنا")
        return Answer(question, question, (QUOTE,))

    telegram = handle(message(1, text="الأول"), message(2, text="الثاني"), shelf=Shelf(answering), one_by_one=True)
    assert telegram.texts()[0] == ARABIC.error
    assert len(telegram.texts()) == 2
    assert telegram.sent()[1]["reply_parameters"]["message_id"] == 2
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage() == "private chat: failed"


def test_a_card_that_breaks_the_promise_is_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    stale = replace(QUOTE, document=replace(DOCUMENT, digest="0" * 64))
    telegram = handle(message(1, text="متى؟"), shelf=Shelf(lambda question: Answer(question, question, (stale,))))
    assert telegram.texts() == [ARABIC.error]
    assert "PromiseError" in caplog.text


def test_who_blocked_the_bot_is_left_in_peace() -> None:
    telegram = FakeTelegram({"sendMessage": [refusal(403, "Forbidden: bot was blocked by the user")]})
    assert len(handle(message(1, text="متى؟"), telegram=telegram).sent()) == 1


def test_another_refusal_of_telegrams_is_told_to_the_user() -> None:
    telegram = FakeTelegram({"sendMessage": [refusal(400, "Bad Request: message is too long")]})
    assert handle(message(1, text="متى؟"), telegram=telegram).texts()[1:] == [ARABIC.error]


def test_no_words_of_a_message_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    handle(message(1, text="سرسري"), telegram=FakeTelegram({"sendMessage": [refusal(400, "Bad Request: x")]}))
    assert "سرسري" not in caplog.text


def test_each_chat_is_answered_in_its_order_while_chats_do_not_wait_for_each_other() -> None:
    slow = threading.Event()

    def answering(question: str) -> Answer:
        if question == "بطيء":
            slow.wait(5)
        elif question == "سريع":
            slow.set()
        return Answer(question, question, found_words=(question,))

    telegram = handle(
        message(1, chat=1, text="بطيء"),
        message(2, chat=1, text="ثان"),
        message(3, chat=1, text="ثالث"),
        message(4, chat=2, text="سريع"),
        shelf=Shelf(answering),
    )
    first = [given["reply_parameters"]["message_id"] for given in telegram.sent() if given["chat_id"] == 1]
    assert first == [1, 2, 3]
    assert slow.is_set()


# A question that leans on the one before


def _searched(question: str) -> Answer:
    return Answer(question, f"{question} (سفينة)", (QUOTE,))


def test_a_question_is_asked_with_what_its_chat_searched_for_before_and_the_card_says_what_was_searched() -> None:
    shelf = Shelf(_searched)
    telegram = handle(message(1, chat=1, text="كم؟"), message(2, chat=1, text="ومتى؟"), shelf=shelf)
    assert shelf.previous == [None, "كم؟ (سفينة)"]
    assert telegram.texts()[1].startswith("بحثتُ عن: ومتى؟ (سفينة)")


def test_chats_do_not_hear_of_each_others_questions() -> None:
    shelf = Shelf()
    handle(*(message(chat, chat=chat, text="متى؟") for chat in (1, 2, 3)), shelf=shelf)
    assert shelf.previous == [None, None, None]


def test_new_forgets_what_the_chat_asked_and_no_other_chat() -> None:
    shelf = Shelf()
    handle(
        message(1, chat=1, text="كم؟"),
        message(2, chat=1, text="/new"),
        message(3, chat=1, text="ومتى؟"),
        message(4, chat=1, text="وأين؟"),
        shelf=shelf,
    )
    assert dict(zip(shelf.asked, shelf.previous, strict=True)) == {"كم؟": None, "ومتى؟": None, "وأين؟": "ومتى؟"}


def test_a_question_that_failed_is_not_what_the_next_leans_on() -> None:
    shelf = Shelf(lambda question: _raise(question) if question == "عطل" else Answer(question, question))
    handle(message(1, text="كم؟"), message(2, text="عطل"), message(3, text="ومتى؟"), shelf=shelf)
    assert shelf.previous == [None, "كم؟", "كم؟"]


def test_an_application_needs_a_token() -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN"):
        build_application(replace(SETTINGS, token=None), Shelf())


# The order of updates


# "typing"


def _typed(times: int, after: float) -> int:
    """How often it is shown while something takes until it was shown so often."""
    shown = 0
    enough = asyncio.Event()

    async def show() -> None:
        nonlocal shown
        shown += 1
        if shown >= times:
            enough.set()

    async def scenario() -> None:
        async with typing(show, after=after, again=0.01):
            if times:
                await asyncio.wait_for(enough.wait(), 60)

    asyncio.run(scenario())
    return shown


def test_typing_is_shown_only_when_it_takes_long_and_then_again() -> None:
    assert _typed(0, after=60) == 0
    assert _typed(2, after=0.01) >= 2
