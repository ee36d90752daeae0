"""Floods: one person sends the bot the same kind of thing, many a second, for as long as a test goes on beside it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from emulator import PHOTO, TelegramServer
from emulator_groups import group, person

FLOODER, CROWDED = 6666, -6666
EVERY = 0.05  # seconds

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


_PRIVATE, _GROUP = {"id": FLOODER, "type": "private", "first_name": "سائل"}, group(CROWDED)

FLOODS: dict[str, Made] = {
    "photos": lambda n: _message(n, _PRIVATE, dict(PHOTO)),
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
    """Meanwhile so many updates a second are offered to the bot, whether it takes them or not."""
    end, numbers = threading.Event(), count(1_000_000)

    def flood() -> None:
        due = time.monotonic()
        while not end.wait(max(0.0, due - time.monotonic())):
            server.tell_many([make(next(numbers)) for _ in range(int(a_second * EVERY))])
            due += EVERY

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
