"""The rule on delivery: no answer is lost, and hardly any is sent twice.

It sits where python-telegram-bot lets every request but getUpdates pass: its rate limiter. When a request fails,
the question is whether Telegram may have done what was asked:

* it was told to wait (429): wait as long as it says, then send again;
* it never left, or the server answered that it failed (5xx): send again, waiting longer each time, two minutes in all;
* only the reply was lost (it timed out, the connection dropped, the reply is not JSON): Telegram may have taken it.
  Send at most once more, and log that the message may stand there twice. The same holds where the process was ended
  meanwhile and the update is handled again, for which ``handling`` remembers what each message came to;
* the group has become a supergroup, with another id: send it there;
* it was refused (any status of 400 to 499 but 408 and 429): the same request would be refused again.

A message's text that is changed is waited for like one that is sent, and cannot double.
What sends no message (an action shown, commands registered) is tried once more at most: late, it is worth nothing.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from enum import Enum, auto
from typing import Any, cast

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from telegram.error import BadRequest, ChatMigrated, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import AIORateLimiter, BaseRateLimiter

from bot.figures import LIMITED, SECONDS, SENDS
from bot.telegram.transport.handling import Sending, next_message
from bot.telegram.transport.turns import without_place

log = logging.getLogger(__name__)

WAITS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each further try of a message that Telegram has not taken: two minutes in all."""
SHORT_WAITS = (1.0,)
"""The same for what is not a message."""
MOST_DOUBTS = 2
"""How often a request may leave of which nobody knows whether it was taken."""
MOST_INSISTED = 100
"""The same for a word that an answer may not have arrived: it does no harm where it stands more than once, and each
kill puts in doubt all that are on their way at once."""
FLOOD_PATIENCE = 3600.0
"""Seconds that a message waits in all when Telegram keeps asking for time; later, nobody waits for the answer."""

CHANGE = "editMessageText"

Sleep = Callable[[float], Awaitable[object]]
Result = bool | dict[str, Any] | list[dict[str, Any]]

_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,  # also where no connection became free
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    ProxyConnectionError,
    ProxyError,
    ProxyTimeoutError,
)


_NO_ANSWER = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, OSError, RecursionError)
"""What python-telegram-bot ends in where an answer has no form that it knows, or a date beyond all calendars."""


class TwiceOnItsWayError(TelegramError):
    """A message may have been taken twice, and nobody knows; it is not sent again."""


class Fate(Enum):
    """What became of a request that failed."""

    NOT_TAKEN = auto()
    UNKNOWN = auto()
    REFUSED = auto()


def fate(error: TelegramError) -> Fate:
    """What became of the request that ended with ``error``, as python-telegram-bot 22 and ``http`` wrap it.

    ``BadRequest`` and ``TimedOut`` are subclasses of ``NetworkError``, and the cause tells the rest: an error of
    aiohttp; nothing, or a body that was not JSON, where the server answered with an error status.
    """
    cause = error.__cause__
    if isinstance(error, BadRequest):
        return Fate.REFUSED
    if isinstance(cause, _NEVER_LEFT):
        return Fate.NOT_TAKEN
    if isinstance(error, TimedOut) or str(error).startswith("Gateway Timeout"):
        return Fate.UNKNOWN
    if isinstance(error, NetworkError):
        return Fate.NOT_TAKEN if cause is None or isinstance(cause, TelegramError) else Fate.UNKNOWN
    # an answer of 200 that is not JSON is the one plain TelegramError
    return Fate.UNKNOWN if type(error) is TelegramError else Fate.REFUSED


def pace(limited: bool) -> AIORateLimiter:
    """Telegram's limits, 30 messages a second and 20 a minute to a group, or none."""
    return AIORateLimiter(max_retries=0) if limited else AIORateLimiter(0, 0, 0, 0, max_retries=0)


