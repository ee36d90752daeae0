"""Killed again and again, at each step of what it does: every question has its answer, every file is whole, a group has
moved, an index answers, and of who was forgotten not a byte is left.

``make kills KILLS=200``: so many kills for each. A life is ended at its first step, the next at its second, and so on,
round and round; a step is a statement, a file that is made, renamed or deleted, or a request.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bot_process import CORPUS
from emulator import PATIENCE, WAYS, TelegramServer
from emulator_files import send
from emulator_groups import BOT, person, write
from lives import LOOKED_AFTER, Lives

from bot.phrases import phrases
from bot.store.database import NAME
from bot.telegram.transport.journal import MOST_STARTS
from retrieval import Library

KILLS = int(os.environ.get("KILLS", "200"))
MIXED = 60
"""Kills of the trial that is a part of the soak."""
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
FAULTS: tuple[dict[str, Any], ...] = (
    *({},) * 3,
    {"drop": True, "taken": True},
    {"status": 500},
    {"status": 429, "retry_after": 1},
)
"""None; sent, but no reply; not taken; not taken, and told to wait."""
SERVING = "serving as"
PERHAPS = phrases("ar").perhaps_answered
queries = count(1)


def tell(figures: str) -> None:
    """Show what came of a trial, to whoever runs it with ``-s``."""
    sys.stderr.write(f" {figures}\n")


class Trial:
    """A server, a state folder, and the lives of the bot between them. ``told``: how many updates were given."""

    def __init__(self, server: TelegramServer, home: Path, lives: Lives) -> None:
        self.server, self.home, self.lives = server, home, lives
        self.data = home / "data"
        self.told = 0
        self._numbers = 0

    def handled(self) -> bool:
        """Whether all that was told is wholly handled."""
        try:
            with closing(sqlite3.connect(f"file:{self.data / NAME}?mode=ro", uri=True)) as state:
                ((known, waiting),) = state.execute("SELECT count(*), count(body) FROM updates").fetchall()
        except sqlite3.Error:
            return False
        return (known, waiting) == (self.told, 0)

    def quiet(self, *tell: Callable[[], object]) -> None:
        """A life in which what is told is handled, and that ends as it should."""
        serving = self.lives.log.count(SERVING)
        pid = self.lives.begin()
        for one in tell:
            self.tell(one)
        # not before it serves: until then nobody listens for the signal, and it ends by it
        is_done = lambda: self.handled() and self.lives.log.count(SERVING) > serving  # noqa: E731
        ended = self.lives.until(pid, is_done, signal.SIGTERM)
        assert (ended["signal"], ended["status"]) == (0, 0), self.lives.log[-3000:]

    def tell(self, one: Callable[[], object]) -> None:
        one()
        self.told += 1

    def kill(self, tell: Callable[[int], object], kills: int = KILLS, fault: str = "", least: int = 1) -> None:
        """So many lives, each told one thing and killed, each at a later step than the one before; then a quiet one.

        A quiet one too before an update is begun so often that it is given up as one that ends the bot itself."""
        chance, at, left = random.Random(7), least, 0  # noqa: S311  (no secret)
        for number in range(kills):
            if chosen := fault and chance.choice(FAULTS):
                self.server.fail(fault, **chosen)
            pid = self.lives.begin(at)
            self.tell(partial(tell, number))
            ended = self.lives.until(pid, self.handled)
            # after a life that came to its end before its kill, from the beginning
            is_over = self.handled() or ended["signal"] != signal.SIGKILL
            at, left = (least, 0) if is_over else (at + 1, left + 1)
            if left == MOST_STARTS - 1:
                self.quiet()
                left = 0
        self.quiet()
        assert "Traceback" not in self.lives.log, self.lives.log[self.lives.log.index("Traceback") - 300 :][:3000]
        assert "dropped after" not in self.lives.log
        assert "given up after" not in self.lives.log

    def answers(self, asked: list[int]) -> Counter[int]:
        """How often each message was answered; at most twice, and twice only where the log says so. Where it may not
        have been, its sender was told."""
        calls = [call for call in self.server.taken("sendMessage") if call.reply_to]
        told = {call.reply_to for call in calls if call.text == PERHAPS}
        replies = Counter(call.reply_to for call in calls if call.text != PERHAPS)
        found = Counter({message: replies[message] for message in asked})
        assert [message for message in asked if not found[message] and message not in told] == []
        assert max(found.values()) <= 2
        assert sum(times > 1 for times in found.values()) <= self.lives.log.count("may double")
        return found


@contextmanager
def trial(home: Path, way: str = "polling") -> Iterator[Trial]:
    with TelegramServer(webhook=way == "webhook") as server:
        settings = server.settings | {
            "TELEGRAM_BOT_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "IQTIBAS_CORPUS": str(CORPUS),
            "IQTIBAS_DATA": str(home / "data"),
            "IQTIBAS_READER": "off",
            "IQTIBAS_FLOOD_CONTROL": "off",
            "IQTIBAS_QUESTIONS_PER_MINUTE": "999",
        }
        with Lives(home, "bot", settings) as lives:
            yield Trial(server, home, lives)


def rows(data: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data / NAME)) as state:
        return state.execute(statement).fetchall()


def receiving_and_answering(trial: Trial, kills: int, text: str, fault: str) -> None:
    asked: list[int] = []
    trial.kill(lambda number: asked.append(trial.server.say(3000 + number, text)), kills, fault)
    doubled = sum(times > 1 for times in trial.answers(asked).values())
    tell(f"kills={trial.lives.kills} asked={len(asked)} lost=0 doubled={doubled}")


@pytest.mark.kills
@pytest.mark.parametrize("way", WAYS)
def test_while_it_receives(tmp_path: Path, way: str) -> None:
    with trial(tmp_path, way) as one:
        receiving_and_answering(one, KILLS, "/about", "")


@pytest.mark.kills
@pytest.mark.parametrize("way", WAYS)
def test_while_it_answers(tmp_path: Path, way: str) -> None:
    with trial(tmp_path, way) as one:
        receiving_and_answering(one, KILLS, QUESTION, "sendMessage")


def text_of(number: int) -> str:
    """The text of a file, with a word that stands nowhere else."""
    return f"عنوان {word(number)}\n\nنزل المطر على القرية {word(number)}.\n" + "ثم صحت السماء.\n" * 2000


def word(number: int) -> str:
    return "قزح" + str(number).translate(str.maketrans("0123456789", "بتثجحخدذرز")) + "قزح"


def whole(trial: Trial, chats: list[int]) -> None:
    """Each of the chats has its file, whole, and nothing else stands in the folders."""
    held = rows(trial.data, "SELECT chat, id, name, size FROM files ORDER BY chat")
    assert sorted(chat for chat, *_ in held) == sorted(chats)
    found = {path for path in (trial.data / "files").rglob("*") if path.is_file()}
    assert found == {trial.data / "files" / str(chat) / str(number) / name for chat, number, name, _ in held}
    for chat, number, name, size in held:
        content = (trial.data / "files" / str(chat) / str(number) / name).read_bytes()
        assert len(content) == size
        assert content.decode() == text_of(chats.index(chat))


@pytest.mark.kills
def test_while_a_file_is_given(tmp_path: Path) -> None:
    with trial(tmp_path) as one:
        asked: list[int] = []
        give = lambda number: send(one.server, 3000 + number, "a.txt", text_of(number).encode())  # noqa: E731
        one.kill(lambda number: asked.append(give(number)))
        doubled = sum(times > 1 for times in one.answers(asked).values())
        whole(one, [3000 + number for number in range(KILLS)])
        tell(f"kills={one.lives.kills} files={KILLS} not_whole=0 lost=0 doubled={doubled}")


def admins_of(trial: Trial, number: int) -> None:
    """A group with a file of somebody's and a question."""
    send(trial.server, -3000 - number, "a.txt", text_of(number).encode(), caption=f"@{BOT['username']}", user=5)


