"""The files of office programs: sheets by their rows, texts and slides word for word, old Word by a program."""

import re
import shutil
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook
from packing import changed, with_part
from places import DATA

from retrieval import Document, Library
from retrieval.documents.apart.reader import Reader
from retrieval.documents.loaders.formats import loader
from retrieval.documents.loaders.office import rtf
from retrieval.documents.loaders.office.delimited import load as csv
from retrieval.documents.loaders.office.numbers import shown_date, shown_number
from retrieval.errors import UnreadableError

OFFICE = DATA / "formats" / "office"


def read(name: str, module: str, content: bytes | None = None) -> list[Document]:
    found = list(loader(module).load(content or (OFFICE / name).read_bytes(), name))
    assert all(isinstance(each, Document) for each in found)
    return [each for each in found if isinstance(each, Document)]


def of(source: str) -> list[Document]:
    return [each for each in csv(source.encode(), "a.csv") if isinstance(each, Document)]


# Sheets


def test_a_question_and_its_answer_are_a_document_whose_title_is_the_question() -> None:
    found = read("dental.xlsx", "office.workbook")
    assert [each.title for each in found][:2] == [
        "كم تكلف حشوة الضرس في العيادة؟",
        "متى تفتح العيادة أبوابها يوم السبت؟",
    ]
    assert (
        found[2].text[found[2].heading :] == "\nنعم، تعالجهم الدكتورة سلمى الرفاعي كل ثلاثاء.\nويحضر معهم أحد الوالدين."
    )
    assert found[4].text.endswith("07-7550123")


@pytest.mark.parametrize(
    "source",
    [
        "السؤال,الجواب\nكم الثمن؟,خمسة\nأين المكتب,في الطابق الأول",
        "م;السؤال;الإجابة;القسم\n1;كم الثمن؟;خمسة;مال\n2;أين المكتب;في الطابق الأول;عام",
        "الجواب\tالسؤال\nخمسة\tكم الثمن؟\nفي الطابق الأول\tأين المكتب",
        "أسئلة متكررة,\nQuestion,Answer\nكم الثمن؟,خمسة\nأين المكتب,في الطابق الأول",
        "sep=|\r\nس|ج\r\nالسؤال|الجواب\r\nكم الثمن؟|خمسة\r\nأين المكتب|في الطابق الأول",
    ],
)
def test_questions_are_found_by_the_heads_of_their_columns(source: str) -> None:
    assert [each.text for each in of(source)] == ["كم الثمن؟\nخمسة", "أين المكتب\nفي الطابق الأول"]


def test_questions_without_heads_are_known_by_their_marks() -> None:
    found = of("كم الثمن؟,خمسة\nأين المكتب؟,في الطابق الأول\nمتى نفتح؟,في التاسعة")
    assert [each.title for each in found] == ["كم الثمن؟", "أين المكتب؟", "متى نفتح؟"]


def test_a_row_says_the_heads_of_its_columns() -> None:
    (found,) = read("market.ods", "office.opendocument")
    assert found.title == "أسعار الخضار في سوق الفجر"
    assert found.text.split("\n\n")[1:] == [
        "الصنف: باذنجان، ثمن الكيلو بالقرش: 42، المزرعة: مزرعة الوادي",
        "الصنف: كوسا، ثمن الكيلو بالقرش: 38.5، المزرعة: مزرعة أم علي",
        "الصنف: ثوم بلدي، ثمن الكيلو بالقرش: 1,150، المزرعة: مزرعة التلال",
    ]


def test_hidden_rows_and_columns_are_not_read_and_numbers_are_as_they_are_shown() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["المدرب", "راتبه", "الهاتف", "المدة"], ["سامر", 900, 791234569, timedelta(hours=26, minutes=5)],
                ["غائب", 1, 2, None], ["هدى", 800, 791234570, timedelta(minutes=45)]):  # fmt: skip
        sheet.append(row)
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["B"].hidden = True
    for at in (2, 4):
        sheet.cell(at, 3).number_format, sheet.cell(at, 4).number_format = "0000000000", "[h]:mm"
    content = BytesIO()
    book.save(content)
    (found,) = read("a.xlsx", "office.workbook", content.getvalue())
    assert found.text.split("\n\n") == [
        "المدرب: سامر، الهاتف: 0791234569، المدة: 26:05",
        "المدرب: هدى، الهاتف: 0791234570، المدة: 0:45",
    ]


