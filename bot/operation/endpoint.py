"""``/healthz``, ``/readyz`` and ``/metrics`` by HTTP, for whoever watches the bot. Off unless an address is set.

A thread of its own answers, so that a loop that hangs is told of and does not hang the answer.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from prometheus_client.exposition import choose_encoder

from bot.figures import REGISTRY
from bot.operation.health import Health
from retrieval.errors import IqtibasError

MOST_AT_ONCE = 16
"""Requests that are answered at once; who comes on top is hung up on."""
PATIENCE = 5.0
"""Seconds that a request may take to arrive."""


class EndpointError(IqtibasError):
    """Nothing can listen at the address."""


@contextmanager
def endpoint(address: tuple[str, int] | None, health: Health) -> Iterator[None]:
    """Meanwhile ``health`` and the figures are told at ``address``, a host and a port, if there is one. Raises
    EndpointError."""
    if address is None:
        yield
        return
    try:
        server = _Server(address, _handler(health))
    except (OSError, OverflowError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        where = f"{address[0]}:{address[1]}"
        raise EndpointError(f"IQTIBAS_METRICS: {where} cannot be listened at ({told}); name another port") from None
    threading.Thread(target=server.serve_forever, name="endpoint", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def server_bind(self) -> None:
        """Without a look for the machine's name, which may take long."""
        TCPServer.server_bind(self)

    def process_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, *_: object) -> None:
        """Who hangs up is no event."""


def _told(health: Health, path: str, accept: str) -> tuple[HTTPStatus, bytes, str]:
    """The status, the body and its kind."""
    if path == "/metrics":
        encode, kind = choose_encoder(accept)
        return HTTPStatus.OK, encode(REGISTRY), kind
    if path not in ("/healthz", "/readyz"):
        return HTTPStatus.NOT_FOUND, b"/healthz, /readyz or /metrics\n", "text/plain"
    is_well = health.is_alive if path == "/healthz" else health.is_ready
    return (
        (HTTPStatus.OK, b"ok\n", "text/plain") if is_well else (HTTPStatus.SERVICE_UNAVAILABLE, b"no\n", "text/plain")
    )


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_GET(self) -> None:
            self._answer(*_told(health, self.path.partition("?")[0], self.headers.get("Accept") or ""))

        def do_HEAD(self) -> None:
            self.do_GET()

        def _answer(self, status: HTTPStatus, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def version_string(self) -> str:
            return "iqtibas"

        def log_message(self, *_: object) -> None:
            """Who asks is no event."""

    return Handler
