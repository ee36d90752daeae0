"""Reads files in a child process whose time and memory are bounded, so that no file can take its reader down.

A child reads many files, one after another. One that a file stopped, or that took too long, is replaced, and the file
named. Nothing that a child says is run: its messages are JSON, bounded in length, and become documents here.
"""

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import IO, Any, Self

from retrieval.documents.apart.frames import OUT_OF_MEMORY, receive, send, took_longer
from retrieval.documents.apart.programs import OLD_WORD, turned
from retrieval.documents.loaders.formats import LOADERS, Found, ending_of, module_of, not_read
from retrieval.documents.progress import Listener
from retrieval.documents.scans.pages import Recognised, Scans, told
from retrieval.errors import Cause, UnreachedError, UnreadableError, UnreadScansError
from retrieval.model import Document, Part

_PDF, _SCAN = f"{LOADERS}.pdf", "retrieval.documents.scans.reading"
_START = "import sys; from retrieval.documents.apart import child; child.main(*map(int, sys.argv[1:]))"
_ONE_THREAD = {  # threads of libraries cost more than they save, and reserve memory for each core of the machine
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "RAYON_NUM_THREADS": "1",
}
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")  # no token reaches a child
_START_SECONDS = 600  # of a machine that is very busy; a child is ready in a fifth of one
_READY = 64  # bytes of its first message, at most
_LOOKED_AT = 2**16  # bytes; a file that begins with so much white space is none
_IDLE = 3600.0  # seconds after which a thread looks that waits for nothing

_Said = dict[str, Any]
Told = Callable[[str, int, int], None]
"""What is told of a long file: its name, how many of its parts are read, and of how many."""


