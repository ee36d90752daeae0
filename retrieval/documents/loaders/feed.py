"""Loads ``.xml``, ``.atom`` and ``.rss``: a document for each entry of a feed, or of a blog's export.

RSS, Atom, Blogger's exports (Atom with posts, pages, comments and, in its older form, settings in one list) and
WordPress's (RSS with posts, pages, pictures and menus in one list): of an export, the published posts and pages.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from retrieval.documents.days import day_of
from retrieval.documents.loaders.markup import fragment_text
from retrieval.documents.loaders.reading import (
    bounded,
    decoded,
    first_words,
    heading_of,
    language_of,
    markup_of,
    title_of,
    web_address,
)
from retrieval.errors import Cause, UnreadableError
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
    ("http://purl.org/syndication/thread/1.0", "thr:"),
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_KIND = "http://schemas.google.com/g/2005#kind"
_ROOTS = ("feed", "rss", "RDF")
_OFFICE = (
    "{http://schemas.microsoft.com/office/",
    "{urn:schemas-microsoft-com:office:",
    "{urn:oasis:names:tc:opendocument:",
    "{http://schemas.openxmlformats.org/",
)  # the roots of office programs' files that are saved as plain XML
_ENTRIES = ("item", "entry")
_BODIES = ("content:encoded", "content", "description", "summary")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w-]+)")
_CUT_LETTER = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\Z")  # in UTF-8
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PROTECTED = "post-password-form"  # WordPress's feeds have it in place of an article
# WordPress's own markup in a post: [name], [name key="value"], [/name].
_SHORTCODE = re.compile(r"\[/?([a-z][\w-]*)(\s[^\[\]]*|/)?\]")
_CLOSING = re.compile(r"\[/([a-z][\w-]*)\]")
_ATTRIBUTE = re.compile(r"\s[\w-]+=[\"']")
_OWN_SHORTCODES = frozenset({"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"})
_EMBEDDED = re.compile(r"^[^\S\n]*https?://\S+[^\S\n]*$", re.M)
_BLOCKS = "<!-- wp:"  # the mark of WordPress's block editor
_MAILBOX = re.compile(r"^\S+@\S+(?:\s+\((.*)\))?$")


def load(content: bytes, name: str) -> Iterator[Document | UnreadableError]:
    """A document for each entry, ``NAME#entry-id``, or what is wrong with it; of a file that is cut off, the entries
    before, and last what is wrong. Raises UnreadableError where the file is no feed, or one that holds too much."""
    root, entries, damage = _parsed(content, name)
    channel = _Fields(next((each for each in root if _name(each) == "channel"), root))
    authors = {a.text("wp:author_login"): a.text("wp:author_display_name") for a in channel.each("wp:author")}
    for number, entry in enumerate(map(_Fields, entries), 1):
        if _is_published(entry):
            try:
                yield _document(entry, channel, authors, name, number)
            except UnreadableError as error:
                yield error
    if damage:
        yield damage


def _parsed(content: bytes, name: str) -> tuple[Element, list[Element], UnreadableError | None]:
    """The root of a feed and its whole entries; where there is damage, those before it, and what it is."""
    events = iterparse(BytesIO(_markup(content, name).encode()), events=("start", "end"))
    entries: list[Element] = []
    try:
        root = _root(next(events)[1], name)
        for event, element in events:
            if event == "end" and _name(element) in _ENTRIES:
                entries.append(element)
                _check(len(entries), name)
    except DefusedXmlException:
        raise UnreadableError(f"{name}: declares entities of its own; take its DOCTYPE out", Cause.DAMAGED) from None
    except ParseError as error:
        if not entries:
            raise UnreadableError(f"{name}: not XML: {error}", Cause.DAMAGED) from None
        why = f"cut off or damaged ({error}); only what stands before is served; save it anew"
        return root, entries, UnreadableError(f"{name}: {why}", Cause.DAMAGED)
    return root, entries, None


def _markup(content: bytes, name: str) -> str:
    """The text of a file, without its XML declaration and the letter that a cut may have left half at its end."""
    declared = _DECLARED.match(content)
    cut = _CUT_LETTER.search(content, max(0, len(content) - 3))
    text = decoded(content[: cut.start()] if cut else content, name, declared[1].decode() if declared else None)
    return markup_of(_DECLARATION.sub("", text))


def _root(element: Element, name: str) -> Element:
    if _name(element) not in _ROOTS:
        found = _name(element)
        if found.startswith(_OFFICE):
            mend = "open it there, and save it as .docx, .xlsx or .odt"
            raise UnreadableError(f"{name}: a file of an office program, saved as plain XML; {mend}", Cause.OLDER)
        raise UnreadableError(
            f"{name}: not a feed, nor an export of Blogger or WordPress: its root is {found!r}", Cause.DAMAGED
        )
    return element


def _check(entries: int, name: str) -> None:
    if entries > MOST:
        raise UnreadableError(f"{name}: more than {MOST:,} entries; split it", Cause.TOO_MUCH)


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
    """Whether an entry is an article that everyone may read; in a feed, whose entries have no kind, all are but
    readers' comments and what a password protects."""
    kinds = {c.get("term", "").partition("#")[2] for c in entry.all("category") if c.get("scheme") == _KIND}
    return (
        kinds | {entry.text("wp:post_type"), entry.text("blogger:type").lower()} <= {"", "post", "page"}
        and {entry.text("wp:status"), entry.text("blogger:status")} <= {"", "publish", "LIVE"}
        and not any(control.text("app:draft") == "yes" for control in entry.each("app:control"))
        and not entry.all("thr:in-reply-to")
        and not entry.text("wp:post_password")
        and _PROTECTED not in entry.text(*_BODIES)
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
    if entry.all("wp:post_type"):
        return _stored_text(entry.text("content:encoded"))
    return _text(entry.first(*_BODIES))


def _stored_text(markup: str) -> str:
    """The text of a post as WordPress stores it, without what it shows something else for: shortcodes, and addresses
    alone on a line. It makes paragraphs of blank lines but in posts of its block editor, which writes them itself."""
    names = _OWN_SHORTCODES.union(_CLOSING.findall(markup))

    def without_shortcode(found: re.Match[str]) -> str:
        return "" if found[1] in names or _ATTRIBUTE.match(found[2] or "") else found[0]

    written = _EMBEDDED.sub("", _SHORTCODE.sub(without_shortcode, markup))
    return fragment_text(written, lines_count=_BLOCKS not in markup)


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
    return day_of(entry.text("wp:post_date", "published", "issued", "dc:date", "updated", "pubDate"))


def _author(fields: _Fields, authors: dict[str, str]) -> str | None:
    """Who wrote it: Atom has an element with a name, RSS «mail (name)», WordPress's export a login."""
    stated = [person.text("name") for person in fields.each("author")]
    stated += [fields.text("dc:creator"), *((person.text or "").strip() for person in fields.all("author"))]
    first = next(filter(None, stated), "")
    return authors.get(first) or _MAILBOX.sub(r"\1", first) or None
