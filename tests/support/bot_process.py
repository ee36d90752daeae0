"""The real bot, in a process of its own, as tests start it, read its log and end it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

import psutil
from emulator import PATIENCE, TelegramServer
from places import ROOT

from bot.store.database import NAME

CORPUS = ROOT / "corpus"
COMMAND = (sys.executable, "-m", "bot", "bot")


class BotProcess:
    """A bot that speaks to the server at ``url``; a context that never leaves a process behind.

    ``home`` is an empty folder: the working folder, and the place of the bot's state. ``settings`` are environment
    variables that are added, or taken away by None; by itself the reader is off, which takes a second at each start.
    What the bot writes, on either stream, is its ``log``.
    """

    def __init__(
        self,
        url: str,
        token: str,
        home: Path,
        *,
        settings: Mapping[str, str | None] | None = None,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        wanted: dict[str, str | None] = {
            "TELEGRAM_BOT_TOKEN": token,
            "TELEGRAM_API_URL": url,
            "IQTIBAS_CORPUS": str(CORPUS),
            "IQTIBAS_DATA": str(home / "data"),
            "IQTIBAS_READER": "off",
            "PYTHONPATH": str(ROOT),
            **(settings or {}),
        }
        self._environment = _environment(wanted)
        self._home = home
        self._command = command
        self._lines: list[str] = []
        self._forgotten: list[str] = []
        self._grew = threading.Condition()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._home,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.kill()

    @property
    def log(self) -> str:
        """What the bot has written so far, or since the log was forgotten."""
        with self._grew:
            return "".join(self._lines)

    def leaks(self, server: TelegramServer) -> list[str]:
        """The token, and what people and the bot have said, as far as it stands anywhere in what the bot wrote."""
        with self._grew:
            written = "".join(self._forgotten + self._lines)
        secrets = {server.token, server.token.partition(":")[2], *server.said}
        for call in server.calls("sendMessage"):
            secrets.update(line.strip() for line in call.message.text.splitlines())
        return [secret for secret in secrets if secret and secret in written]

    @property
    def data(self) -> Path:
        """The folder of the bot's state."""
        return self._home / "data"

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    @property
    def memory(self) -> int:
        """The bytes of memory that the process takes."""
        return int(psutil.Process(self._process.pid).memory_info().rss)

    @property
    def processor_seconds(self) -> float:
        """The time of the processor that the process has taken so far."""
        spent = psutil.Process(self._process.pid).cpu_times()
        return float(spent.user + spent.system)

    def wait_for_log(self, words: str, timeout: float = PATIENCE) -> list[str]:
        """The lines of the log that hold ``words``, once there is one. Raises AssertionError if none comes."""
        with self._grew:
            self._grew.wait_for(lambda: self._found(words), timeout)
            found = self._found(words)
        assert found, f"no line with {words!r} within {timeout} s in:\n{self.log}"
        return found

    def settle(self) -> None:
        """Wait until no update is under way of those that came so far."""
        self.settle_in(self.data)

    def settle_in(self, folder: Path, timeout: float = PATIENCE) -> None:
        """The same, where the state has another folder."""
        with closing(sqlite3.connect(f"file:{folder / NAME}?mode=ro", uri=True)) as state:
            end = time.monotonic() + timeout
            while state.execute("SELECT count(*) FROM updates WHERE body NOT NULL").fetchone() != (0,):
                assert time.monotonic() < end
                time.sleep(0.05)

    def forget_log(self) -> None:
        """Begin a new log, for a test that shares the bot with others."""
        with self._grew:
            self._forgotten += self._lines
            self._lines = []

    def interrupt(self) -> None:
        """Ask the process to end, and do not wait."""
        self.signal(signal.SIGTERM)

    def signal(self, number: int) -> None:
        """Send the process a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        self._process.kill()
        self.wait()

    def wait(self, timeout: float = PATIENCE) -> int:
        """The exit status, once the process has ended by itself and its log is read to the end."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {timeout} s:\n{self.log}") from None
        self._reader.join()
        return status

    def stop(self) -> None:
        """Ask the process to end. Raises AssertionError if it does not end cleanly."""
        self.interrupt()
        status = self.wait()
        assert status == 0, f"ended with {status}:\n{self.log}"

    def _found(self, words: str) -> list[str]:
        return [line for line in self._lines if words in line]

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for line in stream:
                with self._grew:
                    self._lines.append(line)
                    self._grew.notify_all()


@contextmanager
def serving(server: TelegramServer, home: Path, **settings: str) -> Iterator[BotProcess]:
    """A bot that serves by ``server``. In the end it must stop cleanly, and have logged nothing that is not its own and
    asked nothing that Telegram would refuse."""
    before = server.arrivals(server.asks)
    with BotProcess(server.url, server.token, home, settings=server.settings | settings) as bot:
        server.wait_for_arrival(server.asks, before + 1)
        yield bot
        bot.stop()
        assert not bot.leaks(server), bot.leaks(server)
        assert not server.refused


def _environment(wanted: Mapping[str, str | None]) -> dict[str, str]:
    """Our own environment without settings or proxies of whoever runs the tests, and with what is wanted."""
    foreign = ("TELEGRAM_", "IQTIBAS_")
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(foreign) and not name.lower().endswith("_proxy")
    }
    return inherited | {name: value for name, value in wanted.items() if value is not None}
