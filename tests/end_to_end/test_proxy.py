"""The bot behind a proxy, and at a Bot API server of somebody's own: all goes by them, and what cannot is said."""

import json
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import TelegramServer
from emulator_files import send
from proxy import Proxy

pytestmark = pytest.mark.xdist_group("bot process")

CHAT = 2001


@pytest.mark.parametrize("scheme", ["http", "SOCKS5", "socks5h"])
def test_all_goes_by_the_proxy_that_the_environment_names(tmp_path: Path, scheme: str) -> None:
    with TelegramServer() as server, Proxy() as proxy:
        settings = {"ALL_PROXY": f"{scheme}://{proxy.address}"}
        with BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            server.wait_for_arrival("getUpdates")
            server.say(CHAT, "متى كان من المقرر أن تنطلق مباحثات أستانا؟")
            server.wait_for("sendMessage")
            before = len(proxy.asked)
            send(server, CHAT, "عقد.txt", "عقد الإيجار\n\nيدفع المستأجر ثلاثة آلاف ريال.\n".encode())
            server.wait_for("sendMessage", 2)
            bot.stop()
        assert set(proxy.asked) == {server.url.removeprefix("http://")}
        assert before >= 2


def test_a_proxy_that_is_not_known_ends_it_with_a_line_and_a_dead_one_is_waited_for(tmp_path: Path) -> None:
    with TelegramServer() as server:
        for proxy, status in (("gopher://me:s3cret@127.0.0.1:1", 2), ("socks5://127.0.0.1:1", None)):
            with BotProcess(server.url, server.token, tmp_path, settings={"ALL_PROXY": proxy}) as bot:
                if status:
                    assert bot.wait() == status
                    assert "ALL_PROXY" in bot.log
                else:
                    bot.wait_for_log("cannot be reached")
                assert "s3cret" not in bot.log
        assert not server.arrivals("getMe")


@pytest.mark.parametrize("shared", [True, False])
def test_files_of_a_server_that_runs_with_local_are_read_where_its_folder_is_shared(
    tmp_path: Path, shared: bool
) -> None:
    lies = tmp_path / "server" / "عقد.txt"
    if shared:
        lies.parent.mkdir()
        lies.write_text("عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال.\n", "utf-8")
    told = {"ok": True, "result": {"file_id": "1", "file_unique_id": "1", "file_path": str(lies)}}
    with TelegramServer() as server, BotProcess(server.url, server.token, tmp_path) as bot:
        server.wait_for_arrival("getUpdates")
        server.fail("getFile", times=10, status=200, body=json.dumps(told))
        send(server, CHAT, "عقد.txt", b"what the server has")
        server.wait_for("sendMessage")
        if shared:
            server.say(CHAT, "كم يدفع المستأجر كمال الزهراني؟")
            assert "ثلاثة آلاف" in server.wait_for("sendMessage", 2)[1].message.text
        else:
            assert "--local" in bot.wait_for_log("ERROR")[0]
        bot.stop()
