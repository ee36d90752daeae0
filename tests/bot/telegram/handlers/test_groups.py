"""Groups: when the bot speaks in them, where, and what becomes of a group that gets another id."""

import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fake_telegram import BOT, FakeTelegram, message
from handling import MENTION, Shelf, handle, in_group, member, person, said_by, searched

from bot.conversation.threads import Threads
from bot.phrases import phrases
from bot.store.chats import ADMIN, GONE, MEMBER, Chats
from bot.store.database import Database
from bot.store.threads import Turn
from retrieval.model import Answer

ARABIC, ENGLISH = phrases("ar"), phrases("en")
OLD, NEW = -5, -1005


def _migrated(new: int) -> tuple[int, dict[str, Any]]:
    """What Telegram answers to who sends to a group that has become a supergroup."""
    return 400, {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new},
    }


@pytest.mark.parametrize(
    "more",
    [
        {"text": f"{MENTION} متى تنطلق؟"},
        {"text": "/ask متى تنطلق؟"},
        {"text": f"/ask{MENTION} متى تنطلق؟"},
        {"text": "متى تنطلق؟", "reply_to_message": said_by(BOT)},
        {"text": "/ask", "reply_to_message": said_by(person(9), "متى تنطلق؟")},
    ],
    ids=["mention", "command", "command by name", "reply", "command in reply to somebody"],
)
@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_who_speaks_to_the_bot_is_answered_in_a_reply(more: dict[str, Any], kind: str) -> None:
    shelf = Shelf()
    (sent,) = handle(in_group(4, kind=kind, **more), shelf=shelf).sent()
    assert shelf.asked == ["متى تنطلق؟"]
    assert (sent["chat_id"], sent["reply_parameters"]["message_id"]) == (-5, 4)
    assert sent["text"].startswith("<blockquote expandable>")


@pytest.mark.parametrize(
    "more",
    [
        {"text": "متى تنطلق؟"},
        {"text": "متى تنطلق؟", "reply_to_message": said_by(person(9))},
        {"text": "/ask@other_bot متى تنطلق؟"},
        {"text": "/nonsense"},
        {"text": "/status"},
        {"text": f"{MENTION} متى تنطلق؟", "via_bot": BOT},
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}], "reply_to_message": said_by(BOT)},
        {"location": {"longitude": 0, "latitude": 0}},
        {"new_chat_members": [person(9)]},
    ],
)
def test_otherwise_it_is_quiet(more: dict[str, Any]) -> None:
    shelf = Shelf()
    assert handle(in_group(1, **more), shelf=shelf).methods().count("sendMessage") == 0
    assert shelf.asked == []


def test_an_edited_mention_is_not_answered() -> None:
    update = in_group(1, f"{MENTION} متى؟")
    update["edited_message"] = update.pop("message") | {"edit_date": 1}
    assert handle(update).sent() == []


@pytest.mark.parametrize("text", ["/ask", MENTION])
def test_who_only_calls_is_told_how_to_ask(text: str) -> None:
    assert handle(in_group(1, text)).texts() == [ARABIC.how_to_ask]


def test_ask_works_in_private_too_and_so_does_the_name() -> None:
    shelf = Shelf()
    mention = [{"type": "mention", "offset": 0, "length": len(MENTION)}]
    handle(message(1, text="/ask متى؟"), message(2, text=f"{MENTION} أين؟", entities=mention), shelf=shelf)
    assert shelf.asked == ["متى؟", "أين؟"]


def test_what_was_sent_by_way_of_the_bot_is_no_question_in_private_either() -> None:
    assert handle(message(1, text="اقتباس", via_bot=BOT)).sent() == []


def test_the_answer_stays_in_the_topic() -> None:
    topic = {"message_thread_id": 12, "is_topic_message": True}
    assert [given["message_thread_id"] for given in handle(in_group(1, "/ask متى؟", **topic)).sent()] == [12]
    assert "message_thread_id" not in handle(in_group(1, "/ask متى؟", message_thread_id=12)).sent()[0]


