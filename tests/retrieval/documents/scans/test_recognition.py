"""Scanned pages: read by a machine where it is installed, said to be so, and named as scans where it is not."""

import json
import re
from contextlib import closing
from pathlib import Path
from statistics import fmean
from time import process_time

import pytest
from places import DATA
from rapidfuzz.distance import Levenshtein

from bot.phrases import phrases
from bot.showing.answer_json import answer_json
from bot.showing.cards import cards
from retrieval import Document, Library
from retrieval.documents.apart.reader import Reader
from retrieval.documents.kept.rows import document_of, row_of
from retrieval.documents.loaders import pdf
from retrieval.documents.pdf import pdfium
from retrieval.documents.pdf.pictures import MOST, picture
from retrieval.documents.scans import recognition
from retrieval.errors import UnreadableError

SCANS = DATA / "scans"
NAMES = sorted(path.stem for path in SCANS.glob("*.pdf"))
FEW = [NAMES[0], NAMES[8]]

installed = pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")


def of(name: str) -> bytes:
    return (SCANS / f"{name}.pdf").read_bytes()


def read(name: str) -> recognition.Recognised:
    with closing(pdfium.opened(of(name), name)) as document:
        return recognition.recognised(picture(document, 0, recognition.RESOLUTION))


def right(name: str, text: str) -> float:
    """The share of a page's letters that are right; of a text of several pages, as far as the page goes."""
    printed, seen = ("".join(re.findall(r"\w", each)) for each in ((DATA / "single" / f"{name}.txt").read_text(), text))
    return 1 - Levenshtein.distance(printed[: len(seen) + 20], seen) / len(seen)


def questions() -> dict[str, dict[str, str]]:
    """The first question about each page."""
    lines = map(json.loads, (DATA / "single_questions.jsonl").read_text("utf-8").splitlines())
    return {line["document"].removesuffix(".txt"): line for line in reversed(list(lines))}


@installed
@pytest.mark.parametrize("name", FEW)
def test_the_letters_of_a_scanned_page_are_read(name: str) -> None:
    start = process_time()
    found = read(name)
    assert right(name, found.text) >= 0.95
    assert found.confidence > 0.8
    assert process_time() - start < 10


@installed
def test_a_quote_of_a_scan_is_said_to_be_read_by_a_machine(tmp_path: Path) -> None:
    for name in FEW:
        (tmp_path / f"{name}.pdf").write_bytes(of(name))
    library = Library.open(tmp_path, index=tmp_path / ".index", min_confidence=0.2)
    assert library.problems == ()
    answer = library.ask(questions()[FEW[0]]["question"])
    quote = answer.quotes[0]
    assert quote.document.id == f"{FEW[0]}.pdf"
    assert quote.document.recognised is not None
    assert quote.page == 1
    assert phrases("ar").read_by_machine in cards(answer, phrases("ar"))[0].plain
    assert answer_json(answer)["quotes"][0]["recognised"] == quote.document.recognised
    assert document_of(row_of(quote.document)) == quote.document


QUOTED = 14
"""Of twenty questions. At a threshold of .47 it was 15."""


@installed
@pytest.mark.soak
def test_questions_about_scans_are_quoted_in_three(tmp_path: Path) -> None:
    library = Library.open(SCANS, index=tmp_path / "index")
    texts = {Path(document.id).stem: document.text for document in library.documents}
    assert fmean(right(name, texts[name]) for name in NAMES) >= 0.95
    asked = questions()
    quoted = 0
    for name in NAMES:
        answer = library.ask(asked[name]["question"])
        quoted += any(Path(quote.document.id).stem == name for quote in answer.quotes[:3])
    assert quoted >= QUOTED


def test_without_a_machine_to_read_it_a_scan_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "data", lambda: None)
    with pytest.raises(UnreadableError, match="page 1: a picture without text, such as a scan"):
        list(pdf.load(of(FEW[0]), "a.pdf"))


@installed
def test_a_page_that_cannot_be_read_well_enough_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "recognised", lambda _: recognition.Recognised("كلمة", 0.4))
    with pytest.raises(UnreadableError, match="page 1: a scan that cannot be read well enough"):
        list(pdf.load(of(FEW[0]), "a.pdf"))


@installed
def test_the_pages_that_are_read_are_bounded() -> None:
    with pytest.raises(UnreadableError, match="page 1: a scan after the first 0 of a file"):
        list(pdf.load(of(FEW[0]), "a.pdf", most=0))


def test_a_page_that_claims_to_be_huge_is_drawn_small() -> None:
    import re as regex

    huge = regex.sub(rb"/MediaBox\s*\[[^\]]*\]", b"/MediaBox [0 0 90000 90000]", of(FEW[0]))
    with closing(pdfium.opened(huge, "a")) as document:
        drawn = picture(document, 0, recognition.RESOLUTION)
    assert drawn.width * drawn.height <= MOST * 1.01
    assert len(drawn.pixels) == drawn.width * drawn.height


@installed
def test_scans_are_read_apart_within_the_limits() -> None:
    with Reader() as reader:
        (found,) = reader.read(of(FEW[0]), "a.pdf")
    assert isinstance(found, Document)
    assert found.recognised is not None