@pytest.mark.kills
def test_while_a_group_moves(tmp_path: Path) -> None:
    with trial(tmp_path) as one:
        one.quiet(*(partial(admins_of, one, number) for number in range(KILLS)))
        old, new = [[base - number for number in range(KILLS)] for base in (-3000, -1003000)]
        one.kill(lambda number: write(one.server, old[number], 5, migrate_to_chat_id=new[number]))
        whole(one, new)
        assert rows(one.data, "SELECT * FROM moving") == []
        assert {chat for (chat,) in rows(one.data, "SELECT id FROM chats")} == set(new)
        tell(f"kills={one.lives.kills} groups={KILLS} lost=0")


def forms(words: str) -> list[bytes]:
    return [words.encode(), words.encode("utf-16-le"), json.dumps(words)[1:-1].encode()]


@pytest.mark.kills
def test_while_somebody_is_forgotten(tmp_path: Path) -> None:
    with trial(tmp_path) as one:
        people = range(3000, 3000 + KILLS)
        one.quiet(*(partial(send, one.server, user, "a.txt", text_of(user).encode()) for user in people))
        one.quiet(*(partial(one.server.say, user, f"{QUESTION} {word(user)}") for user in people))
        one.quiet(*(partial(one.server.say, user, "/forgetme") for user in people))
        asked = {call.chat_id: call for call in one.server.taken("sendMessage") if "f:1:" in str(call.fields)}
        words = {form: word(user) for user in people for form in forms(word(user))}
        files = [path for path in one.data.rglob("*") if path.is_file()]
        assert any(form in path.read_bytes() for path in files for form in words)

        def press(number: int) -> None:
            user = people[number]
            response = asked[user].response
            assert response
            query = {"id": str(next(queries)), "from": person(user), "chat_instance": "1", "data": f"f:1:{user}"}
            one.server.tell("callback_query", query | {"message": response["result"]})

        one.kill(press)
        left = [
            (path.name, words[form])
            for path in one.data.rglob("*")
            if path.is_file()
            for content in [path.read_bytes()]
            for form in words
            if form in content
        ]
        assert left == []
        assert not (one.data / "files").exists() or not list((one.data / "files").iterdir())
        told = {call.chat_id for call in one.server.taken("editMessageText")}
        assert told == set(people)
        tell(f"kills={one.lives.kills} forgotten={KILLS} words_left=0")


