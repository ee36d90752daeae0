"""Files that are too much by their shape, or not what their names say: each is named with its own reason, in one line,
and what is sound in it is served."""

import json
import threading
import zipfile
from collections.abc import Iterator

import pytest
from packing import changed, packed
from places import DATA

from retrieval import Document
from retrieval.documents.apart.reader import Limits, Reader
from retrieval.documents.loaders.packages import PARTS
from retrieval.errors import UnreadableError

FILES = DATA / "formats"
PACKAGES = {
    ".docx": "forest.docx",
    ".xlsx": "office/dental.xlsx",
    ".ods": "office/market.ods",
    ".odt": "office/palms.odt",
    ".pptx": "office/bees.pptx",
    ".epub": "packed/journey.epub",
}
WORD = b"<?xml version='1.0'?><p:package xmlns:p='http://schemas.microsoft.com/office/2006/xmlPackage'/>"
EXCEL = b"<?xml version='1.0'?>\n<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>"
FLAT = b"<?xml version='1.0'?><o:document xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>"
CUE = "1\n00:00:01,000 --> 00:00:02,000\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(Limits(seconds=10, whole=10)) as reading:
        yield reading


def read(reader: Reader, content: bytes, name: str) -> tuple[list[Document], list[str]]:
    found = reader.read(content, name)
    documents = [each for each in found if isinstance(each, Document)]
    return documents, [str(each) for each in found if isinstance(each, UnreadableError)]


def deep(path: str, part: str, before: str, opening: str, closing: str) -> bytes:
    return changed(FILES / path, part, before, opening * 400 + closing * 400 + before)


def long(path: str, part: str, before: str) -> bytes:
    return changed(FILES / path, part, before, "كلمة " * 2_200_000 + before)


SHAPES = {
    "cues.srt": ((CUE + "كلمة\n\n").encode() * 200_001, "more than 200,000 lines; split it"),
    "line.srt": ((CUE + "{" * 5_000_000).encode(), "not subtitles: a line of more than 10,000 characters"),
    "tags.vtt": (b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 4_000_000, "not subtitles: a line of more than"),
    "word.xml": (WORD, "a file of an office program, saved as plain XML; open it there, and save it as .docx"),
    "excel.xml": (EXCEL, "a file of an office program, saved as plain XML"),
    "flat.xml": (FLAT, "a file of an office program, saved as plain XML"),
    "deep.odt": (
        deep("office/palms.odt", "content.xml", "تمتد واحة", "<text:span>", "</text:span>"),
        "too large, or nested too deep, to be read; split it",
    ),
    "deep.ods": (
        deep("office/market.ods", "content.xml", "باذنجان", "<text:span>", "</text:span>"),
        "too large, or nested too deep, to be read; split it",
    ),
    "deep.pptx": (
        deep("office/bees.pptx", "ppt/slides/slide2.xml", "</p:spTree>", "<p:grpSp>", "</p:grpSp>"),
        "too large, or nested too deep, to be read; split it",
    ),
    "deep.docx": (
        deep("forest.docx", "word/document.xml", "</w:body>", "<w:sdt>", "</w:sdt>"),
        "too large, or nested too deep, to be read; split it",
    ),
    "long.odt": (long("office/palms.odt", "content.xml", "تمتد واحة"), "too large, or nested too deep"),
    "deep.json": (b"[" * 3_000_000, "a number in it is too long, or it is nested too deep"),
    "number.json": (b"[" + b"9" * 5000 + b"]", "a number in it is too long, or it is nested too deep"),
    "objects.json": (b'[{"text": "a"}' + b', {"text": "a"}' * 100_000 + b"]", "more than 100,000 objects"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "of an older format"),
    "locked.xlsx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
        "locked with a password; save it without one",
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_what_is_too_much_or_another_thing_is_named_with_its_own_reason(reader: Reader, name: str) -> None:
    content, reason = SHAPES[name]
    _, (*_, told) = read(reader, content, name)
    assert told.startswith(f"{name}: {reason}")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("ending", PACKAGES)
def test_of_a_package_there_may_be_so_many_parts(reader: Reader, ending: str) -> None:
    with zipfile.ZipFile(FILES / PACKAGES[ending]) as package:
        own = {name: package.read(name) for name in package.namelist()}
    content = packed(own | {f"x/{number}": b"" for number in range(PARTS)})
    assert read(reader, content, f"a{ending}") == ([], [f"a{ending}: holds more than 10,000 parts; save it again"])


@pytest.mark.parametrize("ending", PACKAGES)
@pytest.mark.parametrize("content", [WORD, b"\xef\xbb\xbf \n<html><table><tr><td>1</table>"], ids=["xml", "page"])
def test_plain_xml_and_pages_under_the_name_of_a_package_are_named(reader: Reader, content: bytes, ending: str) -> None:
    documents, (reason,) = read(reader, content, f"a{ending}")
    assert documents == []
    assert reason.startswith(f"a{ending}: plain XML or a web page under the name of ")
    assert reason.endswith(f"open it with the program that made it, and save it as {ending}")


def test_half_a_character_spoils_one_thing_and_no_other(reader: Reader) -> None:
    text = [{"text": "كلمة \ud800"}, {"text": "نص"}, {"text": "نص آخر", "title": "\udc00"}]
    documents, reasons = read(reader, json.dumps(text).encode(), "a.json")
    assert [each.text for each in documents] == ["نص"]
    assert len(reasons) == 2
    messages = [
        {"id": number, "type": "message", "date": f"2021-01-0{number}T09:00:00", "text": words}
        for number, words in enumerate(("كلمة \ud83d", "نص"), 1)
    ]
    chat = {"name": "قناة", "type": "public_channel", "id": 7, "messages": messages}
    documents, reasons = read(reader, json.dumps(chat).encode(), "result.json")
    assert [each.text for each in documents] == ["نص"]
    assert reasons == ["result.json#1: not a text: it holds half a character"]


def test_one_thread_watches_a_process_however_much_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    begin = threading.Thread.start
    monkeypatch.setattr("threading.Thread.start", lambda thread: (started.append(thread.name), begin(thread)))
    with Reader() as reading:
        documents, _ = read(reading, json.dumps([{"text": "نص"}] * 500).encode(), "a.json")
    assert len(documents) == 500
    assert started == ["watching"]
