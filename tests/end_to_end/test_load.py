"""Many people at once: how many answers a second, and nothing lost at Telegram's limits."""

import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bot_process import COMMAND, ROOT, BotProcess
from emulator import PATIENCE, WAYS, TelegramServer

pytestmark = pytest.mark.soak

USERS, IN_A_ROW, ROUNDS, SECONDS = 32, 2, 2, 15.0
"""So long that the first second, in which each question is read once, counts as little as in a day of a bot's."""
LEAST_SHARE = 0.6
"""Of the answers a second of a bot that only echoes."""
STRETCHES, A_STRETCH, MOST_GROWTH = 4, 150, 1.1
QUESTIONS = (
    "متى كان من المقرر أن تنطلق مباحثات أستانا؟",
    "أين تقع درعا؟",
    "من منع دخول السفن؟",
    "كم بلغ سعر البرتقال في السوق؟",
)
SHIPPED = {"IQTIBAS_QUESTIONS_PER_MINUTE": "999999", "IQTIBAS_READER": "on"}
UNLIMITED = {**SHIPPED, "IQTIBAS_FLOOD_CONTROL": "0"}
ECHO = (sys.executable, str(ROOT / "tests" / "support" / "echo_bot.py"))


@dataclass
class Users:
    """People who each ask some questions in a row, wait for all answers, and ask again."""

    server: TelegramServer
    distinct: bool = False
    waits: list[float] = field(default_factory=list)
    answered: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    _asked: dict[int, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    _turn: int = 0

    def ask(self, seconds: float) -> float:
        """Let them ask for so long; answers a second."""
        seen = len(self.server.since(0, timeout=0))
        begin = last = time.monotonic()
        for user in range(1, USERS + 1):
            self._ask(user)
        while time.monotonic() < begin + seconds or any(self._asked.values()):
            assert time.monotonic() < last + PATIENCE, f"not answered: {dict(self._asked)}"
            calls = self.server.since(seen)
            seen += len(calls)
            for call in calls:
                if call.method == "sendMessage" and call.chat_id is not None:
                    last = time.monotonic()
                    self._answered(call.chat_id, call.reply_to, call.time, time.monotonic() < begin + seconds)
        return sum(map(len, self.answered.values())) / (time.monotonic() - begin)

    def _ask(self, user: int) -> None:
        for _ in range(IN_A_ROW):
            self._turn += 1
            question = QUESTIONS[self._turn % len(QUESTIONS)] + (f" {self._turn}" if self.distinct else "")
            begin = time.monotonic()
            self._asked[user][self.server.say(user, question)] = begin

    def _answered(self, user: int, message: int | None, at: float, more: bool) -> None:
        waiting = self._asked[user]
        if message is None:  # an echo is no reply: each answers the one that has waited longest
            message = min(waiting)
        begin = waiting.pop(message)
        self.waits.append(at - begin)
        self.answered[user].append(message)
        if not waiting and more:
            self._ask(user)


def tell(line: str) -> None:
    """A figure for whoever watches; pytest shows it with -s, or where the test fails."""
    sys.stdout.write(line + "\n")


def measured(
    name: str, home: Path, command: tuple[str, ...] = COMMAND, *, distinct: bool = False
) -> tuple[float, Users, str]:
    """Answers a second of a bot, its people, and its log."""
    with TelegramServer() as server:
        home.mkdir()
        with BotProcess(server.url, server.token, home, settings=UNLIMITED, command=command) as bot:
            server.wait_for_arrival("getUpdates")
            users = Users(server, distinct)
            rate = users.ask(SECONDS)
            bot.stop()
        slow = statistics.quantiles(users.waits, n=20)[-1]
        middle = statistics.median(users.waits)
        tell(f"{name}: {rate:.0f} answers a second, p50 {middle * 1000:.0f} ms, p95 {slow * 1000:.0f} ms")
        return rate, users, bot.log


@pytest.mark.alone
def test_it_answers_nearly_as_many_as_a_bot_that_only_echoes(tmp_path: Path) -> None:
    rates: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS):  # by turns, because a machine is not always as fast
        rate, _, _ = measured("echo", tmp_path / f"echo{turn}", ECHO)
        rates["echo"].append(rate)
        rate, users, log = measured("iqtibas", tmp_path / f"ours{turn}")
        rates["ours"].append(rate)
        assert all(messages == sorted(messages) for messages in users.answered.values()), "an answer before its turn"
        assert "ERROR" not in log
        rate, _, _ = measured("iqtibas, no question twice", tmp_path / f"other{turn}", distinct=True)
        rates["other"].append(rate)
    ours, other = sum(rates["ours"]) / sum(rates["echo"]), sum(rates["other"]) / sum(rates["echo"])
    tell(f"shares: {ours:.2f}, {other:.2f}")
    assert ours >= LEAST_SHARE


def test_its_memory_stays_over_six_hundred_different_questions(tmp_path: Path) -> None:
    taken: list[int] = []
    with TelegramServer() as server, BotProcess(server.url, server.token, tmp_path, settings=UNLIMITED) as bot:
        server.wait_for_arrival("getUpdates")
        users = Users(server, distinct=True)
        for stretch in range(1, STRETCHES + 1):
            while len(users.waits) < stretch * A_STRETCH:  # by their number: a machine may be busy
                users.ask(2.0)
            taken.append(bot.memory)
        bot.stop()
    megabytes = ", ".join(f"{each / 2**20:.0f}" for each in taken)
    tell(f"{len(users.waits)} different questions; MB after each {A_STRETCH}: {megabytes}")
    assert taken[-1] < taken[0] * MOST_GROWTH


@pytest.mark.parametrize("way", WAYS)
def test_at_telegrams_limits_nothing_is_lost(tmp_path: Path, way: str) -> None:
    group, people, each = -100500, range(1, 41), 5
    with TelegramServer(webhook=way == "webhook") as server:
        server.keep_limits()
        with BotProcess(server.url, server.token, tmp_path, settings=SHIPPED | server.settings) as bot:
            server.wait_for_arrival(server.asks)
            asked = [server.say(user, QUESTIONS[0]) for _ in range(each) for user in people]
            asked += [server.say(group, f"/ask {QUESTIONS[0]}", chat_type="group", user_id=1) for _ in range(25)]
            answers = server.wait_for("sendMessage", len(asked), timeout=10 * PATIENCE)
            bot.stop()
    assert sorted(call.reply_to for call in answers) == sorted(asked)
    for chat in (group, *people):
        replies = [call.reply_to for call in answers if call.chat_id == chat]
        assert replies == sorted(replies)
    assert "ERROR" not in bot.log
