"""The log: an event a line, and never the token."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import pytest

from bot.logs import AsJson, handling, set_up

TOKEN = "123456:very-secret-half"  # noqa: S105


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    set_up(TOKEN, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in (
        "bot",
        "retrieval",
        "telegram.request.BaseRequest",
        "telegram.ext.AIORateLimiter",
        "telegram.ext",
        "telegram.ext.Application",
    ):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.parametrize("form", [TOKEN, quote(TOKEN, safe=""), "very-secret-half", f"https://host/bot{TOKEN}/getMe"])
def test_the_token_is_replaced_in_any_form_and_place(stream: io.StringIO, form: str) -> None:
    log = logging.getLogger("somewhere")
    log.warning("in the message %s", form)
    try:
        raise RuntimeError(f"in the exception {form}")
    except RuntimeError:
        log.exception("trace")
    text = stream.getvalue()
    assert "very-secret-half" not in text
    assert text.count("***") >= 2


def test_an_event_is_one_line_with_its_trace(stream: io.StringIO) -> None:
    try:
        raise RuntimeError("first\nsecond")
    except RuntimeError:
        logging.getLogger("somewhere").exception("a\nb")
    (line,) = stream.getvalue().splitlines()
    assert "RuntimeError: first | second" in line


def test_a_line_tells_which_update_it_is_about(stream: io.StringIO) -> None:
    log = logging.getLogger("bot.somewhere")
    log.info("before")
    token = handling.set(31)
    log.info("within")
    handling.reset(token)
    before, within = stream.getvalue().splitlines()
    assert before.endswith(" INFO bot.somewhere: before")
    assert within.endswith(" INFO bot.somewhere update=31: within")


def test_the_request_lines_of_httpx_are_not_logged(stream: io.StringIO) -> None:
    logging.getLogger("httpx").info("HTTP Request: POST …")
    logging.getLogger("httpcore.connection").info("…")
    assert stream.getvalue() == ""


@pytest.mark.parametrize("name", ["watchfiles.main", "tantivy", "some.library", "aiohttp.access"])
def test_others_are_heard_only_where_something_is_wrong(stream: io.StringIO, name: str) -> None:
    logging.getLogger(name).info("1 change detected")
    assert stream.getvalue() == ""
    logging.getLogger(name).warning("out of watches")
    assert "out of watches" in stream.getvalue()


def test_what_cannot_be_parsed_is_not_logged_since_it_holds_messages(stream: io.StringIO) -> None:
    logging.getLogger("telegram.request.BaseRequest").error("Can not load invalid JSON data: …")
    assert stream.getvalue() == ""


def test_errors_in_error_handlers_are_logged(stream: io.StringIO) -> None:
    logging.getLogger("telegram.ext.Application").error("an error was raised while handling the error")
    assert stream.getvalue()


def test_as_json_an_event_is_an_object_with_its_time_in_utc_s_terms_and_no_secret() -> None:
    line = AsJson(TOKEN, ["pass-word"])
    token = handling.set(31)
    record = logging.LogRecord("bot.a", logging.WARNING, "", 0, "a\nb %s %s", (TOKEN, "pass-word"), None)
    told = json.loads(line.format(record))
    handling.reset(token)
    assert datetime.fromisoformat(told.pop("time")).utcoffset() is not None
    assert told == {"level": "warning", "name": "bot.a", "update": 31, "message": "a | b *** ***"}


def test_a_line_has_its_time_with_the_offset(stream: io.StringIO) -> None:
    logging.getLogger("bot.somewhere").info("now")
    day, time, *_ = stream.getvalue().split()
    assert datetime.fromisoformat(f"{day}T{time}").utcoffset() is not None


def test_what_is_below_the_level_is_not_written(stream: io.StringIO) -> None:
    set_up(TOKEN, stream, level="warning")
    logging.getLogger("bot.somewhere").info("no")
    assert stream.getvalue() == ""
