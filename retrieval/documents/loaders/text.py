"""Loads ``.txt`` and ``.text``: the decoded text as it is, its first line the title.

What a text cannot say of itself may stand beside it, in ``NAME.txt.toml``: ``title``, ``url``, ``published``.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from retrieval.documents.loaders.reading import decoded, lines_of, read_bytes, title_of
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

LONGEST_NOTES = 16 * 2**10  # bytes, many times what they may say: TOML costs the square of its length


def load_file(path: Path, name: str) -> Document:
    """The document of a text file, with what stands beside it; ``name`` is its id. Raises UnreadableError,
    UnreachedError where the disk does not give it now."""
    return _document(read_bytes(path), name, beside(path, name))


def load(content: bytes, name: str) -> Iterator[Document]:
    """The one document of a text's bytes. Raises UnreadableError."""
    yield _document(content, name, {})


def notes_of(path: Path) -> Path:
    """The file that may stand beside a text with what it cannot say of itself."""
    return path.with_name(path.name + ".toml")


def _document(content: bytes, name: str, beside: dict[str, Any]) -> Document:
    text = lines_of(decoded(content, name))
    if not text.strip():
        raise UnreadableError(f"{name}: the file is empty", Cause.EMPTY)
    heading, title = _heading(text)
    return Document(
        id=name,
        title=beside.get("title") or title,
        text=text,
        url=beside.get("url"),
        published=beside.get("published"),
        path=name,
        heading=heading,
    )


def _heading(text: str) -> tuple[int, str]:
    """Where the first line ends, and the title that it gives; a text of one line is its own body."""
    line = text.lstrip().partition("\n")[0]
    end = text.index(line) + len(line)
    return end if text[end:].strip() else 0, title_of(line.strip())


def beside(path: Path, name: str) -> dict[str, Any]:
    """The fields of a document that ``NAME.toml`` beside its file gives. Raises UnreadableError."""
    notes = notes_of(path)
    if not notes.exists():
        return {}
    try:
        found = tomllib.loads(read_bytes(notes, LONGEST_NOTES).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{name}.toml: not readable as TOML: {error}", Cause.DAMAGED) from None
    kinds = {"title": str, "url": str, "published": date}
    for key, value in found.items():
        if key not in kinds:
            raise UnreadableError(
                f"{name}.toml: unknown key {key!r}; it may hold title, url and published", Cause.DAMAGED
            )
        if not isinstance(value, kinds[key]):
            why = f"{key} must be a {kinds[key].__name__}, as in {_SAMPLES[key]}"
            raise UnreadableError(f"{name}.toml: {why}", Cause.DAMAGED)
        if isinstance(value, datetime):
            found[key] = value.date()
    return found


_SAMPLES = {
    "title": 'title = "…"',
    "url": 'url = "https://example.org/page"',
    "published": "published = 2017-02-15",
}
