"""The page as proof: its picture shows the words of a quote, and no others, marked."""

import json
import re
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from marked_pages import letters_of, share_alike, under_marks
from PIL import Image
from places import DATA

from retrieval import Document, Library, Span, has_page
from retrieval.documents.apart.reader import Reader
from retrieval.documents.pages import drawing, proof
from retrieval.documents.pages.letters import Sought, stretches
from retrieval.documents.scans import recognition
from retrieval.errors import UnreachedError, UnreadableError

FORMATS = DATA / "formats" / "pdf"
NAMES = sorted(path.name for path in FORMATS.glob("*.pdf"))
CASES = [json.loads(line) for line in (DATA / "pdf_questions.jsonl").read_text("utf-8").splitlines()]


def read(path: Path) -> Document:
    with Reader() as reader:
        (found,) = [one for one in reader.read(path.read_bytes(), path.name) if isinstance(one, Document)]
    return found


def source_of(path: Path) -> str:
    return proof.sha256(path.read_bytes()).hexdigest()


def drawn(document: Document, span: Span, path: Path) -> bytes:
    return proof.page_picture(document, span, path, source_of(path))


def sentences(document: Document) -> list[Span]:
    """The first and the last sentence of a document that stand within a page."""
    spans = [Span(*found.span()) for found in re.finditer(r"[^\s.][^.\n\t]{30,}\.", document.text)]
    within = [span for span in spans if not any(span.start < start < span.end for start in document.pages)]
    return [within[0], within[-1]]


@pytest.mark.parametrize("name", NAMES)
def test_the_mark_falls_on_the_words_and_on_no_others(name: str) -> None:
    path = FORMATS / name
    document = read(path)
    for span in sentences(document):
        page = sum(start <= span.start for start in document.pages) - 1
        marked = under_marks(drawn(document, span, path), path.read_bytes(), page)
        assert share_alike(marked, letters_of(span.of(document.text))) > 0.93, span.of(document.text)


def test_of_a_quote_that_goes_on_over_a_page_its_own_part_is_marked() -> None:
    path = FORMATS / "museum.pdf"
    document = read(path)
    start = document.pages[1]
    span = Span(start - 40, start + 30)
    marked = under_marks(drawn(document, span, path), path.read_bytes(), 0)
    assert share_alike(marked, letters_of(document.text[start - 40 : start])) > 0.9


def test_a_page_that_is_shown_turned_is_marked_where_it_is_seen(tmp_path: Path) -> None:
    turned = pdfium.PdfDocument((FORMATS / "museum.pdf").read_bytes())
    for page in turned:
        page.set_rotation(90)
    path = tmp_path / "turned.pdf"
    turned.save(path)
    document = read(path)
    span = sentences(document)[0]
    marked = under_marks(drawn(document, span, path), path.read_bytes(), 0, is_turned=True)
    assert share_alike(marked, letters_of(span.of(document.text))) > 0.93


@pytest.mark.skipif(recognition.data() is None, reason="no text recognition here: the extra ocr")
def test_of_a_scan_the_lines_are_marked() -> None:
    path = DATA / "scans" / "09-company-faq.pdf"
    document = read(path)
    span = Span(0, document.text.index("\n"))
    picture = np.asarray(Image.open(BytesIO(drawn(document, span, path))).convert("RGB")).astype(int)
    marked = np.flatnonzero((picture[:, :, 2] < picture[:, :, 0] - 60).any(axis=1))
    inked = np.flatnonzero((picture.max(axis=2) < 100).sum(axis=1) > 12)
    assert abs(marked[0] - inked[0]) < len(picture) / 80  # the heading: the first line of ink, and nothing below it
    assert marked[-1] - marked[0] < len(picture) / 20


def test_of_words_that_stand_there_twice_the_nearer_are_marked() -> None:
    assert stretches("كلمةثمكلمة", Sought("كلمة", 0)) == [range(4)]
    assert stretches("كلمةثمكلمة", Sought("كلمة", 7)) == [range(6, 10)]


def test_words_in_other_cells_are_marked_by_pieces_and_too_few_of_them_not_at_all() -> None:
    assert stretches("المدينةعمانالسكانأربعةملايين", Sought("السكانأربعةملايينالمدينةعمان", 0)) == [
        range(11, 28),
        range(11),
    ]
    assert stretches("المدينةعمان", Sought("المدينةدمشقوسكانهاكثيرون", 0)) == []


def test_what_cannot_be_shown_is_said() -> None:
    path = FORMATS / "museum.pdf"
    document = read(path)
    with pytest.raises(UnreadableError, match="changed since it was read"):
        proof.page_picture(document, Span(0, 9), path, "another")
    other = Document("museum.pdf", "عنوان", "كلام آخر لا يقف في هذه الصفحة أبدا.", path="museum.pdf", pages=(0,))
    with pytest.raises(UnreadableError, match="page 1: the words are not found on it"):
        drawn(other, Span(0, 30), path)
    with pytest.raises(UnreachedError):
        proof.page_picture(document, Span(0, 9), path.with_name("gone.pdf"), "")


def test_only_pages_of_a_pdf_can_be_drawn() -> None:
    pages = {"pages": (0,)}
    assert has_page(Document("a.pdf", "", "نص", path="a.PDF", **pages))
    assert not has_page(Document("a.pdf", "", "نص", path="a.pdf"))
    assert not has_page(Document("a.pptx", "", "نص", path="a.pptx", **pages))
    assert not has_page(Document("a", "", "نص", path="all.zip/a.pdf", **pages))


def test_a_page_that_claims_to_be_huge_is_drawn_small(tmp_path: Path) -> None:
    content = re.sub(rb"/MediaBox\s*\[[^\]]*\]", b"/MediaBox [0 0 9000 9000]", (FORMATS / "museum.pdf").read_bytes())
    path = tmp_path / "huge.pdf"
    path.write_bytes(content)
    document = read(path)
    picture = Image.open(BytesIO(drawn(document, sentences(document)[0], path)))
    assert picture.width * picture.height <= drawing.MOST * 1.01


def test_few_wait_to_have_a_page_drawn() -> None:
    path = FORMATS / "museum.pdf"
    document = read(path)
    span = sentences(document)[0]
    outcomes: list[str] = []

    def ask() -> None:
        try:
            drawn(document, span, path)
            outcomes.append("drawn")
        except UnreachedError:
            outcomes.append("later")

    asking = [threading.Thread(target=ask) for _ in range(proof.WAITING + 4)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert sorted(outcomes) == ["drawn"] * (proof.WAITING + 1) + ["later"] * 3


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_a_library_draws_a_page_once(tmp_path: Path, engine: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    path = corpus / "museum.pdf"
    path.write_bytes((FORMATS / "museum.pdf").read_bytes())
    library = Library.open(corpus, engine=engine, index=tmp_path / "index", reader=False, min_confidence=0.1)
    case = next(case for case in CASES if case["document"].startswith("museum"))
    quote = library.ask(case["question"]).quotes[0]
    picture = library.page_picture(quote.document, quote.span)
    marked = under_marks(picture, path.read_bytes(), (quote.page or 1) - 1)
    assert share_alike(marked, letters_of(quote.text)) > 0.93
    path.unlink()
    assert library.page_picture(quote.document, quote.span) is picture
    library.forget_answers()
    with pytest.raises(UnreadableError):
        library.page_picture(quote.document, quote.span)
    library.close()