@pytest.mark.kills
def test_while_an_index_is_brought_up_to_date(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()

    def write_article(number: int, version: int) -> None:
        path = corpus / f"{number}.txt"
        path.with_suffix(".part").write_text(
            f"خبر\n\nكلف المشروع {word(number)} مبلغ {version + 100} دينار.\n", "utf-8"
        )
        path.with_suffix(".part").rename(path)

    def cost(library: Library, number: int) -> str:
        quotes = library.ask(f"كم كلف المشروع {word(number)}؟").quotes
        return quotes[0].text if quotes else ""

    for number in range(40):
        write_article(number, 0)
    with Lives(tmp_path, "index", {"IQTIBAS_CORPUS": str(corpus), "IQTIBAS_DATA": str(index)}) as lives:
        lives.begin()
        assert lives.end()["signal"] == 0
        at = 1
        for version in range(1, KILLS + 1):
            for number in range(version % 40, version % 40 + 3):
                write_article(number % 40, version)
            lives.begin(at)
            at = at + 1 if lives.end()["signal"] else 1
            library = Library.open(corpus, engine="disk", index=index, min_confidence=0.1, reader=False)
            assert f"{version + 100} دينار" in cost(library, version % 40)
            assert word((version + 20) % 40) in cost(library, (version + 20) % 40)
            library.close()
        library = Library.open(corpus, engine="disk", index=index, reader=False)
        assert list(library.faults()) == []
        library.close()
        tell(f"kills={lives.kills} lost=0")


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_killed_sixty_times_among_all_that_people_do_it_loses_nothing(tmp_path: Path, way: str) -> None:
    chance = random.Random(3)  # noqa: S311  (no secret)
    with trial(tmp_path, way) as one:
        asked: list[int] = []
        for number in range(MIXED):
            user = 3000 + number
            pid = one.lives.begin(chance.randrange(1, 60))
            one.tell(lambda user=user: asked.append(one.server.say(user, QUESTION)))
            one.tell(lambda user=user: asked.append(send(one.server, user, "a.txt", text_of(user).encode())))
            one.tell(lambda user=user: asked.append(one.server.say(user, "/mydocs")))
            one.lives.until(pid, one.handled)
        one.quiet()
        doubled = sum(times > 1 for times in one.answers(asked).values())
        tell(f"kills={one.lives.kills} asked={len(asked)} lost=0 doubled={doubled}")
        deadline = time.monotonic() + PATIENCE
        while not one.handled():
            assert time.monotonic() < deadline
            time.sleep(LOOKED_AFTER)
