"""What the operator has: who may ask, how much, /status, /reload, and a line in the log for each question."""

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import BOT, FakeTelegram, message, refusal
from handling import DOCUMENT, SETTINGS, Listed, Shelf, edited, handle, in_group, member, person, said_by

from bot.conversation.limits import OF_CHAT
from bot.conversation.tally import Tally
from bot.operation.machine import load, memory
from bot.phrases import phrases
from bot.settings import Settings
from bot.store.database import Database
from bot.telegram.app import ALLOWED_UPDATES, build_application
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from retrieval import Refreshed
from retrieval.errors import CorpusError
from retrieval.model import Answer, Document

ARABIC, ENGLISH = phrases("ar"), phrases("en")
ADMIN, STRANGER = 77, 66
ADMINS = replace(SETTINGS, admins=frozenset({ADMIN}))
CLOSED = replace(ADMINS, allowed=frozenset({7, -5}))


class Changing(Shelf):
    """A library that ``change`` works on when it is read again."""

    def __init__(self, change: Callable[["Changing"], None]) -> None:
        super().__init__()
        self._change = change

    def refresh(self) -> Refreshed:
        self.threads.add(threading.current_thread().name)
        self._change(self)
        return Refreshed(len(self.documents))


# Who may ask


def test_who_is_allowed_is_answered_and_so_is_everybody_in_a_chat_that_is() -> None:
    updates = [message(1, text="متى؟"), in_group(2, "/ask متى؟", user=STRANGER), message(3, chat=ADMIN, text="متى؟")]
    assert len(handle(*updates, settings=CLOSED).sent()) == 3


def test_who_is_not_allowed_is_told_so_once_with_the_number_to_give() -> None:
    shelf = Shelf()
    updates = [message(number, chat=STRANGER, text=text) for number, text in enumerate(("متى؟", "/start", "كم؟"), 1)]
    (text,) = handle(*updates, shelf=shelf, settings=CLOSED).texts()
    assert str(STRANGER) in text
    assert text == ARABIC.not_allowed.format(id=STRANGER)
    assert shelf.asked == []


def test_in_a_group_that_is_not_allowed_it_is_quiet_and_gives_no_greeting() -> None:
    updates = [
        in_group(1, "/ask متى؟", chat=-6, user=STRANGER),
        member(2, "left", "member", chat=-6, user=STRANGER),
        in_group(3, "/help", chat=-6, user=STRANGER),
    ]
    assert handle(*updates, settings=CLOSED).sent() == []


def test_who_is_allowed_brings_it_into_any_group() -> None:
    assert len(handle(member(1, "left", "member", chat=-6, user=7), settings=CLOSED).sent()) == 1


def test_buttons_and_inline_queries_of_others_are_answered_with_nothing() -> None:
    query = {"id": "1", "from": person(STRANGER), "query": "متى تنطلق؟", "offset": ""}
    telegram = handle({"update_id": 1, "inline_query": query}, _pressed(2, "s:1:0", user=STRANGER), settings=CLOSED)
    assert sorted(set(telegram.methods()) - {"getMe"}) == ["answerCallbackQuery", "answerInlineQuery"]
    (given,) = [call.given for call in telegram.calls if call.method == "answerInlineQuery"]
    assert given["results"] == []


def test_a_group_that_is_allowed_stays_so_under_its_new_id(tmp_path: Path) -> None:
    moved = message(1, chat=-5, kind="group", migrate_to_chat_id=-1005)
    asked = in_group(2, "/ask متى؟", chat=-1005, user=STRANGER)
    assert len(handle(moved, asked, settings=CLOSED, data=tmp_path, one_by_one=True).sent()) == 1
    assert len(handle(asked, settings=CLOSED, data=tmp_path).sent()) == 1


# How much


def test_beyond_the_limit_a_user_is_told_once_and_others_are_answered() -> None:
    shelf = Shelf()
    settings = replace(SETTINGS, questions_per_minute=2)
    updates = [message(number, text="متى؟") for number in range(1, 6)]
    texts = handle(*updates, message(6, chat=8, text="متى؟"), shelf=shelf, settings=settings).texts()
    told = [text for text in texts if not text.startswith("<blockquote expandable>")]
    assert len(shelf.asked) == 3
    assert len(told) == 1
    assert "رسالتان" in told[0]
    assert re.search(r"\bثانية|ثوان", told[0])


def test_the_limit_is_a_users_in_whatever_group_they_ask() -> None:
    shelf = Shelf()
    updates = [in_group(number, "/ask متى؟", chat=-number) for number in range(1, 4)]
    handle(*updates, shelf=shelf, settings=replace(SETTINGS, questions_per_minute=1))
    assert len(shelf.asked) == 1


PHOTO = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 9, "height": 9}]}


@pytest.mark.parametrize(
    "more", [PHOTO, {"text": "/help"}, {"text": "/privacy"}, {"text": "/sources"}, {"text": "/mydocs"}]
)
def test_every_kind_of_reply_counts(more: dict[str, Any]) -> None:
    settings = replace(SETTINGS, questions_per_minute=2)
    texts = handle(*(message(number, **more) for number in range(1, 9)), settings=settings, one_by_one=True).texts()
    assert len(texts) == 3
    assert "رسالتان" in texts[2]


