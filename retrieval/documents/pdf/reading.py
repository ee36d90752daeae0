"""From the rows of a page to its lines as they are read: the letters of each in order, its brackets the right way."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.documents.pdf.fonts import standing_off
from retrieval.documents.pdf.glyphs import KASHIDA, UNKNOWN
from retrieval.documents.pdf.lines import Line
from retrieval.documents.pdf.pdfium import Page
from retrieval.documents.pdf.rows import Row, rows
from retrieval.documents.pdf.visual import bracketed, kind, known_words, logical

_R_SHARE = 0.3  # of a page's letters: what is written from the right is an Arabic page
_MARKS = r"[\u064b-\u065f\u0670]*"
_DRAWN_OUT = re.compile(rf"(?<=[ء-ي]){KASHIDA}+(?={_MARKS}[ء-ي])|(?<=[\u064b-\u065f\u0670]){KASHIDA}+(?={_MARKS}[ء-ي])")
_BULLET = re.compile(rf"^{UNKNOWN}+ (?=\S)", re.MULTILINE)
_FOREIGN = re.compile(r"(?<=[ء-ي\u064b-\u0652])(?:[<>{}|]|[^\W\d_ء-ۿݐ-ݿࢠ-ࣿA-Za-zÀ-ɏα-ωΑ-Ω])(?=[ء-ي\u064b-\u0652])")
_TIGHT_LABEL = re.compile(r"^(?:[•▪●○]|\d{1,2}[.)-])(?=[ء-ي])", re.MULTILINE)
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


def read(page: Page) -> Read:
    """The lines of a page. Where most of its words are known only backwards, its letters were written down in the order
    in which they are read, and not where they are seen. Of a line that lacks letters, nobody knows where, each sentence
    has an unknown one."""
    found = [row for group in page.groups for row in rows(group)]
    lines = [([letter.text for letter in row.letters], _kinds(row)) for row in found]
    all_kinds = "".join(kinds for _, kinds in lines)
    from_right = all_kinds.count("R") >= (all_kinds.count("R") + all_kinds.count("L")) * _R_SHARE
    if not found:
        return Read([], from_right, page.is_recognised)
    texts = max(_orders(lines, from_right), key=lambda texts: known_words("\n".join(texts))[0])
    texts = bracketed(_whole("\n".join(texts))).split("\n")
    off = standing_off([(row.left, row.end, row.lacking if from_right else 0.0) for row in found])
    texts = [_ENDS.sub(UNKNOWN, text.strip()) if is_off else text for text, is_off in zip(texts, off, strict=True)]
    return Read(
        [
            Line(text.strip(), row.left, row.right, row.foot, row.size, row.is_bold, row.notes)
            for text, row in zip(texts, found, strict=True)
        ],
        from_right,
        page.is_recognised,
        is_lacking=any(row.lacking for row in found) and any(UNKNOWN in text for text in texts),
    )


def _kinds(row: Row) -> str:
    return "".join(kind(letter.text) for letter in row.letters)


def _orders(lines: Sequence[tuple[list[str], str]], from_right: bool) -> list[list[str]]:
    """The texts of lines as they are seen; where that reads backwards, as they were written down: the whole line from
    the left, or each word from the left where it stands."""
    seen = [_read(letters, kinds, from_right) for letters, kinds in lines]
    known, backwards, _ = known_words("\n".join(seen))
    if known >= backwards:
        return [seen]
    written = ["".join(letters) for letters, _ in lines]
    return [written, [" ".join(reversed(text.split())) for text in written]]


def _read(letters: list[str], kinds: str, from_right: bool) -> str:
    """A line's text. One of Latin alone begins at its left wherever it stands."""
    return logical(letters, kinds, from_right=from_right and ("R" in kinds or "L" not in kinds))


def _whole(text: str) -> str:
    """A text without what draws out its words, with one sign for what is drawn before an item; what stands amid Arabic
    letters and is in no word, of a script far away, is the number of a glyph, whose letter is unknown."""
    text = _BULLET.sub("• ", _FOREIGN.sub(UNKNOWN, _DRAWN_OUT.sub("", text)))
    return _SPACES.sub(" ", _TIGHT_LABEL.sub(r"\g<0> ", text))