def test_a_question_leans_on_the_one_before_in_its_topic_of_the_same_person() -> None:
    shelf = Shelf()
    topics = [{"message_thread_id": number, "is_topic_message": True} for number in (11, 12)]
    handle(
        in_group(1, "/ask كم؟", user=7, **topics[0]),
        in_group(2, "/ask من؟", user=7, **topics[1]),
        in_group(3, "/ask ومتى؟", user=7, **topics[0]),
        in_group(4, "/ask وأين؟", user=8, **topics[0]),
        in_group(5, "/new", user=7, **topics[0]),
        in_group(6, "/ask ومتى؟", user=7, **topics[0]),
        in_group(7, "/ask ومتى؟", user=7, **topics[1]),
        shelf=shelf,
        one_by_one=True,
    )
    assert shelf.previous == [None, None, "كم؟", None, None, "من؟"]


# The bot's standing


def _standing(folder: Path, chat: int) -> str | None:
    database = Database(folder)
    try:
        return Chats(database).standing(chat)
    finally:
        database.close()


@pytest.mark.parametrize("kind", ["group", "supergroup"])
@pytest.mark.parametrize(("before", "after"), [("left", "member"), ("kicked", "member"), ("left", "administrator")])
def test_put_into_a_group_it_says_once_how_to_ask(kind: str, before: str, after: str) -> None:
    telegram = handle(member(1, before, after, kind=kind), member(2, after, "administrator", kind=kind))
    (sent,) = telegram.sent()
    assert sent["chat_id"] == -5
    assert "/ask" in sent["text"]
    assert MENTION in sent["text"]
    assert "{" not in sent["text"]


def test_the_greeting_is_in_the_language_of_who_brought_it() -> None:
    update = member(1, "left", "member")
    update["my_chat_member"]["from"]["language_code"] = "en"
    assert handle(update).texts() == [ENGLISH.greeting.format(mention=MENTION)]


@pytest.mark.parametrize(
    ("before", "after", "noted"),
    [
        ("left", "member", MEMBER),
        ("member", "administrator", ADMIN),
        ("administrator", "member", MEMBER),
        ("member", "left", GONE),
        ("administrator", "kicked", GONE),
    ],
)
def test_its_standing_is_noted(tmp_path: Path, before: str, after: str, noted: str) -> None:
    handle(member(1, before, after), data=tmp_path)
    assert _standing(tmp_path, -5) == noted


def test_a_restricted_member_is_still_one() -> None:
    update = member(1, "left", "member", kind="supergroup")
    rights = (
        "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes"
        " can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_change_info"
        " can_invite_users can_pin_messages can_manage_topics can_edit_tag can_react_to_messages"
    )
    restricted = {"status": "restricted", "is_member": True, "until_date": 0, **dict.fromkeys(rights.split(), True)}
    update["my_chat_member"]["new_chat_member"] |= restricted
    assert len(handle(update).sent()) == 1


@pytest.mark.parametrize(("before", "after"), [("member", "left"), ("administrator", "kicked")])
def test_put_out_of_a_group_it_says_nothing(before: str, after: str) -> None:
    assert handle(member(1, before, after)).sent() == []


