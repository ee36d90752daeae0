"""The promise for a page: what a reader will see as a quote is, character for character, what the source has.

The page is read back as a browser would, knowing nothing of how it was made. What does not match is not sent.
"""

from collections.abc import Sequence
from html.parser import HTMLParser

from bot.showing.markup import as_seen
from bot.showing.promise import PromiseError, check_quote
from retrieval.model import Quote


def check_quotes(html: str, quotes: Sequence[Quote]) -> None:
    """Raise ``PromiseError`` unless the block quotes of a page are ``quotes``, all and only, word for word."""
    seen = _read(html, "blockquote")
    if len(seen) != len(quotes):
        raise PromiseError(f"a page shows {len(seen)} quotes instead of {len(quotes)}")
    for shown, quote in zip(seen, quotes, strict=True):
        check_quote(shown, quote)


def check_mark(html: str, quote: Quote | None) -> None:
    """Raise ``PromiseError`` unless what is marked in a page, line by line, is what a quote has, word for word."""
    seen = _lines("\n".join(_read(html, "mark")))
    if seen != _lines(as_seen(quote.text) if quote else ""):
        name = quote.document.id if quote else "a document"
        raise PromiseError(f"{name}: a page marks other words than the quote's")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _read(html: str, tag: str) -> list[str]:
    reader = _Reader(tag)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, tag: str) -> None:
        super().__init__(convert_charrefs=True)
        self._tag, self._is_inside = tag, False
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == self._tag:
            self._is_inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._tag:
            self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data
