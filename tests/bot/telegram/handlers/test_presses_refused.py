"""Presses that are too many, forged, too late, or of an answer that cannot be shown or changed any more."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import FakeTelegram, message, refusal
from handling import SETTINGS, in_group, person
from pressing import DOCUMENT, Chat, buttons, changed, given, said
from telegram_html import parse

from bot.conversation.limits import PRESSES
from bot.phrases import phrases
from bot.store import held
from bot.store.answers import Answers
from bot.store.database import Database
from bot.store.shared.opening import stored
from retrieval.model import Document

ARABIC, ENGLISH = phrases("ar"), phrases("en")


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


@pytest.mark.parametrize("wanted", ["المزيد", ARABIC.button_plain])
def test_asking_by_button_is_within_the_limit(chat: Chat, wanted: str) -> None:
    _, second = chat.ask("كم قافلة؟", "ومتى؟")
    chat.settings = replace(SETTINGS, questions_per_minute=1)
    asked = message(20, chat=chat.chat, text="متى؟")
    telegram = chat.handle(asked, {"update_id": 21, "callback_query": chat.query(buttons(second)[wanted])})
    (answer,) = given(telegram, "answerCallbackQuery")
    assert (len(telegram.sent()), answer["show_alert"]) == (1, True)
    assert answer["text"].startswith("أقصى ما أستطيع")
    assert len(answer["text"]) <= 200
    changed(chat.press(buttons(second)["السياق"]))


def test_presses_are_within_a_limit_of_their_own_and_beyond_it_are_dropped_with_one_word(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    chat.settings = replace(SETTINGS, questions_per_minute=1)
    told = given(chat.press(buttons(answer)["👍"], times=PRESSES + 5), "answerCallbackQuery")
    assert [one["show_alert"] for one in told] == [False] * PRESSES + [True]
    assert len(told[-1]["text"]) <= 200


def test_in_a_group_every_member_may_press_and_in_no_other_chat(tmp_path: Path) -> None:
    group = Chat(tmp_path, chat=-5)
    (answer,) = group.handle(in_group(1, "/ask متى؟", user=7, entities=[_command()])).sent()
    topic = {"message_thread_id": 21, "is_topic_message": True}
    page = changed(group.press(buttons(answer)["السياق"], user=8, **topic))
    assert page["chat_id"] == -5
    elsewhere = Chat(tmp_path, chat=-6)
    telegram = elsewhere.press(buttons(answer)["السياق"], user=7)
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])


def _command() -> dict[str, Any]:
    return {"type": "bot_command", "offset": 0, "length": 4}


FORGED = [
    *(
        "a:",
        "a:1:",
        "a:2:abcdefghijk_:c",
        "a:1:abcdefghijk_:c",
        "a:1:abcdefghijk_:t:0:0",
        "a:1:../../etc/:c",
        "a:x" * 21,
    ),
    *("", "x", "d", "زر", "a", "s:1:x", "\x00", "\ud83d"),
]


@pytest.mark.parametrize("data", FORGED)
def test_forged_data_are_kindly_refused(chat: Chat, data: str, caplog: pytest.LogCaptureFixture) -> None:
    chat.ask("متى؟")
    telegram = chat.press(data)
    assert said(telegram) in {ARABIC.answer_too_old, ARABIC.button_too_old}
    assert (telegram.sent(), given(telegram, "editMessageText")) == ([], [])
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("verb", ["p", "t:3", "t:99:0", "x", "q", "o:0"])
def test_a_press_for_what_an_answer_has_not_is_refused(chat: Chat, verb: str) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = chat.press(buttons(answer)["السياق"].removesuffix("c") + verb)
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])


def test_a_button_without_a_message_is_too_old_and_one_of_which_only_the_id_is_told_works(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    query = {"id": "9", "from": person(7), "chat_instance": "1", "data": buttons(answer)["السياق"]}
    inline = {"inline_message_id": "x"}
    telegram = chat.handle({"update_id": 2, "callback_query": query | inline})
    assert (said(telegram), telegram.sent()) == (ARABIC.answer_too_old, [])
    old = {"message": {"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}}
    changed(chat.handle({"update_id": 3, "callback_query": query | old}))


def test_an_answer_that_is_forgotten_is_too_old(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    with closing(Database(chat.data)) as database:
        held.forget(database, 7)
    assert said(chat.press(buttons(answer)["👍"], language="en")) == ENGLISH.answer_too_old
    assert stored(chat.data) == []


def test_a_press_that_nobody_waits_for_any_more_is_followed_all_the_same(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    old = refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    changed(chat.press(buttons(answer)["السياق"], telegram=FakeTelegram({"answerCallbackQuery": [old]})))


@pytest.mark.parametrize("reason", ["message is not modified", "message to edit not found", "message can't be edited"])
def test_a_page_that_cannot_be_changed_is_no_error(chat: Chat, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = FakeTelegram({"editMessageText": [refusal(400, f"Bad Request: {reason}")]})
    chat.press(buttons(answer)["السياق"].removesuffix("c") + "t:0", telegram=telegram)
    assert telegram.sent() == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_a_page_whose_markup_is_refused_goes_plain(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    telegram = FakeTelegram({"editMessageText": [refusal(400, "Bad Request: can't parse entities: no")]})
    chat.press(buttons(answer)["السياق"].removesuffix("c") + "t:0", telegram=telegram)
    marked, plain = given(telegram, "editMessageText")
    assert plain["text"] == parse(marked["text"]).text
    assert "parse_mode" not in plain


def test_what_goes_wrong_is_said_kindly_in_reply_to_the_card(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    def broken(_: str, __: str) -> Document:
        raise RuntimeError("secret")

    (answer,) = chat.ask("متى؟")
    chat.shelf.document = broken  # type: ignore[method-assign]
    telegram = chat.press(buttons(answer)["السياق"])
    assert telegram.texts() == [ARABIC.error]
    assert telegram.sent()[0]["reply_parameters"]["message_id"] == 5
    assert "failed" in caplog.text


def test_a_text_that_is_not_the_stored_one_never_leaves(chat: Chat) -> None:
    (answer,) = chat.ask("متى؟")
    lying = replace(DOCUMENT, text=DOCUMENT.text.replace("القافلة", "السفينة"), digest=DOCUMENT.digest)
    chat.shelf.document = lambda *_: lying  # type: ignore[method-assign]
    assert chat.press(buttons(answer)["السياق"]).texts() == [ARABIC.error]


def test_an_answer_that_cannot_be_kept_goes_without_buttons(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Answers, "keep", full)
    (sent,) = chat.ask("متى؟")
    assert "reply_markup" not in sent
    assert "database or disk is full" in caplog.text
