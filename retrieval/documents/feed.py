"""Loads ``.xml``, ``.atom`` and ``.rss``: a document for each entry of a feed, or of a blog's export.

RSS, Atom, Blogger's export (Atom with posts, pages, comments and settings in one list: its published posts) and
WordPress's (RSS with posts, pages, pictures and menus in one list: its published posts and pages).
"""

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from retrieval.documents.markup import fragment_text
from retrieval.documents.reading import (
    bounded,
    day_of,
    decoded,
    first_words,
    heading_of,
    language_of,
    markup_of,
    title_of,
    web_address,
)
from retrieval.errors import UnreadableError
from retrieval.model import Document

MOST = 50_000  # documents of a file

# The namespaces by the prefixes that they usually have; Atom and RSS themselves have none here.
_PREFIXES = (
    ("http://www.w3.org/2005/Atom", ""),
    ("http://purl.org/atom/ns#", ""),
    ("http://purl.org/rss/1.0/modules/content/", "content:"),
    ("http://purl.org/rss/1.0/", ""),
    ("http://purl.org/dc/elements/1.1/", "dc:"),
    ("http://wordpress.org/export/1", "wp:"),
    ("http://purl.org/atom/app#", "app:"),
    ("http://www.w3.org/2007/app", "app:"),
    ("http://schemas.google.com/blogger/", "blogger:"),
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_KIND = "http://schemas.google.com/g/2005#kind"
_ROOTS = ("feed", "rss", "RDF")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w-]+)")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SHORTCODE = re.compile(r"\[/?(?:caption|gallery|embed|video|audio|playlist)\b[^\]]*\]")  # WordPress's own markup


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """A document for each entry, ``NAME#entry-id``, or what is wrong with it. Raises UnreadableError where the
    file is no feed, or one that holds too much."""
    root = _root(content, name)
    channel = _Fields(next((each for each in root if _name(each) == "channel"), root))
    authors = {a.text("wp:author_login"): a.text("wp:author_display_name") for a in channel.each("wp:author")}
    entries = [_Fields(each) for each in root.iter() if _name(each) in ("item", "entry")]
    if len(entries) > MOST:
        raise UnreadableError(f"{name}: more than {MOST:,} entries; split it")
    for number, entry in enumerate(entries, 1):
        if _is_published(entry):
            try:
                yield _document(entry, channel, authors, name, number)
            except UnreadableError as error:
                yield error


def _root(content: bytes, name: str) -> Element:
    declared = _DECLARED.match(content)
    text = _DECLARATION.sub("", decoded(content, name, declared[1].decode() if declared else None))
    try:
        root: Element = fromstring(markup_of(text))
    except DefusedXmlException:
        raise UnreadableError(f"{name}: declares entities of its own; take its DOCTYPE out") from None
    except ParseError as error:
        raise UnreadableError(f"{name}: not XML: {error}") from None
    if _name(root) not in _ROOTS:
        raise UnreadableError(f"{name}: not a feed, nor an export of Blogger or WordPress: its root is {_name(root)!r}")
    return root


def _name(element: Element) -> str:
    """The name of an element with the usual prefix of its namespace; of one that is not known, the whole."""
    space, _, name = element.tag.rpartition("}")
    known = (prefix for address, prefix in _PREFIXES if space.startswith("{" + address))
    return next(known, f"{space}}}" if space else "") + name


class _Fields:
    """What stands directly in an element, by name."""

    def __init__(self, element: Element) -> None:
        self.language = element.get(f"{_XML}lang")
        self.about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
        self._fields: dict[str, list[Element]] = {}
        for child in element:
            self._fields.setdefault(_name(child), []).append(child)

    def all(self, name: str) -> list[Element]:
        """The elements of that name."""
        return self._fields.get(name, [])

    def each(self, name: str) -> Iterator["_Fields"]:
        """What stands in each of them."""
        return map(_Fields, self.all(name))

    def first(self, *names: str) -> Element | None:
        """The first element of the first of the names that has one which is not empty."""
        found = (each for name in names for each in self.all(name) if len(each) or (each.text or "").strip())
        return next(found, None)

    def text(self, *names: str) -> str:
        """The text of that element; "" where there is none."""
        found = self.first(*names)
        return "" if found is None else "".join(found.itertext()).strip()


def _is_published(entry: _Fields) -> bool:
    """Whether an entry is an article that everyone may read; in a feed, whose entries have no kind, all are."""
    kinds = {c.get("term", "").partition("#")[2] for c in entry.all("category") if c.get("scheme") == _KIND}
    blogger, wordpress = entry.text("blogger:type"), entry.text("wp:post_type")
    return (
        kinds <= {"post"}
        and blogger in ("", "POST")
        and entry.text("blogger:status") in ("", "LIVE")
        and not any(control.text("app:draft") == "yes" for control in entry.each("app:control"))
        and wordpress in ("", "post", "page")
        and entry.text("wp:status") in ("", "publish")
        and not entry.text("wp:post_password")
    )


def _document(entry: _Fields, channel: _Fields, authors: dict[str, str], name: str, number: int) -> Document:
    url = _address(entry)
    where = f"{name}#{entry.text('id', 'guid') or entry.about or url or number}"
    text = bounded(_content(entry), where)
    title = title_of(_text(entry.first("title"))) or first_words(text)
    return Document(
        id=where,
        title=title,
        text=text,
        url=url,
        published=_day(entry),
        path=name,
        heading=heading_of(text, title),
        author=_author(entry, authors) or _author(channel, authors),
        language=language_of(entry.language or channel.language or channel.text("language", "dc:language")),
    )


def _content(entry: _Fields) -> str:
    """The whole article where the entry has it, else its summary."""
    if entry.all("wp:post_type"):  # WordPress makes paragraphs of blank lines when it shows a post
        return fragment_text(_SHORTCODE.sub("", entry.text("content:encoded")), lines_count=True)
    return _text(entry.first("content:encoded", "content", "description", "summary"))


def _text(element: Element | None) -> str:
    """What an element says, which in RSS is always HTML and in Atom what its type names."""
    if element is None:
        return ""
    if element.get("type") == "xhtml":
        return fragment_text("".join(_unprefixed(child) for child in element))
    plain = "".join(element.itertext())
    return plain.strip() if element.get("type") in ("text", "text/plain") else fragment_text(plain)


def _unprefixed(element: Element) -> str:
    for each in element.iter():
        each.tag = each.tag.rpartition("}")[2]
    return tostring(element, encoding="unicode", method="html")


def _address(entry: _Fields) -> str | None:
    """Where a reader finds the article: Atom's alternate link, or the text of RSS's."""
    alternate = (a.get("href") for a in entry.all("link") if a.get("rel", "alternate") == "alternate")
    return next(filter(None, map(web_address, alternate)), None) or web_address(entry.text("link"))


def _day(entry: _Fields) -> date | None:
    """The day of publication, where the publisher was; WordPress's ``pubDate`` is Greenwich's."""
    day = day_of(entry.text("wp:post_date", "published", "issued", "dc:date", "updated"))
    if day or not (written := entry.text("pubDate")):
        return day
    try:
        return parsedate_to_datetime(written).date()
    except ValueError:
        return day_of(written)


def _author(fields: _Fields, authors: dict[str, str]) -> str | None:
    named = next((person.text("name") for person in fields.each("author")), "")
    login = fields.text("dc:creator", "author")
    return named or authors.get(login) or login or None
