"""Loads ``.mhtml`` and ``.mht``: a page as a browser saved it, with its address; its pictures are not read."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy

from retrieval.documents.loaders import page
from retrieval.documents.loaders.reading import web_address
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_PAGES = ("text/html", "application/xhtml+xml")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The one document of the page; ``name`` is its id. Raises UnreadableError."""
    saved = message_from_bytes(content, policy=policy.compat32)
    html = next((part for part in saved.walk() if part.get_content_type() in _PAGES), None)
    body = html.get_payload(decode=True) if html is not None else None
    if html is None or not isinstance(body, bytes):
        raise UnreadableError(f"{name}: no page in it; save it again", Cause.EMPTY)
    address = web_address(str(saved.get("Snapshot-Content-Location") or html.get("Content-Location") or ""))
    for found in page.load(body, name):
        yield found if isinstance(found, UnreadableError) else replace(found, url=found.url or address)
