"""The one list of what can hold a person's words: it has all tables and columns, and by it all of them go."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from state_servers import PostgreSQLServer

from bot.store import held
from bot.store.answers import KEPT
from bot.store.database import NAME, OLDER, Database, Keeps
from bot.store.feedback import REFUSED
from bot.store.inbox import REMEMBERED
from bot.store.people import UNKNOWN, column, of
from bot.store.shared.opening import server

PERSON, OTHER = 7, 8
NUMBERS = ("INTEGER", "REAL", "bigint", "double precision")
AGES = {"turns": (0, 1801), "answers": (0, KEPT + 1), "refused": (0, REFUSED + 1), "updates": (0, REMEMBERED + 1)}
numbers = count(1)
WORDS, OTHERS = "كلام قاله واحد", "كلام قاله غيره"


def columns(database: Keeps) -> dict[str, list[tuple[str, str]]]:
    """The columns of each table, with their types."""
    if not isinstance(database, Database):
        found: dict[str, list[tuple[str, str]]] = {}
        for table, name, kind in database.rows(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
        ):
            found.setdefault(table, []).append((name, kind))
        return found
    tables = [name for (name,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {
        table: [(name, kind) for _, name, kind, *_ in database.rows(f"PRAGMA table_info({table})")] for table in tables
    }


def add(database: Keeps, table: held.Table, **given: Any) -> None:
    """A row with ``given`` values; in other columns a number of its own, or nothing."""
    number = next(numbers)
    values = {
        name: given.get(name, number if kind in NUMBERS else f"{number}")
        for name, kind in columns(database)[table.name]
    }
    marks = ", ".join("?" * len(values))
    names = ", ".join(f'"{name}"' for name in values)
    database.run(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608


def test_every_column_of_every_table_is_on_the_list(database: Keeps) -> None:
    listed = {table.name: {*table.words, *table.others} for table in held.TABLES}
    if not isinstance(database, Database):
        listed |= {table.name: {*table.words, *table.others} for table in held.ON_A_SERVER}
        del listed["sqlite_sequence"]
    assert listed == {table: {name for name, _ in found} for table, found in columns(database).items()}


@pytest.mark.parametrize(
    ("table", "whose"),
    [
        (table, whose)
        for table in held.TABLES
        if table.theirs
        for whose in ("chat", "person", "asker", "user", "giver", "people", "unknown")
        if whose in table.others or (whose == "unknown" and "people" in table.others)
    ],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_who_is_forgotten_leaves_no_word_in_any_column_and_others_stay(
    database: Keeps, kept: Callable[[], bytes], table: held.Table, whose: str
) -> None:
    known = {"people": column({OTHER}), "chat": -5, "person": OTHER, "asker": OTHER, "user": OTHER, "giver": OTHER}
    theirs = {"people": column({OTHER, PERSON})} if whose == "people" else {whose: PERSON}
    theirs = {"people": column({UNKNOWN})} if whose == "unknown" else theirs
    add(database, table, **known | theirs | dict.fromkeys(table.words, WORDS))
    add(database, table, **known | dict.fromkeys(table.words, OTHERS))
    held.forget(database, PERSON)
    assert database.wipe()
    assert WORDS.encode() not in kept()
    assert OTHERS.encode() in kept()


def test_ids_are_whole_numbers_and_not_parts_of_others(database: Keeps) -> None:
    (answers,) = [table for table in held.TABLES if table.name == "answers"]
    add(database, answers, people=column({77, -7, 17}), asker=1, chat=-5)
    held.forget(database, PERSON)
    assert database.rows("SELECT people FROM answers") == [(column({77, -7, 17}),)]
    assert of(column({77, -7})) == {77, -7}


def test_what_is_too_old_goes_by_the_clock(database: Keeps) -> None:
    now = time.time()
    for table in held.TABLES:
        for age in AGES.get(table.name, ()):
            add(database, table, since=now - age, came=now - age, body=None)
    held.sweep(database)
    for name in AGES:
        assert database.rows(f"SELECT count(*) FROM {name}") == [(1,)]  # noqa: S608


def test_a_copy_of_a_time_to_come_is_kept_no_longer(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        copy = tmp_path / f"{NAME}{OLDER}1"
        copy.touch()
        os.utime(copy, (time.time() + 1e9, time.time() + 1e9))
        held.sweep(database)
        assert not copy.exists()


def test_what_is_of_a_time_to_come_is_kept_no_longer(database: Keeps) -> None:
    now = time.time()
    for table in held.TABLES:
        if table.name in AGES:
            add(database, table, since=now + 1e9, came=now + 1e9, body=None)
    held.sweep(database)
    for name in AGES:
        ((kept_since,),) = database.rows(f"SELECT {'came' if name == 'updates' else 'since'} FROM {name}")  # noqa: S608
        assert kept_since <= time.time()


def reading(database: Keeps, server: PostgreSQLServer | None) -> closing[Any]:
    """Another process's connection, which has begun to read."""
    if isinstance(database, Database):
        connection: Any = sqlite3.connect(database.path)
        connection.execute("BEGIN")
    else:
        assert server
        connection = psycopg.connect(server.address(database.name.rpartition("/")[2]))
    connection.execute("SELECT count(*) FROM answers").fetchall()
    return closing(connection)


def test_while_another_process_reads_nothing_is_wiped_and_then_it_is(
    database: Keeps, kept: Callable[[], bytes], request: pytest.FixtureRequest
) -> None:
    (answers,) = [table for table in held.TABLES if table.name == "answers"]
    add(database, answers, asker=PERSON, question=WORDS)
    server = None if isinstance(database, Database) else request.getfixturevalue("postgresql_server")
    with reading(database, server):
        held.forget(database, PERSON)
        assert not database.wipe()
        assert not database.is_settled
    while not database.settle():
        pass  # the server may not have seen yet that the other is gone
    assert database.is_settled
    assert WORDS.encode() not in kept()


def test_what_a_killed_process_left_in_the_log_is_gone_at_the_next_start(
    tmp_path: Path,
) -> None:
    killed = Database(tmp_path)
    (answers,) = [table for table in held.TABLES if table.name == "answers"]
    add(killed, answers, asker=PERSON, question=WORDS)
    held.forget(killed, PERSON)
    copies = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    killed.close()
    for name, content in copies.items():  # as a kill leaves them
        (tmp_path / name).write_bytes(content)
    assert WORDS.encode() in copies["iqtibas.sqlite3-wal"]
    with closing(Database(tmp_path)) as again:
        assert again.is_settled
        assert WORDS.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.cluster
def test_a_server_keeps_no_samples_of_words(postgresql_server: PostgreSQLServer) -> None:
    with closing(server(postgresql_server.new())) as database:
        assert database.take_turn()
        for table in held.TABLES:
            if table.words:
                for _ in range(5):
                    add(database, table, **dict.fromkeys(table.words, WORDS), chat=-5)
        database.rows("ANALYZE")
        assert WORDS not in str(database.rows("SELECT * FROM pg_stats WHERE schemaname = 'public'"))
