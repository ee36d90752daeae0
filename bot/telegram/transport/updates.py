"""What a poll brings, before anybody else reads it: what cannot be read must not keep the rest away.

python-telegram-bot reads the updates of a poll together. Where one is not of the form that it knows, it takes none of
them, asks for the same again without end, and writes all of them, people's words among them, into the log. And of some
answers it stops to ask at all.
"""

import inspect
import json
import logging
import re
from collections.abc import Collection
from functools import cache
from typing import Any

from telegram import Chat, TelegramObject, Update, User

log = logging.getLogger(__name__)

DEEPEST = 64
"""Levels of lists and objects within an answer: some times what Telegram sends."""
LARGEST = 2**63 - 1
"""The greatest number that an update may hold: what is stored of it, and what Telegram counts by, has 64 bits."""
LAST_SECOND = 253_402_300_799
"""The end of the year 9999, in seconds since 1970: no later day has a date."""

_PLAIN = {"message_id": int, "date": int, "chat": dict, "from": dict, "text": str}
_CHAT, _USER = frozenset({"id", "type"}), frozenset({"id", "is_bot", "first_name"})
_NUMBERS = ("message_id", "message_thread_id", "length", "file_size", "migrate_to_chat_id", "migrate_from_chat_id")
_WORDS = (
    *("type", "status", "text", "caption", "query", "first_name", "last_name", "username", "title", "language_code"),
    *("media_group_id", "file_id", "file_name", "emoji"),
)
_TYPES: dict[str, type] = dict.fromkeys(_NUMBERS, int) | dict.fromkeys(_WORDS, str)
"""What an attribute of a name holds, of whatever it is one: python-telegram-bot takes what it is given."""
_PARTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


class UnreadableError(Exception):
    """An answer to a poll is none. Its text says why, without anything of what was answered."""


def readable(polled: bytes, kinds: Collection[str]) -> bytes:
    """The answer to a poll in which updates of other ``kinds``, and those that cannot be read, have nothing left but
    their ids; of the latter each is a line in the log. Without an id that counts, nothing is left of an update.

    Raises UnreadableError where it is no answer, or nothing in it can be taken.
    """
    text = polled.decode("utf-8-sig", "replace")
    answer, is_whole = _decoded(text)
    if not isinstance(answer, dict):
        raise UnreadableError("it is no JSON object")
    updates = answer.get("result")
    if answer.get("ok") is not True or not isinstance(updates, list):
        raise UnreadableError("it holds no updates")
    wanted = frozenset(kinds)
    kept = [
        update if _is_wanted(update, wanted) else {"update_id": update["update_id"]}
        for update in updates
        if has_id(update)
    ]
    if updates and not kept:
        raise UnreadableError("no update in it has an id")
    if len(kept) < len(updates):
        log.error("updates without an id are left out: %d", len(updates) - len(kept))
    if is_whole and kept == updates and answer.keys() == {"ok", "result"} and text.encode() == polled:
        return polled
    return json.dumps({"ok": True, "result": kept}).encode()


def as_polled(posted: bytes, kinds: Collection[str]) -> bytes:
    """An update that Telegram gave by itself, as the answer to a poll that brought it, by the same rules.

    Raises UnreadableError where it is none.
    """
    update, _ = _decoded(posted.decode("utf-8-sig", "replace"))
    if not has_id(update):
        raise UnreadableError("it is no update with an id")
    kept = update if _is_wanted(update, frozenset(kinds)) else {"update_id": update["update_id"]}
    return json.dumps({"ok": True, "result": [kept]}).encode()


def _decoded(text: str) -> tuple[Any, bool]:
    """What is answered, and whether all of it."""
    try:
        return json.loads(text, parse_int=_number), True
    except RecursionError:
        return _decoded(_shallow(text))[0], False
    except ValueError:
        raise UnreadableError("it is no JSON") from None


