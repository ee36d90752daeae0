"""Archives: the documents in them, and what of them is passed over unread."""

import io
import stat
import zipfile

import pytest

from retrieval.documents.loaders import archive
from retrieval.errors import UnreadableError
from retrieval.model import Document

GOOD = "عنوان\n\nنص المقال هنا.\n"
LINE = '{"id": "x", "text": "نص في سطر"}\n{"id": "y"}\n'


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members:
            written.writestr(name, content)
    return file.getvalue()


def load(content: bytes) -> tuple[dict[str, Document], list[str]]:
    found = list(archive.load(content, "a.zip"))
    documents = {one.id: one for one in found if isinstance(one, Document)}
    return documents, [str(one) for one in found if isinstance(one, UnreadableError)]


def test_the_files_of_an_archive_are_documents_named_after_both() -> None:
    documents, reasons = load(zipped(("a.txt", GOOD), ("قسم/ب.text", GOOD)))
    assert list(documents) == ["a.zip/a.txt", "a.zip/قسم/ب.text"]
    assert documents["a.zip/a.txt"].text == GOOD
    assert reasons == []


def test_lines_keep_their_ids_and_a_bad_one_is_named() -> None:
    documents, reasons = load(zipped(("a.jsonl", LINE)))
    assert list(documents) == ["x"]
    assert reasons == ['a.zip/a.jsonl: line 2: no "text", or an empty one']


@pytest.mark.parametrize("name", ["README.md", ".hidden.txt", "__MACOSX/a.txt", ".git/a.txt", "a.txt.toml", "folder/"])
def test_what_is_no_document_in_a_folder_is_none_in_an_archive(name: str) -> None:
    assert load(zipped(("b.txt", GOOD), (name, ""))) == load(zipped(("b.txt", GOOD)))


def test_names_in_utf_8_that_do_not_say_so_are_read() -> None:
    content = zipped(("كتاب.txt", GOOD))
    flagged = content.replace(b"\x00\x08", b"\x00\x00")
    assert flagged != content
    assert list(load(flagged)[0]) == ["a.zip/كتاب.txt"]


def link(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("../b.txt", "its name leads out of the archive"),
        ("b/../../c.txt", "its name leads out of the archive"),
        ("/etc/b.txt", "its name leads out of the archive"),
        ("C:/b.txt", "its name leads out of the archive"),
        (link("b.txt"), "a link; put the file itself into the archive"),
        ("b.zip", "an archive inside an archive; unpack it first"),
        ("b.exe", "not a kind of file that is read"),
        ("b.txt", "the file is empty"),
    ],
)
def test_a_file_that_is_passed_over_is_named_and_the_rest_is_read(member: str | zipfile.ZipInfo, reason: str) -> None:
    documents, (found,) = load(zipped((member, ""), ("a.txt", GOOD)))
    assert list(documents) == ["a.zip/a.txt"]
    assert reason in found


def test_a_file_locked_with_a_password_is_named() -> None:
    content = bytearray(zipped(("b.txt", GOOD)))
    content[content.index(b"PK\1\2") + 8] |= 1
    assert load(bytes(content))[1] == ["a.zip/b.txt: locked with a password; make the archive without one"]


def test_a_file_whose_bytes_are_damaged_is_named_and_the_rest_is_read() -> None:
    content = zipped(("a.txt", GOOD), ("b.txt", GOOD))
    at = content.index(b"b.txt") + 5
    documents, (found,) = load(content[:at] + bytes(8) + content[at + 8 :])
    assert list(documents) == ["a.zip/a.txt"]
    assert found.startswith("a.zip/b.txt: cannot be unpacked")


def test_a_size_that_an_archive_lies_about_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER", 1000)
    big = GOOD * 1000
    content = zipped(("b.txt", big))
    lied = content.replace(len(big.encode()).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lied != content
    for archived in (content, lied):
        documents, reasons = load(archived)
        assert documents == {}
        assert len(reasons) == 1


def test_a_file_beyond_the_bound_is_named_and_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER", 2**20)
    documents, reasons = load(zipped(("b.txt", "x" * (2**20 + 1)), ("a.txt", GOOD)))
    assert list(documents) == ["a.zip/a.txt"]
    assert reasons == ["a.zip/b.txt: unpacks to more than 1 MB; split it"]


def test_what_all_files_unpack_to_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "TOTAL", 2**20)
    many = [(f"{number}.txt", "كلمة " * 50_000) for number in range(5)]
    found = archive.load(zipped(*many), "a.zip")
    assert [next(found).id for _ in range(2)] == ["a.zip/0.txt", "a.zip/1.txt"]  # type: ignore[union-attr]
    with pytest.raises(UnreadableError, match=r"a\.zip: unpacks to more than 1 MB; split it"):
        list(found)


def test_the_number_of_files_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBERS", 2)
    with pytest.raises(UnreadableError, match=r"a\.zip: holds 3 files, more than 2; split it"):
        load(zipped(*((f"{number}.txt", GOOD) for number in range(3))))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "a.zip: not a whole zip archive"),
        (b"PK\3\4 no archive", "a.zip: not a whole zip archive"),
        (zipped(("a.txt", GOOD))[:-10], "a.zip: not a whole zip archive"),
        (zipped(), "a.zip: no files in it"),
    ],
    ids=["empty", "other bytes", "cut short", "no files"],  # an archive's bytes hold the time
)
def test_what_is_no_archive_is_named(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        load(content)


class Silent(zipfile.ZipInfo):
    """A file whose name is written in an encoding that the archive does not name."""

    def __init__(self, name: str, encoding: str) -> None:
        super().__init__(name)
        self.written = name.encode(encoding)

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.written, 0


NAMES = ["كتاب الطبخ.txt", "قسم/محاضرة.txt", "أسئلة.txt", "نشرة.txt", "شروط التسجيل (نهائي).txt"]


@pytest.mark.parametrize("encoding", ["cp1256", "cp720", "utf-8"])
@pytest.mark.parametrize("names", [NAMES, *([name] for name in NAMES)])
def test_arabic_names_are_read_in_the_encoding_that_they_are_in(names: list[str], encoding: str) -> None:
    documents, _ = load(zipped(*((Silent(name, encoding), GOOD) for name in names)))
    assert list(documents) == [f"a.zip/{name}" for name in names]


@pytest.mark.parametrize("name", ["café.txt", "résumé.txt", "Müller.txt", "año.txt"])
def test_other_names_are_read_as_the_format_says(name: str) -> None:
    assert list(load(zipped((Silent(name, "cp437"), GOOD)))[0]) == [f"a.zip/{name}"]


def test_names_in_one_archive_may_say_their_encoding_or_not() -> None:
    documents, _ = load(zipped((Silent("نشرة.txt", "cp720"), GOOD), ("كتاب.txt", GOOD)))
    assert list(documents) == ["a.zip/نشرة.txt", "a.zip/كتاب.txt"]


@pytest.mark.parametrize("code", ["cp1256", "cp720", "cp437", "utf-8"])
def test_a_name_in_a_code_that_the_archive_does_not_say_is_read(code: str) -> None:
    name = "café.txt" if code == "cp437" else "تقرير المدرسة.txt"
    placeholder = "x" * len(name.encode(code))
    documents, _ = load(zipped((placeholder, GOOD)).replace(placeholder.encode(), name.encode(code)))
    assert list(documents) == [f"a.zip/{name}"]
