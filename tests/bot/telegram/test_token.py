"""What Telegram says of the bot's token, as ``iqtibas doctor`` shows it."""

from pathlib import Path

import pytest
from emulator import TelegramServer

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
        finding = asked(settings)
    assert (finding.subject, finding.state) == ("token", state)
    assert finding.says.startswith(says)