THREE = "متى رحلت القافلة؟ ومن قادها؟ وأين وصلت؟"


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ([message(2, text=THREE)], 2),
        ([edited(message(1, text="متى؟"), 2, text="أين؟"), edited(message(1, text="متى؟"), 3, text="من؟")], 2),
        ([edited(message(1, text="متى؟"), 2, text=THREE)], 2),
        ([edited(message(1, text="متى؟"), 2, text="متى؟"), edited(message(8, text="متى؟"), 3, text="من؟")], 1),
    ],
    ids=["each question of a message", "each edit", "each question of an edit", "no edit that asks nothing else"],
)
def test_each_question_counts_be_it_of_one_message_or_of_an_edit(more: list[dict[str, Any]], asked: int) -> None:
    shelf = Shelf()
    settings = replace(SETTINGS, questions_per_minute=2)
    telegram = handle(message(1, text="متى؟"), *more, shelf=shelf, settings=settings, one_by_one=True)
    assert len(shelf.asked) == asked
    assert len([text for text in telegram.texts() if text.startswith("أقصى ما أستطيع")]) == asked - 1


def test_what_is_not_for_the_bot_counts_on_nobodys_budget() -> None:
    settings = replace(SETTINGS, questions_per_minute=1)
    chatter = [in_group(number, "كلام") for number in range(1, 9)] + [in_group(9, "/weather")]
    assert len(handle(*chatter, in_group(10, "/ask متى؟"), settings=settings, one_by_one=True).sent()) == 1


def test_a_group_has_a_budget_for_all_together_and_is_told_once() -> None:
    settings = replace(SETTINGS, questions_per_minute=1)
    asked = [in_group(number, "/ask متى؟", user=number) for number in range(1, 9)]
    elsewhere = in_group(20, "/ask متى؟", chat=-6, user=20)
    texts = handle(*asked, elsewhere, settings=settings, one_by_one=True).texts()
    assert len(texts) == OF_CHAT + 2
    assert len([text for text in texts if text.startswith("أقصى ما أستطيع")]) == 1


@pytest.mark.parametrize(
    "update",
    [
        in_group(1, "/ask متى؟", **{"from": person(9) | {"is_bot": True}}),
        in_group(1, reply_to_message=said_by(BOT), text="متى؟", **{"from": person(9) | {"is_bot": True}}),
        message(1, text="متى؟", **{"from": person(9) | {"is_bot": True}}),
    ],
)
def test_a_bot_is_not_answered(update: dict[str, Any]) -> None:
    assert handle(update).sent() == []


def test_who_writes_for_a_group_has_a_bots_name_and_is_answered() -> None:
    anonymous = person(1087968824) | {"is_bot": True}
    group = {"id": -5, "type": "supergroup", "title": "g"}
    asked = in_group(1, "/ask متى؟", sender_chat=group, **{"from": anonymous})
    changed = edited(asked, 2, text="/ask من؟")
    telegram = handle(asked, changed, one_by_one=True)
    assert len(telegram.sent()) == 1
    assert [call.method for call in telegram.calls].count("editMessageText") == 1


# What waits, and what was dropped


def test_what_is_too_much_is_told_once_and_the_rest_is_dropped(tmp_path: Path) -> None:
    telegram, data = FakeTelegram(), replace(SETTINGS, data=tmp_path)
    flood = [message(number, text="/help") for number in range(1, 200)]
    polled = {"ok": True, "result": [*flood, message(200, chat=8, text="متى؟")]}
    telegram.outcomes["getUpdates"] = [(200, polled)]
    texts = asyncio.run(_served(data, telegram, replies=22))
    assert len([text for text in texts if text.startswith("أقصى") or text == ARABIC.too_many_waiting]) == 1
    assert len([text for text in texts if text.startswith("<blockquote")]) == 1


async def _served(settings: Settings, telegram: FakeTelegram, replies: int) -> list[str]:
    """The texts of a bot that polls, once it has sent so many and nothing waits."""
    database = Database(settings.data)
    journal, intake = Journal(database, ALLOWED_UPDATES), Intake(settings.questions_per_minute)
    application = build_application(settings, Shelf(), telegram, None, journal, intake=intake)
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        async with asyncio.timeout(60):
            while len(telegram.sent()) < replies or intake.waiting:
                await asyncio.sleep(0.01)
        await application.updater.stop()
        await application.stop()
    assert application.post_shutdown
    await application.post_shutdown(application)
    await journal.close()
    database.close()
    return telegram.texts()


# /status and /reload


