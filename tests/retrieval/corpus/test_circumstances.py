"""What stands in the way of a file for a while loses nothing: it is tried again, soon and then seldom, and said; what
is wrong with its content waits for a change. In memory and on disk alike."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from errno import ESTALE
from functools import partial
from pathlib import Path

import pytest

from retrieval import Library
from retrieval.corpus import building  # noqa: F401  (loaded while nothing is patched)
from retrieval.documents.apart import reader
from retrieval.documents.kept import files as files_module
from retrieval.documents.kept import problems as problems_module
from retrieval.documents.kept.files import File
from retrieval.documents.kept.problems import FIRST, SELDOM, Later, Problem, gathered
from retrieval.documents.kept.rows import SCHEMA
from retrieval.documents.kept.store import DocumentStore
from retrieval.errors import CorpusError
from retrieval.tables.sqlite import FileTables

BRIDGE = "كلف ترميم الجسر الشمالي مليوني دينار."
ASKED_BRIDGE = "كم كلف ترميم الجسر الشمالي؟"
SCHOOL = "افتتحت الوزيرة المدرسة الجديدة في مدينة سبأ يوم الأحد."
ASKED_SCHOOL = "من افتتح المدرسة الجديدة في سبأ يوم الأحد؟"

Opening = Callable[[], Library]


def text(sentence: str) -> str:
    return f"أخبار البلدة\n\n{sentence} وقال السكان إنهم راضون.\n"


def page(sentence: str) -> str:
    body = f"<p>{sentence} وقال السكان إنهم راضون عن ذلك، وشكروا من سعى فيه من أهل البلدة.</p>"
    return f"<html><head><title>أخبار</title></head><body><article><h1>أخبار البلدة</h1>{body}</article></body></html>"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "bridge.txt").write_text(text(BRIDGE), "utf-8")
    return tmp_path / "corpus"


@pytest.fixture(params=["memory", "disk"])
def opened(request: pytest.FixtureRequest, corpus: Path, tmp_path: Path) -> Iterator[Opening]:
    libraries: list[Library] = []

    def open_() -> Library:
        found = Library.open(corpus, engine=request.param, index=tmp_path / "index", min_confidence=0.2, reader=False)
        libraries.append(found)
        return found

    yield open_
    for library in libraries:
        library.close()


def quoted(library: Library, asked: str) -> list[str]:
    return [quote.text for quote in library.ask(asked).quotes]


def reasons(library: Library) -> list[str]:
    return [problem.reason for problem in library.problems]


def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no file is read in time."""
    monkeypatch.setattr(reader, "Limits", partial(reader.Limits, wait=0.0001))