def test_of_an_open_sheet_too() -> None:
    rows = (
        '<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'
        "<table:table-row><table:table-cell><text:p>سامر</text:p></table:table-cell><table:table-cell><text:p>سر</text:p>"
        "</table:table-cell><table:table-cell><text:p>0791</text:p></table:table-cell></table:table-row>"
        '<table:table-row table:visibility="filter"><table:table-cell><text:p>غائب</text:p></table:table-cell>'
        "</table:table-row>"
    )
    with zipfile.ZipFile(OFFICE / "market.ods") as package:
        whole = package.read("content.xml").decode()
    sheet = re.sub(r"(<table:table [^>]*>).*(</table:table>)", rf"\1{rows}\2", whole, flags=re.S)
    content = with_part(OFFICE / "market.ods", "content.xml", sheet)
    (found,) = read("market.ods", "office.opendocument", content)
    assert found.text == "سامر، 0791"


@pytest.mark.parametrize(
    ("heads", "merged", "line"),
    [
        ((["البند", "المصروف", None, "المجموع"], [None, "2022", "2023"]), ("A1:A2", "B1:C1", "D1:D2"),
         "البند: الإنارة، المصروف 2022: 45، المصروف 2023: 47، المجموع: 92"),
        ((["", "المصروف", None, "الدخل"], ["البند", "أول", "ثان", "المجموع"]), ("B1:C1",),
         "البند: الإنارة، المصروف أول: 45، المصروف ثان: 47، الدخل المجموع: 92"),
        ((["البند", "المصروف", "الدخل", ""], ["الطرق", "أجل", "أجل", "لا"]), (),
         "البند: الإنارة، المصروف: 45، الدخل: 47، 92"),
    ],
)  # fmt: skip
def test_a_head_that_spans_columns_stands_before_theirs(
    heads: Sequence[Sequence[str | None]], merged: Sequence[str], line: str
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (*heads, ["الإنارة", 45, 47, 92], *([["الطرق", "لا", "لا", "لا"]] if not merged else [])):
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    content = BytesIO()
    book.save(content)
    (found,) = read("a.xlsx", "office.workbook", content.getvalue())
    assert line in found.text.split("\n\n")


LABELLED = [
    ("اسم المشروع", "تأهيل السوق"),
    ("الجهة المنفذة", "شركة الوادي"),
    ("قيمة العقد", "1200"),
    ("الدوام", "صباحي"),
]


@pytest.mark.parametrize("colon", ["", ":", " :"])
def test_values_behind_labels_are_no_table(colon: str) -> None:
    rows = [f"{label}{colon},{value}" for label, value in LABELLED]
    told = [f"{label}: {value}" for label, value in LABELLED]
    assert [each.text for each in of("\n".join(rows))] == ["\n\n".join(told)]
    (found,) = of("\n".join(["بطاقة مشروع,", *rows]))
    assert (found.title, found.text) == ("بطاقة مشروع", "\n\n".join(["بطاقة مشروع", *told]))


def test_labels_with_colons_are_no_heads_and_stand_before_their_values() -> None:
    (found,) = of("الاسم:,خالد,الفرع:,إربد\nالمعدل:,88,القبول:,نعم")
    assert found.text == "الاسم: خالد، الفرع: إربد\n\nالمعدل: 88، القبول: نعم"


def test_a_table_of_two_columns_is_one_though_its_heads_read_like_labels() -> None:
    (found,) = of("اسم الموظف,رقم الهاتف\nخالد,تحويلة 12\nهدى,تحويلة 15\nزيد,تحويلة 19")
    assert found.text.startswith("اسم الموظف: خالد، رقم الهاتف: تحويلة 12\n\n")


def test_a_row_of_one_cell_amid_a_table_is_under_no_head() -> None:
    (found,) = of("الصنف,السعر,الوزن\nالمكسرات,,\nلوز,9,كيلو\n,7,\nالتوصيل مجاني داخل المدينة.,,")
    assert found.text.split("\n\n") == [
        "المكسرات",
        "الصنف: لوز، السعر: 9، الوزن: كيلو",
        "السعر: 7",
        "التوصيل مجاني داخل المدينة.",
    ]


def test_formulas_that_were_never_calculated_are_named_and_sheets_of_one_title_told_apart() -> None:
    book = Workbook()
    book.active.title = "2023"  # type: ignore[union-attr]
    for sheet in (book.active, book.create_sheet("2024")):
        for row in (["أمطار المحطات"], ["المحطة", "شباط", "المجموع"], ["عجلون", 98, "=B3*2"]):
            sheet.append(row)  # type: ignore[union-attr]
    content = BytesIO()
    book.save(content)
    *found, problem = loader("office.workbook").load(content.getvalue(), "a.xlsx")
    assert isinstance(problem, UnreadableError)
    assert "never calculated" in str(problem)
    assert [each.title for each in found if isinstance(each, Document)] == [
        "أمطار المحطات: 2023",
        "أمطار المحطات: 2024",
    ]


def test_a_zero_that_a_program_wrote_for_what_is_to_be_calculated_is_none() -> None:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    rows = (["البند", "أول", "ثان", "المجموع"], ["رواتب", 0, 7, "=B2+C2"], ["كهرباء", 3, 4, "=B3+C3"])
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    found, problem = loader("office.workbook").load(content.getvalue(), "a.xlsx")
    assert isinstance(problem, UnreadableError)
    assert isinstance(found, Document)
    assert found.text.startswith("البند: رواتب، أول: 0، ثان: 7\n\n")


def test_other_columns_of_a_sheet_of_articles_stand_below_each() -> None:
    (found,) = of("العنوان,النص,المؤلف,views,السعر\nطريق الملح,رواية عن القوافل.,نادر عيسى,7,12.5")
    assert (found.title, found.text) == ("طريق الملح", "رواية عن القوافل.\n\nالمؤلف: نادر عيسى، السعر: 12.5")


def test_a_sheet_without_heads_has_its_rows_as_they_are() -> None:
    (found,) = of("1,2\n3,4")
    assert found.text == "1، 2\n\n3، 4"
    (one,) = of("سطر واحد فيه، فاصلة\nوآخر")
    assert one.text == "سطر واحد فيه، فاصلة\n\nوآخر" or one.text.startswith("سطر واحد فيه")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_table_is_decoded_whatever_its_encoding(encoding: str) -> None:
    source = "الصنف;ثمن الكيلو\nالباذنجان البلدي;اثنان وأربعون قرشا\nالكوسا;ثلاثون قرشا\n"
    (found,) = csv(source.encode(encoding), "أسعار.csv")
    assert isinstance(found, Document)
    assert found.text.startswith("الصنف: الباذنجان البلدي، ثمن الكيلو: اثنان وأربعون قرشا")
    assert found.title == "أسعار"


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (12, "General", "12"),
        (12.0, "General", "12"),
        (0.1 + 0.2, "General", "0.3"),
        (45.5, "0.00", "45.50"),
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (1250.75, "#,##0.00", "1,250.75"),
        (1250, '#,##0 "دينار"', "1,250 دينار"),
        (1250, '"د.أ" #,##0', "د.أ 1,250"),
        (5, '[$د.إ.‏-3801] #,##0.00', "د.إ. 5.00"),
        (5, "#,##0.00_);[Red](#,##0.00)", "5.00"),
        (0.5, "# ?/?", "0.5"),
        (1234567, '0.0,,"M"', "1234567"),
        (962790000000, "0", "962790000000"),
        (3.14159, "0.##", "3.14"),
        (float("nan"), "0", ""),
    ],
)  # fmt: skip
def test_a_number_is_shown_as_its_format_shows_it_or_plain(value: float, form: str, shown: str) -> None:
    assert shown_number(value, form) == shown


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (date(2024, 3, 9), "yyyy-mm-dd", "2024-03-09"),
        (datetime(2024, 3, 9), "dd/mm/yyyy", "09/03/2024"),
        (datetime(2024, 3, 9), "[$-2010401]d/m/yyyy;@", "9/3/2024"),
        (datetime(2024, 3, 9, 14, 5), "dd/mm/yyyy hh:mm", "09/03/2024 14:05"),
        (datetime(2024, 3, 9), "d mmmm yyyy", "2024-03-09"),
        (datetime(2024, 3, 9, 14, 5).time(), "h:mm", "14:05"),
    ],
)
def test_a_day_is_shown_in_the_order_of_its_format(value: datetime, form: str, shown: str) -> None:
    assert shown_date(value, form) == shown


