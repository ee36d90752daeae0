"""The index on disk under the worst: killed while it is built and brought up to date, a full disk, one that cannot be
written, a file cut short. What was said to be done is there, and what was served before is served on."""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from places import ROOT

from retrieval import Library
from retrieval.corpus import versions
from retrieval.corpus.indexes import is_whole
from retrieval.errors import IqtibasError

ARTICLES, KILLS, CHANGED = 12_000, 10, 500
LONG = 1800.0
"""Seconds that a command may take on a machine that has much else to do."""
DIGITS = str.maketrans("0123456789", "بتثجحخدذرز")
WORDS = (
    "وصلت", "بنى", "العمال", "قال", "الوزير", "شحنة", "القمح", "الميناء", "السوق", "المدينة", "الشتاء", "المدرسة",
)  # fmt: skip


def project(number: int) -> str:
    """The name of an article's project, which no other has."""
    return "مشط" + str(number).translate(DIGITS)


def article(number: int, version: int) -> str:
    """An article with a sentence that stands nowhere else."""
    chance = random.Random(f"{number} {version}")  # noqa: S311
    prose = [" ".join(chance.choices(WORDS, k=12)) + "." for _ in range(6)]
    return f"خبر رقم {number}\n\n{' '.join(prose)}\n\nكلف المشروع {project(number)} مبلغ {version + 100} دينارا.\n"


