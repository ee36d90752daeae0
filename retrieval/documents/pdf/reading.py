"""From the rows of a page to its lines as they are read: the letters of each in order, its brackets the right way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from retrieval.documents.pdf.fonts import standing_off
from retrieval.documents.pdf.glyphs import KASHIDA, UNKNOWN
from retrieval.documents.pdf.lines import Line
from retrieval.documents.pdf.pdfium import Page
from retrieval.documents.pdf.rows import Row, Ruling, Stroke, parted, rows, without_struck
from retrieval.documents.pdf.visual import bracketed, kind, known_words, order

_R_SHARE = 0.3  # of a page's letters: what is written from the right is an Arabic page
_MARKS = r"[\u064b-\u065f\u0670]*"
_DRAWN_OUT = re.compile(rf"(?<=[ء-ي]){KASHIDA}+(?={_MARKS}[ء-ي])|(?<=[\u064b-\u065f\u0670]){KASHIDA}+(?={_MARKS}[ء-ي])")
_BULLET = re.compile(rf"^{UNKNOWN}+ (?=\S)", re.MULTILINE)
_FOREIGN = re.compile(r"(?<=[ء-ي\u064b-\u0652])(?:[<>{}|]|[^\W\d_ء-ۿݐ-ݿࢠ-ࣿA-Za-zÀ-ɏα-ωΑ-Ω])(?=[ء-ي\u064b-\u0652])")
_TIGHT_LABEL = re.compile(
    r"^(?:[•▪●○]|\d{1,2}[.()-]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-z][.()])(?=[ء-ي])", re.MULTILINE
)  # the bracket as it looks
_ENDING = (".", "،", "؛", "؟", "!", ":")
_FEWEST = 3  # letters of a line with its mark
_SPACES = re.compile(r" {2,}")
_ENDS = re.compile(r"(?=[.!?؟…]+[»”\"')\]]*(?:\s|$))|(?<![.!?؟…»”\"')\]])$")  # of sentences, and of a line


@dataclass(frozen=True, slots=True)
class Read:
    """A page's lines in reading order; whether most of it is read from the right; whether a program recognised it;
    whether letters are left out that its font lacks."""

    lines: list[Line]
    from_right: bool
    is_recognised: bool
    is_lacking: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, the numbers of its letters in the order in which they are read, and by how many quarters its lines were
    turned with the clock to bring it level."""

    row: Row
    order: list[int]
    turn: int

    @property
    def text(self) -> str:
        """Its letters in that order."""
        return "".join(self.row.letters[at].text for at in self.order)


def read(page: Page) -> Read:
    """The lines of a page. Where most of its words are known only backwards, its letters were written down in the order
    in which they are read, and not where they are seen. Of a line that lacks letters, nobody knows where, each sentence
    has an unknown one."""
    found, from_right = placed(page)
    if not found:
        return Read([], from_right, page.is_recognised)
    texts = bracketed(_whole("\n".join(one.text for one in found))).split("\n")
    off = standing_off([(one.row.left, one.row.end, one.row.lacking if from_right else 0.0) for one in found])
    texts = [_ENDS.sub(UNKNOWN, text.strip()) if is_off else text for text, is_off in zip(texts, off, strict=True)]
    ruling = Ruling.of(page.rules, page.strokes)
    return Read(
        [_line(text.strip(), one, ruling) for text, one in zip(texts, found, strict=True)],
        from_right,
        page.is_recognised,
        is_lacking=any(one.row.lacking for one in found) and any(UNKNOWN in text for text in texts),
    )


def _line(text: str, placed_: Placed, ruling: Ruling) -> Line:
    row = placed_.row
    cell = None if placed_.turn else ruling.around(row)
    return Line(text, row.left, row.right, row.foot, row.size, row.is_bold, row.notes, cell)


def placed(page: Page) -> tuple[list[Placed], bool]:
    """The rows of a page, their letters in order; and whether most of it is read from the right."""
    found = [
        (row, turn)
        for group, turn in zip(page.groups, page.turns, strict=True)
        for row in parted(_unstruck(rows(group), () if turn else page.strokes), () if turn else page.rules)
    ]
    kinds = ["".join(kind(letter.text) for letter in row.letters) for row, _ in found]
    all_kinds = "".join(kinds)
    from_right = all_kinds.count("R") >= (all_kinds.count("R") + all_kinds.count("L")) * _R_SHARE
    ways = _ways(found, kinds, from_right)
    return max(ways, key=lambda way: known_words("\n".join(one.text for one in way))[0]), from_right


def _unstruck(found: Sequence[Row], strokes: Sequence[Stroke]) -> list[Row]:
    return [row for row in (without_struck(row, strokes) for row in found) if row.letters]


def _ways(found: Sequence[tuple[Row, int]], kinds: Sequence[str], from_right: bool) -> list[list[Placed]]:
    """Rows, with their turns, read as they are seen; where that reads backwards, as they were written down: the whole
    line from the left, or each word from the left where it stands."""
    seen = [Placed(row, _order(row, of, from_right), turn) for (row, turn), of in zip(found, kinds, strict=True)]
    known, backwards, _ = known_words("\n".join(one.text for one in seen))
    if known >= backwards:
        return [seen]
    written = [Placed(row, list(range(len(row.letters))), turn) for row, turn in found]
    return [written, [Placed(row, _by_words(row), turn) for row, turn in found]]


def _order(row: Row, kinds: str, from_right: bool) -> list[int]:
    """The order of a row's letters. One of Latin alone begins at its left wherever it stands, but for the mark that
    ends it, which in a text from the right stands there."""
    letters = [letter.text for letter in row.letters]
    if from_right and "L" in kinds and "R" not in kinds:
        places = list(range(len(letters)))
        return [*places[1:], 0] if letters[0].startswith(_ENDING) else places
    places = order(letters, kinds, from_right=from_right)
    if _ends_at_its_right(places, letters, kinds):
        return [*places[1:], places[0]]
    return places


def _ends_at_its_right(places: Sequence[int], letters: Sequence[str], kinds: str) -> bool:
    """Whether a line of Arabic has the mark that ends it before its first word: its paragraph was set from the left."""
    if len(places) < _FEWEST or kinds[places[0]] == "R" or kinds[places[1]] != "R":
        return False
    return letters[places[0]] in _ENDING and not letters[places[-1]].startswith(_ENDING)


def _by_words(row: Row) -> list[int]:
    """The order of a row's letters where its words are read from the right, and the letters of each from the left."""
    is_space = [letter.text == " " for letter in row.letters]
    words = [list(group) for _, group in groupby(range(len(is_space)), key=is_space.__getitem__)]
    return [at for word in reversed(words) for at in word]


def _whole(text: str) -> str:
    """A text without what draws out its words, with one sign for what is drawn before an item; what stands amid Arabic
    letters and is in no word, of a script far away, is the number of a glyph, whose letter is unknown."""
    text = _BULLET.sub("• ", _FOREIGN.sub(UNKNOWN, _DRAWN_OUT.sub("", text)))
    return _SPACES.sub(" ", _TIGHT_LABEL.sub(r"\g<0> ", text))
