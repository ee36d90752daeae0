"""Whoever asks, and however: strict headers, bounds on what a request may cost, and no word of it in the log."""

import http.client
import logging
import random
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp.test_utils import make_mocked_request
from web_face import Face, face_of
from web_fuzz import fuzzed

from bot.values import LOOPBACK
from bot.web.intake.visitors import reader_of
from bot.web.server import ListeningError
from retrieval import Library

QUESTION = "متى افتتح السوق الكبير؟"
PATHS = ("/", "/sources", "/verify", "/read?document=a.txt", "/nowhere", "/api/documents", "/robots.txt", "/page.png")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    corpus = tmp_path_factory.mktemp("server")
    (corpus / "a.txt").write_text("أخبار البلدة\n\nافتتح العمدة السوق الكبير سنة 1911 بعد ترميم طويل.\n", "utf-8")
    opened = Library.open(corpus, engine="memory", reader=False)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def face(library: Library) -> Iterator[Face]:
    with face_of(library) as served:
        yield served


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_to_itself(face: Face, path: str) -> None:
    headers = face.get(path).headers
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self'")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Server"] == "iqtibas"
    assert "Set-Cookie" not in headers


def test_only_telegram_may_frame_pages_that_are_public(library: Library) -> None:
    with face_of(library, web_address="https://quotes.example.org") as face:
        headers = face.get("/").headers
        assert "frame-ancestors https://web.telegram.org" in headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in headers


def test_pages_ask_for_nothing_but_our_own_files_and_those_are_kept_by_browsers(face: Face) -> None:
    page = face.get("/").seen
    fetched = [values.get("href") or values.get("src") for tag, values in page.tags if tag in ("link", "img", "script")]
    assert len(fetched) == 2
    for address in fetched:
        assert address is not None
        assert address.startswith("/static/")
        got = face.get(address)
        assert got.status == 200
        assert "immutable" in got.headers["Cache-Control"]
        assert b"url(" not in got.body
        assert b"@import" not in got.body


