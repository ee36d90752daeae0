"""The order of updates: chats at once, senders in turns, and no place held by who waits."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from fake_telegram import message
from handling import in_group, person
from telegram import Update
from telegram.error import RetryAfter

from bot.logs import handling
from bot.telegram.transport.delivery import Delivery
from bot.telegram.transport.order import EachChatInOrder
from bot.telegram.transport.turns import let_others_pass, waiting

Work = Coroutine[Any, Any, object]


def _read(update: dict[str, Any]) -> Update:
    return Update.de_json(update, None)


def _query(number: int, user: int) -> dict[str, Any]:
    query = {"id": str(number), "from": person(user), "query": "متى", "offset": ""}
    return {"update_id": number, "inline_query": query}


def _handled(processor: EachChatInOrder, works: list[tuple[dict[str, Any], Work]]) -> None:
    """Updates, each with its work, all given at once; for as long as that takes."""

    async def scenario() -> None:
        tasks = [processor.process_update(_read(update), work) for update, work in works]
        await asyncio.wait_for(asyncio.gather(*tasks), 60)

    asyncio.run(scenario())


@pytest.fixture(autouse=True)
def _as_in_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


async def _told_to_wait(until: asyncio.Event) -> None:
    """Sends a message that Telegram lets wait."""
    outcomes: list[BaseException | None] = [RetryAfter(60), None]

    async def request(*_: Any, **__: Any) -> bool:
        if error := outcomes.pop(0):
            raise error
        return True

    async def sleep(_: float) -> None:
        await until.wait()

    await Delivery(sleep=sleep).process_request(request, (), {}, "sendMessage", {"chat_id": 1}, None)


async def _downloads(until: asyncio.Event) -> None:
    async with waiting():
        await until.wait()


async def _pauses(until: asyncio.Event) -> None:
    while not until.is_set():
        await let_others_pass(0.01)


@pytest.mark.parametrize("wait", [_told_to_wait, _downloads, _pauses])
def test_what_waits_holds_no_place(wait: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    answered = asyncio.Event()

    async def waits() -> None:
        await wait(answered)

    async def stranger() -> None:
        answered.set()

    works: list[tuple[dict[str, Any], Work]] = [(message(n, chat=n), waits()) for n in range(1, 60)]
    _handled(EachChatInOrder(4), [*works, (message(99, chat=99), stranger())])
    assert answered.is_set()


def test_what_waited_takes_a_place_again_before_it_goes_on() -> None:
    working = most = 0

    async def work() -> None:
        nonlocal working, most
        async with waiting():
            await asyncio.sleep(0.001)
        working += 1
        most = max(most, working)
        await asyncio.sleep(0.001)
        working -= 1

    _handled(EachChatInOrder(3), [(message(n, chat=n), work()) for n in range(1, 40)])
    assert most == 3


def test_what_waits_within_a_wait_takes_one_place_again() -> None:
    handled: list[int] = []

    async def work(number: int) -> None:
        async with waiting():
            async with waiting():
                await asyncio.sleep(0.001)
            async with waiting():
                await asyncio.sleep(0.001)
        handled.append(number)

    _handled(EachChatInOrder(2), [(message(n, chat=n), work(n)) for n in range(1, 10)])
    assert sorted(handled) == list(range(1, 10))


def test_a_task_beside_the_handling_gives_no_place_away() -> None:
    working = most = 0

    async def beside() -> None:
        async with waiting():
            await asyncio.sleep(0.001)

    async def work() -> None:
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.create_task(beside())
        working -= 1

    _handled(EachChatInOrder(2), [(message(n, chat=n), work()) for n in range(1, 20)])
    assert most == 2


def test_in_a_group_the_senders_take_turns_each_in_their_order() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    flood = [(in_group(n, "x", user=1), work(n)) for n in range(1, 30)]
    _handled(EachChatInOrder(), [*flood, (in_group(30, "x", user=2), work(30)), (in_group(31, "x", user=3), work(31))])
    assert done.index(30) <= 2
    assert done.index(31) <= 3
    assert [number for number in done if number < 30] == list(range(1, 30))


def test_without_a_chat_each_sender_holds_one_place() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0.001)
        done.append(number)

    flood = [(_query(n, user=1), work(n)) for n in range(1, 30)]
    _handled(EachChatInOrder(2), [*flood, (_query(30, user=2), work(30))])
    assert done.index(30) <= 3


def test_who_is_cancelled_in_the_queue_keeps_nobody_from_their_turn() -> None:
    done: list[int] = []
    processor = EachChatInOrder(1)

    async def work(number: int) -> None:
        await asyncio.sleep(0.001)
        done.append(number)

    async def scenario() -> None:
        works = {n: work(n) for n in range(1, 6)}
        tasks = {n: asyncio.create_task(processor.process_update(_read(message(n)), each)) for n, each in works.items()}
        await asyncio.sleep(0)
        for number in (2, 3):
            tasks[number].cancel()
        await asyncio.wait_for(asyncio.gather(*tasks.values(), return_exceptions=True), 60)
        for number in (2, 3):
            works[number].close()

    asyncio.run(scenario())
    assert done == [1, 4, 5]
    assert processor.chats == 0


def _update(number: int, chat: int) -> Update:
    update = Update.de_json(message(number, chat=chat, text="x"), None)
    assert update
    return update


class Load:
    """Counts what is under way at once, in all and by chat."""

    def __init__(self) -> None:
        self.now: dict[int, int] = {}
        self.most = 0
        self.most_of_a_chat = 0
        self.done: list[tuple[int, int]] = []

    async def work(self, chat: int, number: int) -> None:
        self.now[chat] = self.now.get(chat, 0) + 1
        self.most = max(self.most, sum(self.now.values()))
        self.most_of_a_chat = max(self.most_of_a_chat, *self.now.values())
        await asyncio.sleep(0.001 * (number % 3))
        self.now[chat] -= 1
        self.done.append((chat, number))


def _work(processor: EachChatInOrder, jobs: list[tuple[int, int]]) -> Load:
    async def scenario() -> Load:
        load = Load()
        await asyncio.gather(
            *(processor.process_update(_update(number, chat), load.work(chat, number)) for chat, number in jobs)
        )
        return load

    return asyncio.run(scenario())


def test_chats_run_at_once_up_to_the_limit_and_none_with_itself() -> None:
    load = _work(EachChatInOrder(4), [(chat, number) for number in range(5) for chat in range(1, 11)])
    assert load.most == 4
    assert load.most_of_a_chat == 1
    for chat in range(1, 11):
        assert [number for of, number in load.done if of == chat] == list(range(5))


def test_while_an_update_is_handled_its_id_is_known() -> None:
    seen: dict[int, int | None] = {}

    async def look(number: int) -> None:
        await asyncio.sleep(0)
        seen[number] = handling.get()

    async def scenario() -> None:
        processor = EachChatInOrder()
        await asyncio.gather(*(processor.process_update(_update(n, n), look(n)) for n in (3, 4)))

    asyncio.run(scenario())
    assert seen == {3: 3, 4: 4}
    assert handling.get() is None


def test_a_chat_that_sends_much_holds_one_place() -> None:
    load = _work(EachChatInOrder(2), [(1, number) for number in range(30)] + [(2, 1)])
    assert load.done.index((2, 1)) < 5


def test_what_stands_aside_lets_its_chat_and_others_go_first_and_then_has_its_turn_again() -> None:
    processor, load = EachChatInOrder(1), Load()

    async def aside() -> None:
        await let_others_pass(0.05)
        await load.work(1, 0)

    async def scenario() -> None:
        works = [(1, aside()), (1, load.work(1, 1)), (2, load.work(2, 2))]
        await asyncio.gather(
            *(processor.process_update(_update(n, chat), work) for n, (chat, work) in enumerate(works))
        )

    asyncio.run(scenario())
    assert load.done[-1] == (1, 0)
    assert sorted(load.done) == [(1, 0), (1, 1), (2, 2)]
    assert load.most == 1
    assert processor.chats == 0


def test_what_is_cancelled_while_it_stands_aside_holds_nothing() -> None:
    processor, load = EachChatInOrder(1), Load()

    async def scenario() -> None:
        task = asyncio.create_task(processor.process_update(_update(1, 1), let_others_pass(60)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await processor.process_update(_update(2, 1), load.work(1, 2))

    asyncio.run(scenario())
    assert load.done == [(1, 2)]
    assert processor.chats == 0


def test_idle_chats_are_forgotten_even_after_errors() -> None:
    processor = EachChatInOrder()

    async def broken() -> None:
        raise RuntimeError

    async def scenario() -> None:
        with pytest.raises(RuntimeError):
            await processor.process_update(_update(1, 1), broken())

    asyncio.run(scenario())
    _work(processor, [(chat, 1) for chat in range(1, 100)])
    assert processor.chats == 0
