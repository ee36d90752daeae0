"""Somebody has themselves forgotten by a running bot: nothing of theirs is left in any byte of the state folder."""

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, serving
from emulator import PATIENCE, Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_files import send
from emulator_groups import BOT, MENTION, group, person, reply_to, write
from places import ROOT

from bot.phrases import phrases
from bot.store import held

pytestmark = pytest.mark.xdist_group("telegram forgetting")

SAYS = phrases("ar").documents
SETTINGS = {"IQTIBAS_QUESTIONS_PER_MINUTE": "9999", "IQTIBAS_READER": "off"}
GIVEN = f"{MENTION} متى نزل المطر؟"
FOUND = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
HIDDEN = 1087968824  # by whom Telegram says that an anonymous admin writes
people, groups = count(7001), count(-7001, -1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def bot(server: TelegramServer, home: Path) -> Iterator[BotProcess]:
    with serving(server, home, **SETTINGS) as running:
        yield running


@pytest.fixture
def user(bot: BotProcess) -> int:
    return next(people)


@pytest.fixture
def chat(bot: BotProcess) -> int:
    return next(groups)


def forms(words: str) -> list[bytes]:
    """Words as a file may hold them."""
    return [words.encode(), words.encode("utf-16-le"), json.dumps(words)[1:-1].encode()]


def left(home: Path, words: list[str]) -> list[tuple[str, str]]:
    """Where any of some words are left, in the bytes or the names of the files of the state folder."""
    return [
        (path.name, word)
        for folder, _, names in os.walk(home / "data")  # which passes by a folder that goes meanwhile
        for path in (Path(folder), *(Path(folder, name) for name in names))
        for word in words
        if word in path.name or any(form in bytes_of(path) for form in forms(word))
    ]


def bytes_of(path: Path) -> bytes:
    """The bytes of a file; none of what is no file, or goes meanwhile."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        return b""


def told(server: TelegramServer, chat: int, work: Any, messages: int = 1) -> Call:
    """The last of the messages that the bot sends in a chat upon ``work``."""
    before = len(server.taken("sendMessage", chat))
    work()
    return server.wait_for("sendMessage", before + messages, chat_id=chat)[-1]


def forget(server: TelegramServer, user: int) -> None:
    """Somebody asks to be forgotten, and means it."""
    asked = told(server, user, lambda: server.say(user, "/forgetme"))
    ((_, data),) = buttons(asked).items()
    press(server, asked, data, user=user)
    server.wait_for("editMessageText", chat_id=user)


def gone(home: Path, words: list[str]) -> None:
    """Wait until none of some words is left."""
    end = time.monotonic() + PATIENCE
    while found := left(home, words):
        assert time.monotonic() < end, found
        time.sleep(0.1)


def test_in_a_group_all_goes_that_holds_words_of_theirs_and_others_keep_theirs(
    server: TelegramServer, bot: BotProcess, home: Path, user: int, chat: int
) -> None:
    other, third = next(people), next(people)
    mine = ["زقزقزق", "قرقرقر", "طبطبطب", "هبهبهب"]
    # refused, so that no answer with buttons is kept
    told(server, chat, lambda: write(server, chat, user, f"{MENTION} ما شأن {mine[0]}؟"))
    # answered, and another's question leans on it, of which a third has an opinion
    found = told(server, chat, lambda: write(server, chat, user, f"{MENTION} {FOUND} {mine[1]}"))
    assert found.response
    card = reply_to(BOT, "…", chat)["reply_to_message"] | {"message_id": found.response["result"]["message_id"]}
    leaning = told(server, chat, lambda: write(server, chat, other, f"{MENTION} ومن شارك فيها؟", reply_to_message=card))
    for name, data in buttons(leaning).items():
        if name == "👍":
            press(server, leaning, data, user=third, chat=group(chat))
    # another asks what they wrote
    theirs = {"message_id": 1, "date": 1, "chat": group(chat), "from": person(user), "text": f"{FOUND} {mine[2]}"}
    told(server, chat, lambda: write(server, chat, other, "/ask", reply_to_message=theirs))
    text = f"عنوان\n\nنزل المطر {mine[3]}.".encode()
    told(server, chat, partial(send, server, chat, f"{mine[3]}.txt", text, caption=GIVEN, user=user), messages=2)
    told(server, other, lambda: server.say(other, f"{FOUND} وصوصوص"))
    bot.settle()
    assert {word for _, word in left(home, mine)} == set(mine)
    forget(server, user)
    gone(home, mine)
    assert left(home, ["وصوصوص"])


def test_what_waits_when_somebody_is_forgotten_is_answered_and_then_forgotten(
    server: TelegramServer, home: Path, user: int, chat: int
) -> None:
    word = "لعلعلعل"
    fault = server.fail("sendMessage", chat_id=chat, held=True, delay=0.01)
    arrived = server.arrivals("sendMessage")
    write(server, chat, user, f"{MENTION} {FOUND} {word}")
    server.wait_for_arrival("sendMessage", arrived + 1)
    forget(server, user)
    assert left(home, [word])
    fault.held = False
    server.wait_for("sendMessage", chat_id=chat)
    gone(home, [word])


def test_files_of_an_admin_who_does_not_show_who_they_are_belong_to_the_admins(
    server: TelegramServer, home: Path, user: int, chat: int
) -> None:
    stranger = next(people)
    server.admins[chat] = [user]
    hidden = {"sender_chat": group(chat)}
    word = "سمسمسم"
    for name in ("a.txt", "b.txt"):
        text = f"عنوان {name}\n\nنزل {word} {name}.".encode()
        told(server, chat, partial(send, server, chat, name, text, caption=GIVEN, user=HIDDEN, **hidden), messages=2)
    listed = told(server, chat, lambda: write(server, chat, stranger, "/mydocs"))
    data = buttons(listed)["احذف 1"]
    assert press(server, listed, data, user=stranger, chat=group(chat)).fields["text"] == SAYS["not_yours"]
    assert press(server, listed, data, user=user, chat=group(chat)).fields["text"].startswith("حذفت")
    asked = told(server, chat, lambda: write(server, chat, HIDDEN, "/forgetme", **hidden))
    ((_, data),) = buttons(asked).items()
    pressed = press(server, asked, data, user=stranger, chat=group(chat))
    assert pressed.fields["text"] == SAYS["not_asked_by_you"]
    assert left(home, [word])
    press(server, asked, data, user=user, chat=group(chat))
    gone(home, [word])


def test_all_files_of_the_state_folder_are_on_the_list_and_nobody_else_may_read_them(
    server: TelegramServer, home: Path, user: int
) -> None:
    told(server, user, lambda: send(server, user, "a.txt", "عنوان\n\nنزل المطر على القرية.".encode()))
    told(server, user, lambda: server.say(user, FOUND))
    data = home / "data"
    found = [path for path in data.rglob("*") if path.is_file()]
    assert [path for path in found if not held.is_listed(path.relative_to(data).as_posix())] == []
    assert {"files", "prepared"} <= {path.relative_to(data).parts[0] for path in found}
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*"))}
    assert {path: oct(mode) for path, mode in modes.items() if mode & 0o077} == {}


def test_what_the_command_index_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("عنوان\n\nنزل المطر على القرية.\n", "utf-8")
    settings = {"IQTIBAS_DATA": str(tmp_path / "state"), "PYTHONPATH": str(ROOT), "IQTIBAS_READER": "off"}
    command = [sys.executable, "-m", "bot", "index", "--corpus", str(corpus)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | settings, cwd=tmp_path, umask=0o022)
    made = [tmp_path / "state", *(tmp_path / "state").rglob("*")]
    assert len(made) > 3
    assert {path: oct(path.stat().st_mode) for path in made if path.stat().st_mode & 0o077} == {}
