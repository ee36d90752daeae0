"""What a request says, within bounds: a form, JSON, and the values of an address."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any, Never
from urllib.parse import parse_qsl

from aiohttp import web

from bot.web.intake.refusals import RefusedError, bad
from retrieval.model import Span

LARGEST = 256 * 1024
"""Bytes of a request: the longest text that is checked, each letter as six."""
PATIENCE = 20.0
"""Seconds that a request may take to arrive."""
FIELDS = 20
LONGEST_QUESTION = 2000
"""Characters of a question, or of a message that asks several."""
LONGEST_ID = 4000
LONGEST_STRETCH = 20_000
"""Characters of a stretch that is marked."""
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_VERSION = re.compile(r"[0-9a-f]{8,64}", re.ASCII)


async def form_of(request: web.Request) -> Mapping[str, str]:
    """The fields of a form that was sent; the last of one name. Raises RefusedError."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise RefusedError(415, "no_form")
    try:
        fields = parse_qsl((await _body(request)).decode("utf-8", "replace"), True, max_num_fields=FIELDS)
    except ValueError:
        raise bad("no_form") from None
    return {name: _whole(value) for name, value in fields}


async def json_of(request: web.Request) -> dict[str, Any]:
    """The object that was sent. Raises RefusedError."""
    try:
        sent = json.loads((await _body(request)).decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise bad("no_json") from None
    if not isinstance(sent, dict):
        raise bad("no_json")
    return sent


def text_of(sent: Mapping[str, Any], name: str, longest: int) -> str:
    """A text that was sent, empty where there is none. Raises RefusedError where it is none, or too long."""
    text = sent.get(name) or ""
    if not isinstance(text, str) or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise bad("no_text")
    if len(text) > longest:
        raise RefusedError(413, "too_long", longest=longest)
    return text


def stretch_of(values: Mapping[str, str]) -> Span | None:
    """The stretch that an address names, ``start`` and ``end``; None where it names none. Raises RefusedError where
    that is no stretch, or longer than any quote."""
    if "start" not in values and "end" not in values:
        return None
    start, end = number_of(values, "start"), number_of(values, "end")
    if start is None or end is None or not start < end <= start + LONGEST_STRETCH:
        raise bad("no_stretch")
    return Span(start, end)


def number_of(values: Mapping[str, str], name: str) -> int | None:
    """A number in an address; None where there is none. Raises RefusedError where it is no number."""
    told = values.get(name)
    if told is None:
        return None
    if not _NUMBER.fullmatch(told):
        raise bad("no_number")
    return int(told)


def version_of(values: Mapping[str, str]) -> str:
    """The beginning of a digest in an address; empty where there is none. Raises RefusedError where it is none."""
    told = values.get("version", "")
    if told and not _VERSION.fullmatch(told):
        raise bad("no_stretch")
    return told


async def _body(request: web.Request) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE):
            return await request.read()
    except TimeoutError:
        raise RefusedError(408, "too_slow") from None
    except (web.RequestPayloadError, ConnectionError):  # it ends early, or is not packed as it says
        raise bad("bad") from None


def _whole(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _no_number(name: str) -> Never:
    """Python reads NaN and Infinity, which JSON does not have."""
    raise ValueError(name)
