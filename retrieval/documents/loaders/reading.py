"""What all loaders share: bytes within a bound, their decoding, a title."""

import codecs
import os
import re
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from unicodedata import category

from retrieval.arabic.letters import likelihood
from retrieval.errors import Cause, UnreachedError, UnreadableError

LARGEST = 20 * 2**20  # bytes of a file; a text beyond that is a book shelf, and belongs in .jsonl
LONGEST = 10_000_000  # characters of a document
TITLE = 200  # characters of a title that are kept
FIRST_WORDS = 12  # of a text that has no title
SAMPLE = 10_000  # characters by which an encoding is judged
# A character, as a natural logarithm: Arabic prose has about -3, UTF-8 read as Windows-1256 below -7.
LEAST_LIKELY = -6.0
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # kinds of characters that break a line, or turn or hide its words

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with UTF-16's mark, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHERS = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "an RTF document"),
    (b"PK\x03\x04", "an archive, or a file of an office program,"),
    (b"\xd0\xcf\x11\xe0", "a file of an older office program"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x89PNG", "a picture"),
)  # what is no text, by its first bytes
_WIDE = ("utf-16-le", "utf-16-be")
_NARROW = ("cp1256", "iso8859-6")  # in this order where both are as likely
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NOT_MARKUP = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#0*(?:[0-8]|1[124-9]|2\d|3[01])(?!\d);?|&#[xX]0*(?:[0-8bcefBCEF]|1[\da-fA-F])(?![\da-fA-F]);?"
)
_SEPARATORS = ("\u2028", "\u2029", "\x85")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_WORDLIKE = re.compile(r"[\x09-\x7e\xa0-\xff\u0600-\u06ff\u2000-\u206f\ufb50-\ufdff\ufe70-\ufeff]")
_LOST = re.compile(r"[?\ufffd]{2,}")  # words whose letters became marks, as where a program saved them without UTF-8
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOSTLY = 0.9  # of the characters of a text in UTF-16 are of the scripts above


def read_bytes(path: Path, largest: int | None = None) -> bytes:
    """The bytes of a file of at most ``largest`` bytes, by itself ``LARGEST``. Raises UnreadableError, the operator's
    mend in it; UnreachedError where the disk does not give them now."""
    largest = LARGEST if largest is None else largest
    try:
        with opened(path) as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise UnreachedError(f"{path.name}: {error.strerror}") from None
    if len(content) > largest:
        raise UnreadableError(f"{path.name}: larger than {_size(largest)}; split it", Cause.TOO_MUCH)
    return content


