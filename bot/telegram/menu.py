"""What Telegram shows of the bot before anybody asks: its commands by kind of chat, and what it is. By language."""

import asyncio
import logging
from collections.abc import Awaitable, Iterable, Iterator

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

from bot.phrases import Phrases, phrases
from bot.phrases.voice import description
from bot.settings import Voice

log = logging.getLogger(__name__)

LANGUAGES = (None, "ar", "en")
"""Arabic for everybody, and again by name, in case it was once registered otherwise; English for who uses English."""


async def register(bot: Bot, admins: Iterable[int], voice: Voice) -> None:
    """Tell Telegram commands and descriptions. What it does not take is a line in the log: the bot can do without."""
    steps = [step for code in LANGUAGES for step in _steps(bot, code, tuple(admins), voice)]
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for failure in failures:
        if not isinstance(failure, TelegramError):
            raise failure
    if failures:
        # one reason is the commonest: an admin who has never written to the bot has no chat with it
        log.warning(
            "%d of %d parts of the menu could not be set, which the bot can do without: %s",
            len(failures),
            len(outcomes),
            failures[0],
        )


def _steps(bot: Bot, code: str | None, admins: tuple[int, ...], voice: Voice) -> Iterator[Awaitable[bool]]:
    says = phrases(code)
    for scope, commands in _menus(says, admins):
        yield bot.set_my_commands(list(commands.items()), scope=scope, language_code=code)
    yield bot.set_my_description(description(voice, says), language_code=code)
    yield bot.set_my_short_description(says.short_description, language_code=code)


def _menus(says: Phrases, admins: tuple[int, ...]) -> Iterator[tuple[BotCommandScope, dict[str, str]]]:
    yield BotCommandScopeAllPrivateChats(), {**says.commands}
    yield BotCommandScopeAllGroupChats(), {**says.group_commands}
    for admin in admins:
        yield BotCommandScopeChat(admin), {**says.commands, **says.admin_commands}