@pytest.mark.parametrize("kind", ["private", "channel"])
@pytest.mark.parametrize("after", ["kicked", "member"])
def test_blocked_or_put_into_a_channel_it_says_nothing(
    kind: str, after: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot")
    before = "member" if after == "kicked" else "kicked"
    assert handle(member(1, before, after, chat=7, kind=kind), data=tmp_path).sent() == []
    assert f"{kind} chat: the bot was" in caplog.text
    assert (_standing(tmp_path, 7) is None) == (kind == "private")


# A new id


@pytest.mark.parametrize(
    "service",
    [
        [message(2, chat=OLD, kind="group", migrate_to_chat_id=NEW)],
        [message(2, chat=NEW, kind="supergroup", migrate_from_chat_id=OLD)],
        [
            message(2, chat=OLD, kind="group", migrate_to_chat_id=NEW),
            message(3, chat=NEW, kind="supergroup", migrate_from_chat_id=OLD),
        ],
    ],
    ids=["in the old chat", "in the new one", "in both"],
)
def test_what_is_known_of_a_group_moves_to_its_new_id(service: list[dict[str, Any]], tmp_path: Path) -> None:
    shelf = Shelf()
    updates = [
        member(0, "member", "administrator", chat=OLD),
        in_group(1, "/ask كم؟", chat=OLD, kind="group"),
        *service,
        in_group(9, "/ask ومتى؟", chat=NEW),
    ]
    sent = handle(*updates, shelf=shelf, data=tmp_path, one_by_one=True).sent()
    assert [given["chat_id"] for given in sent] == [OLD, NEW]
    assert shelf.previous == [None, "كم؟"]
    assert (_standing(tmp_path, OLD), _standing(tmp_path, NEW)) == (None, ADMIN)


def test_an_answer_to_a_group_that_moved_meanwhile_goes_where_it_is_now(tmp_path: Path) -> None:
    shelf = Shelf()
    telegram = FakeTelegram({"sendMessage": [_migrated(NEW)]})
    updates = [in_group(1, "/ask كم؟", chat=OLD, kind="group"), in_group(2, "/ask ومتى؟", chat=NEW)]
    handle(*updates, shelf=shelf, telegram=telegram, data=tmp_path, one_by_one=True)
    assert [given["chat_id"] for given in telegram.sent()] == [OLD, NEW, NEW]
    assert shelf.previous == [None, "كم؟"]
    assert _standing(tmp_path, NEW) == MEMBER


def test_a_group_under_its_new_id_is_not_greeted_again() -> None:
    service = message(1, chat=NEW, kind="supergroup", migrate_from_chat_id=OLD)
    joined = member(2, "left", "member", chat=NEW, kind="supergroup")
    assert handle(service, joined, one_by_one=True).sent() == []


def test_threads_move_with_their_age_and_others_stay() -> None:
    now = [0.0]
    threads = Threads(kept=10, clock=lambda: now[0])
    threads.keep(Turn(OLD, "كم؟", 3))
    threads.keep(Turn(8, "من؟"))
    threads.move(OLD, NEW)
    assert (searched(threads, NEW, 3), searched(threads, OLD, 3), searched(threads, 8)) == ("كم؟", None, "من؟")
    now[0] = 11.0
    assert searched(threads, NEW, 3) is None


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with closing(Database(tmp_path)) as database:
        yield Chats(database)


def test_a_move_that_is_told_again_changes_nothing(chats: Chats) -> None:
    chats.note(OLD, "group", ADMIN)
    for _ in range(2):
        chats.move(OLD, NEW)
    assert (chats.standing(NEW), chats.was(NEW), chats.standing(OLD), chats.groups()) == (ADMIN, OLD, None, 1)


def test_groups_that_it_left_and_channels_are_not_counted(chats: Chats) -> None:
    chats.note(-1, "group", MEMBER)
    chats.note(-2, "supergroup", GONE)
    chats.note(-3, "channel", ADMIN)
    assert chats.groups() == 1


def test_a_chat_that_never_moved_was_nothing_else(chats: Chats) -> None:
    chats.note(-1, "group", MEMBER)
    assert (chats.was(-1), chats.was(-2)) == (None, None)


def test_a_refusal_in_a_group_is_a_reply_as_well() -> None:
    shelf = Shelf(lambda question: Answer(question, question, missing_words=("متى",)))
    (sent,) = handle(in_group(1, "/ask متى؟"), shelf=shelf).sent()
    assert sent["text"].startswith(ARABIC.refusal)
