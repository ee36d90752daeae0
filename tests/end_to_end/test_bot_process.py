"""The bot as a process: how it starts without a network or a token, and how it ends."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import BotProcess, serving
from emulator import WAYS, TelegramServer

from bot.store.alone import alone_in

pytestmark = pytest.mark.xdist_group("bot process")

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
ANSWER = "الخامس عشر من فبراير"
CHAT = 2001


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    with TelegramServer() as running:
        yield running


@pytest.fixture(params=WAYS)
def either(request: pytest.FixtureRequest) -> Iterator[TelegramServer]:
    """A server that the bot asks for updates, and one that gives them."""
    with TelegramServer(webhook=request.param == "webhook") as running:
        yield running


@pytest.mark.parametrize("token", ["9876543210:" + "x" * 35, "9876543210:x"], ids=["unknown", "malformed"])
def test_a_wrong_token_ends_it_with_a_line_that_names_the_mend(server, tmp_path, token):
    with BotProcess(server.url, token, tmp_path) as bot:
        assert bot.wait() == 1
        (line,) = bot.log.splitlines()
    assert "TELEGRAM_BOT_TOKEN" in line
    assert token not in line
    assert not server.said


@pytest.mark.parametrize("token", [None, "", "no token"])
def test_what_is_no_token_ends_it_with_a_line_that_says_where_to_get_one(server, tmp_path, token):
    with BotProcess(server.url, "", tmp_path, settings={"TELEGRAM_BOT_TOKEN": token}) as bot:
        assert bot.wait() == 1
        (line,) = bot.log.splitlines()
    assert "TELEGRAM_BOT_TOKEN" in line
    assert "BotFather" in line


def test_without_a_network_it_says_so_once_and_waits(tmp_path):
    server = TelegramServer()
    with BotProcess(server.url, server.token, tmp_path) as bot:
        bot.wait_for_log("waiting until it can")
        with server:
            server.say(CHAT, QUESTION)
            (answer,) = server.wait_for("sendMessage")
            assert ANSWER in answer.text
            bot.stop()
        assert len(bot.wait_for_log("cannot be reached")) == 1
        assert not bot.leaks(server)


@pytest.mark.parametrize("status", [401, 404])
def test_a_token_that_is_withdrawn_ends_it(server, tmp_path, status):
    with BotProcess(server.url, server.token, tmp_path) as bot:
        server.wait_for_arrival("getUpdates")
        server.fail("getUpdates", times=100, status=status)
        server.say(CHAT, QUESTION)
        assert bot.wait() == 1
        (line,) = bot.wait_for_log("ERROR")
        assert "TELEGRAM_BOT_TOKEN" in line
        assert not bot.leaks(server)


def test_told_to_stop_it_finishes_what_it_began_and_does_not_answer_again(either, tmp_path: Path):
    chats = (CHAT, CHAT + 1)
    with BotProcess(either.url, either.token, tmp_path, settings=either.settings) as bot:
        either.wait_for_arrival(either.asks)
        slow = either.fail("sendMessage", times=len(chats), held=True)
        asked = [either.say(chat, QUESTION) for chat in chats * 2]
        either.wait_for_arrival("sendMessage", len(chats))
        bot.interrupt()
        bot.signal(signal.SIGINT)  # a terminal and a supervisor may each send one
        slow.held = False
        assert bot.wait() == 0
    assert sorted(call.reply_to for call in either.taken("sendMessage")) == asked
    with serving(either, tmp_path):
        either.say(CHAT, QUESTION)
        either.wait_for("sendMessage", len(asked) + 1)
    assert len(either.calls("sendMessage")) == len(asked) + 1


def test_killed_between_receiving_and_answering_it_answers_when_it_runs_again(either, tmp_path: Path):
    with BotProcess(either.url, either.token, tmp_path, settings=either.settings) as bot:
        either.wait_for_arrival(either.asks)
        either.fail("sendMessage", status=500)
        asked = either.say(CHAT, QUESTION)
        bot.wait_for_log("not taken")
        bot.kill()
    with serving(either, tmp_path) as bot:
        (answer,) = either.wait_for("sendMessage")
        assert answer.reply_to == asked
        assert "may double" not in bot.log


def test_killed_between_sending_and_recording_it_sends_once_more_and_says_so(either, tmp_path: Path):
    with BotProcess(either.url, either.token, tmp_path, settings=either.settings) as bot:
        either.wait_for_arrival(either.asks)
        either.fail("sendMessage", stall=60)
        asked = either.say(CHAT, QUESTION)
        either.wait_for("sendMessage")
        bot.kill()
    with serving(either, tmp_path) as bot:
        either.wait_for("sendMessage", 2)
        bot.wait_for_log("may double")
    with serving(either, tmp_path):
        last = either.say(CHAT, "/about")
        sent = either.wait_for("sendMessage", 3)
    assert [call.reply_to for call in sent] == [asked, asked, last]


def test_a_stop_waits_for_no_thread_that_is_busy(either, tmp_path: Path):
    busy = (
        "import time; from retrieval import Library; from bot.terminal.cli import main; "
        "Library.ask = lambda *_, **__: time.sleep(9999); main()"
    )
    command = (sys.executable, "-c", busy, "bot")
    with BotProcess(either.url, either.token, tmp_path, settings=either.settings, command=command) as bot:
        either.wait_for_arrival(either.asks)
        asked = either.say(CHAT, QUESTION)
        either.wait_for_arrival("sendChatAction")
        bot.stop()
    with serving(either, tmp_path):
        (answer,) = either.wait_for("sendMessage")
        assert answer.reply_to == asked


def test_a_second_process_on_the_same_state_folder_ends_with_a_line(server, tmp_path: Path):
    with alone_in(tmp_path / "data"), BotProcess(server.url, server.token, tmp_path) as bot:
        assert bot.wait() == 1
        (line,) = bot.log.splitlines()
    assert "another process" in line
    assert "IQTIBAS_DATA" in line
    assert not server.arrivals("getMe")


def test_a_full_disk_ends_it_at_the_start_with_a_line(server, tmp_path: Path):
    # no file may grow: to SQLite a disk that takes nothing
    full = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); from bot.terminal.cli import main; main()"
    )
    command = (sys.executable, "-c", full, "bot")
    with BotProcess(server.url, server.token, tmp_path, command=command) as bot:
        assert bot.wait() == 1
        of_versions, line = bot.log.splitlines()
    assert "versions.sqlite3" in of_versions
    assert "IQTIBAS_DATA" in line
