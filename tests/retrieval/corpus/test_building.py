"""A corpus on disk: what changes in its files is found, whole, and what stands there survives being killed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from places import ROOT

from retrieval import Answer, Document, Library
from retrieval.corpus.analysts import Analysts, analysed, counted
from retrieval.corpus.standing import OnDisk
from retrieval.corpus.stored import StoredCorpus
from retrieval.errors import CorpusError, EngineError
from retrieval.index.meaning import Meaning
from retrieval.index.vocabulary import WordCounts

BRIDGE = "كلف ترميم الجسر الشمالي مليوني دينار."
SCHOOL = "افتتحت الوزيرة المدرسة الجديدة في مدينة سبأ يوم الأحد."
ASKED_BRIDGE = "كم كلف ترميم الجسر الشمالي؟"
ASKED_SCHOOL = "من افتتح المدرسة الجديدة في سبأ؟"
OTHERS = {
    f"{number}.txt": f"خبر {name}\n\nوصلت أمس إلى الميناء {name} شحنة من {goods} تكفي شهرين.\n"
    for number, (name, goods) in enumerate(
        [("الشرقي", "القمح"), ("الغربي", "السكر"), ("القديم", "الورق"), ("الكبير", "الحديد"), ("الصغير", "الخشب")]
    )
}


def write(folder: Path, name: str, sentence: str) -> Path:
    path = folder / name
    path.write_text(f"أخبار {name}\n\n{sentence} وقال السكان إنهم راضون.\n", "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in OTHERS.items():
        (corpus / name).write_text(text, "utf-8")
    write(corpus, "bridge.txt", BRIDGE)
    return corpus


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def opened(folder: Path, index: Path) -> Iterator[Callable[[], Library]]:
    libraries: list[Library] = []

    def open_() -> Library:
        libraries.append(Library.open(folder, engine="disk", index=index, min_confidence=0.2, reader=False))
        return libraries[-1]

    yield open_
    for library in libraries:
        library.close()


def texts(answer: Answer) -> list[str]:
    return [quote.text for quote in answer.quotes]


def test_a_word_that_only_a_title_holds_is_one_that_a_slip_was_meant_to_be(
    folder: Path, opened: Callable[[], Library]
) -> None:
    (folder / "city.txt").write_text("أخبار القسطنطينية\n\nوصلت السفن إلى المرفأ في المساء.\n", "utf-8")
    asked, meant = "متى وصلت سفن القسطنطيتية؟", "متى وصلت سفن القسطنطينية؟"
    in_memory = Library.open(folder, engine="memory", reader=False)
    library = opened()
    assert library.ask(asked).searched == in_memory.ask(asked).searched == meant
    write(folder, "city.txt", BRIDGE)
    library.refresh()
    assert library.ask(asked).searched == asked


def test_it_answers_as_the_engine_in_memory_does(folder: Path, opened: Callable[[], Library]) -> None:
    on_disk = opened().ask(ASKED_BRIDGE)
    in_memory = Library.open(folder, engine="memory", reader=False).ask(ASKED_BRIDGE)
    assert texts(on_disk)[0] == BRIDGE
    assert on_disk.quotes[0].document == in_memory.quotes[0].document
    assert on_disk.quotes[0].highlights == in_memory.quotes[0].highlights


def test_a_second_start_reads_no_file_that_did_not_change(
    folder: Path, opened: Callable[[], Library], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened().close()
    changed = write(folder, "school.txt", SCHOOL)
    read: list[Path] = []
    whole = os.open
    monkeypatch.setattr(os, "open", lambda path, *args, **kinds: read.append(Path(path)) or whole(path, *args, **kinds))
    library = opened()
    assert {path for path in read if path.is_relative_to(folder)} == {changed}
    assert texts(library.ask(ASKED_SCHOOL))[0] == SCHOOL


@pytest.mark.parametrize("again", [False, True], ids=["while it runs", "at the next start"])
def test_added_changed_and_removed_files_are_taken_up(
    folder: Path, opened: Callable[[], Library], *, again: bool
) -> None:
    library = opened()
    assert not library.ask(ASKED_SCHOOL).found
    write(folder, "school.txt", SCHOOL)
    write(folder, "bridge.txt", BRIDGE.replace("مليوني", "ثلاثة ملايين"))
    (folder / "0.txt").unlink()
    if again:
        library.close()
        library = opened()
    else:
        library.refresh()
    assert texts(library.ask(ASKED_SCHOOL))[0] == SCHOOL
    assert texts(library.ask(ASKED_BRIDGE))[0] == "كلف ترميم الجسر الشمالي ثلاثة ملايين دينار."
    assert BRIDGE not in texts(library.ask(ASKED_BRIDGE))
    assert not library.ask("ماذا وصل إلى الميناء الشرقي من القمح؟").quotes or "القمح" not in " ".join(
        texts(library.ask("ماذا وصل إلى الميناء الشرقي من القمح؟"))
    )
    assert "0.txt" not in {document.id for document in library.documents}


def test_a_line_of_jsonl_that_did_not_change_keeps_its_place_in_the_index(
    folder: Path, opened: Callable[[], Library]
) -> None:
    rows = [{"id": name, "text": f"{sentence} وقال السكان إنهم راضون."} for name, sentence in (("x", SCHOOL),)]
    lines = folder / "lines.jsonl"
    lines.write_text(json.dumps(rows[0]) + "\n", "utf-8")
    library = opened()
    added = {"id": "y", "text": "غرقت السفينة الحمراء قرب الجزيرة صباح الجمعة."}
    lines.write_text(json.dumps(added) + "\n" + json.dumps(rows[0]) + "\n", "utf-8")
    library.refresh()
    assert texts(library.ask(ASKED_SCHOOL))[0] == SCHOOL
    assert texts(library.ask("متى غرقت السفينة الحمراء؟"))[0] == added["text"]


def test_a_file_that_changed_and_was_not_taken_up_is_quoted_no_more(
    folder: Path, opened: Callable[[], Library]
) -> None:
    library = opened()
    write(folder, "bridge.txt", BRIDGE.replace("مليوني", "ثلاثة ملايين"))
    assert BRIDGE not in texts(library.ask(ASKED_BRIDGE))


def test_a_file_of_bad_content_is_named_and_mended_later(folder: Path, opened: Callable[[], Library]) -> None:
    (folder / "bad.txt").write_bytes(b"\0\0")
    library = opened()
    assert [problem.reason for problem in library.problems] == ["bad.txt: not a text: it holds zero bytes"]
    write(folder, "bad.txt", SCHOOL)
    library.refresh()
    assert library.problems == ()
    assert texts(library.ask(ASKED_SCHOOL))[0] == SCHOOL


def test_of_two_documents_with_one_id_the_other_is_served_when_the_first_goes(
    folder: Path, opened: Callable[[], Library]
) -> None:
    (folder / "x.jsonl").write_text(json.dumps({"id": "same", "text": SCHOOL}) + "\n", "utf-8")
    (folder / "y.jsonl").write_text(json.dumps({"id": "same", "text": "نص آخر عن الحديقة."}) + "\n", "utf-8")
    library = opened()
    assert [problem.reason for problem in library.problems] == [
        "y.jsonl: its id 'same' is already taken by one in x.jsonl; give it another"
    ]
    (folder / "x.jsonl").unlink()
    library.refresh()
    assert library.problems == ()
    assert {document.text for document in library.documents if document.id == "same"} == {"نص آخر عن الحديقة."}


def test_a_page_s_repeated_lines_are_learned_again_as_the_corpus_grows(
    folder: Path, opened: Callable[[], Library]
) -> None:
    library = opened()
    for town in map("".join, permutations("سلمر", 4)):
        body = f"زار وفد من بلدة {town} معرض الكتاب واشترى كتبا عن البحر، ثم عاد إلى {town} في المساء."
        (folder / f"{town}.txt").write_text(f"خبر {town}\n\n{body}\n\nجائزة سبأ للتصوير مفتوحة\n", "utf-8")
    library.refresh()
    assert not library.ask("ما الجائزة المفتوحة للتصوير؟").found


def test_a_folder_without_documents_is_an_error_and_what_was_served_goes_on(
    folder: Path, opened: Callable[[], Library]
) -> None:
    library = opened()
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(CorpusError, match="no documents"):
        library.refresh()


def test_another_process_reads_the_index_while_one_writes(folder: Path, opened: Callable[[], Library]) -> None:
    writer, reader = opened(), opened()
    write(folder, "school.txt", SCHOOL)
    writer.refresh()
    reader.refresh()
    assert texts(reader.ask(ASKED_SCHOOL))[0] == SCHOOL


def test_an_index_that_does_not_say_what_it_is_is_made_anew_and_then_cleared_away(
    index: Path, opened: Callable[[], Library]
) -> None:
    older = index / "0123456789ab"
    older.mkdir(parents=True)
    (older / "documents.sqlite3").write_bytes(b"of another time")
    assert texts(opened().ask(ASKED_BRIDGE))[0] == BRIDGE
    assert not older.exists()


@pytest.mark.parametrize("name", ["documents.sqlite3", "words.sqlite3", "passages/meta.json"])
def test_a_damaged_file_of_the_index_is_named_with_the_mend_which_helps_at_once(
    index: Path, opened: Callable[[], Library], name: str
) -> None:
    opened().close()
    (own,) = (path for path in index.iterdir() if path.is_dir())
    (own / name).write_bytes(b"no such thing" * 100)
    with pytest.raises(EngineError, match="delete") as caught:
        opened()
    assert "\n" not in str(caught.value)
    shutil.rmtree(own)
    assert texts(opened().ask(ASKED_BRIDGE))[0] == BRIDGE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(EngineError, match="locked"):
        Library.open(folder, engine="disk", index=locked / "index", reader=False)


def test_a_file_where_the_index_should_be_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(EngineError, match="no index can be kept there"):
        Library.open(folder, engine="disk", index=tmp_path / "file", reader=False)


def test_a_file_that_was_just_written_is_left_for_later(folder: Path, opened: Callable[[], Library]) -> None:
    library = opened()
    path = write(folder, "school.txt", SCHOOL)
    assert library.refresh(settled=3600)
    assert not library.ask(ASKED_SCHOOL).found
    os.utime(path, (time.time() - 3601,) * 2)
    assert not library.refresh(settled=3600)
    assert texts(library.ask(ASKED_SCHOOL))[0] == SCHOOL


BUILD = """
import sys, time
from pathlib import Path
from retrieval.corpus import building, standing, stored
building.BATCH = 3
quick = building.analysed
def analysed(*args):
    time.sleep(0.03)
    return quick(*args)
