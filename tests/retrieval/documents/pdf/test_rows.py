"""Rows from glyphs: what stands raised, what only draws out a word, which letter a mark is of, what is a space."""

from retrieval.documents.pdf.glyphs import UNKNOWN, Glyph
from retrieval.documents.pdf.pieces import Piece, said_together
from retrieval.documents.pdf.rows import Rule, parted, rows

WIDE = 6.0  # points of a letter


def glyph(text: str, x: float, *, foot: float = 100, size: float = 12, width: float = WIDE, **more: object) -> Glyph:
    """A glyph of a letter's height, from ``x`` on."""
    ink = x, foot, x + width, foot + size * 0.6
    values: dict[str, object] = {
        "origin": x, "foot": foot, "left": x, "right": x + width, "ink": ink, "size": size, "width": size, "piece": 0,
    }  # fmt: skip
    return Glyph(text, **(values | more))  # type: ignore[arg-type]


def word(text: str, right: float, **more: object) -> list[Glyph]:
    """The letters of an Arabic word, from the right."""
    return [glyph(letter, right - WIDE * at, **more) for at, letter in enumerate(text, 1)]  # type: ignore[arg-type]


def number(text: str, left: float, **more: object) -> list[Glyph]:
    return [glyph(digit, left + WIDE * at, **more) for at, digit in enumerate(text)]  # type: ignore[arg-type]


def seen(glyphs: list[Glyph]) -> str:
    """The letters of the one row, from left to right."""
    (row,) = rows(glyphs)
    return "".join(letter.text for letter in row.letters)


def test_a_raised_mark_of_a_note_belongs_to_no_number_and_leaves_no_space() -> None:
    stop = glyph(".", 188)
    mark = glyph("1", 194, foot=104, size=7)
    (row,) = rows([*number("2006", 200), mark, stop])
    assert "".join(letter.text for letter in row.letters) == ".2006"
    assert row.notes == ("1",)


def test_a_raised_number_after_a_unit_or_a_ten_is_its_power() -> None:
    assert seen([*word("كم", 212), glyph("2", 194, foot=104, size=7)]) == "²مك"
    assert seen([*number("10", 200), glyph("6", 212, foot=104, size=7)]) == "10⁶"
    assert seen([*number("10", 200), glyph("6", 194, foot=104, size=7)]) == "10⁶"
    assert seen([*number("2010", 200), glyph("6", 224, foot=104, size=7)]) == "2010"


def flat(text: str, x: float) -> Glyph:
    return glyph(text, x, ink=(x, 100.0, x + WIDE, 101.0))


def test_a_line_that_draws_out_a_word_is_no_letter_and_no_space() -> None:
    assert seen([glyph("ب", 212), flat("", 206), glyph("ا", 200)]) == "اب"
    assert seen([glyph("ب", 212), flat("ب", 206), glyph("ا", 200)]) == "اب"
    assert seen([glyph(UNKNOWN, 212), flat("ب", 206), glyph("ا", 200)]) == "اب"


def mark(text: str, middle: float, **more: object) -> Glyph:
    ink = middle - 1, 108.0, middle + 1, 110.0
    return glyph(text, middle - 1, width=2, ink=ink, **more)  # type: ignore[arg-type]


def test_a_mark_stands_on_its_letter_and_makes_no_gap() -> None:
    letters = word("كتب", 218)
    assert seen([*letters, mark("\u064f", 215), mark("\u0650", 209), mark("\u064e", 203)]) == "بَتِكُ"


def test_what_a_mark_says_of_its_letter_is_said_once() -> None:
    said = mark("أَ", 203, rides=True)
    assert seen([*word("با", 212), mark("أَ", 203, rides=True)]) == "اأَب"
    assert seen([*word("بأ", 212), said]) == "أَب"
    assert seen([*word(f"ب{UNKNOWN}", 212), mark("أَ", 203, rides=True)]) == "أَب"