def test_a_hidden_sheet_is_not_read() -> None:
    content = changed(OFFICE / "dental.xlsx", "xl/workbook.xml", 'state="visible"', 'state="hidden"')
    with pytest.raises(UnreadableError, match="no rows in it"):
        list(loader("office.workbook").load(content, "a.xlsx"))


# Texts and slides


def test_a_text_keeps_its_paragraphs_its_list_and_its_rows() -> None:
    (found,) = read("palms.odt", "office.opendocument")
    assert found.title == found.text[: found.heading] == "تقرير عن واحة النخيل في وادي الغزلان"
    assert "يقلم السعف في شهر شباط من كل عام.\nيلقح الطلع باليد في أواخر آذار." in found.text
    assert "الصنف\tعدد النخلات\nالبرحي\t1,850\nالخلاص\t940" in found.text


@pytest.mark.parametrize(
    "left_out",
    [
        "<text:note><text:note-body><text:p>حاشية</text:p></text:note-body></text:note>",
        "<office:annotation><text:p>حاشية</text:p></office:annotation>",
    ],
)
def test_notes_and_remarks_are_left_out_of_a_text(left_out: str) -> None:
    content = changed(OFFICE / "palms.odt", "content.xml", "تمتد واحة", f"تمتد{left_out} واحة")
    (found,) = read("palms.odt", "office.opendocument", content)
    assert "تمتد واحة النخيل" in found.text
    assert "حاشية" not in found.text


