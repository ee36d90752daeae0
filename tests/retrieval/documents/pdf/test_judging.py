"""Whether a page's letters are those that a reader sees."""

import pytest

from retrieval.documents.pdf.glyphs import UNKNOWN
from retrieval.documents.pdf.judging import GARBLED, GLUED, NAMELESS, PICTURE, SHAPES, Trouble, trouble
from retrieval.documents.pdf.lines import Line
from retrieval.documents.pdf.pdfium import Page
from retrieval.documents.pdf.reading import Read

PROSE = "قالت المديرة إن المتحف الذي افتتح في السنة الماضية يضم سبع قاعات من البيوت القديمة على ضفة النهر. " * 3


def told(text: str, drawn: Page | None = None) -> Trouble | None:
    return trouble(Read([Line(text, 0, 300, 100, 10)], from_right=True, is_recognised=False), drawn or Page(()))


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "An English page about the museum, its rooms and the people who come to see them. " * 3,
        "الرقم 12.5 و13.7 و14.9 و1,250 و350% " * 8,
        PROSE.replace("سبع", f"س{UNKNOWN}ع", 1),
        "1990\t12\t45.5\n1991\t13\t46.1\n" * 10,
        "",
    ],
)
def test_a_right_page_is_not_refused(text: str) -> None:
    assert told(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PROSE.replace("ا", UNKNOWN), NAMELESS),
        (PROSE.replace(" ", ""), GLUED),
        ('234 56 ! 789&: ;< = >? @AB+ CD:E ./01 ! " #$ %& ' * 3, GARBLED),
        (PROSE.encode("cp1256").decode("latin-1"), GARBLED),
    ],
)
def test_a_page_that_cannot_be_read_has_its_true_reason(text: str, reason: Trouble) -> None:
    assert told(text) == reason


def test_pictures_and_shapes_are_named() -> None:
    assert told("", Page((), is_picture=True)) == PICTURE
    assert told("12", Page((), is_of_shapes=True)) == SHAPES
