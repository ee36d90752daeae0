"""Requests to the Bot API, by aiohttp: python-telegram-bot's own, by httpx, cost a busy bot most of its time.

What went wrong is the ``__cause__`` of the error raised, for ``bot.telegram.transport.delivery`` to judge.
"""

import json
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

import aiohttp
import httpx
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.proxies import SCHEMES
from bot.values import without_password

HEADERS = {"User-Agent": BaseRequest.USER_AGENT}
_KNOWN = {400, 401, 403, 404, 408, 409, 429}
_PARAMETERS = {"retry_after": range(1, 24 * 3600 + 1), "migrate_to_chat_id": range(1 - 2**63, 2**63)}
"""What an error answer tells beside its text, and the numbers that each can be: one in the past would ask again at
once, without end."""
WHOLE = 300.0
"""Seconds that a request may take in all: an answer that comes a byte at a time holds nobody longer."""
LARGEST = 64 * 2**20
"""Bytes of an answer: some times those of the largest file that a bot can fetch."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Request(BaseRequest):
    """Makes requests over up to ``connections``; timeouts are in seconds, of which ``pool`` waits for a free one,
    and ``whole`` is for all of a request.

    ``proxy``: the address of one by http, https or SOCKS; certificates are those that httpx trusts.
    """

    def __init__(
        self,
        connections: int,
        *,
        connect: float = 10.0,
        read: float = 5.0,
        pool: float = 10.0,
        whole: float = WHOLE,
        proxy: str | None = None,
    ) -> None:
        self._connections, self._connect, self._read, self._pool = connections, connect, read, pool
        self._whole, self._proxy = whole, proxy
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take by itself."""
        return self._read

    async def initialize(self) -> None:
        """Make ready to connect."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                proxy=None if _is_socks(self._proxy) else self._proxy,
            )

    def _connector(self) -> aiohttp.BaseConnector:
        context = httpx.create_ssl_context()
        if self._proxy and _is_socks(self._proxy):  # of which aiohttp knows nothing; socks5h: the proxy looks names up
            address = self._proxy.replace("socks5h://", "socks5://", 1)
            return ProxyConnector.from_url(address, limit=self._connections, ssl=context, rdns=True)
        return aiohttp.TCPConnector(limit=self._connections, ssl=context)

    async def shutdown(self) -> None:
        """Close all connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make the request; the status and the body. Raises TimedOut or another NetworkError."""
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        timeout = aiohttp.ClientTimeout(
            total=self._whole,
            connect=_given(pool_timeout, self._pool) + _given(connect_timeout, self._connect),
            sock_connect=_given(connect_timeout, self._connect),
            sock_read=_given(read_timeout, self._read),
        )
        form, headers = _form(request_data)
        try:
            async with self._session.request(
                method, url, data=form, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, body = response.status, await _body(response)
        except (TimeoutError, ProxyTimeoutError) as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError, ProxyError, ProxyConnectionError) as error:
            reason = without_password(str(error).replace(url, "…"))  # the token is a part of it
            raise NetworkError(f"{type(error).__name__}: {reason}") from error
        if _is_final(status):
            raise BadRequest(f"refused with status {status}")
        return status, body if status < HTTPStatus.BAD_REQUEST else _told(status, body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """What is answered. Raises aiohttp.ClientPayloadError where that is more than any answer holds."""
    body = bytearray()
    async for piece in response.content.iter_any():
        body += piece
        if len(body) > LARGEST:
            raise aiohttp.ClientPayloadError(f"an answer of more than {LARGEST // 2**20} MB")
    return bytes(body)


def _form(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    """The body of a request, and what says of which kind it is where the body itself does not."""
    if data is None:
        return None, None
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), FORM
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None


def _is_socks(proxy: str | None) -> bool:
    return proxy is not None and proxy.lower().startswith("socks")


def _is_final(status: int) -> bool:
    """Whether the same request would be refused again, by a status that python-telegram-bot takes for a trouble of the
    network's."""
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _KNOWN


def _told(status: int, body: bytes) -> bytes:
    """What an error answer tells, in the form that python-telegram-bot reads, whatever a proxy made of it."""
    try:
        answer = json.loads(body)
        description = str(answer["description"])[:300]
    except (ValueError, KeyError, TypeError, RecursionError):
        answer, description = {}, ""
    asked = answer.get("parameters") if isinstance(answer, dict) else None
    parameters = {
        name: number
        for name, number in (asked.items() if isinstance(asked, dict) else ())
        if name in _PARAMETERS and type(number) is int and number in _PARAMETERS[name]
    }
    told = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return json.dumps(told).encode()


def _given(seconds: Any, usual: float) -> float:
    """A timeout of the call, or the request's own."""
    return usual if seconds is BaseRequest.DEFAULT_NONE else cast(float, seconds)


def no_connection(proxy: str | None) -> str:
    """Why nothing can connect by a proxy and with the certificates that the environment names, and the mend; or ""."""
    try:
        httpx.create_ssl_context()
    except (OSError, ValueError) as error:  # of ssl, too
        return f"SSL_CERT_FILE or SSL_CERT_DIR: the certificates cannot be read ({error}); name a file that has some"
    parts = urlsplit(proxy or "http://none")
    if parts.scheme.lower() not in SCHEMES or not parts.hostname:
        told = without_password(proxy or "")
        return f"HTTPS_PROXY or ALL_PROXY: {told!r} is no proxy that is known; write one of {', '.join(SCHEMES)}://HOST:PORT"
    return ""