def pass_by(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    then = time.time()
    monkeypatch.setattr(problems_module.time, "time", lambda: then + seconds)


# Tried again


def test_a_file_that_was_not_read_in_time_is_served_once_the_machine_has_time(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    with monkeypatch.context() as slow:
        hurried(slow)
        library = opened()
    assert reasons(library) == ["school.html: took longer than 0.0001 s to read; split it, or save it anew"]
    with monkeypatch.context() as later:
        pass_by(later, FIRST + 1)
        told = library.refresh(settled=0.001)
    assert (told.documents, told.added, told.problems, told.again) == (2, 1, (), None)
    assert SCHOOL in quoted(library, ASKED_SCHOOL)


def test_a_changed_file_that_was_not_read_in_time_keeps_its_place_until_it_is(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    library = opened()
    (corpus / "school.html").write_text(page(SCHOOL.replace("الأحد", "الاثنين")), "utf-8")
    with monkeypatch.context() as slow:
        hurried(slow)
        told = library.refresh()
    assert told.again is not None
    assert (told.documents, told.changed, told.removed, len(told.problems)) == (2, 0, 0, 1)
    assert quoted(library, ASKED_SCHOOL) == []  # what was converted is no longer what stands there
    told = library.refresh()
    assert (told.changed, told.problems) == (1, ())
    assert SCHOOL.replace("الأحد", "الاثنين") in quoted(library, ASKED_SCHOOL)


def test_it_is_tried_when_it_is_its_time_and_not_before_and_at_once_when_it_changed(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    tries: list[str] = []
    whole = reader.Reader.read
    monkeypatch.setattr(
        reader.Reader, "read", lambda self, content, name: tries.append(name) or whole(self, content, name)
    )
    hurried(monkeypatch)
    library = opened()
    told = library.refresh(settled=0.001)
    assert len(tries) == 1
    assert told.again is not None
    assert 0 < told.again <= FIRST
    pass_by(monkeypatch, FIRST + 1)
    told = library.refresh(settled=0.001)
    assert len(tries) == 2
    assert told.again is not None
    assert told.again > FIRST
    (corpus / "school.html").write_text(page(SCHOOL) + " ", "utf-8")
    os.utime(corpus / "school.html", (1, 1))
    library.refresh(settled=0.001)
    assert len(tries) == 3
    library.refresh()  # who asks for it by hand does not wait
    assert len(tries) == 4


def test_on_disk_the_next_start_knows_when_to_try_again(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_(*, renew: bool = False) -> Library:
        return Library.open(corpus, engine="disk", index=tmp_path / "index", reader=False, renew=renew)

    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    with monkeypatch.context() as slow:
        hurried(slow)
        open_().close()
    library = open_()
    assert len(reasons(library)) == 1
    assert list(library.faults()) == [f"{reasons(library)[0]}; it is tried again"]
    library.close()
    library = open_(renew=True)
    assert reasons(library) == []
    assert list(library.faults()) == []
    library.close()


def test_waits_grow_to_an_hour_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    later, file = Later(), File(Path("a.pdf"), "a.pdf", "1")
    waits = []
    for _ in range(12):
        later.failed(file)
        waits.append(round(later.kept["a.pdf"][2] - time.time()))
    assert waits[0] == pytest.approx(FIRST, abs=1)
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(SELDOM, abs=1)
    assert not later.is_due(file)
    pass_by(monkeypatch, -10 * SELDOM)  # a clock that was set back makes nobody wait for longer
    assert later.is_due(file)


def test_what_is_wrong_with_the_content_waits_for_a_change(opened: Opening, corpus: Path) -> None:
    (corpus / "bad.txt").write_bytes(b"\0\0")
    library = opened()
    told = library.refresh()
    assert told.again is None
    assert [problem.reason for problem in told.problems] == ["bad.txt: not a text: it holds zero bytes"]


def test_a_file_on_a_disk_that_is_away_comes_back_with_it(opened: Opening, corpus: Path, tmp_path: Path) -> None:
    disk, away = tmp_path / "disk", tmp_path / "away"
    disk.mkdir()
    (disk / "school.txt").write_text(text(SCHOOL), "utf-8")
    (corpus / "school.txt").symlink_to(disk / "school.txt")
    library = opened()
    disk.rename(away)
    told = library.refresh()
    assert (told.documents, told.removed) == (2, 0)
    assert [problem.reason for problem in told.problems] == ["school.txt: No such file or directory"]
    assert library.ask(ASKED_SCHOOL).unreachable
    away.rename(disk)
    assert library.refresh().problems == ()
    assert SCHOOL in quoted(library, ASKED_SCHOOL)


def test_what_lies_in_a_folder_that_cannot_be_listed_now_is_not_taken_for_gone(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "far" / "deep").mkdir(parents=True)
    (corpus / "far" / "deep" / "school.txt").write_text(text(SCHOOL), "utf-8")
    library = opened()
    whole = os.scandir

    def stale(path: str) -> object:
        if Path(path) == corpus / "far":
            raise OSError(ESTALE, "Stale file handle", str(path))
        return whole(path)

    with monkeypatch.context() as away:
        away.setattr(os, "scandir", stale)
        told = library.refresh()
    assert (told.documents, told.removed) == (2, 0)
    assert told.again is not None
    assert [problem.reason for problem in told.problems] == ["far: Stale file handle"]
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    told = library.refresh()
    assert (told.problems, told.again) == ((), None)


# The whole corpus away


@pytest.mark.parametrize("leaves", ["nothing", "an empty folder"])
def test_a_corpus_that_is_away_is_said_to_be_and_comes_back_without_being_read_anew(
    opened: Opening, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leaves: str
) -> None:
    library = opened()
    assert BRIDGE in quoted(library, ASKED_BRIDGE)
    corpus.rename(tmp_path / "away")
    if leaves == "an empty folder":
        corpus.mkdir()
    answer = library.ask(ASKED_BRIDGE)
    assert (answer.found, answer.unreachable) == (False, True)
    with pytest.raises(CorpusError):
        library.refresh()
    assert library.ask(ASKED_BRIDGE).unreachable
    if leaves == "an empty folder":
        corpus.rmdir()
    (tmp_path / "away").rename(corpus)
    loaded: list[str] = []
    whole = files_module.load
    monkeypatch.setattr(files_module, "load", lambda file, apart: loaded.append(file.name) or whole(file, apart))
    told = library.refresh()
    assert (told.documents, told.added, told.changed, told.removed) == (1, 0, 0, 0)
    assert loaded == []
    assert BRIDGE in quoted(library, ASKED_BRIDGE)


def test_what_is_not_there_is_a_refusal_and_not_out_of_reach(opened: Opening, corpus: Path) -> None:
    (corpus / "school.txt").write_text(text(SCHOOL), "utf-8")
    library = opened()
    assert not library.ask("ما هي عاصمة فرنسا؟").unreachable
    (corpus / "bridge.txt").unlink()  # gone for good: the rest of the corpus is there
    answer = library.ask(ASKED_BRIDGE)
    assert (answer.found, answer.unreachable) == (False, False)


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Mounts a disk, always the same one, in a folder: what is written in ``on_disk`` first."""
    disk, mounted = tmp_path / "other disk", list[Path]()
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", str(disk)], capture_output=True).returncode:
        pytest.skip("only root may mount a disk")

    def bind(folder: Path) -> None:
        subprocess.run(["mount", "--bind", str(disk), str(folder)], check=True)
        mounted.append(folder)

    yield bind
    for folder in (*mounted, disk):
        subprocess.run(["umount", "-l", str(folder)], capture_output=True)


def test_what_another_disk_holds_inside_the_corpus_is_not_gone_with_it(
    opened: Opening, corpus: Path, tmp_path: Path, mount: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    far = corpus / "far"
    (tmp_path / "other disk" / "deep").mkdir()
    (tmp_path / "other disk" / "deep" / "school.txt").write_text(text(SCHOOL), "utf-8")
    far.mkdir()
    mount(far)
    library = opened()
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    subprocess.run(["umount", str(far)], check=True)
    assert library.ask(ASKED_SCHOOL).unreachable  # before it is looked at, too
    told = library.refresh(settled=0.01)
    assert (told.documents, told.removed) == (2, 0)
    assert [problem.reason for problem in told.problems] == ["far: what was mounted there is away"]
    assert told.again is not None
    assert library.ask(ASKED_SCHOOL).unreachable
    assert BRIDGE in quoted(library, ASKED_BRIDGE)
    mount(far)
    told = library.refresh()
    assert (told.problems, told.again, told.changed) == ((), None, 0)
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    subprocess.run(["umount", str(far)], check=True)
    monkeypatch.setattr(problems_module, "MOST_TRIES", 1)
    assert (library.refresh().removed, library.refresh().removed) == (0, 1)  # waited for no more
    assert library.problems == ()
    answer = library.ask(ASKED_SCHOOL)
    assert (answer.found, answer.unreachable) == (False, False)


# As it is on the disk


def test_a_change_that_keeps_size_and_time_is_taken_up(opened: Opening, corpus: Path) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    library = opened()
    known = (corpus / "school.html").stat()
    other = SCHOOL.replace("الأحد", "السبت")[:-1] + " "
    with (corpus / "school.html").open("r+b") as file:
        content = (
            page(SCHOOL)
            .encode()
            .replace(SCHOOL.encode(), other.encode().ljust(len(SCHOOL.encode()))[: len(SCHOOL.encode())])
        )
        file.write(content[: known.st_size].ljust(known.st_size))
    os.utime(corpus / "school.html", ns=(known.st_atime_ns, known.st_mtime_ns))
    now = (corpus / "school.html").stat()
    assert (now.st_size, now.st_mtime_ns, now.st_ino) == (known.st_size, known.st_mtime_ns, known.st_ino)
    assert SCHOOL not in quoted(library, ASKED_SCHOOL)  # not even before it is looked at
    assert library.refresh().changed == 1


def test_a_converted_file_that_was_only_touched_is_still_quoted(opened: Opening, corpus: Path) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    library = opened()
    os.utime(corpus / "school.html", (1, 1))
    (corpus / "school.html").chmod(0o640)
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    shutil.copyfile(corpus / "school.html", corpus / "copy")
    (corpus / "copy").rename(corpus / "school.html")
    assert SCHOOL in quoted(library, ASKED_SCHOOL)


def test_a_converted_file_is_read_for_its_digest_once_while_it_stays_as_it_is(
    opened: Opening, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "school.html").write_text(page(SCHOOL), "utf-8")
    library = opened()
    monkeypatch.setattr(files_module, "FRESH", 0.0)  # as if it had been written some time ago
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    read: list[Path] = []
    whole = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *args, **kinds: read.append(self) or whole(self, *args, **kinds))
    assert SCHOOL in quoted(library, ASKED_SCHOOL)
    assert corpus / "school.html" not in read


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_a_date_in_the_future_does_not_keep_a_file_waiting(opened: Opening, corpus: Path, ahead: float) -> None:
    library = opened()
    path = corpus / "school.txt"
    path.write_text(text(SCHOOL), "utf-8")
    os.utime(path, (time.time() + ahead,) * 2)
    told = library.refresh(settled=600)
    assert (told.added, told.again) == (1, None)


def test_a_log_beside_the_documents_is_never_waited_for_nor_read(opened: Opening, corpus: Path) -> None:
    (corpus / "bot.log").write_text("one\n")
    library = opened()
    (corpus / "bot.log").write_text("one\ntwo\n")
    told = library.refresh(settled=600)
    assert told.again is None
    assert not told.is_change
    assert [problem.reason.split(":")[0] for problem in told.problems] == ["bot.log"]


# What is said


def test_what_changed_is_counted(opened: Opening, corpus: Path) -> None:
    (corpus / "old.txt").write_text(text("وصلت السفينة الحمراء إلى الميناء صباح الخميس."), "utf-8")
    library = opened()
    (corpus / "old.txt").unlink()
    (corpus / "bridge.txt").write_text(text(BRIDGE.replace("مليوني", "ثلاثة ملايين")), "utf-8")
    (corpus / "school.txt").write_text(text(SCHOOL), "utf-8")
    (corpus / "empty.txt").write_text("")
    told = library.refresh()
    assert str(told) == "documents=2 added=1 changed=1 removed=1 not_read=1: empty.txt: the file is empty"
    assert str(library.refresh()) == (
        "documents=2 added=0 changed=0 removed=0 not_read=1: empty.txt: the file is empty"
    )


def test_hundreds_of_empty_articles_are_one_line(opened: Opening, corpus: Path) -> None:
    lines = [{"id": str(n), "text": ""} for n in range(354)]
    (corpus / "export.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    (corpus / "bad.txt").write_bytes(b"\0")
    told = opened().refresh()
    assert len(told.problems) == 355
    assert gathered(told.problems) == (
        "bad.txt: not a text: it holds zero bytes",
        'export.jsonl: line 1: no "text", or an empty one (and 353 more like it)',
    )
    assert "\n" not in str(told)


def test_reasons_of_many_kinds_are_bounded() -> None:
    kinds = [Problem(f"a.txt: {'x' * n}") for n in range(1, 30)]
    lines = gathered(kinds)
    assert len(lines) == 9
    assert lines[-1] == "and 21 more for other reasons"


def test_an_index_of_before_digests_were_kept_is_quoted_as_it_was(corpus: Path, tmp_path: Path) -> None:
    path = corpus / "school.html"
    path.write_text(page(SCHOOL), "utf-8")
    store = DocumentStore(FileTables(tmp_path / "documents.sqlite3", SCHEMA), corpus)
    (listed,) = [file for file in files_module.files(corpus).files if file.name == path.name]
    with reader.Reader() as apart:
        store.put(listed, files_module.load_whole(listed, apart))
    before = "-".join(listed.stamp.split("-")[:3])
    store._run("UPDATE files SET stamp = ? WHERE name = ?", (before, path.name))
    assert SCHOOL in store.stored(path.name).text
    path.write_text(page(BRIDGE), "utf-8")
    with pytest.raises(Exception, match="changed since it was read"):
        store.stored(path.name)
    store.close()
