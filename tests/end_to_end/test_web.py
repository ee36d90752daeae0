"""``iqtibas web``, and the pages beside the bot: real processes that begin, answer and end."""

import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from socket import create_server
from urllib.parse import urlencode

import pytest
from bot_process import BotProcess
from emulator import TelegramServer
from web_face import Face

pytestmark = pytest.mark.xdist_group("bot process")

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
NEAR_BY = "pages are served at "


def address_in(bot: BotProcess) -> str:
    (line,) = bot.wait_for_log(NEAR_BY)
    return line.rpartition(NEAR_BY)[2].strip()


def test_the_command_serves_pages_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bot", "web", "--listen", "127.0.0.1:0")
    with BotProcess("http://127.0.0.1:1", "", tmp_path, command=command) as served:
        face = Face(address_in(served))
        assert "الأربعاء" in face.post("/", question=QUESTION).seen.parts["blockquote"][0]
        assert face.get("/sources").status == 200
        served.stop()
        assert QUESTION not in served.log


def test_the_pages_stand_beside_the_bot_and_both_answer(tmp_path: Path) -> None:
    with TelegramServer() as server:
        settings = {"IQTIBAS_WEB": "127.0.0.1:0", "IQTIBAS_WEB_ADDRESS": "https://quotes.example.org"}
        with BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            face = Face(address_in(bot))
            server.wait_for_arrival("getUpdates")
            server.say(2001, QUESTION)
            (call,) = server.wait_for("sendMessage")
            assert "https://quotes.example.org/read?document=astana-talks.txt" in call.text
            assert "الأربعاء" in face.post("/", question=QUESTION).seen.parts["blockquote"][0]
            bot.stop()
            assert not bot.leaks(server)


def test_a_port_that_is_taken_or_none_is_one_line(tmp_path: Path) -> None:
    with closing(create_server(("127.0.0.1", 0))) as taken:
        where = f"127.0.0.1:{taken.getsockname()[1]}"
        command = (sys.executable, "-m", "bot", "web", "--listen", where)
        with BotProcess("http://127.0.0.1:1", "", tmp_path, command=command) as served:
            assert served.wait() == 1
            (line,) = served.log.splitlines()
    assert where in line
    command = (sys.executable, "-m", "bot", "web", "--listen", "nowhere")
    with BotProcess("http://127.0.0.1:1", "", tmp_path, command=command) as served:
        assert served.wait() == 2
    assert "127.0.0.1:9108" in served.log


def test_two_processes_do_not_serve_from_one_state_folder(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bot", "web", "--listen", "0")
    with BotProcess("http://127.0.0.1:1", "", tmp_path, command=command) as first:
        address = address_in(first)
        assert address.startswith("http://127.0.0.1:")
        with BotProcess("http://127.0.0.1:1", "", tmp_path, command=command) as second:
            assert second.wait() == 1
        assert "another process serves" in second.log
        with urllib.request.urlopen(f"{address}/?{urlencode({'question': QUESTION})}", timeout=120) as answer:
            assert answer.status == 200
        first.stop()
