"""Conversations of ten turns and more with a running bot: in private, in a group, in a topic of one and in a channel's
discussion group, each message parsed strictly."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bot_process import BotProcess, serving
from emulator import Call, TelegramServer
from emulator_groups import BOT, MENTION, group, person, reply_to, write

from bot.phrases import phrases
from bot.store.shared.opening import stored

pytestmark = pytest.mark.xdist_group("telegram conversations")

ARABIC = phrases("ar")
BRIDGE = "افتتح العمدة الجسر القديم في بلدة الرمانة يوم الأحد بعد ترميم طويل."
MUSEUM = "بنى المعماري سليم الحداد متحف الزعفران في مدينة النخيل سنة 1911."
HARBOUR = "أعلنت هيئة الموانئ أن ميناء الرملة استقبل أول سفينة شحن."
LATER = "أغلقت العاصفة ميناء الرملة ثلاثة أيام."
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
CHANNEL = {"id": -1005999, "type": "channel", "title": "صحيفة الرمانة"}
PHOTO = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}


@pytest.fixture(scope="module", autouse=True)
def bot(server: TelegramServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotProcess]:
    corpus = tmp_path_factory.mktemp("corpus")
    for name, title, text in (("bridge", "أخبار الجسر", BRIDGE), ("museum", "أخبار المتحف", MUSEUM)):
        _write(corpus / f"{name}.txt", title, text)
    for day, text in (("2017-02-03", HARBOUR), ("2017-03-09", LATER)):
        _write(corpus / f"harbour-{day}.txt", f"خبر ميناء الرملة {day}", text)
        (corpus / f"harbour-{day}.txt.toml").write_text(f"published = {day}\n", "utf-8")
    settings = {"IQTIBAS_CORPUS": str(corpus), "IQTIBAS_QUESTIONS_PER_MINUTE": "100", "IQTIBAS_DISCUSSIONS": "on"}
    with serving(server, tmp_path_factory.mktemp("bot"), **settings, IQTIBAS_MIN_CONFIDENCE="0.05") as running:
        yield running


def _write(path: Path, title: str, text: str) -> None:
    path.write_text(f"{title}\n\n{text}\n\nوحضر الناس من كل مكان، وبقوا إلى المساء.\n", "utf-8")


class Chat:
    """A chat with the bot, in which somebody writes and the next message of the bot's is awaited."""

    def __init__(self, server: TelegramServer, chat: int) -> None:
        self.server, self.chat, self.came = server, chat, 0

    def say(self, text: str, user: int | None = None, *, is_named: bool = True, **more: Any) -> Call:
        """What comes in reply to a text; in a group the bot is named, if it ``is_named``."""
        content = {"text": text} if "photo" not in more else {"caption": text}
        if self.chat < 0:
            write(self.server, self.chat, user or 7, f"{MENTION} {text}" if is_named else text, **more)
        else:
            told = {"date": 1, "chat": {"id": self.chat, "type": "private"}, "from": person(self.chat)}
            self.server.tell("message", told | content | more)
        return self.next()

    def next(self) -> Call:
        """The next message of the bot's."""
        self.came += 1
        return self.server.wait_for("sendMessage", self.came, chat_id=self.chat)[self.came - 1]

    def reply_to(self, call: Call) -> dict[str, Any]:
        """What a message holds that replies to one of the bot's."""
        assert call.response
        number = call.response["result"]["message_id"]
        told = reply_to(BOT, "…", self.chat)["reply_to_message"] | {"message_id": number}
        kind = group(self.chat) if self.chat < 0 else {"id": self.chat, "type": "private"}
        return {"reply_to_message": told | {"chat": kind}}


def seen(call: Call) -> str:
    """The text as a reader sees it, parsed strictly."""
    return call.message.text


