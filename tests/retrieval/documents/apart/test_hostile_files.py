"""A folder of files that mean harm: each is named with its reason, in one line, and the rest is served."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from places import DATA, ROOT

from retrieval import Library
from retrieval.documents.kept import files
from retrieval.documents.kept.catalogue import Catalogue
from retrieval.errors import UnreadableError

GOOD = "عنوان\n\nنص المقال هنا.\n"
REAL = (DATA / "formats" / "pdf" / "museum.pdf").read_bytes()
SHIPPED = ROOT / "corpus"


def bomb(size: int) -> bytes:
    """An archive of one text of many megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written, written.open("b.txt", "w") as member:
        for _ in range(size):
            member.write(bytes(2**20))
    return file.getvalue()


def outside() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr("../../outside.txt", GOOD)
        written.writestr("inside.txt", GOOD)
    return file.getvalue()


LONG = REAL.replace(b"/Length ", b"/Length 99999999")
PAGES = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9999999/Kids[2 0 R]>>endobj\n"
)
HOSTILE = {
    "bomb.zip": (bomb(30), "bomb.zip/b.txt: unpacks to more than 20 MB; split it"),
    "outside.zip": (outside(), "outside.zip/../../outside.txt: its name leads out of the archive"),
    "empty.pdf": (b"", "empty.pdf: the file is empty"),
    "empty.zip": (b"", "empty.zip: the file is empty"),
    "cut.pdf": (REAL[:300], "cut.pdf: "),
    "lying.pdf": (PAGES + b"trailer<</Root 1 0 R>>", "lying.pdf: "),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n", "picture.pdf: not a whole PDF"),
    "pdf.zip": (REAL, "pdf.zip: not a whole zip archive"),
    "pdf.txt": (REAL, "pdf.txt: a PDF under another name; give it its own ending"),
    "rtf.html": (b"{\\rtf1\\ansi Some words.}", "rtf.html: an RTF document under another name"),
    "photo.md": (b"\xff\xd8\xff\xe0", "photo.md: a picture under another name"),
    "program.exe": (b"MZ", "program.exe: not a kind of file that is read"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("hostile")
    for name, (content, _) in HOSTILE.items():
        (folder / name).write_bytes(content)
    (folder / "good.txt").write_text(GOOD, "utf-8")
    (folder / "museum.pdf").write_bytes(REAL)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    with (folder / "line.jsonl").open("wb") as file:
        file.truncate(200 * 2**20)
    return Catalogue(folder)


def test_what_can_be_read_is_served(served: Catalogue) -> None:
    assert list(served.documents) == ["good.txt", "museum.pdf", "outside.zip/inside.txt"]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_is_named_with_its_reason_in_one_line(served: Catalogue, name: str) -> None:
    (found,) = [problem.reason for problem in served.problems if problem.reason.startswith(name)]
    assert found.startswith(HOSTILE[name][1])
    assert len(found.splitlines()) == 1


def test_links_that_lead_round_are_named(served: Catalogue) -> None:
    found = [problem.reason for problem in served.problems if problem.reason.startswith(("loop", "self"))]
    assert found[0] == "loop: a link to a folder, which is not followed; put the folder itself there"
    assert found[1].startswith("self.txt: ")
    assert len(found) == 2


def test_a_line_of_200_megabytes_is_named(served: Catalogue) -> None:
    assert "line.jsonl: line 1 is longer than 20 MB" in [problem.reason for problem in served.problems]


def test_nothing_is_unpacked_to_the_disk(served: Catalogue) -> None:
    assert {file.name for file in served.path.iterdir()} == {
        *HOSTILE,
        "good.txt",
        "museum.pdf",
        "loop",
        "self.txt",
        "line.jsonl",
    }
    assert not (served.path.parent.parent / "outside.txt").exists()


def test_a_pdf_whose_lengths_lie_gives_its_text_or_its_reason(tmp_path: Path) -> None:
    (tmp_path / "long.pdf").write_bytes(LONG)
    began = sum(os.times()[:4])  # of the processor: here, and of the child that reads
    found = Catalogue(tmp_path)
    assert len(found.documents) + len(found.problems) == 1
    assert sum(os.times()[:4]) - began < 10


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.png", "a\\nb.png: not a kind"),
        ("a\u202egnp.png", "a\\u202egnp.png: not a kind"),
        ("a\u2028b\u200f.pdf", "a\\u2028b\\u200f.pdf: not a whole PDF"),
        ("كتاب.pdf", "كتاب.pdf: not a whole PDF"),
    ],
)
def test_a_name_that_breaks_or_turns_a_line_is_written_out(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / name).write_bytes(b"no pdf")
    (problem,) = Catalogue(tmp_path).problems
    assert problem.reason.startswith(shown)


@pytest.mark.skipif(sys.platform == "darwin", reason="its disks hold no such names")
def test_a_name_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.txt")).write_text(GOOD, "utf-8")
    (problem,) = Catalogue(tmp_path).problems
    assert problem.reason == "a\\udcff.txt: its name is no text; give it another"


@pytest.mark.skipif(sys.platform == "darwin", reason="its disks hold no such names")
def test_a_name_that_is_no_text_keeps_no_index_on_disk_from_being_made(tmp_path: Path) -> None:
    corpus, folder = tmp_path / "corpus", Path(os.fsdecode(b"\xff"))
    (corpus / folder).mkdir(parents=True)
    for name in ("a.txt", folder / "b.txt", f"{folder}.log"):
        (corpus / name).write_text(GOOD, "utf-8")
    for _ in range(2):  # made, and brought up to date
        library = Library.open(corpus, engine="disk", index=tmp_path / "index", reader=False)
        assert [document.id for document in library.documents] == ["a.txt"]
        assert len(library.problems) == 2
        library.close()


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "a.txt").write_text(GOOD, "utf-8")
    listed = os.scandir

    def refusing(folder: str) -> object:
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied", folder)
        return listed(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    found = Catalogue(tmp_path)
    assert list(found.documents) == ["a.txt"]
    assert [problem.reason for problem in found.problems] == ["closed: Permission denied"]


def test_a_file_beyond_the_bound_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 2**20)
    (tmp_path / "a.pdf").write_bytes(bytes(2**20 + 1))
    assert [problem.reason for problem in Catalogue(tmp_path).problems] == ["a.pdf: larger than 1 MB; split it"]


def test_a_quote_of_a_pdf_is_checked_against_the_file_as_it_is_now(tmp_path: Path) -> None:
    (tmp_path / "museum.pdf").write_bytes(REAL)
    library = Library.open(tmp_path, reader=False)
    question = "كم عدد زوار متحف الرمانة في السنة الأولى؟"
    assert library.ask(question).found
    (tmp_path / "museum.pdf").write_bytes(REAL + b"\n")
    assert not library.ask(question).found


def test_a_document_read_apart_is_read_again_while_its_file_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "museum.pdf").write_bytes(REAL)
    found = Catalogue(tmp_path)
    assert found.stored("museum.pdf") == found.documents["museum.pdf"]
    (tmp_path / "museum.pdf").write_bytes(REAL[:-1])
    with pytest.raises(UnreadableError, match=r"museum\.pdf: changed since it was read"):
        found.stored("museum.pdf")


def test_who_has_no_such_file_pays_for_none() -> None:
    """The shipped corpus starts no process, and imports no library of a format."""
    code = f"""
import subprocess, sys
subprocess.Popen = None
from retrieval import Library
Library.open({str(SHIPPED)!r})
paid = ("pypdfium2", "retrieval.documents.loaders.pdf", "retrieval.documents.loaders.archive")
print([name for name in sys.modules if name.startswith(paid)])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
