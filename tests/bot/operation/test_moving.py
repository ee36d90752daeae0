"""From a folder to a server and back, by a copy: nothing is lost, and what is counted goes on."""

from contextlib import closing
from pathlib import Path

import pytest
from state_servers import PostgreSQLServer

from bot.operation.backup import BackupError, back_up, restore
from bot.operation.doctor import examine
from bot.store import held
from bot.store.answers import Answers, Place, Shown
from bot.store.chats import Chats
from bot.store.database import Database, Keeps, StoreError
from bot.store.feedback import Feedback, Opinion, Quoted, Refusals, Refused
from bot.store.files import Files
from bot.store.inbox import Inbox, Sent
from bot.store.shared.opening import server, stored, unanswered
from bot.store.threads import StoredThreads, Turn

pytestmark = pytest.mark.cluster

TEXT = "عنوان\n\nنزل المطر\0 على القرية.".encode()
PLACE = Place("a.txt", 0, 18, "abc", 2, ((1, 2),), "own", (0, 3), (("b.txt", "عنوان"),))


def fill(database: Keeps) -> None:
    """A row or two of each table."""
    chats = Chats(database)
    chats.note(-5, "group", "admin")
    chats.move(-5, -1005)
    inbox = Inbox(database)
    inbox.keep([{"update_id": number, "message": {"text": "متى؟\ud83d", "from": {"id": 7}}} for number in range(3)])
    inbox.begin(1)
    inbox.note(1, 1, Sent(1, {"message_id": 5}))
    inbox.done(2)
    inbox.forget_after(7, but=0)
    StoredThreads(database).keep(Turn(7, "متى؟", person=7, message=4, since=5.5, cards=(8,)))
    Answers(database).keep(Shown(7, 7, "متى؟", "متى؟", None, (PLACE,), people=frozenset({7, 9}), since=1.5))
    Feedback(database).keep(Opinion("abc", 7, 8, True, "متى؟", "متى؟", None, (Quoted("a.txt", "مساء", None),)))
    Refusals(database, is_on=True).keep(Refused(7, "متى؟"))


def rows(database: Keeps) -> dict[str, list[tuple[object, ...]]]:
    """All rows of each table."""
    found = {}
    for table in held.TABLES:
        if table.name != "sqlite_sequence":
            columns = ", ".join(f'"{name}"' for name in (*table.words, *table.others))
            found[table.name] = sorted(database.rows(f"SELECT {columns} FROM {table.name}"), key=repr)  # noqa: S608
    return found


def give(data: Path, database: Keeps) -> None:
    files = Files(database)
    gone, file = (files.add(7, 7, "كمال", f"{name}.txt", TEXT, "abc") for name in ("ذهب", "بقي"))
    files.remove(gone)
    files.remove(files.add(7, 7, "كمال", "آخر.txt", TEXT, "abc"))  # the last number that was given is no file's
    path = data / "files" / "7" / str(file.id) / file.name
    path.parent.mkdir(parents=True)
    path.write_bytes(TEXT)


def test_there_and_back_all_is_as_it_was(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    address, data, back = postgresql_server.new(), tmp_path / "data", tmp_path / "back"
    with closing(Database(data)) as database:
        fill(database)
        give(data, database)
        before = rows(database)
        assert all(before.values())
    back_up(data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "replica", address)
    assert stored(tmp_path, address) == stored(data)
    assert unanswered(tmp_path, address) == unanswered(data)
    with closing(server(address)) as there:
        assert rows(there) == before
        (file,) = Files(there).of(7)
        assert Files(there).content(file) == TEXT
        back_up(tmp_path / "replica", tmp_path / "copy back", address)
    restore(tmp_path / "copy back", back)
    with closing(Database(back)) as database:
        assert rows(database) == before
        assert (back / "files" / "7" / str(file.id) / file.name).read_bytes() == TEXT
        assert Files(database).last() == file.id + 1


def test_what_is_added_after_the_move_has_a_number_of_its_own(
    postgresql_server: PostgreSQLServer, tmp_path: Path
) -> None:
    address, data = postgresql_server.new(), tmp_path / "data"
    with closing(Database(data)) as database:
        fill(database)
        give(data, database)
        last = Files(database).last()
    back_up(data, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "replica", address)
    with closing(server(address)) as there:
        assert Files(there).add(7, 7, "كمال", "x.txt", TEXT, "").id == last + 1
        Answers(there).keep(Shown(7, 7, "من؟", "من؟"))
        Refusals(there, is_on=True).keep(Refused(7, "من؟"))
        assert len(there.rows("SELECT number FROM answers")) == 2


def test_a_server_that_is_used_is_not_written_over(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    address, data = postgresql_server.new(), tmp_path / "data"
    with closing(Database(data)) as database:
        fill(database)
    back_up(data, tmp_path / "copy")
    with closing(server(address)) as serving:
        assert serving.take_turn("another machine")
        with pytest.raises(BackupError, match="another machine serves from it; stop that one"):
            restore(tmp_path / "copy", tmp_path / "replica", address)
    restore_when_free(tmp_path, address)
    with pytest.raises(BackupError, match="something is kept there"):
        restore_when_free(tmp_path, address)


def restore_when_free(folder: Path, address: str) -> None:
    with closing(server(address)) as looking:
        while looking.holder():
            pass  # the server has not seen yet that the session before is closed
    restore(folder / "copy", folder / "replica", address)


def test_of_a_server_that_keeps_nothing_there_is_no_copy(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    address = postgresql_server.new()
    with pytest.raises(BackupError, match="nothing is kept there yet"):
        back_up(tmp_path / "data", tmp_path / "copy", address)
    assert stored(tmp_path, address) == []
    with closing(server(address)) as looking:
        assert looking.version() is None  # looking makes nothing


def test_doctor_says_who_serves_and_what_could_be_lost(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    address = postgresql_server.new().replace("iqtibas@", "iqtibas:secret@")

    def found() -> list[tuple[str, str]]:
        environ = {"IQTIBAS_DATABASE": address, "IQTIBAS_CORPUS": str(tmp_path), "IQTIBAS_READER": "off"}
        findings = examine(environ, tmp_path, None, lambda _: ())
        return [(finding.state, finding.says) for finding in findings if finding.subject == "database"]

    assert "nothing is kept yet; nobody serves from it" in found()[0][1]
    with closing(server(address)) as serving:
        serving.take_turn("machine-1, process 5")
        assert "machine-1, process 5 serves from it" in found()[0][1]
        assert any(state == "note" and "fsync is off" in says for state, says in found())
    assert "secret" not in str(found())
    address = address.replace("/test", "/no")
    ((state, says),) = found()
    assert state == "bad"
    assert "mend IQTIBAS_DATABASE" in says
    assert "secret" not in says


def test_a_server_of_a_newer_version_is_left_alone(postgresql_server: PostgreSQLServer, tmp_path: Path) -> None:
    address = postgresql_server.new()
    with closing(server(address)) as serving:
        serving.take_turn()
        serving.run("UPDATE version SET number = number + 1")
        serving.rows("SELECT pg_advisory_unlock_all()")
        with closing(server(address)) as older, pytest.raises(StoreError, match="newer version"):
            older.take_turn()
    with pytest.raises(StoreError, match="newer version"):
        stored(tmp_path, address)
