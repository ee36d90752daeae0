"""Texts, titles and names for a terminal, and JSON for any reader: without what could steer either.

A text may hold sequences that move a terminal's cursor, colour or title; JSON may hold halves of characters, which
UTF-8 cannot, and line ends that only some programs take for such.
"""

import json
import re

from bot.showing.markup import as_seen

UNKNOWN = "\N{REPLACEMENT CHARACTER}"

_CONTROLS = re.compile("[\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")
_STEERING = re.compile("[\x7f-\x9f\u2028\u2029]")


def plain(text: str) -> str:
    """A text as a terminal may have it: as a reader of Telegram sees it, its line ends kept."""
    return _HALVES.sub(UNKNOWN, _CONTROLS.sub(" ", as_seen(text.replace("\r\n", "\n"))))


def one_line(text: str) -> str:
    """The same on one line: a title, a name."""
    return " ".join(plain(text).split())


def json_line(value: object) -> str:
    """A line of JSON. Raises ValueError for a number that JSON does not have."""
    line = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _HALVES.sub(UNKNOWN, _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", line))