def write(corpus: Path, numbers: range, version: int) -> None:
    """Articles, each put in its place whole."""
    for number in numbers:
        path = corpus / str(number // 500) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(article(number, version), "utf-8")
        part.rename(path)


COMMAND = """
import sys
from retrieval.corpus import versions
versions.VERSION = int(sys.argv.pop(1))
from bot.terminal.cli import main
main()
"""


def command(corpus: Path, index: Path, *more: str) -> dict[str, Any]:
    """The command that builds an index of this version, or brings it up to date."""
    version, environment = str(versions.VERSION), os.environ | {"PYTHONPATH": str(ROOT)}
    named = ("--corpus", str(corpus), "--index", str(index))
    return {"args": [sys.executable, "-c", COMMAND, version, "index", *named, *more], "env": environment}


@contextmanager
def indexing(corpus: Path, index: Path, *more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The command at work, killed in the end."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(**command(corpus, index, *more), stdout=quiet, stderr=quiet) as process:
        try:
            yield process
        finally:
            process.kill()


def indexed(corpus: Path, index: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """The command once it has ended by itself."""
    return subprocess.run(**command(corpus, index, *more), capture_output=True, text=True, timeout=LONG)


def whole(corpus: Path, index: Path) -> float:
    """Seconds of the processor in which the command ends by itself, with all there and verified."""
    before = _spent()
    done = indexed(corpus, index, "--verify", "--no-vectors")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{ARTICLES:,} documents" in done.stdout
    assert "verified" in done.stdout
    return _spent() - before


def _spent() -> float:
    """Seconds of the processor that commands which have ended took."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def quoted(library: Library, number: int) -> str:
    """What is quoted first of what an article's project cost."""
    quotes = library.ask(f"كم كلف المشروع {project(number)}؟").quotes
    return quotes[0].text if quotes else ""


def killed(corpus: Path, index: Path, after: float) -> bool:
    """Kills the command when it has taken so many seconds of the processor; whether it was still at work."""
    with indexing(corpus, index, "--no-vectors") as process:
        own = psutil.Process(process.pid)
        with suppress(psutil.Error):  # it has ended
            while process.poll() is None and _taken(own) < after:
                time.sleep(0.01)
        return process.poll() is None


def _taken(process: psutil.Process) -> float:
    """Seconds of the processor that a process has taken, and its children."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system
    return total


@pytest.mark.kills
def test_killed_ten_times_while_built_and_ten_times_while_updated_it_loses_nothing(tmp_path: Path) -> None:
    chance, corpus, index = random.Random(3), tmp_path / "corpus", tmp_path / "index"  # noqa: S311
    write(corpus, range(ARTICLES), 0)
    kills = sum(killed(corpus, index, chance.uniform(0.5, 3.0)) for _ in range(KILLS))
    told = f"killed {kills} times while it was built; whole after {whole(corpus, index):.1f} s more"
    assert kills == KILLS, told
    kills = version = 0
    while kills < KILLS:
        version += 1
        begin = version * CHANGED % (ARTICLES - CHANGED)
        write(corpus, range(begin, begin + CHANGED), version)
        kills += killed(corpus, index, chance.uniform(0.5, 1.4))
        other = (begin + CHANGED * 2) % ARTICLES
        library = Library.open(corpus, engine="disk", index=index, min_confidence=0.1, reader=False)
        assert project(other) in quoted(library, other), told
        assert f"{version + 100} دينارا" in quoted(library, begin), told
        library.close()
    assert whole(corpus, index) < 60


@pytest.mark.kills
def test_killed_while_a_new_version_is_built_and_takes_over_there_is_always_one_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, corpus, index = random.Random(5), tmp_path / "corpus", tmp_path / "index"  # noqa: S311
    write(corpus, range(ARTICLES), 0)
    whole(corpus, index)
    monkeypatch.setattr(versions, "VERSION", versions.VERSION + 1)
    for _ in range(KILLS):
        killed(corpus, index, chance.uniform(0.5, 2.0))
        library = Library.open(corpus, engine="disk", index=index, min_confidence=0.1, reader=False)
        number = chance.randrange(ARTICLES)
        assert project(number) in quoted(library, number)
        library.close()
    whole(corpus, index)
    for after in (0.0, 0.002, 0.005, 0.01, 0.05):
        monkeypatch.setattr(versions, "VERSION", versions.VERSION + 1)
        own = index / versions.current().folder
        with indexing(corpus, index) as process:
            while not is_whole(own):
                assert process.poll() is None
            time.sleep(after)
        library = Library.open(corpus, engine="disk", index=index, min_confidence=0.1, reader=False)
        assert not library._source.is_behind  # type: ignore[attr-defined]
        assert project(7) in quoted(library, 7)
        library.close()
        assert whole(corpus, index) < 60
        assert len(list(index.glob("*/documents.sqlite3"))) == 2


@pytest.mark.kills
def test_killed_five_times_while_vectors_are_made_it_goes_on_and_they_are_those_of_one_run(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write(corpus, range(300), 0)
    indexed(corpus, index, "--no-vectors")

    def kept(name: str = "index") -> dict[bytes, bytes]:
        path = tmp_path / f"{name}.vectors"
        if not path.exists():
            return {}
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return dict(connection.execute("SELECT name, rows FROM vectors").fetchall())

    before = 0
    for _ in range(5):
        with indexing(corpus, index) as process:
            while len(kept()) <= before and process.poll() is None:
                time.sleep(0.05)
        assert before < len(kept()) < 300
        before = len(kept())
    done = indexed(corpus, index)
    assert (done.returncode, done.stderr) == (0, "")
    assert "with vectors" in done.stdout
    shutil.copytree(index, tmp_path / "other")
    indexed(corpus, tmp_path / "other")
    assert kept().keys() == kept("other").keys()
    assert all(_alike(rows, kept("other")[name]) for name, rows in kept().items())


def _alike(one: bytes, other: bytes) -> bool:
    """Whether vectors are the same but for the last place: what is encoded beside a passage decides on that."""
    first, second = (np.frombuffer(rows, np.int8).astype(int) for rows in (one, other))
    return bool(np.abs(first - second).max() <= 2)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 8 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(disk)], capture_output=True).returncode:
        pytest.skip("only root may make a disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.fixture
def served(tmp_path: Path, small_disk: Path) -> Iterator[tuple[Library, Path]]:
    """A library whose index is on the small disk, and its corpus elsewhere."""
    corpus = tmp_path / "corpus"
    write(corpus, range(20), 0)
    library = Library.open(corpus, engine="disk", index=small_disk / "index", min_confidence=0.1, reader=False)
    yield library, corpus
    library.close()


def answers(library: Library) -> bool:
    """Whether it answers from what was there at first."""
    return project(7) in quoted(library, 7)


@pytest.mark.soak
def test_on_a_full_disk_what_was_served_is_served_on(served: tuple[Library, Path], small_disk: Path) -> None:
    library, corpus = served
    stuffing = small_disk / "stuffing"
    with stuffing.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 65536):
            pass
    write(corpus, range(20, 400), 0)
    with pytest.raises(IqtibasError) as caught:
        library.refresh()
    assert "\n" not in str(caught.value)
    assert str(small_disk) in str(caught.value)
    assert answers(library)
    stuffing.unlink()
    library.refresh()
    assert len(library.documents) == 400
    assert list(library.faults()) == []


@pytest.mark.soak
def test_on_a_full_disk_vectors_are_not_kept_which_is_one_line_and_made_when_there_is_room(
    served: tuple[Library, Path], small_disk: Path
) -> None:
    library, corpus = served
    library.close()
    library = Library.open(corpus, engine="disk", index=small_disk / "index", min_confidence=0.1)
    stuffing = small_disk / "stuffing"
    with stuffing.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    with pytest.raises(IqtibasError) as caught:
        library.make_vectors()
    assert "\n" not in str(caught.value)
    assert "vectors cannot be kept" in str(caught.value)
    assert answers(library)
    stuffing.unlink()
    assert library.make_vectors()
    assert library.vectors_kept[0] == library.passages
    library.close()


@pytest.mark.soak
def test_where_nothing_can_be_written_what_was_served_is_served_on(
    served: tuple[Library, Path], small_disk: Path
) -> None:
    library, corpus = served
    library.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    again = Library.open(corpus, engine="disk", index=small_disk / "index", min_confidence=0.1, reader=False)
    assert answers(again)
    write(corpus, range(20, 30), 0)
    with pytest.raises(IqtibasError) as caught:
        again.refresh()
    assert "\n" not in str(caught.value)
    assert answers(again)
    again.close()


@pytest.mark.soak
@pytest.mark.parametrize(
    "name", ["documents.sqlite3", "words.sqlite3", "passages/*.store", "passages/*.term", "passages/meta.json"]
)
def test_a_file_cut_short_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    write(corpus, range(200), 0)
    Library.open(corpus, engine="disk", index=index, reader=False).close()
    for path in index.glob(f"*/{name}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    done = indexed(corpus, index, "--verify")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "elete" in done.stderr
