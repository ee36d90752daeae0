"""A running bot and a Bot API server: what people write, what they get, and what happens when sending fails."""

from collections.abc import Iterator
from itertools import count

import pytest
from bot_process import CORPUS, BotProcess, serving
from emulator import PHOTO, STICKER, Call, TelegramServer

from bot.phrases import phrases

pytestmark = pytest.mark.xdist_group("telegram")

QUESTION = "متى كان من المقرر أن تنطلق مباحثات أستانا؟"
UNANSWERED = "ما هي عاصمة فرنسا؟"
ANSWER = "الخامس عشر من فبراير"
TITLE = "تأجيل مباحثات الأستانة"
REFUSAL = "لا أجد جوابا"


@pytest.fixture(scope="module")
def shared_bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    with serving(server, tmp_path_factory.mktemp("bot")) as running:
        yield running


@pytest.fixture(autouse=True)
def bot(shared_bot: BotProcess) -> BotProcess:
    shared_bot.forget_log()
    return shared_bot


new_chats = count(1001)


@pytest.fixture
def chat() -> int:
    return next(new_chats)


def ask(server: TelegramServer, chat: int, text: str, language: str = "ar") -> Call:
    """The one message that came in reply to ``text``."""
    asked = server.say(chat, text, language=language)
    (answer,) = replies(server, chat, asked)
    return answer


def replies(server: TelegramServer, chat: int, asked: int) -> list[Call]:
    """All that came in reply to one message. The next message's answer is awaited: it comes after them."""
    last = server.say(chat, "/about")
    sent: list[Call] = []
    while not any(call.reply_to == last for call in sent):
        sent = server.wait_for("sendMessage", len(sent) + 1, chat_id=chat)
    return [call for call in sent if call.reply_to == asked]


def test_a_question_gets_a_quote_word_for_word_and_its_source(server, chat):
    message = ask(server, chat, QUESTION).message
    source = (CORPUS / "astana-talks.txt").read_text("utf-8")
    quote = message.blockquotes[0]
    assert ANSWER in quote.text
    assert all(shown.text in source for shown in message.blockquotes)
    assert TITLE in message.text[quote.start + len(quote.text) :]


def test_the_answer_is_marked_in_the_quote(server, chat):
    quote = ask(server, chat, QUESTION).message.blockquotes[0]
    assert any("فبراير" in words for words in quote.bold_texts)


def test_a_question_without_an_answer_gets_a_refusal_without_a_source(server, chat):
    message = ask(server, chat, UNANSWERED).message
    assert REFUSAL in message.text
    assert not message.blockquotes
    assert not message.links
    assert "http" not in message.text


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("command", ["start", "help", "about", "new"])
def test_commands_speak_the_language_of_the_person(server, chat, command, language):
    text = ask(server, chat, f"/{command}", language).message.text
    says = phrases(language)
    example = f"\n\n{says.example.format(question=says.isolated(QUESTION))}" if command in ("start", "help") else ""
    assert text == getattr(says, command).format(bot=says.bot) + example


def test_the_languages_differ():
    assert phrases("ar").start != phrases("en").start


def test_the_menu_of_commands_is_registered(server):
    menus = {
        (call.fields["scope"]["type"], call.fields.get("language_code")): call.fields["commands"]
        for call in server.taken("setMyCommands")
    }
    scopes = ("all_private_chats", "all_group_chats")
    assert set(menus) == {(scope, language) for scope in scopes for language in (None, "ar", "en")}
    assert {"start", "help", "about", "new"} <= {each["command"] for each in menus["all_private_chats", None]}
    assert {"ask", "new"} <= {each["command"] for each in menus["all_group_chats", "en"]}


def test_an_edited_message_changes_its_answer_and_gets_no_other(server, chat):
    asked = server.say(chat, QUESTION)
    server.say(chat, UNANSWERED, message_id=asked, edited=True)
    (answer,) = replies(server, chat, asked)
    assert ANSWER in answer.text
    (change,) = server.calls("editMessageText", chat)
    assert REFUSAL in change.text


@pytest.mark.parametrize("content", [PHOTO, STICKER])
def test_what_is_not_text_gets_a_kind_word(server, chat, content):
    (answer,) = replies(server, chat, server.show(chat, content))
    assert answer.text == phrases("ar").not_text


