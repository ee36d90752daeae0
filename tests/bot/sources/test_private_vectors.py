"""The vectors of a chat's sentences: made of what it gave, and gone with it."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from private_files import GROUP, LAYLA, LEASE, RECIPE, SAMI, add, opened, ready

from bot.sources import private
from bot.sources.private import PrivateLibraries
from bot.store.database import Database
from bot.store.files import Files


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[PrivateLibraries]:
    with opened(tmp_path) as libraries:
        yield libraries


def make(libraries: PrivateLibraries, chat: int) -> None:
    assert ready(libraries, chat)
    assert libraries.make_vectors(chat, lambda: False)


def vectors(folder: Path) -> dict[str, list[tuple[str, bytes]]]:
    """The vectors of each chat as they stand in its file, with the names of what they are of."""
    found = {}
    for path in (folder / "vectors").glob("*/*"):
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT document, rows FROM places JOIN vectors USING (name)").fetchall()
        found[path.parent.name] = [(document.decode(), held) for document, held in rows]
    return found


def holding(folder: Path, wanted: list[bytes]) -> list[Path]:
    """The files in which any of some bytes stand."""
    return [path for path in folder.rglob("*") if path.is_file() and any(one in path.read_bytes() for one in wanted)]


def test_vectors_are_made_of_what_a_chat_gave_for_its_eyes_only(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    add(libraries, LAYLA, RECIPE)
    assert [chat for chat, _ in libraries.lacking_vectors()] == [SAMI, LAYLA]
    make(libraries, SAMI)
    assert [chat for chat, _ in libraries.lacking_vectors()] == [LAYLA]
    held = vectors(tmp_path)
    assert held.keys() == {str(SAMI)}
    assert len(held[str(SAMI)]) >= 1
    (path,) = (tmp_path / "vectors").glob("*/*")
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_vectors_are_there_after_a_restart_and_lack_again_after_a_further_file(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, SAMI, LEASE)
        make(libraries, SAMI)
    with opened(tmp_path) as again:
        library = ready(again, SAMI)
        assert library
        assert library.vectors_kept[0] == library.passages > 0
        make(again, SAMI)
        assert again.lacking_vectors() == []
        add(again, SAMI, RECIPE, "b.txt")
        assert [chat for chat, _ in again.lacking_vectors()] == [SAMI]


def test_who_is_forgotten_leaves_no_vector_behind(libraries: PrivateLibraries, tmp_path: Path) -> None:
    add(libraries, SAMI, LEASE)
    add(libraries, GROUP, LEASE, giver=SAMI)
    add(libraries, GROUP, RECIPE, "b.txt", giver=LAYLA)
    add(libraries, LAYLA, RECIPE, "b.txt")
    for chat in (SAMI, GROUP, LAYLA):
        make(libraries, chat)
    all_ = [one for of_chat in vectors(tmp_path).values() for one in of_chat]
    theirs = [rows for name, rows in all_ if name.endswith("a.txt")]
    assert len(holding(tmp_path, theirs)) == 2
    libraries.forget(SAMI)
    assert holding(tmp_path, theirs) == []
    make(libraries, GROUP)
    assert holding(tmp_path, theirs) == []
    assert vectors(tmp_path).keys() == {str(GROUP), str(LAYLA)}
    assert {name.rpartition("/")[2] for of_chat in vectors(tmp_path).values() for name, _ in of_chat} == {"b.txt"}


def test_what_is_taken_away_while_its_vectors_are_made_leaves_none(libraries: PrivateLibraries, tmp_path: Path) -> None:
    many = "\n\n".join(f"في الفقرة رقم {number} كلام كثير عن القافلة {'وما حملت ' * 20}." for number in range(30))
    add(libraries, SAMI, f"القافلة\n\n{many}\n")
    rounds = iter([lambda: None, lambda: libraries.remove(libraries.files(SAMI)[0])])

    def take_away() -> bool:
        next(rounds, lambda: None)()
        return False

    assert not libraries.make_vectors(SAMI, take_away)
    assert list((tmp_path / "vectors").iterdir()) == []


def test_a_library_that_is_closed_for_others_has_no_more_vectors_made(
    libraries: PrivateLibraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "OPEN", 1)
    add(libraries, SAMI, LEASE)
    assert not libraries.make_vectors(SAMI, lambda: bool(add(libraries, LAYLA, RECIPE)) and False)


def test_a_group_s_vectors_go_when_its_id_changes_and_are_made_again(
    libraries: PrivateLibraries, tmp_path: Path
) -> None:
    add(libraries, GROUP, LEASE, giver=SAMI)
    make(libraries, GROUP)
    libraries.move(GROUP, -10033)
    assert vectors(tmp_path) == {}
    make(libraries, -10033)
    assert vectors(tmp_path).keys() == {"-10033"}


def test_vectors_of_a_chat_without_files_are_cleared_away(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, SAMI, LEASE)
        make(libraries, SAMI)
    stray = tmp_path / "vectors" / str(LAYLA)
    stray.mkdir()
    (stray / "sentences").write_bytes(b"stray")
    with opened(tmp_path):
        assert vectors(tmp_path).keys() == {str(SAMI)}


def test_vectors_go_with_the_files_though_the_reader_has_been_switched_off_since(tmp_path: Path) -> None:
    with opened(tmp_path) as libraries:
        add(libraries, SAMI, LEASE)
        make(libraries, SAMI)
    with closing(Database(tmp_path)) as database:
        PrivateLibraries(Files(database), tmp_path / "files", reader=False).forget(SAMI)
    assert list((tmp_path / "vectors").iterdir()) == []


def test_switched_off_no_vectors_are_made(tmp_path: Path) -> None:
    libraries = PrivateLibraries(Files(Database(tmp_path)), tmp_path / "files", reader=False)
    add(libraries, SAMI, LEASE)
    assert ready(libraries, SAMI)
    assert libraries.lacking_vectors() == []
    make(libraries, SAMI)
    assert not (tmp_path / "vectors").exists()
