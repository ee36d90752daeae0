"""The composition root: settings and a library in, the Telegram application out."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeAlias

from telegram.ext import Application as TelegramApplication
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest

from bot.conversation.access import Access
from bot.conversation.limits import Allowance
from bot.conversation.tally import Tally
from bot.conversation.threads import Threads
from bot.settings import Settings, SettingsError
from bot.sources.holdings import Asks
from bot.sources.making import Makes, Making
from bot.sources.private import PrivateLibraries, Quota
from bot.sources.shelves import Shelves
from bot.store.answers import Answers
from bot.store.chats import Chats
from bot.store.database import Database
from bot.store.feedback import Feedback
from bot.store.files import Files
from bot.store.threads import StoredThreads
from bot.telegram import menu
from bot.telegram.handlers import commands
from bot.telegram.handlers.admin import Admin, Corpus
from bot.telegram.handlers.buttons import Buttons
from bot.telegram.handlers.documents import Documents
from bot.telegram.handlers.failures import Failures
from bot.telegram.handlers.forgetting import Forget, Forgetting
from bot.telegram.handlers.gate import Gate
from bot.telegram.handlers.groups import Groups, Moves
from bot.telegram.handlers.inline import Inline
from bot.telegram.handlers.pages import Pages
from bot.telegram.handlers.questions import Questions
from bot.telegram.handlers.sources import Sources
from bot.telegram.transport.delivery import Delivery, pace
from bot.telegram.transport.handling import at_end, wipe_at_end
from bot.telegram.transport.http import Request
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.order import EachChatInOrder, EachUpdateOnce
from bot.telegram.transport.watch import Watch, WatchedRequest

Application: TypeAlias = TelegramApplication[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""The kinds of updates that are handled; Telegram need not send others."""

CONNECTIONS = 64
"""Connections for sending: many times what Telegram's pace needs, so that some may hang."""
SLOW = 20.0
"""Seconds for an answer: one that comes too late may have arrived, and is then sent twice. Better to wait a little."""

GATE = -1
"""The group of handlers that sees an update before the others."""


class Serves(Asks, Corpus, Makes, Protocol):
    """What the bot answers from: ``retrieval.Library`` does."""

    @property
    def unread(self) -> str:
        """Why the reader does not rank; empty where it does."""
        ...


def build_application(
    settings: Settings,
    library: Serves,
    request: BaseRequest | None = None,
    watch: Watch | None = None,
    journal: Journal | None = None,
) -> Application:
    """The application, neither initialized nor running. Raises ``SettingsError`` without a token, and ``StoreError``
    where the state folder cannot be used.

    ``request`` stands in for both of its own, the one that sends and the one that polls. ``watch`` is told of
    each poll. Without ``journal`` what is not handled is lost when the process ends, and so is what chats asked.
    """
    # By default python-telegram-bot warns at each 429 that retry_after will be a timedelta one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = _token(settings)
    database = journal.database if journal else Database(settings.data)
    executor = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="ask")
    chats, tally = Chats(database), Tally(settings.log_text)
    threads = Threads(StoredThreads(database) if journal else None, at_end)
    access = Access(settings.admins, settings.allowed, chats.was)
    allowance = Allowance(settings.questions_per_minute)
    answers, feedback = Answers(database), Feedback(database)
    private = PrivateLibraries(
        Files(database),
        settings.data / "files",
        Quota(settings.files_per_chat, settings.megabytes_per_chat * 2**20),
        settings.min_confidence,
        reader=settings.reader,
        threads=settings.threads,
    )
    holdings = Shelves(library, private)
    making = Making(library, private)
    moves = Moves([chats.move, threads.move, answers.move, private.move])
    pages = Pages(holdings, executor, answers)
    questions = Questions(holdings, executor, answers, threads, allowance, tally, pages)

    async def forget_threads(user: int) -> None:
        threads.forget_person(user)

    forgets: list[Forget] = [forget_threads, *map(_apart, (private.forget, answers.forget, feedback.forget))]

    async def register(application: Application) -> None:
        making.begin()
        await menu.register(application.bot, settings.admins)

    async def close(_: Application) -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(making.end)
        if not journal:
            database.close()

    application: Application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(request or Request(CONNECTIONS, read=SLOW, pool=SLOW))
        .get_updates_request(WatchedRequest(request or Request(1), watch or Watch(), ALLOWED_UPDATES, journal))
        .rate_limiter(Delivery(moved=moves, pace=pace(settings.flood_control)))
        .concurrent_updates(EachUpdateOnce(journal) if journal else EachChatInOrder())
        .post_init(register)
        .post_shutdown(close)
        .build()
    )
    application.add_handlers(Gate(access).handlers(), GATE)
    application.add_handlers(
        [
            *questions.handlers(),
            *Buttons(pages, answers, feedback, questions, allowance).handlers(),
            *Inline(library, executor, allowance, tally).handlers(),
            *Groups(chats, access, moves).handlers(),
            *Admin(library, settings, tally, chats).handlers(),
            *Sources(library).handlers(),
            *Documents(private, questions, settings.admins).handlers(),
            *Forgetting(forgets, wipe_at_end if journal else database.wipe, log_text=settings.log_text).handlers(),
            *commands.handlers(),
        ]
    )
    application.add_error_handler(Failures(tally).failed)
    return application


def _apart(forget: Callable[[int], object]) -> Forget:
    """Off the loop."""
    return lambda user: asyncio.to_thread(forget, user)


def _token(settings: Settings) -> str:
    if settings.token is None:
        raise SettingsError(["TELEGRAM_BOT_TOKEN: there is none; ask @BotFather for one and set it"])
    return settings.token
