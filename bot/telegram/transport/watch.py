"""Watches the polls for updates: says once when they begin to fail and when they work again, and when they are over.

python-telegram-bot ends its polling for good on the first 401 or 404 and leaves the process alive but deaf. And of
an outage it says either nothing or a trace a second. So each poll is looked at here, where its request is made.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.figures import POLLS
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.updates import UnreadableError, readable

log = logging.getLogger(__name__)

CONFLICT_EVERY = 60.0
"""Seconds between two lines on the same conflict."""

FULL_WAIT = 1.0
"""Seconds between two looks whether there is room for more updates."""
NO_UPDATES = b'{"ok": true, "result": []}'

_TOKEN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)


class Watch:
    """What became of the polls. ``clock`` gives seconds and is handed in for tests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._alive = clock()
        self._outage_since: float | None = None
        self._conflict_said: float | None = None
        self.token_refused = asyncio.Event()

    @property
    def silence(self) -> float:
        """Seconds since the last sign that polling goes on: a poll that was good or failed for a while only."""
        return self._clock() - self._alive

    def begin(self) -> None:
        """Count the silence from now."""
        self._alive = self._clock()

    def answered(self, status: int, body: bytes) -> None:
        """A poll was answered with ``status``."""
        POLLS.labels(_result(status)).inc()
        if status in _TOKEN:
            self.token_refused.set()
        elif status == HTTPStatus.CONFLICT:
            self._alive = self._clock()
            self._say_conflict()
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            self._alive = self._clock() + _retry_after(body)
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._fails(f"the server answers {status}")
        elif status < HTTPStatus.MULTIPLE_CHOICES:
            self._good()

    def failed(self, reason: str) -> None:
        """A poll was not answered, or the server is in trouble: for a while, so the bot stays and tries on."""
        POLLS.labels("failed").inc()
        self._fails(reason)

    @property
    def is_reached(self) -> bool:
        """Whether the last poll was good."""
        return self._outage_since is None

    def _fails(self, reason: str) -> None:
        self._alive = self._clock()
        if self._outage_since is None:
            self._outage_since = self._clock()
            log.warning("no updates from Telegram (%s); trying until it works again", reason)

    def _good(self) -> None:
        self._alive = self._clock()
        self._conflict_said = None
        if self._outage_since is not None:
            log.warning("updates from Telegram again, after %.0f s", self._clock() - self._outage_since)
            self._outage_since = None

    def _say_conflict(self) -> None:
        if self._conflict_said is None or self._clock() - self._conflict_said >= CONFLICT_EVERY:
            self._conflict_said = self._clock()
            log.error("another instance uses this token (409): stop one of the two; trying on meanwhile")


class WatchedRequest(BaseRequest):
    """The request that polls, with ``watch`` told what becomes of each, and ``journal`` given what it brings.

    What brings updates is not answered before they are stored, since the next poll tells Telegram that they arrived.
    Before that, ``intake`` leaves out what is too much, which costs less than to read it. While the journal is full,
    Telegram is not asked.
    """

    def __init__(
        self,
        request: BaseRequest,
        watch: Watch,
        kinds: Collection[str],
        journal: Journal | None = None,
        intake: Intake | None = None,
    ) -> None:
        """``kinds``: the kinds of updates that are handled; of others nothing but the id is handed on."""
        self._request, self._watch, self._kinds = request, watch, kinds
        self._journal, self._intake = journal, intake

    @property
    def read_timeout(self) -> float | None:
        """That of the request within, in seconds."""
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Prepare the request within."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Put the request within away."""
        await self._request.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make the request; the status and the body. Raises NetworkError also where updates cannot be stored."""
        if self._journal and self._journal.full:
            self._watch.begin()
            await asyncio.sleep(FULL_WAIT)
            return HTTPStatus.OK, NO_UPDATES
        try:
            status, body = await self._request.do_request(
                url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
            )
        except BadRequest:  # the same poll is refused again, by which nobody sees that polling goes on
            raise
        except TelegramError as error:
            self._watch.failed(type(error.__cause__ or error).__name__)
            raise
        is_good = HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES
        if is_good and self._intake:
            body = self._intake.sifted(body)
        body = self._read(body) if is_good else body
        self._watch.answered(status, body)
        if is_good and self._journal:
            await self._journal.keep(body)
        return status, body

    def _read(self, body: bytes) -> bytes:
        """The answer as python-telegram-bot can read it. Raises NetworkError, for which that asks again later."""
        try:
            return readable(body, self._kinds)
        except UnreadableError as error:
            self._watch.failed(f"the answer cannot be read: {error}")
            raise NetworkError(str(error)) from None


def _result(status: int) -> str:
    """What became of a poll that was answered, for its figure."""
    known: dict[int, str] = {HTTPStatus.CONFLICT: "conflict", HTTPStatus.TOO_MANY_REQUESTS: "limited"}
    return known.get(status, "good" if status < HTTPStatus.MULTIPLE_CHOICES else "failed")


def _retry_after(body: bytes) -> float:
    try:
        return float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 0.0
