"""The server of state: connections that break, and whose turn it is."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import psycopg
import pytest
from state_servers import PostgreSQLServer

from bot.store.database import DisplacedError, StoreError
from bot.store.inbox import Inbox
from bot.store.shared.opening import server
from bot.store.shared.postgresql import PostgreSQL

pytestmark = pytest.mark.cluster

Open = Callable[[], PostgreSQL]


@pytest.fixture
def opened(postgresql_server: PostgreSQLServer) -> Iterator[Open]:
    """Opens one and the same database, again each time."""
    address = postgresql_server.new()
    with ExitStack() as all_of_them:
        yield lambda: all_of_them.enter_context(closing(server(address)))


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def numbers(database: PostgreSQL) -> list[int]:
    return [number for (number,) in database.rows("SELECT id FROM updates ORDER BY id")]


def test_one_serves_and_when_it_is_gone_another_does(opened: Open) -> None:
    first, second = opened(), opened()
    assert first.take_turn("first")
    assert first.take_turn("first")  # it has it
    assert not second.take_turn("second")
    assert second.holder() == "first"
    first.close()
    until(lambda: second.take_turn("second"))
    assert second.holder() == "second"
    with pytest.raises(StoreError, match="closed"):
        first.rows("SELECT 1")


def test_a_connection_that_breaks_is_made_again_and_nothing_is_lost(
    opened: Open, postgresql_server: PostgreSQLServer
) -> None:
    database = opened()
    assert database.take_turn()
    inbox = Inbox(database)
    assert inbox.keep([{"update_id": 1}]) == [1]
    postgresql_server.cut()
    assert inbox.keep([{"update_id": 2}]) == [2]
    postgresql_server.cut()
    with database.transaction():
        inbox.keep([{"update_id": 3}])
    assert numbers(database) == [1, 2, 3]
    database.check()


def test_a_transaction_over_which_it_breaks_leaves_nothing_and_is_one_to_try_again(
    opened: Open, postgresql_server: PostgreSQLServer
) -> None:
    database = opened()
    assert database.take_turn()

    def broken() -> None:
        with database.transaction():
            Inbox(database).keep([{"update_id": 1}])
            postgresql_server.cut()
            Inbox(database).keep([{"update_id": 2}])

    with pytest.raises(psycopg.OperationalError) as raised:
        broken()
    assert database.passes(raised.value)
    assert numbers(database) == []
    assert Inbox(database).keep([{"update_id": 1}]) == [1]


def displaced(opened: Open, server: PostgreSQLServer) -> tuple[PostgreSQL, PostgreSQL]:
    """Who had the turn until its connection broke, and who has it since."""
    first, second = opened(), opened()
    assert first.take_turn("first")
    server.cut()
    until(lambda: second.take_turn("second"))
    return first, second


def test_who_lost_its_turn_while_its_connection_was_broken_writes_nothing_more(
    opened: Open, postgresql_server: PostgreSQLServer
) -> None:
    first, second = displaced(opened, postgresql_server)
    for write in (lambda: Inbox(first).keep([{"update_id": 1}]), first.check, lambda: first.rows("SELECT 1")):
        with pytest.raises(DisplacedError, match="another process serves now"):
            write()
    with pytest.raises(DisplacedError), first.transaction():
        pass
    assert numbers(second) == []
    assert not first.take_turn("first")
    second.close()
    until(lambda: first.take_turn("first"))
    assert numbers(first) == []


def test_who_has_its_turn_again_after_somebody_else_had_it_knows(
    opened: Open, postgresql_server: PostgreSQLServer
) -> None:
    first, second = displaced(opened, postgresql_server)
    second.close()
    until(lambda: opened().holder() is None)
    with pytest.raises(DisplacedError):
        first.check()


def test_a_server_that_is_away_is_waited_for_and_then_it_goes_on(postgresql_server: PostgreSQLServer) -> None:
    with closing(PostgreSQL(postgresql_server.new(), patience=1)) as database:
        assert database.take_turn()
        postgresql_server.stop()
        try:
            with pytest.raises(psycopg.OperationalError):
                database.rows("SELECT 1")
            database.check()  # it may come back
        finally:
            postgresql_server.start()
        assert database.rows("SELECT 1") == [(1,)]


def test_what_is_no_server_is_named_without_its_password_and_with_the_mend() -> None:
    with pytest.raises(StoreError, match="mend IQTIBAS_DATABASE") as raised:
        server("postgresql://who:secret@127.0.0.1:1/name")
    assert "127.0.0.1:1/name" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_step_that_fails_leaves_the_version_before_it(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened()
    assert first.take_turn()
    before = first.version()
    assert before
    first.close()
    steps = [("SELECT 1",)] * before + [("CREATE TABLE more (x INTEGER)", "no statement")]
    monkeypatch.setattr("bot.store.shared.postgresql.MIGRATIONS", steps)
    second = opened()
    until(lambda: second.holder() is None)
    with pytest.raises(StoreError):
        second.take_turn()
    assert second.version() == before
    assert second.rows("SELECT to_regclass('more')") == [(None,)]
