"""The state file while the bot serves: damaged, deleted, replaced, and swept without traffic."""

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.store.database import NAME, Database, StoreError
from bot.store.minding import Minder
from bot.store.threads import KEPT, StoredThreads, Turn

PATIENCE = 60.0


def mind(database: Database, scenario: Callable[[], Awaitable[None]]) -> None:
    """The minder beside a scenario, until that ends. Raises what it raises."""

    async def run() -> None:
        minding = asyncio.create_task(Minder(database, lambda: None, 0.01, 0.01).run())
        doing = asyncio.ensure_future(scenario())
        await asyncio.wait({minding, doing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (minding, doing):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())


async def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def note(database: Database, chat: int, since: float) -> None:
    StoredThreads(database).keep(Turn(chat, "كلام يزول", since=since))


def fill(database: Database, rows: int = 2000) -> None:
    with database.transaction():
        for number in range(rows):
            note(database, number, time.time())
    database.settle()


def test_what_is_too_old_goes_without_traffic_and_leaves_no_trace(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        note(database, 1, time.time() - KEPT)

        async def scenario() -> None:
            await until(lambda: not any("كلام يزول".encode() in path.read_bytes() for path in tmp_path.iterdir()))

        mind(database, scenario)
        assert database.rows("SELECT * FROM turns") == []


def test_deleted_while_it_is_in_use_it_is_put_back_with_all_that_was_in_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Database(tmp_path)) as database:
        note(database, 1, time.time())

        async def scenario() -> None:
            for ending in ("", "-wal", "-shm"):
                Path(f"{database.path}{ending}").unlink(missing_ok=True)
            await until(database.path.exists)
            await until(lambda: database.stands)
            note(database, 2, time.time())

        mind(database, scenario)
    with closing(Database(tmp_path)) as again:
        assert again.rows("SELECT chat FROM turns ORDER BY chat") == [(1,), (2,)]
        assert again.rows("SELECT seq FROM sqlite_sequence") == []
    assert [r.getMessage() for r in caplog.records] == [
        f"{database.path}: deleted while the bot serves; put back with all that was in it"
    ]
    assert database.path.stat().st_mode & 0o077 == 0


def test_replaced_by_another_it_is_left_alone_and_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(Database(tmp_path)) as database:
        other = tmp_path / "other"
        other.write_bytes(database.path.read_bytes())

        async def scenario() -> None:
            other.replace(database.path)
            await until(lambda: bool(caplog.records))
            await asyncio.sleep(0.1)

        mind(database, scenario)
        (record,) = caplog.records
        assert "replaced by another file" in record.getMessage()
        assert NAME in record.getMessage()


def damage(path: Path) -> None:
    """Writes over the pages after the first."""
    with path.open("r+b") as file:
        for page in range(8, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(os.urandom(4096))


def test_damage_is_found_in_the_background_and_said_in_one_line_with_the_mend(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with closing(Database(tmp_path)) as database:
        fill(database)
        damage(database.path)
        mind(database, lambda: until(lambda: bool(caplog.records)))
    line = caplog.records[0].getMessage()
    assert "damaged" in line
    assert "-wal" in line
    assert "\n" not in line


def test_a_statement_that_meets_damage_ends_it(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        fill(database)
        damage(database.path)

        async def scenario() -> None:
            database.run("PRAGMA shrink_memory")  # what was read before is still known
            with suppress(Exception):
                database.rows("SELECT sum(length(searched)) FROM turns")
            await asyncio.sleep(PATIENCE)

        with pytest.raises(StoreError, match="damaged"):
            mind(database, scenario)


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_a_file_that_was_cut_short_ends_it_though_no_statement_meets_that(tmp_path: Path, left: float) -> None:
    with closing(Database(tmp_path)) as database:
        fill(database)

        async def scenario() -> None:
            os.truncate(database.path, int(database.path.stat().st_size * left))
            assert database.rows("SELECT count(*) FROM turns") == [(2000,)]
            await asyncio.sleep(PATIENCE)

        with pytest.raises(StoreError, match="damaged"):
            mind(database, scenario)


def test_a_file_that_another_program_made_shorter_is_whole(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        fill(database)
        database.run("DELETE FROM turns")
        database.settle()

        async def scenario() -> None:
            before = database.path.stat().st_size
            with closing(sqlite3.connect(database.path)) as other:
                other.execute("VACUUM")
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert database.path.stat().st_size < before
            await asyncio.sleep(0.2)
            note(database, 1, time.time())

        mind(database, scenario)


def test_at_the_start_damage_is_told_from_other_troubles(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        fill(database)
    damage(tmp_path / NAME)
    with pytest.raises(StoreError, match="damaged"):
        Database(tmp_path)


def test_a_folder_in_place_of_the_file_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        Database(tmp_path)
