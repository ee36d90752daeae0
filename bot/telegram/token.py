"""Whether Telegram knows the bot's token: what this face lends to ``iqtibas doctor``, by the bot's own way."""

import asyncio

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.operation.doctor import Finding
from bot.settings import Settings
from bot.telegram.transport.http import Request, no_connection
from bot.values import without_password


def asked(settings: Settings) -> Finding:
    """What the Bot API server says of the settings' token; neither that nor a password stands in it."""
    if trouble := no_connection(settings.proxy):
        return Finding("token", "bad", trouble)
    return asyncio.run(_asked(settings.token or "", settings))


async def _asked(token: str, settings: Settings) -> Finding:
    request, polls = (Request(1, proxy=settings.proxy) for _ in range(2))
    bot = Bot(token, base_url=f"{settings.api_url}/bot", request=request, get_updates_request=polls)
    try:
        async with bot:
            return Finding("token", "good", f"the bot is @{bot.username}")
    except InvalidToken:
        return Finding("token", "bad", "Telegram does not know this token: copy it again from @BotFather")
    except TelegramError as error:
        reason = without_password(str(error).replace(token, "***"))
        address = without_password(settings.api_url)
        return Finding("token", "bad", f"Telegram at {address} does not answer: {reason}; check the network")
