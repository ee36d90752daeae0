"""Answers to polls that are none, or hold what cannot be read: a line each, without words, and polling goes on."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from bot_process import BotProcess, serving
from emulator import TelegramServer

pytestmark = pytest.mark.xdist_group("telegram polls")

SECRET = "كلام لا يقرؤه أحد"  # noqa: S105
PERSON = {"id": 5, "is_bot": False, "first_name": SECRET}
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": PERSON, "text": SECRET}
people = count(9001)


def one(kind: str, content: Any, number: Any = 1) -> str:
    return json.dumps({"ok": True, "result": [{"update_id": number, kind: content}]}, ensure_ascii=False)


def update(number: Any = 1, **more: Any) -> str:
    return one("message", MESSAGE | more, number)


BODIES = {
    "nothing": "",
    "a page": f"<html>{SECRET}</html>",
    "cut short": update()[:-9],
    "a list": json.dumps([SECRET]),
    "no result": json.dumps({"ok": True, "x": SECRET}),
    "a refusal with status 200": json.dumps({"ok": False, "description": SECRET}),
    "a result that is no list": json.dumps({"ok": True, "result": {"x": SECRET}}),
    "updates that are none": json.dumps({"ok": True, "result": [SECRET]}),
    "an id that is a text": update("1"),
    "an id beyond 64 bits": update(2**70),
    "5,000 deep": "[" * 5000 + json.dumps(SECRET) + "]" * 5000,
}
UPDATES = {
    "a date out of range": update(date=10**15),
    "a chat beyond 64 bits": update(chat={"id": 2**70, "type": "private"}),
    "a chat that is none": update(chat=SECRET),
    "an entity that is none": update(entities=[{"type": SECRET}]),
    "a chat whose id is a list": update(chat={"id": [SECRET], "type": "private"}),
    "a sender whose id is an object": update(**{"from": PERSON | {"id": {}}}),
    "two senders with ids of two kinds": update(sender_chat={"id": SECRET, "type": "channel"}),
    "a language that is a list": update(**{"from": PERSON | {"language_code": [SECRET]}}),
    "a query of nobody's": one("inline_query", {"id": "1", "from": PERSON | {"id": []}, "query": SECRET, "offset": ""}),
    "a reaction in no chat": one("message_reaction", {"message_id": 1}),
    "a reaction in a chat whose id is a list": one(
        "message_reaction",
        {"chat": {"id": [], "type": "group"}, "message_id": 1, "date": 1, "old_reaction": [], "new_reaction": []},
    ),
    "an update 5,000 deep": update(x=0).replace('"x": 0', '"x": ' + "[" * 5000 + "]" * 5000),
}
ERRORS = {
    "a list": (500, "[]"),
    "5,000 deep": (502, "[" * 5000),
    "a time that is none": (429, '{"ok": false, "parameters": {"retry_after": "x"}}'),
    "a time of a thousand years": (429, '{"ok": false, "parameters": {"retry_after": 31536000000}}'),
    "parameters that are none": (500, '{"ok": false, "parameters": [1], "description": {"x": 1}}'),
}


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot"), IQTIBAS_READER="off") as running:
        server.said.append(SECRET)
        yield running


def break_and_ask(
    server: TelegramServer, bot: BotProcess, status: int | None, body: str, told: str | None = None
) -> list[str]:
    """The lines of trouble in the log, once somebody was answered after the next poll was answered with ``body``, and
    ``told`` stands in the log."""
    bot.forget_log()
    fault = server.fail("getUpdates", status=status, body=body)
    polls = server.arrivals("getUpdates")
    for more in (1, 2):  # the poll that brings the first was asked before, the next is the broken one
        user = next(people)
        server.say(user, "/about")
        server.wait_for("sendMessage", chat_id=user)
        server.wait_for_arrival("getUpdates", polls + more)
    assert fault.times == 0
    assert bot.running
    if told:
        bot.wait_for_log(told)
    return [line for line in bot.log.splitlines() if "ERROR" in line or "WARNING" in line]


@pytest.mark.parametrize("kind", BODIES)
def test_an_answer_that_is_none_is_one_line_and_one_when_it_is_over(
    server: TelegramServer, bot: BotProcess, kind: str
) -> None:
    said, over = break_and_ask(server, bot, None, BODIES[kind], "updates from Telegram again")
    assert "no updates from Telegram (the answer cannot be read: " in said
    assert "updates from Telegram again" in over
    assert "Traceback" not in bot.log


@pytest.mark.parametrize("kind", UPDATES)
def test_an_update_that_cannot_be_read_is_one_line(server: TelegramServer, bot: BotProcess, kind: str) -> None:
    words = "update 1: cannot be read and is left out"
    (said,) = break_and_ask(server, bot, None, UPDATES[kind], words)
    assert words in said


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_whose_body_is_broken_is_tried_again(server: TelegramServer, bot: BotProcess, kind: str) -> None:
    status, body = ERRORS[kind]
    lines = break_and_ask(server, bot, status, body)
    assert len(lines) <= 2
    assert "Traceback" not in bot.log