def test_a_slide_is_a_page() -> None:
    (found,) = read("bees.pptx", "office.slides")
    assert [found.text[start:].partition("\n")[0] for start in found.pages] == [
        "تربية النحل في بلدة السرو", "أنواع الخلايا", "موسم القطاف", "ثمن العسل",
    ]  # fmt: skip
    assert "المنحل\tعدد الخلايا\nمنحل الوادي\t120 خلية" in found.text


def test_a_day_on_which_a_file_was_only_converted_is_no_publication() -> None:
    (found,) = read("bees.pptx", "office.slides")
    assert found.published is None
    with zipfile.ZipFile(OFFICE / "bees.pptx") as package:
        said = package.read("docProps/core.xml").decode()
    created = said.partition("<dcterms:created")[2].partition(">")[2].partition("<")[0]
    content = changed(OFFICE / "bees.pptx", "docProps/core.xml", created, "2020-05-06T07:08:09Z")
    (written,) = read("bees.pptx", "office.slides", content)
    assert written.published == date(2020, 5, 6)


def test_a_hidden_slide_is_not_read_and_counts_as_a_page() -> None:
    content = changed(OFFICE / "bees.pptx", "ppt/slides/slide2.xml", "<p:sld ", '<p:sld show="0" ')
    (found,) = read("bees.pptx", "office.slides", content)
    assert "الخلية الطينية" not in found.text
    assert found.text[found.pages[3] :].startswith("ثمن العسل")


