"""What happens in groups, and to inline queries, as the server of the end-to-end tests tells the bot of it."""

import time
from collections.abc import Mapping
from itertools import count
from typing import Any

from emulator import TelegramServer

NAME = "iqtibas_test_bot"
MENTION = f"@{NAME}"
BOT = {"id": 7, "is_bot": True, "first_name": "Bot", "username": NAME}

_queries = count(1)


def person(user: int, language: str = "ar") -> dict[str, Any]:
    """A user as Telegram describes them."""
    return {"id": user, "is_bot": False, "first_name": "سائل", "language_code": language}


def group(chat: int, kind: str = "supergroup") -> dict[str, Any]:
    """A group as Telegram describes it."""
    return {"id": chat, "type": kind, "title": "مجموعة"}


def write(server: TelegramServer, chat: int, user: int, text: str = "", **more: Any) -> int:
    """Somebody writes in a group; the bot's name is a mention, and a command one. Gives the message's id."""
    content = {"text": text, "entities": _entities(text)} if text else {}
    server.said += [text] * bool(text)
    told = {"date": int(time.time()), "chat": group(chat), "from": person(user), **content, **more}
    return server.tell("message", told)


def reply_to(sender: Mapping[str, Any], text: str, chat: int) -> dict[str, Any]:
    """What a message holds that replies to ``text`` by ``sender``."""
    message = {"message_id": 1, "date": 1, "chat": group(chat), "from": dict(sender), "text": text}
    return {"reply_to_message": message}


def standing(server: TelegramServer, chat: int, user: int, before: str, after: str, kind: str = "supergroup") -> None:
    """``user`` makes the bot ``after`` in a group, where it was ``before``: "left", "member" or "kicked"."""
    members = {
        f"{which}_chat_member": {"user": BOT, "status": status, **({"until_date": 0} if status == "kicked" else {})}
        for which, status in (("old", before), ("new", after))
    }
    told = {"chat": group(chat, kind), "from": person(user), "date": int(time.time()), **members}
    server.tell("my_chat_member", told)


def type_inline(server: TelegramServer, user: int, text: str) -> str:
    """Somebody types the bot's name and ``text`` in any chat. Gives the query's id."""
    query = str(next(_queries))
    server.said += [text] * bool(text)
    server.tell("inline_query", {"id": query, "from": person(user), "query": text, "offset": ""})
    return query


def press(server: TelegramServer, chat: int, message: int, data: str) -> None:
    """Somebody presses a button below a message of the bot's in their private chat."""
    shown = {"message_id": message, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "سائل"}}
    query = {"id": str(next(_queries)), "from": person(chat), "chat_instance": "1", "data": data, "message": shown}
    server.tell("callback_query", query)


def _entities(text: str) -> list[dict[str, Any]]:
    entities = []
    if text.startswith("/"):
        entities.append({"type": "bot_command", "offset": 0, "length": len(text.split()[0])})
    elif MENTION in text:
        offset = len(text.partition(MENTION)[0].encode("utf-16-le")) // 2
        entities.append({"type": "mention", "offset": offset, "length": len(MENTION)})
    return entities