def test_an_unknown_mark_is_not_passed_over_unless_another_says_it() -> None:
    unknown = mark(UNKNOWN, 203, rides=True)
    assert UNKNOWN in seen([*word("با", 212), unknown])
    assert UNKNOWN not in seen([*word("با", 212), mark(UNKNOWN, 203, rides=True), mark("\u064e\u0651", 203)])


def test_a_space_under_a_letter_is_none() -> None:
    dot = glyph(".", 206.1, width=3)
    assert seen([glyph("4", 200), glyph(" ", 206), dot, glyph("3", 209)]) == "4.3"
    assert seen([glyph("4", 200), glyph(" ", 206), glyph("3", 212)]) == "4 3"


def test_numbers_in_what_is_drawn_in_a_mirror_are_turned() -> None:
    drawn = [glyph(letter, 218 - WIDE * at, is_mirrored=True) for at, letter in enumerate("2014")]
    assert seen(drawn) == "2014"
    letters = [glyph(letter, 218 - WIDE * at, is_mirrored=True) for at, letter in enumerate("مارس")]
    assert seen(letters) == "سرام"


def test_glyphs_in_nearly_one_place_are_read_in_the_order_of_the_run() -> None:
    assert seen([glyph("ل", 200.0), glyph("ا", 200.1), glyph("ب", 194)]) == "بلا"


def test_lines_that_grow_together_are_one() -> None:
    right, left, between = word("سنة", 300, piece=0), word("الماء", 212, piece=1), number("1987", 212, piece=2)
    gap = word("في", 282, piece=3)
    more = [glyph(each, 242 + WIDE * at, piece=4) for at, each in enumerate("شركة"[::-1])]
    assert len(rows([*right, *left, *between, *gap, *more])) == 1


def _high(text: str, x: float) -> Glyph:
    return glyph(text, x, ink=(x + 2, 109, x + 4, 111), rides=True, by_name=True)


def test_a_mark_that_is_named_by_another_letter_is_a_mark_alone() -> None:
    """WeasyPrint names a mark by the letter on which it stood first: a sukun «ئْ»."""
    named = "ئ\u0652"
    assert seen([*word("نص", 200), _high(named, 188), _high(named, 194)]) == "ص\u0652ن\u0652"


def test_a_mark_that_is_named_by_another_letter_says_nothing_of_an_unknown_one() -> None:
    named = "ئ\u0652"
    letters = [*word("ن", 200), glyph(UNKNOWN, 188)]
    assert seen([*letters, _high(named, 194), _high(named, 188)]) == f"{UNKNOWN}\u0652ن\u0652"


def test_a_line_between_two_cells_parts_them_however_near_they_are() -> None:
    (row,) = rows([*word("رقم", 230), *number("12", 196)])
    cells = parted([row], [Rule(210, 90, 120)])
    assert ["".join(letter.text for letter in part.letters) for part in cells] == ["مقر", "12"]
    assert parted([row], [Rule(210, 200, 300), Rule(202, 90, 120)]) == [row]


def test_a_heading_of_one_column_is_of_no_line_of_another() -> None:
    heading = word("عنوان", 174, size=20, width=10)
    assert len(rows([*word("نص", 204), *word("ما", 204, foot=80, piece=1), *heading])) == 3


def test_a_letter_and_its_mark_of_which_the_same_is_said_are_one() -> None:
    """Typst says of each what both are, and a high mark does not look like one."""
    said = [Piece(None, at, False, "", 0, said="ي\u064c\u0651", saying=at) for at in (0, 1)]
    high, low = glyph("ي\u064c\u0651", 191, piece=0), glyph("ي\u064c\u0651", 190, width=10, piece=1)
    (both,) = said_together(iter([high, low]), said)
    assert both.text == "ي\u064c\u0651"
    said[0] = Piece(None, 0, False, "", 0)
    (both,) = said_together(iter([high, low]), said)
    assert both.text == "ي\u064c\u0651"
    apart = glyph("ي\u064c\u0651", 210, piece=1)
    assert len(list(said_together(iter([high, apart]), said))) == 2
