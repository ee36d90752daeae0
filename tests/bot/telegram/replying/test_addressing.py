"""Whether a message speaks to the bot, and what it asks."""

from types import SimpleNamespace
from typing import Any

import pytest
from fake_telegram import BOT
from handling import MENTION, in_group, person, said_by
from hypothesis import given
from hypothesis import strategies as st
from telegram import Message

from bot.telegram.replying.addressing import asked, topic

BOT_SEEN_BY_MESSAGES: Any = SimpleNamespace(id=BOT["id"], username=BOT["username"], defaults=None)
words = st.text(st.characters(exclude_characters="@", exclude_categories=["Cs"]), max_size=30)


def _message(text: str = "", **more: Any) -> Message:
    content = in_group(1, text, **more)["message"]
    if text.startswith("/"):
        command = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
        content["entities"] = [command, *(e for e in content.get("entities", []) if e["offset"])]
    return Message.de_json(content, BOT_SEEN_BY_MESSAGES)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (f"{MENTION} متى تنطلق؟", "متى تنطلق؟"),
        (f"{MENTION}، متى تنطلق؟", "متى تنطلق؟"),
        (f"{MENTION}: متى تنطلق؟", "متى تنطلق؟"),
        (f"متى تنطلق يا {MENTION} المباحثات؟", "متى تنطلق يا المباحثات؟"),
        (f"متى تنطلق؟ {MENTION}", "متى تنطلق؟"),
        (f"😀👍🏽 {MENTION} متى؟", "😀👍🏽 متى؟"),
        (MENTION, ""),
        ("/ask متى تنطلق؟", "متى تنطلق؟"),
        ("/ask\nمتى تنطلق؟\nوأين؟", "متى تنطلق؟\nوأين؟"),
        (f"/ask{MENTION} متى تنطلق؟", "متى تنطلق؟"),
        ("/ASK متى؟", "متى؟"),
        ("/ask", ""),
        ("متى تنطلق؟", None),
        ("/askew متى؟", None),
    ],
)
def test_in_a_group_the_bot_is_named_or_commanded_and_its_name_is_no_part_of_the_question(
    text: str, question: str | None
) -> None:
    assert asked(_message(text)) == question


def test_a_name_in_other_letters_is_the_same_name() -> None:
    mention = {"type": "mention", "offset": 0, "length": len(MENTION)}
    assert asked(_message(f"{MENTION.upper()} متى؟", entities=[mention])) == "متى؟"


def test_a_mention_of_another_is_not_for_the_bot() -> None:
    mention = {"type": "mention", "offset": 0, "length": 6}
    assert asked(_message("@other متى؟", entities=[mention])) is None


def test_letters_that_look_like_a_mention_but_are_none_do_not_call_the_bot() -> None:
    content = in_group(1, f"{MENTION} متى؟")["message"] | {"entities": []}
    assert asked(Message.de_json(content, BOT_SEEN_BY_MESSAGES)) is None


def test_the_bot_may_be_mentioned_without_its_username() -> None:
    mention = {"type": "text_mention", "offset": 0, "length": 6, "user": BOT}
    assert asked(_message("اقتباس متى؟", entities=[mention])) == "متى؟"
    assert asked(_message("اقتباس متى؟", entities=[mention | {"user": person(9)}])) is None


def test_a_reply_to_the_bot_is_for_the_bot_and_to_another_is_not() -> None:
    assert asked(_message("ومتى؟", reply_to_message=said_by(BOT))) == "ومتى؟"
    assert asked(_message("ومتى؟", reply_to_message=said_by(person(9)))) is None


def test_a_message_in_a_topic_that_the_bot_opened_is_no_reply_to_it() -> None:
    opening = said_by(BOT, None, forum_topic_created={"name": "t", "icon_color": 0})
    assert asked(_message("متى؟", reply_to_message=opening)) is None


@pytest.mark.parametrize("call", ["/ask", MENTION])
def test_a_call_alone_asks_the_message_that_it_replies_to(call: str) -> None:
    assert asked(_message(call, reply_to_message=said_by(person(9), "متى تنطلق؟"))) == "متى تنطلق؟"
    assert asked(_message(call, reply_to_message=said_by(person(9), None, caption="أين؟"))) == "أين؟"
    assert asked(_message(call, reply_to_message=said_by(person(9), None))) == ""
    assert asked(_message(call, reply_to_message=said_by(BOT, "جواب"))) == ""


def test_a_call_alone_asks_the_words_that_were_chosen_of_a_message() -> None:
    chosen = {"text": "متى؟", "position": 5}
    assert asked(_message("/ask", reply_to_message=said_by(person(9), "نعم. متى؟"), quote=chosen)) == "متى؟"


def test_a_call_with_a_question_asks_that_and_not_what_it_replies_to() -> None:
    assert asked(_message("/ask متى؟", reply_to_message=said_by(person(9), "أين؟"))) == "متى؟"


def test_what_was_sent_by_way_of_the_bot_is_not_asked() -> None:
    for kind in ("private", "supergroup"):
        sent = _message(f"{MENTION} متى؟", chat=7, via_bot=BOT, kind=kind)
        assert asked(sent) is None


def test_what_has_neither_text_nor_caption_is_not_asked() -> None:
    assert asked(_message(reply_to_message=said_by(BOT))) is None
    assert asked(_message(caption="متى؟", reply_to_message=said_by(BOT))) == "متى؟"


def test_a_call_alone_asks_the_words_that_were_chosen_of_a_message_elsewhere() -> None:
    elsewhere = {"origin": {"type": "hidden_user", "date": 0, "sender_user_name": "س"}}
    assert asked(_message("/ask", external_reply=elsewhere, quote={"text": "متى؟", "position": 0})) == "متى؟"


def test_half_of_a_surrogate_pair_is_no_obstacle() -> None:
    mention = {"type": "mention", "offset": 2, "length": len(MENTION)}
    content = in_group(1)["message"] | {"text": f"\ud83d {MENTION} متى؟", "entities": [mention]}
    assert asked(Message.de_json(content, BOT_SEEN_BY_MESSAGES)) == "\ud83d متى؟"


def test_a_topic_is_known_by_its_id_and_a_chain_of_replies_is_none() -> None:
    assert topic(_message("متى؟", message_thread_id=12, is_topic_message=True)) == 12
    assert topic(_message("متى؟", message_thread_id=12)) == 0
    assert topic(_message("متى؟")) == 0


@given(words, words)
def test_whatever_stands_around_a_mention_is_the_question_and_nothing_else(before: str, after: str) -> None:
    question = asked(_message(before + MENTION + after))
    assert question is not None
    assert MENTION not in question
    assert before.strip() in question
    kept = " ".join(filter(None, (before.strip(), after.strip())))
    assert kept.endswith(question)
    assert set(kept[: len(kept) - len(question)]) <= set(" \t\n،,:؛;-")
