"""The bot behind a proxy: all that it asks goes by it, files too; what it cannot use is said at the start."""

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
