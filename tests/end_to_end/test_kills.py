"""The bot is killed twenty times while it answers: every question has its answer, and is doubled only by the rule."""

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, serving
from emulator import TelegramServer

pytestmark = pytest.mark.kills

KILLS = 20
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
CHATS = range(3001, 3007)
FAULTS: tuple[dict[str, Any], ...] = (
    {},
    {"stall": 30},
    {"delay": 0.3},
    {"status": 500},
    {"status": 429, "retry_after": 1},
)
"""None; sent, but no reply; late; not taken; not taken, and told to wait."""


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_twenty_times_it_answers_every_question_and_doubles_only_by_the_rule(tmp_path: Path, seed: int) -> None:
    chance, asked, log = random.Random(seed), [], ""  # noqa: S311  (no secret)
    with TelegramServer() as server:
        for _ in range(KILLS):
            with BotProcess(server.url, server.token, tmp_path, settings={"IQTIBAS_READER": "on"}) as bot:
                polls = server.arrivals("getUpdates")
                server.wait_for_arrival("getUpdates", polls + 1)
                fault = chance.choice(FAULTS)
                if fault:
                    server.fail("sendMessage", times=3, **fault)
                asked += [server.say(chat, QUESTION) for chat in CHATS]
                time.sleep(chance.uniform(0, 0.5))
                bot.kill()
                log += bot.log
        with serving(server, tmp_path) as bot:
            last = {server.say(chat, "/about") for chat in CHATS}
            taken: list[Any] = []
            while not last <= {call.reply_to for call in taken}:
                taken = server.wait_for("sendMessage", len(taken) + 1)
            log += bot.log
    answers = Counter(call.reply_to for call in taken)
    doubled = [message for message in asked if answers[message] > 1]
    assert [message for message in asked if not answers[message]] == []
    assert max(answers.values()) <= 2
    assert len(doubled) <= log.count("may double")
    assert "dropped" not in log
