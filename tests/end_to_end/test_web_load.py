"""Long trials of the pages: many who read while the bot answers, and ten thousand random requests."""

import itertools
import random
import statistics
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import TelegramServer
from web_face import Face
from web_fuzz import fuzzed

pytestmark = pytest.mark.soak

READERS, PEOPLE, ROUNDS, PAUSE = 50, 4, 15, 2.0
MOST_GROWTH = 2.0
"""How many times as long the slowest answer of twenty may take while people read."""
QUESTIONS = ("متى كان من المقرر أن تنطلق مباحثات أستانا؟", "أين تقع درعا؟", "من منع دخول السفن؟", "كم غارة نفذت؟")
SETTINGS = {"IQTIBAS_QUESTIONS_PER_MINUTE": "99999", "IQTIBAS_READER": "on", "IQTIBAS_FLOOD_CONTROL": "off"}
NEAR_BY = "pages are served at "


def served(bot: BotProcess) -> Face:
    (line,) = bot.wait_for_log(NEAR_BY)
    return Face(line.rpartition(NEAR_BY)[2].strip())


class Readers:
    """People who each ask, open the source, look at the list, verify, and pause. ``statuses`` counts what they got."""

    def __init__(self, face: Face) -> None:
        self._face, self._end = face, threading.Event()
        self.statuses: Counter[object] = Counter()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        for turn in itertools.count(1):
            if self._end.wait(chance.uniform(0, 2 * PAUSE)):
                return
            try:
                question = f"{chance.choice(QUESTIONS)} {number} {turn}"
                answer = self._face.post("/", question=question)
                read = [link for link in answer.seen.links if link.startswith("/read")]
                got = [
                    answer,
                    *(self._face.get(link.partition("#")[0]) for link in read[:1]),
                    self._face.get("/sources"),
                ]
                self.statuses.update(one.status for one in got)
            except OSError as error:
                self.statuses[repr(error)] += 1


def slowest(server: TelegramServer, rounds: int) -> float:
    """The seconds that 19 of 20 answers of the bot stay below; people ask one after another, no question twice."""
    waits = []
    for turn in range(rounds):
        seen = len(server.calls("sendMessage"))
        began = time.monotonic()
        for person in range(1, PEOPLE + 1):
            server.say(person, f"{QUESTIONS[(turn + person) % len(QUESTIONS)]} {began}")
        answers = server.wait_for("sendMessage", seen + PEOPLE)[seen:]
        waits += [answer.time - began for answer in answers]
    return statistics.quantiles(waits, n=20)[-1]


@pytest.mark.alone
def test_fifty_who_read_and_ask_do_not_slow_the_bot(tmp_path: Path) -> None:
    settings = SETTINGS | {"IQTIBAS_WEB": "127.0.0.1:0"}
    with TelegramServer() as server, BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
        face = served(bot)
        server.wait_for_arrival("getUpdates")
        slowest(server, 3)
        alone, beside = [], []
        for _ in range(2):  # by turns, because a machine is not always as fast
            alone.append(slowest(server, ROUNDS))
            with Readers(face) as readers:
                beside.append(slowest(server, ROUNDS))
            sys.stdout.write(
                f"p95 alone {alone[-1]:.3f} s, beside {beside[-1]:.3f} s, pages {dict(readers.statuses)}\n"
            )
            assert set(readers.statuses) == {200}
        bot.stop()
        assert "ERROR" not in bot.log
    assert sum(beside) <= MOST_GROWTH * sum(alone)


def test_ten_thousand_random_requests_and_none_fails(tmp_path: Path) -> None:
    command = (sys.executable, "-m", "bot", "web", "--listen", "127.0.0.1:0")
    settings = {"IQTIBAS_QUESTIONS_PER_MINUTE": "999999"}
    with BotProcess("http://127.0.0.1:1", "", tmp_path, settings=settings, command=command) as bot:
        face = served(bot)
        fuzzed(face, random.Random(10), 10_000)  # noqa: S311
        assert face.get("/").status == 200
        bot.stop()
    lines = bot.log.splitlines()
    known = (NEAR_BY, "question chat=web", "question chat=api", "verified chat=web", "vectors of")
    assert [line for line in lines if not any(words in line for words in known)] == []
    assert "درعا" not in bot.log
