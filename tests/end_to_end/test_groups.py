"""A running bot in groups, in inline mode and under its operator, against a Bot API server."""

import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import telegram_html
from bot_process import CORPUS, BotProcess, serving
from emulator import PHOTO, Call, TelegramServer
from emulator_groups import BOT, MENTION, person, press, reply_to, standing, type_inline, write

from bot.phrases import phrases

pytestmark = pytest.mark.xdist_group("telegram groups")

ARABIC = phrases("ar")
QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
UNANSWERED = "ما هي عاصمة فرنسا؟"
ANSWER = "الخامس عشر من فبراير"
ADMIN, STRANGER = 4001, 4999
USERS = range(4002, 4040)
GROUPS = range(-4040, -4001)
SOURCES = 14


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped article among so many others that their list has two pages."""
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "astana-talks.txt").write_bytes((CORPUS / "astana-talks.txt").read_bytes())
    for number in range(1, SOURCES):
        (folder / f"note-{number:02}.txt").write_text(
            f"مذكرة رقم {number}\n\nفتحت المكتبة رقم {number} أبوابها.\n", "utf-8"
        )
    return folder


@pytest.fixture(scope="module")
def bot(server: TelegramServer, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    settings = {
        "IQTIBAS_CORPUS": str(corpus),
        "IQTIBAS_ADMINS": str(ADMIN),
        "IQTIBAS_ALLOWED": ", ".join(map(str, [*USERS, *GROUPS])),
        "IQTIBAS_QUESTIONS_PER_MINUTE": "3",
    }
    with serving(server, tmp_path_factory.mktemp("bot"), **settings) as running:
        yield running


users, groups = iter(USERS), iter(GROUPS)
new_ids = count(-1_004_001, -1)


@pytest.fixture
def user(bot: BotProcess) -> int:
    return next(users)


@pytest.fixture
def chat(bot: BotProcess) -> int:
    return next(groups)


def answers_to(server: TelegramServer, bot: BotProcess, chat: int, *asked: int) -> list[Call]:
    """What came in reply to messages of a group, once all that came before the next command has been handled."""
    last = write(server, chat, next(users), "/about")
    sent: list[Call] = []
    while not any(call.reply_to == last for call in sent):
        sent = server.wait_for("sendMessage", len(sent) + 1, chat_id=chat)
    bot.settle()  # the senders of a group take turns
    return [call for call in server.taken("sendMessage", chat) if call.reply_to in asked]


def test_in_a_group_it_answers_who_speaks_to_it_and_quotes_the_question(server, bot, chat, user):
    mentioned = write(server, chat, user, f"😀 {MENTION} {QUESTION}")
    commanded = write(server, chat, user, f"/ask{MENTION} {QUESTION}")
    replied = write(server, chat, user, QUESTION, **reply_to(BOT, "جواب", chat))
    passed_on = write(server, chat, next(users), "/ask", **reply_to(person(user), QUESTION, chat))
    asked = [mentioned, commanded, replied, passed_on]
    answers = answers_to(server, bot, chat, *asked)
    assert {call.reply_to for call in answers} == set(asked)
    assert all(ANSWER in call.message.blockquotes[0].text for call in answers)
    assert all("بحثتُ عن" not in call.message.text for call in answers)


def test_otherwise_it_is_quiet_in_a_group(server, bot, chat, user):
    quiet = [
        write(server, chat, user, QUESTION),
        write(server, chat, user, QUESTION, **reply_to(person(user), "سؤال", chat)),
        write(server, chat, user, f"/ask@another_bot {QUESTION}"),
        write(server, chat, user, "/unknown"),
        write(server, chat, user, "/status"),
        write(server, chat, user, **PHOTO),
    ]
    assert not answers_to(server, bot, chat, *quiet)
    assert len(server.calls("sendMessage", chat)) == 1


def test_topics_are_kept_and_each_is_a_thread_of_its_own(server, bot, chat, user):
    topics = [{"message_thread_id": number, "is_topic_message": True} for number in (21, 22)]
    first = write(server, chat, user, f"/ask {QUESTION}", **topics[0])
    there = write(server, chat, user, "/ask وأين؟", **topics[1])
    leaning = write(server, chat, user, "/ask ومتى؟", **topics[0])
    answers = answers_to(server, bot, chat, first, there, leaning)
    assert [call.fields["message_thread_id"] for call in answers] == ["21", "22", "21"]
    assert ["بحثتُ عن" in call.message.text for call in answers] == [False, False, True]


def test_put_into_a_group_it_says_how_to_ask_and_then_no_more(server, bot, chat, user):
    standing(server, chat, user, "left", "member")
    (greeting,) = server.wait_for("sendMessage", chat_id=chat)
    assert greeting.text == ARABIC.greeting.format(mention=f"\u2068{MENTION}\u2069")
    standing(server, chat, user, "member", "kicked")
    answers_to(server, bot, chat)
    assert len(server.calls("sendMessage", chat)) == 2


def test_a_group_that_becomes_a_supergroup_keeps_its_thread_and_its_permission(server, bot, chat, user):
    new = next(new_ids)
    asked = write(server, chat, STRANGER, f"/ask {QUESTION}")
    assert len(answers_to(server, bot, chat, asked)) == 1
    write(server, chat, user, migrate_to_chat_id=new)
    write(server, new, user, migrate_from_chat_id=chat)
    leaning = write(server, new, STRANGER, "/ask ومتى؟")
    (answer,) = answers_to(server, bot, new, leaning)
    assert "بحثتُ عن" in answer.message.text


def test_an_answer_under_way_to_a_group_that_moved_goes_to_where_it_is_now(server, bot, chat, user):
    new = next(new_ids)
    body = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }
    server.fail("sendMessage", chat_id=chat, status=400, body=json.dumps(body))
    write(server, chat, user, f"/ask {QUESTION}")
    (answer,) = server.wait_for("sendMessage", chat_id=new)
    assert ANSWER in answer.text
    assert bot.wait_for_log(f"chat {chat} is now chat {new}")
    leaning = write(server, new, user, "/ask ومتى؟")
    (later,) = answers_to(server, bot, new, leaning)
    assert "بحثتُ عن" in later.message.text


def inline_answer(server: TelegramServer, query: str) -> Call:
    """The answer to an inline query."""
    found: list[Call] = []
    while not any(call.fields["inline_query_id"] == query for call in found):
        found = server.wait_for("answerInlineQuery", len(found) + 1)
    return next(call for call in found if call.fields["inline_query_id"] == query)


def test_inline_it_gives_cards_to_choose_from_for_less_than_a_second_of_work(server, bot, user):
    before = bot.processor_seconds
    given = inline_answer(server, type_inline(server, user, QUESTION))
    assert bot.processor_seconds - before < 1
    assert str(given.fields["is_personal"]).lower() == "true"
    source = (CORPUS / "astana-talks.txt").read_text("utf-8")
    results = given.fields["results"]
    assert results
    for result in results:
        shown = telegram_html.parse(result["input_message_content"]["message_text"])
        (quote,) = shown.blockquotes
        assert quote.text in source
    assert ANSWER in telegram_html.parse(results[0]["input_message_content"]["message_text"]).text


@pytest.mark.parametrize(("text", "hint"), [("", ARABIC.inline_hint), (UNANSWERED, ARABIC.inline_none)])
def test_inline_nothing_asked_or_nothing_found_leads_to_the_bot(server, user, text, hint):
    given = inline_answer(server, type_inline(server, user, text))
    assert given.fields["results"] == []
    assert given.fields["button"] == {"text": hint, "start_parameter": "inline"}


def test_a_user_who_asks_too_much_is_told_once_and_inline_gets_nothing(server, bot, user):
    asked = [server.say(user, UNANSWERED) for _ in range(6)]
    sent = server.wait_for("sendMessage", 4, chat_id=user)
    assert "3 رسائل" in sent[3].text
    assert inline_answer(server, type_inline(server, user, QUESTION)).fields["results"] == []
    server.say(user, "/about")
    assert inline_answer(server, type_inline(server, user, QUESTION)).fields["results"] == []
    bot.settle()
    assert [call.reply_to for call in server.taken("sendMessage", user)] == asked[:4]


def test_who_is_not_allowed_is_told_once_in_private_and_not_at_all_in_a_group(server, bot):
    for text in (QUESTION, "/start", QUESTION):
        server.say(STRANGER, text)
    other = -4999
    write(server, other, STRANGER, f"/ask {QUESTION}")
    standing(server, other, STRANGER, "left", "member")
    inline_answer(server, type_inline(server, STRANGER, QUESTION))
    user = next(users)
    server.say(user, "/about")
    server.wait_for("sendMessage", chat_id=user)
    (told,) = server.calls("sendMessage", STRANGER)
    assert str(STRANGER) in told.text
    assert not server.calls("sendMessage", other)


def say(server: TelegramServer, chat: int, text: str) -> str:
    """The one message that comes in reply to ``text``."""
    before = len(server.taken("sendMessage", chat))
    server.say(chat, text)
    return server.wait_for("sendMessage", before + 1, chat_id=chat)[-1].message.text


def test_an_admin_reloads_and_learns_what_changed_and_why_it_failed(server, bot, corpus):
    article = corpus / "added.txt"
    article.write_text("خبر المطار الجديد\n\nافتتح مطار الواحة في الثالث من أيار بعد عامين من العمل.\n", "utf-8")
    text = say(server, ADMIN, "/reload")
    assert ARABIC.figure(SOURCES + 1) in text  # be it that the live folder was quicker, or this
    assert "مطار الواحة" in say(server, ADMIN, "متى افتتح مطار الواحة؟")
    moved = corpus.rename(corpus.with_name("elsewhere"))
    assert str(corpus.name) in say(server, ADMIN, "/reload")
    moved.rename(corpus)
    assert ANSWER in say(server, ADMIN, QUESTION)
    article.unlink()
    assert ARABIC.figure(SOURCES) in say(server, ADMIN, "/reload")
    bot.wait_for_log("the corpus could not be read again")


def test_an_admin_sees_how_it_fares_and_others_do_not(server, bot, user):
    text = say(server, ADMIN, "/status")
    assert f"الوثائق: {ARABIC.figure(SOURCES)}" in text
    assert re.search(r"الذاكرة بالميغابايت: [1-9]", text)
    assert say(server, user, "/status").startswith(ARABIC.help)  # and examples, once they are made


def test_an_admin_has_a_menu_of_their_own(server, bot):
    scopes = [call.fields["scope"] for call in server.taken("setMyCommands")]
    assert {"type": "chat", "chat_id": ADMIN} in scopes


def test_the_sources_are_listed_page_by_page(server, user):
    server.say(user, "/sources")
    (first,) = server.wait_for("sendMessage", chat_id=user)
    ((button,),) = first.fields["reply_markup"]["inline_keyboard"]
    assert first.response is not None
    press(server, user, first.response["result"]["message_id"], button["callback_data"])
    (second,) = server.wait_for("editMessageText", chat_id=user)
    titles = [line for page in (first, second) for line in page.message.text.splitlines() if "•" in line]
    assert len(titles) == len(set(titles)) == SOURCES
    assert "answerCallbackQuery" in {call.method for call in server.taken("answerCallbackQuery")}


def test_a_forged_button_is_kindly_refused(server, bot, user):
    press(server, user, 1, "s:1:99999999999999999")
    server.wait_for("answerCallbackQuery")
    assert any(call.fields.get("text") == ARABIC.button_too_old for call in answered_buttons(server))
    assert "Traceback" not in bot.log


def answered_buttons(server: TelegramServer) -> list[Call]:
    """The answers to buttons, once a further update was handled."""
    user = next(users)
    say(server, user, "/about")
    return server.taken("answerCallbackQuery")


def test_each_question_is_a_line_of_the_log_with_its_update(server, bot, user):
    say(server, user, QUESTION)
    lines = bot.wait_for_log("question chat=private result=found")
    assert all(re.search(r"update=\d+: question .* confidence=0\.\d\d ms=\d+$", line) for line in lines)
