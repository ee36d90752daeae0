"""What kind a file is of: by its ending, and by its first bytes where several kinds share one."""

from datetime import date
from pathlib import Path

import pytest

from retrieval.documents.kept.catalogue import Catalogue
from retrieval.documents.loaders.formats import module_of
from retrieval.documents.loaders.reading import decoded
from retrieval.errors import UnreadableError


@pytest.mark.parametrize(
    ("name", "content", "module"),
    [
        ("a.md", "عنوان\n\nنص فقط.\n", "text"),
        ("a.md", "عنوان\n\n**نص**", "markdown"),
        ("a.markdown", "1. نص", "markdown"),
        ("a.TEXT", "نص", "text"),
        ("a.txt", "نص", "text"),
        ("a.xhtml", "<html/>", "page"),
        ("a.doc", "{\\rtf1 x}", "office.rtf"),
        ("a.doc", "PK\x03\x04", "office.docx"),
        ("a.doc", "<html><body>x</body></html>", "page"),
        ("a.json", '[{"text": "نص"}]', "exports.records"),
        ("a.exe", "MZ", None),
    ],
)
def test_the_ending_and_the_first_bytes_tell_the_kind(name: str, content: str, module: str | None) -> None:
    assert module_of(name, content.encode()) == module


def test_markup_that_begins_late_in_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("عنوان\n\n" + "كلمة " * 5000 + "\n\n**آخر**", "utf-8")
    assert Catalogue(tmp_path).documents["a.md"].text.endswith("\n\nآخر")


def test_items_of_a_list_keep_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("عنوان\n\n3) أول\n\n   تابع\n\n4) ثان", "utf-8")
    assert Catalogue(tmp_path).documents["a.md"].text == "عنوان\n\n3) أول\n\nتابع\n\n4) ثان"


def test_notes_beside_markdown_say_more_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.markdown").write_text("# عنوان\n\n*نص*", "utf-8")
    notes = tmp_path / "a.markdown.toml"
    notes.write_text('url = "https://a.example"\npublished = 2020-01-02\n', "utf-8")
    before = Catalogue(tmp_path)
    found = before.documents["a.markdown"]
    assert (found.title, found.url, found.published) == ("عنوان", "https://a.example", date(2020, 1, 2))
    notes.write_text('title = "غيره"\n', "utf-8")
    assert Catalogue(tmp_path, before).documents["a.markdown"].title == "غيره"


@pytest.mark.parametrize("lost", ["?????,???? ??????\n???????? ??????,42", "��������,��� ������\n������,42"])
def test_letters_that_a_program_saved_as_question_marks_are_none(lost: str) -> None:
    with pytest.raises(UnreadableError, match="letters were saved"):
        decoded(lost.encode(), "a.csv")
    assert decoded("ما هذا؟؟ ?? سؤال".encode(), "a.txt") == "ما هذا؟؟ ?? سؤال"
