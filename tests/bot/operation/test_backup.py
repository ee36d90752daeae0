"""Copies of the state folder: what stands in them, that they are whole, and that going back works."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.operation.backup import MANIFEST, BackupError, back_up, restore
from bot.store import held
from bot.store.alone import alone_in
from bot.store.answers import Answers
from bot.store.database import NAME, OLDER, Database
from bot.store.files import Files
from bot.store.folders import VERSIONS, made
from bot.store.migrations import MIGRATIONS
from retrieval import Library, PastVersions, Reference, Span

CHAT, NAME_OF_FILE = 7, "عقد الإيجار.txt"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A state folder with a file of a chat."""
    data = tmp_path / "data"
    with closing(Database(data)) as database:
        give(database, data, "ثلاثة آلاف ريال")
    return data


def give(database: Database, data: Path, words: str) -> Path:
    file = Files(database).add(CHAT, CHAT, "كمال", NAME_OF_FILE, words.encode(), "")
    path = data / "files" / str(CHAT) / str(file.id) / NAME_OF_FILE
    path.parent.mkdir(parents=True)
    path.write_text(words, "utf-8")
    return path


def names(data: Path) -> list[str]:
    with closing(Database(data)) as database:
        return [file.name for file in Files(database).of(CHAT)]


def test_a_copy_holds_the_state_and_the_files_and_goes_back_to_a_new_folder(data: Path, tmp_path: Path) -> None:
    (data / "index").mkdir()
    (data / "index" / "large").write_bytes(b"x")
    manifest = back_up(data, tmp_path / "copy")
    assert set(manifest.files) == {NAME, f"files/{CHAT}/1/{NAME_OF_FILE}"}
    assert not any(path.stat().st_mode & 0o077 for path in [tmp_path / "copy", *(tmp_path / "copy").rglob("*")])
    assert restore(tmp_path / "copy", tmp_path / "other") == manifest
    assert names(tmp_path / "other") == [NAME_OF_FILE]
    assert (tmp_path / "other" / "files" / str(CHAT) / "1" / NAME_OF_FILE).read_text("utf-8") == "ثلاثة آلاف ريال"


def test_while_it_is_written_a_copy_holds_what_was_written_last(data: Path, tmp_path: Path) -> None:
    with alone_in(data), closing(Database(data)) as database:
        give(database, data, "الليمون")
        lost = give(database, data, "الزيتون")
        lost.unlink()  # deleted between the two steps
        assert len(back_up(data, tmp_path / "copy").files) == 3
    restore(tmp_path / "copy", tmp_path / "other")
    assert len(names(tmp_path / "other")) == 3


