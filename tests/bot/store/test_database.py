"""The state folder's database: durable, wiped where asked, and clear about what it cannot use."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import database
from bot.store.database import NAME, Database, StoreError

NOTES = ("CREATE TABLE notes (words TEXT NOT NULL)",)


@pytest.fixture(autouse=True)
def _one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MIGRATIONS", (NOTES,))


def test_what_is_written_is_there_after_opening_again(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "state")) as first:
        first.run("INSERT INTO notes VALUES (?)", ["كلمة"])
    with closing(Database(tmp_path / "state")) as second:
        assert second.rows("SELECT words FROM notes") == [("كلمة",)]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    Database(tmp_path / "state").close()
    assert (tmp_path / "state" / NAME).stat().st_mode & 0o077 == 0


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        with pytest.raises(sqlite3.IntegrityError), store.transaction() as connection:
            connection.executemany("INSERT INTO notes VALUES (?)", [("x",), (None,)])
        assert store.rows("SELECT * FROM notes") == []


def test_an_older_file_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Database(tmp_path)) as old:
        old.run("INSERT INTO notes VALUES ('x')")
    monkeypatch.setattr(database, "MIGRATIONS", (NOTES, ("ALTER TABLE notes ADD COLUMN at REAL",)))
    with closing(Database(tmp_path)) as new:
        assert new.rows("SELECT words, at FROM notes") == [("x", None)]


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(tmp_path).close()
    broken = ("CREATE TABLE more (x)", "no statement")
    monkeypatch.setattr(database, "MIGRATIONS", (NOTES, broken))
    with pytest.raises(StoreError, match=NAME):
        Database(tmp_path)
    monkeypatch.setattr(database, "MIGRATIONS", (NOTES,))
    with closing(Database(tmp_path)) as before:
        assert before.rows("SELECT name FROM sqlite_master") == [("notes",)]


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(tmp_path).close()
    monkeypatch.setattr(database, "MIGRATIONS", ())
    with pytest.raises(StoreError, match="newer version"):
        Database(tmp_path)


def test_what_is_no_database_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("not SQLite " * 100)
    with pytest.raises(StoreError, match="IQTIBAS_DATA"):
        Database(tmp_path)


def test_after_wiping_no_file_holds_what_was_deleted(tmp_path: Path) -> None:
    secret = "كلام لا يعرفه أحد"  # noqa: S105
    with closing(Database(tmp_path)) as store:
        with store.transaction() as connection:
            connection.executemany("INSERT INTO notes VALUES (?)", [(f"{secret} {n}",) for n in range(500)])
        store.run("DELETE FROM notes")
        store.wipe()
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in held


def test_it_is_durable_by_its_settings(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as store:
        assert store.rows("PRAGMA journal_mode") == [("wal",)]
        assert store.rows("PRAGMA synchronous") == [(2,)]
    assert sqlite3.threadsafety > 0
