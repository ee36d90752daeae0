"""Serves an application by HTTP on a thread of its own, so that the bot beside it has its loop to itself.

Connections are bounded, in number and in how long they may keep silent; whoever asks stands in no log.
"""

import asyncio
import logging
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.proxies import address_of, is_in
from bot.values import Networks
from retrieval.errors import IqtibasError

MOST, MOST_OF_ONE = 512, 64
"""Connections at once: of all, and of one address that is no proxy's."""
SILENT = 20.0
"""Seconds in which a connection must have asked for something."""
LONGEST = 150.0
"""Seconds after the last request, or its answer, after which a connection is cut, whatever it does."""
IDLE = 15.0
"""Seconds for which a connection is kept for a further request."""
LOOKED_AFTER = 2.0
BACKLOG = 128
ENDING = 2.0
"""Seconds that an end waits for what is being answered."""

_quiet = logging.getLogger("bot.web.silent")
_quiet.disabled = True  # aiohttp would log requests that it cannot read, with what stands in them


class ListeningError(IqtibasError):
    """Nothing can listen at the address."""


@contextmanager
def serving(address: tuple[str, int], build: Callable[[], web.Application], proxies: Networks = ()) -> Iterator[str]:
    """Meanwhile the application that ``build`` makes is served at ``address``, a host and a port, 0 for any that is
    free. Gives the address of the pages. ``proxies``: networks whose connections are of many. Raises ListeningError."""
    listening = _listening(address)
    host, port = listening.getsockname()[:2]
    server = _Server(listening, build, Connections(proxies))
    server.begin()
    try:
        yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    finally:
        server.end()


def _listening(address: tuple[str, int]) -> socket.socket:
    where = f"{address[0]}:{address[1]}"
    try:
        found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        return socket.create_server(found[0][4][:2], family=found[0][0], backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise ListeningError(f"{where} cannot be listened at ({told}); name another with IQTIBAS_WEB") from None


class _Server:
    """A loop on a thread."""

    def __init__(
        self, listening: socket.socket, build: Callable[[], web.Application], connections: "Connections"
    ) -> None:
        self._listening, self._build, self._connections = listening, build, connections
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._begun = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._failure: BaseException | None = None
        self._stop = asyncio.Event()

    def begin(self) -> None:
        self._thread.start()
        self._begun.wait()
        if self._failure:
            raise self._failure

    def end(self) -> None:
        if self._loop:
            with suppress(RuntimeError):  # it ended by itself
                self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(2 * ENDING)

    def _run(self) -> None:
        try:
            with _runner() as runner:
                runner.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._begun.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        application = self._build()
        runner = web.AppRunner(
            application,
            access_log=None,
            logger=_quiet,
            keepalive_timeout=IDLE,
            shutdown_timeout=ENDING,
            handle_signals=False,
        )
        connections = self._connections
        application.middlewares.insert(0, connections.noting())
        await runner.setup()
        assert runner.server is not None  # noqa: S101  (for the type checker: setup makes one)
        make = runner.server
        server = await self._loop.create_server(lambda: _Connection(make(), connections), sock=self._listening)
        self._begun.set()
        sweeping = asyncio.create_task(connections.sweep())
        try:
            await self._stop.wait()
        finally:
            sweeping.cancel()
            server.close()
            await runner.cleanup()


class Connections:
    """Those that are open, and when each last asked for something."""

    def __init__(self, proxies: Networks) -> None:
        self._proxies = proxies
        self._open: dict[asyncio.BaseTransport, _Times] = {}
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def take(self, transport: asyncio.BaseTransport, who: str) -> bool:
        """Count one more; whether there is room for it."""
        is_too_many = self._of[who] >= MOST_OF_ONE and not is_in(address_of(who), self._proxies)
        if len(self._open) >= MOST or is_too_many:
            return False
        self._open[transport] = _Times(who, time.monotonic())
        self._of[who] += 1
        return True

    def leave(self, transport: asyncio.BaseTransport) -> None:
        """One is closed."""
        if times := self._open.pop(transport, None):
            self._of[times.who] -= 1
            self._of += Counter()  # without those of whom none is left

    def noting(self) -> Middleware:
        """What notes when one asks for something, and when it is answered."""

        @web.middleware
        async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._note(request.transport)
            try:
                return await handler(request)
            finally:
                self._note(request.transport)

        return noted

    def _note(self, transport: asyncio.BaseTransport | None) -> None:
        if transport and (times := self._open.get(transport)):
            times.asked = time.monotonic()

    async def sweep(self) -> None:
        """Cut those that are silent too long, again and again."""
        while True:
            await asyncio.sleep(LOOKED_AFTER)
            self.cut()

    def cut(self) -> None:
        """Cut those that are silent too long."""
        now = time.monotonic()
        for transport, times in list(self._open.items()):
            if now > (times.began + SILENT if times.asked is None else times.asked + LONGEST):
                transport.abort()  # type: ignore[attr-defined]  # of sockets all have it


class _Times:
    """Of whom a connection is, when it began, and when it last asked or was answered."""

    def __init__(self, who: str, began: float) -> None:
        self.who, self.began = who, began
        self.asked: float | None = None


class _Connection(asyncio.Protocol):
    """A connection that is counted; what it says goes to aiohttp."""

    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner, self._connections = inner, connections
        self._transport: asyncio.BaseTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        if not self._connections.take(transport, str(peer[0]) if peer else ""):
            transport.abort()  # type: ignore[attr-defined]
            return
        self._transport = transport
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport:
            self._connections.leave(self._transport)
            self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._transport:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._transport else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


def _runner() -> asyncio.Runner:
    """What runs the loop: uvloop's, where there is one, as the bot's."""
    if sys.platform == "win32":
        return asyncio.Runner()
    import uvloop

    return asyncio.Runner(loop_factory=uvloop.new_event_loop)
