"""Loads Telegram's ``messages*.html``: of a channel a document for each message, of other chats one for each day."""

from collections.abc import Iterator
from datetime import date, datetime

from lxml import html

from retrieval.documents.loaders.exports.messages import Message, bounded_messages, by_day, by_message
from retrieval.documents.loaders.markup import parsed, text_of
from retrieval.documents.loaders.reading import decoded
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_DAYS = "%d.%m.%Y"  # before the time


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of an exported chat. Raises UnreadableError."""
    tree = parsed(decoded(content, name))
    if tree is None:
        raise UnreadableError(f"{name}: the page is empty", Cause.EMPTY)
    header = _first(tree, "page_header")
    title = _text(_first(header, "text")) if header is not None else ""
    messages, problem = bounded_messages(_messages(tree), name)
    is_channel = {message.author for message in messages} <= {title, ""}
    yield from (by_message if is_channel else by_day)(messages, title, name)
    if problem:
        yield problem


def _messages(tree: html.HtmlElement) -> Iterator[Message]:
    author = ""
    for each in tree.iter("div"):
        classes = each.get("class", "").split()
        if "message" not in classes or "default" not in classes:
            continue
        author = _text(_first(each, "from_name")) if "joined" not in classes else author
        dated, text = _first(each, "date"), _text(_first(each, "text"))
        day = _day(dated.get("title", "")) if dated is not None else None
        if day and text:
            yield Message(each.get("id", "").removeprefix("message"), day, author, text)


def _first(element: html.HtmlElement, name: str) -> html.HtmlElement | None:
    """The first element of a class below another."""
    return next((each for each in element.iter("div") if name in each.get("class", "").split()), None)


def _text(element: html.HtmlElement | None) -> str:
    return text_of(element) if element is not None else ""


def _day(title: str) -> date | None:
    """The day of «14.03.2022 09:15:00 UTC+03:00»."""
    try:
        return datetime.strptime(title.strip().partition(" ")[0], _DAYS).date()
    except ValueError:
        return None
