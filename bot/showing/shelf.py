"""The list of a chat's files, as it is written and pressed."""

import re
from collections.abc import Sequence
from datetime import date

from bot.phrases import Phrases
from bot.showing import markup
from bot.showing.buttons import Button, Rows
from bot.showing.cards import shortened
from bot.store.files import File

DATA = "d:"
"""What the data of these buttons begin with; then the form's version, then the file's id."""
NAME, GIVER = 30, 20
"""UTF-16 units of a file's name in the list, and of its giver's: so the largest quota fits into one message."""
IN_A_ROW = 5
_FILE = re.compile(r"d:1:([0-9]{1,15})")
_NUMBER = re.compile(r"\d{1,6}")
_MEGABYTE = 2**20


def file_of(data: str | None) -> int | None:
    """The id of the file that a button is to delete; None for data that no button has."""
    found = _FILE.fullmatch(data or "")
    return int(found[1]) if found else None


def number_of(text: str) -> int | None:
    """The number that somebody wrote, in whatever digits."""
    return int(text) if _NUMBER.fullmatch(text.strip()) else None


def size(bytes_: int, says: Phrases) -> str:
    """A size in words: «3 كيلوبايت»."""
    if bytes_ < _MEGABYTE:
        return says.documents["kilobytes"].format(number=says.figure(max(1, round(bytes_ / 1024))))
    megabytes = bytes_ / _MEGABYTE
    return says.documents["megabytes"].format(number=says.figure(megabytes, 0 if megabytes == round(megabytes) else 1))


def listed(files: Sequence[File], says: Phrases, is_group: bool) -> str:
    """The list; in a group with who gave each file."""
    if not files:
        return says.documents["none"]
    says = _beside(files, says)
    held = size(sum(file.size for file in files), says)
    head = says.documents["list"].format(files=says.counted("files", len(files)), size=held)
    return "\n".join([head, "", *(_line(at, file, says, is_group) for at, file in enumerate(files, 1))])


def buttons(files: Sequence[File], says: Phrases) -> Rows:
    """A button for each file, to delete it; five in a row."""
    says = _beside(files, says)
    each = [
        Button(says.documents["button_delete"].format(number=says.figure(at)), f"{DATA}1:{file.id}")
        for at, file in enumerate(files, 1)
    ]
    return [each[at : at + IN_A_ROW] for at in range(0, len(each), IN_A_ROW)]


def _beside(files: Sequence[File], says: Phrases) -> Phrases:
    return says.beside(*(file.name for file in files))


def escaped(text: str) -> str:
    """The text as a message with markup holds it."""
    return markup.escaped(text)


def _line(number: int, file: File, says: Phrases, is_group: bool) -> str:
    parts = [says.isolated(shortened(file.name, NAME)), size(file.size, says), says.day(date.fromtimestamp(file.given))]
    if is_group and file.giver_name:
        parts.append(says.isolated(shortened(file.giver_name, GIVER)))
    return says.line(f"{says.figure(number)}. " + says.dot.join(parts))
