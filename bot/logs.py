"""The log: one line an event on standard error, without the token and without anybody's words.

A line tells which update it is about, where there is one. What stands in it is ``name=value`` where a program may want
to count it: ``question chat=private result=found confidence=0.83 ms=12``. As JSON, the same is an object a line.
"""

import json
import logging
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import TextIO
from urllib.parse import quote

LINE = "%(asctime)s %(levelname)s %(name)s%(update)s: %(message)s"

handling: ContextVar[int | None] = ContextVar("handling", default=None)
"""The id of the update that is being handled."""

OURS = ("bot", "retrieval")
"""Who may log what goes on; all others, that something is wrong (httpx would log each address, the token in it)."""

# the level from which those may speak that log at WARNING what may not stand in ours
_QUIETER = {
    "telegram.request.BaseRequest": logging.CRITICAL + 1,  # logs what it cannot parse: people's messages
    "telegram.ext.AIORateLimiter": logging.CRITICAL + 1,  # a trace a 429; delivery says it in a line
    "telegram.ext": logging.CRITICAL,  # its retry loop logs a trace a failure; the watch says it in a line
    "telegram.ext.Application": logging.WARNING,
}


class OneLine(logging.Formatter):
    """Writes an event on one line, its trace included, with ``***`` for the token and other ``secrets``.

    A formatter and not a filter: a filter does not see the text of an exception, and the token stands in some.
    """

    def __init__(self, token: str | None, secrets: Iterable[str] = ()) -> None:
        super().__init__(LINE)
        self._secrets = (*(_forms(token) if token else ()), *secrets)

    def format(self, record: logging.LogRecord) -> str:
        update = handling.get()
        record.update = "" if update is None else f" update={update}"
        return self._plain(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        """The local time with its offset from UTC."""
        return datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")

    def _plain(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return " | ".join(line for line in text.splitlines() if line.strip())


class AsJson(OneLine):
    """The same as an object of JSON: ``time``, ``level``, ``name``, ``update`` where there is one, ``message``."""

    def format(self, record: logging.LogRecord) -> str:
        update = handling.get()
        told = logging.Formatter("%(message)s").format(record)
        line = {
            "time": self.formatTime(record).replace(" ", "T", 1),
            "level": record.levelname.lower(),
            "name": record.name,
            **({} if update is None else {"update": update}),
            "message": self._plain(told),
        }
        return json.dumps(line, ensure_ascii=False)


FORMS = {"text": OneLine, "json": AsJson}


def set_up(
    token: str | None,
    stream: TextIO | None = None,
    *,
    form: str = "text",
    level: str = "info",
    secrets: Iterable[str] = (),
) -> None:
    """Send our events from ``level`` upward to ``stream`` (standard error), and those of others from WARNING, one line
    each in one of ``FORMS``. May be called again."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(FORMS[form](token, secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    for name, least in _QUIETER.items():
        logging.getLogger(name).setLevel(least)


def _forms(token: str) -> tuple[str, ...]:
    """The token as it may stand in a text: whole, in an address, and the secret half alone."""
    return (token, quote(token, safe=""), token.partition(":")[2] or token)
