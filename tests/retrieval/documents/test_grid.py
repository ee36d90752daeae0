"""No value slips below the name of another column: cells that are empty, or that span rows and columns."""

import time
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as Word
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from packing import changed

from retrieval import Document
from retrieval.documents.loaders.markup import fragment_text
from retrieval.documents.loaders.office import docx, workbook

HEADS = "<tr><th>الفئة</th><th>الخدمة</th><th>الرسم</th></tr>"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            "<tr><td>أفراد</td><td></td><td>12</td></tr><tr><td>شركات</td><td>سجل</td><td>24</td></tr>",
            "أفراد\t—\t12\nشركات\tسجل\t24",
        ),
        (
            '<tr><td rowspan="2">أفراد</td><td>جواز</td><td>20</td></tr><tr><td>تجديد</td><td>15</td></tr>',
            "أفراد\tجواز\t20\nأفراد\tتجديد\t15",
        ),
        (
            '<tr><td>أفراد</td><td>جواز</td><td>20</td></tr><tr><td colspan="2">المجموع</td><td>20</td></tr>',
            "أفراد\tجواز\t20\nالمجموع\t—\t20",
        ),
        (
            "<tr><td>أفراد</td><td>جواز</td><td></td></tr><tr><td>شركات</td><td>سجل</td><td>24</td></tr>",
            "أفراد\tجواز\nشركات\tسجل\t24",
        ),
        (
            '<tr><td>أفراد</td><td><img src="x"></td><td>20</td></tr><tr><td>شركات</td><td>سجل</td><td>24</td></tr>',
            "أفراد\t20\nشركات\tسجل\t24",  # nobody knows what a picture says
        ),
        ('<tr><td rowspan="99999999" colspan="99999999">أ</td><td>ب</td></tr><tr><td>ج</td></tr>', "أ\tب\nج"),
    ],
)
def test_a_row_keeps_its_cells_below_their_names(rows: str, text: str) -> None:
    assert fragment_text(f"<table>{HEADS}{rows}</table>") == f"الفئة\tالخدمة\tالرسم\n{text}"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            '<tr><td rowspan="2">القطاع</td><td colspan="2">الإنتاج</td><td rowspan="2">العمال</td></tr>'
            "<tr><td>2022</td><td><b>2023</b></td></tr><tr><td>الشمالي</td><td>120</td><td>135</td><td>9</td></tr>",
            "القطاع\tالإنتاج 2022\tالإنتاج 2023\tالعمال\nالشمالي\t120\t135\t9",
        ),
        (
            '<tr><th></th><th colspan="2">الإنتاج</th><th>العمال</th></tr><tr><th>القطاع</th><th>أول</th><th>ثان</th>'
            "<th></th></tr><tr><td>الشمالي</td><td>120</td><td>135</td><td>9</td></tr>",
            "القطاع\tالإنتاج أول\tالإنتاج ثان\tالعمال\nالشمالي\t120\t135\t9",
        ),
        (
            '<tr><td rowspan="3">أفراد</td><td colspan="2">معفى</td></tr><tr><td>جواز</td><td>20</td></tr>'
            "<tr><td>تجديد</td><td>15</td></tr>",
            "أفراد\tمعفى\nأفراد\tجواز\t20\nأفراد\tتجديد\t15",
        ),
    ],
)
def test_two_rows_of_names_are_one_row(rows: str, text: str) -> None:
    assert fragment_text(f"<table>{rows}</table>") == text


def test_a_table_that_lays_out_a_page_gets_no_dashes() -> None:
    page = f"<table><tr><td></td><td>خبر</td></tr><tr><td></td><td>{'كلمة ' * 120}</td></tr></table>"
    assert "—" not in fragment_text(page)


def test_merged_cells_of_word_and_hidden_words() -> None:
    file = Word()
    table = file.add_table(rows=4, cols=3)
    rows = (("القسم", "الخدمة", "الرسم"), ("الأحوال", "ميلاد", "1"), ("", "وفاة", "2"), ("المجموع", "", "3"))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    last = file.add_paragraph("ظاهر ")
    last.add_run("مخفي ").font.hidden = True
    last.add_run("أيضا.")
    content = BytesIO()
    file.save(content)
    (found,) = docx.load(content.getvalue(), "a.docx")
    assert isinstance(found, Document)
    table_text, words = found.text.split("\n\n")
    assert table_text == "القسم\tالخدمة\tالرسم\nالأحوال\tميلاد\t1\nالأحوال\tوفاة\t2\nالمجموع\t—\t3"
    assert words == "ظاهر أيضا."


def test_a_cell_that_spans_rows_of_a_sheet_stands_in_each() -> None:
    book = Workbook()
    sheet = book.active
    for row in (("القسم", "الخدمة", "الرسم"), ("الأحوال", "ميلاد", 1), (None, "وفاة", 2), (None, "زواج", 3)):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    content = BytesIO()
    book.save(content)
    (found,) = workbook.load(content.getvalue(), "a.xlsx")
    assert isinstance(found, Document)
    assert found.text.split("\n\n")[1:] == ["القسم: الأحوال، الخدمة: وفاة، الرسم: 2", "الخدمة: زواج، الرسم: 3"]


def test_cells_that_span_rows_where_no_column_is_read_take_no_time(tmp_path: Path) -> None:
    book = Workbook()
    for number in range(1, 6001):
        book.active.cell(number, 1, f"سطر {number}")
    book.save(file := tmp_path / "a.xlsx")
    spanning = "".join(f'<mergeCell ref="{name}1:{name}6000"/>' for name in map(get_column_letter, range(201, 8201)))
    end = "</sheetData>"
    content = changed(file, "xl/worksheets/sheet1.xml", end, f"{end}<mergeCells>{spanning}</mergeCells>")
    begin = time.process_time()
    (document,) = workbook.load(content, "a.xlsx")
    assert time.process_time() - begin < 1.2
    assert isinstance(document, Document)
    assert "سطر 6000" in document.text
