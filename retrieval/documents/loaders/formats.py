"""Which module reads which kind of file, by its ending and its first bytes. Each has ``load(content, name)``: the
documents of a file's bytes, and what of it cannot be read.

Modules are named, not imported: each brings a library that nobody pays for who has no such file.
"""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import PurePosixPath
from typing import Protocol, cast

from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

Found = Document | UnreadableError

LOADERS = "retrieval.documents.loaders"
PLAIN = {".txt": "text", ".text": "text", ".jsonl": "jsonl"}  # read where they are; nothing in them can do harm
FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".mhtml": "packed.mhtml",
    ".mht": "packed.mhtml",
    ".eml": "packed.mail",
    ".json": "exports.records",
    ".srt": "subtitles",
    ".vtt": "subtitles",
    ".pdf": "pdf",
    ".docx": "office.docx",
    ".doc": "office.old_word",
    ".odt": "office.opendocument",
    ".rtf": "office.rtf",
    ".pptx": "office.slides",
    ".epub": "packed.epub",
    ".xlsx": "office.workbook",
    ".xlsm": "office.workbook",
    ".ods": "office.opendocument",
    ".csv": "office.delimited",
    ".tsv": "office.delimited",
    ".xml": "feed",
    ".atom": "feed",
    ".rss": "feed",
}
ARCHIVES = {".zip": "archive"}
ENDINGS = (*PLAIN, *FORMATS, *ARCHIVES)
NOTED = ("text", "markdown")  # whose files may have notes beside them
IN_PLACE = frozenset(PLAIN.values())
HEAD = 4096  # bytes by which a file of a common ending is told to be of a kind of its own

_DIGIT = rb"(?:\d|\xd9[\xa0-\xa9]|\xdb[\xb0-\xb9])"  # in UTF-8
_MARK = rb"(?:\xe2\x80[\x8e\x8f\xaf])*"
_DAY = rb"(?:%s){1,4}(?:%s[/.-]%s(?:%s){1,4}){2}" % (_DIGIT, _MARK, _MARK, _DIGIT)
_TIME = rb"(?:%s){1,2}:(?:%s){2}" % (_DIGIT, _DIGIT)
_AT = rb"(?:\xd9\x81\xd9\x8a |\xc3\xa0 |at )?"  # «في», "à"
_WRITTEN = rb"%s\[?%s[,\xd8\x8c ]+ *%s%s[^\n]{0,20}?(?:\] | - )" % (_MARK, _DAY, _AT, _TIME)
_LINES = rb"(?:[^\n]*\n){0,10}?"
# Two messages, the day and the time before each, in brackets or with a dash behind.
_WHATSAPP = re.compile(rb"\A(?:\xef\xbb\xbf)?%s%s[^\n]*\n%s%s" % (_LINES, _WRITTEN, _LINES, _WRITTEN))

# A kind that shares its ending with another: the module of that, what its first bytes hold, and its own module.
SIGNS = (
    ("office.old_word", re.compile(rb"\A\s*\{\\rtf"), "office.rtf"),
    ("office.old_word", re.compile(rb"\APK\x03\x04"), "office.docx"),
    ("office.old_word", re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+)?html", re.I), "page"),
    ("page", re.compile(rb'<title>Exported Data</title>.*class="page_wrap', re.S), "exports.telegram_pages"),
    (
        "exports.records",
        re.compile(
            rb'"type":\s*"(?:\w+_(?:channel|group|supergroup|chat)|saved_messages)".*"messages":\s*\['
            rb'|\A\s*\{\s*"about":\s*"Here is the data you requested',
            re.S,
        ),
        "exports.telegram",
    ),
    ("feed", re.compile(rb"<mediawiki\s"), "exports.wiki"),
    ("text", _WHATSAPP, "exports.whatsapp"),
)
_MARKUP = re.compile(rb"[*_`#\[\]<>|~\\&{}=]|^[ \t]*[-+]|^[ \t]*\d+[.)][ \t]|^(?:\t| {4})| {2}$", re.M)  # of Markdown


class Loader(Protocol):
    """A module that reads a kind of file."""

    def load(self, content: bytes, name: str) -> Iterator[Found]:
        """The documents of a file, their ids ``name`` or beginning with it. Raises UnreadableError for the whole."""


def ending_of(name: str) -> str:
    """The ending that tells the kind of a file, in small letters: ".pdf"."""
    return PurePosixPath(name).suffix.lower()


def telling(name: str) -> int:
    """How many of its first bytes ``module_of`` needs of a file: of Markdown all that there are, else ``HEAD``."""
    return sys.maxsize if FORMATS.get(ending_of(name)) == "markdown" else HEAD


def module_of(name: str, head: bytes) -> str | None:
    """The module that reads a file, by its name and its first bytes; None where none does. Those of ``IN_PLACE`` read
    it where it is, all others apart. Markdown without any markup is a text."""
    module = (PLAIN | FORMATS | ARCHIVES).get(ending_of(name))
    if module == "markdown" and not _MARKUP.search(head):
        return "text"
    own = (own for usual, sign, own in SIGNS if usual == module and sign.search(head[:HEAD]))
    return next(own, module)


def loader(module: str) -> Loader:
    """The module of one of the tables, imported."""
    return cast(Loader, import_module(f"{LOADERS}.{module}"))


def is_document(name: str) -> bool:
    """Whether a file's own name is that of a document: hidden ones, READMEs and notes beside texts are none."""
    return not (name.startswith(".") or name.upper().startswith("README") or name.endswith(".toml"))


def not_read(name: str) -> UnreadableError:
    """What is said of a kind of file that is not read."""
    return UnreadableError(f"{name}: not a kind of file that is read ({', '.join(ENDINGS)})", Cause.OTHER_KIND)