def test_a_conversation_in_private(server: TelegramServer) -> None:
    chat = Chat(server, 5001)
    assert seen(chat.say("السلام عليكم")) == ARABIC.talk["salam"]
    assert seen(chat.say("متى؟")) == ARABIC.talk["alone"]
    bridge = chat.say("من افتتح الجسر القديم؟")
    assert BRIDGE in seen(bridge)
    assert ARABIC.talk["no_author"] in seen(chat.say("من كتب هذا؟"))
    assert "bridge.txt" in seen(chat.say("المصدر"))
    assert "وحضر الناس" in seen(chat.say("السياق"))
    assert seen(chat.say("شكرا يا صديقي")) == ARABIC.talk["thanks"]
    assert MUSEUM in seen(chat.say("من بنى متحف الزعفران؟"))
    assert "بنى متحف الزعفران)" in seen(chat.say("وفي أي سنة؟"))
    assert "(افتتح الجسر القديم)" in seen(chat.say("ومتى؟", **chat.reply_to(bridge)))
    assert MUSEUM in seen(chat.say("من بنى متحف الزعفران؟", **PHOTO))
    first = chat.say("من افتتح الجسر القديم؟ ومن بنى متحف الزعفران؟")
    assert (BRIDGE in seen(first), MUSEUM in seen(chat.next())) == (True, True)
    assert seen(chat.say("When was the tower built?")) == ARABIC.foreign["en"]
    assert "بحثتُ عن: مين بنى متحف الزعفران؟" in seen(chat.say("meen bana mat7af al-za3faran?"))
    assert seen(chat.say("مع السلامة")) == ARABIC.talk["farewell"]


def test_what_is_said_around_questions_forwarded_posts_and_long_texts_in_private(server: TelegramServer) -> None:
    chat = Chat(server, 5010)
    assert BRIDGE in seen(chat.say("السلام عليكم، عندي سؤال: من افتتح الجسر القديم؟"))
    assert "(افتتح الجسر القديم)" in seen(chat.say("شكرا جزيلا، ومتى؟"))
    assert MUSEUM in seen(chat.say("أريد أن أسأل عن متحف الزعفران"))
    assert seen(chat.say("عندي سؤال")) == ARABIC.talk["ask"]
    assert seen(chat.say("معذرة منك")) == ARABIC.talk["sorry"]
    origin = {"type": "hidden_user", "sender_user_name": "س", "date": 1}
    assert MUSEUM in seen(chat.say("من بنى متحف الزعفران؟", forward_origin=origin, **PHOTO))
    assert MUSEUM in seen(chat.say(f"من بنى متحف الزعفران؟\n{'وكان ذلك يوما طويلا. ' * 40}"))
    english = seen(chat.say("Who is Zafaran?"))
    assert english.startswith(f"{ARABIC.foreign['en']}\n")
    assert "الزعفران" in english
    french = seen(chat.say("Qui a gagné le match ?"))
    assert french == ARABIC.foreign["fr"]
    assert seen(chat.say("طيب شكرا")) in (ARABIC.talk["thanks"], ARABIC.talk["okay"])


def test_an_edited_question_changes_its_answer(server: TelegramServer) -> None:
    asked = server.say(5002, "من افتتح الجسر القديم؟")
    (before,) = server.wait_for("sendMessage", 1, chat_id=5002)
    server.say(5002, "من بنى متحف الزعفران؟", message_id=asked, edited=True)
    (change,) = server.wait_for("editMessageText", 1, chat_id=5002)
    assert before.response
    assert int(change.fields["message_id"]) == before.response["result"]["message_id"]
    assert MUSEUM in seen(change)


def test_a_conversation_in_a_group(server: TelegramServer) -> None:
    chat = Chat(server, -5003)
    bridge = chat.say("من افتتح الجسر القديم؟", user=11)
    assert BRIDGE in seen(bridge)
    write(server, -5003, 12, f"{MENTION} شكرا")  # to which nothing is said
    assert MUSEUM in seen(chat.say("من بنى متحف الزعفران؟", user=12))
    assert "(افتتح الجسر القديم)" in seen(chat.say("ومتى؟", user=11))
    assert "بنى متحف الزعفران)" in seen(chat.say("وفي أي سنة؟", user=12))
    assert "(افتتح الجسر القديم)" in seen(chat.say("ومتى؟", user=13, **chat.reply_to(bridge)))
    assert "museum.txt" in seen(chat.say("المصدر", user=12))
    assert ARABIC.talk["nothing_yet"] in seen(chat.say("المصدر", user=14))
    post = reply_to(person(15), "سمعت عن متحف الزعفران.", -5003)
    assert "(سمعت عن متحف الزعفران)" in seen(chat.say("من بناه؟", user=16, **post))
    quoted = {**post, "quote": {"text": "متحف الزعفران", "position": 9}}
    assert "(متحف الزعفران)" in seen(chat.say("من بناه؟", user=16, **quoted))
    assert ARABIC.talk["summarise"] in seen(chat.say("لخص لي المقال", user=17))
    assert len(server.calls("sendMessage", -5003)) == chat.came


