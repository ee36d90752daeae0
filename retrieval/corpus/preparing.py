"""Prepares a small corpus once, so that it is opened at once ever after: its index on disk, made by a process apart.

That process reads the files and indexes what they hold. Its time on the processor, its memory and what it may write are
bounded by the operating system, and it gives way to all others, so that nobody who asks meanwhile waits for it. Killed
at any moment, the next one goes on.

Scanned pages wait. Another such process reads a few of them at a time; when all of a file are read, the corpus is
prepared again and takes them up.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.documents.apart.frames import OUT_OF_MEMORY
from retrieval.documents.apart.reader import Limits, environment
from retrieval.documents.kept.problems import Problem
from retrieval.documents.scans.pages import Scans, told_of
from retrieval.errors import CorpusError, EngineError, IqtibasError, TooLongError, TooMuchError

if TYPE_CHECKING:
    from retrieval.corpus.stored import StoredCorpus

AT_ONCE = 2
"""Processes that prepare at once; further corpora wait, each until one is done."""
NICE = 10
SCANS, WAITING, PROBLEMS = "scans.sqlite3", "scans.json", "problems.json"
"""The files, beside the index, of what a machine read of scanned pages, of which pages it has yet to read, and of what
could not be read."""
MOST_SCANNED = 50
"""Pages of a file that are read by a machine."""
A_TURN = 5
"""Pages that are read before it is another corpus's turn."""
_START = "import sys; from retrieval.corpus.preparing import main; main(*sys.argv[1:])"
_SCANNING = "import sys; from retrieval.corpus.preparing import read_scans; read_scans(*sys.argv[1:])"
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
    """Prepares corpora, ``AT_ONCE`` at a time. Safe to use from many threads. To be closed."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._places, self._scanning = threading.Semaphore(AT_ONCE), threading.Semaphore()
        self._lock = threading.Lock()
        self._running: dict[subprocess.Popen[bytes], Path] = {}
        self._is_closed = False

    def prepare(self, corpus: Path, index: Path) -> Mapping[str, int]:
        """Brings the index in the folder ``index`` up to date with a folder of files; of each file, by its name in it,
        how many documents it gives. Scanned pages that no machine has read yet are left for ``read_scans``.

        Raises TooLongError where the texts are longer than the bounds, TooMuchError where they take more, EngineError
        where no process can do it; then what is in ``index`` is of no use.
        """
        bounds = self._bounds
        with self._places:
            status, told = self._done(_START, corpus, index, bounds.seconds, bounds.characters, bounds.reading)
        if status == 0:
            found: Mapping[str, int] = json.loads(told)
            return found
        if status == _FAILED or self._is_closed:
            raise EngineError(f"{index}: cannot be prepared: {told.decode('utf-8', 'replace')[:300] or 'stopped'}")
        if status == _TOO_LONG:
            raise TooLongError(f"{corpus}: its texts are longer than {self._bounds.characters:,} characters")
        raise TooMuchError(f"{corpus}: takes more time or memory than its bounds ({status})")

    def waiting(self, index: Path) -> Mapping[str, int]:
        """Of the files, by their names in the corpus, of which scanned pages wait: how many."""
        return {name: len(pages) for name, _, pages in _waiting(index)}

    def problems(self, index: Path) -> Sequence[Problem]:
        """What of the corpus could not be read when it was prepared, the name of the file first."""
        return [Problem.of(told) for told in _noted(index / PROBLEMS)]

    def read_scans(self, corpus: Path, index: Path) -> Sequence[str]:
        """Reads a few of the scanned pages that wait, one corpus at a time; the files of which all are read, to be
        taken up by ``prepare``. Raises EngineError where that was stopped; what was read until then is kept."""
        with self._scanning:
            status, told = self._done(_SCANNING, corpus, index, self._bounds.seconds)
        if status:
            raise EngineError(f"{index}: scanned pages were not read ({status})")
        read: Sequence[str] = json.loads(told)
        return read

    def stop(self, index: Path) -> None:
        """Ends what is under way for a corpus."""
        with self._lock:
            for process in [process for process, own in self._running.items() if own == index]:
                process.kill()
                process.wait()

    def _done(self, start: str, corpus: Path, index: Path, *told: int) -> tuple[int, bytes]:
        """The status with which a process ended, and what it said."""
        process = self._started(start, corpus, index, *told)
        try:
            assert process.stdout  # noqa: S101
            said = process.stdout.read()  # and not communicate(), which closes what tells it that we live
            process.wait()
        finally:
            self._end(process)
        return process.returncode, said

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
        with process, self._lock:  # waits, and closes its pipes
            self._running.pop(process, None)

    def _started(self, start: str, corpus: Path, index: Path, *told: int) -> "subprocess.Popen[bytes]":
        bounds = self._bounds.memory, self._bounds.written
        with self._lock:
            if self._is_closed:
                raise EngineError(f"{index}: not prepared, the program ends")
            try:
                process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-B", "-P", "-c", start, *map(str, (corpus, index, *bounds, *told))],
                    stdin=subprocess.PIPE,  # closed when this process ends, however it does
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment(),
                    start_new_session=True,  # a key that interrupts is for the parent, who ends the child
                )
            except OSError as error:
                raise EngineError(f"no process to prepare files can be started ({error.strerror})") from None
            self._running[process] = index
        return process


# What runs in the process


def main(corpus: str, index: str, memory: str, written: str, seconds: str, characters: str, reading: str) -> None:
    """Prepares, and says in JSON how many documents each file gave; ends with a status of its own where it cannot."""
    _begin(Path(index), int(memory), int(written), int(seconds))
    Path(index).mkdir(parents=True, exist_ok=True)
    _end(lambda: _prepared(Path(corpus), Path(index), int(seconds), int(characters), int(reading)))


def read_scans(corpus: str, index: str, memory: str, written: str, seconds: str) -> None:
    """Reads scanned pages, and says in JSON of which files all are read."""
    _begin(Path(index), int(memory), int(written), int(seconds))
    _end(lambda: _scanned(Path(corpus), Path(index), int(seconds)))


def _begin(index: Path, memory: int, written: int, seconds: int) -> None:
    """Ends with who started it, gives way to others, and keeps to its bounds."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICE)
    os.umask(0o077)  # people's files
    tempfile.tempdir = str(index)  # what a program is handed of a file goes with its index, however this ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    with suppress(ValueError, OSError):  # macOS refuses it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _allow(seconds)


