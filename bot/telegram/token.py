"""Whether Telegram knows the bot's token: what this face lends to ``iqtibas doctor``."""

import asyncio

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.operation.doctor import Finding


def asked(token: str, api_url: str) -> Finding:
    """What the Bot API server at ``api_url`` says of a token; the token never stands in it."""
    return asyncio.run(_asked(token, api_url))


async def _asked(token: str, api_url: str) -> Finding:
    try:
        async with Bot(token, base_url=f"{api_url}/bot") as bot:
            return Finding("token", "good", f"the bot is @{bot.username}")
    except InvalidToken:
        return Finding("token", "bad", "Telegram does not know this token: copy it again from @BotFather")
    except TelegramError as error:
        reason = str(error).replace(token, "***")
        return Finding("token", "bad", f"Telegram at {api_url} does not answer: {reason}; check the network")
