"""``iqtibas doctor``: checks what the program needs, and says what to mend."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.settings import Settings, SettingsError, load
from bot.sources.opening import opened
from retrieval.errors import IqtibasError

State = Literal["good", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, what was found, and the mend where it is not good."""

    subject: str
    state: State
    says: str


def examine(environ: Mapping[str, str], folder: Path, corpus: Path | None) -> Iterator[Finding]:
    """Each finding as it is made; what depends on something bad is not tried."""
    try:
        settings = load(environ, folder)
    except SettingsError as error:
        yield from (Finding("settings", "bad", mistake) for mistake in error.mistakes)
        return
    yield Finding("settings", "good", "read")
    yield from _corpus(settings, corpus or settings.corpus)
    yield _data(settings.data)
    yield _token(settings)


def _corpus(settings: Settings, path: Path) -> Iterator[Finding]:
    try:
        library = opened(settings, corpus=path)
    except IqtibasError as error:
        yield Finding("corpus", "bad", str(error))
        return
    yield Finding("corpus", "good", f"{path}: documents: {len(library.documents)}")
    yield from (Finding("corpus", "note", problem.reason) for problem in library.problems)


def _data(folder: Path) -> Finding:
    nearest = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK):
        return Finding("state", "good", f"{folder} can be written")
    return Finding("state", "bad", f"{folder} cannot be written: set IQTIBAS_DATA to a folder that can")


def _token(settings: Settings) -> Finding:
    if settings.token is None:
        return Finding("token", "note", "no TELEGRAM_BOT_TOKEN: only the terminal works; @BotFather gives one")
    return asyncio.run(_me(settings, settings.token))


async def _me(settings: Settings, token: str) -> Finding:
    from telegram import Bot
    from telegram.error import InvalidToken, TelegramError

    try:
        async with Bot(token, base_url=f"{settings.api_url}/bot") as bot:
            return Finding("token", "good", f"the bot is @{bot.username}")
    except InvalidToken:
        return Finding("token", "bad", "Telegram does not know this token: copy it again from @BotFather")
    except TelegramError as error:
        reason = str(error).replace(token, "***")
        return Finding("token", "bad", f"Telegram at {settings.api_url} does not answer: {reason}; check the network")
