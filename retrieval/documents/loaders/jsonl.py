"""Loads ``.jsonl``: a document a line, ``{"id", "title", "text", "url", "published"}``, only ``text`` required.

``{"question", "answer"}`` does as well as ``{"title", "text"}``, and so do other names that such fields have.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from retrieval.documents.days import day_of
from retrieval.documents.fields import fields_of
from retrieval.documents.loaders.reading import first_words, opened, title_of, utf8
from retrieval.errors import Cause, UnreachedError, UnreadableError
from retrieval.model import Document

LONGEST = 20 * 2**20  # bytes of a line


@dataclass(frozen=True, slots=True)
class Line:
    """A document and the byte of the file at which its line begins."""

    document: Document
    offset: int


def load_file(path: Path, name: str) -> Iterator[Line | UnreadableError]:
    """A document for each line, or what is wrong with it. Raises UnreadableError where the file is, UnreachedError
    where the disk does not give it now."""
    try:
        with opened(path) as file:
            yield from _lines(file, name)
    except OSError as error:
        raise UnreachedError(f"{name}: {error.strerror}") from None


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The same of a file's bytes."""
    for found in _lines(BytesIO(content), name):
        yield found if isinstance(found, UnreadableError) else found.document


def load_line(path: Path, name: str, offset: int) -> Document:
    """The document whose line begins at byte ``offset``, read afresh. Raises UnreadableError, UnreachedError."""
    try:
        with opened(path) as file:
            file.seek(offset)
            found = _line(file.readline(LONGEST + 1), name, name, 0, offset)
    except OSError as error:
        raise UnreachedError(f"{name}: {error.strerror}") from None
    if isinstance(found, UnreadableError):
        raise found
    return found.document


def _lines(file: BinaryIO, name: str) -> Iterator[Line | UnreadableError]:
    offset = 0
    for number, line in enumerate(iter(lambda: file.readline(LONGEST + 1), b""), 1):
        if len(line) > LONGEST:
            raise UnreadableError(f"{name}: line {number} is longer than {LONGEST // 2**20} MB", Cause.TOO_MUCH)
        if line.strip():
            yield _line(line, f"{name}: line {number}", name, number, offset)
        offset += len(line)


def _line(line: bytes, where: str, name: str, number: int, offset: int) -> Line | UnreadableError:
    try:
        return Line(document_of(json.loads(utf8(line, where)), where, name, number), offset)
    except json.JSONDecodeError as error:
        return UnreadableError(f"{where}: not JSON: {error.msg} at column {error.colno}", Cause.DAMAGED)
    except UnicodeEncodeError:
        return UnreadableError(f"{where}: not a text: it holds half a character, such as \\ud800", Cause.NOT_TEXT)
    except ValueError:  # Python reads no number of more than 4300 digits
        return UnreadableError(f"{where}: not a document: a number in it is too long", Cause.TOO_MUCH)
    except RecursionError:
        return UnreadableError(f"{where}: not a document: nested too deep", Cause.TOO_MUCH)
    except UnreadableError as error:
        return error


def document_of(found: object, where: str, name: str, number: int) -> Document:
    """The document of an object; ``where`` it stands is for what is wrong with it, ``number`` for an id where it has
    none. A question and its answer are a title and its text. Raises UnreadableError, UnicodeEncodeError."""
    if not isinstance(found, dict):
        raise UnreadableError(f'{where}: not an object like {{"id": "…", "title": "…", "text": "…"}}', Cause.DAMAGED)
    said = fields_of(found)
    is_answer = "answer" in said and ("text" not in said or "question" in said)
    text = _whole(said.get("answer" if is_answer else "text"))
    if not isinstance(text, str) or not text.strip():
        raise UnreadableError(f'{where}: no "text", or an empty one', Cause.EMPTY)
    title = next(
        (said[kind] for kind in (("question", "title") if is_answer else ("title", "question")) if kind in said), None
    )
    url = said.get("url")
    document = Document(
        id=str(found.get("id") or f"{name}#{number}"),
        title=title_of(title if isinstance(title, str) and title.strip() else first_words(text)),
        text=text,
        url=url if isinstance(url, str) and url else None,
        published=day_of(said.get("published")),
        path=name,
    )
    "".join((document.id, document.title, text, document.url or "")).encode()  # JSON can escape what UTF-8 cannot hold
    return document


def _whole(text: object) -> object:
    """A text that is given as a list of its paragraphs, as one."""
    if isinstance(text, list) and text and all(isinstance(each, str) for each in text):
        return "\n\n".join(text)
    return text
