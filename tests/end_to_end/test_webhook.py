"""The bot to which Telegram gives its updates, as a process: each is answered, once and in its order, on the way back
to polling too, and what anybody else sends it changes nothing."""

import http.client
import json
import signal
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from bot_process import BotProcess, serving
from emulator import GIVEN, TelegramServer
from emulator_webhook import ADDRESS, SECRET

pytestmark = pytest.mark.xdist_group("bot process")

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
ANSWER = "الخامس عشر من فبراير"
WORDS = "كلام لا يقرؤه أحد"
people = count(2001)


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with TelegramServer(webhook=True) as running:
        yield running


@pytest.fixture(scope="module")
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot"), IQTIBAS_FLOOD_CONTROL="off") as running:
        yield running


@pytest.fixture
def user(bot: BotProcess) -> int:
    bot.forget_log()
    return next(people)


def given(server: TelegramServer, body: bytes, **headers: str) -> int:
    """The status of what somebody sends to the webhook."""
    connection = http.client.HTTPConnection(server.settings["IQTIBAS_WEBHOOK_LISTEN"], timeout=60)
    connection.request("POST", "/updates", body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def secret_of(server: TelegramServer) -> str:
    return str(server.calls("setWebhook")[-1].fields["secret_token"])


def test_a_question_is_answered_and_the_next_after_it(server: TelegramServer, bot: BotProcess, user: int) -> None:
    asked = [server.say(user, text) for text in (QUESTION, "/about", "أين تقع درعا؟")]
    answers = server.wait_for("sendMessage", 3, chat_id=user)
    assert [answer.reply_to for answer in answers] == asked
    assert ANSWER in answers[0].message.text
    bot.settle()
    assert server.waiting == 0


def test_what_telegram_gives_again_is_answered_once(server: TelegramServer, bot: BotProcess, user: int) -> None:
    lost = server.fail(GIVEN, times=2)
    first, last = server.say(user, QUESTION), server.say(user, "/about")
    answers = server.wait_for("sendMessage", 2, chat_id=user)
    server.wait_for(GIVEN, 4)
    bot.settle()
    assert lost.times == 0
    assert [answer.reply_to for answer in server.taken("sendMessage", user)] == [first, last]
    assert answers


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"<html>{WORDS}</html>", "cannot be read"),
        (json.dumps({"update_id": 1, "message": {"text": WORDS, "date": 10**15}}), "cannot be read and is left out"),
        ("[" * 5000 + "]" * 5000, "cannot be read"),
    ],
    ids=["a page", "a date out of range", "5,000 deep"],
)
def test_what_cannot_be_read_is_one_line_and_the_next_is_answered(
    server: TelegramServer, bot: BotProcess, user: int, body: str, says: str
) -> None:
    server.said.append(WORDS)
    broken = server.fail(GIVEN, body=body)
    server.say(user, "/about")
    server.say(user, QUESTION)
    server.wait_for("sendMessage", chat_id=user)
    assert broken.times == 0
    (line,) = [line for line in bot.log.splitlines() if "ERROR" in line]
    assert says in line
    assert not bot.leaks(server)


def test_a_stranger_who_knows_no_secret_changes_nothing(server: TelegramServer, bot: BotProcess, user: int) -> None:
    told = {"chat": {"id": user, "type": "private"}, "from": {"id": user, "is_bot": False, "first_name": "س"}}
    body = json.dumps({"update_id": 10**9, "message": told | {"message_id": 1, "date": 1, "text": "/about"}}).encode()
    right = {SECRET: secret_of(server), "X-Forwarded-For": ADDRESS}
    for wrong in ({SECRET: "x" * 64}, {SECRET: ""}, {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": ""}):
        assert given(server, body, **right | wrong) == 403
    bot.wait_for_log("was refused")
    assert secret_of(server) not in bot.log
    assert server.taken("sendMessage", user) == []
    assert given(server, body, **right) == 200
    server.wait_for("sendMessage", chat_id=user)


def test_what_came_while_nothing_ran_is_answered_by_the_way_back_to_polling(tmp_path: Path) -> None:
    with TelegramServer(webhook=True) as server:
        with serving(server, tmp_path):
            server.say(1, "/about")
            server.wait_for("sendMessage")
        waiting = [server.say(2, QUESTION), server.say(2, "/about")]
        assert server.waiting == 2
        server.settings, server.asks = {}, "getUpdates"
        with serving(server, tmp_path) as bot:
            answers = server.wait_for("sendMessage", 2, chat_id=2)
            assert [answer.reply_to for answer in answers] == waiting
            assert server.calls("deleteWebhook")[-1].fields.get("drop_pending_updates") in (None, "false")
            bot.settle()
        assert len(server.taken("sendMessage")) == 3


def test_a_disk_that_is_full_for_a_while_loses_nothing(tmp_path: Path) -> None:
    # while the limit stands, no file may grow: to SQLite a disk that takes nothing
    filling = (
        "import resource, signal\n"
        "def limit(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGUSR1, lambda *_: limit(0))\n"
        "signal.signal(signal.SIGUSR2, lambda *_: limit(resource.RLIM_INFINITY))\n"
        "from bot.terminal.cli import main; main()"
    )
    command = (sys.executable, "-c", filling, "bot")
    with (
        TelegramServer(webhook=True) as server,
        BotProcess(server.url, server.token, tmp_path, settings=server.settings, command=command) as bot,
    ):
        server.say(1, "/about")
        server.wait_for("sendMessage")
        bot.settle()
        bot.signal(signal.SIGUSR1)
        asked = [server.say(2, "/about"), server.say(2, QUESTION)]
        bot.wait_for_log("waiting until it can be written")
        server.wait_until(lambda: any(call.response == {"status": 503} for call in server.calls(GIVEN)))
        assert server.taken("sendMessage", 2) == []
        bot.signal(signal.SIGUSR2)
        answers = server.wait_for("sendMessage", 2, chat_id=2)
        assert [answer.reply_to for answer in answers] == asked
        bot.stop()
