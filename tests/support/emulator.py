"""A Bot API server on this machine: lo-bot-api-emulator with people who speak, a record of calls, and faults.

It runs in a thread of its own on 127.0.0.1. Beyond the emulator it knows only its own token, refuses messages that
Telegram would not parse, and answers the methods and parameters that the emulator lacks.
"""

import asyncio
import json
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self, TypeVar

import telegram_html
from aiohttp import web
from emulator_webhook import Poster
from lo_bot_api_emulator import ApiRefusal, LoBotApiEmulator
from lo_bot_api_emulator import updates as emulator_updates
from telegram_limits import Limits

TOKEN = "1234567890:IqtibasTestsIqtibasTestsIqtibasTest"  # noqa: S105  (of no bot)
WELL_FORMED_TOKEN = re.compile(r"[0-9]{6,}:[A-Za-z0-9_-]{35}")

SENT = web.RequestKey("SENT", tuple)  # a request's body can be read once only

# The emulator queues three kinds of updates unless told of more, and reads what others a bot may ask for.
KNOWN_UPDATES = emulator_updates.ALLOWED_UPDATE_TYPES
emulator_updates.KINDS.update(KNOWN_UPDATES | {"of_a_kind_to_come"})
ADMINS = "getChatAdministrators"
MISSING_METHODS = frozenset({ADMINS, "setMyDescription", "setMyShortDescription", "setMyName", "setMessageReaction"})
MISSING_PARAMETERS = frozenset({"button", "link_preview_options", "message_thread_id", "protect_content"})
JSON_FIELDS = frozenset(
    {"allowed_updates", "button", "commands", "link_preview_options", "reply_markup", "reply_parameters", "results"}
    | {"scope"}
)

