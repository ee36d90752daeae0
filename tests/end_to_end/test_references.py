"""A running bot and a Bot API server: quotes get references, and these last while documents change and go."""

from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from bot_process import BotProcess
from emulator import Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_files import send

from bot.phrases import phrases
from bot.store.folders import VERSIONS
from retrieval import Library, PastVersions, Reference

pytestmark = pytest.mark.xdist_group("telegram")

SAYS = phrases("ar")
ASKED = "كم كلف بناء الجسر الجديد؟"
EDITS = ("خمسة ملايين", "ستة ملايين", "سبعة ملايين", "ثمانية ملايين")
NOTES = "".join(f"\n\nوقال المهندس سالم في اليوم {day} إن العمل يسير على الضفة {day * 7}." for day in range(1, 60))
TEXT = f"خبر الجسر\n\nقالت البلدية إن بناء الجسر الجديد كلف {{}} دينار.{NOTES}\n"
numbers = count(5101)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "other.txt").write_text("خبر آخر\n\nزرعت البلدية أشجارا في الحديقة العامة.\n", "utf-8")
    return tmp_path


def write(home: Path, edit: str) -> None:
    """The document, put in its place whole."""
    part = home / "part"
    part.write_text(TEXT.format(edit), "utf-8")
    part.replace(home / "corpus" / "bridge.txt")


def serving(server: TelegramServer, home: Path, engine: str) -> BotProcess:
    settings = {"IQTIBAS_CORPUS": str(home / "corpus"), "IQTIBAS_ENGINE": engine, "IQTIBAS_MIN_CONFIDENCE": "0"}
    return BotProcess(server.url, server.token, home, settings=settings)


def turned(server: TelegramServer, chat: int, call: Call, data: str) -> Call:
    """The message that is put in the place of one when a button under it is pressed."""
    before = len(server.taken("editMessageText", chat))
    press(server, call, data, user=chat)
    return server.wait_for("editMessageText", before + 1, chat_id=chat)[-1]


def referred(server: TelegramServer, chat: int) -> str:
    """The reference of the answer's first quote, which its button shows."""
    server.say(chat, ASKED)
    answer = server.wait_for("sendMessage", 1, chat_id=chat)[-1]
    source = turned(server, chat, answer, buttons(answer)[SAYS.button_source])
    told = turned(server, chat, source, buttons(source)[SAYS.button_reference]).message.text
    assert told.startswith(SAYS.citations["references"])
    (name,) = [word for word in told.split() if Reference.read(word.strip("\u2066\u2067\u2068\u2069\u200f"))][:1]
    return name.strip("\u2066\u2067\u2068\u2069\u200f")


def shown(server: TelegramServer, reference: str) -> str:
    """What the bot says to a reference."""
    chat = next(numbers)
    server.say(chat, reference)
    return server.wait_for("sendMessage", 1, chat_id=chat)[-1].message.text


@pytest.mark.parametrize("engine", ["memory", "disk"])
def test_each_version_s_reference_shows_its_words_through_edits_restarts_and_deletion(
    server: TelegramServer, home: Path, engine: str
) -> None:
    write(home, EDITS[0])
    references = []
    with serving(server, home, engine) as bot:
        references.append(referred(server, next(numbers)))
        for edit in EDITS[1:3]:
            bot.forget_log()
            write(home, edit)
            bot.wait_for_log("changed=1")
            references.append(referred(server, next(numbers)))
        bot.stop()
    write(home, EDITS[3])  # while nobody serves
    with serving(server, home, engine) as bot:
        references.append(referred(server, next(numbers)))
        told = shown(server, references[2])
        assert "كان «سبعة»، وصار «ثمانية»." in told
        bot.forget_log()
        (home / "corpus" / "bridge.txt").unlink()
        bot.wait_for_log("removed=1")
        for edit, reference in zip(EDITS, references, strict=True):
            told = shown(server, reference)
            assert told.startswith(SAYS.citations["withdrawn"])
            assert f"كلف {edit} دينار." in told
        bot.stop()
    texts = sum(len(TEXT.format(edit).encode()) for edit in EDITS)
    assert (home / "data" / VERSIONS).stat().st_size < texts
    assert len(set(references)) == len(EDITS)


def test_who_sends_what_nobody_knows_hears_so_kindly_and_a_purged_one_is_withdrawn(
    server: TelegramServer, home: Path
) -> None:
    write(home, EDITS[0])
    with serving(server, home, "memory") as bot:
        reference = referred(server, next(numbers))
        assert shown(server, "b3okd6yz5l2nq4xa-120-231") == SAYS.citations["unknown"]
        bot.forget_log()
        (home / "corpus" / "bridge.txt").unlink()
        bot.wait_for_log("removed=1")
        past = PastVersions(home / "data" / VERSIONS)  # as another process does it
        with closing(Library.open(home / "corpus", engine="memory", reader=False, past=past)) as library:
            assert library.references.purge(reference) == 1
        assert shown(server, reference) == SAYS.citations["purged"]
        bot.stop()


def test_what_stands_in_a_chat_s_own_file_has_no_reference_and_is_not_kept(server: TelegramServer, home: Path) -> None:
    chat = next(numbers)
    with serving(server, home, "memory") as bot:
        send(server, chat, "عقد.txt", "عقد الإيجار\n\nيدفع المستأجر كمال ثلاثة آلاف ريال كل شهر.\n".encode())
        server.wait_for("sendMessage", 1, chat_id=chat)
        server.say(chat, "كم يدفع المستأجر كمال كل شهر؟")
        answer = server.wait_for("sendMessage", 2, chat_id=chat)[-1]
        assert "ثلاثة آلاف" in answer.message.text
        source = turned(server, chat, answer, buttons(answer)[SAYS.button_source])
        assert SAYS.button_reference not in buttons(source)
        none = turned(server, chat, answer, buttons(answer)[SAYS.button_source][:-1] + "r")
        assert none.message.text == SAYS.citations["none"]
        bot.stop()
    assert PastVersions.held(home / "data" / VERSIONS) == 1  # the corpus's own
