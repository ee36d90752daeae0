"""Scanned pages wait while the rest answers, are read once, and then answer too."""

import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from places import DATA

from retrieval import Library
from retrieval.documents.apart.reader import Reader
from retrieval.documents.scans import recognition
from retrieval.documents.scans.pages import Recognised, Scans

SCAN = DATA / "scans" / "09-company-faq.pdf"
OTHER = SCAN.with_name("19-agri-bulletin.pdf")
TEXT = "خبر\n\nافتتح الوزير الجسر الجديد في مدينة الرقة يوم الخميس بعد ثلاث سنوات من العمل."

pytestmark = pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "news.txt").write_text(TEXT, "utf-8")
    shutil.copy(SCAN, folder / "scan.pdf")
    return folder


@pytest.fixture(params=["memory", "disk"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(corpus: Path, engine: str = "memory", *, later: bool = True) -> Library:
    index = corpus.with_name("index")
    return Library.open(corpus, engine=engine, index=index, reader=False, min_confidence=0.1, scans_later=later)


def kept(corpus: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(corpus.with_name("index.scans"))) as connection:
        return connection.execute("SELECT number, text FROM pages ORDER BY number").fetchall()


def ids(library: Library) -> list[str]:
    return [document.id for document in library.documents]


def of_two_pages(path: Path) -> None:
    both = pdfium.PdfDocument.new()
    for scan in (SCAN, OTHER):
        with closing(pdfium.PdfDocument(scan.read_bytes())) as one:
            both.import_pages(one, [0])
    both.save(path)


def test_the_rest_answers_while_a_scan_waits_and_then_the_scan_too(
    corpus: Path, engine: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with closing(opened(corpus, engine)) as library:
        assert ids(library) == ["news.txt"]
        assert library.not_read == ("scan.pdf: page 1: a scan, which a machine reads in a while",)
        assert library.ask("متى افتتح الوزير الجسر؟").found
        assert library.lacks_scans
        assert library.read_scans()
        assert not library.lacks_scans
        assert (ids(library), library.not_read) == (["news.txt", "scan.pdf"], ())
        assert any(document.recognised for document in library.documents)
    (line,) = (record.getMessage() for record in caplog.records if "scans of" in record.getMessage())
    assert line.startswith("scans of scan.pdf: read, pages=1 seconds=")


def test_what_was_read_once_is_not_read_again(corpus: Path, engine: str) -> None:
    with closing(opened(corpus, engine)) as library:
        library.read_scans()
    with closing(sqlite3.connect(corpus.with_name("index.scans"))) as connection, connection:
        connection.execute("UPDATE pages SET text = 'نص محفوظ من صورة الصفحة'")
    shutil.copy(SCAN, corpus / "again.pdf")
    with closing(opened(corpus, engine)) as library:
        assert not library.lacks_scans
        texts = {document.id: document.text for document in library.documents}
    assert texts["again.pdf"] == "نص محفوظ من صورة الصفحة"


def test_a_page_that_was_read_before_a_stop_stays(corpus: Path, engine: str) -> None:
    (corpus / "scan.pdf").unlink()
    of_two_pages(corpus / "two.pdf")
    with closing(opened(corpus, engine)) as library:
        asked: Iterator[int] = count()
        assert not library.read_scans(lambda: next(asked) > 0)
    ((number, text),) = kept(corpus)
    assert number == 0
    with closing(opened(corpus, engine)) as library:
        assert "two.pdf: page 2: a scan, which a machine reads in a while" in library.not_read
        library.read_scans()
        (two,) = (document for document in library.documents if document.id == "two.pdf")
    assert two.text.startswith(text)
    assert len(two.pages) == 2
    assert len(kept(corpus)) == 2


def test_where_a_corpus_holds_scans_alone_they_are_read_at_once(corpus: Path, engine: str) -> None:
    (corpus / "news.txt").unlink()
    with closing(opened(corpus, engine)) as library:
        assert ids(library) == ["scan.pdf"]


def test_a_file_that_goes_or_changes_while_it_waits_is_let_go(corpus: Path) -> None:
    with closing(opened(corpus)) as library:
        (corpus / "scan.pdf").write_bytes(OTHER.read_bytes())
        assert library.read_scans()
        assert ids(library) == ["news.txt"]
        library.refresh()
        library.read_scans()
        assert "scan.pdf" in ids(library)
        (corpus / "scan.pdf").unlink()
        library.refresh()
        assert ids(library) == ["news.txt"]


def test_a_file_of_the_cache_that_is_damaged_stops_nothing(corpus: Path) -> None:
    corpus.with_name("index.scans").write_bytes(b"no database" * 1000)
    with closing(opened(corpus)) as library:
        library.read_scans()
        assert "scan.pdf" in ids(library)


def test_what_is_kept_is_bounded_and_lives_in_memory_where_no_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.documents.scans.pages.KEPT", 3)
    (tmp_path / "file").touch()
    for path in (tmp_path / "made" / "scans", tmp_path / "file" / "scans"):
        scans = Scans(tmp_path, path)
        for number in range(5):
            scans.keep("source", number, Recognised(f"صفحة {number}", 0.9))
        assert sorted(scans.of("source")) == [2, 3, 4]
        scans.close()


def test_while_scans_wait_the_rest_of_their_file_is_quoted_and_it_is_not_read_again(
    corpus: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(pdfium.PdfDocument.new()) as both:
        for path in (DATA / "formats" / "pdf" / "museum.pdf", SCAN):
            with closing(pdfium.PdfDocument(path.read_bytes())) as one:
                both.import_pages(one)
        both.save(corpus / "scan.pdf")
    lines = map(json.loads, (DATA / "pdf_questions.jsonl").read_text("utf-8").splitlines())
    case = next(line for line in lines if line["document"] == "museum.pdf")
    with closing(opened(corpus, engine)) as library:
        assert library.lacks_scans
        assert case["quote"] in library.ask(case["question"]).quotes[0].text
        with monkeypatch.context() as watched:
            watched.setattr(Reader, "read", lambda *_: pytest.fail("read again"))
            library.refresh()
        assert library.read_scans()
        assert "scan.pdf#scan" in ids(library)
