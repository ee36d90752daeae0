"""PDFs: letters in the order in which they are read, whoever wrote them down; pages, titles, what cannot be read."""

import json
from datetime import date
from functools import cache

import pytest
from bidi import get_display
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import DATA

from retrieval import Library
from retrieval.documents.loaders import pdf
from retrieval.documents.pdf.glyphs import readings
from retrieval.documents.pdf.judging import is_garbled
from retrieval.documents.pdf.layout import joined
from retrieval.documents.pdf.lines import Line
from retrieval.documents.pdf.visual import bracketed, kind, known_words, order
from retrieval.documents.scans import recognition
from retrieval.errors import UnreadableError
from retrieval.model import Document

FORMATS = DATA / "formats"
QUESTIONS = [json.loads(line) for line in (FORMATS.parent / "pdf_questions.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(autouse=True)
def _no_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans are not read here, whether a machine could read them or not."""
    monkeypatch.setattr(recognition, "data", lambda: None)


@cache
def library() -> Library:
    return Library.open(FORMATS / "pdf")


@cache
def real(name: str) -> Document:
    (document,) = pdf.load((FORMATS / "pdf" / name).read_bytes(), name)
    assert isinstance(document, Document)
    return document


def reasons(content: bytes) -> list[str]:
    """What is said of a PDF, its documents left out."""
    try:
        return [str(found) for found in pdf.load(content, "a.pdf") if isinstance(found, UnreadableError)]
    except UnreadableError as error:
        return [str(error)]


def written(*pages: bytes, resources: bytes = b"", more: bytes = b"") -> bytes:
    """A PDF of pages with these drawings; it has no table of its objects, which PDFium then finds itself."""
    kids = b" ".join(b"%d 0 R" % (10 + 2 * at) for at in range(len(pages)))
    parts = [b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj", b"2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj"]
    parts[1] %= (len(pages), kids)
    for at, drawing in enumerate(pages):
        number = 10 + 2 * at
        parts.append(
            b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents %d 0 R/Resources<<%s>>>>endobj"
            % (number, number + 1, resources)
        )
        parts.append(b"%d 0 obj<</Length %d>>stream\n%s\nendstream endobj" % (number + 1, len(drawing), drawing))
    return b"%PDF-1.7\n" + b"\n".join([*parts, more, b"trailer<</Root 1 0 R>>\n%%EOF"])


IMAGE = (
    b"5 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    b"stream\n\0\nendstream endobj"
)
FONT = b"6 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj"
RESOURCES = b"/XObject<</I 5 0 R>>/Font<</F 6 0 R>>"
SCAN = b"q 300 0 0 300 0 0 cm /I Do Q"


def words(text: bytes) -> bytes:
    return b"BT /F 12 Tf 20 200 Td (%s) Tj ET" % text


def drawn(*pages: bytes) -> bytes:
    return written(*pages, resources=RESOURCES, more=IMAGE + b"\n" + FONT)


LONGEST_BRIDGE = pytest.mark.xfail(reason="«كم طول سكة»: the longest bridge is quoted before the length of the line")


@pytest.mark.parametrize(
    "question",
    [pytest.param(q, marks=[LONGEST_BRIDGE] if q["quote"].startswith("64 كيلومترا") else []) for q in QUESTIONS],
    ids=lambda q: f"{q['document']}: {q['quote'][:20]}",
)
def test_a_question_to_a_real_file_is_answered_by_the_right_words_with_their_page(question: dict[str, str]) -> None:
    (first, *_) = library().ask(question["question"]).quotes
    assert question["quote"] in first.text
    assert (first.document.id, first.place) == (question["document"], f"صفحة {question['page']}")


def test_the_real_files_are_all_read_and_all_asked() -> None:
    assert library().problems == ()
    assert {document.id for document in library().documents} == {question["document"] for question in QUESTIONS}
    assert len(library().documents) == 9


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("museum.pdf", "وبلغت كلفتها 850,000 دينار. ويضم المبنى سبع قاعات تعرض فيها"),
        ("museum.pdf", "وأواني الفخار (القرن التاسع عشر)."),
        ("museum.pdf", "لمياء الأشقر: «لا نريد أن يكون المتحف مخزنا للأشياء، بل مكانا للحكايات». وأضافت"),
        ("museum.pdf", "info@rummana.example أو الاتصال بالرقم 06-555-0142 بين الساعة 9:30 والساعة 15:00."),
        ("museum.pdf", "مخطوط كُتِبَ في عام ١٨٦٢م، وهو سجلّ لأسماء الحرفيين"),
        ("railway.pdf", "(أطولها جسر الشلال، وطوله 140 مترا)، ونفقان حُفرا في الصخر."),
        ("railway.pdf", "صارت تستغرق 95 دقيقة بعد أن حلّت قاطرات الديزل محلّ القاطرات البخارية سنة 1958."),
        ("railway.pdf", "وثمن التذكرة ٢٫٥ دينار، وتباع التذاكر في تطبيق RailWadi وفي محطة السرايا."),
        ("almonds.pdf", "وتكفيه 250 غراما من السماد العضوي (مرة واحدة في السنة)."),
        ("almonds.pdf", "قبل 15 شباط، «لأن التأخر أياما يعني خسارة الموسم»."),
        ("almonds.pdf", "أي أقل بنسبة 12% من الموسم الذي سبقه"),
    ],
)
def test_the_sentences_of_a_real_file_come_out_as_they_were_written(name: str, sentence: str) -> None:
    assert sentence in real(name).text


@pytest.mark.parametrize("name", ["museum.pdf", "railway.pdf", "almonds.pdf"])
def test_no_presentation_form_and_no_broken_line_is_left(name: str) -> None:
    text = real(name).text
    assert not any("\ufb50" <= letter <= "\ufeff" for letter in text)
    assert all(paragraph == paragraph.strip() and "\n" not in paragraph for paragraph in text.split("\n\n"))
    assert all(paragraph.endswith(".") for paragraph in text.split("\n\n")[1:])


def test_what_a_file_says_of_itself_is_kept_and_what_a_program_filled_in_is_not() -> None:
    museum, railway, almonds = map(real, ("museum.pdf", "railway.pdf", "almonds.pdf"))
    assert (museum.title, museum.author) == ("تقرير متحف بلدة الرمانة لسنة 2021", "لمياء الأشقر")
    assert (railway.author, railway.published) == ("هدى الصباغ", date(2022, 3, 17))
    assert (almonds.title, almonds.author) == ("دليل زراعة اللوز في سهل المرج", None)
    assert almonds.text[: almonds.heading] == almonds.title


def test_the_headline_below_the_name_of_a_newspaper_is_the_title() -> None:
    bazaar = real("bazaar.pdf")
    assert bazaar.title == "حريق في سوق العطارين يأتي على تسعة دكاكين"
    assert bazaar.text[: bazaar.heading].endswith(bazaar.title)


def test_a_chapter_s_heading_stays_and_the_running_title_that_repeats_it_goes() -> None:
    text = real("architect.pdf").text
    assert text.count("الفصل الأول: النشأة") == text.count("الفصل الثاني: الأعمال") == 1


def test_running_titles_and_page_numbers_are_left_out() -> None:
    assert "نشرة داخلية" not in real("museum.pdf").text
    assert "مجلة الدروب" not in real("railway.pdf").text


def test_pages_begin_where_the_text_says() -> None:
    museum = real("museum.pdf")
    assert len(museum.pages) == 3
    assert museum.text[museum.pages[1] :].startswith("ويعتمد الأرشيف")


def as_read(seen: str, *, from_right: bool) -> str:
    """A line of single letters as it is read."""
    return "".join(seen[at] for at in order(seen, "".join(map(kind, seen)), from_right=from_right))


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("باب", "باب"),
        ("2021 ةنس", "سنة 2021"),
        (".3.2 رادصإلا", "الإصدار 3.2."),
        ("9:30 ةعاسلا", "الساعة 9:30"),
        ("1995-1990 نيب", "بين 1990-1995"),
        ("14/5/2019 موي", "يوم 14/5/2019"),
        ("جمانرب يف Omeka S ةغل", "لغة Omeka S في برنامج"),
        ("ةغل Omeka (S) جمانرب", "برنامج Omeka (S) لغة"),
        (".info@a.example ناونعلا", "العنوان info@a.example."),
        ("ىلع %18 ةدايزب", "بزيادة 18% على"),
        ("نم 12%", "12% من"),
    ],
)
def test_a_line_seen_from_the_left_is_read_as_it_was_written(seen: str, text: str) -> None:
    assert as_read(seen, from_right=True) == text


def test_arabic_within_a_line_of_latin_is_read_from_the_right() -> None:
    seen = "The word (باتك ريبك) means"
    assert as_read(seen, from_right=False) == "The word (كبير كتاب) means"


ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآؤئء،؛؟", min_size=1, max_size=8)
FOREIGN = st.one_of(
    st.from_regex(r"[A-Za-z]{1,8}( [A-Za-z]{1,8})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}([.,:/][0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[٠-٩]{1,4}", fullmatch=True),
)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy
@given(ARABIC, st.lists(st.tuples(FOREIGN, ARABIC), max_size=5))
def test_what_the_bidirectional_algorithm_puts_in_order_is_put_back(first: str, rest: list[tuple[str, str]]) -> None:
    text = " ".join(["ب" + first, *(f"{foreign} ب{word}" for foreign, word in rest)])
    seen = get_display(text, base_dir="R")
    assert as_read(seen, from_right=True) == text


@pytest.mark.parametrize(
    "text",
    [
        "الفخار (القرن التاسع عشر).",
        "قالت: «لا نريد»، ثم «نعم».",
        "(أولا) ثم [ثانيا]",
        "1) البند الأول",
        "«كُتُبٌ» كثيرة",
        "رقم(5) هنا",
    ],
)
def test_brackets_open_and_close_whichever_way_they_were_written_down(text: str) -> None:
    assert bracketed(text) == text
    assert bracketed(text.translate(str.maketrans("()[]«»", ")(][»«"))) == text


@given(st.text())
def test_only_brackets_are_turned(text: str) -> None:
    turned = bracketed(text)
    assert len(turned) == len(text)
    assert all(a == b for a, b in zip(text, turned, strict=True) if a not in "()[]{}«»‹›“”")


def test_the_letters_of_a_ligature_are_read_in_the_order_in_which_they_join() -> None:
    glyphs = ("ال", "أل", "لا", "هلل", "fi")
    assert [readings(glyph)[0] for glyph in glyphs] == ["لا", "لأ", "لا", "لله", "fi"]


PROSE = "قالت المديرة إن المتحف الذي افتتح في السنة الماضية يضم سبع قاعات من البيوت القديمة على ضفة النهر " * 3


def test_words_that_run_backwards_are_known() -> None:
    known, backwards, number = known_words(PROSE)
    assert known > number / 3
    assert backwards < number / 20
    assert known_words(PROSE[::-1])[:2] == (backwards, known)


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        (PROSE, False),
        ("", False),
        ("An English page that says nothing in Arabic at all, however long it is. " * 3, False),
        ("Ein Märchen über Bären, die Äpfel mögen und Füße haben. " * 3, False),
        (PROSE.encode("cp1256").decode("latin-1"), True),
        (PROSE.translate(str.maketrans("اليمنوتر", "ظثضصخذغؤ")), True),
        (" ".join(f"{a}{b}" for a, b in zip(PROSE.replace(" ", ""), "Jb#`~K" * 40, strict=False)), True),
    ],
)
def test_letters_that_nobody_saw_are_told_from_a_text(text: str, garbled: bool) -> None:
    assert is_garbled(text) == garbled


def line(text: str, foot: float, *, left: float = 0, right: float = 300, size: float = 10) -> Line:
    return Line(text, left, right, foot, size)


def test_full_lines_go_on_and_a_short_one_ends_its_paragraph() -> None:
    lines = [line("أول", 100), line("ثان.", 85), line("ثالث.", 70, left=200), line("رابع", 55), line("خامس.", 40)]
    assert joined([lines], from_right=True) == ("أول ثان. ثالث.\n\nرابع خامس.", (0,))


def test_a_gap_a_larger_letter_or_a_label_begins_a_paragraph() -> None:
    lines = [line("عنوان", 200, size=16), line("أول", 180), line("ثان", 165), line("ثالث", 130), line("- رابع", 115)]
    assert joined([lines], from_right=True)[0] == "عنوان\n\nأول ثان\n\nثالث\n\n- رابع"


def test_a_line_that_is_set_in_begins_a_paragraph_after_a_sentence() -> None:
    lines = [line("أول.", 100), line("ثان", 85, right=280), line("ثالث.", 70), line("رابع", 55)]
    assert joined([lines], from_right=True)[0] == "أول.\n\nثان ثالث. رابع"


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    pages = [[line("أول.", 100), line("ثان", 85)], [line("ثالث.", 100), line("رابع.", 85)]]
    assert joined(pages, from_right=True) == ("أول. ثان ثالث. رابع.", (0, 9))


def test_columns_are_read_one_after_the_other() -> None:
    right = [line("أول", 100, left=160), line("ثان.", 85, left=160)]
    left = [line("ثالث", 100, right=140), line("رابع.", 85, right=140)]
    assert joined([right + left], from_right=True)[0] == "أول ثان.\n\nثالث رابع."


def test_a_page_that_is_a_picture_is_named_and_the_rest_is_read() -> None:
    content = drawn(words(b"First page."), SCAN, SCAN, words(b"Fourth."), SCAN)
    trouble = "a picture without text, such as a scan; run text recognition (OCR) on it first"
    assert reasons(content) == [f"a.pdf: page 2-3, 5: {trouble}"]
    (document,) = [found for found in pdf.load(content, "a.pdf") if isinstance(found, Document)]
    assert (document.text, document.pages[:4]) == ("First page.\n\nFourth.", (0, 11, 11, 13))


def test_a_page_of_unknown_letters_is_named_and_never_indexed() -> None:
    old = PROSE.encode("cp1256").translate(None, b"()\\")
    assert reasons(drawn(words(b"Read me."), words(old))) == [
        "a.pdf: page 2: its letters cannot be put in order; save it anew, with its fonts embedded"
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a whole PDF"),
        (b"%PDF-1.7\n", "not a whole PDF"),
        (b"\x89PNG", "not a whole PDF"),
        (drawn(SCAN), "page 1: a picture without text"),
        (drawn(b""), "no text in it"),
    ],
)
def test_what_has_no_text_is_named(content: bytes, reason: str) -> None:
    (found,) = reasons(content)
    assert found.startswith(f"a.pdf: {reason}")
