"""Loads Telegram's ``result.json``: of a channel a document for each message, of other chats one for each day."""

import json
from collections.abc import Iterator
from typing import Any

from retrieval.documents.loaders.exports.messages import Message, bounded_messages, by_day, by_message
from retrieval.documents.loaders.reading import day_of, decoded
from retrieval.errors import UnreadableError
from retrieval.model import Document

_LINKED = ("channel", "supergroup")  # whose messages have an address, for those who may read them


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of an exported chat. Raises UnreadableError."""
    try:
        chat = json.loads(decoded(content, name))
        messages, problem = bounded_messages(_messages(chat), name)
        title, is_channel = str(chat.get("name") or "").strip(), str(chat.get("type")).endswith("channel")
    except (ValueError, RecursionError, AttributeError, TypeError):
        raise UnreadableError(f"{name}: a damaged export of Telegram; export it again") from None
    yield from (by_message if is_channel else by_day)(messages, title, name)
    if problem:
        yield problem


def _messages(chat: dict[str, Any]) -> Iterator[Message]:
    base = f"https://t.me/c/{chat['id']}" if str(chat.get("type")).endswith(_LINKED) and chat.get("id") else None
    for each in filter(_is_told, chat["messages"]):
        day, text = day_of(str(each.get("date") or "")), _text(each.get("text", ""))
        if each.get("type") == "message" and day and text:
            number = str(each.get("id"))
            yield Message(number, day, str(each.get("from") or "").strip(), text, f"{base}/{number}" if base else None)


def _is_told(message: object) -> bool:
    return isinstance(message, dict)


def _text(written: object) -> str:
    """A message's text, which is a list where parts of it are links, bold and so on."""
    parts = written if isinstance(written, list) else [written]
    told = (part.get("text") if isinstance(part, dict) else part for part in parts)
    return "".join(part for part in told if isinstance(part, str)).strip()
