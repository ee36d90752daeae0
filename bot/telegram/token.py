"""Whether Telegram knows the bot's token, and how updates come: what this face lends to ``iqtibas doctor``, by the
bot's own way."""

import asyncio
from urllib.parse import urlsplit

from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.operation.doctor import Finding
from bot.settings import Settings
from bot.telegram.transport.http import Request, no_connection
from bot.values import is_same_address, without_password


def asked(settings: Settings) -> list[Finding]:
    """What the Bot API server says of the settings' token and webhook; neither that nor a password stands in it."""
    if trouble := no_connection(settings.proxy):
        return [Finding("token", "bad", trouble)]
    return asyncio.run(_asked(settings.token or "", settings))


async def _asked(token: str, settings: Settings) -> list[Finding]:
    request, polls = (Request(1, proxy=settings.proxy) for _ in range(2))
    bot = Bot(token, base_url=f"{settings.api_url}/bot", request=request, get_updates_request=polls)
    try:
        async with bot:
            known = Finding("token", "good", f"the bot is @{bot.username}")
            return [known, _webhook(settings.webhook_url, await bot.get_webhook_info())]
    except InvalidToken:
        return [Finding("token", "bad", "Telegram does not know this token: copy it again from @BotFather")]
    except TelegramError as error:
        reason = without_password(str(error).replace(token, "***"))
        address = without_password(settings.api_url)
        return [Finding("token", "bad", f"Telegram at {address} does not answer: {reason}; check the network")]


def _webhook(wanted: str | None, found: WebhookInfo) -> Finding:
    """How updates come, and how many wait; what Telegram could not give, and why."""
    waiting = f"updates that wait there: {found.pending_update_count}"
    there = urlsplit(found.url or "").hostname
    if wanted is None:
        set_there = f"; the webhook to {there} is taken away when it starts" if there else ""
        return Finding("webhook", "note" if there else "good", f"none: the bot asks for updates{set_there}; {waiting}")
    if not is_same_address(found.url, wanted):
        told = f"it is to {there}" if there else "it is not set yet"
        return Finding("webhook", "note", f"{told}: the bot sets it when it starts; {waiting}")
    if found.last_error_date:
        told = f"the last trouble, {found.last_error_date.astimezone().isoformat(' ')}: {found.last_error_message}"
        return Finding("webhook", "note", f"updates are given to {there}; {waiting}; {told}")
    return Finding("webhook", "good", f"updates are given to {there}; {waiting}")
