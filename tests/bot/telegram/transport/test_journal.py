"""The journal: what waits is handled once, what a process left goes on where it was, and what kills is dropped."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fake_telegram import TOKEN, FakeTelegram, message
from handling import searched
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.conversation.threads import Threads
from bot.store.database import Database
from bot.store.threads import StoredThreads, Turn
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.handling import at_end, lives, next_message, wipe_at_end
from bot.telegram.transport.journal import MOST_STARTS, Journal
from bot.telegram.transport.order import AT_ONCE, EachUpdateOnce
from bot.telegram.transport.turns import let_others_pass, without_place
from bot.telegram.transport.watch import Watch, WatchedRequest

KINDS = ("message", "callback_query")


def _polled(*updates: dict[str, Any]) -> bytes:
    return json.dumps({"ok": True, "result": list(updates)}).encode()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


def _run(database: Database, scenario: Callable[[Journal], Awaitable[None]], **more: int) -> None:
    """One life of a process; where it is not closed in the end, it was killed."""

    async def life() -> None:
        await scenario(Journal(database, KINDS, **more))

    asyncio.run(life())


def _left(database: Database) -> list[int]:
    numbers: list[int] = []

    async def look(journal: Journal) -> None:
        numbers.extend(journal.left(lambda update: update["update_id"]))

    _run(database, look)
    return numbers


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
        await journal.keep(_polled(message(1), {"update_id": 2, "poll": {}}, {"update_id": 3, "callback_query": {}}))

    _run(database, scenario)
    assert _left(database) == [1, 3]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"result": true}', b'{"result": [1, {}]}'])
def test_what_is_no_answer_to_a_poll_keeps_nothing(database: Database, body: bytes) -> None:
    _run(database, lambda journal: journal.keep(body))
    assert _left(database) == []


def test_an_update_is_handled_once_however_often_it_comes(database: Database) -> None:
    handled: list[int] = []

    async def work(number: int) -> None:
        handled.append(number)

    async def scenario(journal: Journal) -> None:
        for _ in range(2):
            await journal.keep(_polled(message(1), message(2)))
            for number in (1, 2, 2, 77):
                done = work(number)
                await journal.once(number, done)
                done.close()
        await journal.close()

    _run(database, scenario)
    assert handled == [1, 2]
    assert _left(database) == []


def test_what_failed_is_taken_out_and_what_was_cancelled_stays(database: Database) -> None:
    async def failing() -> None:
        raise ValueError

    async def scenario(journal: Journal) -> None:
        await journal.keep(_polled(message(1), message(2)))
        with pytest.raises(ValueError):  # noqa: PT011  (that very one)
            await journal.once(1, failing())
        with pytest.raises(asyncio.CancelledError):
            await journal.once(2, _killed())
        await journal.close()

    _run(database, scenario)
    assert _left(database) == [2]


def test_what_cannot_be_stored_fails_the_poll_and_is_not_handled(database: Database) -> None:
    async def scenario(journal: Journal) -> None:
        database.run("PRAGMA query_only = ON")
        with pytest.raises(NetworkError):
            await journal.keep(_polled(message(1)))
        database.run("PRAGMA query_only = OFF")
        work = _nothing()
        await journal.once(1, work)
        assert work.cr_frame  # not begun
        work.close()

    _run(database, scenario)
    assert _left(database) == []


def test_a_poll_that_cannot_be_stored_does_not_return_to_who_would_confirm_it(database: Database) -> None:
    telegram = FakeTelegram()
    telegram.updates.append(message(1))

    async def scenario(journal: Journal) -> None:
        request = WatchedRequest(telegram, Watch(), ("message",), journal)
        database.run("PRAGMA query_only = ON")
        with pytest.raises(NetworkError):
            await request.do_request(f"https://example.org/bot{TOKEN}/getUpdates", "POST")
        database.run("PRAGMA query_only = OFF")

    _run(database, scenario)


def test_while_it_is_full_telegram_is_not_asked(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telegram.transport.watch.FULL_WAIT", 0)
    telegram = FakeTelegram()

    async def scenario(journal: Journal) -> None:
        async def poll() -> bytes:
            return (await request.do_request("getUpdates", "POST"))[1]

        request = WatchedRequest(telegram, Watch(), ("message",), journal)
        await journal.keep(_polled(message(1), message(2)))
        assert json.loads(await poll()) == {"ok": True, "result": []}
        assert telegram.calls == []
        await journal.once(1, _nothing())
        await poll()
        assert len(telegram.calls) == 1

    _run(database, scenario, most_waiting=2)


# What kills


def test_an_update_over_which_processes_die_is_given_up_and_then_dropped_and_the_others_are_not(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    _run(database, lambda journal: journal.keep(_polled(message(1), message(2))))
    deadly: list[bool] = []

    async def look(journal: Journal) -> None:
        journal.left(lambda update: update)
        deadly.append(journal.is_deadly(1))
        assert not journal.is_deadly(2)

    for _ in range(MOST_STARTS + 1):
        _run(database, look)
        _run(database, _dying(1))
    assert deadly == [False] * MOST_STARTS + [True]
    assert _left(database) == [2]
    assert _left(database) == [2]
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

    _run(database, lambda journal: journal.keep(_polled(message(1))))
    for _ in range(MOST_STARTS + 1):
        _run(database, life)
    assert _left(database) == [1]


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

    _run(database, lambda journal: journal.keep(_polled(message(1), message(2), message(3))))
    _run(database, dying_over_2(beside=60))
    for _ in range(MOST_STARTS):
        _run(database, dying_over_2(beside=0))
    assert _left(database) == [3]


def test_what_stands_aside_in_a_chat_where_a_process_died_keeps_the_others_from_nothing(database: Database) -> None:
    from telegram import Update

    async def life(journal: Journal) -> None:
        updates = journal.left(lambda update: Update.de_json(update, None))
        works = [let_others_pass(0.01), _nothing()]
        processor = EachUpdateOnce(journal)
        handled = asyncio.gather(*map(processor.process_update, updates, works))
        await asyncio.wait_for(handled, timeout=600)
        await journal.close()

    _run(database, lambda journal: journal.keep(_polled(message(1, text="؟"), message(2, text="؟"))))
    _run(database, _dying(1))
    _run(database, _dying(2))
    _run(database, life)
    assert _left(database) == []


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
    _run(database, lambda journal: journal.keep(_polled(*many)))
    _run(database, dying)
    _run(database, life)
    assert _left(database) == []


def test_stops_do_not_count_as_deaths(database: Database) -> None:
    async def stopped(journal: Journal) -> None:
        await _dying(1)(journal)
        await journal.close()

    _run(database, lambda journal: journal.keep(_polled(message(1))))
    for _ in range(MOST_STARTS + 1):
        _run(database, stopped)
    assert _left(database) == [1]


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

    _run(database, lambda journal: journal.keep(_polled(message(1, text="سر"), message(2))))
    _run(database, scenario)
    assert read_again == [[2]]
    assert "update 1: dropped" in caplog.text
    assert "سر" not in caplog.text


def test_letting_go_leaves_what_is_under_way_and_what_waits(database: Database) -> None:
    from telegram import Update

    async def scenario(journal: Journal) -> None:
        processor = EachUpdateOnce(journal)
        updates = [Update.de_json(message(number, text="؟"), None) for number in (1, 2, 3)]
        await journal.keep(_polled(*(message(number, text="؟") for number in (1, 2, 3))))
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

    _run(database, scenario)
    assert _left(database) == [1, 2, 3]


# What was sent


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

    _run(database, lambda journal: journal.keep(_polled(message(1))))
    for end in ends:
        telegram.outcomes = {} if end is None else {texts[1]: end}
        _run(database, life)
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
    assert _left(database) == []


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

        await journal.keep(_polled(message(1)))
        with pytest.raises(asyncio.CancelledError):
            await journal.once(1, handle())
        await journal.close()

    caplog.set_level(logging.CRITICAL, "bot.telegram.transport.delivery")
    telegram = Telegram()
    _run(database, cut_off)
    assert database.rows("SELECT doubts FROM messages") == [(0,)]


def test_outside_of_updates_nothing_is_written(database: Database) -> None:
    telegram = Telegram()
    asyncio.run(telegram.send("أ"))
    assert telegram.taken == ["أ"]
    assert next_message().doubts == 0
    with pytest.raises(RuntimeError):
        at_end(list)


# What is remembered


def _threads(database: Database, **more: Any) -> Threads:
    return Threads(StoredThreads(database), at_end, **more)


def _asking(threads: Threads, chat: int, asked: str, *, killed: bool = False) -> Callable[[Journal], Awaitable[None]]:
    async def handle() -> None:
        threads.keep(Turn(chat, asked))
        if killed:
            raise asyncio.CancelledError

    async def life(journal: Journal) -> None:
        number = hash((chat, asked)) % 1_000_000
        await journal.keep(_polled(message(number)))
        try:
            await journal.once(number, handle())
        except asyncio.CancelledError:
            return
        await journal.close()

    return life


def test_a_thread_outlives_the_process_and_is_forgotten_when_it_is_old(database: Database) -> None:
    now = [1000.0]
    _run(database, _asking(_threads(database, clock=lambda: now[0]), 1, "كم سفينة\ud800؟"))
    now[0] += 100
    assert searched(_threads(database, clock=lambda: now[0]), 1) == "كم سفينة?؟"
    assert _threads(database, clock=lambda: now[0], kept=100).last(1) is None
    assert database.rows("SELECT * FROM turns") == []


def test_an_update_that_is_handled_again_finds_the_thread_of_the_first_time(database: Database) -> None:
    _run(database, _asking(_threads(database), 1, "كم؟"))
    _run(database, _asking(_threads(database), 1, "ومتى؟", killed=True))
    assert searched(_threads(database), 1) == "كم؟"


def test_threads_beyond_the_most_are_forgotten_on_the_disk_too(database: Database) -> None:
    threads = _threads(database, most=2)
    for chat in (1, 2, 3):
        _run(database, _asking(threads, chat, "كم؟"))
    assert database.rows("SELECT chat FROM turns ORDER BY chat") == [(2,), (3,)]


def test_what_is_dropped_of_one_who_is_forgotten_meanwhile_leaves_no_trace(database: Database) -> None:
    word = "زقزقزق"

    async def scenario(journal: Journal) -> None:
        await journal.keep(_polled(message(1, text=word), message(2, chat=8, text="متى؟")))
        await journal.forget_after(7, but=9)
        assert await journal.drop([1, 5]) == [1]

    _run(database, scenario)
    assert not any(json.dumps(word).strip('"').encode() in path.read_bytes() for path in database.path.parent.iterdir())
    assert _left(database) == [2]


def test_new_forgets_on_the_disk_too(database: Database) -> None:
    threads = _threads(database)
    _run(database, _asking(threads, 1, "كم؟"))

    async def begin(journal: Journal) -> None:
        async def handle() -> None:
            threads.forget(1)

        await journal.keep(_polled(message(5)))
        await journal.once(5, handle())
        await journal.close()

    _run(database, begin)
    assert _threads(database).last(1) is None


def test_an_update_that_wipes_leaves_no_trace_of_itself(database: Database) -> None:
    async def handle() -> None:
        wipe_at_end()

    async def scenario(journal: Journal) -> None:
        await journal.keep(_polled(message(1, text="not for others")))
        assert b"not for others" in held()
        await journal.once(1, handle())
        assert b"not for others" not in held()
        await journal.close()

    def held() -> bytes:
        return b"".join(path.read_bytes() for path in database.path.parent.iterdir())

    _run(database, scenario)
