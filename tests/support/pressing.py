"""A chat in which questions are asked and the buttons under their answers pressed, over a Bot API in memory."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from fake_telegram import FakeTelegram, message
from handling import SETTINGS, Listed, Shelf, handle, person
from telegram_html import parse

from retrieval.model import Answer, Document, Quote, Span

LINES = [f"الجملة رقم {number} من المقال الطويل، وفيها كلام كثير عن القافلة." for number in range(1, 61)]
DOCUMENT = Document(
    "a.txt", "عنوان الخبر", "\n\n".join(LINES), url="https://www.example.org/a", published=date(2017, 2, 5)
)
FILE = Document("folder/b.txt", "عنوان آخر", "رحلت القافلة صباحا.", path="folder/b.txt", author="سلمى")


def quote(number: int, document: Document = DOCUMENT) -> Quote:
    start = document.text.index(LINES[number - 1])
    return Quote(document, Span(start, start + len(LINES[number - 1])), (Span(start, start + 6),), paragraph=number)


FILE_QUOTE = Quote(FILE, Span(0, len(FILE.text)))
QUOTES = (*map(quote, (30, 2, 50)), FILE_QUOTE, *map(quote, (7, 9, 11, 13)))


class Long(Shelf):
    """A library with many quotes to every question, of which it would show some at once; one that has a question before
    it leans on that."""

    def __init__(self, quotes: tuple[Quote, ...] = QUOTES, shown: int = 3) -> None:
        super().__init__(lambda question: Answer(question, question, quotes, shown=shown))
        self.documents = Listed(DOCUMENT, FILE)

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        answer = super().ask(question, k=k, previous=previous, now=now)
        searched = f"{question} ({previous})" if previous else question
        return replace(answer, quotes=answer.quotes[:k], searched=searched, leans=bool(previous))


class Chat:
    """A private chat, or a group, in which questions are asked and buttons pressed; each time the bot is a new one."""

    def __init__(self, data: Path, shelf: Shelf | None = None, chat: int = 7) -> None:
        self.data, self.shelf, self.chat = data, shelf or Long(), chat
        self.settings = SETTINGS

    def ask(self, *texts: str, language: str = "ar") -> list[dict[str, Any]]:
        """The messages that answer texts."""
        updates = [
            message(number, chat=self.chat, text=text, language=language) for number, text in enumerate(texts, 1)
        ]
        return self.handle(*updates).sent()

    def press(
        self,
        data: str,
        *,
        user: int = 7,
        telegram: FakeTelegram | None = None,
        language: str = "ar",
        times: int = 1,
        **more: Any,
    ) -> FakeTelegram:
        """What the bot does when a button is pressed."""
        query = self.query(data, user, language, **more)
        updates = [{"update_id": 10 + number, "callback_query": query} for number in range(times)]
        return self.handle(*updates, telegram=telegram)

    def query(self, data: str, user: int = 7, language: str = "ar", **more: Any) -> dict[str, Any]:
        """What Telegram tells of a press."""
        kind = "private" if self.chat > 0 else "supergroup"
        shown = message(5, chat=self.chat, kind=kind, text="…", **more)["message"]
        return {"id": "9", "from": person(user, language), "chat_instance": "1", "data": data, "message": shown}

    def handle(self, *updates: dict[str, Any], telegram: FakeTelegram | None = None) -> FakeTelegram:
        """What the bot does with updates, one after the other."""
        return handle(
            *updates, telegram=telegram, shelf=self.shelf, data=self.data, settings=self.settings, one_by_one=True
        )


def buttons(given: dict[str, Any]) -> dict[str, str]:
    """The data of the buttons under a message, by what stands on them."""
    rows = given.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row if "callback_data" in button}


def given(telegram: FakeTelegram, method: str) -> list[dict[str, Any]]:
    return [call.given for call in telegram.calls if call.method == method]


def changed(telegram: FakeTelegram) -> dict[str, Any]:
    """The one message that was put in the place of the one under which a button was pressed; nothing else was sent."""
    (edit,) = given(telegram, "editMessageText")
    assert (edit["message_id"], telegram.sent()) == (5, [])
    parse(edit["text"])
    return edit


def said(telegram: FakeTelegram) -> str | None:
    """What the press itself is answered with."""
    (answer,) = given(telegram, "answerCallbackQuery")
    text: str | None = answer.get("text")
    return text
