"""Loads what WhatsApp exports of a chat, a ``.txt``: a document for each day.

The day stands before each message as the telephone writes it: in digits of Arabic or not, the day or the month first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import PurePosixPath

from retrieval.documents.loaders.exports.messages import MOST, Message, bounded_messages, by_day
from retrieval.documents.loaders.reading import decoded
from retrieval.errors import UnreadableError
from retrieval.model import Document

_HIDDEN = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SPACES = re.compile("[\u00a0\u202f]")
_LINE = re.compile(
    r"\[?(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})[,،]?\s+(?:(?:في|à|at)\s)?\d{1,2}:\d{2}(?::\d{2})?\s*"
    r"(?:[APap]\.?\s?[Mm]\.?|[صم]\.?|صباح[اً]{1,2}|مساء[اً]{0,2})?(?:\]|\s-)\s(.*)"
)
_AUTHOR = re.compile(r"([^:\n]{1,60}):\s(.*)", re.S)
_UNSAID = re.compile(
    r"<[^<>]{3,40}>|(?:image|video|audio|sticker|GIF|document) omitted"
    r"|(?:تم )?(?:استبعاد|إدراج|حذف) \w+|.*\((?:file attached|الملف مرفق|ملف مرفق)\)"
    r"|.*<(?:attached|مرفق|المرفق): [^<>]*>"
    r"|(?:الرسائل والمكالمات مشفرة|Messages and calls are end-to-end encrypted|تم استبعاد )[^\n]*"
    r"|This message was deleted\.?|You deleted this message\.?|(?:تم حذف|حذفت|لقد حذفت) هذه الرسالة\.?|null",
    re.I,
)
_EDITED = re.compile(r"\s*<(?:This message was edited|تم تعديل هذه الرسالة)>$")
_WRITTEN = re.compile(r"[^\n]*\n?")
_NAMES = re.compile(r"(?:WhatsApp Chat (?:with|-)|محادثة (?:WhatsApp|واتساب) مع)\s*(.+)", re.I)
_MONTHS = 12


@dataclass(slots=True)
class _Line:
    """A message's numbers of the day as they are written, and what follows."""

    numbers: tuple[int, int, int]
    text: str


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of an exported chat. Raises UnreadableError."""
    stem = PurePosixPath(name).stem
    named = _NAMES.search(stem)
    title = named[1].strip() if named else "" if stem.startswith("_chat") else stem
    messages, problem = bounded_messages(_messages(decoded(content, name)), name)
    yield from by_day(messages, title, name)
    if problem:
        yield problem


def _messages(text: str) -> Iterator[Message]:
    """What people wrote; what the program itself says has no author."""
    first_is_day = _first_is_day(text)
    for number, line in enumerate(_lines(text), 1):
        written = _AUTHOR.fullmatch(line.text)
        day = _day(line.numbers, first_is_day)
        said = _EDITED.sub("", written[2]).strip() if written else ""
        if written and day and said and not _UNSAID.fullmatch(said):
            yield Message(str(number), day, written[1].strip("~ "), said)


def _lines(text: str) -> Iterator[_Line]:
    """The messages, those of several lines whole."""
    numbers: tuple[int, int, int] | None = None
    written: list[str] = []
    for line in _WRITTEN.finditer(text):  # one after another: there may be millions
        bare = _SPACES.sub(" ", _HIDDEN.sub("", line.group().rstrip("\r\n")))
        if not (found := _LINE.fullmatch(bare)):
            written.append(bare)
            continue
        if numbers:
            yield _Line(numbers, "\n".join(written))
        numbers, written = (int(found[1]), int(found[2]), int(found[3])), [found[4]]
    if numbers:
        yield _Line(numbers, "\n".join(written))


def _first_is_day(text: str) -> bool:
    """Whether the day stands before the month, which only some days tell; where none does, as Arabs write it."""
    tells = (line.numbers for line in _lines(text) if max(line.numbers[:2]) > _MONTHS)
    told = list(islice(tells, MOST))
    return any(first > _MONTHS for first, *_ in told) or not told


def _day(numbers: tuple[int, int, int], first_is_day: bool) -> date | None:
    first, second, third = numbers
    century = 2000 if third < 100 else 0
    try:
        if first > 31:
            return date(first, second, third)
        return date(century + third, *((second, first) if first_is_day else (first, second)))
    except ValueError:
        return None
