"""The library with its networks: one set for all, vectors that follow the documents, and words where they fail."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from retrieval import Library
from retrieval.library import OFF
from retrieval.reader import encoder
from retrieval.reader.encoder import Networks, networks

QUESTION = "كم كلف ترميم الجسر؟"
SENTENCE = "كلف ترميم الجسر مليوني دينار."
OTHER = "افتتحت الوزيرة المدرسة الجديدة في سبأ."
THREADS = 61  # a number of which no other test has networks


def write(folder: Path, name: str, sentence: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"أخبار {name}\n\n{sentence} وقال السكان إنهم راضون.\n", "utf-8")
    return path


def opened(tmp_path: Path, engine: str = "memory") -> Library:
    return Library.open(tmp_path / "corpus", engine=engine, index=tmp_path / "state" / "index", min_confidence=0)


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_vectors_are_lacking_until_they_are_made_and_after_each_change(tmp_path: Path, engine: str) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    library = opened(tmp_path, engine)
    assert (library.unread, library.lacks_vectors, library.vectors_kept) == ("", True, (0, 0))
    assert library.make_vectors()
    assert (library.lacks_vectors, library.vectors_kept[0]) == (False, library.passages)
    library.refresh()
    assert not library.lacks_vectors
    added = write(tmp_path / "corpus", "b.txt", OTHER)
    library.refresh()
    assert library.lacks_vectors
    library.make_vectors()
    assert (library.lacks_vectors, library.vectors_kept[0]) == (False, library.passages)
    added.unlink()
    library.refresh()
    assert library.lacks_vectors
    library.close()


def test_the_next_library_of_the_folder_has_them(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    opened(tmp_path).make_vectors()
    told: list[int] = []
    library = opened(tmp_path)
    count, size = library.vectors_kept
    assert count == library.passages
    assert size == (tmp_path / "state" / "index.vectors").stat().st_size
    assert library.make_vectors(lambda _, done, __: told.append(done))
    assert told == [library.passages]


def test_asking_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    assert opened(tmp_path).ask(QUESTION).quotes[0].text == SENTENCE
    assert not (tmp_path / "state").exists()


def test_a_document_that_changed_since_its_vectors_were_made_answers_as_it_is_now(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", f"{OTHER} {SENTENCE}")
    write(tmp_path / "corpus", "b.txt", OTHER)
    library = opened(tmp_path)
    library.make_vectors()
    (tmp_path / "corpus" / "a.txt").write_text("أخبار\n\nأغلق الجسر.\n", "utf-8")
    library.refresh()
    quoted = [quote.text for quote in library.ask(QUESTION).quotes]
    assert SENTENCE not in quoted


def test_forgotten_vectors_are_gone_from_the_disk(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    library = opened(tmp_path)
    library.make_vectors()
    library.forget_vectors()
    assert (library.lacks_vectors, library.vectors_kept) == (True, (0, 0))
    assert list((tmp_path / "state").iterdir()) == []
    assert library.ask(QUESTION).quotes[0].text == SENTENCE


def test_all_libraries_of_the_process_share_the_networks(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    first, second = opened(tmp_path), opened(tmp_path)
    assert first._vectors
    assert second._vectors
    assert first._vectors._networks is second._vectors._networks is networks(1)


def test_switched_off_the_reader_is_not_there_and_words_answer(tmp_path: Path) -> None:
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    library = Library.open(tmp_path / "corpus", reader=False, vectors=tmp_path / "vectors")
    assert (library.unread, library.lacks_vectors, library.vectors_kept) == (OFF, False, (0, 0))
    assert library.ask(QUESTION).quotes[0].text == SENTENCE
    assert library.make_vectors()
    library.forget_vectors()
    assert not (tmp_path / "vectors").exists()


@pytest.mark.parametrize("name", ["vectors.onnx", "reader.onnx", "pieces.txt", "weights.toml"])
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_damaged_weights_are_one_line_and_words_answer(
    tmp_path: Path, name: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(encoder._WEIGHTS, tmp_path / "weights")
    if damage == "gone":
        (tmp_path / "weights" / name).unlink()
    else:
        with (tmp_path / "weights" / name).open("r+b") as file:
            file.write(b"\0\0\0\0")
    monkeypatch.setattr(encoder, "Networks", partial(Networks, weights=tmp_path / "weights"))
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    library = Library.open(tmp_path / "corpus", threads=THREADS, vectors=tmp_path / "vectors")
    assert name in library.unread
    assert "install iqtibas again" in library.unread
    assert "\n" not in library.unread
    assert not library.lacks_vectors
    assert library.ask(QUESTION).quotes[0].text == SENTENCE


def test_weights_that_onnxruntime_cannot_use_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, none = Networks._checked, tmp_path / "none.onnx"
    none.write_bytes(b"no network")
    monkeypatch.setattr(Networks, "_checked", lambda own, name: none if name.endswith("onnx") else read(own, name))
    write(tmp_path / "corpus", "a.txt", SENTENCE)
    library = Library.open(tmp_path / "corpus", threads=THREADS, vectors=tmp_path / "vectors")
    assert "cannot run the reader's vectors.onnx" in library.unread
    assert "\n" not in library.unread
