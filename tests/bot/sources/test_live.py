"""The corpus of a running bot follows its files, and none is read half."""

import logging
import os
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from bot_process import serving
from emulator import PATIENCE, TelegramServer

from bot.phrases import phrases
from bot.sources.live import AGAIN_AFTER, LOOKED_AFTER, _Follower, following
from retrieval import Library, Refreshed
from retrieval.errors import AwayError, CorpusError

BRIDGE = "كلف ترميم الجسر الشمالي مليوني دينار."
SCHOOL = "افتتحت الوزيرة المدرسة الجديدة في مدينة سبأ يوم الأحد."
ASKED = "من افتتح المدرسة الجديدة في سبأ؟"
CHAT = 5001


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
    library = Library.open(corpus, engine=engine, index=tmp_path / "index", min_confidence=0.1, reader=False)

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
    library = Library.open(tmp_path, engine="memory", reader=False)
    whole = f"أخبار\n\n{SCHOOL} " + " ".join(f"وهذه جملة رقم {number} من الخبر نفسه." for number in range(40))
    long = 3600.0  # seconds that this machine does not take for it, however busy
    with (tmp_path / "b.txt").open("w", encoding="utf-8") as file:
        for at in range(0, len(whole), len(whole) // 12):
            file.write(whole[at : at + len(whole) // 12])
            file.flush()
            assert library.refresh(settled=long).again is not None
            assert [document.id for document in library.documents] == ["a.txt"]
    os.utime(tmp_path / "b.txt", (time.time() - long - 1,) * 2)
    assert library.refresh(settled=long).again is None
    assert whole in {document.text for document in library.documents}


def test_a_file_that_may_not_be_whole_is_looked_at_again_though_nothing_more_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", BRIDGE)
    library = Library.open(tmp_path, engine="memory", reader=False)
    with following(library, tmp_path, settled=0.5):
        write(tmp_path, "b.txt", SCHOOL)
        assert until(lambda: len(library.documents) == 2)


class Failing:
    """A library that cannot be refreshed, then can."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = True

    def refresh(self, *, settled: float = 0) -> Refreshed:
        self.asked += 1
        if self.fails:
            raise CorpusError("no documents there")
        return Refreshed(1)


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


class Away(Failing):
    """A library whose server is away."""

    def refresh(self, *, settled: float = 0) -> Refreshed:
        raise AwayError("the database cannot be reached")


def test_a_server_that_is_away_is_tried_as_soon_each_time_for_it_comes_back_by_itself(tmp_path: Path) -> None:
    waits = [
        [follower._refreshed() for _ in range(8)]
        for follower in (_Follower(library, tmp_path, 0.1, Event()) for library in (Away(), Failing()))
    ]
    assert waits == [[AGAIN_AFTER] * 8, [AGAIN_AFTER * 2.0**n for n in range(1, 6)] + [LOOKED_AFTER] * 3]


def taken_up(library: Library, name: str) -> bool:
    return until(lambda: name in {document.id for document in library.documents})


@pytest.mark.parametrize("how", ["a link", "a link further up", "a move", "a disk that comes back"])
def test_a_folder_in_whose_place_another_one_stands_is_taken_up_and_still_followed(tmp_path: Path, how: str) -> None:
    for release, name in (("one", "a.txt"), ("two", "b.txt")):
        (tmp_path / release / "docs").mkdir(parents=True)
        write(tmp_path / release / "docs", name, SCHOOL)
    place = tmp_path / "place"
    corpus = place / "docs" if how == "a link further up" else place

    def stand(release: str) -> None:
        target = tmp_path / release / ("" if how == "a link further up" else "docs")
        if how.startswith("a link"):
            (tmp_path / "new").symlink_to(target)
            (tmp_path / "new").replace(place)  # at one stroke, as who deploys does it
        else:
            target.rename(place)

    stand("one")
    library = Library.open(corpus, engine="memory", reader=False)
    with following(library, corpus, settled=0.05):
        write(corpus, "before.txt", BRIDGE)
        assert taken_up(library, "before.txt")
        if how == "a move":
            place.rename(tmp_path / "old")
        elif how == "a disk that comes back":
            place.rename(tmp_path / "old")
            assert until(lambda: library.ask(ASKED).unreachable)
        stand("two")
        assert taken_up(library, "b.txt")
        assert "a.txt" not in {document.id for document in library.documents}
        write(corpus, "after.txt", BRIDGE)
        assert taken_up(library, "after.txt")


def test_a_single_file_is_followed_also_where_another_takes_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt", BRIDGE)
    library = Library.open(path, engine="memory", reader=False)
    with following(library, path, settled=0.05):
        write(tmp_path, "new", SCHOOL).replace(path)
        assert until(lambda: any(SCHOOL in document.text for document in library.documents))
        (tmp_path / "a.txt.toml").write_text("published = 2020-02-02\n", "utf-8")
        assert until(lambda: any(document.published for document in library.documents))


class Counting(Failing):
    """A library that notes how often it is refreshed."""

    fails = False

    def __init__(self) -> None:
        super().__init__()
        self.fails = False


@pytest.mark.parametrize("corpus", ["the folder", "a file beside it"])
def test_a_log_beside_the_documents_wakes_nobody(tmp_path: Path, corpus: str, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path, "a.txt", BRIDGE)
    (tmp_path / "bot.log").write_text("begun\n")
    library = Counting()
    with (
        caplog.at_level(logging.INFO),
        following(library, tmp_path if corpus == "the folder" else path, settled=0.05),
    ):
        assert until(lambda: library.asked == 1)
        for number in range(30):
            with (tmp_path / "bot.log").open("a") as log:
                log.write(f"{number}\n")
            time.sleep(0.05)
        assert library.asked == 1
        write(tmp_path, "a.txt", SCHOOL)  # it is awake all the same
        assert until(lambda: library.asked > 1)
    assert not [record for record in caplog.records if record.name.startswith("bot")]


def test_each_refresh_that_finds_something_leaves_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(tmp_path, "a.txt", BRIDGE)
    library = Library.open(tmp_path, engine="memory", reader=False)

    def lines() -> list[str]:
        return [record.getMessage() for record in caplog.records if record.name == "bot.sources.live"]

    with caplog.at_level(logging.INFO, "bot.sources.live"), following(library, tmp_path, settled=0.05):
        write(tmp_path, "b.txt", SCHOOL)
        assert until(lambda: len(lines()) == 1)
        (tmp_path / "b.txt").unlink()
        (tmp_path / "c.txt").write_bytes(b"")
        assert until(lambda: "c.txt" in " ".join(lines()))
    assert lines()[0] == "the corpus was refreshed: documents=2 added=1 changed=0 removed=0 not_read=0"
    assert lines()[-1].endswith("not_read=1: c.txt: the file is empty")
    assert len(lines()) <= 3  # one for each, however they were told of


class Again(Counting):
    """A library that wants to be refreshed again after a while."""

    def refresh(self, *, settled: float = 0) -> Refreshed:
        super().refresh(settled=settled)
        return Refreshed(1, again=0.5 if self.asked < 3 else None)


def test_what_could_not_be_reached_is_tried_when_it_is_its_time(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", BRIDGE)
    library = Again()
    with following(library, tmp_path, settled=0.01):
        assert until(lambda: library.asked == 3)


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


def test_the_running_bot_says_what_it_serves_what_changed_and_that_its_sources_are_away(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write(corpus, "a.txt", SCHOOL)
    (corpus / "export.jsonl").write_text("\n".join(['{"text": ""}'] * 354), "utf-8")
    settings = {"IQTIBAS_CORPUS": str(corpus), "IQTIBAS_READER": "off"}
    with TelegramServer() as server, serving(server, tmp_path, **settings) as bot:
        (start,) = bot.wait_for_log("serving as @")
        for said in (
            f"version={version('iqtibas')}",
            "engine=memory",
            "documents=1",
            "passages=1",
            f"corpus={corpus}",
            "state=",
        ):
            assert said in start
        assert "353 more like it" in bot.log

        def answer(chat: int) -> str:
            server.say(chat, ASKED)
            (call,) = server.wait_for("sendMessage", chat_id=chat)
            return str(call.message.text)

        assert "المدرسة الجديدة في مدينة سبأ" in answer(1)
        corpus.rename(tmp_path / "away")
        assert answer(2) == phrases("ar").unreachable
        bot.wait_for_log("result=unreachable")
        bot.wait_for_log("the one before is served")
        (tmp_path / "away").rename(corpus)
        bot.wait_for_log("the corpus can be read again")
        assert "المدرسة الجديدة في مدينة سبأ" in answer(3)
        write(corpus, "b.txt", BRIDGE)
        (line,) = bot.wait_for_log("added=1")
        assert "documents=2 added=1 changed=0 removed=0 not_read=354: export.jsonl: line 1" in line
        assert "watchfiles" not in bot.log