def test_status_says_how_the_bot_fares() -> None:
    def answering(question: str) -> Answer:
        if question == "عطل":
            raise RuntimeError
        return Shelf().ask(question) if question == "متى؟" else Answer(question, question)

    asked = [message(number, text=text) for number, text in enumerate(("متى؟", "متى؟", "كم؟", "عطل"), 1)]
    status = message(9, chat=ADMIN, text="/status", language="en")
    updates = [*asked, member(8, "left", "member", user=ADMIN), status]
    text = handle(*updates, shelf=Shelf(answering), settings=ADMINS, one_by_one=True).texts()[-1]
    for line in (
        "Documents: 1, not read: 0",
        "Passages: 1",
        "Engine: memory",
        "Questions: 2 answered, 1 refused",
        "Errors: 1",
        "Groups: 1",
    ):
        assert line in text
    assert re.search(r"Running for: \w+ (second|minute)", text)
    assert re.search(r"Memory in megabytes: [1-9]", text)
    assert "{" not in text


@pytest.mark.parametrize("command", ["/status", "/reload"])
def test_to_others_the_commands_of_admins_are_unknown(command: str) -> None:
    shelf = Changing(lambda _: pytest.fail("reloaded"))
    assert handle(message(1, text=command), shelf=shelf, settings=ADMINS).texts() == [ARABIC.help]
    assert handle(message(1, text=command), shelf=shelf).texts() == [ARABIC.help]
    assert handle(in_group(1, command), shelf=shelf, settings=ADMINS).sent() == []


def test_reload_reads_the_corpus_off_the_loop_and_says_what_changed() -> None:
    def change(shelf: Changing) -> None:
        shelf.documents = Listed(
            replace(DOCUMENT, text="غير ذلك", digest=""),
            Document("b", "ب", "نص"),
            Document("c", "ج", "نص"),
        )
        shelf.problems = ("x",)

    shelf = Changing(change)
    (text,) = handle(message(1, chat=ADMIN, text="/reload", language="en"), shelf=shelf, settings=ADMINS).texts()
    assert text == ENGLISH.reloaded.format(documents=3, before=1, problems=1)
    assert "MainThread" not in shelf.threads


def test_a_reload_that_fails_says_why_and_the_old_corpus_serves_on() -> None:
    def fail(_: Changing) -> None:
        raise CorpusError("no documents in /corpus")

    shelf = Changing(fail)
    updates = [message(1, chat=ADMIN, text="/reload"), message(2, text="متى؟")]
    texts = handle(*updates, shelf=shelf, settings=ADMINS, one_by_one=True).texts()
    assert "no documents in /corpus" in texts[0]
    assert texts[1].startswith("<blockquote expandable>")


def test_the_corpus_is_read_by_one_at_a_time() -> None:
    entered, released = threading.Event(), threading.Event()

    def wait(_: Changing) -> None:
        entered.set()
        released.wait(5)

    class Second(FakeTelegram):
        """Lets the first reading end once the second has been answered."""

        async def do_request(self, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
            outcome = await super().do_request(url, *args, **more)
            if url.endswith("sendMessage"):
                released.set()
            return outcome

    other = replace(ADMINS, admins=frozenset({ADMIN, ADMIN + 1}))
    updates = [message(1, chat=ADMIN, text="/reload"), message(2, chat=ADMIN + 1, text="/reload")]
    telegram = handle(*updates, shelf=Changing(wait), settings=other, telegram=Second())
    assert telegram.texts()[0] == ARABIC.reload_under_way
    assert len(telegram.sent()) == 2


def test_the_machine_says_what_it_can() -> None:
    used, busy = memory(), load()
    assert used is not None
    assert 10 * 2**20 < used < 2**36
    assert busy is not None
    assert busy >= 0


# The log


def _line(caplog: pytest.LogCaptureFixture) -> str:
    (record,) = [record for record in caplog.records if record.name == "bot.conversation.tally"]
    return record.getMessage()


def test_a_question_is_one_line_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    handle(in_group(1, "/ask سرسري؟"))
    assert re.fullmatch(r"question chat=supergroup result=found confidence=0\.00 ms=\d+", _line(caplog))
    assert "سرسري" not in caplog.text


def test_its_words_stand_there_when_that_was_asked_for_and_on_the_same_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    Tally(log_text=True).count(Answer('أ "ب"\nج', "", confidence=0.5), "inline", 0.0123)
    assert _line(caplog) == 'question chat=inline result=refused confidence=0.50 ms=12 text="أ \\"ب\\"\\nج"'


def test_the_setting_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    handle(message(1, text="سرسري؟"), settings=replace(SETTINGS, log_text=True))
    assert _line(caplog).endswith('text="سرسري؟"')


def test_a_chat_that_closed_itself_is_no_error_to_the_operator() -> None:
    telegram = FakeTelegram({"sendMessage": [refusal(403, "Forbidden: bot was blocked by the user")]})
    updates = [message(1, text="متى؟"), message(2, chat=ADMIN, text="/status", language="en")]
    assert "Errors: 0" in handle(*updates, telegram=telegram, settings=ADMINS, one_by_one=True).texts()[-1]


def _pressed(number: int, data: str, *, user: int = 7) -> dict[str, Any]:
    shown = message(5, chat=user, text="…")["message"]
    query = {"id": str(number), "from": person(user), "chat_instance": "1", "data": data, "message": shown}
    return {"update_id": number, "callback_query": query}