def _size(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size // 2**10} kB"


def opened(path: Path) -> BufferedReader:
    """A file, open to be read: a named pipe or a device, in whose place it may stand by now, would be waited for
    without end. Raises UnreadableError for these, OSError where the disk does not give it now."""
    return open(path, "rb", opener=_without_waiting)


def _without_waiting(path: str, flags: int) -> int:
    file = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # which Windows lacks, and its pipes are no files
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise UnreadableError(f"{Path(path).name}: not a regular file", Cause.DAMAGED)
    return file


def utf8(content: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark, its line ends as they are. Raises UnreadableError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{name}: not UTF-8 (byte {error.start}); save it as UTF-8", Cause.NOT_TEXT) from None
    return _without_zeros(text, name)


def decoded(content: bytes, name: str, declared: str | None = None) -> str:
    """Text in UTF-8, UTF-16, Windows-1256 or ISO-8859-6, its line ends as they are. Raises UnreadableError.

    A byte order mark decides; then whether it is UTF-8; then ``declared``, the name of an encoding that the
    content itself gives; then which decoding reads like Arabic.
    """
    other = next((kind for sign, kind in _OTHERS if content.startswith(sign)), None)
    if other:
        raise UnreadableError(f"{name}: {other} under another name; give it its own ending", Cause.DAMAGED)
    mark, encoding = next(((m, e) for m, e in _MARKS if content.startswith(m)), (b"", None))
    if encoding:
        text = _decoded(content[len(mark) :], encoding)
    else:
        text = next((found for found in _candidates(content, declared) if found is not None), None)
    if text is None:
        raise UnreadableError(
            f"{name}: not UTF-8, UTF-16, Windows-1256 or ISO-8859-6; save it as UTF-8", Cause.NOT_TEXT
        )
    if _LOST.search(text) and len(_LOST.findall(text)) > len(_WORD.findall(text)):
        raise UnreadableError(f"{name}: its letters were saved as «?»; save it anew, as UTF-8", Cause.LETTERS)
    return _without_zeros(text, name)


def lines_of(text: str) -> str:
    """The text, as long as before, each line of it ended by a newline where its writer ended it by something else: a
    carriage return alone, as Macs once did, or Unicode's separators of lines and paragraphs."""
    for separator in _SEPARATORS:  # looked for before a quote is sent: far cheaper than translating
        text = text.replace(separator, "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def _candidates(content: bytes, declared: str | None) -> Iterator[str | None]:
    """What the content may say, the surest first; None for what it is not."""
    text = _decoded(content, "utf-8")
    yield text if text is not None and not _CONTROLS.search(text) else None
    yield _wide(content)
    yield text  # with its control characters, which are somebody's mistake but no other encoding
    if _same(declared) in _NARROW:
        yield _decoded(content, _same(declared))
    yield narrow(content)


def _wide(content: bytes) -> str | None:
    """Text in UTF-16 without a mark: nearly all of it words of the scripts that stand in Arabic documents."""
    for encoding in _WIDE:
        text = _decoded(content, encoding)
        if text and not _CONTROLS.search(text) and len(_WORDLIKE.findall(text)) >= _MOSTLY * len(text):
            return text
    return None


def narrow(content: bytes, encodings: tuple[str, ...] = _NARROW) -> str | None:
    """Text of one byte a letter, in the encoding that gives the likelier Arabic; None where none gives any."""
    first = _BEYOND_ASCII.search(content)
    sample = slice(first.start() if first else 0, (first.start() if first else 0) + SAMPLE)
    texts = [text for encoding in encodings if (text := _decoded(content, encoding)) is not None]
    found = max(texts, key=lambda text: likelihood(text[sample]), default="")
    return found if reads_like_arabic(found[sample]) and not _CONTROLS.search(found) else None


def reads_like_arabic(text: str) -> bool:
    """Whether the letters beyond ASCII are as likely as those of Arabic words; true where there are none."""
    return likelihood(text) >= LEAST_LIKELY * sum(c > "\x7f" for c in text)


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _same(declared: str | None) -> str:
    """The one name that Python has for an encoding of many names; "" for one that it does not know."""
    try:
        return codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return ""


def markup_of(text: str) -> str:
    """The text without the characters, written as they are or as «&#8;», that neither XML nor HTML may hold, and
    blogs and their exports do hold."""
    return _NOT_MARKUP.sub("", text)


def _without_zeros(text: str, name: str) -> str:
    if "\0" in text:
        raise UnreadableError(f"{name}: not a text: it holds zero bytes", Cause.NOT_TEXT)
    return text


def bounded(text: str, name: str) -> str:
    """The text of a document, which must hold something and no more than ``LONGEST`` characters, stripped of the
    white space around it. Raises UnreadableError."""
    if len(text) > LONGEST:
        raise UnreadableError(f"{name}: its text is longer than {LONGEST:,} characters; split it", Cause.TOO_MUCH)
    if not (stripped := text.strip()):
        raise UnreadableError(f"{name}: no text in it", Cause.EMPTY)
    return stripped


def shown(text: str) -> str:
    """A line for a terminal or a log: what would break it, or turn its direction, is written out («\\u202e»)."""
    return "".join(c.encode("unicode_escape", "surrogatepass").decode() if category(c) in _HIDDEN else c for c in text)


def title_of(text: str) -> str:
    """The title that a line or a text's beginning gives: one line, cut at a word."""
    line = " ".join(text[: TITLE * 2].split())
    return line if len(line) <= TITLE else line[:TITLE].rsplit(" ", 1)[0] + "…"


def first_words(text: str) -> str:
    """The title of a text that has none."""
    words = text.split(maxsplit=FIRST_WORDS)
    return title_of(" ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else ""))


def heading_of(text: str, title: str) -> int:
    """The end of a text's first line where that is its title and something follows, else 0."""
    line = text.partition("\n")[0]
    return len(line) if title_of(line) == title and text[len(line) :].strip() else 0


def language_of(tag: str | None) -> str | None:
    """The code of a language, as "ar", that a tag such as "ar-SA" begins with; None where it is none."""
    found = re.match(r"[a-z]{2,3}(?![a-z])", (tag or "").strip().lower())
    return found[0] if found else None


def web_address(value: object) -> str | None:
    """An address that a reader can open; None for anything else."""
    address = value.strip() if isinstance(value, str) else ""
    return address if re.fullmatch(r"https?://\S+", address) else None
