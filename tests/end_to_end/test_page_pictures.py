"""A running bot shows the page on which a quote stands, as a photo, by the same promises as its other replies."""

import json
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from bot_process import BotProcess, serving
from emulator import Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_files import send
from marked_pages import letters_of, share_alike, under_marks
from places import DATA

from bot.phrases import phrases

pytestmark = pytest.mark.xdist_group("telegram pictures")

ARABIC = phrases("ar")
MUSEUM = DATA / "formats" / "pdf" / "museum.pdf"
CASES = [json.loads(line) for line in (DATA / "pdf_questions.jsonl").read_text("utf-8").splitlines()]
MUSEUM_CASE = next(case for case in CASES if case["document"].startswith("museum"))
RAILWAY_CASE = next(case for case in CASES if case["document"].startswith("railway"))
SETTINGS = {"IQTIBAS_QUESTIONS_PER_MINUTE": "9999", "IQTIBAS_MIN_CONFIDENCE": "0.2", "IQTIBAS_READER": "off"}
people = count(6001)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copy(MUSEUM.with_name("railway.pdf"), folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def bot(server: TelegramServer, corpus: Path, home: Path) -> Iterator[BotProcess]:
    with serving(server, home, IQTIBAS_CORPUS=str(corpus), **SETTINGS) as running:
        yield running


@pytest.fixture
def user(bot: BotProcess) -> int:
    return next(people)


def sources_of(server: TelegramServer, user: int, question: str, already: int = 0) -> tuple[Call, Call]:
    """An answer, and its sources, which are shown in its place."""
    server.say(user, question)
    answer = server.wait_for("sendMessage", already + 1, chat_id=user)[-1]
    press(server, answer, buttons(answer)[ARABIC.button_source], user=user)
    return answer, server.wait_for("editMessageText", chat_id=user)[-1]


def ask_for_picture(server: TelegramServer, user: int, sources: Call) -> None:
    (data,) = (data for text, data in buttons(sources).items() if text.startswith(ARABIC.button_picture))
    press(server, sources, data, user=user)


def held_by(server: TelegramServer, photo: Call, answer: Call, path: Path, page: int) -> None:
    """The photo of a page shows the quote of an answer marked."""
    quote = answer.message.blockquotes[0].text
    marked = under_marks(server.picture(photo), path.read_bytes(), page - 1)
    assert share_alike(marked, letters_of(quote)) > 0.93
    assert ARABIC.marked in str(photo.fields["caption"])
    assert photo.fields["reply_parameters"]["message_id"] > 0


def test_the_page_of_a_quote_from_the_corpus_is_shown_with_the_quote_marked(server, corpus, user):
    answer, sources = sources_of(server, user, RAILWAY_CASE["question"])
    ask_for_picture(server, user, sources)
    (photo,) = server.wait_for("sendPhoto", chat_id=user)
    held_by(server, photo, answer, corpus / "railway.pdf", RAILWAY_CASE["page"])
    press(server, sources, buttons(sources)[ARABIC.button_back], user=user)
    home = server.wait_for("editMessageText", 2, chat_id=user)[-1]
    assert (home.message, buttons(home)) == (answer.message, buttons(answer))


def test_the_page_of_a_quote_from_a_file_of_the_chat_is_shown_too_and_to_nobody_else(server, user):
    send(server, user, "museum.pdf", MUSEUM.read_bytes())
    server.wait_for("sendMessage", chat_id=user)
    answer, sources = sources_of(server, user, MUSEUM_CASE["question"], 1)
    ask_for_picture(server, user, sources)
    (photo,) = server.wait_for("sendPhoto", chat_id=user)
    held_by(server, photo, answer, MUSEUM, MUSEUM_CASE["page"])
    (data,) = (data for text, data in buttons(sources).items() if text.startswith(ARABIC.button_picture))
    other = next(people)
    told = press(server, sources, data, user=other, chat={"id": other, "type": "private", "first_name": "U"})
    assert told.fields["text"] == ARABIC.answer_too_old
    assert not server.calls("sendPhoto", other)


def test_a_photo_that_telegram_would_not_take_at_once_is_sent_again(server, user):
    _, sources = sources_of(server, user, RAILWAY_CASE["question"])
    server.fail("sendPhoto", chat_id=user, status=429, retry_after=1)
    ask_for_picture(server, user, sources)
    server.wait_for("sendPhoto", chat_id=user)
    assert [call.taken for call in server.calls("sendPhoto", user)] == [False, True]


def test_a_picture_that_is_refused_is_said_kindly(server, user):
    _, sources = sources_of(server, user, RAILWAY_CASE["question"])
    server.fail("sendPhoto", chat_id=user, status=400, description="Bad Request: not enough rights to send photos")
    ask_for_picture(server, user, sources)
    told = server.wait_for("sendMessage", 2, chat_id=user)[-1]
    assert told.message.text == ARABIC.no_picture.format(page=ARABIC.figure(RAILWAY_CASE["page"]))


def test_a_bot_that_is_killed_while_it_sends_the_picture_sends_it_when_it_is_back(corpus, tmp_path):
    user = next(people)
    settings = {"IQTIBAS_CORPUS": str(corpus), **SETTINGS}
    with TelegramServer() as server:
        with BotProcess(server.url, server.token, tmp_path, settings=settings) as bot:
            server.wait_for_arrival("getUpdates")
            _, sources = sources_of(server, user, RAILWAY_CASE["question"])
            fault = server.fail("sendPhoto", held=True, drop=True)
            ask_for_picture(server, user, sources)
            server.wait_for_arrival("sendPhoto")
            bot.kill()
            fault.held = False
        with serving(server, tmp_path, **settings):
            server.wait_for("sendPhoto", chat_id=user)
        assert len(server.taken("sendPhoto", user)) == 1


def test_a_file_that_changed_is_not_shown(server, corpus, user):
    _, sources = sources_of(server, user, RAILWAY_CASE["question"])
    path = corpus / "railway.pdf"
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    try:
        ask_for_picture(server, user, sources)
        told = server.wait_for("sendMessage", 2, chat_id=user)[-1]
        assert told.message.text == ARABIC.source_changed
        assert not server.calls("sendPhoto", user)
    finally:
        path.write_bytes(content)
