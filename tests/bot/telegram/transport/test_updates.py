import json
from typing import Any

import pytest
from fake_telegram import message
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.telegram.transport.updates import LARGEST, LAST_SECOND, UnreadableError, readable

KINDS = ("message", "inline_query", "message_reaction")
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


@given(st.dictionaries(st.text(), st.text() | st.integers(-LARGEST, LARGEST) | st.booleans(), max_size=5), st.text())
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
        *(PLAIN | {part: PLAIN[part] | {"id": id_}} for part in ("chat", "from") for id_ in ([], "1", 1.5, True, None)),
        *(PLAIN | {name: value} for name in ("text", "caption") for value in ([], 1, {"سر": 1})),
        *(
            PLAIN | {"document": {"file_id": "سر", "file_unique_id": "1", **more}}
            for more in ({"file_size": "1"}, {"file_name": []})
        ),
        PLAIN | {"from": {"id": 1, "is_bot": False}},
        PLAIN | {"date": "سر"},
        PLAIN | {"reply_to_message": {"message_id": 1, "date": 0}},
        PLAIN | {"photo": [{"file_id": "سر", "file_unique_id": "1"}]},
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


@pytest.mark.parametrize("missing", ["chat", "message_id", "date"])
def test_a_reaction_without_what_each_has_cannot_be_read(missing: str) -> None:
    reaction = {
        "chat": PLAIN["chat"],
        "user": PLAIN["from"],
        "message_id": 3,
        "date": 1,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    update = {"update_id": 1, "message_reaction": reaction}
    assert readable(polled(update), KINDS) == polled(update)
    del reaction[missing]
    assert json.loads(readable(polled(update), KINDS))["result"] == [{"update_id": 1}]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"[]", b"null", b'{"ok": false}', b'{"result": 3}', b"[" * 9999, b'{"ok": true, "result": ['),
        *(b'{"ok": true, "result": null}', b'{"ok": true, "result": {}}', b'{"ok": true, "result": ["a"]}'),
        *(polled({"update_id": number}) for number in ("5", True, 1.5, None, -1, 2**63, 2**80, [1])),
        b'{"ok": true, "result": [{"update_id": ' + b"9" * 5000 + b"}]}",
    ],
)
def test_what_is_no_answer_to_a_poll_is_told_apart_without_its_words(body: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        readable(body, KINDS)
    assert len(str(caught.value)) < 60


@pytest.mark.parametrize("date", [10**12, 2**70, LAST_SECOND + 1])
def test_a_date_that_there_is_not_leaves_the_update_out(date: int) -> None:
    good = message(2, text="متى؟")
    answer = readable(polled({"update_id": 1, "message": PLAIN | {"date": date}}, good), KINDS)
    assert json.loads(answer)["result"] == [{"update_id": 1}, good]


@pytest.mark.parametrize("part", ["chat", "from"])
def test_an_id_of_more_than_64_bits_leaves_the_update_out(part: str) -> None:
    good = message(2, text="متى؟")
    for number in (2**63, -(2**70), 10**4999):
        broken = {"update_id": 1, "message": PLAIN | {part: PLAIN[part] | {"id": 0}}}
        body = polled(broken, good).replace(b'"id": 0', b'"id": ' + (b"9" * 5000 if number > 2**99 else b"%d" % number))
        assert json.loads(readable(body, KINDS))["result"] == [{"update_id": 1}, good]


def test_of_updates_those_without_an_id_are_left_out_and_said_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    good = message(2, text="متى؟")
    answer = readable(polled({"update_id": "1", "message": PLAIN}, good, {"message": PLAIN}, "سر"), KINDS)
    assert json.loads(answer)["result"] == [good]
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "updates without an id are left out: 3"


@pytest.mark.parametrize("deep", [60, 200, 5_000, 100_000])
def test_what_stands_too_deep_keeps_nothing_else_away(deep: int) -> None:
    good = message(2, text="متى؟ [[{")
    nested = b"[" * deep + b'"]x\\""' + b"]" * deep
    body = polled({"update_id": 1, "message": PLAIN | {"deep": 0}}, good).replace(b'"deep": 0', b'"deep": ' + nested)
    first, second = json.loads(readable(body, KINDS))["result"]
    assert first["update_id"] == 1
    assert second == good
    assert Update.de_list(json.loads(readable(body, KINDS))["result"])


def test_letters_that_are_none_and_a_mark_of_the_order_of_bytes_are_no_obstacle() -> None:
    whole = polled(message(1, text="x"))
    assert json.loads(readable(b"\xef\xbb\xbf" + whole, KINDS))["result"] == [message(1, text="x")]
    broken = json.loads(readable(whole.replace(b'"x"', b'"\xff"'), KINDS))["result"]
    assert broken == [message(1, text="\ufffd")]
