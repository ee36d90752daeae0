"""Which module reads which kind of file. Each has ``load(content, name)``: the documents of a file's bytes, and what
of it cannot be read.

Modules are named, not imported: each brings a library that nobody pays for who has no such file.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import Protocol, cast

from retrieval.errors import UnreadableError
from retrieval.model import Document

Found = Document | UnreadableError

PLAIN = {".txt": "text", ".jsonl": "jsonl"}  # read where they are; nothing in them can do harm
FORMATS = {
    ".md": "markdown",
    ".html": "page",
    ".htm": "page",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xml": "feed",
    ".atom": "feed",
    ".rss": "feed",
}
ARCHIVES = {".zip": "archive"}
APART = FORMATS | ARCHIVES  # read in a child process
NOTED = (".txt", ".md")  # what they cannot say of themselves may stand in a file beside them
ENDINGS = (*PLAIN, *APART)


class Loader(Protocol):
    """A module that reads a kind of file."""

    def load(self, content: bytes, name: str) -> Iterator[Found]:
        """The documents of a file, their ids ``name`` or beginning with it. Raises UnreadableError for the whole."""


def ending_of(name: str) -> str:
    """The ending that tells the kind of a file, in small letters: ".pdf"."""
    return PurePosixPath(name).suffix.lower()


def loader(module: str) -> Loader:
    """The module of one of the tables, imported."""
    return cast(Loader, import_module(f"retrieval.documents.loaders.{module}"))


def is_document(name: str) -> bool:
    """Whether a file's own name is that of a document: hidden ones, READMEs and notes beside texts are none."""
    return not (name.startswith(".") or name.upper().startswith("README") or name.endswith(".toml"))


def not_read(name: str) -> UnreadableError:
    """What is said of a kind of file that is not read."""
    return UnreadableError(f"{name}: not a kind of file that is read ({', '.join(ENDINGS)})")