def _number(digits: str) -> int:
    """A number; where it is so long that Python would not read it, one that is too great."""
    return int(digits) if len(digits) <= len(str(-LARGEST)) else LARGEST + 1


def _shallow(text: str) -> str:
    """The same JSON with a number that is too great in place of what stands too deep in it."""
    pieces, depth, since = [], 0, 0
    for part in _PARTS.finditer(text):
        if part[0] in "[{":
            depth += 1
            if depth == DEEPEST:
                pieces.append(text[since : part.start()])
        elif part[0] in "]}":
            if depth == DEEPEST:
                pieces.append(str(LARGEST + 1))
                since = part.end()
            depth -= 1
    if depth:
        raise UnreadableError("it is no JSON")
    return "".join([*pieces, text[since:]])


def has_id(update: Any) -> bool:
    """Whether an update has an id that counts."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return type(number) is int and 0 <= number < LARGEST


def _is_wanted(update: dict[str, Any], kinds: frozenset[str]) -> bool:
    """Whether it is to be handled, and can be."""
    if kinds.isdisjoint(update):
        return False
    if _is_plain(update):
        return True
    try:
        if not (_is_within_bounds(update) and _is_sound(Update.de_json(update, None))):
            raise ValueError
    except Exception as error:  # whatever a constructor may raise; its text may repeat what somebody wrote
        log.error("update %s: cannot be read and is left out: %s", update["update_id"], type(error).__name__)
        return False
    return True


def _is_sound(part: Any) -> bool:
    """Whether nothing is missing that is always there, and whose and what it is can be told: python-telegram-bot lets
    some kinds of updates pass without the chat or the person that each of them has, and with anything as an id."""
    if isinstance(part, list | tuple):
        return all(map(_is_sound, part))
    if not isinstance(part, TelegramObject):
        return True
    kind: Any = type(part)  # mypy takes the class's hash for its objects'
    for name, (is_needed, wanted) in _attributes(kind).items():
        value = getattr(part, name, None)
        if value is None:
            if is_needed:
                return False
        elif not (isinstance(value, wanted) and (wanted is not int or type(value) is int) and _is_sound(value)):
            return False  # True is an int, too
    return True


@cache
def _attributes(kind: type[TelegramObject]) -> dict[str, tuple[bool, type]]:
    """What objects of a kind may have, whether each of them has it, and what that is."""
    slots = {name for base in kind.__mro__ for name in getattr(base, "__slots__", ()) if not name.startswith("_")}
    parameters = inspect.signature(kind).parameters
    needed = {name for name in slots & parameters.keys() if parameters[name].default is inspect.Parameter.empty}
    types = _TYPES | ({"id": int} if issubclass(kind, Chat | User) else {})
    return {name: (name in needed, types.get(name, object)) for name in slots}


def _is_plain(update: dict[str, Any]) -> bool:
    """Whether it is a message of text and no more, as nearly all are. Those are not read here, to be read again later:
    nothing in them can fail."""
    message = update.get("message")
    return (
        isinstance(message, dict)
        and message.keys() == _PLAIN.keys()
        and all(type(message[name]) is kind for name, kind in _PLAIN.items())
        and 0 <= message["date"] <= LAST_SECOND
        and 0 <= message["message_id"] <= LARGEST
        and _is_simple(message["chat"], _CHAT)
        and _is_simple(message["from"], _USER)
    )


def _is_simple(value: dict[str, Any], needed: frozenset[str]) -> bool:
    return (
        value.keys() >= needed
        and type(value["id"]) is int
        and all(isinstance(each, str) or (isinstance(each, int) and abs(each) <= LARGEST) for each in value.values())
    )


def _is_within_bounds(update: Any) -> bool:
    """Whether no number in it is too great, and nothing stands too deep."""
    level, depth = [update], 0
    while level and depth < DEEPEST:
        if any(isinstance(part, int) and abs(part) > LARGEST for part in level):
            return False
        inner = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level, depth = [part for parts in inner for part in parts], depth + 1
    return not level