def test_told_to_wait_it_waits_and_sends_once(server, chat):
    server.fail("sendMessage", chat_id=chat, status=429, retry_after=1)
    ask(server, chat, QUESTION)
    refused, sent = server.calls("sendMessage", chat)[:2]
    assert sent.time - refused.time >= 1


def test_a_server_in_trouble_gets_the_answer_when_it_works_again(server, chat):
    server.fail("sendMessage", chat_id=chat, status=500)
    server.fail("sendMessage", chat_id=chat, status=502, body="<html>Bad Gateway</html>")
    assert ANSWER in ask(server, chat, QUESTION).text
    assert [call.taken for call in server.calls("sendMessage", chat)] == [False, False, True, True]


reply_is_lost = pytest.mark.parametrize(
    "fault", [{"drop": True}, {"body": "<html>?</html>"}], ids=["dropped", "not JSON"]
)


@reply_is_lost
def test_a_reply_lost_before_the_message_was_taken_loses_no_answer(server, bot, chat, fault):
    server.fail("sendMessage", chat_id=chat, **fault)
    assert ANSWER in ask(server, chat, QUESTION).text
    bot.wait_for_log("may double")


@reply_is_lost
def test_a_reply_lost_after_the_message_was_taken_doubles_it_at_most(server, bot, chat, fault):
    server.fail("sendMessage", chat_id=chat, taken=True, times=2, **fault)
    asked = server.say(chat, QUESTION)
    *answers, told = replies(server, chat, asked)
    assert [ANSWER in answer.text for answer in answers] == [True, True]
    assert told.text == phrases("ar").perhaps_answered
    bot.wait_for_log("may double")


def test_an_answer_that_could_not_leave_is_sent_when_the_network_is_back(server, bot, chat):
    # holds the answer back until nothing listens
    held = server.fail("sendMessage", chat_id=chat, status=429, retry_after=1, times=1000)
    asked = server.say(chat, QUESTION)
    bot.wait_for_log("Telegram asks for time")
    with server.unreachable():
        held.times = 0
        bot.wait_for_log("not taken")
    assert len(replies(server, chat, asked)) == 1
    assert "may double" not in bot.log


def test_a_slow_chat_gets_its_answer_and_holds_nobody_up(server, chat):
    slow = server.fail("sendMessage", chat_id=chat, held=True)
    asked = server.say(chat, QUESTION)
    ask(server, next(new_chats), QUESTION)
    assert not server.calls("sendMessage", chat)
    slow.held = False
    assert len(replies(server, chat, asked)) == 1


def test_who_blocked_the_bot_is_left_alone_and_others_are_answered(server, bot, chat):
    server.fail("sendMessage", chat_id=chat, status=403, description="Forbidden: bot was blocked by the user")
    assert not replies(server, chat, server.say(chat, QUESTION))
    assert len(server.calls("sendMessage", chat)) == 2
    ask(server, next(new_chats), QUESTION)
    assert "Traceback" not in bot.log


def test_chats_at_once_each_get_their_answers_in_order(server):
    chats = [next(new_chats) for _ in range(6)]
    for slow in chats[::2]:
        server.fail("sendMessage", chat_id=slow, delay=0.2)
    questions = (QUESTION, "/help", UNANSWERED, QUESTION)
    asked = {chat: [] for chat in chats}
    for text in questions:
        for chat in chats:
            asked[chat].append(server.say(chat, text))
    for chat in chats:
        sent = server.wait_for("sendMessage", len(questions), chat_id=chat)
        assert [call.reply_to for call in sent] == asked[chat]


def test_polls_that_fail_for_a_while_are_tried_again(server, bot, chat):
    server.fail("getUpdates", status=502, body="<html>Bad Gateway</html>")
    ask(server, chat, QUESTION)
    ask(server, chat, QUESTION)
    assert len(bot.wait_for_log("the server answers 502")) == 1  # digits alone are found in a time too


def test_another_instance_with_the_token_is_named(server, bot, chat):
    server.fail("getUpdates", status=409, description="Conflict: terminated by other getUpdates request")
    ask(server, chat, QUESTION)
    ask(server, chat, QUESTION)
    assert len(bot.wait_for_log("another instance uses this token")) == 1
