import json
from typing import Any

import pytest
from fake_telegram import message
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.telegram.transport.updates import readable

KINDS = ("message", "inline_query")
PLAIN: dict[str, Any] = {
    "message_id": 1,
    "date": 0,
    "chat": {"id": 1, "type": "private"},
    "from": {"id": 1, "is_bot": False, "first_name": "سر"},
    "text": "سر",
}


def polled(*updates: Any) -> bytes:
    return json.dumps({"ok": True, "result": list(updates)}).encode()


def test_what_can_be_read_comes_back_as_it_is() -> None:
    whole = polled(message(1, text="متى؟"), message(2, text="أين؟"))
    assert readable(whole, KINDS) is whole


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.booleans(), max_size=5), st.text())
def test_what_is_not_looked_into_can_be_read(more: dict[str, Any], text: str) -> None:
    parts = {"chat": PLAIN["chat"] | more, "from": PLAIN["from"] | more}
    update = {"update_id": 1, "message": PLAIN | parts | {"text": text}}
    assert readable(polled(update), KINDS) == polled(update)
    assert Update.de_json(update, None)


def test_what_is_not_handled_has_only_its_id() -> None:
    updates = [message(1, text="متى؟"), {"update_id": 2, "poll": {"سر": 1}}, {"update_id": 3, "of_a_kind_to_come": {}}]
    result = json.loads(readable(polled(*updates), KINDS))["result"]
    assert result == [updates[0], {"update_id": 2}, {"update_id": 3}]


@pytest.mark.parametrize(
    "broken",
    [
        {"message_id": 1, "text": "سر"},
        {"text": "سر", "chat": 7},
        [],
        {"inline_query": {"query": "سر"}},
        PLAIN | {"chat": {"id": 1}},
        PLAIN | {"from": {"id": 1, "is_bot": False}},
        PLAIN | {"date": "سر"},
    ],
)
def test_what_cannot_be_read_keeps_nothing_else_away_and_its_words_stay_out_of_the_log(
    broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    good = message(2, text="متى؟")
    result = json.loads(readable(polled({"update_id": 1, "message": broken}, good), KINDS))["result"]
    assert result == [{"update_id": 1}, good]
    (line,) = [record.getMessage() for record in caplog.records]
    assert "update 1: cannot be read" in line
    assert "سر" not in line


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b'{"ok": false}', b'{"result": 3}', b"[" * 9999])
def test_what_is_no_answer_to_a_poll_comes_back_as_it_is(body: bytes) -> None:
    assert readable(body, KINDS) == body
