"""What a killed process, a bad disk or a stranger left among the files of chats: ended, forgotten, or set aside."""

import itertools
import shutil
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from bot.sources.private import PrivateLibraries
from bot.store.chats import Chats
from bot.store.database import Database
from bot.store.files import Files
from bot.store.folders import deleted
from bot.store.threads import StoredThreads, Turn
from retrieval.errors import EngineError

LEASE = "عقد الإيجار\n\nيدفع المستأجر كمال الزهراني ثلاثة آلاف ريال في مطلع كل شهر.\n\nوينتهي العقد في آخر السنة.\n"
ASKED = "كم يدفع المستأجر كمال الزهراني؟"
SAMI, LAYLA, GROUP, NEW = 11, 22, -33, -10033


@contextmanager
def opened(folder: Path) -> Iterator[PrivateLibraries]:
    with closing(Database(folder)) as database:
        yield PrivateLibraries(Files(database), folder / "files", min_confidence=0.2, reader=False)


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A state folder with a file of a person's and one of a group's; the path of the first."""
    with opened(tmp_path) as libraries:
        add(libraries, SAMI)
        add(libraries, GROUP, giver=SAMI)
    return tmp_path / "files" / str(SAMI) / "1" / "عقد.txt"


def add(libraries: PrivateLibraries, chat: int, giver: int | None = None, name: str = "عقد.txt") -> None:
    libraries.add(chat, giver or chat, "سامي", name, LEASE.encode())


def answers(libraries: PrivateLibraries, chat: int) -> bool:
    libraries.make_ready(chat)
    library = libraries.of(chat)
    return library is not None and library.ask(ASKED).found


def test_what_was_on_its_way_in_is_removed(tmp_path: Path, given: Path) -> None:
    part = given.with_name("عقد.txt.part")
    part.write_bytes(b"half")
    with opened(tmp_path) as libraries:
        assert answers(libraries, SAMI)
    assert not part.exists()
    assert not (tmp_path / "aside").exists()


def test_half_a_file_is_not_served_and_is_said(tmp_path: Path, given: Path, caplog: pytest.LogCaptureFixture) -> None:
    given.write_bytes(LEASE.encode()[:100])
    with opened(tmp_path) as libraries:
        assert libraries.files(SAMI) == []
        assert not answers(libraries, SAMI)
        assert answers(libraries, GROUP)
    assert not given.exists()
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "file 1 of chat 11: not whole, and taken out"


def test_what_does_not_stand_as_it_was_given_is_set_aside_and_named(
    tmp_path: Path, given: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given.write_bytes(LEASE.encode().replace("ثلاثة".encode(), "أربعة".encode()))
    with opened(tmp_path) as libraries:
        assert not answers(libraries, SAMI)
        assert libraries.files(SAMI) == []
    assert [path.name for path in (tmp_path / "aside").rglob("*.txt")] == ["عقد.txt"]
    (line,) = [record.getMessage() for record in caplog.records]
    assert "11/1 is not as it was given: set aside" in line
    assert "عقد" not in line


def test_what_nobody_knows_of_is_set_aside_and_named_and_what_is_left_of_a_deletion_goes(
    tmp_path: Path, given: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = tmp_path / "files"
    for number in ("2", "99"):  # given once, and never
        (files / str(LAYLA) / number).mkdir(parents=True)
        (files / str(LAYLA) / number / "سر.txt").write_text(LEASE, "utf-8")
    (files / "notes.txt").write_text("x", "utf-8")
    (given.parent / "another.txt").write_text("x", "utf-8")
    with opened(tmp_path) as libraries:
        assert answers(libraries, SAMI)
    assert {path.name for path in files.glob("*")} == {str(SAMI), str(GROUP)}
    aside = {path.relative_to(tmp_path / "aside").parts[0] for path in (tmp_path / "aside").rglob("*.txt")}
    assert aside == {str(LAYLA), str(SAMI), "other"}
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 3
    assert not any("سر" in line for line in lines)
    assert sum("notes.txt" in line for line in lines) == 1
    caplog.clear()
    with opened(tmp_path):
        assert caplog.records == []


def test_who_is_forgotten_takes_along_what_is_set_aside_and_may_be_theirs(tmp_path: Path, given: Path) -> None:
    for chat in (SAMI, LAYLA, -44):
        (tmp_path / "files" / str(chat) / "99").mkdir(parents=True)
        (tmp_path / "files" / str(chat) / "99" / "سر.txt").write_text(LEASE, "utf-8")
    with opened(tmp_path) as libraries:
        libraries.forget(SAMI)
    assert [path.name for path in (tmp_path / "aside").iterdir()] == [str(LAYLA)]


def test_what_was_made_of_a_file_goes_before_it_is_forgotten_that_there_was_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: Files, __: object) -> None:
        raise KeyboardInterrupt

    with opened(tmp_path) as libraries:
        add(libraries, GROUP, giver=SAMI)
        add(libraries, GROUP, giver=LAYLA, name="b.txt")
        with monkeypatch.context() as patch:
            patch.setattr(Files, "remove", killed)
            with pytest.raises(KeyboardInterrupt):
                libraries.forget(SAMI)
    assert not (tmp_path / "prepared" / str(GROUP)).exists()
    with opened(tmp_path) as again:
        assert again.forget(SAMI) == 1


def test_what_is_still_written_to_is_deleted_all_the_same(tmp_path: Path, given: Path) -> None:
    made = tmp_path / "prepared" / str(SAMI)

    def write() -> None:
        ends = time.monotonic() + 0.4
        with suppress(OSError):  # the folder is gone, and is not made again
            for number in itertools.count():
                (made / f"{number}.part").touch()
                if time.monotonic() > ends:
                    return

    with opened(tmp_path) as libraries:
        assert answers(libraries, SAMI)
        with ThreadPoolExecutor() as writers:
            writing = [writers.submit(write) for _ in range(3)]
            while len(list(made.iterdir())) < 300:
                time.sleep(0.001)
            assert libraries.forget(SAMI) == 2
            assert not made.exists()
            wait(writing)


def test_what_cannot_be_deleted_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    deleted(tmp_path / "link")
    assert "cannot be deleted" in caplog.text


@pytest.mark.parametrize("moved", [0, 1, 2])
def test_a_move_that_was_begun_is_brought_to_its_end(tmp_path: Path, moved: int) -> None:
    with closing(Database(tmp_path)) as database:
        libraries = PrivateLibraries(Files(database), tmp_path / "files", min_confidence=0.2, reader=False)
        for number in range(2):
            add(libraries, GROUP, giver=SAMI, name=f"{number}.txt")
        Chats(database).move(GROUP, NEW)
        (tmp_path / "files" / str(NEW)).mkdir()
        for number in range(moved):
            old = tmp_path / "files" / str(GROUP) / str(number + 1)
            old.rename(tmp_path / "files" / str(NEW) / str(number + 1))
    with opened(tmp_path) as libraries:
        assert [file.name for file in libraries.files(NEW)] == ["0.txt", "1.txt"]
        assert answers(libraries, NEW)
        assert libraries.of(GROUP) is None
    assert [path.name for path in (tmp_path / "files").iterdir()] == [str(NEW)]
    with closing(Database(tmp_path)) as database:
        assert Files(database).moving() == []


def test_a_move_takes_all_rows_or_none(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        StoredThreads(database).keep(Turn(GROUP, "x"))
        Chats(database).note(GROUP, "group", "admin")
        database.run("DROP TABLE answers")
        with pytest.raises(Exception, match="no such table"):
            Chats(database).move(GROUP, NEW)
        assert database.rows("SELECT chat FROM turns") == [(GROUP,)]
        assert Chats(database).standing(GROUP) == "admin"


def test_the_admins_of_a_group_forget_what_they_gave_and_not_what_others_did(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, GROUP, giver=GROUP, name="a.txt")
        add(libraries, GROUP, giver=SAMI, name="b.txt")
        assert libraries.forget(GROUP) == 1
        assert [file.name for file in libraries.files(GROUP)] == ["b.txt"]


def test_all_that_is_made_is_for_its_owner_alone(tmp_path: Path, given: Path) -> None:
    paths = [path for path in tmp_path.rglob("*") if given.parents[2] in (path, *path.parents)]
    assert {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths} == {(True, 0o700), (False, 0o600)}


def test_a_file_that_is_given_again_after_a_kill_is_checked_like_a_new_one(tmp_path: Path) -> None:
    with closing(Database(tmp_path)) as database:
        files = Files(database)
        libraries = PrivateLibraries(files, tmp_path / "files", reader=False)
        with pytest.raises(Exception, match="not_text"):
            libraries.add(SAMI, SAMI, "سامي", "a.txt", b"\0\0")
        assert files.of(SAMI) == []


def test_a_file_that_is_given_again_while_the_disk_fails_is_not_taken_out(tmp_path: Path, given: Path) -> None:
    index = tmp_path / "prepared" / str(SAMI)
    with opened(tmp_path) as libraries:
        shutil.rmtree(index)
        index.write_bytes(b"")  # nothing can be written there
        with pytest.raises(EngineError):
            add(libraries, SAMI)
        assert [file.name for file in libraries.files(SAMI)] == ["عقد.txt"]
        assert given.exists()
        index.unlink()
        add(libraries, SAMI)
        assert answers(libraries, SAMI)
