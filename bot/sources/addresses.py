"""The addresses of the web face's pages, for whoever leads a reader there; of the site alone, without its host. And
which addresses of others a reader is led to."""

import re
from urllib.parse import quote as quote_path
from urllib.parse import urlencode, urlsplit

from retrieval.model import Document, Quote, Span

MARK = "quote"
"""The name of the place in a page where the quote stands."""
VERSION = 16
"""Characters of a digest that tell one version of a text from another."""

_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)


def is_address(url: str) -> bool:
    """Whether ``url`` may be an address on the web, whose site can be named; nobody is led to any other, such as
    ``javascript:`` or ``file:``."""
    try:
        return _ADDRESS.fullmatch(url) is not None and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def page_of(quote: Quote) -> str:
    """The page on which a quote stands in its document, marked; of another version than its own it shows no mark."""
    return f"/read?{_stretch(quote.document, quote.span)}#{MARK}"


def picture_of(quote: Quote) -> str:
    """The picture of the page of a PDF on which a quote is marked."""
    return f"/page.png?{_stretch(quote.document, quote.span)}"


def reference_page(reference: str) -> str:
    """The page of a permanent reference."""
    return f"/r/{quote_path(reference, safe='', errors='replace')}"


def document_page(document_id: str, leaf: int | None = None) -> str:
    """The page of a document, or of one of its leaves, from 1."""
    return f"/read?{urlencode({'document': document_id} | ({'leaf': leaf} if leaf else {}), errors='replace')}"


def _stretch(document: Document, span: Span) -> str:
    values = {"document": document.id, "start": span.start, "end": span.end, "version": document.digest[:VERSION]}
    return urlencode(values, errors="replace")
