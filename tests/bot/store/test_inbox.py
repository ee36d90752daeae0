"""The inbox on real files and a real server: what came is there until it is done, and nothing is handled twice."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from fake_telegram import message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store.database import Database, Keeps
from bot.store.inbox import REMEMBERED, Inbox, Left, Sent


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def _numbers(inbox: Inbox) -> list[int]:
    return [left.update["update_id"] for left in inbox.left()]


def test_what_came_is_left_as_it_came_in_its_order_when_it_is_opened_again(open_state: Callable[[], Keeps]) -> None:
    clock, updates = Clock(), [message(number, text=f"سؤال {number}") for number in (8, 9, 3)]
    first = open_state()
    Inbox(first, clock).keep(updates[:2])
    clock.now = 1.0
    Inbox(first, clock).keep(updates[2:])  # Telegram counts anew after a week without updates
    assert Inbox(open_state()).left() == [Left(update, 0) for update in updates]


@settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.recursive(st.none() | st.text(st.characters()) | st.integers(), st.lists))
def test_any_content_is_left_as_it_came(database: Keeps, content: Any) -> None:
    inbox = Inbox(database)
    update = {"update_id": database.rows("SELECT count(*) FROM updates")[0][0], "message": content}
    with database.transaction():
        (number,) = inbox.keep([update])
        assert [left.update for left in inbox.left()] == [update]
        inbox.done(number)


def test_an_update_is_new_once_also_after_it_was_handled(database: Keeps) -> None:
    inbox = Inbox(database)
    assert inbox.keep([message(1), message(2)]) == [1, 2]
    inbox.done(1)
    assert inbox.keep([message(1), message(2), message(3)]) == [3]
    assert _numbers(inbox) == [2, 3]


def test_that_an_update_was_handled_is_forgotten_when_it_cannot_come_again(database: Keeps) -> None:
    clock = Clock()
    inbox = Inbox(database, clock)
    inbox.keep([message(1), message(2)])
    inbox.done(1)
    clock.now = REMEMBERED + 1
    inbox.sweep()
    assert inbox.keep([message(1)]) == [1]
    assert sorted(_numbers(inbox)) == [1, 2]


def test_what_is_known_of_messages_is_left_with_their_update_and_goes_with_it(database: Keeps) -> None:
    inbox = Inbox(database)
    inbox.keep([message(1), message(2)])
    inbox.note(1, 1, Sent(1))
    inbox.note(1, 1, Sent(1, {"message_id": 5}))
    inbox.note(1, 2, Sent(2))
    inbox.note(2, 1, Sent(0))
    assert [left.sent for left in inbox.left()] == [{1: Sent(1, {"message_id": 5}), 2: Sent(2)}, {1: Sent(0)}]
    inbox.done(1)
    inbox.note(1, 2, Sent(2))  # a straggler of a handled update
    assert [left.sent for left in inbox.left()] == [{1: Sent(0)}]
    assert database.rows("SELECT update_id FROM messages") == [(2,)]


def test_starts_are_counted_and_forgiven(database: Keeps) -> None:
    inbox = Inbox(database)
    inbox.keep([message(1)])
    inbox.begin(1)
    inbox.begin(1)
    assert [left.starts for left in inbox.left()] == [2]
    inbox.forgive()
    assert [left.starts for left in inbox.left()] == [0]


def test_starts_of_what_could_send_do_not_count(database: Keeps) -> None:
    inbox = Inbox(database)
    inbox.keep([message(1)])
    inbox.begin(1)
    inbox.note(1, 1, Sent(1))
    assert [left.starts for left in inbox.left()] == [0]


def test_nothing_that_people_wrote_stays_when_it_is_handled(tmp_path: Path) -> None:
    words = "not for others"
    with closing(Database(tmp_path)) as database:
        inbox = Inbox(database)
        inbox.keep([message(1, text=words)])
        inbox.note(1, 1, Sent(1, {"text": words}))
        inbox.done(1)
        database.wipe()
    assert words.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