class Delivery(BaseRateLimiter[int]):
    """Keeps to Telegram's limits and holds the rule on delivery. ``sleep`` is handed in so that tests need not wait.

    ``moved`` is told the old and the new id of a chat that turns out to have moved. ``pace`` is asked before each try.
    """

    def __init__(
        self,
        sleep: Sleep = asyncio.sleep,
        moved: Callable[[int, int], Awaitable[object]] | None = None,
        pace: AIORateLimiter | None = None,
    ) -> None:
        self._pace = pace or AIORateLimiter(max_retries=0)
        self._sleep = sleep
        self._moved = moved

    async def initialize(self) -> None:
        """Nothing to prepare."""
        await self._pace.initialize()

    async def shutdown(self) -> None:
        """Nothing to put away."""
        await self._pace.shutdown()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        """Make the request by ``callback``, again where the rule says so. Raises the last ``TelegramError``.

        However long that takes, the update that asks for it holds no place that others wait for.

        A message that was sent before the process was last ended is not sent again: its answer of then is given.
        """
        began = time.monotonic()
        async with without_place():
            try:
                result = await self._delivered(callback, args, kwargs, endpoint, data, rate_limit_args)
            except TelegramError:
                _count(endpoint, "failed", began)
                raise
        _count(endpoint, "sent", began)
        return result

    async def _delivered(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Result:
        sending = next_message() if _is_message(endpoint) else Sending()

        async def leave(*args: Any, **kwargs: Any) -> Result:
            await sending.leaves()
            try:
                return await callback(*args, **kwargs)
            except _NO_ANSWER:  # JSON, but no answer of Telegram's
                raise TelegramError("the answer cannot be read") from None

        async def send() -> Result:
            return await self._pace.process_request(leave, args, kwargs, endpoint, data, rate_limit_args)

        try:
            return await _Errand(endpoint, send, self._sleep, sending).run()
        except ChatMigrated as error:
            if self._moved:
                await self._moved(int(data["chat_id"]), error.new_chat_id)
            data["chat_id"] = error.new_chat_id  # the very parameters that ``callback`` sends
            return await _Errand(endpoint, send, self._sleep, sending).run()


class _Errand:
    """One request, until it is taken or given up."""

    def __init__(self, endpoint: str, send: Callable[[], Awaitable[Result]], sleep: Sleep, sending: Sending) -> None:
        self._endpoint, self._send, self._sleep, self._sending = endpoint, send, sleep, sending
        self._message = _is_message(endpoint)
        self._may_double = endpoint != CHANGE
        self._most_doubts = MOST_INSISTED if sending.insists else MOST_DOUBTS
        self._waits = list(WAITS if self._message else SHORT_WAITS)
        self._patience = FLOOD_PATIENCE if self._message else 0.0

    async def run(self) -> Result:
        if self._sending.known.answer is not None:
            return cast(Result, self._sending.known.answer)
        self._mind_earlier_doubts()
        while True:
            try:
                answer = await self._send()
            except RetryAfter as error:
                await self._sending.came_back()
                await self._wait_as_told(error)
            except TelegramError as error:
                await self._wait_or_raise(error)
            else:
                self._sending.arrived(answer)
                return answer

    def _mind_earlier_doubts(self) -> None:
        """It was on its way when the process was ended."""
        if self._sending.doubts >= self._most_doubts:
            raise TwiceOnItsWayError("not sent again: it was twice on its way when the bot was ended")
        if self._sending.doubts:
            log.warning(
                "%s: %s was on its way when the bot was ended; it is sent once more and may double",
                self._endpoint,
                self._sending.name,
            )

    async def _wait_as_told(self, error: RetryAfter) -> None:
        asked = error.retry_after  # an int or a timedelta, by the environment's PTB_TIMEDELTA
        wait = (asked.total_seconds() if isinstance(asked, timedelta) else asked) + 0.1
        self._patience -= wait
        if self._patience < 0:
            raise error
        LIMITED.inc()
        log.warning("%s: Telegram asks for time; again in %.0f s", self._endpoint, wait)
        await self._sleep(wait)

    async def _wait_or_raise(self, error: TelegramError) -> None:
        became = fate(error)
        if became is not Fate.UNKNOWN:
            await self._sending.came_back()
        given_up = became is Fate.UNKNOWN and self._sending.doubts >= self._most_doubts
        if given_up and self._message:
            raise TwiceOnItsWayError(f"not sent again: {_reason(error)}, twice") from error
        if became is Fate.REFUSED or given_up or not self._waits:
            raise error
        wait = self._waits.pop(0)
        doubt = "Telegram may have taken it" + (", so the message may double" if self._may_double else "")
        known = doubt if became is Fate.UNKNOWN else "not taken"
        # whoever asked for what is no message says in a better place that it failed
        level = logging.WARNING if self._message else logging.DEBUG
        log.log(level, "%s: %s (%s); again in %.0f s", self._endpoint, known, _reason(error), wait)
        await self._sleep(wait)


def _count(endpoint: str, result: str, began: float) -> None:
    """What became of a message, as a figure and for who looks closely."""
    if _is_message(endpoint):
        SENDS.labels(result).inc()
        SECONDS.labels("sending").observe(time.monotonic() - began)
        log.debug("send method=%s result=%s ms=%.0f", endpoint, result, (time.monotonic() - began) * 1000)


def _is_message(endpoint: str) -> bool:
    return endpoint.startswith(("send", "forward", "copy", CHANGE)) and endpoint != "sendChatAction"


def _reason(error: TelegramError) -> str:
    """The kind of failure, without the server's body: a page of a proxy has no place in a line of the log."""
    cause = error.__cause__
    return type(cause).__name__ if cause and not isinstance(cause, TelegramError) else str(error)[:80]
