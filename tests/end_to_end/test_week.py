"""A week of an operator with five thousand articles, upgraded from the program as it really was before its state and
its index last changed their form, and taken back to it: whatever is asked meanwhile is answered.

Some minutes: a part of the soak. The same with two hundred articles is in ``test_operating.py``.
"""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from bot_process import COMMAND, BotProcess
from emulator import TelegramServer
from emulator_files import send
from places import ROOT

from bot.store.database import NAME, OLDER
from bot.store.migrations import MIGRATIONS

pytestmark = pytest.mark.soak

ARTICLES = 5000
KEEPER, READERS = 3001, range(4001, 4021)
EVERY = 1.0
"""Seconds between two questions of the readers."""
LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n"
LONG = 1800.0
"""Seconds that five thousand articles may take on a machine that has much else to do."""


def last_changed(path: str, pattern: str) -> str:
    """The commit that last changed lines of a file that hold a pattern, as far as this clone knows."""
    asked = ["git", "log", "-1", f"-G{pattern}", "--format=%H", "--", path]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def is_before(one: str, other: str) -> bool:
    return subprocess.run(["git", "merge-base", "--is-ancestor", one, other], cwd=ROOT).returncode == 0


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """The code as it was before its state and its index last changed their form."""
    state = last_changed("bot/store/migrations.py", "^MIGRATIONS|^    \\*\\(_FILES")
    index = last_changed("retrieval/corpus/versions.py", "^VERSION = ")
    if not state or not index:
        pytest.skip("the history of this clone does not reach so far")
    first = state if is_before(state, index) else index
    archive = ["git", "archive", f"{first}^", "bot", "retrieval", "corpus"]
    done = subprocess.run(archive, cwd=ROOT, capture_output=True)
    if done.returncode:
        pytest.skip("the history of this clone does not reach so far")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(tmp_path / "older", filter="data")
    return tmp_path / "older"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with articles."""
    corpus = tmp_path / "articles"
    corpus.mkdir()
    for number in range(ARTICLES):
        (corpus / f"{number}.txt").write_text(article(number), "utf-8")
    return tmp_path


def article(number: int) -> str:
    return (
        f"سوق الحي رقم {number}\n\nافتتح العمدة سوق الحي رقم {number} سنة {year(number)} بعد ترميم طويل.\n\n"
        f"وحضر الافتتاح تجار البلدة وأعيانها، ودعوا إلى مثله في الأحياء المجاورة.\n"
    )


def year(number: int) -> int:
    return 1000 + number * 7 % 900


def question(number: int) -> str:
    return f"متى افتتح العمدة سوق الحي رقم {number}؟"


class Operator:
    """Runs the commands of the program of a day, and its bot, on a state folder."""

    def __init__(self, home: Path, server: TelegramServer) -> None:
        self._home, self._server = home, server
        self.doubts = 0
        """Answers that may stand twice: of which the log says so, and the last before each going back, which the older
        state does not know and Telegram may give again."""

    def settings(self, code: Path, state: str) -> dict[str, str]:
        return (self._server.settings if self._is_given(code, state) else {}) | {
            "TELEGRAM_API_URL": self._server.url,
            "IQTIBAS_CORPUS": str(self._home / "articles"),
            "IQTIBAS_DATA": str(self._home / state),
            "IQTIBAS_ENGINE": "disk",
            "IQTIBAS_MIN_CONFIDENCE": "0.1",
            "IQTIBAS_QUESTIONS_PER_MINUTE": "999",
            "PYTHONPATH": str(code),
        }

    def _is_given(self, code: Path, state: str) -> bool:
        """Whether Telegram gives updates: to the program of today, which knows how."""
        return code == ROOT and state == "state"

    def runs(self, code: Path, *arguments: str, state: str = "state") -> str:
        """What a command says that must succeed."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("IQTIBAS_", "TELEGRAM_"))
        }
        environ = inherited | self.settings(code, state) | {"IQTIBAS_READER": "off"}
        command = [*COMMAND[:-1], *arguments]
        done = subprocess.run(command, cwd=self._home, env=environ, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    @contextmanager
    def serves(self, code: Path, state: str = "state") -> Iterator[BotProcess]:
        """A bot of that code; it must stop cleanly."""
        server, asks = self._server, "setWebhook" if self._is_given(code, state) else "getUpdates"
        before = server.arrivals(asks)
        with BotProcess(server.url, server.token, self._home, settings=self.settings(code, state)) as bot:
            server.wait_for_arrival(asks, before + 1, LONG)
            yield bot
            if bot.running:
                bot.stop()
            assert "Traceback" not in bot.log, bot.log[bot.log.index("Traceback") :][:3000]
            self.doubts += bot.log.count("may double")

    def ask(self, text: str) -> str:
        before = len(self._server.taken("sendMessage", KEEPER))
        self._server.say(KEEPER, text)
        answers = self._server.wait_for("sendMessage", before + 1, chat_id=KEEPER, timeout=LONG)
        return answers[before].message.text


class Readers:
    """People who ask all the week, whatever the operator does. A context; at its end all must have had their answer."""

    def __init__(self, server: TelegramServer) -> None:
        self._server, self._end = server, threading.Event()
        self._asking = threading.Lock()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self.asked: list[tuple[int, int, int]] = []

    def __enter__(self) -> "Readers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._end.wait(EVERY):
            turn = len(self.asked)
            reader, number = READERS[turn % len(READERS)], 100 + turn % 1000
            with self._asking:
                self.asked.append((reader, self._server.say(reader, question(number)), number))

    @contextmanager
    def quiet(self, bot: BotProcess, state: Path) -> Iterator[None]:
        """Meanwhile nobody asks, and nothing is under way: what is, is lost by going back to an older state."""
        with self._asking:
            bot.settle_in(state, LONG)
            yield

    def all_answered(self, doubts: int) -> tuple[int, int]:
        """How many were, each by its own article, and how many of these twice: no more than there are ``doubts``."""
        self._end.set()
        self._thread.join()
        for reader, message, _ in self.asked:
            self._server.wait_for_reply(reader, message, LONG)
        told: dict[int | None, list[str]] = {}
        for call in self._server.taken("sendMessage"):
            told.setdefault(call.reply_to, []).append(call.message.text)
        wrong = [(number, told[message]) for _, message, number in self.asked if not _tells(number, told[message])]
        assert wrong == []
        doubled = {message: len(told[message]) for _, message, _ in self.asked if len(told[message]) > 1}
        assert set(doubled.values()) <= {2}
        assert len(doubled) <= doubts, (doubled, doubts)
        return len(self.asked), len(doubled)


def _tells(number: int, answers: list[str]) -> bool:
    return all(str(year(number)) in answer for answer in answers)


def tell(day: str, began: float) -> None:
    """A figure for whoever watches; pytest shows it with -s."""
    sys.stdout.write(f"\n{day}: {time.monotonic() - began:.0f} s")


def test_a_week_of_an_operator_with_five_thousand_articles(home: Path, older: Path) -> None:
    began, state = time.monotonic(), home / "state"
    articles = home / "articles"
    with TelegramServer(webhook=True) as server:
        operator = Operator(home, server)
        operator.runs(older, "index")
        tell("installed, configured, indexed", began)
        with Readers(server) as readers:
            with operator.serves(older):
                assert str(year(77)) in operator.ask(question(77))
                send(server, KEEPER, "عقد.txt", LEASE.encode())
                server.wait_for("sendMessage", 2, chat_id=KEEPER, timeout=LONG)
                (articles / "new.txt").write_text("الميناء\n\nافتتح الوزير الميناء القديم سنة 1950.\n", "utf-8")
                (articles / "78.txt").unlink()
                while "1950" not in operator.ask("متى افتتح الوزير الميناء القديم؟"):
                    time.sleep(1)
                tell("added and removed", began)
            # upgraded: the program of today on what that one left, and Telegram gives it its updates
            with ExitStack() as asks_on, operator.serves(ROOT) as bot:
                bot.wait_for_log("of another version; it answers as it is", LONG)
                assert "ثلاثة آلاف" in operator.ask("كم يدفع المستأجر كمال الزهراني؟")
                assert str(year(79)) in operator.ask(question(79))
                (articles / "newer.txt").write_text("الجسر\n\nافتتح الوزير الجسر الطويل سنة 1960.\n", "utf-8")
                while "1960" not in operator.ask("متى افتتح الوزير الجسر الطويل؟"):  # by the index of today
                    time.sleep(1)
                tell("upgraded", began)
                operator.runs(ROOT, "backup", "copy")
                assert "serves from it" in operator.runs(ROOT, "doctor")
                tell("backed up", began)
                asks_on.enter_context(readers.quiet(bot, state))
                bot.stop()
            older_state = next(state.glob(f"{NAME}{OLDER}*"))
            assert older_state.name != f"{NAME}{OLDER}{len(MIGRATIONS)}"
            # taken back, to asking for updates too
            for name in (f"{NAME}-wal", f"{NAME}-shm"):
                (state / name).unlink(missing_ok=True)
            shutil.copyfile(older_state, state / NAME)
            operator.doubts += 1
            with ExitStack() as asks_on, operator.serves(older) as bot:
                assert "ثلاثة آلاف" in operator.ask("كم يدفع المستأجر كمال الزهراني؟")
                assert str(year(80)) in operator.ask(question(80))
                tell("taken back", began)
                asks_on.enter_context(readers.quiet(bot, state))
                bot.stop()
            operator.runs(ROOT, "restore", "copy", state="elsewhere")
            operator.doubts += 1
            with operator.serves(ROOT, "elsewhere"):
                assert "ثلاثة آلاف" in operator.ask("كم يدفع المستأجر كمال الزهراني؟")
                assert "1960" in operator.ask("متى افتتح الوزير الجسر الطويل؟")
                asked, doubled = readers.all_answered(operator.doubts)
                tell(f"restored elsewhere; questions={asked} unanswered=0 doubled={doubled}", began)
