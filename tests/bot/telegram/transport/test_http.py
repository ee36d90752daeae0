"""Requests over real sockets, to servers that fail in each way; and how the rule on delivery judges what they raise."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.transport.delivery import Fate, fate
from bot.telegram.transport.http import Request

TOKEN = "123456:very-secret-half"  # noqa: S105

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _server(serve: Serve) -> AsyncIterator[str]:
    """A server whose connections are each given to ``serve``; the address of a method."""

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(closing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage"
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """A request, its head and its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), b": 0")
    return head + await reader.readexactly(int(length.partition(b":")[2]))


def _answers(status: int, body: str, length: int | None = None) -> Serve:
    """Answers each request so; ``length`` is what it says of the body."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _request(reader)
        content = body.encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {length or len(content)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()

    return serve


def _says(status: int, description: str) -> Serve:
    return _answers(status, json.dumps({"ok": False, "description": description}))


async def _drops(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await _request(reader)


async def _drops_at_once(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None: ...


async def _hangs(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await _request(reader)
    await reader.read()  # until the other side gives up


async def _drips(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await asyncio.sleep(0.02)


async def _never_ends(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    with suppress(ConnectionError):
        while True:
            writer.write(b" " * 2**20)
            await writer.drain()


async def _gibberish(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _request(reader)
    writer.write("مرحبا\r\n\r\n".encode())


def _data(**given: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in given.items()])


async def _post(url: str, **timeouts: float) -> bytes:
    request = Request(1, **timeouts)
    await request.initialize()
    try:
        return await request.post(url, _data(text="نص"))
    finally:
        await request.shutdown()


async def _raised(serve: Serve) -> TelegramError:
    async with _server(serve) as url:
        with pytest.raises(TelegramError) as caught:
            await _post(url, read=0.2 if serve is _hangs else 60, whole=0.5 if serve is _drips else 60)
    return caught.value


@pytest.mark.parametrize(
    ("serve", "expected"),
    [
        (_drops, Fate.UNKNOWN),
        (_drops_at_once, Fate.UNKNOWN),
        (_hangs, Fate.UNKNOWN),
        (_drips, Fate.UNKNOWN),
        (_never_ends, Fate.UNKNOWN),
        (_gibberish, Fate.UNKNOWN),
        (_answers(200, "<html>"), Fate.UNKNOWN),
        (_answers(200, '{"ok": true', length=100), Fate.UNKNOWN),
        (_says(500, "Internal Server Error"), Fate.NOT_TAKEN),
        (_answers(502, "<html>"), Fate.NOT_TAKEN),
        (_answers(504, "<html>"), Fate.UNKNOWN),
        (_says(400, "Bad Request: chat not found"), Fate.REFUSED),
        (_says(403, "Forbidden"), Fate.REFUSED),
        (_says(404, "Not Found"), Fate.REFUSED),
        (_says(409, "Conflict"), Fate.REFUSED),
        (_answers(302, ""), Fate.NOT_TAKEN),
        *((_says(status, "no"), Fate.REFUSED) for status in (402, 405, 413, 451)),
        (_answers(413, "<html>"), Fate.REFUSED),
        (_answers(500, "[]"), Fate.NOT_TAKEN),
        (_answers(502, "[" * 9999), Fate.NOT_TAKEN),
        (_answers(429, '{"parameters": {"retry_after": "x"}}'), Fate.NOT_TAKEN),
        (_answers(429, '{"parameters": {"retry_after": -5}}'), Fate.NOT_TAKEN),
    ],
    ids=[
        *("dropped after", "dropped before", "hangs", "drips", "never ends", "not HTTP", "not JSON", "cut short"),
        *("500", "502 in HTML", "504 in HTML", "400", "403", "404", "409", "302"),
        *(
            "402",
            "405",
            "413",
            "451",
            "413 in HTML",
            "500 a list",
            "502 too deep",
            "429 without a time",
            "429 in the past",
        ),
    ],
)
def test_each_failure_is_judged_by_what_the_request_raises(serve: Serve, expected: Fate) -> None:
    error = asyncio.run(_raised(serve))
    assert fate(error) is expected
    assert TOKEN not in str(error)


def test_where_nothing_listens_it_never_left() -> None:
    async def post_to_nobody() -> None:
        async with _server(_drops) as url:
            pass
        await _post(url)

    with pytest.raises(NetworkError) as caught:
        asyncio.run(post_to_nobody())
    assert fate(caught.value) is Fate.NOT_TAKEN
    assert "127.0.0.1" in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_where_no_connection_is_free_it_never_left() -> None:
    taken = asyncio.Event()

    async def hangs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken.set()
        await _hangs(reader, writer)

    async def raised() -> TimedOut:
        async with _server(hangs) as url:
            request = Request(1, connect=60, read=60)
            await request.initialize()
            first = asyncio.create_task(request.post(url, _data(text="نص")))
            await taken.wait()
            with pytest.raises(TimedOut) as caught:
                await request.post(url, _data(text="نص"), connect_timeout=0.1, pool_timeout=0.1)
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
            await request.shutdown()
            return caught.value

    assert fate(asyncio.run(raised())) is Fate.NOT_TAKEN


def test_what_is_sent_is_a_form_and_a_connection_is_used_again() -> None:
    seen: list[bytes] = []
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while not reader.at_eof():
            try:
                seen.append(await _request(reader))
            except asyncio.IncompleteReadError:
                return
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{"ok": true, "result": {}}')

    async def post_twice() -> None:
        async with _server(serve) as url:
            request = Request(1)
            await request.initialize()
            for _ in range(2):
                assert await request.post(url, _data(text="نص & <b>", chat_id=7)) == {}
            assert await request.retrieve(url)
            await request.shutdown()

    asyncio.run(post_twice())
    assert connections == 1
    assert b"application/x-www-form-urlencoded" in seen[0]
    assert seen[0].endswith(b"text=%D9%86%D8%B5+%26+%3Cb%3E&chat_id=7")
    assert seen[2].startswith(b"GET ")


def test_a_file_goes_beside_the_other_parameters() -> None:
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await _request(reader))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n" + b'{"ok":true,"result":true}')
        await writer.drain()

    async def send() -> None:
        request = Request(1)
        await request.initialize()
        try:
            async with _server(serve) as url:
                await request.post(url, _data(caption="نص", photo=InputFile(b"\x89PNG\r\n\x1a\n", filename="page.png")))
        finally:
            await request.shutdown()

    asyncio.run(send())
    assert b"multipart/form-data" in seen[0]
    assert "نص".encode() in seen[0]
    assert b'name="photo"; filename="page.png"\r\n\r\n\x89PNG\r\n\x1a\n\r\n' in seen[0].replace(
        b"Content-Type: image/png\r\n", b""
    )
