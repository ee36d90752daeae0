"""Word documents: the numbers that Word itself writes, styles and bold questions, rows of tables."""

from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from docx.document import Document as Written
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from retrieval.documents.loaders.office.docx import load
from retrieval.documents.loaders.office.numbering import written
from retrieval.documents.structure import structured
from retrieval.model import Document


def read(write: Callable[[Written], object]) -> Document:
    document = docx.Document()
    write(document)
    content = BytesIO()
    document.save(content)
    (found,) = load(content.getvalue(), "a.docx")
    assert isinstance(found, Document)
    return structured(found)


def numbered(document: Written, *levels: tuple[str, str], number: int = 70, restart: int | None = None) -> None:
    """Defines a list: a form and a text a level."""
    part = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    first = part.find(qn("w:num"))
    first.addprevious(parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inner}</w:abstractNum>'))
    start = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{restart}"/></w:lvlOverride>' if restart else ""
    part.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/>{start}</w:num>')
    )


def item(document: Written, text: str, level: int = 0, number: int = 70) -> Paragraph:
    paragraph = document.add_paragraph(text)
    listed = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", number)):
        element = OxmlElement(name)
        element.set(qn("w:val"), str(value))
        listed.append(element)
    paragraph._p.get_or_add_pPr().append(listed)
    return paragraph


def test_the_numbers_that_word_writes_are_text() -> None:
    def write(document: Written) -> None:
        numbered(document, ("decimal", "المادة (%1):"), ("arabicAbjad", "%2-"), ("decimal", "%1.%3"))
        item(document, "يسمى هذا النظام نظام العمل.")
        item(document, "تسري أحكامه على:")
        item(document, "الموظفين.", 1)
        item(document, "المتعاقدين.", 1)
        item(document, "بند تحت بند.", 2)
        item(document, "توفر الشركة الحواسيب.")
        item(document, "يعد بدء العدد من جديد.", 1)

    assert read(write).text == (
        "المادة (1): يسمى هذا النظام نظام العمل.\n\nالمادة (2): تسري أحكامه على:\n\nأ- الموظفين.\nب- المتعاقدين.\n"
        "2.1 بند تحت بند.\n\nالمادة (3): توفر الشركة الحواسيب.\n\nأ- يعد بدء العدد من جديد."
    )


def test_a_list_may_begin_with_another_number_and_a_style_may_number() -> None:
    def write(document: Written) -> None:
        numbered(document, ("decimal", "%1)"), restart=5)
        item(document, "بند أول.")
        item(document, "بند ثان.")
        document.add_paragraph("نقطة", style="List Bullet")
        document.add_paragraph("عدد", style="List Number")

    found = read(write)
    assert found.text == "5) بند أول.\n6) بند ثان.\nنقطة\n1. عدد"
    assert [part.span.of(found.text) for part in found.parts] == found.text.split("\n")


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        *((4, "arabicAlpha", "ث"), (4, "arabicAbjad", "د"), (29, "arabicAbjad", "أأ"), (3, "lowerLetter", "c")),
        *(
            (1994, "upperRoman", "MCMXCIV"),
            (4, "lowerRoman", "iv"),
            (7, "decimalZero", "07"),
            (12, "hindiNumbers", "١٢"),
        ),
        *((5, "chineseCounting", "5"), (0, "upperRoman", "0")),
    ],
)
def test_numbers_are_written_as_word_writes_them(number: int, form: str, expected: str) -> None:
    assert written(number, form) == expected


def test_headings_of_styles_and_bold_questions_are_marked() -> None:
    def write(document: Written) -> None:
        document.add_paragraph("الأسئلة الشائعة", style="Title")
        document.add_paragraph("القروض", style="Heading 2")
        asked = document.add_paragraph()
        for words in ("كيف أطلب ", "قرضا"):
            asked.add_run(words).bold = True
        document.add_paragraph("من أي فرع.")
        both = document.add_paragraph()
        both.add_run("متى يصرف القرض؟").bold = True
        both.add_run(" بعد أسبوع.")

    found = read(write)
    told = [(p.role, p.span.of(found.text), p.under and p.under.of(found.text)) for p in found.parts]
    assert told == [
        ("heading", "القروض", "كيف أطلب قرضا\n\nمن أي فرع.\n\nمتى يصرف القرض؟ بعد أسبوع."),
        ("question", "كيف أطلب قرضا", "من أي فرع."),
        ("question", "متى يصرف القرض؟", "بعد أسبوع."),
    ]


def test_a_row_keeps_its_cells_of_several_paragraphs_and_the_columns_are_named() -> None:
    def write(document: Written) -> None:
        table = document.add_table(3, 2)
        for row, (name, phones) in enumerate([("الكلية", "الهاتف"), ("الطب", "5551001"), ("الآداب", "5553001")]):
            table.cell(row, 0).text, table.cell(row, 1).text = name, phones
        table.cell(1, 1).add_paragraph("5551002")

    found = read(write)
    assert found.text == "الكلية\tالهاتف\nالطب\t5551001 5551002\nالآداب\t5553001"
    (columns,) = found.parts
    assert (columns.role, columns.under and columns.under.of(found.text)) == ("columns", found.text[14:])


def test_paragraphs_whose_end_a_tracked_change_deletes_are_one() -> None:
    def write(document: Written) -> None:
        first, _, _ = (
            document.add_paragraph(words) for words in ("اعتذر عن الحضور ", "السيد ماهر.", "ثم رفعت الجلسة.")
        )
        first._p.get_or_add_pPr().append(parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:id="7" w:author="a"/></w:rPr>'))

    assert read(write).text == "اعتذر عن الحضور السيد ماهر.\n\nثم رفعت الجلسة."
