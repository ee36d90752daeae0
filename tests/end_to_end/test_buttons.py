"""A running bot whose buttons are pressed, before and after it is killed, against a Bot API server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import CORPUS, BotProcess, serving
from click.testing import CliRunner
from emulator import Call, TelegramServer
from emulator_buttons import buttons, press
from emulator_groups import group, write

from bot.phrases import phrases
from bot.terminal.cli import main

pytestmark = pytest.mark.xdist_group("telegram buttons")

ARABIC = phrases("ar")
QUESTION = "كم غارة نفذتها المقاتلات الروسية على درعا؟"
ARTICLE = (CORPUS / "astana-talks.txt").read_text("utf-8")
LIMIT = 6
SETTINGS = {"IQTIBAS_QUESTIONS_PER_MINUTE": str(LIMIT)}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "astana-talks.txt").write_text(ARTICLE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def home(server: TelegramServer, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the state is of a bot that answered in each of the chats below, and then was killed."""
    folder = tmp_path_factory.mktemp("bot")
    settings = {"IQTIBAS_CORPUS": str(corpus), **SETTINGS}
    polls = server.arrivals("getUpdates")
    with BotProcess(server.url, server.token, folder, settings=settings) as bot:
        server.wait_for_arrival("getUpdates", polls + 1)
        for chat in ASKED:
            server.say(chat, QUESTION)
            server.wait_for("sendMessage", chat_id=chat)
        server.say(LEANS, "ومتى؟")
        server.wait_for("sendMessage", 2, chat_id=LEANS)
        write(server, GROUP, LEANS, f"/ask {QUESTION}")
        server.wait_for("sendMessage", chat_id=GROUP)
        bot.kill()
    return folder


ASKED = range(6001, 6009)
LEANS, GROUP, NOBODY = 6001, -6001, 6999
chats = iter(ASKED[1:])


@pytest.fixture(scope="module")
def bot(server: TelegramServer, corpus: Path, home: Path) -> Iterator[BotProcess]:
    with serving(server, home, IQTIBAS_CORPUS=str(corpus), **SETTINGS) as running:
        yield running


@pytest.fixture
def chat(bot: BotProcess) -> int:
    return next(chats)


def answer_in(server: TelegramServer, chat: int, number: int = 0) -> Call:
    return server.taken("sendMessage", chat)[number]


def turned(server: TelegramServer, chat: int, call: Call, data: str, user: int | None = None) -> Call:
    """The message that is put in the place of one when a button under it is pressed."""
    before = len(server.taken("editMessageText", chat))
    press(server, call, data, user=user or chat)
    page = server.wait_for("editMessageText", before + 1, chat_id=chat)[-1]
    assert int(page.fields["message_id"]) == call.response["result"]["message_id"]
    return page


def next_message(server: TelegramServer, chat: int, call: Call, data: str, user: int | None = None) -> Call:
    """The message that comes when a button is pressed."""
    before = len(server.taken("sendMessage", chat))
    press(server, call, data, user=user or chat)
    return server.wait_for("sendMessage", before + 1, chat_id=chat)[-1]


def test_after_being_killed_it_shows_the_context_and_turns_its_pages(server, chat):
    answer = answer_in(server, chat)
    page = turned(server, chat, answer, buttons(answer)["السياق"])
    quote, around = answer.message.blockquotes[0], page.message.blockquotes[0]
    assert around.text in ARTICLE
    assert list(around.bold_texts) == [quote.text]
    seen = {around.text}
    shown = page
    for turn in ("التالي ◀", "▶ السابق"):
        while turn in buttons(shown):
            shown = turned(server, chat, page, buttons(shown)[turn])
            seen.add(shown.message.blockquotes[0].text)
    assert len(seen) > 1
    body = "".join(ARTICLE.partition("\n")[2].split())
    assert sum(len("".join(text.split())) for text in seen) == len(body)
    home = turned(server, chat, shown, buttons(shown)[ARABIC.button_back])
    assert (home.message, buttons(home)) == (answer.message, buttons(answer))
    assert len(server.taken("sendMessage", chat)) == 1


def test_a_page_is_turned_once_though_the_reply_to_it_was_lost(server, bot, chat):
    answer = answer_in(server, chat)
    page = turned(server, chat, answer, buttons(answer)["السياق"])
    turn = next(data for text, data in buttons(page).items() if text in {"التالي ◀", "▶ السابق"})
    server.fail("editMessageText", chat_id=chat, drop=True, taken=True)
    press(server, page, turn, user=chat)
    server.wait_for("editMessageText", 3, chat_id=chat)
    bot.wait_for_log("editMessageText: Telegram may have taken it (")
    assert len(server.taken("sendMessage", chat)) == 1
    assert "Traceback" not in bot.log


