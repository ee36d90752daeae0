"""What all loaders share: bytes within a bound, their decoding, a title, a day."""

from datetime import date, datetime
from pathlib import Path
from unicodedata import category

from retrieval.errors import UnreadableError

TITLE = 200  # characters of a title that are kept
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # kinds of characters that break a line, or turn or hide its words


def read_bytes(path: Path, largest: int) -> bytes:
    """The bytes of a file of at most ``largest`` bytes. Raises UnreadableError, the operator's mend in it."""
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise UnreadableError(f"{path.name}: {error.strerror}") from None
    if len(content) > largest:
        raise UnreadableError(f"{path.name}: larger than {largest // 2**20} MB; split it")
    return content


def decoded(content: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark, its line ends as they are. Raises UnreadableError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    if "\0" in text:
        raise UnreadableError(f"{name}: not a text: it holds zero bytes")
    return text


def shown(text: str) -> str:
    """A line for a terminal or a log: what would break it, or turn its direction, is written out («\\u202e»)."""
    return "".join(c.encode("unicode_escape", "surrogatepass").decode() if category(c) in _HIDDEN else c for c in text)


def title_of(text: str) -> str:
    """The title that a line or a text's beginning gives: one line, cut at a word."""
    line = " ".join(text[: TITLE * 2].split())
    return line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + "…"


def day_of(value: object) -> date | None:
    """The day that an ISO date or time begins with; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None
