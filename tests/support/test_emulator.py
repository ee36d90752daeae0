"""The server of the end-to-end tests: what it records, how it fails, and what it refuses as Telegram would."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import httpx
import pytest
from emulator import PATIENCE, PHOTO, TOKEN, TelegramServer

pytestmark = pytest.mark.xdist_group("emulator")
CHAT = 5


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


def call(server: TelegramServer, method: str, token: str = TOKEN, **fields: object) -> httpx.Response:
    return httpx.post(f"{server.url}/bot{token}/{method}", json=fields, timeout=PATIENCE, trust_env=False)


def send(server: TelegramServer, text: str = "نص", **fields: object) -> httpx.Response:
    return call(server, "sendMessage", chat_id=CHAT, text=text, **fields)


def test_records_what_was_sent_and_what_was_answered(server):
    response = send(server, "<b>نص</b>", parse_mode="HTML", reply_parameters={"message_id": 3})
    (sent,) = server.wait_for("sendMessage", chat_id=CHAT)
    assert (sent.chat_id, sent.reply_to, sent.text, sent.message.text) == (CHAT, 3, "<b>نص</b>", "نص")
    assert sent.response == response.json()
    assert sent.taken


def test_hands_on_what_people_write(server):
    asked = server.say(CHAT, "/start", language="en")
    shown = server.show(CHAT, PHOTO)
    server.say(CHAT, "/stop", message_id=asked, edited=True)
    written, photo, edited = call(server, "getUpdates", timeout=1).json()["result"]
    assert written["message"]["message_id"] == asked
    assert written["message"]["from"]["language_code"] == "en"
    assert written["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert photo["message"]["message_id"] == shown
    assert "text" not in photo["message"]
    assert edited["edited_message"]["message_id"] == asked


def test_a_group_is_not_a_person(server):
    server.say(-100, "سؤال", chat_type="supergroup", user_id=8)
    (update,) = call(server, "getUpdates").json()["result"]
    assert (update["message"]["chat"]["type"], update["message"]["from"]["id"]) == ("supergroup", 8)


def test_fails_as_often_as_asked_and_only_in_the_chat_named(server):
    server.fail("sendMessage", times=2, status=429, retry_after=1, chat_id=CHAT)
    assert call(server, "sendMessage", chat_id=CHAT + 1, text="نص").json()["ok"]
    refusals = [send(server).json() for _ in range(2)]
    assert [(r["error_code"], r["parameters"]) for r in refusals] == [(429, {"retry_after": 1})] * 2
    assert send(server).json()["ok"]
    assert [sent.taken for sent in server.calls("sendMessage", CHAT)] == [False, False, True]


@pytest.mark.parametrize("taken", [False, True])
def test_drops_a_connection_before_or_after_it_took_the_call(server, taken):
    server.fail("sendMessage", drop=True, taken=taken)
    with pytest.raises(httpx.TransportError):
        send(server)
    (sent,) = server.calls("sendMessage")
    assert (sent.taken, sent.response) == (taken, None)


def test_answers_with_something_else_than_json(server):
    server.fail("sendMessage", status=502, body="<html>Bad Gateway</html>")
    assert send(server).text == "<html>Bad Gateway</html>"
    assert not server.calls("sendMessage")[0].taken


def test_takes_its_time(server):
    server.fail("sendMessage", delay=0.2)
    before = time.monotonic()
    assert send(server).json()["ok"]
    assert time.monotonic() - before > 0.2


def test_two_who_poll_are_in_conflict(server):
    with ThreadPoolExecutor() as threads:
        first = threads.submit(call, server, "getUpdates", timeout=50)
        server.wait_for_arrival("getUpdates")
        assert call(server, "getUpdates").status_code == 409
        server.say(CHAT, "نص")
        assert first.result().json()["ok"]


def test_who_hung_up_is_in_nobodys_way(server):
    gone = HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]))
    gone.request("POST", f"/bot{TOKEN}/getUpdates", "timeout=5", {"Content-Type": "application/x-www-form-urlencoded"})
    server.wait_for_arrival("getUpdates")
    gone.close()
    assert call(server, "getUpdates").json()["ok"]


def test_waits_no_longer_than_told(server):
    with pytest.raises(AssertionError, match="0 of 1 sendMessage"):
        server.wait_for("sendMessage", timeout=0.05)


def test_knows_its_own_token_only(server):
    assert call(server, "getMe").json()["result"]["username"]
    assert call(server, "getMe", f"1234567890:{'x' * 35}").status_code == 401
    assert call(server, "getMe", "x").status_code == 404


@pytest.mark.parametrize("text", ["<b>نص", "١ < ٢", "<p>نص</p>", "ا" * 4097])
def test_refuses_what_telegram_would_not_parse(server, text):
    refusal = send(server, text, parse_mode="HTML").json()
    assert refusal["error_code"] == 400
    assert not server.taken("sendMessage")


def test_keeps_what_telegram_would_refuse_and_no_fault_refused(server):
    said = {"message_text": "<b>نص", "parse_mode": "HTML"}
    result = {"type": "article", "id": "1", "title": "عنوان", "input_message_content": said}
    refused = [
        call(server, "answerInlineQuery", inline_query_id="1", results=json.dumps([result])),
        call(server, "editMessageText", chat_id=CHAT, message_id=1, text="<u>نص</b>", parse_mode="HTML"),
        send(server, reply_markup={"inline_keyboard": [[{"text": "زر", "callback_data": "ب" * 33}]]}),
    ]
    server.fail("sendMessage", status=400)
    send(server)
    reasons = [response.json()["description"] for response in refused]
    assert ["parse entities" in reason for reason in reasons] == [True, True, False]
    assert "reply_markup" in reasons[2]
    assert [each.method for each in server.refused] == ["answerInlineQuery", "editMessageText", "sendMessage"]


def test_takes_a_message_that_is_long_in_tags_only(server):
    assert send(server, "&amp;" * 4096, parse_mode="HTML").json()["ok"]


def test_answers_what_the_emulator_lacks(server):
    assert call(server, "setMyDescription", description="وصف").json()["ok"]
    assert send(server, link_preview_options={"is_disabled": True}).json()["ok"]


def test_refuses_connections_until_it_listens():
    server = TelegramServer()
    with pytest.raises(httpx.ConnectError):
        call(server, "getMe")
    with server:
        assert call(server, "getMe").json()["ok"]
