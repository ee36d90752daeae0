"""The composition root: settings and a library in, the Telegram application out."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeAlias

from telegram.ext import Application as TelegramApplication
from telegram.ext import ApplicationBuilder, MessageReactionHandler
from telegram.request import BaseRequest

from bot.conversation.access import Access
from bot.conversation.limits import Budgets
from bot.conversation.tally import Tally
from bot.conversation.threads import Threads
from bot.operation.gaps import gaps
from bot.settings import Settings, SettingsError
from bot.sources.examples import Examples
from bot.sources.holdings import Asks
from bot.sources.making import Makes, Making
from bot.sources.private import PrivateLibraries, Quota
from bot.sources.recognising import Recognising
from bot.sources.shelves import Shelves
from bot.store.answers import Answers
from bot.store.chats import Chats
from bot.store.feedback import Feedback, Refusals
from bot.store.files import Files
from bot.store.shared.opening import opened
from bot.telegram import menu
from bot.telegram.handlers import commands
from bot.telegram.handlers.admin import Admin, Corpus
from bot.telegram.handlers.budget import Budget
from bot.telegram.handlers.buttons import Buttons, Reactions
from bot.telegram.handlers.documents import Documents
from bot.telegram.handlers.failures import Failures
from bot.telegram.handlers.filing import Filing
from bot.telegram.handlers.forgetting import Everything, Forgetting
from bot.telegram.handlers.gate import Gate
from bot.telegram.handlers.groups import Groups, Moves
from bot.telegram.handlers.inline import Inline
from bot.telegram.handlers.pages import Pages
from bot.telegram.handlers.questions import Questions
from bot.telegram.handlers.quotations import Quotations
from bot.telegram.handlers.sources import Sources
from bot.telegram.transport.delivery import Delivery, pace
from bot.telegram.transport.http import Request, no_connection
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.order import EachChatInOrder, EachUpdateOnce
from bot.telegram.transport.steady import Steady
from bot.telegram.transport.watch import Watch, WatchedRequest

Application: TypeAlias = TelegramApplication[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member", "message_reaction")
"""The kinds of updates that are handled; Telegram need not send others."""

CONNECTIONS = 64
"""Connections for sending: many times what Telegram's pace needs, so that some may hang."""
SLOW = 20.0
"""Seconds for an answer: one that comes too late may have arrived, and is then sent twice. Better to wait a little."""

FILING = 32
"""Threads that wait for what is done with the files of chats; few processes do it."""

GATE = -1
"""The group of handlers that sees an update before the others."""


class Serves(Asks, Corpus, Makes, Protocol):
    """What the bot answers from: ``retrieval.Library`` does."""

    @property
    def unread(self) -> str:
        """Why the reader does not rank; empty where it does."""
        ...

    def forget_answers(self) -> None:
        """Let go of what was asked lately."""
        ...


