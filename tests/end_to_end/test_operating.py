"""A week of an operator: set up by a file, indexed, served, backed up while it runs, upgraded, put back elsewhere."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import TelegramServer
from emulator_files import send
from places import ROOT

from bot.store.database import NAME, OLDER
from bot.store.migrations import MIGRATIONS

pytestmark = pytest.mark.xdist_group("bot process")

CHAT = 2001
ASKED = "متى افتتح العمدة سوق الحي رقم 77؟"
LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with articles and a file of settings that names them."""
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for number in range(200):
        text = f"سوق الحي رقم {number}\n\nافتتح العمدة سوق الحي رقم {number} سنة {1700 + number} بعد ترميم طويل.\n"
        (corpus / f"{number}.txt").write_text(text, "utf-8")
    (tmp_path / "bot.toml").write_text(
        'iqtibas_corpus = "articles"\niqtibas_data = "state"\niqtibas_reader = false\niqtibas_min_confidence = 0.1\n'
    )
    return tmp_path


def iqtibas(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("IQTIBAS_", "TELEGRAM_"))}
    environ = inherited | {"PYTHONPATH": str(ROOT), "IQTIBAS_CONFIG": str(home / "bot.toml")} | more
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return done


def bot(server: TelegramServer, home: Path, state: str | None = None) -> BotProcess:
    """A bot that knows no more than the file of settings, and its token from a file."""
    (home / "token").write_text(server.token)
    settings: dict[str, str | None] = dict.fromkeys(("IQTIBAS_CORPUS", "IQTIBAS_READER", "TELEGRAM_BOT_TOKEN"))
    settings |= {"TELEGRAM_BOT_TOKEN_FILE": str(home / "token"), "IQTIBAS_CONFIG": str(home / "bot.toml")}
    return BotProcess(server.url, server.token, home, settings=settings | {"IQTIBAS_DATA": state})


def ask(server: TelegramServer, text: str) -> str:
    before = len(server.taken("sendMessage"))
    server.say(CHAT, text)
    return server.wait_for("sendMessage", before + 1)[before].message.text


def as_before(state: Path) -> None:
    """Take the state file back to how the version before wrote it."""
    with closing(sqlite3.connect(state / NAME, isolation_level=None)) as connection:
        connection.execute("DROP TABLE refused")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")


def test_a_week_of_an_operator(home: Path) -> None:
    state = home / "state"
    assert iqtibas(home, "index").returncode == 0
    assert iqtibas(home, "doctor").returncode == 0
    with TelegramServer() as server:
        with bot(server, home) as running:
            server.wait_for_arrival("getUpdates")
            assert "1777" in ask(server, ASKED)
            send(server, CHAT, "عقد.txt", LEASE.encode())
            server.wait_for("sendMessage", 2)
            (home / "articles" / "new.txt").write_text("الميناء\n\nافتتح الوزير الميناء القديم سنة 1950.\n", "utf-8")
            (home / "articles" / "77.txt").unlink()
            running.wait_for_log("removed=1")
            running.wait_for_log("added=1")
            assert "1950" in ask(server, "متى افتتح الوزير الميناء القديم؟")
            running.settle_in(state)
            assert iqtibas(home, "backup", "copy").returncode == 0
            assert iqtibas(home, "restore", "copy").returncode == 1  # it runs, and something is kept there
            told = json.loads(iqtibas(home, "doctor", "--json").stdout)
            assert "serves from it" in str(told["findings"])
            running.stop()
        waiting = server.say(CHAT, "متى افتتح العمدة سوق الحي رقم 12؟")  # it came while nothing ran
        as_before(state)
        with bot(server, home) as running:
            server.wait_for("sendMessage", 4)
            assert server.taken("sendMessage")[3].reply_to == waiting
            assert "ثلاثة آلاف" in ask(server, "كم يدفع المستأجر كمال الزهراني؟")
            running.stop()
        older = state / f"{NAME}{OLDER}{len(MIGRATIONS) - 1}"
        with closing(sqlite3.connect(older)) as connection:  # what the version before would go on with
            assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) - 1,)
            assert connection.execute("SELECT count(*) FROM files").fetchone() == (1,)
        assert iqtibas(home, "restore", "copy", IQTIBAS_DATA="other").returncode == 0
        with bot(server, home, "other") as running:
            server.wait_for_arrival("getUpdates")
            assert "ثلاثة آلاف" in ask(server, "كم يدفع المستأجر كمال الزهراني؟")
            running.stop()
