"""Page furniture: what stands around an article and is not it. Kept in the stored text, left out of what is found.

Judged by structure: a short line of its own that announces comments, related articles, sharing or rights, at the end
with nothing after it that reads like the article's own paragraphs; a menu before the article; a line amid it that leads
elsewhere. And by repetition: a short line that stands in documents of several stories belongs to the page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from retrieval.arabic.folding import fold_text
from retrieval.arabic.tables import table
from retrieval.model import Document, Span

HEADING_WORDS = 9  # a line that announces furniture is no longer
PROSE_WORDS = 15  # a line of as many, ended by a full stop, reads like an article
MOST_PROSE = 1 / 3  # of the lines below a heading that announces furniture
LED_WORDS = 25  # a line that leads elsewhere, «اقرأ أيضا: …», is no longer
LONGEST_KNOWN = 250  # characters
STORIES, SHARE = 3, 0.05  # a short line is the page's if so many stories have it, and so many of all
_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.؟!»\"]\s*$")
_MENU = re.compile(r"[|:•·]")
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def _plain(text: str) -> str:
    """Folded words with single spaces: digits, punctuation, arrows and emoji of a button do not count. Empty for what
    is longer than any line of furniture that is known by its words."""
    return _NOT_LETTERS.sub(" ", fold_text(text)).strip() if len(text) <= LONGEST_KNOWN else ""


_HEADINGS = frozenset(filter(None, map(_plain, table("furniture")["headings"])))
_LEADS = frozenset(map(_plain, table("furniture")["leads"]))
_LONGEST = max(len(heading.split()) for heading in _HEADINGS)


def bodies(document: Document, repeated: frozenset[str] = frozenset()) -> list[Span]:
    """The stretches of a document's text that may be found, in order: without its heading, and without furniture.

    ``repeated``: lines that the page puts on every document, from ``repeated_lines``.
    """
    lines = _lines(document)
    texts = [line.of(document.text) for line in lines]
    ours = _is_article(texts, repeated)
    groups = (list(group) for is_ours, group in groupby(range(len(lines)), ours.__getitem__) if is_ours)
    return [Span(lines[group[0]].start, lines[group[-1]].end) for group in groups]


def repeated_lines(documents: Iterable[Document]) -> frozenset[str]:
    """The short lines, in plain form, that stand in documents of several stories.

    Documents with one and the same longest line are one story, told again: what they share is not the page's.
    """
    stories: dict[str, set[str]] = {}
    for document in documents:
        texts = [line.of(document.text) for line in _lines(document)]
        if texts:
            short = {_plain(text) for text in texts if len(text.split()) < PROSE_WORDS}
            longest = _NOT_LETTERS.sub(" ", fold_text(max(texts, key=len)))
            stories.setdefault(longest, set()).update(short)
    counts = Counter(line for lines in stories.values() for line in lines if line)
    least = max(STORIES, SHARE * len(stories))
    return frozenset(line for line, count in counts.items() if count >= least)


def _lines(document: Document) -> list[Span]:
    """The lines below a document's heading that are not empty."""
    matches = _LINE.finditer(document.text, document.heading)
    return [Span(match.start(), match.end()) for match in matches if match.group().strip()]


def _is_article(lines: Sequence[str], repeated: frozenset[str]) -> list[bool]:
    """Of each line, whether it is the article's."""
    end = _furniture_start(lines)
    start = next((at for at in range(end) if not _is_menu(lines[at])), end)
    led = set(_led_elsewhere(lines))
    return [start <= at < end and at not in led and _plain(line) not in repeated for at, line in enumerate(lines)]


def _is_menu(line: str) -> bool:
    """Whether a line before an article is the page's: a known heading alone, or several parts with one among them."""
    return any(_plain(part) in _HEADINGS for part in (line, *_MENU.split(line))) and not _is_prose(line)


def _led_elsewhere(lines: Sequence[str]) -> Iterator[int]:
    """The lines amid an article that lead to others: «اقرأ أيضا: …», or that alone and the titles below it."""
    below = False
    for at, line in enumerate(lines):
        lead, _, rest = line.partition(":")
        alone = _plain(line) in _LEADS
        if alone or (_plain(lead) in _LEADS and len(rest.split()) <= LED_WORDS):
            yield at
        elif below and not _SENTENCE_END.search(line) and len(line.split()) < PROSE_WORDS:
            yield at
            continue
        below = alone


def _furniture_start(lines: Sequence[str]) -> int:
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
