"""The two places of the state, which every test of what is stored is run on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.store.database import Database, Keeps
from bot.store.shared.opening import server
from bot.store.shared.postgresql import PostgreSQL

Open = Callable[[], Keeps]
"""Opens the same place, anew each time; what was opened before is closed by then."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.cluster)])
def open_state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as opened:
        if request.param == "sqlite":
            yield lambda: opened.enter_context(closing(Database(tmp_path)))
            return
        address = request.getfixturevalue("postgresql_server").new()

        def again() -> Keeps:
            opened.close()
            database = opened.enter_context(closing(server(address)))
            while not database.take_turn():
                pass  # the server has not seen yet that the session before is closed
            return database

        yield again


@pytest.fixture
def database(open_state: Open) -> Keeps:
    return open_state()


@pytest.fixture
def kept(request: pytest.FixtureRequest, database: Keeps, tmp_path: Path) -> Callable[[], bytes]:
    """All bytes of the state, as they stand on the disk."""
    folder = tmp_path
    if isinstance(database, PostgreSQL):
        running = request.getfixturevalue("postgresql_server")
        ((number,),) = database.rows("SELECT oid FROM pg_database WHERE datname = current_database()")
        folder = running.data / "base" / str(number)
    return lambda: b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
