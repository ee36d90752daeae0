"""Updates that Telegram gives by itself: let in by address and secret, stored, and only then told to have arrived.

What cannot be stored now is answered with 503, and Telegram gives it again; an update that comes twice is handled once
by the journal. Telegram gives those of a chat one after another, each when the one before was taken.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update, WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.figures import POSTS
from bot.settings import Webhook
from bot.telegram.transport.door import Door
from bot.telegram.transport.intake import Intake
from bot.telegram.transport.journal import Journal
from bot.telegram.transport.updates import UnreadableError, as_polled
from bot.telegram.transport.watch import Watch
from bot.values import is_same_address
from retrieval.errors import IqtibasError

log = logging.getLogger(__name__)

LARGEST = 2**20
"""Bytes of a request: many times what Telegram puts into an update."""
PATIENCE = 10.0
"""Seconds that a request may take to arrive."""
AT_ONCE = 40
"""Requests that Telegram makes at once."""
MOST_CONNECTIONS = 4 * AT_ONCE
"""Connections that are held; who comes on top is hung up on."""
IDLE = 75.0
"""Seconds that a connection is held without a request."""
LEAVING = 0.8
"""Seconds that an end waits for the requests that came."""
LOOK_EVERY = 60.0
"""Seconds between two looks whether Telegram still gives updates here."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the name of a header)

_RESULTS = {
    HTTPStatus.OK: "taken",
    HTTPStatus.SERVICE_UNAVAILABLE: "put_off",
    HTTPStatus.BAD_REQUEST: "unreadable",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.REQUEST_TIMEOUT: "too_slow",
}


class WebhookError(IqtibasError):
    """Nothing can listen for updates, or Telegram will not give them there. Its text names the mend."""


class GivenUpdates:
    """Telegram gives updates of some ``kinds``, and ``take`` puts each into the queue. ``watch`` is told whether
    Telegram still does; ``journal`` stores what comes and ``intake`` bounds it, as they do with polls."""

    sign = "look at the webhook"

    def __init__(
        self,
        webhook: Webhook,
        bot: Bot,
        kinds: Sequence[str],
        take: Callable[[Update], Awaitable[object]],
        watch: Watch,
        journal: Journal,
        intake: Intake,
    ) -> None:
        self._webhook, self._bot, self._kinds, self._take = webhook, bot, kinds, take
        self._watch, self._journal, self._intake = watch, journal, intake
        self._door = Door(webhook)
        self._server: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self._looking: asyncio.Task[None] | None = None
        self._said: set[str] = set()
        self._failed_at: datetime | None = None

    @property
    def told(self) -> str:
        """Where it listens, for what."""
        host, port = self._webhook.listen
        return f"webhook={urlsplit(self._webhook.url).netloc} listen={host}:{port} "

    @property
    def goes_on(self) -> bool:
        """Whether it listens, and Telegram was told where."""
        return self._looking is not None and not self._looking.done()

    async def begin(self) -> None:
        """Listen, then have Telegram give its updates here. Raises WebhookError, and TelegramError where Telegram
        cannot be reached, after which it listens already for what was told to Telegram before."""
        if self._listening is None:
            await self._listen()
        await self._set()
        self._looking = self._looking or asyncio.create_task(self._look_again_and_again())

    async def end(self) -> None:
        """Listen no more. What is given meanwhile Telegram gives again."""
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._listening and self._server:
            self._listening.close()
            self._server.pre_shutdown()
            left = [handler.transport for handler in self._server.connections]
            await self._server.shutdown(LEAVING)
            for transport in filter(None, left):
                transport.abort()

    # To listen

    async def _listen(self) -> None:
        loop, (host, port) = asyncio.get_running_loop(), self._webhook.listen
        self._server = web.Server(
            self._answer,
            request_factory=_request,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=IDLE,
            lingering_time=1,
            logger=_quiet(),
        )
        try:
            self._listening = await loop.create_server(
                lambda: _Entrance(self._door, self._server), host, port, ssl=_tls(self._webhook), reuse_address=True
            )
        except (OSError, OverflowError, UnicodeError) as error:
            told = getattr(error, "strerror", None) or str(error)
            raise WebhookError(
                f"IQTIBAS_WEBHOOK_LISTEN: {host}:{port} cannot be listened at ({told}); name another port"
            ) from None

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            status = await self._status(request)
        except Exception as error:  # its text may repeat what somebody wrote
            log.error("what was given to the webhook could not be taken: %s", type(error).__name__)
            status = HTTPStatus.SERVICE_UNAVAILABLE
        POSTS.labels(_RESULTS.get(status, "refused")).inc()
        return web.Response(status=status)

    async def _status(self, request: web.BaseRequest) -> HTTPStatus:
        """What to answer to a request, once it is done with."""
        if not self._door.is_allowed(request.remote, request.headers.getall("X-Forwarded-For", ())):
            return self._refuse("its address is not allowed: see IQTIBAS_WEBHOOK_ALLOWED and IQTIBAS_WEBHOOK_PROXIES")
        if not self._door.opens(request.headers.get(SECRET)):
            return self._refuse("it does not have the secret")
        if request.method != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        try:
            async with asyncio.timeout(PATIENCE):
                posted = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT
        except (web.RequestPayloadError, ConnectionError):
            return HTTPStatus.BAD_REQUEST
        return await self._taken(posted)

    def _refuse(self, why: str) -> HTTPStatus:
        """Said once, because anybody may send such requests; the figures count the others."""
        if why not in self._said:
            self._said.add(why)
            log.warning("a request to the webhook was refused: %s; further ones are only counted", why)
        return HTTPStatus.FORBIDDEN

    async def _taken(self, posted: bytes) -> HTTPStatus:
        """Store an update, and queue it."""
        if self._journal.full:
            return HTTPStatus.SERVICE_UNAVAILABLE
        try:
            polled = as_polled(posted, self._kinds)
        except UnreadableError as error:
            log.error("what was given to the webhook cannot be read: %s", error)
            return HTTPStatus.BAD_REQUEST
        polled = self._intake.sifted(polled)
        try:
            await self._journal.keep(polled)
        except NetworkError:  # the store says why
            return HTTPStatus.SERVICE_UNAVAILABLE
        for update in json.loads(polled)["result"]:
            if len(update) > 1:
                await self._take(Update.de_json(update, self._bot))
        return HTTPStatus.OK

    # To have Telegram give updates, and go on to

    async def _set(self) -> None:
        own = self._webhook.certificate
        try:
            await self._bot.set_webhook(
                self._webhook.url,
                certificate=await asyncio.to_thread(own.read_bytes) if own else None,
                max_connections=AT_ONCE,
                allowed_updates=self._kinds,
                drop_pending_updates=False,
                secret_token=self._webhook.secret,
            )
        except BadRequest as error:
            raise WebhookError(f"IQTIBAS_WEBHOOK: Telegram does not take this address: {error}") from None
        self._watch.answered(HTTPStatus.OK, b"")

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except InvalidToken:
                self._watch.answered(HTTPStatus.UNAUTHORIZED, b"")
            except (TelegramError, WebhookError, OSError) as error:
                self._watch.failed(type(error.__cause__ or error).__name__)

    async def _look(self) -> None:
        found = await self._bot.get_webhook_info()
        if is_same_address(found.url, self._webhook.url):
            self._watch.answered(HTTPStatus.OK, b"")
            self._say_trouble(found)
        else:  # somebody else asks for updates with this token, or has them given elsewhere
            self._watch.answered(HTTPStatus.CONFLICT, b"")
            await self._set()

    def _say_trouble(self, found: WebhookInfo) -> None:
        """What Telegram could not give of late, and why, as far as the look before did not find it."""
        if found.last_error_date and found.last_error_date != self._failed_at:
            log.warning("Telegram could not give updates here: %s", (found.last_error_message or "")[:200])
        self._failed_at = found.last_error_date


