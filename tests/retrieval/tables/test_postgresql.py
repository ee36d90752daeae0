"""Tables on a server: one process writes, others read what is whole, and a server that comes back is found again."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from state_servers import PostgreSQLServer

from retrieval.errors import AwayError, EngineError
from retrieval.tables import postgresql
from retrieval.tables.postgresql import ServerTables

pytestmark = pytest.mark.cluster

WORDS = "CREATE TABLE IF NOT EXISTS words (word TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;"
KEEP = "INSERT INTO words VALUES (?, ?)"


@pytest.fixture
def address(postgresql_server: PostgreSQLServer) -> str:
    return postgresql_server.new()


@pytest.fixture
def writer(address: str) -> Iterator[ServerTables]:
    with closing(ServerTables(address, "trial")) as tables:
        assert tables.take(WORDS)
        yield tables


@pytest.fixture
def reader(address: str, writer: ServerTables) -> Iterator[ServerTables]:
    with closing(ServerTables(address, "trial")) as tables:
        yield tables


def test_one_writes_and_another_reads_what_is_whole(writer: ServerTables, reader: ServerTables) -> None:
    before = reader.state
    with writer.transaction():
        writer.run(KEEP, ("جسر", 1))
        assert writer.rows_within("SELECT count(*) FROM words") == [(1,)]
        assert reader.rows("SELECT count(*) FROM words") == [(0,)]
        assert reader.state == before
    assert list(reader.each("SELECT word FROM words WHERE word LIKE '%س%' AND count = ?", (1,))) == [("جسر",)]
    assert reader.state != before
    with pytest.raises(EngineError, match="another process writes"):
        reader.run(KEEP, ("مدرسة", 1))
    assert not reader.take(WORDS)


def test_what_fails_leaves_nothing(writer: ServerTables) -> None:
    with pytest.raises(EngineError, match="says no"), writer.transaction():
        writer.run_each(KEEP, [("جسر", 1), ("جسر", 2)])
    assert writer.rows("SELECT * FROM words") == []
    writer.run(KEEP, ("جسر", 3))


def test_words_come_in_the_order_of_their_bytes(writer: ServerTables) -> None:
    with writer.transaction():
        writer.run_each(KEEP, ((word, 1) for word in ["ب", "a", "أ", "B"]))
    assert [word for (word,) in writer.rows("SELECT word FROM words ORDER BY word")] == ["B", "a", "أ", "ب"]


def test_who_is_cut_off_writes_no_more_and_reads_on(
    writer: ServerTables, reader: ServerTables, postgresql_server: PostgreSQLServer
) -> None:
    postgresql_server.cut()
    assert reader.rows("SELECT count(*) FROM words") == [(0,)]
    with pytest.raises(AwayError):
        writer.check()
    assert not writer.is_taken
    with pytest.raises(AwayError), writer.transaction():
        pass
    assert reader.take(WORDS)
    assert not writer.take(WORDS)
    reader.run(KEEP, ("جسر", 1))


def test_a_server_that_is_away_is_said_soon_to_all_that_ask_and_found_again(
    reader: ServerTables, postgresql_server: PostgreSQLServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "SELDOM", 0.3)
    monkeypatch.setattr(postgresql, "PATIENCE", 1.0)
    assert reader.rows("SELECT count(*) FROM words") == [(0,)]
    postgresql_server.stop()
    try:
        told: list[str] = []

        def ask() -> None:
            with suppress(AwayError):
                reader.rows("SELECT count(*) FROM words")
                return
            told.append("away")

        began = time.monotonic()
        asking = [threading.Thread(target=ask) for _ in range(20)]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
        assert told == ["away"] * 20
        assert time.monotonic() - began < 10
    finally:
        postgresql_server.start()
    ends = time.monotonic() + 20
    while not _is_found(reader):  # asked at every moment, it is found again all the same
        assert time.monotonic() < ends


def _is_found(reader: ServerTables) -> bool:
    with suppress(AwayError):
        return reader.rows("SELECT count(*) FROM words") == [(0,)]
    return False


def test_no_password_is_told(postgresql_server: PostgreSQLServer) -> None:
    address = postgresql_server.address("nowhere").replace("iqtibas@", "iqtibas:s3cret@")
    with closing(ServerTables(address, "trial")) as tables, pytest.raises(AwayError) as caught:
        tables.take(WORDS)
    assert "s3cret" not in str(caught.value)


def test_what_is_read_or_written_is_not_dropped(address: str, writer: ServerTables, reader: ServerTables) -> None:
    reader.rows("SELECT 1")
    forgotten: list[str] = []
    with closing(ServerTables(address, "trial")) as dropping:
        assert not dropping.drop(lambda: forgotten.append("writer"))
        writer.close()
        time.sleep(0.2)
        assert not dropping.drop(lambda: forgotten.append("reader"))
        reader.close()
        time.sleep(0.2)
        assert dropping.drop(lambda: forgotten.append("nobody"))
        assert forgotten == ["nobody"]
        assert dropping.rows("SELECT to_regclass('trial.words')") == [(None,)]


def test_what_is_no_text_to_the_server_is_kept_as_something_else(writer: ServerTables) -> None:
    writer.run(KEEP, ("a\0b\ud800", 1))
    assert writer.rows("SELECT word FROM words") == [("a\ufffdb?",)]


def test_an_index_that_is_gone_says_what_makes_it(writer: ServerTables, reader: ServerTables) -> None:
    assert reader.rows("SELECT 1") == [(1,)]
    writer.run("DROP TABLE words")
    with pytest.raises(EngineError, match="iqtibas index --engine cluster"):
        reader.rows("SELECT * FROM words")