def _end(work: Callable[[], tuple[int, str]]) -> None:
    try:
        status, told = work()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # raising further would need memory
    sys.stdout.write(told)
    sys.stdout.flush()
    os._exit(status)  # no thread of a library is waited for


def _prepared(corpus: Path, index: Path, seconds: int, characters: int, reading: int) -> tuple[int, str]:
    from retrieval.corpus.building import Most  # with SQLite and tantivy, within the bounds
    from retrieval.corpus.standing import OnDisk
    from retrieval.corpus.stored import StoredCorpus

    def allow(step: str, _done: int, _total: int | None) -> None:
        if step == "reading":
            _allow(seconds)

    scans = Scans(corpus, index / SCANS, later=True, most=MOST_SCANNED)
    most = Most(characters, Limits(whole=reading))
    try:
        stored = StoredCorpus(OnDisk(corpus, index), allow, scans=scans, most=most)
        problems = [problem.told() for problem in stored.read().problems]
        found = _files(stored)
        stored.close()
        _note(index / WAITING, told_of(scans.waiting))
        _note(index / PROBLEMS, problems)
    except TooLongError:
        return _TOO_LONG, ""
    except IqtibasError as error:
        return _FAILED, str(error)
    return 0, json.dumps(found)


def _scanned(corpus: Path, index: Path, seconds: int) -> tuple[int, str]:
    from retrieval.documents.kept.scanning import read_waiting

    scans, wanted = Scans(corpus, index / SCANS), _waiting(index)
    for name, source, pages in wanted:
        known = scans.of(source)
        if left := [number for number in pages if number not in known]:
            scans.wait(name, source, left)
    turns = iter(range(A_TURN))

    def is_ended() -> bool:
        _allow(seconds)
        return next(turns, None) is None

    read_waiting(scans, scans.settle, is_ended)
    read = [name for name, *_ in wanted if not scans.waits(name)]  # or gone
    scans.close()
    return 0, json.dumps(read)


def _note(path: Path, told: Sequence[object]) -> None:
    """Keeps what is told beside an index; no file where that is nothing."""
    if told:
        part = path.with_suffix(".part")
        part.write_text(json.dumps(told), "utf-8")
        part.replace(path)
    else:
        path.unlink(missing_ok=True)


def _waiting(index: Path) -> list[tuple[str, str, list[int]]]:
    return _noted(index / WAITING)


def _noted(path: Path) -> list[Any]:
    try:
        found: list[Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return found


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
