"""From a text to passages and sentences, as spans. Nothing is lost between them but white space.

A passage is what is indexed: a paragraph, or short ones joined, or part of a long one. A sentence is what is
quoted. Lengths count characters.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from retrieval.arabic import fold_text
from retrieval.arabic.tables import table
from retrieval.model import Passage, Span

SHORT = 160  # paragraphs below this are joined with the next
JOINED = 480  # but never beyond this
LONG = 1600  # paragraphs above this are split at sentences
LONGEST_SENTENCE = 700  # a sentence above this is split at a comma, or at a space

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_BREAK = re.compile(r"\n\s*")
_END = re.compile(r"""[.!?؟؛…]+[»”"')\]]*(?=\s|$)|(?<=[ء-ي]{2})[.؟!](?=[ء-ي]{2})|\n""")
_BEFORE = re.compile(r"[^\s«“\"(\[.]+$")
_OPENING, _CLOSING = "«“([", "»”)]"
_COMMA = re.compile(r"[،,؛]\s")
_SPACE = re.compile(r"\s")

_ABBREVIATIONS = frozenset(map(fold_text, table("abbreviations")["words"].split()))


def paragraphs(text: str, within: Span) -> list[Span]:
    """The paragraphs of a stretch of a text: parted by blank lines or, where it has none, by line breaks."""
    body = within.of(text)
    edges = [0, *(m.end() for m in _parting(body).finditer(body)), len(body)]
    spans = (_trimmed(text, within.start + a, within.start + b) for a, b in pairwise(edges))
    return [span for span in spans if span]


def passages(document_id: str, text: str, within: Span) -> list[Passage]:
    """The passages of a stretch of a text."""
    found: list[Passage] = []
    for paragraph in paragraphs(text, within):
        last = found[-1].span if found else None
        if last and _joinable(last, paragraph):
            found[-1] = Passage(document_id, Span(last.start, paragraph.end))
        else:
            found += (Passage(document_id, part) for part in _parts(text, paragraph))
    return found


def paragraph_number(text: str, within: Span, index: int) -> int:
    """Which of the paragraphs of a stretch, from 1, holds character ``index``."""
    body = within.of(text)
    starts = (within.start + m.end() for m in _parting(body).finditer(body.rstrip()))
    first = within.start + len(body) - len(body.lstrip())
    return 1 + sum(first < start <= index for start in starts)


def _parting(body: str) -> re.Pattern[str]:
    return _BLANK_LINE if _BLANK_LINE.search(body.strip()) else _LINE_BREAK


def _joinable(last: Span, following: Span) -> bool:
    shortest = min(last.end - last.start, following.end - following.start)
    return shortest < SHORT and following.end - last.start <= JOINED


def _parts(text: str, paragraph: Span) -> Iterator[Span]:
    if paragraph.end - paragraph.start <= LONG:
        yield paragraph
        return
    start, end = paragraph.start, paragraph.start
    for sentence in sentences(text, paragraph):
        if end > start and sentence.end - start > LONG // 2:
            yield Span(start, end)
            start = sentence.start
        end = sentence.end
    yield Span(start, end)


def sentences(text: str, within: Span) -> list[Span]:
    """The sentences of a stretch of a text, in order. Joined, they give back all of it but white space."""
    edges = [within.start, *_ends(text, within), within.end]
    spans = (_trimmed(text, a, b) for a, b in pairwise(edges))
    return [part for span in spans if span for part in _bounded(text, span)]


def _ends(text: str, within: Span) -> Iterator[int]:
    """Where sentences end: after a mark that ends one, outside quotation marks and brackets."""
    depth, seen = 0, within.start
    for mark in _END.finditer(text, within.start, within.end):
        depth = max(0, depth + _balance(text[seen : mark.end()]))
        seen = mark.end()
        if mark.group() == "\n":
            depth = 0
            yield mark.start()
        elif depth == 0 and not _is_abbreviation(text, within.start, mark):
            yield mark.end()


def _balance(stretch: str) -> int:
    """How many quotation marks and brackets it opens beyond those that it closes."""
    return sum(stretch.count(c) for c in _OPENING) - sum(stretch.count(c) for c in _CLOSING)


def _is_abbreviation(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether the full stop belongs to the word before it: «د.», «ق.م.», an initial."""
    if mark.group()[0] != "." or len(mark.group()) > 1:
        return False
    before = _BEFORE.search(text, max(start, mark.start() - 12), mark.start())
    return before is not None and fold_text(before.group()) in _ABBREVIATIONS


def _bounded(text: str, sentence: Span) -> Iterable[Span]:
    """The sentence, or its parts where it is too long to quote: cut after a comma, else at a space."""
    start = sentence.start
    while sentence.end - start > LONGEST_SENTENCE:
        cut = _last(_COMMA, text, start) or _last(_SPACE, text, start) or start + LONGEST_SENTENCE
        if part := _trimmed(text, start, cut):
            yield part
        start = cut
    if rest := _trimmed(text, start, sentence.end):
        yield rest


def _last(mark: re.Pattern[str], text: str, start: int) -> int | None:
    cuts = [m.end() for m in mark.finditer(text, start + LONGEST_SENTENCE // 3, start + LONGEST_SENTENCE)]
    return cuts[-1] if cuts else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it; None where nothing is left."""
    stretch = text[start:end]
    start, end = end - len(stretch.lstrip()), start + len(stretch.rstrip())
    return Span(start, end) if start < end else None