def test_who_asks_too_much_is_told_when_to_come_again_and_reading_goes_on(library: Library) -> None:
    with face_of(library, questions_per_minute=2) as face:
        statuses = [face.post("/", question=QUESTION).status for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = face.post("/", question=QUESTION)
        assert int(refused.headers["Retry-After"]) >= 1
        assert "أمهلني" in refused.seen.text
        assert face.get("/read?document=a.txt").status == 200
        assert {face.get("/sources").status for _ in range(40)} == {200, 429}


def test_behind_a_proxy_readers_are_told_apart_by_what_it_saw(library: Library) -> None:
    def status(face: Face, forwarded: str) -> int:
        return face.post("/", {"X-Forwarded-For": forwarded}, question=QUESTION).status

    with face_of(library, questions_per_minute=1) as face:
        assert [status(face, one) for one in ("192.0.2.1", "9.9.9.9, 192.0.2.1", "192.0.2.2")] == [200, 429, 200]
    with face_of(library, questions_per_minute=1, web_proxies=()) as face:  # else anybody could say so
        assert [status(face, one) for one in ("192.0.2.1", "192.0.2.2")] == [200, 429]


@pytest.mark.parametrize(
    ("told", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("no address", "nobody knows"),
        ("", "nobody knows"),
    ],
)
def test_a_reader_of_ipv6_has_one_address_whatever_its_end(told: str, who: str) -> None:
    request = make_mocked_request("GET", "/", {"X-Forwarded-For": told}).clone(remote="127.0.0.1")
    assert reader_of(request, LOOPBACK) == who


def raw(face: Face, sent: bytes) -> bytes:
    """What a server says to some bytes."""
    parts = urlsplit(face.url)
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=120)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while part := connection.recv(65536):
            said += part
        return said


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzz\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n",
        b"BREW /tea HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /%zz%00%ff?question=%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Content-Type: application/x-www-form-urlencoded; charset=no\r\nContent-Length: 11\r\n\r\nquestion=%D",
        *(
            b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Encoding: %s\r\nContent-Length: 9\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nquestion=" % (path, packed)
            for path in (b"/", b"/verify", b"/api/ask", b"/api/verify")
            for packed in (b"gzip", b"deflate", b"br", b"zstd", b"miracle")
        ),
        b"POST /api/ask HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 90\r\n\r\n{",
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=a\r\n"
        b"Content-Length: 2\r\n\r\n--",
    ],
)
def test_what_is_no_request_is_refused_and_is_no_failure(
    face: Face, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    said = raw(face, sent)
    assert not said.startswith(b"HTTP/1.1 5"), said[:200]
    assert b"Traceback" not in said
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert face.get("/").status == 200


def test_a_form_that_is_too_large_or_has_too_many_fields_is_refused(face: Face) -> None:
    assert face.post("/", question="م" * 100_000).status == 413
    assert face.post("/", question="م" * 2001).status == 413
    assert face.post("/", **{f"f{number}": "x" for number in range(50)}).status == 400
    assert face.post("/", {"Content-Type": "text/plain"}, question="x").status == 415


def test_a_connection_that_keeps_silent_is_cut_and_too_many_of_one_are_refused(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.server.SILENT", 0.2)
    monkeypatch.setattr("bot.web.server.LOOKED_AFTER", 0.1)
    monkeypatch.setattr("bot.web.server.MOST_OF_ONE", 3)
    with face_of(library, web_proxies=()) as face:
        parts = urlsplit(face.url)
        for said in (b"", b"GET / HTT"):
            with closing(socket.create_connection((parts.hostname, parts.port), timeout=120)) as connection:
                connection.sendall(said)
                assert _ended(connection)
        monkeypatch.setattr("bot.web.server.SILENT", 1000.0)
        held = [socket.create_connection((parts.hostname, parts.port), timeout=120) for _ in range(4)]
        assert any(map(_is_refused, held[3:]))
        for connection in held:
            connection.close()


def _ended(connection: socket.socket) -> bool:
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


_is_refused = _ended


@pytest.mark.parametrize("path", ["/", "/en/sources", "/read?document=a.txt", "/robots.txt", "/api/documents"])
def test_to_a_head_the_headers_of_a_page_come_without_its_body(face: Face, path: str) -> None:
    whole = face.get(path)
    head = face.send(urllib.request.Request(face.url + path, method="HEAD"))
    assert (head.status, head.body) == (whole.status, b"")
    assert head.headers["Content-Length"] == str(len(whole.body))
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]


def test_an_unknown_method_is_refused(face: Face) -> None:
    parts = urlsplit(face.url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=120)
    for path in ("/", "/en/sources", "/robots.txt", "/api/documents"):
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
    connection.request("DELETE", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD,POST")
    connection.close()


def test_a_port_that_is_taken_is_one_line(library: Library) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        from bot.web.server import serving

        with pytest.raises(ListeningError, match="IQTIBAS_WEB"), serving(taken.getsockname()[:2], lambda: None):  # type: ignore[arg-type, return-value]
            pass


def test_neither_questions_nor_texts_nor_who_asks_stand_in_the_log(
    face: Face, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hidden = "كلمةسريةجدا"
    face.post("/", question=f"متى افتتح {hidden} السوق؟")
    face.get("/", question=f"متى افتتح {hidden} السوق؟")
    face.post("/verify", text=f"{hidden} في هذا النص المنقول")
    face.post_json("/api/ask", {"question": f"{hidden}؟"})
    face.get("/read", document=hidden)
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "question chat=web result=" in told
    assert "verified chat=web result=absent" in told
    assert hidden not in told
    assert "127.0.0.1" not in told


def test_an_error_of_ours_is_a_line_without_what_was_asked(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hidden = "كلمةسريةجدا"

    def fails(text: str) -> object:
        raise ValueError(text)

    monkeypatch.setattr(library, "verify", fails)
    with face_of(library) as face:
        got = face.post("/verify", text=f"{hidden} في هذا النص المنقول")
    assert got.status == 500
    assert "خطأ من جهتي" in got.seen.text
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert "ValueError" in line
    assert hidden not in line
    assert "Traceback" not in got.html


def test_five_hundred_random_requests_are_answered_without_a_failure(
    face: Face, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fuzzed(face, random.Random(20261130), 500)  # noqa: S311
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert face.get("/").status == 200
