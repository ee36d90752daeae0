"""One person floods the bot: the others are answered as if nothing were, and an admin sees it and can end it."""

import statistics
import sys
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pytest
from bot_process import BotProcess, serving
from emulator import Call, TelegramServer
from emulator_files import send
from emulator_floods import CROWDED, FLOODER, FLOODS, flooding

from bot.phrases import phrases

ARABIC = phrases("ar")
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
ADMIN, BUSY = 5001, 5002
STRANGERS = range(5100, 5110)
ASKED, SECOND = 15, 1.0
GIVEN_TOO = ("questions", "inline", "chatter in a group")
"""Floods that are tried by way of the webhook, too: of a chat, of no chat, of a group."""
SLOWEST = 2.0
"""Seconds within which 95 of 100 strangers have their answer."""


class Strangers:
    """People who ask the bot, one a second."""

    def __init__(self, server: TelegramServer) -> None:
        self._server, self._chats = server, cycle(STRANGERS)
        self.asked: dict[tuple[int, int], float] = {}

    def ask(self, times: int) -> list[tuple[int, int]]:
        """Ask so often; by chat and message."""
        asked = []
        for _ in range(times):
            begin, chat = time.monotonic(), next(self._chats)
            asked.append((chat, self._server.say(chat, QUESTION)))
            self.asked[asked[-1]] = begin
            time.sleep(max(0.0, begin + SECOND - time.monotonic()))
        return asked

    def waits(self, asked: list[tuple[int, int]]) -> list[float]:
        """Seconds until each was answered. Raises AssertionError for what is not."""
        waits = []
        for chat, message in asked:
            times = [call.time for call in self._answers(chat) if call.reply_to == message]
            waits += [times[0] - self.asked[chat, message]]
        return waits

    def _answers(self, chat: int) -> Iterator[Call]:
        expected = sum(asked == chat for asked, _ in self.asked)
        return iter(self._server.wait_for("sendMessage", expected, chat_id=chat))


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20, method="inclusive")[-1]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("kind", "way"), [*((kind, "polling") for kind in FLOODS), *((kind, "webhook") for kind in GIVEN_TOO)]
)
def test_a_flood_delays_nobody_else_nor_after_a_restart_in_its_midst(kind: str, way: str, tmp_path: Path) -> None:
    with TelegramServer(webhook=way == "webhook") as server:
        strangers = Strangers(server)
        with BotProcess(server.url, server.token, tmp_path, settings=server.settings) as bot:
            bot.wait_for_log("serving as")
            with flooding(server, FLOODS[kind]):
                before = strangers.waits(strangers.ask(ASKED))
                bot.kill()
                meanwhile = strangers.ask(2)
                with BotProcess(server.url, server.token, tmp_path, settings=server.settings) as again:
                    again.wait_for_log("serving as")
                    after = strangers.waits(strangers.ask(ASKED))
                    strangers.waits(meanwhile)
                    again.stop()
        sent = len(server.taken("sendMessage", FLOODER)) + len(server.taken("sendMessage", CROWDED))
    sys.stdout.write(
        f"{kind}, {way}: p95 {_p95(before):.2f} s, after the restart {_p95(after):.2f} s, replies {sent}\n"
    )
    assert max(_p95(before), _p95(after)) <= SLOWEST
    assert sent <= 100


@pytest.mark.soak
def test_files_that_are_heavy_to_read_delay_nobody_who_asks(tmp_path: Path) -> None:
    with TelegramServer() as server, BotProcess(server.url, server.token, tmp_path) as bot:
        bot.wait_for_log("serving as")
        strangers = Strangers(server)
        strangers.waits(strangers.ask(1))  # what is loaded for the first question of all has to do with no file
        for chat in range(5200, 5210):
            for name in ("a.zip", "b.zip"):
                send(server, chat, name, _heavy(), caption="أين تقع درعا؟")
        waits = strangers.waits(strangers.ask(ASKED))
        for chat in range(5200, 5210):
            server.wait_for("sendMessage", 2, chat_id=chat, timeout=600)
        bot.stop()
    sys.stdout.write(f"heavy files: p95 {_p95(waits):.2f} s\n")
    assert _p95(waits) <= SLOWEST


def _heavy() -> bytes:
    """A small archive of a text that takes long to read and to index."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "مارس قافلة وزارةالخارجية خمسة وعشرون، " * 20_000)
    return content.getvalue()


def test_an_admin_sees_a_chats_backlog_and_drops_it(tmp_path: Path) -> None:
    with TelegramServer() as server, serving(server, tmp_path, IQTIBAS_ADMINS=str(ADMIN)):
        server.fail("sendMessage", chat_id=BUSY, status=429, retry_after=600, times=1)
        for _ in range(12):
            server.say(BUSY, "/help")
        server.say(ADMIN, "/status", language="en")
        status = server.wait_for("sendMessage", chat_id=ADMIN)[-1].text
        assert f"In the chat {BUSY} wait: 12. To drop them: /drop {BUSY}" in status
        server.say(ADMIN, f"/drop {BUSY}", language="en")
        assert server.wait_for("sendMessage", 2, chat_id=ADMIN)[-1].text.endswith(": 11")
        server.say(ADMIN, "/status", language="en")
        assert str(BUSY) not in server.wait_for("sendMessage", 3, chat_id=ADMIN)[-1].text
        server.say(ADMIN, "/drop", language="en")
        assert server.wait_for("sendMessage", 4, chat_id=ADMIN)[-1].text.startswith("Of which chat")
