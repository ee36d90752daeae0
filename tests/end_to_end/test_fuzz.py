"""Ten thousand updates of random content: the bot lives on, and nobody is shown a trace, a tag or another's words."""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import telegram_html
from bot_process import BotProcess
from emulator import WAYS, TelegramServer
from emulator_groups import MENTION

pytestmark = pytest.mark.soak

UPDATES, AT_ONCE = 10_000, 400
SETTINGS = {"IQTIBAS_FLOOD_CONTROL": "0", "IQTIBAS_QUESTIONS_PER_MINUTE": "999999", "IQTIBAS_ADMINS": "7"}
USERS, GROUPS = range(1, 60), range(-1000, -980)
COMMANDS = (
    *("start", "help", "about", "new", "ask", "sources", "status", "reload", "privacy", "mydocs", "delete", "forgetme"),
    *("x", "", "ask@other_bot", "ASK", "سؤال"),
)
STRETCHES = (
    (0x20, 0x7E), (0x600, 0x6FF), (0x600, 0x6FF), (0x621, 0x64A), (0x200B, 0x202E), (0x2060, 0x206F), (0xFB50, 0xFDFF),
    (0xFE70, 0xFEFF), (0x1F300, 0x1F64F), (0x0, 0x1F), (0x300, 0x36F), (0x10000, 0x1FFFF), (0xE000, 0xF8FF),
)  # fmt: skip
PIECES = (
    "<b>", "</b>", "<a href='https://evil.example'>", "&amp;", "&lt;", "<script>", "</blockquote>", "{}", "{0}", "%s",
    "\u202e", "درعا", "أين تقع", "متى", "أستانا", "سعر البرتقال", MENTION, "@someone", "https://evil.example/x",
    "/ask ", "'; DROP TABLE chats; --", "\x00", "١٢٣", "1/0", "..", "ـــ", "َُِّ",
)  # fmt: skip
PREFIXES = ("s:", "s:1:", "a:", "c:", "d:", "d:1:", "f:", "f:1:", "b:", "m:", "")


