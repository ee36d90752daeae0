"""Loads ``.eml``: a letter as a program of mail saved it, with its subject, its day and who wrote it; then the files
that came with it. What it answers, quoted below it, is another letter's and left out; nothing is fetched."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from retrieval.documents.days import day_of
from retrieval.documents.grid import straighten
from retrieval.documents.loaders.archive import documents_of
from retrieval.documents.loaders.formats import ARCHIVES, ending_of, module_of
from retrieval.documents.loaders.markup import marked_text, parsed
from retrieval.documents.loaders.reading import bounded, decoded, first_words, lines_of, title_of
from retrieval.documents.said import author
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document, Part

_MOST = 200  # parts of a letter
_LEAST = 0.8  # of the words of its plain form
_ANSWERED = (
    "//blockquote[@type='cite']",
    "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]",
    "//*[@id='divRplyFwdMsg' or @id='appendonsend']/following-sibling::*",
    "//*[@id='divRplyFwdMsg' or @id='appendonsend']",
)
_QUOTED = re.compile(r"(?:^[^\n>]*:[ \t]*\n+)?(?:^>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_FLOWED = re.compile(r"(?<=\S) \n(?=\S)")
_Text = tuple[str, tuple[Part, ...]]


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """The document of a letter; ``name`` is its id; and those of its files, ``name/FILE``. Raises UnreadableError."""
    letter = message_from_bytes(content, policy=policy.compat32)
    said = {key.lower(): value for key, value in reversed(list(letter.raw_items()))}
    parts = [part for part, _ in zip(letter.walk(), range(_MOST), strict=False) if not part.is_multipart()]
    text, marks = _text(parts, name)
    if not said.keys() & {"from", "subject", "date"} or not text.strip():
        raise UnreadableError(f"{name}: no letter in it, or no text; save it again", Cause.EMPTY)
    text = bounded(text, name)
    yield Document(
        id=name,
        title=title_of(_words(said.get("subject", ""), name)) or first_words(text),
        text=text,
        published=day_of(_words(said.get("date", ""), name)),
        path=name,
        author=author(parseaddr(_words(said.get("from", ""), name))[0]) or None,
        parts=marks,
    )
    for part in parts:
        yield from _came_with(part, name)


def _text(parts: list[Message], name: str) -> _Text:
    """What a letter says: of the two forms in which it may say it the richer one, unless that says less."""
    told = {part.get_content_type(): part for part in reversed(parts) if not part.get_filename()}
    plain = _plain(told["text/plain"], name) if "text/plain" in told else ""
    rich = _rich(told["text/html"], name) if "text/html" in told else None
    return rich if rich and len(rich[0].split()) >= _LEAST * len(plain.split()) else (plain, ())


def _rich(part: Message, name: str) -> _Text | None:
    tree = parsed(_decoded(part, name))
    if tree is None:
        return None
    for node in [node for path in _ANSWERED for node in tree.xpath(path)]:
        if node.getparent() is not None:
            node.drop_tree()
    straighten(tree)
    return marked_text(tree)


def _plain(part: Message, name: str) -> str:
    text = lines_of(_decoded(part, name)).replace("\r\n", "\n")
    return _QUOTED.sub("", _FLOWED.sub(" ", text) if part.get_param("format") == "flowed" else text)


def _decoded(part: Message, name: str) -> str:
    content = part.get_payload(decode=True)
    return decoded(content, name, part.get_content_charset()) if isinstance(content, bytes) else ""


def _came_with(part: Message, name: str) -> Iterator[Document | UnreadableError]:
    """The documents of a file that came with a letter, where it is of a kind that is read: signs of firms are not."""
    named, content = part.get_filename(), part.get_payload(decode=True)
    if not named or not isinstance(content, bytes):
        return
    inner = f"{name}/{_words(named, name).replace('/', '_')}"
    if module_of(inner, content) and ending_of(inner) not in (*ARCHIVES, ".eml"):
        try:
            for found in documents_of(content, inner):
                yield found if isinstance(found, UnreadableError) else replace(found, path=name)
        except UnreadableError as error:
            yield error


def _words(said: str, name: str) -> str:
    """What a line of a letter's head says, its encoded words decoded."""
    try:
        found = decode_header(said)
    except (MessageError, ValueError):
        return ""
    words = (
        decoded(word, name, code) if isinstance(word, bytes) else decoded(word.encode("utf-8", "surrogateescape"), name)
        for word, code in found
    )
    return " ".join("".join(words).split())
