"""Several bots that share a PostgreSQL server: one serves, and whatever dies, another one goes on where it was.

``make cluster-test`` runs them; the long one ``IQTIBAS_SERVERS=needed make soak``.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import WAYS, TelegramServer
from emulator_files import send
from state_servers import PostgreSQLServer

from bot.phrases import phrases

pytestmark = pytest.mark.cluster

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
PERHAPS = phrases("ar").perhaps_answered
STANDS_BY, SERVES = "standing by", "serving as"
SOON = 15.0
"""Seconds within which another goes on: a second or two, on a machine that does much else."""


class Replicas:
    """Bots on one token and one database, each with a folder of its own."""

    def __init__(self, server: TelegramServer, database: str, home: Path, entered: ExitStack) -> None:
        self.server, self._database, self._home, self._entered = server, database, home, entered
        self.running: list[BotProcess] = []
        self.gone: list[BotProcess] = []

    def start(self, name: str) -> BotProcess:
        home = self._home / name
        home.mkdir(exist_ok=True)
        settings = {"IQTIBAS_DATABASE": self._database, "IQTIBAS_QUESTIONS_PER_MINUTE": "999"}
        bot = BotProcess(self.server.url, self.server.token, home, settings=self.server.settings | settings)
        self.running.append(self._entered.enter_context(bot))
        return bot

    def kill(self, bot: BotProcess) -> None:
        bot.kill()
        self.running.remove(bot)
        self.gone.append(bot)

    @property
    def log(self) -> str:
        return "\n".join(bot.log for bot in (*self.gone, *self.running))


@contextmanager
def replicas(server: TelegramServer, running: PostgreSQLServer, home: Path) -> Iterator[Replicas]:
    with ExitStack() as entered:
        bots = Replicas(server, running.new(), home, entered)
        yield bots
        for bot in bots.running:
            server.wait_until(lambda bot=bot: STANDS_BY in bot.log or SERVES in bot.log)  # type: ignore[misc]
            bot.stop()
        assert "Traceback" not in bots.log, bots.log[bots.log.index("Traceback") - 500 :][:5000]


@pytest.mark.parametrize("way", WAYS)
def test_one_serves_and_when_it_is_killed_another_goes_on(
    postgresql_server: PostgreSQLServer, tmp_path: Path, way: str
) -> None:
    with (
        TelegramServer(webhook=way == "webhook") as server,
        replicas(server, postgresql_server, tmp_path) as bots,
    ):
        first = bots.start("first")
        first.wait_for_log(SERVES)
        second = bots.start("second")
        second.wait_for_log(STANDS_BY)
        server.wait_for_reply(7, server.say(7, QUESTION))
        document = "عنوان الرسالة\n\nنزل المطر على القرية الزرقاء يوم الأحد.\n".encode()
        server.wait_for_reply(7, send(server, 7, "a.txt", document))
        assert SERVES not in second.log
        bots.kill(first)
        asked = server.say(7, "متى نزل المطر على القرية الزرقاء؟")
        second.wait_for_log(SERVES, SOON)
        server.wait_for_reply(7, asked)
        (reply,) = [call for call in server.taken("sendMessage", 7) if call.reply_to == asked]
        assert "الأحد" in reply.text
        bots.start("first").wait_for_log(STANDS_BY)


def test_one_that_was_displaced_stands_by_and_does_not_answer(
    postgresql_server: PostgreSQLServer, tmp_path: Path
) -> None:
    with TelegramServer() as server, replicas(server, postgresql_server, tmp_path) as bots:
        first = bots.start("first")
        first.wait_for_log(SERVES)
        second = bots.start("second")
        second.wait_for_log(STANDS_BY)
        while STANDS_BY not in first.log:  # whose turn it is then is a race, which either may win
            assert first.running, bots.log
            postgresql_server.cut()
            time.sleep(3)
        second.wait_for_log(SERVES)
        server.wait_for_reply(7, server.say(7, QUESTION))


def disturbed(bots: Replicas, running: PostgreSQLServer, number: int, what: str) -> None:
    """Something goes wrong; who was killed is started again."""
    serving = max(bots.running, key=lambda bot: bot.log.count(SERVES) - bot.log.count(STANDS_BY))
    if what == "cut":
        running.cut()
    elif what == "restart":
        running.stop()
        time.sleep(0.5)
        running.start()
    else:
        bots.kill(serving if what == "serving" else bots.running[number % len(bots.running)])
        bots.start(f"replica-{number}")


def replied(server: TelegramServer) -> dict[int, float]:
    """The messages that were replied to, and when they were for the first time."""
    return {call.reply_to: call.time for call in reversed(server.taken("sendMessage")) if call.reply_to}


def trial(server: TelegramServer, running: PostgreSQLServer, home: Path, times: int, people: int) -> str:
    """People ask while all kinds of things go wrong, each so many times; the figures."""
    chance = random.Random(5)  # noqa: S311  (no secret)
    with replicas(server, running, home) as bots:
        for number in range(3):
            bots.start(f"first-{number}")
        server.wait_for_arrival(server.asks)
        events = ["cut", "restart", "serving", "any"] * times
        chance.shuffle(events)
        asked: dict[int, list[int]] = {}
        began: dict[int, float] = {}
        for number, what in enumerate(events):
            for person in chance.sample(range(people), min(people, 10)):
                message = server.say(3000 + person, QUESTION)
                asked.setdefault(3000 + person, []).append(message)
                began[message] = time.monotonic()
            time.sleep(chance.uniform(0.0, 0.5))
            disturbed(bots, running, number, what)
            if chance.random() < 0.7:  # the next thing goes wrong while one serves; else before one does
                server.wait_until(lambda: replied(server).keys() >= began.keys(), 10 * SOON)
        server.wait_until(lambda: replied(server).keys() >= began.keys(), 10 * SOON)
        messages, first = began.keys(), replied(server)
        told = Counter(call.reply_to for call in server.taken("sendMessage") if call.text != PERHAPS)
        doubled = sum(told[message] > 1 for message in messages)
        assert max(told[message] for message in messages) <= 2
        assert doubled <= bots.log.count("may double")
        for those in asked.values():
            assert sorted(those, key=first.__getitem__) == those
        waits = sorted(first[message] - began[message] for message in messages)
        p95 = waits[int(len(waits) * 0.95)]
        return (f"events={len(events)} asked={len(messages)} unanswered=0 out_of_order=0 doubled={doubled}"
                f" p50={waits[len(waits) // 2]:.2f} p95={p95:.2f} longest={waits[-1]:.2f}")  # fmt: skip


def test_whatever_dies_no_question_is_left(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    with TelegramServer() as server:
        trial(server, postgresql_server, tmp_path, 1, 10)


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_ten_times_each_with_three_hundred_people(
    postgresql_server: PostgreSQLServer, tmp_path: Path, way: str
) -> None:
    with TelegramServer(webhook=way == "webhook") as server:
        sys.stderr.write(f" {way}: {trial(server, postgresql_server, tmp_path, 10, 300)}\n")
