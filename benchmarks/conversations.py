"""Holds the conversations of ``conversations.toml`` with the real bot, over the tests' Bot API server, and draws them.

    python benchmarks/conversations.py [NAME ...] [--print]     writes conversation-NAME.png beside this file

Each message of the bot's goes through the tests' strict parser of Telegram's markup. What is said is a picture's
description too; of long messages the first lines are drawn, of buttons the first row. ``--print``: what is said goes to
standard output and nothing is drawn.
"""

import argparse
import io
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure
from picture import (
    BUTTON,
    MARGIN,
    POINTS,
    WALL,
    WIDTH,
    Reading,
    Word,
    answered,
    asked,
    pressed,
    wrapped,
)
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.showing.markup import escaped

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from bot_process import BotProcess, serving  # noqa: E402  (of the tests, that are found only now)
from emulator import Call, TelegramServer  # noqa: E402
from emulator_buttons import buttons, press  # noqa: E402
from emulator_groups import BOT, MENTION, group, person, reply_to, write  # noqa: E402

HERE = Path(__file__).parent
TABLE = HERE / "conversations.toml"
CORPUS = ROOT / "tests" / "data" / "single"
LINES, COLOURS, SHARPNESS = 8, 16, 1.0
"""Lines of a message that are drawn at most; colours of a picture; and its dots a point."""
PRESSED, REPLIED, ASIDE = "> ", "^", "~ "
TELEGRAM, CHANNEL = {"id": 777000, "is_bot": False, "first_name": "Telegram"}, {"id": -1009, "type": "channel"}


@dataclass(slots=True)
class Said:
    """A message as it stands in the chat. ``by``: who wrote it, "" for the only one, None for the bot. ``html``: the
    bot's own words. ``rows``: what stands on its buttons. ``pressed``: it is a button that was pressed."""

    by: str | None
    text: str
    html: str = ""
    rows: Sequence[Sequence[str]] = ()
    pressed: bool = False


@dataclass(slots=True)
class Talk:
    """A conversation while it is held: ``said`` so far, and the bot's message to each turn."""

    server: TelegramServer
    bot: BotProcess
    chat: int
    told: dict[str, Any]
    said: list[Said] = field(default_factory=list)
    cards: dict[int, Call] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def turn(self, number: int, by: str, text: str) -> None:
        """Somebody writes or presses; what the bot says to it."""
        user = self.chat if self.chat > 0 else self.people.setdefault(by, abs(self.chat) * 100 + len(self.people))
        method, more = "sendMessage", dict(self.told)
        before = len(self._shown())
        if text.startswith(PRESSED):
            text = text.removeprefix(PRESSED)
            self.said.append(Said(by, text, pressed=True))
            last = self.cards[max(self.cards)]
            press(self.server, last, buttons(last)[text], user=user)
        else:
            if text.startswith(REPLIED):
                answered, _, text = text.removeprefix(REPLIED).partition(" ")
                more |= self._reply(self.cards[int(answered)])
            is_aside, text = text.startswith(ASIDE), text.removeprefix(ASIDE)
            self.said.append(Said(by, text))
            self._write(user, text, more, is_named=not (is_aside or "reply_to_message" in more))
            method = "" if is_aside else method
        if method:
            self._wait(before)
        else:
            time.sleep(1)  # to see that nothing comes
        self.bot.settle()
        for call in self._shown()[before:]:
            self._note(number, call)

    def _write(self, user: int, text: str, more: dict[str, Any], *, is_named: bool) -> None:
        if self.chat > 0:
            chat = {"id": self.chat, "type": "private", "first_name": "سائل"}
            self.server.tell("message", {"date": 1, "chat": chat, "from": person(user), "text": text, **more})
        else:
            write(self.server, self.chat, user, f"{MENTION} {text}" if is_named else text, **more)

    def _reply(self, card: Call) -> dict[str, Any]:
        told = reply_to(BOT, "…", self.chat)["reply_to_message"]
        kind = group(self.chat) if self.chat < 0 else {"id": self.chat, "type": "private"}
        number = (card.response or {})["result"]["message_id"]
        return {"reply_to_message": told | {"message_id": number, "chat": kind}}

    def _shown(self) -> list[Call]:
        calls = [c for method in ("sendMessage", "editMessageText") for c in self.server.taken(method, self.chat)]
        return sorted(calls, key=lambda call: call.time)

    def _wait(self, before: int) -> None:
        for _ in range(600):
            if len(self._shown()) > before:
                return
            time.sleep(0.1)
        raise AssertionError(f"no answer to {self.said[-1].text}")

    def _note(self, number: int, call: Call) -> None:
        rows = (call.fields.get("reply_markup") or {"inline_keyboard": []})["inline_keyboard"]
        html = call.text if call.fields.get("parse_mode") == "HTML" else ""
        self.said.append(Said(None, call.message.text, html, [[b["text"] for b in row] for row in rows]))
        self.cards[number] = call


