"""What is taken in of a poll: so much of each chat and of each sender, and what they are told."""

import asyncio
import json
from typing import Any

import pytest
from fake_telegram import FakeTelegram, message
from handling import in_group, member, person

from bot.telegram.app import ALLOWED_UPDATES
from bot.telegram.transport.intake import HEARD, OF_ONE, QUEUE, Intake, Waiting
from bot.telegram.transport.watch import Watch, WatchedRequest

PHOTO = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]}


def _polled(*updates: dict[str, Any]) -> bytes:
    return json.dumps({"ok": True, "result": updates}).encode()


def _ids(polled: bytes) -> list[int]:
    """The ids of the updates that have anything left but these."""
    return [update["update_id"] for update in json.loads(polled)["result"] if len(update) > 1]


def _query(number: int, user: int = 7) -> dict[str, Any]:
    return {"update_id": number, "inline_query": {"id": "1", "from": person(user), "query": "م", "offset": ""}}


def _press(number: int, user: int = 7) -> dict[str, Any]:
    shown = message(5, text="…")["message"]
    told = {"id": "9", "from": person(user), "chat_instance": "1", "data": "x", "message": shown}
    return {"update_id": number, "callback_query": told}


def _edit(number: int) -> dict[str, Any]:
    return {"update_id": number, "edited_message": message(1, text=f"{number}")["message"] | {"edit_date": 1}}


def _reaction(number: int) -> dict[str, Any]:
    told = {"chat": {"id": 7, "type": "private"}, "message_id": 1, "date": 0, "user": person(7)}
    return {"update_id": number, "message_reaction": told | {"old_reaction": [], "new_reaction": []}}


KINDS = {
    "photos": lambda number: message(number, **PHOTO),
    "edits": _edit,
    "commands": lambda number: message(number, text="/help"),
    "questions": lambda number: message(number, text="متى؟"),
    "in a group": lambda number: in_group(number, "/help"),
    "inline": _query,
    "presses": _press,
    "reports": lambda number: member(number, "left", "member"),
    "reactions": _reaction,
}


def test_the_floods_are_of_each_kind_of_update_that_is_asked_for() -> None:
    assert {kind for make in KINDS.values() for kind in make(1)} - {"update_id"} == set(ALLOWED_UPDATES)


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_flood_so_much_waits_and_one_more_that_is_told(kind: str) -> None:
    intake = Intake(20)
    kept = _ids(intake.sifted(_polled(*map(KINDS[kind], range(1, 101)))))
    assert kept == list(range(1, OF_ONE + 2))
    assert [number for number in kept if intake.is_over(number)] == [OF_ONE + 1]
    assert intake.dropped == 100 - OF_ONE
    assert _ids(intake.sifted(_polled(*map(KINDS[kind], range(101, 201))))) == []
    assert intake.waiting == OF_ONE + 1


def test_what_is_handled_makes_room_but_a_flood_is_not_listened_to_for_ever() -> None:
    intake, taken = Intake(5), 0
    for number in range(1, 1001):
        if _ids(intake.sifted(_polled(message(number, **PHOTO)))):
            taken += 1
            intake.done(number)
    assert taken == 5 * HEARD + 1
    assert intake.waiting == 0


def test_others_are_taken_in_beside_a_flood_in_the_same_group_too() -> None:
    intake = Intake(20)
    flood = [in_group(number, "x") for number in range(1, 200)]
    strangers = [in_group(200, "/ask متى؟", user=8), message(201, chat=9, text="متى؟"), _query(202, user=10)]
    assert _ids(intake.sifted(_polled(*flood, *strangers)))[-3:] == [200, 201, 202]


def test_a_group_has_its_bound_whoever_writes_there() -> None:
    intake = Intake(20)
    kept = _ids(intake.sifted(_polled(*(in_group(number, "x", user=number) for number in range(1, 200)))))
    assert [number for number in kept if not intake.is_over(number)] == list(range(1, QUEUE + 1))


def test_telegram_is_told_that_what_is_dropped_arrived() -> None:
    intake = Intake(20)
    intake.sifted(_polled(*(message(number) for number in range(1, 100))))
    sifted = json.loads(intake.sifted(_polled(*(message(number) for number in range(100, 200)))))
    assert sifted == {"ok": True, "result": [{"update_id": 199}]}


def test_what_is_given_again_because_it_could_not_be_stored_is_counted_once() -> None:
    intake = Intake(20)
    polled = _polled(*(message(number, text="؟") for number in range(1, 21)))
    assert [len(_ids(intake.sifted(polled))) for _ in range(5)] == [20] * 5
    assert (intake.waiting, intake.dropped) == (20, 0)


def test_a_groups_new_id_is_heard_in_any_flood() -> None:
    intake = Intake(20)
    flood = [in_group(number, "x") for number in range(1, 200)]
    moved = message(200, chat=-5, kind="group", migrate_to_chat_id=-1005, **{"from": person(7)})
    assert _ids(intake.sifted(_polled(*flood, moved)))[-1] == 200


def test_what_an_earlier_process_left_counts() -> None:
    intake = Intake(20)
    for number in range(1, OF_ONE + 1):
        intake.hold(message(number, text="؟"))
    assert [number for number in _ids(intake.sifted(_polled(message(99), message(100)))) if intake.is_over(number)] == [
        99
    ]
    assert intake.longest(3) == [Waiting(7, OF_ONE + 1)]


@pytest.mark.parametrize(
    "odd",
    [
        *("update", {"update_id": []}, {"update_id": 2**70, "message": {}}, {"update_id": -1, "message": {}}),
        *({"update_id": 1, "message": content} for content in ("", [], {}, {"chat": 7}, {"chat": {"id": []}})),
        *({"update_id": 1, "message": {"chat": {"id": 7}, "from": who}} for who in ("x", {"id": {}}, {"id": None})),
        *({"update_id": 1, "callback_query": {"from": person(7), "message": shown}} for shown in ({"chat": "x"}, {})),
        {"update_id": 1, "inline_query": {"from": {"id": "7"}}},
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_for_who_reads_it_next_and_takes_nobodys_room(odd: Any) -> None:
    intake = Intake(20)
    assert intake.sifted(_polled(odd)) == _polled(odd)
    assert intake.waiting <= 1


def test_of_a_flood_that_cannot_be_read_only_what_is_taken_in_is_a_line(caplog: pytest.LogCaptureFixture) -> None:
    intake, telegram = Intake(20), FakeTelegram()
    flood = [message(number, text="؟") for number in range(1, 101)]
    for one in flood:
        one["message"]["date"] = 10**15
    telegram.outcomes["getUpdates"] = [(200, json.loads(_polled(*flood)))]
    request = WatchedRequest(telegram, Watch(), ALLOWED_UPDATES, intake=intake)
    _, body = asyncio.run(request.do_request("http://x/getUpdates", "POST"))
    assert _ids(body) == []
    assert json.loads(body)["result"][-1] == {"update_id": 100}
    assert len(caplog.records) == OF_ONE + 1


@pytest.mark.parametrize(
    "polled", [b"", b"{}", b"[1]", b'{"ok": true, "result": []}', b'{"result": {"a": 1}}', b"\xff"]
)
def test_what_is_no_poll_passes_as_it_is(polled: bytes) -> None:
    assert Intake(20).sifted(polled) == polled
