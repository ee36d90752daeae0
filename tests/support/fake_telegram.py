"""A Bot API server in memory, in place of the requests of python-telegram-bot: swapped, never patched."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

Outcome = tuple[int, dict[str, Any]] | NetworkError
"""What a call ends with: a status and a body, or no answer at all."""

BOT = {"id": 1, "is_bot": True, "first_name": "Iqtibas", "username": "iqtibas_bot"}
TOKEN = "123456:very-secret-half"  # noqa: S105


@dataclass(slots=True)
class Call:
    """A call of the bot's: the method and its parameters, decoded."""

    method: str
    given: dict[str, Any]


@dataclass
class FakeTelegram(BaseRequest):
    """``outcomes`` are given in turn to calls of a method, before it works; ``updates`` to polls, one a poll."""

    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)
    updates: deque[dict[str, Any]] = field(default_factory=deque)
    calls: list[Call] = field(default_factory=list)

    @property
    def read_timeout(self) -> float | None:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    def sent(self) -> list[dict[str, Any]]:
        """The parameters of the messages sent, in their order."""
        return [call.given for call in self.calls if call.method == "sendMessage"]

    def texts(self) -> list[str]:
        """The texts of the messages sent, in their order."""
        return [given["text"] for given in self.sent()]

    def methods(self) -> list[str]:
        """The names of the methods called, in their order."""
        return [call.method for call in self.calls]

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        self.calls.append(Call(name, _given(request_data) if request_data else {}))
        if self.outcomes.get(name):
            outcome = self.outcomes[name].pop(0)
            if isinstance(outcome, NetworkError):
                raise outcome
            return outcome[0], json.dumps(outcome[1]).encode()
        return 200, json.dumps({"ok": True, "result": await self._result(name)}).encode()

    async def _result(self, name: str) -> Any:
        if name == "getMe":
            return BOT
        if name == "getUpdates":
            if self.updates:
                return [self.updates.popleft()]
            await asyncio.sleep(0.01)
            return []
        if name == "sendMessage":
            chat = {"id": self.calls[-1].given["chat_id"], "type": "private"}
            return {"message_id": 1000 + len(self.calls), "date": 0, "chat": chat, "text": "…"}
        return True


def _given(data: RequestData) -> dict[str, Any]:
    """The parameters of a call, files as their content."""
    files = {name: content for name, (_, content, _) in data.multipart_data.items()} if data.contains_files else {}
    return {**data.parameters, **files}


def refusal(status: int, description: str) -> Outcome:
    """An answer by which Telegram refuses a call."""
    return status, {"ok": False, "error_code": status, "description": description}


def message(number: int, *, chat: int = 7, kind: str = "private", language: str = "ar", **more: Any) -> dict[str, Any]:
    """An update with a message; ``more`` is what it holds: ``text``, ``photo``, …"""
    if str(more.get("text", "")).startswith("/"):
        more["entities"] = [{"type": "bot_command", "offset": 0, "length": len(more["text"].split()[0])}]
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 0,
            "chat": {"id": chat, "type": kind, **({} if kind == "private" else {"title": "group"})},
            "from": {"id": chat, "is_bot": False, "first_name": "U", "language_code": language},
            **more,
        },
    }
