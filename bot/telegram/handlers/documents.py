"""Files that people send: each goes into its chat's own library, and answers there and nowhere else."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from telegram import CallbackQuery, Document, Message, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import BadRequest, RetryAfter, TelegramError
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.phrases import Phrases
from bot.showing import shelf
from bot.showing.cards import Card
from bot.sources.private import LARGEST, PrivateLibraries, RefusedError
from bot.store.files import File
from bot.telegram.handlers.budget import Budget
from bot.telegram.handlers.commands import NEW, Handler, phrases_for
from bot.telegram.handlers.filing import Filing, Room
from bot.telegram.handlers.questions import Questions
from bot.telegram.replying.addressing import asked, speaks_for
from bot.telegram.replying.keyboards import keyboard
from bot.telegram.replying.replies import answer_press, change_card, reply
from bot.telegram.replying.typing import typing
from bot.telegram.transport.turns import let_others_pass, waiting
from retrieval import ENDINGS

log = logging.getLogger(__name__)

HELD = 6 * LARGEST
"""Bytes of files that are held in memory while they are fetched and read; others wait."""
TRIES = 3
"""How often a file is fetched before it is given up."""
MOST_WAIT = 60.0
"""Seconds between two tries, whatever Telegram asks for."""
ALBUM = 1.0
"""Seconds in which the files of an album come, one update each."""
ALBUMS = 200
"""Albums whose one reply is remembered, for their further files."""
SCANNED = 1000
"""Files with scanned pages of which it is remembered whom to tell that they are read."""


class NotFetchedError(Exception):
    """A file cannot be had from Telegram."""


@dataclass(slots=True)
class _Album:
    """What was said of the files of an album, the message that says it, and the ids of those that were taken in."""

    told: list[str] = field(default_factory=list)
    reply: Message | None = None
    taken: set[int] = field(default_factory=set)


class Documents:
    """Takes files into ``private``, lists and deletes them. ``admins`` may delete anybody's in a group."""

    def __init__(
        self, private: PrivateLibraries, questions: Questions, admins: frozenset[int], budget: Budget, filing: Filing
    ) -> None:
        self._private, self._questions, self._admins, self._budget = private, questions, admins, budget
        self._filing, self._room = filing, Room(HELD)
        self._albums: OrderedDict[str, _Album] = OrderedDict()
        self._scanned: OrderedDict[int, tuple[Message, Phrases]] = OrderedDict()
        self._telling: set[asyncio.Task[None]] = set()

    def handlers(self) -> list[Handler]:
        """Any file, /mydocs, /delete, and the buttons of the list."""
        return [
            MessageHandler(NEW & filters.Document.ALL, self.add),
            *self._budget.counting(self._listing()),
        ]

    def _listing(self) -> list[Handler]:
        return [
            CommandHandler("mydocs", self.list, filters=NEW),
            CommandHandler("delete", self.delete, filters=NEW),
            CallbackQueryHandler(self.press, pattern=f"^{shelf.DATA}"),
        ]

    async def add(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Take a file in and say so, then answer its caption, from the file itself where that answers; be quiet where
        the bot is not spoken to.

        An album's caption is answered when all its files are taken in.
        """
        message, says = update.message, phrases_for(update)
        if message is None or message.document is None or not await self._is_given(message):
            return
        if not await self._budget.admits(update):
            return
        album = self._album(message)
        file, told = await self._taken(message, message.document, says)
        album.taken |= {file.id} if file else set()
        await self._tell(message, album, told)
        if question := asked(message):
            if message.media_group_id:
                await let_others_pass(ALBUM)
            if album.taken:
                await self._questions.ask(message, question, says, frozenset(album.taken))

    def scans_read(self, file: File, reason: str | None) -> None:
        """Tell who gave a file, if that is remembered, that its scanned pages are read; or why it is not kept."""
        if given := self._scanned.pop(file.id, None):
            message, says = given
            text = self._told_of(file.name, reason or "scans_read", says)
            task = asyncio.get_running_loop().create_task(_tell_later(message, text))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _files(self, message: Message) -> list[File]:
        return await asyncio.to_thread(self._private.files, message.chat_id)

    async def list(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Reply with the chat's files and a button to delete each."""
        if message := update.message:
            says = phrases_for(update)
            files = await self._files(message)
            listed = shelf.listed(files, says, _is_group(message))
            await reply(message, listed, keyboard(shelf.buttons(files, says), says))

    async def delete(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete the file that has a number in the list."""
        message, says = update.message, phrases_for(update)
        if message is None or message.from_user is None:
            return
        files, number = await self._files(message), shelf.number_of(" ".join(context.args or ()))
        if not files:
            await reply(message, says.documents["none"])
        elif number is None:
            await reply(message, says.documents["delete_which"])
        elif not 1 <= number <= len(files):
            await reply(message, says.documents["no_such"])
        else:
            await reply(message, await self._deleted(files[number - 1], message, message.from_user.id, says))

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Delete the file whose button was pressed, and show the list without it."""
        query, says = update.callback_query, phrases_for(update)
        if query is None:
            return
        wanted, message = shelf.file_of(query.data), query.message
        files = await self._files(message) if isinstance(message, Message) else []
        file = next((file for file in files if file.id == wanted), None)
        if file is None or not isinstance(message, Message):
            await answer_press(query, says.button_too_old)
            return
        await answer_press(query, await self._deleted(file, message, query.from_user.id, says))
        await self._show_rest(query, message, says)

    async def _show_rest(self, query: CallbackQuery, message: Message, says: Phrases) -> None:
        files = await self._files(message)
        text = shelf.listed(files, says, _is_group(message))
        await change_card(message, Card(shelf.escaped(text), text), keyboard(shelf.buttons(files, says), says))

    async def _deleted(self, file: File, message: Message, user: int, says: Phrases) -> str:
        """What is said once the file is deleted, or why it is not."""
        if _is_group(message) and user not in self._admins and not await self._gave(file, message, user):
            return says.documents["not_yours"]
        await self._filing.do(lambda: self._private.remove(file))
        return says.documents["deleted"].format(name=says.isolated(file.name))

    async def _gave(self, file: File, message: Message, user: int) -> bool:
        """Whether somebody gave a file, or speaks for the chat that did, be it that they write in its name."""
        sender = message.sender_chat
        writer = message.from_user
        writes_for_chat = sender is not None and sender.id == file.giver and writer is not None and writer.id == user
        return writes_for_chat or await speaks_for(user, file.giver, message.get_bot())

    async def _taken(self, message: Message, document: Document, says: Phrases) -> tuple[File | None, str]:
        """A file as it was taken in, if it was, and what is said of it."""
        name = document.file_name or ""
        told = says.documents
        if not name.lower().endswith(ENDINGS):
            return None, told["unknown_kind"].format(kinds=says.comma.join(map(says.isolated, ENDINGS)))
        if (document.file_size or 0) > LARGEST:
            return None, told["too_large_to_fetch"].format(size=shelf.size(LARGEST, says))
        async with waiting(), typing(lambda: message.reply_chat_action(ChatAction.TYPING)):
            try:
                async with self._room.of(document.file_size or LARGEST):
                    file = await self._put(message, name, await _fetched(document))
            except NotFetchedError:
                return None, told["not_fetched"]
            except RefusedError as error:
                return None, self._told_of(name, error.reason, says)
        if pages := self._private.waiting(message.chat_id).get(file.id):
            self._scanned[file.id] = message, says
            while len(self._scanned) > SCANNED:
                self._scanned.popitem(last=False)
            return file, told["added_scans"].format(name=says.isolated(name), pages=says.counted("pages", pages))
        return file, told["added"].format(name=says.isolated(name))

    def _told_of(self, name: str, key: str, says: Phrases) -> str:
        return says.documents[key].format(
            name=says.isolated(name),
            files=says.counted("files", self._private.quota.files),
            size=shelf.size(self._private.quota.size, says),
            kinds=says.comma.join(map(says.isolated, ENDINGS)),
        )

    async def _put(self, message: Message, name: str, content: bytes) -> File:
        chat, user = message.sender_chat, message.from_user
        giver = chat.id if chat else user.id if user else message.chat_id
        called = (chat.effective_name if chat else user.full_name if user else None) or ""
        return await self._filing.do(lambda: self._private.add(message.chat_id, giver, called, name, content))

    async def _is_given(self, message: Message) -> bool:
        """Whether the bot is spoken to. In a group only one file of an album, often the last, has the caption that
        does: the others wait for it."""
        if asked(message) is not None:
            return True
        if message.media_group_id and message.media_group_id not in self._albums:
            await let_others_pass(ALBUM)
        return message.media_group_id in self._albums

    def _album(self, message: Message) -> _Album:
        """The album that a file is of, or one of its own."""
        if message.media_group_id is None:
            return _Album()
        album = self._albums.setdefault(message.media_group_id, _Album())
        while len(self._albums) > ALBUMS:
            self._albums.popitem(last=False)
        return album

    async def _tell(self, message: Message, album: _Album, told: str) -> None:
        """Reply; of an album's files in one message, which grows."""
        album.told.append(told)
        text = "\n".join(album.told)
        if album.reply is None:
            album.reply = await reply(message, text)
        else:
            await change_card(album.reply, Card(shelf.escaped(text), text), None)


async def _tell_later(message: Message, text: str) -> None:
    """Say something of a message that was handled long ago. Where that fails, nothing is lost but the word."""
    try:
        await reply(message, text)
    except TelegramError as error:
        log.warning("it could not be said that scanned pages are read: %s", error)


async def _fetched(document: Document) -> bytes:
    """The bytes of a file. Raises NotFetchedError."""
    for left in reversed(range(TRIES)):
        try:
            file = await document.get_file()
            if _is_elsewhere(file.file_path or ""):
                log.error(
                    "the Bot API server runs with --local, and its folder is not here: share it, at the same path"
                )
                raise NotFetchedError
            return bytes(await file.download_as_bytearray())
        except BadRequest as error:  # too large, or no longer there
            log.info("a file cannot be fetched: %s", error)
            raise NotFetchedError from error
        except TelegramError as error:
            log.warning("a file could not be fetched (%s); tries left: %d", type(error).__name__, left)
            await asyncio.sleep(_wait(error, TRIES - left) if left else 0)
    raise NotFetchedError


def _is_elsewhere(path: str) -> bool:
    """Whether a file lies on a disk of the server's that is not this machine's: a whole path, behind an address."""
    return urlsplit(path).netloc != "" and "//" in urlsplit(path).path


def _wait(error: TelegramError, tries: int) -> float:
    """Seconds until the next try."""
    asked = error.retry_after if isinstance(error, RetryAfter) else tries
    return min(asked.total_seconds() if isinstance(asked, timedelta) else asked, MOST_WAIT)


def _is_group(message: Message) -> bool:
    return message.chat.type != ChatType.PRIVATE
