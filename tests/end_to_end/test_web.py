"""``iqtibas web``, and the pages beside the bot: real processes that begin, answer and end."""

import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from socket import create_server
from urllib.parse import urlencode

import pytest
from bot_process import BotProcess
from emulator import Call, TelegramServer
from emulator_buttons import buttons, press, web_apps
from web_face import Face, Seen

from bot.phrases import phrases

pytestmark = pytest.mark.xdist_group("bot process")

SAYS = phrases("ar")
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
NEAR_BY = "pages are served at "


def address_in(bot: BotProcess) -> str:
    (line,) = bot.wait_for_log(NEAR_BY)
    return line.rpartition(NEAR_BY)[2].strip()


def test_the_command_serves_pages_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bot", "web", "--listen", "127.0.0.1:0")
    mistyped = {"IQTIBAS_WEB_TOKN": "x"}
    with BotProcess("http://127.0.0.1:1", "", tmp_path, settings=mistyped, command=command) as served:
        face = Face(address_in(served))
        (said,) = served.wait_for_log("there is no setting 'IQTIBAS_WEB_TOKN'")
        assert "did you mean 'IQTIBAS_WEB_TOKEN'?" in said
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


def test_from_telegram_a_reader_comes_to_the_pages_of_the_quote_and_of_its_reference(tmp_path: Path) -> None:
    site, chat = "https://quotes.example.org", 2002
    with TelegramServer() as server:
        settings = {"IQTIBAS_WEB": "127.0.0.1:0", "IQTIBAS_WEB_ADDRESS": site}
        with BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            face = Face(address_in(bot))

            def opened(address: str) -> Seen:
                assert address.startswith(f"{site}/")
                got = face.get(address.removeprefix(site).partition("#")[0])
                assert got.status == 200
                return got.seen

            server.wait_for_arrival("getUpdates")
            server.say(chat, QUESTION)
            (answer,) = server.wait_for("sendMessage", chat_id=chat)
            (quote,) = answer.message.blockquotes
            (title,) = answer.message.links
            assert opened(title.address).parts["mark"] == [quote.text]
            source = turned(server, chat, answer, SAYS.button_source)
            ((_, page),) = web_apps(source).items()
            assert opened(page).parts["mark"] == [quote.text]
            references = turned(server, chat, source, SAYS.button_reference)
            (leading,) = references.message.links
            assert leading.text == SAYS.citations["open"]
            assert opened(leading.address).parts["blockquote"] == [quote.text]
            bot.stop()


def turned(server: TelegramServer, chat: int, call: Call, button: str) -> Call:
    """What stands in the place of a message once a button under it is pressed."""
    before = len(server.taken("editMessageText", chat))
    press(server, call, buttons(call)[button], user=chat)
    return server.wait_for("editMessageText", before + 1, chat_id=chat)[-1]


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
