"""Buttons under the messages of the bot, as the server of the end-to-end tests lets people press them."""

from itertools import count
from typing import Any

from emulator import Call, TelegramServer
from emulator_groups import person

_presses = count(10_001)


def buttons(call: Call) -> dict[str, str]:
    """The data of the buttons under a message that was sent or changed, by what stands on them."""
    return {button["text"]: button["callback_data"] for button in _all(call) if "callback_data" in button}


def web_apps(call: Call) -> dict[str, str]:
    """The addresses of the pages that buttons open within Telegram, by what stands on them."""
    return {button["text"]: button["web_app"]["url"] for button in _all(call) if "web_app" in button}


def _all(call: Call) -> list[dict[str, Any]]:
    rows = (call.fields.get("reply_markup") or {"inline_keyboard": []})["inline_keyboard"]
    return [button for row in rows for button in row]


def press(server: TelegramServer, call: Call, data: str, *, user: int, chat: dict[str, Any] | None = None) -> Call:
    """Somebody presses a button with ``data`` under a message, by itself where that was sent. Gives what the press was
    answered with, once it was."""
    assert call.response is not None
    shown = call.response["result"]
    query = str(next(_presses))
    given = {"message_id": shown["message_id"], "date": 1, "chat": chat or shown["chat"]}
    told = {"id": query, "from": person(user), "chat_instance": "1", "data": data, "message": given}
    before = len(server.taken("answerCallbackQuery"))
    server.tell("callback_query", told)
    (answer,) = server.wait_for("answerCallbackQuery", before + 1)[before:]
    assert answer.fields["callback_query_id"] == query
    return answer