def _nobody(_name: str, _done: int, _total: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take: seconds of the processor, bytes of memory, bytes of what is found, as JSON. And
    seconds in all, beyond which a process no longer works at it, however busy the machine. Of a long file that gets on,
    seconds are those from one sign to the next; all of it may take ``whole`` seconds of the processor."""

    seconds: float = 30
    whole: float = 900
    wait: float = 1800
    memory: int = 500 * 2**20
    output: int = 100 * 2**20


class Reader:
    """Reads files apart. Safe to use from several threads, which wait for each other. To be closed."""

    def __init__(
        self,
        limits: Limits | None = None,
        modules: Mapping[str, str] | None = None,
        told: Told | None = None,
        scans: Scans | None = None,
    ) -> None:
        """``modules`` has the full name of the module that reads each ending, in place of the loaders; ``told`` is told
        how far a long file is; ``scans`` has the scanned pages that are known. Nothing is started before there is a
        file to read."""
        self._scans = scans
        self._limits = limits or Limits()
        self._modules = modules
        self._told = told or _nobody
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, content: bytes, name: str) -> list[Found]:
        """The documents of a file and what of it cannot be read, in its order; where reading was stopped, the last
        says why: an UnreachedError where the time, the memory or the system stood in the way. Raises UnreachedError
        where no child can be started, UnreadableError where nothing reads such a file."""
        module = self._module(name, content)
        if not content[:_LOOKED_AT].strip():
            return [UnreadableError(f"{name}: the file is empty", Cause.EMPTY)]
        if module == f"{LOADERS}.{OLD_WORD}":
            try:
                content, turned_into = turned(content, name)
            except UnreadableError as error:
                return [error]
            module = f"{LOADERS}.{turned_into}"
        if self._scans and module == _PDF:
            return self._read_with_scans(self._scans, content, name)
        return self._read(module, content, name, {})

    def recognised(self, content: bytes, name: str, number: int) -> Recognised:
        """What a machine reads on page ``number``, from 0, of a PDF; nothing where it fails or takes too long."""
        try:
            return Recognised(**self.ask(_SCAN, content, name, number=number))
        except UnreadableError:
            return Recognised("", 0.0)

    def _read_with_scans(self, scans: Scans, content: bytes, name: str) -> list[Found]:
        """What a PDF holds, with its scanned pages as they are known; those that are not are read first, or noted."""
        source = sha256(content).hexdigest()

        def read() -> list[Found]:
            return self._read(_PDF, content, name, {"scans": told(scans.of(source)), "most": scans.most})

        found = read()
        unread = [number for one in found if isinstance(one, UnreadScansError) for number in one.pages]
        if not unread:
            return found
        if scans.is_later:
            scans.wait(name, source, unread)
            return found
        for done, number in enumerate(unread, 1):
            scans.keep(source, number, self.recognised(content, name, number))
            self._told(name, done, len(unread))
        return read()

    def _read(self, module: str, content: bytes, name: str, asked: Mapping[str, object]) -> list[Found]:
        said, why = self._said(module, content, name, asked)
        found = list(map(_found, said))
        return [*found, why.of(name)] if why else found

    def ask(self, module: str, content: bytes, name: str, **asked: object) -> dict[str, Any]:
        """What the one thing is that a module, which is no loader, finds in a file, told what is ``asked``, as JSON.
        Raises UnreadableError where it finds none, UnreachedError where time, memory or the system stood in the way."""
        said, why = self._said(module, content, name, asked)
        if why:
            raise why.of(name)
        if "problem" in said[0]:
            raise _problem(said[0])
        told: dict[str, Any] = said[0]["told"]
        return told

    def close(self) -> None:
        """Ends the child, if there is one. A file read later starts another."""
        with self._lock:
            self._end()

    def _module(self, name: str, content: bytes) -> str:
        if self._modules is not None:
            return self._modules[ending_of(name)]
        if module := module_of(name, content):
            return f"{LOADERS}.{module}"
        raise not_read(name)

    def _said(
        self, module: str, content: bytes, name: str, asked: Mapping[str, object]
    ) -> tuple[list[_Said], "_Stopped | None"]:
        header = json.dumps({"module": module, "name": name, "asked": asked}).encode()
        with self._lock:
            used = self._child is not None
            heard = partial(self._told, name)
            said, why = self._tried(header, content, heard)
            if why and why.may_be_of_others and used:  # the files before may have left it little memory
                return self._tried(header, content, heard)
            return said, why

    def _tried(self, header: bytes, content: bytes, heard: Listener) -> tuple[list[_Said], "_Stopped | None"]:
        if self._child is None:
            self._child = _Child(self._limits)
        said: list[_Said] = []
        try:
            self._child.ask(header, content, said, heard)
        except _Stopped as why:
            self._end()
            return said, why
        except BaseException:  # a key that interrupts: what is under way must not be taken for the next answer
            self._end()
            raise
        return said, None

    def _end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None


class _Stopped(Exception):  # noqa: N818
    """Why a child read no further. ``may_be_of_others``: the files that it read before may have to do with it;
    ``may_pass``: another time it may be read."""

    def __init__(self, why: str, cause: Cause, *, may_be_of_others: bool = False, may_pass: bool = False) -> None:
        super().__init__(why)
        self.cause, self.may_be_of_others, self.may_pass = cause, may_be_of_others, may_pass

    def of(self, name: str) -> UnreadableError:
        """What is said of the file."""
        return (UnreachedError if self.may_pass else UnreadableError)(f"{name}: {self}", self.cause)


class _Watch:
    """A thread that kills a process once it is waited for too long. To be ended."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self._kill = kill
        self._changed = threading.Condition()
        self._until: float | None = None
        self._looks = math.inf  # when the thread looks next by itself
        self._is_ended = False
        self.is_late = False
        """Whether the process was killed."""
        threading.Thread(target=self._run, name="watching", daemon=True).start()

    def wait(self, seconds: float | None) -> None:
        """From now on it is waited so long; with None, no longer."""
        with self._changed:
            self._until = None if seconds is None else time.monotonic() + seconds
            if self._until is not None and self._until < self._looks:
                self._changed.notify()

    def end(self) -> None:
        """Nothing is waited for any more."""
        with self._changed:
            self._is_ended = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not (self._is_ended or self.is_late):
                now = time.monotonic()
                if self._until is not None and self._until <= now:
                    self.is_late = True
                    self._kill()
                    return
                self._looks = now + _IDLE if self._until is None else self._until
                self._changed.wait(self._looks - now)


class _Child:
    """One process, ready to read."""

    def __init__(self, limits: Limits) -> None:
        """Raises UnreachedError where it does not start."""
        self._limits = limits
        bounds = (str(limits.memory), str(ceil(limits.seconds)), str(ceil(limits.whole)))
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-B", "-P", "-c", _START, *bounds],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd="/",
                start_new_session=True,  # a key that interrupts is for the parent, who ends the child
            )
        except OSError as error:
            raise UnreachedError(f"no process to read files can be started: {error.strerror}") from None
        self._watch = _Watch(self._process.kill)
        try:
            with self._within(_START_SECONDS):
                self._receive(_READY)
        except _Stopped as why:
            self.end()
            raise UnreachedError(f"no process to read files can be started: it {why}") from None

    def ask(self, header: bytes, content: bytes, found: list[_Said], heard: Listener) -> None:
        """Reads a file and appends what is said of it to ``found``, as it comes. Raises _Stopped."""
        with self._within(self._limits.wait):
            self._send(header)
            self._send(content)
        left = self._limits.output
        while message := self._received(left):
            left -= len(message)
            said = json.loads(message)
            if "done" in said:
                heard(said["done"], said["total"])
            else:
                found.append(said)

    def _received(self, longest: int) -> bytes:
        with self._within(self._limits.wait):
            return self._receive(longest)

    def end(self) -> None:
        """Ends the process and waits until it is gone."""
        self._watch.end()
        self._process.kill()
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):  # what was not sent is lost
                pipe.close()
        self._process.wait()

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """Kills the process if it takes longer: what waits for it then finds its pipes closed."""
        self._watch.wait(seconds)
        try:
            yield
        finally:
            self._watch.wait(None)
        if self._watch.is_late:  # at the last moment: it answered, and was killed
            raise self._stopped()

    def _send(self, message: bytes) -> None:
        try:
            send(self._stdin, message)
        except OSError:
            raise self._stopped() from None

    def _receive(self, longest: int) -> bytes:
        try:
            return receive(self._stdout, longest)
        except EOFError:
            raise self._stopped() from None
        except ValueError:
            raise _Stopped(
                f"holds more than {_megabytes(self._limits.output)} of text; split it", Cause.TOO_MUCH
            ) from None

    def _stopped(self) -> _Stopped:
        """Why the process is gone, in words that follow the name of a file."""
        status = self._process.wait()
        if self._watch.is_late or status == -signal.SIGXCPU:
            seconds = self._limits.wait if self._watch.is_late else self._limits.seconds
            return _Stopped(took_longer(seconds), Cause.TOO_MUCH, may_pass=True)
        if status == OUT_OF_MEMORY:
            needs = f"needs more than {_megabytes(self._limits.memory)} of memory to be read; split it, or save it anew"
            return _Stopped(needs, Cause.TOO_MUCH, may_be_of_others=True, may_pass=True)
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        is_killed = status == -signal.SIGKILL  # not by itself: a system that is short of memory does so
        why = f"ends the program that reads it ({how}); save it anew"
        return _Stopped(why, Cause.DAMAGED, may_be_of_others=True, may_pass=is_killed)

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin  # noqa: S101
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout  # noqa: S101
        return self._process.stdout


def environment() -> dict[str, str]:
    """Of the environment, what a Python needs to start as this one did; libraries are told to use one thread."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | _ONE_THREAD | {"PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)}


def _found(said: _Said) -> Found:
    if "problem" in said:
        return _problem(said)
    fields = said["document"]
    published = fields["published"] and date.fromisoformat(fields["published"])
    parts = tuple(map(Part.of, fields["parts"]))
    return Document(**fields | {"published": published, "pages": tuple(fields["pages"]), "parts": parts})


def _problem(said: _Said) -> UnreadableError:
    if "scans" in said:
        return UnreadScansError(said["problem"], said["scans"])
    return UnreadableError(said["problem"], Cause(said["cause"]))


def _megabytes(size: int) -> str:
    return f"{size // 2**20} MB"
