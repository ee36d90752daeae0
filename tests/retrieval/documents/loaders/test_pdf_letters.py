"""PDFs letter by letter: what real programs write that is not what a reader sees, brought back or named."""

from functools import cache

import pytest
from places import DATA

from retrieval.documents.furniture import bodies
from retrieval.documents.loaders import pdf
from retrieval.errors import UnreadableError
from retrieval.model import Document

LETTERS = DATA / "letters"
NAMELESS = "its fonts do not say which letters they draw"
LACKING = "its font does not have all of its letters, which are left out"


@cache
def read(name: str) -> Document:
    (document,) = pdf.load((LETTERS / name).read_bytes(), name)
    assert isinstance(document, Document)
    return document


def refused(name: str) -> str:
    with pytest.raises(UnreadableError) as raised:
        list(pdf.load((LETTERS / name).read_bytes(), name))
    return str(raised.value)


def found(name: str) -> str:
    """What of a document may be quoted."""
    document = read(name)
    return "\n".join(span.of(document.text) for span in bodies(document))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("lig-allah-lo-noto.pdf", "عبد الله بن محمد السالم اجتماع اللجنة، وحضره الشيخ فتح الله العبيدي"),
        ("lig-allah-lo-noto.pdf", "وإن الإصلاح لازم لأن الآلات القديمة لا تعمل، وأن الملاعب أُغلقت لأسباب أمنية."),
        ("kashida-lo-noto.pdf", "ويبلغ عدد المشتركين فيها اليوم 48,250 مشتركا يتوزعون على تسعة أحياء سكنية"),
        ("footnote-marks.pdf", "ذروته في عام 2006، ثم تراجع إلى 410 آلاف طن في عام 2008. وتعود"),
        ("footnote-marks.pdf", "بنحو 12.5 مليار ليرة، وهاجر من ريف المنطقة نحو 60 ألف أسرة إلى المدن"),
        ("harakat-lo-dejavu.pdf", "«إِنَّمَا الْأَعْمَالُ بِالنِّيَّاتِ، وَإِنَّمَا لِكُلِّ امْرِئٍ مَا نَوَى»."),
        ("harakat-chromium-noto.pdf", "«إِنَّمَا الْأَعْمَالُ بِالنِّيَّاتِ، وَإِنَّمَا لِكُلِّ امْرِئٍ مَا نَوَى»."),
        ("harakat-chromium-noto.pdf", "رَضِيَ اللَّهُ عَنْهُ قَالَ: سَمِعْتُ رَسُولَ اللَّهِ صَلَّى اللَّهُ عَلَيْهِ وَسَلَّمَ"),
        ("ocr-tesseract-digits.pdf", "المهندس سامي الخليفة منذ مارس 2014: وقد خلف"),
        ("ocr-tesseract-digits.pdf", "حتى نهاية عام 2025".removeprefix("حتى ")),
    ],
)  # fmt: skip
def test_letters_and_numbers_are_those_that_a_reader_sees(name: str, words: str) -> None:
    assert words in read(name).text


def test_what_is_struck_out_is_left_out_and_what_is_underlined_is_not() -> None:
    text = read("struck-out-lo-noto.pdf").text
    assert "أجرة الدكان الصغير مئة وعشرون دينارا في الشهر، وتدفع في اليوم الخامس منه." in text
    assert "ويدفع أصحاب العربات 45 دينارا في الشهر." in text


def test_the_mark_that_ends_a_paragraph_set_from_the_left_ends_it() -> None:
    assert "ويبقى مفتوحا في ليالي رمضان حتى موعد السحور." in read("struck-out-lo-noto.pdf").text


def test_a_number_before_an_item_stands_apart_its_bracket_closed() -> None:
    lines = read("struck-out-lo-noto.pdf").text.splitlines()
    assert lines[-3:] == ["1) حي الكروم وسكانه قليلون.", "", "2) حي الطاحونة وسكانه كثيرون."]


def test_a_heading_of_several_lines_is_one_and_the_title() -> None:
    heading = (
        "وزارة المياه تعلن عن خطة لاستبدال شبكات الأنابيب القديمة في ثلاث محافظات شرقية وتخفيض الفاقد إلى النصف "
        "خلال أربع سنوات"
    )
    document = read("headline-4-lines.pdf")
    assert (document.title, document.text[: document.heading]) == (heading, heading)


def test_a_running_title_that_changes_with_the_chapter_is_left_out_and_paragraphs_go_on_over_pages() -> None:
    text = read("book-chapter-headers.pdf").text
    assert "التناضح العكسي، وتستهلك 3.4 كيلوواط ساعة من الكهرباء لكل متر مكعب من المياه المنتجة." in text
    assert [line for line in text.splitlines() if line.startswith("الفصل")] == [
        "الفصل الأول: نشأة الشركة",
        "الفصل الثاني: حقوق المشتركين",
        "الفصل الثالث: الخطط والمشاريع",
    ]
    assert all("الفصل" not in line for line in text.splitlines() if not line.startswith("الفصل"))


def test_rows_of_a_table_keep_their_cells() -> None:
    text = read("kashida-lo-noto.pdf").text
    assert "الشريحة\tالاستهلاك الشهري\tسعر المتر المكعب\nالأولى\tحتى 15 مترا مكعبا\t0.10 ريال\n" in text


def test_a_sentence_with_an_unknown_letter_is_never_quoted_and_the_others_are() -> None:
    assert "كل ثل\ufffdث سنوات" in read("xelatex-unknown-glyph.pdf").text
    quoted = found("xelatex-unknown-glyph.pdf")
    assert "\ufffd" not in quoted
    assert "الجمعية العامة" not in quoted
    assert "الفاقد من المياه" not in quoted
    assert "تأسست شركة مياه الواحة في مدينة القطيف عام 1987" in quoted
    assert "وقد خلف في هذا المنصب الدكتورة لبنى العطار التي قادت الشركة اثني عشر عاما." in quoted


@pytest.mark.parametrize(
    "name", ["wkhtmltopdf-garbled-accepted.pdf", "no-tounicode.pdf", "harakat-weasy-hamza-dropped.pdf"]
)
def test_a_page_whose_letters_cannot_be_told_is_named_with_the_reason(name: str) -> None:
    assert NAMELESS in refused(name)


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("unknown-percent-dropped.pdf", ["يزيد على 4", "من 31 إلى 12", "أعلنت الشركة"]),
        ("sign-lacking-fpdf2.pdf", ["كانت 19", "ارتفع محصول الشعير"]),
        ("sign-lacking-shaped-fpdf2.pdf", ["ما تلف منه"]),
    ],
)
def test_a_sentence_that_may_lack_a_letter_which_its_font_lacks_is_never_quoted(name: str, lost: list[str]) -> None:
    quoted = found(name)
    assert not any(words in quoted for words in lost)
    assert "يرأس" in quoted


def test_a_page_that_lacks_many_letters_is_named_with_the_reason() -> None:
    assert LACKING in refused("digits-lacking-fpdf2.pdf")


def test_of_a_page_by_the_same_program_that_lacks_none_all_is_quoted() -> None:
    assert "وبلغت نسبة ما تلف منه في المخازن 7% بعد أن كانت 19% في موسم 2018." in found("nothing-lacking-fpdf2.pdf")