class _Entrance(asyncio.Protocol):
    """Hangs up on who has no business here before anything of theirs is read, and hands the others on."""

    def __init__(self, door: Door, server: web.Server | None) -> None:
        self._door, self._server = door, server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        accepted = cast(asyncio.Transport, transport)
        peer = accepted.get_extra_info("peername")
        is_full = self._server is None or len(self._server.connections) >= MOST_CONNECTIONS
        if self._server is None or is_full or not self._door.is_known(peer[0] if peer else None):
            POSTS.labels("hung_up").inc()
            accepted.abort()
            return
        handler = self._server()
        accepted.set_protocol(handler)
        handler.connection_made(accepted)


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)


def _quiet() -> logging.Logger:
    """What aiohttp says of requests that are none is for nobody."""
    quiet = logging.getLogger(f"{__name__}.http")
    quiet.setLevel(logging.CRITICAL)
    return quiet


def _tls(webhook: Webhook) -> ssl.SSLContext | None:
    """What speaks TLS, where that ends here. Raises WebhookError."""
    if webhook.certificate is None or webhook.key is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        if b"PRIVATE KEY" in webhook.certificate.read_bytes():  # Telegram is sent all of that file
            raise WebhookError(f"IQTIBAS_WEBHOOK_CERTIFICATE: {webhook.certificate} holds a key; put that into its own")
        context.load_cert_chain(webhook.certificate, webhook.key, password="")
    except (OSError, ssl.SSLError) as error:
        told = f"IQTIBAS_WEBHOOK_CERTIFICATE, IQTIBAS_WEBHOOK_KEY: {webhook.certificate} and {webhook.key}"
        raise WebhookError(f"{told} cannot be used ({error}); name a certificate in PEM and its key") from None
    return context
