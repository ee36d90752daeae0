"""Whether the bot lives and can answer: asked by HTTP, by a file, or told to systemd.

The event loop beats; who asks sees how long ago. So a loop that hangs is seen, which a thread that answers by itself
would hide.
"""

import asyncio
import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Never

from bot.store.folders import FILE

HEARTBEAT = "heartbeat"
"""The file of the state folder that says when the loop last beat."""
BEAT = 5.0
"""Seconds between two beats."""
STALE = 60.0
"""Seconds without one after which the bot is taken for dead."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the file says: the process, whether it could answer, and how many seconds ago that was."""

    pid: int
    is_ready: bool
    age: float

    @property
    def is_alive(self) -> bool:
        """Whether it beat of late. A clock that was set back is no reason to say no."""
        return self.age <= STALE


class Health:
    """``folder`` is the state's; ``notify`` the address of systemd's socket, ``watchdog`` the seconds within which that
    wants a sign."""

    def __init__(self, folder: Path, notify: str | None = None, watchdog: float | None = None) -> None:
        self._file, self._notify = folder / HEARTBEAT, notify
        self._every = min(BEAT, watchdog / 3) if watchdog else BEAT
        self._beaten: float | None = None
        self._could_answer = False

    @property
    def is_alive(self) -> bool:
        """Whether it starts, or the loop beat of late."""
        return self._beaten is None or time.monotonic() - self._beaten <= STALE

    @property
    def is_ready(self) -> bool:
        """Whether it serves: updates come, and are handled."""
        return self._beaten is not None and self.is_alive and self._could_answer

    async def beat(self, can_answer: Callable[[], bool]) -> Never:
        """Beat until cancelled. ``can_answer``: whether updates come."""
        told(self._notify, "READY=1")
        try:
            while True:
                before, self._could_answer = self._could_answer, can_answer()
                self._beaten = time.monotonic()
                self._write()
                told(self._notify, "WATCHDOG=1")
                if before != self._could_answer:
                    told(self._notify, f"STATUS={'serving' if self._could_answer else 'waiting for Telegram'}")
                await asyncio.sleep(self._every)
        finally:
            told(self._notify, "STOPPING=1")
            self._could_answer = False
            self._file.unlink(missing_ok=True)

    def _write(self) -> None:
        """No beat is worth a failure: a disk that is full is said elsewhere."""
        text = json.dumps({"pid": os.getpid(), "ready": self._could_answer, "time": time.time()})
        part = self._file.with_suffix(".part")
        with suppress(OSError):
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE)
            with os.fdopen(file, "w") as stream:
                stream.write(text)
            part.replace(self._file)


def pulse(folder: Path) -> Pulse | None:
    """What the heartbeat file in a state folder says; None where there is none that can be read."""
    try:
        said = json.loads((folder / HEARTBEAT).read_text("ascii"))
        return Pulse(int(said["pid"]), bool(said["ready"]), time.time() - float(said["time"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def told(address: str | None, text: str) -> None:
    """Tell systemd something by its socket, where there is one (sd_notify)."""
    if not address:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as unix:
        unix.setblocking(False)  # who does not read must not hold the loop
        unix.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        unix.sendall(text.encode())
