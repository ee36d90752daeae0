"""A state folder inside the corpus: what people gave the bot, and its indexes, are no documents of it."""

from pathlib import Path

from bot.store.database import Database
from retrieval import Library, keep_out

TOWN = "الجسر الجديد\n\nافتتح العمدة الجسر صباح الأحد بعد ترميم دام عاما."
GIVEN = "رسالة خاصة\n\nكلمة السر في الخزانة الخضراء."


def test_what_a_state_folder_in_the_corpus_holds_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "town.txt").write_text(TOWN, "utf-8")
    state = tmp_path / "iqtibas-data"
    Database(state).close()
    given = state / "files" / "7" / "1" / "letter.txt"
    given.parent.mkdir(parents=True)
    given.write_text(GIVEN, "utf-8")
    assert [document.id for document in Library.open(tmp_path).documents] == ["town.txt"]


def test_what_the_index_of_a_corpus_holds_is_no_document_of_it(tmp_path: Path) -> None:
    (tmp_path / "town.txt").write_text(TOWN, "utf-8")
    index = tmp_path / "iqtibas-data" / "index" / "1"
    Library.open(tmp_path, engine="disk", index=index).close()
    assert list(index.rglob("*.json"))
    library = Library.open(tmp_path)
    assert ([document.id for document in library.documents], library.problems) == (["town.txt"], ())


def test_folders_beside_one_that_is_kept_out_are_read(tmp_path: Path) -> None:
    for name in ("own", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "town.txt").write_text(TOWN, "utf-8")
    keep_out(tmp_path / "own")
    assert [document.id for document in Library.open(tmp_path).documents] == ["open/town.txt"]