class Chance:
    """Random content; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (no secret)
        self.kinds: tuple[Callable[[], tuple[str, dict[str, Any]]], ...] = (
            self.message, self.message, self.message, self.group_message, self.command, self.button, self.inline,
            self.thing, self.edited, self.member, self.unknown,
        )  # fmt: skip

    def update(self) -> tuple[str, dict[str, Any]]:
        """The kind of an update, and what it holds."""
        return self._random.choice(self.kinds)()

    def text(self, most: int = 60) -> str:
        """Letters of all kinds, and what might be taken for markup."""
        roll = self._random.random()
        if roll < 0.03:
            return ""
        if roll < 0.06:
            return (self._piece() * 4096)[:4096]
        whole = "".join(self._piece() for _ in range(self._random.randrange(1, most)))
        return whole[: 4096 if roll > 0.1 else 500]

    def _piece(self) -> str:
        if self._random.random() < 0.3:
            return self._random.choice(PIECES)
        return chr(self._random.randint(*self._random.choice(STRETCHES)))

    def message(self) -> tuple[str, dict[str, Any]]:
        user = self._random.choice(USERS)
        return "message", _message({"id": user, "type": "private", "first_name": "سائل"}, user, {"text": self.text()})

    def group_message(self) -> tuple[str, dict[str, Any]]:
        text = f"{MENTION} {self.text()}"[:4096]
        length = self._random.choice((len(MENTION), 0, 99999, 3))
        content = {"text": text, "entities": [{"type": "mention", "offset": 0, "length": length}]}
        chat = {"id": self._random.choice(GROUPS), "type": "supergroup", "title": self.text(5)}
        return "message", _message(chat, self._random.choice(USERS), content)

    def command(self) -> tuple[str, dict[str, Any]]:
        command = f"/{self._random.choice(COMMANDS)}"
        text = f"{command} {self._random.choice((self.text(6), '-1', '99999999999999999999', '٣', '1 2 3', ''))}"
        content = {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}
        user = self._random.choice(USERS)
        return "message", _message({"id": user, "type": "private", "first_name": "س"}, user, content)

    def button(self) -> tuple[str, dict[str, Any]]:
        data = self._random.choice(PREFIXES) + self._random.choice((self.text(8), "0", "1:2", "9" * 9, "-1", "1:1:1"))
        user = self._random.choice(USERS)
        chat = {"id": user, "type": "private", "first_name": "سائل"}
        shown = {"message_id": self._random.randrange(1, 9999), "date": self._random.choice((0, 1)), "chat": chat}
        query = {"id": str(self._random.random()), "from": _person(user), "chat_instance": "1", "message": shown}
        return "callback_query", query | {"data": data.encode()[:64].decode("utf-8", "ignore") or "x"}

    def inline(self) -> tuple[str, dict[str, Any]]:
        asked = {"id": str(self._random.random()), "query": self.text()[:256], "offset": ""}
        return "inline_query", asked | {"from": _person(self._random.choice(USERS))}

    def thing(self) -> tuple[str, dict[str, Any]]:
        document = {"file_id": "nothing", "file_unique_id": "1", "file_name": self.text(9), "file_size": 10**9}
        content = self._random.choice(
            (
                {"document": document, "caption": self.text(9)},
                {"document": {"file_id": "nothing", "file_unique_id": "1"}},
                {"photo": []},
                {"location": {"latitude": 1.5, "longitude": 2.5}},
                {"dice": {"emoji": "🎲", "value": 3}},
                {"new_chat_title": self.text(5)},
                {"migrate_to_chat_id": -10099},
                {},
            )
        )
        user = self._random.choice(USERS)
        return "message", _message({"id": user, "type": "private", "first_name": "س"}, user, content)

    def edited(self) -> tuple[str, dict[str, Any]]:
        _, message = self.message()
        return "edited_message", message | {"edit_date": int(time.time()), "message_id": 5}

    def member(self) -> tuple[str, dict[str, Any]]:
        user = self._random.choice(USERS)
        states = ("member", "left", "administrator", "restricted", "kicked")
        old, new = ({"user": _person(7), "status": self._random.choice(states)} for _ in range(2))
        chat = {"id": self._random.choice(GROUPS), "type": "group", "title": "م"}
        told = {"chat": chat, "from": _person(user), "date": 1, "old_chat_member": old, "new_chat_member": new}
        return "my_chat_member", told

    def unknown(self) -> tuple[str, dict[str, Any]]:
        return self._random.choice(("message_reaction", "poll", "chat_boost", "of_a_kind_to_come")), {"a": self.text(5)}


def _person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "<i>سائل</i>", "language_code": "ar"}


def _message(chat: dict[str, Any], user: int, content: dict[str, Any]) -> dict[str, Any]:
    return {"date": int(time.time()), "chat": chat, "from": _person(user), **content}


@pytest.mark.parametrize("way", WAYS)
def test_whatever_comes_the_bot_lives_on_and_shows_nobody_what_is_not_for_them(tmp_path: Path, way: str) -> None:
    chance = Chance(20)
    with (
        TelegramServer(webhook=way == "webhook") as server,
        BotProcess(server.url, server.token, tmp_path, settings=SETTINGS | server.settings) as bot,
    ):
        server.give_all()
        server.wait_for_arrival(server.asks)
        for batch in range(UPDATES // AT_ONCE):
            for _ in range(AT_ONCE):
                server.tell(*chance.update())
            last = server.say(9000 + batch, "/about")
            (answer,) = server.wait_for("sendMessage", chat_id=9000 + batch, timeout=120)
            assert answer.reply_to == last
            for user, about in [(user, server.say(user, "/about")) for user in USERS]:
                server.wait_for_reply(user, about, timeout=120)  # and all that this user sent before was handled
            assert bot.running
        bot.stop()
        calls = server.since(0)
    assert "dropped" not in bot.log
    assert "failed | Traceback" not in bot.log, bot.log[bot.log.index("failed | Traceback") :][:3000]
    texts = [call for call in calls if call.method in ("sendMessage", "editMessageText")]
    assert len(texts) > UPDATES / 4
    for call in texts:
        assert "Traceback" not in call.text
        if call.fields.get("parse_mode") == "HTML":
            shown = telegram_html.parse(call.text)  # raises where Telegram would refuse it
            assert not [link for link in shown.links if "evil.example" in link.address]
    assert not server.refused, server.refused[:3]
