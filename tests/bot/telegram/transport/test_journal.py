"""The journal: what waits is handled once, what a process left goes on where it was, and what kills is dropped."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fake_telegram import TOKEN, FakeTelegram, message
from journals import left, polled, run
from telegram.error import NetworkError

from bot.store.database import Database
from bot.telegram.transport.handling import lives
from bot.telegram.transport.journal import MOST_STARTS, Journal
from bot.telegram.transport.order import AT_ONCE, EachUpdateOnce
from bot.telegram.transport.turns import let_others_pass, without_place
from bot.telegram.transport.watch import Watch, WatchedRequest


async def _nothing() -> None:
    """The work on an update that asks for none."""


async def _killed() -> None:
    """The work on an update that ends the process."""
    raise asyncio.CancelledError


def _dying(number: int) -> Callable[[Journal], Awaitable[None]]:
    """A life that begins with what was left and ends over update ``number``."""

    async def life(journal: Journal) -> None:
        journal.left(lambda update: update)
        with pytest.raises(asyncio.CancelledError):
            await journal.once(number, _killed())

    return life


# What waits


def test_only_kinds_that_are_handled_are_kept(database: Database) -> None:
    async def scenario(journal: Journal) -> None:
        await journal.keep(polled(message(1), {"update_id": 2, "poll": {}}, {"update_id": 3, "callback_query": {}}))

    run(database, scenario)
    assert left(database) == [1, 3]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"result": true}', b'{"result": [1, {}]}'])
def test_what_is_no_answer_to_a_poll_keeps_nothing(database: Database, body: bytes) -> None:
    run(database, lambda journal: journal.keep(body))
    assert left(database) == []


def test_an_update_is_handled_once_however_often_it_comes(database: Database) -> None:
    handled: list[int] = []

    async def work(number: int) -> None:
        handled.append(number)

    async def scenario(journal: Journal) -> None:
        for _ in range(2):
            await journal.keep(polled(message(1), message(2)))
            for number in (1, 2, 2, 77):
                done = work(number)
                await journal.once(number, done)
                done.close()
        await journal.close()

    run(database, scenario)
    assert handled == [1, 2]
    assert left(database) == []


def test_what_failed_is_taken_out_and_what_was_cancelled_stays(database: Database) -> None:
    async def failing() -> None:
        raise ValueError

    async def scenario(journal: Journal) -> None:
        await journal.keep(polled(message(1), message(2)))
        with pytest.raises(ValueError):  # noqa: PT011  (that very one)
            await journal.once(1, failing())
        with pytest.raises(asyncio.CancelledError):
            await journal.once(2, _killed())
        await journal.close()

    run(database, scenario)
    assert left(database) == [2]


def test_what_cannot_be_stored_fails_the_poll_and_is_not_handled(database: Database) -> None:
    async def scenario(journal: Journal) -> None:
        database.run("PRAGMA query_only = ON")
        with pytest.raises(NetworkError):
            await journal.keep(polled(message(1)))
        database.run("PRAGMA query_only = OFF")
        work = _nothing()
        await journal.once(1, work)
        assert work.cr_frame  # not begun
        work.close()

    run(database, scenario)
    assert left(database) == []


def test_a_poll_that_cannot_be_stored_does_not_return_to_who_would_confirm_it(database: Database) -> None:
    telegram = FakeTelegram()
    telegram.updates.append(message(1))

    async def scenario(journal: Journal) -> None:
        request = WatchedRequest(telegram, Watch(), ("message",), journal)
        database.run("PRAGMA query_only = ON")
        with pytest.raises(NetworkError):
            await request.do_request(f"https://example.org/bot{TOKEN}/getUpdates", "POST")
        database.run("PRAGMA query_only = OFF")

    run(database, scenario)


def test_while_it_is_full_telegram_is_not_asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.transport.watch.FULL_WAIT", 0)
    telegram = FakeTelegram()

    async def scenario(journal: Journal) -> None:
        async def poll() -> bytes:
            return (await request.do_request("getUpdates", "POST"))[1]

        request = WatchedRequest(telegram, Watch(), ("message",), journal)
        await journal.keep(polled(message(1), message(2)))
        assert json.loads(await poll()) == {"ok": True, "result": []}
        assert telegram.calls == []
        await journal.once(1, _nothing())
        await poll()
        assert len(telegram.calls) == 1

    run(database, scenario, most_waiting=2)


# What kills


def test_an_update_over_which_processes_die_is_given_up_and_then_dropped_and_the_others_are_not(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    run(database, lambda journal: journal.keep(polled(message(1), message(2))))
    deadly: list[bool] = []

    async def look(journal: Journal) -> None:
        journal.left(lambda update: update)
        deadly.append(journal.is_deadly(1))
        assert not journal.is_deadly(2)

    for _ in range(MOST_STARTS + 1):
        run(database, look)
        run(database, _dying(1))
    assert deadly == [False] * MOST_STARTS + [True]
    assert left(database) == [2]
    assert left(database) == [2]
    given_up, _, dropped = [record.getMessage() for record in caplog.records]
    assert f"update 1: given up after {MOST_STARTS} starts" in given_up
    assert f"update 1: dropped after {MOST_STARTS + 1} starts" in dropped


def test_what_was_seen_to_live_before_the_process_died_is_not_dropped(database: Database) -> None:
    async def waits_and_is_killed() -> None:
        lives()
        await _killed()

    async def life(journal: Journal) -> None:
        journal.left(lambda update: update)
        with pytest.raises(asyncio.CancelledError):
            await journal.once(1, waits_and_is_killed())
        await asyncio.sleep(0.05)  # what was to be written is

    run(database, lambda journal: journal.keep(polled(message(1))))
    for _ in range(MOST_STARTS + 1):
        run(database, life)
    assert left(database) == [1]


def test_what_stood_beside_what_kills_is_not_dropped(database: Database) -> None:
    def dying_over_2(beside: float) -> Callable[[Journal], Awaitable[None]]:
        async def life(journal: Journal) -> None:
            died = asyncio.Event()

            async def deadly() -> None:
                died.set()
                await asyncio.sleep(60)

            journal.left(lambda update: update)
            works = {1: asyncio.sleep(beside), 2: deadly(), 3: asyncio.sleep(beside)}
            tasks = [asyncio.create_task(journal.once(*each)) for each in works.items()]
            await died.wait()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for work in works.values():
                work.close()

        return life

    run(database, lambda journal: journal.keep(polled(message(1), message(2), message(3))))
    run(database, dying_over_2(beside=60))
    for _ in range(MOST_STARTS):
        run(database, dying_over_2(beside=0))
    assert left(database) == [3]


def test_what_stands_aside_in_a_chat_where_a_process_died_keeps_the_others_from_nothing(database: Database) -> None:
    from telegram import Update

    async def life(journal: Journal) -> None:
        updates = journal.left(lambda update: Update.de_json(update, None))
        works = [let_others_pass(0.01), _nothing()]
        processor = EachUpdateOnce(journal)
        handled = asyncio.gather(*map(processor.process_update, updates, works))
        await asyncio.wait_for(handled, timeout=600)
        await journal.close()

    run(database, lambda journal: journal.keep(polled(message(1, text="؟"), message(2, text="؟"))))
    run(database, _dying(1))
    run(database, _dying(2))
    run(database, life)
    assert left(database) == []


def test_many_over_which_a_process_died_do_not_wait_for_each_other_for_ever(database: Database) -> None:
    """More than may be worked on at once; each steps out of its place before it has sent anything."""
    from telegram import Update

    async def dying(journal: Journal) -> None:
        numbers = journal.left(lambda update: update["update_id"])
        tasks = [asyncio.create_task(journal.once(number, asyncio.sleep(60))) for number in numbers]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def asks() -> None:
        async with without_place():
            await asyncio.sleep(0.001)

    async def life(journal: Journal) -> None:
        updates = journal.left(lambda update: Update.de_json(update, None))
        processor = EachUpdateOnce(journal)
        handled = asyncio.gather(*(processor.process_update(update, asks()) for update in updates))
        await asyncio.wait_for(handled, timeout=600)
        await journal.close()

    many = [message(number, text="؟", chat=number) for number in range(1, 2 * AT_ONCE)]
    run(database, lambda journal: journal.keep(polled(*many)))
    run(database, dying)
    run(database, life)
    assert left(database) == []


def test_stops_do_not_count_as_deaths(database: Database) -> None:
    async def stopped(journal: Journal) -> None:
        await _dying(1)(journal)
        await journal.close()

    run(database, lambda journal: journal.keep(polled(message(1))))
    for _ in range(MOST_STARTS + 1):
        run(database, stopped)
    assert left(database) == [1]


def test_what_cannot_be_read_is_dropped_without_repeating_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def read(update: dict[str, Any]) -> int:
        if update["update_id"] == 1:
            raise ValueError(update["message"]["text"])
        return int(update["update_id"])

    read_again: list[list[int]] = []

    async def scenario(journal: Journal) -> None:
        read_again.append(journal.left(read))

    run(database, lambda journal: journal.keep(polled(message(1, text="سر"), message(2))))
    run(database, scenario)
    assert read_again == [[2]]
    assert "update 1: dropped" in caplog.text
    assert "سر" not in caplog.text


def test_letting_go_leaves_what_is_under_way_and_what_waits(database: Database) -> None:
    from telegram import Update

    async def scenario(journal: Journal) -> None:
        processor = EachUpdateOnce(journal)
        updates = [Update.de_json(message(number, text="؟"), None) for number in (1, 2, 3)]
        await journal.keep(polled(*(message(number, text="؟") for number in (1, 2, 3))))
        begun = asyncio.Event()

        async def endless() -> None:
            begun.set()
            await asyncio.Event().wait()

        working = [asyncio.create_task(processor.process_update(each, endless())) for each in updates[:2]]
        await begun.wait()
        processor.leave()
        await processor.process_update(updates[2], _killed())
        outcomes = await asyncio.gather(*working, return_exceptions=True)
        assert all(isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
        await journal.close()

    run(database, scenario)
    assert left(database) == [1, 2, 3]