PHOTO = {"photo": [{"file_id": "photo-1", "file_unique_id": "1", "width": 90, "height": 90, "file_size": 900}]}
STICKER = {
    "sticker": {
        "file_id": "sticker-1",
        "file_unique_id": "2",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
}

T = TypeVar("T")

WAYS = ("polling", "webhook")
"""The ways by which a bot gets its updates."""
GIVEN = "given"
"""An update that is given to a webhook, as if it were a method."""

PATIENCE = 120.0
"""Seconds that a test waits for what must come: so many that only what is broken, and no busy machine, exceeds them."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the bot made. ``taken``: the server did what it asks, whatever the bot was told of it.

    ``fields`` are the parameters, with those that are JSON decoded. ``response`` is the JSON that went back;
    None where none did. ``time`` is the monotonic clock when the call arrived.
    """

    method: str
    fields: Mapping[str, Any]
    response: Mapping[str, Any] | None
    taken: bool
    time: float

    @property
    def chat_id(self) -> int | None:
        """The chat that the call is about."""
        return int(self.fields["chat_id"]) if "chat_id" in self.fields else None

    @property
    def text(self) -> str:
        """The text that was sent, with its tags."""
        return str(self.fields.get("text", ""))

    @property
    def reply_to(self) -> int | None:
        """The id of the message that this one replies to."""
        reply = self.fields.get("reply_parameters", {})
        target = reply.get("message_id", self.fields.get("reply_to_message_id"))
        return None if target is None else int(target)

    @property
    def message(self) -> telegram_html.Message:
        """The message as a reader sees it."""
        if self.fields.get("parse_mode") == "HTML":
            return telegram_html.parse(self.text)
        return telegram_html.Message(self.text, ())


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next ``times`` calls of ``method`` (of one chat, if ``chat_id`` is given).

    After ``delay`` seconds the connection is dropped, or ``status`` answered with ``body``, else with an error in
    Telegram's form. ``taken``: the server did what was asked before that. With only a delay all goes well, slowly.
    ``stall`` is a delay of the answer alone: what was asked is done at once. ``held`` calls wait until it is False.

    Of ``GIVEN``, an update that is given to a webhook: ``body`` is given in its place, else the answer of the bot is
    lost on its way.
    """

    method: str
    times: int = 1
    chat_id: int | None = None
    delay: float = 0.0
    stall: float = 0.0
    held: bool = False
    drop: bool = False
    status: int | None = None
    description: str = ""
    retry_after: int | None = None
    body: str | None = None
    taken: bool = False

    def meets(self, method: str, fields: Mapping[str, Any]) -> bool:
        """Whether a call runs into this fault."""
        in_chat = self.chat_id is None or str(self.chat_id) == str(fields.get("chat_id"))
        return self.times > 0 and method == self.method and in_chat

    def response(self) -> web.Response:
        """The answer that tells the bot of the fault."""
        status = self.status or HTTPStatus.OK
        if self.body is not None:
            return web.Response(status=status, text=self.body, content_type="text/html")
        description = self.description or HTTPStatus(status).phrase
        error: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if self.retry_after is not None:
            error["description"] += f": retry after {self.retry_after}"
            error["parameters"] = {"retry_after": self.retry_after}
        return web.json_response(error, status=status)

    @property
    def only_slow(self) -> bool:
        """Whether nothing is wrong but the time it takes."""
        return not self.drop and self.status is None and self.body is None


@dataclass(slots=True)
class Record:
    """What has happened so far, for threads to wait on. ``arrivals`` counts calls that may not be answered yet;
    ``refused`` are those that Telegram would refuse, no fault beside."""

    calls: list[Call] = field(default_factory=list)
    refused: list[Call] = field(default_factory=list)
    arrivals: Counter[str] = field(default_factory=Counter)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def arrive(self, method: str) -> None:
        """Note that a call has come in."""
        with self.changed:
            self.arrivals[method] += 1
            self.changed.notify_all()

    def add(self, call: Call) -> None:
        """Note how a call ended."""
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()

    def wait(self, ready: Callable[[], bool], timeout: float) -> bool:
        """Whether ``ready`` came true within ``timeout`` seconds."""
        with self.changed:
            return self.changed.wait_for(ready, timeout)


class RecordingEmulator(LoBotApiEmulator):
    """The emulator, each call checked, recorded and perhaps failed."""

    def __init__(self, token: str) -> None:
        super().__init__(max_updates=10_000, max_assets=10_000, allow_insecure_loopback_webhooks=True)
        self.token = token
        self.poster = Poster(self._update_queues._state(token), self._spoilt, self._posted)
        self._update_queues.deliver = self._leave_it_to_the_poster  # which does not hold up whoever gives an update
        self.faults: list[Fault] = []
        self.limits: Limits | None = None
        self.filters = True
        self.admins: dict[int, list[int]] = {}
        self.record = Record()

    async def receive(self, kind: str, content: Mapping[str, Any]) -> int:
        """Queue an update for the bot; gives the id of its message, a new one where it has none.

        The messages of people and of the bot count together, as they do in a private chat.
        """
        if "message_id" not in content:
            content = {"message_id": self.next_id, **content}
            self.next_id += 1
        await self.enqueue_update({kind: dict(content)}, token=self.token)
        return int(content["message_id"])

    async def _leave_it_to_the_poster(self, _: str) -> int:
        return 0

    def _spoilt(self) -> bytes | None:
        """What is given in place of the next update to the webhook."""
        fault = next((fault for fault in self.faults if fault.meets(GIVEN, {}) and fault.body is not None), None)
        if fault is None or fault.body is None:
            return None
        fault.times -= 1
        return fault.body.encode()

    async def _posted(self, update: Mapping[str, Any], status: int) -> bool:
        """Whether Telegram knows now that the bot took an update."""
        lost = next((fault for fault in self.faults if fault.meets(GIVEN, {}) and fault.body is None), None)
        if lost:
            lost.times -= 1
            await asyncio.sleep(lost.delay)
        self.record.add(Call(GIVEN, update, {"status": status}, status == HTTPStatus.OK, time.monotonic()))
        return status == HTTPStatus.OK and lost is None

    async def receive_at_once(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Queue updates that are given together, as many as there is room for."""
        inbox = self._update_queues._state(self.token)
        async with inbox.condition:
            for update in updates:
                if self.poster.waiting < self._update_queues.max_updates:
                    inbox.updates.append({"update_id": inbox.next_id, **update})
                    inbox.next_id += 1
            inbox.condition.notify_all()

    async def read_request(self, request: web.Request) -> tuple[dict[str, Any], dict[str, Any]]:
        if SENT not in request:
            request[SENT] = await super().read_request(request)
        fields, uploads = request[SENT]
        understood = _understood(fields)
        if not self.filters:
            understood.pop("allowed_updates", None)
        return understood, uploads

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        if method == ADMINS:
            return [_admin(user) for user in self.admins.get(int(fields["chat_id"]), ())]
        if method in MISSING_METHODS:
            return True
        if fields.get("parse_mode") == "HTML":
            fields |= {name: _visible(fields[name]) for name in ("text", "caption") if name in fields}
        for result in json.loads(fields.get("results", "[]")):
            content = result["input_message_content"]
            if content.get("parse_mode") == "HTML":
                _visible(content["message_text"])
        result = super().validate(method, fields, uploads)
        if method == "getMe":
            result |= {"username": "iqtibas_test_bot", "supports_inline_queries": True}
        return result

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method, arrived = request.match_info["method"], time.monotonic()
        if request.match_info["token"] != self.token:
            return _turn_away(request.match_info["token"])
        fields, _ = await self.read_request(request)
        self.record.arrive(method)
        fault = next((fault for fault in self.faults if fault.meets(method, fields)), None) or self._flood(fields)
        dropped = fault is not None and fault.drop
        response, taken = await self._respond(request, fault)
        told = None if dropped else _object(response.text)
        call = Call(method, _decoded(request[SENT][0]), told, taken, arrived)
        if fault is None and response.status == HTTPStatus.BAD_REQUEST:
            self.record.refused.append(call)
        self.record.add(call)
        if fault is not None:
            await asyncio.sleep(fault.stall)
        if dropped and request.transport is not None:
            request.transport.abort()
        return response

    def _flood(self, fields: Mapping[str, Any]) -> Fault | None:
        """The fault of a message that comes too soon, where limits are kept."""
        wait = self.limits.wait(int(fields["chat_id"])) if self.limits and "text" in fields else 0
        return Fault("", status=HTTPStatus.TOO_MANY_REQUESTS, retry_after=wait) if wait else None

    async def _respond(self, request: web.Request, fault: Fault | None) -> tuple[web.Response, bool]:
        """What to answer, and whether the call was taken."""
        if fault is not None:
            fault.times -= 1
            await asyncio.sleep(fault.delay)
            while fault.held:
                await asyncio.sleep(0.01)
        if fault is not None and not fault.only_slow and not fault.taken:
            return fault.response(), False
        if request.match_info["method"] == "getUpdates":
            await self._forget_gone_poll()
        response = await super().handle(request)
        if request.match_info["method"] == "getWebhookInfo" and response.status == HTTPStatus.OK:
            response = self._with_what_the_poster_knows(response)
        taken = response.status == HTTPStatus.OK
        return (response if fault is None or fault.only_slow else fault.response()), taken

    def _with_what_the_poster_knows(self, response: web.Response) -> web.Response:
        told = json.loads(response.text or "")
        told["result"]["pending_update_count"] = self.poster.waiting
        if self.poster.last_error:
            at, message = self.poster.last_error
            told["result"] |= {"last_error_date": at, "last_error_message": message}
        return web.json_response(told)

    async def _forget_gone_poll(self) -> None:
        """Give the emulator time to see that who polled before hung up, which it looks for every tenth of a second.

        Telegram knows at once; without this, a bot that stops is told of a conflict with itself.
        """
        inbox = self._update_queues._state(self.token)
        for _ in range(10):
            if inbox.polling:
                await asyncio.sleep(0.05)


class TelegramServer:
    """The server as tests use it: a context that listens, with its people, its faults and its record.

    The port is its own from the start. Until the context is entered nothing listens there: connections are refused.

    With ``webhook`` the bot that has its ``settings`` is given its updates; ``asks`` is the method by which a bot says
    that it can take some.
    """

    def __init__(self, token: str = TOKEN, *, webhook: bool = False) -> None:
        self.token = token
        self.asks = "setWebhook" if webhook else "getUpdates"
        self._webhook = _bound(0) if webhook else None  # the bot may listen there, and nobody else
        self.settings: dict[str, str] = _listening_at(self._webhook) if self._webhook else {}
        self.said: list[str] = []
        self._socket = _bound(0)
        self._address: tuple[str, int] = self._socket.getsockname()
        self.url = "http://{}:{}".format(*self._address)
        self._emulator = RecordingEmulator(token)
        self._record = self._emulator.record
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._hang_up())
        self._run(_end_what_waits())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._socket.close()
        if self._webhook:
            self._webhook.close()

    def say(
        self,
        chat_id: int,
        text: str,
        *,
        language: str | None = "ar",
        chat_type: str = "private",
        user_id: int | None = None,
        message_id: int | None = None,
        edited: bool = False,
    ) -> int:
        """A person writes ``text``, or with ``edited`` changes message ``message_id`` to it. Gives the message's id."""
        self.said.append(text)
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        if message_id is not None:
            content["message_id"] = message_id
        if edited:
            content["edit_date"] = int(time.time())
        person = _person(user_id or abs(chat_id), language)
        return self._receive("edited_message" if edited else "message", chat_id, chat_type, person, content)

    def show(self, chat_id: int, content: Mapping[str, Any], *, language: str | None = "ar") -> int:
        """A person sends something that is not text, such as PHOTO or STICKER. Gives the message's id."""
        return self._receive("message", chat_id, "private", _person(chat_id, language), content)

    def tell(self, kind: str, content: Mapping[str, Any]) -> int:
        """Give the bot an update of any ``kind``. Gives the id of the message that it is, or could be."""
        return self._run(self._emulator.receive(kind, content))

    def tell_many(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Give the bot many updates at once, without their ids, which follow each other."""
        self._run(self._emulator.receive_at_once(updates))

    def hold(self, content: bytes) -> str:
        """Keep a file that a person sends. Gives its id."""
        file = f"file-{len(self._emulator.assets)}"
        self._emulator.assets[file] = {"data": content}
        return file

    def fail(self, method: str, **fault: Any) -> Fault:
        """Let the next calls of ``method`` fail; the rest as in Fault. Gives the fault, whose ``times`` count down."""
        added = Fault(method, **fault)
        self._loop.call_soon_threadsafe(self._emulator.faults.append, added)
        return added

    @contextmanager
    def unreachable(self) -> Iterator[None]:
        """Meanwhile nothing listens: open connections are closed, and new ones refused."""
        self._run(self._hang_up())
        try:
            yield
        finally:
            self._run(self._listen())

    @property
    def admins(self) -> dict[int, list[int]]:
        """The admins of groups; to be added to."""
        return self._emulator.admins

    def keep_limits(self) -> None:
        """From now on refuse what comes faster than Telegram allows."""
        self._emulator.limits = Limits()

    def give_all(self) -> None:
        """From now on give the bot updates of kinds, too, that it did not ask for."""
        self._emulator.filters = False

    def since(self, start: int, timeout: float = 1) -> list[Call]:
        """All calls from the one at ``start``, of any method, once there is one; none where none comes."""
        self._record.wait(lambda: len(self._record.calls) > start, timeout)
        with self._record.changed:
            return self._record.calls[start:]

    def calls(self, method: str, chat_id: int | None = None) -> list[Call]:
        """The calls of ``method`` so far, taken or not (of one chat, if given), in the order in which they ended."""
        with self._record.changed:
            return [
                call
                for call in self._record.calls
                if call.method == method and (chat_id is None or call.chat_id == chat_id)
            ]

    def picture(self, call: Call) -> bytes:
        """The file of a picture that was sent."""
        assert call.response is not None
        content = self._emulator.assets[call.response["result"]["photo"][-1]["file_id"]]["data"]
        assert isinstance(content, bytes)
        return content

    @property
    def refused(self) -> list[Call]:
        """The calls so far that Telegram would refuse, be it for their markup, lengths, buttons or inline results."""
        return list(self._record.refused)

    def taken(self, method: str, chat_id: int | None = None) -> list[Call]:
        """Those calls that took effect: for sendMessage, what people have received."""
        return [call for call in self.calls(method, chat_id) if call.taken]

    def wait_for(self, method: str, n: int = 1, *, chat_id: int | None = None, timeout: float = PATIENCE) -> list[Call]:
        """The calls of ``method`` that took effect, once there are ``n``. Raises AssertionError if there are not."""
        arrived = self._record.wait(lambda: len(self.taken(method, chat_id)) >= n, timeout)
        assert arrived, (
            f"{len(self.taken(method, chat_id))} of {n} {method} in {timeout} s, the last: {self.calls(method)[-5:]}"
        )
        return self.taken(method, chat_id)

    def wait_for_reply(self, chat_id: int, message: int, timeout: float = PATIENCE) -> None:
        """Wait until a message of a chat was replied to. Raises AssertionError if it is not."""
        arrived = self._record.wait(
            lambda: message in {c.reply_to for c in self.taken("sendMessage", chat_id)}, timeout
        )
        assert arrived, f"message {message} of {chat_id} has no reply after {timeout} s"

    def wait_until(self, holds: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until something that calls change holds. Raises AssertionError if it does not come to."""
        assert self._record.wait(holds, timeout), f"did not come to hold within {timeout} s"

    def wait_for_arrival(self, method: str, n: int = 1, timeout: float = PATIENCE) -> None:
        """Wait until the ``n``th call of ``method`` came in, answered or not. Raises AssertionError if it does not."""
        arrived = self._record.wait(lambda: self._record.arrivals[method] >= n, timeout)
        assert arrived, f"{self._record.arrivals[method]} of {n} {method} came in within {timeout} s"

    @property
    def waiting(self) -> int:
        """How many updates wait for the bot."""
        return self._emulator.poster.waiting

    def arrivals(self, method: str) -> int:
        """How many calls of ``method`` came in so far."""
        return self._record.arrivals[method]

    def _receive(
        self, kind: str, chat_id: int, chat_type: str, person: dict[str, Any], content: Mapping[str, Any]
    ) -> int:
        name = {"first_name": person["first_name"]} if chat_type == "private" else {"title": "مجموعة"}
        chat = {"id": chat_id, "type": chat_type, **name}
        message = {"date": int(time.time()), "chat": chat, "from": person, **content}
        return self._run(self._emulator.receive(kind, message))

    async def _listen(self) -> None:
        self._runner = web.AppRunner(self._emulator.app(), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()
        await self._emulator.poster.__aenter__()

    async def _hang_up(self) -> None:
        await self._emulator.poster.__aexit__()
        await self._runner.cleanup()
        self._socket = _bound(self._address[1])

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=PATIENCE)


async def _end_what_waits() -> None:
    """Ends what a fault still holds back: a loop that is closed before is told of."""
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def _bound(port: int) -> socket.socket:
    """A socket that holds a port, any free one for 0, and refuses connections until it listens."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _listening_at(bound: socket.socket) -> dict[str, str]:
    """The settings of a bot that is given its updates there."""
    where = "{}:{}".format(*bound.getsockname())
    return {"IQTIBAS_WEBHOOK": f"http://{where}/updates", "IQTIBAS_WEBHOOK_LISTEN": where}


def _person(user_id: int, language: str | None) -> dict[str, Any]:
    person = {"id": user_id, "is_bot": False, "first_name": "سائل"}
    return person if language is None else person | {"language_code": language}


def _admin(user: int) -> dict[str, Any]:
    return {"status": "creator", "user": _person(user, "ar"), "is_anonymous": True}


def _turn_away(token: str) -> web.Response:
    """What Telegram answers to a token that is none (404) or not in use (401)."""
    status = HTTPStatus.UNAUTHORIZED if WELL_FORMED_TOKEN.fullmatch(token) else HTTPStatus.NOT_FOUND
    body = {"ok": False, "error_code": status, "description": status.phrase}
    return web.json_response(body, status=status)


def _visible(text: str) -> str:
    try:
        return telegram_html.parse(text).text
    except telegram_html.MessageError as error:
        raise ApiRefusal(f"Bad Request: can't parse entities: {error}") from error


def _understood(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without what the emulator does not know and Telegram does."""
    understood = {name: value for name, value in fields.items() if name not in MISSING_PARAMETERS}
    if "allowed_updates" in understood:
        asked = json.loads(understood["allowed_updates"])
        understood["allowed_updates"] = json.dumps([kind for kind in asked if kind in KNOWN_UPDATES])
    return understood


def _decoded(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: json.loads(value) if name in JSON_FIELDS and isinstance(value, str) else value
        for name, value in fields.items()
    }


def _object(text: str | None) -> dict[str, Any] | None:
    """The JSON object that ``text`` is, if it is one."""
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
