"""The composition root: settings and a library in, the Telegram application out."""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

from telegram.error import TelegramError
from telegram.ext import Application as TelegramApplication
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, HTTPXRequest

from bot.delivery import Delivery
from bot.handlers import commands
from bot.handlers.failures import failed
from bot.handlers.questions import Asks, Questions
from bot.order import EachChatInOrder
from bot.settings import Settings, SettingsError
from bot.watch import Watch, WatchedRequest

log = logging.getLogger(__name__)

Application: TypeAlias = TelegramApplication[Any, Any, Any, Any, Any, Any]

ALLOWED_UPDATES = ("message",)
"""The kinds of updates that are handled; Telegram need not send others."""

CONNECTIONS = 64
"""Connections for sending: more than updates handled at once, for the actions shown meanwhile."""


def build_application(
    settings: Settings, library: Asks, request: BaseRequest | None = None, watch: Watch | None = None
) -> Application:
    """The application, neither initialized nor running. Raises ``SettingsError`` without a token.

    ``request`` stands in for both of its own, the one that sends and the one that polls. ``watch`` is told of
    each poll.
    """
    # By default python-telegram-bot warns at each 429 that retry_after will be a timedelta one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="ask")

    async def close(_: Application) -> None:
        threads.shutdown(wait=False, cancel_futures=True)

    application: Application = (
        ApplicationBuilder()
        .token(_token(settings))
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(request or _sending())
        .get_updates_request(WatchedRequest(request or _polling(), watch or Watch()))
        .rate_limiter(Delivery())
        .concurrent_updates(EachChatInOrder())
        .post_init(_register_commands)
        .post_shutdown(close)
        .build()
    )
    application.add_handlers([*Questions(library, threads).handlers(), *commands.handlers()])
    application.add_error_handler(failed)
    return application


def _token(settings: Settings) -> str:
    if settings.token is None:
        raise SettingsError(["TELEGRAM_BOT_TOKEN: there is none; ask @BotFather for one and set it"])
    return settings.token


def _sending() -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=CONNECTIONS,
        http_version="1.1",
        connect_timeout=10.0,
        # an answer that times out may have arrived, and is then sent twice: better to wait a little
        read_timeout=20.0,
        write_timeout=20.0,
        pool_timeout=10.0,
    )


def _polling() -> HTTPXRequest:
    return HTTPXRequest(connection_pool_size=1, http_version="1.1", connect_timeout=10.0, pool_timeout=10.0)


async def _register_commands(application: Application) -> None:
    try:
        await commands.register(application.bot)
    except TelegramError as error:
        log.warning("the menu of commands could not be set, which the bot can do without: %s", error)
