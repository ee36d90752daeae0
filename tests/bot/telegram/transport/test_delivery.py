"""The rule on delivery, case by case. Nothing is sent and nobody waits: the request and the sleep are handed in."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import aiohttp
import pytest
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram.transport.delivery import WAITS, Delivery, TwiceOnItsWayError


@pytest.fixture(autouse=True)
def _timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def _after(error: TelegramError, cause: Exception) -> TelegramError:
    """``error`` as python-telegram-bot raises it from ``cause``."""
    error.__cause__ = cause
    return error


NEVER_LEFT = [
    _after(NetworkError("ClientHttpProxyError"), aiohttp.ClientHttpProxyError(Mock(), ())),
    _after(TimedOut(), aiohttp.ConnectionTimeoutError("")),
]
SERVER_FAILED = [
    NetworkError("Internal Server Error"),
    NetworkError("Bad Gateway"),
    _after(NetworkError("Bad Gateway (502). Parsing …"), TelegramError("Invalid server response")),
]
REPLY_LOST = [
    _after(TimedOut(), aiohttp.SocketTimeoutError("")),
    _after(NetworkError("ServerDisconnectedError"), aiohttp.ServerDisconnectedError("")),
    _after(NetworkError("ClientOSError"), aiohttp.ClientOSError("")),
    _after(NetworkError("ClientPayloadError"), aiohttp.ClientPayloadError("")),
    _after(TelegramError("Invalid server response"), ValueError("not JSON")),
    _after(NetworkError("Gateway Timeout (504). Parsing …"), TelegramError("Invalid server response")),
]
REFUSED = [
    BadRequest("Chat not found"),
    Forbidden("Forbidden: bot was blocked by the user"),
    InvalidToken(),
    Conflict("Conflict"),
]


class Telegram:
    """Answers with each outcome in turn, then that the message was sent."""

    def __init__(self, *outcomes: Exception) -> None:
        self._outcomes: Iterator[Exception] = iter(outcomes)
        self.asked = 0
        self.waited: list[float] = []

    async def request(self, *_: Any, **__: Any) -> bool:
        self.asked += 1
        for outcome in self._outcomes:
            raise outcome
        return True

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)

    def deliver(self, endpoint: str = "sendMessage") -> Any:
        return asyncio.run(self._deliver(endpoint))

    async def _deliver(self, endpoint: str) -> Any:
        return await Delivery(self.sleep).process_request(self.request, (), {}, endpoint, {"chat_id": 1}, None)


def test_what_succeeds_is_sent_once() -> None:
    telegram = Telegram()
    assert telegram.deliver() is True
    assert (telegram.asked, telegram.waited) == (1, [])


def test_told_to_wait_it_waits_as_long_and_sends_again() -> None:
    telegram = Telegram(RetryAfter(7), RetryAfter(2))
    assert telegram.deliver() is True
    assert telegram.waited == [pytest.approx(7.1), pytest.approx(2.1)]


def test_a_wait_longer_than_anybody_waits_is_given_up() -> None:
    telegram = Telegram(RetryAfter(4000))
    with pytest.raises(RetryAfter):
        telegram.deliver()
    assert telegram.waited == []


@pytest.mark.parametrize("error", NEVER_LEFT + SERVER_FAILED, ids=repr)
def test_what_was_not_taken_is_sent_again_after_growing_waits(error: TelegramError) -> None:
    telegram = Telegram(error, error, error)
    assert telegram.deliver() is True
    assert telegram.waited == list(WAITS[:3])


def test_it_is_given_up_after_about_two_minutes() -> None:
    telegram = Telegram(*SERVER_FAILED * 10)
    with pytest.raises(NetworkError):
        telegram.deliver()
    assert telegram.asked == len(WAITS) + 1
    assert sum(telegram.waited) == pytest.approx(120)


@pytest.mark.parametrize("error", REPLY_LOST, ids=repr)
def test_what_may_have_been_taken_is_sent_once_more_and_the_log_says_it_may_double(
    error: TelegramError, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = Telegram(error, error, error)
    with caplog.at_level(logging.WARNING), pytest.raises(TwiceOnItsWayError):
        telegram.deliver()
    assert telegram.asked == 2
    assert sum("may double" in record.getMessage() for record in caplog.records) == 1


def test_a_second_try_that_never_left_does_not_count() -> None:
    telegram = Telegram(REPLY_LOST[0], NEVER_LEFT[0], NEVER_LEFT[0])
    assert telegram.deliver() is True
    assert telegram.asked == 4


def test_nothing_follows_a_second_doubt_even_with_other_failures_between() -> None:
    telegram = Telegram(REPLY_LOST[0], SERVER_FAILED[0], REPLY_LOST[1])
    with pytest.raises(TwiceOnItsWayError):
        telegram.deliver()
    assert telegram.asked == 3


@pytest.mark.parametrize(
    "error", [ValueError("year 31690708 is out of range"), OverflowError(), KeyError("id")], ids=repr
)
def test_an_answer_of_no_known_form_leaves_a_doubt(error: Exception) -> None:
    telegram = Telegram(error, error, error)
    with pytest.raises(TwiceOnItsWayError):
        telegram.deliver()
    assert telegram.asked == 2


@pytest.mark.parametrize("error", REFUSED, ids=repr)
def test_what_was_refused_is_never_sent_again(error: TelegramError) -> None:
    telegram = Telegram(error)
    with pytest.raises(type(error)):
        telegram.deliver()
    assert (telegram.asked, telegram.waited) == (1, [])


@pytest.mark.parametrize("error", [NEVER_LEFT[0], SERVER_FAILED[0], REPLY_LOST[0]], ids=repr)
def test_what_is_no_message_is_tried_once_more_only(error: TelegramError) -> None:
    telegram = Telegram(error, error, error)
    with pytest.raises(type(error)):
        telegram.deliver("sendChatAction")
    assert telegram.asked == 2


def test_a_change_of_a_message_is_waited_for_and_cannot_double(caplog: pytest.LogCaptureFixture) -> None:
    telegram = Telegram(RetryAfter(7), SERVER_FAILED[0], SERVER_FAILED[1], REPLY_LOST[0])
    with caplog.at_level(logging.WARNING):
        assert telegram.deliver("editMessageText") is True
    assert telegram.waited == [pytest.approx(7.1), *WAITS[:3]]
    assert "may have taken it (" in caplog.text
    assert "double" not in caplog.text


def test_an_action_does_not_wait_for_its_turn() -> None:
    telegram = Telegram(RetryAfter(5))
    with pytest.raises(RetryAfter):
        telegram.deliver("sendChatAction")
    assert telegram.waited == []
