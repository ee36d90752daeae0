"""Lines to a text: running titles of chapters, notes at the foot, headings of several lines, tables, columns."""

from retrieval.documents.pdf.layout import joined
from retrieval.documents.pdf.lines import Cell, Line
from retrieval.documents.pdf.rows import Letter, Row, Rule, Ruling, Stroke


def line(text: str, foot: float, *, left: float = 0, right: float = 300, size: float = 10) -> Line:
    return Line(text, left, right, foot, size)


def drawn(text: str, columns: tuple[int, int], rows: tuple[int, int]) -> Line:
    """A line amid a cell of a table whose columns are 50 points wide and whose rows, from the top, 20 high."""
    cell = Cell(50 * columns[0], 400 - 20 * rows[1], 50 * columns[1], 400 - 20 * rows[0])
    middle, foot = (cell.left + cell.right) / 2, (cell.floor + cell.ceiling) / 2 - 4
    return Line(text, middle - 10, middle + 10, foot, 10, cell=cell)


def body(*texts: str) -> list[Line]:
    return [line(text, 500 - 15 * at) for at, text in enumerate(texts)]


def test_a_title_that_changes_with_the_chapter_is_left_out() -> None:
    titles = ["الفصل الأول", "الفصل الأول", "الفصل الثاني", "الفصل الثاني", "خاتمة"]
    pages = [[line(title, 560, size=8), *body(f"نص {at}", "يمضي")] for at, title in enumerate(titles)]
    text, _ = joined(pages, from_right=True)
    assert "الفصل" not in text
    assert "خاتمة" not in text


def test_what_a_browser_prints_around_a_page_is_left_out() -> None:
    above = [line("1/12/26, 1:22 PM", 770, right=60, size=8), line("نشرة الحي", 770, left=100, size=8)]
    below = [line("https://a.example/nashra", 17, right=90, size=8), line("1/1", 17, left=280, size=8)]
    assert joined([[*above, *body("نص", "يمضي."), *below]], from_right=True)[0] == "نص يمضي."
    assert "نشرة" in joined([[*above, *body("نص", "يمضي.")]], from_right=True)[0]


def test_titles_of_slides_stay() -> None:
    pages = [
        [line(f"شريحة {name}", 560, size=18), *body("نص", "يمضي.")] for name in ("أولى", "ثانية", "ثالثة", "رابعة")
    ]
    assert joined(pages, from_right=True)[0].count("شريحة") == 4


def test_notes_at_the_foot_stand_before_the_paragraph_that_goes_on() -> None:
    first = [*body("أول.", "ثان"), line("(1) حاشية.", 60, size=8)]
    text, starts = joined([first, body("ثالث.", "رابع.")], from_right=True)
    assert text == "(1) حاشية.\n\nأول. ثان ثالث. رابع."
    assert text[starts[1] :].startswith("ثالث")


def test_lines_of_a_heading_go_on_however_short_they_are() -> None:
    heading = [line("وزارة", 560, left=200, size=16), line("المياه تعلن", 540, left=100, right=200, size=16)]
    lines = [*heading, *body("نص", "يمضي طويلا بعد العنوان.")]
    text, _ = joined([lines], from_right=True)
    assert text == "وزارة المياه تعلن\n\nنص يمضي طويلا بعد العنوان."


def test_an_article_of_a_law_begins_a_paragraph_below_a_full_line() -> None:
    lines = body("المادة (1): تنشأ مكتبة وفقا لأحكام", "المادة (9) من النظام.", "المادة الثانية: تفتح", "كل يوم.")
    text, _ = joined([lines], from_right=True)
    assert text == "المادة (1): تنشأ مكتبة وفقا لأحكام المادة (9) من النظام.\n\nالمادة الثانية: تفتح كل يوم."


def test_rows_of_a_table_keep_their_cells() -> None:
    rows = [
        [line("الأولى", 300, left=200), line("12", 300, left=100, right=120), line("5", 300, right=20)],
        [line("الثانية وما", 280, left=200), line("يليها", 266, left=200), line("7", 280, left=100, right=110)],
    ]
    text, _ = joined([[*body("نص قبل الجدول."), *(cell for row in rows for cell in row)]], from_right=True)
    assert text == "نص قبل الجدول.\n\nالأولى\t12\t5\nالثانية وما يليها\t7"