def test_rich_text_keeps_its_paragraphs_and_rows() -> None:
    (found,) = read("lighthouse.rtf", "office.rtf")
    assert found.title == found.text[: found.heading] == "منارة رأس اللؤلؤ"
    assert "\n\nالسفينة\tسنة الغرق\nنجمة الشمال\t1911\nالدرة\t1936\n\nوتفتح" in found.text


@pytest.mark.parametrize(("row", "cell"), [("\\trhdr", ""), ("", "\\b ")])
def test_rich_text_says_which_row_names_the_columns(row: str, cell: str) -> None:
    below = "\\trowd Sami\\cell guard\\cell\\row\\trowd Huda\\cell keeper\\cell\\row"
    head = f"\\trowd{row}\\pard\\intbl {{{cell}Name}}\\cell{{{cell}Work}}\\cell\\row"
    (found,) = rtf.load(f"{{\\rtf1\\ansi Staff\\par{head}{below}\\pard\\par End\\par}}".encode(), "a.rtf")
    assert isinstance(found, Document)
    assert found.text == "Staff\n\nName\tWork\nSami\tguard\nHuda\tkeeper\n\nEnd"
    assert [part.span.of(found.text) for part in found.parts] == ["Name\tWork"]


ENCODED = "".join(f"\\'{byte:02x}" for byte in "كتب المؤلف هذا الفصل".encode("cp1256"))
LINK = '{\\field{\\*\\fldinst HYPERLINK "https://a.example"}{\\fldrslt word}}'


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{\\rtf1\\ansi\\ansicpg1256{\\fonttbl{\\f0\\fnil\\fcharset178 Arial;}}\\f0 %s\\par}", "كتب المؤلف هذا الفصل"),
        ("{\\rtf1\\ansi\\ansicpg1256{\\fonttbl{\\f0\\fnil\\fcharset0 Arial;}}\\f0 %s\\par}", "كتب المؤلف هذا الفصل"),
        ("{\\rtf1\\ansi\\ansicpg1256 %s\\par}", "كتب المؤلف هذا الفصل"),
        ("{\\rtf1 a " + LINK + " b}", "a word b"),
    ],
)
def test_rich_text_is_decoded_by_the_code_page_that_it_names(source: str, text: str) -> None:
    (found,) = rtf.load(source.replace("%s", ENCODED).encode(), "a.rtf")
    assert isinstance(found, Document)
    assert " ".join(found.text.split()) == text


def test_rich_text_whose_letters_are_not_known_is_refused() -> None:
    with pytest.raises(UnreadableError, match="in a code page that it does not name"):
        list(rtf.load(f"{{\\rtf1\\ansi {ENCODED * 3}}}".encode(), "a.rtf"))


# Old Word


OLD = DATA / "old_word" / "mine.doc"


@pytest.mark.skipif(not (shutil.which("antiword") or shutil.which("soffice")), reason="no program reads old Word here")
def test_an_old_word_file_is_read_by_a_program_of_the_machine() -> None:
    library = Library.open(OLD.parent)
    quote = library.ask("من اكتشف عروق النحاس في جبل العقاب؟").quotes[0]
    assert quote.text == "اكتشف الجيولوجي رشاد القطان عروق النحاس في جبل العقاب سنة 1928 وهو يبحث عن الماء."
    assert quote.document.title == "منجم النحاس في جبل العقاب"


def test_without_a_program_an_old_word_file_is_named_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Reader() as reader:
        (found,) = reader.read(OLD.read_bytes(), "mine.doc")
    assert (
        str(found) == "mine.doc: an old Word file; save it as .docx, or install antiword or LibreOffice, which read it"
    )


def test_what_is_only_called_old_word_is_read_as_what_it_is() -> None:
    with Reader() as reader:
        (rich,) = reader.read((OFFICE / "lighthouse.rtf").read_bytes(), "a.doc")
        (new,) = reader.read((OFFICE.parent / "museum.docx").read_bytes(), "b.doc")
    assert isinstance(rich, Document)
    assert isinstance(new, Document)