building.analysed = analysed
corpus = stored.StoredCorpus(standing.OnDisk(Path(sys.argv[1]), Path(sys.argv[2])))
print("began", flush=True)
corpus.read()
"""


def test_killed_while_it_is_built_it_goes_on_and_loses_nothing(folder: Path, index: Path) -> None:
    for number in range(60):
        write(folder, f"m{number}.txt", f"بنى العمال الدار رقم {number} في الحي الجديد.")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for wait in (0.0, 0.15, 0.4):
        child = subprocess.Popen([sys.executable, "-c", BUILD, folder, index], stdout=subprocess.PIPE, env=environment)
        assert child.stdout
        assert child.stdout.readline() == b"began\n"
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    stored = StoredCorpus(OnDisk(folder, index))
    stored.read()
    corpus = stored.corpus()
    assert len(corpus.documents) == 66
    assert len(corpus.index) == 66
    assert list(stored.faults()) == []
    stored.close()


def test_verifying_names_what_is_missing_and_what_is_damaged(folder: Path, index: Path) -> None:
    stored = StoredCorpus(OnDisk(folder, index))
    stored.read()
    assert list(stored.faults()) == []
    stored._served._index.delete(["bridge.txt"])
    stored._served._index.commit()
    with closing(sqlite3.connect(next(index.glob("*/documents.sqlite3")))) as other, other:
        other.execute("UPDATE documents SET text = text || ' زيادة' WHERE id = '0.txt'")
    assert list(stored.faults()) == [
        "0.txt: its stored text is damaged",
        "bridge.txt: 0 passages in the index instead of 1",
    ]
    stored.close()


def test_many_documents_are_analysed_on_every_core_to_the_same_terms(folder: Path) -> None:
    documents = [
        Document(f"{n}", "عنوان", f"نص عن المدينة رقم {n}.\n\nوفقرة ثانية عن الوزيرالجديد.") for n in range(450)
    ]
    glued = {"الوزيرالجديد": ("الوزير", "الجديد")}
    with Analysts(frozenset(), glued, processes=2) as analysts:
        apart = [entry for batch in analysts.analysed(documents) for entry in batch]
    here = list(analysed(documents, frozenset(), glued))
    assert apart == here


def test_many_documents_are_counted_on_every_core_to_the_same_words() -> None:
    documents = [Document(f"{n}", "عنوان", f"نص عن المدينة رقم {n}.\n\nوالمدينه، بلا نقط.") for n in range(450)]
    counts = WordCounts()
    with Analysts(frozenset(), {}, processes=2) as analysts:
        for tokens in analysts.counted(documents):
            counts.merge(tokens)
    assert counts.counted() == counted(documents, frozenset()).counted()


def test_near_words_are_worked_out_with_the_index_and_not_while_somebody_waits(tmp_path: Path, index: Path) -> None:
    (tmp_path / "a.txt").write_text("خبر\n\nفحص الطبيب المريض في المستشفى، ثم وصل الدكتور الجراح.\n", "utf-8")
    stored = StoredCorpus(OnDisk(tmp_path, index))
    stored.read()
    meaning = stored.corpus().meaning
    found = meaning.near(["الطبيب"])["الطبيب"]
    assert "الدكتور" in dict(found)
    assert "_columns" not in vars(meaning)
    again = Meaning(stored._served._words.counts.__contains__).near(["الطبيب"])["الطبيب"]
    assert [word for word, _ in again] == [word for word, _ in found]
    stored.close()


def test_a_process_that_ends_is_said_in_one_line() -> None:
    documents = [Document("x", "عنوان", "نص عن المدينة.")]
    with Analysts(frozenset(), {}, processes=1) as analysts:
        analysts._processes[0].kill()
        analysts._processes[0].wait()
        with pytest.raises(EngineError, match="begin again"):
            list(analysts.analysed(documents))
