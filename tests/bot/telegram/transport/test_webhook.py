"""The webhook by itself: what it lets in and what it answers, that it stores before it says so, and that it stands."""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from fake_telegram import message
from webhooks import SECRET, SETTINGS, TELEGRAM, WORDS, Trial, run

from bot.store.database import Database
from bot.store.inbox import Inbox
from bot.telegram.transport import webhook as module
from bot.values import networks


def left(database: Database) -> list[int]:
    return [one.update["update_id"] for one in Inbox(database).left()]


# What is taken, and what is not


def test_an_update_is_on_the_disk_before_telegram_is_told_that_it_arrived(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        assert await trial.give() == 200
        assert left(database) == [1]
        assert trial.ids == [1]
        assert trial.taken[0].message
        assert trial.taken[0].message.text == WORDS

    run(database, scenario)


HEADERS = {
    "no secret": [("X-Forwarded-For", TELEGRAM)],
    "a wrong secret": [(module.SECRET, f"{SECRET}x"), ("X-Forwarded-For", TELEGRAM)],
    "a secret of no letters": [(module.SECRET, "سر"), ("X-Forwarded-For", TELEGRAM)],
    "a stranger's address": [(module.SECRET, SECRET), ("X-Forwarded-For", "203.0.113.7")],
    "no address": [(module.SECRET, SECRET)],
    "an address that a stranger wrote": [(module.SECRET, SECRET), ("X-Forwarded-For", f"{TELEGRAM}, 203.0.113.7")],
}


@pytest.mark.parametrize("kind", HEADERS)
def test_what_is_not_telegram_s_is_refused_and_said_once(
    database: Database, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(trial: Trial) -> None:
        for _ in range(3):
            assert await trial.give(headers=HEADERS[kind]) == 403
        assert await trial.give(message(2, text=WORDS)) == 200
        assert trial.ids == [2]

    run(database, scenario)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "was refused" in said
    assert SECRET not in said
    assert left(database) == [2]


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a page": f"<html>{WORDS}</html>".encode(),
    "cut short": json.dumps(message(1, text=WORDS)).encode()[:-9],
    "a list": json.dumps([message(1, text=WORDS)]).encode(),
    "two updates": b'{"update_id": 1}, {"update_id": 2}',
    "no id": json.dumps({"message": WORDS}).encode(),
    "an id that is a text": json.dumps({"update_id": "1"}).encode(),
    "an id beyond 64 bits": json.dumps({"update_id": 2**70}).encode(),
    "half a letter": b'{"update_id": 1, "message": "\xd9"',
    "packed": bytes.fromhex("1f8b08000000000000ff"),
    "5,000 deep": b"[" * 5000 + b"]" * 5000,
}


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_no_update_is_refused_in_a_line_without_words(
    database: Database, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(trial: Trial) -> None:
        assert await trial.give(body=BODIES[kind]) == 400
        assert await trial.give(message(2, text=WORDS)) == 200

    run(database, scenario)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "cannot be read" in said
    assert WORDS not in said
    assert left(database) == [2]


def test_an_update_that_cannot_be_read_is_left_out_and_not_given_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    broken = message(1, text=WORDS, entities=[{"type": WORDS}])

    async def scenario(trial: Trial) -> None:
        assert await trial.give(broken) == 200
        assert await trial.give({"update_id": 3, "of_a_kind_to_come": {}}) == 200
        assert trial.ids == []

    run(database, scenario)
    (said,) = [record.getMessage() for record in caplog.records]
    assert "update 1: cannot be read and is left out" in said
    assert WORDS not in said
    assert left(database) == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_updates_are_posted(database: Database, method: str) -> None:
    async def scenario(trial: Trial) -> None:
        assert await trial.give(method=method) == 405

    run(database, scenario)


def test_what_is_too_large_is_refused_before_it_is_read_to_the_end(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        assert await trial.give(body=b" " * (module.LARGEST + 1)) == 413
        assert await trial.give(body=b" " * (module.LARGEST - 1000) + json.dumps(message(1)).encode()) == 200

    run(database, scenario)


def test_what_never_arrives_wholly_is_let_go(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)

    async def scenario(trial: Trial) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", trial.port)
        head = f"POST / HTTP/1.1\r\nHost: x\r\n{module.SECRET}: {SECRET}\r\nX-Forwarded-For: {TELEGRAM}\r\n"
        writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
        assert (await reader.readline()).split()[1] == b"408"
        writer.close()

    run(database, scenario)


@pytest.mark.parametrize("sent", [b"", b"\x00" * 100, b"GET / HTTP/9\r\n\r\n", b"POST / HTTP/1.1\r\nA" + b"a" * 20_000])
def test_what_is_no_request_leaves_no_line(database: Database, sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(trial: Trial) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", trial.port)
        writer.write(sent)
        writer.write_eof()
        writer.close()
        assert await trial.give() == 200

    run(database, scenario)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_who_is_neither_a_proxy_nor_telegram_is_hung_up_on(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        other = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
        async with aiohttp.ClientSession(connector=other) as stranger:
            with pytest.raises(aiohttp.ClientError):
                await replace(trial, client=stranger).give()
        assert await trial.give() == 200

    run(database, scenario, replace(SETTINGS, proxies=networks("127.0.0.1")))


def test_who_connects_too_often_is_hung_up_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CONNECTIONS", 3)

    async def scenario(trial: Trial) -> None:
        opened = [await asyncio.open_connection("127.0.0.1", trial.port) for _ in range(4)]
        assert await opened[-1][0].read() == b""
        for _, writer in opened:
            writer.close()

        async def is_answered() -> None:
            while True:
                try:
                    assert await trial.give() == 200
                except aiohttp.ClientError:
                    await asyncio.sleep(0.01)
                else:
                    return

        await asyncio.wait_for(is_answered(), 60)

    run(database, scenario)


# What is given again


def test_while_too_many_wait_none_is_taken_and_each_is_when_there_is_room(database: Database) -> None:
    async def nothing() -> None: ...

    async def scenario(trial: Trial) -> None:
        assert [await trial.give(message(number)) for number in (1, 2, 3)] == [200, 200, 503]
        await trial.journal.once(1, nothing())
        assert await trial.give(message(3)) == 200
        assert trial.ids == [1, 2, 3]

    run(database, scenario, most_waiting=2)
    assert left(database) == [2, 3]


def test_what_cannot_be_stored_is_not_said_to_have_arrived(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full, keep = [True], Inbox.keep

    def keeping(self: Inbox, updates: Iterable[Any]) -> list[int]:
        if full[0]:
            raise sqlite3.OperationalError("database or disk is full")
        return keep(self, updates)

    monkeypatch.setattr(Inbox, "keep", keeping)

    async def scenario(trial: Trial) -> None:
        assert await trial.give() == 503
        assert trial.ids == []
        full[0] = False
        assert await trial.give() == 200
        assert trial.ids == [1]

    run(database, scenario)
    assert left(database) == [1]
    assert "it can be written" in caplog.text or "can be written again" in caplog.text


def test_an_update_that_comes_twice_is_handled_once(database: Database) -> None:
    handled = []

    async def handle(trial: Trial) -> None:
        for _ in trial.taken:
            work = count()
            await trial.journal.once(1, work)
            work.close()

    async def count() -> None:
        handled.append(1)

    async def scenario(trial: Trial) -> None:
        assert [await trial.give() for _ in range(2)] == [200, 200]
        await handle(trial)
        assert await trial.give() == 200
        await handle(trial)

    run(database, scenario)
    assert handled == [1]


def test_those_that_come_at_once_are_queued_in_their_order(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        async def chat(number: int) -> None:
            for part in range(5):
                assert await trial.give(message(10 * number + part, chat=number)) == 200

        await asyncio.gather(*(chat(number) for number in range(1, 9)))
        for number in range(1, 9):
            assert [each for each in trial.ids if each // 10 == number] == [10 * number + part for part in range(5)]

    run(database, scenario)


def test_a_flood_of_one_is_told_that_it_arrived_and_not_stored(database: Database) -> None:
    async def scenario(trial: Trial) -> None:
        statuses = [await trial.give(message(number)) for number in range(1, 60)]
        assert set(statuses) == {200}

    run(database, scenario)
    assert len(left(database)) < 40
