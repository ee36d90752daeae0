"""Loads Telegram's ``result.json``, of one chat or of all: of a channel a document for each message, of other chats one
for each day."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from retrieval.documents.days import day_of
from retrieval.documents.loaders.exports.messages import Message, bounded_messages, by_day, by_message
from retrieval.documents.loaders.reading import decoded
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_LINKED = ("channel", "supergroup")  # whose messages have an address, for those who may read them


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of an exported chat. Raises UnreadableError."""
    try:
        said = json.loads(decoded(content, name))
        chats = said["chats"]["list"] if "chats" in said else [said]
        found = [_documents(chat, name, is_one=chats == [said]) for chat in chats]
    except (ValueError, RecursionError, AttributeError, TypeError, KeyError):
        raise UnreadableError(f"{name}: a damaged export of Telegram; export it again", Cause.DAMAGED) from None
    if not any(found):
        raise UnreadableError(f"{name}: no messages with text in it", Cause.EMPTY)
    for documents in found:
        yield from documents


def _documents(chat: dict[str, Any], name: str, *, is_one: bool) -> list[Document | UnreadableError]:
    """Those of a chat, and what is wrong; of one of several its number is part of their ids."""
    try:
        messages, problem = bounded_messages(_messages(chat), name)
    except UnreadableError:  # it has no messages
        return []
    title, is_channel = str(chat.get("name") or "").strip(), str(chat.get("type")).endswith("channel")
    found = (by_message if is_channel else by_day)(messages, title, name)
    at = "" if is_one else f"{chat.get('id')}/"
    documents = [replace(document, id=f"{name}#{at}{document.id.removeprefix(name + '#')}") for document in found]
    return [*documents, problem] if problem else [*documents]


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
    told = (_shown(part) if isinstance(part, dict) else part for part in parts)
    return "".join(part for part in told if isinstance(part, str)).strip()


def _shown(part: dict[str, Any]) -> object:
    """The text of a part of a message, unless it is struck out."""
    return None if part.get("type") == "strikethrough" else part.get("text")