def build_application(
    settings: Settings,
    library: Serves,
    request: BaseRequest | None = None,
    watch: Watch | None = None,
    journal: Journal | None = None,
    threads: Threads | None = None,
    intake: Intake | None = None,
) -> Application:
    """The application, neither initialized nor running. Raises ``SettingsError`` without a token, and ``StoreError``
    where the state folder cannot be used.

    ``request`` stands in for both of its own, the one that sends and the one that polls. ``watch`` is told of
    each poll, and ``intake`` bounds what it takes in. Without ``journal`` what is not handled is lost when the process
    ends. ``threads`` are what chats asked.
    """
    # By default python-telegram-bot warns at each 429 that retry_after will be a timedelta one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    token = _token(settings)
    _check_connections(settings)
    database = journal.database if journal else opened(settings.data, settings.database)
    executor = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="ask")
    chats, tally = Chats(database), Tally(settings.log_text)
    threads = Threads() if threads is None else threads
    access = Access(settings.admins, settings.allowed, chats.was)
    budgets, intake = Budgets(settings.questions_per_minute), intake or Intake(settings.questions_per_minute)
    budget = Budget(budgets)
    answers, feedback = Answers(database), Feedback(database)
    refusals = Refusals(database, is_on=settings.gaps)
    missed = (lambda: gaps(refusals, feedback)) if settings.gaps else None
    private = PrivateLibraries(
        Files(database),
        settings.data / "files",
        Quota(settings.files_per_chat, settings.megabytes_per_chat * 2**20),
        settings.min_confidence,
        reader=settings.reader,
        threads=settings.threads,
    )
    holdings = Shelves(library, private, settings.web_address)
    examples = Examples(settings.voice.examples)
    making, recognising = Making(library, private, examples), Recognising(private)
    filing = Filing(ThreadPoolExecutor(FILING, thread_name_prefix="files"), holdings)
    moves = Moves(chats.move, threads.move, private.move)
    pages = Pages(holdings, executor, answers, filing, settings.closing)
    quotations = Quotations(holdings, executor, filing)
    speaks = holdings, executor, answers, threads, budget, tally, filing, pages, quotations, refusals, settings.name
    questions = Questions(*speaks, in_comments=settings.discussions)
    buttons = Buttons(pages, answers, feedback, questions, budgets.replies, examples)
    everything = Everything(threads, library, private, filing, database, journal)

    documents = Documents(private, questions, settings.admins, budget, filing)

    async def register(application: Application) -> None:
        making.begin()
        loop = asyncio.get_running_loop()
        recognising.begin(lambda file, reason: loop.call_soon_threadsafe(documents.scans_read, file, reason))
        await menu.register(application.bot, settings.admins, settings.voice)

    async def close(_: Application) -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        filing.close()
        recognising.end()
        private.close()
        await asyncio.to_thread(making.end)
        if not journal:
            database.close()

    application: Application = (
        ApplicationBuilder()
        .application_class(Steady)
        .token(token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(request or Request(CONNECTIONS, read=SLOW, pool=SLOW, proxy=settings.proxy))
        .get_updates_request(
            WatchedRequest(
                request or Request(1, proxy=settings.proxy), watch or Watch(), ALLOWED_UPDATES, journal, intake
            )
        )
        .rate_limiter(Delivery(moved=moves, pace=pace(settings.flood_control)))
        .concurrent_updates(EachUpdateOnce(journal, intake) if journal else EachChatInOrder())
        .post_init(register)
        .post_shutdown(close)
        .build()
    )
    is_deadly = journal.is_deadly if journal else lambda _: False
    application.add_handlers(Gate(access, budget, intake.is_over, is_deadly).handlers(), GATE)
    application.add_handlers(
        [
            *Admin(library, settings, tally, chats, intake, partial(_drop, journal, intake), missed).handlers(),
            *Groups(chats, access, moves, budgets).handlers(),
            MessageReactionHandler(Reactions(threads, answers, buttons.keep_opinion).note),
            *Inline(library, executor, budgets.replies, tally, partial(holdings.link, chat=None)).handlers(),
            *documents.handlers(),
            *budget.counting(
                [
                    *questions.handlers(),
                    *buttons.handlers(),
                    *quotations.handlers(),
                    *Sources(library).handlers(),
                    *Forgetting(everything.forget, log_text=settings.log_text, gaps=settings.gaps).handlers(),
                    *commands.handlers(settings.voice, examples),
                ]
            ),
        ]
    )
    application.add_error_handler(Failures(tally).failed)
    return application


async def _drop(journal: Journal | None, intake: Intake, chat: int) -> int:
    """Drop what waits of a chat; how much that was."""
    dropped = await journal.drop(intake.of_chat(chat)) if journal else []
    for update in dropped:
        intake.done(update)
    return len(dropped)


def _check_connections(settings: Settings) -> None:
    """Raises SettingsError where nothing could ever connect."""
    if trouble := no_connection(settings.proxy):
        raise SettingsError([trouble])


def _token(settings: Settings) -> str:
    if settings.token is None:
        raise SettingsError(["TELEGRAM_BOT_TOKEN: there is none; ask @BotFather for one and set it"])
    return settings.token
