"""Loads ``.epub``: the chapters of a book in the order in which they are read, a document each.

Scripts are not run, nothing is fetched; the table of contents and what is locked are left out.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from retrieval.documents.days import day_of
from retrieval.documents.grid import straighten
from retrieval.documents.loaders.markup import marked_text, parsed, text_of
from retrieval.documents.loaders.packages import opened, part
from retrieval.documents.loaders.reading import (
    LONGEST,
    bounded,
    decoded,
    first_words,
    heading_of,
    language_of,
    title_of,
)
from retrieval.documents.said import author, title
from retrieval.errors import Cause, UnreadableError
from retrieval.model import Document

_CONTAINER = "META-INF/container.xml"
_LOCKED = "META-INF/encryption.xml"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")  # fonts alone are made unreadable
_PAGES = ("application/xhtml+xml", "text/html")
_HEADINGS = ("h1", "h2", "h3")
_KINDS = {"titlepage", "cover", "toc", "landmarks", "index"}  # of parts that are not text
_SHORTEST = 20  # characters of a chapter; a title page has fewer


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """A document for each chapter, ``NAME#PART``, and which of them cannot be read. Raises UnreadableError."""
    with opened(content, name, "an EPUB book") as package:
        if _is_locked(package):
            raise UnreadableError(f"{name}: locked (DRM); take a copy without a lock", Cause.LOCKED)
        book = _Book(package)
        total, is_any = 0, False
        for path in book.chapters:
            try:
                document = _chapter(package, path, book, name)
            except UnreadableError as error:
                yield error
                continue
            except KeyError:
                yield UnreadableError(f"{name}#{path}: not in the book", Cause.DAMAGED)
                continue
            total += len(document.text) if document else 0
            if total > LONGEST:
                raise UnreadableError(
                    f"{name}: its text is longer than {LONGEST:,} characters; split it", Cause.TOO_MUCH
                )
            if document:
                is_any = True
                yield document
        if not is_any:
            raise UnreadableError(f"{name}: no text in it", Cause.EMPTY)


def _is_locked(package: ZipFile) -> bool:
    if _LOCKED not in package.namelist():
        return False
    ways = [each.get("Algorithm") for each in part(package, _LOCKED).iter("{*}EncryptionMethod")]
    return any(way not in _FONTS for way in ways)


@dataclass(frozen=True, slots=True)
class _Metadata:
    title: str
    author: str
    published: date | None
    language: str | None


class _Book:
    """What a book's package says: of the book, and of its parts in their order."""

    def __init__(self, package: ZipFile) -> None:
        root = next(part(package, _CONTAINER).iter("{*}rootfile")).get("full-path", "")
        tree = part(package, root)
        self.said = _said(tree)
        items = {item.get("id"): item for item in tree.iter("{*}item")}
        listed = (items.get(ref.get("idref")) for ref in tree.iter("{*}itemref") if ref.get("linear") != "no")
        paths = (
            posixpath.normpath(posixpath.join(posixpath.dirname(root), unquote(item.get("href", ""))))
            for item in listed
            if item is not None and item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split()
        )
        self.chapters = list(dict.fromkeys(paths))  # a book that names one twice has it once


def _said(tree: etree._Element) -> _Metadata:
    def text(name: str) -> str:
        return " ".join(next((each.text for each in tree.iter(f"{{*}}{name}") if each.text), "").split())

    modified = next((e.text for e in tree.iter("{*}meta") if e.get("property") == "dcterms:modified"), None)
    day = day_of(text("date"))
    is_conversion = bool(day and day == day_of(modified))  # made on the day on which it claims to be published
    named, by = title(text("title")) or "", author(text("creator")) or ""
    return _Metadata(named, by, None if is_conversion else day, language_of(text("language")))


def _chapter(package: ZipFile, path: str, book: _Book, name: str) -> Document | None:
    """The document of a part; None for a page of the title or of the contents. Raises UnreadableError."""
    where = f"{name}#{path}"
    try:
        tree = parsed(decoded(package.read(path), where))
    except KeyError:
        raise UnreadableError(f"{where}: not in the book", Cause.DAMAGED) from None
    if tree is None:
        return None
    if any(_KINDS & set(node.get("epub:type", "").split()) for node in tree.iter("body", "section")):
        return None
    heading = next((words for h in tree.iter(*_HEADINGS) if (words := " ".join(text_of(h).split()))), "")
    straighten(tree)
    text, parts = marked_text(tree)
    if not text.strip() or (len(text) < _SHORTEST and text.strip() in (heading, book.said.title, "")):
        return None
    text = bounded(text, where)
    begins = title_of(heading or first_words(text))
    named = f"{book.said.title}: {begins}" if book.said.title and begins != book.said.title else begins
    return Document(
        id=where,
        title=title_of(named),
        text=text,
        published=book.said.published,
        path=name,
        heading=heading_of(text, begins) if heading else 0,
        author=book.said.author or None,
        language=book.said.language,
        parts=parts,
    )
