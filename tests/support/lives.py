"""Many lives of the bot, each ended by a real kill at a step that is counted: the next statement of a database, the
next file that is made, renamed or deleted, the next request, made or answered.

A process that has everything in memory already is forked for each life, so that one costs a tenth of a start. ``Lives``
is used by tests; run as a program, this is that process.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from emulator import PATIENCE
from places import ROOT

FILES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"}
WRITES = os.O_WRONLY | os.O_RDWR
LOOKED_AFTER = 0.02
MOST_PATIENCE = 10 * PATIENCE
"""Seconds that a life may take, in which some hundred updates are handled."""


class Lives:
    """Lives of a bot, or of what keeps an index, one after another; a context. ``settings`` are those of the bot."""

    def __init__(self, home: Path, work: str, settings: Mapping[str, str]) -> None:
        self._home, self._work, self._settings = home, work, dict(settings)
        self._log = (home / "log").open("ab")
        self.kills = 0

    def __enter__(self) -> Self:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("IQTIBAS_", "TELEGRAM_"))
        }
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
        self._process = subprocess.Popen(
            [sys.executable, __file__, self._work],
            cwd=self._home,
            env=environment | self._settings | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # with a life that goes on
        self._process.communicate()
        self._log.close()

    @property
    def log(self) -> str:
        """What all lives have written."""
        return Path(self._log.name).read_text("utf-8", "replace")

    def begin(self, die_at: int = 0) -> int:
        """Begin a life that is killed at its ``die_at``th step, or at none; the id of its process."""
        return int(self._told({"die_at": die_at})["pid"])

    def end(self) -> dict[str, Any]:
        """Wait for the end of a life; ``signal`` says by what it was killed, 0 by nothing."""
        ended = self._told({"wait": True})
        self.kills += ended["signal"] == signal.SIGKILL
        return ended

    def until(self, pid: int, done: Callable[[], bool], number: int = signal.SIGKILL) -> dict[str, Any]:
        """End a life when ``done``, by itself with a kill, if it did not end before."""
        patience = time.monotonic() + MOST_PATIENCE
        while not done() and not self._told({"ended": True})["ended"]:
            assert time.monotonic() < patience, self.log[-3000:]
            time.sleep(LOOKED_AFTER)
        if not self._told({"ended": True})["ended"]:
            os.kill(pid, number)
        return self.end()

    def _told(self, order: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline() or "{}")
        assert told, self.log[-3000:]
        return told


# The process that is forked


class _Steps:
    """Counts the steps of a life, and ends it at one."""

    def __init__(self, die_at: int, folder: str) -> None:
        self._die_at, self._folder, self.count = die_at, folder, 0
        self._is_over = False
        sys.addaudithook(self._audited)
        sqlite3.connect = self._connected(sqlite3.connect)

    def step(self, *_: object) -> None:
        self.count += 1
        if self.count == self._die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _connected(self, connect: Callable[..., sqlite3.Connection]) -> Callable[..., sqlite3.Connection]:
        def connected(*given: Any, **more: Any) -> sqlite3.Connection:
            connection = connect(*given, **more)
            connection.set_trace_callback(self.step)
            return connection

        return connected

    def _audited(self, event: str, given: tuple[Any, ...]) -> None:
        if str(given[0] if given else "").startswith(self._folder) and (
            event in FILES or (event == "open" and isinstance(given[2], int) and given[2] & WRITES)
        ):
            self.step()


def _bot() -> Callable[[int], int]:
    """What lives once: the bot, with a library that is open already."""
    from bot.settings import load
    from bot.telegram import running
    from bot.telegram.transport.http import Request
    from bot.telegram.transport.webhook import GivenUpdates
    from retrieval import Library

    settings = load(os.environ, Path.cwd())
    library = Library.open(settings.corpus, engine="memory", min_confidence=0.2, reader=False)
    library.ask("أين؟")

    def live(die_at: int) -> int:
        steps, asked, taken = _Steps(die_at, str(settings.data)), Request.do_request, GivenUpdates._answer

        async def do_request(self: Request, url: str, *given: Any, **more: Any) -> tuple[int, bytes]:
            is_poll = url.endswith("getUpdates")
            if not is_poll:
                steps.step()
            answered = await asked(self, url, *given, **more)
            if not is_poll or len(answered[1]) > 40:
                steps.step()
            return answered

        async def answer(self: GivenUpdates, request: Any) -> Any:
            steps.step()
            answered = await taken(self, request)
            steps.step()  # stored, and Telegram does not know
            return answered

        GivenUpdates._answer = answer  # type: ignore[method-assign]
        Request.do_request = do_request  # type: ignore[assignment, method-assign]
        return running.run(settings, library)

    return live


def _index() -> Callable[[int], int]:
    """What lives once: what brings an index up to date."""
    from retrieval import Library

    corpus, index = Path(os.environ["IQTIBAS_CORPUS"]), Path(os.environ["IQTIBAS_DATA"])

    def live(die_at: int) -> int:
        _Steps(die_at, str(index))
        Library.open(corpus, engine="disk", index=index, reader=False).close()
        return 0

    return live


def _serve(live: Callable[[int], int], orders: Any, answers: Any) -> None:
    pid, status = 0, None
    for line in orders:
        order = json.loads(line)
        if "die_at" in order:
            pid, status = os.fork(), None
            if not pid:
                os._exit(live(order["die_at"]))
            told: dict[str, Any] = {"pid": pid}
        else:
            if status is None:
                ended, how = os.waitpid(pid, 0 if "wait" in order else os.WNOHANG)
                status = how if ended else None
            told = {"ended": status is not None, "signal": (status or 0) & 0x7F, "status": (status or 0) >> 8}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve({"bot": _bot, "index": _index}[sys.argv[1]](), sys.stdin, sys.stdout)
