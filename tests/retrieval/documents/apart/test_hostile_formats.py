"""Files that mean harm, of each format that is read apart: bombs, loops, entities, links, macros and sheets without
end. Each is named or bounded within the limits; nothing in it is run, and nothing fetched."""

import json
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from packing import changed, packed, with_part
from places import DATA

from retrieval import Document
from retrieval.documents.apart.reader import Reader
from retrieval.documents.loaders.formats import FORMATS, IN_PLACE
from retrieval.errors import UnreadableError

FILES = DATA / "formats"
OFFICE, PACKED = FILES / "office", FILES / "packed"
ENTITIES = "<!DOCTYPE x [<!ENTITY a0 'ها'>{}]>".format(
    "".join(f"<!ENTITY a{i} '{f'&a{i - 1};' * 10}'>" for i in range(1, 12))
)
READS_A_FILE = "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reading:
        yield reading


def read(reader: Reader, content: bytes, name: str) -> tuple[list[Document], list[str]]:
    found = reader.read(content, name)
    documents = [each for each in found if isinstance(each, Document)]
    return documents, [str(each) for each in found if isinstance(each, UnreadableError)]


def content_of(path: Path, part: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(part).decode()


def sheet(rows: str, dimension: str = "A1:B2") -> bytes:
    """The workbook of the test data with other rows."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    body = f'{DECLARATION}<worksheet {space}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return with_part(OFFICE / "dental.xlsx", "xl/worksheets/sheet1.xml", body)


def cells(number: int, words: str) -> str:
    first = f'<c r="A{number}" t="inlineStr"><is><t>{words}</t></is></c>'
    return f'<row r="{number}">{first}<c r="B{number}"><v>{number}</v></c></row>'


def spreadsheet(rows: str) -> bytes:
    content = content_of(OFFICE / "market.ods", "content.xml")
    start, end = content.index("<table:table-row"), content.rindex("</table:table-row>") + len("</table:table-row>")
    return with_part(OFFICE / "market.ods", "content.xml", content[:start] + rows + content[end:])


def entities(path: Path, part: str, declared: str, entity: str, before: str) -> bytes:
    """A package whose part declares entities and has one of them before some words."""
    content = content_of(path, part)
    declaration, closing, rest = content.partition("?>")
    rest = rest.replace(before, f"&{entity};{before}", 1)
    assert f"&{entity};" in rest
    return with_part(path, part, declaration + closing + declared + rest)


ROW = "<table:table-row {}><table:table-cell {}><text:p>كلمة</text:p></table:table-cell></table:table-row>"
WIKI = (FILES / "exports" / "wiki.xml").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["office/dental.xlsx", "office/market.ods", "office/palms.odt", "office/bees.pptx", "packed/journey.epub"]
)
def test_a_package_that_unpacks_to_too_much_is_refused_before_it_does(reader: Reader, name: str) -> None:
    documents, (reason,) = read(reader, with_part(FILES / name, "bomb.xml", bytes(110 * 2**20)), name)
    assert documents == []
    assert reason == f"{name}: holds more than 100 MB when unpacked; split it"


@pytest.mark.parametrize("declared", [ENTITIES, READS_A_FILE], ids=["bomb", "external"])
@pytest.mark.parametrize(
    ("name", "part", "before"),
    [
        ("office/dental.xlsx", "xl/sharedStrings.xml", "كم تكلف"),
        ("office/palms.odt", "content.xml", "تمتد واحة"),
        ("office/market.ods", "content.xml", "باذنجان"),
        ("office/bees.pptx", "ppt/slides/slide2.xml", "أنواع"),
        ("packed/journey.epub", "EPUB/text/ch001.xhtml", "أقلعت"),
        ("packed/journey.epub", "EPUB/content.opf", "رحلة"),
    ],
)
def test_entities_are_never_resolved(reader: Reader, name: str, part: str, before: str, declared: str) -> None:
    entity = "a11" if declared == ENTITIES else "x"
    documents, reasons = read(reader, entities(FILES / name, part, declared, entity, before), Path(name).name)
    assert documents or reasons
    assert all("root:" not in each.text and "هاها" not in each.text for each in documents)


@pytest.mark.parametrize("declared", [ENTITIES, READS_A_FILE], ids=["bomb", "external"])
def test_a_wiki_that_declares_entities_is_refused(reader: Reader, declared: str) -> None:
    documents, (reason,) = read(reader, (declared + WIKI).encode(), "wiki.xml")
    assert (documents, reason) == ([], "wiki.xml: declares entities of its own; take its DOCTYPE out")


def test_front_matter_that_refers_to_itself_again_and_again_is_not_written_out(reader: Reader) -> None:
    aliases = "a0: &a0 [ها]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
    (document,), _ = read(reader, f"---\ntitle: عنوان\n{aliases}---\n\nنص *المقال*.\n".encode(), "a.md")
    assert (document.title, document.text) == ("عنوان", "نص المقال.")


def test_of_a_sheet_of_a_million_rows_those_before_are_served(reader: Reader) -> None:
    many = "سؤال,جواب\n" + "".join(f"كم {n}؟,{n} دينارا\n" for n in range(1_000_000))
    documents, (reason,) = read(reader, many.encode(), "a.csv")
    assert len(documents) == 49_999
    assert reason == "a.csv: more than 50,000 rows; only those before are served; split it"


def test_of_a_workbook_of_a_million_rows_those_before_are_served(reader: Reader) -> None:
    rows = "".join(cells(number, "كلمة") for number in range(1, 1_000_000))
    documents, reasons = read(reader, sheet(rows[: 95 * 2**20 // 2].rpartition("</row>")[0] + "</row>"), "a.xlsx")
    assert reasons == ["a.xlsx: more than 50,000 rows; only those before are served; split it"]
    assert len(documents) == 1


def test_the_size_that_a_sheet_claims_is_not_believed(reader: Reader) -> None:
    (document,), _ = read(reader, sheet(cells(1, "كلمة") + cells(1_048_576, "آخر"), "A1:XFD1048576"), "a.xlsx")
    assert document.text.split() == ["كلمة", "1", "آخر", "1048576"] or "كلمة" in document.text


@pytest.mark.parametrize("times", ["table:number-rows-repeated='1048576'", "table:number-rows-repeated='99999999999'"])
def test_rows_and_cells_that_are_repeated_without_end_count_once(reader: Reader, times: str) -> None:
    content = spreadsheet(ROW.format(times, "table:number-columns-repeated='99999999999'"))
    (document,), _ = read(reader, content, "a.ods")
    assert set(document.text.replace("،", " ").split()) == {"كلمة"}
    assert len(document.text) < 1000


def test_spaces_that_are_repeated_without_end_are_few(reader: Reader) -> None:
    content = changed(OFFICE / "palms.odt", "content.xml", "تمتد واحة", 'تمتد<text:s text:c="2000000000"/>واحة')
    (document,), _ = read(reader, content, "palms.odt")
    assert "تمتد واحة النخيل" in document.text


def test_of_a_chat_of_a_million_messages_those_before_are_served(reader: Reader) -> None:
    content = ("[1/2/22, 9:15] س: نعم\n" * 1_000_000).encode()
    (document,), (reason,) = read(reader, content, "a.txt")
    assert document.text.count("نعم") == 100_000
    assert reason == "a.txt: more than 100,000 messages; only those before are served; split it"


@pytest.mark.parametrize("source", ["== عنوان ==\nنص\n", "{{قالب}}", "[[ملف:صورة.png]] "])
def test_an_article_of_very_many_parts_holds_up_none_after_it(reader: Reader, source: str) -> None:
    page = "<page><title>{}</title><ns>0</ns><revision><text>{}</text></revision></page>"
    pages = page.format("كثير", source * 30_000) + page.format("آخر", "بنيت المدرسة سنة 1300.")
    documents, reasons = read(
        reader, f"<mediawiki xmlns='http://www.mediawiki.org/xml/export-0.10/'>{pages}</mediawiki>".encode(), "a.xml"
    )
    assert documents[-1].text == "بنيت المدرسة سنة 1300."
    assert reasons == []


def test_messages_that_are_none_are_passed_over(reader: Reader) -> None:
    odd = [None, 3, "x", [], {"type": "message", "date": 12, "text": "كلام"}, {"type": "message", "text": {"a": 1}}]
    odd += [{"id": 1, "type": "message", "date": "2022-03-14T09:15:00", "text": [None, {"text": {}}, [1]]}]
    good = {"id": 2, "type": "message", "date": "2022-03-14T09:15:00", "text": ["فتح ", {"text": "الجسر"}, " اليوم."]}
    content = json.dumps({"name": "قناة", "type": "public_channel", "id": 1, "messages": [*odd, good]}).encode()
    (document,), reasons = read(reader, content, "result.json")
    assert (document.text, reasons) == ("فتح الجسر اليوم.", [])


def test_a_chapter_that_is_named_again_and_again_is_one(reader: Reader) -> None:
    book = PACKED / "journey.epub"
    before, _ = read(reader, book.read_bytes(), "a.epub")
    spine = content_of(book, "EPUB/content.opf").partition("<spine")[2].partition(">")[2].partition("</spine>")[0]
    content = changed(book, "EPUB/content.opf", spine, spine * 10_000)
    assert read(reader, content, "a.epub") == (before, [])


DEEP = {
    "a.json": b"[" * 200_000,
    "a.rtf": b"{\\rtf1" + b"{" * 500_000,
    "a.md": b">" * 100_000 + b" *x*",
    "b.md": b"[" * 50_000,
    "c.md": b"---\na: " + b"[" * 15_000 + b"\n---\n*x*",
    "a.xml": WIKI.replace("فيها حجران", "{{" * 20_000 + "[[" * 20_000).encode(),
    "a.mhtml": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "a.eml": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "b.eml": b"Subject: a\nContent-Type: message/rfc822\n\n" * 3000 + b"words",
    "c.eml": b"Subject: =?x?b?" + b"=" * 100_000 + b"?=\nContent-Type: text/plain; charset=none\n\nwords",
    "a.vtt": b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n" + b"<i>" * 100_000,
    "a.srt": b"1\n99:99:99,999 --> 00:00:00,000\n" + b"{\\an8}" * 100_000,
    "a.csv": b'"' * 3_000_001,
    "a.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
    "a.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
    "a.pptx": b"PK\x03\x04",
    "a.epub": packed({"mimetype": "application/epub+zip"}),
    "b.epub": packed({"META-INF/container.xml": "<c><rootfile full-path='../../../etc/passwd'/></c>"}),
    "a.odt": packed({"content.xml": "<a>" * 50_000}),
    "b.odt": packed({"content.xml": "<x xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>"}),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_damaged_or_empty_is_named_in_one_line_or_read(reader: Reader, name: str) -> None:
    documents, reasons = read(reader, DEEP[name], name)
    assert documents or reasons
    assert all(reason.startswith(name) and len(reason.splitlines()) == 1 for reason in reasons)


def linked(address: str) -> Iterator[tuple[str, bytes]]:
    """Files that name something on another machine, each in its format's way."""
    image = f'<img src="{address}/a.png"/><iframe src="{address}/b"></iframe><script src="{address}/c.js"></script>'
    link = f'<link rel="stylesheet" href="{address}/a.css"/>'
    yield "a.md", f"نص *المقال*.\n\n![صورة]({address}/a.png)\n\n{image}\n".encode()
    yield "a.xhtml", f"<html><head>{link}</head><body><p>نص المقال.</p>{image}</body></html>".encode()
    yield (
        "a.mhtml",
        f"Content-Type: text/html\n\n<html><head>{link}</head><body><p>نص.</p>{image}</body></html>".encode(),
    )
    yield "a.eml", f"Subject: a\nContent-Type: text/html\n\n<html><body><p>نص.</p>{link}{image}</body></html>".encode()
    yield "a.epub", changed(PACKED / "journey.epub", "EPUB/text/ch001.xhtml", "أقلعت", f"{image}أقلعت")
    field = f'{{\\field{{\\*\\fldinst INCLUDEPICTURE "{address}/a.png"}}{{\\fldrslt x}}}}'
    yield "a.rtf", f"{{\\rtf1\\ansi {field} word \\par}}".encode()
    frame = f'<draw:frame><draw:image xlink:href="{address}/a.png"/></draw:frame>'
    yield "a.odt", changed(OFFICE / "palms.odt", "content.xml", "تمتد", f"{frame}تمتد")
    relation = f'<Relationship Id="rId99" Type="x/externalLink" Target="{address}/a.xlsx" TargetMode="External"/>'
    relation += "</Relationships>"
    yield "a.xlsx", changed(OFFICE / "dental.xlsx", "xl/_rels/workbook.xml.rels", "</Relationships>", relation)
    yield "a.pptx", changed(OFFICE / "bees.pptx", "ppt/_rels/presentation.xml.rels", "</Relationships>", relation)
    yield "a.csv", f'=WEBSERVICE("{address}"),"=cmd|\' /C calc\'!A0"\nكلمة,كلمة\n'.encode()


@pytest.mark.parametrize("at", range(10))
def test_nothing_is_fetched(reader: Reader, at: int) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        asked = threading.Event()
        threading.Thread(target=_accept, args=(server, asked.set), daemon=True).start()
        name, content = list(linked(f"http://127.0.0.1:{server.getsockname()[1]}"))[at]
        documents, _ = read(reader, content, name)
        assert documents
        assert not asked.is_set()


def _accept(server: socket.socket, then: Callable[[], None]) -> None:
    try:
        server.accept()
    except OSError:
        return
    then()


def test_a_workbook_with_macros_is_read_and_they_are_not() -> None:
    content = with_part(OFFICE / "dental.xlsx", "xl/vbaProject.bin", b"Sub AutoOpen()\nShell 'x'\nEnd Sub")
    with Reader() as reading:
        documents, reasons = read(reading, content, "a.xlsm")
    assert len(documents) == 5
    assert reasons == []


def test_each_format_but_those_tried_elsewhere_is_tried_here() -> None:
    tried = {Path(name).suffix for name in (*DEEP, *(name for name, _ in linked("http://a.example")))}
    elsewhere = {"page", "pdf", "office.docx", "feed"}
    modules = {FORMATS[ending] for ending in tried if ending in FORMATS} | elsewhere | IN_PLACE
    assert modules >= set(FORMATS.values())
