"""What a poll brings, before anybody else reads it: an update that cannot be read must not keep the others away.

python-telegram-bot reads the updates of a poll together. Where one is not of the form that it knows, it takes none of
them, asks for the same again without end, and writes all of them, people's words among them, into the log.
"""

import json
import logging
from collections.abc import Collection
from typing import Any

from telegram import Update

log = logging.getLogger(__name__)

_PLAIN = {"message_id": int, "date": int, "chat": dict, "from": dict, "text": str}
_CHAT, _USER = frozenset({"id", "type"}), frozenset({"id", "is_bot", "first_name"})


def readable(polled: bytes, kinds: Collection[str]) -> bytes:
    """The answer to a poll in which updates of other ``kinds``, and those that cannot be read, have nothing left but
    their ids; of the latter each is a line in the log. Any other answer comes back as it is."""
    try:
        answer = json.loads(polled)
        updates = answer["result"]
    except (ValueError, KeyError, TypeError, RecursionError):  # python-telegram-bot will say so
        return polled
    if not isinstance(updates, list):
        return polled
    kept = [_bare(update) if not _is_wanted(update, frozenset(kinds)) else update for update in updates]
    return polled if kept == updates else json.dumps({**answer, "result": kept}).encode()


def _bare(update: Any) -> Any:
    return {"update_id": update["update_id"]} if isinstance(update, dict) and "update_id" in update else update


def _is_wanted(update: Any, kinds: frozenset[str]) -> bool:
    if not isinstance(update, dict) or kinds.isdisjoint(update):
        return False
    if _is_plain(update):
        return True
    try:
        Update.de_json(update, None)
    except Exception as error:  # whatever a constructor may raise; its text may repeat what somebody wrote
        log.error("update %s: cannot be read and is left out: %s", update.get("update_id"), type(error).__name__)
        return False
    return True


def _is_plain(update: dict[str, Any]) -> bool:
    """Whether it is a message of text and no more, as nearly all are. Those are not read here, to be read again later:
    nothing in them can fail."""
    message = update.get("message")
    return (
        isinstance(message, dict)
        and message.keys() == _PLAIN.keys()
        and all(type(message[name]) is kind for name, kind in _PLAIN.items())
        and _is_simple(message["chat"], _CHAT)
        and _is_simple(message["from"], _USER)
    )


def _is_simple(value: dict[str, Any], needed: frozenset[str]) -> bool:
    return value.keys() >= needed and all(isinstance(each, str | int) for each in value.values())
