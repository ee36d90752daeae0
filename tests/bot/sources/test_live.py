"""The corpus of a running bot follows its files, and none is read half."""

import logging
import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from bot_process import serving
from emulator import PATIENCE, TelegramServer

from bot.sources.live import following
from retrieval import Library
from retrieval.errors import CorpusError

BRIDGE = "كلف ترميم الجسر الشمالي مليوني دينار."
SCHOOL = "افتتحت الوزيرة المدرسة الجديدة في مدينة سبأ يوم الأحد."
ASKED = "من افتتح المدرسة الجديدة في سبأ؟"
CHAT = 5001
LATER = time.time() + 3600


def write(folder: Path, name: str, sentence: str) -> Path:
    (folder / name).write_text(f"أخبار {name}\n\n{sentence} وقال السكان إنهم راضون.\n", "utf-8")
    return folder / name


def until(is_so: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_added_changed_and_removed_files_are_served_soon(tmp_path: Path, engine: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus, "a.txt", BRIDGE)
    library = Library.open(corpus, engine=engine, index=tmp_path / "index", min_confidence=0.1)

    def quoted() -> list[str]:
        return [quote.text for quote in library.ask(ASKED).quotes]

    with following(library, corpus, settled=0.2):
        added = write(corpus, "b.txt", SCHOOL)
        assert until(lambda: SCHOOL in quoted())
        write(corpus, "b.txt", SCHOOL.replace("الأحد", "الاثنين"))
        assert until(lambda: SCHOOL.replace("الأحد", "الاثنين") in quoted())
        added.unlink()
        assert until(lambda: "b.txt" not in {document.id for document in library.documents})
    library.close()


def test_a_file_that_is_still_being_written_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", BRIDGE)
    library = Library.open(tmp_path, engine="memory")
    whole = f"أخبار\n\n{SCHOOL} " + " ".join(f"وهذه جملة رقم {number} من الخبر نفسه." for number in range(40))
    seen: set[str] = set()
    with following(library, tmp_path, settled=1):
        with (tmp_path / "b.txt").open("w", encoding="utf-8") as file:
            for at in range(0, len(whole), len(whole) // 12):
                file.write(whole[at : at + len(whole) // 12])
                file.flush()
                os.utime(file.name, (LATER, LATER))  # written a moment ago, however long this machine takes
                seen |= {document.text for document in library.documents if document.id == "b.txt"}
                time.sleep(0.1)
        os.utime(file.name)
        assert until(lambda: any(document.text == whole for document in library.documents))
        seen |= {document.text for document in library.documents if document.id == "b.txt"}
    assert seen == {whole}


class Failing:
    """A library that cannot be refreshed, then can."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = True

    def refresh(self, *, settled: float = 0) -> bool:
        self.asked += 1
        if self.fails:
            raise CorpusError("no documents there")
        return False


def test_a_corpus_that_cannot_be_read_is_said_once_and_that_it_can_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = Failing()
    with caplog.at_level(logging.WARNING, "bot.sources.live"), following(library, tmp_path, settled=0.05):
        for number in range(2):
            assert until(lambda number=number: library.asked > number)  # type: ignore[misc]
            write(tmp_path, f"{number}.txt", BRIDGE)
        assert until(lambda: library.asked > 2)
        library.fails = False
        write(tmp_path, "last.txt", BRIDGE)
        assert until(lambda: "can be read again" in caplog.text)
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.sources.live"]
    assert lines == [
        "the corpus could not be read again, the one before is served: no documents there",
        "the corpus can be read again",
    ]


def test_the_running_bot_answers_from_a_file_that_was_just_added(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus, "a.txt", BRIDGE)
    with TelegramServer() as server, serving(server, tmp_path, IQTIBAS_CORPUS=str(corpus)):
        server.say(CHAT, ASKED)
        (refused,) = server.wait_for("sendMessage")
        assert SCHOOL not in refused.text
        write(corpus, "b.txt", SCHOOL)

        chats = count(CHAT + 1)  # each asks once: a chat has a limit a minute

        def answered() -> bool:
            chat = next(chats)
            server.say(chat, ASKED)
            (answer,) = server.wait_for("sendMessage", chat_id=chat)
            return "المدرسة الجديدة في مدينة سبأ" in answer.message.text

        assert until(answered)
