"""How Telegram gives updates to a webhook: those of a chat one after another, many chats at once, each again and again
until it is taken."""

import asyncio
import json
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from lo_bot_api_emulator.updates import _Inbox

AT_ONCE, AGAIN_AFTER = 40, 0.1
ADDRESS = "149.154.167.220"
"""Telegram's, as a proxy would tell it."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the name of a header)
_KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")

Posted = Callable[[Mapping[str, Any], int], Awaitable[bool]]
"""Told of an update and the status that it came to, 0 for none; whether that counts as taken."""


class Poster:
    """Gives what stands in an emulator's ``inbox`` while a webhook is set there, and what is not taken stands there
    again when it is taken away. ``spoil`` may put something else in place of an update's body; ``posted`` hears of each
    try. A context."""

    def __init__(self, inbox: _Inbox, spoil: Callable[[], bytes | None], posted: Posted) -> None:
        self._inbox, self._spoil, self._posted = inbox, spoil, posted
        self._lanes: OrderedDict[Any, deque[dict[str, Any]]] = OrderedDict()
        self._busy: set[Any] = set()
        self._changed = asyncio.Event()
        self.last_error: tuple[int, str] | None = None
        self.is_paused = False

    async def __aenter__(self) -> "Poster":
        self._client = ClientSession(timeout=ClientTimeout(total=60), connector=TCPConnector(limit=AT_ONCE))
        self._tasks = {asyncio.create_task(self._watch()), asyncio.create_task(self._work())}
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.close()

    @property
    def waiting(self) -> int:
        """How many updates wait, or are on their way."""
        return len(self._inbox.updates) + sum(map(len, self._lanes.values()))

    async def _watch(self) -> None:
        """Take over what is queued while there is a webhook; give it back where there is none any more."""
        while True:
            async with self._inbox.condition:
                if self._inbox.url:
                    for update in self._inbox.updates:
                        if self._is_wanted(update):
                            self._lanes.setdefault(_lane(update), deque()).append(update)
                    self._inbox.updates.clear()
                elif self._lanes:
                    left = [update for lane in self._lanes.values() for update in lane]
                    self._inbox.updates[:] = sorted([*left, *self._inbox.updates], key=lambda one: one["update_id"])
                    self._lanes.clear()
                    self._inbox.condition.notify_all()
                self._changed.set()
                await self._inbox.condition.wait()

    def _is_wanted(self, update: Mapping[str, Any]) -> bool:
        return not self._inbox.allowed or any(kind in update for kind in self._inbox.allowed)

    async def _work(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for lane in list(self._lanes):
                if len(self._busy) < AT_ONCE and lane not in self._busy and not self.is_paused:
                    self._busy.add(lane)
                    task = asyncio.create_task(self._give(lane))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _give(self, lane: Any) -> None:
        """The next update of a chat."""
        update, url = self._lanes[lane][0], self._inbox.url
        try:
            status = await self._post(url, self._spoil() or json.dumps(update, ensure_ascii=False).encode())
            if await self._posted(update, status):
                if lane in self._lanes:  # else the webhook was taken away meanwhile
                    self._lanes[lane].popleft()
                    self._lanes.move_to_end(lane)
                    if not self._lanes[lane]:
                        del self._lanes[lane]
            else:
                self.last_error = int(time.time()), f"Wrong response from the webhook: {status}"
                await asyncio.sleep(AGAIN_AFTER)
        finally:
            self._busy.discard(lane)
            self._changed.set()

    async def _post(self, url: str, body: bytes) -> int:
        """The status of an answer; 0 where there is none."""
        headers = {"Content-Type": "application/json", "X-Forwarded-For": ADDRESS}
        if self._inbox.secret:
            headers[SECRET] = self._inbox.secret
        with suppress(ClientError, TimeoutError, OSError):
            async with self._client.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                return answer.status
        return 0


def _lane(update: Mapping[str, Any]) -> Any:
    told = next((update[kind] for kind in _KINDS if kind in update), {})
    chat = told.get("chat") or told.get("message", {}).get("chat") or told.get("from") or {}
    return chat.get("id") if isinstance(chat, Mapping) else None