def test_what_a_killed_process_left_in_the_log_is_copied(data: Path, tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    with closing(Database(data)) as database:
        give(database, data, "الليمون")
        shutil.copytree(data, killed)
    assert (killed / f"{NAME}-wal").stat().st_size
    back_up(killed, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "other")
    assert len(names(tmp_path / "other")) == 2


def _shorter(copy: Path) -> None:
    next((copy / "files").rglob("*.txt")).write_text("other")


def _no_list(copy: Path) -> None:
    (copy / MANIFEST).unlink()


def _state_gone(copy: Path) -> None:
    (copy / NAME).unlink()


def _said(**values: object) -> object:
    def change(copy: Path) -> None:
        told = json.loads((copy / MANIFEST).read_text("utf-8"))
        (copy / MANIFEST).write_text(json.dumps(told | values), "utf-8")

    return change


DAMAGE = {
    "a file that was changed": _shorter,
    "no list": _no_list,
    "no state": _state_gone,
    "a newer state": _said(state=999),
    "a newer form": _said(format=99),
    "no files": _said(files={}),
    "a file outside": _said(files={NAME: {"size": 1, "sha256": ""}, "files/../../x": {"size": 1, "sha256": ""}}),
    "nonsense": _said(files=[1]),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_copy_that_is_not_whole_is_refused_before_anything_is_written(data: Path, tmp_path: Path, damage) -> None:
    back_up(data, tmp_path / "copy")
    damage(tmp_path / "copy")
    with pytest.raises(BackupError):
        restore(tmp_path / "copy", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_nothing_is_written_over(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "copy")
    for refused in (lambda: back_up(data, tmp_path / "copy"), lambda: restore(tmp_path / "copy", data)):
        with pytest.raises(BackupError):
            refused()
    with pytest.raises(BackupError, match="inside of what is copied"):
        back_up(data, data / "copy")
    with pytest.raises(BackupError, match="nothing is kept"):
        back_up(tmp_path / "nothing", tmp_path / "copy2")
    assert not (tmp_path / "copy2").exists()


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A state folder as the version before the last left it."""
    folder = tmp_path / "older"
    folder.mkdir()
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        for script in MIGRATIONS[:-1]:
            for statement in script:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
        connection.execute("INSERT INTO chats VALUES (-5, 'group', 'member', 1, NULL)")
    return folder


def test_before_an_upgrade_the_state_is_copied_and_the_copy_can_take_its_place_again(older: Path) -> None:
    copy = older / f"{NAME}{OLDER}{len(MIGRATIONS) - 1}"
    with closing(Database(older)):
        assert copy.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) - 1,)
        assert connection.execute("SELECT id FROM chats").fetchall() == [(-5,)]
    copy.replace(older / NAME)  # the rollback, with which the version before would go on
    with closing(Database(older)) as database:
        assert database.rows("SELECT id FROM chats") == [(-5,)]


def test_the_copy_goes_when_somebody_is_forgotten_and_after_a_week(older: Path, monkeypatch) -> None:
    copy = older / f"{NAME}{OLDER}{len(MIGRATIONS) - 1}"
    with closing(Database(older)) as database:
        held.sweep(database)
        assert copy.exists()
        content = copy.read_bytes()
        held.forget(database, 7)
        assert not copy.exists()
        copy.write_bytes(content)
        monkeypatch.setattr("bot.store.database.time.time", lambda: 1e12)
        held.sweep(database)
        assert not copy.exists()


def test_a_new_state_folder_has_no_copy_of_an_older_one(data: Path) -> None:
    assert not list(data.glob(f"{NAME}{OLDER}*"))
    with closing(Database(data)) as database:
        assert Answers(database)


def test_a_copy_inside_a_corpus_is_no_part_of_it(data: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("أخبار البلدة\n\nافتتح العمدة السوق سنة 1911.\n", "utf-8")
    back_up(data, corpus / "copy")
    restore(corpus / "copy", corpus / "state")
    with closing(Library.open(corpus, engine="memory", reader=False)) as library:
        assert [document.id for document in library.documents] == ["a.txt"]


def test_texts_that_changed_or_went_are_copied_and_a_reference_to_them_lasts(data: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "other.txt").write_text("خبر آخر\n\nزرعت البلدية أشجارا.\n", "utf-8")
    (corpus / "bridge.txt").write_text("خبر\n\nكلف الجسر خمسة ملايين.\n", "utf-8")
    with closing(opened(corpus, data)) as library:
        document = library.documents.get("bridge.txt")
        assert document
        reference = str(Reference.of(document, Span(5, len(document.text) - 1)))
        (corpus / "bridge.txt").unlink()
        library.refresh()
        manifest = back_up(data, tmp_path / "copy")  # while it is open
    assert VERSIONS in manifest.files
    restore(tmp_path / "copy", tmp_path / "other")
    with closing(opened(corpus, tmp_path / "other")) as library:
        cited = library.references.resolve(reference)
    assert cited
    assert cited.then
    assert cited.then.text == "كلف الجسر خمسة ملايين."


def test_a_copy_from_before_there_were_versions_is_put_back_beside_those_that_are_kept(
    data: Path, tmp_path: Path
) -> None:
    copy, other = tmp_path / "copy", tmp_path / "other"
    back_up(data, copy)
    said = json.loads((copy / MANIFEST).read_text("utf-8"))
    (copy / MANIFEST).write_text(json.dumps(said | {"format": 1}), "utf-8")
    PastVersions(made(other) / VERSIONS).close()
    restore(copy, other)
    assert (other / VERSIONS).exists()


def test_versions_that_are_kept_are_not_written_over(data: Path, tmp_path: Path) -> None:
    PastVersions(data / VERSIONS).close()
    back_up(data, tmp_path / "copy")
    PastVersions(made(tmp_path / "other") / VERSIONS).close()
    with pytest.raises(BackupError, match="versions of texts are kept there"):
        restore(tmp_path / "copy", tmp_path / "other")


def opened(corpus: Path, data: Path) -> Library:
    return Library.open(corpus, engine="memory", reader=False, past=PastVersions(data / VERSIONS))