def conversations(names: Sequence[str]) -> Iterator[tuple[dict[str, Any], list[Said]]]:
    """Those of the table, or those with ``names``, each with what was said."""
    table = tomllib.loads(TABLE.read_text("utf-8"))["conversation"]
    settings = {"IQTIBAS_CORPUS": str(CORPUS), "IQTIBAS_READER": "on", "IQTIBAS_DISCUSSIONS": "on"}
    settings |= {"IQTIBAS_QUESTIONS_PER_MINUTE": "200"}
    with (
        tempfile.TemporaryDirectory() as home,
        TelegramServer() as server,
        serving(server, Path(home), **settings) as bot,
    ):
        for place, one in enumerate(table, 1):
            if not names or one["name"] in names:
                yield one, _held(server, bot, place, one)


def _held(server: TelegramServer, bot: BotProcess, place: int, one: dict[str, Any]) -> list[Said]:
    is_private = not any(by for by, _ in one["turns"])
    chat = 9000 + place if is_private else -9000 - place
    told: dict[str, Any] = {}
    if one["name"] == "topic":
        told = {"message_thread_id": 3, "is_topic_message": True}
    talk = Talk(server, bot, chat, told)
    if "post" in one:
        post = reply_to(TELEGRAM, one["post"], chat)["reply_to_message"]
        talk.told = {"reply_to_message": post | {"sender_chat": CHANNEL, "is_automatic_forward": True}}
        talk.said.append(Said("القناة", one["post"]))
    for number, (by, text) in enumerate(one["turns"], 1):
        talk.turn(number, by, text)
    return talk.said


def draw(said: Sequence[Said]) -> Figure:
    """The messages below each other: people's on the right, the bot's as wide as the picture."""
    figure = Figure(facecolor=WALL)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    end = -MARGIN / 2
    for message in said:
        end -= MARGIN / 2
        if message.by is None:
            end = answered(axes, _lines(message.html or escaped(message.text)), end)
            shown = message.rows[0] if message.rows else ()
            end = pressed(axes, shown[::-1], end - MARGIN / 4) if shown else end
        else:
            name = f"<b>{message.by}</b>\n" if message.by else ""
            colour = {"colour": BUTTON} if message.pressed else {}
            end = asked(axes, _lines(name + escaped(message.text)), end, **colour)
    end -= MARGIN
    axes.set(xlim=(0, WIDTH), ylim=(end, 0))
    figure.set_size_inches(WIDTH / POINTS, -end / POINTS)
    return figure


def save(figure: Figure, title: str, said: Sequence[Said], path: Path) -> None:
    """Writes a picture of few colours, with its text as its description."""
    drawn = io.BytesIO()
    figure.savefig(drawn, dpi=SHARPNESS * POINTS)
    told = PngInfo()
    told.add_itxt("Title", title)
    told.add_itxt("Description", "\n\n".join(_line(message) for message in said))
    with Image.open(drawn) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, pnginfo=told, optimize=True)


def _lines(html: str) -> list[list[Word]]:
    lines = [part for line in Reading(html).lines for part in wrapped(line)]
    return lines if len(lines) <= LINES else [*lines[:LINES], [Word("…")]]


def _line(message: Said) -> str:
    by = "اقتباس" if message.by is None else message.by or "سائل"
    return f"{by}: {message.text}"


def main() -> None:
    """Draws, or prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--print", action="store_true", dest="prints")
    given = parser.parse_args()
    for one, said in conversations(given.names):
        if given.prints:
            print(f"== {one['name']}")
            for message in said:
                print(_line(message).replace("\n", " / "), message.rows)
        else:
            save(draw(said), one["title"], said, HERE / f"conversation-{one['name']}.png")


if __name__ == "__main__":
    main()
