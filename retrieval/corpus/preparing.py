"""Prepares a small corpus once, so that it is opened at once ever after: its index on disk, made by a process apart.

That process reads the files and indexes what they hold. Its time on the processor, its memory and what it may write are
bounded by the operating system, and it gives way to all others, so that nobody who asks meanwhile waits for it. Killed
at any moment, the next one goes on.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retrieval.documents.apart.frames import OUT_OF_MEMORY
from retrieval.documents.apart.reader import Limits, environment
from retrieval.documents.scans.pages import Scans
from retrieval.errors import CorpusError, EngineError, IqtibasError, TooLongError, TooMuchError

if TYPE_CHECKING:
    from retrieval.corpus.stored import StoredCorpus

AT_ONCE = 2
"""Processes that prepare at once; further corpora wait, each until one is done."""
NICE = 10
SCANS = "scans.sqlite3"
"""The file, beside the index, of what a machine read of scanned pages."""
MOST_SCANNED = 50
"""Pages of a file that are read by a machine."""
_START = "import sys; from retrieval.corpus.preparing import main; main(*sys.argv[1:])"
_FAILED, _TOO_LONG = 3, 4  # exit statuses, beside that of the reader's child


@dataclass(frozen=True, slots=True)
class Bounds:
    """What preparing may take: seconds of the processor for each step, the reading of a file and the indexing of all;
    seconds of it in all that the process may take that reads one file, however well it gets on; bytes of memory; bytes
    of each file that is written; characters of all texts together."""

    seconds: int = 60
    reading: int = 180
    memory: int = 1500 * 2**20
    written: int = 200 * 2**20
    characters: int = 2_000_000


class Preparer:
    """Prepares corpora, ``at_once`` at a time. Safe to use from many threads. To be closed."""

    def __init__(self, bounds: Bounds | None = None, at_once: int = AT_ONCE) -> None:
        self._bounds = bounds or Bounds()
        self._places = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._is_closed = False

    def prepare(self, corpus: Path, index: Path) -> Mapping[str, int]:
        """Brings the index in the folder ``index`` up to date with a folder of files; of each file, by its name in it,
        how many documents it gives.

        Raises TooLongError where the texts are longer than the bounds, TooMuchError where they take more, EngineError
        where no process can do it; then what is in ``index`` is of no use.
        """
        with self._places:
            process = self._started(corpus, index)
            try:
                assert process.stdout  # noqa: S101
                told = process.stdout.read()  # and not communicate(), which closes what tells it that we live
                process.wait()
            finally:
                self._end(process)
        if process.returncode == 0:
            found: Mapping[str, int] = json.loads(told)
            return found
        if process.returncode == _FAILED or self._is_closed:
            raise EngineError(f"{index}: cannot be prepared: {told.decode('utf-8', 'replace')[:300] or 'stopped'}")
        if process.returncode == _TOO_LONG:
            raise TooLongError(f"{corpus}: its texts are longer than {self._bounds.characters:,} characters")
        raise TooMuchError(f"{corpus}: takes more time or memory than its bounds ({process.returncode})")

    def is_prepared(self, index: Path) -> bool:
        """Whether ``index`` holds an index of this version that can be opened."""
        from retrieval.corpus.indexes import is_whole, own_folder  # with SQLite, for those who need them

        return is_whole(own_folder(index))

    def close(self) -> None:
        """Ends what is under way."""
        with self._lock:
            self._is_closed = True
            for process in tuple(self._running):
                process.kill()

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        process.kill()
        with process:  # waits, and closes its pipes
            self._running.discard(process)

    def _started(self, corpus: Path, index: Path) -> "subprocess.Popen[bytes]":
        bounds = self._bounds
        told = (corpus, index, bounds.seconds, bounds.memory, bounds.written, bounds.characters, bounds.reading)
        with self._lock:
            if self._is_closed:
                raise EngineError(f"{index}: not prepared, the program ends")
            try:
                process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-B", "-P", "-c", _START, *map(str, told)],
                    stdin=subprocess.PIPE,  # closed when this process ends, however it does
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment(),
                    start_new_session=True,  # a key that interrupts is for the parent, who ends the child
                )
            except OSError as error:
                raise EngineError(f"no process to prepare files can be started ({error.strerror})") from None
            self._running.add(process)
        return process


# What runs in the process


def main(corpus: str, index: str, seconds: str, memory: str, written: str, characters: str, reading: str) -> None:
    """Prepares, and says in JSON how many documents each file gave; ends with a status of its own where it cannot."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICE)
    os.umask(0o077)  # people's files
    Path(index).mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = index  # what a program is handed of a file goes with its index, however this ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(written), int(written)))
    with suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    _allow(int(seconds))
    try:
        status, told = _prepared(Path(corpus), Path(index), int(seconds), int(characters), int(reading))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # raising further would need memory
    sys.stdout.write(told)
    sys.stdout.flush()
    os._exit(status)  # no thread of a library is waited for


def _prepared(corpus: Path, index: Path, seconds: int, characters: int, reading: int) -> tuple[int, str]:
    from retrieval.corpus.stored import StoredCorpus  # with SQLite and tantivy, within the bounds

    def allow(step: str, _done: int, _total: int | None) -> None:
        if step == "reading":
            _allow(seconds)

    try:
        stored = StoredCorpus(corpus, index, allow, scans=Scans(corpus, index / SCANS, most=MOST_SCANNED))
        stored.read(longest=characters, limits=Limits(whole=reading))
        found = _files(stored)
        stored.close()
    except TooLongError:
        return _TOO_LONG, ""
    except IqtibasError as error:
        return _FAILED, str(error)
    return 0, json.dumps(found)


def _files(stored: "StoredCorpus") -> dict[str, int]:
    try:
        documents = stored.corpus().documents
    except CorpusError:
        return {}
    return Counter(document.path or document.id for document in documents)


def _allow(seconds: int) -> None:
    """Gives the processor's time for one more step."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(_FAILED)