def test_cells_with_lines_around_them_keep_their_rows_and_their_columns() -> None:
    names = [drawn("القسم", (3, 4), (0, 2)), drawn("الطبيب", (2, 3), (0, 2)), drawn("الرسم", (0, 2), (0, 1))]
    names += [drawn("أول", (1, 2), (1, 2)), drawn("ثان", (0, 1), (1, 2))]
    told = [drawn("عيون", (3, 4), (2, 4)), drawn("هالة", (2, 3), (2, 3)), drawn("25", (1, 2), (2, 3))]
    told += [drawn("12", (0, 1), (2, 3)), drawn("كريم", (2, 3), (3, 4)), drawn("15", (0, 1), (3, 4))]
    last = [drawn("الليزر منفصل", (0, 4), (4, 5)), line("وبعد الجدول نص.", 250)]
    text, _ = joined([[line("نص قبل الجدول.", 450), *names, *told, *last]], from_right=True)
    assert text.split("\n\n") == [
        "نص قبل الجدول.",
        "القسم\tالطبيب\tالرسم أول\tالرسم ثان\nعيون\tهالة\t25\t12\nعيون\tكريم\t—\t15",
        "الليزر منفصل",
        "وبعد الجدول نص.",
    ]


def test_boxes_of_every_second_row_are_no_table() -> None:
    rows = [drawn(text, (at, at + 1), (row, row + 1)) for row in (0, 2) for at, text in enumerate("أبج")]
    amid = [line(text, 366, left=50 * at + 10, right=50 * at + 30) for at, text in enumerate("دهو")]
    text, _ = joined([sorted([*rows, *amid], key=lambda one: -one.foot)], from_right=True)
    assert text.split("\n") == ["ج\tب\tأ", "و\tه\tد", "ج\tب\tأ"]


def test_a_cell_is_what_lines_that_go_on_enclose() -> None:
    rules = [Rule(x, bottom, bottom + 10) for x in (0, 100.3) for bottom in (0, 10.4)]
    strokes = [Stroke(y, left, left + 50) for y in (0, 20) for left in (0, 50.5)] + [Stroke(8, 20, 80)]
    row = Row((Letter("ب", 20, 80),), 9, 10)
    assert Ruling.of(rules, strokes).around(row) == Cell(0, 0, 100.3, 20)
    assert Ruling.of(rules, strokes[:3]).around(row) is None


def test_names_amid_their_columns_stand_above_words_at_the_sides() -> None:
    rows = [
        [
            line("الخط", 300, left=240, right=255),
            line("أول", 300, left=140, right=160),
            line("أجر", 300, left=40, right=60),
        ],
        [line("جو", 280, left=280), line("6:15", 280, left=180, right=195), line("5", 280, left=90, right=95)],
    ]
    text, _ = joined([[cell for row in rows for cell in row]], from_right=True)
    assert text == "الخط\tأول\tأجر\nجو\t6:15\t5"


def test_columns_of_text_are_no_table() -> None:
    right = [line(f"يمين {at}", 300 - 15 * at, left=160) for at in range(6)]
    left = [line(f"يسار {at}", 300 - 15 * at, right=140) for at in range(6)]
    text, _ = joined([right + left], from_right=True)
    assert "\t" not in text
    assert text.index("يمين 5") < text.index("يسار 0")


def test_a_number_alone_in_a_table_at_a_page_s_edge_is_none_of_the_page() -> None:
    pages = []
    for number, told in enumerate(("112", "38"), 4):
        row = [line("الآبار", 560, left=200), line(told, 560, left=100, right=120)]
        pages.append([*row, *body("نص", "يمضي."), line(str(number), 40, left=140, right=150)])
    text, _ = joined(pages, from_right=True)
    assert "112" in text
    assert "38" in text
    assert not {"4", "5"} & set(text.split())


def test_cells_at_the_edges_of_pages_stay_though_those_of_other_pages_are_alike() -> None:
    pages = [
        [line("الصنف", 560, left=250), line("السعر", 560, left=100, right=130), line("الضريبة", 560, right=40)]
        + [
            cell
            for row in range(20)
            for cell in (
                line(f"{name} {row}", 540 - 20 * row, left=250),
                line(f"{row}.5", 540 - 20 * row, left=100, right=130),
                line("16%", 540 - 20 * row, right=40),
            )
        ]
        + [line(f"صفحة {number} من 3", 40, left=140, right=180)]
        for number, name in enumerate(("تين", "خوخ", "رمان"), 1)
    ]
    text, _ = joined(pages, from_right=True)
    assert text.count("الصنف\tالسعر\tالضريبة") == 3
    assert text.count("\t19.5\t16%") == 3
    assert "صفحة" not in text


def test_a_line_with_wide_holes_is_read_from_the_right_though_another_goes_on_below() -> None:
    drawn_out = [line("الموقع", 470, right=20), line("أو", 470, left=140, right=150), line("والبريد", 470, left=260)]
    lines = [*body("نص يمضي", "إلى آخره"), *drawn_out, line("وما بعده.", 455, left=200)]
    text, _ = joined([lines], from_right=True)
    assert text.split()[-5:] == ["والبريد", "أو", "الموقع", "وما", "بعده."]
