"""Vectors are made while the bot runs, on a thread that gives way, and a stop waits for a few passages only."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bot_process import serving
from emulator import TelegramServer
from places import ROOT

from bot.sources import making
from bot.sources.examples import Examples
from bot.sources.making import NICE, Makes, Making
from bot.sources.private import PrivateLibraries
from bot.store.database import Database
from bot.store.files import Files
from retrieval import Library
from retrieval.errors import EngineError

LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n\nوينتهي العقد في آخر السنة.\n"
BRIDGE = "أخبار\n\nكلف ترميم الجسر الشمالي مليوني دينار. وقال السكان إنهم راضون.\n"
LONG = 120.0
"""Seconds for which something that will happen is waited for, on whatever machine."""


class Corpus:
    """A library that lacks vectors until they are made by ``work``."""

    def __init__(self, work: Callable[[Callable[[], bool]], bool]) -> None:
        self._work = work
        self.lacks_scans = False
        self.passages, self.lacks_vectors, self.vectors_kept = 5, True, (0, 0)
        self.is_done = threading.Event()

    def make_vectors(self, *, is_ended: Callable[[], bool]) -> bool:
        try:
            is_whole = self._work(is_ended)
            self.lacks_vectors = not is_whole
        finally:
            self.is_done.set()
        return is_whole


GIVEN = Examples(("متى؟",))
"""Of the operator, so that none are made."""


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "LOOKED_AFTER", 0.01)


def chats(folder: Path) -> PrivateLibraries:
    return PrivateLibraries(Files(Database(folder)), folder / "files")


@contextmanager
def under_way(common: Makes, private: PrivateLibraries) -> Iterator[Making]:
    made = Making(common, private, GIVEN)
    made.begin()
    try:
        yield made
    finally:
        made.end()


def until(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + LONG
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)
    return is_so()


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "bot.sources.making"]


def test_vectors_are_made_at_the_start_after_a_change_and_of_what_chats_give(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    corpus, private = tmp_path / "corpus", chats(tmp_path)
    corpus.mkdir()
    (corpus / "a.txt").write_text(BRIDGE, "utf-8")
    library = Library.open(corpus, engine="memory", index=tmp_path / "index")
    with under_way(library, private):
        assert until(lambda: not library.lacks_vectors)
        (corpus / "b.txt").write_text(BRIDGE.replace("الجسر", "المسجد"), "utf-8")
        library.refresh()
        assert until(lambda: library.vectors_kept[0] == library.passages == 2)
        private.add(11, 11, "سامي", "a.txt", LEASE.encode())
        own = private.of(11)
        assert own
        assert until(lambda: not own.lacks_vectors)
        assert until(lambda: len(lines(caplog)) == 6)
    begun, made = lines(caplog)[:2]
    assert begun == "vectors of the corpus: begun, passages=1 kept=0"
    assert made.startswith("vectors of the corpus: made, kept=1 seconds=")
    assert lines(caplog)[2] == "vectors of the corpus: begun, passages=2 kept=1"
    assert lines(caplog)[5].startswith(f"vectors of a chat's files: made, kept={own.passages} seconds=")
    assert (tmp_path / "index.vectors").exists()


def test_a_stop_ends_what_is_under_way_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    begun = threading.Event()

    def work(is_ended: Callable[[], bool]) -> bool:
        begun.set()
        while not is_ended():
            time.sleep(0.01)
        return False

    made = Making(Corpus(work), chats(tmp_path), GIVEN)
    made.begin()
    assert begun.wait(LONG)
    made.end()
    assert lines(caplog)[-1].startswith("vectors of the corpus: stopped, kept=0 seconds=")
    assert "vectors" not in {thread.name for thread in threading.enumerate()}


def test_what_never_began_ends_at_once(tmp_path: Path) -> None:
    Making(Corpus(lambda _: True), chats(tmp_path), GIVEN).end()


def test_chats_do_not_wait_until_the_corpus_is_done(tmp_path: Path) -> None:
    private = chats(tmp_path)
    seen: list[bool] = []

    def work(is_ended: Callable[[], bool]) -> bool:
        private.add(11, 11, "سامي", "a.txt", LEASE.encode())
        is_ended()
        seen.append(private.lacking_vectors() == [])
        return True

    common = Corpus(work)
    with under_way(common, private):
        assert common.is_done.wait(LONG)
    assert seen == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority of one thread")
def test_the_thread_gives_way_and_no_other_does(tmp_path: Path) -> None:
    priority: list[int] = []

    def work(_: Callable[[], bool]) -> bool:
        priority.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return True

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    common = Corpus(work)
    with under_way(common, chats(tmp_path)):
        assert common.is_done.wait(LONG)
    assert priority == [min(19, max(before, NICE))]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


@pytest.mark.parametrize(
    ("error", "has_trace"),
    [(EngineError("x.vectors: vectors cannot be kept (disk full)"), False), (RuntimeError("a bug"), True)],
)
def test_a_failure_is_said_once_and_tried_again_later(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    has_trace: bool,
) -> None:
    tried: list[float] = []

    def work(_: Callable[[], bool]) -> bool:
        tried.append(time.monotonic())
        if len(tried) < 2:
            raise error
        return True

    monkeypatch.setattr(making, "AGAIN_AFTER", 0.5)
    common = Corpus(work)
    with under_way(common, chats(tmp_path)):
        assert until(lambda: not common.lacks_vectors)
    assert len(tried) == 2
    assert tried[1] - tried[0] >= 0.5
    (failed,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert failed.getMessage() == f"vectors of the corpus: failed: {error}"
    assert bool(failed.exc_info) == has_trace


def test_a_process_whose_work_is_done_is_not_held_by_it(tmp_path: Path) -> None:
    code = f"""
import sys, threading, time
from pathlib import Path
sys.path[:0] = {[str(ROOT), str(ROOT / "tests" / "support")]!r}
from bot.sources import making
from bot.sources.examples import Examples
from bot.sources.private import PrivateLibraries
from bot.store.database import Database
from bot.store.files import Files
making.LOOKED_AFTER = 0.01
begun = threading.Event()
class Corpus:
    passages, lacks_vectors, lacks_scans, vectors_kept = 1, True, False, (0, 0)
    def make_vectors(self, *, is_ended):
        begun.set()
        while not is_ended():
            time.sleep(0.01)
        return False
folder = Path({str(tmp_path)!r})
making.Making(Corpus(), PrivateLibraries(Files(Database(folder)), folder / "files"), Examples(("متى؟",))).begin()
begun.wait()
raise SystemExit(7)
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=LONG).returncode == 7


def test_the_running_bot_makes_those_of_its_corpus_and_the_next_one_has_them(tmp_path: Path) -> None:
    with TelegramServer() as server:
        with serving(server, tmp_path, IQTIBAS_READER="on") as bot:
            assert "reader=on" in bot.wait_for_log("serving as @", LONG)[0]
            assert "kept=0" in bot.wait_for_log("vectors of the corpus: begun", LONG)[0]
            (made,) = bot.wait_for_log("vectors of the corpus: made", LONG)
        kept = made.partition("kept=")[2].split()[0]
        with serving(server, tmp_path, IQTIBAS_READER="on") as bot:
            assert f"kept={kept}" in bot.wait_for_log("vectors of the corpus: begun", LONG)[0]
