"""Page furniture: what stands around an article and is not it. Kept in the stored text, left out of what is found.

Judged by structure: at the end of a text, a short line of its own that announces comments, related articles,
sharing or rights, with nothing after it that reads like the article's own paragraphs.
"""

import re

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.model import Document, Span

HEADING_WORDS = 9  # a line that announces furniture is no longer
PROSE_WORDS = 15  # a line of as many, ended by a full stop, reads like an article
MOST_PROSE = 1 / 3  # of the lines below a heading that announces furniture
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.؟!»\"]\s*$")
_MENU = re.compile(r"[|:•·]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def _plain(text: str) -> str:
    """Folded words with single spaces: digits, punctuation, arrows and emoji of a button do not count."""
    return _NOT_LETTERS.sub(" ", fold_text(text)).strip()


_HEADINGS = frozenset(filter(None, map(_plain, table("furniture")["headings"])))
_LONGEST = max(len(heading.split()) for heading in _HEADINGS)


def body(document: Document) -> Span | None:
    """The stretch of a document's text that may be found: without its heading, and without the furniture at
    its end. None where nothing is left."""
    text = document.text
    lines = [Span(m.start(), m.end()) for m in _LINE.finditer(text, document.heading) if m.group().strip()]
    kept = lines[: _furniture_start([line.of(text) for line in lines])]
    return Span(kept[0].start, kept[-1].end) if kept else None


def _furniture_start(lines: list[str]) -> int:
    """The index of the first line of the furniture at the end; the number of lines where there is none.

    What follows the heading must be furniture for the most part: an article's section may be called
    «تعليقات» too, and comments may hold a long one.
    """
    prose_below = 0
    start = len(lines)
    for at in range(len(lines) - 1, 0, -1):
        below = len(lines) - at - 1
        if _is_heading(lines[at]) and prose_below <= below * MOST_PROSE:
            start = at
        prose_below += _is_prose(lines[at])
    return start


def _is_heading(line: str) -> bool:
    """Whether a line announces furniture: it is a known heading, or a menu that holds one, or begins with one
    of two words or more («شارك أحمد في السباق» begins with a heading too, and is none)."""
    if any(_plain(part) in _HEADINGS for part in (line, *_MENU.split(line))):
        return True
    words = _plain(line).split()
    if len(words) > HEADING_WORDS or _SENTENCE_END.search(line):
        return False
    return any(" ".join(words[:n]) in _HEADINGS for n in range(2, _LONGEST + 1))


def _is_prose(line: str) -> bool:
    """Whether a line reads like a paragraph of an article: long, and ended as a sentence is."""
    return len(line.split()) >= PROSE_WORDS and bool(_SENTENCE_END.search(line))
