"""Requests to the Bot API, by aiohttp: python-telegram-bot's own, by httpx, cost a busy bot most of its time.

What went wrong is the ``__cause__`` of the error raised, for ``bot.telegram.transport.delivery`` to judge.
"""

from typing import Any, cast

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

HEADERS = {"User-Agent": BaseRequest.USER_AGENT}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Request(BaseRequest):
    """Makes requests over up to ``connections``; timeouts are in seconds, of which ``pool`` waits for a free one.

    Proxies are those of the environment (HTTPS_PROXY), certificates those that httpx trusts. It sends no files.
    """

    def __init__(self, connections: int, *, connect: float = 10.0, read: float = 5.0, pool: float = 10.0) -> None:
        self._connections, self._connect, self._read, self._pool = connections, connect, read, pool
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take by itself."""
        return self._read

    async def initialize(self) -> None:
        """Make ready to connect."""
        if self._session is None:
            context = httpx.create_ssl_context()
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=context),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                trust_env=True,
            )

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
        if request_data and request_data.contains_files:
            raise NotImplementedError("files are not sent")
        timeout = aiohttp.ClientTimeout(
            connect=_given(pool_timeout, self._pool) + _given(connect_timeout, self._connect),
            sock_connect=_given(connect_timeout, self._connect),
            sock_read=_given(read_timeout, self._read),
        )
        form = request_data.url_encoded_parameters().encode() if request_data else None
        try:
            async with self._session.request(
                method, url, data=form, headers=FORM if form else None, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            reason = str(error).replace(url, "…")  # the token is a part of it
            raise NetworkError(f"{type(error).__name__}: {reason}") from error


def _given(seconds: Any, usual: float) -> float:
    """A timeout of the call, or the request's own."""
    return usual if seconds is BaseRequest.DEFAULT_NONE else cast(float, seconds)
