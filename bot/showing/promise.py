"""The promise: what a reader will see as a quote is, character for character, what the source has.

``check`` reads a card as a reader will, from the very text that is about to be sent, and knows nothing of how it
was made. What does not match is not sent.
"""

from collections.abc import Sequence

from bot.showing.cards import LIMIT, Card, units
from bot.showing.markup import MarkupError, as_seen, read
from retrieval.model import Document, Quote, digest_of


class PromiseError(Exception):
    """A card would not show its quotes word for word. Its text names documents, never their words."""


def check(card: Card, quotes: Sequence[Quote]) -> None:
    """Raise ``PromiseError`` unless ``card`` shows ``quotes``, all and only, each as its document has it now.

    Compared as a reader sees them (``markup.as_seen``): characters that have no shape and that Telegram drops or
    turns into spaces do not count; all others do.
    """
    try:
        seen = read(card.html)
    except MarkupError as error:
        raise PromiseError(f"a card cannot be read: {error}") from error
    if seen.text != card.plain:
        raise PromiseError("a card reads otherwise without its markup")
    if units(seen.text) > LIMIT:
        raise PromiseError(f"a card is {units(seen.text)} units long, {LIMIT} can be shown")
    if len(seen.quotes) != len(quotes):
        raise PromiseError(f"a card shows {len(seen.quotes)} quotes instead of {len(quotes)}")
    for shown, quote in zip(seen.quotes, quotes, strict=True):
        check_quote(shown, quote)


def check_quote(shown: str, quote: Quote) -> None:
    """Raise ``PromiseError`` unless ``shown`` is what a reader sees of a quote whose document is as it was indexed."""
    document = quote.document
    check_document(document)
    if shown != as_seen(document.text[quote.span.start : quote.span.end]):
        raise PromiseError(f"{document.id}: a quote differs from {quote.span}")


def check_document(document: Document) -> None:
    """Raise ``PromiseError`` unless a document's text is the one of its digest."""
    if digest_of(document.text) != document.digest:
        raise PromiseError(f"{document.id}: the text is not the one that was indexed")
