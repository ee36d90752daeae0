"""Floods: one person sends the bot the same kind of thing, many a second, for as long as a test goes on beside it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from emulator import PHOTO, STICKER, TelegramServer
from emulator_groups import BOT, group, person

FLOODER, CROWDED = 6666, -6666
EVERY = 0.05  # seconds
MOST_WAITING = 2_000
"""Updates that wait at most, two seconds' worth: a bot on a busy machine is slow, and not to be buried for good."""

Made = Callable[[int], dict[str, Any]]


def _message(number: int, chat: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    told = {"message_id": number, "date": 1, "chat": chat, "from": person(FLOODER), **content}
    return {"message": told}


def _command(text: str) -> dict[str, Any]:
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]}


def _press(number: int, chat: dict[str, Any]) -> dict[str, Any]:
    shown = {"message_id": 1, "date": 1, "chat": chat}
    told = {"id": f"f{number}", "from": person(FLOODER), "chat_instance": "1", "data": "s:1:0", "message": shown}
    return {"callback_query": told}


def _reaction(number: int, chat: dict[str, Any]) -> dict[str, Any]:
    told = {"message_id": number, "date": 1, "chat": chat, "user": person(FLOODER)}
    return {"message_reaction": told | {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}}


_PRIVATE, _GROUP = {"id": FLOODER, "type": "private", "first_name": "سائل"}, group(CROWDED)
_PRIVATE_STANDING = {
    "chat": _PRIVATE,
    "from": person(FLOODER),
    "date": 1,
    "old_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
    "new_chat_member": {"user": BOT, "status": "member"},
}


def _anything(number: int) -> dict[str, Any]:
    """Each kind of update in turn, and of messages those that are seldom thought of."""
    voice = {"voice": {"file_id": f"v{number}", "file_unique_id": "1", "duration": 1}}
    nameless = {"document": {"file_id": f"d{number}", "file_unique_id": "1"}}
    made = (
        _message(number, _PRIVATE, dict(PHOTO)),
        _message(number, _PRIVATE, dict(STICKER)),
        _message(number, _PRIVATE, voice),
        _message(number, _PRIVATE, nameless | {"media_group_id": f"{number // 30}", "caption": "أين تقع درعا؟"}),
        _message(number, _PRIVATE, _command(f"/start {'x' * 64}")),
        _message(number, _GROUP, {"new_chat_members": [person(number)]}),
        _message(number, _GROUP, nameless | {"media_group_id": f"{number // 30}"}),
        {"edited_message": _message(7, _PRIVATE, {"text": f"أين تقع درعا؟ {number}", "edit_date": 2})["message"]},
        _press(number, _GROUP),
        _reaction(number, _PRIVATE),
        FLOODS["inline"](number),
        {
            "channel_post": _message(number, {"id": CROWDED, "type": "channel", "title": "ق"}, {"text": "كلام"})[
                "message"
            ]
        },
        {"my_chat_member": _PRIVATE_STANDING},
    )
    return made[number % len(made)]


FLOODS: dict[str, Made] = {
    "anything": _anything,
    "/help": lambda n: _message(n, _PRIVATE, _command("/help")),
    "questions": lambda n: _message(n, _PRIVATE, {"text": f"أين تقع درعا؟ {n}"}),
    "buttons": lambda n: _press(n, _PRIVATE),
    "inline": lambda n: {"inline_query": {"id": f"f{n}", "from": person(FLOODER), "query": f"درعا {n}", "offset": ""}},
    "chatter in a group": lambda n: _message(n, _GROUP, {"text": "كلام"}),
    "/ask in a group": lambda n: _message(n, _GROUP, _command(f"/ask أين تقع درعا؟ {n}")),
    "buttons in a group": lambda n: _press(n, _GROUP),
}


@contextmanager
def flooding(server: TelegramServer, make: Made, a_second: int = 1000) -> Iterator[None]:
    """Meanwhile so many updates a second are offered to the bot, whether it takes them at once or not."""
    end, numbers = threading.Event(), count(1_000_000)

    def flood() -> None:
        due = time.monotonic()
        while not end.wait(max(0.0, due - time.monotonic())):
            if server.waiting < MOST_WAITING:
                server.tell_many([make(next(numbers)) for _ in range(int(a_second * EVERY))])
            due += EVERY

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
