"""What files say of themselves: what a person said is kept, what a program or a template filled in is not."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import docx
import pytest

from retrieval.documents.loaders.office import docx as docx_loader
from retrieval.documents.said import author, day_of, day_written, title
from retrieval.model import Document


@pytest.mark.parametrize("value", ["دليل خدمات الشركة", "تقرير 2021", "Annual report", "مستند القبول في الجامعة"])
def test_a_title_that_a_person_gave_is_kept(value: str) -> None:
    assert title(value) == value


@pytest.mark.parametrize(
    "value",
    ["", "  ", "untitled", "Document1",
     "Microsoft Word - تقرير.docx", "h-naskh.html", "PowerPoint Presentation", "مستند1",
     "عرض تقديمي في PowerPoint", "Slide 1", "about:blank", "https://example.org/a", "12"],
)  # fmt: skip
def test_a_title_that_a_program_gave_is_none(value: str) -> None:
    assert title(value) is None


def test_a_title_in_windows_1256_is_read_as_it_was_meant() -> None:
    assert title("تقرير السنة".encode("cp1256").decode("cp1252")) == "تقرير السنة"
    assert title("Études à Genève") == "Études à Genève"


@pytest.mark.parametrize("value", ["لمياء الأشقر", "قسم الإعلام", "د. رشا الحموي", "Karl Hofmann", "مدير المشروع خالد"])
def test_an_author_who_is_a_person_is_kept(value: str) -> None:
    assert author(value) == value


@pytest.mark.parametrize(
    "value",
    ["python-docx", "Windows User", "user", "User1", "Admin", "Administrator", "Microsoft Office User", "HP", "DELL",
     "مستخدم",
     "المستخدم", "anonymous", "Unknown", "LibreOffice", "openpyxl", "PC", "Owner", ""],
)  # fmt: skip
def test_an_author_who_is_nobody_is_none(value: str) -> None:
    assert author(value) is None


def test_the_day_of_a_conversion_is_no_day_of_publication() -> None:
    assert day_of("D:20220317") == date(2022, 3, 17)
    assert day_of("D:20220317000000Z") == date(2022, 3, 17)
    assert day_of("D:20220317093000+02'00'") is None
    assert day_of("D:20000101000000+00'00'") is None
    assert day_of("D:20221399") is None
    assert day_of("") is None


def test_a_document_that_was_made_in_one_go_has_no_day() -> None:
    begun = datetime(2022, 9, 14, 8, 30, tzinfo=UTC)
    assert day_written(begun, begun + timedelta(days=2)) == begun.date()
    assert day_written(begun, None) == begun.date()
    assert day_written(begun, begun + timedelta(seconds=2)) is None
    assert day_written(datetime(2013, 12, 23, 23, 15, tzinfo=UTC), begun) is None
    assert day_written(None, begun) is None


def test_a_template_gives_a_word_file_no_day_and_no_author() -> None:
    made, file = docx.Document(), BytesIO()
    made.add_paragraph("افتتح المتحف أبوابه في الربيع.")
    made.save(file)
    (document,) = docx_loader.load(file.getvalue(), "a.docx")
    assert isinstance(document, Document)
    assert (document.published, document.author) == (None, None)
