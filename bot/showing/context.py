"""What stands around a quote: its document, cut into pages of which one holds the quote with its neighbours."""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.showing.cards import within
from retrieval.model import Quote, Span

PAGE = 1500
"""Characters of a page: what a reader takes in at once, and even as emoji less than a message holds."""

_LINE = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s+")


def pages(quote: Quote) -> tuple[Quote, ...]:
    """The document of ``quote`` below its heading, page by page; together they leave out nothing but white space.

    Each is a quote of its own, in which what ``quote`` shows of it is marked. The quote is never parted, unless it is
    longer than a page.
    """
    text = quote.document.text
    first, last = _around(quote)
    begin = min(quote.document.heading, first)
    parts = (*_cut(text, begin, first), *_cut(text, first, last), *_cut(text, last, len(text)))
    spans = (span for part in parts if (span := _trimmed(text, part)))
    return tuple(replace(quote, span=span, highlights=within([quote.span], span), also=()) for span in spans)


def home(quote: Quote, parts: tuple[Quote, ...]) -> int:
    """The number of the page, from 0, on which ``quote`` begins."""
    return next(number for number, page in enumerate(parts) if page.span.end > quote.span.start)


def _around(quote: Quote) -> tuple[int, int]:
    """The page of the quote: as much before it as after it, from the beginning of a line to the end of one."""
    text, span = quote.document.text, quote.span
    room = max(PAGE - (span.end - span.start), 0)
    before, after = span.start - min(quote.document.heading, span.start), len(text) - span.end
    first = span.start - min(before, max(room // 2, room - after))
    last = span.end + min(after, max(room // 2, room - before))
    return _opened(text, first, span.start), _closed(text, span.end, last)


def _opened(text: str, first: int, start: int) -> int:
    """Where a line or, if none does, a word begins between two places; the first place if all is there."""
    if first == 0 or text[first - 1] == "\n":
        return first
    return next((found.end() for edge in (_LINE, _SPACE) if (found := edge.search(text, first, start))), start)


def _closed(text: str, end: int, last: int) -> int:
    """Where the last line or, if none does, the last word ends between two places; the last place if all is there."""
    if last == len(text) or text[last] == "\n":
        return last
    for edge in (_LINE, _SPACE):
        if found := list(edge.finditer(text, end, last)):
            return found[-1].start()
    return end


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A stretch in parts of about the same length, none longer than a page."""
    while (left := end - start) > PAGE:
        longest = -(-left // -(-left // PAGE))
        stop = _closed(text, start + longest // 2, start + longest)
        yield Span(start, stop)
        start = stop
    if start < end:
        yield Span(start, end)


def _trimmed(text: str, span: Span) -> Span | None:
    """The stretch without the white space around it; None where nothing is left."""
    part = span.of(text)
    start, end = span.end - len(part.lstrip()), span.start + len(part.rstrip())
    return Span(start, end) if start < end else None
