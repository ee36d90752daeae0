"""What an update sent before its process died is not sent again, and what may have left once more at most."""

import asyncio
import logging
from typing import Any

import aiohttp
import pytest
from fake_telegram import message
from journals import left, polled, run
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.store.database import Database
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.handling import at_end, next_message
from bot.telegram.transport.journal import Journal


class Telegram:
    """Takes messages, and fails or ends the process at those whose turn it is."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.outcomes: dict[str, BaseException] = {}
        self.begin()

    def begin(self) -> None:
        """Begin a life of a process."""
        self.delivery = Delivery(sleep=self._sleep)

    async def send(self, *texts: str) -> list[Any]:
        """What a handler does: each text as a message."""
        return [await self._send(text) for text in texts]

    async def _send(self, text: str) -> Any:
        async def request(*_: Any, **__: Any) -> dict[str, Any]:
            self.taken.append(text)
            if text in self.outcomes:
                raise self.outcomes.pop(text)
            return {"message_id": len(self.taken), "text": text}

        return await self.delivery.process_request(request, (), {}, "sendMessage", {"chat_id": 1}, None)

    async def _sleep(self, _: float) -> None:
        await asyncio.sleep(0)


def _lives(database: Database, telegram: Telegram, *texts: str, ends: tuple[BaseException | None, ...]) -> list[Any]:
    """Update 1 sends ``texts``, in one life after another; each ends at the second message as ``ends`` says."""
    answers: list[Any] = []

    async def handle() -> None:
        answers.append(await telegram.send(*texts))

    async def life(journal: Journal) -> None:
        journal.left(lambda update: update)
        telegram.begin()
        work = handle()
        try:
            await journal.once(1, work)
        except asyncio.CancelledError:
            return
        except TelegramError:
            pass
        finally:
            work.close()
        await journal.close()

    run(database, lambda journal: journal.keep(polled(message(1))))
    for end in ends:
        telegram.outcomes = {} if end is None else {texts[1]: end}
        run(database, life)
    return answers


KILLED = asyncio.CancelledError()
"""Between sending and recording: the request has left, and what became of it is not known."""


def test_what_was_sent_is_not_sent_again_and_what_was_on_its_way_once_more(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    telegram = Telegram()
    (answers,) = _lives(database, telegram, "أ", "ب", "ج", ends=(KILLED, None))
    assert telegram.taken == ["أ", "ب", "ب", "ج"]
    assert [answer["text"] for answer in answers] == ["أ", "ب", "ج"]
    (line,) = [record.getMessage() for record in caplog.records]
    assert "update 1, message 2" in line
    assert "may double" in line


def test_what_was_twice_on_its_way_is_not_sent_a_third_time(database: Database) -> None:
    telegram = Telegram()
    _lives(database, telegram, "أ", "ب", ends=(KILLED, KILLED, None))
    assert telegram.taken == ["أ", "ب", "ب"]
    assert left(database) == []


def test_what_was_in_doubt_before_is_not_sent_again_after_another_doubt(database: Database) -> None:
    telegram = Telegram()
    _lives(database, telegram, "أ", "ب", ends=(KILLED, TimedOut(), None))
    assert telegram.taken == ["أ", "ب", "ب"]


def test_what_never_left_is_in_no_doubt(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    unreachable = NetworkError("nothing there")
    unreachable.__cause__ = aiohttp.ConnectionTimeoutError("nothing there")

    async def cut_off(journal: Journal) -> None:
        async def handle() -> None:
            sending = asyncio.create_task(telegram.send("أ"))
            while len(telegram.taken) < 3:
                telegram.outcomes = {"أ": unreachable}
                await asyncio.sleep(0)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            raise asyncio.CancelledError

        await journal.keep(polled(message(1)))
        with pytest.raises(asyncio.CancelledError):
            await journal.once(1, handle())
        await journal.close()

    caplog.set_level(logging.CRITICAL, "bot.telegram.transport.delivery")
    telegram = Telegram()
    run(database, cut_off)
    assert database.rows("SELECT doubts FROM messages") == [(0,)]


def test_outside_of_updates_nothing_is_written(database: Database) -> None:
    telegram = Telegram()
    asyncio.run(telegram.send("أ"))
    assert telegram.taken == ["أ"]
    assert next_message().doubts == 0
    with pytest.raises(RuntimeError):
        at_end(list)
