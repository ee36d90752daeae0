"""A webhook on a port of this machine, as Telegram gives it updates."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from fake_telegram import TOKEN, FakeTelegram, message
from places import DATA
from telegram import Bot, Update

from bot.settings import Webhook
from bot.store.database import Database
from bot.telegram.transport import webhook as module
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.watch import Watch
from bot.telegram.transport.webhook import GivenUpdates

SECRET = "a-secret-of-some-length"  # noqa: S105
TELEGRAM, WORDS = "149.154.167.220", "كلام لا يقرؤه أحد"
KINDS = ("message", "callback_query")
CERTIFICATE, KEY = DATA / "certificate" / "certificate.pem", DATA / "certificate" / "key.pem"
SETTINGS = Webhook("https://bot.example.org/", ("127.0.0.1", 0), SECRET)


@dataclass
class Trial:
    """A webhook that listens, and what comes of it."""

    port: int
    telegram: FakeTelegram
    journal: Journal
    watch: Watch
    taken: list[Update]
    client: aiohttp.ClientSession
    tls: ssl.SSLContext | None = None
    numbers: list[int] = field(default_factory=list)

    async def give(
        self,
        update: Any = None,
        *,
        body: bytes | None = None,
        method: str = "POST",
        headers: Iterable[tuple[str, str]] | None = None,
    ) -> int:
        """The status that an update comes to, by itself a good one with the secret and Telegram's address."""
        own = [(module.SECRET, SECRET), ("X-Forwarded-For", TELEGRAM)] if headers is None else headers
        sent = json.dumps(message(1, text=WORDS) if update is None else update).encode() if body is None else body
        address = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/"
        given = {"data": BytesIO(sent), "headers": own, "ssl": self.tls or True}
        async with self.client.request(method, address, **given) as answer:
            assert await answer.read() == b""
            return answer.status

    @property
    def ids(self) -> list[int]:
        """The numbers of the updates that were taken, in their order."""
        return [update.update_id for update in self.taken]


def run(
    database: Database,
    scenario: Callable[[Trial], Awaitable[None]],
    settings: Webhook = SETTINGS,
    telegram: FakeTelegram | None = None,
    most_waiting: int = 100,
) -> FakeTelegram:
    """A webhook in a life of its own, which a scenario tries; what was asked of Telegram."""
    api = telegram or FakeTelegram()

    async def life() -> None:
        journal, watch, taken = Journal(database, KINDS, most_waiting), Watch(), []

        async def take(update: Update) -> None:
            taken.append(update)

        async with Bot(TOKEN, request=api, get_updates_request=api) as bot:
            webhook = GivenUpdates(settings, bot, KINDS, take, watch, journal, Intake(20))
            try:
                await webhook.begin()
                assert webhook._listening
                port = webhook._listening.sockets[0].getsockname()[1]
                tls = ssl.create_default_context(cafile=str(CERTIFICATE)) if settings.certificate else None
                async with aiohttp.ClientSession() as client:
                    await scenario(Trial(port, api, journal, watch, taken, client, tls))
                assert webhook.goes_on
            finally:
                await webhook.end()
                await journal.close()
            assert not webhook.goes_on

    asyncio.run(life())
    return api
