"""What Telegram says of the bot's token and of its webhook, as ``iqtibas doctor`` shows it."""

import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from emulator import GIVEN, TelegramServer

from bot.operation.doctor import Finding
from bot.settings import load
from bot.telegram.token import asked


@pytest.mark.parametrize(
    ("token", "state", "says"),
    [
        (None, "good", "the bot is @"),
        ("9876543210:" + "x" * 35, "bad", "Telegram does not know this token: copy it again from @BotFather"),
    ],
    ids=["known", "unknown"],
)
def test_a_token_is_known_or_is_to_be_copied_again(token: str | None, state: str, says: str, tmp_path: Path) -> None:
    with TelegramServer() as server:
        settings = load({"TELEGRAM_BOT_TOKEN": token or server.token, "TELEGRAM_API_URL": server.url}, tmp_path)
        finding = asked(settings)[0]
    assert (finding.subject, finding.state) == ("token", state)
    assert finding.says.startswith(says)


def test_it_is_said_how_updates_come_and_nothing_is_changed(tmp_path: Path) -> None:
    with TelegramServer(webhook=True) as server:
        known = {"TELEGRAM_BOT_TOKEN": server.token, "TELEGRAM_API_URL": server.url}

        def webhook(**more: str) -> Finding:
            return asked(load(known | more, tmp_path))[1]

        assert webhook() == Finding("webhook", "good", "none: the bot asks for updates; updates that wait there: 0")
        assert "it is not set yet" in webhook(**server.settings).says
        set_there = urllib.parse.urlencode({"url": server.settings["IQTIBAS_WEBHOOK"]}).encode()
        address = f"{server.url}/bot{server.token}/setWebhook"
        urllib.request.urlopen(address, set_there, timeout=60).close()
        assert webhook(**server.settings).state == "good"
        assert webhook(IQTIBAS_WEBHOOK="http://127.0.0.1:1/").says.startswith("it is to 127.0.0.1: the bot sets it")
        server.say(1, "/about")
        server.wait_until(lambda: bool(server.calls(GIVEN)))
        trouble = webhook(**server.settings)
        assert trouble.state == "note"
        assert "wait there: 1; the last trouble, " in trouble.says
        assert "the webhook to 127.0.0.1 is taken away" in webhook().says
        assert server.calls("deleteWebhook") == []