def test_more_gives_quotes_that_were_not_shown(server, chat):
    answer = answer_in(server, chat)
    more = turned(server, chat, answer, buttons(answer)["المزيد"])
    shown = {quote.text for quote in answer.message.blockquotes}
    new = {quote.text for quote in more.message.blockquotes}
    assert new
    assert not shown & new
    assert all(text in ARTICLE for text in new)
    assert f"[{len(shown) + 1}]" in more.message.text
    home = turned(server, chat, more, buttons(more)[ARABIC.button_back])
    assert home.message == answer.message


def test_the_source_is_told_with_the_place_of_each_quote(server, chat):
    answer = answer_in(server, chat)
    source = turned(server, chat, answer, buttons(answer)["المصدر"])
    told = source.message.text.count("الملف: \u2068astana-talks.txt\u2069\nفقرة ")
    assert told == len(answer.message.blockquotes)
    assert list(buttons(source)) == [ARABIC.button_reference, ARABIC.button_back]


def test_opinions_become_cases_for_eval(server, chat, bot, home, corpus, tmp_path, monkeypatch):
    answer = answer_in(server, chat)
    assert press(server, answer, buttons(answer)["👎"], user=chat).fields["text"] == ARABIC.thanks_bad
    assert press(server, answer, buttons(answer)["👍"], user=chat).fields["text"] == ARABIC.thanks_good
    server.say(chat, "/about")
    server.wait_for("sendMessage", 2, chat_id=chat)
    monkeypatch.setenv("IQTIBAS_DATA", str(home / "data"))
    lines = CliRunner().invoke(main, ["feedback", "--json"], catch_exceptions=False).stdout
    (case,) = map(json.loads, lines.splitlines())
    assert case["question"] == QUESTION
    assert str(chat) not in lines
    questions = tmp_path / "cases.jsonl"
    questions.write_text(lines, "utf-8")
    done = CliRunner().invoke(main, ["eval", "--corpus", str(corpus), "--json", str(questions)])
    assert json.loads(done.stdout)["quote@1"] == 1


def test_a_question_that_leaned_is_asked_plain(server, bot):
    leaning = answer_in(server, LEANS, 1)
    assert "بحثتُ عن" in leaning.message.text
    plain = turned(server, LEANS, leaning, buttons(leaning)[ARABIC.button_plain])
    assert "بحثتُ عن: ومتى؟ (" not in plain.message.text
    assert ARABIC.button_plain not in buttons(plain)


def test_in_a_group_any_member_may_press_and_nobody_elsewhere(server, bot):
    answer = answer_in(server, GROUP)
    page = turned(server, GROUP, answer, buttons(answer)["السياق"], user=NOBODY)
    assert page.message.blockquotes
    before = len(server.taken("sendMessage", NOBODY))
    private = {"id": NOBODY, "type": "private", "first_name": "سائل"}
    forged = press(server, answer, buttons(answer)["السياق"], user=NOBODY, chat=private)
    assert forged.fields["text"] == ARABIC.answer_too_old
    elsewhere = press(server, answer, buttons(answer)["السياق"], user=NOBODY, chat=group(-6002))
    assert elsewhere.fields["text"] == ARABIC.answer_too_old
    assert len(server.taken("sendMessage", NOBODY)) == before


def test_forged_and_stale_data_are_kindly_refused(server, bot, chat):
    answer = answer_in(server, chat)
    for data in ("a:1:abcdefghijk_:c", "a:9:x", "nonsense", "م" * 32, "a:1:abcdefghijk_:t:9:999999"):
        told = press(server, answer, data, user=chat)
        assert told.fields["text"] in {ARABIC.answer_too_old, ARABIC.button_too_old}
    assert len(server.taken("sendMessage", chat)) == 1
    assert "Traceback" not in bot.log


def test_every_button_is_within_telegrams_limit(server, bot):
    calls = [*server.taken("sendMessage"), *server.taken("editMessageText")]
    data = [data for call in calls for data in buttons(call).values()]
    assert data
    assert all(1 <= len(each.encode()) <= 64 for each in data)


def test_asking_by_button_is_limited(server, bot):
    leaning = answer_in(server, LEANS, 1)
    plain = buttons(leaning)[ARABIC.button_plain]
    told = [press(server, leaning, plain, user=NOBODY + 1).fields for _ in range(LIMIT + 1)]
    assert not any("text" in fields for fields in told[:LIMIT])
    assert "6 رسائل" in told[LIMIT]["text"]
    assert "text" not in press(server, leaning, plain, user=NOBODY + 2).fields


def test_a_source_that_changed_is_not_shown(server, bot, corpus, chat):
    answer = answer_in(server, chat)
    (corpus / "astana-talks.txt").write_text(f"{ARTICLE}\nوهذا سطر جديد.\n", "utf-8")
    told = next_message(server, chat, answer, buttons(answer)["السياق"])
    assert told.text == ARABIC.source_changed
    (corpus / "astana-talks.txt").write_text(ARTICLE, "utf-8")