def test_a_conversation_in_a_topic(server: TelegramServer) -> None:
    chat, other = Chat(server, -5004), 8
    topic = {"message_thread_id": 3, "is_topic_message": True}
    began = reply_to(person(1), "", -5004)["reply_to_message"] | {"message_id": 3}
    began = {"reply_to_message": began | {"forum_topic_created": {"name": "ن", "icon_color": 7322096}}}
    bridge = chat.say("من افتتح الجسر القديم؟", **topic, **began)
    assert BRIDGE in seen(bridge)
    assert bridge.fields["message_thread_id"] == "3"
    assert "(افتتح الجسر القديم)" in seen(chat.say("ومتى؟", **topic, **began))
    assert "bridge.txt" in seen(chat.say("المصدر", **topic, **began))
    elsewhere = topic | {"message_thread_id": 4}
    assert ARABIC.talk["nothing_yet"] in seen(chat.say("المصدر", **elsewhere))
    assert MUSEUM in seen(chat.say("من بنى متحف الزعفران؟", **elsewhere))
    assert "الجسر القديم)" in seen(chat.say("وكم شخصا؟", **topic, **began))
    assert "بنى متحف الزعفران)" in seen(chat.say("وفي أي سنة؟", **elsewhere))
    assert ARABIC.talk["nothing_yet"] in seen(chat.say("السياق", other, **topic))
    assert "(افتتح الجسر القديم)" in seen(chat.say("ومتى؟", other, **topic, **chat.reply_to(bridge)))
    assert "وحضر الناس" in seen(chat.say("السياق", **topic, **chat.reply_to(bridge)))
    assert ARABIC.talk["translate"] in seen(chat.say("ترجم لي الخبر", **topic))
    assert {call.fields["message_thread_id"] for call in server.calls("sendMessage", -5004)} == {"3", "4"}


def test_a_conversation_in_a_channels_discussion_group(server: TelegramServer) -> None:
    chat = Chat(server, -5005)
    post = reply_to(TELEGRAM, "سمعت عن متحف الزعفران.", -5005)["reply_to_message"]
    under = {"reply_to_message": post | {"sender_chat": CHANNEL, "is_automatic_forward": True}, "message_thread_id": 1}
    first = chat.say("من بنى متحف الزعفران؟", 21, is_named=False, **under)
    assert MUSEUM in seen(first)
    for text in ("خبر جميل", "شكرا للصحيفة", "ما عاصمة اليابان؟"):  # to which nothing is said
        write(server, -5005, 22, text, **under)
    assert "(سمعت عن متحف الزعفران)" in seen(chat.say("من بناه؟", 22, is_named=False, **under))
    assert BRIDGE in seen(chat.say("من افتتح الجسر القديم؟", 23, is_named=False, **under))
    assert "museum.txt" in seen(chat.say("المصدر", 21, is_named=False, **chat.reply_to(first)))
    assert "بنى متحف الزعفران)" in seen(chat.say("وفي أي سنة؟", 24, is_named=False, **chat.reply_to(first)))
    write(server, -5005, 25, "من افتتح الجسر القديم؟", **reply_to(person(22), "تعليق", -5005))
    assert "(سمعت عن متحف الزعفران)" in seen(chat.say("ومتى؟", 25, is_named=False, **under))
    assert ARABIC.refusal in seen(chat.say("ما عاصمة اليابان؟", 26, **under))
    assert ARABIC.talk["explain"] in seen(chat.say("اشرح لي الخبر", 26, **under))
    assert HARBOUR in seen(chat.say("ماذا استقبل ميناء الرملة؟", 27, is_named=False, **under))
    assert BRIDGE in seen(chat.say("من افتتح الجسر القديم؟", 28))
    assert len(server.calls("sendMessage", -5005)) == chat.came


def test_news_are_the_newest_first_and_a_reaction_to_them_is_an_opinion(
    server: TelegramServer, bot: BotProcess
) -> None:
    chat = Chat(server, 5006)
    news = chat.say("آخر أخبار ميناء الرملة")
    shown = seen(news)
    assert shown.index(LATER) < shown.index(HARBOUR)
    assert "9 مارس 2017" in shown
    assert LATER in seen(chat.say("ماذا حدث في 9 مارس 2017؟"))
    assert news.response
    told = {"chat": {"id": 5006, "type": "private"}, "user": person(5006), "date": 1, "old_reaction": []}
    face = {"message_id": news.response["result"]["message_id"], "new_reaction": [{"type": "emoji", "emoji": "👎"}]}
    server.tell("message_reaction", told | face)
    chat.say("شكرا")  # what came before it is done
    bot.settle()
    (opinion,) = stored(bot.data)
    assert (opinion.is_good, opinion.question) == (False, "آخر أخبار ميناء الرملة")
