"""One person floods the bot: the others are answered as if nothing were, and an admin sees it and can end it."""

import statistics
import sys
import time
import zipfile
from contextlib import ExitStack
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pytest
from bot_process import BotProcess, serving
from emulator import TelegramServer
from emulator_files import send
from emulator_floods import CROWDED, FLOODER, FLOODS, flooding

from bot.phrases import phrases

ARABIC = phrases("ar")
QUESTIONS = ("متى كان من المقرر أن تنطلق مباحثات أستانا؟", "أين تقع درعا؟", "من منع دخول السفن؟", "كم غارة نفذت؟")
ADMIN, BUSY = 5001, 5002
STRANGERS = range(5100, 5110)
ASKED, EVERY = 16, 0.3
"""How many questions are asked of a bot, and the seconds between two of them."""
GIVEN_TOO = ("questions", "inline", "chatter in a group")
"""Floods that are tried by way of the webhook, too: of a chat, of no chat, of a group."""
SHIPPED = {"IQTIBAS_READER": "on"}
SLOWEST, MOST_GROWTH = 2.0, 40.0
"""Seconds within which 95 of 100 strangers have their answer; on a machine that is busy, and slow for a bot that nobody
floods, too, at most so many times the seconds that this one takes. Whoever stands behind a flood waits for minutes."""


class Strangers:
    """People who ask the bot by turns, no question twice."""

    def __init__(self, server: TelegramServer) -> None:
        self._server, self._chats = server, cycle(STRANGERS)
        self.asked: dict[tuple[int, int], float] = {}

    def ask(self, times: int) -> list[tuple[int, int]]:
        """Ask so often; by chat and message."""
        asked = []
        for _ in range(times):
            begin, chat = time.monotonic(), next(self._chats)
            number = len(self.asked)
            asked.append((chat, self._server.say(chat, f"{QUESTIONS[number % len(QUESTIONS)]} {number}")))
            self.asked[asked[-1]] = begin
            time.sleep(max(0.0, begin + EVERY - time.monotonic()))
        return asked

    def waits(self, asked: list[tuple[int, int]]) -> list[float]:
        """Seconds until each was answered. Raises AssertionError for what is not."""
        waits = []
        for chat, message in asked:
            self._server.wait_for_reply(chat, message)
            replies = [call for call in self._server.taken("sendMessage", chat) if call.reply_to == message]
            waits.append(replies[0].time - self.asked[chat, message])
        return waits

    def bear(self, waited: float) -> float:
        """The seconds that 95 of 100 may wait. Where they ``waited`` longer than on a quiet machine they may, the bot,
        which nobody floods any more, is asked again, to know the machine."""
        if waited <= SLOWEST:
            return SLOWEST
        self.waits(self.ask(1))  # with this the flood is over for the bot, too
        return MOST_GROWTH * _p95(self.waits(self.ask(ASKED)))


def _p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20, method="inclusive")[-1]


@pytest.mark.soak
@pytest.mark.alone
@pytest.mark.parametrize(
    ("kind", "way"), [*((kind, "polling") for kind in FLOODS), *((kind, "webhook") for kind in GIVEN_TOO)]
)
def test_a_flood_delays_nobody_else_nor_after_a_restart_in_its_midst(kind: str, way: str, tmp_path: Path) -> None:
    with TelegramServer(webhook=way == "webhook") as server:
        strangers, settings = Strangers(server), server.settings | SHIPPED
        with ExitStack() as after_it, BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            bot.wait_for_log("serving as")
            with flooding(server, FLOODS[kind]):
                before = strangers.waits(strangers.ask(ASKED))
                bot.kill()
                meanwhile = strangers.ask(2)
                again = after_it.enter_context(BotProcess(server.url, server.token, tmp_path, settings=settings))
                again.wait_for_log("serving as")
                after = strangers.waits(strangers.ask(ASKED))
                strangers.waits(meanwhile)
            slowest = max(_p95(before), _p95(after))
            assert slowest <= strangers.bear(slowest)
            again.stop()
        sent = len(server.taken("sendMessage", FLOODER)) + len(server.taken("sendMessage", CROWDED))
    sys.stdout.write(
        f"{kind}, {way}: p95 {_p95(before):.2f} s, after the restart {_p95(after):.2f} s, replies {sent}\n"
    )
    assert sent <= 100


@pytest.mark.soak
@pytest.mark.alone
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
        sys.stdout.write(f"heavy files: p95 {_p95(waits):.2f} s\n")
        assert _p95(waits) <= strangers.bear(_p95(waits))
        bot.stop()


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
