"""A small corpus is prepared once by a process apart, within bounds, and opened at once."""

import resource
import shutil
import threading
import time
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from places import DATA

from retrieval import Bounds, Library, Preparer
from retrieval.documents.scans import recognition
from retrieval.errors import EngineError, TooLongError, TooMuchError

LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n\nوينتهي العقد في آخر السنة.\n"
ASKED, ANSWER = "كم يدفع المستأجر كمال الزهراني؟", "ثلاثة آلاف ريال"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.txt").write_text(LEASE, "utf-8")
    return folder


def test_what_is_prepared_is_opened_without_reading_a_file_and_answers(corpus: Path, tmp_path: Path) -> None:
    preparer = Preparer()
    assert not preparer.is_prepared(tmp_path / "index")
    assert preparer.prepare(corpus, tmp_path / "index") == {"a.txt": 1}
    assert preparer.is_prepared(tmp_path / "index")
    (corpus / "b.txt").write_text("كتاب\n\nنص آخر في كتاب آخر.\n", "utf-8")
    library = Library.open(corpus, index=tmp_path / "index", prepared=True, reader=False)
    assert ANSWER in library.ask(ASKED).quotes[0].text
    assert len(library.documents) == 1
    library.close()


def test_a_further_file_is_taken_up_and_what_is_gone_is_left_out(corpus: Path, tmp_path: Path) -> None:
    preparer = Preparer()
    preparer.prepare(corpus, tmp_path / "index")
    (corpus / "b.txt").write_text("كتاب\n\nنص آخر في كتاب آخر.\n", "utf-8")
    assert preparer.prepare(corpus, tmp_path / "index") == {"a.txt": 1, "b.txt": 1}
    (corpus / "a.txt").unlink()
    assert preparer.prepare(corpus, tmp_path / "index") == {"b.txt": 1}


def test_a_file_that_another_program_reads_is_handed_to_it_beside_the_index(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "antiword").write_text("#!/bin/sh\npwd > ../where", "utf-8")
    (tmp_path / "antiword").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    shutil.copy(DATA / "old_word" / "mine.doc", corpus)
    Preparer().prepare(corpus, tmp_path / "index")
    assert (tmp_path / "index") in Path((tmp_path / "index" / "where").read_text().strip()).parents


@pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")
def test_scanned_pages_wait_and_the_rest_answers(corpus: Path, tmp_path: Path) -> None:
    scan, index, preparer = DATA / "scans" / "09-company-faq.pdf", tmp_path / "index", Preparer()
    shutil.copy(scan, corpus / "scan.pdf")
    assert preparer.prepare(corpus, index) == {"a.txt": 1}
    assert preparer.waiting(index) == {"scan.pdf": 1}
    with closing(Library.open(corpus, index=index, prepared=True, reader=False)) as library:
        assert ANSWER in library.ask(ASKED).quotes[0].text
    assert preparer.read_scans(corpus, index) == ["scan.pdf"]
    assert preparer.prepare(corpus, index) == {"a.txt": 1, "scan.pdf": 1}
    assert preparer.waiting(index) == {}
    assert preparer.read_scans(corpus, index) == []


@pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")
def test_of_a_scan_that_is_gone_nothing_is_read(corpus: Path, tmp_path: Path) -> None:
    shutil.copy(DATA / "scans" / "09-company-faq.pdf", corpus / "scan.pdf")
    preparer = Preparer()
    preparer.prepare(corpus, tmp_path / "index")
    (corpus / "scan.pdf").unlink()
    assert preparer.read_scans(corpus, tmp_path / "index") == ["scan.pdf"]
    assert preparer.prepare(corpus, tmp_path / "index") == {"a.txt": 1}
    assert preparer.waiting(tmp_path / "index") == {}


def test_what_gives_no_document_is_told(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.txt").write_bytes(b"\0\0")
    assert Preparer().prepare(corpus, tmp_path / "index") == {}


def test_texts_that_are_too_long_are_refused_before_they_are_indexed(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLongError):
        Preparer(Bounds(characters=50)).prepare(corpus, tmp_path / "index")


@pytest.mark.parametrize("text", ["كلمة " * 4_000_000, "م" * 9_000_000], ids=["a long text", "a long word"])
def test_a_text_of_the_largest_size_costs_little_to_refuse(corpus: Path, tmp_path: Path, text: str) -> None:
    (corpus / "a.txt").write_bytes(text.encode()[: 20 * 2**20 - 1].decode("utf-8", "ignore").encode())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(TooLongError):
        Preparer().prepare(corpus, tmp_path / "index")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 10


def test_what_takes_more_time_than_its_bound_is_stopped(corpus: Path, tmp_path: Path) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(30):
            archive.writestr(f"{number}.txt", f"كلمة{number} " * 9_000)
    (corpus / "a.zip").write_bytes(content.getvalue())
    with pytest.raises(TooMuchError) as caught:
        Preparer(Bounds(seconds=0)).prepare(corpus, tmp_path / "index")
    assert not isinstance(caught.value, TooLongError)


def test_what_takes_more_memory_than_its_bound_is_stopped(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(TooMuchError):
        Preparer(Bounds(memory=64 * 2**20)).prepare(corpus, tmp_path / "index")


def test_what_is_being_prepared_ends_with_the_preparer(corpus: Path, tmp_path: Path) -> None:
    (corpus / "b.txt").write_text("\n\n".join(f"كلام رقم {n} في القافلة." for n in range(60_000)), "utf-8")
    preparer, raised = Preparer(), []

    def prepare() -> None:
        try:
            preparer.prepare(corpus, tmp_path / "index")
        except EngineError as error:
            raised.append(error)

    thread = threading.Thread(target=prepare)
    thread.start()
    while not (children := psutil.Process().children()):
        time.sleep(0.01)
    preparer.close()
    thread.join(60)
    assert len(raised) == 1
    assert not any(child.is_running() for child in children)
    with pytest.raises(EngineError):
        preparer.prepare(corpus, tmp_path / "index")
