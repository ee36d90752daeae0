"""What chats gave, on each machine that shares a server: there before it serves, and gone where it was deleted."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from state_servers import PostgreSQLServer

from bot.sources.copies import follow
from bot.sources.private import PrivateLibraries
from bot.store.database import Keeps
from bot.store.files import Files
from bot.store.shared.opening import server

pytestmark = pytest.mark.cluster

TEXT = "عنوان الرسالة\n\nنزل المطر على القرية الزرقاء يوم الأحد.\n".encode()


@pytest.fixture
def database(postgresql_server: PostgreSQLServer) -> Iterator[Keeps]:
    with closing(server(postgresql_server.new())) as database:
        assert database.take_turn()
        yield database


def files_of(machine: Path) -> dict[str, bytes]:
    folder = machine / "files"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_another_machine_has_what_was_given_and_answers_from_it(database: Keeps, tmp_path: Path) -> None:
    first = PrivateLibraries(Files(database), tmp_path / "first" / "files", reader=False)
    first.add(7, 7, "كمال", "a.txt", TEXT)
    first.close()
    second = PrivateLibraries(Files(database), tmp_path / "second" / "files", reader=False)
    assert files_of(tmp_path / "second") == files_of(tmp_path / "first") == {"7/1/a.txt": TEXT}
    second.make_ready(7)
    library = second.of(7)
    assert library
    assert library.ask("متى نزل المطر على القرية الزرقاء؟").found
    second.close()


def test_a_copy_that_was_altered_is_fetched_again(database: Keeps, tmp_path: Path) -> None:
    libraries = PrivateLibraries(Files(database), tmp_path / "files", reader=False)
    libraries.add(7, 7, "كمال", "a.txt", TEXT)
    libraries.close()
    (tmp_path / "files" / "7" / "1" / "a.txt").write_bytes(TEXT[:-2] + b"x\n")
    (tmp_path / "prepared" / "7" / "files.json").unlink()
    again = PrivateLibraries(Files(database), tmp_path / "files", reader=False)
    again.make_ready(7)
    assert files_of(tmp_path) == {"7/1/a.txt": TEXT}
    again.close()


def test_who_stands_by_follows_what_is_given_taken_back_and_moved(database: Keeps, tmp_path: Path) -> None:
    files, folder = Files(database), tmp_path / "files"
    kept, gone = (files.add(-5, 7, "كمال", f"{name}.txt", TEXT, "") for name in "ab")
    follow(files, folder)
    assert files_of(tmp_path) == {"-5/1/a.txt": TEXT, "-5/2/b.txt": TEXT}
    for made_of_it in ("prepared", "vectors"):
        (tmp_path / made_of_it / "-5").mkdir(parents=True)
        (tmp_path / made_of_it / "-5" / "words").write_bytes(TEXT)
    files.remove(gone)
    follow(files, folder)
    assert files_of(tmp_path) == {"-5/1/a.txt": TEXT}
    assert not list((tmp_path / "prepared").iterdir())
    assert not list((tmp_path / "vectors").iterdir())
    files.move(-5, -1005)
    follow(files, folder)
    assert files_of(tmp_path) == {"-1005/1/a.txt": TEXT}
    files.remove(kept)
    follow(files, folder)
    assert files_of(tmp_path) == {}
