"""The application over a Bot API in memory: updates in, what the bot called out."""

import asyncio
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from fake_telegram import BOT, TOKEN, FakeTelegram, message
from telegram import Update

from bot.conversation.threads import Threads
from bot.settings import Settings
from bot.telegram.app import Application, build_application
from retrieval import Cited, Refreshed
from retrieval.model import Answer, Document, Quote, Span, Verdict

DOCUMENT = Document("a.txt", "عنوان الخبر", "كان من المقرر ان تنطلق يوم الاربعاء.", url="https://example.org")
QUOTE = Quote(DOCUMENT, Span(0, len(DOCUMENT.text)), (Span(3, 5),))
SETTINGS = Settings(corpus=Path("corpus"), data=Path("data"), token=TOKEN)
MENTION = f"@{BOT['username']}"


class Listed(list[Document]):
    """Documents as a library lists them."""

    def __init__(self, *documents: Document) -> None:
        super().__init__(documents)

    def some(self, start: int, count: int) -> list[Document]:
        return self[start : start + count]


class Shelf:
    """A library that answers by ``answering``, and remembers what it was asked and where."""

    def __init__(
        self, answering: Callable[[str], Answer] = lambda question: Answer(question, question, (QUOTE,))
    ) -> None:
        self._answering = answering
        self.documents = Listed(DOCUMENT)
        self.problems: tuple[object, ...] = ()
        self.passages, self.engine, self.version = 1, "memory", 1
        self.lacks_scans = False
        self.unread, self.lacks_vectors, self.vectors_kept = "", False, (0, 0)
        self.asked: list[str] = []
        self.verified: list[str] = []
        self.cited: list[str] = []
        self.k: list[int] = []
        self.days: list[date | None] = []
        self.previous: list[str | None] = []
        self.threads: set[str] = set()

    def ask(self, question: str, *, k: int = 3, previous: str | None = None, now: date | None = None) -> Answer:
        self.k.append(k)
        self.days.append(now)
        self.asked.append(question)
        self.previous.append(previous)
        self.threads.add(threading.current_thread().name)
        return self._answering(question)

    def verify(self, text: str) -> Verdict:
        self.verified.append(text)
        return Verdict(text, "absent")

    @property
    def references(self) -> "Shelf":
        return self

    def resolve(self, reference: str) -> Cited | None:
        self.cited.append(reference)
        return None

    def document(self, document_id: str, digest: str) -> Document | None:
        found = (one for one in self.documents if (one.id, one.digest) == (document_id, digest))
        return next(found, None)

    def refresh(self) -> Refreshed:
        return Refreshed(len(self.documents))

    def forget_answers(self) -> None: ...

    def make_vectors(self, *, is_ended: Callable[[], bool]) -> bool:
        return True


def handle(
    *updates: dict[str, Any],
    telegram: FakeTelegram | None = None,
    shelf: Shelf | None = None,
    settings: Settings = SETTINGS,
    data: Path | None = None,
    one_by_one: bool = False,
) -> FakeTelegram:
    """What the bot did with ``updates``, given to it at once or each when the last is done.

    ``data`` is a state folder to be found again; without it there is an empty one.
    """
    telegram = telegram or FakeTelegram()
    with tempfile.TemporaryDirectory() as folder:
        application = build_application(
            replace(settings, data=data or Path(folder)), shelf or Shelf(), request=telegram
        )
        asyncio.run(_run(application, updates, one_by_one))
    return telegram


async def _run(application: Application, updates: tuple[dict[str, Any], ...], one_by_one: bool) -> None:
    async with application:
        await application.start()
        for update in updates:
            await application.update_queue.put(Update.de_json(update, application.bot))
            if one_by_one:
                await application.update_queue.join()
        await application.update_queue.join()
        await application.stop()
    assert application.post_shutdown
    await application.post_shutdown(application)


def searched(threads: Threads, chat: int, topic: int = 0, user: int = 0) -> str | None:
    """What was last searched for in a thread."""
    turn = threads.last(chat, topic, user)
    return turn.searched if turn else None


def person(user: int, language: str = "ar") -> dict[str, Any]:
    """A user as Telegram describes them."""
    return {"id": user, "is_bot": False, "first_name": "U", "language_code": language}


def in_group(
    number: int, text: str = "", *, chat: int = -5, user: int = 7, kind: str = "supergroup", **more: Any
) -> dict[str, Any]:
    """An update with a message in a group, in which the bot's name is a mention."""
    if text:
        more["text"] = text
    update = message(number, chat=chat, kind=kind, **{"from": person(user), **more})
    if MENTION in text:
        offset = len(text.partition(MENTION)[0].encode("utf-16-le")) // 2
        mention = {"type": "mention", "offset": offset, "length": len(MENTION)}
        update["message"].setdefault("entities", []).append(mention)
    return update


def edited(update: dict[str, Any], number: int, **more: Any) -> dict[str, Any]:
    """The update that tells that a message was changed."""
    return {"update_id": number, "edited_message": update["message"] | {"edit_date": 1} | more}


def said_by(user: dict[str, Any], text: str | None = "كلام", *, chat: int = -5, **more: Any) -> dict[str, Any]:
    """A message that another one can reply to."""
    told = {} if text is None else {"text": text}
    return {"message_id": 99, "date": 0, "chat": {"id": chat, "type": "supergroup", "title": "g"}, "from": user} | (
        told | more
    )


def member(
    number: int, before: str, after: str, *, chat: int = -5, kind: str = "group", user: int = 7
) -> dict[str, Any]:
    """An update that tells that the bot was ``before`` and is ``after`` in a chat."""
    return {
        "update_id": number,
        "my_chat_member": {
            "chat": {"id": chat, "type": kind, "title": "g"},
            "from": person(user),
            "date": 0,
            "old_chat_member": _standing(before),
            "new_chat_member": _standing(after),
        },
    }


_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members"
    " can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
)


def _standing(status: str) -> dict[str, Any]:
    rights = dict.fromkeys(_RIGHTS.split(), False) if status == "administrator" else {}
    banned = {"until_date": 0} if status == "kicked" else {}
    return {"user": BOT, "status": status, **rights, **banned}
