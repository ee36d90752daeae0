"""Questions in comments on a channel's posts, in the group where those are discussed: answered where that is wanted."""

from dataclasses import replace
from typing import Any

import pytest
from fake_telegram import BOT
from handling import MENTION, SETTINGS, Shelf, edited, handle, in_group, said_by

from retrieval.model import Answer

ON = replace(SETTINGS, discussions=True)
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
CHANNEL = {"id": -100200, "type": "channel", "title": "الصحيفة"}
POST = said_by(TELEGRAM, "افتتح العمدة الجسر القديم.", sender_chat=CHANNEL, is_automatic_forward=True)


def _comment(number: int, text: str, replied: dict[str, Any] = POST, **more: Any) -> dict[str, Any]:
    return in_group(number, text, reply_to_message=replied, message_thread_id=99, **more)


@pytest.mark.parametrize("text", ["متى افتتح الجسر؟", "متى افتتح الجسر", "مقال جميل. ومتى كان ذلك؟"])
def test_a_question_under_a_post_is_answered_in_its_thread_and_may_lean_on_the_post(text: str) -> None:
    shelf = Shelf()
    (sent,) = handle(_comment(1, text), settings=ON, shelf=shelf).sent()
    assert sent["reply_parameters"]["message_id"] == 1
    assert shelf.previous == ["افتتح العمدة الجسر القديم."]


def test_it_is_off_until_it_is_switched_on() -> None:
    assert handle(_comment(1, "متى افتتح الجسر؟")).sent() == []
    assert len(handle(_comment(1, f"{MENTION} متى افتتح الجسر؟")).sent()) == 1


@pytest.mark.parametrize(
    "update",
    [
        _comment(1, "مقال جميل"),
        _comment(1, "شكرا جزيلا"),
        _comment(1, "متى افتتح؟", said_by({"id": 8, "is_bot": False, "first_name": "B"}, "تعليق")),
        in_group(1, "متى افتتح الجسر؟"),
        in_group(1, "متى افتتح الجسر؟", sender_chat=CHANNEL, is_automatic_forward=True),
        _comment(1, "س" * 600 + "؟"),
    ],
    ids=["no question", "thanks", "to another comment", "under no post", "the post itself", "too long"],
)
def test_nothing_else_among_people_is_answered(update: dict[str, Any]) -> None:
    shelf = Shelf()
    assert handle(update, settings=ON, shelf=shelf).sent() == []
    assert shelf.asked == []


def test_what_is_not_found_is_said_only_to_who_calls_the_bot() -> None:
    empty = Shelf(lambda question: Answer(question, question))
    assert handle(_comment(1, "متى افتتح الجسر؟"), settings=ON, shelf=empty).sent() == []
    assert len(handle(_comment(1, f"{MENTION} متى افتتح الجسر؟"), settings=ON, shelf=empty).sent()) == 1


def test_who_goes_on_by_a_reply_to_the_bot_leans_on_its_card_and_an_edit_is_answered_anew() -> None:
    asked = _comment(1, "متى افتتح الجسر؟")
    shelf = Shelf()
    card = said_by(BOT, "بطاقة", chat=-5) | {"message_id": 1001}
    handle(asked, _comment(2, "ومن افتتحه؟", card), settings=ON, shelf=shelf, one_by_one=True)
    assert shelf.previous == ["افتتح العمدة الجسر القديم.", "متى افتتح الجسر؟"]
    changed = edited(asked, 3, text="من افتتح الجسر؟")
    telegram = handle(asked, changed, settings=ON, shelf=shelf, one_by_one=True)
    assert [len(telegram.sent()), telegram.methods().count("editMessageText")] == [1, 1]
