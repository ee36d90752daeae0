"""The threads of chats in the journal: kept with the update that made them, and forgotten with it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fake_telegram import message
from handling import searched
from journals import left, polled, run

from bot.conversation.threads import Threads
from bot.store.database import Database
from bot.store.threads import StoredThreads, Turn
from bot.telegram.transport.handling import at_end, wipe_at_end
from bot.telegram.transport.journal import Journal


def _threads(database: Database, **more: Any) -> Threads:
    return Threads(StoredThreads(database), at_end, **more)


def _asking(threads: Threads, chat: int, asked: str, *, killed: bool = False) -> Callable[[Journal], Awaitable[None]]:
    async def handle() -> None:
        threads.keep(Turn(chat, asked))
        if killed:
            raise asyncio.CancelledError

    async def life(journal: Journal) -> None:
        number = hash((chat, asked)) % 1_000_000
        await journal.keep(polled(message(number)))
        try:
            await journal.once(number, handle())
        except asyncio.CancelledError:
            return
        await journal.close()

    return life


def test_a_thread_outlives_the_process_and_is_forgotten_when_it_is_old(database: Database) -> None:
    now = [1000.0]
    run(database, _asking(_threads(database, clock=lambda: now[0]), 1, "كم سفينة\ud800؟"))
    now[0] += 100
    assert searched(_threads(database, clock=lambda: now[0]), 1) == "كم سفينة?؟"
    assert _threads(database, clock=lambda: now[0], kept=100).last(1) is None
    assert database.rows("SELECT * FROM turns") == []


def test_an_update_that_is_handled_again_finds_the_thread_of_the_first_time(database: Database) -> None:
    run(database, _asking(_threads(database), 1, "كم؟"))
    run(database, _asking(_threads(database), 1, "ومتى؟", killed=True))
    assert searched(_threads(database), 1) == "كم؟"


def test_threads_beyond_the_most_are_forgotten_on_the_disk_too(database: Database) -> None:
    threads = _threads(database, most=2)
    for chat in (1, 2, 3):
        run(database, _asking(threads, chat, "كم؟"))
    assert database.rows("SELECT chat FROM turns ORDER BY chat") == [(2,), (3,)]


def test_what_is_dropped_of_one_who_is_forgotten_meanwhile_leaves_no_trace(database: Database) -> None:
    word = "زقزقزق"

    async def scenario(journal: Journal) -> None:
        await journal.keep(polled(message(1, text=word), message(2, chat=8, text="متى؟")))
        await journal.forget_after(7, but=9)
        assert await journal.drop([1, 5]) == [1]

    run(database, scenario)
    assert not any(json.dumps(word).strip('"').encode() in path.read_bytes() for path in database.path.parent.iterdir())
    assert left(database) == [2]


def test_new_forgets_on_the_disk_too(database: Database) -> None:
    threads = _threads(database)
    run(database, _asking(threads, 1, "كم؟"))

    async def begin(journal: Journal) -> None:
        async def handle() -> None:
            threads.forget(1)

        await journal.keep(polled(message(5)))
        await journal.once(5, handle())
        await journal.close()

    run(database, begin)
    assert _threads(database).last(1) is None


def test_an_update_that_wipes_leaves_no_trace_of_itself(database: Database) -> None:
    async def handle() -> None:
        wipe_at_end()

    async def scenario(journal: Journal) -> None:
        await journal.keep(polled(message(1, text="not for others")))
        assert b"not for others" in held()
        await journal.once(1, handle())
        assert b"not for others" not in held()
        await journal.close()

    def held() -> bytes:
        return b"".join(path.read_bytes() for path in database.path.parent.iterdir())

    run(database, scenario)
