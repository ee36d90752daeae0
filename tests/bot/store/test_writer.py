"""Changes off the event loop: in order, together, and patient with a disk that takes nothing."""

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import database as store
from bot.store.database import Database, StoreError
from bot.store.writer import Change, Writer

FULL = sqlite3.OperationalError("database or disk is full")


@pytest.fixture(autouse=True)
def _one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MIGRATIONS", (("CREATE TABLE notes (words TEXT NOT NULL)",),))


def _write(folder: Path, scenario: Callable[[Database, Writer], Awaitable[None]]) -> list[str]:
    """What the table holds after ``scenario``."""

    async def run() -> None:
        writer = Writer(database, again_after=0.01)
        await scenario(database, writer)
        await writer.close()

    with closing(Database(folder)) as database:
        asyncio.run(run())
        return [words for (words,) in database.rows("SELECT words FROM notes ORDER BY rowid")]


def _note(database: Database, words: str | None) -> Change[int]:
    return lambda: database.run("INSERT INTO notes VALUES (?)", [words])


def test_changes_are_made_in_their_order_off_the_loop_and_what_comes_together_in_one_transaction(
    tmp_path: Path,
) -> None:
    threads, statements = set(), []

    async def scenario(database: Database, writer: Writer) -> None:
        database._connection.set_trace_callback(statements.append)
        await writer.put(lambda: threads.add(threading.current_thread()))
        for number in range(50):
            writer.put(_note(database, str(number)))

    assert _write(tmp_path, scenario) == [str(number) for number in range(50)]
    assert threading.main_thread() not in threads
    assert statements.count("COMMIT") == 2


def test_a_change_that_cannot_be_made_fails_alone(tmp_path: Path) -> None:
    async def scenario(database: Database, writer: Writer) -> None:
        good, bad, last = (writer.put(_note(database, words)) for words in ("x", None, "y"))
        with pytest.raises(sqlite3.IntegrityError):
            await bad
        assert await good == await last == 1

    assert _write(tmp_path, scenario) == ["x", "y"]


class Disk:
    """A disk that takes nothing for so many tries."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals

    def take(self, change: Change[int]) -> Change[int]:
        def tried() -> int:
            if self.refusals:
                self.refusals -= 1
                raise FULL
            return change()

        return tried


def test_a_full_disk_is_waited_for_and_the_log_says_so_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)

    async def scenario(database: Database, writer: Writer) -> None:
        disk = Disk(5)
        for words in ("x", "y"):
            writer.put(disk.take(_note(database, words)))
        await writer.put(_note(database, "z"))

    assert _write(tmp_path, scenario) == ["x", "y", "z"]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert store.NAME in caplog.text


def test_who_is_not_patient_hears_at_once(tmp_path: Path) -> None:
    async def scenario(database: Database, writer: Writer) -> None:
        with pytest.raises(StoreError, match="disk is full"):
            await writer.put(Disk(1000).take(_note(database, "x")), patient=False)

    assert _write(tmp_path, scenario) == []


def test_a_stop_gives_up_what_the_disk_does_not_take(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(database: Database, writer: Writer) -> None:
        writer.put(Disk(1000).take(_note(database, "x")))
        await asyncio.sleep(0.02)

    assert _write(tmp_path, scenario) == []
    assert "given up because the state folder cannot be written: 1" in caplog.text


def test_a_file_that_may_not_grow_takes_changes_again_when_it_may(tmp_path: Path) -> None:
    """SQLite's own refusal, which ends its transaction by itself, and not one that a test raises."""

    async def scenario(database: Database, writer: Writer) -> None:
        database.run("PRAGMA max_page_count = 3")
        long = writer.put(_note(database, "x" * 100_000))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(long), 0.05)
        database.run("PRAGMA max_page_count = 1000")
        assert await long == 1

    assert len(_write(tmp_path, scenario)) == 1
